/** Every state of an area × every type of zone: what opening it makes, also where nothing may happen. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ZoneType } from '../../src/core/config.ts';
import type { EventKind } from '../../src/core/event.ts';
import type { Request } from '../../src/core/input.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { practice, practiceConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  close,
  code,
  feed,
  give,
  isSounding,
  leave,
  lose,
  open,
  pass,
  pulse,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

/** One more zone of each kind that the practice has not yet. */
const site = () => {
  const config = practiceConfig();
  return practice({
    zones: [
      ...config.zones,
      zoneConfig('porte2', 'entry-exit'),
      zoneConfig('batterie', 'battery-low'),
      zoneConfig('chargeur', 'charger-fault'),
      zoneConfig('defaut-sirene', 'siren-fault'),
      zoneConfig('sortie', 'exit-request'),
      zoneConfig('interphone', 'door-request'),
      zoneConfig('bequille', 'door-permit'),
      zoneConfig('sonnette', 'bell'),
      zoneConfig('pene', 'bolt'),
      zoneConfig('boitier-vert', 'green-box'),
    ],
  });
};

const ZONE_OF: Readonly<Record<ZoneType, string>> = {
  'entry-exit': 'porte2',
  follower: 'hall',
  instant: 'fenetre',
  interior: 'salle',
  tamper: 'capot',
  '24h': 'armoire',
  'holdup-silent': 'panique',
  'holdup-audible': 'agression',
  'exit-guard': 'cour',
  latch: 'cour-gache',
  technical: 'fuite',
  keyswitch: 'cle',
  'push-to-set': 'pousser',
  'fire-sense': 'feu',
  mains: 'secteur',
  'battery-low': 'batterie',
  'charger-fault': 'chargeur',
  'siren-fault': 'defaut-sirene',
  'exit-request': 'sortie',
  'door-request': 'interphone',
  'door-permit': 'bequille',
  bell: 'sonnette',
  bolt: 'pene',
  'green-box': 'boitier-vert',
};

const armedIn = (mode: 'full' | 'partial' | 'night'): World => {
  const made = world(site());
  leave(made, mode);
  pass(made, 10 * MINUTE);
  return made;
};

const STATES = {
  disarmed: () => world(site()),
  exiting: () => {
    const made = world(site());
    askToArm(made);
    pass(made, 10 * SECOND);
    return made;
  },
  full: () => armedIn('full'),
  partial: () => armedIn('partial'),
  night: () => armedIn('night'),
  entering: () => {
    const made = armedIn('full');
    open(made, 'porte');
    pass(made, 5 * SECOND);
    return made;
  },
  alarm: () => {
    const made = armedIn('full');
    pulse(made, 'cour');
    pass(made, 5 * SECOND);
    return made;
  },
} as const;

type StateName = keyof typeof STATES;
/** Events, and the siren that sounds because of it: nothing, indoors, everywhere. */
type Cell = readonly [events: readonly EventKind[], siren: '' | 'in' | 'out'];
const NOTHING: Cell = [[], ''];
const INTRUSION: Cell = [['intrusion'], 'out'];
const HELD: Cell = [['alarm-held'], 'in'];
const SECOND_ZONE: Cell = [['intrusion', 'intrusion-confirmed'], 'out'];
const RUNS: Cell = [[], 'out'];
const everywhere = (cell: Cell): Readonly<Record<StateName, Cell>> => ({
  disarmed: cell,
  exiting: cell,
  full: cell,
  partial: cell,
  night: cell,
  entering: cell,
  alarm: [cell[0], 'out'],
});

const TABLE: Readonly<Record<ZoneType, Readonly<Record<StateName, Cell>>>> = {
  'entry-exit': {
    disarmed: NOTHING,
    exiting: NOTHING,
    full: [['entry-started'], ''],
    partial: [['entry-started'], ''],
    night: INTRUSION,
    entering: NOTHING,
    alarm: [['entry-started'], 'out'],
  },
  follower: {
    disarmed: NOTHING,
    exiting: NOTHING,
    full: INTRUSION,
    partial: INTRUSION,
    night: INTRUSION,
    entering: NOTHING,
    alarm: SECOND_ZONE,
  },
  instant: {
    disarmed: NOTHING,
    exiting: NOTHING,
    full: INTRUSION,
    partial: INTRUSION,
    night: INTRUSION,
    entering: HELD,
    alarm: SECOND_ZONE,
  },
  interior: {
    disarmed: NOTHING,
    exiting: NOTHING,
    full: INTRUSION,
    partial: NOTHING,
    // `salle` is marked `duty`.
    night: NOTHING,
    entering: HELD,
    alarm: SECOND_ZONE,
  },
  'exit-guard': {
    disarmed: NOTHING,
    exiting: NOTHING,
    full: INTRUSION,
    partial: INTRUSION,
    night: INTRUSION,
    entering: HELD,
    // The same zone again: told, and no second zone.
    alarm: [['intrusion'], 'out'],
  },
  tamper: {
    ...everywhere([['tamper'], '']),
    full: [['tamper'], 'out'],
    partial: [['tamper'], 'out'],
    night: [['tamper'], 'out'],
    entering: [['tamper'], 'out'],
  },
  '24h': everywhere([['alarm-24h'], 'out']),
  'holdup-silent': everywhere([['holdup-silent'], '']),
  'holdup-audible': everywhere([['holdup-audible'], 'out']),
  technical: everywhere([['technical'], '']),
  // Fire mutes the sirens.
  'fire-sense': { ...everywhere([['fire'], '']), alarm: [['fire'], ''] },
  latch: { ...everywhere(NOTHING), alarm: RUNS },
  keyswitch: {
    disarmed: [['arm-requested'], ''],
    exiting: [['arm-cancelled'], ''],
    full: [['disarmed'], ''],
    partial: [['disarmed'], ''],
    night: [['disarmed'], ''],
    entering: [['disarmed'], ''],
    alarm: [['alarm-cancelled', 'disarmed'], ''],
  },
  'push-to-set': everywhere(NOTHING),
  mains: everywhere(NOTHING),
  'battery-low': everywhere(NOTHING),
  'charger-fault': everywhere(NOTHING),
  'siren-fault': everywhere(NOTHING),
  // inputs of a door: none of them belongs to one here
  'exit-request': everywhere(NOTHING),
  'door-request': everywhere(NOTHING),
  'door-permit': everywhere(NOTHING),
  bell: everywhere(NOTHING),
  bolt: everywhere(NOTHING),
  'green-box': everywhere(NOTHING),
};

const sirenOf = (made: World): Cell[1] => {
  if (isSounding(made, 'sirene-ext')) return 'out';
  return isSounding(made, 'sirene-int') ? 'in' : '';
};

const STATE_NAMES = Object.keys(STATES).filter((name): name is StateName => name in STATES);
const TYPES = Object.keys(TABLE).filter((type): type is ZoneType => type in TABLE);

const opening = suite('a zone is opened');

for (const name of STATE_NAMES) {
  for (const type of TYPES) {
    opening(`${name} × ${type}`, () => {
      const made = STATES[name]();
      told(made, 'chime');
      const before = area(made).arming.state;
      open(made, ZONE_OF[type]);
      const [events, siren] = TABLE[type][name];
      assert.equal(told(made), events);
      assert.is(sirenOf(made), siren);
      const moves = type === 'keyswitch' || events.includes('entry-started');
      if (!moves) assert.is(area(made).arming.state, before, 'an alarm never changes the arming state');
    });
  }
}

opening.run();

// ---- what a person asks for

const asked = suite('a person asks');

const ARM: Request = { verb: 'arm', mode: 'partial', areas: [], override: true, inhibit: [] };
const OTHER_REQUESTS: readonly Request[] = [
  { verb: 'silence' },
  { verb: 'confirm-normal' },
  { verb: 'acknowledge' },
  { verb: 'reset-tamper' },
  { verb: 'postpone' },
  { verb: 'tick', item: 1 },
  { verb: 'walk-test' },
  { verb: 'exercise' },
  { verb: 'on-test' },
  { verb: 'allow-installer' },
  { verb: 'isolate', zone: 3, on: true },
];

for (const name of STATE_NAMES) {
  for (const request of [ARM, { verb: 'disarm', areas: [] }, { verb: 'code' }, ...OTHER_REQUESTS] as const) {
    asked(`${name} × ${request.verb}`, () => {
      const made = STATES[name]();
      const before = state(made);
      told(made);
      give(made, request, { user: 'doc' });
      const ends = request.verb === 'disarm' || request.verb === 'code';
      const begins = request.verb === 'arm' && name === 'disarmed';
      assert.is(state(made), begins ? 'exiting partial' : ends ? 'disarmed' : before);
      const kinds = told(made);
      assert.is(kinds.includes('disarmed'), ends && !['disarmed', 'exiting'].includes(name));
      assert.is(kinds.includes('arm-cancelled'), ends && name === 'exiting');
      assert.is(kinds.includes('alarm-cancelled'), ends && name === 'alarm');
    });
  }

  asked(`${name} × the wrong person, a wrong code, a badge alone`, () => {
    for (const given of [{ user: 'tech' }, {}, { user: 'claire', by: 'badge' as const }]) {
      const made = STATES[name]();
      const before = area(made);
      give(made, { verb: 'code' }, given);
      give(made, { verb: 'disarm', areas: [] }, given);
      assert.equal(area(made), before);
    }
  });
}

asked.run();

// ---- what must never do anything

const quiet = suite('nothing may happen');

/** Inputs that are no act and no alarm, whatever the area does. */
const HARMLESS: Readonly<Record<string, (made: World) => void>> = {
  'a tick': (made) => feed(made, { kind: 'tick' }),
  'a level said again': (made) => close(made, 'fenetre'),
  'a line that is not ours': (made) => feed(made, { kind: 'reading', line: 'other', reading: { kind: 'level', level: 1 } }),
  'a calendar without windows': (made) =>
    feed(made, { kind: 'calendar', windows: [], until: made.state.durable.clock.highWater }),
  'a choice that nobody was asked for': (made) => feed(made, { kind: 'choice', keypad: 'entree', number: 1 }),
};

for (const name of STATE_NAMES) {
  for (const [what, act] of Object.entries(HARMLESS)) {
    quiet(`${name} × ${what}`, () => {
      const made = STATES[name]();
      told(made);
      const before = area(made);
      act(made);
      assert.equal(told(made), []);
      assert.is(area(made), before);
    });
  }
}

/** Only a person's act disarms. Everything else that can happen, for an hour, in every set state. */
const ACTS: Readonly<Record<string, (made: World) => void>> = {
  'a wrong code': (made) => code(made, 'nobody'),
  'the siren ends': (made) => pass(made, 10 * MINUTE),
  'every zone opens and closes': (made) => {
    for (const { id, type } of made.site.config.zones) if (type !== 'keyswitch') pulse(made, id);
  },
  'every line is lost': (made) => {
    for (const { id } of made.site.config.zones) lose(made, id);
  },
  'the broker is lost': (made) => feed(made, { kind: 'condition', condition: 'all-paths-failed', subject: '', on: true }),
};

for (const name of ['full', 'partial', 'night', 'entering', 'alarm'] as const) {
  for (const [what, act] of Object.entries(ACTS)) {
    quiet(`${name} × ${what}: never disarmed`, () => {
      const made = STATES[name]();
      const { arming } = area(made);
      act(made);
      pass(made, 60 * MINUTE);
      const now = area(made).arming;
      assert.is(now.state, 'armed');
      assert.is(now.state === 'armed' && now.mode, arming.state !== 'disarmed' && arming.mode);
      assert.not(told(made).includes('disarmed'));
    });
  }
}

quiet.run();

// ---- lost and regained lines

const lines = suite('a line is lost and comes back');

for (const name of STATE_NAMES) {
  for (const type of TYPES) {
    lines(`${name} × ${type}: closed, lost, closed`, () => {
      const made = STATES[name]();
      told(made);
      const before = state(made);
      lose(made, ZONE_OF[type]);
      pass(made, 2 * SECOND);
      close(made, ZONE_OF[type]);
      assert.equal(told(made), ['zone-fault', 'zone-fault-restored']);
      assert.is(state(made), before);
    });
  }
}

/** Open all along: what was dealt with when it opened is not dealt with again. */
for (const type of ['instant', 'interior', 'exit-guard', '24h', 'holdup-audible', 'holdup-silent', 'fire-sense'] as const) {
  lines(`armed × ${type}: open, lost, open`, () => {
    const made = STATES.full();
    open(made, ZONE_OF[type]);
    told(made);
    lose(made, ZONE_OF[type]);
    pass(made, 2 * SECOND);
    open(made, ZONE_OF[type]);
    assert.equal(told(made), ['zone-fault', 'zone-fault-restored']);
  });
}

lines('left out, lost, back open: still left out', () => {
  const made = world(site());
  open(made, 'fenetre');
  leave(made, 'full', { inhibit: ['fenetre'] });
  told(made);
  lose(made, 'fenetre');
  pass(made, MINUTE);
  open(made, 'fenetre');
  close(made, 'fenetre');
  open(made, 'fenetre');
  assert.equal(told(made), ['zone-fault', 'zone-fault-restored']);
});

lines('omitted after the siren, lost, back open: still omitted; closed: live again', () => {
  const made = STATES.full();
  open(made, 'fenetre');
  pass(made, 3 * MINUTE);
  assert.is(zone(made, 'fenetre').omitted, 'until-closed');
  told(made);
  lose(made, 'fenetre');
  pass(made, 2 * SECOND);
  open(made, 'fenetre');
  assert.equal(told(made), ['zone-fault', 'zone-fault-restored']);
  close(made, 'fenetre');
  assert.equal(told(made), ['reincluded', 'intrusion-restored']);
  open(made, 'fenetre');
  assert.equal(told(made), ['intrusion']);
});

lines('opened while nobody heard it: an alarm', () => {
  const made = STATES.full();
  lose(made, 'fenetre');
  pass(made, 2 * SECOND);
  told(made);
  open(made, 'fenetre');
  assert.equal(told(made), ['zone-fault-restored', 'intrusion']);
});

lines.run();

// ---- faults while armed

const faults = suite('faults while armed');

faults('ten seconds of fault raise one tamper alarm with siren, and it ends with the fault', () => {
  const made = STATES.full();
  told(made);
  lose(made, 'fenetre');
  pass(made, 10 * SECOND - 1);
  assert.equal(told(made), ['zone-fault']);
  pass(made, 1);
  assert.equal(told(made), ['tamper']);
  assert.ok(isSounding(made, 'sirene-ext'));
  pass(made, 60 * MINUTE);
  assert.equal(told(made), []);
  close(made, 'fenetre');
  assert.equal(told(made), ['zone-fault-restored', 'tamper-restored']);
});

faults('disarmed meanwhile, the tamper still ends with the fault', () => {
  const made = STATES.full();
  lose(made, 'fenetre');
  pass(made, 11 * SECOND);
  code(made);
  told(made);
  close(made, 'fenetre');
  assert.equal(told(made), ['zone-fault-restored', 'tamper-restored']);
  assert.equal(area(made).alarms, []);
});

faults('nothing of it while disarmed, for a zone left out, or out of the mode', () => {
  const idle = STATES.disarmed();
  lose(idle, 'fenetre');
  pass(idle, MINUTE);
  assert.equal(told(idle), ['zone-fault']);
  const partial = STATES.partial();
  told(partial);
  lose(partial, 'bureau');
  pass(partial, MINUTE);
  assert.equal(told(partial), ['zone-fault']);
});

faults('`report`: told, and nothing else', () => {
  const config = practiceConfig();
  const made = world(
    practice({ zones: config.zones.map((one) => (one.id === 'fenetre' ? { ...one, faultWhenArmed: 'report' } : one)) }),
  );
  leave(made);
  told(made);
  lose(made, 'fenetre');
  pass(made, MINUTE);
  assert.equal(told(made), ['zone-fault']);
});

/** Never still for longer than a debounce, for so long. */
const chatter = (made: World, id: string, forMs: number): void => {
  for (let ms = 0; ms < forMs; ms += 10) {
    if (ms % 20 === 0) open(made, id);
    else close(made, id);
    pass(made, 10);
  }
  close(made, id);
};

const loose = (): World => {
  const config = practiceConfig();
  return world(
    practice({ zones: config.zones.map((one) => (['fenetre', 'salle'].includes(one.id) ? { ...one, debounceMs: 20 } : one)) }),
  );
};

faults('chatter that never settles for a second: a fault by day, an alarm while armed', () => {
  const idle = loose();
  chatter(idle, 'fenetre', 1_200);
  assert.equal(told(idle), ['zone-fault']);
  const set = loose();
  leave(set);
  told(set);
  chatter(set, 'fenetre', 1_200);
  assert.equal(told(set), ['zone-fault', 'intrusion']);
  pass(set, 5 * SECOND);
  assert.equal(told(set), ['zone-fault-restored', 'intrusion-restored']);
});

faults('chatter off the mode, left out, or for less than a second is no alarm', () => {
  const short = loose();
  leave(short);
  chatter(short, 'fenetre', 600);
  const partial = loose();
  leave(partial, 'partial');
  chatter(partial, 'salle', 1_200);
  const inhibited = loose();
  leave(inhibited, 'full', { inhibit: ['fenetre'] });
  chatter(inhibited, 'fenetre', 1_200);
  for (const made of [short, partial, inhibited]) assert.not(told(made).includes('intrusion'));
});

faults('a zone in soak is logged only, and real when its days are over', () => {
  const config = practiceConfig();
  const made = world(
    practice({ zones: config.zones.map((one) => (one.id === 'fenetre' ? { ...one, soakDays: 1, bypassable: true } : one)) }),
  );
  leave(made);
  told(made);
  pulse(made, 'fenetre');
  assert.equal(told(made), ['soak-activation']);
  pass(made, 24 * 60 * MINUTE);
  told(made);
  pulse(made, 'fenetre');
  assert.equal(told(made), ['intrusion', 'intrusion-restored']);
});

faults.run();
