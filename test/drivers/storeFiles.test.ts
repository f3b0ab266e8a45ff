/** The files beside the database, the journal under tampering, migrations, and the queue at its limits. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import Database from 'libsql';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { createQueue, type QueueLimits } from '../../src/drivers/store/queue.ts';
import { openRecorder } from '../../src/drivers/store/recorder.ts';
import type { Answer, Work, WorkResult } from '../../src/drivers/store/requests.ts';
import { MIGRATIONS, migrate, versionOf } from '../../src/drivers/store/schema.ts';
import { openSlots, readSlots } from '../../src/drivers/store/slots.ts';
import { connect } from '../../src/drivers/store/sqlite.ts';
import { wall } from '../../src/core/time.ts';
import { commitOf, delivered, entry, wholeOf } from '../contract/storeContract.ts';
import { commitNumber, filled, newFolder, openedIn, removeFolders } from './fixtures/storeFolder.ts';

const test = suite('store: files');
test.after(removeFolders);

// ---- two slots

const SLOT = 4096;

const garbageAt = (path: string, slot: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(60, 0xa5), 0, 60, slot * SLOT + 20);
  closeSync(file);
};

const twoSaves = async (): Promise<string> => {
  const path = join(newFolder(), 'slots');
  const slots = openSlots(path, SLOT, 0);
  await slots.save('first', false);
  await slots.save('second', true);
  await slots.close();
  return path;
};

test('two slots: the newer one is read; when it is damaged, the one before; when both are, it is said', async () => {
  const path = await twoSaves();
  assert.equal(await readSlots(path, SLOT), { text: 'second', counter: 2, damaged: false });
  garbageAt(path, 0);
  assert.equal(await readSlots(path, SLOT), { text: 'first', counter: 1, damaged: false });
  garbageAt(path, 1);
  assert.equal(await readSlots(path, SLOT), { text: undefined, counter: 0, damaged: true });
});

test('two slots: a save cut short at any byte leaves one of the two', async () => {
  const path = await twoSaves();
  const bytes = readFileSync(path);
  for (let length = 0; length <= bytes.length; length += 13) {
    const cut = join(newFolder(), 'slots');
    writeFileSync(cut, bytes);
    truncateSync(cut, length);
    const { text } = await readSlots(cut, SLOT);
    assert.ok(text === 'second' || length < 60, `${length}: ${text}`);
    assert.not.ok(text === 'first' && length < SLOT);
  }
});

test('two slots: the next save after reading leaves the one that was read', async () => {
  const path = await twoSaves();
  const slots = openSlots(path, SLOT, (await readSlots(path, SLOT)).counter);
  await slots.save('third', true);
  await slots.close();
  garbageAt(path, 1);
  assert.is((await readSlots(path, SLOT)).text, 'second');
});

test('two slots: no file is nothing, and no damage', async () => {
  assert.equal(await readSlots(join(newFolder(), 'none'), SLOT), { text: undefined, counter: 0, damaged: false });
});

test('two slots: of saves that pile up the last is kept, and all are answered', async () => {
  const path = join(newFolder(), 'slots');
  const slots = openSlots(path, SLOT, 0);
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => slots.save(`${index}`, false)));
  assert.ok(results.every((result) => result.ok));
  await slots.close();
  const { text, counter } = await readSlots(path, SLOT);
  assert.is(text, '49');
  assert.is(counter, 2);
});

test('two slots: what does not fit is refused and changes nothing', async () => {
  const path = await twoSaves();
  const slots = openSlots(path, SLOT, 2);
  assert.equal(await slots.save('x'.repeat(SLOT), true), { ok: false, reason: 'io' });
  await slots.close();
  assert.is((await readSlots(path, SLOT)).text, 'second');
});

test('a clock and a mirror of rubbish are told, and the rest is there', async () => {
  const folder = newFolder();
  await filled(folder, 2);
  for (const name of ['clock.slots', 'mirror.slots']) writeFileSync(join(folder, name), Buffer.alloc(9000, 7));
  const { store, restored } = await openedIn(folder);
  assert.equal(restored.problems, ['clock-unreadable', 'mirror-unreadable']);
  assert.is(restored.clock, undefined);
  assert.is(restored.mirror, undefined);
  assert.is(restored.found, 'state');
  await store.close();
});

// ---- journal under tampering

const EXCHANGE = `
  UPDATE journal SET (body, salt, record) = (SELECT body, salt, record FROM journal WHERE number = 5) WHERE number = 4`;

const TAMPERING: readonly (readonly [string, string, unknown])[] = [
  [
    'a changed body',
    `UPDATE journal SET body = '{"kind":"nothing"}' WHERE number = 4`,
    { ok: false, reason: 'altered', number: 4 },
  ],
  [
    'a record blanked like a purged one',
    'UPDATE journal SET body = NULL, salt = NULL WHERE number = 4',
    { ok: false, reason: 'altered', number: 4 },
  ],
  ['a record removed', 'DELETE FROM journal WHERE number = 4', { ok: false, reason: 'missing', number: 4 }],
  ['the last records removed', 'DELETE FROM journal WHERE number > 7', { ok: false, reason: 'truncated', number: 7 }],
  ['two records exchanged', EXCHANGE, { ok: false, reason: 'unlinked', number: 4 }],
  ['nothing', 'UPDATE journal SET body = body', undefined],
];

for (const [name, sql, expected] of TAMPERING) {
  test(`verify tells ${name}`, async () => {
    const folder = newFolder();
    await filled(folder, 10);
    const database = new Database(join(folder, 'store.db'));
    database.exec(sql);
    database.close();
    const { store } = await openedIn(folder);
    const result = await store.verify();
    if (expected) assert.equal(result, expected);
    else assert.is(result.ok && result.records, 10);
    await store.close();
  });
}

test('what was purged is in no file any more', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  const secret = 'badge-of-madame-dupont';
  await store.commit(
    wholeOf({}, [entry(secret, { access: true, at: wall(1) }), entry('other', { access: true, at: wall(900) })]),
  );
  const holds = (): boolean => ['store.db', 'store.db-wal'].some((name) => readFileSync(join(folder, name)).includes(secret));
  assert.ok(holds());
  assert.equal(await store.purgeAccess(wall(500)), { ok: true, value: 1 });
  assert.not.ok(holds());
  await store.close();
});

test('recordings and copies from before go with a purge; those from after, and the one in use, stay', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await store.commit({ ...wholeOf({}), newRecording: '{}' });
  const copies = ['recorder/000000.jsonl', 'quarantine/3.json', 'damaged/1/store.db', 'backup/store-v1-1.db'];
  const fresh = ['quarantine/4.json', 'damaged/2/store.db'];
  for (const name of [...copies, ...fresh]) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'lea');
  }
  for (const name of copies) {
    utimesSync(join(folder, name), 1, 1);
    if (name.startsWith('damaged')) utimesSync(join(folder, name, '..'), 1, 1);
  }
  assert.equal(await store.purgeAccess(wall(Date.now() - 60_000)), { ok: true, value: 0 });
  assert.equal(
    copies.filter((name) => existsSync(join(folder, name))),
    [],
  );
  assert.equal(
    [...fresh, 'recorder/000001.jsonl', 'accepted.yaml'].map((name) => existsSync(join(folder, name))),
    [true, true, true, false],
  );
  await store.close();
});

// ---- migrations

test('a migration keeps a copy of the old database and runs in one transaction', () => {
  const folder = newFolder();
  const path = join(folder, 'x.db');
  const first = connect(path);
  migrate(first, folder);
  first.exec("INSERT INTO part VALUES ('area/0', '1')");
  const next = [...MIGRATIONS, { version: 2, sql: 'ALTER TABLE part ADD COLUMN extra TEXT; UPDATE part SET json = 2' }];
  assert.is(migrate(first, folder, next), 'migrated');
  assert.is(versionOf(first), 2);
  assert.equal(
    first.all('SELECT json FROM part').map((row) => row['json']),
    ['2'],
  );
  const [copy = ''] = readdirSync(join(folder, 'backup'));
  assert.match(copy, /^store-v1-\d+\.db$/);
  assert.equal(
    connect(join(folder, 'backup', copy))
      .all('SELECT json FROM part')
      .map((row) => row['json']),
    ['1'],
  );
  assert.is(migrate(first, folder, next), 'current');
  assert.is(migrate(first, folder), 'newer-data');
});

test('a migration that fails leaves the old database', () => {
  const folder = newFolder();
  const connection = connect(join(folder, 'x.db'));
  migrate(connection, folder);
  const bad = [...MIGRATIONS, { version: 2, sql: 'CREATE TABLE more (a); INSERT INTO nowhere VALUES (1)' }];
  assert.throws(() => migrate(connection, folder, bad));
  assert.is(versionOf(connection), 1);
  assert.equal(connection.all("SELECT name FROM sqlite_schema WHERE name = 'more'"), []);
});

// ---- recording

const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

test('a recording starts with its header, holds what came after, and asks for the next when full', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  const first = await store.commit({ ...wholeOf({}), recorded: ['lost: before any header'], newRecording: '{"version":1}' });
  assert.is(first.ok && first.recordingFull, false);
  await store.commit(commitOf({ recorded: ['{"tick":1}', '{"tick":2}'] }));
  await store.commit(commitOf({ entries: [entry('x')], recorded: ['{"tick":3}'], newRecording: '{"version":2}' }));
  await store.commit(commitOf({ recorded: ['{"tick":4}'] }));
  assert.is((await store.health()).recordedDropped, 1);
  await store.close();
  assert.equal(linesOf(join(folder, 'recorder', '000001.jsonl')), ['{"version":1}', '{"tick":1}', '{"tick":2}', '{"tick":3}']);
  assert.equal(linesOf(join(folder, 'recorder', '000002.jsonl')), ['{"version":2}', '{"tick":4}']);
});

test('recording alone costs no transaction', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await store.commit({ ...wholeOf({}), newRecording: '{}' });
  const before = statSync(join(folder, 'store.db-wal')).size;
  for (let index = 0; index < 20; index += 1) assert.ok((await store.commit(commitOf({ recorded: [`${index}`] }))).ok);
  assert.is(statSync(join(folder, 'store.db-wal')).size, before);
  await store.close();
});

test('a recording that has lasted long enough is full, however little is in it', () => {
  const recorder = openRecorder(join(newFolder(), 'recorder'), { fileBytes: 1_000, files: 3, fileMs: 0 });
  recorder.begin('header');
  assert.ok(recorder.isFull());
  const lasting = openRecorder(join(newFolder(), 'recorder'), { fileBytes: 1_000, files: 3 });
  lasting.begin('header');
  assert.not.ok(lasting.isFull());
});

test('the ring keeps the newest files, and a file without a new header stops growing', () => {
  const folder = join(newFolder(), 'recorder');
  const recorder = openRecorder(folder, { fileBytes: 100, files: 3 });
  assert.ok(recorder.isFull(), 'no file yet');
  for (let index = 0; index < 6; index += 1) {
    recorder.begin(`header ${index}`);
    recorder.append(['x'.repeat(99)]);
    assert.ok(recorder.isFull());
  }
  assert.equal(readdirSync(folder).toSorted(), ['000004.jsonl', '000005.jsonl', '000006.jsonl']);
  recorder.append(['y'.repeat(99), 'z']);
  assert.is(recorder.dropped(), 2);
  assert.not.ok(readFileSync(join(folder, '000006.jsonl'), 'utf8').includes('y'));
});

// ---- queue

const LIMITS: QueueLimits = { bytes: 2000, batchBytes: 100_000, acknowledgeLingerMs: 0 };

/** A queue over a disk that answers when told. */
const heldQueue = (): {
  readonly queue: ReturnType<typeof createQueue>;
  readonly batches: Work[][];
  readonly answer: (ok: boolean) => void;
} => {
  const batches: Work[][] = [];
  const answers: ((answer: Answer<readonly WorkResult[]>) => void)[] = [];
  const run = (works: readonly Work[]): Promise<Answer<readonly WorkResult[]>> => {
    batches.push([...works]);
    return new Promise((resolve) => answers.push(resolve));
  };
  const committed: WorkResult = { kind: 'committed', journalNumber: 1, chainHead: '', recordingFull: false };
  const answer = (ok: boolean): void => {
    const works = batches.at(-1) ?? [];
    answers.shift()?.(ok ? { ok: true, value: works.map(() => committed) } : { ok: false, reason: 'io', applied: 'unknown' });
  };
  return { queue: createQueue(run, { next: { alarm: 1, event: 1 }, whole: true }, LIMITS), batches, answer };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const big = (seq: number): ReturnType<typeof commitOf> =>
  commitOf({ entries: [{ ...delivered('alarm', seq), body: 'b'.repeat(500) }], recorded: ['r'] });

test('queue: under load recordings go first, then commits are refused; none that was taken is dropped', async () => {
  const { queue, batches, answer } = heldQueue();
  const results = [1, 2, 3, 4].map((seq) => queue.commit(big(seq)));
  assert.equal(await results[3], { ok: false, reason: 'overloaded', applied: 'no' });
  assert.is(queue.recordedDropped(), 1);
  assert.equal(await queue.commit(commitNumber(5)), { ok: false, reason: 'whole-needed', applied: 'no' });
  answer(true);
  assert.ok((await results[0])?.ok);
  await settled();
  answer(true);
  assert.ok((await results[1])?.ok && (await results[2])?.ok);
  assert.equal(
    batches.map((batch) => batch.length),
    [1, 2],
  );
});

test('queue: a lost commit takes those behind it along, acknowledgements stay', async () => {
  const { queue, batches, answer } = heldQueue();
  const first = queue.commit(commitNumber(1));
  const second = queue.commit(commitNumber(2));
  const acknowledged = queue.acknowledge('e', 'alarm', 1);
  answer(false);
  assert.equal(await first, { ok: false, reason: 'io', applied: 'unknown' });
  assert.equal(await second, { ok: false, reason: 'whole-needed', applied: 'no' });
  assert.is(queue.failing(), 'io');
  assert.equal(
    batches.at(-1)?.map((work) => work.kind),
    ['acknowledge'],
  );
  answer(false);
  assert.equal(await acknowledged, { ok: false, reason: 'io' });
  await settled();
  const whole = queue.commit(wholeOf({}, [delivered('alarm', 1)]));
  answer(true);
  assert.ok((await whole).ok, 'its numbers were free again');
  assert.is(queue.failing(), undefined);
});

test('a marker of damage makes the next start check every page, and goes', async () => {
  const folder = newFolder();
  await filled(folder, 2);
  writeFileSync(join(folder, 'damage-seen'), '');
  const { store, restored } = await openedIn(folder);
  assert.equal(restored.problems, []);
  assert.not.ok(existsSync(join(folder, 'damage-seen')));
  await store.close();
});

test.run();
