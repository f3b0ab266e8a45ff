/**
 * What becomes of each output when its controller is gone.
 *
 * - **sign of life**: the last moment at which the controller was well, by the machine's clock.
 * - **rest**: the level of *off*, which releases whatever is fail-safe. **hold**: nobody touches it.
 *
 * An output with `onCrash: hold` (a maglock while armed) bridges the seconds of a restart, no more: nobody may be locked in by a
 * program that does not come back. After a stop that was asked for nothing is held.
 */
import type { OutputConfig } from '../../core/config.ts';

export type RestOutput = Pick<OutputConfig, 'id' | 'line' | 'restLevel' | 'onCrash'>;

/** How the controller ended: as somebody asked, or in any other way, also not at all. */
export type Ended = 'stopped' | 'died';

export type Circumstances = {
  /** Milliseconds since the last sign of life; undefined: there is none of this run of the machine. */
  readonly signOfLifeAgeMs: number | undefined;
  readonly ended: Ended;
  /** How long an output may be held, in milliseconds, counted from the last sign of life. */
  readonly heldMs: number;
};

export type RestPlan = { readonly rest: readonly RestOutput[]; readonly hold: readonly RestOutput[] };

/** behaviour, process gone: a held output keeps its level at most this long. */
export const HELD_MS = 10_000;

const mayHold = ({ signOfLifeAgeMs, ended, heldMs }: Circumstances): boolean =>
  ended === 'died' && signOfLifeAgeMs !== undefined && signOfLifeAgeMs < heldMs;

export const restPlan = (outputs: readonly RestOutput[], circumstances: Circumstances): RestPlan => {
  const isHeld = ({ onCrash }: RestOutput): boolean => onCrash === 'hold' && mayHold(circumstances);
  return { rest: outputs.filter((output) => !isHeld(output)), hold: outputs.filter(isHeld) };
};

/** What systemd tells the program that runs after the service: systemd.exec(5), `$SERVICE_RESULT`. */
export const endedOf = (serviceResult: string | undefined): Ended => (serviceResult === 'success' ? 'stopped' : 'died');
