/**
 * The ledger: the open database with its counters, and the transaction that changes both or neither. Runs in the worker.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

import { type Counters, type Epoch, writeCounters } from './counters.ts';
import { failureOf } from './failure.ts';
import type { Limits } from './requests.ts';
import { inDisk } from './signs.ts';
import type { Connection } from './sqlite.ts';

export const DATABASE = 'store.db';

export type Ledger = {
  readonly path: string;
  readonly connection: Connection;
  readonly limits: Limits;
  /** Identity of the file: written to under another name, or deleted, it is nobody's any more. */
  readonly inode: number;
  counters: Counters;
  epochs: readonly Epoch[];
};

/** `applied` as in CommitResult. */
export class TransactionFailed extends Error {
  readonly applied: 'no' | 'unknown';
  constructor(cause: unknown, applied: 'no' | 'unknown') {
    super('transaction failed', { cause });
    this.applied = applied;
  }
}

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const commitTransaction = ({ connection, limits }: Ledger): void => {
  if (limits.commitDelayMs > 0) inDisk(() => sleep(limits.commitDelayMs));
  try {
    connection.exec('COMMIT');
  } catch (error) {
    // An I/O error may come after the log holds the whole transaction: a restart could find it there.
    throw new TransactionFailed(error, failureOf(error) === 'io' ? 'unknown' : 'no');
  }
};

/** SQLite goes on writing to a file that was deleted or replaced, and nobody would find it again. */
const assertInPlace = (ledger: Ledger): void => {
  if (statSync(ledger.path).ino !== ledger.inode) throw new Error('database was replaced');
};

const rollBack = (connection: Connection): void => {
  try {
    if (connection.inTransaction()) connection.exec('ROLLBACK');
  } catch {
    // The failure that led here is the one to tell; the connection is given up by whoever hears of it.
  }
};

/** Runs `act` in a transaction. The counters it returns are taken over, with the rest, only when all is durable. */
export const transact = <T>(ledger: Ledger, act: (connection: Connection) => readonly [Counters, T]): T => {
  const { connection } = ledger;
  try {
    assertInPlace(ledger);
    connection.exec('BEGIN IMMEDIATE');
    const [counters, value] = act(connection);
    writeCounters(connection, counters);
    commitTransaction(ledger);
    ledger.counters = counters;
    return value;
  } catch (error) {
    rollBack(connection);
    throw error instanceof TransactionFailed ? error : new TransactionFailed(error, 'no');
  }
};
