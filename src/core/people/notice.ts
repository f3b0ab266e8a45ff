/** What a keypad answers. It stays for a while, then the keypad shows the state of its areas again. */
import type { AreaConfig, KeypadId } from '../config.ts';
import { clearTimer, keypadPlace, keypadState, setKeypad, setTimerIn } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Notice } from '../state.ts';
import { SECOND } from '../time.ts';

const NOTICE_MS = 20 * SECOND;

export const tellKeypad = (frame: Frame, id: KeypadId, notice: Notice): void => {
  setKeypad(frame, keypadPlace(frame, id), { notice, noticeSince: frame.now });
  setTimerIn(frame, 'notice', id, NOTICE_MS);
};

export const tellKeypadsOf = (frame: Frame, area: Place<AreaConfig>, notice: Notice): void => {
  for (const keypad of frame.site.keypads.values()) {
    if (keypad.config.areas.includes(area.config.id)) tellKeypad(frame, keypad.config.id, notice);
  }
};

export const clearNotice = (frame: Frame, id: KeypadId): void => {
  const keypad = keypadPlace(frame, id);
  clearTimer(frame, 'notice', id);
  if (keypadState(frame, keypad).notice) setKeypad(frame, keypad, { notice: undefined, noticeSince: undefined });
};
