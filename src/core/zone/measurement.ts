/**
 * From a measured value to the signal of a technical zone. The value is *out of limits* above `high` or below `low`,
 * until it is back inside by `hysteresis`; out of limits for `delayMs` the zone is active. The sensor is *lost* when
 * nobody hears the line, or when it reads at a rail, as a cut or shorted transmitter does. A running delay is not put
 * back by a sensor that comes and goes.
 */
import type { Sensing, ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { clearTimer, lineState, setLine, setTimerIn, timerOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Reading } from '../input.ts';
import type { Place } from '../site.ts';
import type { LineState } from '../state.ts';
import { changeSignal } from './signal.ts';
import { isTechnicalRaised, raiseSensorLost } from './technical.ts';

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
  if (isNews || isWorthShowing(sensing, line, value)) setLine(frame, zone, { reading: now, candidateCause: side, value });
  if (!isNews) return;
  if (side) leaveLimits(frame, zone, sensing, side);
  else enterLimits(frame, zone);
};

const isWorthShowing = ({ hysteresis }: Measure, { value: shown }: LineState, value: number): boolean =>
  shown === undefined || Math.abs(value - shown) > hysteresis * VIEW_STEP;

const enterLimits = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'technical', zone.config.id);
  changeSignal(frame, zone, 'normal', undefined);
};

/** The delay is for values that wander out of a normal state; what is in alarm already goes from one cause to the next. */
const leaveLimits = (frame: Frame, zone: Zone, { delayMs }: Measure, side: Cause): void => {
  const isOver = isTechnicalRaised(frame, zone) || zoneState(frame, zone).signal === 'active' || delayMs === 0;
  if (isOver) return changeSignal(frame, zone, 'active', side);
  if (!timerOf(frame, 'technical', zone.config.id)) setTimerIn(frame, 'technical', zone.config.id, delayMs);
  changeSignal(frame, zone, 'normal', undefined);
};

/** The delay is over. A sensor lost meanwhile leaves nobody to say that the value is back: an alarm too. */
export const onTechnicalTimer = (frame: Frame, zoneId: string): void => {
  const zone = frame.site.zones.get(zoneId);
  if (!zone) return;
  const { reading, candidateCause } = lineState(frame, zone);
  if (reading === 'active') changeSignal(frame, zone, 'active', candidateCause);
  else if (reading !== 'normal') raiseSensorLost(frame, zone);
};

const loseSensor = (frame: Frame, zone: Zone): void => {
  if (lineState(frame, zone).reading === 'fault') return;
  setLine(frame, zone, { reading: 'fault', candidateCause: undefined, value: undefined });
  changeSignal(frame, zone, 'fault', 'sensor-lost');
};
