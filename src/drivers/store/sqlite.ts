/**
 * The border to libsql: rows become typed columns here, and nowhere else.
 *
 * Closing a libsql connection does not free the file while prepared statements live, and a connection that is freed late
 * may delete the write-ahead log of its successor. So a connection lives in a worker thread of its own, and its end is
 * the end of that thread.
 */
import Database from 'libsql';

import { inDisk } from './signs.ts';

/** Nothing else may be bound: libsql aborts the process for a boolean. */
export type Value = string | number | Uint8Array | null;
export type Row = { readonly [column: string]: unknown };

export type Connection = {
  readonly exec: (sql: string) => void;
  /** Tells how many rows it changed. */
  readonly run: (sql: string, ...values: readonly Value[]) => number;
  readonly all: (sql: string, ...values: readonly Value[]) => readonly Row[];
  readonly inTransaction: () => boolean;
};

/** Throws what libsql throws; `failureOf` names it. */
export const connect = (path: string): Connection => {
  const database = new Database(path);
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return {
    exec: (sql) => inDisk(() => void database.exec(sql)),
    run: (sql, ...values) => inDisk(() => prepared(sql).run(...values).changes),
    all: (sql, ...values) => inDisk(() => prepared(sql).all(...values) as readonly Row[]),
    inTransaction: () => database.inTransaction,
  };
};

/** A column that the schema promises; damage can break the promise. */
export class UnexpectedColumn extends Error {}

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new UnexpectedColumn(column);
  return value;
};

export const optionalTextOf = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : textOf(row, column);

export const integerOf = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new UnexpectedColumn(column);
  return value;
};

/** libsql hands blobs over as ArrayBuffer from `all` and as Buffer from `get`. */
export const bytesOf = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value;
  throw new UnexpectedColumn(column);
};

export const optionalBytesOf = (row: Row, column: string): Uint8Array | undefined =>
  row[column] === null ? undefined : bytesOf(row, column);
