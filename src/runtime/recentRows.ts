/**
 * The latest rows of the outbox, kept in memory so that an alarm just committed goes out without reading it back from
 * the disk. Answers only where it holds everything above the row asked for.
 */
import type { Lane } from '../core/event.ts';
import type { JournalEntry, OutboxRow } from '../ports/store.ts';

export type RecentRows = {
  /** `lastNumber`: journal number of the last entry. */
  readonly add: (entries: readonly JournalEntry[], lastNumber: number, epoch: string) => void;
  /** Undefined: ask the store. */
  readonly rows: (lane: Lane, after: number, limit: number) => readonly OutboxRow[] | undefined;
  readonly forget: () => void;
};

const ROWS_MAX = 512;

/** `journalNumber`: the last record at start; `isEmpty`: nothing before it waits in the outbox. */
export const makeRecentRows = (journalNumber: number, isEmpty: boolean): RecentRows => {
  let rows: OutboxRow[] = [];
  let completeAbove = isEmpty ? 0 : journalNumber;
  let last = journalNumber;

  const add = (entries: readonly JournalEntry[], lastNumber: number, epoch: string): void => {
    const first = lastNumber - entries.length + 1;
    for (const [index, { delivery }] of entries.entries()) {
      if (delivery) rows.push({ number: first + index, epoch, form: 'message', ...delivery });
    }
    last = lastNumber;
    if (rows.length <= ROWS_MAX) return;
    const dropped = rows.splice(0, rows.length - ROWS_MAX / 2).at(-1);
    if (dropped) completeAbove = dropped.number;
  };

  return {
    add,
    rows: (lane, after, limit) =>
      after < completeAbove ? undefined : rows.filter((row) => row.lane === lane && row.number > after).slice(0, limit),
    forget: () => {
      rows = [];
      completeAbove = last;
    },
  };
};
