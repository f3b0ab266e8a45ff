/**
 * Activity supervision: a detector that has not activated for `notSeenDays` may be dead, covered or turned away. Days
 * are counted in running time, so that no clock step ages a detector and no power cut does.
 */
import type { ZoneConfig } from '../config.ts';
import { emit, setTimerIn, setZone, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { DAY, HOUR } from '../time.ts';

type Zone = Place<ZoneConfig>;

const SCAN_MS = HOUR;

export const startNotSeen = (frame: Frame): void => {
  if (supervised(frame).length > 0) setTimerIn(frame, 'not-seen', '', SCAN_MS);
};

const supervised = (frame: Frame): Zone[] => [...frame.site.zones.values()].filter((zone) => zone.config.notSeenDays > 0);

/**
 * The zone has activated. The hour is all that days need, and it spares a write for each pulse of a busy waiting
 * room: 24 a day and zone at most.
 */
export const markSeen = (frame: Frame, zone: Zone): void => {
  if (zone.config.notSeenDays === 0) return;
  const { lastSeen, notSeenReported } = zoneState(frame, zone);
  if (!notSeenReported && lastSeen !== undefined && frame.now - lastSeen < SCAN_MS) return;
  setZone(frame, zone, { lastSeen: frame.now, notSeenReported: false });
  if (notSeenReported) emit(frame, 'seen-again', { area: zone.config.area, zone: zone.config.id });
};

export const scanNotSeen = (frame: Frame): void => {
  for (const zone of supervised(frame)) scanZone(frame, zone);
  startNotSeen(frame);
};

/** Supervision of a zone begins with the first scan that meets it; one that is left out is expected to be silent. */
const scanZone = (frame: Frame, zone: Zone): void => {
  const { lastSeen, notSeenReported, signal, isolated } = zoneState(frame, zone);
  if (isolated || notSeenReported) return;
  if (lastSeen === undefined || signal === 'active') return setZone(frame, zone, { lastSeen: frame.now });
  if (frame.now - lastSeen < zone.config.notSeenDays * DAY) return;
  setZone(frame, zone, { notSeenReported: true });
  emit(frame, 'not-seen', { area: zone.config.area, zone: zone.config.id, detail: { days: zone.config.notSeenDays } });
};
