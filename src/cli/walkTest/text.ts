/** The walk test as lines of text: the report, and what stands on the screen while it runs. Pure. */
import { printable } from '../centre/view.ts';
import type { Language } from '../journal/words.ts';
import type { ScreenSize } from '../terminal.ts';
import { isRunning, leftOut, missing, toBeTested } from './report.ts';
import type { WalkReport, ZoneRow } from './report.ts';
import { minutesText, timeText, walkWords, whenText } from './words.ts';

const TYPE_COLUMNS = 28;
const STATUS_COLUMNS = 18;
const TIME_COLUMNS = 20;
const NUMBER_COLUMNS = 4;
const NAME_COLUMNS_MAX = 40;

const nameColumns = (rows: readonly ZoneRow[]): number =>
  Math.min(NAME_COLUMNS_MAX, Math.max(0, ...rows.map(({ name }) => name.length)));

export const remarksOf = (language: Language, row: ZoneRow): readonly string[] => {
  const words = walkWords[language];
  return [
    ...(row.isIsolated ? [words.isolated] : []),
    ...(row.isInhibited ? [words.inhibited] : []),
    ...(row.shortPulses === undefined || row.shortPulses === 0 ? [] : [words.shortPulses(row.shortPulses)]),
  ];
};

const rowText = (language: Language, { timezone, rows }: WalkReport, row: ZoneRow): string => {
  const words = walkWords[language];
  const now = row.signal === undefined ? [] : [words.signals[row.signal]];
  return [
    String(row.number).padStart(NUMBER_COLUMNS),
    printable(row.name).padEnd(nameColumns(rows)),
    words.types[row.type].padEnd(TYPE_COLUMNS),
    words.statuses[row.status].padEnd(STATUS_COLUMNS),
    (row.testedAt === undefined ? '' : whenText(language, timezone, row.testedAt)).padEnd(TIME_COLUMNS),
    [...now, ...remarksOf(language, row)].join(', '),
  ]
    .join('  ')
    .trimEnd();
};

/** Where the test stands, in one sentence or two. */
export const testText = (language: Language, report: WalkReport): string => {
  const words = walkWords[language];
  const { test, leftMs, timezone } = report;
  if (!test) return `${words.noTest} ${words.howTo}`;
  const started = words.started(whenText(language, timezone, test.startedAt), test.by);
  if (test.endedAt === undefined)
    return `${started} ${leftMs === undefined ? words.runningUnknown : words.running(minutesText(leftMs))}`;
  const cause = (test.cause && words.causes[test.cause]) ?? '';
  return `${started} ${words.ended(whenText(language, timezone, test.endedAt), cause)}`;
};

export const countText = (language: Language, report: WalkReport): string => {
  const all = toBeTested(report);
  return walkWords[language].counted(all.filter(({ status }) => status === 'tested').length, all.length);
};

const namesOf = (rows: readonly ZoneRow[]): string => rows.map(({ number, name }) => `${printable(name)} (${number})`).join(', ');

const journalText = (language: Language, { journal }: WalkReport): readonly string[] => {
  const words = walkWords[language];
  if (!journal) return [];
  if (journal.kind === 'broken') return [`${words.facts.journal} : ${words.journalBroken(journal.number)}`];
  return [`${words.facts.journal} : ${words.journalSound(journal.records)}`, `${words.facts.head} : ${journal.head}`];
};

const madeText = (language: Language, { configHash, madeAt, timezone, version }: WalkReport): string => {
  const { facts } = walkWords[language];
  const file = `${facts.config} ${configHash.slice(0, 16)}`;
  return `${facts.madeAt} ${whenText(language, timezone, madeAt)}, Vigie ${version}, ${file}`;
};

export const reportText = (language: Language, report: WalkReport): string => {
  const words = walkWords[language];
  const untested = missing(report);
  const out = leftOut(report);
  return [
    `${words.title} – ${printable(report.name)} (${report.site})`,
    madeText(language, report),
    ...(report.isOtherConfig ? [words.otherConfig] : []),
    testText(language, report),
    '',
    ...report.rows.map((row) => rowText(language, report, row)),
    '',
    `${countText(language, report)}.`,
    untested.length === 0 ? words.complete : `${words.missing} : ${namesOf(untested)}`,
    out.length === 0 ? words.nothingLeftOut : `${words.leftOut} : ${namesOf(out)}`,
    words.otherMeans,
    ...journalText(language, report),
    '',
  ].join('\n');
};

// ---- while it runs

const latestFirst = (one: ZoneRow, other: ZoneRow): number => (other.testedAt ?? 0) - (one.testedAt ?? 0);

const screenRow = (language: Language, { rows, timezone }: WalkReport, row: ZoneRow): string => {
  const words = walkWords[language];
  const now = row.signal === undefined ? [] : [words.signals[row.signal]];
  const facts = [
    ...(row.status === 'tested' && row.testedAt !== undefined ? [timeText(language, timezone, row.testedAt)] : []),
    ...now,
    ...remarksOf(language, row),
  ];
  return `${String(row.number).padStart(NUMBER_COLUMNS)}  ${printable(row.name).padEnd(nameColumns(rows))}  ${facts.join(', ')}`;
};

const leftText = (language: Language, report: WalkReport): string =>
  report.leftMs === undefined ? testText(language, report) : walkWords[language].running(minutesText(report.leftMs));

/** What fits on a screen: what is missing first, then what was tested last. A line that wrapped would push others away. */
export const screenLines = (language: Language, report: WalkReport, { rows, columns }: ScreenSize): readonly string[] => {
  const words = walkWords[language];
  const untested = missing(report).filter(({ status }) => (isRunning(report) ? status === 'waiting' : true));
  const tested = report.rows.filter(({ status }) => status === 'tested').toSorted(latestFirst);
  const body = [
    ...(untested.length === 0 ? [] : [`${words.missingFirst} :`, ...untested.map((row) => screenRow(language, report, row))]),
    ...(tested.length === 0 ? [] : [`${words.testedNow} :`, ...tested.map((row) => screenRow(language, report, row))]),
  ];
  const head = [printable(report.name), leftText(language, report), `${countText(language, report)}.`, ''];
  const room = Math.max(1, rows - head.length - 1);
  const shown = body.length <= room ? body : [...body.slice(0, room - 1), words.more(body.length - room + 1)];
  return [...head, ...shown].map((line) => line.trimEnd().slice(0, columns - 1));
};

/** One line for a detector that was just tested: `14:02:11  Fenêtre sur cour (5)  4 détecteurs essayés sur 18`. */
export const testedLine = (language: Language, report: WalkReport, row: ZoneRow): string => {
  const when = row.testedAt === undefined ? '' : whenText(language, report.timezone, row.testedAt);
  return `${when}  ${printable(row.name)} (${row.number})  ${countText(language, report)}`;
};
