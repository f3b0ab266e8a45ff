/** Disks that are full, read-only, slow or gone: told by reason, never by a lost promise, and overcome without a restart. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { wall } from '../../src/core/time.ts';
import type { Store } from '../../src/ports/store.ts';
import { commitOf, delivered, entry, opened, seqsOf, wholeOf } from '../contract/storeContract.ts';
import {
  type Disk,
  PARTS,
  commitNumber,
  fill,
  filled,
  mountDisk,
  newFolder,
  openIn,
  openedIn,
  removeFolders,
} from './fixtures/storeFolder.ts';

const test = suite('store: failing disk');
test.after(removeFolders);

const MEGABYTE = 1024 * 1024;
const bulky = (seq: number): ReturnType<typeof commitOf> =>
  commitOf({ entries: [{ ...delivered('alarm', seq), body: JSON.stringify({ text: 'x'.repeat(5000) }) }] });

/** Commits until the first refusal; tells the last that was confirmed and the refusal. */
const untilRefused = async (store: Store, from: number): Promise<readonly [number, string]> => {
  for (let seq = from; ; seq += 1) {
    const result = await store.commit(bulky(seq));
    if (!result.ok) return [seq - 1, `${result.reason} ${result.applied}`];
  }
};

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

test('a quota that is used up answers disk-full; what was confirmed stays, acknowledging and reading go on', async () => {
  const folder = newFolder();
  const { store, restored } = await openedIn(folder, { maxDatabaseBytes: MEGABYTE / 2 });
  await fill(store, 3);
  const [last, refusal] = await untilRefused(store, 4);
  assert.is(refusal, 'disk-full no');
  assert.is((await store.health()).failing, 'disk-full');
  assert.equal(await store.commit(commitNumber(last + 1)), { ok: false, reason: 'whole-needed', applied: 'no' });
  assert.equal(await seqsOf(store, 'alarm'), numbers(last));
  assert.equal(await store.acknowledge(restored.epoch, 'alarm', last), { ok: true, removed: last });
  assert.ok((await store.commit(wholeOf(PARTS, [delivered('alarm', last + 1)]))).ok, 'room again');
  assert.is((await store.health()).failing, undefined);
  assert.ok((await store.verify()).ok);
  await store.close();
});

/** Where no file system may be mounted, the same is shown with what is at hand, and said. */
const onDisk =
  (bytes: number, run: (disk: Disk) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const disk = mountDisk(bytes);
    if (!disk) throw new Error('no file system can be mounted here: run the tests as root');
    try {
      await run(disk);
    } finally {
      disk.unmount();
    }
  };

const canMount = (): boolean => {
  const disk = mountDisk(MEGABYTE);
  disk?.unmount();
  return disk !== undefined;
};

const fillUp = (folder: string): string => {
  const path = join(folder, 'ballast');
  try {
    for (;;) writeFileSync(path, new Uint8Array(4096), { flag: 'a' });
  } catch {
    return path;
  }
};

const mountTests = (): void => {
  test(
    'a full disk answers disk-full; when there is room again the next whole commit works, without a restart',
    onDisk(4 * MEGABYTE, async ({ folder }) => {
      const { store } = await openedIn(folder);
      await fill(store, 5);
      const ballast = fillUp(folder);
      const [last, refusal] = await untilRefused(store, 6);
      assert.match(refusal, /^disk-full (no|unknown)$/);
      assert.equal(await store.mirror('{"mode":"full"}'), { ok: false, reason: 'disk-full' });
      rmSync(ballast);
      assert.ok((await store.commit(wholeOf(PARTS, [delivered('alarm', last + 1)]))).ok);
      assert.equal(await seqsOf(store, 'alarm'), numbers(last + 1));
      assert.ok((await store.verify()).ok);
      await store.close();
      const again = await openedIn(folder);
      assert.equal(await seqsOf(again.store, 'alarm'), numbers(last + 1));
      await again.store.close();
    }),
  );

  test(
    'a disk that is full at the start: the state is read all the same, and stored again once there is room',
    onDisk(4 * MEGABYTE, async ({ folder }) => {
      const epoch = await filled(folder, 20);
      const ballast = fillUp(folder);
      const { store, restored } = await openedIn(folder);
      assert.is(restored.found, 'state');
      assert.equal(restored.problems, ['disk-full']);
      assert.is(restored.epoch, epoch);
      assert.equal(Object.fromEntries(restored.parts), { ...PARTS, n: '20' });
      assert.equal(await store.commit(commitNumber(21)), { ok: false, reason: 'disk-full', applied: 'no' });
      rmSync(ballast);
      assert.ok((await store.commit(wholeOf({ ...PARTS, n: '21' }, [delivered('alarm', 21)]))).ok);
      assert.equal(await seqsOf(store, 'alarm'), numbers(21));
      await store.close();
      const again = await openedIn(folder);
      assert.is(again.restored.boot, 3);
      await again.store.close();
    }),
  );

  test(
    'a read-only file system: the state is read, commits answer read-only, and work when it can be written again',
    onDisk(4 * MEGABYTE, async ({ folder, remount }) => {
      const epoch = await filled(folder, 20);
      remount('ro');
      const { store, restored } = await openedIn(folder);
      assert.is(restored.found, 'state');
      assert.equal(restored.problems, ['read-only']);
      assert.is(restored.epoch, epoch);
      assert.is(restored.outboxDepth, 20);
      assert.equal(await store.commit(commitNumber(21)), { ok: false, reason: 'read-only', applied: 'no' });
      assert.equal(await store.pending('alarm', 0, 1), { ok: false, reason: 'read-only' });
      assert.is((await store.health()).failing, 'read-only');
      remount('rw');
      assert.ok((await store.commit(wholeOf({ ...PARTS, n: '21' }, [delivered('alarm', 21)]))).ok);
      assert.equal(await seqsOf(store, 'alarm'), numbers(21));
      assert.equal(await openIn(folder), { ok: false, reason: 'locked' }, 'the lock was taken later');
      await store.close();
    }),
  );

  test(
    'a damaged database on a read-only file system: what can be read is read',
    onDisk(4 * MEGABYTE, async ({ folder, remount }) => {
      await filled(folder, 20);
      execFileSync('dd', ['if=/dev/zero', `of=${join(folder, 'store.db')}`, 'bs=100', 'count=1', 'conv=notrunc'], {
        stdio: 'ignore',
      });
      remount('ro');
      const { store, restored } = await openedIn(folder);
      assert.is(restored.found, 'state');
      assert.equal(restored.problems, ['database-damaged', 'read-only']);
      assert.equal(Object.fromEntries(restored.parts), { ...PARTS, n: '20' });
      await store.close();
    }),
  );
};

/** A user who may not mount can be refused by permissions, which root is not. */
const permissionTests = (): void => {
  test('a folder that may not be written: the state is read, commits answer read-only', async () => {
    const folder = newFolder();
    await filled(folder, 20);
    chmodSync(join(folder, 'store.db'), 0o400);
    chmodSync(join(folder, 'lock.db'), 0o400);
    chmodSync(folder, 0o500);
    const { store, restored } = opened(await openIn(folder));
    assert.is(restored.found, 'state');
    assert.equal(restored.problems, ['read-only']);
    assert.equal(await store.commit(commitNumber(21)), { ok: false, reason: 'read-only', applied: 'no' });
    await store.close();
    chmodSync(folder, 0o700);
  });
};

if (canMount()) mountTests();
else permissionTests();

test('a database that is deleted under a running store is missed at the next commit', async () => {
  const folder = newFolder();
  const { store } = await openedIn(folder);
  await fill(store, 3);
  rmSync(join(folder, 'store.db'));
  assert.equal(await store.commit(commitNumber(4)), { ok: false, reason: 'io', applied: 'no' });
  assert.equal(await store.commit(wholeOf({ a: '1' })), { ok: false, reason: 'io', applied: 'no' });
  assert.not.ok(existsSync(join(folder, 'store.db')), 'no new database passes for the old one');
  await store.close();
});

test('a database that is exchanged under a running store is not taken for ours', async () => {
  const folder = newFolder();
  const other = newFolder();
  await filled(other, 3);
  const { store } = await openedIn(folder);
  await fill(store, 3);
  renameSync(join(other, 'store.db'), join(folder, 'store.db'));
  // The log would turn the other database into ours.
  for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `store.db${suffix}`));
  assert.equal(await store.commit(commitNumber(4)), { ok: false, reason: 'io', applied: 'no' });
  assert.equal(await store.commit(wholeOf({ a: '1' })), { ok: false, reason: 'io', applied: 'no' });
  await store.close();
});

test('commits asked while a transaction runs share the next one', async () => {
  const { store } = await openedIn(newFolder(), { commitDelayMs: 30 });
  await store.commit(wholeOf({ n: '0' }));
  const before = (await store.health()).transactions;
  const results = await Promise.all(numbers(200).map((number) => store.commit(commitNumber(number))));
  assert.ok(results.every((result) => result.ok));
  assert.is((await store.health()).transactions - before, 2);
  await store.close();
});

test('saving the clock does not wait for a slow transaction', async () => {
  const { store } = await openedIn(newFolder(), { commitDelayMs: 300 });
  const order: string[] = [];
  const commit = store.commit(wholeOf({ n: '0' })).then(() => order.push('commit'));
  await store.saveClock({ bootId: 'b', monotonicMs: 1, wallMs: 1, runningMs: 1 }, true).then(() => order.push('clock'));
  await commit;
  assert.equal(order, ['clock', 'commit']);
  await store.close();
});

test('an acknowledgement rides along with the commit that follows it', async () => {
  const { store, restored } = await openedIn(newFolder());
  await store.commit(wholeOf({}, [delivered('alarm', 1)]));
  const before = (await store.health()).transactions;
  const acknowledged = store.acknowledge(restored.epoch, 'alarm', 1);
  const committed = store.commit(commitNumber(2));
  assert.equal(await acknowledged, { ok: true, removed: 1 });
  assert.ok((await committed).ok);
  assert.is((await store.health()).transactions - before, 1);
  await store.close();
});

test('closing while everything is asked at once answers all of it', async () => {
  const { store } = await openedIn(newFolder());
  await fill(store, 500);
  const asked = [
    store.verify(),
    store.journal(1, 500),
    store.pending('alarm', 0, 500),
    store.commit(commitNumber(501)),
    store.purgeAccess(wall(5)),
    store.health(),
  ];
  const closed = store.close();
  const answers = await Promise.all(asked);
  await closed;
  assert.is(answers.length, 6);
  assert.ok(await asked[3]?.then((result) => 'ok' in result && result.ok), 'a commit that was taken is finished');
});

test('a folder several levels deep is made', async () => {
  const folder = join(newFolder(), 'a', 'b');
  const { store, restored } = await openedIn(folder);
  assert.is(restored.found, 'fresh');
  await store.close();
});

test('a folder in the place of the database cannot be opened, and nothing is lost by trying', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'store.db'));
  const { store, restored } = await openedIn(folder);
  assert.ok(restored.problems.includes('io'));
  assert.is(restored.found, 'nothing-readable');
  const refused = await store.commit(wholeOf({ a: '1' }, [entry('x')]));
  assert.equal(refused, { ok: false, reason: 'io', applied: 'no' });
  await store.close();
});

test.run();
