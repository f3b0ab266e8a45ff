/** What the main thread asks of the worker, and what it answers. Plain data: it crosses a thread border. */
import type { Lane } from '../../core/event.ts';
import type { ChainPlace } from '../../protocol/chain.ts';
import type {
  Commit,
  JournalGap,
  JournalRecord,
  NewEpoch,
  Numbering,
  OutboxRow,
  StoreFailure,
  StoreProblem,
} from '../../ports/store.ts';

/** For measurements and tests, and a quota. */
export type Limits = {
  /** Sleeps before each COMMIT: what a slow SD card does to whoever waits for it. */
  readonly commitDelayMs: number;
  /** Pages of 4 KiB that the database may have; 0: as many as the disk holds. */
  readonly maxPages: number;
};

export type OpenRequest = {
  readonly folder: string;
  /** The epoch of a new database. Undefined: there has to be one already. */
  readonly epochIfNew: string | undefined;
  /** Reopening within a run: the epoch that must be found there, so that another database is never taken for ours. */
  readonly expect: { readonly epoch: string; readonly boot: number } | undefined;
  /** Check every page, however large the database. */
  readonly thorough: boolean;
  readonly limits: Limits;
};

export type Opened =
  | { readonly kind: 'newer-data' }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'open';
      /** The parts are the whole state; see Counters. */
      readonly whole: boolean;
      readonly parts: ReadonlyMap<string, string>;
      readonly numbering: Numbering;
      readonly boot: number;
      readonly journalNumber: number;
      readonly chainHead: string;
      readonly outboxDepth: number;
    };

export type RepairRequest = { readonly folder: string; readonly epoch: string };
export type Repaired = { readonly problems: readonly StoreProblem[] };

export type Work =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'acknowledge'; readonly epoch: string; readonly lane: Lane; readonly seq: number };

export type WorkResult =
  | { readonly kind: 'committed'; readonly journalNumber: number; readonly chainHead: string; readonly recordingFull: boolean }
  | { readonly kind: 'acknowledged'; readonly removed: number }
  | { readonly kind: 'refused'; readonly reason: 'beyond-sent' | 'unknown-epoch' };

export type VerifyChunk = {
  readonly place: ChainPlace;
  readonly limit: number;
};
export type VerifiedChunk = {
  readonly place: ChainPlace;
  readonly records: number;
  /** Of these, records whose contents were removed at the end of their retention. */
  readonly purged: number;
  readonly gaps: readonly JournalGap[];
  readonly fault: { readonly reason: 'altered' | 'missing' | 'unlinked' | 'truncated'; readonly number: number } | undefined;
  readonly done: boolean;
};

export type WorkerHealth = {
  readonly databaseBytes: number;
  readonly outboxDepth: number;
  readonly journalNumber: number;
  readonly chainHead: string;
  readonly recordedDropped: number;
};

/** Asks the worker to end, in place of a request. */
export const END = 'end';

/** Each request with its argument and its answer. */
export type Calls = {
  readonly open: readonly [OpenRequest, Opened];
  /** Whether a first page that cannot be read was replaced. */
  readonly mend: readonly [{ readonly folder: string }, boolean];
  readonly repair: readonly [RepairRequest, Repaired];
  readonly batch: readonly [readonly Work[], readonly WorkResult[]];
  readonly pending: readonly [{ readonly lane: Lane; readonly after: number; readonly limit: number }, readonly OutboxRow[]];
  readonly journal: readonly [{ readonly from: number; readonly limit: number }, readonly JournalRecord[]];
  readonly verify: readonly [VerifyChunk, VerifiedChunk];
  readonly newEpoch: readonly [NewEpoch, Numbering];
  readonly purge: readonly [{ readonly before: number; readonly limit: number }, number];
  readonly health: readonly [undefined, WorkerHealth];
  /** Moves the write-ahead log into the database; the thread is ended after it. */
  readonly finish: readonly [undefined, undefined];
};

export type CallName = keyof Calls;
export type Request = {
  readonly [K in CallName]: { readonly id: number; readonly name: K; readonly argument: Calls[K][0] };
}[CallName];

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: StoreFailure; readonly applied: 'no' | 'unknown' };
export type Reply = { readonly id: number; readonly answer: Answer<unknown> };
