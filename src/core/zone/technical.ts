/**
 * Technical alarms: water, gas, the vaccine fridge. A class of its own: no siren, no part in arming, on at all times.
 * *Sensor lost* for `faultAlarmMs` is an alarm as well: a fridge nobody measures is not a cold fridge.
 */
import { hasCondition, raiseAlarm, restoreAlarm } from '../area/alarm.ts';
import type { ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { areaPlace, areaState, clearTimer, lineState, setTimerIn, timerOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { isWalked } from '../supervision/tests.ts';
import { inSoak, isLeftOut } from './included.ts';

type Zone = Place<ZoneConfig>;

/**
 * Brings the alarm of a technical zone in line with its signal. Called when the signal has changed and when the zone is
 * no longer left out; a dry contact (water, gas, the fridge's own alarm) comes this way too. Says nothing twice: a
 * sensor lost during its alarm is told as a zone fault only. One that comes back and is in alarm is told again.
 */
export const onTechnicalSignal = (frame: Frame, zone: Zone): void => {
  const { signal, cause } = zoneState(frame, zone);
  if (signal === 'fault') return awaitSensor(frame, zone);
  clearTimer(frame, 'supervise', zone.config.id);
  if (signal === 'normal') restoreAlarm(frame, areaPlace(frame, zone.config.area), 'technical', 'technical-restored', zone);
  else if (signal === 'active' && (!isTechnicalRaised(frame, zone) || isToldAsLost(frame, zone)))
    raise(frame, zone, cause ?? 'zone');
};

/** The memory keeps what was last said of the zone. Where it was acknowledged, rather twice than not at all. */
const isToldAsLost = (frame: Frame, zone: Zone): boolean => {
  const { memory } = areaState(frame, areaPlace(frame, zone.config.area));
  const last = memory.findLast((entry) => entry.kind === 'technical' && entry.zone === zone.config.id);
  return last === undefined || last.cause === 'sensor-lost';
};

// ---- sensor loss

const awaitSensor = (frame: Frame, zone: Zone): void => {
  if (isTechnicalRaised(frame, zone) || timerOf(frame, 'supervise', zone.config.id)) return;
  setTimerIn(frame, 'supervise', zone.config.id, frame.site.config.supervision.faultAlarmMs);
};

export const onSensorLostTimer = (frame: Frame, zone: Zone): void => {
  if (zoneState(frame, zone).signal === 'fault') raiseSensorLost(frame, zone);
};

export const raiseSensorLost = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'technical', zone.config.id);
  clearTimer(frame, 'supervise', zone.config.id);
  raise(frame, zone, 'sensor-lost');
};

export const isTechnicalRaised = (frame: Frame, zone: Zone): boolean =>
  hasCondition(frame, areaPlace(frame, zone.config.area), 'technical', zone);

const raise = (frame: Frame, zone: Zone, cause: Cause): void => {
  if (isLeftOut(frame, zone) || inSoak(frame, zone) || isWalked(frame, zone)) return;
  const { value } = lineState(frame, zone);
  const { sensing } = zone.config;
  raiseAlarm(frame, areaPlace(frame, zone.config.area), {
    kind: 'technical',
    zone,
    cause,
    siren: 'none',
    level: 2,
    ...(sensing.kind === 'measure' &&
      value !== undefined && { detail: { value: Math.round(value * 100) / 100, unit: sensing.unit } }),
  });
};
