/** What is wrong with lines: with what is asked of a header, before any hardware is looked at; and in words, each fault once. */
import type { LineId } from '../core/config.ts';
import type { LineProblem, LineRequest } from './lines.ts';

/** Where each line is on its chip: `GPIO17` → 17. */
export type Offsets = Readonly<Record<LineId, number>>;

const faultOf = ({ line, direction }: LineRequest, offsets: Offsets): LineProblem | undefined => {
  if (offsets[line] === undefined) {
    return { line, trouble: 'no-such-line', detail: 'the board has no such line: its lines are listed in boards/' };
  }
  if (direction !== 'analog') return undefined;
  return { line, trouble: 'not-supported', detail: 'the header measures no voltage: wire this loop to an expander' };
};

/** All faults at once; a line asked for twice is named once. */
export const faultsOf = (requests: readonly LineRequest[], offsets: Offsets): readonly LineProblem[] => {
  const counts = new Map<LineId, number>();
  return requests.flatMap((request): readonly LineProblem[] => {
    const { line } = request;
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    if (count === 2) return [{ line, trouble: 'requested-twice', detail: 'two parts of the config name it' }];
    const fault = count === 1 ? faultOf(request, offsets) : undefined;
    return fault ? [fault] : [];
  });
};

/** A sentence for each fault, with all the lines that have it: a chip that is not there is told once. */
export const problemTexts = (problems: readonly LineProblem[]): readonly string[] => {
  const linesOf = new Map<string, readonly LineId[]>();
  for (const { line, trouble, detail } of problems) {
    const fault = `${trouble} ${detail}`;
    linesOf.set(fault, [...(linesOf.get(fault) ?? []), line]);
  }
  return [...linesOf].map(([fault, lines]) => `${lines.join(', ')}: ${fault}`);
};
