/** Leaving for the night: a door that does not lock is said before the area is set, never found open the next morning. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SECOND } from '../../src/core/time.ts';
import { askToArm, close, lastOf, open, pass, pulse, state, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { acknowledge, bench, enter, levelOf, lockOf, turn } from './doorTableBench.ts';
import { practice } from '../support/site.ts';

const test = suite('setting the area');

const ask = (made: World, override = false): void => askToArm(made, 'full', { override }, { user: 'claire' });

test('a door that is free after an emergency is in the way until it is acknowledged', () => {
  const made = bench('maglock');
  open(made, 'boitier');
  ask(made);
  assert.equal(lastOf(made, 'arm-refused').blockers, [{ kind: 'memory' }]);
  close(made, 'boitier');
  ask(made);
  assert.is(state(made), 'disarmed', 'restored, not acknowledged');
  acknowledge(made);
  assert.is(levelOf(made), 'on');
  ask(made);
  assert.is(state(made), 'armed full');
});

test('there is always a way out for whoever leaves: carried on over, and reported', () => {
  const made = bench('maglock');
  pulse(made, 'boitier');
  ask(made, true);
  assert.is(state(made), 'armed full');
  assert.equal(lastOf(made, 'arm-overridden').blockers, [{ kind: 'memory' }]);
  assert.is(levelOf(made), 'off', 'arming locks nobody in');
});

test('a bolt that did not go out is in the way; once it has, it is not', () => {
  const made = bench('motor');
  enter(made, 'claire');
  turn(made);
  pass(made, 10 * SECOND);
  assert.is(lockOf(made), 'lock-failed');
  ask(made);
  assert.equal(lastOf(made, 'arm-refused').blockers, [{ kind: 'latch-open', door: 'rue', zone: 'pene' }]);
  close(made, 'pene');
  ask(made);
  assert.is(state(made), 'armed full');
});

test('carried on over a bolt that failed: the contact of the leaf still watches', () => {
  const made = bench('motor');
  enter(made, 'claire');
  turn(made);
  pass(made, 10 * SECOND);
  ask(made, true);
  assert.is(state(made), 'armed full');
  open(made, 'rue');
  assert.is(lastOf(made, 'intrusion').zone, 'rue');
});

test('a practice without locks arms as ever', () => {
  const made = world(practice());
  ask(made);
  assert.is(state(made), 'exiting full');
});

test.run();
