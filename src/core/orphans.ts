/**
 * After a change of the config: what a zone, door or user that is gone held is closed by events, and mutes, blocks and
 * counts no longer. Their deadlines are dropped where the state is read (parts.ts).
 */
import type { EventKind } from './event.ts';
import { areaState, emit, setArea, setDurable, setSite, siteState } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Place } from './site.ts';
import type { ActiveAlarm } from './state.ts';

const RESTORES: Partial<Readonly<Record<EventKind, EventKind>>> = {
  intrusion: 'intrusion-restored',
  'exit-error': 'intrusion-restored',
  'alarm-24h': 'alarm-24h-restored',
  'holdup-audible': 'holdup-restored',
  tamper: 'tamper-restored',
  technical: 'technical-restored',
  fire: 'fire-restored',
  'door-left-open': 'door-left-open-restored',
  'door-not-latched': 'door-not-latched-restored',
  'door-forced': 'door-forced-restored',
  'interlock-timeout': 'interlock-restored',
  'egress-released': 'egress-restored',
};

export const closeOrphans = (frame: Frame): void => {
  for (const area of frame.site.areas.values()) closeAlarms(frame, area);
  const { zones, users } = frame.site;
  const { fireActive, reportedSupplies } = siteState(frame);
  const isKnown = (zone: string) => zones.has(zone);
  if (!fireActive.every(isKnown)) setSite(frame, { fireActive: fireActive.filter(isKnown) });
  if (!reportedSupplies.every(isKnown)) setSite(frame, { reportedSupplies: reportedSupplies.filter(isKnown) });
  const { people } = frame.state.durable;
  const usedUp = people.usedUp.filter((user) => users.has(user) || people.roster.some(({ id }) => id === user));
  if (usedUp.length < people.usedUp.length) setDurable(frame, { people: { ...people, usedUp } });
};

const isOrphan = ({ site }: Frame, { zone, door }: ActiveAlarm): boolean =>
  (zone !== undefined && !site.zones.has(zone)) || (door !== undefined && !site.doors.has(door));

const closeAlarms = (frame: Frame, area: Place<{ readonly id: string }>): void => {
  const { alarms } = areaState(frame, area);
  const orphans = alarms.filter((alarm) => isOrphan(frame, alarm));
  if (orphans.length === 0) return;
  setArea(frame, area, { alarms: alarms.filter((alarm) => !orphans.includes(alarm)) });
  for (const { kind, zone, door } of orphans) {
    const restored = RESTORES[kind];
    if (restored) emit(frame, restored, { area: area.config.id, ...(zone && { zone }), ...(door && { door }), cause: 'restart' });
  }
};
