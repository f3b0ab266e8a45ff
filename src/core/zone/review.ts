/** A zone that was left out or walked counts again: what it says by now is taken as it is. And the other way round. */
import type { ZoneConfig } from '../config.ts';
import { areaPlace, emit, setSite, setTimer, setZone, siteState, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { restoreAlarm } from '../area/alarm.ts';
import { onFireChanged } from '../door/exit.ts';
import { isDetection } from './included.ts';

/**
 * Called where something has just ended, so at once but after it: a safe left open, a fridge that is warm, a cover that is
 * off. Detection waits for its next activation, as it does at arming.
 */
export const reviewSoon = (frame: Frame, zone: Place<ZoneConfig>): void => {
  const { signal } = zoneState(frame, zone);
  if ((signal === 'active' && !isDetection(zone.config)) || signal === 'tamper')
    setTimer(frame, 'zone-review', zone.config.id, frame.now);
};

/**
 * Somebody who left the zone out, or whoever disarmed after them, takes it back. A safe left open knowingly is guarded
 * from when it is closed: no siren in front of who has just come in.
 */
export const takeBack = (frame: Frame, zone: Place<ZoneConfig>): void => {
  const { signal, inAlarm, shunted } = zoneState(frame, zone);
  if (zone.config.type !== '24h' || signal !== 'active' || inAlarm || shunted) return reviewSoon(frame, zone);
  setZone(frame, zone, { omitted: 'until-closed' });
  emit(frame, 'omitted', { area: zone.config.area, zone: zone.config.id, cause: 'user' });
};

/** A stuck fire contact that somebody leaves out mutes the sirens no longer. */
export const endFire = (frame: Frame, zone: Place<ZoneConfig>): void => {
  const { fireActive } = siteState(frame);
  if (!fireActive.includes(zone.config.id)) return;
  setSite(frame, { fireActive: fireActive.filter((id) => id !== zone.config.id) });
  onFireChanged(frame);
  restoreAlarm(frame, areaPlace(frame, zone.config.area), 'fire', 'fire-restored', zone);
};
