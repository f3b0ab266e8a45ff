/**
 * What every step leaves: events numbered for the centre, the parts of the state that changed, the input for the
 * recorder; all in one commit. While the store fails, or takes longer than 2 s, events live in a bounded memory outbox
 * under an epoch of their own and say `durable: false`; when it works again they are written first.
 */
import { LANES } from '../core/event.ts';
import type { Event, Lane, LaneHeads } from '../core/event.ts';
import { changedParts } from '../core/parts.ts';
import type { Part } from '../core/parts.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Log } from '../ports/log.ts';
import type { Commit, CommitResult, JournalEntry, Numbering, OutboxRow, Result, Store } from '../ports/store.ts';
import { bodyText, eventBodyOf } from '../protocol/eventBody.ts';
import { codeOf } from '../protocol/eventCodes.ts';
import type { Stepped } from './engine.ts';
import { makeMemoryOutbox } from './memoryOutbox.ts';
import type { MemoryOutbox } from './memoryOutbox.ts';
import { makeRecentRows } from './recentRows.ts';
import type { RecentRows } from './recentRows.ts';
import { RECORDING_FORM, recordedText, traceOf } from './recording.ts';
import type { RecordedLine, RecordingHeader } from './recording.ts';

export type LedgerOptions = {
  readonly site: Site;
  readonly store: Store;
  readonly numbering: Numbering;
  readonly boot: number;
  readonly journalNumber: number;
  readonly outboxDepth: number;
  readonly chainHead: string;
  readonly configHash: string;
  readonly version: string;
  readonly now: () => number;
  /** 16 hexadecimal digits. */
  readonly randomEpoch: () => string;
  readonly log: Log;
  /** Parts that are the shell's own: a write of the whole state has them too. */
  readonly ownParts: () => readonly Part[];
  /** The outbox has grown, or its numbering changed. */
  readonly onOutbox: () => void;
  /** Storage failed, or works again; then rows that were in memory are on disk, with other cursors. */
  readonly onStorage: (failed: boolean, reason: string) => void;
};

/** Runs when the step it belongs to is on disk, or once storage has failed and memory stands in for it. */
export type Committed = (isOnDisk: boolean) => void;

/** Rows, at once where memory has them. */
export type PendingRows = Result<readonly OutboxRow[]> | Promise<Result<readonly OutboxRow[]>>;

type Waiting = {
  readonly entries: readonly JournalEntry[];
  readonly epoch: string;
  readonly since: number;
  /** Its own step's, then those of steps after it that had nothing to store: they tell of its state as well. */
  readonly onCommitted: Committed[];
};

export type Ledger = {
  readonly options: LedgerOptions;
  readonly memory: MemoryOutbox;
  readonly recent: RecentRows;
  /** What the next event takes: ahead of the disk while commits are under way. */
  numbering: Numbering;
  /** The last number of each lane that is on disk, or in memory while storage fails. */
  written: LaneHeads;
  chainHead: string;
  isDegraded: boolean;
  /** Commits asked for and not answered, oldest first. */
  waiting: readonly Waiting[];
  recorded: string[];
  /** Steps taken since the start. */
  steps: number;
  state: State | undefined;
  needsRecording: boolean;
  /** The epoch of memory that the store has begun too. */
  epochBegun: string | undefined;
  limitTimer: NodeJS.Timeout | undefined;
  /** How long the disk took for the whole state when that was last written. */
  wholeStateMs: number;
  recovery: Promise<boolean> | undefined;
  /** The process ends: what can be written is, and nothing begins anew. */
  isEnding: boolean;
};

/** A commit older than this counts as failed. */
const COMMIT_LIMIT_MS = 2_000;
const RETRY_MS = 5_000;
/** A disk that still takes longer is written to each time, but not relied on: it would fail again with the next commit. */
const RECOVERED_COMMIT_MS = 1_000;

/** The config that the stored state belongs to. */
export const CONFIG_PART = 'config';
export const configPart = (hash: string): Part => ({ key: CONFIG_PART, json: JSON.stringify(hash) });

export const makeLedger = (options: LedgerOptions): Ledger => ({
  options,
  memory: makeMemoryOutbox({ site: options.site.config.site, boot: options.boot }),
  recent: makeRecentRows(options.journalNumber, options.outboxDepth === 0),
  numbering: options.numbering,
  written: lastNumbers(options.numbering),
  chainHead: options.chainHead,
  isDegraded: false,
  waiting: [],
  recorded: [],
  steps: 0,
  state: undefined,
  needsRecording: true,
  epochBegun: undefined,
  limitTimer: undefined,
  wholeStateMs: 0,
  recovery: undefined,
  isEnding: false,
});

const lastNumbers = ({ nextSeq }: Numbering): LaneHeads => ({ alarm: nextSeq.alarm - 1, event: nextSeq.event - 1 });

const noteWritten = (ledger: Ledger, entries: readonly JournalEntry[]): void => {
  for (const { delivery } of entries) {
    if (delivery) ledger.written = { ...ledger.written, [delivery.lane]: delivery.seq };
  }
};

// ---- writing a step

/** `own`: parts of the shell's that go to disk with this step, or not at all. */
export const writeStep = (ledger: Ledger, stepped: Stepped, own: readonly Part[], onCommitted: Committed): void => {
  const before = ledger.state;
  ledger.state = stepped.after;
  const entries = stepped.events.map((event) => entryOf(ledger, event));
  const parts = changedParts(ledger.options.site, before, stepped.after);
  record(ledger, stepped, parts);
  if (entries.length === 0 && parts.length === 0) return afterLastCommit(ledger, onCommitted);
  if (ledger.isDegraded) {
    keepInMemory(ledger, entries);
    return onCommitted(false);
  }
  if (before) send(ledger, { entries, parts: [...parts, ...own] }, onCommitted);
  else send(ledger, { entries, parts: [...parts, ...ledger.options.ownParts()], whole: true }, onCommitted);
};

const record = (ledger: Ledger, { now, input, events }: Stepped, parts: readonly Part[]): void => {
  ledger.steps += 1;
  const line: RecordedLine = { step: ledger.steps, at: now, input, ...traceOf(events, parts) };
  ledger.recorded.push(recordedText(line));
};

/** A step that changes nothing durable stands on those before it: nothing is told of them that is not on disk. */
const afterLastCommit = ({ waiting, isDegraded }: Ledger, onCommitted: Committed): void => {
  const last = waiting.at(-1);
  if (last) last.onCommitted.push(onCommitted);
  else onCommitted(!isDegraded);
};

const entryOf = (ledger: Ledger, event: Event): JournalEntry => {
  const { options, isDegraded } = ledger;
  const base = { body: JSON.stringify(event), at: event.at, access: codeOf(event.kind).access };
  const body = eventBodyOf({ site: options.site.config.site, boot: options.boot, durable: !isDegraded }, event);
  return body ? { ...base, delivery: { lane: body.lane, seq: takeSeq(ledger, body.lane), message: bodyText(body) } } : base;
};

const takeSeq = (ledger: Ledger, lane: Lane): number => {
  const { numbering } = ledger;
  const seq = numbering.nextSeq[lane];
  ledger.numbering = { ...numbering, nextSeq: { ...numbering.nextSeq, [lane]: seq + 1 } };
  return seq;
};

const send = (ledger: Ledger, content: Omit<Commit, 'recorded'>, onCommitted: Committed): void => {
  const commit: Waiting = {
    entries: content.entries,
    epoch: ledger.numbering.epoch,
    since: ledger.options.now(),
    onCommitted: [onCommitted],
  };
  ledger.waiting = [...ledger.waiting, commit];
  watchAge(ledger, COMMIT_LIMIT_MS);
  void ledger.options.store.commit({ ...content, ...takeRecorded(ledger) }).then((result) => onResult(ledger, commit, result));
};

const takeRecorded = (ledger: Ledger): Pick<Commit, 'recorded' | 'newRecording'> => {
  const recorded = ledger.recorded;
  ledger.recorded = [];
  if (!ledger.needsRecording || !ledger.state) return { recorded };
  ledger.needsRecording = false;
  return { recorded, newRecording: recordedText(headerOf(ledger, ledger.state)) };
};

const headerOf = ({ options, steps }: Ledger, snapshot: State): RecordingHeader => ({
  recording: RECORDING_FORM,
  version: options.version,
  config: options.configHash,
  boot: options.boot,
  step: steps,
  snapshot,
});

const onResult = (ledger: Ledger, commit: Waiting, result: CommitResult): void => {
  const isWaiting = ledger.waiting.includes(commit);
  ledger.waiting = ledger.waiting.filter((other) => other !== commit);
  if (!result.ok) {
    if (isWaiting) degrade(ledger, result.reason, [commit]);
    return;
  }
  ledger.chainHead = result.chainHead;
  if (result.recordingFull) ledger.needsRecording = true;
  ledger.recent.add(commit.entries, result.journalNumber, commit.epoch);
  if (!isWaiting) return;
  noteWritten(ledger, commit.entries);
  if (commit.entries.some(({ delivery }) => delivery)) ledger.options.onOutbox();
  for (const onCommitted of commit.onCommitted) onCommitted(true);
};

const watchAge = (ledger: Ledger, ms: number): void => {
  if (ledger.limitTimer) return;
  ledger.limitTimer = setTimeout(() => checkAge(ledger), ms);
  ledger.limitTimer.unref();
};

const checkAge = (ledger: Ledger): void => {
  ledger.limitTimer = undefined;
  const [oldest] = ledger.waiting;
  if (!oldest) return;
  const age = ledger.options.now() - oldest.since;
  if (age >= COMMIT_LIMIT_MS) degrade(ledger, 'too-slow', []);
  else watchAge(ledger, COMMIT_LIMIT_MS - age);
};

/** Recorded inputs that found no commit to ride along with. */
export const flushRecorded = async (ledger: Ledger): Promise<void> => {
  if (ledger.recorded.length === 0 || ledger.isDegraded || ledger.waiting.length > 0) return;
  const result = await ledger.options.store.commit({ entries: [], parts: [], ...takeRecorded(ledger) });
  if (result.ok && result.recordingFull) ledger.needsRecording = true;
};

// ---- degraded

/** Everything that is not known to be on disk goes on from memory, under numbers of an epoch of its own. */
const degrade = (ledger: Ledger, reason: string, lost: readonly Waiting[]): void => {
  const moved = [...lost, ...ledger.waiting];
  ledger.waiting = [];
  if (!ledger.isDegraded) beginDegraded(ledger, reason);
  keepInMemory(
    ledger,
    moved.flatMap(({ entries }) => entries).map((entry) => renumbered(ledger, entry)),
  );
  for (const onCommitted of moved.flatMap((commit) => commit.onCommitted)) onCommitted(false);
};

const beginDegraded = (ledger: Ledger, reason: string): void => {
  const { log, randomEpoch, onStorage } = ledger.options;
  log('error', 'storage failed: events are kept in memory until it works again', { reason });
  ledger.isDegraded = true;
  ledger.numbering = {
    epoch: randomEpoch(),
    previousEpoch: ledger.numbering.epoch,
    nextSeq: { alarm: 1, event: 1 },
    acknowledged: { alarm: 0, event: 0 },
  };
  ledger.written = { alarm: 0, event: 0 };
  recoverLater(ledger);
  onStorage(true, reason);
};

const renumbered = (ledger: Ledger, entry: JournalEntry): JournalEntry => {
  if (!entry.delivery) return entry;
  const { lane, message } = entry.delivery;
  return { ...entry, delivery: { lane, seq: takeSeq(ledger, lane), message: notDurable(message) } };
};

/** It was worded for the disk, and is in memory only. */
const notDurable = (message: string): string => JSON.stringify({ ...JSON.parse(message), durable: false });

const keepInMemory = (ledger: Ledger, entries: readonly JournalEntry[]): void => {
  ledger.memory.keep(ledger.numbering.epoch, entries);
  noteWritten(ledger, entries);
  if (entries.some(({ delivery }) => delivery)) ledger.options.onOutbox();
};

const recoverLater = (ledger: Ledger): void => {
  const attempt = async (): Promise<void> => {
    if (!(await recover(ledger)) && !ledger.isEnding) recoverLater(ledger);
  };
  setTimeout(() => void attempt(), RETRY_MS).unref();
};

/** One attempt at a time: two would write the same entries twice. */
export const recover = (ledger: Ledger): Promise<boolean> => {
  ledger.recovery ??= tryRecovery(ledger).finally(() => {
    ledger.recovery = undefined;
  });
  return ledger.recovery;
};

/**
 * State first, then the memory journal under its own epoch. What happens meanwhile is written in further rounds, until
 * the disk has the very state of now.
 */
const tryRecovery = async (ledger: Ledger): Promise<boolean> => {
  let onDisk: State | undefined;
  while (onDisk !== ledger.state || ledger.memory.unwritten().entries.length > 0) {
    onDisk = ledger.state;
    if (!(await writeWholeState(ledger))) return false;
    if (!(await writeMemory(ledger))) return false;
  }
  if (ledger.isEnding || ledger.wholeStateMs >= RECOVERED_COMMIT_MS) return false;
  finishRecovery(ledger);
  return true;
};

/** Also what the centre has already: the numbers of the epoch must be on disk before they are given on. */
const writeMemory = async (ledger: Ledger): Promise<boolean> => {
  const { memory, options } = ledger;
  if (!(await beginMemoryEpoch(ledger))) return false;
  const { entries, upTo } = memory.unwritten();
  if (entries.length === 0) return true;
  const result = await options.store.commit({ entries, parts: [], recorded: [] });
  if (!result.ok) return false;
  ledger.chainHead = result.chainHead;
  memory.written(upTo);
  return true;
};

const writeWholeState = async (ledger: Ledger): Promise<boolean> => {
  if (!ledger.state) return false;
  const parts = [...changedParts(ledger.options.site, undefined, ledger.state), ...ledger.options.ownParts()];
  const since = ledger.options.now();
  const result = await ledger.options.store.commit({ entries: [], parts, whole: true, ...takeRecorded(ledger) });
  ledger.wholeStateMs = ledger.options.now() - since;
  return result.ok;
};

const beginMemoryEpoch = async (ledger: Ledger): Promise<boolean> => {
  const { epoch } = ledger.numbering;
  if (ledger.epochBegun === epoch) return true;
  const begun = await ledger.options.store.newEpoch({ epoch, pending: 'keep' });
  if (begun.ok) ledger.epochBegun = epoch;
  return begun.ok;
};

const finishRecovery = (ledger: Ledger): void => {
  const { log, onOutbox, onStorage } = ledger.options;
  const { epoch, acknowledged } = ledger.numbering;
  for (const lane of LANES) void acknowledgeOnDisk(ledger, epoch, lane, acknowledged[lane]);
  ledger.isDegraded = false;
  ledger.memory.clear();
  ledger.recent.forget();
  log('info', 'storage works again: what was kept in memory is on disk', { lost: ledger.memory.lost() });
  onOutbox();
  onStorage(false, '');
};

// ---- the outbox as the path sees it

export type OutboxHeads = Pick<Numbering, 'epoch' | 'previousEpoch' | 'acknowledged'> & { readonly heads: LaneHeads };

export const outboxHeads = ({ numbering, written }: Ledger): OutboxHeads => ({ ...numbering, heads: written });

export const pendingRows = (ledger: Ledger, lane: Lane, after: number, limit: number): PendingRows => {
  if (ledger.memory.isOwn(after)) return { ok: true, value: ledger.memory.rows(lane, after, limit) };
  const known = ledger.isDegraded ? undefined : ledger.recent.rows(lane, after, limit);
  return known ? { ok: true, value: known } : pendingOnDisk(ledger, lane, after, limit);
};

const pendingOnDisk = async (ledger: Ledger, lane: Lane, after: number, limit: number): Promise<Result<readonly OutboxRow[]>> => {
  const fromStore = await ledger.options.store.pending(lane, after, limit);
  if (!ledger.isDegraded) return fromStore;
  // Memory keeps what it has written until all is well: those rows are not sent twice.
  const rows = fromStore.ok ? fromStore.value.filter(({ epoch }) => epoch !== ledger.numbering.epoch) : [];
  return { ok: true, value: [...rows, ...ledger.memory.rows(lane, after, limit - rows.length)] };
};

export const acknowledgeRows = async (ledger: Ledger, epoch: string, lane: Lane, seq: number): Promise<void> => {
  const { numbering } = ledger;
  ledger.memory.acknowledge(epoch, lane, seq);
  const isOurs = epoch === numbering.epoch;
  if (isOurs) ledger.numbering = { ...numbering, acknowledged: { ...numbering.acknowledged, [lane]: seq } };
  // While the numbers are in memory alone, the disk hears of it when it has them.
  if (isOurs && ledger.isDegraded) return;
  await acknowledgeOnDisk(ledger, epoch, lane, seq);
};

const acknowledgeOnDisk = async ({ options }: Ledger, epoch: string, lane: Lane, seq: number): Promise<void> => {
  if (seq === 0) return;
  const result = await options.store.acknowledge(epoch, lane, seq);
  if (!result.ok) options.log('warn', 'an acknowledgement could not be stored', { reason: result.reason, lane, seq });
};

/** The centre knows numbers that we never gave: what is pending is numbered anew. */
export const beginNewEpoch = async (ledger: Ledger): Promise<void> => {
  if (ledger.isDegraded) return;
  const begun = await ledger.options.store.newEpoch({ epoch: ledger.options.randomEpoch(), pending: 'renumber' });
  if (!begun.ok) return;
  ledger.numbering = begun.value;
  ledger.written = lastNumbers(begun.value);
  ledger.recent.forget();
  ledger.options.onOutbox();
};
