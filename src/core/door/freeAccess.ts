/**
 * Free access: the hours in which a door stands unlocked.
 *
 * It begins with its window, or when the first of staff is in where the door waits for that, and ends with the window, when
 * the area is set, when the door is blocked or locked down, and with the clock. A window that begins while the door is freed
 * by an emergency, or that a clock which is set jumps into or out of, is left out whole: nothing unlocks late, or by a clock.
 *
 * Staff are in when they come in by the door's reader or use a keypad inside, also a while before the hours; once the area
 * is set they have left, and the next who disarms opens the door to nobody.
 */
import type { DoorConfig, Role, ScheduleWindow, UserId } from '../config.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  doorState,
  emit,
  lockState,
  scheduleTime,
  setDoor,
  setLock,
  setTimer,
  userOf,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { HOUR, MINUTE, monotonic, wall } from '../time.ts';
import type { Wall } from '../time.ts';
import { doorFacts } from './doorAlarm.ts';
import { allowOpening, ON_THE_HANDLE_MS } from './lock.ts';
import { isEgressFree } from './status.ts';

type Door = Place<DoorConfig>;

/** Staff come in before the door opens to everybody. */
const COMES_EARLY_MS = 2 * HOUR;
/** A clock that is corrected by less than this jumps into nothing. */
const CLOCK_ERROR_MS = MINUTE;

const windowsOf = (frame: Frame, schedule: string): readonly ScheduleWindow[] =>
  frame.state.volatile.windows.filter((window) => window.schedule === schedule);

const windowAt = (frame: Frame, schedule: string, instant: Wall): ScheduleWindow | undefined =>
  frame.state.durable.clock.synchronised
    ? windowsOf(frame, schedule).find(({ from, to }) => from <= instant && instant < to)
    : undefined;

const windowNow = (frame: Frame, schedule: string): ScheduleWindow | undefined => windowAt(frame, schedule, scheduleTime(frame));

/** The hours that run, or that begin within the time for which staff come in before them. */
const windowToOpen = (frame: Frame, schedule: string): ScheduleWindow | undefined => {
  if (!frame.state.durable.clock.synchronised) return undefined;
  const now = scheduleTime(frame);
  return windowsOf(frame, schedule).find(({ from, to }) => from - COMES_EARLY_MS <= now && now < to);
};

const isDue = (frame: Frame, door: Door, window: ScheduleWindow): boolean => {
  const { mode, skipped, firstInFor } = doorState(frame, door);
  if (mode !== 'locked' || skipped === window.from) return false;
  // An emergency begins nothing; what had begun before it goes on after it.
  if (isEgressFree(frame.state, door) && lockState(frame, door).free === undefined) return false;
  if (areaState(frame, areaPlace(frame, door.config.area)).arming.state !== 'disarmed') return false;
  return door.config.access?.freeAccess?.firstPersonIn !== true || firstInFor === window.from;
};

const planNext = (frame: Frame, door: Door, schedule: string): void => {
  const { id } = door.config;
  const { synchronised, offsetMs } = frame.state.durable.clock;
  clearTimer(frame, 'free-access', id);
  if (!synchronised) return;
  const now = scheduleTime(frame);
  const next = windowsOf(frame, schedule)
    .flatMap(({ from, to }) => [from, to])
    .filter((instant) => instant > now)
    .toSorted((a, b) => a - b)[0];
  if (next !== undefined) setTimer(frame, 'free-access', id, monotonic(next - offsetMs));
};

const setFree = (frame: Frame, door: Door, free: boolean): void => {
  if ((lockState(frame, door).free !== undefined) === free) return;
  setLock(frame, door, { free: free ? frame.now : undefined });
  if (!free) allowOpening(frame, door, ON_THE_HANDLE_MS);
  emit(frame, free ? 'free-access-started' : 'free-access-ended', { ...doorFacts(door), cause: 'schedule' });
};

/** Brings free access in line with the hour. Nothing moves when nothing changed. */
export const followFreeAccess = (frame: Frame, door: Door): void => {
  const free = door.config.access?.freeAccess;
  if (!free) return;
  const window = windowNow(frame, free.schedule);
  // It stays left out after the emergency is over.
  if (window && isEgressFree(frame.state, door) && lockState(frame, door).free === undefined) skip(frame, door, window);
  setFree(frame, door, window !== undefined && isDue(frame, door, window));
  planNext(frame, door, free.schedule);
};

const skip = (frame: Frame, door: Door, { from }: ScheduleWindow): void => {
  if (doorState(frame, door).skipped !== from) setDoor(frame, door, { skipped: wall(from) });
};

/** Somebody locks the door for the rest of these hours. False: it does not stand free. */
export const leaveOutHours = (frame: Frame, door: Door): boolean => {
  const free = door.config.access?.freeAccess;
  const window = free && windowNow(frame, free.schedule);
  if (!window || lockState(frame, door).free === undefined) return false;
  skip(frame, door, window);
  return true;
};

/**
 * The clock was set, from `before`. Forward: the hours that it jumped into are left out. Back: those that had begun do not
 * begin a second time.
 */
export const skipJumpedHours = (frame: Frame, door: Door, before: Wall): void => {
  const free = door.config.access?.freeAccess;
  const now = scheduleTime(frame);
  if (!free || Math.abs(now - before) <= CLOCK_ERROR_MS) return;
  const [earlier, later] = now < before ? [now, before] : [before, now];
  const jumped = windowAt(frame, free.schedule, later);
  const goesOn = now > before && lockState(frame, door).free !== undefined;
  if (jumped && jumped.from > earlier && !goesOn) skip(frame, door, jumped);
};

const OPENS_UP: ReadonlySet<Role> = new Set<Role>(['owner', 'staff']);

/** The first of staff is in. True where that is new. */
export const noteFirstIn = (frame: Frame, door: Door, user: UserId): boolean => {
  const free = door.config.access?.freeAccess;
  const role = userOf(frame, user)?.role;
  const window = free?.firstPersonIn ? windowToOpen(frame, free.schedule) : undefined;
  if (!window || role === undefined || !OPENS_UP.has(role)) return false;
  if (doorState(frame, door).firstInFor === window.from) return false;
  setDoor(frame, door, { firstInFor: wall(window.from) });
  return true;
};

/** Everybody has left. */
export const forgetFirstIn = (frame: Frame, door: Door): void => {
  if (doorState(frame, door).firstInFor !== undefined) setDoor(frame, door, { firstInFor: undefined });
};
