/** A zone's conditioned signal changed: faults, tampers and masking are told, activations go to what the zone is for. */
import type { ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { areaPlace, areaState, clearTimer, emit, setTimerIn, setZone, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Signal, ZoneState } from '../state.ts';
import { restoreAlarm } from '../area/alarm.ts';
import { onDoorZone } from '../door/exit.ts';
import { isSupply, onSupplyZone } from '../supervision/supply.ts';
import { markSeen } from '../supervision/notSeen.ts';
import { inMode, isDetection } from './included.ts';
import { onActive, onNormal } from './react.ts';
import { raiseTamper } from './tamper.ts';
import { onTechnicalSignal } from './technical.ts';

type Zone = Place<ZoneConfig>;

export const changeSignal = (frame: Frame, zone: Zone, signal: Signal, cause: Cause | undefined): void => {
  const before = zoneState(frame, zone);
  if (before.signal === signal && before.cause === cause) return;
  const touchedActive = signal === 'active' || before.signal === 'active';
  setZone(frame, zone, { signal, cause, since: frame.now, lastActiveAt: touchedActive ? frame.now : before.lastActiveAt });
  if (signal === 'active') markSeen(frame, zone);
  if (before.signal !== signal) {
    leave(frame, zone, before);
    enter(frame, zone, before, { signal, cause });
  }
  if (zone.config.type === 'technical') onTechnicalSignal(frame, zone);
  if (isSupply(zone.config)) onSupplyZone(frame, zone);
  for (const door of frame.site.doorsOfZone.get(zone.config.id) ?? []) onDoorZone(frame, door, zone);
};

// ---- leaving a signal

const leave = (frame: Frame, zone: Zone, before: ZoneState): void => {
  switch (before.signal) {
    case 'fault':
      return leaveFault(frame, zone, before);
    case 'masked':
      emit(frame, 'zone-masked-restored', { area: zone.config.area, zone: zone.config.id });
      return restoreTamper(frame, zone);
    case 'tamper':
      return restoreTamper(frame, zone);
    case 'normal':
    case 'active':
    case 'unknown':
      return;
  }
};

const leaveFault = (frame: Frame, zone: Zone, { faultAlarmed }: ZoneState): void => {
  clearTimer(frame, 'zone-fault-alarm', zone.config.id);
  emit(frame, 'zone-fault-restored', { area: zone.config.area, zone: zone.config.id });
  if (faultAlarmed) setZone(frame, zone, { faultAlarmed: false });
  // Also where somebody has disarmed meanwhile: the condition stands until the line is heard again.
  restoreTamper(frame, zone);
};

const restoreTamper = (frame: Frame, zone: Zone): void =>
  restoreAlarm(frame, areaPlace(frame, zone.config.area), 'tamper', 'tamper-restored', zone);

// ---- entering a signal

type Change = { readonly signal: Signal; readonly cause: Cause | undefined };

const enter = (frame: Frame, zone: Zone, before: ZoneState, { signal, cause }: Change): void => {
  switch (signal) {
    case 'normal':
      return onNormal(frame, zone, before.signal);
    case 'active':
      return onActive(frame, zone, cause ?? (before.signal === 'unknown' ? 'open-at-restart' : 'zone'), before.signal);
    case 'tamper':
      return raiseTamper(frame, zone, cause ?? 'zone');
    case 'masked':
      emit(frame, 'zone-masked', { area: zone.config.area, zone: zone.config.id });
      if (isWatched(frame, zone)) raiseTamper(frame, zone, 'masked-while-armed');
      return;
    case 'fault':
      return enterFault(frame, zone, cause);
    case 'unknown':
      return;
  }
};

const enterFault = (frame: Frame, zone: Zone, cause: Cause | undefined): void => {
  emit(frame, 'zone-fault', { area: zone.config.area, zone: zone.config.id, ...(cause && { cause }) });
  if (zone.config.faultWhenArmed === 'alarm') {
    setTimerIn(frame, 'zone-fault-alarm', zone.config.id, frame.site.config.supervision.faultAlarmMs);
  }
  if (cause === 'chatter' && isDetection(zone.config)) onActive(frame, zone, 'chatter', 'normal');
};

/** A wired zone that has been in fault for a while: while its area is armed, somebody may be at the cable. */
export const onFaultAlarmTimer = (frame: Frame, zone: Zone): void => {
  if (zoneState(frame, zone).signal !== 'fault' || !isWatched(frame, zone)) return;
  setZone(frame, zone, { faultAlarmed: true });
  raiseTamper(frame, zone, 'fault-while-armed');
};

const isWatched = (frame: Frame, zone: Zone): boolean => {
  const area = areaPlace(frame, zone.config.area);
  const { arming } = areaState(frame, area);
  const { inhibited, isolated } = zoneState(frame, zone);
  return (arming.state === 'armed' || arming.state === 'entering') && !inhibited && !isolated && inMode(zone.config, arming.mode);
};
