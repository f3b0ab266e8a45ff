/** Lines of a board that outlives whoever opens it: levels stay when it is closed, others may hold lines, lines may be bad. */
import type { Level, LineProblem, LineRequest, Lines, LinesListener, LineTrouble } from '../../src/ports/lines.ts';

export type FakeBoard = {
  readonly levels: Map<string, Level>;
  /** Lines that do not open, and why. */
  readonly troubles: Map<string, LineTrouble>;
  /** Lines that open, and fail when they are driven. */
  readonly torn: Set<string>;
  /** What was opened, each time. */
  readonly openings: (readonly string[])[];
  readonly lines: () => Lines;
  readonly isHeld: () => boolean;
};

export const createFakeBoard = (levels: Readonly<Record<string, Level>> = {}): FakeBoard => {
  const held = new Map<string, LineRequest>();
  let listener: LinesListener | undefined;
  const board: FakeBoard = {
    levels: new Map(Object.entries(levels)),
    troubles: new Map(),
    torn: new Set(),
    openings: [],
    isHeld: () => held.size > 0,
    lines: () => ({
      open: (requests, heard) => {
        board.openings.push(requests.map(({ line }) => line));
        const problems = requests.flatMap(({ line }): readonly LineProblem[] => {
          const trouble = board.troubles.get(line);
          return trouble ? [{ line, trouble, detail: 'as the test wants' }] : [];
        });
        if (problems.length > 0) return Promise.resolve({ ok: false, problems });
        listener = heard;
        for (const request of requests) {
          held.set(request.line, request);
          if (request.direction === 'output' && !board.torn.has(request.line))
            board.levels.set(request.line, request.initialLevel);
        }
        return Promise.resolve({ ok: true });
      },
      read: () => ({ kind: 'lost' }),
      write: (line, drive) => {
        const request = held.get(line);
        if (request?.direction !== 'output') throw new Error(`${line} was not opened as an output`);
        if (drive !== 'off') throw new Error('an output at rest is off, nothing else');
        if (board.torn.has(line)) listener?.onOutputTrouble(line, 'device-gone');
        else board.levels.set(line, request.restLevel);
      },
      close: () => {
        held.clear();
        return Promise.resolve();
      },
    }),
  };
  return board;
};
