/**
 * How fast a bus of OSDP readers is, and what it costs:
 *
 *     node dist/scripts/osdpBench.js [--seconds N]
 *
 * A pseudo-terminal has no speed, so the line runs in virtual time at the speed asked for: ten bits a byte, and a reader that
 * answers 3 ms after the last byte of its question. What the driver itself takes is measured in real time on this machine.
 *
 * - **line**: from the card at the reader to its last byte at the controller: the wait for the turn, the question, the reply.
 * - **ours**: from that last byte to `onBadge`.
 */
import { memoryKeys } from '../src/drivers/osdp/keyFile.ts';
import { osdpBus } from '../src/drivers/osdp/osdpBus.ts';
import { fakeWire } from '../src/drivers/serial/fake.ts';
import type { Timers } from '../src/ports/player.ts';
import type { OpenSerial } from '../src/ports/serialLine.ts';
import { putOnWire } from '../test/support/osdp/busRig.ts';
import { emulatedReader } from '../test/support/osdp/emulatedReader.ts';
import { seeded } from '../test/support/seeded.ts';
import { createVirtualTimers } from '../test/support/virtualTimers.ts';
import { nowMs, spreadOf, spreadText } from './bench/figures.ts';

type Case = { readonly baudRate: number; readonly readers: number; readonly isSecure: boolean };
type Found = {
  readonly line: readonly number[];
  readonly ours: readonly number[];
  readonly shown: number;
  readonly questionsPerSecond: number;
  /** Of one core. */
  readonly busyShare: number;
};

const PATH = '/dev/bench';
const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const SETTLE_MS = 10_000;
const CARD_EVERY_MS = 700;
const AIM_MS = 120;

const nothing = (): void => {};
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Adds up the real time that passes inside the driver. */
const stopwatch = () => {
  let busyMs = 0;
  let lastStartMs = 0;
  const timed = <T>(act: () => T): T => {
    lastStartMs = nowMs();
    try {
      return act();
    } finally {
      busyMs += nowMs() - lastStartMs;
    }
  };
  return { timed, busyMs: () => busyMs, startedMs: () => lastStartMs };
};

const timedTimers = (timers: Timers, timed: (act: () => void) => void): Timers => ({
  now: timers.now,
  later: (ms, task) => timers.later(ms, () => timed(task)),
});

const timedSerial =
  (openSerial: OpenSerial, timed: (act: () => void) => void): OpenSerial =>
  async (settings, listener) =>
    openSerial(settings, { ...listener, onBytes: (bytes, atMs) => timed(() => listener.onBytes(bytes, atMs)) });

const measure = async ({ baudRate, readers: count, isSecure }: Case, seconds: number): Promise<Found> => {
  const timers = createVirtualTimers();
  const random = seeded(1);
  const wire = fakeWire({ timers, path: PATH, random });
  const ids = Array.from({ length: count }, (_, index) => `r${index}`);
  const readers = ids.map((_, index) => emulatedReader({ address: index, serial: index, key: KEY }));
  for (const reader of readers) putOnWire(wire, timers, reader);
  const watch = stopwatch();
  const known = { identity: undefined, key: isSecure ? KEY : undefined };
  const bus = osdpBus({
    id: 'bench',
    port: PATH,
    baudRate,
    readers: ids.map((keypad, address) => ({ keypad, address, isSecure })),
    openSerial: timedSerial(wire.openSerial, watch.timed),
    keys: memoryKeys(Object.fromEntries(ids.map((id) => [id, known]))),
    timers: timedTimers(timers, watch.timed),
    log: nothing,
  });
  const line: number[] = [];
  const ours: number[] = [];
  let shownAtMs = 0;
  await bus.keypads.open(ids, {
    onKeys: nothing,
    onPresence: nothing,
    onBadge: (_keypad, _badge, atMs) => {
      ours.push(nowMs() - watch.startedMs());
      line.push(atMs - shownAtMs);
    },
  });
  await settle();
  timers.advance(SETTLE_MS);
  await settle();
  const [busyBefore, questionsBefore] = [watch.busyMs(), bus.counts().questions];
  const until = timers.now() + seconds * 1_000;
  let shown = 0;
  while (timers.now() < until) {
    // At any instant of the round, by any reader.
    timers.advance(random() * CARD_EVERY_MS);
    shownAtMs = timers.now();
    readers[Math.trunc(random() * count)]?.present(26, '4c048b80');
    shown += 1;
    timers.advance(CARD_EVERY_MS);
  }
  const spanMs = seconds * 1_000;
  return {
    line,
    ours,
    shown,
    questionsPerSecond: ((bus.counts().questions - questionsBefore) / spanMs) * 1_000,
    busyShare: (watch.busyMs() - busyBefore) / spanMs,
  };
};

const CASES: readonly Case[] = [
  ...[1, 2, 3, 4, 8].map((readers) => ({ baudRate: 9_600, readers, isSecure: true })),
  { baudRate: 9_600, readers: 8, isSecure: false },
  ...[19_200, 38_400, 57_600, 115_200].map((baudRate) => ({ baudRate, readers: 8, isSecure: true })),
];

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const report = (each: Case, { line, ours, shown, questionsPerSecond, busyShare }: Found): boolean => {
  const total = spreadOf(line.map((ms, index) => ms + (ours[index] ?? 0)));
  const own = spreadOf(ours);
  const inTime = total.p99 <= AIM_MS ? 'within' : 'beyond';
  print(`${each.readers} readers, ${each.isSecure ? 'secure' : 'plain'}, ${each.baudRate} baud`);
  print(`  card to onBadge  ${spreadText(total)}, ${inTime} ${AIM_MS} ms`);
  print(`  of it ours       ${spreadText(own)}`);
  print(`  each reader asked ${(questionsPerSecond / each.readers).toFixed(1)} times a second, ${shown} cards shown`);
  print(`  driver           ${(busyShare * 100).toFixed(2)} % of one core`);
  return line.length === shown;
};

const given = process.argv.slice(2);
const secondsAt = given.indexOf('--seconds');
const seconds = secondsAt < 0 ? 200 : Number(given[secondsAt + 1]);
if (!(seconds >= 10 && seconds <= 10_000)) {
  process.stderr.write('--seconds takes 10 to 10000, of the line\n');
  process.exit(2);
}

let isGood = true;
for (const each of CASES) isGood = report(each, await measure(each, seconds)) && isGood;
print(isGood ? 'every card came' : 'a card was lost');
process.exitCode = isGood ? 0 : 1;
