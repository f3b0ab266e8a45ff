/** A site in virtual time: a test says what happens and reads what the controller made of it. */
import type { ArmMode, Meaning } from '../../src/core/config.ts';
import type { Event, EventKind } from '../../src/core/event.ts';
import { must } from '../../src/core/frame.ts';
import { initialState } from '../../src/core/initial.ts';
import type { Input, Reading, Request, Start, Way } from '../../src/core/input.ts';
import { outputsOf } from '../../src/core/output.ts';
import type { OutputValue } from '../../src/core/output.ts';
import { changedParts, stateFromParts } from '../../src/core/parts.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, KeypadState, State, ZoneState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { monotonic, wall } from '../../src/core/time.ts';
import { nextDeadline } from '../../src/core/timers.ts';

const EPOCH = Date.parse('2026-03-02T19:00:00Z');

export type World = {
  readonly site: Site;
  state: State;
  now: number;
  /** All events so far. */
  readonly events: Event[];
  /** Where `told` starts to read. */
  mark: number;
  attempts: number;
  /** What the inputs read physically, for a restart. */
  readonly levels: Map<string, 0 | 1>;
  /** Lines that nobody hears. */
  readonly lost: Set<string>;
  /** Looked at after every step. */
  readonly check: ((before: State, input: Input, world: World, events: readonly Event[]) => void) | undefined;
};

const FRESH: Start = { cause: 'fresh', goneMs: undefined, stateLost: false, configChanged: false, readings: {} };

const readingsOf = (world: World): Record<string, Reading> =>
  Object.fromEntries(
    [...world.levels].map(([line, level]) => [line, world.lost.has(line) ? { kind: 'lost' } : { kind: 'level', level }]),
  );

export const world = (site: Site, check?: World['check'], clockSynchronised = true): World => {
  const now = 1_000;
  const made: World = {
    site,
    state: initialState(site, monotonic(now)),
    now,
    events: [],
    mark: 0,
    attempts: 0,
    levels: new Map(site.config.zones.map(({ line }) => [line, 0])),
    lost: new Set(),
    check,
  };
  feed(made, { kind: 'start', start: { ...FRESH, readings: readingsOf(made) } });
  feed(made, { kind: 'clock', wall: wall(EPOCH), synchronised: clockSynchronised });
  made.mark = made.events.length;
  return made;
};

export const feed = (world: World, input: Input): void => {
  const before = world.state;
  const result = step(world.site, before, input, monotonic(world.now));
  world.state = result.state;
  world.events.push(...result.events);
  world.check?.(before, input, world, result.events);
};

/** Lets time pass, stopping at each deadline as the runtime does. */
export const pass = (world: World, ms: number): void => {
  const end = world.now + ms;
  for (let next = nextDeadline(world.state); next !== undefined && next <= end; next = nextDeadline(world.state)) {
    world.now = Math.max(world.now, next);
    feed(world, { kind: 'tick' });
  }
  world.now = end;
};

// ---- what happens on site

export const setLevel = (world: World, zone: string, level: 0 | 1): void => {
  const { line } = must(world.site.zones.get(zone), zone).config;
  world.levels.set(line, level);
  world.lost.delete(line);
  feed(world, { kind: 'reading', line, reading: { kind: 'level', level } });
};

export const open = (world: World, zone: string): void => setLevel(world, zone, 1);
export const close = (world: World, zone: string): void => setLevel(world, zone, 0);
export const pulse = (world: World, zone: string): void => {
  open(world, zone);
  close(world, zone);
};

export const lose = (world: World, zone: string): void => {
  const { line } = must(world.site.zones.get(zone), zone).config;
  world.lost.add(line);
  feed(world, { kind: 'reading', line, reading: { kind: 'lost' } });
};

export const at = (keypad: string): Way => ({ kind: 'keypad', keypad });

type Given = {
  readonly user?: string;
  readonly meaning?: Meaning;
  readonly way?: Way;
  readonly by?: 'code' | 'badge';
  readonly delayMs?: number;
};

/** A person gives a code; `user` undefined: a wrong one. */
export const give = (world: World, request: Request, given: Given = {}): void => {
  const { user, meaning = 'normal', way = at('entree'), by = 'code', delayMs = 0 } = given;
  const attempt = ++world.attempts;
  const keyedAt = monotonic(world.now);
  if (by === 'code') feed(world, { kind: 'attempt', attempt, way, keyedAt });
  if (delayMs > 0) pass(world, delayMs);
  feed(world, {
    kind: 'verdict',
    attempt,
    way,
    keyedAt,
    by,
    credential: user === undefined ? undefined : { user, meaning },
    request,
  });
};

export const code = (world: World, user = 'claire', meaning: Meaning = 'normal'): void =>
  give(world, { verb: 'code' }, { user, meaning });

type Arming = { readonly override?: boolean; readonly inhibit?: readonly string[]; readonly areas?: readonly string[] };

export const askToArm = (world: World, mode: ArmMode = 'full', arming: Arming = {}, given: Given = { user: 'claire' }): void => {
  const { override = false, inhibit = [], areas = [] } = arming;
  const numbers = inhibit.map((zone) => must(world.site.zones.get(zone), zone).config.number);
  give(world, { verb: 'arm', mode, areas, override, inhibit: numbers }, given);
};

/** Arms and leaves by the entrance. */
export const leave = (world: World, mode: ArmMode = 'full', arming: Arming = {}, given?: Given): void => {
  askToArm(world, mode, arming, given);
  pass(world, 5_000);
  open(world, 'porte');
  pass(world, 2_000);
  close(world, 'porte');
  pass(world, 60_000);
};

/** The process begins to watch, with whatever state it has been given. */
export const comeBack = (world: World, start: Partial<Start> = {}): void =>
  feed(world, { kind: 'start', start: { ...FRESH, cause: 'process', goneMs: 5_000, readings: readingsOf(world), ...start } });

/** The process is gone and comes back with what it had stored. */
export const restart = (world: World, cause: 'process' | 'machine' = 'process', goneMs = 5_000): void => {
  const parts = new Map(changedParts(world.site, undefined, world.state).map(({ key, json }) => [key, json]));
  const restored = stateFromParts(world.site, parts, monotonic(world.now));
  if (!restored.ok) throw new Error(`unreadable ${restored.unreadable.join()}`);
  world.state = restored.state;
  comeBack(world, { cause, goneMs });
};

// ---- what the controller made of it

export const area = (world: World, id = 'cabinet'): AreaState =>
  must(world.state.durable.areas[must(world.site.areas.get(id), id).index], id);
export const zone = (world: World, id: string): ZoneState =>
  must(world.state.durable.zones[must(world.site.zones.get(id), id).index], id);
export const keypad = (world: World, id = 'entree'): KeypadState =>
  must(world.state.volatile.keypads[must(world.site.keypads.get(id), id).index], id);
export const output = (world: World, id: string): OutputValue => {
  const index = world.site.config.outputs.findIndex((config) => config.id === id);
  return must(outputsOf(world.site, world.state)[index], id);
};
export const isSounding = (world: World, id: string): boolean => output(world, id) !== 'off';

/** `armed full`, `disarmed` … */
export const state = (world: World, id = 'cabinet'): string => {
  const { arming } = area(world, id);
  return arming.state === 'disarmed' ? 'disarmed' : `${arming.state} ${arming.mode}`;
};

/** Events since it was last asked. */
export const heard = (world: World): readonly Event[] => {
  const events = world.events.slice(world.mark);
  world.mark = world.events.length;
  return events;
};

/** Their kinds, leaving out those named. */
export const told = (world: World, ...except: readonly EventKind[]): readonly EventKind[] =>
  heard(world)
    .map(({ kind }) => kind)
    .filter((kind) => !except.includes(kind));

/** One late tick, as after a suspended process: every deadline on the way fires, each at its own instant. */
export const oversleep = (world: World, ms: number): void => {
  world.now += ms;
  feed(world, { kind: 'tick' });
};

/** The event of this kind that was last told. */
export const lastOf = (world: World, kind: EventKind): Event =>
  must(
    world.events.findLast((event) => event.kind === kind),
    kind,
  );

/** Answers a keypad that asked which area. */
export const choose = (world: World, number: number, keypad = 'entree'): void => feed(world, { kind: 'choice', keypad, number });

/** The shell reads the wall clock: what it says is `ms` off from what has passed since the world began. */
export const setClock = (world: World, offMs = 0, synchronised = true): void =>
  feed(world, { kind: 'clock', wall: wall(EPOCH + world.now - 1_000 + offMs), synchronised });
