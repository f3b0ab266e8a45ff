/** What an activation or a restoration of a zone means, by the zone's type. */
import type { AreaConfig, ZoneConfig, ZoneType } from '../config.ts';
import type { Cause } from '../event.ts';
import { areaPlace, areaState, emit, setSite, setTimerIn, setZone, siteState, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Arming, Signal, Who } from '../state.ts';
import { raiseAlarm, restoreAlarm } from '../area/alarm.ts';
import { arm } from '../area/arm.ts';
import { disarm } from '../area/disarm.ts';
import { reenter, resolveExitError, startEntry } from '../area/entry.ts';
import { onExitZone, pushToSet } from '../area/exit.ts';
import { soundFaultTone } from '../area/faultTone.ts';
import { intrude, restoreIntrusion, SWINGER_REST_MS } from '../area/intrusion.ts';
import { onDoorAct, onFireChanged } from '../door/exit.ts';
import { noteHoldup } from '../people/holdup.ts';
import { endShuntIfClosed } from '../people/shunt.ts';
import { walkTestSaw } from '../supervision/tests.ts';
import { inMode, inSoak, isLeftOut, isMotion, isRouteOpen } from './included.ts';
import { chime } from './chime.ts';
import { raiseTamper } from './tamper.ts';

type Zone = Place<ZoneConfig>;
type Area = Place<AreaConfig>;

// ---- activation

/** What lets people out acts also where it is left out or walked. */
const ALWAYS_ACTS: ReadonlySet<ZoneType> = new Set<ZoneType>(['exit-request', 'door-permit']);

export const onActive = (frame: Frame, zone: Zone, cause: Cause, from: Signal): void => {
  if (ALWAYS_ACTS.has(zone.config.type) && from === 'normal') onDoorAct(frame, zone);
  if (from !== 'unknown' && zoneState(frame, zone).omitted === 'swinger')
    setTimerIn(frame, 'swinger-rest', zone.config.id, SWINGER_REST_MS);
  if (walkTestSaw(frame, zone) || isLeftOut(frame, zone)) return;
  if (inSoak(frame, zone)) {
    emit(frame, 'soak-activation', { area: zone.config.area, zone: zone.config.id });
    return;
  }
  const area = areaPlace(frame, zone.config.area);
  switch (zone.config.type) {
    case 'entry-exit':
    case 'follower':
    case 'instant':
    case 'interior':
    case 'exit-guard':
      return onDetection(frame, area, zone, { cause, from });
    case 'tamper':
      return raiseTamper(frame, zone, cause);
    case '24h':
      return on24h(frame, area, zone, cause);
    case 'holdup-silent':
    case 'holdup-audible':
      return onHoldup(frame, area, zone, cause);
    case 'fire-sense':
      return onFire(frame, area, zone, cause);
    case 'keyswitch':
      return from === 'normal' ? onKeyswitch(frame, area, zone) : undefined;
    case 'push-to-set':
      return from === 'normal' ? onPushToSet(frame, area) : undefined;
    case 'door-request':
      return from === 'normal' ? onDoorAct(frame, zone) : undefined;
    case 'bell':
      if (from !== 'normal') return;
      chime(frame, zone);
      return onDoorAct(frame, zone);
    case 'exit-request':
    case 'door-permit':
    case 'bolt':
    case 'green-box':
      return;
    case 'mains':
    case 'battery-low':
    case 'charger-fault':
    case 'siren-fault':
    case 'technical':
    case 'latch':
      return;
  }
};

/** Areas whose exit a zone belongs to: its own, and the members when it stands in their common area. */
const routeAreas = (frame: Frame, area: Area): readonly Area[] => [area, ...area.config.common.map((id) => areaPlace(frame, id))];

type Activation = { readonly cause: Cause; readonly from: Signal };

const onDetection = (frame: Frame, area: Area, zone: Zone, { cause, from }: Activation): void => {
  for (const place of routeAreas(frame, area)) onExitZone(frame, place, zone, { isActive: true, seen: from === 'normal' });
  const { arming } = areaState(frame, area);
  switch (arming.state) {
    case 'disarmed':
      return zone.config.chime ? chime(frame, zone) : undefined;
    case 'exiting':
      return;
    case 'armed':
      return onArmedDetection(frame, area, zone, { arming, cause });
    case 'entering':
      return onEnteringDetection(frame, area, zone, { arming, cause });
  }
};

type Armed = { readonly arming: Extract<Arming, { state: 'armed' }>; readonly cause: Cause };
type Entering = { readonly arming: Extract<Arming, { state: 'entering' }>; readonly cause: Cause };

const isWarmingUp = (frame: Frame, zone: Zone): boolean => {
  const until = siteState(frame).warmUpUntil;
  return until !== undefined && frame.now < until && isMotion(zone.config);
};

const onArmedDetection = (frame: Frame, area: Area, zone: Zone, { arming, cause }: Armed): void => {
  if (!inMode(zone.config, arming.mode) || zoneState(frame, zone).inAlarm || isWarmingUp(frame, zone)) return;
  if (zone.config.type === 'entry-exit' && arming.mode !== 'night') return startEntry(frame, area, zone, arming);
  if (zone.config.type === 'follower' && isRouteOpen(frame, zone)) return;
  intrude(frame, area, zone, cause);
};

const onEnteringDetection = (frame: Frame, area: Area, zone: Zone, { arming, cause }: Entering): void => {
  if (!inMode(zone.config, arming.mode) || zoneState(frame, zone).inAlarm || isWarmingUp(frame, zone)) return;
  if (zone.config.type === 'entry-exit' && arming.mode !== 'night') return reenter(frame, area);
  if (zone.config.type === 'follower') return;
  intrude(frame, area, zone, cause);
};

/** Motion is looked at again when detectors have warmed up after power-on. */
export const endWarmUp = (frame: Frame): void => {
  setSite(frame, { warmUpUntil: undefined });
  for (const zone of frame.site.zones.values()) {
    if (isMotion(zone.config) && zoneState(frame, zone).signal === 'active') onActive(frame, zone, 'open-at-restart', 'unknown');
  }
};

/** A swinger has had no activation for long enough: it is live again, where it stands open once it has closed. */
export const endSwingerRest = (frame: Frame, zone: Zone): void => {
  const { omitted, signal } = zoneState(frame, zone);
  if (omitted !== 'swinger') return;
  if (signal === 'active') return setZone(frame, zone, { omitted: 'until-closed', alarmsThisPeriod: 0 });
  setZone(frame, zone, { omitted: 'no', alarmsThisPeriod: 0 });
  emit(frame, 'reincluded', { area: zone.config.area, zone: zone.config.id, cause: 'time-out' });
};

const on24h = (frame: Frame, area: Area, zone: Zone, cause: Cause): void => {
  const { shunted, inAlarm } = zoneState(frame, zone);
  if (shunted || inAlarm) return;
  raiseAlarm(frame, area, { kind: 'alarm-24h', zone, cause, siren: 'full', level: 2 });
};

const onHoldup = (frame: Frame, area: Area, zone: Zone, cause: Cause): void => {
  if (zoneState(frame, zone).inAlarm) return;
  const isSilent = zone.config.type === 'holdup-silent';
  const kind = isSilent ? 'holdup-silent' : 'holdup-audible';
  raiseAlarm(frame, area, { kind, zone, cause, siren: isSilent ? 'none' : 'full', level: 2 });
  noteHoldup(frame, area, `zone:${zone.config.id}`);
};

const onFire = (frame: Frame, area: Area, zone: Zone, cause: Cause): void => {
  const { fireActive } = siteState(frame);
  if (fireActive.includes(zone.config.id)) return;
  setSite(frame, { fireActive: [...fireActive, zone.config.id] });
  onFireChanged(frame);
  raiseAlarm(frame, area, { kind: 'fire', zone, cause, siren: 'none', level: 2 });
};

const onKeyswitch = (frame: Frame, area: Area, zone: Zone): void => {
  const rights = zone.config.keyswitch;
  if (!rights) return;
  const who: Who = { user: undefined, cause: 'keyswitch', keypad: undefined };
  const isDisarmed = areaState(frame, area).arming.state === 'disarmed';
  if (!isDisarmed && rights.disarms) disarm(frame, area, { who, meaning: 'normal' });
  if (!isDisarmed || !rights.arms) return;
  const result = arm(frame, area, { mode: rights.mode, who, override: false, inhibit: [] });
  if (!result.ok) soundFaultTone(frame, area);
};

const onPushToSet = (frame: Frame, area: Area): void => {
  for (const place of routeAreas(frame, area)) pushToSet(frame, place);
};

// ---- restoration

export const onNormal = (frame: Frame, zone: Zone, from: Signal): void => {
  const area = areaPlace(frame, zone.config.area);
  if (zoneState(frame, zone).omitted === 'until-closed') {
    setZone(frame, zone, { omitted: 'no' });
    emit(frame, 'reincluded', { area: area.config.id, zone: zone.config.id, cause: 'zone-closed' });
  }
  switch (zone.config.type) {
    case 'entry-exit':
    case 'follower':
    case 'instant':
    case 'interior':
    case 'exit-guard':
      return onDetectionRestored(frame, area, zone, from);
    case 'tamper':
      return restoreAlarm(frame, area, 'tamper', 'tamper-restored', zone);
    case '24h':
      restoreAlarm(frame, area, 'alarm-24h', 'alarm-24h-restored', zone);
      return endShuntIfClosed(frame, zone, from);
    case 'holdup-silent':
      return restoreAlarm(frame, area, 'holdup-silent', 'holdup-restored', zone);
    case 'holdup-audible':
      return restoreAlarm(frame, area, 'holdup-audible', 'holdup-restored', zone);
    case 'fire-sense':
      setSite(frame, { fireActive: siteState(frame).fireActive.filter((id) => id !== zone.config.id) });
      onFireChanged(frame);
      return restoreAlarm(frame, area, 'fire', 'fire-restored', zone);
    case 'mains':
    case 'battery-low':
    case 'charger-fault':
    case 'siren-fault':
    case 'technical':
      return;
    case 'latch':
      return endShuntIfClosed(frame, zone, from);
    case 'keyswitch':
    case 'push-to-set':
    case 'exit-request':
    case 'door-request':
    case 'door-permit':
    case 'bell':
    case 'bolt':
    case 'green-box':
      return;
  }
};

const onDetectionRestored = (frame: Frame, area: Area, zone: Zone, from: Signal): void => {
  for (const place of routeAreas(frame, area)) onExitZone(frame, place, zone, { isActive: false, seen: from === 'active' });
  resolveExitError(frame, area, zone);
  restoreIntrusion(frame, area, zone);
};
