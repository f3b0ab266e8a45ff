/** Who may do what, where and when; wrong codes; what a covert code is told in spite of a refusal. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config, Role, UserConfig } from '../../src/core/config.ts';
import type { Refusal } from '../../src/core/event.ts';
import type { Request } from '../../src/core/input.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { areaConfig, keypadConfig, practice, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  at,
  close,
  code,
  feed,
  give,
  isSounding,
  keypad,
  lastOf,
  leave,
  open,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import { doorConfig } from './doorBench.ts';
import type { World } from '../support/world.ts';

const EVENING = Date.parse('2026-03-02T19:00:00Z');

const withUser = (id: string, change: Partial<UserConfig>): Config => {
  const config = practiceConfig();
  return { ...config, users: [...config.users.filter((user) => user.id !== id), userConfig(id, change)] };
};
const siteWith = (id: string, change: Partial<UserConfig>, clockSet = true): World =>
  world(practice(withUser(id, change)), undefined, clockSet);

const reasonAt = (site: World, id = 'entree'): Refusal | undefined => {
  const { notice } = keypad(site, id);
  return notice?.kind === 'refused' ? notice.reason : undefined;
};

// ---- roles

const roles = suite('roles');

const REQUESTS: Readonly<Record<string, Request>> = {
  arm: { verb: 'arm', mode: 'full', areas: [], override: false, inhibit: [] },
  disarm: { verb: 'disarm', areas: [] },
  code: { verb: 'code' },
  silence: { verb: 'silence' },
  'confirm-normal': { verb: 'confirm-normal' },
  acknowledge: { verb: 'acknowledge' },
  'reset-tamper': { verb: 'reset-tamper' },
  postpone: { verb: 'postpone' },
  tick: { verb: 'tick', item: 1 },
  'walk-test': { verb: 'walk-test' },
  exercise: { verb: 'exercise' },
  'on-test': { verb: 'on-test' },
  'allow-installer': { verb: 'allow-installer' },
  isolate: { verb: 'isolate', zone: 3, on: true },
};

const USER = Object.keys(REQUESTS).filter((verb) => !['reset-tamper', 'isolate'].includes(verb));
const ALLOWED: Readonly<Record<Role, readonly string[]>> = {
  owner: [...USER, 'isolate'],
  staff: USER,
  cleaner: ['arm', 'disarm', 'code', 'silence', 'tick'],
  delivery: ['silence'],
  guard: ['arm', 'disarm', 'code', 'silence'],
  installer: ['code', 'silence', 'acknowledge', 'reset-tamper', 'walk-test', 'on-test', 'isolate'],
};
const ROLES = Object.keys(ALLOWED).filter((role): role is Role => role in ALLOWED);

for (const role of ROLES) {
  for (const [verb, request] of Object.entries(REQUESTS)) {
    const isAllowed = ALLOWED[role].includes(verb);
    roles(`${role}: ${verb} ${isAllowed ? 'allowed' : 'refused'}`, () => {
      const site = siteWith('someone', { role });
      give(site, { verb: 'allow-installer' }, { user: 'doc' });
      give(site, request, { user: 'someone' });
      assert.is(reasonAt(site) !== 'not-your-role', isAllowed);
    });
  }
}

roles('the installer only while a user has allowed it, and for an hour', () => {
  const site = world(practice());
  code(site, 'tech');
  assert.is(reasonAt(site), 'installer-not-allowed');
  give(site, { verb: 'allow-installer' }, { user: 'claire' });
  code(site, 'tech');
  assert.is(reasonAt(site), undefined);
  pass(site, HOUR);
  code(site, 'tech');
  assert.is(reasonAt(site), 'installer-not-allowed');
});

roles('arming and a restart end it', () => {
  for (const end of [(site: World) => leave(site), (site: World) => restart(site)]) {
    const site = world(practice());
    give(site, { verb: 'allow-installer' }, { user: 'claire' });
    end(site);
    code(site, 'tech');
    assert.is(reasonAt(site), 'installer-not-allowed');
  }
});

roles("an installer's code alone disarms nothing, allowed or not", () => {
  const site = world(practice());
  leave(site);
  give(site, { verb: 'allow-installer' }, { user: 'claire' });
  code(site, 'tech');
  give(site, { verb: 'disarm', areas: [] }, { user: 'tech' });
  assert.is(state(site), 'armed full');
});

roles('from the centre one may ask to arm, and nothing else: not over a blocker, not leaving a zone out', () => {
  const way = { kind: 'remote', operator: 'pc' } as const;
  for (const request of Object.values(REQUESTS)) {
    const site = world(practice());
    leave(site);
    pulse(site, 'fenetre');
    const before = area(site);
    give(site, request, { user: 'doc', way });
    assert.is(state(site), 'armed full', request.verb);
    assert.equal(area(site).memory, before.memory);
  }
  const site = world(practice());
  open(site, 'fenetre');
  askToArm(site, 'full', { inhibit: ['fenetre'] }, { user: 'doc', way });
  askToArm(site, 'full', { override: true }, { user: 'doc', way });
  assert.is(state(site), 'disarmed');
  assert.is(lastOf(site, 'code-refused').reason, 'not-your-role');
  close(site, 'fenetre');
  askToArm(site, 'full', {}, { user: 'doc', way });
  assert.is(state(site), 'armed full');
});

roles.run();

// ---- when

const times = suite('hours and validity');

const hours = (site: World, from: number, to: number): void =>
  feed(site, { kind: 'calendar', windows: [{ schedule: 'menage', from, to }], until: wall(EVENING + 2 * DAY) });

times('within the hours, and not a millisecond longer', () => {
  const site = siteWith('someone', { role: 'cleaner', hours: 'menage' });
  hours(site, EVENING, EVENING + HOUR);
  code(site, 'someone');
  assert.is(reasonAt(site), undefined);
  pass(site, HOUR);
  code(site, 'someone');
  assert.is(reasonAt(site), 'out-of-hours');
});

const UNSET: readonly (readonly [Role, Refusal | undefined])[] = [
  ['owner', undefined],
  ['staff', undefined],
  ['cleaner', 'clock-not-set'],
  ['guard', 'clock-not-set'],
];
for (const [role, reason] of UNSET) {
  times(`clock not set: ${role} ${reason === undefined ? 'comes in' : 'is refused with the reason'}`, () => {
    const site = siteWith('someone', { role, hours: 'menage' }, false);
    hours(site, EVENING + 5 * HOUR, EVENING + 6 * HOUR);
    code(site, 'someone');
    assert.is(reasonAt(site), reason);
  });
  times(`clock not set: the same for dates (${role})`, () => {
    const site = siteWith('someone', { role, validFrom: EVENING, validUntil: EVENING + DAY }, false);
    code(site, 'someone');
    assert.is(reasonAt(site), reason);
  });
}

times('no calendar has come yet after a start: staff come in, others are out of hours', () => {
  for (const [role, reason] of [
    ['staff', undefined],
    ['cleaner', 'out-of-hours'],
  ] as const) {
    const site = siteWith('someone', { role, hours: 'menage' });
    code(site, 'someone');
    assert.is(reasonAt(site), reason);
  }
});

times('dates: not before, not after', () => {
  const early = siteWith('someone', { validFrom: EVENING + HOUR });
  code(early, 'someone');
  assert.is(reasonAt(early), 'not-yet-valid');
  pass(early, HOUR);
  code(early, 'someone');
  assert.is(reasonAt(early), undefined);
  const late = siteWith('someone', { validUntil: EVENING + HOUR });
  code(late, 'someone');
  assert.is(reasonAt(late), undefined);
  pass(late, HOUR);
  code(late, 'someone');
  assert.is(reasonAt(late), 'expired');
});

times('expired once by a clock that was set, expired for good: a power cut does not bring a code back', () => {
  const site = siteWith('someone', { validUntil: EVENING + HOUR });
  pass(site, 2 * HOUR);
  feed(site, { kind: 'clock', wall: wall(EVENING + 2 * HOUR), synchronised: true });
  restart(site, 'machine');
  code(site, 'someone');
  assert.is(reasonAt(site), 'expired');
});

times('nobody is refused arming for the hour, nor for a clock that is not set; disarming they are', () => {
  const late = siteWith('someone', { role: 'cleaner', hours: 'menage' });
  hours(late, EVENING - HOUR, EVENING);
  leave(late, 'full', {}, { user: 'someone' });
  assert.is(state(late), 'armed full');
  code(late, 'someone');
  assert.is(reasonAt(late), 'out-of-hours');
  const unset = siteWith('someone', { role: 'cleaner', hours: 'menage', validFrom: EVENING - DAY }, false);
  leave(unset, 'full', {}, { user: 'someone' });
  assert.is(state(unset), 'armed full');
});

times('an expired code arms nothing either', () => {
  const site = siteWith('someone', { validUntil: EVENING - HOUR });
  leave(site, 'full', {}, { user: 'someone' });
  assert.is(state(site), 'disarmed');
});

times.run();

// ---- where

const item = (id: string) => ({ id, text: id });

const places = suite('one-shot, refusals, choices');

places('a guard comes in once and arms again within half an hour', () => {
  const site = world(practice());
  leave(site);
  code(site, 'garde');
  assert.is(state(site), 'disarmed');
  code(site, 'garde');
  assert.is(reasonAt(site), 'used-up');
  pass(site, 20 * MINUTE);
  leave(site, 'full', {}, { user: 'garde' });
  assert.is(state(site), 'armed full');
  code(site, 'garde');
  assert.is(state(site), 'armed full');
});

places('a guard who does not: told, and armed without them', () => {
  const site = world(practice());
  leave(site);
  code(site, 'garde');
  told(site);
  open(site, 'fenetre');
  pass(site, 30 * MINUTE - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['late-to-arm', 'inhibited', 'arm-requested', 'armed']);
  assert.is(state(site), 'armed full');
});

places('somebody moves about: tried again, told once', () => {
  const site = world(practice());
  leave(site);
  code(site, 'garde');
  pass(site, 29 * MINUTE);
  pulse(site, 'bureau');
  told(site);
  pass(site, MINUTE);
  assert.equal(told(site), ['late-to-arm', 'arm-refused']);
  pass(site, 30 * MINUTE);
  assert.equal(told(site), ['arm-requested', 'armed']);
});

places('staff take over from the guard: nothing arms over their heads', () => {
  const site = world(practice());
  leave(site);
  code(site, 'garde');
  pass(site, 10 * MINUTE);
  code(site, 'claire');
  pass(site, HOUR);
  assert.is(state(site), 'disarmed');
});

places('every refusal has its reason', () => {
  const site = world(practice());
  give(site, { verb: 'disarm', areas: [] }, { user: 'claire' });
  assert.is(reasonAt(site), 'not-armed');
  give(site, { verb: 'confirm-normal' }, { user: 'claire' });
  assert.is(reasonAt(site), 'nothing-to-do');
  give(site, { verb: 'isolate', zone: 99, on: true }, { user: 'doc' });
  assert.is(reasonAt(site), 'no-such-zone');
  give(site, { verb: 'isolate', zone: 8, on: true }, { user: 'doc' });
  assert.is(reasonAt(site), 'zone-not-bypassable');
  give(site, { verb: 'code' }, { user: 'gone' });
  assert.is(reasonAt(site), 'unknown-code');
  leave(site);
  askToArm(site);
  assert.is(reasonAt(site), 'already-armed');
  give(site, { verb: 'isolate', zone: 3, on: true }, { user: 'doc' });
  assert.is(reasonAt(site), 'area-armed');
});

places('check-list items by the numbers that the keypad shows, whoever ticks', () => {
  const site = world(
    practice({
      areas: [areaConfig('a', { checklist: [item('a1')] }), areaConfig('b', { checklist: [item('b1'), item('b2')] })],
      zones: [],
      doors: [],
      outputs: [],
      keypads: [keypadConfig('entree', { areas: ['a', 'b'] })],
      users: [userConfig('ben', { areas: ['b'] })],
    }),
  );
  give(site, { verb: 'tick', item: 3 }, { user: 'ben' });
  assert.equal(area(site, 'b').ticked, ['b2']);
  give(site, { verb: 'tick', item: 1 }, { user: 'ben' });
  assert.is(reasonAt(site), 'not-your-area');
  assert.equal(area(site, 'a').ticked, []);
  give(site, { verb: 'tick', item: 4 }, { user: 'ben' });
  assert.is(reasonAt(site), 'nothing-to-do');
});

places('the check-list begins anew with each arming', () => {
  const site = world(practice({ areas: [areaConfig('cabinet', { checklist: [{ id: 'wc', text: 'Toilettes' }] })] }));
  leave(site);
  assert.equal(lastOf(site, 'arm-refused').blockers, [{ kind: 'checklist', item: 'wc' }]);
  give(site, { verb: 'tick', item: 1 }, { user: 'claire' });
  leave(site);
  assert.is(state(site), 'armed full');
  code(site);
  leave(site);
  assert.is(state(site), 'disarmed');
});

places.run();

// ---- wrong codes

const lockout = suite('lockout');

const wrong = (site: World, way = at('dehors'), times10 = 10): void => {
  for (let tries = 0; tries < times10; tries += 1) give(site, { verb: 'code' }, { way });
};

lockout('ten wrong ones lock for 90 s; the right code is refused meanwhile', () => {
  const site = world(practice());
  leave(site);
  wrong(site, at('dehors'), 9);
  assert.not(told(site).includes('lockout'));
  wrong(site, at('dehors'), 1);
  assert.ok(told(site).includes('lockout'));
  code(site);
  assert.is(state(site), 'disarmed', 'the keypad inside has its own counter');
  const again = world(practice());
  leave(again);
  wrong(again);
  give(again, { verb: 'code' }, { user: 'claire', way: at('dehors') });
  assert.is(reasonAt(again, 'dehors'), 'locked-out');
  assert.is(state(again), 'armed full');
  pass(again, 90 * SECOND);
  assert.ok(told(again).includes('lockout-ended'));
  give(again, { verb: 'code' }, { user: 'claire', way: at('dehors') });
  assert.is(state(again), 'disarmed');
});

lockout('then each further wrong one locks again, for 90 s from then', () => {
  const site = world(practice());
  wrong(site);
  pass(site, 90 * SECOND);
  told(site);
  wrong(site, at('dehors'), 1);
  assert.ok(told(site).includes('lockout'));
  pass(site, 60 * SECOND);
  wrong(site, at('dehors'), 1);
  pass(site, 90 * SECOND - 1);
  assert.not(told(site).includes('lockout-ended'));
  pass(site, 1);
  assert.ok(told(site).includes('lockout-ended'));
});

lockout('outside readers, page and centre count together', () => {
  const site = world(practice());
  wrong(site, at('dehors'), 4);
  for (let tries = 0; tries < 3; tries += 1) {
    give(site, { verb: 'code' }, { way: { kind: 'page' } });
    give(site, { verb: 'code' }, { way: { kind: 'remote', operator: 'pc' } });
  }
  assert.ok(told(site).includes('lockout'));
  give(site, REQUESTS['arm'] ?? { verb: 'code' }, { user: 'claire', way: { kind: 'page' } });
  assert.is(lastOf(site, 'code-refused').reason, 'locked-out');
});

lockout('slow guessing: what is older than a quarter of an hour is forgotten', () => {
  const site = world(practice());
  for (let tries = 0; tries < 40; tries += 1) {
    wrong(site, at('dehors'), 1);
    pass(site, 100 * SECOND);
  }
  assert.not(told(site).includes('lockout'));
});

lockout("a success clears nobody else's failures", () => {
  const site = world(practice());
  wrong(site, at('dehors'), 9);
  give(site, { verb: 'code' }, { user: 'claire', way: at('dehors') });
  wrong(site, at('dehors'), 1);
  assert.ok(told(site).includes('lockout'));
});

lockout('badges never lock, and are heard through a lockout', () => {
  const site = world(practice());
  for (let tries = 0; tries < 30; tries += 1) give(site, { verb: 'code' }, { way: at('dehors'), by: 'badge' });
  assert.not(told(site).includes('lockout'));
  wrong(site);
  give(site, { verb: 'code' }, { user: 'claire', way: at('dehors'), by: 'badge' });
  assert.is(reasonAt(site, 'dehors'), 'badge-and-code');
});

lockout('a code typed while locked and judged after is refused', () => {
  const site = world(practice());
  leave(site);
  wrong(site);
  pass(site, 90 * SECOND - 100);
  give(site, { verb: 'code' }, { user: 'claire', way: at('dehors'), delayMs: 500 });
  assert.is(reasonAt(site, 'dehors'), 'locked-out');
  assert.is(state(site), 'armed full');
});

lockout('a restart does not open it', () => {
  const site = world(practice());
  wrong(site);
  restart(site, 'machine', HOUR);
  give(site, { verb: 'code' }, { user: 'claire', way: at('dehors') });
  assert.is(reasonAt(site, 'dehors'), 'locked-out');
});

lockout.run();

// ---- duress in spite of a refusal

const duress = suite('a covert code that is refused');

const REFUSED: Readonly<Record<string, () => World>> = {
  'out of hours': () => siteWith('claire', { hours: 'jour' }),
  'out of their areas': () => siteWith('claire', { areas: [] }),
  'during a lockout': () => {
    const site = world(practice());
    wrong(site, at('entree'));
    return site;
  },
  expired: () => siteWith('claire', { validUntil: EVENING - DAY }),
  'not their role': () => siteWith('claire', { role: 'delivery' }),
  'installer not allowed': () => siteWith('claire', { role: 'installer' }),
};

for (const [what, make] of Object.entries(REFUSED)) {
  for (const [meaning, kind] of [
    ['duress', 'duress'],
    ['not-normal', 'opening-not-normal'],
  ] as const) {
    duress(`${what}: ${meaning} is refused like any other, and told`, () => {
      const [plain, secret] = [make(), make()];
      for (const site of [plain, secret]) {
        if (what === 'out of hours') feed(site, { kind: 'calendar', windows: [], until: wall(EVENING + DAY) });
      }
      if (what === 'out of hours') for (const site of [plain, secret]) site.mark = site.events.length;
      code(plain);
      code(secret, 'claire', meaning);
      assert.equal(keypad(secret).notice, keypad(plain).notice);
      assert.equal(area(secret), area(plain));
      const heard = told(secret);
      assert.is(heard.filter((one) => one === kind).length, 1);
      assert.not(told(plain).includes(kind));
    });
  }
}

duress('accepted: the site disarms, and it is told once', () => {
  const site = world(practice());
  leave(site);
  told(site);
  code(site, 'claire', 'duress');
  assert.is(state(site), 'disarmed');
  assert.equal(told(site), ['duress', 'disarmed']);
  assert.is(lastOf(site, 'duress').user, 'claire');
});

duress.run();

// ---- hold-up

const holdup = suite('hold-up');

holdup('silent: told at once, nothing to see or hear; restored when it is let go', () => {
  const site = world(practice());
  open(site, 'panique');
  assert.equal(told(site), ['holdup-silent']);
  assert.equal([area(site).alarms, area(site).memory, area(site).siren], [[], [], undefined]);
  close(site, 'panique');
  assert.equal(told(site), ['holdup-restored']);
});

holdup('a second device within eight hours verifies, once', () => {
  const site = world(practice());
  pulse(site, 'panique');
  pass(site, 8 * HOUR - 1);
  pulse(site, 'agression');
  assert.is(told(site).filter((kind) => kind === 'holdup-verified').length, 1);
  pulse(site, 'panique');
  assert.not(told(site).includes('holdup-verified'));
});

holdup('the same device again, or eight hours later, does not', () => {
  const site = world(practice());
  pulse(site, 'panique');
  pulse(site, 'panique');
  assert.not(told(site).includes('holdup-verified'));
  pass(site, 8 * HOUR);
  pulse(site, 'agression');
  assert.not(told(site).includes('holdup-verified'));
});

holdup('a duress code does, also a refused one, also over a restart', () => {
  const site = siteWith('claire', { areas: [] });
  pulse(site, 'panique');
  restart(site);
  told(site);
  code(site, 'claire', 'duress');
  assert.ok(told(site).includes('holdup-verified'));
});

holdup('never marked as an exercise', () => {
  const site = world(practice());
  give(site, { verb: 'exercise' }, { user: 'doc' });
  pulse(site, 'panique');
  assert.is(lastOf(site, 'holdup-silent').exercise, false);
});

holdup.run();

// ---- badge and code at the cupboard

const cupboard = suite('safe and drug cupboard');

const cupboardAt = at('armoire');
const badge = (site: World, user = 'claire'): void => give(site, { verb: 'code' }, { user, way: cupboardAt, by: 'badge' });
const pin = (site: World, user = 'claire'): void => give(site, { verb: 'code' }, { user, way: cupboardAt });

cupboard('badge and code: open without alarm until it is closed', () => {
  const site = world(practice());
  badge(site);
  pin(site);
  assert.equal(told(site), ['shunted']);
  open(site, 'armoire');
  pass(site, HOUR);
  assert.equal(told(site), []);
  close(site, 'armoire');
  assert.equal(told(site), ['shunt-ended']);
  open(site, 'armoire');
  assert.equal(told(site), ['alarm-24h']);
});

cupboard('not opened within a minute, it is guarded again', () => {
  const site = world(practice());
  badge(site);
  pin(site);
  pass(site, MINUTE);
  told(site);
  open(site, 'armoire');
  assert.equal(told(site), ['alarm-24h']);
});

const NOT_OPENED: Readonly<Record<string, readonly [(site: World) => void, Refusal]>> = {
  'a code alone': [(site) => pin(site), 'badge-and-code'],
  'a badge alone': [(site) => badge(site), 'badge-and-code'],
  "somebody else's badge": [(site) => (badge(site, 'doc'), pin(site)), 'badge-and-code'],
  'the badge half a minute ago': [(site) => (badge(site), pass(site, 31 * SECOND), pin(site)), 'badge-and-code'],
  'the area armed': [(site) => (leave(site), badge(site), pin(site)), 'area-armed'],
  'a cleaner': [(site) => (badge(site, 'menage'), pin(site, 'menage')), 'not-your-role'],
  'a guard': [(site) => (badge(site, 'garde'), pin(site, 'garde')), 'not-your-role'],
};

for (const [what, [act, reason]] of Object.entries(NOT_OPENED)) {
  cupboard(`${what}: refused`, () => {
    const site = world(practice());
    act(site);
    assert.is(reasonAt(site, 'armoire'), reason);
    assert.is(zone(site, 'armoire').shunted, undefined);
    told(site);
    open(site, 'armoire');
    assert.equal(told(site), ['alarm-24h']);
  });
}

cupboard('only for people of its area', () => {
  const site = siteWith('claire', { areas: ['cave'] });
  badge(site);
  pin(site);
  assert.is(reasonAt(site, 'armoire'), 'not-your-area');
  assert.is(zone(site, 'armoire').shunted, undefined);
});

cupboard('kept over a restart, with the minute that is left', () => {
  const site = world(practice());
  badge(site);
  pin(site);
  pass(site, 40 * SECOND);
  restart(site);
  open(site, 'armoire');
  assert.not(told(site).includes('alarm-24h'));
  close(site, 'armoire');
  assert.ok(told(site).includes('shunt-ended'));
});

/** The cupboard has a door of its own, with a latch contact and a sounder. */
const latched = (): World => {
  const config = practiceConfig();
  return world(
    practice({
      zones: [...config.zones, zoneConfig('armoire-gache', 'latch', { confirmGroup: 'armoire' })],
      doors: [...config.doors, doorConfig('armoire', 'armoire', 'armoire-gache')],
      outputs: config.outputs.map((output) =>
        output.role.kind === 'sounder' ? { ...output, role: { ...output.role, doors: ['armoire'] } } : output,
      ),
    }),
  );
};

cupboard('opened with badge and code and left open: the ladder of a door, not an alarm', () => {
  const site = latched();
  badge(site);
  pin(site);
  open(site, 'armoire-gache');
  open(site, 'armoire');
  pass(site, 31 * SECOND);
  assert.ok(isSounding(site, 'ronfleur'));
  pass(site, MINUTE);
  assert.equal(told(site), ['shunted', 'door-left-open']);
});

cupboard('shunted until closed and latched: closed alone is not enough', () => {
  const site = latched();
  badge(site);
  pin(site);
  open(site, 'armoire-gache');
  open(site, 'armoire');
  close(site, 'armoire');
  assert.ok(zone(site, 'armoire').shunted);
  pass(site, 20 * SECOND);
  assert.ok(isSounding(site, 'ronfleur'), 'badly locked');
  close(site, 'armoire-gache');
  assert.is(zone(site, 'armoire').shunted, undefined);
  told(site);
  open(site, 'armoire');
  assert.equal(told(site), ['alarm-24h']);
});

cupboard('under duress it opens like for anybody, and it is told', () => {
  const site = world(practice());
  badge(site);
  give(site, { verb: 'code' }, { user: 'claire', meaning: 'duress', way: cupboardAt });
  assert.equal(told(site), ['duress', 'shunted']);
});

cupboard.run();
