/** Puts outputs to rest on a board that nobody else holds, and lets go of them at that level. */
import type { LineRequest, Lines, LineProblem } from '../../ports/lines.ts';
import type { RestOutput } from './plan.ts';

export type Driven = {
  readonly rested: readonly RestOutput[];
  /** Somebody holds the line: the controller is back, and the level is its affair. */
  readonly busy: readonly RestOutput[];
  readonly failed: readonly LineProblem[];
};

const requestOf = ({ line, restLevel }: RestOutput): LineRequest => ({
  direction: 'output',
  line,
  restLevel,
  initialLevel: restLevel,
  maxOnMs: undefined,
});

/** Opening is all or nothing: what cannot be opened is left out, until the others are. */
const openWhatOpens = async (lines: Lines, outputs: readonly RestOutput[], problems: LineProblem[]): Promise<Opening> => {
  let wanted = outputs;
  while (wanted.length > 0) {
    const opened = await lines.open(wanted.map(requestOf), {
      onReading: () => undefined,
      onOutputTrouble: (line, trouble) => trouble && problems.push({ line, trouble, detail: 'while it was driven' }),
    });
    if (opened.ok) return { wanted, problems };
    problems.push(...opened.problems);
    const faulty = new Set(opened.problems.map(({ line }) => line));
    const rest = wanted.filter(({ line }) => !faulty.has(line));
    if (rest.length === wanted.length) return { wanted: [], problems: [...problems, ...wanted.map(unexplained)] };
    wanted = rest;
  }
  return { wanted, problems };
};

type Opening = { readonly wanted: readonly RestOutput[]; readonly problems: readonly LineProblem[] };

const unexplained = ({ line }: RestOutput): LineProblem => ({
  line,
  trouble: 'not-supported',
  detail: 'the board did not open, and named no line of ours',
});

export const driveToRest = async (lines: Lines, outputs: readonly RestOutput[]): Promise<Driven> => {
  const { wanted, problems } = await openWhatOpens(lines, outputs, []);
  for (const { line } of wanted) lines.write(line, 'off');
  if (wanted.length > 0) await lines.close();
  const busy = new Set(problems.filter(({ trouble }) => trouble === 'busy').map(({ line }) => line));
  const failed = problems.filter(({ trouble }) => trouble !== 'busy');
  const hasFailed = new Set(failed.map(({ line }) => line));
  return {
    rested: wanted.filter(({ line }) => !hasFailed.has(line)),
    busy: outputs.filter(({ line }) => busy.has(line)),
    failed,
  };
};
