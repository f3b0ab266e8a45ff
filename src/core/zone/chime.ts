/** The short tone that says that a zone was opened: to whoever is near its keypads, by day or in a walk test. */
import type { ZoneConfig } from '../config.ts';
import { keypadState, setKeypad, setTimerIn } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

const CHIME_MS = 2_000;

/** A short tone on the keypads of the zone's area. */
export const chime = (frame: Frame, zone: Place<ZoneConfig>): void => {
  for (const keypad of frame.site.keypads.values()) {
    if (!keypad.config.areas.includes(zone.config.area) || keypadState(frame, keypad).chimeSince !== undefined) continue;
    setKeypad(frame, keypad, { chimeSince: frame.now });
    setTimerIn(frame, 'chime', keypad.config.id, CHIME_MS);
  }
};
