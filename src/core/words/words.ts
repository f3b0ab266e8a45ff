/**
 * What staff read, in one dictionary per language. Sentences for a person in a hurry: why, then what to do.
 *
 * The `CODE` in a sentence stands for the person's own code, as on the keypad sheet (docs/keypad.md).
 */
import type { ArmMode, BlockerKind } from '../config.ts';
import type { EventKind, Refusal } from '../event.ts';
import type { ConditionKind, Request } from '../input.ts';

export type AreaWord = 'disarmed' | 'exiting' | 'armed' | 'entering';
export type SupplyKind = 'mains' | 'battery-low' | 'charger-fault' | 'siren-fault';
export type ZoneTrouble = 'tamper' | 'masked' | 'fault' | 'latch-fault';
export type TestKind = 'exercise' | 'walk-test' | 'on-test' | 'installer';

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
  readonly doorLeftOpen: (name: string) => string;
  readonly doorNotLatched: (name: string) => string;
  readonly doorSilenced: (name: string) => string;
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
