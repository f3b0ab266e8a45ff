/**
 * Follows a walk test until it has ended or somebody stops looking. On a terminal the screen is drawn anew; on a pipe each
 * detector is told once, or, with JSON, each look is one line.
 */
import type { ZoneId } from '../../core/config.ts';
import type { Language } from '../journal/words.ts';
import type { OpenFault } from '../journal/reader.ts';
import { CLEAR_BELOW, CLEAR_LINE, HOME, OTHER_SCREEN, OWN_SCREEN } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { isRunning } from './report.ts';
import type { WalkReport, ZoneRow } from './report.ts';
import type { WalkReader } from './reading.ts';
import { screenLines, testText, testedLine } from './text.ts';

export type Watching = {
  readonly reader: WalkReader;
  readonly language: Language;
  readonly isJson: boolean;
  readonly terminal: Terminal;
  readonly out: (text: string) => void;
  /** A second, or less when somebody asked to end; true: go on. */
  readonly pause: () => Promise<boolean>;
};

export type Watched = { readonly ok: true } | { readonly ok: false; readonly reason: OpenFault };

type Shown = { readonly tested: ReadonlySet<ZoneId>; readonly said: string };

const testedOf = ({ rows }: WalkReport): ReadonlySet<ZoneId> =>
  new Set(rows.filter(({ status }) => status === 'tested').map(({ id }) => id));

const draw = ({ out, language, terminal }: Watching, report: WalkReport): void => {
  const lines = screenLines(language, report, terminal.size());
  out(`${HOME}${lines.map((line) => `${line}${CLEAR_LINE}\r\n`).join('')}${CLEAR_BELOW}`);
};

const earliestFirst = (one: ZoneRow, other: ZoneRow): number => (one.testedAt ?? 0) - (other.testedAt ?? 0);

/** What a pipe has not been told yet. */
const tell = ({ out, language }: Watching, report: WalkReport, before: Shown | undefined): Shown => {
  const tested = testedOf(report);
  // The time left is not news.
  const said = testText(language, { ...report, leftMs: undefined });
  if (said !== before?.said) out(`${testText(language, report)}\n`);
  for (const row of report.rows.toSorted(earliestFirst)) {
    if (tested.has(row.id) && before?.tested.has(row.id) !== true) out(`${testedLine(language, report, row)}\n`);
  }
  return { tested, said };
};

const show = (watching: Watching, report: WalkReport, before: Shown | undefined): Shown | undefined => {
  if (watching.isJson) watching.out(`${JSON.stringify(report)}\n`);
  else if (watching.terminal.isTerminal) draw(watching, report);
  else return tell(watching, report, before);
  return before;
};

const follow = async (watching: Watching): Promise<Watched> => {
  let hasRun = false;
  let shown: Shown | undefined;
  for (;;) {
    const read = await watching.reader.look(false);
    if (!read.ok) return read;
    shown = show(watching, read.report, shown);
    const runs = isRunning(read.report);
    if (hasRun && !runs) return { ok: true };
    hasRun ||= runs;
    if (!(await watching.pause())) return { ok: true };
  }
};

export const watchWalk = async (watching: Watching): Promise<Watched> => {
  const isDrawn = watching.terminal.isTerminal && !watching.isJson;
  if (!isDrawn) return follow(watching);
  watching.out(OTHER_SCREEN);
  try {
    return await follow(watching);
  } finally {
    watching.out(OWN_SCREEN);
  }
};
