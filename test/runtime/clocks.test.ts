/** Running time across restarts, how long nobody watched, and when the clock is saved. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wall } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createMemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import { makeClockSaver } from '../../src/runtime/clockSaver.ts';
import { goneMsSince, resumeInstant, runningClock } from '../../src/runtime/runningClock.ts';
import { practice } from '../support/site.ts';
import * as site from '../support/world.ts';

const test = suite('runtime: clocks');

const clockAt = (machineMs: number, change: Partial<Clock> = {}): Clock => ({
  machineMs: () => machineMs,
  wallMs: () => 1_700_000_000_000,
  isSynchronised: () => true,
  bootId: 'a',
  ...change,
});
const saved = { bootId: 'a', monotonicMs: 1_000.25, wallMs: 1_699_999_990_000, runningMs: 500 };

test('running time goes on where it stood, whatever the machine says', () => {
  const running = runningClock(clockAt(1e9), 500);
  assert.is(running.now(), 500);
  assert.is(running.fromMachine(1e9 + 20), 520);
  assert.is(running.toMachine(running.fromMachine(123.5)), 123.5);
});

test('it resumes at the later of what was stored and what was saved', () => {
  assert.is(resumeInstant(saved, 400), 500);
  assert.is(resumeInstant(saved, 600), 600);
  assert.is(resumeInstant(undefined, 600), 600);
  assert.is(resumeInstant(undefined, undefined), 0);
});

test('how long nobody watched is whole milliseconds: exact in one run of the kernel, by wall time across two', () => {
  assert.is(goneMsSince(clockAt(3_000.5), saved), 2_000);
  assert.is(goneMsSince(clockAt(5, { bootId: 'b' }), saved), 10_000);
  assert.is(goneMsSince(clockAt(5, { bootId: 'b', isSynchronised: () => false }), saved), undefined);
  assert.is(goneMsSince(clockAt(5, { bootId: 'b', wallMs: () => 0 }), saved), undefined);
  assert.is(goneMsSince(clockAt(5), undefined), undefined);
});

test('events carry whole milliseconds of wall time: the journal takes no other', () => {
  const world = site.world(practice());
  world.now += 0.4321;
  site.feed(world, { kind: 'clock', wall: wall(1_700_000_000_000.5), synchronised: true });
  site.open(world, 'fenetre');
  site.askToArm(world, 'full', { override: true, inhibit: ['fenetre'] });
  const told = site.heard(world);
  assert.ok(told.length > 0);
  assert.equal(
    told.filter(({ at }) => !Number.isInteger(at)),
    [],
  );
});

test('the clock is saved at once, to last: a restart a moment later knows that the machine was the same', async () => {
  const disk = createMemoryDisk();
  const saves: boolean[] = [];
  const store = {
    saveClock: async (clock: typeof saved, fsync: boolean) => {
      disk.clock = clock;
      saves.push(fsync);
      return { ok: true, value: undefined } as const;
    },
  };
  const saver = makeClockSaver(
    clockAt(7),
    store,
    () => 3,
    () => site.world(practice()).state,
  );
  saver.start();
  saver.stop();
  assert.equal(saves, [true]);
  assert.equal(disk.clock, { bootId: 'a', monotonicMs: 7, wallMs: 1_700_000_000_000, runningMs: 3 });
});

test.run();
