/** Badge and code: the person's own badge was shown at this keypad just before the code. */
import type { KeypadId, UserId } from '../config.ts';
import { keypadPlace, keypadState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import { SECOND } from '../time.ts';

const BADGE_THEN_CODE_MS = 30 * SECOND;

export const hasShownBadge = (frame: Frame, keypad: KeypadId, user: UserId): boolean => {
  const { badge } = keypadState(frame, keypadPlace(frame, keypad));
  return badge !== undefined && badge.user === user && frame.now - badge.at <= BADGE_THEN_CODE_MS;
};
