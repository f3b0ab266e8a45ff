/** Who is let through a door, by what, and what is told of whoever is not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AccessConfig, LockKind } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { ANTI_PASSBACK_MS, doorSite } from '../support/doorSite.ts';
import { areaConfig, userConfig } from '../support/site.ts';
import { at, feed, give, heard, keypad, pass, pulse, setClock, state, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { ACCESS, command, enter, levelOf, openLeaf, set, shut } from './doorTableBench.ts';

const START = Date.parse('2026-03-02T19:00:00Z');

const site = (access: Partial<AccessConfig> = {}, kind: LockKind = 'strike-fail-secure') => {
  const { config } = doorSite(kind, { access: { ...ACCESS, freeAccess: undefined, ...access } });
  return siteOf({
    ...config,
    areas: [areaConfig('cabinet', { exitEnd: 'immediate' })],
    users: [
      ...config.users,
      userConfig('visiteur', { role: 'delivery', areas: [], doors: ['rue'], oneShot: true }),
      userConfig('livreur-matin', { role: 'delivery', areas: [], doors: ['rue'], hours: 'matin' }),
    ],
  });
};

const practice = (access: Partial<AccessConfig> = {}, kind?: LockKind): World => world(site(access, kind));
const isOn = (made: World): boolean => levelOf(made) === 'on';
const said = (made: World) => heard(made).map(({ kind, reason, user }) => [kind, reason, user].filter(Boolean).join(' '));
const notice = (made: World, at: string) => keypad(made, at).notice;
const refusedAt = (made: World, reader = 'rue') => {
  const shown = notice(made, reader);
  return shown?.kind === 'refused' ? shown.reason : undefined;
};

const credentials = suite('what the door wants to see');

/** Credential wanted × what is shown → opens, or the reason at the reader. */
const SHOWN: readonly (readonly [AccessConfig['credential'], 'code' | 'badge', string])[] = [
  ['code', 'code', 'opens'],
  ['code', 'badge', 'code-only'],
  ['badge', 'badge', 'opens'],
  ['badge', 'code', 'badge-only'],
  ['either', 'code', 'opens'],
  ['either', 'badge', 'opens'],
  ['both', 'code', 'badge-and-code'],
  ['both', 'badge', 'badge-and-code'],
];

for (const [credential, by, expected] of SHOWN) {
  credentials(`${credential}: ${by} ${expected}`, () => {
    const made = practice({ credential });
    enter(made, 'claire', by);
    assert.is(isOn(made) ? 'opens' : refusedAt(made), expected);
  });
}

credentials('badge, then code: opens; the badge of another, or half a minute later, does not', () => {
  const made = practice({ credential: 'both' });
  enter(made, 'claire', 'badge');
  assert.equal(told(made), [], 'half is no refusal');
  enter(made, 'doc');
  assert.not(isOn(made));
  enter(made, 'claire', 'badge');
  pass(made, 30 * SECOND + 1);
  enter(made, 'claire');
  assert.not(isOn(made));
  enter(made, 'claire', 'badge');
  enter(made, 'claire');
  assert.ok(isOn(made));
});

credentials('the badge at one reader is not half of the code at another', () => {
  const made = practice({ credential: 'both' });
  enter(made, 'claire', 'badge', 'dedans');
  enter(made, 'claire');
  assert.not(isOn(made));
});

credentials('no right to this door: told, with who it was', () => {
  const made = practice();
  enter(made, 'voisin');
  assert.equal(said(made), ['access-refused not-your-door voisin']);
  assert.is(refusedAt(made), 'not-your-door');
});

credentials.run();

const two = suite('two people');

two('one is told to wait for the second; the second opens', () => {
  const made = practice({ persons: 2 });
  enter(made, 'claire');
  assert.is(refusedAt(made), 'second-person');
  assert.equal(told(made), []);
  enter(made, 'doc', 'badge');
  assert.ok(isOn(made));
  assert.equal(said(made), ['access-granted doc']);
});

two('never the same person twice, nor later than half a minute, nor from the other side', () => {
  const made = practice({ persons: 2 });
  enter(made, 'claire');
  enter(made, 'claire', 'badge');
  assert.not(isOn(made));
  pass(made, 30 * SECOND);
  enter(made, 'doc');
  assert.not(isOn(made));
  enter(made, 'claire', 'code', 'dedans');
  assert.not(isOn(made));
});

two('somebody without a right to the door is not the second', () => {
  const made = practice({ persons: 2 });
  enter(made, 'claire');
  enter(made, 'voisin');
  assert.not(isOn(made));
  enter(made, 'doc');
  assert.ok(isOn(made), 'and spoils nothing');
});

two('from the desk one person does not open it', () => {
  const made = practice({ persons: 2 });
  give(made, { verb: 'open', zone: 50 }, { user: 'claire' });
  assert.not(isOn(made));
  assert.is(refusedAt(made, 'entree'), 'second-person');
});

two.run();

const passback = suite('anti-passback');
const goThrough = (made: World, user: string, reader: string): void => {
  enter(made, user, 'badge', reader);
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  pass(made, SECOND);
};
const told2 = (made: World) =>
  heard(made).flatMap(({ kind, user, detail }) => (kind === 'anti-passback' ? [`${user} ${detail?.['side']}`] : []));

passback('soft: the second time in opens, and is told', () => {
  const made = practice({ antiPassbackMs: ANTI_PASSBACK_MS });
  goThrough(made, 'claire', 'rue');
  assert.equal(told2(made), []);
  enter(made, 'claire', 'badge');
  assert.ok(isOn(made));
  assert.equal(told2(made), [], 'shown, not gone through');
  openLeaf(made);
  assert.equal(told2(made), ['claire in']);
});

passback('in, out, in: nothing; out twice is told as well; another person is another', () => {
  const made = practice({ antiPassbackMs: ANTI_PASSBACK_MS });
  for (const reader of ['rue', 'dedans', 'rue']) goThrough(made, 'claire', reader);
  goThrough(made, 'doc', 'rue');
  assert.equal(told2(made), []);
  goThrough(made, 'doc', 'dedans');
  goThrough(made, 'doc', 'dedans');
  assert.equal(told2(made), ['doc out']);
});

passback('forgotten after its time', () => {
  const made = practice({ antiPassbackMs: ANTI_PASSBACK_MS });
  goThrough(made, 'claire', 'rue');
  pass(made, ANTI_PASSBACK_MS);
  goThrough(made, 'claire', 'rue');
  assert.equal(told2(made), []);
});

passback('a release that nobody used is no passage; opening for somebody from the desk is none either', () => {
  const made = practice({ antiPassbackMs: ANTI_PASSBACK_MS });
  goThrough(made, 'claire', 'rue');
  enter(made, 'claire', 'badge');
  pass(made, 10 * SECOND);
  for (let patient = 0; patient < 2; patient += 1) {
    give(made, { verb: 'open', zone: 50 }, { user: 'doc' });
    openLeaf(made);
    pass(made, SECOND);
    shut(made);
  }
  assert.equal(told2(made), []);
});

passback.run();

const roles = suite('codes that only open doors');

/** Hours of 20:00 to 22:00 UTC; the world begins at 19:00. */
const morning = (made: World): void => {
  const windows = [{ schedule: 'matin', from: wall(START + HOUR), to: wall(START + 3 * HOUR) }];
  feed(made, { kind: 'calendar', windows, until: wall(START + 48 * HOUR) });
};

roles('a delivery in its hours opens, before and after them it is told why not', () => {
  const made = practice();
  morning(made);
  enter(made, 'livreur-matin');
  assert.is(refusedAt(made), 'out-of-hours');
  pass(made, HOUR);
  enter(made, 'livreur-matin');
  assert.ok(isOn(made));
  pass(made, 2 * HOUR);
  enter(made, 'livreur-matin');
  assert.is(refusedAt(made), 'out-of-hours');
  assert.not(isOn(made));
});

roles('while the clock is not set a delivery is refused, staff are not', () => {
  const made = practice();
  morning(made);
  setClock(made, 0, false);
  enter(made, 'livreur-matin');
  assert.is(refusedAt(made), 'clock-not-set');
  enter(made, 'claire');
  assert.ok(isOn(made));
});

roles('a delivery’s code does nothing at the keypad inside', () => {
  const made = practice();
  give(made, { verb: 'code' }, { user: 'livreur', way: at('entree') });
  assert.is(refusedAt(made, 'entree'), 'not-your-role');
  assert.not(isOn(made));
});

roles('a visitor comes in once; a refusal does not use the code up', () => {
  const made = practice();
  command(made, 'blocked');
  enter(made, 'visiteur');
  assert.is(refusedAt(made), 'door-blocked');
  command(made, 'locked');
  enter(made, 'visiteur');
  assert.ok(isOn(made));
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  pass(made, MINUTE);
  enter(made, 'visiteur');
  assert.is(refusedAt(made), 'used-up');
  assert.not(isOn(made));
});

roles('a wrong code is nobody: told without a name', () => {
  const made = practice();
  enter(made, undefined);
  assert.equal(said(made), ['code-refused unknown-code']);
});

roles.run();

const armed = suite('the area is set');

armed('badge, interphone, desk and delivery are refused, and the lock does not move', () => {
  const made = practice();
  set(made);
  told(made);
  enter(made, 'claire', 'badge');
  enter(made, 'livreur');
  pulse(made, 'interphone');
  give(made, { verb: 'open', zone: 50 }, { user: 'doc' });
  assert.equal(
    heard(made).map(({ kind, reason }) => `${kind} ${reason}`),
    Array.from({ length: 4 }, () => 'access-refused area-armed'),
  );
  assert.not(isOn(made));
  assert.is(state(made), 'armed full', 'opening the door is not disarming');
});

armed('one code of staff at the reader of the door disarms and opens', () => {
  const made = practice();
  set(made);
  told(made);
  enter(made, 'claire');
  assert.equal(told(made), ['disarmed', 'access-granted']);
  assert.ok(isOn(made));
});

armed('a guard, whose code serves once, gets in by it', () => {
  const made = practice();
  set(made);
  told(made);
  enter(made, 'garde');
  assert.equal(told(made), ['disarmed', 'access-granted']);
  pass(made, MINUTE);
  enter(made, 'garde');
  assert.is(refusedAt(made), 'used-up');
  assert.not(isOn(made));
});

armed('who comes back while the exit runs is let in again', () => {
  const { config } = site();
  const made = world(siteOf({ ...config, areas: [areaConfig('cabinet')] }));
  set(made);
  assert.is(state(made), 'exiting full');
  enter(made, 'claire');
  assert.is(state(made), 'disarmed');
  assert.ok(isOn(made));
});

armed('where the door wants the badge as well it only disarms', () => {
  const made = practice({ credential: 'both' });
  set(made);
  enter(made, 'claire');
  assert.is(state(made), 'disarmed');
  assert.not(isOn(made));
});

armed('whoever goes out by the reader is not told to stay, and is not locked in when the area is set meanwhile', () => {
  const made = practice({}, 'maglock');
  enter(made, 'claire', 'badge', 'dedans');
  set(made);
  assert.is(levelOf(made), 'off');
  pass(made, 5 * SECOND);
  assert.is(levelOf(made), 'on');
  enter(made, 'claire', 'badge', 'dedans');
  assert.is(levelOf(made), 'off');
});

armed('whoever was let in before it was set is not let in any more', () => {
  const made = practice({}, 'maglock');
  enter(made, 'claire');
  set(made);
  assert.is(levelOf(made), 'on');
});

armed.run();
