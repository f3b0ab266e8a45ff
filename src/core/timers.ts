/** Deadlines as sorted lists: the head is the next to fire, equal instants go by kind and subject. */
import { DURABLE_TIMERS } from './state.ts';
import type { DurableTimerKind, State, Timer, TimerKind } from './state.ts';
import type { Site } from './site.ts';
import type { Monotonic } from './time.ts';

const durableKinds: ReadonlySet<string> = new Set(DURABLE_TIMERS);
export const isDurableKind = (kind: TimerKind): kind is DurableTimerKind => durableKinds.has(kind);

export const compareTimers = (a: Timer, b: Timer): number => {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.subject === b.subject) return 0;
  return a.subject < b.subject ? -1 : 1;
};

const indexOf = (timers: readonly Timer[], kind: TimerKind, subject: string): number =>
  timers.findIndex((timer) => timer.kind === kind && timer.subject === subject);

export const withoutTimer = <K extends TimerKind>(timers: readonly Timer<K>[], kind: K, subject: string): readonly Timer<K>[] => {
  const index = indexOf(timers, kind, subject);
  return index < 0 ? timers : timers.toSpliced(index, 1);
};

export const withTimer = <K extends TimerKind>(timers: readonly Timer<K>[], timer: Timer<K>): readonly Timer<K>[] => {
  const others = withoutTimer(timers, timer.kind, timer.subject);
  const index = others.findIndex((other) => compareTimers(timer, other) < 0);
  return others.toSpliced(index < 0 ? others.length : index, 0, timer);
};

// ---- what deadlines are about

type Subjects = 'area' | 'zone' | 'zone-or-site' | 'door' | 'output' | 'lockout' | 'site';

const SUBJECTS: Readonly<Record<DurableTimerKind, Subjects>> = {
  exit: 'area',
  'exit-settle': 'area',
  entry: 'area',
  abort: 'area',
  siren: 'area',
  'fault-tone': 'area',
  'opening-remind': 'area',
  'opening-confirm': 'area',
  'auto-arm-warn': 'area',
  'auto-arm': 'area',
  guard: 'area',
  'door-pre-alarm': 'door',
  'door-held': 'door',
  'door-latch': 'door',
  'door-escalate': 'door',
  'door-silence': 'door',
  'door-sounder': 'door',
  'latch-check': 'door',
  'zone-fault-alarm': 'zone',
  'zone-review': 'zone',
  technical: 'zone',
  'swinger-rest': 'zone',
  supervise: 'zone',
  shunt: 'zone',
  'walk-test': 'zone-or-site',
  'not-seen': 'site',
  exercise: 'site',
  'on-test': 'site',
  installer: 'site',
  'test-report': 'site',
  'holdup-window': 'site',
  'warm-up': 'site',
  lockout: 'lockout',
  'output-limit': 'output',
};

/** Whether what the deadline is about exists on this site: a zone is no area, though both may have one name. */
export const hasSubject = (site: Site, { kind, subject }: Timer<DurableTimerKind>): boolean => {
  switch (SUBJECTS[kind]) {
    case 'area':
      return site.areas.has(subject);
    case 'zone':
      return site.zones.has(subject);
    case 'zone-or-site':
      return subject === '' || site.zones.has(subject);
    case 'door':
      return site.doors.has(subject);
    case 'output':
      return site.config.outputs.some(({ id }) => id === subject);
    case 'lockout':
      return subject === 'shared' || site.keypads.has(subject);
    case 'site':
      return subject === '';
  }
};

/** The deadline that fires next, durable or volatile. */
export const headTimer = (state: State): Timer | undefined => {
  const durable = state.durable.timers[0];
  const passing = state.volatile.timers[0];
  if (!durable || !passing) return durable ?? passing;
  return compareTimers(durable, passing) <= 0 ? durable : passing;
};

/** When the core wants to be called next if nothing happens; undefined: nothing runs. */
export const nextDeadline = (state: State): Monotonic | undefined => headTimer(state)?.at;
