/**
 * When the calendar arms an area next. A schedule's windows are the hours in which it should be armed; the core compares
 * instants only, so a local time that is skipped or repeated is the calendar's business.
 *
 * *Due*: the beginning of the next window that has not fired, or the end of a postponement. A disarm inside a window, and
 * an arming that failed in it, are postponements too. The warning comes `warningMs` before, once for each due. Nothing
 * is planned while the clock is not set.
 *
 * Nobody is armed upon without a warning: where the hours turn out to have begun already (a first start in the evening, a
 * clock that is set or jumps, a power cut), the warning comes at once and the arming `warningMs` after it.
 */
import type { AreaConfig, AutoArmConfig, ScheduleWindow } from '../config.ts';
import { areaState, clearTimer, scheduleTime, setArea, setTimer, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { AutoArmState } from '../state.ts';
import { after, MINUTE, monotonic, wall } from '../time.ts';
import type { Monotonic } from '../time.ts';

type Area = Place<AreaConfig>;
type Due = {
  /** May have passed. */
  readonly at: Monotonic;
  readonly isPostponed: boolean;
  /** What the warning is remembered by: a clock that is corrected does not make another due of it. */
  readonly key: number;
};

/** A clock that is corrected by less than this moves no warning. */
const CLOCK_ERROR_MS = MINUTE;

export const setAutoArm = (frame: Frame, area: Area, change: Partial<AutoArmState>): void =>
  setArea(frame, area, { autoArm: { ...areaState(frame, area).autoArm, ...change } });

const isClockSet = (frame: Frame): boolean => frame.state.durable.clock.synchronised;

const windowsOf = (frame: Frame, { schedule }: AutoArmConfig): readonly ScheduleWindow[] =>
  frame.state.volatile.windows.filter((window) => window.schedule === schedule);

/** The window that an instant of running time lies in, by the clock as it is set now. */
const windowAt = (frame: Frame, config: AutoArmConfig, at: Monotonic): ScheduleWindow | undefined => {
  const instant = at + frame.state.durable.clock.offsetMs;
  return windowsOf(frame, config).find(({ from, to }) => from <= instant && instant < to);
};

export const currentWindow = (frame: Frame, config: AutoArmConfig): ScheduleWindow | undefined =>
  isClockSet(frame) ? windowAt(frame, config, frame.now) : undefined;

/** The running time at which wall time is `instant`, by the clock as it is set now. */
const atWall = (frame: Frame, instant: number): Monotonic => monotonic(instant - frame.state.durable.clock.offsetMs);
const latest = (a: Monotonic, b: Monotonic): Monotonic => (a > b ? a : b);

const dueOf = (frame: Frame, area: Area, config: AutoArmConfig): Due | undefined => {
  const { firedUpTo, postponedUntil } = areaState(frame, area).autoArm;
  if (postponedUntil !== undefined) return { at: postponedUntil, isPostponed: true, key: postponedUntil };
  const now = scheduleTime(frame);
  const next = windowsOf(frame, config).find(({ from, to }) => from > firedUpTo && to > now);
  return next && { at: atWall(frame, next.from), isPostponed: false, key: next.from };
};

/** The clock was set back behind what fired, and what fired is over: when that hour comes, it is another evening. */
const forgetFired = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const { arming, autoArm } = areaState(frame, area);
  const now = scheduleTime(frame);
  if (autoArm.firedUpTo <= now || arming.state !== 'disarmed') return;
  if (autoArm.postponedUntil !== undefined || currentWindow(frame, config)) return;
  setAutoArm(frame, area, { firedUpTo: now });
};

/** Hours that end before the postponement does are over: there is nothing to arm for any more. */
const dropPostponement = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const { postponedUntil } = areaState(frame, area).autoArm;
  if (postponedUntil === undefined || windowsOf(frame, config).length === 0) return;
  if (!windowAt(frame, config, latest(postponedUntil, frame.now))) setAutoArm(frame, area, { postponedUntil: undefined });
};

export const planAutoArm = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const { id } = area.config;
  clearTimer(frame, 'auto-arm', id);
  clearTimer(frame, 'auto-arm-warn', id);
  if (!isClockSet(frame)) return;
  dropPostponement(frame, area, config);
  forgetFired(frame, area, config);
  const due = dueOf(frame, area, config);
  if (!due) return;
  const { warnedFor, warnedUntil } = areaState(frame, area).autoArm;
  // Warned long before, by a clock that has been set back: warned again.
  const isWarned = warnedFor === due.key && due.at - frame.now <= config.warningMs + CLOCK_ERROR_MS;
  if (isWarned) return setTimer(frame, 'auto-arm', id, latest(frame.now, latest(due.at, warnedUntil ?? frame.now)));
  const warnAt = latest(after(due.at, -config.warningMs), frame.now);
  // Whoever postponed knows, and may have asked for less than a whole warning.
  const isKnown = due.isPostponed && due.at > frame.now;
  setTimer(frame, 'auto-arm-warn', id, warnAt);
  setTimer(frame, 'auto-arm', id, isKnown ? due.at : after(warnAt, config.warningMs));
};

/** Plans every area's next arming: called when the calendar, the clock or the process starts anew. */
export const planAutoArms = (frame: Frame): void => {
  for (const area of frame.site.areas.values()) {
    if (area.config.autoArm) planAutoArm(frame, area, area.config.autoArm);
  }
};

export const noteWarned = (frame: Frame, area: Area, config: AutoArmConfig): void =>
  setAutoArm(frame, area, {
    warnedFor: dueOf(frame, area, config)?.key,
    warnedUntil: timerOf(frame, 'auto-arm', area.config.id)?.at,
  });

/** The area is set: what was put off is done. */
export const endPostponement = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config || areaState(frame, area).autoArm.postponedUntil === undefined) return;
  setAutoArm(frame, area, { postponedUntil: undefined });
  planAutoArm(frame, area, config);
};

/**
 * Not armed inside the hours in which the area should be: armed again later. Also where the clock has been put back to
 * before hours that have begun already, which do not begin again.
 */
export const planRearm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config || !isClockSet(frame)) return;
  const now = scheduleTime(frame);
  const { firedUpTo } = areaState(frame, area).autoArm;
  const window = windowsOf(frame, config).find(({ from, to }) => from <= Math.max(now, firedUpTo) && to > now);
  // Whoever opens just before the hours begin has the whole warning.
  if (!window) return planAutoArm(frame, area, config);
  const postponedUntil = latest(after(frame.now, config.retryMs), atWall(frame, window.from));
  setAutoArm(frame, area, { firedUpTo: latestWall(firedUpTo, window), postponed: 0, late: false, postponedUntil });
  planAutoArm(frame, area, config);
};

const latestWall = (firedUpTo: AutoArmState['firedUpTo'], { from }: ScheduleWindow): AutoArmState['firedUpTo'] =>
  from > firedUpTo ? wall(from) : firedUpTo;
