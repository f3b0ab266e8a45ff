/** What the shell runs: a state machine whose outputs and next deadline follow from its state. */
import type { Input } from '../core/input.ts';
import { outputsOf } from '../core/output.ts';
import type { OutputValue } from '../core/output.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import { step } from '../core/step.ts';
import type { Step } from '../core/step.ts';
import type { Monotonic } from '../core/time.ts';
import { nextDeadline } from '../core/timers.ts';

export type Machine = {
  /** `bare`: no keypads and no present state, only what the machine itself does. */
  readonly kind: 'full' | 'bare';
  readonly step: (site: Site, state: State, input: Input, now: Monotonic) => Step;
  readonly outputsOf: (site: Site, state: State) => readonly OutputValue[];
  readonly nextDeadline: (state: State) => Monotonic | undefined;
};

export const fullMachine: Machine = { kind: 'full', step, outputsOf, nextDeadline };
