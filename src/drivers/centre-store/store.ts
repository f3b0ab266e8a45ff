/**
 * The reference receiver's memory: one file to which records are appended and synchronised to the disk before anything
 * is acknowledged. What it holds is indexed in memory, some 50 bytes per event; contents stay in the file.
 *
 * A file and not a database: it is only ever appended to, and its one transaction is a write and an fdatasync that
 * leaves the event loop free. A torn last line is cut off at opening: it was never acknowledged. A damaged line further up is
 * kept as evidence and counts as missing, so that its gap shows.
 */
import { closeSync, constants, fsyncSync, mkdirSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from './lock.ts';
import { makeLedger } from './ledger.ts';
import type { Ledger, Place, StoredSite } from './ledger.ts';
import { lineOf, recordOf } from './record.ts';
import type { CentreRecord } from './record.ts';

export const RECORDS_FILE = 'events.ndjson';
const CHUNK_BYTES = 1024 * 1024;
/** Longer than any record of a message of 16 KiB. */
const LONGEST_LINE_BYTES = 64 * 1024;

export type CentreStoreFailure = 'locked' | 'not-a-folder' | 'read-only' | 'disk-full' | 'io';

export type AppendResult = { readonly ok: true } | { readonly ok: false; readonly reason: CentreStoreFailure };

export type CentreStore = {
  /** Durable when it resolves with `ok`; nothing of it is kept otherwise. One call at a time. */
  readonly append: (records: readonly CentreRecord[]) => Promise<AppendResult>;
  /** Fingerprint hash of the event under this number. */
  readonly known: (place: Place) => string | undefined;
  readonly sites: () => readonly StoredSite[];
  /** Lines that could not be read at opening. */
  readonly damagedLines: number;
  readonly close: () => Promise<void>;
};

export type CentreStoreOpening =
  | { readonly ok: true; readonly store: CentreStore }
  | { readonly ok: false; readonly reason: CentreStoreFailure };

const FAILURES: Readonly<Record<string, CentreStoreFailure>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  ENOTDIR: 'not-a-folder',
  EEXIST: 'not-a-folder',
};

const failureOf = (error: unknown): CentreStoreFailure => {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return (typeof code === 'string' ? FAILURES[code] : undefined) ?? 'io';
};

// ---- reading

type Found = { readonly goodBytes: number; readonly damagedLines: number };

/** Enters every record of the file; `goodBytes` is where the next one goes. */
const readAll = async (file: FileHandle, ledger: Ledger): Promise<Found> => {
  let rest = Buffer.alloc(0);
  let at = 0;
  let damagedLines = 0;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at + rest.length);
    if (bytesRead === 0) return { goodBytes: at, damagedLines };
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const record = recordOf(bytes.toString('utf8', from, end));
      if (record) ledger.enter(record, at + from);
      else damagedLines += 1;
      from = end + 1;
    }
    at += from;
    rest = bytes.subarray(from);
  }
};

const lineAt = (descriptor: number, offset: number): string | undefined => {
  const buffer = Buffer.alloc(LONGEST_LINE_BYTES);
  const read = readSync(descriptor, buffer, 0, LONGEST_LINE_BYTES, offset);
  const end = buffer.subarray(0, read).indexOf(10);
  return end < 0 ? undefined : buffer.toString('utf8', 0, end);
};

const hashAt = (descriptor: number, offset: number): string | undefined => {
  const line = lineAt(descriptor, offset);
  const record = line === undefined ? undefined : recordOf(line);
  return record?.kind === 'event' ? record.hash : undefined;
};

// ---- writing

type Writer = { readonly file: FileHandle; readonly ledger: Ledger; length: number; broken: CentreStoreFailure | undefined };

const undo = async (writer: Writer, failure: CentreStoreFailure): Promise<AppendResult> => {
  try {
    await writer.file.truncate(writer.length);
  } catch {
    // Half a line may be in the file: nothing more may follow it. Opening the store again cuts it off.
    writer.broken = failure;
  }
  return { ok: false, reason: failure };
};

const writeAll = async (writer: Writer, bytes: Buffer): Promise<void> => {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await writer.file.write(bytes, written, bytes.length - written, writer.length + written);
    written += bytesWritten;
  }
};

const append = async (writer: Writer, records: readonly CentreRecord[]): Promise<AppendResult> => {
  if (writer.broken) return { ok: false, reason: writer.broken };
  if (records.length === 0) return { ok: true };
  const lines = records.map((record) => Buffer.from(lineOf(record)));
  try {
    await writeAll(writer, Buffer.concat(lines));
  } catch (error) {
    return undo(writer, failureOf(error));
  }
  try {
    await writer.file.datasync();
  } catch (error) {
    // After a failed fsync the kernel may have dropped the pages and call the next one good: this file is not trusted again.
    writer.broken = failureOf(error);
    return { ok: false, reason: writer.broken };
  }
  for (const [at, record] of records.entries()) {
    writer.ledger.enter(record, writer.length);
    writer.length += lines[at]?.length ?? 0;
  }
  return { ok: true };
};

// ---- opening

const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const openFile = async (folder: string): Promise<{ readonly writer: Writer; readonly damagedLines: number }> => {
  const ledger = makeLedger();
  const file = await open(join(folder, RECORDS_FILE), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { goodBytes, damagedLines } = await readAll(file, ledger);
    await file.truncate(goodBytes);
    await file.sync();
    syncFolder(folder);
    return { writer: { file, ledger, length: goodBytes, broken: undefined }, damagedLines };
  } catch (error) {
    await file.close();
    throw error;
  }
};

/** Opens the folder, makes it if needed, and keeps every other process out of it. */
export const openCentreStore = async (folder: string): Promise<CentreStoreOpening> => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return { ok: false, reason: failureOf(error) };
  }
  const locking = takeLock(folder);
  if (!locking.ok) return locking;
  try {
    const { writer, damagedLines } = await openFile(folder);
    const known = (place: Place): string | undefined => {
      const offset = writer.ledger.offsetOf(place);
      return offset === undefined ? undefined : hashAt(writer.file.fd, offset);
    };
    const close = async (): Promise<void> => {
      await writer.file.close();
      locking.release();
    };
    const store: CentreStore = {
      append: (records) => append(writer, records),
      known,
      sites: writer.ledger.sites,
      damagedLines,
      close,
    };
    return { ok: true, store };
  } catch (error) {
    locking.release();
    return { ok: false, reason: failureOf(error) };
  }
};
