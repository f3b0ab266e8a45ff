/** The process as a whole: start, memory, idle, what it writes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { spreadOf, spreadText } from './figures.ts';
import type { Report } from './figures.ts';
import { arm, makeRig, runArguments } from './latency.ts';
import type { Rig } from './latency.ts';
import { cpuSeconds, rssMiB, sleep, startMachine, stopMachine, writtenBytes } from './machine.ts';
import type { Machine } from './machine.ts';

const pidOf = ({ child }: Machine): number => child.pid ?? 0;

/** From the command to armed and watching, on a folder that was armed when its process was killed. */
export const benchStart = async (rounds: number, report: Report): Promise<void> => {
  const rig = await makeRig({ zones: 8, debounceMs: 0, commitDelayMs: 0 });
  await arm(rig);
  rig.wire.close();
  await stopMachine(rig.machine, 'SIGKILL');
  const args = runArguments({ folder: rig.folder, config: rig.config, broker: 'mqtt://127.0.0.1:1', commitDelayMs: 0 });
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const machine = await startMachine('../../src/main.js', args);
    samples.push(machine.startMs);
    await stopMachine(machine, 'SIGKILL');
    rmSync(join(rig.folder, 'sim.sock'), { force: true });
  }
  await rig.subscriber.close();
  rmSync(rig.folder, { recursive: true, force: true });
  const spread = spreadOf(samples);
  report({ name: 'start to armed and watching', value: spread, text: spreadText(spread) });
};

const BATCH = 500;

/** Memory before and after so many events, each journalled, sent and acknowledged. */
export const benchMemory = async (events: number, report: Report): Promise<void> => {
  const rig = await makeRig({ zones: 8, debounceMs: 0, commitDelayMs: 0 });
  await sleep(2_000);
  const pid = pidOf(rig.machine);
  const atStart = rssMiB(pid);
  const marks: number[] = [];
  const from = performance.now();
  const before = rig.subscriber.received();
  for (let sent = 0; sent < events; sent += BATCH) {
    for (let index = 0; index < BATCH; index += 1) rig.wire.send({ set: 'LINE2', level: index % 2 === 0 ? 1 : 0 });
    await untilReceived(rig, before + sent);
    if (sent % Math.ceil(events / 10) < BATCH) marks.push(rssMiB(pid));
  }
  const seconds = (performance.now() - from) / 1_000;
  const atEnd = rssMiB(pid);
  const rate = Math.round(events / seconds);
  const path = marks.map((mark) => mark.toFixed(0)).join(' ');
  await rig.stop();
  report({
    name: `memory (RSS) at start and after ${events} events`,
    value: { atStart, atEnd, marks, seconds, perSecond: events / seconds },
    text: `${atStart.toFixed(0)} → ${atEnd.toFixed(0)} MiB (${path}), ${rate} events/s to the centre and back`,
  });
};

/** A few batches may be under way; more would only grow the socket's own buffers. */
const AHEAD = 4 * BATCH;

const untilReceived = async ({ subscriber }: Rig, count: number): Promise<void> => {
  while (subscriber.received() < count - AHEAD) await sleep(5);
};

const DAY_SECONDS = 86_400;

/** An armed site at rest, watched for so many seconds. */
export const benchIdle = async (seconds: number, report: Report): Promise<void> => {
  const rig = await makeRig({ zones: 32, debounceMs: 20, commitDelayMs: 0 });
  await arm(rig);
  await sleep(5_000);
  const pid = pidOf(rig.machine);
  const [cpu, bytes] = [cpuSeconds(pid), writtenBytes(pid)];
  await sleep(seconds * 1_000);
  const share = (cpuSeconds(pid) - cpu) / seconds;
  const written = writtenBytes(pid) - bytes;
  await rig.stop();
  const perDay = (written / seconds) * DAY_SECONDS;
  report({ name: 'idle CPU', value: share, text: `${(share * 100).toFixed(2)} % of one core, 32 zones armed` });
  report({
    name: 'written on a quiet day',
    value: { seconds, written, perDay },
    text: `${(perDay / 1_048_576).toFixed(1)} MiB (${written} bytes in ${seconds} s)`,
  });
};
