/**
 * A *trace* is a list of acts as data, so that a failing one can be kept, shortened and played again. A *run* plays it
 * in virtual time against `step`, calling at every deadline as the runtime does, and shows each step to its watchers.
 * It knows what the site is like physically, which is what the inputs are read from after a restart.
 */
import type { Meaning, ScheduleWindow } from '../../src/core/config.ts';
import { initialState } from '../../src/core/initial.ts';
import type { ConditionKind, Input, PersonChange, Reading, Request, Start, Way } from '../../src/core/input.ts';
import { outputsOf } from '../../src/core/output.ts';
import { changedParts, stateFromParts } from '../../src/core/parts.ts';
import type { Site } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Step } from '../../src/core/step.ts';
import { DAY, HOUR, monotonic, wall } from '../../src/core/time.ts';
import type { Monotonic } from '../../src/core/time.ts';
import { nextDeadline } from '../../src/core/timers.ts';
import { DAYS, NIGHTS } from './schedules.ts';
import { steppedOf } from './violation.ts';
import type { Stepped, Violation } from './violation.ts';

export type Act =
  | { readonly do: 'read'; readonly line: string; readonly reading: Reading; readonly lateMs?: number }
  /** A contact that bounces: `times` edges `everyMs` apart, starting and ending away from and at `level`. */
  | { readonly do: 'bounce'; readonly line: string; readonly times: number; readonly everyMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** To the next deadline, or a millisecond before or after it. */
  | { readonly do: 'deadline'; readonly offsetMs: -1 | 0 | 1 }
  /** The runtime was busy: one call for all the deadlines of this time. */
  | { readonly do: 'jump'; readonly ms: number }
  | {
      readonly do: 'code';
      readonly user: string | undefined;
      readonly meaning: Meaning;
      readonly way: Way;
      readonly by: 'code' | 'badge';
      readonly request: Request;
      /** From the last key to the verdict. */
      readonly delayMs: number;
    }
  | { readonly do: 'unlock'; readonly operator: string; readonly door: string }
  | { readonly do: 'person'; readonly change: PersonChange }
  /** Bolts follow what their locks do. */
  | { readonly do: 'bolts' }
  | { readonly do: 'choose'; readonly keypad: string; readonly number: number }
  | { readonly do: 'clock'; readonly stepMs: number; readonly synchronised: boolean }
  | { readonly do: 'calendar' }
  | { readonly do: 'condition'; readonly condition: ConditionKind; readonly subject: string; readonly on: boolean }
  | { readonly do: 'restart'; readonly cause: 'process' | 'machine'; readonly goneMs: number; readonly stateLost: boolean }
  | { readonly do: 'stop' };

export type Trace = readonly Act[];

export type Watcher = (stepped: Stepped, run: Run) => readonly Violation[];
/** Looks at a whole restart: what was, and what is once every input is read. */
export type RestartWatcher = (before: State, after: State, run: Run) => readonly Violation[];

export type Stepping = (site: Site, state: State, input: Input, now: Monotonic) => Step;

export type Run = {
  readonly site: Site;
  state: State;
  now: number;
  /** True wall time is running time plus this. */
  wallOffset: number;
  synchronised: boolean;
  attempts: number;
  commands: number;
  steps: number;
  readonly lines: Map<string, Reading>;
  hasCalendar: boolean;
  readonly watchers: readonly Watcher[];
  readonly restartWatchers: readonly RestartWatcher[];
  readonly stepping: Stepping;
  readonly violations: Violation[];
};

const EPOCH = Date.parse('2026-03-02T19:00:00Z');
const START_MS = 1_000;

export type RunOptions = {
  readonly watchers?: readonly Watcher[];
  readonly restartWatchers?: readonly RestartWatcher[];
  /** A step with a planted fault: shows that a check sees it. */
  readonly stepping?: Stepping;
};

const FRIDGE_AT_5: Reading = { kind: 'ratio', ratio: 0.375 };
const LOOP_AT_REST: Reading = { kind: 'ratio', ratio: 0.3 };
const CLOSED: Reading = { kind: 'level', level: 0 };

const atRest = (site: Site): Map<string, Reading> =>
  new Map(
    site.config.zones.map(({ line, sensing }) => [
      line,
      sensing.kind === 'measure' ? FRIDGE_AT_5 : sensing.kind === 'loop' ? LOOP_AT_REST : CLOSED,
    ]),
  );

export const startRun = (site: Site, options: RunOptions = {}): Run => {
  const run: Run = {
    site,
    state: initialState(site, monotonic(START_MS)),
    now: START_MS,
    wallOffset: EPOCH,
    synchronised: true,
    attempts: 0,
    commands: 0,
    steps: 0,
    lines: atRest(site),
    hasCalendar: false,
    watchers: options.watchers ?? [],
    restartWatchers: options.restartWatchers ?? [],
    stepping: options.stepping ?? step,
    violations: [],
  };
  feed(run, { kind: 'clock', wall: wall(EPOCH + START_MS), synchronised: true });
  feed(run, { kind: 'start', start: startOf(run, 'fresh', undefined, false) });
  return run;
};

const startOf = (run: Run, cause: Start['cause'], goneMs: number | undefined, stateLost: boolean): Start => ({
  cause,
  goneMs,
  stateLost,
  configChanged: false,
  readings: Object.fromEntries(run.lines),
});

// ---- steps

/** Deadlines that are due before the input, then the input. */
export const feed = (run: Run, input: Input): void => {
  callDue(run);
  take(run, input);
};

const MOST_CALLS_AT_ONCE = 100;

const callDue = (run: Run): void => {
  for (let calls = 0; isDue(run); calls++) {
    if (calls > MOST_CALLS_AT_ONCE) {
      run.violations.push({ invariant: 0, rule: 'deadlines-end', text: 'a deadline is set again at its own instant for ever' });
      return;
    }
    take(run, { kind: 'tick' });
  }
};

const isDue = (run: Run): boolean => {
  const next = nextDeadline(run.state);
  return next !== undefined && next <= run.now && run.violations.length === 0;
};

const take = (run: Run, input: Input): void => {
  if (run.violations.length > 0) return;
  const before = run.state;
  const now = monotonic(run.now);
  run.steps++;
  const result = attemptStep(run, input, now);
  if (!result) return;
  run.state = result.state;
  const stepped = steppedOf({ site: run.site, before, input, now }, result.state, result.events);
  for (const watcher of run.watchers) run.violations.push(...watcher(stepped, run));
};

const attemptStep = (run: Run, input: Input, now: Monotonic): Step | undefined => {
  try {
    return run.stepping(run.site, run.state, input, now);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    run.violations.push({ invariant: 0, rule: 'never-throws', text: `${input.kind}: ${text}` });
    return undefined;
  }
};

/** Time passes; the core is called at each deadline. */
export const passUntil = (run: Run, end: number): void => {
  for (let next = nextDeadline(run.state); next !== undefined && next <= end; next = nextDeadline(run.state)) {
    if (run.violations.length > 0) return;
    run.now = Math.max(run.now, next);
    callDue(run);
  }
  run.now = Math.max(run.now, end);
};

// ---- acts

export const perform = (run: Run, act: Act): void => {
  switch (act.do) {
    case 'read':
      return read(run, act.line, act.reading, act.lateMs);
    case 'bounce':
      return bounce(run, act);
    case 'pass':
      return passUntil(run, run.now + act.ms);
    case 'deadline':
      return passUntil(run, Math.max(run.now, (nextDeadline(run.state) ?? run.now) + act.offsetMs));
    case 'jump':
      return jump(run, act.ms);
    case 'code':
      return giveCode(run, act);
    case 'unlock':
      return feed(run, { kind: 'remote-unlock', command: `c${++run.commands}`, operator: act.operator, door: act.door });
    case 'person':
      return feed(run, { kind: 'person', change: act.change, by: 'doc' });
    case 'bolts':
      return moveBolts(run);
    case 'choose':
      return feed(run, { kind: 'choice', keypad: act.keypad, number: act.number });
    case 'clock':
      return setClock(run, act.stepMs, act.synchronised);
    case 'calendar':
      return feedCalendar(run);
    case 'condition':
      return feed(run, { kind: 'condition', condition: act.condition, subject: act.subject, on: act.on });
    case 'restart':
      return restart(run, act);
    case 'stop':
      return feed(run, { kind: 'stop' });
  }
};

const read = (run: Run, line: string, reading: Reading, lateMs = 0): void => {
  run.lines.set(line, reading);
  feed(run, { kind: 'reading', line, reading, ...(lateMs > 0 && { observedAt: monotonic(run.now - lateMs) }) });
};

const bounce = (run: Run, { line, times, everyMs }: Extract<Act, { do: 'bounce' }>): void => {
  const reading = run.lines.get(line);
  if (reading?.kind !== 'level') return;
  for (let edge = 0; edge < times; edge++) {
    read(run, line, { kind: 'level', level: (reading.level ^ ((edge + 1) % 2)) === 1 ? 1 : 0 });
    passUntil(run, run.now + everyMs);
  }
};

/** A motor throws and withdraws its bolt as it is driven; any other bolt follows its coil. */
const moveBolts = (run: Run): void => {
  const { config, zones } = run.site;
  const values = outputsOf(run.site, run.state);
  for (const [index, { role }] of config.outputs.entries()) {
    const lock = role.kind === 'lock' ? config.doors.find(({ id }) => id === role.door)?.lock : undefined;
    const line = lock?.bolt === undefined ? undefined : zones.get(lock.bolt)?.config.line;
    if (role.kind !== 'lock' || line === undefined) continue;
    const isOn = values[index] !== 'off';
    if (role.drive === undefined)
      read(run, line, { kind: 'level', level: isOn === (lock?.kind === 'strike-fail-secure') ? 1 : 0 });
    else if (isOn) read(run, line, { kind: 'level', level: role.drive === 'open' ? 1 : 0 });
  }
};

/** Without what depends on when somebody looked: when an output was seen to move, and the last wall time on record. */
const withoutLooks = ({ durable, volatile }: State): string =>
  JSON.stringify({
    ...durable,
    clock: { ...durable.clock, highWater: 0, trusted: 0 },
    outputs: [],
    timers: durable.timers.filter(({ kind }) => kind !== 'output-limit'),
    volatile,
  });

const jump = (run: Run, ms: number): void => {
  const end = monotonic(run.now + ms);
  const late = attemptStep(run, { kind: 'tick' }, end);
  passUntil(run, end);
  take(run, { kind: 'tick' });
  if (!late || run.violations.length > 0 || withoutLooks(late.state) === withoutLooks(run.state)) return;
  run.violations.push({
    invariant: 0,
    rule: 'late-call',
    text: `one call after ${ms} ms is not the same as a call at each deadline`,
  });
};

const giveCode = (run: Run, { user, meaning, way, by, request, delayMs }: Extract<Act, { do: 'code' }>): void => {
  const attempt = ++run.attempts;
  const keyedAt = monotonic(run.now);
  if (by === 'code') feed(run, { kind: 'attempt', attempt, way, keyedAt });
  if (delayMs > 0) passUntil(run, run.now + delayMs);
  const credential = user === undefined ? undefined : { user, meaning };
  feed(run, { kind: 'verdict', attempt, way, keyedAt, by, credential, request });
};

const setClock = (run: Run, stepMs: number, synchronised: boolean): void => {
  run.wallOffset += stepMs;
  run.synchronised = synchronised;
  feed(run, { kind: 'clock', wall: wall(run.now + run.wallOffset), synchronised });
};

const windowsAround = (instant: number): readonly ScheduleWindow[] => {
  const midnight = Math.floor(instant / DAY) * DAY;
  return [-1, 0, 1, 2].flatMap((day) => {
    const start = midnight + day * DAY;
    return [
      { schedule: DAYS, from: start + 7 * HOUR, to: start + 19 * HOUR },
      { schedule: NIGHTS, from: start + 20 * HOUR, to: start + 30 * HOUR },
    ];
  });
};

const feedCalendar = (run: Run): void => {
  const instant = run.now + run.wallOffset;
  run.hasCalendar = true;
  feed(run, { kind: 'calendar', windows: windowsAround(instant), until: wall(instant + 2 * DAY) });
};

/** What the store holds, read back. */
export const storedAndRead = (run: Run, state: State): State | undefined => {
  const parts = new Map(changedParts(run.site, undefined, state).map(({ key, json }) => [key, json]));
  const restored = stateFromParts(run.site, parts, monotonic(run.now));
  return restored.ok ? restored.state : undefined;
};

/** The state after a restart of the process as it would be now, without changing the run. */
export const restartedState = (run: Run, start: Partial<Start> = {}): State | undefined => {
  const restored = storedAndRead(run, run.state);
  const input: Input = { kind: 'start', start: { ...startOf(run, 'process', 0, false), ...start } };
  return restored && run.stepping(run.site, restored, input, monotonic(run.now)).state;
};

const restart = (run: Run, { cause, goneMs, stateLost }: Extract<Act, { do: 'restart' }>): void => {
  callDue(run);
  const before = run.state;
  const restored = stateLost ? initialState(run.site, monotonic(run.now)) : storedAndRead(run, before);
  if (!restored) {
    run.violations.push({ invariant: 4, rule: 'readable', text: 'what was stored cannot be read back' });
    return;
  }
  run.state = restored;
  run.wallOffset += goneMs;
  // Deadlines of the restored state are not due before the start is heard: the clock stood still meanwhile.
  take(run, { kind: 'start', start: startOf(run, cause, goneMs, stateLost) });
  if (!stateLost && run.violations.length === 0) {
    for (const watcher of run.restartWatchers) run.violations.push(...watcher(before, run.state, run));
  }
  feed(run, { kind: 'clock', wall: wall(run.now + run.wallOffset), synchronised: run.synchronised });
  if (run.hasCalendar) feedCalendar(run);
};

/** Plays until the end or the first violation; tells how many acts were played. */
export const play = (run: Run, trace: Trace): number => {
  for (const [index, act] of trace.entries()) {
    perform(run, act);
    if (run.violations.length > 0) return index + 1;
  }
  return trace.length;
};
