/** Opening the database: made, migrated, checked, and the start counted. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { toHex } from '../../protocol/chain.ts';
import { COUNTERS_AT_START, addEpoch, numberingOf, readCounters, readEpochs, writeCounters } from './counters.ts';
import { DATABASE, type Ledger, transact } from './ledger.ts';
import { outboxDepth, readGaps, readJournal, readParts } from './reading.ts';
import type { Limits, OpenRequest, Opened } from './requests.ts';
import { migrate } from './schema.ts';
import { type Connection, UnexpectedColumn, connect, textOf } from './sqlite.ts';

const configure = (connection: Connection, { maxPages }: Limits): void => {
  connection.exec(
    `PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
     PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -2000;`,
  );
  if (maxPages > 0) connection.exec(`PRAGMA max_page_count = ${maxPages}`);
};

const SMALL_BYTES = 32 * 1024 * 1024;
const TAIL_RECORDS = 64;

const assertChecked = (connection: Connection, pragma: string): void => {
  const [row] = connection.all(`PRAGMA ${pragma}`);
  if (!row || textOf(row, 'quick_check') !== 'ok') throw new UnexpectedColumn(pragma);
};

/** All pages of a small database; of a large one what is needed to run, so that a start does not take minutes. */
const assertSound = (ledger: Ledger, thorough: boolean): void => {
  const { connection, counters } = ledger;
  if (thorough || statSync(ledger.path).size < SMALL_BYTES) assertChecked(connection, 'quick_check(1)');
  else for (const table of ['counters', 'epoch', 'part', 'outbox', 'gap']) assertChecked(connection, `quick_check('${table}')`);
  const tail = readJournal(ledger, Math.max(1, counters.number - TAIL_RECORDS + 1), TAIL_RECORDS);
  const last = tail.at(-1)?.number ?? readGaps(ledger).at(-1)?.to ?? 0;
  if (last > counters.number) throw new UnexpectedColumn('journal');
};

const begin = (connection: Connection, id: string): void => {
  connection.exec('BEGIN IMMEDIATE');
  addEpoch(connection, { ordinal: 1, id, since: 1 });
  writeCounters(connection, COUNTERS_AT_START);
  connection.exec('COMMIT');
};

const loaded = (path: string, connection: Connection, limits: Limits): Ledger => ({
  path,
  connection,
  limits,
  inode: statSync(path).ino,
  counters: readCounters(connection),
  epochs: readEpochs(connection),
});

const isOurs = (ledger: Ledger, expect: OpenRequest['expect']): boolean =>
  expect === undefined || numberingOf(ledger.counters, ledger.epochs).epoch === expect.epoch;

const countStart = (ledger: Ledger, expect: OpenRequest['expect']): void => {
  const boot = expect?.boot ?? ledger.counters.boot + 1;
  if (boot !== ledger.counters.boot) transact(ledger, () => [{ ...ledger.counters, boot }, undefined]);
};

/** Opens, makes or migrates the database, checks it and counts the start. Throws what `failureOf` names. */
export const openDatabase = (request: OpenRequest): { readonly opened: Opened; readonly ledger: Ledger | undefined } => {
  const path = join(request.folder, DATABASE);
  if (request.epochIfNew === undefined && !existsSync(path)) return { opened: { kind: 'absent' }, ledger: undefined };
  const connection = connect(path);
  configure(connection, request.limits);
  if (migrate(connection, request.folder) === 'newer-data') return { opened: { kind: 'newer-data' }, ledger: undefined };
  const isNew = connection.all('SELECT 1 AS one FROM epoch LIMIT 1').length === 0;
  if (isNew && request.epochIfNew !== undefined) begin(connection, request.epochIfNew);
  const ledger = loaded(path, connection, request.limits);
  if (!isOurs(ledger, request.expect)) throw new Error('another database');
  assertSound(ledger, request.thorough);
  countStart(ledger, request.expect);
  return { opened: describe(ledger), ledger };
};

const describe = (ledger: Ledger): Opened => ({
  kind: 'open',
  whole: ledger.counters.whole,
  parts: readParts(ledger.connection),
  numbering: numberingOf(ledger.counters, ledger.epochs),
  boot: ledger.counters.boot,
  journalNumber: ledger.counters.number,
  chainHead: toHex(ledger.counters.head),
  outboxDepth: outboxDepth(ledger),
});
