/** Contact → relay and contact → alarm at the subscriber, each against its floor in the same run, alternating. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { digestOf, saltOf } from '../../src/drivers/secrets/scrypt.ts';
import { nowMs, ratioOf, ratioText, spreadOf, spreadText } from './figures.ts';
import type { Report } from './figures.ts';
import { sleep, startMachine, stopMachine, wireTo } from './machine.ts';
import type { Machine, Wire } from './machine.ts';
import { CODE, CONTACT, SIREN, siteSalt, siteYaml } from './site.ts';
import { subscriberTo } from './subscriber.ts';
import type { Received, Subscriber } from './subscriber.ts';

export type Rig = {
  readonly folder: string;
  readonly config: string;
  readonly machine: Machine;
  readonly wire: Wire;
  readonly subscriber: Subscriber;
  readonly stop: () => Promise<void>;
};

export type RigOptions = { readonly zones: number; readonly debounceMs: number; readonly commitDelayMs: number };

export const benchDigest = (): string => digestOf('code', CODE, saltOf(siteSalt, undefined));

const brokerOrThrow = async () => {
  const started = await startBroker({ port: 0, host: '127.0.0.1', receiveMaximum: 1_000 });
  if (started.kind !== 'started') throw new Error(`broker: ${started.reason}`);
  return started.broker;
};

/** A controller as it is run, with a broker and a centre that acknowledges. */
export const makeRig = async ({ zones, debounceMs, commitDelayMs }: RigOptions): Promise<Rig> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'));
  const config = join(folder, 'site.yaml');
  writeFileSync(config, siteYaml(zones, benchDigest(), debounceMs));
  const broker = await brokerOrThrow();
  const subscriber = await subscriberTo(broker.url);
  const machine = await startMachine('../../src/main.js', runArguments({ folder, config, broker: broker.url, commitDelayMs }));
  const wire = await wireTo(join(folder, 'sim.sock'));
  wire.send({ watch: [SIREN] });
  return {
    folder,
    config,
    machine,
    wire,
    subscriber,
    stop: async () => {
      wire.close();
      await stopMachine(machine);
      await subscriber.close();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

type RunOptions = { readonly folder: string; readonly config: string; readonly broker: string; readonly commitDelayMs: number };

export const runArguments = ({ folder, config, broker, commitDelayMs }: RunOptions): readonly string[] => [
  'run',
  '--config',
  config,
  '--data',
  join(folder, 'data'),
  '--broker',
  broker,
  '--sim-socket',
  join(folder, 'sim.sock'),
  '--commit-delay',
  String(commitDelayMs),
  '--log',
  'error',
];

const isSiren = (level: 0 | 1) => (message: Record<string, unknown>) => message['line'] === SIREN && message['level'] === level;
const isKind = (kind: string) => (received: Received) => received.message['kind'] === kind;

export const arm = async ({ wire, subscriber }: Rig): Promise<void> => {
  const armed = subscriber.next(isKind('armed'));
  wire.send({ keys: 'entrance', text: `1**${CODE}#` });
  await armed;
};

const disarm = async ({ wire, subscriber }: Rig): Promise<void> => {
  const disarmed = subscriber.next(isKind('disarmed'));
  wire.send({ set: CONTACT, level: 0 });
  wire.send({ keys: 'entrance', text: `0*${CODE}#` });
  await disarmed;
};

/** Both are measured at rest, as a site is at night: what arming set in motion is over. */
const REST_MS = 300;

type Latency = { readonly relayMs: number; readonly alarmMs: number };

/** One alarm of an armed area; `noise` is sent on the wire just before the contact. */
const measureAlarm = async (rig: Rig, noise: () => void): Promise<Latency> => {
  await arm(rig);
  await sleep(REST_MS);
  const relay = rig.wire.next(isSiren(1)).then(nowMs);
  const alarm = rig.subscriber.next(isKind('intrusion')).then(({ atMs }) => atMs);
  noise();
  const at = nowMs();
  rig.wire.send({ set: CONTACT, level: 1 });
  const latency = { relayMs: (await relay) - at, alarmMs: (await alarm) - at };
  await disarm(rig);
  return latency;
};

type Floor = { readonly measure: () => Promise<Latency>; readonly stop: () => Promise<void> };

const makeFloor = async (commitDelayMs: number): Promise<Floor> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-floor-'));
  const broker = await brokerOrThrow();
  const subscriber = await subscriberTo(broker.url);
  const socket = join(folder, 'floor.sock');
  const machine = await startMachine('./floor.js', [socket, broker.url, join(folder, 'journal'), String(commitDelayMs)]);
  const wire = await wireTo(socket);
  return {
    measure: async () => {
      await sleep(REST_MS);
      const relay = wire.next(isSiren(1)).then(nowMs);
      const alarm = subscriber.next(isKind('intrusion')).then(({ atMs }) => atMs);
      const at = nowMs();
      wire.send({ set: CONTACT, level: 1 });
      return { relayMs: (await relay) - at, alarmMs: (await alarm) - at };
    },
    stop: async () => {
      wire.close();
      await stopMachine(machine);
      await subscriber.close();
      await broker.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type LatencyOptions = RigOptions & { readonly name: string; readonly rounds: number; readonly stormEvents: number };

const WARM_UP = 20;

export const benchLatency = async (options: LatencyOptions, report: Report): Promise<void> => {
  const rig = await makeRig(options);
  const floor = await makeFloor(options.commitDelayMs);
  const ours: Latency[] = [];
  const theirs: Latency[] = [];
  const storm = (): void => {
    for (let index = 0; index < options.stormEvents; index += 1) rig.wire.send({ set: 'LINE2', level: index % 2 === 0 ? 1 : 0 });
  };
  for (let round = -WARM_UP; round < options.rounds; round += 1) {
    const latency = await measureAlarm(rig, storm);
    const least = await floor.measure();
    if (round < 0) continue;
    ours.push(latency);
    theirs.push(least);
  }
  await rig.stop();
  await floor.stop();
  tell(options.name, { ours, theirs }, report);
};

type Measured = { readonly ours: readonly Latency[]; readonly theirs: readonly Latency[] };

const tell = (name: string, { ours, theirs }: Measured, report: Report): void => {
  for (const which of ['relayMs', 'alarmMs'] as const) {
    const [spread, floor] = [spreadOf(ours.map((one) => one[which])), spreadOf(theirs.map((one) => one[which]))];
    const ratio = ratioOf(spread, floor);
    const what = which === 'relayMs' ? 'contact → relay' : 'contact → alarm at the centre';
    report({
      name: `${what}, ${name}`,
      value: { ours: spread, floor, ratio },
      text: `${spreadText(spread)}   ${ratioText(ratio)}`,
    });
    report({ name: `  floor`, value: floor, text: spreadText(floor) });
  }
};
