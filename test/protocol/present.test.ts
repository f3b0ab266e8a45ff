/** The retained state of a site: what Home Assistant and the centre see, and what nobody may see. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialState } from '../../src/core/initial.ts';
import type { ActiveAlarm, AreaState, Arming, DoorState, Durable, State } from '../../src/core/state.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import type { DoorWord, LockWord } from '../../src/core/words/words.ts';
import { areaStateOf, doorStateOf, healthStateOf, presentState, zoneStateOf } from '../../src/protocol/present.ts';
import type { DoorQuestions } from '../../src/protocol/present.ts';
import { doorStateSchema } from '../../src/protocol/stateMessages.ts';
import type { DoorStateMessage, PanelWord } from '../../src/protocol/stateMessages.ts';
import { practice } from '../support/site.ts';
import { eventOf } from './samples.ts';

const test = suite('the present state as it is told');

const site = practice();
const t0 = monotonic(0);
const fresh = initialState(site, t0);
const who = { user: 'claire', cause: 'keypad', keypad: 'entree' } as const;

const ASK: DoorQuestions = { doorMode: () => 'locked', lockStatus: () => 'none' };

const withArea = (change: Partial<AreaState>): Durable => ({
  ...fresh.durable,
  areas: fresh.durable.areas.map((area) => ({ ...area, ...change })),
});

const textOf = ({ durable }: Pick<State, 'durable'>): string =>
  presentState(site, { ...fresh, durable }, ASK)
    .map(({ topic, payload }) => `${topic} ${new TextDecoder().decode(payload)}`)
    .join('\n');

const shown = (change: Partial<AreaState>) => {
  const [place] = site.areas.values();
  return place && areaStateOf(site, place, withArea(change));
};

const armed: Arming = { state: 'armed', since: t0, mode: 'full', who };
const entering: Arming = { state: 'entering', since: t0, mode: 'full', who, armedSince: t0, zone: 'porte', exitError: false };
const exiting: Arming = {
  state: 'exiting',
  since: t0,
  mode: 'full',
  who,
  doorOpened: false,
  restarted: false,
  opened: [],
  overridden: [],
};

const alarm = (kind: ActiveAlarm['kind'], zone?: string): ActiveAlarm => ({ kind, zone, door: undefined, since: t0 });

const words: readonly (readonly [string, Partial<AreaState>, PanelWord])[] = [
  ['disarmed', {}, 'disarmed'],
  ['armed in full', { arming: armed }, 'armed_away'],
  ['armed in part', { arming: { ...armed, mode: 'partial' } }, 'armed_home'],
  ['armed for the night', { arming: { ...armed, mode: 'night' } }, 'armed_night'],
  ['exit running', { arming: exiting }, 'arming'],
  ['entry running', { arming: entering }, 'pending'],
  ['an alarm', { arming: armed, alarms: [alarm('intrusion', 'fenetre')] }, 'triggered'],
  ['a tamper by day', { alarms: [alarm('tamper', 'capot')] }, 'triggered'],
  [
    'a held alarm',
    { arming: armed, alarms: [alarm('intrusion', 'porte')], held: [{ event: eventOf('intrusion', { zone: 'porte' }) }] },
    'pending',
  ],
  ['a warm fridge', { arming: armed, alarms: [alarm('technical', 'fuite')] }, 'armed_away'],
  ['a door left open', { alarms: [alarm('door-left-open')] }, 'disarmed'],
];

test('each state of an area has its word', () => {
  for (const [name, change, word] of words) assert.is(shown(change)?.state, word, name);
});

test('a held alarm is not listed', () => {
  const held = {
    arming: armed,
    alarms: [alarm('intrusion', 'porte')],
    held: [{ event: eventOf('intrusion', { zone: 'porte' }) }],
  };
  assert.equal(shown(held)?.alarms, []);
});

const covert: readonly (readonly [string, Partial<AreaState>])[] = [
  ['a silent hold-up', { alarms: [alarm('holdup-silent', 'panique')] }],
  ['a verified hold-up', { alarms: [alarm('holdup-silent', 'panique'), alarm('holdup-verified')] }],
  ['duress', { alarms: [alarm('duress')] }],
  ['an opening not normal', { alarms: [alarm('opening-not-normal')] }],
  ['an opening not confirmed', { alarms: [alarm('opening-not-confirmed')] }],
  [
    'a covert memory',
    { memory: [{ kind: 'duress', zone: undefined, door: undefined, at: wall(0), cause: undefined, level: 2 }] },
  ],
  ['a held duress', { held: [{ event: eventOf('duress') }] }],
  ['a pending opening', { opening: { phase: 'expired', since: t0, reminders: 1, spoiled: true } }],
];

test('nothing covert changes a single byte of what is told, by day or armed', () => {
  for (const arming of [fresh.durable.areas[0]?.arming ?? armed, armed, entering]) {
    const plain = textOf({ durable: withArea({ arming }) });
    for (const [name, change] of covert) assert.is(textOf({ durable: withArea({ arming, ...change }) }), plain, name);
  }
});

test('a hold-up input has no state that could be read, whatever it does', () => {
  const plain = textOf(fresh);
  const index = site.zones.get('panique')?.index ?? -1;
  for (const signal of ['active', 'normal', 'tamper', 'fault'] as const) {
    const zones = fresh.durable.zones.map((zone, at) =>
      at === index ? { ...zone, signal, inAlarm: true, inhibited: true } : zone,
    );
    assert.is(textOf({ durable: { ...fresh.durable, zones } }), plain, signal);
  }
  assert.not.match(plain, 'panique');
  assert.not.match(plain, 'agression');
});

test('a tampered hold-up input shows as a tamper without its name', () => {
  assert.equal(shown({ alarms: [alarm('tamper', 'panique')] })?.alarms, [{ kind: 'tamper' }]);
  assert.equal(shown({ alarms: [alarm('tamper', 'capot')] })?.alarms, [{ kind: 'tamper', zone: 'capot' }]);
});

test('zones, doors and health are told as they are', () => {
  const zone = site.zones.get('fenetre');
  const door = site.doors.get('cour');
  assert.ok(zone && door);
  if (!zone || !door) return;
  const zones = fresh.durable.zones.map((state, at) =>
    at === zone.index ? { ...state, signal: 'active' as const, omitted: 'swinger' as const } : state,
  );
  const told = zoneStateOf(zone, { ...fresh.durable, zones });
  assert.equal([told?.signal, told?.omitted, told?.inhibited], ['active', true, false]);
  const leaf = site.zones.get(door.config.contact)?.index;
  const opened = fresh.durable.zones.map((state, at) => (at === leaf ? { ...state, signal: 'active' as const } : state));
  const doors = fresh.durable.doors.map((state) => ({ ...state, fault: 'left-open' as const, ladder: 'sounding' as const }));
  const open = doorStateOf(site, door, { ...fresh, durable: { ...fresh.durable, zones: opened, doors } }, ASK);
  assert.equal([open?.leaf, open?.latch, open?.fault, open?.sounding], ['open', 'unknown', 'left-open', true]);
  assert.equal([open?.mode, open?.lock, open?.forced, open?.egressHeld], ['locked', 'none', false, false], 'an exit has no lock');
  const health = healthStateOf({ ...fresh.durable, conditions: [{ condition: 'path-failed', subject: 'mqtt', since: wall(0) }] });
  assert.equal([health.health, health.conditions[0]?.condition], ['fault', 'path-failed']);
});

// ---- doors that lock

const told = (change: Partial<DoorState>, answers: DoorQuestions = ASK): DoorStateMessage | undefined => {
  const place = site.doors.get('cour');
  const doors = fresh.durable.doors.map((door) => ({ ...door, ...change }));
  return place && doorStateOf(site, place, { ...fresh, durable: { ...fresh.durable, doors } }, answers);
};

const MODES: readonly DoorWord[] = ['locked', 'unlocked', 'accessed', 'blocked', 'locked-down', 'locked-open'];
const LOCKS: readonly LockWord[] = [
  'none',
  'locked',
  'unlocking',
  'unlocked',
  'locking',
  'unlock-failed',
  'lock-failed',
  'forced',
  'released-pending',
];

test('a door says what it is set to and what its lock does, as the core answers for that door', () => {
  const place = site.doors.get('cour');
  for (const mode of MODES) {
    for (const lock of LOCKS) {
      const message = told(
        {},
        {
          doorMode: (_, state, index) => (state.durable.doors[index] && index === place?.index ? mode : 'locked'),
          lockStatus: (_, state, index) => (state.durable.doors[index] && index === place?.index ? lock : 'none'),
        },
      );
      assert.equal([message?.mode, message?.lock], [mode, lock]);
      assert.ok(doorStateSchema.accepts(message), `${mode} ${lock}`);
    }
  }
  assert.not.ok(doorStateSchema.accepts({ ...told({}), mode: 'ajar' }));
  assert.not.ok(doorStateSchema.accepts({ ...told({}), lock: 'bolt-forced' }));
});

test('forced and freed are told; who, by what and since when is not', () => {
  assert.equal([told({})?.forced, told({})?.egressHeld], [false, false]);
  assert.equal([told({ forced: true, forcedSince: t0 })?.forced, told({ egressHeld: true })?.egressHeld], [true, true]);
  const soundings: readonly (readonly [Partial<DoorState>, boolean])[] = [
    [{}, false],
    [{ ladder: 'escalated', fault: 'left-open' }, true],
    [{ ladder: 'escalated', fault: 'left-open', spent: true }, false],
    [{ forced: true, forcedSince: t0 }, true],
    [{ forced: true }, false],
    [{ forced: true, forcedSince: t0, silencedUntil: monotonic(9) }, false],
  ];
  for (const [door, sounding] of soundings) assert.is(told(door)?.sounding, sounding, JSON.stringify(door));
  const names = Object.keys(told({ forced: true, forcedSince: t0, firstInFor: wall(5), interlockAlarm: true }) ?? {});
  assert.equal(names.toSorted(), Object.keys(told({}) ?? {}).toSorted());
  for (const name of ['user', 'operator', 'command', 'cause', 'forcedSince', 'firstInFor']) assert.not.ok(names.includes(name));
});

test.run();
