/** Asking to arm: every blocker with its reason, what a person may do about it, and what is left out until when. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AreaConfig, BlockerKind, BlockerPolicy } from '../../src/core/config.ts';
import type { Blocker } from '../../src/core/event.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { areaConfig, practice, practiceConfig } from '../support/site.ts';
import {
  askToArm,
  close,
  code,
  feed,
  give,
  isSounding,
  keypad,
  lastOf,
  leave,
  lose,
  open,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const withArea = (change: Partial<AreaConfig>): World => world(practice({ areas: [areaConfig('cabinet', change)] }));
const withPolicy = (kind: BlockerKind, policy: BlockerPolicy): World =>
  withArea({ blockers: { ...areaConfig('x').blockers, [kind]: policy } });

// ---- every blocker

const blockers = suite('what is in the way of arming');

type Way = { readonly make?: () => World; readonly cause: (site: World) => void; readonly expected: readonly Blocker[] };

const WAYS: Readonly<Record<string, Way>> = {
  'zone open': { cause: (site) => open(site, 'fenetre'), expected: [{ kind: 'zone-open', zone: 'fenetre' }] },
  'safe open': {
    cause: (site) => (open(site, 'armoire'), give(site, { verb: 'acknowledge' }, { user: 'claire' })),
    expected: [{ kind: 'zone-open', zone: 'armoire' }],
  },
  'latch not engaged': {
    cause: (site) => open(site, 'cour-gache'),
    expected: [{ kind: 'latch-open', door: 'cour', zone: 'cour-gache' }],
  },
  tamper: {
    cause: (site) => (open(site, 'capot'), give(site, { verb: 'acknowledge' }, { user: 'claire' })),
    expected: [{ kind: 'tamper', zone: 'capot' }],
  },
  fault: { cause: (site) => lose(site, 'salle'), expected: [{ kind: 'fault', zone: 'salle' }] },
  'mains lost': { cause: (site) => open(site, 'secteur'), expected: [{ kind: 'mains-lost', zone: 'secteur' }] },
  'no path': {
    cause: (site) => feed(site, { kind: 'condition', condition: 'all-paths-failed', subject: '', on: true }),
    expected: [{ kind: 'no-path' }],
  },
  'room not quiet': {
    cause: (site) => pulse(site, 'bureau'),
    expected: [{ kind: 'room-not-quiet', zone: 'bureau' }],
  },
  'check-list': {
    make: () => withArea({ checklist: [{ id: 'wc', text: 'Toilettes' }] }),
    cause: () => undefined,
    expected: [{ kind: 'checklist', item: 'wc' }],
  },
  memory: { cause: (site) => (pulse(site, 'capot'), undefined), expected: [{ kind: 'memory' }] },
};

for (const [name, { make = () => world(practice()), cause, expected }] of Object.entries(WAYS)) {
  blockers(`${name}: refused, with the reason, and nothing is armed`, () => {
    const site = make();
    cause(site);
    told(site);
    askToArm(site);
    assert.is(state(site), 'disarmed');
    assert.equal(told(site), ['arm-refused']);
    assert.equal(lastOf(site, 'arm-refused').blockers, expected);
    assert.equal(keypad(site).notice, { kind: 'refused', reason: 'blocked', blockers: expected });
    pass(site, HOUR);
    assert.is(state(site), 'disarmed');
  });

  blockers(`${name}: there is a way out for the person at the door`, () => {
    const site = make();
    cause(site);
    const inhibit = expected.flatMap((blocker) => (isLeftOut(blocker) && blocker.zone ? [blocker.zone] : []));
    leave(site, 'full', { override: true, inhibit });
    assert.is(state(site), 'armed full');
    const kinds = site.events.map(({ kind }) => kind);
    assert.ok(kinds.includes(inhibit.length > 0 ? 'inhibited' : 'arm-overridden'));
  });

  blockers(`${name}: forbidden by a stricter matrix, neither naming nor overriding helps`, () => {
    const [first] = expected;
    if (!first) throw new Error('no blocker');
    const checklist = make().site.config.areas[0]?.checklist ?? [];
    const site = withArea({ checklist, blockers: { ...areaConfig('x').blockers, [first.kind]: 'forbid' } });
    cause(site);
    leave(site, 'full', { override: true, inhibit: first.zone && isLeftOut(first) ? [first.zone] : [] });
    assert.is(state(site), 'disarmed');
  });
}

const isLeftOut = ({ kind }: Blocker): boolean => ['zone-open', 'latch-open', 'tamper', 'fault', 'masked'].includes(kind);

blockers('all of them at once, each once', () => {
  const site = world(practice());
  open(site, 'fenetre');
  lose(site, 'salle');
  open(site, 'secteur');
  pulse(site, 'bureau');
  askToArm(site);
  assert.equal(
    lastOf(site, 'arm-refused')
      .blockers?.map(({ kind }) => kind)
      .toSorted(),
    ['fault', 'mains-lost', 'room-not-quiet', 'zone-open'],
  );
});

blockers('overriding does not carry on over an open zone, naming it does', () => {
  const site = world(practice());
  open(site, 'fenetre');
  askToArm(site, 'full', { override: true });
  assert.is(state(site), 'disarmed');
  askToArm(site, 'full', { inhibit: ['fenetre'] });
  assert.is(state(site), 'exiting full');
});

blockers('a hold-up button in fault: carried on over, and live when its line is back', () => {
  const site = world(practice());
  lose(site, 'agression');
  leave(site);
  assert.is(state(site), 'disarmed');
  leave(site, 'full', { override: true });
  assert.is(state(site), 'armed full');
  close(site, 'agression');
  told(site);
  open(site, 'agression');
  assert.equal(told(site), ['holdup-audible']);
});

blockers('the silent button is in nobody’s way, in fault or pressed', () => {
  const site = world(practice());
  open(site, 'panique');
  lose(site, 'panique');
  leave(site);
  assert.is(state(site), 'armed full');
});

blockers('what the mode leaves out is in nobody’s way', () => {
  const site = world(practice());
  open(site, 'salle');
  leave(site, 'partial');
  assert.is(state(site), 'armed partial');
  const duty = world(practice());
  open(duty, 'salle');
  leave(duty, 'night');
  assert.is(state(duty), 'armed night');
});

blockers('a room is quiet after five minutes', () => {
  const site = world(practice());
  pulse(site, 'bureau');
  pass(site, 5 * MINUTE - 1);
  askToArm(site);
  assert.is(state(site), 'disarmed');
  pass(site, 1);
  askToArm(site);
  assert.is(state(site), 'exiting full');
});

blockers('never refused for the hour: arming without a clock', () => {
  const site = world(practice(), undefined, false);
  leave(site);
  assert.is(state(site), 'armed full');
});

blockers('a zone that is not bypassable, or that does not exist, is not left out', () => {
  const config = practiceConfig();
  const site = world(
    practice({ zones: config.zones.map((one) => (one.id === 'fenetre' ? { ...one, bypassable: false } : one)) }),
  );
  open(site, 'fenetre');
  askToArm(site, 'full', { inhibit: ['fenetre'] });
  assert.equal(keypad(site).notice, { kind: 'refused', reason: 'zone-not-bypassable', blockers: [] });
  assert.is(state(site), 'disarmed');
});

blockers('policy `override` on an open zone: out until it closes', () => {
  const site = withPolicy('zone-open', 'override');
  open(site, 'fenetre');
  leave(site, 'full', { override: true });
  assert.is(state(site), 'armed full');
  told(site);
  pass(site, HOUR);
  assert.equal(told(site), []);
});

blockers.run();

// ---- inhibit and isolate

const out = suite('inhibit and isolate');

out('inhibited: for one armed period, whatever the zone does, said at both ends with the user', () => {
  const site = world(practice());
  open(site, 'fenetre');
  leave(site, 'full', { inhibit: ['fenetre'] });
  assert.is(lastOf(site, 'inhibited').user, 'claire');
  told(site);
  for (let times = 0; times < 3; times += 1) pulse(site, 'fenetre');
  restart(site);
  pulse(site, 'fenetre');
  assert.not(told(site).includes('intrusion'));
  code(site);
  assert.ok(told(site).includes('inhibit-ended'));
  leave(site);
  assert.is(state(site), 'armed full');
  open(site, 'fenetre');
  assert.ok(told(site).includes('intrusion'));
});

out('isolated: until taken back, also over arming and disarming', () => {
  const site = world(practice());
  give(site, { verb: 'isolate', zone: 3, on: true }, { user: 'doc' });
  assert.equal(told(site), ['isolated']);
  open(site, 'fenetre');
  leave(site);
  pulse(site, 'fenetre');
  code(site);
  leave(site);
  told(site);
  pulse(site, 'fenetre');
  assert.equal(told(site), []);
  code(site);
  close(site, 'fenetre');
  give(site, { verb: 'isolate', zone: 3, on: false }, { user: 'doc' });
  assert.ok(told(site).includes('isolation-ended'));
  leave(site);
  pulse(site, 'fenetre');
  assert.ok(told(site).includes('intrusion'));
});

/** What stands active when it counts again: told then, since no edge will tell it. */
for (const [id, kind] of [
  ['capot', 'tamper'],
  ['fuite', 'technical'],
  ['feu', 'fire'],
] as const) {
  out(`${id} taken back while it is active: ${kind}`, () => {
    const site = world(practice());
    const { number } = site.site.zones.get(id)?.config ?? { number: 0 };
    give(site, { verb: 'isolate', zone: number, on: true }, { user: 'doc' });
    open(site, id);
    pass(site, MINUTE);
    assert.equal(told(site), ['isolated']);
    give(site, { verb: 'isolate', zone: number, on: false }, { user: 'doc' });
    pass(site, 1);
    assert.equal(told(site), ['isolation-ended', kind]);
  });
}

out('a box left out for the night because it stood open is a tamper again in the morning, without a siren', () => {
  const site = world(practice());
  open(site, 'capot');
  leave(site, 'full', { override: true, inhibit: ['capot'] });
  close(site, 'capot');
  open(site, 'capot');
  pass(site, HOUR);
  told(site);
  code(site);
  pass(site, 1);
  assert.equal(told(site), ['disarmed', 'inhibit-ended', 'tamper']);
  assert.not(isSounding(site, 'sirene-int'));
});

out('a safe left out for the night because it stood open: guarded from when it is closed, no siren in the morning', () => {
  const site = world(practice());
  give(site, { verb: 'isolate', zone: 7, on: true }, { user: 'doc' });
  open(site, 'armoire');
  give(site, { verb: 'isolate', zone: 7, on: false }, { user: 'doc' });
  pass(site, 1);
  assert.equal(told(site), ['isolated', 'isolation-ended', 'omitted']);
  code(site);
  assert.is(zone(site, 'armoire').omitted, 'until-closed');
  close(site, 'armoire');
  told(site);
  open(site, 'armoire');
  assert.equal(told(site), ['alarm-24h']);
});

out('a stuck fire contact that is isolated mutes the sirens no longer', () => {
  const site = world(practice());
  open(site, 'feu');
  give(site, { verb: 'isolate', zone: 11, on: true }, { user: 'doc' });
  pass(site, 1);
  pulse(site, 'agression');
  assert.ok(isSounding(site, 'sirene-int'));
});

out('night duty: entry doors are instant, duty zones are free', () => {
  const site = world(practice());
  leave(site, 'night');
  pass(site, 10 * MINUTE);
  told(site);
  pulse(site, 'salle');
  assert.equal(told(site), []);
  open(site, 'porte');
  assert.equal(told(site), ['intrusion']);
});

out.run();

// ---- key switch

const key = suite('key switch');

key('arms and disarms where it may, and the fault tone says when it cannot', () => {
  const site = world(practice());
  pulse(site, 'cle');
  assert.is(state(site), 'exiting full');
  pulse(site, 'porte');
  pass(site, MINUTE);
  pulse(site, 'cle');
  assert.is(state(site), 'disarmed');
  assert.is(lastOf(site, 'disarmed').cause, 'keyswitch');
  open(site, 'fenetre');
  pulse(site, 'cle');
  assert.is(state(site), 'disarmed');
  assert.ok(isSounding(site, 'bip'));
});

key('one that may only arm disarms nothing, and the other way round', () => {
  const config = practiceConfig();
  const only = (arms: boolean, disarms: boolean): World =>
    world(
      practice({
        zones: config.zones.map((one) => (one.id === 'cle' ? { ...one, keyswitch: { arms, disarms, mode: 'partial' } } : one)),
      }),
    );
  const arms = only(true, false);
  pulse(arms, 'cle');
  pass(arms, MINUTE);
  pulse(arms, 'cle');
  assert.is(state(arms), 'armed partial');
  const disarms = only(false, true);
  pulse(disarms, 'cle');
  assert.is(state(disarms), 'disarmed');
  leave(disarms);
  pulse(disarms, 'cle');
  assert.is(state(disarms), 'disarmed');
});

key('only a turn that was seen: not after a fault', () => {
  const site = world(practice());
  leave(site);
  lose(site, 'cle');
  pass(site, SECOND);
  open(site, 'cle');
  assert.is(state(site), 'armed full');
});

key.run();
