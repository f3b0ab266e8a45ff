/**
 * The outputs of a controller that is gone. Run by the service manager each time the service has ended, before it is started
 * anew (`vigie rest-outputs`), and by a start that takes longer than outputs may be held.
 */
import type { BoardConfig } from '../../config/siteFile.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LineProblem, Lines } from '../../ports/lines.ts';
import { driveToRest } from './drive.ts';
import { restPlan } from './plan.ts';
import type { Ended, RestOutput, RestPlan } from './plan.ts';
import { ageOf } from './runtimeFolder.ts';
import type { SignOfLife, Taken } from './runtimeFolder.ts';

/** The lines of a board; undefined: it has none outside this process, as the simulated one. */
export type OpenLines = (board: BoardConfig) => Promise<Lines | undefined>;

export type RestOrder = {
  readonly taken: Taken;
  readonly sign: SignOfLife | undefined;
  readonly ended: Ended;
  readonly heldMs: number;
};

/** By ids of outputs. */
export type RestReport = {
  readonly rested: readonly string[];
  /** Left at their level, for the restart that is under way. */
  readonly held: readonly string[];
  /** Left to the controller, which is back. */
  readonly busy: readonly string[];
  readonly failed: readonly LineProblem[];
};

type RestClock = Pick<Clock, 'machineMs' | 'bootId'>;

const idsOf = (outputs: readonly RestOutput[]): readonly string[] => outputs.map(({ id }) => id);

export const planOf = ({ taken, sign, ended, heldMs }: RestOrder, clock: RestClock): RestPlan =>
  restPlan(taken.outputs, { signOfLifeAgeMs: ageOf(sign, clock), ended, heldMs });

/** A board that cannot even be loaded has failed for every line of it. */
const boardFailed = (outputs: readonly RestOutput[], error: unknown): readonly LineProblem[] =>
  outputs.map(({ line }) => ({ line, trouble: 'device-gone', detail: String(error) }));

export const rest = async (
  order: RestOrder,
  clock: Pick<Clock, 'machineMs' | 'bootId'>,
  open: OpenLines,
): Promise<RestReport> => {
  const plan = planOf(order, clock);
  const held = idsOf(plan.hold);
  try {
    const lines = await open(order.taken.board);
    if (!lines) return { rested: idsOf(plan.rest), held, busy: [], failed: [] };
    const { rested, busy, failed } = await driveToRest(lines, plan.rest);
    return { rested: idsOf(rested), held, busy: idsOf(busy), failed };
  } catch (error) {
    return { rested: [], held, busy: [], failed: boardFailed(plan.rest, error) };
  }
};
