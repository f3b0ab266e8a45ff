/** Names for what SQLite and the file system refuse, taken from their codes and never from their words. */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { StoreFailure } from '../../ports/store.ts';
import { UnexpectedColumn } from './sqlite.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html; an extended code holds its primary in the low byte. */
const BY_SQLITE_CODE: ReadonlyMap<number, StoreFailure> = new Map([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'read-only'],
  [10, 'io'],
  [11, 'corrupt'],
  [13, 'disk-full'],
  [26, 'corrupt'],
]);

const BY_SYSTEM_CODE: ReadonlyMap<string, StoreFailure> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
]);

const fieldOf = (error: unknown, field: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>)[field] : undefined;

export const failureOf = (error: unknown): StoreFailure => {
  if (error instanceof UnexpectedColumn) return 'corrupt';
  const sqliteCode = fieldOf(error, 'rawCode');
  if (typeof sqliteCode === 'number') return BY_SQLITE_CODE.get(sqliteCode & 0xff) ?? 'io';
  const systemCode = fieldOf(error, 'code');
  return (typeof systemCode === 'string' ? BY_SYSTEM_CODE.get(systemCode) : undefined) ?? 'io';
};

const PROBE_BYTES = 64 * 1024;

/**
 * Why nothing can be written in `folder`; undefined when it can. SQLite says *input/output error* or *cannot open* for a full
 * or read-only disk where it cannot make the shared-memory file, so this asks the disk itself.
 */
export const writeFailureIn = (folder: string): StoreFailure | undefined => {
  const path = join(folder, 'probe.tmp');
  try {
    const file = openSync(path, 'w');
    try {
      writeSync(file, new Uint8Array(PROBE_BYTES));
    } finally {
      closeSync(file);
      unlinkSync(path);
    }
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
};

/** `failure`, or what the disk says where SQLite could only say that it failed. */
export const explained = (failure: StoreFailure, folder: string): StoreFailure =>
  failure === 'io' ? (writeFailureIn(folder) ?? 'io') : failure;
