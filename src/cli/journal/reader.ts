/**
 * A journal as it stands in a data folder, read from a copy: nothing in the folder is changed, and a controller that runs
 * on it goes on undisturbed. An exported file is read as it is.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { DATABASE } from '../../drivers/store/ledger.ts';
import { takeLock } from '../../drivers/store/lock.ts';
import { startThread } from '../../drivers/store/thread.ts';
import type { Thread } from '../../drivers/store/thread.ts';
import type { ChainFault, JournalGap, StoreFailure } from '../../ports/store.ts';
import { chainPlaceAtStart, linkFault, parseLine } from '../../protocol/chain.ts';
import type { ChainPlace, ChainRecord } from '../../protocol/chain.ts';

export type Verdict =
  | {
      readonly kind: 'sound';
      readonly records: number;
      /** Of these, records without contents since the end of their retention. */
      readonly purged: number;
      readonly head: string;
      readonly gaps: readonly JournalGap[];
    }
  | { readonly kind: 'broken'; readonly fault: ChainFault | 'unreadable'; readonly number: number };

export type JournalReader = {
  /** A controller runs on the folder; what it writes from now on is not in here. */
  readonly isLive: boolean;
  /** The durable state as the store keeps it, a text for each part; none in an export. */
  readonly parts: ReadonlyMap<string, string>;
  /** Number of the last record. */
  readonly last: number;
  /** All records from a number on, in order. */
  readonly records: (from: number) => Promise<readonly ChainRecord[]>;
  readonly verify: () => Promise<Verdict>;
  readonly close: () => Promise<void>;
};

/** `nothing-there`: neither a data folder nor an export. */
export type OpenFault = 'nothing-there' | 'damaged' | 'newer-data' | StoreFailure;
export type OpenedJournal =
  | { readonly ok: true; readonly reader: JournalReader }
  | { readonly ok: false; readonly reason: OpenFault };

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const openJournal = async (path: string): Promise<OpenedJournal> => {
  if (!existsSync(path)) return { ok: false, reason: 'nothing-there' };
  if (!statSync(path).isDirectory()) return openExport(path);
  if (!existsSync(join(path, DATABASE))) return { ok: false, reason: 'nothing-there' };
  const copy = mkdtempSync(join(tmpdir(), 'vigie-journal-'));
  const opened = await openCopy(path, copy);
  if (!opened.ok) rmSync(copy, { recursive: true, force: true });
  return opened;
};

// ---- a data folder

/** Whether a controller runs on it. Throws what the file system refuses. */
const copyDatabase = (folder: string, copy: string): boolean => {
  const lock = takeLock(folder);
  if (!lock.ok && lock.reason === 'busy') {
    copyLive(folder, copy);
    return true;
  }
  try {
    for (const name of [DATABASE, `${DATABASE}-wal`]) {
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
    }
  } finally {
    if (lock.ok) lock.lock.release();
  }
  return false;
};

/** One consistent moment of a database that another process writes. */
const copyLive = (folder: string, copy: string): void => {
  const database = new Database(join(folder, DATABASE));
  try {
    database.exec(`PRAGMA busy_timeout = 2000; VACUUM INTO '${join(copy, DATABASE).replaceAll("'", "''")}'`);
  } finally {
    database.close();
  }
};

const openCopy = async (folder: string, copy: string): Promise<OpenedJournal> => {
  let isLive: boolean;
  try {
    isLive = copyDatabase(folder, copy);
  } catch {
    return { ok: false, reason: 'io' };
  }
  const thread = startThread();
  const limits = { commitDelayMs: 0, maxPages: 0 };
  const answer = await thread.call('open', { folder: copy, limits, epochIfNew: undefined, expect: undefined, thorough: true });
  if (answer.ok && answer.value.kind === 'open') return { ok: true, reader: folderReader(thread, copy, isLive, answer.value) };
  await thread.end();
  if (answer.ok) return { ok: false, reason: answer.value.kind === 'newer-data' ? 'newer-data' : 'nothing-there' };
  return { ok: false, reason: answer.reason === 'corrupt' ? 'damaged' : answer.reason };
};

const ROWS = 500;

type Database = { readonly parts: ReadonlyMap<string, string>; readonly journalNumber: number };

const folderReader = (thread: Thread, copy: string, isLive: boolean, database: Database): JournalReader => ({
  isLive,
  parts: database.parts,
  last: database.journalNumber,
  records: async (from) => {
    const records: ChainRecord[] = [];
    for (let next = from; ;) {
      const answer = await thread.call('journal', { from: next, limit: ROWS });
      const rows = answer.ok ? answer.value : [];
      records.push(...rows);
      const last = rows.at(-1);
      if (!last || rows.length < ROWS) return records;
      next = last.number + 1;
    }
  },
  verify: () => verifyFolder(thread),
  close: async () => {
    await thread.end();
    rmSync(copy, { recursive: true, force: true });
  },
});

const verifyFolder = async (thread: Thread): Promise<Verdict> => {
  let place = chainPlaceAtStart;
  let records = 0;
  let purged = 0;
  const gaps: JournalGap[] = [];
  for (;;) {
    const answer = await thread.call('verify', { place, limit: ROWS });
    if (!answer.ok) return { kind: 'broken', fault: 'unreadable', number: place.number + 1 };
    const { fault, done } = answer.value;
    gaps.push(...answer.value.gaps);
    records += answer.value.records;
    purged += answer.value.purged;
    place = answer.value.place;
    if (fault) return { kind: 'broken', fault: fault.reason, number: fault.number };
    if (done) return { kind: 'sound', records, purged, head: place.head ?? '', gaps };
  }
};

// ---- an export

const openExport = (path: string): OpenedJournal => {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const records = lines.map(parseLine);
  return {
    ok: true,
    reader: {
      isLive: false,
      parts: new Map(),
      last: records.at(-1)?.number ?? 0,
      records: async (from) => records.filter((record) => record !== undefined).filter(({ number }) => number >= from),
      verify: async () => verifyRecords(records),
      close: async () => undefined,
    },
  };
};

/** An export may begin later than the journal does: then its first head is taken as given. */
const verifyRecords = (records: readonly (ChainRecord | undefined)[]): Verdict => {
  const first = records[0];
  let place: ChainPlace = !first || first.number === 1 ? chainPlaceAtStart : { number: first.number - 1, head: undefined };
  for (const record of records) {
    if (!record) return { kind: 'broken', fault: 'unreadable', number: place.number + 1 };
    const fault = linkFault(sha256, place, record);
    if (fault) return { kind: 'broken', fault, number: fault === 'missing' ? place.number + 1 : record.number };
    place = { number: record.number, head: record.head };
  }
  const purged = records.filter((record) => record?.body === undefined).length;
  return { kind: 'sound', records: records.length, purged, head: place.head ?? '', gaps: [] };
};
