/**
 * Disarming: always a person's fresh act. It ends the armed period and everything that belongs to it; the memory of
 * what happened stays. With a covert code (duress, *not normal*) the site looks the same, nothing is aborted or cancelled,
 * and everything held goes to the centre at once.
 */
import type { AreaConfig, Meaning, ZoneConfig } from '../config.ts';
import type { EventKind } from '../event.ts';
import { areaState, clearTimer, emit, setArea, setZone, zonesOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { AreaState, ArmedPeriod, Who, ZoneState } from '../state.ts';
import { reviewDoors } from '../door/exit.ts';
import { isDetection } from '../zone/included.ts';
import { silenceSiren } from './alarm.ts';
import { planRearm } from './autoArmPlan.ts';
import { commonsAbove } from './common.ts';
import { clearExitTimers } from './exit.ts';
import { stopFaultTone } from './faultTone.ts';
import { endInhibitions } from './inhibit.ts';
import { markEntryOpened } from './intrusion.ts';
import { onOpened } from './opening.ts';
import { abortHeld, releaseHeld } from './report.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;

export type Disarming = { readonly who: Who; readonly meaning: Meaning };

/** True when there was anything to end: a set area, a running siren, an alarm or a fault tone. */
export const disarm = (frame: Frame, area: Area, act: Disarming): boolean => {
  const before = areaState(frame, area);
  switch (before.arming.state) {
    case 'disarmed':
      return quietDisarmed(frame, area, before, act);
    case 'exiting':
      emit(frame, 'arm-cancelled', { area: area.config.id, mode: before.arming.mode, ...whoFacts(act.who) });
      break;
    case 'armed':
    case 'entering':
      settleReports(frame, area, before.period, act);
      emit(frame, 'disarmed', { area: area.config.id, mode: before.arming.mode, ...whoFacts(act.who) });
      break;
  }
  if (before.period) markEntryOpened(frame, area, false);
  endPeriod(frame, area);
  reviewDoors(frame, area.config.id);
  if (before.period) onOpened(frame, area, before.period, act);
  planRearm(frame, area);
  for (const common of commonsAbove(frame, area)) {
    if (areaState(frame, common).arming.state !== 'disarmed') disarm(frame, common, act);
  }
  return true;
};

const settleReports = (frame: Frame, area: Area, period: ArmedPeriod | undefined, { who, meaning }: Disarming): void => {
  if (meaning !== 'normal') return releaseHeld(frame, area);
  abortHeld(frame, area, whoFacts(who));
  if (period?.reported) emit(frame, 'alarm-cancelled', { area: area.config.id, ...whoFacts(who) });
};

/** By day: the siren ends and has its cycles back, since somebody is there. */
const quietDisarmed = (frame: Frame, area: Area, before: AreaState, { who, meaning }: Disarming): boolean => {
  const wasLoud = before.siren !== undefined || before.faultTone !== undefined;
  const isCancelled = before.siren !== undefined && meaning === 'normal' && !isThreatRemembered(before);
  if (isCancelled) emit(frame, 'alarm-cancelled', { area: area.config.id, ...whoFacts(who) });
  silenceSiren(frame, area);
  stopFaultTone(frame, area);
  if (before.sirenCycles > 0) setArea(frame, area, { sirenCycles: 0 });
  return wasLoud;
};

/** Whoever threatens a person can also have the siren silenced: that takes nothing back at the centre. */
const isThreatRemembered = ({ memory }: AreaState): boolean => memory.some(({ kind }) => kind === 'holdup-audible');

const PERIOD_ALARMS: ReadonlySet<EventKind> = new Set(['intrusion', 'exit-error']);

const endPeriod = (frame: Frame, area: Area): void => {
  silenceSiren(frame, area);
  stopFaultTone(frame, area);
  clearExitTimers(frame, area);
  clearTimer(frame, 'entry', area.config.id);
  clearTimer(frame, 'abort', area.config.id);
  clearTimer(frame, 'guard', area.config.id);
  setArea(frame, area, {
    arming: { state: 'disarmed', since: frame.now },
    period: undefined,
    sirenCycles: 0,
    alarms: areaState(frame, area).alarms.filter(({ kind }) => !PERIOD_ALARMS.has(kind)),
  });
  endInhibitions(frame, area);
  for (const zone of zonesOf(frame, area.config.id)) endZonePeriod(frame, zone);
};

/** A safe that stands open is guarded from when it is closed, whoever disarms meanwhile. */
const omittedByPeriod = (frame: Frame, zone: Place<ZoneConfig>): ZoneState['omitted'] => {
  const { omitted, signal } = zoneState(frame, zone);
  return omitted === 'until-closed' && zone.config.type === '24h' && signal === 'active' ? 'no' : omitted;
};

const endZonePeriod = (frame: Frame, zone: Place<ZoneConfig>): void => {
  const { alarmsThisPeriod, inAlarm, faultAlarmed } = zoneState(frame, zone);
  const omitted = omittedByPeriod(frame, zone);
  clearTimer(frame, 'zone-fault-alarm', zone.config.id);
  if (omitted !== 'no') {
    clearTimer(frame, 'swinger-rest', zone.config.id);
    emit(frame, 'reincluded', { area: zone.config.area, zone: zone.config.id, cause: 'user' });
  }
  const endsAlarm = inAlarm && isDetection(zone.config);
  if (omitted === 'no' && alarmsThisPeriod === 0 && !endsAlarm && !faultAlarmed) return;
  setZone(frame, zone, {
    ...(omitted !== 'no' && { omitted: 'no' }),
    alarmsThisPeriod: 0,
    inAlarm: inAlarm && !endsAlarm,
    faultAlarmed: false,
  });
};
