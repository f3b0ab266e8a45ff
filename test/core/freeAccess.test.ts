/** Free access, as a practice lives with it: when the door stands unlocked, and when nothing may unlock it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { siteOf } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { FREE_HOURS, doorSite, freeAccess } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import { close, code, feed, give, heard, lastOf, open, pass, pulse, restart, setClock, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { ACCESS, acknowledge, command, enter, levelOf, modeOf, openLeaf, set, shut, unset } from './doorTableBench.ts';

/** The world begins on 2 March 2026 at 19:00 UTC, and knows the hours of that evening. */
const START = Date.parse('2026-03-02T19:00:00Z');
const instant = (atMs: number) => wall(START + atMs);

const tellHours = (made: World, windows: readonly (readonly [number, number])[]): void =>
  feed(made, {
    kind: 'calendar',
    windows: windows.map(([from, to]) => ({ schedule: FREE_HOURS, from: instant(from), to: instant(to) })),
    until: instant(48 * HOUR),
  });

const practice = (firstPersonIn = false, windows: readonly (readonly [number, number])[] = [[HOUR, 3 * HOUR]]): World => {
  const { config } = doorSite('maglock', { access: { ...ACCESS, freeAccess: freeAccess(firstPersonIn) } });
  const made = world(siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] }));
  tellHours(made, windows);
  return made;
};

const isFree = (made: World): boolean => modeOf(made) === 'unlocked' && levelOf(made) === 'off';
const isLocked = (made: World): boolean => modeOf(made) === 'locked' && levelOf(made) === 'on';

const hours = suite('the hours');

hours('unlocks with them and locks with them, each once', () => {
  const made = practice();
  pass(made, HOUR - 1);
  assert.ok(isLocked(made));
  pass(made, 1);
  assert.ok(isFree(made));
  pass(made, 2 * HOUR - 1);
  assert.ok(isFree(made));
  pass(made, 1);
  assert.ok(isLocked(made));
  assert.equal(told(made), ['free-access-started', 'free-access-ended']);
});

hours('nothing is forced, held or ajar meanwhile; a leaf that still stands open when they end is', () => {
  const made = practice();
  pass(made, HOUR);
  told(made);
  openLeaf(made);
  pass(made, 2 * HOUR - 1);
  assert.equal(told(made), []);
  pass(made, 1 + 30 * SECOND);
  assert.is(made.state.durable.doors[1]?.ladder, 'sounding');
  pass(made, MINUTE);
  assert.equal(told(made), ['free-access-ended', 'door-left-open']);
  shut(made);
  assert.equal(told(made), ['door-left-open-restored']);
});

hours('a patient whose hand was on the door when they ended has forced nothing', () => {
  const made = practice();
  pass(made, 3 * HOUR + 800);
  told(made);
  openLeaf(made);
  assert.equal(told(made), []);
});

hours('the area is set in the middle: locked; unset in the middle: unlocked again', () => {
  const made = practice();
  pass(made, 2 * HOUR);
  set(made);
  assert.ok(isLocked(made));
  unset(made);
  assert.ok(isFree(made));
});

hours('they begin while the area is set: nothing unlocks', () => {
  const made = practice();
  set(made);
  pass(made, 2 * HOUR);
  assert.ok(isLocked(made));
});

hours('blocked, and no longer blocked', () => {
  const made = practice();
  pass(made, HOUR);
  command(made, 'blocked');
  assert.is(levelOf(made), 'on');
  command(made, 'locked');
  assert.ok(isFree(made));
});

hours('the owner locks for the rest of them; the next ones begin as ever', () => {
  const made = practice(false, [
    [HOUR, 3 * HOUR],
    [5 * HOUR, 6 * HOUR],
  ]);
  command(made, 'locked');
  pass(made, HOUR);
  assert.ok(isFree(made));
  told(made);
  command(made, 'locked');
  assert.equal(told(made), ['door-mode-changed', 'free-access-ended']);
  assert.ok(isLocked(made));
  enter(made, 'claire');
  assert.is(levelOf(made), 'off', 'staff still come in');
  pass(made, HOUR);
  assert.ok(isLocked(made));
  pass(made, 3 * HOUR);
  assert.ok(isFree(made));
});

hours('a restart in the middle: locked until the clock is known, then free again', () => {
  const made = practice();
  pass(made, 2 * HOUR);
  restart(made);
  assert.ok(isLocked(made));
  tellHours(made, [[HOUR, 3 * HOUR]]);
  assert.ok(isLocked(made), 'the hours alone are not enough');
  setClock(made);
  assert.ok(isFree(made));
});

hours.run();

const clock = suite('the clock');

clock('not set: no hours begin, and those that run end', () => {
  const made = practice();
  pass(made, HOUR);
  setClock(made, 0, false);
  assert.ok(isLocked(made));
  pass(made, HOUR);
  assert.ok(isLocked(made));
});

clock('set forward into the hours: unlocks nothing, to their end', () => {
  const made = practice();
  setClock(made, 2 * HOUR);
  assert.ok(isLocked(made));
  pass(made, HOUR - 1);
  assert.ok(isLocked(made));
});

clock('set forward into the hours, then into the next ones: neither', () => {
  const made = practice(false, [
    [HOUR, 2 * HOUR],
    [5 * HOUR, 6 * HOUR],
  ]);
  setClock(made, 90 * MINUTE);
  assert.ok(isLocked(made));
  setClock(made, 5.5 * HOUR);
  assert.ok(isLocked(made));
});

clock('set forward within the hours that run: they go on', () => {
  const made = practice();
  pass(made, HOUR + MINUTE);
  setClock(made, HOUR);
  assert.ok(isFree(made));
  pass(made, HOUR);
  assert.ok(isLocked(made), 'to their end by the clock as it is now');
});

clock('corrected by a second across their beginning: they begin', () => {
  const made = practice();
  pass(made, HOUR - 500);
  setClock(made, SECOND);
  assert.ok(isFree(made));
});

clock('set back out of the hours: locked, and they do not begin a second time', () => {
  const made = practice();
  pass(made, HOUR + MINUTE);
  setClock(made, -30 * MINUTE);
  assert.ok(isLocked(made));
  pass(made, HOUR);
  assert.ok(isLocked(made));
  assert.is(made.events.filter(({ kind }) => kind === 'free-access-started').length, 1);
});

clock('set back within them: they go on', () => {
  const made = practice();
  pass(made, 2 * HOUR);
  setClock(made, -30 * MINUTE);
  assert.ok(isFree(made));
});

clock.run();

const emergency = suite('an emergency');

emergency('hours that begin while the box is pulled never fire late', () => {
  const made = practice();
  open(made, 'boitier');
  pass(made, HOUR + MINUTE);
  close(made, 'boitier');
  acknowledge(made);
  assert.ok(isLocked(made));
  pass(made, 2 * HOUR);
  assert.not(made.events.some(({ kind }) => kind === 'free-access-started'));
});

emergency('hours that begin between the box and its acknowledgement neither', () => {
  const made = practice();
  pulse(made, 'boitier');
  pass(made, HOUR + MINUTE);
  acknowledge(made);
  assert.ok(isLocked(made));
});

emergency('hours that ran before it go on after it', () => {
  const made = practice();
  pass(made, HOUR);
  open(made, 'boitier');
  pass(made, MINUTE);
  close(made, 'boitier');
  assert.is(levelOf(made), 'off');
  acknowledge(made);
  assert.ok(isFree(made));
});

emergency('hours that end during it: not locked before it is acknowledged', () => {
  const made = practice();
  pass(made, 2 * HOUR);
  open(made, 'feu');
  pass(made, 2 * HOUR);
  assert.is(levelOf(made), 'off');
  close(made, 'feu');
  assert.is(levelOf(made), 'off');
  acknowledge(made);
  assert.ok(isLocked(made));
});

emergency.run();

const first = suite('the first of staff');

first('nobody is in: the hours begin without unlocking', () => {
  const made = practice(true);
  pass(made, 2 * HOUR);
  assert.ok(isLocked(made));
});

first('comes in during the hours: unlocked from then on', () => {
  const made = practice(true);
  pass(made, HOUR + 10 * MINUTE);
  enter(made, 'claire');
  assert.is(modeOf(made), 'accessed', 'not by the code: by going in');
  openLeaf(made);
  assert.ok(isFree(made));
  assert.equal(told(made), ['access-granted', 'access-used', 'free-access-started']);
});

first('was in before the hours, as staff are: unlocked when they begin', () => {
  const made = practice(true);
  pass(made, 20 * MINUTE);
  enter(made, 'claire');
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  pass(made, 39 * MINUTE);
  assert.ok(isLocked(made), 'not before them');
  pass(made, MINUTE);
  assert.ok(isFree(made));
});

first('the day before does not count', () => {
  const made = practice(true, [[6 * HOUR, 8 * HOUR]]);
  enter(made, 'claire');
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  pass(made, 7 * HOUR);
  assert.ok(isLocked(made));
});

first('came by another way and used the keypad inside', () => {
  const made = practice(true);
  pass(made, 2 * HOUR);
  code(made, 'claire');
  assert.ok(isFree(made));
});

first('cleaner, delivery, interphone, operator and exit button are not staff', () => {
  for (const come of [
    (made: World) => enter(made, 'menage'),
    (made: World) => enter(made, 'livreur'),
    (made: World) => code(made, 'menage'),
    (made: World) => pulse(made, 'interphone'),
    (made: World) => pulse(made, 'sortie'),
    (made: World) => feed(made, { kind: 'remote-unlock', command: 'c1', operator: 'centre-1', door: 'rue' }),
  ]) {
    const made = practice(true);
    pass(made, 2 * HOUR);
    come(made);
    openLeaf(made);
    pass(made, SECOND);
    assert.ok(isLocked(made));
  }
});

first('staff who go out are not the first who are in', () => {
  const made = practice(true);
  pass(made, 2 * HOUR);
  enter(made, 'claire', 'badge', 'dedans');
  openLeaf(made);
  pass(made, SECOND);
  assert.ok(isLocked(made));
});

first('has left and set the area: the cleaner who unsets it opens to nobody', () => {
  const made = practice(true);
  pass(made, HOUR);
  code(made, 'claire');
  assert.ok(isFree(made));
  set(made);
  told(made);
  give(made, { verb: 'disarm', areas: [] }, { user: 'menage' });
  assert.equal(told(made), ['disarmed']);
  assert.ok(isLocked(made));
});

first('under duress it looks the same', () => {
  const seen = (['normal', 'duress'] as const).map((meaning) => {
    const made = practice(true);
    pass(made, 2 * HOUR);
    code(made, 'claire', meaning);
    return [modeOf(made), levelOf(made), heard(made).filter(({ kind }) => kind !== 'duress').length];
  });
  assert.equal(seen[0], seen[1]);
  const made = practice(true);
  code(made, 'claire', 'duress');
  assert.is(lastOf(made, 'duress').user, 'claire');
});

first.run();
