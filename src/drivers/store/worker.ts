/** The thread that holds the database: one request at a time, each with one answer. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';

import { toHex } from '../../protocol/chain.ts';
import { explained, failureOf } from './failure.ts';
import { type Ledger, TransactionFailed } from './ledger.ts';
import { openDatabase } from './opening.ts';
import { outboxDepth, readJournal, readPending } from './reading.ts';
import { type Recorder, openRecorder } from './recorder.ts';
import { removeOld } from './old.ts';
import { mendFirstPage, repair } from './repair.ts';
import {
  type Answer,
  type CallName,
  type Calls,
  END,
  type OpenRequest,
  type Reply,
  type Request,
  type Work,
  type WorkResult,
  type WorkerHealth,
} from './requests.ts';
import { inDisk, showTurns } from './signs.ts';
import { verifyChunk } from './verifying.ts';
import { applyBatch, newEpoch, purge } from './writing.ts';

type Session = { readonly folder: string; readonly ledger: Ledger; readonly recorder: Recorder };

let session: Session | undefined;
let folder = '.';

const opened = (): Session => {
  if (!session) throw new Error('no database is open');
  return session;
};

const open = (request: OpenRequest): Calls['open'][1] => {
  folder = request.folder;
  const { opened: answer, ledger } = openDatabase(request);
  if (ledger) session = { folder, ledger, recorder: openRecorder(join(folder, 'recorder')) };
  return answer;
};

const record = (recorder: Recorder, work: Work): void => {
  if (work.kind !== 'commit') return;
  recorder.append(work.commit.recorded);
  if (work.commit.newRecording !== undefined) recorder.begin(work.commit.newRecording);
};

const hasLedgerWork = (work: Work): boolean =>
  work.kind === 'acknowledge' || work.commit.entries.length > 0 || work.commit.parts.length > 0 || work.commit.whole === true;

/** Recordings alone are not worth a transaction. */
const unchanged = ({ counters }: Ledger): WorkResult => ({
  kind: 'committed',
  journalNumber: counters.number,
  chainHead: toHex(counters.head),
  recordingFull: false,
});

const batch = (works: readonly Work[]): readonly WorkResult[] => {
  const { ledger, recorder } = opened();
  const results = works.some(hasLedgerWork) ? applyBatch(ledger, works) : works.map(() => unchanged(ledger));
  for (const work of works) inDisk(() => record(recorder, work));
  const recordingFull = recorder.isFull();
  return results.map((result) => (result.kind === 'committed' ? { ...result, recordingFull } : result));
};

const health = (): WorkerHealth => {
  const { ledger, recorder } = opened();
  const bytes = ['', '-wal'].map((suffix) => statSync(ledger.path + suffix, { throwIfNoEntry: false })?.size ?? 0);
  return {
    databaseBytes: bytes.reduce((sum, size) => sum + size, 0),
    outboxDepth: outboxDepth(ledger),
    journalNumber: ledger.counters.number,
    chainHead: toHex(ledger.counters.head),
    recordedDropped: recorder.dropped(),
  };
};

const checkpoint = ({ connection }: Ledger): void => void connection.all('PRAGMA wal_checkpoint(TRUNCATE)');

/** What was purged must not stay readable in the log. */
const purgeAll = ({ before, limit }: Calls['purge'][0]): number => {
  const { ledger } = opened();
  const purged = purge(ledger, before, limit);
  if (purged > 0) checkpoint(ledger);
  if (purged < limit) inDisk(() => removeOld(folder, before));
  return purged;
};

const handlers: { readonly [K in CallName]: (argument: Calls[K][0]) => Calls[K][1] } = {
  open: (request) => inDisk(() => open(request)),
  mend: ({ folder: of }) => inDisk(() => mendFirstPage(of)),
  repair: (request) => {
    folder = request.folder;
    return inDisk(() => repair(request));
  },
  batch,
  pending: ({ lane, after, limit }) => readPending(opened().ledger, lane, after, limit),
  journal: ({ from, limit }) => readJournal(opened().ledger, from, limit),
  verify: (chunk) => verifyChunk(opened().ledger, chunk),
  newEpoch: (change) => newEpoch(opened().ledger, change),
  purge: purgeAll,
  health,
  finish: () => {
    checkpoint(opened().ledger);
    rmSync(join(folder, 'probe.tmp'), { force: true });
    return undefined;
  },
};

const answered = (work: () => unknown): Answer<unknown> => {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const failed = error instanceof TransactionFailed ? error : undefined;
    return { ok: false, reason: explained(failureOf(failed ? failed.cause : error), folder), applied: failed?.applied ?? 'no' };
  }
};

const answer = <K extends CallName>(name: K, argument: Calls[K][0]): Answer<unknown> => answered(() => handlers[name](argument));

showTurns();
parentPort?.on('message', (message: Request | typeof END) => {
  if (message === END) return parentPort?.close();
  const { id, name, argument } = message;
  const reply: Reply = { id, answer: answer(name, argument) };
  parentPort?.postMessage(reply);
});
