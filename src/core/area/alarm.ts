/**
 * Alarms of an area: conditions that stand beside the arming state, the latched memory, and the siren.
 * An alarm never changes the arming state. When the centre hears of an intrusion is decided in report.ts.
 */
import { areaState, clearTimer, emit, setArea, setTimerIn, setZone, wallAt, zonesOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { AreaConfig, DoorConfig, ZoneConfig } from '../config.ts';
import type { Cause, Event, EventKind } from '../event.ts';
import type { Place } from '../site.ts';
import type { Arming, MemoryEntry } from '../state.ts';
import { MINUTE } from '../time.ts';
import { isCovertEvent } from '../covert.ts';
import { isDetection } from '../zone/included.ts';

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;

export type SirenReach = 'none' | 'local' | 'full';

export type AlarmFacts = {
  readonly kind: EventKind;
  readonly zone?: Zone;
  readonly door?: Place<DoorConfig>;
  readonly cause?: Cause;
  readonly siren: SirenReach;
  /** Who acknowledges its memory: 2 user, 3 installer. */
  readonly level: 2 | 3;
  readonly detail?: Event['detail'];
};

/** Alarms within this time of arming are flagged: somebody leaving is likelier than somebody coming. */
const RECENT_CLOSING_MS = 2 * MINUTE;
const MEMORY_LIMIT = 200;

export const isRecentClosing = (frame: Frame, area: Area): boolean => {
  const armedAt = areaState(frame, area).period?.armedAt;
  return armedAt !== undefined && frame.now - armedAt <= RECENT_CLOSING_MS;
};

/** An alarm that the centre hears at once. Tamper, 24 h, hold-up, technical and fire alarms come this way. */
export const raiseAlarm = (frame: Frame, area: Area, facts: AlarmFacts): void => {
  emit(frame, facts.kind, {
    area: area.config.id,
    ...(facts.zone && { zone: facts.zone.config.id }),
    ...(facts.door && { door: facts.door.config.id }),
    ...(facts.cause && { cause: facts.cause }),
    ...(facts.detail && { detail: facts.detail }),
    ...(isRecentClosing(frame, area) && { recentClosing: true }),
  });
  latchAlarm(frame, area, facts);
};

/** What an alarm leaves on site: condition, memory and siren. Covert kinds leave nothing. */
export const latchAlarm = (frame: Frame, area: Area, facts: AlarmFacts): void => {
  if (facts.zone && marksZone(facts.kind) && !isAtRest(frame, facts.zone)) setZone(frame, facts.zone, { inAlarm: true });
  if (isCovertEvent(facts.kind)) return;
  addCondition(frame, area, facts);
  remember(frame, area, facts);
  soundSiren(frame, area, facts.siren);
};

/** An entry door may be closed again when its time is over: its next opening is another alarm. */
const isAtRest = (frame: Frame, zone: Zone): boolean => zoneState(frame, zone).signal === 'normal';

/** A tamper stands beside the zone's own alarm, so it does not mark the zone. */
const marksZone = (kind: EventKind): boolean => kind !== 'tamper';

export const hasCondition = (frame: Frame, area: Area, kind: EventKind, zone: Zone): boolean =>
  areaState(frame, area).alarms.some((alarm) => alarm.kind === kind && alarm.zone === zone.config.id);

const addCondition = (frame: Frame, area: Area, facts: AlarmFacts): void => {
  const zone = facts.zone?.config.id;
  const door = facts.door?.config.id;
  const { alarms } = areaState(frame, area);
  if (alarms.some((alarm) => alarm.kind === facts.kind && alarm.zone === zone && alarm.door === door)) return;
  setArea(frame, area, { alarms: [...alarms, { kind: facts.kind, zone, door, since: frame.now }] });
};

/**
 * Adds to the memory that stays until acknowledged: each thing once, at its first time, so that the list tells the order
 * and a flapping contact cannot fill it. The journal has every repetition.
 */
const remember = (frame: Frame, area: Area, facts: AlarmFacts): void => {
  const { memory } = areaState(frame, area);
  const isKnown = memory.some(
    ({ kind, zone, door, cause }) =>
      kind === facts.kind && zone === facts.zone?.config.id && door === facts.door?.config.id && cause === facts.cause,
  );
  if (isKnown || memory.length >= MEMORY_LIMIT) return;
  const entry: MemoryEntry = {
    kind: facts.kind,
    zone: facts.zone?.config.id,
    door: facts.door?.config.id,
    at: wallAt(frame, frame.now),
    cause: facts.cause,
    level: facts.level,
  };
  setArea(frame, area, { memory: [...memory, entry] });
};

/** The condition is over; its memory stays. Says nothing when it was not raised. */
export const restoreAlarm = (frame: Frame, area: Area, kind: EventKind, restoredKind: EventKind, zone: Zone): void => {
  const { alarms } = areaState(frame, area);
  const others = alarms.filter((alarm) => alarm.kind !== kind || alarm.zone !== zone.config.id);
  const wasCovert = isCovertEvent(kind) && zoneState(frame, zone).inAlarm;
  if (others.length === alarms.length && !wasCovert) return;
  if (others.length !== alarms.length) setArea(frame, area, { alarms: others });
  if (marksZone(kind)) setZone(frame, zone, { inAlarm: false });
  emit(frame, restoredKind, { area: area.config.id, zone: zone.config.id });
};

// ---- siren

/** Set because nothing of the state could be read: people may be at work inside, so sirens are off until a user sets the mode. */
const isForWantOfState = (arming: Arming): boolean =>
  (arming.state === 'armed' || arming.state === 'entering') && arming.who.cause === 'restart';

/** Starts the siren unless it has had its cycles. A running one is never lengthened, only made to reach further. */
export const soundSiren = (frame: Frame, area: Area, reach: SirenReach): void => {
  const { arming, siren, sirenCycles } = areaState(frame, area);
  if (reach === 'none' || isForWantOfState(arming)) return;
  if (siren) {
    if (siren.reach === 'local' && reach === 'full') setArea(frame, area, { siren: { ...siren, reach } });
    return;
  }
  if (sirenCycles >= area.config.sirenCycles) return;
  setArea(frame, area, { siren: { since: frame.now, reach }, sirenCycles: sirenCycles + 1 });
  setTimerIn(frame, 'siren', area.config.id, area.config.sirenMs);
};

export const silenceSiren = (frame: Frame, area: Area): void => {
  if (!areaState(frame, area).siren) return;
  clearTimer(frame, 'siren', area.config.id);
  setArea(frame, area, { siren: undefined });
};

/** The siren's time is over. The area stays armed; what is still open is left out until it closes. */
export const endSirenCycle = (frame: Frame, area: Area): void => {
  setArea(frame, area, { siren: undefined });
  for (const zone of zonesOf(frame, area.config.id)) {
    const { inAlarm, signal, omitted } = zoneState(frame, zone);
    if (!isDetection(zone.config) || !inAlarm || signal !== 'active' || omitted !== 'no') continue;
    setZone(frame, zone, { omitted: 'until-closed' });
    emit(frame, 'omitted', { area: area.config.id, zone: zone.config.id, cause: 'siren-ended' });
  }
};
