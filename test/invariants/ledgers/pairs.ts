/** 9: what is raised is restored, each in its turn, and what the journal says stands is what the state says stands. */
import type { Event, EventKind } from '../../../src/core/event.ts';
import type { Start } from '../../../src/core/input.ts';
import type { Site } from '../../../src/core/site.ts';
import type { State } from '../../../src/core/state.ts';
import { of } from '../model.ts';
import type { Say, Stepped } from '../violation.ts';

/** Each end with what it ends. */
const ENDS: Readonly<Partial<Record<EventKind, readonly EventKind[]>>> = {
  'zone-fault-restored': ['zone-fault'],
  'zone-masked-restored': ['zone-masked'],
  'tamper-restored': ['tamper'],
  'alarm-24h-restored': ['alarm-24h'],
  'technical-restored': ['technical'],
  'fire-restored': ['fire'],
  'holdup-restored': ['holdup-silent', 'holdup-audible'],
  'door-left-open-restored': ['door-left-open'],
  'door-not-latched-restored': ['door-not-latched'],
  'latch-fault-restored': ['latch-fault'],
  'door-forced-restored': ['door-forced'],
  'lock-fault-restored': ['lock-fault'],
  'interlock-restored': ['interlock-timeout'],
  'egress-restored': ['egress-released'],
  'exit-request-restored': ['exit-request-stuck'],
  'released-pending-ended': ['released-pending'],
  'free-access-ended': ['free-access-started'],
  'mains-restored': ['mains-lost'],
  'battery-restored': ['battery-low'],
  'charger-restored': ['charger-fault'],
  'siren-restored': ['siren-fault'],
  'seen-again': ['not-seen'],
  'lockout-ended': ['lockout'],
  'walk-test-ended': ['walk-test-started'],
  'exercise-ended': ['exercise-started'],
  'on-test-ended': ['on-test-started'],
  'installer-access-ended': ['installer-allowed'],
  'inhibit-ended': ['inhibited'],
  'isolation-ended': ['isolated'],
  reincluded: ['omitted', 'swinger'],
  'shunt-ended': ['shunted'],
  'path-restored': ['path-failed'],
  'all-paths-restored': ['all-paths-failed'],
  'clock-synchronised': ['clock-not-set'],
  'disk-restored': ['disk-nearly-full'],
  'storage-restored': ['storage-failed'],
  'output-restored': ['output-fault'],
  'config-accepted': ['config-rejected'],
  'substitution-cleared': ['substitution-suspected'],
};

/** Told again while they stand: with another cause, by another person. */
const TOLD_AGAIN: ReadonlySet<EventKind> = new Set(['technical', 'shunted']);

const endOf = new Map<EventKind, EventKind>();
for (const [end, raises] of Object.entries(ENDS) as [EventKind, readonly EventKind[]][]) {
  for (const raise of raises) endOf.set(raise, end);
}

const subjectOf = ({ door, zone, output, keypad, detail }: Event): string =>
  door ?? zone ?? output ?? keypad ?? (typeof detail?.['subject'] === 'string' ? detail['subject'] : '');

export type Pairs = {
  readonly note: (stepped: Stepped, say: Say) => void;
  readonly compare: (stepped: Stepped, say: Say) => void;
};

export const pairsLedger = (): Pairs => {
  /** `end kind + subject` of what stands, with what raised it. */
  const standing = new Map<string, EventKind>();

  const raise = (event: Event, end: EventKind, say: Say): void => {
    const key = `${end} ${subjectOf(event)}`;
    if (standing.has(key) && !TOLD_AGAIN.has(event.kind)) say('raised-twice', `${event.kind} ${subjectOf(event)}`);
    standing.set(key, event.kind);
  };

  const end = (event: Event, say: Say): void => {
    const key = `${event.kind} ${subjectOf(event)}`;
    if (!standing.delete(key)) say('ended-unraised', `${event.kind} ${subjectOf(event)}`);
  };

  /** Doors come back locked: with the restart it is told that nothing stands free by the hour any more. */
  const begin = ({ stateLost, cause }: Start): void => {
    if (stateLost || cause === 'fresh') standing.clear();
    for (const [key, kind] of standing) if (kind === 'free-access-started') standing.delete(key);
  };

  return {
    note: ({ input, events }, say) => {
      if (input.kind === 'start') begin(input.start);
      for (const event of events) {
        const ends = endOf.get(event.kind);
        if (ends) raise(event, ends, say);
        else if (ENDS[event.kind]) end(event, say);
      }
    },
    compare: ({ site, after }, say) => {
      const expected = new Set(standingIn(site, after));
      const told = new Set([...standing].map(([key, kind]) => `${nameOf(kind)} ${key.slice(key.indexOf(' ') + 1)}`));
      for (const key of expected) if (!told.has(key)) say('stands-untold', key);
      for (const key of told) if (!expected.has(key)) say('told-not-standing', key);
    },
  };
};

const nameOf = (kind: EventKind): string => (kind === 'swinger' ? 'omitted' : kind);

// ---- what the state says stands

const SUPPLIES: Readonly<Record<string, EventKind>> = {
  mains: 'mains-lost',
  'battery-low': 'battery-low',
  'charger-fault': 'charger-fault',
  'siren-fault': 'siren-fault',
};

const standingIn = (site: Site, state: State): readonly string[] => [
  ...zonesStanding(site, state),
  ...alarmsStanding(state),
  ...doorsStanding(site, state),
  ...peopleStanding(site, state),
  ...state.durable.conditions.map(({ condition, subject }) => `${condition} ${subject}`),
];

const zonesStanding = (site: Site, { durable }: State): readonly string[] =>
  site.config.zones.flatMap(({ id, type }, index) => {
    const zone = of(durable.zones[index]);
    const supply = SUPPLIES[type];
    const isHoldup = type === 'holdup-silent' || type === 'holdup-audible';
    return [
      zone.signal === 'fault' && 'zone-fault',
      zone.signal === 'masked' && 'zone-masked',
      zone.inhibited && 'inhibited',
      zone.isolated && 'isolated',
      zone.omitted !== 'no' && 'omitted',
      zone.shunted && 'shunted',
      zone.notSeenReported && 'not-seen',
      type === '24h' && zone.inAlarm && 'alarm-24h',
      isHoldup && zone.inAlarm && type,
      supply && durable.site.reportedSupplies.includes(id) && supply,
    ]
      .filter((kind) => typeof kind === 'string')
      .map((kind) => `${kind} ${id}`);
  });

const CONDITIONS: ReadonlySet<EventKind> = new Set([
  'tamper',
  'technical',
  'fire',
  'door-left-open',
  'door-not-latched',
  'door-forced',
  'interlock-timeout',
  'egress-released',
]);

const alarmsStanding = ({ durable }: State): readonly string[] =>
  durable.areas.flatMap(({ alarms }) =>
    alarms.filter(({ kind }) => CONDITIONS.has(kind)).map(({ kind, zone, door }) => `${kind} ${door ?? zone ?? ''}`),
  );

const doorsStanding = (site: Site, { durable, volatile }: State): readonly string[] =>
  site.config.doors.flatMap(({ id }, index) => {
    const { latchFault, lockFault, releasedPending, exitRequestStuck } = of(durable.doors[index]);
    return [
      latchFault && 'latch-fault',
      lockFault !== 'none' && 'lock-fault',
      releasedPending === 'told' && 'released-pending',
      exitRequestStuck && 'exit-request-stuck',
      of(volatile.locks[index]).free !== undefined && 'free-access-started',
    ]
      .filter((kind) => typeof kind === 'string')
      .map((kind) => `${kind} ${id}`);
  });

const peopleStanding = (site: Site, { durable: { people, site: tests } }: State): readonly string[] =>
  [
    people.shared.locked && 'lockout ',
    ...site.config.keypads.map(({ id }, index) => of(people.keypads[index]).locked && `lockout ${id}`),
    tests.walkTest && 'walk-test-started ',
    tests.exercise && 'exercise-started ',
    tests.onTest && 'on-test-started ',
    people.installerUntil !== undefined && 'installer-allowed ',
  ].filter((key) => typeof key === 'string');

// ---- what stands has something to stand for

const AT_REST: Readonly<Partial<Record<EventKind, ReadonlySet<string>>>> = {
  tamper: new Set(['normal']),
  'alarm-24h': new Set(['normal']),
  'holdup-audible': new Set(['normal']),
  technical: new Set(['normal']),
  fire: new Set(['normal']),
};

/** A condition whose zone is at rest would hide the next alarm of that zone. */
export const standsForSomething = ({ site, before, after }: Stepped, say: Say): void => {
  if (before.durable.zones === after.durable.zones && before.durable.areas === after.durable.areas) return;
  for (const { alarms } of after.durable.areas) {
    for (const { kind, zone } of alarms) {
      if (zone === undefined) continue;
      const { signal } = of(after.durable.zones[of(site.zones.get(zone)).index]);
      if (AT_REST[kind]?.has(signal)) say('stands-for-nothing', `${kind} ${zone}, which is ${signal}`);
    }
  }
};
