/**
 * Opens a data folder: docs/data-folder.md tells what is in it. Whatever can still be read is handed over, also from a full
 * or read-only disk and from a damaged database, because a controller that cannot store still has to guard.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Found, OpenRefusal, OpenResult, Restored, SavedClock, StoreFailure, StoreProblem } from '../../ports/store.ts';
import { CHAIN_START, toHex } from '../../protocol/chain.ts';
import { failureOf } from './failure.ts';
import { type Identity, holdDatabase } from './holder.ts';
import { DATABASE } from './ledger.ts';
import { type Lock, takeLock } from './lock.ts';
import { DAMAGED, type Recovered, openOrRepair, readByCopy } from './recovery.ts';
import { REBUILT, syncFolder } from './repair.ts';
import type { Limits, Opened } from './requests.ts';
import { type SlotsRead, openSlots, readSlots } from './slots.ts';
import { assembleStore } from './store.ts';
import type { Thread } from './thread.ts';

export type StoreOptions = {
  readonly folder: string;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Sleeps before each COMMIT: for measurements, what a slow SD card does. Milliseconds, 0 by default. */
  readonly commitDelayMs?: number;
  /** Quota of the database, 16 KiB at least; the disk's size by default. A full quota answers `disk-full`. */
  readonly maxDatabaseBytes?: number;
};

const PAGE_BYTES = 4096;
const CLOCK = { name: 'clock.slots', bytes: 4096 };
const MIRROR = { name: 'mirror.slots', bytes: 256 * 1024 };

// ---- folder

const refusalOfFolder = (folder: string): OpenRefusal | undefined => {
  try {
    if (existsSync(folder)) return statSync(folder).isDirectory() ? undefined : 'not-a-folder';
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncFolder(join(folder, '..'));
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    return failure === 'read-only' || failure === 'disk-full' ? failure : 'not-a-folder';
  }
};

type Locked =
  | { readonly kind: 'locked'; readonly lock: Lock }
  | { readonly kind: 'unwritable'; readonly reason: StoreFailure }
  | { readonly kind: 'taken' };

const lockFolder = (folder: string): Locked => {
  const taken = takeLock(folder);
  if (taken.ok) return { kind: 'locked', lock: taken.lock };
  return taken.reason === 'busy' ? { kind: 'taken' } : { kind: 'unwritable', reason: taken.reason };
};

// ---- what is there

type Sides = { readonly clock: SlotsRead; readonly mirror: SlotsRead };

const readSides = async (folder: string): Promise<Sides> => ({
  clock: await readSlots(join(folder, CLOCK.name), CLOCK.bytes),
  mirror: await readSlots(join(folder, MIRROR.name), MIRROR.bytes),
});

/** Somebody ran on this folder before, whatever became of the database. */
const hasTraces = (folder: string, { clock, mirror }: Sides): boolean =>
  clock.text !== undefined || mirror.text !== undefined || clock.damaged || mirror.damaged || hasEntries(join(folder, DAMAGED));

const hasEntries = (folder: string): boolean => {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
};

const isClock = (value: unknown): value is SavedClock => {
  if (typeof value !== 'object' || value === null) return false;
  const { bootId, monotonicMs, wallMs, runningMs } = value as Readonly<Record<string, unknown>>;
  return typeof bootId === 'string' && [monotonicMs, wallMs, runningMs].every((number) => Number.isFinite(number));
};

const clockOf = ({ text }: SlotsRead): SavedClock | undefined => {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isClock(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The clock as a running controller saved it last, without touching what it writes; undefined: none is readable. */
export const readSavedClock = async (folder: string): Promise<SavedClock | undefined> =>
  clockOf(await readSlots(join(folder, CLOCK.name), CLOCK.bytes));

type Database = Extract<Opened, { kind: 'open' }>;

const emptyDatabase = (epoch: string): Database => ({
  kind: 'open',
  whole: false,
  parts: new Map(),
  numbering: { epoch, previousEpoch: undefined, nextSeq: { alarm: 1, event: 1 }, acknowledged: { alarm: 0, event: 0 } },
  boot: 1,
  journalNumber: 0,
  chainHead: toHex(CHAIN_START),
  outboxDepth: 0,
});

const foundOf = ({ whole, parts, journalNumber }: Database, traces: boolean, mirror: string | undefined): Found => {
  if (whole) return 'state';
  if (!traces && journalNumber === 0) return 'fresh';
  if (parts.size > 0 || journalNumber > 0) return 'recovered-from-journal';
  return mirror === undefined ? 'nothing-readable' : 'mirror-only';
};

const restoredFrom = (database: Database, sides: Sides, traces: boolean, problems: readonly StoreProblem[]): Restored => {
  const { parts, boot, journalNumber, chainHead, outboxDepth } = database;
  const clock = clockOf(sides.clock);
  const clockLost = sides.clock.damaged || (sides.clock.text !== undefined && !clock);
  return {
    ...database.numbering,
    parts,
    boot,
    journalNumber,
    chainHead,
    outboxDepth,
    clock,
    mirror: sides.mirror.text,
    found: foundOf(database, traces, sides.mirror.text),
    problems: [
      ...problems,
      ...(clockLost ? (['clock-unreadable'] as const) : []),
      ...(sides.mirror.damaged ? (['mirror-unreadable'] as const) : []),
    ],
  };
};

// ---- opening

type Reached = { readonly database: Database; readonly thread: Thread | undefined; readonly problems: readonly StoreProblem[] };
type Attempt = { readonly folder: string; readonly epoch: string; readonly limits: Limits };

/** An empty file is what a cut-off file system leaves, or a first start that was cut short: there is no database in it. */
const hasDatabase = (folder: string): boolean =>
  [DATABASE, REBUILT].some((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0);

const problemOf = (reason: StoreFailure): StoreProblem => (reason === 'read-only' || reason === 'disk-full' ? reason : 'io');

const reach = async (attempt: Attempt, locked: Exclude<Locked, { kind: 'taken' }>): Promise<Reached | 'newer-data'> => {
  const inPlace: Recovered = locked.kind === 'locked' ? await openOrRepair(attempt) : { ok: false, reason: locked.reason };
  if (inPlace.ok) return { database: inPlace.opened, thread: inPlace.thread, problems: inPlace.problems };
  if (inPlace.reason === 'newer-data') return 'newer-data';
  const unwritable = problemOf(inPlace.reason);
  const copy = await readByCopy(attempt, tmpdir());
  if (copy.ok) return { database: copy.opened, thread: undefined, problems: [...copy.problems, unwritable] };
  if (copy.reason === 'newer-data') return 'newer-data';
  const problems: readonly StoreProblem[] = hasDatabase(attempt.folder) ? ['database-damaged', unwritable] : [unwritable];
  return { database: emptyDatabase(attempt.epoch), thread: undefined, problems };
};

const openLocked = async (options: StoreOptions, locked: Exclude<Locked, { kind: 'taken' }>): Promise<OpenResult> => {
  const { folder, commitDelayMs = 0, maxDatabaseBytes = 0 } = options;
  const limits = { commitDelayMs, maxPages: Math.floor(maxDatabaseBytes / PAGE_BYTES) };
  const isNew = !hasDatabase(folder);
  const sides = await readSides(folder);
  const traces = hasTraces(folder, sides);
  const reached = await reach({ folder, limits, epoch: toHex(options.randomBytes(8)) }, locked);
  if (reached === 'newer-data') return { ok: false, reason: 'newer-data' };
  const { database, thread } = reached;
  const wasDamaged = reached.problems.includes('database-damaged');
  const problems = isNew && traces ? (['database-missing', ...reached.problems] as const) : reached.problems;
  const restored = restoredFrom(database, sides, traces || wasDamaged, problems);
  const identity: Identity = { folder, limits, epoch: restored.epoch, boot: restored.boot, isNew: isNew && !thread };
  const store = assembleStore({
    identity,
    holder: holdDatabase(identity, thread, locked.kind === 'locked' ? locked.lock : undefined),
    clock: openSlots(join(folder, CLOCK.name), CLOCK.bytes, sides.clock.counter),
    mirror: openSlots(join(folder, MIRROR.name), MIRROR.bytes, sides.mirror.counter),
    restored,
    whole: database.whole,
  });
  return { ok: true, store, restored };
};

/** Never rejects for what a disk or a folder can do. */
export const openStore = async (options: StoreOptions): Promise<OpenResult> => {
  const refusal = refusalOfFolder(options.folder);
  if (refusal) return { ok: false, reason: refusal };
  const locked = lockFolder(options.folder);
  if (locked.kind === 'taken') return { ok: false, reason: 'locked' };
  const result = await openLocked(options, locked);
  if (!result.ok && locked.kind === 'locked') locked.lock.release();
  return result;
};
