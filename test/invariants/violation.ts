/** What a check is given and what it says. The numbers are those of the ten things that must always hold; 0 is `step` itself. */
import type { Event } from '../../src/core/event.ts';
import type { Input } from '../../src/core/input.ts';
import type { Site } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import type { Monotonic } from '../../src/core/time.ts';

export const INVARIANTS = {
  0: 'a step is a total, pure function that leaves its deadlines in order',
  1: 'nobody is locked in',
  2: 'no alarm is lost',
  3: 'it never disarms by itself',
  4: 'a power cut at any instant changes nothing but the time it took',
  5: 'duress is invisible on site',
  6: 'codes cannot be guessed',
  7: 'a remote request never disarms, silences or leaves out',
  8: 'outputs are a function of state, and the siren always stops',
  9: 'silence is an event: every fault is told, and so is its end',
  10: 'every refusal says why',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export type Violation = { readonly invariant: Invariant; readonly rule: string; readonly text: string };

/**
 * One step. `before` has no deadline earlier than `now` but, for a tick, those of the one instant that fires: the runtime
 * calls at every deadline, and so do the traces.
 */
export type Stepped = {
  readonly site: Site;
  readonly before: State;
  readonly input: Input;
  readonly now: Monotonic;
  readonly after: State;
  readonly events: readonly Event[];
};

export type Say = (rule: string, text: string) => void;
export type Check = (stepped: Stepped, say: Say) => void;
