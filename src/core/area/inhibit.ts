/** Leaving a zone out for one armed period. */
import type { AreaConfig, ZoneConfig } from '../config.ts';
import { emit, setZone, zonesOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Who } from '../state.ts';
import { endFire, takeBack } from '../zone/review.ts';
import { whoFacts } from './who.ts';

export const inhibit = (frame: Frame, zone: Place<ZoneConfig>, who: Who): void => {
  if (zoneState(frame, zone).inhibited) return;
  setZone(frame, zone, { inhibited: true });
  emit(frame, 'inhibited', { area: zone.config.area, zone: zone.config.id, ...whoFacts(who) });
  endFire(frame, zone);
};

export const endInhibitions = (frame: Frame, area: Place<AreaConfig>): void => {
  for (const zone of zonesOf(frame, area.config.id)) {
    if (!zoneState(frame, zone).inhibited) continue;
    setZone(frame, zone, { inhibited: false });
    emit(frame, 'inhibit-ended', { area: area.config.id, zone: zone.config.id });
    takeBack(frame, zone);
  }
};
