/**
 * Stands in for journal and outbox while the disk fails. Bounded: when it is full the oldest events of lesser urgency go
 * first, then the oldest alarms, and how many went is kept.
 */
import type { Lane } from '../core/event.ts';
import type { JournalEntry, OutboxRow } from '../ports/store.ts';

type Kept = { readonly cursor: number; readonly epoch: string; readonly entry: JournalEntry; readonly acknowledged: boolean };

export type MemoryOutbox = {
  readonly keep: (epoch: string, entries: readonly JournalEntry[]) => void;
  /** The cursor is one that this outbox gave. */
  readonly isOwn: (cursor: number) => boolean;
  readonly rows: (lane: Lane, after: number, limit: number) => readonly OutboxRow[];
  readonly acknowledge: (epoch: string, lane: Lane, seq: number) => void;
  /** Journal entries not yet on disk, oldest first. */
  readonly unwritten: () => readonly JournalEntry[];
  readonly written: (count: number) => void;
  readonly clear: () => void;
  readonly dropped: () => number;
};

const ENTRIES_MAX = 20_000;
/** Cursors above every journal number: rows of memory come after rows of the disk. */
const CURSOR_BASE = 2 ** 50;

export const makeMemoryOutbox = (): MemoryOutbox => {
  let kept: Kept[] = [];
  let nextCursor = CURSOR_BASE + 1;
  let writtenCount = 0;
  let droppedCount = 0;

  const dropOne = (): void => {
    const index = kept.findIndex(({ entry }) => entry.delivery?.lane !== 'alarm');
    kept.splice(Math.max(index, 0), 1);
    if (index < writtenCount) writtenCount = Math.max(0, writtenCount - 1);
    droppedCount += 1;
  };

  const rowOf = ({ cursor, epoch, entry }: Kept): readonly OutboxRow[] =>
    entry.delivery ? [{ number: cursor, epoch, form: 'message', ...entry.delivery }] : [];

  return {
    keep: (epoch, entries) => {
      for (const entry of entries) kept.push({ cursor: nextCursor++, epoch, entry, acknowledged: false });
      while (kept.length > ENTRIES_MAX) dropOne();
    },
    isOwn: (cursor) => cursor >= CURSOR_BASE,
    rows: (lane, after, limit) =>
      kept
        .filter(({ cursor, entry, acknowledged }) => cursor > after && !acknowledged && entry.delivery?.lane === lane)
        .slice(0, Math.max(0, limit))
        .flatMap(rowOf),
    acknowledge: (epoch, lane, seq) => {
      kept = kept.map((one) =>
        one.epoch === epoch && one.entry.delivery?.lane === lane && one.entry.delivery.seq <= seq
          ? { ...one, acknowledged: true }
          : one,
      );
    },
    unwritten: () => kept.slice(writtenCount).map(({ entry }) => entry),
    written: (count) => {
      writtenCount += count;
    },
    clear: () => {
      kept = [];
      writtenCount = 0;
    },
    dropped: () => droppedCount,
  };
};
