/** The tone that says arming did not work, or will not: until acknowledged, mended, or 3 min. */
import type { AreaConfig } from '../config.ts';
import { areaState, clearTimer, setArea, setTimerIn } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { MINUTE } from '../time.ts';

const FAULT_TONE_MS = 3 * MINUTE;

export const soundFaultTone = (frame: Frame, area: Place<AreaConfig>): void => {
  if (areaState(frame, area).faultTone === undefined) setArea(frame, area, { faultTone: frame.now });
  setTimerIn(frame, 'fault-tone', area.config.id, FAULT_TONE_MS);
};

export const stopFaultTone = (frame: Frame, area: Place<AreaConfig>): void => {
  if (areaState(frame, area).faultTone === undefined) return;
  clearTimer(frame, 'fault-tone', area.config.id);
  setArea(frame, area, { faultTone: undefined });
};
