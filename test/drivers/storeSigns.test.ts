/** What can be seen of the store's thread from outside: free, waiting for the disk, or hanging. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSigns, readSigns } from '../../src/drivers/store/signs.ts';
import { openStore } from '../../src/drivers/store/openStore.ts';
import { sleep, temporaryFolder, until } from '../support/controllerProcess.ts';

const test = suite('store: signs of its thread');
const folder = temporaryFolder();
test.after(() => folder.remove());

const hanging = async (how: 'disk' | 'compute') => {
  const words = newSigns();
  const thread = new Worker(new URL('./fixtures/signingThread.js', import.meta.url), { workerData: words });
  await until('the first turns', () => readSigns(words).turns >= 2);
  const begun = once(thread, 'message');
  thread.postMessage(how);
  await begun;
  await sleep(100);
  const first = readSigns(words);
  await sleep(600);
  const second = readSigns(words);
  await until('turns again', () => readSigns(words).turns > second.turns);
  assert.is(readSigns(words).isInDisk, false);
  await thread.terminate();
  return { first, second };
};

test('a thread that waits for the disk does not turn, and says why', async () => {
  const { first, second } = await hanging('disk');
  assert.is(second.turns, first.turns);
  assert.equal([first.isInDisk, second.isInDisk], [true, true]);
});

test('a thread that computes for ever does not turn, and has no excuse', async () => {
  const { first, second } = await hanging('compute');
  assert.is(second.turns, first.turns);
  assert.equal([first.isInDisk, second.isInDisk], [false, false]);
});

test('the real store: free while nothing is written, in the disk while a commit takes long', async () => {
  const opened = await openStore({ folder: folder.path, randomBytes: (count) => new Uint8Array(count), commitDelayMs: 700 });
  if (!opened.ok) throw new Error(opened.reason);
  const { store } = opened;
  const turns = store.thread()?.turns ?? 0;
  await until('a free thread that turns', () => (store.thread()?.turns ?? 0) > turns + 1 && store.thread()?.isInDisk === false);
  const commit = store.commit({ entries: [], parts: [{ key: 'a', json: '1' }], recorded: [], whole: true });
  await until('a thread in the disk', () => store.thread()?.isInDisk === true);
  assert.ok((await commit).ok);
  await until('a free thread', () => store.thread()?.isInDisk === false);
  await store.close();
  assert.is(store.thread(), undefined);
});

test.run();
