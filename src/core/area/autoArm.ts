/**
 * Arming by the calendar. Before the hours in which an area should be armed a warning; a person may postpone, motion
 * postpones too; after the last postponement it is late, said so, and tried again. When it is due stands in
 * autoArmPlan.ts.
 */
import type { AreaConfig, AutoArmConfig } from '../config.ts';
import { areaState, emit, scheduleTime, setTimerIn, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Who } from '../state.ts';
import { after, MINUTE, wall } from '../time.ts';
import type { Monotonic } from '../time.ts';
import { arm } from './arm.ts';
import { currentWindow, noteWarned, planAutoArm, setAutoArm } from './autoArmPlan.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;

const BY_SCHEDULE: Who = { user: undefined, cause: 'schedule', keypad: undefined };

export const warnAutoArm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config || areaState(frame, area).arming.state !== 'disarmed') return;
  noteWarned(frame, area, config);
  emit(frame, 'auto-arm-warned', { area: area.config.id, cause: 'schedule' });
};

/** A window begins, or a postponement ends. A window begins once, whatever the clock does afterwards. */
export const fireAutoArm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config) return;
  if (areaState(frame, area).autoArm.postponedUntil === undefined) beginWindow(frame, area, config);
  else setAutoArm(frame, area, { postponedUntil: undefined });
  planAutoArm(frame, area, config);
  tryAutoArm(frame, area);
};

const beginWindow = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const from = currentWindow(frame, config)?.from ?? scheduleTime(frame);
  setAutoArm(frame, area, { firedUpTo: wall(from), postponed: 0, late: false });
};

const tryAutoArm = (frame: Frame, area: Area): void => {
  const config = area.config.autoArm;
  if (!config || areaState(frame, area).arming.state !== 'disarmed') return;
  if (!currentWindow(frame, config)) return;
  const result = arm(frame, area, { mode: config.mode, who: BY_SCHEDULE, override: true, inhibit: [], auto: true });
  if (!result.ok) retryLater(frame, area, config);
};

/** Somebody is still there. */
const retryLater = (frame: Frame, area: Area, config: AutoArmConfig): void => {
  const { postponed, late } = areaState(frame, area).autoArm;
  if (postponed < config.postponements) return postponeTo(frame, area, after(frame.now, config.postponeMs), BY_SCHEDULE);
  setAutoArm(frame, area, { late: true, postponedUntil: after(frame.now, config.retryMs) });
  planAutoArm(frame, area, config);
  if (!late) emit(frame, 'late-to-arm', { area: area.config.id, cause: 'schedule' });
};

const postponeTo = (frame: Frame, area: Area, postponedUntil: Monotonic, who: Who): void => {
  const config = area.config.autoArm;
  const postponed = areaState(frame, area).autoArm.postponed + 1;
  setAutoArm(frame, area, { postponed, postponedUntil });
  if (config) planAutoArm(frame, area, config);
  emit(frame, 'auto-arm-postponed', { area: area.config.id, ...whoFacts(who), detail: { times: postponed } });
};

/** A person asks for more time, from the warning on: `postponeMs` beyond when it would have been. */
export const postponeAutoArm = (frame: Frame, area: Area, who: Who): 'postponed' | 'nothing-to-do' | 'too-many-postponements' => {
  const config = area.config.autoArm;
  const { postponed, postponedUntil, firedUpTo } = areaState(frame, area).autoArm;
  const due = timerOf(frame, 'auto-arm', area.config.id);
  if (!config || areaState(frame, area).arming.state !== 'disarmed') return 'nothing-to-do';
  const isNear = due !== undefined && (postponedUntil !== undefined || due.at - frame.now <= config.warningMs);
  if (!isNear) return 'nothing-to-do';
  const isFirst = postponedUntil === undefined;
  if (!isFirst && postponed >= config.postponements) return 'too-many-postponements';
  if (isFirst) {
    const from = wall(due.at + frame.state.durable.clock.offsetMs);
    setAutoArm(frame, area, { firedUpTo: from > firedUpTo ? from : firedUpTo, postponed: 0, late: false });
  }
  postponeTo(frame, area, after(due.at, config.postponeMs), who);
  return 'postponed';
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
