/**
 * The world of a story: the controller's state, what its lines say, and the time, which passes only when the story says.
 *
 * - **story time**: milliseconds since the story began, whether or not the controller runs.
 * - **gone**: nobody runs the controller. Its running time stands still, contacts move unheard, outputs are at rest.
 */
import { initialState } from '../core/initial.ts';
import { outputsOf } from '../core/output.ts';
import { changedParts, stateFromParts } from '../core/parts.ts';
import { nextDeadline } from '../core/timers.ts';
import { monotonic, wall } from '../core/time.ts';
import type { KeypadId, LineId, ScheduleWindow } from '../core/config.ts';
import type { Event } from '../core/event.ts';
import type { Input, Reading, Start } from '../core/input.ts';
import type { OutputValue } from '../core/output.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Monotonic, Wall } from '../core/time.ts';
import type { KeysState } from '../protocol/keypad.ts';
import { restingReadings } from './electric.ts';
import { newTrace, noteGone, noteState } from './trace.ts';
import type { Trace } from './trace.ts';

export type Stepped = { readonly state: State; readonly events: readonly Event[] };
export type StepFunction = (site: Site, state: State, input: Input, now: Monotonic) => Stepped;

export type WorldOptions = {
  readonly site: Site;
  readonly step: StepFunction;
  /** The hours of the site's schedules that touch a stretch of wall time. */
  readonly windows: (from: Wall, to: Wall) => readonly ScheduleWindow[];
  /** True wall time when the story begins. */
  readonly startWall: Wall;
  readonly synchronised: boolean;
  /** Called after every step: where rules that hold throughout are checked. */
  readonly onStep: (world: World, events: readonly Event[]) => void;
};

/** What a story does to the way to the centre. */
export type WireChange =
  | { readonly what: 'broker' | 'centre' | 'acknowledgements'; readonly on: boolean }
  | { readonly what: 'command'; readonly verb: string };

/** What goes along with the controller: its way to the centre. */
export type Companion = {
  readonly start: () => void;
  readonly leave: (stateLost: boolean) => void;
  readonly keep: (events: readonly Event[]) => void;
  readonly nextMs: () => number | undefined;
  readonly tick: () => void;
  readonly change: (wanted: WireChange) => void;
  readonly centre: () => { readonly received: readonly Event[]; readonly complete: boolean; readonly words: string };
};

type Planned = { readonly atMs: number; readonly run: () => void };

export type World = {
  readonly options: WorldOptions;
  readonly readings: Map<LineId, Reading>;
  readonly torn: Set<LineId>;
  /** The durable state as it is stored, part by part. */
  readonly disk: Map<string, string>;
  readonly trace: Trace;
  state: State;
  outputs: readonly OutputValue[];
  atMs: number;
  /** All the time the controller was gone. */
  goneMs: number;
  /** Until when it is gone, and how it comes back; undefined: it runs. */
  gone: { readonly untilMs: number; readonly start: Omit<Start, 'readings'> } | undefined;
  /** How far the controller's wall clock is from the true one. */
  clockErrorMs: number;
  synchronised: boolean;
  planned: readonly Planned[];
  calendarUntilMs: number;
  /** Keys pressed and not yet ended, by keypad. */
  readonly keys: Map<KeypadId, KeysState>;
  attempts: number;
  commands: number;
  companion: Companion | undefined;
};

const CALENDAR_MS = 48 * 3_600_000;
/** More deadlines than this at one instant is a core that does not move on. */
const STUCK = 10_000;
/** A delay that runs when a story begins must not start at zero: zero hides mistakes. */
const FIRST_INSTANT_MS = 5_000;

export const runningTime = (world: World): Monotonic => monotonic(FIRST_INSTANT_MS + world.atMs - world.goneMs);
export const storyMs = (world: World, instant: Monotonic): number => instant - FIRST_INSTANT_MS + world.goneMs;

/** What the controller's own wall clock says. */
export const shownWall = (world: World): Wall => wall(world.options.startWall + world.atMs + world.clockErrorMs);

const restOutputs = (site: Site): readonly OutputValue[] => site.config.outputs.map(() => 'off');

export const newWorld = (options: WorldOptions): World => ({
  options,
  readings: new Map(Object.entries(restingReadings(options.site.config))),
  torn: new Set(),
  disk: new Map(),
  trace: newTrace(options.site),
  state: initialState(options.site, monotonic(FIRST_INSTANT_MS)),
  outputs: restOutputs(options.site),
  atMs: 0,
  goneMs: 0,
  gone: undefined,
  clockErrorMs: 0,
  synchronised: options.synchronised,
  planned: [],
  calendarUntilMs: 0,
  keys: new Map(),
  attempts: 0,
  commands: 0,
  companion: undefined,
});

// ---- telling the controller

export const tell = (world: World, input: Input): void => {
  if (world.gone) return;
  const { site, step, onStep } = world.options;
  const { state, events } = step(site, world.state, input, runningTime(world));
  store(world, world.state, state);
  world.state = state;
  world.outputs = outputsOf(site, state);
  for (const event of events) world.trace.happenings.push({ atMs: world.atMs, event });
  noteState(world.trace, world.atMs, state, world.outputs);
  onStep(world, events);
  world.companion?.keep(events);
};

const readingOfLine = (world: World, line: LineId): Reading =>
  world.torn.has(line) ? { kind: 'lost' } : (world.readings.get(line) ?? { kind: 'lost' });

const tellLine = (world: World, line: LineId): void =>
  tell(world, { kind: 'reading', line, reading: readingOfLine(world, line) });

const isSame = (a: Reading | undefined, b: Reading): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A torn line moves unheard, and says where it is when it is mended. */
export const putLine = (world: World, line: LineId, reading: Reading): void => {
  if (isSame(world.readings.get(line), reading)) return;
  world.readings.set(line, reading);
  if (!world.torn.has(line)) tellLine(world, line);
};

export const setTorn = (world: World, line: LineId, torn: boolean): void => {
  if (world.torn.has(line) === torn) return;
  if (torn) world.torn.add(line);
  else world.torn.delete(line);
  tellLine(world, line);
};

export const tellClock = (world: World): void =>
  tell(world, { kind: 'clock', wall: shownWall(world), synchronised: world.synchronised });

export const tellCalendar = (world: World): void => {
  const from = shownWall(world);
  const until = wall(from + CALENDAR_MS);
  world.calendarUntilMs = world.atMs + CALENDAR_MS / 2;
  tell(world, { kind: 'calendar', windows: world.options.windows(from, until), until });
};

// ---- starting and being gone

export const boot = (world: World, start: Omit<Start, 'readings'>): void => {
  const { site } = world.options;
  world.gone = undefined;
  const readings = Object.fromEntries(site.config.zones.map(({ line }) => [line, readingOfLine(world, line)]));
  tell(world, { kind: 'start', start: { ...start, readings } });
  tellClock(world);
  tellCalendar(world);
  world.companion?.start();
};

/** What is on disk is all that comes back, read the way the controller reads it. */
const readBack = (world: World, stateLost: boolean): State => {
  const { site } = world.options;
  const restored = stateLost ? undefined : stateFromParts(site, world.disk, runningTime(world));
  if (restored?.ok === false) throw new Error(`parts of the stored state cannot be read: ${restored.unreadable.join(', ')}`);
  return restored?.state ?? initialState(site, runningTime(world));
};

const store = (world: World, before: State, after: State): void => {
  for (const { key, json } of changedParts(world.options.site, before, after)) world.disk.set(key, json);
};

export type Outage = { readonly cause: 'process' | 'machine'; readonly forMs: number; readonly stateLost: boolean };

/** What was durable stays; all else is gone with the process. */
export const leave = (world: World, { cause, forMs, stateLost }: Outage): void => {
  world.companion?.leave(stateLost);
  if (stateLost) world.disk.clear();
  world.state = readBack(world, stateLost);
  world.keys.clear();
  world.outputs = restOutputs(world.options.site);
  world.gone = { untilMs: world.atMs + forMs, start: { cause, goneMs: forMs, stateLost, configChanged: false } };
  noteGone(world.trace, world.atMs, cause === 'machine' ? 'no power' : 'stopped');
  if (forMs === 0) comeBack(world);
};

const comeBack = (world: World): void => {
  const { gone } = world;
  if (!gone) return;
  world.goneMs += gone.start.goneMs ?? 0;
  boot(world, gone.start);
};

// ---- time

export const plan = (world: World, afterMs: number, run: () => void): void => {
  const task = { atMs: world.atMs + afterMs, run };
  const later = world.planned.findIndex(({ atMs }) => atMs > task.atMs);
  world.planned = world.planned.toSpliced(later < 0 ? world.planned.length : later, 0, task);
};

const runPlanned = (world: World): void => {
  const [task, ...others] = world.planned;
  world.planned = others;
  task?.run();
};

type Next = { readonly atMs: number; readonly run: (world: World) => void };

const nextOf = (world: World): Next | undefined => {
  const deadline = world.gone ? undefined : nextDeadline(world.state);
  const head = world.planned[0];
  const wireMs = world.gone ? undefined : world.companion?.nextMs();
  const coming: Next[] = [
    ...(world.gone ? [{ atMs: world.gone.untilMs, run: comeBack }] : [{ atMs: world.calendarUntilMs, run: tellCalendar }]),
    ...(head ? [{ atMs: head.atMs, run: runPlanned }] : []),
    ...(deadline === undefined
      ? []
      : [{ atMs: Math.max(world.atMs, storyMs(world, deadline)), run: (each: World) => tell(each, { kind: 'tick' }) }]),
    ...(wireMs === undefined ? [] : [{ atMs: Math.max(world.atMs, wireMs), run: (each: World) => each.companion?.tick() }]),
  ];
  return coming.toSorted((a, b) => a.atMs - b.atMs)[0];
};

/** Lets time pass, everything that falls due meanwhile in its order. */
export const passUntil = (world: World, atMs: number): void => {
  let atOnce = 0;
  for (let next = nextOf(world); next && next.atMs <= atMs; next = nextOf(world)) {
    atOnce = next.atMs === world.atMs ? atOnce + 1 : 0;
    if (atOnce > STUCK)
      throw new Error(`the core asks for the same instant again and again: ${JSON.stringify(nextDeadline(world.state))}`);
    world.atMs = next.atMs;
    next.run(world);
  }
  world.atMs = atMs;
  world.trace.endMs = atMs;
};
