/**
 * How a door stands, as a function of the state: whether it is released and by what, and what its lock does about it.
 *
 * Modes are those of ONVIF Door Control: `locked`, `unlocked` (free access by schedule), `accessed` (for a moment), `blocked`,
 * `locked-down`, `locked-open`.
 */
import type { DoorConfig, LockKind } from '../config.ts';
import { must } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import type { DoorState, LockState, State } from '../state.ts';
import type { DoorWord, LockWord } from '../words/words.ts';

type Door = Place<DoorConfig>;

const stateOf = (state: State, { index }: Door): DoorState => must(state.durable.doors[index], 'door');
const lockOf = (state: State, { index }: Door): LockState => must(state.volatile.locks[index], 'lock');

/** Locks that open when their current is cut, which is what a fire contact or a green box does to them. */
const FAIL_SAFE: ReadonlySet<LockKind> = new Set<LockKind>(['strike-fail-safe', 'maglock']);

export const isFailSafe = ({ lock }: DoorConfig): boolean => lock !== undefined && FAIL_SAFE.has(lock.kind);

const isDisarmed = (site: Site, { durable }: State, { config }: Door): boolean =>
  durable.areas[must(site.areas.get(config.area), `area ${config.area}`).index]?.arming.state === 'disarmed';

/** An area that is set locks what was left open: nobody is there to see who comes in. */
const isLockedOpen = (site: Site, state: State, door: Door): boolean =>
  stateOf(state, door).mode === 'locked-open' && isDisarmed(site, state, door);

/** An emergency release or a fire keeps it free, until that is over and acknowledged. */
export const isEgressFree = (state: State, door: Door): boolean => stateOf(state, door).egressHeld;

/** Stands open to everybody for a while: nothing is forced, held or ajar. */
export const isStandingFree = (site: Site, state: State, door: Door): boolean =>
  lockOf(state, door).free !== undefined || isLockedOpen(site, state, door) || isEgressFree(state, door);

/** What the lock is asked to do, whatever it makes of it. */
export const isReleased = (site: Site, state: State, door: Door): boolean =>
  lockOf(state, door).release !== undefined || isStandingFree(site, state, door);

/**
 * Released only because somebody is let in: it moves once that is on disk. Egress, and everything that locks, comes first.
 */
export const isOnlyGranted = (site: Site, state: State, door: Door): boolean =>
  isReleased(site, state, door) && !isEgressFree(state, door) && lockOf(state, door).release?.egress !== true;

export const doorModeOf = (site: Site, state: State, door: Door): DoorWord => {
  const { mode } = stateOf(state, door);
  const { release, free } = lockOf(state, door);
  if (mode === 'blocked' || mode === 'locked-down') return mode;
  if (isLockedOpen(site, state, door)) return 'locked-open';
  if (free !== undefined) return 'unlocked';
  return release === undefined ? 'locked' : 'accessed';
};

const FAULTS = { 'unlock-failed': 'unlock-failed', 'lock-failed': 'lock-failed', 'bolt-forced': 'forced' } as const;

export const lockStatusOf = (site: Site, state: State, door: Door): LockWord => {
  if (!door.config.lock) return 'none';
  const { lockFault, releasedPending } = stateOf(state, door);
  if (lockFault !== 'none') return FAULTS[lockFault];
  if (releasedPending !== 'no' && !isReleased(site, state, door)) return 'released-pending';
  if (isEgressFree(state, door)) return 'unlocked';
  return lockOf(state, door).bolt;
};

const placeAt = (site: Site, index: number): Door => ({ index, config: must(site.config.doors[index], `door ${index}`) });

/** By place in the config, for what is told of every door. */
export const doorMode = (site: Site, state: State, index: number): DoorWord => doorModeOf(site, state, placeAt(site, index));
export const lockStatus = (site: Site, state: State, index: number): LockWord => lockStatusOf(site, state, placeAt(site, index));
