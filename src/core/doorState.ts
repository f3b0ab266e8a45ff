/** What the state holds of each door: what is on disk, and what this process makes of its lock. */
import type { AreaId, KeypadId, OperatorId, UserId } from './config.ts';
import type { Cause } from './event.ts';
import type { Monotonic, Wall } from './time.ts';

// ---- on disk

/**
 * What somebody with the right to it has made of a door; the modes that come and go by themselves (`accessed`, `unlocked`)
 * are not in it.
 * - `blocked`: nobody is let in. - `locked-down`: neither, and only the lockdown's own end changes it.
 * - `locked-open`: released until it is taken back.
 */
export type DoorMode = 'locked' | 'blocked' | 'locked-down' | 'locked-open';

export type DoorState = {
  readonly mode: DoorMode;
  /** Leaf opened while nothing allowed it; until it is closed again. */
  readonly forced: boolean;
  /** Sounds since, where `forced`. */
  readonly forcedSince: Monotonic | undefined;
  readonly lockFault: 'none' | 'unlock-failed' | 'lock-failed' | 'bolt-forced';
  /** A latching strike was pulsed and the door has not opened since: it is open to whoever pulls; `told`: and is known to be. */
  readonly releasedPending: 'no' | 'pulsed' | 'told';
  /** Emergency release or fire: not locked again before it is over and somebody has acknowledged it. */
  readonly egressHeld: boolean;
  /** What frees it now. */
  readonly emergency: Cause | undefined;
  readonly interlockAlarm: boolean;
  readonly exitRequestStuck: boolean;
  /** Beginning of the hours of free access for which the first of staff is in. */
  readonly firstInFor: Wall | undefined;
  /** Beginning of the hours of free access that are left out: they began during an emergency or under a stepped clock. */
  readonly skipped: Wall | undefined;

  /** Where the ladder of a door left open or not latched stands. */
  readonly ladder: 'quiet' | 'pre-alarm' | 'sounding' | 'escalated';
  readonly fault: 'none' | 'left-open' | 'not-latched';
  readonly ladderSince: Monotonic | undefined;
  readonly silencedUntil: Monotonic | undefined;
  /** The armed sounder's 180 s are over. */
  readonly spent: boolean;
  readonly latchFault: boolean;
  /** Where leaf and latch were when they were last seen: an opening is a change between two of these. */
  readonly leafSeen: 'open' | 'closed' | undefined;
  readonly latchSeen: 'engaged' | 'free' | undefined;
  readonly openingsWithoutLatch: number;
  readonly latchMovedSinceOpening: boolean;
};

/** Who went through a guarded way last, and which way. */
export type Passage = { readonly user: UserId; readonly area: AreaId; readonly side: 'in' | 'out'; readonly at: Monotonic };

// ---- of this process

export type DoorOutcome = 'bell' | 'released' | 'opened' | 'not-opened' | 'closed' | 'held';

/** Why a door is released for a moment. */
export type Release = {
  readonly cause: Cause;
  readonly since: Monotonic;
  readonly user: UserId | undefined;
  readonly operator: OperatorId | undefined;
  readonly keypad: KeypadId | undefined;
  readonly command: string | undefined;
  readonly extended: boolean;
  readonly opened: boolean;
  /** Egress goes before the disk, whoever else is let in after it. */
  readonly egress: boolean;
};

/** A door's lock as this process works it. It is rebuilt as locked after a restart: a release never resumes. */
export type LockState = {
  readonly release: Release | undefined;
  /** The release is over, what came of it is still to be told. */
  readonly passage: Release | undefined;
  /** Stands unlocked by schedule since. */
  readonly free: Monotonic | undefined;
  /** A motor runs, or a pulse lasts. */
  readonly drive: { readonly direction: 'open' | 'close'; readonly since: Monotonic } | undefined;
  /** What was last asked of a lock with feedback and seen to be done. */
  readonly bolt: 'locked' | 'unlocking' | 'unlocked' | 'locking';
  /** An opening before then is no break-in. */
  readonly permitted: boolean;
  /** A request to exit waits behind the interlock. */
  readonly exitWaits: boolean;
  /** The first of two people. */
  readonly second: { readonly user: UserId; readonly keypad: KeypadId } | undefined;
};
