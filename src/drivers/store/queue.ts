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

type Item =
  | { readonly kind: 'commit'; readonly commit: Commit; readonly bytes: number; readonly settle: (result: CommitResult) => void }
  | {
      readonly kind: 'acknowledge';
      readonly work: Extract<Work, { kind: 'acknowledge' }>;
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

export const createQueue = (
  run: (works: readonly Work[]) => Promise<Answer<readonly WorkResult[]>>,
  start: { readonly next: LaneHeads; readonly whole: boolean },
  limits: QueueLimits = QUEUE_LIMITS,
): Queue => {
  let items: Item[] = [];
  let queuedBytes = 0;
  let next = start.next;
  let durableNext = start.next;
  let wholeNeeded = !start.whole;
  let running: Promise<void> | undefined;
  let linger: NodeJS.Timeout | undefined;
  let closed = false;
  let recordedDropped = 0;
  let transactions = 0;
  let failing: StoreFailure | undefined;

  const take = (): readonly Item[] => {
    let bytes = 0;
    const end = items.findIndex(
      (item, index) => index > 0 && (item.kind === 'alone' || (bytes += item.bytes) > limits.batchBytes),
    );
    const count = items[0]?.kind === 'alone' ? 1 : end === -1 ? items.length : end;
    const taken = items.slice(0, count);
    items = items.slice(count);
    queuedBytes -= taken.reduce((sum, item) => sum + item.bytes, 0);
    return taken;
  };

  /** The commits behind a lost one would leave a hole in the state. */
  const refuseQueuedCommits = (): void => {
    const refused = items.filter((item) => item.kind === 'commit');
    items = items.filter((item) => item.kind !== 'commit');
    queuedBytes = items.reduce((sum, item) => sum + item.bytes, 0);
    for (const item of refused) item.settle({ ok: false, reason: 'whole-needed', applied: 'no' });
    wholeNeeded = true;
    next = durableNext;
  };

  const fail = (batch: Batch, reason: StoreFailure, applied: 'no' | 'unknown'): void => {
    failing = reason;
    for (const item of batch) settleFailed(item, reason, applied);
    if (batch.some((item) => item.kind === 'commit' && !isRecordingOnly(item.commit))) refuseQueuedCommits();
  };

  const succeed = (batch: Batch, results: readonly WorkResult[]): void => {
    failing = undefined;
    transactions += 1;
    for (const item of batch) if (item.kind === 'commit') durableNext = numberedAfter(durableNext, item.commit) ?? durableNext;
    batch.forEach((item, index) => settleDone(item, results[index]));
  };

  const runOnce = async (): Promise<void> => {
    const taken = take();
    const [first] = taken;
    if (first?.kind === 'alone') return first.act();
    const batch = taken.filter((item) => item.kind !== 'alone');
    const answer = await run(batch.map(workOf));
    if (answer.ok) succeed(batch, answer.value);
    else fail(batch, answer.reason, answer.applied);
  };

  const runAll = async (): Promise<void> => {
    while (items.length > 0) await runOnce();
    running = undefined;
  };

  const runNow = (): void => {
    clearTimeout(linger);
    linger = undefined;
    running ??= runAll();
  };

  const push = (item: Item): void => {
    items.push(item);
    queuedBytes += item.bytes;
    if (running) return;
    if (item.kind === 'acknowledge' && !closed) linger ??= setTimeout(runNow, limits.acknowledgeLingerMs);
    else runNow();
  };

  /** Why it cannot be taken. A commit that is refused here is lost like one that fails. */
  const refusalOf = (commit: Commit, bytes: number): CommitRefusal | undefined => {
    if (closed) return 'closed';
    if (wholeNeeded && commit.whole !== true && !isRecordingOnly(commit)) return 'whole-needed';
    if (queuedBytes + bytes > limits.bytes) return 'overloaded';
    return numberedAfter(next, commit) ? undefined : 'out-of-order';
  };

  const withoutRecordings = (commit: Commit): Commit => {
    if (queuedBytes < limits.bytes / 2) return commit;
    recordedDropped += commit.recorded.length;
    return { ...commit, recorded: [] };
  };

  const commit = (asked: Commit): Promise<CommitResult> =>
    new Promise((settle) => {
      const kept = withoutRecordings(asked);
      const bytes = bytesOfCommit(kept);
      const reason = refusalOf(kept, bytes);
      if (reason) {
        recordedDropped += kept.recorded.length;
        if (!isRecordingOnly(kept)) wholeNeeded = true;
        return settle({ ok: false, reason, applied: 'no' });
      }
      next = numberedAfter(next, kept) ?? next;
      if (kept.whole === true) wholeNeeded = false;
      push({ kind: 'commit', commit: kept, bytes, settle });
    });

  const acknowledge = (epoch: string, lane: Lane, seq: number): Promise<AcknowledgeResult> =>
    new Promise((settle) => {
      if (closed) return settle({ ok: false, reason: 'closed' });
      push({ kind: 'acknowledge', work: { kind: 'acknowledge', epoch, lane, seq }, bytes: 100, settle });
    });

  return {
    commit,
    acknowledge,
    alone: (act) => new Promise((resolve) => push({ kind: 'alone', bytes: 0, act: async () => resolve(await act()) })),
    renumber: (numbers) => {
      next = numbers;
      durableNext = numbers;
    },
    length: () => items.length,
    recordedDropped: () => recordedDropped,
    transactions: () => transactions,
    failing: () => failing,
    drain: async () => {
      closed = true;
      if (items.length > 0) runNow();
      while (running) await running;
    },
  };
};
