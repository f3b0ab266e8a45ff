/**
 * `npm run bench` (`-- --json` for machines, `-- --quick` for a short run, `-- latency core …` for some parts): measures
 * this build on this machine. Times are compared with floors of the same run; absolute ones belong to the machine.
 */
import { benchGrowth, benchSteps, benchYear } from './bench/core.ts';
import type { Figure, Report } from './bench/figures.ts';
import { benchLatency } from './bench/latency.ts';
import { benchIdle, benchMemory, benchStart } from './bench/process.ts';

type Size = {
  readonly rounds: number;
  readonly slowRounds: number;
  readonly steps: number;
  readonly events: number;
  readonly idleSeconds: number;
  readonly starts: number;
};

const FULL: Size = { rounds: 200, slowRounds: 50, steps: 1_000_000, events: 1_000_000, idleSeconds: 120, starts: 15 };
const QUICK: Size = { rounds: 40, slowRounds: 15, steps: 100_000, events: 20_000, idleSeconds: 10, starts: 5 };

const latency = async (size: Size, report: Report): Promise<void> => {
  const base = { zones: 8, debounceMs: 0, commitDelayMs: 0, rounds: size.rounds, stormEvents: 0 };
  await benchLatency({ ...base, name: 'debounce 0' }, report);
  await benchLatency({ ...base, name: 'debounce 20 ms', debounceMs: 20, rounds: size.slowRounds }, report);
  await benchLatency({ ...base, name: 'fsync slowed by 100 ms', commitDelayMs: 100, rounds: size.slowRounds }, report);
  await benchLatency({ ...base, name: 'behind a storm of 1000 events', stormEvents: 1_000, rounds: size.slowRounds }, report);
};

const PARTS: Readonly<Record<string, (size: Size, report: Report) => Promise<void> | void>> = {
  latency,
  start: ({ starts }, report) => benchStart(starts, report),
  idle: ({ idleSeconds }, report) => benchIdle(idleSeconds, report),
  steps: ({ steps }, report) => benchSteps(steps, report),
  growth: ({ steps }, report) => benchGrowth(steps / 10, report),
  year: (_size, report) => benchYear(report),
  memory: ({ events }, report) => benchMemory(events, report),
};

const args = process.argv.slice(2);
const isJson = args.includes('--json');
const size = args.includes('--quick') ? QUICK : FULL;
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  process.stderr.write(`bench: unknown part ${unknown.join(' ')}; there are ${Object.keys(PARTS).join(' ')}\n`);
  process.exit(2);
}

const figures: Figure[] = [];
const report: Report = (figure) => {
  figures.push(figure);
  if (!isJson) process.stdout.write(`${figure.name.padEnd(58)} ${figure.text}\n`);
};

for (const [name, part] of Object.entries(PARTS)) {
  if (names.length === 0 || names.includes(name)) await part(size, report);
}
if (isJson)
  process.stdout.write(
    `${JSON.stringify(
      figures.map(({ name, value }) => ({ name: name.trim(), value })),
      null,
      2,
    )}\n`,
  );
process.exit(0);
