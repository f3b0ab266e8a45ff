/** The store as the runtime sees it: queue, database thread and the two small files beside it. */
import { statfs } from 'node:fs/promises';

import type { NewEpoch, Numbering, Restored, Result, SavedClock, Store, StoreHealth, VerifyResult } from '../../ports/store.ts';
import { chainPlaceAtStart } from '../../protocol/chain.ts';
import type { Holder, Identity } from './holder.ts';
import { type Queue, createQueue } from './queue.ts';
import type { Answer, VerifiedChunk, WorkerHealth } from './requests.ts';
import type { Slots } from './slots.ts';

const PURGE_ROWS = 500;
const VERIFY_ROWS = 1000;
/** What one answer of `pending` or `journal` holds at most. */
const READ_ROWS = 10_000;

export type StoreParts = {
  readonly identity: Identity;
  readonly holder: Holder;
  readonly clock: Slots;
  readonly mirror: Slots;
  readonly restored: Restored;
  /** The parts on disk are the whole state: commits of changes may follow. */
  readonly whole: boolean;
};

const resultOf = <T>(answer: Answer<T>): Result<T> => (answer.ok ? answer : { ok: false, reason: answer.reason });

const verifyAll = async (holder: Holder): Promise<VerifyResult> => {
  let place = chainPlaceAtStart;
  let records = 0;
  let purged = 0;
  const gaps: VerifiedChunk['gaps'][number][] = [];
  for (;;) {
    const answer = await holder.call('verify', { place, limit: VERIFY_ROWS });
    if (!answer.ok) return { ok: false, reason: answer.reason };
    const { fault, done } = answer.value;
    if (fault) return { ok: false, ...fault };
    place = answer.value.place;
    records += answer.value.records;
    purged += answer.value.purged;
    gaps.push(...answer.value.gaps);
    if (done) return { ok: true, records, purged, head: place.head ?? '', gaps };
  }
};

const purgeAll = async (holder: Holder, before: number): Promise<Result<number>> => {
  let purged = 0;
  for (;;) {
    const answer = await holder.call('purge', { before, limit: PURGE_ROWS });
    if (!answer.ok) return resultOf(answer);
    purged += answer.value;
    if (answer.value < PURGE_ROWS) return { ok: true, value: purged };
  }
};

const startEpoch = ({ holder, identity }: StoreParts, queue: Queue, change: NewEpoch): Promise<Result<Numbering>> =>
  queue.alone(async () => {
    const answer = await holder.call('newEpoch', change);
    if (!answer.ok) return resultOf(answer);
    identity.epoch = answer.value.epoch;
    queue.renumber(answer.value.nextSeq);
    return answer;
  });

const freeBytesIn = async (folder: string): Promise<number> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
};

/** What was last known stands in while the database cannot be asked. */
const asRestored = (restored: Restored): WorkerHealth => ({
  databaseBytes: 0,
  outboxDepth: restored.outboxDepth,
  journalNumber: restored.journalNumber,
  chainHead: restored.chainHead,
  recordedDropped: 0,
});

export const assembleStore = (parts: StoreParts): Store => {
  const { holder, identity, clock, mirror, restored } = parts;
  const queue = createQueue((works) => holder.call('batch', works), { next: restored.nextSeq, whole: parts.whole });
  let saveFailures = 0;
  let lastHealth = asRestored(restored);
  let closing: Promise<void> | undefined;

  const counted = async (save: Promise<Result<undefined>>): Promise<Result<undefined>> => {
    const result = await save;
    if (!result.ok) saveFailures += 1;
    return result;
  };

  const health = async (): Promise<StoreHealth> => {
    const answer = await holder.call('health', undefined);
    if (answer.ok) lastHealth = answer.value;
    return {
      ...lastHealth,
      freeBytes: await freeBytesIn(identity.folder),
      queued: queue.length(),
      transactions: queue.transactions(),
      recordedDropped: lastHealth.recordedDropped + queue.recordedDropped(),
      saveFailures,
      failing: queue.failing() ?? (answer.ok ? undefined : answer.reason),
    };
  };

  const close = async (): Promise<void> => {
    await queue.drain();
    await Promise.all([holder.close(), clock.close(), mirror.close()]);
  };

  return {
    commit: queue.commit,
    acknowledge: queue.acknowledge,
    pending: async (lane, after, limit) =>
      resultOf(await holder.call('pending', { lane, after, limit: Math.min(limit, READ_ROWS) })),
    newEpoch: (change) => startEpoch(parts, queue, change),
    saveClock: (saved: SavedClock, fsync) => counted(clock.save(JSON.stringify(saved), fsync)),
    mirror: (json) => counted(mirror.save(json, true)),
    purgeAccess: (before) => purgeAll(holder, before),
    journal: async (from, limit) => resultOf(await holder.call('journal', { from, limit: Math.min(limit, READ_ROWS) })),
    verify: () => verifyAll(holder),
    health,
    thread: holder.signs,
    close: () => (closing ??= close()),
  };
};
