/**
 * Group commit: what is asked while a transaction runs goes into the next one, in order, and fails or holds together.
 *
 * After a commit is lost, the parts on disk lack its changes. From then on only a *whole* commit is taken, so that what is
 * on disk is always a state that once was.
 */
import type { Lane, LaneHeads } from '../../core/event.ts';
import type { AcknowledgeResult, Commit, CommitRefusal, CommitResult, StoreFailure } from '../../ports/store.ts';
import type { Answer, Work, WorkResult } from './requests.ts';

export type QueueLimits = {
  /** Text waiting for the disk. From half of it on, recordings are dropped; beyond it, commits are refused. */
  readonly bytes: number;
  /** One transaction takes no more than this, so that it stays short. */
  readonly batchBytes: number;
  /** How long an acknowledgement waits for a commit to ride along with: nobody waits for it. */
  readonly acknowledgeLingerMs: number;
};

export const QUEUE_LIMITS: QueueLimits = { bytes: 16 * 1024 * 1024, batchBytes: 1024 * 1024, acknowledgeLingerMs: 20 };

type AcknowledgeWork = Extract<Work, { kind: 'acknowledge' }>;

type Item =
  | { readonly kind: 'commit'; readonly commit: Commit; readonly bytes: number; readonly settle: (result: CommitResult) => void }
  | {
      readonly kind: 'acknowledge';
      readonly work: AcknowledgeWork;
      readonly bytes: number;
      readonly settle: (result: AcknowledgeResult) => void;
    }
  /** Runs by itself between two transactions. */
  | { readonly kind: 'alone'; readonly act: () => Promise<void>; readonly bytes: number };

type Batch = readonly Exclude<Item, { kind: 'alone' }>[];

export type Queue = {
  readonly commit: (commit: Commit) => Promise<CommitResult>;
  readonly acknowledge: (epoch: string, lane: Lane, seq: number) => Promise<AcknowledgeResult>;
  readonly alone: <T>(act: () => Promise<T>) => Promise<T>;
  /** Sets what the next numbers are, after a new epoch. */
  readonly renumber: (next: LaneHeads) => void;
  readonly length: () => number;
  readonly recordedDropped: () => number;
  readonly transactions: () => number;
  readonly failing: () => StoreFailure | undefined;
  /** Takes nothing more, and resolves when all that was taken is settled. */
  readonly drain: () => Promise<void>;
};

const bytesOfCommit = ({ entries, parts, recorded }: Commit): number =>
  entries.reduce((sum, entry) => sum + entry.body.length + (entry.delivery?.message.length ?? 0) + 200, 0) +
  parts.reduce((sum, part) => sum + part.json.length, 0) +
  recorded.reduce((sum, line) => sum + line.length, 0);

const isRecordingOnly = ({ entries, parts, whole }: Commit): boolean => entries.length + parts.length === 0 && whole !== true;

/** The next numbers after `commit`; undefined when one of its own is not above those before it. */
const numberedAfter = (next: LaneHeads, { entries }: Commit): LaneHeads | undefined => {
  const after: Record<Lane, number> = { ...next };
  for (const { delivery } of entries) {
    if (!delivery) continue;
    if (!Number.isSafeInteger(delivery.seq) || delivery.seq < after[delivery.lane]) return undefined;
    after[delivery.lane] = delivery.seq + 1;
  }
  return after;
};

const workOf = (item: Batch[number]): Work => (item.kind === 'commit' ? { kind: 'commit', commit: item.commit } : item.work);

const settleDone = (item: Batch[number], result: WorkResult | undefined): void => {
  if (item.kind === 'commit' && result?.kind === 'committed') {
    const { journalNumber, chainHead, recordingFull } = result;
    return item.settle({ ok: true, journalNumber, chainHead, recordingFull });
  }
  if (item.kind === 'acknowledge' && result?.kind === 'acknowledged') return item.settle({ ok: true, removed: result.removed });
  if (item.kind === 'acknowledge' && result?.kind === 'refused') return item.settle({ ok: false, reason: result.reason });
  throw new Error('the worker answered something else than it was asked');
};

const settleFailed = (item: Batch[number], reason: StoreFailure, applied: 'no' | 'unknown'): void => {
  if (item.kind === 'commit') item.settle({ ok: false, reason, applied });
  else item.settle({ ok: false, reason });
};

type Run = (works: readonly Work[]) => Promise<Answer<readonly WorkResult[]>>;

type State = {
  readonly run: Run;
  readonly limits: QueueLimits;
  items: Item[];
  queuedBytes: number;
  /** The numbers that come next, counting what is queued; and those that are durable. */
  next: LaneHeads;
  durableNext: LaneHeads;
  wholeNeeded: boolean;
  running: Promise<void> | undefined;
  linger: NodeJS.Timeout | undefined;
  closed: boolean;
  recordedDropped: number;
  transactions: number;
  failing: StoreFailure | undefined;
};

const bytesOfAll = (items: readonly Item[]): number => items.reduce((sum, item) => sum + item.bytes, 0);

// ---- taking from the queue

/** How many items the next transaction takes. */
const batchLength = ({ items, limits }: State): number => {
  if (items[0]?.kind === 'alone') return 1;
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += item.bytes;
    return index > 0 && (item.kind === 'alone' || bytes > limits.batchBytes);
  });
  return end === -1 ? items.length : end;
};

const take = (state: State): readonly Item[] => {
  const length = batchLength(state);
  const taken = state.items.slice(0, length);
  state.items = state.items.slice(length);
  state.queuedBytes -= bytesOfAll(taken);
  return taken;
};

/** The commits behind a lost one would leave a hole in the state. */
const refuseQueuedCommits = (state: State): void => {
  const refused = state.items.filter((item) => item.kind === 'commit');
  state.items = state.items.filter((item) => item.kind !== 'commit');
  state.queuedBytes = bytesOfAll(state.items);
  for (const item of refused) item.settle({ ok: false, reason: 'whole-needed', applied: 'no' });
  state.wholeNeeded = true;
  state.next = state.durableNext;
};

const fail = (state: State, batch: Batch, reason: StoreFailure, applied: 'no' | 'unknown'): void => {
  state.failing = reason;
  for (const item of batch) settleFailed(item, reason, applied);
  if (batch.some((item) => item.kind === 'commit' && !isRecordingOnly(item.commit))) refuseQueuedCommits(state);
};

const succeed = (state: State, batch: Batch, results: readonly WorkResult[]): void => {
  state.failing = undefined;
  state.transactions += 1;
  for (const item of batch) {
    if (item.kind === 'commit') state.durableNext = numberedAfter(state.durableNext, item.commit) ?? state.durableNext;
  }
  batch.forEach((item, index) => settleDone(item, results[index]));
};

const runOnce = async (state: State): Promise<void> => {
  const taken = take(state);
  const [first] = taken;
  if (first?.kind === 'alone') return first.act();
  const batch = taken.filter((item) => item.kind !== 'alone');
  const answer = await state.run(batch.map(workOf));
  if (answer.ok) succeed(state, batch, answer.value);
  else fail(state, batch, answer.reason, answer.applied);
};

const runAll = async (state: State): Promise<void> => {
  while (state.items.length > 0) await runOnce(state);
  state.running = undefined;
};

const runNow = (state: State): void => {
  clearTimeout(state.linger);
  state.linger = undefined;
  state.running ??= runAll(state);
};

// ---- putting into it

const push = (state: State, item: Item): void => {
  state.items.push(item);
  state.queuedBytes += item.bytes;
  if (state.running) return;
  if (item.kind === 'acknowledge') state.linger ??= setTimeout(() => runNow(state), state.limits.acknowledgeLingerMs);
  else runNow(state);
};

/** Why it cannot be taken. A commit that is refused here is lost like one that fails. */
const refusalOf = (state: State, commit: Commit, bytes: number): CommitRefusal | undefined => {
  if (state.closed) return 'closed';
  if (state.wholeNeeded && commit.whole !== true && !isRecordingOnly(commit)) return 'whole-needed';
  if (state.queuedBytes + bytes > state.limits.bytes) return 'overloaded';
  return numberedAfter(state.next, commit) ? undefined : 'out-of-order';
};

const withoutRecordings = (state: State, commit: Commit): Commit => {
  if (state.queuedBytes < state.limits.bytes / 2) return commit;
  state.recordedDropped += commit.recorded.length;
  return { ...commit, recorded: [] };
};

const pushCommit = (state: State, asked: Commit, settle: (result: CommitResult) => void): void => {
  const commit = withoutRecordings(state, asked);
  const bytes = bytesOfCommit(commit);
  const reason = refusalOf(state, commit, bytes);
  if (reason) {
    state.recordedDropped += commit.recorded.length;
    if (!isRecordingOnly(commit)) state.wholeNeeded = true;
    return settle({ ok: false, reason, applied: 'no' });
  }
  state.next = numberedAfter(state.next, commit) ?? state.next;
  if (commit.whole === true) state.wholeNeeded = false;
  push(state, { kind: 'commit', commit, bytes, settle });
};

const ACKNOWLEDGE_BYTES = 100;

const pushAcknowledge = (state: State, work: AcknowledgeWork, settle: (result: AcknowledgeResult) => void): void => {
  if (state.closed) return settle({ ok: false, reason: 'closed' });
  push(state, { kind: 'acknowledge', work, bytes: ACKNOWLEDGE_BYTES, settle });
};

const drain = async (state: State): Promise<void> => {
  state.closed = true;
  if (state.items.length > 0) runNow(state);
  while (state.running) await state.running;
};

export const createQueue = (
  run: Run,
  start: { readonly next: LaneHeads; readonly whole: boolean },
  limits: QueueLimits = QUEUE_LIMITS,
): Queue => {
  const state: State = {
    run,
    limits,
    items: [],
    queuedBytes: 0,
    next: start.next,
    durableNext: start.next,
    wholeNeeded: !start.whole,
    running: undefined,
    linger: undefined,
    closed: false,
    recordedDropped: 0,
    transactions: 0,
    failing: undefined,
  };
  return {
    commit: (commit) => new Promise((settle) => pushCommit(state, commit, settle)),
    acknowledge: (epoch, lane, seq) =>
      new Promise((settle) => pushAcknowledge(state, { kind: 'acknowledge', epoch, lane, seq }, settle)),
    alone: (act) => new Promise((resolve) => push(state, { kind: 'alone', bytes: 0, act: async () => resolve(await act()) })),
    renumber: (numbers) => {
      state.next = numbers;
      state.durableNext = numbers;
    },
    length: () => state.items.length,
    recordedDropped: () => state.recordedDropped,
    transactions: () => state.transactions,
    failing: () => state.failing,
    drain: () => drain(state),
  };
};
