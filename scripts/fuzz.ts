/**
 * Feeds parsers with what no device should send, for as long as you like:
 *
 *     node dist/scripts/fuzz.js NAME|all [COUNT] [--seed N]
 *
 * COUNT: cases of each fuzzer, 1 000 000 unless given. Prints rate and seed; exit 1 with the seed, the case and the input where
 * something did not hold: the same seed shows it again.
 */
import { FUZZERS, fuzzersNamed } from '../test/fuzz/registry.ts';
import type { Fuzzer } from '../test/fuzz/fuzzer.ts';

const COUNT = 1_000_000;
const SEEDS = 2 ** 32;

const given = process.argv.slice(2);
const seedAt = given.indexOf('--seed');
const seed = seedAt < 0 ? Math.trunc(Math.random() * SEEDS) : Number(given[seedAt + 1]);
const [name = '', countText] = seedAt < 0 ? given : given.toSpliced(seedAt, 2);
const count = Number(countText ?? COUNT);
const chosen = name === 'all' ? FUZZERS : fuzzersNamed(name);

const isWhole = (value: number, from: number): boolean => Number.isSafeInteger(value) && value >= from;

if (chosen.length === 0 || !isWhole(count, 1) || !isWhole(seed, 0)) {
  const names = FUZZERS.map((fuzzer) => fuzzer.name).join(', ');
  process.stderr.write(`Usage: fuzz NAME|all [COUNT] [--seed N]; there are ${names}\n`);
  process.exit(2);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** True: everything held. */
const fuzz = ({ name: called, run }: Fuzzer): boolean => {
  const startedAt = performance.now();
  const failure = run(count, seed);
  const seconds = (performance.now() - startedAt) / 1_000;
  const done = failure === undefined ? count : failure.at + 1;
  print(`${called}: ${done} cases in ${seconds.toFixed(1)} s, ${Math.round(done / seconds)} a second, seed ${seed}`);
  if (failure === undefined) return true;
  print(`${called}: case ${failure.at} of seed ${seed}: ${failure.what}\ninput ${failure.input}`);
  return false;
};

const held = chosen.map(fuzz);
process.exitCode = held.every(Boolean) ? 0 : 1;
