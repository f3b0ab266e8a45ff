/** What is read between transactions: journal, outbox, parts. */
import type { Lane } from '../../core/event.ts';
import { wall } from '../../core/time.ts';
import type { JournalGap, JournalRecord, OutboxRow } from '../../ports/store.ts';
import { toHex } from '../../protocol/chain.ts';
import type { Ledger } from './ledger.ts';
import { type Connection, type Row, UnexpectedColumn, bytesOf, integerOf, optionalTextOf, textOf } from './sqlite.ts';

const recordOf = (row: Row): JournalRecord => ({
  number: integerOf(row, 'number'),
  at: wall(integerOf(row, 'at')),
  access: integerOf(row, 'access') === 1,
  salt: row['salt'] === null ? undefined : toHex(bytesOf(row, 'salt')),
  body: optionalTextOf(row, 'body'),
  recordHash: toHex(bytesOf(row, 'record')),
  head: toHex(bytesOf(row, 'head')),
});

export const readJournal = ({ connection }: Ledger, from: number, limit: number): readonly JournalRecord[] =>
  connection.all('SELECT * FROM journal WHERE number >= ? ORDER BY number LIMIT ?', from, limit).map(recordOf);

export const readGaps = ({ connection }: Ledger): readonly JournalGap[] =>
  connection
    .all('SELECT first, last FROM gap ORDER BY first')
    .map((row) => ({ from: integerOf(row, 'first'), to: integerOf(row, 'last') }));

export const readPending = (ledger: Ledger, lane: Lane, after: number, limit: number): readonly OutboxRow[] =>
  ledger.connection
    .all(
      `SELECT o.number, e.id, o.seq, o.form, o.message FROM outbox o JOIN epoch e ON e.ordinal = o.epoch
       WHERE o.lane = ? AND o.number > ? ORDER BY o.number LIMIT ?`,
      lane,
      after,
      limit,
    )
    .map((row) => ({
      number: integerOf(row, 'number'),
      epoch: textOf(row, 'id'),
      lane,
      seq: integerOf(row, 'seq'),
      form: textOf(row, 'form') === 'body' ? 'body' : 'message',
      message: textOf(row, 'message'),
    }));

export const outboxDepth = ({ connection }: Ledger): number => {
  const [row] = connection.all('SELECT count(*) AS depth FROM outbox');
  return row ? integerOf(row, 'depth') : 0;
};

/** Throws for a part that is no JSON: damage that the page structure does not show. */
export const readParts = (connection: Connection): ReadonlyMap<string, string> => {
  const parts = connection.all('SELECT key, json FROM part').map((row) => [textOf(row, 'key'), textOf(row, 'json')] as const);
  for (const [, json] of parts) {
    try {
      JSON.parse(json);
    } catch {
      throw new UnexpectedColumn('json');
    }
  }
  return new Map(parts);
};
