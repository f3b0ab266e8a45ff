/**
 * Several boards as one, by line name: the Pi's own lines and those of its expanders. A *part* is a board with the lines
 * that are its own; where two parts would own a line, the first does.
 */
import type { LineId } from '../core/config.ts';
import type { LineProblem, LineRequest, Lines, LinesListener } from './lines.ts';

export type LinesPart = { readonly owns: (line: LineId) => boolean; readonly lines: Lines };

type Asked = { readonly lines: Lines; readonly requests: readonly LineRequest[] };

const nobody = ({ line }: LineRequest): LineProblem => ({
  line,
  trouble: 'no-such-line',
  detail: 'it is on none of the boards of this site',
});

/** Waits for all, then throws the first failure: none of the others is left running behind it. */
const allOf = async <T>(tasks: readonly Promise<T>[]): Promise<readonly T[]> => {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
};

/** The problems of opening it; with none it is held. */
const openOne = async ({ lines, requests }: Asked, listener: LinesListener): Promise<readonly LineProblem[]> => {
  const opened = await lines.open(requests, listener);
  return opened.ok ? [] : opened.problems;
};

export const joinLines = (parts: readonly LinesPart[]): Lines => {
  let held: readonly Lines[] = [];
  let heardBy: LinesListener | undefined;

  const ownerOf = (line: LineId): Lines | undefined => parts.find(({ owns }) => owns(line))?.lines;

  const close = async (): Promise<void> => {
    const open = held;
    held = [];
    heardBy = undefined;
    await allOf(open.map(async (lines) => lines.close()));
  };

  /** A part that refused holds nothing: only the others have something to let go of. */
  const openAll = async (asked: readonly Asked[], listener: LinesListener): Promise<readonly LineProblem[]> => {
    const results = await Promise.allSettled(asked.map(async (part) => openOne(part, listener)));
    held = asked.flatMap(({ lines }, index) => {
      const result = results[index];
      return result?.status === 'fulfilled' && result.value.length === 0 ? [lines] : [];
    });
    const broken = results.find((result) => result.status === 'rejected');
    if (broken) {
      await close();
      throw broken.reason;
    }
    return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  };

  return {
    open: async (requests, listener) => {
      const asked = parts.flatMap(({ lines }) => {
        const own = requests.filter(({ line }) => ownerOf(line) === lines);
        return own.length === 0 ? [] : [{ lines, requests: own }];
      });
      const strangers = requests.filter(({ line }) => ownerOf(line) === undefined).map(nobody);
      const problems = [...(await openAll(asked, listener)), ...strangers];
      if (problems.length === 0) {
        heardBy = listener;
        return { ok: true };
      }
      await close();
      return { ok: false, problems };
    },
    read: (line) => ownerOf(line)?.read(line) ?? { kind: 'lost' },
    write: (line, drive) => {
      const owner = ownerOf(line);
      if (owner) owner.write(line, drive);
      else heardBy?.onOutputTrouble(line, 'no-such-line');
    },
    close,
  };
};
