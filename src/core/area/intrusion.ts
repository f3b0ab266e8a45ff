/**
 * An intrusion in an armed area. The first zone is *unconfirmed*; a second independent zone within the window makes it
 * *confirmed*, an event of its own. Independent: another zone and another confirm group. From the opening of an entry
 * door until disarm the route never counts and nothing confirms during the entry: a late employee is not a burglar.
 */
import type { AreaConfig, ZoneConfig } from '../config.ts';
import type { Cause, EventFacts } from '../event.ts';
import { areaPlace, areaState, emit, setArea, setTimerIn, setZone, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { ArmedPeriod } from '../state.ts';
import { HOUR } from '../time.ts';
import { isRoute } from '../zone/included.ts';
import { isRecentClosing, latchAlarm } from './alarm.ts';
import { isEntryRunning } from './common.ts';
import { holdReport, releaseHeld, reportNow } from './report.ts';

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;

/** A zone left out as a swinger comes back after this long without activation. */
export const SWINGER_REST_MS = 8 * HOUR;

export const intrude = (frame: Frame, area: Area, zone: Zone, cause: Cause): void => {
  const kind = cause === 'exit-error' ? 'exit-error' : 'intrusion';
  const entering = isEntryRunning(frame, area);
  const facts: EventFacts = {
    zone: zone.config.id,
    cause,
    confirmed: false,
    ...(isRecentClosing(frame, area) && { recentClosing: true }),
  };
  latchAlarm(frame, area, { kind, zone, cause, siren: entering ? 'local' : 'full', level: 2 });
  const mayHold = entering || cause === 'entry-expired' || cause === 'exit-error';
  if (mayHold && !areaState(frame, area).period?.confirmed) holdReport(frame, area, kind, facts);
  else reportNow(frame, area, kind, facts);
  if (!entering) confirm(frame, area, zone);
  // An entry door may have been closed before its time was over: who hears of its alarm must not take it for open.
  if (zoneState(frame, zone).signal === 'normal') tellRestored(frame, area, zone);
  countForSwinger(frame, area, zone);
};

const confirm = (frame: Frame, area: Area, zone: Zone): void => {
  const { period } = areaState(frame, area);
  if (!period || (period.entryOpened && isRoute(zone.config))) return;
  const recent = period.unconfirmed.filter(({ at }) => frame.now - at <= area.config.confirmationMs);
  const others = recent.filter((other) => other.zone !== zone.config.id && other.group !== zone.config.confirmGroup);
  const alreadyConfirmed = period.confirmed && recent.length > 0;
  const unconfirmed = [
    ...recent.filter((other) => other.zone !== zone.config.id),
    { zone: zone.config.id, group: zone.config.confirmGroup, at: frame.now },
  ];
  const confirmedNow = !alreadyConfirmed && others.length > 0;
  setPeriod(frame, area, { unconfirmed, confirmed: alreadyConfirmed || confirmedNow });
  if (!confirmedNow) return;
  releaseHeld(frame, area);
  reportNow(frame, area, 'intrusion-confirmed', {
    zone: zone.config.id,
    zones: unconfirmed.map((entry) => entry.zone),
    confirmed: true,
  });
};

const setPeriod = (frame: Frame, area: Area, change: Partial<ArmedPeriod>): void => {
  const { period } = areaState(frame, area);
  if (period) setArea(frame, area, { period: { ...period, ...change } });
};

const countForSwinger = (frame: Frame, area: Area, zone: Zone): void => {
  const alarmsThisPeriod = zoneState(frame, zone).alarmsThisPeriod + 1;
  setZone(frame, zone, { alarmsThisPeriod });
  if (zone.config.swinger === 0 || alarmsThisPeriod < zone.config.swinger) return;
  setZone(frame, zone, { omitted: 'swinger' });
  setTimerIn(frame, 'swinger-rest', zone.config.id, SWINGER_REST_MS);
  emit(frame, 'swinger', { area: area.config.id, zone: zone.config.id, detail: { alarms: alarmsThisPeriod } });
};

/** The zone that alarmed closed again. Told like its alarm: later if that is still held. The condition stays until disarm. */
export const restoreIntrusion = (frame: Frame, area: Area, zone: Zone): void => {
  if (!zoneState(frame, zone).inAlarm) return;
  setZone(frame, zone, { inAlarm: false });
  tellRestored(frame, area, zone);
};

const tellRestored = (frame: Frame, area: Area, zone: Zone): void => {
  const isHeld = areaState(frame, area).held.some(({ event }) => event.zone === zone.config.id);
  if (isHeld) holdReport(frame, area, 'intrusion-restored', { zone: zone.config.id });
  else emit(frame, 'intrusion-restored', { area: area.config.id, zone: zone.config.id });
};

/** An entry door of the area has opened: of a common area, also on the way into each of its members. */
export const markEntryOpened = (frame: Frame, area: Area, entryOpened = true): void => {
  setPeriod(frame, area, { entryOpened });
  for (const id of area.config.common) {
    const member = areaPlace(frame, id);
    // Whoever is coming in by the member's own door is still on the way.
    if (entryOpened || areaState(frame, member).arming.state !== 'entering') setPeriod(frame, member, { entryOpened });
  }
};
