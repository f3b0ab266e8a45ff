/**
 * Arming by the calendar. A schedule's windows are the hours in which the area should be armed. Before a window a
 * warning; a person may postpone, motion postpones too; after the last postponement it is late, said so, and tried
 * again. A disarm inside the window is followed by arming again. Nothing is planned until the clock is synchronised.
 */
import type { AreaConfig, AutoArmConfig, ScheduleWindow } from '../config.ts';
import { areaState, clearTimer, emit, setArea, setTimer, setTimerIn, timerOf, wallAt } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { AutoArmState, Who } from '../state.ts';
import { MINUTE, monotonic, wall } from '../time.ts';
import type { Monotonic } from '../time.ts';
import { arm } from './arm.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;

const BY_SCHEDULE: Who = { user: undefined, cause: 'schedule', keypad: undefined };

const setAutoArm = (frame: Frame, area: Area, change: Partial<AutoArmState>): void =>
  setArea(frame, area, { autoArm: { ...areaState(frame, area).autoArm, ...change } });

const windowsOf = (frame: Frame, { schedule }: AutoArmConfig): readonly ScheduleWindow[] =>
  frame.state.volatile.windows.filter((window) => window.schedule === schedule);

const currentWindow = (frame: Frame, config: AutoArmConfig): ScheduleWindow | undefined => {
  const now = wallAt(frame, frame.now);
  return windowsOf(frame, config).find(({ from, to }) => from <= now && now < to);
};

/** The running time at which wall time is `instant`, by the clock as it is set now. */
const atWall = (frame: Frame, instant: number): Monotonic => monotonic(instant - frame.state.durable.clock.offsetMs);

/** Plans every area's next arming: called when the calendar, the clock or the process starts anew. */
export const planAutoArms = (frame: Frame): void => {
  for (const area of frame.site.areas.values()) {
    if (area.config.autoArm) planAutoArm(frame, area, area.config.autoArm);
  }
};

const planAutoArm = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  clearTimer(frame, 'auto-arm', area.config.id);
  clearTimer(frame, 'auto-arm-warn', area.config.id);
  if (!frame.state.durable.clock.synchronised) return;
  const { firedUpTo } = areaState(frame, area).autoArm;
  const now = wallAt(frame, frame.now);
  const next = windowsOf(frame, config).find(({ from, to }) => from > firedUpTo && to > now);
  if (!next) return;
  const due = latest(atWall(frame, next.from), frame.now);
  setTimer(frame, 'auto-arm', area.config.id, due);
  setTimer(frame, 'auto-arm-warn', area.config.id, latest(monotonic(due - config.warningMs), frame.now));
};

const latest = (a: Monotonic, b: Monotonic): Monotonic => (a > b ? a : b);

export const warnAutoArm = (frame: Frame, area: Area): void => {
  if (areaState(frame, area).arming.state !== 'disarmed') return;
  emit(frame, 'auto-arm-warned', { area: area.config.id, cause: 'schedule' });
};

/** A window begins. It fires once, whatever the clock does afterwards. */
export const fireAutoArm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config) return;
  const window = currentWindow(frame, config);
  setAutoArm(frame, area, { firedUpTo: wall(window?.from ?? wallAt(frame, frame.now)), postponed: 0, late: false });
  planAutoArm(frame, area, config);
  tryAutoArm(frame, area);
};

export const tryAutoArm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  setAutoArm(frame, area, { postponedUntil: undefined });
  if (!config || areaState(frame, area).arming.state !== 'disarmed') return;
  if (!currentWindow(frame, config)) return;
  const result = arm(frame, area, { mode: config.mode, who: BY_SCHEDULE, override: true, inhibit: [], auto: true });
  if (!result.ok) retryLater(frame, area, config);
};

/** Somebody is still there. */
const retryLater = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const { postponed, late } = areaState(frame, area).autoArm;
  if (postponed < config.postponements) return postponeBy(frame, area, config, BY_SCHEDULE);
  setTimerIn(frame, 'auto-arm-retry', area.config.id, config.retryMs);
  if (late) return;
  setAutoArm(frame, area, { late: true });
  emit(frame, 'late-to-arm', { area: area.config.id, cause: 'schedule' });
};

const postponeBy = (frame: Frame, area: Area, config: AutoArmConfig, who: Who): void => {
  const { postponed } = areaState(frame, area).autoArm;
  setTimerIn(frame, 'auto-arm-retry', area.config.id, config.postponeMs);
  setAutoArm(frame, area, { postponed: postponed + 1, postponedUntil: timerOf(frame, 'auto-arm-retry', area.config.id)?.at });
  emit(frame, 'auto-arm-postponed', { area: area.config.id, ...whoFacts(who), detail: { times: postponed + 1 } });
};

/** A person asks for more time, from the warning on. */
export const postponeAutoArm = (frame: Frame, area: Area, who: Who): 'postponed' | 'nothing-to-do' | 'too-many-postponements' => {
  const config = area.config.autoArm;
  const due = timerOf(frame, 'auto-arm', area.config.id);
  const retry = timerOf(frame, 'auto-arm-retry', area.config.id);
  if (!config || areaState(frame, area).arming.state !== 'disarmed') return 'nothing-to-do';
  const isWarned = due !== undefined && due.at - frame.now <= config.warningMs;
  if (!isWarned && !retry) return 'nothing-to-do';
  if (areaState(frame, area).autoArm.postponed >= config.postponements) return 'too-many-postponements';
  if (isWarned) {
    setAutoArm(frame, area, { firedUpTo: wall(due.at + frame.state.durable.clock.offsetMs), postponed: 0, late: false });
    planAutoArm(frame, area, config);
  }
  postponeBy(frame, area, config, who);
  return 'postponed';
};

/** Disarmed inside the hours in which the area should be armed: armed again later. */
export const planRearm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config || !frame.state.durable.clock.synchronised || !currentWindow(frame, config)) return;
  setAutoArm(frame, area, { postponed: 0, late: false });
  setTimerIn(frame, 'auto-arm-retry', area.config.id, config.retryMs);
};

/** A guard lets himself in once, and has this long to arm again; then it is tried without him until nobody moves. */
export const GUARD_MS = 30 * MINUTE;

export const expireGuard = (frame: Frame, area: Area): void => {
  const { arming, autoArm } = areaState(frame, area);
  if (arming.state !== 'disarmed') return;
  if (!autoArm.late) emit(frame, 'late-to-arm', { area: area.config.id, cause: 'time-out' });
  const result = arm(frame, area, { mode: 'full', who: BY_SCHEDULE, override: true, inhibit: [], auto: true });
  setAutoArm(frame, area, { late: !result.ok });
  if (!result.ok) setTimerIn(frame, 'guard', area.config.id, GUARD_MS);
};
