/**
 * One process per data folder. The lock is the kernel's (fcntl, held by SQLite on `lock.db`), so it dies with its process,
 * also after SIGKILL; nothing has to be cleaned up. The file must not be opened by anything else in this process:
 * closing any descriptor of it would free the lock.
 */
import { join } from 'node:path';

import Database from 'libsql';

import type { StoreFailure } from '../../ports/store.ts';
import { explained, failureOf } from './failure.ts';

export type Lock = { readonly release: () => void };
export type LockResult = { readonly ok: true; readonly lock: Lock } | { readonly ok: false; readonly reason: StoreFailure };

export const takeLock = (folder: string): LockResult => {
  try {
    // Only `exec` is used: no prepared statement outlives `close`.
    const database = new Database(join(folder, 'lock.db'));
    try {
      database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw error;
    }
    return { ok: true, lock: { release: () => void database.close() } };
  } catch (error) {
    return { ok: false, reason: explained(failureOf(error), folder) };
  }
};
