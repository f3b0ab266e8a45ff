import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emit, wallAt } from '../../src/core/frame.ts';
import { onClock, startClock, storeHighWater } from '../../src/core/supervision/clock.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { kindsOf, worldOf } from './supervision.fixture.ts';
import type { World } from './supervision.fixture.ts';

const test = suite('clock');

const NOON = Date.UTC(2026, 10, 23, 12);

const hear = (world: World, ms: number, wallMs: number, synchronised = true) =>
  kindsOf(world.at(ms, (frame) => onClock(frame, { wall: wall(wallMs), synchronised })));

const wallNow = (world: World): number => wallAt(world.frame, world.frame.now);

/** A controller whose clock was synchronised at noon, at running time 0. */
const atNoon = (): World => {
  const world = worldOf([]);
  hear(world, 0, NOON);
  return world;
};

test('the first synchronised time is taken without an event', () => {
  const world = worldOf([]);
  assert.equal(hear(world, 1000, NOON), []);
  assert.is(wallNow(world), NOON);
  world.pass(61_000);
  assert.is(wallNow(world), NOON + MINUTE);
});

test('not synchronised is a condition that is told at both ends, and marks events', () => {
  const world = worldOf([]);
  assert.equal(hear(world, 0, NOON, false), ['clock-not-set']);
  assert.equal(hear(world, 1000, NOON + 1000, false), []);
  assert.equal(hear(world, 2000, NOON + 2000), ['clock-synchronised']);
  assert.equal(hear(world, 3000, NOON + 3000), []);
  assert.equal(
    world.frame.events.map(({ atQuality }) => atQuality),
    ['unsynchronised', 'synchronised'],
  );
});

const STEPS: readonly [string, number, boolean][] = [
  ['two seconds on', 2 * SECOND, false],
  ['two seconds back', -2 * SECOND, false],
  ['three seconds on', 3 * SECOND, true],
  ['three seconds back', -3 * SECOND, true],
  ['a day on', DAY, true],
  ['a day back', -DAY, true],
];

test('a step of more than two seconds is an event with old, new and running time', () => {
  for (const [name, stepMs, told] of STEPS) {
    const world = atNoon();
    assert.equal(hear(world, HOUR / 2, NOON + HOUR / 2 + stepMs), told ? ['clock-set'] : [], name);
    if (!told) continue;
    assert.equal(
      world.frame.events[0]?.detail,
      { oldMs: NOON + HOUR / 2, newMs: NOON + HOUR / 2 + stepMs, monotonicMs: HOUR / 2 },
      name,
    );
  }
});

test('records never go back before the last one of a synchronised clock', () => {
  const world = atNoon();
  world.at(HOUR, (frame) => storeHighWater(frame));
  hear(world, HOUR, NOON);
  assert.is(wallNow(world), NOON + HOUR);
  world.pass(HOUR + 30 * MINUTE);
  assert.is(wallNow(world), NOON + HOUR, 'stands still until the clock has caught up');
  world.pass(2 * HOUR + MINUTE);
  assert.is(wallNow(world), NOON + HOUR + MINUTE);
});

test('a clock that comes up in the future without being synchronised does not hold the records there', () => {
  const world = worldOf([]);
  hear(world, 0, NOON + 70 * 365 * DAY, false);
  world.at(HOUR, (frame) => {
    emit(frame, 'chime');
    storeHighWater(frame);
  });
  assert.equal(hear(world, 2 * HOUR, NOON), ['clock-set', 'clock-synchronised']);
  assert.is(wallNow(world), NOON);
  world.pass(3 * HOUR);
  assert.is(wallNow(world), NOON + HOUR);
});

test('a false future while not synchronised yields only as far as the synchronised records before it', () => {
  const world = atNoon();
  world.at(HOUR, (frame) => storeHighWater(frame));
  hear(world, 2 * HOUR, NOON + 900 * DAY, false);
  assert.is(wallNow(world), NOON + 900 * DAY);
  hear(world, 3 * HOUR, NOON - DAY);
  assert.is(wallNow(world), NOON + HOUR);
});

test('an unsynchronised clock that is behind never sets us back: we go on from the last stored', () => {
  const world = atNoon();
  world.at(HOUR, (frame) => storeHighWater(frame));
  world.at(HOUR, (frame) => startClock(frame, 0));
  hear(world, HOUR + 1000, 0, false);
  assert.is(wallNow(world), NOON + HOUR + 1000);
  for (let n = 1; n < 10; n += 1) hear(world, HOUR + n * MINUTE, n * MINUTE, false);
  assert.is(wallNow(world), NOON + HOUR + 9 * MINUTE);
  assert.not.ok(kindsOf(world.frame.events).includes('clock-set'));
});

test('after a restart the time that nobody watched has passed, and is no step', () => {
  const world = atNoon();
  world.at(HOUR, (frame) => startClock(frame, 6 * HOUR));
  assert.is(wallNow(world), NOON + 7 * HOUR);
  assert.is(world.frame.state.durable.clock.synchronised, false);
  assert.equal(hear(world, HOUR + 1000, NOON + 7 * HOUR + 1400), []);
  assert.is(world.frame.state.durable.clock.synchronised, true);
});

test('reading noise and quiet hours cost no write', () => {
  const world = atNoon();
  const { durable } = world.frame.state;
  for (let s = 10; s < 3600; s += 10) hear(world, s * SECOND, NOON + s * SECOND + (s % 3) * 40);
  assert.is(world.frame.state.durable, durable);
  hear(world, HOUR, NOON + HOUR);
  assert.is(world.frame.state.durable.clock.highWater, NOON + HOUR);
});

test.run();
