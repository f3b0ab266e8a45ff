/**
 * A story: a site, a starting time, and what happens and must be seen, sentence by sentence. Read from YAML by
 * `parseStory`, played by `playStory`. The sentences are described in docs/scenarios.md.
 *
 * - **thing**: a zone or a door of the site, by id. **fact**: something that can be seen at an instant.
 */
import type { ArmMode, Meaning } from '../core/config.ts';
import type { EventKind } from '../core/event.ts';
import type { ConditionKind } from '../core/input.ts';
import type { LocalTime } from './words.ts';

/** When a sentence takes place: with the one before, at a time of the stopwatch, later by so much, or by the wall clock. */
export type Timing =
  | { readonly kind: 'now' }
  | { readonly kind: 'at'; readonly ms: number }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'local'; readonly time: LocalTime };

export type Act =
  | { readonly kind: 'open' | 'close'; readonly thing: string }
  | { readonly kind: 'leave-ajar'; readonly door: string }
  | { readonly kind: 'pulse'; readonly zone: string; readonly forMs: number }
  | { readonly kind: 'chatter'; readonly zone: string; readonly forMs: number }
  | { readonly kind: 'signal'; readonly zone: string; readonly signal: 'normal' | 'active' | 'tamper' | 'masked' }
  | { readonly kind: 'tear' | 'mend'; readonly thing: string }
  | { readonly kind: 'value'; readonly zone: string; readonly value: number }
  | { readonly kind: 'type'; readonly who: string; readonly text: string; readonly keypad: string }
  | { readonly kind: 'badge'; readonly who: string; readonly badge: string; readonly keypad: string }
  | { readonly kind: 'remote-unlock'; readonly operator: string; readonly door: string }
  | { readonly kind: 'gone'; readonly cause: 'process' | 'machine'; readonly forMs: number; readonly stateLost: boolean }
  | { readonly kind: 'clock-steps'; readonly byMs: number }
  | { readonly kind: 'clock-quality'; readonly synchronised: boolean }
  | { readonly kind: 'condition'; readonly condition: ConditionKind; readonly subject: string; readonly on: boolean }
  | { readonly kind: 'wire'; readonly what: 'broker' | 'centre' | 'acknowledgements'; readonly on: boolean }
  | { readonly kind: 'retained-command'; readonly verb: string }
  | { readonly kind: 'wait' };

export type EventFilter = {
  readonly kind: EventKind | undefined;
  readonly facts: readonly { readonly name: string; readonly value: string | boolean | readonly string[] }[];
};

export type Fact =
  | { readonly kind: 'area'; readonly area: string; readonly state: string; readonly mode: ArmMode | undefined }
  | { readonly kind: 'event'; readonly filter: EventFilter; readonly times: number | undefined }
  | { readonly kind: 'event-order'; readonly kinds: readonly EventKind[] }
  | { readonly kind: 'sent'; readonly filter: EventFilter }
  | { readonly kind: 'output'; readonly output: string; readonly value: string }
  | { readonly kind: 'keypad'; readonly keypad: string; readonly notice: string; readonly about: string | undefined }
  | { readonly kind: 'blocker'; readonly keypad: string; readonly blocker: string; readonly about: string | undefined }
  | { readonly kind: 'zone'; readonly zone: string; readonly state: string }
  | { readonly kind: 'door' | 'lock'; readonly door: string; readonly state: string }
  | { readonly kind: 'alarm'; readonly area: string; readonly alarm: string | undefined }
  | { readonly kind: 'memory'; readonly area: string; readonly zones: readonly string[] }
  | { readonly kind: 'held'; readonly area: string }
  | { readonly kind: 'centre-has'; readonly filter: EventFilter; readonly times: number | undefined }
  | { readonly kind: 'centre-complete' };

/** `never`: from here to the end of the story, after every step. */
export type Sentence =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'expect'; readonly fact: Fact; readonly not: boolean }
  | { readonly kind: 'never'; readonly fact: Fact };

export type Step = { readonly line: number; readonly text: string; readonly timing: Timing; readonly sentence: Sentence };

export type StoryCode = {
  readonly kind: 'code' | 'badge';
  readonly text: string;
  readonly user: string;
  readonly meaning: Meaning;
};

export type Start = { readonly time: LocalTime; readonly zone: string; readonly synchronised: boolean };

export type Story = {
  readonly title: string;
  readonly about: string;
  /** Path of the site's file, as the story writes it. */
  readonly site: string;
  readonly start: Start;
  /** Who owns which code, beside the site's demo codes. */
  readonly codes: readonly StoryCode[];
  /** What is typed instead in the twin, from which this story must not be told apart on site. */
  readonly twin: readonly { readonly typed: string; readonly instead: string }[];
  readonly steps: readonly Step[];
};

/** Line from 1; 0 where the whole file is meant. */
export type StoryProblem = { readonly line: number; readonly message: string };
