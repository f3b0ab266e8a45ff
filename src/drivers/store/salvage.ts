/**
 * Reads what can be read of a damaged database. A damaged page takes the rows it holds, and every scan that meets it
 * fails; so tables are read in small steps, from both ends towards the damage.
 */
import type { JournalGap } from '../../ports/store.ts';
import { type Counters, type Epoch, readCounters, readEpochs } from './counters.ts';
import { type Connection, type Row, type Value, bytesOf, integerOf, optionalBytesOf, textOf } from './sqlite.ts';

export type JournalRow = {
  readonly number: number;
  readonly lane: string | null;
  readonly seq: number | null;
  readonly body: string | null;
  readonly head: Uint8Array;
  /** As bound to the insert of the copy. */
  readonly values: readonly Value[];
};
export type OutboxSaved = {
  readonly lane: string;
  readonly number: number;
  readonly epoch: number;
  readonly seq: number;
  readonly form: string;
  readonly message: string;
};

/** `whole`: no row was lost. */
export type Saved<T> = { readonly rows: readonly T[]; readonly whole: boolean };

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

export const salvageCounters = (connection: Connection): Counters | undefined => attempt(() => readCounters(connection));
export const salvageEpochs = (connection: Connection): readonly Epoch[] | undefined => attempt(() => readEpochs(connection));

export const salvageGaps = (connection: Connection): readonly JournalGap[] =>
  attempt(() =>
    connection.all('SELECT first, last FROM gap').map((row) => ({ from: integerOf(row, 'first'), to: integerOf(row, 'last') })),
  ) ?? [];

type Walk<T> = { readonly step: (after: T | undefined, limit: number) => readonly T[] };

const STEP_ROWS = 100;

/** Rows in the order of the walk until the damage stops it, at the last row before it. */
const walkToDamage = <T>({ step }: Walk<T>): Saved<T> => {
  const rows: T[] = [];
  let limit = STEP_ROWS;
  for (;;) {
    const found = attempt(() => step(rows.at(-1), limit));
    if (found) rows.push(...found);
    if (found && found.length < limit) return { rows, whole: true };
    if (!found && limit === 1) return { rows, whole: false };
    if (!found) limit = 1;
  }
};

/** A page of rubbish can pass as one that holds no such rows: only the check tells that a table was read whole. */
const isSound = (connection: Connection, table: string): boolean =>
  attempt(() => connection.all(`PRAGMA quick_check('${table}')`).every((row) => row['quick_check'] === 'ok')) ?? false;

/** From the first row up and, unless that was all, from the last row down. Rows may come twice. */
const fromBothEnds = <T>(sound: boolean, up: Walk<T>, down: Walk<T>): Saved<T> => {
  const rising = walkToDamage(up);
  if (rising.whole && sound) return rising;
  const falling = walkToDamage(down);
  return { rows: [...rising.rows, ...falling.rows.toReversed()], whole: false };
};

const partOf = (row: Row): readonly [string, string] => {
  const part = [textOf(row, 'key'), textOf(row, 'json')] as const;
  JSON.parse(part[1]);
  return part;
};

export const salvageParts = (connection: Connection): Saved<readonly [string, string]> =>
  fromBothEnds<readonly [string, string]>(
    isSound(connection, 'part'),
    {
      step: (after, limit) =>
        connection.all('SELECT key, json FROM part WHERE key > ? ORDER BY key LIMIT ?', after?.[0] ?? '', limit).map(partOf),
    },
    {
      step: (after, limit) =>
        connection
          .all('SELECT key, json FROM part WHERE key < ? ORDER BY key DESC LIMIT ?', after?.[0] ?? '\u{10ffff}', limit)
          .map(partOf),
    },
  );

const outboxOf = (row: Row): OutboxSaved => ({
  lane: textOf(row, 'lane'),
  number: integerOf(row, 'number'),
  epoch: integerOf(row, 'epoch'),
  seq: integerOf(row, 'seq'),
  form: textOf(row, 'form'),
  message: textOf(row, 'message'),
});

const salvageLane = (connection: Connection, lane: string, sound: boolean): Saved<OutboxSaved> =>
  fromBothEnds<OutboxSaved>(
    sound,
    {
      step: (after, limit) =>
        connection
          .all('SELECT * FROM outbox WHERE lane = ? AND number > ? ORDER BY number LIMIT ?', lane, after?.number ?? 0, limit)
          .map(outboxOf),
    },
    {
      step: (after, limit) =>
        connection
          .all(
            'SELECT * FROM outbox WHERE lane = ? AND number < ? ORDER BY number DESC LIMIT ?',
            lane,
            after?.number ?? Number.MAX_SAFE_INTEGER,
            limit,
          )
          .map(outboxOf),
    },
  );

export const salvageOutbox = (connection: Connection): Saved<OutboxSaved> => {
  const sound = isSound(connection, 'outbox');
  const alarm = salvageLane(connection, 'alarm', sound);
  const event = salvageLane(connection, 'event', sound);
  return { rows: [...alarm.rows, ...event.rows], whole: alarm.whole && event.whole };
};

// ---- journal

const optionalText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const optionalInteger = (value: unknown): number | null => (typeof value === 'number' ? value : null);

const journalOf = (row: Row): JournalRow => {
  const number = integerOf(row, 'number');
  const [lane, seq, body] = [optionalText(row['lane']), optionalInteger(row['seq']), optionalText(row['body'])];
  const head = bytesOf(row, 'head');
  const start = [number, integerOf(row, 'at'), integerOf(row, 'access'), lane, seq];
  return {
    number,
    lane,
    seq,
    body,
    head,
    values: [...start, optionalBytesOf(row, 'salt') ?? null, body, bytesOf(row, 'record'), head],
  };
};

const lastJournalNumber = (connection: Connection): number => {
  const [last] = attempt(() => connection.all('SELECT number FROM journal ORDER BY number DESC LIMIT 1')) ?? [];
  return attempt(() => (last ? integerOf(last, 'number') : 0)) ?? Number.MAX_SAFE_INTEGER;
};

const between = (connection: Connection, from: number, to: number): readonly JournalRow[] =>
  connection.all('SELECT * FROM journal WHERE number BETWEEN ? AND ? ORDER BY number', from, to).map(journalOf);

/** A stretch at once and, where that does not bring every number, number by number. */
const stretch = (connection: Connection, from: number, to: number): readonly JournalRow[] => {
  const rows = attempt(() => between(connection, from, to));
  if (rows?.length === to - from + 1) return rows;
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return numbers.flatMap((number) => (attempt(() => between(connection, number, number)) ?? []).slice(0, 1));
};

const SMALLEST_RECORD_BYTES = 64;

/** A damaged page can claim any number, so a journal of unknown length is no longer than fits into the file. */
const endOfJournal = (connection: Connection): number => {
  const pages = connection.all('PRAGMA page_count').map((row) => integerOf(row, 'page_count'))[0] ?? 0;
  return Math.min(lastJournalNumber(connection), (pages * 4096) / SMALLEST_RECORD_BYTES);
};

/** Hands the journal over in stretches: it can be larger than memory. `last`: the number it is known to reach, if it is. */
export const salvageJournal = (
  connection: Connection,
  last: number | undefined,
  take: (rows: readonly JournalRow[]) => void,
): void => {
  const end = last ?? endOfJournal(connection);
  for (let from = 1; from <= end; from += STEP_ROWS) take(stretch(connection, from, Math.min(end, from + STEP_ROWS - 1)));
};
