/**
 * The tables of `store.db` and how they came to be: docs/data-folder.md tells how to read them.
 * A released version is never edited: a change is a new migration.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Connection, integerOf } from './sqlite.ts';

/** "Vigi", so that `file` and a person know whose database it is. */
export const APPLICATION_ID = 0x56696769;

/** Statements that take a database from `version − 1` to `version`. The first makes it. */
export type Migration = { readonly version: number; readonly sql: string };

const V1 = `
  CREATE TABLE counters (
    id INTEGER PRIMARY KEY CHECK (id = 1), boot INTEGER NOT NULL, epoch INTEGER NOT NULL, whole INTEGER NOT NULL,
    number INTEGER NOT NULL, head BLOB NOT NULL,
    next_alarm INTEGER NOT NULL, next_event INTEGER NOT NULL, acked_alarm INTEGER NOT NULL, acked_event INTEGER NOT NULL);
  CREATE TABLE epoch (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, since INTEGER NOT NULL);
  CREATE TABLE part (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE outbox (
    lane TEXT NOT NULL, number INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    form TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (lane, number)) WITHOUT ROWID;
  CREATE TABLE journal (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, access INTEGER NOT NULL, lane TEXT, seq INTEGER,
    salt BLOB, body TEXT, record BLOB NOT NULL, head BLOB NOT NULL);
  CREATE TABLE gap (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
  CREATE INDEX journal_purgeable ON journal (at) WHERE access = 1 AND body IS NOT NULL;
`;

export const MIGRATIONS: readonly Migration[] = [{ version: 1, sql: V1 }];
export const SCHEMA_VERSION = MIGRATIONS.length;

export const versionOf = (connection: Connection): number => {
  const [row] = connection.all('PRAGMA user_version');
  return row ? integerOf(row, 'user_version') : 0;
};

const backUp = (connection: Connection, folder: string, version: number): void => {
  const backups = join(folder, 'backup');
  mkdirSync(backups, { recursive: true });
  const path = join(backups, `store-v${version}-${Date.now()}.db`);
  connection.exec(`VACUUM INTO '${path.replaceAll("'", "''")}'`);
};

export type Migrated = 'current' | 'migrated' | 'newer-data';

/** Brings the database to the last of `migrations` in one transaction, a copy of the old one kept in `backup/`. */
export const migrate = (connection: Connection, folder: string, migrations: readonly Migration[] = MIGRATIONS): Migrated => {
  const version = versionOf(connection);
  const last = migrations.at(-1)?.version ?? 0;
  if (version > last) return 'newer-data';
  if (version === last) return 'current';
  if (version > 0) backUp(connection, folder, version);
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of migrations) if (migration.version > version) connection.exec(migration.sql);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${last}; COMMIT`);
  } catch (error) {
    if (connection.inTransaction()) connection.exec('ROLLBACK');
    throw error;
  }
  return 'migrated';
};
