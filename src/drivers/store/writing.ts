/** What is written: commits, acknowledgements, new epochs. The `apply…` functions run within a transaction. */
import { randomBytes } from 'node:crypto';

import type { Lane } from '../../core/event.ts';
import type { Commit, JournalEntry, NewEpoch, Numbering } from '../../ports/store.ts';
import { SALT_BYTES, nextHead, recordHash, toHex } from '../../protocol/chain.ts';
import { type Counters, type Epoch, addEpoch, numberingOf } from './counters.ts';
import { type Ledger, sha256, transact } from './ledger.ts';
import type { Work, WorkResult } from './requests.ts';
import { type Connection, integerOf } from './sqlite.ts';

export const INSERT_JOURNAL =
  'INSERT INTO journal (number, at, access, lane, seq, salt, body, record, head) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
export const INSERT_OUTBOX = 'INSERT INTO outbox (lane, number, epoch, seq, form, message) VALUES (?, ?, ?, ?, ?, ?)';

const appendEntry = (connection: Connection, counters: Counters, entry: JournalEntry): Counters => {
  const { body, at, access, delivery } = entry;
  const number = counters.number + 1;
  const salt = randomBytes(SALT_BYTES);
  const record = recordHash(sha256, salt, body);
  const head = nextHead(sha256, counters.head, access, record);
  const lane = delivery?.lane ?? null;
  // Whole milliseconds: what is not a whole number would be read as damage at the next start.
  connection.run(INSERT_JOURNAL, number, Math.round(at), access ? 1 : 0, lane, delivery?.seq ?? null, salt, body, record, head);
  if (!delivery) return { ...counters, number, head };
  connection.run(INSERT_OUTBOX, delivery.lane, number, counters.epoch, delivery.seq, 'message', delivery.message);
  return { ...counters, number, head, next: { ...counters.next, [delivery.lane]: delivery.seq + 1 } };
};

const writeParts = (connection: Connection, { parts, whole }: Commit): void => {
  if (whole === true) connection.run('DELETE FROM part');
  for (const { key, json } of parts) connection.run('INSERT OR REPLACE INTO part (key, json) VALUES (?, ?)', key, json);
};

const applyCommit = (connection: Connection, counters: Counters, commit: Commit): Counters => {
  writeParts(connection, commit);
  const before = commit.whole === true ? { ...counters, whole: true } : counters;
  return commit.entries.reduce((now, entry) => appendEntry(connection, now, entry), before);
};

// ---- acknowledge

type Acknowledged =
  | { readonly ok: true; readonly counters: Counters; readonly removed: number }
  | { readonly ok: false; readonly reason: 'beyond-sent' | 'unknown-epoch' };

const FIRST_UNACKNOWLEDGED = 'SELECT number FROM outbox WHERE lane = ? AND epoch = ? AND seq > ? ORDER BY number LIMIT 1';

/** Bounded by what it removes: rows stand in the order of their numbers, so it never reads the rest of a long outbox. */
const removeUpTo = (connection: Connection, lane: Lane, epoch: number, seq: number): number => {
  const [first] = connection.all(FIRST_UNACKNOWLEDGED, lane, epoch, seq);
  const end = first ? integerOf(first, 'number') : Number.MAX_SAFE_INTEGER;
  return connection.run('DELETE FROM outbox WHERE lane = ? AND number < ? AND epoch = ?', lane, end, epoch);
};

const applyAcknowledge = (
  ledger: Ledger,
  counters: Counters,
  { epoch: id, lane, seq }: { readonly epoch: string; readonly lane: Lane; readonly seq: number },
): Acknowledged => {
  const epoch = ledger.epochs.find((known) => known.id === id);
  if (!epoch) return { ok: false, reason: 'unknown-epoch' };
  if (epoch.ordinal !== counters.epoch) {
    return { ok: true, counters, removed: removeUpTo(ledger.connection, lane, epoch.ordinal, seq) };
  }
  if (seq >= counters.next[lane]) return { ok: false, reason: 'beyond-sent' };
  const removed = removeUpTo(ledger.connection, lane, epoch.ordinal, seq);
  const acked = { ...counters.acked, [lane]: Math.max(counters.acked[lane], seq) };
  return { ok: true, counters: { ...counters, acked }, removed };
};

// ---- new epoch

const renumberLane = (connection: Connection, lane: Lane, epoch: number): number => {
  const rows = connection.all('SELECT number FROM outbox WHERE lane = ? ORDER BY number', lane);
  rows.forEach((row, index) => {
    const number = integerOf(row, 'number');
    connection.run('UPDATE outbox SET epoch = ?, seq = ? WHERE lane = ? AND number = ?', epoch, index + 1, lane, number);
    connection.run('UPDATE journal SET seq = ? WHERE number = ?', index + 1, number);
  });
  return rows.length + 1;
};

/** All that is pending takes numbers from 1 in `counters.epoch`. */
export const renumber = (connection: Connection, counters: Counters): Counters => ({
  ...counters,
  next: {
    alarm: renumberLane(connection, 'alarm', counters.epoch),
    event: renumberLane(connection, 'event', counters.epoch),
  },
  acked: { alarm: 0, event: 0 },
});

export const newEpoch = (ledger: Ledger, { epoch: id, pending }: NewEpoch): Numbering => {
  const epoch: Epoch = { ordinal: ledger.counters.epoch + 1, id, since: ledger.counters.number + 1 };
  transact(ledger, (connection) => {
    addEpoch(connection, epoch);
    const counters: Counters = {
      ...ledger.counters,
      epoch: epoch.ordinal,
      next: { alarm: 1, event: 1 },
      acked: { alarm: 0, event: 0 },
    };
    return [pending === 'renumber' ? renumber(connection, counters) : counters, undefined];
  });
  ledger.epochs = [...ledger.epochs, epoch];
  return numberingOf(ledger.counters, ledger.epochs);
};

// ---- purge

const PURGEABLE = 'SELECT number FROM journal WHERE access = 1 AND body IS NOT NULL AND at < ? LIMIT 1';
const PURGE = `UPDATE journal SET salt = NULL, body = NULL WHERE number IN
   (SELECT number FROM journal WHERE access = 1 AND body IS NOT NULL AND at < ? LIMIT ?)`;

/** What the centre has never acknowledged goes on waiting for it, and names nobody any more. */
const PURGE_OUTBOX = `UPDATE outbox SET message = json_remove(message, '$.user', '$.operator', '$.detail')
   WHERE json_valid(message) AND number IN (SELECT number FROM journal WHERE access = 1 AND body IS NULL)`;

/** Most times there is nothing, and then the disk has nothing to do. */
export const purge = (ledger: Ledger, before: number, limit: number): number => {
  if (ledger.connection.all(PURGEABLE, before).length === 0) return 0;
  return transact(ledger, (connection) => {
    const purged = connection.run(PURGE, before, limit);
    connection.run(PURGE_OUTBOX);
    return [ledger.counters, purged];
  });
};

// ---- one batch

const applyWork = (ledger: Ledger, counters: Counters, work: Work): readonly [Counters, WorkResult] => {
  if (work.kind === 'commit') {
    const after = applyCommit(ledger.connection, counters, work.commit);
    return [after, { kind: 'committed', journalNumber: after.number, chainHead: toHex(after.head), recordingFull: false }];
  }
  const acknowledged = applyAcknowledge(ledger, counters, work);
  if (!acknowledged.ok) return [counters, { kind: 'refused', reason: acknowledged.reason }];
  return [acknowledged.counters, { kind: 'acknowledged', removed: acknowledged.removed }];
};

/** All of it in one transaction, or none. */
export const applyBatch = (ledger: Ledger, batch: readonly Work[]): readonly WorkResult[] =>
  transact(ledger, () => {
    let counters = ledger.counters;
    const results = batch.map((work) => {
      const [after, result] = applyWork(ledger, counters, work);
      counters = after;
      return result;
    });
    return [counters, results];
  });
