/**
 * One process per folder. The lock is the kernel's, held by SQLite on a file of its own, so it ends with its process,
 * killed or not. Node itself offers no file locks.
 */
import Database from 'libsql';
import { join } from 'node:path';

export type Locking =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly reason: 'locked' | 'read-only' | 'io' };

const reasonOf = (error: unknown): 'locked' | 'read-only' | 'io' => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  return code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') ? 'read-only' : 'io';
};

export const takeLock = (folder: string): Locking => {
  try {
    const database = new Database(join(folder, 'lock.db'));
    try {
      database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      return { ok: false, reason: reasonOf(error) };
    }
    return { ok: true, release: () => void database.close() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
};
