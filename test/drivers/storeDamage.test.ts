/** Damage on the disk: what can still be read is read, and nothing is taken for a new folder. */
import {
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { delivered, entry, rowsOf, seqsOf, wholeOf } from '../contract/storeContract.ts';
import {
  PARTS,
  commitNumber,
  crashedCopy,
  fill,
  filled,
  newFolder,
  openIn,
  openedIn,
  removeFolders,
} from './fixtures/storeFolder.ts';

const PAGE = 4096;

const overwrite = (path: string, offset: number, bytes: Uint8Array): void => {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
};

const garbage = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 167 + 13) & 0xff);

const test = suite('store: damage');
test.after(removeFolders);

for (const [name, length] of [
  ['header', 100],
  ['first page', PAGE],
] as const) {
  test(`a lost ${name} costs nothing but the epoch`, async () => {
    const folder = newFolder();
    const epoch = await filled(folder, 30);
    overwrite(join(folder, 'store.db'), 0, garbage(length));
    const { store, restored } = await openedIn(folder);
    assert.is(restored.found, 'state');
    assert.equal(restored.problems, ['database-damaged']);
    assert.equal(Object.fromEntries(restored.parts), { ...PARTS, n: '30' });
    assert.is.not(restored.epoch, epoch);
    assert.is(restored.previousEpoch, epoch);
    assert.is(restored.boot, 2);
    assert.equal(
      await seqsOf(store, 'alarm'),
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    const verified = await store.verify();
    assert.is(verified.ok && verified.records, 30);
    assert.equal(readdirSync(join(folder, 'damaged', '1')), ['store.db']);
    await store.close();
  });
}

/** Opens a damaged folder and checks what holds whichever page was hit. */
const checkRepaired = async (folder: string, count: number, page: string): Promise<readonly string[]> => {
  const { store, restored } = await openedIn(folder);
  assert.ok(['state', 'recovered-from-journal'].includes(restored.found), `${page}: ${restored.found}`);
  if (restored.found === 'state') assert.equal(Object.fromEntries(restored.parts), { ...PARTS, n: String(count) }, page);
  for (const [key, json] of restored.parts) assert.is(json, key === 'n' ? String(count) : PARTS[key], page);
  const rows = await rowsOf(store, 'alarm');
  const expected = Array.from({ length: count }, (_, index) => [
    `${index + 1} {"message":"alarm-${index + 1}"}`,
    `${index + 1} {"kind":"alarm-${index + 1}"}`,
  ]);
  assert.is(rows.length, count, page);
  rows.forEach((row, index) => assert.ok(expected[index]?.includes(row), `${page}: ${row}`));
  const verified = await store.verify();
  assert.ok(verified.ok, `${page}: ${JSON.stringify(verified)}`);
  const lost = verified.gaps.reduce((sum, gap) => sum + gap.to - gap.from + 1, 0);
  assert.is(verified.records + lost, count, page);
  assert.is(restored.journalNumber, count, page);
  assert.ok((await store.commit(wholeOf({ ...PARTS, n: 'true' }, [delivered('alarm', restored.nextSeq.alarm)]))).ok, page);
  assert.ok((await store.verify()).ok, page);
  await store.close();
  return restored.problems;
};

for (const [name, bytes] of [
  ['garbage', garbage(PAGE)],
  ['zeros', new Uint8Array(PAGE)],
] as const) {
  test(`${name} in any one page loses no message, and no change of state unnoticed`, async () => {
    const count = 60;
    const original = newFolder();
    await filled(original, count);
    const pages = statSync(join(original, 'store.db')).size / PAGE;
    const seen = new Set<string>();
    for (let page = 0; page < pages; page += 1) {
      const folder = crashedCopy(original);
      overwrite(join(folder, 'store.db'), page * PAGE, bytes);
      for (const problem of await checkRepaired(folder, count, `page ${page + 1} of ${pages}`)) seen.add(problem);
    }
    for (const problem of ['database-damaged', 'parts-damaged', 'outbox-damaged', 'journal-damaged'])
      assert.ok(seen.has(problem), problem);
  });
}

test('a log cut anywhere leaves the state after one of the commits, and all that came before it', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await store.commit(wholeOf({ ...PARTS, n: '0' }));
  for (let number = 1; number <= 20; number += 1) await store.commit(commitNumber(number));
  const crashed = crashedCopy(folder);
  await store.close();
  const length = statSync(join(crashed, 'store.db-wal')).size;
  const reached = new Set<number>();
  for (let cut = length; cut > length / 2; cut -= Math.floor(length / 41)) {
    const copy = crashedCopy(crashed);
    truncateSync(join(copy, 'store.db-wal'), cut);
    const again = await openedIn(copy);
    const number = Number(again.restored.parts.get('n'));
    assert.is(again.restored.journalNumber, number);
    assert.equal(again.restored.problems, []);
    assert.equal(
      await seqsOf(again.store, 'alarm'),
      Array.from({ length: number }, (_, index) => index + 1),
    );
    assert.ok((await again.store.verify()).ok);
    reached.add(number);
    await again.store.close();
  }
  assert.ok(reached.has(20) && reached.size > 5);
});

test('rubbish behind the last transaction in the log is ignored', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await fill(store, 10);
  const crashed = crashedCopy(folder);
  await store.close();
  writeFileSync(join(crashed, 'store.db-wal'), garbage(3000), { flag: 'a' });
  const again = await openedIn(crashed);
  assert.is(again.restored.parts.get('n'), '10');
  assert.equal(again.restored.problems, []);
  await again.store.close();
});

const MIRROR = '{"modes":["full"]}';

const withMirror = async (): Promise<string> => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await fill(store, 5);
  await store.mirror(MIRROR);
  await store.close();
  return folder;
};

test('a database of rubbish: modes and inhibitions come from the mirror', async () => {
  const folder = await withMirror();
  writeFileSync(join(folder, 'store.db'), garbage(30_000));
  const first = await openedIn(folder);
  assert.is(first.restored.found, 'mirror-only');
  assert.is(first.restored.mirror, MIRROR);
  assert.is(first.restored.parts.size, 0);
  await first.store.close();
  const second = await openedIn(folder);
  assert.is(second.restored.found, 'mirror-only', 'until a whole state is written, it is still not known');
  assert.ok((await second.store.commit(wholeOf({ a: '1' }))).ok);
  await second.store.close();
  const third = await openedIn(folder);
  assert.is(third.restored.found, 'state');
  await third.store.close();
});

test('a database of rubbish and no mirror: nothing readable, never taken for a new folder', async () => {
  const folder = newFolder();
  await filled(folder, 5);
  writeFileSync(join(folder, 'store.db'), garbage(30_000));
  const { store, restored } = await openedIn(folder);
  assert.is(restored.found, 'nothing-readable');
  await store.close();
  const again = await openedIn(folder);
  assert.is(again.restored.found, 'nothing-readable');
  await again.store.close();
});

test('a database cut to nothing, or to half a page, is damage as well', async () => {
  for (const length of [0, 2000]) {
    const folder = await withMirror();
    truncateSync(join(folder, 'store.db'), length);
    const { store, restored } = await openedIn(folder);
    assert.is(restored.found, 'mirror-only', `${length}`);
    assert.is.not(restored.problems.length, 0, `${length}`);
    await store.close();
  }
});

test('a database that was deleted is missed', async () => {
  const folder = await withMirror();
  rmSync(join(folder, 'store.db'));
  const { store, restored } = await openedIn(folder);
  assert.is(restored.found, 'mirror-only');
  assert.equal(restored.problems, ['database-missing']);
  await store.close();
});

test('of damaged databases the newest three are kept', async () => {
  const folder = await withMirror();
  for (let time = 0; time < 5; time += 1) {
    overwrite(join(folder, 'store.db'), 0, garbage(PAGE));
    const { store } = await openedIn(folder);
    await store.close();
  }
  assert.equal(readdirSync(join(folder, 'damaged')).toSorted(), ['3', '4', '5']);
});

test('a power cut after the rebuilt database was complete: it is put in place', async () => {
  const folder = await withMirror();
  const other = newFolder();
  const epoch = await filled(other, 7);
  writeFileSync(join(folder, 'rebuilt.db'), readFileSync(join(other, 'store.db')));
  writeFileSync(join(folder, 'store.db-wal'), garbage(5000));
  const { store, restored } = await openedIn(folder);
  assert.is(restored.epoch, epoch);
  assert.is(restored.parts.get('n'), '7');
  assert.not.ok(existsSync(join(folder, 'rebuilt.db')));
  await store.close();
});

test('a power cut before that: the half-built one is thrown away', async () => {
  const folder = await withMirror();
  writeFileSync(join(folder, 'rebuilt.part.db'), garbage(5000));
  const { store, restored } = await openedIn(folder);
  assert.is(restored.found, 'state');
  assert.not.ok(existsSync(join(folder, 'rebuilt.part.db')));
  await store.close();
});

test('damage met while running is told as corrupt, and repaired by opening again', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  // More than the page cache holds, or the damage would not be read.
  const entries = Array.from({ length: 1500 }, (_, index) => entry(`${index} ${'x'.repeat(3000)}`));
  assert.ok((await store.commit(wholeOf({ a: '1' }, entries))).ok);
  await store.close();
  const running = await openedIn(folder);
  const pages = statSync(join(folder, 'store.db')).size / PAGE;
  overwrite(join(folder, 'store.db'), Math.floor(pages / 4) * PAGE, garbage(PAGE * 3));
  assert.equal(await running.store.verify(), { ok: false, reason: 'corrupt' });
  await running.store.close();
  const again = await openedIn(folder);
  assert.equal(again.restored.problems, ['database-damaged', 'journal-damaged']);
  assert.is(again.restored.found, 'state');
  const verified = await again.store.verify();
  assert.ok(verified.ok && verified.gaps.length > 0 && verified.records > 1400, JSON.stringify(verified));
  await again.store.close();
});

test('data of a later version is refused and left as it is', async () => {
  const folder = newFolder();
  await filled(folder, 3);
  // The schema version is the 4-byte user version at offset 60 of the header.
  overwrite(join(folder, 'store.db'), 60, Uint8Array.of(0, 0, 0, 99));
  const before = readFileSync(join(folder, 'store.db'));
  assert.equal(await openIn(folder), { ok: false, reason: 'newer-data' });
  assert.equal(await openIn(folder), { ok: false, reason: 'newer-data' }, 'the folder is free again');
  assert.ok(readFileSync(join(folder, 'store.db')).equals(before));
});

test('a file in the place of the folder is refused', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), '');
  assert.equal(await openIn(join(folder, 'file')), { ok: false, reason: 'not-a-folder' });
  assert.equal(await openIn(join(folder, 'file', 'below')), { ok: false, reason: 'not-a-folder' });
});

test.run();
