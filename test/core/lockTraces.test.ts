/** Traces that once went wrong at a door that locks: what a start finds, and what is left of a release. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventKind } from '../../src/core/event.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { close, comeBack, heard, lose, open, pass, pulse, restart, told } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { bench, command, enter, levelOf, lockOf, modeOf, rue, turn } from './doorTableBench.ts';

const START: readonly EventKind[] = ['restarted'];

/** What a start finds has moved while nobody watched. */
const whileGone = (made: World, moved: (line: (zone: string, level: 0 | 1) => void) => void): void => {
  moved((zone, level) => made.levels.set(made.site.zones.get(zone)?.config.line ?? '', level));
  restart(made);
};

const start = suite('a start');

start('a leaf that is found open was not forced under our eyes', () => {
  const made = bench('strike-fail-secure');
  whileGone(made, (level) => level('rue', 1));
  assert.equal(told(made, ...START), []);
  close(made, 'rue');
  open(made, 'rue');
  assert.equal(told(made), ['door-forced'], 'the next opening is seen');
});

start('a bolt that is found withdrawn is thrown, and was withdrawn by nobody', () => {
  const made = bench('motor');
  whileGone(made, (level) => level('pene', 1));
  assert.equal(told(made, ...START), []);
  assert.is(lockOf(made), 'locking');
  assert.is(levelOf(made), 'closes');
  turn(made);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'locked rests');
  assert.equal(told(made), []);
});

start('a bolt that is found withdrawn behind an open leaf waits for the leaf', () => {
  const made = bench('motor');
  whileGone(made, (level) => {
    level('pene', 1);
    level('rue', 1);
  });
  assert.is(levelOf(made), 'rests');
  close(made, 'rue');
  assert.is(levelOf(made), 'closes');
});

start('an emergency goes on through a start, without an end that nobody saw', () => {
  const made = bench('maglock');
  open(made, 'boitier');
  told(made);
  restart(made);
  assert.equal(told(made, ...START), []);
  assert.is(levelOf(made), 'off');
  whileGone(made, (level) => level('boitier', 0));
  assert.equal(told(made, ...START), ['egress-restored']);
  assert.is(levelOf(made), 'off', 'not acknowledged yet');
});

start('a box whose line is lost is not restored', () => {
  const made = bench('maglock');
  open(made, 'boitier');
  told(made);
  lose(made, 'boitier');
  assert.equal(told(made, 'zone-fault'), []);
  comeBack(made);
  assert.equal(told(made, ...START), []);
  close(made, 'boitier');
  assert.equal(told(made, 'zone-fault-restored'), ['egress-restored']);
});

start('a button that is found pressed is stuck, and lets nobody out by itself', () => {
  const made = bench('maglock');
  whileGone(made, (level) => level('sortie', 1));
  assert.is(levelOf(made), 'on');
  pass(made, 3 * SECOND);
  assert.equal(told(made, ...START), ['exit-request-stuck']);
  close(made, 'sortie');
  assert.equal(told(made), ['exit-request-restored']);
});

start('a pulsed strike whose door was opened meanwhile is locked again', () => {
  const made = bench('strike-latching');
  enter(made, 'claire');
  told(made);
  whileGone(made, (level) => level('rue', 1));
  assert.equal(told(made, ...START), []);
  close(made, 'rue');
  open(made, 'rue');
  assert.equal(told(made), ['door-forced']);
});

start('a door that was left open by hand comes back locked', () => {
  const made = bench('maglock');
  command(made, 'locked-open');
  told(made);
  restart(made);
  assert.equal(
    heard(made)
      .filter(({ kind }) => kind !== 'restarted')
      .map(({ kind, cause, detail }) => [kind, cause, detail?.['mode']]),
    [['door-mode-changed', 'restart', 'locked']],
  );
  assert.is(`${modeOf(made)} ${levelOf(made)}`, 'locked on');
});

start('blocked and locked down come back as they were', () => {
  for (const mode of ['blocked', 'locked-down'] as const) {
    const made = bench('maglock');
    command(made, mode);
    restart(made, 'machine', MINUTE);
    assert.is(`${modeOf(made)} ${levelOf(made)}`, `${mode} on`);
  }
});

start('a release never resumes', () => {
  const made = bench('strike-fail-secure');
  enter(made, 'claire');
  restart(made, 'process', 100);
  assert.is(`${modeOf(made)} ${levelOf(made)}`, 'locked off');
  pulse(made, 'sortie');
  assert.is(levelOf(made), 'on', 'and whoever wants out gets out at once');
  assert.is(rue(made).config.id, 'rue');
});

start.run();
