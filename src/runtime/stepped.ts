/** What a step means to the shell, beside its events and outputs. */
import type { Site } from '../core/site.ts';
import type { Stepped } from './engine.ts';
import { pendingUntil } from './heartbeat.ts';

/** What the mirror of the state keeps. */
export const hasModeChanged = ({ before, after }: Stepped): boolean =>
  before.durable.areas.some((area, index) => area.arming !== after.durable.areas[index]?.arming) ||
  before.durable.zones.some((zone, index) => {
    const now = after.durable.zones[index];
    return zone !== now && (zone.inhibited !== now?.inhibited || zone.isolated !== now.isolated);
  });

/** An entry or a hold has begun: silence after it would be an alarm. */
export const isNewlyPending = (site: Site, { before, after }: Stepped): boolean => {
  const until = pendingUntil(site, after);
  return until !== undefined && until !== pendingUntil(site, before);
};
