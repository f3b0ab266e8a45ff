/** Which zones count: by the mode an area is armed in, and by what is left out. */
import type { ArmMode, ZoneConfig, ZoneType } from '../config.ts';
import { areaState, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

/** The entry and exit route: free while somebody comes or goes. */
export const isRoute = (zone: ZoneConfig): boolean => zone.type === 'entry-exit' || zone.type === 'follower';

const DETECTION: ReadonlySet<ZoneType> = new Set(['entry-exit', 'follower', 'instant', 'interior', 'exit-guard']);
/** Zones that alarm only while their area is armed. */
export const isDetection = (zone: ZoneConfig): boolean => DETECTION.has(zone.type);

const MOTION: ReadonlySet<ZoneType> = new Set(['follower', 'interior']);
/** Detectors that need to warm up after power-on. */
export const isMotion = (zone: ZoneConfig): boolean => zone.occupancy || MOTION.has(zone.type);

export const inMode = (zone: ZoneConfig, mode: ArmMode): boolean => {
  if (mode === 'partial') return zone.type !== 'interior';
  if (mode === 'night') return !zone.duty;
  return true;
};

export const isLeftOut = (frame: Frame, zone: Place<ZoneConfig>): boolean => {
  const { inhibited, isolated, omitted } = zoneState(frame, zone);
  return inhibited || isolated || omitted !== 'no';
};

export const inSoak = (frame: Frame, zone: Place<ZoneConfig>): boolean => {
  const until = zoneState(frame, zone).soakUntil;
  return until !== undefined && frame.now < until;
};

/** The zone's area, or a common area above it, is being entered or left. */
export const isRouteOpen = (frame: Frame, zone: Place<ZoneConfig>): boolean => {
  const area = frame.site.areas.get(zone.config.area);
  if (!area) return false;
  return [area, ...(frame.site.commonsOf.get(area.config.id) ?? [])].some((place) => {
    const { state } = areaState(frame, place).arming;
    return state === 'entering' || state === 'exiting';
  });
};
