/** A zone's conditioned signal changed: faults, tampers and masking are told, activations go to what the zone is for. */
import type { ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { areaPlace, areaState, clearTimer, emit, setTimerIn, setZone, timerOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Signal, ZoneState } from '../state.ts';
import { restoreAlarm } from '../area/alarm.ts';
import { onDoorInput, onDoorZone } from '../door/exit.ts';
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
    leave(frame, zone, before, signal);
    enter(frame, zone, before, { signal, cause });
  }
  if (zone.config.type === 'technical') onTechnicalSignal(frame, zone);
  if (isSupply(zone.config)) onSupplyZone(frame, zone);
  for (const door of frame.site.doorsOfZone.get(zone.config.id) ?? []) onDoorZone(frame, door, before.signal);
  for (const door of frame.site.doorsOfInput.get(zone.config.id) ?? []) onDoorInput(frame, door, zone, before.signal);
};

// ---- leaving a signal

/** What stood before a restart stands until the first level is known: `unknown` is left like what it was. */
const leave = (frame: Frame, zone: Zone, before: ZoneState, signal: Signal): void => {
  endTold(frame, zone, before, signal);
  const stood = before.signal === 'unknown' ? !tampers(zone, signal) : before.signal !== 'normal' && before.signal !== 'active';
  if (stood) restoreTamper(frame, zone);
};

const TOLD_ENDS = { fault: 'zone-fault-restored', masked: 'zone-masked-restored' } as const;

const endTold = (frame: Frame, zone: Zone, { told }: ZoneState, signal: Signal): void => {
  if (told === 'none' || told === signal) return;
  setZone(frame, zone, { told: 'none' });
  if (told === 'fault') leaveFault(frame, zone);
  emit(frame, TOLD_ENDS[told], { area: zone.config.area, zone: zone.config.id });
};

const leaveFault = (frame: Frame, zone: Zone): void => {
  clearTimer(frame, 'zone-fault-alarm', zone.config.id);
  if (zoneState(frame, zone).faultAlarmed) setZone(frame, zone, { faultAlarmed: false });
};

/** Signals under which a tamper alarm of the zone may stand. */
const tampers = ({ config }: Zone, signal: Signal): boolean =>
  signal === 'active' ? config.type === 'tamper' : signal !== 'normal';

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
      tell(frame, zone, 'masked', undefined);
      if (isWatched(frame, zone)) raiseTamper(frame, zone, 'masked-while-armed');
      return;
    case 'fault':
      return enterFault(frame, zone, cause);
    case 'unknown':
      return;
  }
};

const TOLD_RAISES = { fault: 'zone-fault', masked: 'zone-masked' } as const;

const tell = (frame: Frame, zone: Zone, told: 'fault' | 'masked', cause: Cause | undefined): void => {
  if (zoneState(frame, zone).told === told) return;
  setZone(frame, zone, { told });
  emit(frame, TOLD_RAISES[told], { area: zone.config.area, zone: zone.config.id, ...(cause && { cause }) });
};

const enterFault = (frame: Frame, zone: Zone, cause: Cause | undefined): void => {
  tell(frame, zone, 'fault', cause);
  if (zone.config.faultWhenArmed === 'alarm' && !timerOf(frame, 'zone-fault-alarm', zone.config.id)) {
    setTimerIn(frame, 'zone-fault-alarm', zone.config.id, frame.site.config.supervision.faultAlarmMs);
  }
  if (cause === 'chatter' && isDetection(zone.config)) onActive(frame, zone, 'chatter', 'normal');
};

/**
 * A line not heard since the start is lost. A wired zone that has been in fault for a while: while its area is armed,
 * somebody may be at the cable.
 */
export const onFaultAlarmTimer = (frame: Frame, zone: Zone): void => {
  if (zoneState(frame, zone).signal === 'unknown') return changeSignal(frame, zone, 'fault', 'line-lost');
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

/** The zone was left out or walked until now. */
export const reviewZone = (frame: Frame, zone: Zone): void => {
  const { signal, cause } = zoneState(frame, zone);
  if (signal === 'tamper') return raiseTamper(frame, zone, cause ?? 'zone');
  if (signal !== 'active') return;
  if (zone.config.type === 'technical') onTechnicalSignal(frame, zone);
  else onActive(frame, zone, cause ?? 'zone', 'unknown');
};
