/**
 * What each kind of lock is like: what energised means, how long its coil bears it, what holds where the file says
 * nothing. Checks and build read the same table.
 *
 * A fail-secure strike's coil may be made for intermittent duty (AC coils always are): 10 s at most, after which it
 * rests. The rest is short, so that the next visitor is let in; an unopened release of 5 s uses half of the 10 s.
 */
import type { LockConfig, LockKind } from '../core/config.ts';
import { SECOND } from '../core/time.ts';
import type { DoorDraft, OutputDraft } from './shapes.ts';

export type LockDraft = NonNullable<DoorDraft['lock']>;
export type LockOutputDraft = Extract<OutputDraft, { role: 'lock' }>;

/** Energised to hold: a limit would unlock it, and it is free without current. */
export const isFailSafe = (kind: LockKind): boolean => kind === 'maglock' || kind === 'strike-fail-safe';

type Duty = {
  /** The longest its output may be on. undefined: as long as it likes. */
  readonly onMaxMs: number | undefined;
  readonly restMs: number;
};

export const dutyOf = ({ kind, continuous }: LockDraft): Duty => {
  switch (kind) {
    case 'strike-fail-secure':
      return continuous ? { onMaxMs: undefined, restMs: 0 } : { onMaxMs: 10 * SECOND, restMs: 2 * SECOND };
    case 'strike-latching':
      return { onMaxMs: 2 * SECOND, restMs: 2 * SECOND };
    case 'motor':
      return { onMaxMs: 15 * SECOND, restMs: 0 };
    case 'maglock':
    case 'strike-fail-safe':
      return { onMaxMs: undefined, restMs: 0 };
  }
};

const EXTENDED_MS = 10 * SECOND;

/** A coil that bears 10 s is not released for 15: people who need longer get what it bears. */
const extendedOf = (lock: LockDraft, onMaxMs: number | undefined): number => {
  if (lock.extended !== undefined) return lock.extended;
  if (lock.kind !== 'strike-fail-secure' || onMaxMs === undefined) return EXTENDED_MS;
  return Math.max(0, Math.min(EXTENDED_MS, onMaxMs - lock.release));
};

/** A bolt that a motor throws while the leaf is open keeps it from closing. */
export const relockOnOf = ({ kind, relockOn }: LockDraft): 'open' | 'close' => relockOn ?? (kind === 'motor' ? 'close' : 'open');

export const driveOf = ({ kind, drive }: LockDraft): number => drive ?? (kind === 'motor' ? 5 * SECOND : 500);

/** `maxOn`: what the lock's output says itself. */
export const lockOf = (lock: LockDraft, maxOn: number | undefined): LockConfig => ({
  kind: lock.kind,
  releaseMs: lock.release,
  relockDelayMs: lock.relockDelay,
  relockOn: relockOnOf(lock),
  extendedMs: extendedOf(lock, maxOn ?? dutyOf(lock).onMaxMs),
  driveMs: driveOf(lock),
  bolt: lock.bolt,
});
