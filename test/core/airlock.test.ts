/** An airlock (*sas*), as people pass it: one leaf at a time, and nobody is kept in it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockKind } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { airlockSite } from '../support/doorSite.ts';
import { close, give, heard, keypad, lose, open, pass, pulse, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { enter, levelOf, modeOf, openLeaf, shut, unlockRemotely } from './doorTableBench.ts';

const reasons = (made: World) => heard(made).map(({ kind, door, reason }) => [kind, door, reason].filter(Boolean).join(' '));

const sas = suite('an airlock');

sas('whoever was let in has it until the leaf is closed and latched', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  told(made);
  pulse(made, 'sas-bureau');
  assert.equal(reasons(made), ['access-refused sas interlock-busy'], 'from the grant');
  assert.equal(keypad(made).notice, { kind: 'refused', reason: 'interlock-busy', blockers: [] }, 'and the desk sees why');
  openLeaf(made);
  pass(made, 2 * SECOND);
  told(made);
  pulse(made, 'sas-bureau');
  assert.equal(reasons(made), ['access-refused sas interlock-busy'], 'while it stands open');
  close(made, 'rue');
  pulse(made, 'sas-bureau');
  assert.equal(reasons(made), ['access-refused sas interlock-busy'], 'closed, not latched');
  close(made, 'rue-pene');
  pulse(made, 'sas-bureau');
  assert.equal(reasons(made), ['access-granted sas']);
  assert.is(levelOf(made, 'sas'), 'on');
  assert.is(levelOf(made, 'rue'), 'off');
});

sas('an unused release gives it back when its time is over', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  pass(made, 5 * SECOND);
  told(made);
  pulse(made, 'sas-bureau');
  assert.equal(reasons(made), ['access-granted sas']);
});

sas('every way in is refused while it is busy, and the reason is the same', () => {
  const made = world(airlockSite());
  pulse(made, 'sas-bureau');
  open(made, 'sas');
  told(made);
  enter(made, 'claire');
  pulse(made, 'interphone');
  unlockRemotely(made);
  give(made, { verb: 'open', zone: 50 }, { user: 'claire' });
  assert.equal(
    reasons(made),
    Array.from({ length: 4 }, () => 'access-refused rue interlock-busy'),
  );
  assert.is(levelOf(made), 'off');
});

sas('whoever wants out waits until the other leaf is shut, and goes then', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  openLeaf(made);
  pass(made, SECOND);
  told(made);
  pulse(made, 'sas-sortie');
  assert.is(levelOf(made, 'sas'), 'off');
  pass(made, 4 * SECOND);
  shut(made);
  assert.is(levelOf(made, 'sas'), 'on');
  assert.equal(told(made), ['exit-requested'], 'no alarm');
  pass(made, MINUTE);
  assert.equal(told(made), [], 'and none later');
});

sas('at most 10 s: then the door opens, with an alarm', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  openLeaf(made);
  told(made);
  pulse(made, 'sas-sortie');
  pass(made, 5 * SECOND);
  pulse(made, 'sas-sortie');
  pass(made, 5 * SECOND - 1);
  assert.is(levelOf(made, 'sas'), 'off');
  pass(made, 1);
  assert.is(levelOf(made, 'sas'), 'on', 'pressing again did not make it longer');
  assert.equal(told(made), ['exit-requested', 'exit-requested', 'interlock-overridden']);
});

sas('whoever got tired of waiting and took the handle is no alarm later', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  openLeaf(made);
  pulse(made, 'sas-sortie');
  pass(made, 3 * SECOND);
  told(made);
  open(made, 'sas');
  pass(made, 10 * SECOND);
  close(made, 'sas');
  assert.not(told(made).includes('interlock-overridden'));
});

sas('a leaf that does not give it back is told, once, and its end', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  openLeaf(made);
  told(made);
  pass(made, 45 * SECOND);
  assert.ok(told(made).includes('interlock-timeout'));
  pass(made, 10 * MINUTE);
  assert.not(told(made).includes('interlock-timeout'));
  shut(made);
  assert.ok(told(made).includes('interlock-restored'));
});

sas('the other leaf is opened by its handle: a release not yet used is taken back, without an alarm later', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  told(made);
  open(made, 'bequille');
  open(made, 'sas');
  assert.is(levelOf(made), 'off');
  assert.is(modeOf(made), 'locked');
  assert.ok(told(made).includes('access-not-used'));
  close(made, 'sas');
  pass(made, 2 * MINUTE);
  assert.equal(told(made, 'door-forced-restored', 'exit-request-stuck'), []);
});

sas('a release that was used is not taken back: somebody stands in it', () => {
  const made = world(airlockSite('maglock'));
  enter(made, 'claire');
  openLeaf(made);
  open(made, 'sas');
  assert.is(levelOf(made), 'off', 'until its own time');
  pass(made, 500);
  assert.is(levelOf(made), 'on');
});

sas('freed by fire: both leaves open, and whoever waits goes at once', () => {
  const made = world(airlockSite());
  enter(made, 'claire');
  openLeaf(made);
  pulse(made, 'sas-sortie');
  assert.is(levelOf(made, 'sas'), 'off');
  open(made, 'feu');
  assert.is(levelOf(made, 'sas'), 'on');
  told(made);
  pass(made, 10 * MINUTE);
  const later = told(made);
  assert.not(later.includes('interlock-timeout'));
  assert.not(later.includes('interlock-overridden'));
});

sas('freed by the green box of one leaf: the other opens too, and no time-out comes', () => {
  const made = world(airlockSite('maglock'));
  pulse(made, 'sas-bureau');
  open(made, 'sas');
  open(made, 'boitier');
  assert.is(levelOf(made), 'off');
  pass(made, 10 * MINUTE);
  assert.not(told(made).includes('interlock-timeout'));
  pulse(made, 'sas-bureau');
  assert.equal(told(made), ['access-granted', 'access-used']);
});

sas('a contact that died keeps the other leaf shut to whoever comes in until the owner isolates it', () => {
  const made = world(airlockSite());
  lose(made, 'sas');
  enter(made, 'claire');
  assert.ok(reasons(made).includes('access-refused rue interlock-busy'));
  give(made, { verb: 'isolate', zone: 60, on: true }, { user: 'doc' });
  enter(made, 'claire');
  assert.ok(reasons(made).includes('access-granted rue'));
});

sas.run();

/** A third leaf, and one without a lock. */
const withThird = (kind: LockKind = 'strike-fail-secure'): Site => {
  const { config } = airlockSite(kind);
  const sasDoor = config.doors.find(({ id }) => id === 'sas');
  const cour = config.doors.find(({ id }) => id === 'cour');
  if (!sasDoor || !cour) throw new Error('no such door');
  return siteOf({
    ...config,
    doors: config.doors.map((door) => (door === cour ? { ...cour, latch: undefined, interlock: 'sas' } : door)),
  });
};

const third = suite('a leaf without lock, and three of them');

third('the leaf without lock has the airlock while it is open, and gives it back', () => {
  const made = world(withThird());
  open(made, 'cour');
  told(made);
  pulse(made, 'sas-sortie');
  assert.is(levelOf(made, 'sas'), 'off');
  pass(made, 2 * SECOND);
  close(made, 'cour');
  assert.is(levelOf(made, 'sas'), 'on');
  assert.equal(told(made), ['exit-requested']);
});

third('the leaf without lock is opened: releases not yet used are taken back', () => {
  const made = world(withThird());
  enter(made, 'claire');
  open(made, 'cour');
  assert.is(levelOf(made), 'off');
});

third('it is told when it does not give the airlock back', () => {
  const made = world(withThird());
  open(made, 'cour');
  pass(made, 30 * SECOND);
  assert.ok(told(made).includes('interlock-timeout'));
  close(made, 'cour');
  assert.ok(told(made).includes('interlock-restored'));
});

third('of two that wait for the third one goes at a time', () => {
  const made = world(withThird());
  open(made, 'cour');
  pulse(made, 'sortie');
  pulse(made, 'sas-sortie');
  close(made, 'cour');
  assert.equal([levelOf(made, 'rue'), levelOf(made, 'sas')].toSorted(), ['off', 'on']);
  pass(made, 5 * SECOND);
  assert.equal([levelOf(made, 'rue'), levelOf(made, 'sas')].toSorted(), ['off', 'on'], 'then the other');
  assert.not(told(made).includes('interlock-overridden'));
});

third.run();
