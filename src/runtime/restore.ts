/**
 * The state a start begins with, from what the store found. What cannot be read is never taken for *disarmed*: modes and
 * inhibitions come from the mirror, and where that is gone too every area is armed until a user says otherwise.
 */
import type { Start } from '../core/input.ts';
import { initialState } from '../core/initial.ts';
import { stateFromMirror, stateFromParts, storedAt } from '../core/parts.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import { monotonic } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Restored } from '../ports/store.ts';
import { resumeInstant } from './runningClock.ts';

export type Beginning = {
  readonly state: State;
  readonly resumeAt: number;
  readonly stateLost: boolean;
  readonly isFresh: boolean;
};

export const beginningOf = (site: Site, restored: Restored): Beginning => {
  const resumeAt = resumeInstant(restored.clock, storedAt(restored.parts));
  const now = monotonic(resumeAt);
  const fresh = initialState(site, now);
  if (restored.found === 'fresh') return { state: fresh, resumeAt, stateLost: false, isFresh: true };
  const fromParts = hasEveryArea(site, restored) ? stateFromParts(site, restored.parts, now) : undefined;
  if (fromParts?.ok) return { state: fromParts.state, resumeAt, stateLost: false, isFresh: false };
  const fromMirror = restored.mirror === undefined ? undefined : stateFromMirror(site, restored.mirror, now);
  if (fromMirror) return { state: fromMirror, resumeAt, stateLost: false, isFresh: false };
  return { state: fresh, resumeAt, stateLost: true, isFresh: false };
};

/** A folder found whole may lack an area that the config has added; a damaged one may lack what it must not. */
const hasEveryArea = (site: Site, { found, parts }: Restored): boolean =>
  found === 'state' ? parts.size > 0 : site.config.areas.every(({ id }) => parts.has(`areas/${id}`));

type Found = Pick<Start, 'stateLost' | 'goneMs' | 'readings'> & { readonly isFresh: boolean };

/** What the core hears of a start. */
export const startOf = (restored: Restored, clock: Clock, { isFresh, stateLost, goneMs, readings }: Found): Start => ({
  cause: isFresh ? 'fresh' : restored.clock?.bootId === clock.bootId ? 'process' : 'machine',
  goneMs,
  stateLost,
  configChanged: false,
  readings,
});
