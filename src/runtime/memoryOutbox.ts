/**
 * Stands in for journal and outbox while the disk fails. Bounded, and without holes in the numbers: what has to go leaves
 * one `dropped` record for a whole run of its lane, under the run's last number. What costs least goes first: rows that
 * the disk or the centre has as well, then the oldest of lesser urgency, then the oldest alarms. A row that was *handed
 * out* may be on its way, so its number never comes to mean something else.
 */
import type { Event, Lane } from '../core/event.ts';
import type { JournalEntry, OutboxRow } from '../ports/store.ts';
import { bodyText, droppedBody } from '../protocol/eventBody.ts';
import type { Sender } from '../protocol/eventBody.ts';

type Delivered = JournalEntry & { readonly delivery: NonNullable<JournalEntry['delivery']> };

type Kept = {
  readonly cursor: number;
  readonly epoch: string;
  readonly entry: JournalEntry;
  readonly acknowledged: boolean;
  readonly handedOut: boolean;
  /** The run's first number, for a record that stands for dropped ones. */
  readonly droppedFrom?: number;
};

/** Entries not yet on disk, oldest first, and the mark to give back once they are. */
export type Unwritten = { readonly entries: readonly JournalEntry[]; readonly upTo: number };

export type MemoryOutbox = {
  readonly keep: (epoch: string, entries: readonly JournalEntry[]) => void;
  /** The cursor is one that this outbox gave. */
  readonly isOwn: (cursor: number) => boolean;
  /** Hands out rows for sending. */
  readonly rows: (lane: Lane, after: number, limit: number) => readonly OutboxRow[];
  readonly acknowledge: (epoch: string, lane: Lane, seq: number) => void;
  readonly unwritten: () => Unwritten;
  readonly written: (upTo: number) => void;
  readonly clear: () => void;
  /** Entries that are lost, since this outbox was made. */
  readonly lost: () => number;
};

const ENTRIES_MAX = 20_000;
/** Cursors above every journal number: rows of memory come after rows of the disk. */
const CURSOR_BASE = 2 ** 50;

type Memory = { readonly sender: Sender; kept: Kept[]; nextCursor: number; writtenUpTo: number; lostCount: number };

export const makeMemoryOutbox = (sender: Omit<Sender, 'durable'>, entriesMax = ENTRIES_MAX): MemoryOutbox => {
  const memory: Memory = {
    sender: { ...sender, durable: false },
    kept: [],
    nextCursor: CURSOR_BASE + 1,
    writtenUpTo: CURSOR_BASE,
    lostCount: 0,
  };
  return {
    keep: (epoch, entries) => {
      for (const entry of entries) {
        memory.kept.push({ cursor: memory.nextCursor++, epoch, entry, acknowledged: false, handedOut: false });
      }
      while (memory.kept.length > entriesMax) dropOne(memory);
    },
    isOwn: (cursor) => cursor >= CURSOR_BASE,
    rows: (lane, after, limit) => handOut(memory, lane, after, limit),
    acknowledge: (epoch, lane, seq) => {
      const isTheirs = (one: Kept): boolean =>
        one.epoch === epoch && one.entry.delivery?.lane === lane && one.entry.delivery.seq <= seq;
      memory.kept = memory.kept.map((one) => (isTheirs(one) ? { ...one, acknowledged: true } : one));
    },
    unwritten: () => {
      const unwritten = memory.kept.filter(({ cursor }) => cursor > memory.writtenUpTo);
      return { entries: unwritten.map(({ entry }) => entry), upTo: unwritten.at(-1)?.cursor ?? memory.writtenUpTo };
    },
    written: (upTo) => {
      memory.writtenUpTo = upTo;
    },
    clear: () => {
      memory.kept = [];
    },
    lost: () => memory.lostCount,
  };
};

const handOut = (memory: Memory, lane: Lane, after: number, limit: number): readonly OutboxRow[] => {
  const given = memory.kept
    .filter(({ cursor, entry, acknowledged }) => cursor > after && !acknowledged && entry.delivery?.lane === lane)
    .slice(0, Math.max(0, limit));
  const cursors = new Set(given.map(({ cursor }) => cursor));
  memory.kept = memory.kept.map((one) => (cursors.has(one.cursor) ? { ...one, handedOut: true } : one));
  return given.flatMap(({ cursor, epoch, entry }) =>
    entry.delivery ? [{ number: cursor, epoch, form: 'message', ...entry.delivery }] : [],
  );
};

// ---- dropping

const dropOne = (memory: Memory): void => {
  const index = Math.max(0, indexToDrop(memory));
  const victim = memory.kept[index];
  memory.kept.splice(index, 1);
  if (!victim || isElsewhere(memory, victim)) return;
  memory.lostCount += 1;
  if (isDelivered(victim.entry) && !victim.handedOut) standIn(memory, index, victim, victim.entry);
};

const isElsewhere = ({ writtenUpTo }: Memory, { acknowledged, cursor }: Kept): boolean => acknowledged || cursor <= writtenUpTo;

const isDelivered = (entry: JournalEntry): entry is Delivered => entry.delivery !== undefined;

const isFree = ({ handedOut, droppedFrom }: Kept): boolean => !handedOut && droppedFrom === undefined;

const indexToDrop = (memory: Memory): number => {
  const { kept } = memory;
  const elsewhere = kept.findIndex((one) => isElsewhere(memory, one));
  if (elsewhere !== -1) return elsewhere;
  const lesser = kept.findIndex((one) => isFree(one) && one.entry.delivery?.lane !== 'alarm');
  return lesser === -1 ? kept.findIndex(isFree) : lesser;
};

/** Puts a record in the victim's place, or lengthens the run that ends just before it. */
const standIn = (memory: Memory, index: number, victim: Kept, entry: Delivered): void => {
  const { lane, seq } = entry.delivery;
  const runIndex = memory.kept.findIndex(
    (one) => one.droppedFrom !== undefined && !one.handedOut && one.epoch === victim.epoch && isJustBefore(one, lane, seq),
  );
  const from = memory.kept[runIndex]?.droppedFrom ?? seq;
  memory.kept.splice(index, 0, { ...victim, entry: droppedEntry(memory.sender, entry, from), droppedFrom: from });
  if (runIndex !== -1) memory.kept.splice(runIndex, 1);
};

const isJustBefore = ({ entry }: Kept, lane: Lane, seq: number): boolean =>
  entry.delivery?.lane === lane && entry.delivery.seq === seq - 1;

const droppedEntry = (sender: Sender, { at, delivery }: Delivered, from: number): JournalEntry => {
  const { lane, seq } = delivery;
  const detail = { lane, from, to: seq, count: seq - from + 1, reason: 'memory-full' };
  const event: Omit<Event, 'mono'> = { kind: 'dropped', at, atQuality: 'unsynchronised', exercise: false, detail };
  const message = bodyText(droppedBody(sender, detail, at));
  return { body: JSON.stringify(event), at, access: false, delivery: { lane, seq, message } };
};
