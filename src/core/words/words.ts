/**
 * What staff read, in one dictionary per language. Sentences for a person in a hurry: why, then what to do.
 *
 * The `CODE` in a sentence stands for the person's own code, as on the keypad sheet (docs/keypad.md).
 */
import type { ArmMode, BlockerKind } from '../config.ts';
import type { EventKind, Refusal } from '../event.ts';
import type { ConditionKind, Request } from '../input.ts';
import type { DoorOutcome } from '../state.ts';

export type AreaWord = 'disarmed' | 'exiting' | 'armed' | 'entering';
export type SupplyKind = 'mains' | 'battery-low' | 'charger-fault' | 'siren-fault';
export type ZoneTrouble = 'tamper' | 'masked' | 'fault' | 'latch-fault';
export type TestKind = 'exercise' | 'walk-test' | 'on-test' | 'installer';

/** The mode of a door, in the terms of ONVIF Door Control. */
export type DoorWord = 'locked' | 'unlocked' | 'accessed' | 'blocked' | 'locked-down' | 'locked-open';

/** What a lock does. `forced`: its bolt was drawn back unasked; `none`: the door has no lock. */
export type LockWord =
  | 'none'
  | 'locked'
  | 'unlocking'
  | 'unlocked'
  | 'locking'
  | 'unlock-failed'
  | 'lock-failed'
  | 'forced'
  | 'released-pending';

/**
 * What is the matter with a door.
 * - `interlock`: it keeps the other doors of its group shut longer than it may.
 * - `egress-held`: freed by the emergency release or by fire, and not locked again before that is acknowledged.
 * - `released-pending`: a latching strike stays released until the door next opens.
 */
export type DoorTrouble =
  | 'left-open'
  | 'not-latched'
  | 'forced'
  | 'unlock-failed'
  | 'lock-failed'
  | 'bolt-forced'
  | 'interlock'
  | 'exit-request-stuck'
  | 'egress-held'
  | 'released-pending';

/** A thing and how staff name it on a keypad. `number` is empty where it has none. */
export type Named = { readonly name: string; readonly number: string };

export type Words = {
  /** Between a thing and what is said of it. */
  readonly colon: string;
  readonly areas: Readonly<Record<AreaWord, string>>;
  readonly modes: Readonly<Record<ArmMode, string>>;
  readonly refusals: Readonly<Record<Refusal, string>>;
  readonly blockers: Readonly<Record<BlockerKind, (of: Named) => string>>;
  readonly accepted: Readonly<Record<Request['verb'], string>>;
  /** Alarms and memories by kind; `alarm` for a kind that has no word of its own. */
  readonly alarms: Readonly<Partial<Record<EventKind, string>>>;
  readonly alarm: string;
  readonly conditions: Readonly<Record<ConditionKind, string>>;
  readonly supplies: Readonly<Record<SupplyKind, string>>;
  readonly troubles: Readonly<Record<ZoneTrouble, string>>;
  readonly tests: Readonly<Record<TestKind, string>>;
  readonly doorTroubles: Readonly<Record<DoorTrouble, (name: string) => string>>;
  /** Said instead while the sounder is silenced; a trouble that does not sound has no such sentence. */
  readonly doorsSilenced: Readonly<Partial<Record<DoorTrouble, (name: string) => string>>>;
  readonly doorModes: Readonly<Record<DoorWord, string>>;
  /** `number`: of its leaf contact, by which it is opened; empty where this door has no lock. */
  readonly doorOutcomes: Readonly<Record<DoorOutcome, (of: Named) => string>>;
  readonly choose: string;
  readonly armFailed: string;
  readonly confirmOpening: string;
  readonly autoArmSoon: string;
  readonly memory: string;
  readonly inhibited: string;
  readonly isolated: string;
  readonly omitted: string;
  readonly opened: string;
  readonly lockedOut: string;
  readonly leaveWithin: (seconds: number) => string;
  readonly disarmWithin: (seconds: number) => string;
  readonly ready: string;
  readonly notReady: string;
};
