/** What a controller that is gone left on its disk, read from a copy so that nothing there is touched. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import type { Event } from '../../src/core/event.ts';
import type { SavedClock } from '../../src/ports/store.ts';
import { readSlots } from '../../src/drivers/store/slots.ts';

export type Entry = {
  readonly number: number;
  readonly event: Event;
  readonly lane: 'alarm' | 'event' | undefined;
  readonly seq: number;
};
export type Left = {
  readonly parts: ReadonlyMap<string, string>;
  readonly entries: readonly Entry[];
  readonly pending: readonly { readonly lane: string; readonly seq: number }[];
};

type Row = Readonly<Record<string, unknown>>;
const text = (row: Row, name: string): string => String(row[name]);

/** Undefined where no database was made yet. `fromNumber`: journal entries from this number on. */
export const readLeft = (data: string, fromNumber = 1): Left | undefined => {
  if (!existsSync(join(data, 'store.db'))) return undefined;
  const copy = mkdtempSync(join(tmpdir(), 'vigie-left-'));
  for (const name of ['store.db', 'store.db-wal']) {
    if (existsSync(join(data, name))) copyFileSync(join(data, name), join(copy, name));
  }
  const database = new Database(join(copy, 'store.db'));
  const all = (sql: string): readonly Row[] => database.prepare(sql).all() as Row[];
  try {
    if (all("SELECT name FROM sqlite_master WHERE name = 'journal'").length === 0) return undefined;
    return {
      parts: new Map(all('SELECT key, json FROM part').map((row) => [text(row, 'key'), text(row, 'json')])),
      entries: all(`SELECT number, body, lane, seq FROM journal WHERE number >= ${fromNumber} ORDER BY number`).map(entryOf),
      pending: all('SELECT lane, seq FROM outbox ORDER BY lane, seq').map((row) => ({
        lane: text(row, 'lane'),
        seq: Number(row['seq']),
      })),
    };
  } finally {
    database.close();
    rmSync(copy, { recursive: true, force: true });
  }
};

const entryOf = (row: Row): Entry => ({
  number: Number(row['number']),
  event: JSON.parse(text(row, 'body')) as Event,
  lane: row['lane'] === null ? undefined : (text(row, 'lane') as 'alarm' | 'event'),
  seq: Number(row['seq'] ?? 0),
});

export const CLOCK_SLOT_BYTES = 4096;

export const readClock = async (data: string): Promise<SavedClock | undefined> => {
  const { text: json } = await readSlots(join(data, 'clock.slots'), CLOCK_SLOT_BYTES);
  return json === undefined ? undefined : (JSON.parse(json) as SavedClock);
};
