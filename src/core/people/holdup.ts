/** Two hold-up sources within the window (8 h) verify each other: a second device, or a device and a duress code. */
import type { AreaConfig } from '../config.ts';
import { emit, setSite, setTimerIn, siteState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';

export const noteHoldup = (frame: Frame, area: Place<AreaConfig> | undefined, source: string): void => {
  const windowMs = frame.site.config.supervision.holdupWindowMs;
  const recent = siteState(frame).holdups.filter(({ at }) => frame.now - at < windowMs);
  const others = recent.filter((holdup) => holdup.source !== source);
  const wasVerified = siteState(frame).holdupVerified && recent.length > 0;
  setSite(frame, { holdups: [...others, { source, at: frame.now }], holdupVerified: wasVerified || others.length > 0 });
  setTimerIn(frame, 'holdup-window', '', windowMs);
  if (others.length > 0 && !wasVerified)
    emit(frame, 'holdup-verified', { ...(area && { area: area.config.id }), cause: 'second-device' });
};

export const endHoldupWindow = (frame: Frame): void => setSite(frame, { holdups: [], holdupVerified: false });
