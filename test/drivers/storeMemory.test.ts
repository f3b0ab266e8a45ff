/** The switches of the fake store's disk: held, failing, and cut off at any write. */
import { randomBytes } from 'node:crypto';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { createMemoryDisk, cutPower, type MemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import { openMemoryStore } from '../../src/drivers/store-memory/memoryStore.ts';
import { commitOf, delivered, opened, seqsOf, sha256, wholeOf, type Opened } from '../contract/storeContract.ts';

const openOn = async (disk: MemoryDisk): Promise<Opened> => opened(await openMemoryStore({ disk, sha256, randomBytes }));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const test = suite('memory store');

test('held, nothing is durable and nothing is answered; resumed, all is, in order', async () => {
  const disk = createMemoryDisk();
  const { store } = await openOn(disk);
  await store.commit(wholeOf({}));
  disk.held = true;
  const order: number[] = [];
  const commits = [1, 2].map((seq) => store.commit(commitOf({ entries: [delivered('alarm', seq)] })).then(() => order.push(seq)));
  await settled();
  assert.equal(order, []);
  assert.equal(await seqsOf(store, 'alarm'), []);
  disk.resume();
  await Promise.all(commits);
  assert.equal(order, [1, 2]);
  assert.equal(await seqsOf(store, 'alarm'), [1, 2]);
});

test('a power cut leaves what was durable, and never answers for the rest', async () => {
  const disk = createMemoryDisk();
  const { store, restored } = await openOn(disk);
  await store.commit(wholeOf({ n: '1' }, [delivered('alarm', 1)]));
  disk.held = true;
  let answered = false;
  void store.commit(wholeOf({ n: '2' }, [delivered('alarm', 2)])).then(() => (answered = true));
  cutPower(disk);
  await settled();
  const again = await openOn(disk);
  assert.is(again.restored.parts.get('n'), '1');
  assert.is(again.restored.epoch, restored.epoch);
  assert.equal(again.restored.nextSeq, { alarm: 2, event: 1 });
  assert.ok((await again.store.commit(wholeOf({ n: '3' }))).ok);
  await settled();
  assert.not.ok(answered);
});

test('failing, it answers the reason; afterwards it wants the whole state', async () => {
  const disk = createMemoryDisk();
  const { store } = await openOn(disk);
  await store.commit(wholeOf({ a: '1' }));
  disk.failure = 'disk-full';
  const lost = commitOf({ parts: [{ key: 'a', json: '2' }] });
  assert.equal(await store.commit(lost), { ok: false, reason: 'disk-full', applied: 'no' });
  assert.equal(await store.mirror('{}'), { ok: false, reason: 'disk-full' });
  assert.is((await store.health()).saveFailures, 1);
  disk.failure = undefined;
  assert.equal(await store.commit(lost), { ok: false, reason: 'whole-needed', applied: 'no' });
  assert.ok((await store.commit(wholeOf({ a: '3' }))).ok);
});

test('a database that was taken away is missed', async () => {
  const disk = createMemoryDisk();
  const { store } = await openOn(disk);
  await store.mirror('{"mode":"full"}');
  await store.close();
  disk.image = undefined;
  const { restored } = await openOn(disk);
  assert.is(restored.found, 'mirror-only');
  assert.equal(restored.problems, ['database-missing']);
});

test.run();
