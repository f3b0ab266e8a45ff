/**
 * Technical alarms: water, gas, the vaccine fridge. A class of its own: no siren, no part in arming, on at all times.
 *
 * A measurement is *out of limits* above `high` or below `low`, until it is back inside by `hysteresis`. Out of limits
 * for `delayMs` it is an alarm. *Sensor lost*: nobody hears the line, or it reads at a rail, as a cut or shorted
 * transmitter does; for `faultAlarmMs` it is an alarm as well, since a fridge nobody measures is not a cold fridge.
 * A running delay is not put back by a sensor that comes and goes.
 */
import type { Sensing, ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { hasCondition, raiseAlarm, restoreAlarm } from '../area/alarm.ts';
import { areaPlace, areaState, clearTimer, lineState, setLine, setTimerIn, timerOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Reading } from '../input.ts';
import type { Place } from '../site.ts';
import type { LineState, Signal } from '../state.ts';
import { isWalked } from '../supervision/tests.ts';
import { inSoak, isLeftOut } from './included.ts';
import { changeSignal } from './signal.ts';

type Zone = Place<ZoneConfig>;
type Measure = Extract<Sensing, { kind: 'measure' }>;
type Side = 'too-high' | 'too-low' | undefined;

/** A ratio nearer to a rail than this is a cut or shorted sensor, not a measurement (transmitters have a live zero). */
const RAIL_RATIO = 0.01;
/** The view follows the value in steps of this part of the hysteresis, so that noise alone changes nothing. */
const VIEW_STEP = 0.1;

const valueOf = ({ offset, scale }: Measure, reading: Reading): number | undefined => {
  if (reading.kind !== 'ratio' || !(reading.ratio >= RAIL_RATIO && reading.ratio <= 1 - RAIL_RATIO)) return undefined;
  return offset + reading.ratio * scale;
};

const sideOf = ({ low, high, hysteresis }: Measure, value: number, before: Cause | undefined): Side => {
  if (value > high - (before === 'too-high' ? hysteresis : 0)) return 'too-high';
  if (value < low + (before === 'too-low' ? hysteresis : 0)) return 'too-low';
  return undefined;
};

/** For a measuring zone `LineState.reading` and `candidateCause` say where the value is now, before any delay. */
export const onMeasurement = (frame: Frame, zone: Zone, sensing: Measure, reading: Reading): void => {
  const value = valueOf(sensing, reading);
  if (value === undefined) return loseSensor(frame, zone);
  const line = lineState(frame, zone);
  const side = sideOf(sensing, value, line.candidateCause);
  const now = side ? 'active' : 'normal';
  const isNews = line.reading !== now || line.candidateCause !== side;
  if (isNews || isWorthShowing(sensing, line, value))
    setLine(frame, zone, { reading: now, candidateCause: side, value, referenced: true });
  if (!isNews) return;
  if (side) leaveLimits(frame, zone, sensing, side);
  else enterLimits(frame, zone);
};

const isWorthShowing = ({ hysteresis }: Measure, { value: shown }: LineState, value: number): boolean =>
  shown === undefined || Math.abs(value - shown) > hysteresis * VIEW_STEP;

const enterLimits = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'technical', zone.config.id);
  tell(frame, zone, 'normal', undefined);
};

/** The delay is for values that wander out of a normal state; what is in alarm already goes from one cause to the next. */
const leaveLimits = (frame: Frame, zone: Zone, { delayMs }: Measure, side: Cause): void => {
  const isOver = isRaised(frame, zone) || zoneState(frame, zone).signal === 'active' || delayMs === 0;
  if (isOver) return tell(frame, zone, 'active', side);
  if (!timerOf(frame, 'technical', zone.config.id)) setTimerIn(frame, 'technical', zone.config.id, delayMs);
  tell(frame, zone, 'normal', undefined);
};

const tell = (frame: Frame, zone: Zone, signal: Signal, cause: Cause | undefined): void => {
  const before = zoneState(frame, zone);
  if (before.signal !== signal || before.cause !== cause) changeSignal(frame, zone, signal, cause);
};

/** The delay is over. A sensor lost meanwhile leaves nobody to say that the value is back: an alarm too. */
export const onTechnicalTimer = (frame: Frame, zoneId: string): void => {
  const zone = frame.site.zones.get(zoneId);
  if (!zone) return;
  const { reading, candidateCause } = lineState(frame, zone);
  if (reading === 'active') tell(frame, zone, 'active', candidateCause);
  else if (reading !== 'normal') raiseSensorLost(frame, zone);
};

const loseSensor = (frame: Frame, zone: Zone): void => {
  if (lineState(frame, zone).reading === 'fault') return;
  setLine(frame, zone, { reading: 'fault', candidateCause: undefined, value: undefined, referenced: false });
  tell(frame, zone, 'fault', 'sensor-lost');
};

// ---- the alarm

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
  else if (signal === 'active' && (!isRaised(frame, zone) || isToldAsLost(frame, zone))) raise(frame, zone, cause ?? 'zone');
};

/** The memory keeps what was last said of the zone. */
const isToldAsLost = (frame: Frame, zone: Zone): boolean => {
  const { memory } = areaState(frame, areaPlace(frame, zone.config.area));
  return memory.findLast((entry) => entry.kind === 'technical' && entry.zone === zone.config.id)?.cause === 'sensor-lost';
};

const awaitSensor = (frame: Frame, zone: Zone): void => {
  if (isRaised(frame, zone) || timerOf(frame, 'supervise', zone.config.id)) return;
  setTimerIn(frame, 'supervise', zone.config.id, frame.site.config.supervision.faultAlarmMs);
};

export const onSensorLostTimer = (frame: Frame, zone: Zone): void => {
  if (zoneState(frame, zone).signal === 'fault') raiseSensorLost(frame, zone);
};

const raiseSensorLost = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'technical', zone.config.id);
  clearTimer(frame, 'supervise', zone.config.id);
  raise(frame, zone, 'sensor-lost');
};

const isRaised = (frame: Frame, zone: Zone): boolean =>
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
