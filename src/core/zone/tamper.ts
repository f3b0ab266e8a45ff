/** Tamper: somebody is at the box, the loop or the cable. Its condition stands until the input is normal again. */
import type { ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { areaPlace, areaState, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { hasCondition, raiseAlarm } from '../area/alarm.ts';

/** Tamper is told at once in every state; it sounds only where the area is set (EN 50131-1). */
export const raiseTamper = (frame: Frame, zone: Place<ZoneConfig>, cause: Cause): void => {
  const area = areaPlace(frame, zone.config.area);
  const { inhibited, isolated } = zoneState(frame, zone);
  if (inhibited || isolated || hasCondition(frame, area, 'tamper', zone)) return;
  const { state } = areaState(frame, area).arming;
  const isSet = state === 'armed' || state === 'entering';
  const level = area.config.tamperReset === 'installer' ? 3 : 2;
  raiseAlarm(frame, area, { kind: 'tamper', zone, cause, siren: isSet ? 'full' : 'none', level });
};
