/**
 * The inside of one step: the state as it stands so far, the instant that is being handled, and what has happened.
 * Handlers read and replace parts of the state through these functions; `step` hands out the result.
 */
import type { AreaId, DoorId, KeypadId, UserConfig, UserId, ZoneId } from './config.ts';
import { NEVER_EXERCISE } from './event.ts';
import type { Event, EventFacts, EventKind } from './event.ts';
import type { Place, Site } from './site.ts';
import type {
  AreaState,
  DoorState,
  Durable,
  KeypadState,
  LineState,
  LockState,
  OutputState,
  SiteState,
  State,
  Timer,
  TimerKind,
  Volatile,
  ZoneState,
} from './state.ts';
import { after, wall } from './time.ts';
import type { Monotonic, Wall } from './time.ts';
import { isDurableKind, withTimer, withoutTimer } from './timers.ts';

export type Frame = {
  readonly site: Site;
  /** The instant being handled: a deadline's own while it fires, then the input's. */
  now: Monotonic;
  state: State;
  readonly events: Event[];
};

/** A part that must exist because config and state are parallel lists. Its absence is a programming error. */
export const must = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`missing ${what}`);
  return value;
};

export const assertNever = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};

// ---- replacing parts

export const setDurable = (frame: Frame, change: Partial<Durable>): void => {
  frame.state = { ...frame.state, durable: { ...frame.state.durable, ...change } };
};

export const setVolatile = (frame: Frame, change: Partial<Volatile>): void => {
  frame.state = { ...frame.state, volatile: { ...frame.state.volatile, ...change } };
};

export const areaState = (frame: Frame, area: Place<unknown>): AreaState => must(frame.state.durable.areas[area.index], 'area');
export const zoneState = (frame: Frame, zone: Place<unknown>): ZoneState => must(frame.state.durable.zones[zone.index], 'zone');
export const doorState = (frame: Frame, door: Place<unknown>): DoorState => must(frame.state.durable.doors[door.index], 'door');
export const lockState = (frame: Frame, door: Place<unknown>): LockState => must(frame.state.volatile.locks[door.index], 'lock');
export const outputState = (frame: Frame, output: Place<unknown>): OutputState =>
  must(frame.state.durable.outputs[output.index], 'output');
export const lineState = (frame: Frame, zone: Place<unknown>): LineState => must(frame.state.volatile.lines[zone.index], 'line');
export const keypadState = (frame: Frame, keypad: Place<unknown>): KeypadState =>
  must(frame.state.volatile.keypads[keypad.index], 'keypad');

export const setArea = (frame: Frame, area: Place<unknown>, change: Partial<AreaState>): void =>
  setDurable(frame, { areas: frame.state.durable.areas.with(area.index, { ...areaState(frame, area), ...change }) });
export const setZone = (frame: Frame, zone: Place<unknown>, change: Partial<ZoneState>): void =>
  setDurable(frame, { zones: frame.state.durable.zones.with(zone.index, { ...zoneState(frame, zone), ...change }) });
export const setDoor = (frame: Frame, door: Place<unknown>, change: Partial<DoorState>): void =>
  setDurable(frame, { doors: frame.state.durable.doors.with(door.index, { ...doorState(frame, door), ...change }) });
export const setOutput = (frame: Frame, output: Place<unknown>, change: Partial<OutputState>): void =>
  setDurable(frame, { outputs: frame.state.durable.outputs.with(output.index, { ...outputState(frame, output), ...change }) });
export const setLine = (frame: Frame, zone: Place<unknown>, change: Partial<LineState>): void =>
  setVolatile(frame, { lines: frame.state.volatile.lines.with(zone.index, { ...lineState(frame, zone), ...change }) });
export const setLock = (frame: Frame, door: Place<unknown>, change: Partial<LockState>): void =>
  setVolatile(frame, { locks: frame.state.volatile.locks.with(door.index, { ...lockState(frame, door), ...change }) });
export const setKeypad = (frame: Frame, keypad: Place<unknown>, change: Partial<KeypadState>): void =>
  setVolatile(frame, { keypads: frame.state.volatile.keypads.with(keypad.index, { ...keypadState(frame, keypad), ...change }) });

export const siteState = (frame: Frame): SiteState => frame.state.durable.site;
export const setSite = (frame: Frame, change: Partial<SiteState>): void =>
  setDurable(frame, { site: { ...siteState(frame), ...change } });

// ---- timers

export const setTimer = (frame: Frame, kind: TimerKind, subject: string, at: Monotonic): void => {
  if (isDurableKind(kind)) setDurable(frame, { timers: withTimer(frame.state.durable.timers, { at, kind, subject }) });
  else setVolatile(frame, { timers: withTimer(frame.state.volatile.timers, { at, kind, subject }) });
};

export const setTimerIn = (frame: Frame, kind: TimerKind, subject: string, ms: number): void =>
  setTimer(frame, kind, subject, after(frame.now, ms));

export const timerOf = (frame: Frame, kind: TimerKind, subject: string): Timer | undefined =>
  (isDurableKind(kind) ? frame.state.durable.timers : frame.state.volatile.timers).find(
    (timer) => timer.kind === kind && timer.subject === subject,
  );

export const clearTimer = (frame: Frame, kind: TimerKind, subject: string): void => {
  if (!timerOf(frame, kind, subject)) return;
  if (isDurableKind(kind)) setDurable(frame, { timers: withoutTimer(frame.state.durable.timers, kind, subject) });
  else setVolatile(frame, { timers: withoutTimer(frame.state.volatile.timers, kind, subject) });
};

// ---- clocks and events

/** Wall time of an instant by the clock as it is set now, whole milliseconds, never before the last stored wall time. */
export const wallAt = (frame: Frame, instant: Monotonic): Wall => {
  const { offsetMs, highWater } = frame.state.durable.clock;
  return wall(Math.round(Math.max(instant + offsetMs, highWater)));
};

/**
 * Wall time for schedules and rights: what the clock says. After a clock was set back, records stand still until it has
 * caught up (`wallAt`), but the evening comes when it is evening.
 */
export const scheduleTime = (frame: Frame): Wall => wall(frame.now + frame.state.durable.clock.offsetMs);

export const eventOf = (frame: Frame, kind: EventKind, facts: EventFacts = {}): Event => ({
  kind,
  at: wallAt(frame, frame.now),
  atQuality: frame.state.durable.clock.synchronised ? 'synchronised' : 'unsynchronised',
  mono: frame.now,
  exercise: siteState(frame).exercise !== undefined && !NEVER_EXERCISE.has(kind),
  ...facts,
});

export const emit = (frame: Frame, kind: EventKind, facts: EventFacts = {}): void => {
  frame.events.push(eventOf(frame, kind, facts));
};

// ---- look-ups

export const areaPlace = (frame: Frame, id: AreaId) => must(frame.site.areas.get(id), `area ${id}`);
export const zonePlace = (frame: Frame, id: ZoneId) => must(frame.site.zones.get(id), `zone ${id}`);
export const doorPlace = (frame: Frame, id: DoorId) => must(frame.site.doors.get(id), `door ${id}`);
export const keypadPlace = (frame: Frame, id: KeypadId) => must(frame.site.keypads.get(id), `keypad ${id}`);
export const zonesOf = (frame: Frame, area: AreaId) => frame.site.zonesOfArea.get(area) ?? [];

/** People changed while running go before the site's file; nobody is who was revoked. */
export const userOf = ({ site, state: { durable } }: Frame, id: UserId): UserConfig | undefined =>
  durable.people.revoked.includes(id) ? undefined : (durable.people.roster.find((user) => user.id === id) ?? site.users.get(id));
