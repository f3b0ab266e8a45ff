/** Who may be silent for how long before the watchdogs are not fed any more. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoreThread } from '../../src/ports/store.ts';
import { makePulse, mayFeed, silentOnes } from '../../src/runtime/pulse.ts';
import type { Silent } from '../../src/runtime/pulse.ts';

const test = suite('runtime: pulse');

const NOW = 1_000_000;

type Row = readonly [what: string, loopMs: number, inputsMs: number, storeMs: number, silent: readonly Silent[]];
const TABLE: readonly Row[] = [
  ['all beat', 0, 0, 0, []],
  ['a beat from this very instant on', 250, 250, 250, []],
  ['just in time, all three', 1_000, 1_000, 30_000, []],
  ['the loop too late', 1_001, 0, 0, ['loop']],
  ['inputs missed four rounds', 0, 1_001, 0, ['inputs']],
  ['inputs silent for an hour, the rest well', 0, 3_600_000, 0, ['inputs']],
  ['the store busy for ten seconds', 0, 0, 10_000, []],
  ['the store hangs', 0, 0, 30_001, ['store']],
  ['all hang', 60_000, 60_000, 60_000, ['loop', 'inputs', 'store']],
];
for (const [what, loopMs, inputsMs, storeMs, silent] of TABLE) {
  test(`${what}: ${silent.length === 0 ? 'fed' : 'not fed'}`, () => {
    const beats = { loopAt: NOW - loopMs, inputsAt: NOW - inputsMs, storeAt: NOW - storeMs };
    assert.equal(silentOnes(beats, NOW), silent);
    assert.is(mayFeed(beats, NOW), silent.length === 0);
  });
}

// ---- over time

/** A second in which the loop turns four times and is judged once. */
const bench = (thread: () => StoreThread | undefined) => {
  let now = NOW;
  let fed = 0;
  const told: (readonly Silent[])[] = [];
  const onSilence = (silent: readonly Silent[]): void => void told.push(silent);
  const pulse = makePulse(() => now, thread, { everyMs: 1_000, onBeat: () => (fed += 1), onSilence });
  pulse.start();
  pulse.stop();
  const second = (reads = true): void => {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      now += 250;
      if (reads) pulse.noteInputs();
      pulse.turn();
    }
    pulse.judge();
  };
  const seconds = (count: number, reads = true): number => {
    const before = fed;
    for (let index = 0; index < count; index += 1) second(reads);
    return fed - before;
  };
  return { seconds, told, fed: () => fed };
};

test('it is fed at the start, and each second for as long as all is well', () => {
  const { seconds, told, fed } = bench(() => undefined);
  assert.is(fed(), 1);
  assert.is(seconds(100), 100);
  assert.equal(told, []);
});

test('inputs that are not read: one more feed at most, told once; read again, fed again', () => {
  const { seconds, told } = bench(() => undefined);
  assert.is(seconds(1), 1);
  assert.is(seconds(20, false), 1);
  assert.equal(told, [['inputs']]);
  assert.is(seconds(5), 5);
  assert.equal(told, [['inputs'], []]);
});

test('a store that waits for the disk for an hour starves nobody', () => {
  const { seconds, told } = bench(() => ({ turns: 7, isInDisk: true }));
  assert.is(seconds(3_600), 3_600);
  assert.equal(told, []);
});

test('a store that could not be opened starves nobody', () => {
  const { seconds } = bench(() => undefined);
  assert.is(seconds(3_600), 3_600);
});

test('a store whose thread hangs outside the disk: fed for half a minute, then no more', () => {
  let turns = 0;
  let hangs = false;
  const { seconds, told } = bench(() => ({ turns: hangs ? turns : (turns += 1), isInDisk: false }));
  assert.is(seconds(60), 60);
  hangs = true;
  assert.is(seconds(60), 30);
  assert.equal(told, [['store']]);
});

test('where nobody listens nothing runs, and the process may end', () => {
  const before = process.getActiveResourcesInfo().length;
  makePulse(
    () => NOW,
    () => undefined,
  ).start();
  assert.is(process.getActiveResourcesInfo().length, before);
});

test.run();
