/**
 * What the runtime needs of storage: a journal that shows tampering, an outbox of what the monitoring centre has not
 * acknowledged, and the durable state in parts, all moved by one transaction.
 *
 * - **journal**: every event, numbered from 1 and chained by hashes (src/protocol/chain.ts). Access records lose salt and
 *   body after their retention; the chain still verifies.
 * - **outbox**: entries with a `delivery`, by lane and sequence number, until the centre acknowledges.
 * - **part**: one row of durable state, such as `area/0`, `zone/12`, `timers`; only changed parts are written.
 * - **epoch**: the namespace of sequence numbers. Random, made with the data folder.
 * - **recording**: the inputs of the core, in a ring of files, for replay; never worth an fsync of their own.
 */
import type { Lane, LaneHeads } from '../core/event.ts';
import type { Wall } from '../core/time.ts';

// ---- what is written

export type JournalEntry = {
  /** Canonical JSON of the event. */
  readonly body: string;
  /** When it happened: retention of access records is judged by it. */
  readonly at: Wall;
  /** A personal access record: salt and body go at `purgeAccess`. */
  readonly access: boolean;
  /**
   * What the centre is told, kept beside the body so that damage to one leaves the other. Epoch and sequence number are
   * read from the outbox when it is sent, never from the message: a new epoch may renumber it.
   */
  readonly delivery?: { readonly lane: Lane; readonly seq: number; readonly message: string };
};

export type Part = { readonly key: string; readonly json: string };

/** Written all or nothing, and after every commit asked for before it. */
export type Commit = {
  readonly entries: readonly JournalEntry[];
  readonly parts: readonly Part[];
  /** `parts` is the whole durable state: parts it does not name are removed. After a failed commit, only such a one is taken. */
  readonly whole?: boolean;
  /** One line each, without line breaks. Lost, and counted, rather than waited for. */
  readonly recorded: readonly string[];
  /**
   * First line of a new recording, begun after `recorded` is written: version, config hash and a snapshot of the state
   * after all that was recorded so far. Due with the first commit of a run and whenever `recordingFull` was answered.
   */
  readonly newRecording?: string;
};

/**
 * - `disk-full`: no room on the disk, or the quota of the database is used up.
 * - `read-only`: the folder, the file or the file system cannot be written.
 * - `corrupt`: the database is damaged; close and open the store to repair it.
 * - `io`: the disk failed, or the database was taken away under us.
 * - `busy`: another program holds the database.
 * - `closed`: after `close`.
 */
export type StoreFailure = 'disk-full' | 'read-only' | 'corrupt' | 'io' | 'busy' | 'closed';

/**
 * - `overloaded`: more is queued than the store keeps in memory.
 * - `whole-needed`: an earlier commit failed, and the state on disk lacks its parts.
 * - `out-of-order`: a sequence number not above those before it in its lane.
 */
export type CommitRefusal = StoreFailure | 'overloaded' | 'whole-needed' | 'out-of-order';

export type CommitResult =
  | {
      readonly ok: true;
      /** Number of the last journal record, and the chain's head at it (hex). */
      readonly journalNumber: number;
      readonly chainHead: string;
      readonly recordingFull: boolean;
    }
  /** `applied: unknown`: the disk failed while it was made durable, and it may be found there after a restart. */
  | { readonly ok: false; readonly reason: CommitRefusal; readonly applied: 'no' | 'unknown' };

export type AcknowledgeResult =
  | { readonly ok: true; readonly removed: number }
  /** `beyond-sent`: no such number was ever given out. `unknown-epoch`: never an epoch of this folder. */
  | { readonly ok: false; readonly reason: StoreFailure | 'beyond-sent' | 'unknown-epoch' };

// ---- what is read

/** What the centre has not acknowledged. `number` is its journal record, and the cursor of `pending`. */
export type OutboxRow = {
  readonly number: number;
  readonly epoch: string;
  readonly lane: Lane;
  readonly seq: number;
  /** `body`: the message was lost to damage on the disk; the event's canonical JSON stands in for it. */
  readonly form: 'message' | 'body';
  readonly message: string;
};

export type JournalRecord = {
  readonly number: number;
  readonly at: Wall;
  readonly access: boolean;
  /** 16 bytes, hex; gone with the body once purged. */
  readonly salt: string | undefined;
  readonly body: string | undefined;
  /** sha256 of salt and body, hex. */
  readonly recordHash: string;
  readonly head: string;
};

export type JournalGap = { readonly from: number; readonly to: number };

/**
 * - `altered`: salt, body or hash is not what was chained. `missing`: numbers are absent that no repair has declared.
 * - `unlinked`: the head does not follow from the one before. `truncated`: records after `number` are gone.
 */
export type ChainFault = 'altered' | 'missing' | 'unlinked' | 'truncated';

export type VerifyResult =
  /** `purged`: records without contents since the end of their retention. `gaps`: lost to damage and declared by a repair. */
  | {
      readonly ok: true;
      readonly records: number;
      readonly purged: number;
      readonly head: string;
      readonly gaps: readonly JournalGap[];
    }
  | { readonly ok: false; readonly reason: ChainFault; readonly number: number }
  | { readonly ok: false; readonly reason: StoreFailure };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: StoreFailure };

/** Clocks at one instant, for the delays that run across a restart. */
export type SavedClock = {
  /** Identity of the kernel's run; at most 64 characters. */
  readonly bootId: string;
  /** The kernel's monotonic clock. */
  readonly monotonicMs: number;
  readonly wallMs: number;
  /** Running time of the controller since the data folder was made. */
  readonly runningMs: number;
};

export type StoreHealth = {
  readonly databaseBytes: number;
  readonly freeBytes: number;
  readonly outboxDepth: number;
  readonly journalNumber: number;
  readonly chainHead: string;
  /** Commits and acknowledgements waiting for the disk. */
  readonly queued: number;
  /** Transactions made durable since opening. */
  readonly transactions: number;
  /** Recorded inputs that could not be kept. */
  readonly recordedDropped: number;
  /** Saves of clock or mirror that failed. */
  readonly saveFailures: number;
  /** Why the last transaction failed; undefined after one that worked. */
  readonly failing: StoreFailure | undefined;
};

/** What the store's own thread shows from outside, without being asked. */
export type StoreThread = {
  /** Counts up several times a second while the thread is free. */
  readonly turns: number;
  /** It waits for the disk: slow, or full, but not hung. */
  readonly isInDisk: boolean;
};

export type NewEpoch = {
  /** 16 hex digits, random. */
  readonly epoch: string;
  /**
   * `renumber`: what is pending takes numbers from 1 in the new epoch (the centre knows numbers that we never gave).
   * `keep`: it stays under its own epoch and number (entries of the new epoch are already known to the centre).
   */
  readonly pending: 'renumber' | 'keep';
};

export type Numbering = {
  readonly epoch: string;
  readonly previousEpoch: string | undefined;
  /** The number that each lane's next delivery takes. */
  readonly nextSeq: LaneHeads;
  /** The highest acknowledged number, 0 for none. */
  readonly acknowledged: LaneHeads;
};

export type Store = {
  /** Resolves once it is durable, in the order asked. Commits asked while a transaction runs share the next one. */
  readonly commit: (commit: Commit) => Promise<CommitResult>;
  /** Removes what the centre has, up to and with `seq`; durable when it resolves. */
  readonly acknowledge: (epoch: string, lane: Lane, seq: number) => Promise<AcknowledgeResult>;
  /** Deliveries of a lane in journal order, above `afterNumber` (0: from the first). */
  readonly pending: (lane: Lane, afterNumber: number, limit: number) => Promise<Result<readonly OutboxRow[]>>;
  readonly newEpoch: (change: NewEpoch) => Promise<Result<Numbering>>;
  /**
   * Survives SIGKILL once resolved, and a power cut with `fsync`. Never waits for a commit; of saves that pile up the
   * last is kept.
   */
  readonly saveClock: (clock: SavedClock, fsync: boolean) => Promise<Result<undefined>>;
  /** Modes and inhibitions, kept apart from the database; durable when it resolves. Above 255 KiB: `io`. */
  readonly mirror: (json: string) => Promise<Result<undefined>>;
  /**
   * Forgets salt and body of access records from before `before`, and who they were about where the centre has not
   * acknowledged them; tells how many. Recordings and copies from before go with them.
   */
  readonly purgeAccess: (before: Wall) => Promise<Result<number>>;
  readonly journal: (fromNumber: number, limit: number) => Promise<Result<readonly JournalRecord[]>>;
  readonly verify: () => Promise<VerifyResult>;
  readonly health: () => Promise<StoreHealth>;
  /** Undefined: there is no thread, because the disk let none be opened, or the store needs none. */
  readonly thread: () => StoreThread | undefined;
  /** Finishes what is queued and frees the folder. Due before `process.exit`: libsql, stopped in a statement, aborts. */
  readonly close: () => Promise<void>;
};

// ---- what is found at start

/**
 * - `fresh`: a new folder. `state`: all parts were read.
 * - `recovered-from-journal`: parts were lost to damage; journal, mirror and the parts that remain are there.
 * - `mirror-only`: no database could be read, but modes and inhibitions are known.
 * - `nothing-readable`: something was there, and none of it can be used.
 */
export type Found = 'fresh' | 'state' | 'recovered-from-journal' | 'mirror-only' | 'nothing-readable';

/**
 * `database-damaged` `parts-damaged` `outbox-damaged` `journal-damaged`: what was repaired. `database-missing`: it
 * was gone, though
 * the folder is not new. `evidence-not-kept`: no room for the damaged files. `clock-unreadable` `mirror-unreadable`: both
 * slots. `read-only` `disk-full` `io`: it was read, and cannot be written yet; commits try again.
 */
export type StoreProblem =
  | 'database-damaged'
  | 'parts-damaged'
  | 'outbox-damaged'
  | 'journal-damaged'
  | 'database-missing'
  | 'evidence-not-kept'
  | 'clock-unreadable'
  | 'mirror-unreadable'
  | 'read-only'
  | 'disk-full'
  | 'io';

export type Restored = Numbering & {
  readonly found: Found;
  readonly problems: readonly StoreProblem[];
  readonly parts: ReadonlyMap<string, string>;
  readonly outboxDepth: number;
  /** Counts starts on this folder, from 1. */
  readonly boot: number;
  readonly journalNumber: number;
  readonly chainHead: string;
  readonly clock: SavedClock | undefined;
  readonly mirror: string | undefined;
};

/**
 * - `locked`: another process runs on this folder. `newer-data`: a later version of Vigie wrote it.
 * - `not-a-folder`: something else is there, or it cannot be reached. Others: not even a copy could be read.
 */
export type OpenRefusal = 'locked' | 'newer-data' | 'not-a-folder' | 'read-only' | 'disk-full' | 'io';

export type OpenResult =
  | { readonly ok: true; readonly store: Store; readonly restored: Restored }
  | { readonly ok: false; readonly reason: OpenRefusal };
