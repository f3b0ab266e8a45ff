/** A zone that was left out or walked counts again: what it says by now is taken as it is. */
import type { ZoneConfig } from '../config.ts';
import { setTimer, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
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
