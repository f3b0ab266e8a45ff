/**
 * `node dist/scripts/gpioLatency.js [EDGES]`: how long an edge takes from the wire to the listener, by each driver of the
 * header and by a bare onoff script, edge by edge in turn. Needs a kernel with `gpio-sim` and onoff compiled: it runs where
 * `test/kernel` does. On an emulated processor the figures compare the ways with each other and say nothing of a Pi.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Onoff from 'onoff';
import { chardevLines } from '../src/drivers/gpio-chardev/lines.ts';
import { onoffLines } from '../src/drivers/gpio-onoff/lines.ts';
import { machineTimers } from '../src/drivers/sim/timers.ts';
import type { Level, Lines } from '../src/ports/lines.ts';
import { baseOf } from '../test/support/gpioTrace.ts';
import { makeSimChip } from '../test/support/simChip.ts';

const LABEL = 'vigie-latency';
const DEFAULT_EDGES = 2_000;
const GAP_MS = 4;
const LOST_AFTER_MS = 1_000;

/** One way to hear a line; each has a line of its own, and all are open at once. */
type Way = {
  readonly name: string;
  readonly offset: number;
  readonly open: (heard: () => void) => Promise<() => Promise<void>>;
  readonly tookMs: number[];
  heardAtMs: number | undefined;
};

const optionsFor = (offset: number) => ({
  chipLabel: LABEL,
  offsets: { line: offset },
  timers: machineTimers,
  patient: false,
  log: () => undefined,
});

const byDriver = (name: string, offset: number, lines: Lines): Way => ({
  name,
  offset,
  tookMs: [],
  heardAtMs: undefined,
  open: async (heard) => {
    const request = { direction: 'input', line: 'line', bias: 'none' } as const;
    const opened = await lines.open([request], { onReading: heard, onOutputTrouble: () => undefined });
    if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
    return () => lines.close();
  },
});

const bareOnoff = (offset: number): Way => ({
  name: 'bare onoff',
  offset,
  tookMs: [],
  heardAtMs: undefined,
  open: (heard) => {
    const { Gpio } = createRequire(import.meta.url)('onoff') as typeof Onoff;
    const gpio = new Gpio(baseOf(LABEL) + offset, 'in', 'both');
    gpio.watch(heard);
    return Promise.resolve(async () => gpio.unexport());
  },
});

const measure = async (way: Way, move: () => void): Promise<void> => {
  way.heardAtMs = undefined;
  const startedAtMs = machineTimers.now();
  move();
  while (way.heardAtMs === undefined && machineTimers.now() < startedAtMs + LOST_AFTER_MS) await sleep(GAP_MS);
  if (way.heardAtMs !== undefined) way.tookMs.push(way.heardAtMs - startedAtMs);
  await sleep(Math.random() * GAP_MS);
};

const share = (sorted: readonly number[], part: number): string =>
  `${Math.round((sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN) * 1_000)}`.padStart(8);

const report = ({ name, tookMs }: Way, edges: number): string => {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const shares = [0.5, 0.9, 0.99].map((part) => share(sorted, part)).join('');
  return `${name.padEnd(20)}${shares}   ${tookMs.length} of ${edges} heard`;
};

const edges = Number(process.argv[2] ?? DEFAULT_EDGES);
const chip = makeSimChip(LABEL);
const ways = [
  byDriver('character device', 17, chardevLines(optionsFor(17))),
  byDriver('onoff', 22, onoffLines(optionsFor(22))),
  bareOnoff(23),
];
const closings = await Promise.all(
  ways.map((way) =>
    way.open(() => {
      way.heardAtMs ??= machineTimers.now();
    }),
  ),
);
for (let edge = 0; edge < edges; edge += 1) {
  const level: Level = edge % 2 === 0 ? 1 : 0;
  for (const way of ways) await measure(way, () => chip.pull(way.offset, level));
}
for (const close of closings) await close();
chip.remove();
const head = `${'edge to listener, µs'.padEnd(20)}${['p50', 'p90', 'p99'].map((name) => name.padStart(8)).join('')}`;
process.stdout.write(`${[head, ...ways.map((way) => report(way, edges))].join('\n')}\n`);
