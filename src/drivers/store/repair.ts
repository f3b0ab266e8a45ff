/**
 * Builds a sound database from a damaged one: everything that can still be read, in a new epoch that names the one
 * before, with what is pending numbered anew. It is built beside the old one and takes its place only when it is
 * complete; a power cut in between starts over or goes on from there (`finishRepair`).
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { JournalGap, StoreProblem } from '../../ports/store.ts';
import { COUNTERS_AT_START, type Counters, type Epoch, addEpoch, writeCounters } from './counters.ts';
import { DATABASE } from './ledger.ts';
import type { RepairRequest, Repaired } from './requests.ts';
import {
  type JournalRow,
  type OutboxSaved,
  salvageCounters,
  salvageEpochs,
  salvageGaps,
  salvageJournal,
  salvageOutbox,
  salvageParts,
} from './salvage.ts';
import { migrate, versionOf } from './schema.ts';
import { type Connection, connect } from './sqlite.ts';
import { INSERT_JOURNAL, INSERT_OUTBOX, renumber } from './writing.ts';

const PARTIAL = 'rebuilt.part.db';
export const REBUILT = 'rebuilt.db';

const removeDatabase = (folder: string, name: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(join(folder, name + suffix), { force: true });
};

export const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** Puts a completed repair in place, also one that a power cut left beside the damaged database. */
export const finishRepair = (folder: string): void => {
  removeDatabase(folder, PARTIAL);
  if (!existsSync(join(folder, REBUILT))) return;
  // A log that belongs to the damaged database would be replayed into the new one.
  for (const suffix of ['-wal', '-shm']) rmSync(join(folder, DATABASE + suffix), { force: true });
  renameSync(join(folder, REBUILT), join(folder, DATABASE));
  syncFolder(folder);
};

// ---- a lost first page

const isReadable = (connection: Connection): boolean => {
  try {
    return versionOf(connection) > 0 && connection.all('SELECT count(*) AS tables FROM sqlite_schema').length === 1;
  } catch {
    return false;
  }
};

/**
 * The first page holds the header and where each table begins. A new database of our schema has its tables at the same
 * pages, so its first page serves; only the page count (offset 28) and the free list (32, 36) are the file's own.
 */
const transplantFirstPage = (folder: string, damaged: string): void => {
  const donor = join(folder, PARTIAL);
  const connection = connect(donor);
  connection.exec('PRAGMA journal_mode = OFF');
  migrate(connection, folder);
  const page = readFileSync(donor).subarray(0, 4096);
  const target = openSync(damaged, 'r+');
  try {
    page.writeUInt32BE(Math.floor(statSync(damaged).size / page.length), 28);
    page.writeUInt32BE(0, 32);
    page.writeUInt32BE(0, 36);
    writeSync(target, page, 0, page.length, 0);
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
};

/** Asked of a connection of its own: a worker's file handles are freed with the worker. */
export const mendFirstPage = (folder: string): boolean => {
  const path = join(folder, DATABASE);
  try {
    if (isReadable(connect(path))) return false;
    transplantFirstPage(folder, path);
    return true;
  } catch {
    return false;
  }
};

// ---- copy

/** First and last number. */
type Range = readonly [number, number];
type Tally = { records: number; last: JournalRow | undefined; missing: Range[]; undelivered: JournalRow[] };

/** Whether a record's delivery has to be made again, its outbox row being lost: twice rather than never. */
type Wanted = (row: JournalRow) => boolean;

const wantedFrom = (counters: Counters | undefined, epochs: readonly Epoch[], saved: readonly OutboxSaved[]): Wanted => {
  const present = new Set(saved.map((row) => row.number));
  const since = epochs.at(-1)?.since ?? 1;
  const firstPending = saved.reduce((first, row) => Math.min(first, row.number), Number.MAX_SAFE_INTEGER);
  return ({ number, lane, seq, body }) => {
    if (lane === null || seq === null || body === null || present.has(number)) return false;
    if (!counters) return number >= firstPending;
    return number >= since && seq > (lane === 'alarm' ? counters.acked.alarm : counters.acked.event);
  };
};

const copyJournal = (source: Connection, target: Connection, known: number | undefined, wanted: Wanted): Tally => {
  const tally: Tally = { records: 0, last: undefined, missing: [], undelivered: [] };
  salvageJournal(source, known, (rows) => {
    for (const row of rows) {
      const expected = (tally.last?.number ?? 0) + 1;
      if (row.number > expected) tally.missing.push([expected, row.number - 1]);
      target.run(INSERT_JOURNAL, ...row.values);
      if (wanted(row)) tally.undelivered.push(row);
      tally.records += 1;
      tally.last = row;
    }
  });
  return tally;
};

/** Rows read from both ends come twice where the reading passed the damage. */
const INSERT_OUTBOX_ONCE = INSERT_OUTBOX.replace('INSERT', 'INSERT OR IGNORE');

const copyOutbox = (target: Connection, rows: readonly OutboxSaved[], undelivered: readonly JournalRow[]): void => {
  for (const row of rows) target.run(INSERT_OUTBOX_ONCE, row.lane, row.number, row.epoch, row.seq, row.form, row.message);
  for (const { lane, number, seq, body } of undelivered) target.run(INSERT_OUTBOX, lane, number, 0, seq, 'body', body);
};

/** What the journal lacks, up to `end`. */
const missingFrom = (tally: Tally, end: number): readonly Range[] => {
  const reached = tally.last?.number ?? 0;
  return end > reached ? [...tally.missing, [reached + 1, end]] : tally.missing;
};

const declareGaps = (target: Connection, missing: readonly Range[]): void => {
  for (const [first, last] of missing) target.run('INSERT INTO gap (first, last) VALUES (?, ?)', first, last);
};

const isNews = (declared: readonly JournalGap[], [first, last]: Range): boolean =>
  !declared.some((gap) => gap.from === first && gap.to === last);

/** The counters go on where the old ones were; without them, where the journal ends. */
const continued = (counters: Counters | undefined, tally: Tally, epoch: number): Counters => {
  const from = counters ?? { ...COUNTERS_AT_START, head: tally.last?.head ?? COUNTERS_AT_START.head };
  const journalIsAhead = (tally.last?.number ?? 0) > from.number;
  if (!tally.last || !journalIsAhead) return { ...from, epoch };
  return { ...from, epoch, number: tally.last.number, head: tally.last.head };
};

const copyEpochs = (target: Connection, epochs: readonly Epoch[], id: string, since: number): number => {
  for (const epoch of epochs) addEpoch(target, epoch);
  const ordinal = (epochs.at(-1)?.ordinal ?? 0) + 1;
  addEpoch(target, { ordinal, id, since });
  return ordinal;
};

const copyAll = (source: Connection, target: Connection, epoch: string): Repaired => {
  const counters = salvageCounters(source);
  const epochs = salvageEpochs(source) ?? [];
  const parts = salvageParts(source);
  const outbox = salvageOutbox(source);
  for (const [key, json] of parts.rows) target.run('INSERT OR REPLACE INTO part (key, json) VALUES (?, ?)', key, json);
  const wanted: Wanted = outbox.whole ? () => false : wantedFrom(counters, epochs, outbox.rows);
  const tally = copyJournal(source, target, counters?.number, wanted);
  copyOutbox(target, outbox.rows, tally.undelivered);
  const missing = missingFrom(tally, counters?.number ?? 0);
  declareGaps(target, missing);
  const now = continued(counters, tally, 0);
  const ordinal = copyEpochs(target, epochs, epoch, now.number + 1);
  const whole = parts.whole && parts.rows.length > 0 && (counters?.whole ?? true);
  writeCounters(target, renumber(target, { ...now, whole, epoch: ordinal }));
  const declared = salvageGaps(source);
  return {
    problems: problemsOf(parts.whole, outbox.whole, !missing.some((range) => isNews(declared, range))),
  };
};

const problemsOf = (parts: boolean, outbox: boolean, journal: boolean): readonly StoreProblem[] => [
  'database-damaged',
  ...(parts ? [] : (['parts-damaged'] as const)),
  ...(outbox ? [] : (['outbox-damaged'] as const)),
  ...(journal ? [] : (['journal-damaged'] as const)),
];

const NOTHING: Repaired = { problems: problemsOf(false, false, false) };

/** Copies into `rebuilt.db` and leaves putting it in place to `finishRepair`, once no connection is open any more. */
export const repair = ({ folder, epoch }: RepairRequest): Repaired => {
  removeDatabase(folder, PARTIAL);
  const target = connect(join(folder, PARTIAL));
  // No log: the file is complete once it is renamed, and worth nothing before.
  target.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL');
  migrate(target, folder);
  target.exec('BEGIN');
  const repaired = copyFrom(join(folder, DATABASE), target, epoch);
  target.exec('COMMIT');
  renameSync(join(folder, PARTIAL), join(folder, REBUILT));
  syncFolder(folder);
  return repaired;
};

const copyFrom = (path: string, target: Connection, epoch: string): Repaired => {
  const source = connect(path);
  if (isReadable(source)) return copyAll(source, target, epoch);
  addEpoch(target, { ordinal: 1, id: epoch, since: 1 });
  writeCounters(target, COUNTERS_AT_START);
  return NOTHING;
};
