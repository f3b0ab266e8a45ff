/**
 * What a start changes. The state comes back as it was, with the delays that were left; inputs are read as levels.
 * Where nothing of the state could be read, every area is armed: never disarmed for want of knowing.
 */
import type { AreaConfig, ZoneConfig } from './config.ts';
import { areaState, emit, setTimerIn, setZone, timerOf, zoneState } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Start } from './input.ts';
import type { Place } from './site.ts';
import type { Who } from './state.ts';
import { after, DAY } from './time.ts';
import type { Monotonic } from './time.ts';
import { planAutoArms } from './area/autoArmPlan.ts';
import { setArmed } from './area/exit.ts';
import { restartDoors } from './door/exit.ts';
import { closeOrphans } from './orphans.ts';
import { startSupervision } from './supervision/start.ts';
import { readAtStart } from './zone/conditioning.ts';

const BY_RESTART: Who = { user: undefined, cause: 'restart', keypad: undefined };

export const onStart = (frame: Frame, start: Start): void => {
  startSupervision(frame, start);
  closeOrphans(frame);
  if (start.stateLost) for (const area of frame.site.areas.values()) armForWantOfState(frame, area);
  for (const zone of frame.site.zones.values()) {
    startSoak(frame, zone);
    const reading = start.readings[zone.config.line];
    if (reading) readAtStart(frame, zone, reading);
    else awaitLine(frame, zone);
  }
  restartDoors(frame);
  planAutoArms(frame);
};

const armForWantOfState = (frame: Frame, area: Place<AreaConfig>): void => {
  if (areaState(frame, area).arming.state === 'disarmed') setArmed(frame, area, 'full', BY_RESTART);
};

/** Nobody hears the line yet. The fault timer asks again: silence is a fault as well. */
const awaitLine = (frame: Frame, { config }: Place<ZoneConfig>): void => {
  if (!timerOf(frame, 'zone-fault-alarm', config.id))
    setTimerIn(frame, 'zone-fault-alarm', config.id, frame.site.config.supervision.faultAlarmMs);
};

/**
 * A new detector's days on trial, in running time, begin with the first start that knows it. They are counted once; fewer
 * days, or none, written into the site's file later hold at once.
 */
const startSoak = (frame: Frame, zone: Place<ZoneConfig>): void => {
  const { soakUntil } = zoneState(frame, zone);
  const until = soakEnd(frame, zone.config, soakUntil);
  if (until !== soakUntil) setZone(frame, zone, { soakUntil: until });
};

const soakEnd = (frame: Frame, { soakDays }: ZoneConfig, before: Monotonic | undefined): Monotonic | undefined => {
  if (soakDays === 0) return undefined;
  const whole = after(frame.now, soakDays * DAY);
  return before !== undefined && before < whole ? before : whole;
};

export const onStop = (frame: Frame): void => emit(frame, 'stopped');
