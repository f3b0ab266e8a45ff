/** The store without a disk: same contract as the real one, over a `MemoryDisk` that tests can hold, fail and cut. */
import type { Lane } from '../../core/event.ts';
import type { Wall } from '../../core/time.ts';
import type {
  AcknowledgeResult,
  Commit,
  CommitRefusal,
  CommitResult,
  JournalEntry,
  JournalRecord,
  NewEpoch,
  Numbering,
  OpenResult,
  OutboxRow,
  Restored,
  Result,
  Store,
  StoreHealth,
  VerifyResult,
} from '../../ports/store.ts';
import { type Sha256, chainPlaceAtStart, fromHex, linkFault, nextHead, recordHash, toHex } from '../../protocol/chain.ts';
import { type MemoryDisk, type MemoryImage, epochOf, inLane, newImage, numberingOf } from './memoryDisk.ts';

export type MemoryStoreOptions = {
  readonly disk: MemoryDisk;
  readonly sha256: Sha256;
  readonly randomBytes: (count: number) => Uint8Array;
};

const headOf = ({ journal }: MemoryImage): string => journal.at(-1)?.head ?? chainPlaceAtStart.head ?? '';

// ---- one transaction

const recordOf = (options: MemoryStoreOptions, image: MemoryImage, { body, at, access }: JournalEntry): JournalRecord => {
  const salt = options.randomBytes(16);
  const hash = recordHash(options.sha256, salt, body);
  const before = fromHex(headOf(image)) ?? new Uint8Array(32);
  const head = toHex(nextHead(options.sha256, before, access, hash));
  return { number: image.journal.length + 1, at, access, salt: toHex(salt), body, recordHash: toHex(hash), head };
};

const outboxRowOf = (image: MemoryImage, number: number, entry: JournalEntry): readonly OutboxRow[] =>
  entry.delivery ? [{ ...entry.delivery, number, epoch: epochOf(image), form: 'message' }] : [];

const appendEntry = (options: MemoryStoreOptions, image: MemoryImage, entry: JournalEntry): void => {
  const record = recordOf(options, image, entry);
  image.journal.push(record);
  image.outbox = [...image.outbox, ...outboxRowOf(image, record.number, entry)];
  if (entry.delivery) image.nextSeq = { ...image.nextSeq, [entry.delivery.lane]: entry.delivery.seq + 1 };
};

const isInOrder = ({ nextSeq }: MemoryImage, { entries }: Commit): boolean => {
  const next: Record<Lane, number> = { ...nextSeq };
  for (const { delivery } of entries) {
    if (!delivery) continue;
    if (delivery.seq < next[delivery.lane]) return false;
    next[delivery.lane] = delivery.seq + 1;
  }
  return true;
};

const applyCommit = (options: MemoryStoreOptions, image: MemoryImage, commit: Commit): void => {
  const parts = commit.parts.map(({ key, json }) => [key, json] as const);
  image.parts = new Map(commit.whole === true ? parts : [...image.parts, ...parts]);
  image.whole ||= commit.whole === true;
  for (const entry of commit.entries) appendEntry(options, image, entry);
};

const applyAcknowledge = (image: MemoryImage, epoch: string, lane: Lane, seq: number): AcknowledgeResult => {
  if (!image.epochs.includes(epoch)) return { ok: false, reason: 'unknown-epoch' };
  const isCurrent = epoch === epochOf(image);
  if (isCurrent && seq >= image.nextSeq[lane]) return { ok: false, reason: 'beyond-sent' };
  const kept = image.outbox.filter((row) => row.lane !== lane || row.epoch !== epoch || row.seq > seq);
  const removed = image.outbox.length - kept.length;
  image.outbox = kept;
  if (isCurrent) image.acknowledged = { ...image.acknowledged, [lane]: Math.max(image.acknowledged[lane], seq) };
  return { ok: true, removed };
};

const applyNewEpoch = (image: MemoryImage, { epoch, pending }: NewEpoch): Numbering => {
  image.epochs = [...image.epochs, epoch];
  image.acknowledged = { alarm: 0, event: 0 };
  const next: Record<Lane, number> = { alarm: 1, event: 1 };
  if (pending === 'renumber') image.outbox = image.outbox.map((row) => ({ ...row, epoch, seq: next[row.lane]++ }));
  image.nextSeq = next;
  return numberingOf(image);
};

const nameless = (message: string): string => {
  const { user: _user, operator: _operator, detail: _detail, ...rest } = JSON.parse(message) as Readonly<Record<string, unknown>>;
  return JSON.stringify(rest);
};

const applyPurge = (image: MemoryImage, before: Wall): number => {
  const { journal } = image;
  const purgeable = journal.filter((record) => record.access && record.body !== undefined && record.at < before);
  for (const record of purgeable) journal[record.number - 1] = { ...record, salt: undefined, body: undefined };
  const numbers = new Set(purgeable.map(({ number }) => number));
  image.outbox = image.outbox.map((row) => (numbers.has(row.number) ? { ...row, message: nameless(row.message) } : row));
  return purgeable.length;
};

const verifyImage = (sha256: Sha256, { journal }: MemoryImage): VerifyResult => {
  let place = chainPlaceAtStart;
  for (const record of journal) {
    const reason = linkFault(sha256, place, record);
    if (reason) return { ok: false, reason, number: record.number };
    place = record;
  }
  const purged = journal.filter(({ body }) => body === undefined).length;
  return { ok: true, records: journal.length, purged, head: place.head ?? '', gaps: [] };
};

// ---- the store

type Session = {
  readonly options: MemoryStoreOptions;
  readonly disk: MemoryDisk;
  readonly image: MemoryImage;
  readonly owner: symbol;
  waiting: (() => void)[];
  wholeNeeded: boolean;
  transactions: number;
  saveFailures: number;
  closed: boolean;
};

type Failed = Extract<Result<never>, { ok: false }>;

const release = (session: Session): void => {
  if (session.disk.held) return;
  const acts = session.waiting;
  session.waiting = [];
  for (const act of acts) act();
};

/** Runs later, in order, unless the power is cut first: then it never resolves. */
const later = <T>(session: Session, act: () => T): Promise<T> =>
  new Promise((resolve) => {
    session.waiting.push(() => (session.disk.owner === session.owner || session.closed ? resolve(act()) : undefined));
    queueMicrotask(() => release(session));
  });

const failureOf = ({ closed, disk }: Session): Failed | undefined => {
  if (closed) return { ok: false, reason: 'closed' };
  return disk.failure ? { ok: false, reason: disk.failure } : undefined;
};

const written = <T>(session: Session, act: (image: MemoryImage) => T): Promise<Result<T>> =>
  later(session, () => {
    const failed = failureOf(session);
    if (failed) return failed;
    session.transactions += 1;
    return { ok: true, value: act(session.image) };
  });

const hasState = ({ entries, parts, whole }: Commit): boolean => entries.length + parts.length > 0 || whole === true;

const refusalOf = (session: Session, commit: Commit): CommitRefusal | undefined => {
  const failed = failureOf(session);
  if (failed) return failed.reason;
  if (session.wholeNeeded && commit.whole !== true && hasState(commit)) return 'whole-needed';
  return isInOrder(session.image, commit) ? undefined : 'out-of-order';
};

const record = (disk: MemoryDisk, { recorded, newRecording }: Commit): void => {
  disk.recording.push(...recorded);
  if (newRecording !== undefined) disk.recording = [newRecording];
};

const commitNow = (session: Session, commit: Commit): CommitResult => {
  const { image, disk } = session;
  const reason = refusalOf(session, commit);
  if (reason) {
    session.wholeNeeded ||= hasState(commit);
    return { ok: false, reason, applied: 'no' };
  }
  if (commit.whole === true) session.wholeNeeded = false;
  applyCommit(session.options, image, commit);
  record(disk, commit);
  session.transactions += 1;
  return {
    ok: true,
    journalNumber: image.journal.length,
    chainHead: headOf(image),
    recordingFull: disk.recording.length === 0,
  };
};

const save = async (session: Session, act: () => void): Promise<Result<undefined>> => {
  const failed = failureOf(session);
  if (failed) session.saveFailures += 1;
  else if (session.disk.owner === session.owner) act();
  return failed ?? { ok: true, value: undefined };
};

const read = async <T>({ closed, image }: Session, value: (image: MemoryImage) => T): Promise<Result<T>> =>
  closed ? { ok: false, reason: 'closed' } : { ok: true, value: value(image) };

const healthOf = ({ image, disk, waiting, transactions, saveFailures }: Session): StoreHealth => ({
  databaseBytes: image.journal.length * 500,
  freeBytes: disk.failure === 'disk-full' ? 0 : 1e9,
  outboxDepth: image.outbox.length,
  journalNumber: image.journal.length,
  chainHead: headOf(image),
  queued: waiting.length,
  transactions,
  recordedDropped: 0,
  saveFailures,
  failing: disk.failure,
});

const close = async (session: Session): Promise<void> => {
  await later(session, () => undefined);
  session.closed = true;
  if (session.disk.owner === session.owner) session.disk.owner = undefined;
};

const pendingIn = (image: MemoryImage, lane: Lane, after: number, limit: number): readonly OutboxRow[] =>
  inLane(image, lane)
    .filter((row) => row.number > after)
    .slice(0, limit);

const storeOf = (session: Session): Store => {
  const { disk } = session;
  disk.resume = () => {
    disk.held = false;
    release(session);
  };
  return {
    commit: (commit) => later(session, () => commitNow(session, commit)),
    acknowledge: async (epoch, lane, seq) => {
      const result = await written(session, (image) => applyAcknowledge(image, epoch, lane, seq));
      return result.ok ? result.value : result;
    },
    pending: (lane, after, limit) => read(session, (image) => pendingIn(image, lane, after, limit)),
    newEpoch: (change) => written(session, (image) => applyNewEpoch(image, change)),
    saveClock: (clock) => save(session, () => void (disk.clock = clock)),
    mirror: (json) => save(session, () => void (disk.mirror = json)),
    purgeAccess: (before) => written(session, (image) => applyPurge(image, before)),
    journal: (from, limit) => read(session, ({ journal }) => journal.filter(({ number }) => number >= from).slice(0, limit)),
    verify: async () => (session.closed ? { ok: false, reason: 'closed' } : verifyImage(session.options.sha256, session.image)),
    health: async () => healthOf(session),
    thread: () => undefined,
    close: () => close(session),
  };
};

const foundIn = (image: MemoryImage, { clock, mirror }: MemoryDisk): Restored['found'] => {
  if (image.whole) return 'state';
  if (image.journal.length > 0) return 'recovered-from-journal';
  if (mirror !== undefined) return 'mirror-only';
  return clock ? 'nothing-readable' : 'fresh';
};

/** An `image` that a test takes away is a database that was lost. */
export const openMemoryStore = async (options: MemoryStoreOptions): Promise<OpenResult> => {
  const { disk } = options;
  if (disk.owner) return { ok: false, reason: 'locked' };
  const owner = Symbol('store');
  const isNew = disk.image === undefined;
  const traces = disk.clock !== undefined || disk.mirror !== undefined;
  const image = disk.image ?? newImage(toHex(options.randomBytes(8)));
  disk.owner = owner;
  disk.image = image;
  image.boot += 1;
  const restored: Restored = {
    ...numberingOf(image),
    found: foundIn(image, disk),
    problems: isNew && traces ? ['database-missing'] : [],
    parts: image.parts,
    outboxDepth: image.outbox.length,
    boot: image.boot,
    journalNumber: image.journal.length,
    chainHead: headOf(image),
    clock: disk.clock,
    mirror: disk.mirror,
  };
  const session: Session = {
    options,
    disk,
    image,
    owner,
    waiting: [],
    wholeNeeded: !image.whole,
    transactions: 0,
    saveFailures: 0,
    closed: false,
  };
  return { ok: true, store: storeOf(session), restored };
};
