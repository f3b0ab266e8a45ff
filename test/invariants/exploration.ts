/**
 * Breadth-first exploration of a small site: from the first state every act that can happen, from every state that is new
 * all acts again, until nothing new is found. Each transition is checked against the invariants.
 *
 * *Abstract state*: what the core's decisions depend on, without absolute time: modes, alarms, what is left out, levels, and
 * the deadlines, among them those nobody set a timer for (the ends of the confirmation window, of *recent closing* and of
 * the window of wrong codes), in the order in which they will pass, equal ones together. Deadlines that do not depend on
 * each other (a lockout, a hold-up window, the alarm) are ordered apart. States with the same abstraction
 * are taken for one; the first found stands for them. So the exploration is complete for the acts it knows, done at
 * the instants at which something happens, and for the delays as they are configured.
 */
import type { Config } from '../../src/core/config.ts';
import type { Event } from '../../src/core/event.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, State, ZoneState } from '../../src/core/state.ts';
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts';
import { watchSteps } from './invariants.ts';
import { of } from './model.ts';
import { restartChangesNothing } from './restarts.ts';
import { areaConfig, keypadConfig, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import { passUntil, perform, startRun } from './trace.ts';
import type { Act, Run, Trace, Watcher } from './trace.ts';
import { differenceOf } from './twins.ts';
import type { Twin } from './twins.ts';
import type { Violation } from './violation.ts';

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

export const smallSite = (wide = false): Site => siteOf(smallConfig(wide));

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

const moves = (run: Run): readonly Act[] =>
  run.site.config.zones.map(({ line }) => {
    const reading = run.lines.get(line);
    return { do: 'read', line, reading: { kind: 'level', level: reading?.kind === 'level' && reading.level === 1 ? 0 : 1 } };
  });

/** Shown for a while and nothing else: their ends are passed on the way to what matters. */
const DISPLAY: ReadonlySet<string> = new Set(['notice', 'chime', 'pending-choice', 'test-report', 'output-limit']);

const laterThan = (at: number, instants: readonly number[]): readonly number[] => instants.filter((instant) => instant > at);

const RECENT_CLOSING_MS = 2 * MINUTE;

/** Instants at which something ends though no timer is set for it. */
const unsetEnds = (site: Site, state: State): readonly (readonly [string, number])[] => {
  const { confirmationMs } = of(site.config.areas[0]);
  const { period } = of(state.durable.areas[0]);
  const { failures } = of(state.durable.people.keypads[0]);
  return [
    ...(period ? [['recent', period.armedAt + RECENT_CLOSING_MS + 1] as const] : []),
    ...(period?.unconfirmed ?? []).map(({ zone, at }) => [`confirm ${zone}`, at + confirmationMs + 1] as const),
    ...failures.map((at) => ['failure', at + site.config.lockout.windowMs] as const),
  ];
};

const ends = (site: Site, state: State): readonly (readonly [string, number])[] => [
  ...[...state.durable.timers, ...state.volatile.timers]
    .filter(({ kind }) => !DISPLAY.has(kind))
    .map(({ kind, subject, at }) => [`${kind} ${subject}`, at] as const),
  ...unsetEnds(site, state).filter(([, at]) => at > state.at),
];

const nextEnd = (run: Run): number | undefined => {
  const later = laterThan(
    run.now,
    ends(run.site, run.state).map(([, at]) => at),
  );
  return later.length === 0 ? undefined : Math.min(...later);
};

const actsFrom = (run: Run): readonly Act[] => {
  const end = nextEnd(run);
  const time: readonly Act[] = end === undefined ? [] : [{ do: 'pass', ms: end - run.now }];
  return [...time, ...moves(run), ARM, PLAIN, DURESS, WRONG, RESTART];
};

// ---- abstraction

/** Deadlines that nothing else depends on but what they end: their order among the others makes no difference. */
const APART: readonly (readonly string[])[] = [
  ['lockout', 'failure'],
  ['holdup-window'],
  ['confirm'],
  ['recent'],
  ['swinger-rest'],
];

const groupOf = (name: string): number => APART.findIndex((kinds) => kinds.includes(name.split(' ')[0] ?? ''));

const orderIn = (all: readonly (readonly [string, number])[]): string => {
  const sorted = all.toSorted(([a, left], [b, right]) => left - right || (a < b ? -1 : 1));
  return sorted.map(([name, at], index) => `${index > 0 && sorted[index - 1]?.[1] === at ? '=' : '<'}${name}`).join('');
};

const orderOf = (site: Site, state: State): readonly string[] => {
  const all = ends(site, state);
  return [-1, ...APART.keys()].map((group) => orderIn(all.filter(([name]) => groupOf(name) === group)));
};

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

const keyOf = (site: Site, { durable, volatile, ...rest }: State): string =>
  JSON.stringify([
    durable.areas.map(areaKey),
    durable.zones.map((zone, index) => zoneKey(zone, of(site.config.zones[index]).swinger)),
    durable.people.keypads.map(({ locked }) => locked),
    durable.site.holdups.map(({ source }) => source),
    durable.site.holdupVerified,
    volatile.lines.map(({ reading, referenced }) => [reading, referenced]),
    orderOf(site, { durable, volatile, ...rest }),
  ]);

// ---- the search

type Found = {
  readonly state: State;
  readonly lines: Run['lines'];
  readonly now: number;
  readonly from: number;
  readonly act: Act | undefined;
};

export type Explored = {
  readonly states: number;
  readonly transitions: number;
  readonly steps: number;
  /** Nothing new was left to find. */
  readonly complete: boolean;
  readonly violation: { readonly violation: Violation; readonly trace: Trace } | undefined;
  /** States of each mode. */
  readonly modes: ReadonlyMap<string, number>;
};

const watching = (run: Run): Run => ({
  ...run,
  watchers: [watchSteps()],
  restartWatchers: [restartChangesNothing],
});

const resumed = (model: Run, { state, lines, now }: Found): Run => ({
  ...model,
  state,
  now,
  lines: new Map(lines),
  violations: [],
});

/** 5: from every state, the two codes of a person look the same on site. */
const covertDifference = (model: Run, here: Found): Violation | undefined => {
  const [plain, duress] = [PLAIN, DURESS].map((act): Twin => {
    const events: Event[] = [];
    const note: Watcher = (stepped) => {
      events.push(...stepped.events);
      return [];
    };
    const run = { ...resumed(model, here), watchers: [note] };
    perform(run, act);
    return { run, events };
  });
  const difference = plain && duress && differenceOf(plain, duress);
  return difference === undefined ? undefined : { invariant: 5, rule: 'duress-seen', text: difference };
};

const traceTo = (found: readonly Found[], index: number, last: Act): Trace => {
  const acts: Act[] = [last];
  for (let at = index; at > 0; at = of(found[at]).from) acts.unshift(of(of(found[at]).act));
  return acts;
};

const SETTLE_MS = 60 * SECOND;

/** `most`: states after which the search gives up, so that a mistake in the abstraction ends. */
export const explore = (site: Site, most: number): Explored => {
  const model = watching(startRun(site));
  passUntil(model, model.now + SETTLE_MS);
  const found: Found[] = [{ state: model.state, lines: new Map(model.lines), now: model.now, from: 0, act: undefined }];
  const known = new Set([keyOf(site, model.state)]);
  const modes = new Map<string, number>();
  let transitions = 0;
  let steps = 0;
  const summary = (complete: boolean, violation?: Explored['violation']): Explored => {
    for (const { state } of found) count(modes, of(state.durable.areas[0]).arming.state);
    return { states: found.length, transitions, steps, complete, violation, modes };
  };
  for (let index = 0; index < found.length; index++) {
    if (found.length > most) return summary(false);
    const here = of(found[index]);
    const covert = covertDifference(model, here);
    if (covert) return summary(false, { violation: covert, trace: traceTo(found, index, DURESS) });
    for (const act of actsFrom(resumed(model, here))) {
      const run = resumed(model, here);
      run.steps = 0;
      perform(run, act);
      transitions++;
      steps += run.steps;
      const [violation] = run.violations;
      if (violation) return summary(false, { violation, trace: traceTo(found, index, act) });
      const key = keyOf(site, run.state);
      if (known.has(key)) continue;
      known.add(key);
      found.push({ state: run.state, lines: run.lines, now: run.now, from: index, act });
    }
  }
  return summary(true);
};

const count = (modes: Map<string, number>, mode: string): void => void modes.set(mode, (modes.get(mode) ?? 0) + 1);
