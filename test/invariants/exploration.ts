/**
 * The space of a small site: an entry door, a follower and a window; right, wrong and duress codes; time, and restarts.
 *
 * Its abstract state: modes, alarms, what is left out, levels, and the deadlines, among them those nobody set a timer for
 * (the ends of the confirmation window, of *recent closing* and of the window of wrong codes). A lockout, a hold-up window
 * and the alarm do not depend on each other, and are ordered apart.
 */
import type { Config } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, State, ZoneState } from '../../src/core/state.ts';
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts';
import { of } from './model.ts';
import { timerEnds } from './search.ts';
import type { Deed, End, Space } from './search.ts';
import { areaConfig, keypadConfig, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import type { Act, Run } from './trace.ts';

// ---- the site

/** `wide`: more to remember, for the script: a code may be wrong once more, each zone may become a swinger. */
const smallConfig = (wide: boolean): Config => ({
  ...practiceConfig(),
  areas: [areaConfig('cabinet', { sirenCycles: 2, unvacated: wide ? 'partial' : 'full' })],
  zones: [
    zoneConfig('porte', 'entry-exit', { final: true, swinger: wide ? 2 : 0 }),
    zoneConfig('hall', 'follower', { swinger: wide ? 2 : 0 }),
    zoneConfig('fenetre', 'instant', { swinger: 2 }),
  ],
  doors: [],
  outputs: ['indoor', 'outdoor'].map((place, index) => ({
    id: `sirene-${place}`,
    name: place,
    line: `out-${index}`,
    role: { kind: 'siren', areas: ['cabinet'], place: place === 'indoor' ? 'indoor' : 'outdoor' },
    restLevel: 0,
    maxOnMs: undefined,
    minOffMs: 0,
    onCrash: 'rest',
  })),
  keypads: [keypadConfig('entree')],
  users: [userConfig('claire')],
  supervision: { ...practiceConfig().supervision, testReportMs: 36_500 * DAY },
  lockout: { tries: wide ? 2 : 1, windowMs: wide ? 15 * MINUTE : 90 * SECOND, lockMs: 90 * SECOND },
});

const smallSite = (wide = false): Site => siteOf(smallConfig(wide));

// ---- what can happen

const way = { kind: 'keypad', keypad: 'entree' } as const;
const code = (user: string | undefined, meaning: 'normal' | 'duress', arms = false): Act => ({
  do: 'code',
  user,
  meaning,
  way,
  by: 'code',
  request: arms ? { verb: 'arm', mode: 'full', areas: [], override: true, inhibit: [] } : { verb: 'code' },
  delayMs: 0,
});

const PLAIN = code('claire', 'normal');
const DURESS = code('claire', 'duress');
const ARM = code('claire', 'normal', true);
const WRONG = code(undefined, 'normal');
const RESTART: Act = { do: 'restart', cause: 'process', goneMs: 0, stateLost: false };

const deeds = (run: Run): readonly Deed[] => {
  const moves = run.site.config.zones.map(({ line }): Deed => {
    const reading = run.lines.get(line);
    const level = reading?.kind === 'level' && reading.level === 1 ? 0 : 1;
    return [{ do: 'read', line, reading: { kind: 'level', level } }];
  });
  return [...moves, [ARM], [PLAIN], [DURESS], [WRONG], [RESTART]];
};

const RECENT_CLOSING_MS = 2 * MINUTE;

/** Instants at which something ends though no timer is set for it. */
const unsetEnds = (site: Site, state: State): readonly End[] => {
  const { confirmationMs } = of(site.config.areas[0]);
  const { period } = of(state.durable.areas[0]);
  const { failures } = of(state.durable.people.keypads[0]);
  return [
    ...(period ? [['recent', period.armedAt + RECENT_CLOSING_MS + 1] as const] : []),
    ...(period?.unconfirmed ?? []).map(({ zone, at }) => [`confirm ${zone}`, at + confirmationMs + 1] as const),
    ...failures.map((at) => ['failure', at + site.config.lockout.windowMs] as const),
  ];
};

const ends = (site: Site, state: State): readonly End[] => [
  ...timerEnds(state),
  ...unsetEnds(site, state).filter(([, at]) => at > state.at),
];

// ---- abstraction

const APART: readonly (readonly string[])[] = [
  ['lockout', 'failure'],
  ['holdup-window'],
  ['confirm'],
  ['recent'],
  ['swinger-rest'],
];

const groupOf = (name: string): number => APART.findIndex((kinds) => kinds.includes(name.split(' ')[0] ?? ''));

const setOf = (names: readonly string[]): string => [...new Set(names)].toSorted().join(' ');

const areaKey = ({ arming, period, siren, sirenCycles, faultTone, memory, held }: AreaState): readonly unknown[] => [
  arming.state,
  arming.state === 'disarmed' ? '' : arming.mode,
  arming.state === 'exiting' && [
    arming.doorOpened,
    arming.restarted,
    arming.opened,
    arming.overridden.map(({ kind, zone }) => `${kind} ${zone}`),
  ],
  arming.state === 'entering' && [arming.zone, arming.exitError],
  period && [period.entryOpened, period.confirmed, period.reported, setOf(period.unconfirmed.map(({ zone }) => zone))],
  siren?.reach,
  sirenCycles,
  faultTone !== undefined,
  memory.length > 0,
  setOf(held.filter(({ event }) => event.kind !== 'intrusion-restored').map(({ event }) => `${event.kind} ${event.zone}`)),
];

/** Alarms are counted only for a zone that may become a swinger. */
const zoneKey = ({ signal, inAlarm, omitted, alarmsThisPeriod }: ZoneState, swinger: number): readonly unknown[] => [
  signal,
  inAlarm,
  omitted,
  swinger > 0 && alarmsThisPeriod,
];

const key = (site: Site, { durable, volatile }: State): unknown => [
  durable.areas.map(areaKey),
  durable.zones.map((zone, index) => zoneKey(zone, of(site.config.zones[index]).swinger)),
  durable.people.keypads.map(({ locked }) => locked),
  durable.site.holdups.map(({ source }) => source),
  durable.site.holdupVerified,
  volatile.lines.map(({ reading, referenced }) => [reading, referenced]),
];

export const smallSpace = (wide = false): Space => ({
  site: smallSite(wide),
  deeds,
  ends,
  apart: groupOf,
  key,
  codes: [PLAIN, DURESS],
  label: ({ durable }) => of(durable.areas[0]).arming.state,
});
