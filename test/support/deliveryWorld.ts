/**
 * A controller in a process of its own, the reference centre, and between them a broker that a story takes away, kills
 * or makes deaf. Each end reaches the broker through a proxy of its own, so that a broker that comes back elsewhere is
 * found again, and one end can be cut off without the other.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { CentreEvent } from '../../src/cli/centre/events.ts';
import { startCentre } from '../../src/cli/centre/start.ts';
import type { Centre } from '../../src/cli/centre/start.ts';
import type { PathConfig } from '../../src/paths/mqtt/types.ts';
import type { EventKind, Lane } from '../../src/core/event.ts';
import type { EventMessage } from '../../src/protocol/messages.ts';
import { reachBoard, sleep, startReady, temporaryFolder, until } from './controllerProcess.ts';
import type { ControllerProcess, Ready } from './controllerProcess.ts';
import { readLeft } from './dataFolder.ts';
import type { Left } from './dataFolder.ts';
import { KILL_AREAS, KILL_CODE, killSite } from './killSite.ts';
import type { Credentials } from './certificates.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import type { SimClient } from './simClient.ts';

export type BrokerWanted = {
  readonly tls?: { readonly server: Credentials; readonly clientCa: string };
  /** Nobody is handed an acknowledgement. */
  readonly withoutAcks?: boolean;
  /** Nobody is handed marks. */
  readonly withoutMarks?: boolean;
  readonly maximumPacketBytes?: number;
};

export type StoryBroker = { readonly port: number; readonly kill: () => Promise<void> };

/** A kind of broker: aedes in this process, or Debian's mosquitto. */
export type Brokers = { readonly start: (wanted: BrokerWanted) => Promise<StoryBroker> };

export type Site = { readonly process: ControllerProcess & { readonly is: Ready }; readonly board: SimClient };

export type World = {
  readonly brokers: Brokers;
  readonly site: string;
  readonly folder: string;
  readonly data: string;
  /** Between the controller and the broker. */
  readonly near: Proxy;
  /** Between the centre and the broker. */
  readonly far: Proxy;
  readonly heard: CentreEvent[];
  broker: StoryBroker | undefined;
  centre: Centre | undefined;
  running: Site | undefined;
};

/** Seconds in place of minutes; every one of them is a value of `PathConfig`. */
const QUICK: Partial<PathConfig> = {
  connectTimeoutMs: 3_000,
  pubackTimeoutMs: 1_500,
  ackTimeoutMs: 1_000,
  ackTimeoutMaxMs: 2_000,
  probeMs: 1_000,
  reconnectMinMs: 200,
  reconnectMaxMs: 1_000,
  stableMs: 2_000,
  failedAfterMs: 3_000,
  marksWaitMs: 1_000,
  epochWaitMs: 2_000,
  heartbeatMs: 2_000,
  substitutionClearMs: 3_000,
};

const PRELOAD = fileURLToPath(new URL('./pathTimesPreload.js', import.meta.url));

/** Runs one story in a world of its own, and clears it away. */
export const inWorld = async (brokers: Brokers, site: string, story: (world: World) => Promise<void>): Promise<void> => {
  const folder = temporaryFolder();
  const broker = await brokers.start({});
  const world: World = {
    brokers,
    site,
    folder: folder.path,
    data: join(folder.path, 'data'),
    near: await startProxy(broker.port),
    far: await startProxy(broker.port),
    heard: [],
    broker,
    centre: undefined,
    running: undefined,
  };
  try {
    await story(world);
  } finally {
    world.running?.board.close();
    await world.running?.process.kill('SIGKILL');
    await stopCentre(world);
    await world.broker?.kill();
    await Promise.all([world.near.close(), world.far.close()]);
    folder.remove();
  }
};

// ---- broker

/** As a power cut, for the broker and every connection to it. */
export const breakBroker = async ({ near, far, ...world }: World): Promise<void> => {
  await world.broker?.kill();
  near.cut();
  far.cut();
};

/** Another one, which knows nothing of the one before. */
export const mendBroker = async (world: World, wanted: BrokerWanted = {}): Promise<void> => {
  world.broker = await world.brokers.start(wanted);
  for (const proxy of [world.near, world.far]) {
    proxy.retarget(world.broker.port);
    proxy.flow();
  }
};

export const replaceBroker = async (world: World, wanted: BrokerWanted): Promise<void> => {
  await breakBroker(world);
  await mendBroker(world, wanted);
};

// ---- centre

const CENTRE_FOLDER = 'centre';

export const openCentre = async (world: World): Promise<Centre> => {
  const broker = `mqtt://127.0.0.1:${world.far.port}`;
  const started = await startCentre({ broker, dataFolder: join(world.folder, CENTRE_FOLDER), random: () => 0 }, (event) => {
    world.heard.push(event);
  });
  if (!started.ok) throw new Error(started.reason);
  world.centre = started.centre;
  await until('the centre connected', () => started.centre.view().connected);
  return started.centre;
};

export const stopCentre = async (world: World): Promise<void> => {
  await world.centre?.stop();
  world.centre = undefined;
};

/** A copy of what an end of the world has on its disk, to be put back later. Nobody may run on it. */
export const keepCopy = ({ folder }: World, what: 'data' | 'centre'): void =>
  cpSync(join(folder, what), join(folder, `${what}.old`), { recursive: true });

export const putBack = ({ folder }: World, what: 'data' | 'centre'): void => {
  rmSync(join(folder, what), { recursive: true });
  cpSync(join(folder, `${what}.old`), join(folder, what), { recursive: true });
};

export const arrived = ({ heard, site }: World): readonly EventMessage[] =>
  heard.flatMap((event) => (event.kind === 'event' && event.message.site === site ? [event.message] : []));

/** Waits until the centre has a new event of this kind, counted from `since` in the order of arrival. */
export const untilArrived = (world: World, kind: EventKind, since = 0, patienceMs = 20_000): Promise<EventMessage> =>
  until(
    `${kind} at the centre`,
    () =>
      arrived(world)
        .slice(since)
        .find((message) => message.kind === kind),
    patienceMs,
  );

/** Waits for something else that the centre tells, past or to come. */
export const untilHeard = <K extends CentreEvent['kind']>(world: World, kind: K): Promise<Extract<CentreEvent, { kind: K }>> =>
  until(`${kind} told by the centre`, () =>
    world.heard.find((event): event is Extract<CentreEvent, { kind: K }> => event.kind === kind),
  );

// ---- controller

export type SiteWanted = { readonly times?: Partial<PathConfig>; readonly url?: string; readonly mqtt?: string };

/** What this world's config says, with other words about the broker where a story wants them. */
const configOf = ({ site }: World, { mqtt }: SiteWanted): string =>
  mqtt === undefined ? killSite(site) : killSite(site).replace(/^mqtt: .*$/m, `mqtt: ${mqtt}`);

export const startSite = async (world: World, wanted: SiteWanted = {}): Promise<Site> => {
  mkdirSync(world.folder, { recursive: true });
  const config = join(world.folder, 'site.yaml');
  const socket = join(world.folder, 'sim.sock');
  writeFileSync(config, configOf(world, wanted));
  const process = await startReady({
    config,
    socket,
    data: world.data,
    nodeArgs: ['--import', PRELOAD],
    args: ['--log', 'info'],
    ...(wanted.mqtt === undefined && { broker: `mqtt://127.0.0.1:${world.near.port}` }),
    env: { VIGIE_TEST_PATH_TIMES: JSON.stringify({ ...QUICK, ...wanted.times }) },
  });
  const board = await reachBoard(process, socket, INSTANT.window);
  if (!board) throw new Error(process.log());
  world.running = { process, board };
  return world.running;
};

/** SIGTERM ends it cleanly, SIGKILL as a crash does. */
export const endSite = async (world: World, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  world.running?.board.close();
  const ended = await world.running?.process.kill(signal);
  if (signal === 'SIGTERM') assert.is(ended?.code, 0, world.running?.process.log());
  world.running = undefined;
};

// ---- what people and thieves do

const areaNamed = (id: string): (typeof KILL_AREAS)[number] => {
  const area = KILL_AREAS.find((each) => each.id === id);
  if (!area) throw new Error(id);
  return area;
};

/** Armed at once; its window alarms at once. */
export const INSTANT = areaNamed('instant');

export const arm = async ({ board }: Site, area = INSTANT): Promise<void> => {
  await board.ask({ keys: area.id, text: `1**${KILL_CODE}#` });
  await until(`${area.id} armed`, async () => (await board.ask({ get: area.lamp })).level === 1, 60_000);
};

export const disarm = async ({ board }: Site, area = INSTANT): Promise<void> => {
  await board.ask({ keys: area.id, text: `${KILL_CODE}#` });
  await until(`${area.id} disarmed`, async () => (await board.ask({ get: area.lamp })).level === 0);
};

export const openAndClose = async ({ board }: Site, line: string): Promise<void> => {
  await board.ask({ set: line, level: 1 });
  await sleep(40);
  await board.ask({ set: line, level: 0 });
  await sleep(40);
};

export const isSounding = async ({ board }: Site, area = INSTANT): Promise<boolean> =>
  (await board.ask({ get: area.siren })).level === 1;

/** Nights of a busy house: arm, a window, disarm; alarms and events. Ends disarmed. */
export const nights = async (site: Site, count: number): Promise<void> => {
  for (let night = 0; night < count; night += 1) {
    await arm(site);
    await openAndClose(site, INSTANT.window);
    await disarm(site);
  }
};

// ---- the reckoning

const told = (entries: Left['entries'], lane: Lane): readonly string[] =>
  entries.filter((entry) => entry.lane === lane).map(({ event }) => `${event.kind} ${new Date(event.at).toISOString()}`);

/**
 * How a story can expect events to have come. `numbers`: where the site may be at a new broker before the centre, a row that
 * went to nobody is sent again behind the next one, and only the numbers tell the order.
 */
type Order = 'arrival' | 'numbers';

const laneAtCentre = (world: World, lane: Lane, order: Order): readonly EventMessage[] => {
  const messages = arrived(world).filter((message) => message.lane === lane);
  return order === 'arrival' ? messages : messages.toSorted((one, other) => one.seq - other.seq);
};

const checkNumbers = (messages: readonly EventMessage[]): void => {
  const last = new Map<string, number>();
  for (const { epoch, lane, seq, kind } of messages) {
    const before = last.get(`${epoch} ${lane}`) ?? 0;
    assert.is(seq, before + 1, `${lane} ${epoch}: ${kind} has number ${seq} after ${before}`);
    last.set(`${epoch} ${lane}`, seq);
  }
};

/** Nothing waits any more. */
export const untilDrained = (world: World): Promise<unknown> =>
  until('an empty outbox', async () => (await sleep(100), readLeft(world.data)?.pending.length === 0), 100_000);

/**
 * Ends the controller. Whatever it journalled for the centre is there, each once, in order, numbered without a gap;
 * only what the end itself told may be missing.
 */
export const reckon = async (world: World, order: Order = 'arrival'): Promise<number> => {
  await untilDrained(world);
  await endSite(world, 'SIGTERM');
  await sleep(100);
  const left = readLeft(world.data);
  assert.ok(left);
  for (const lane of ['alarm', 'event'] as const) {
    checkNumbers(laneAtCentre(world, lane, order));
    const wanted = told(left.entries, lane);
    const waiting = left.pending.filter((row) => row.lane === lane).length;
    const atCentre = laneAtCentre(world, lane, order).map(({ kind, at }) => `${kind} ${at}`);
    assert.ok(waiting <= 3, `${waiting} events of ${lane} still wait`);
    assert.equal(atCentre.slice(0, wanted.length - waiting), wanted.slice(0, wanted.length - waiting), lane);
    assert.ok(atCentre.length <= wanted.length);
  }
  return arrived(world).length;
};
