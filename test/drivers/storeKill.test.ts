/** SIGKILL at random instants: what was confirmed is there, unaltered, in order; and nobody else gets in meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { rowsOf } from '../contract/storeContract.ts';
import { newFolder, openIn, openedIn, removeFolders } from './fixtures/storeFolder.ts';

const KILLS = 50;
const CHILD = new URL('./fixtures/storeChild.js', import.meta.url).pathname;

type Child = {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly said: (count: number) => Promise<void>;
  readonly gone: Promise<void>;
};

const startChild = (folder: string, ...more: readonly string[]): Child => {
  const child = spawn(process.execPath, [CHILD, folder, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let wanted: { readonly count: number; readonly resolve: () => void } | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (wanted && lines.length >= wanted.count) wanted.resolve();
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = (count: number): Promise<void> =>
    Promise.race([gone, new Promise<void>((resolve) => (lines.length >= count ? resolve() : (wanted = { count, resolve })))]);
  return { process: child, lines, said, gone };
};

const lastOf = (lines: readonly string[], word: string): number =>
  Number(
    lines
      .filter((line) => line.startsWith(`${word} `))
      .at(-1)
      ?.split(' ')[1] ?? 0,
  );

const test = suite('store: SIGKILL');
test.after(removeFolders);

test(`after each of ${KILLS} kills everything confirmed is there, whole and in order`, async () => {
  const folder = newFolder();
  let confirmed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = startChild(folder);
    // A prime stride spreads the kills over the places within a round of commits.
    await child.said(2 + ((kill * 7) % 23));
    child.process.kill('SIGKILL');
    await child.gone;
    assert.not.ok(
      child.lines.some((line) => line.startsWith('failed')),
      child.lines.join(),
    );
    confirmed = Math.max(confirmed, lastOf(child.lines, 'done'));
    const { store, restored } = await openedIn(folder);
    assert.equal(restored.problems, []);
    assert.is(restored.found, 'state');
    const rows = await rowsOf(store, 'alarm');
    assert.ok(rows.length >= confirmed, `kill ${kill}: ${rows.length} of ${confirmed}`);
    rows.forEach((row, index) => assert.is(row, `${index + 1} {"message":"alarm-${index + 1}"}`));
    assert.is(restored.parts.get('n'), String(rows.length), 'the state is the one after the last record');
    assert.is(restored.journalNumber, rows.length);
    assert.ok((restored.clock?.runningMs ?? 0) >= lastOf(child.lines, 'clock'), 'the clock survives without fsync');
    await store.close();
  }
  assert.ok(confirmed > KILLS);
  const { store, restored } = await openedIn(folder);
  assert.is(restored.boot, 2 * KILLS + 1);
  const verified = await store.verify();
  assert.ok(verified.ok);
  await store.close();
});

test('a second process is refused while one holds the folder, and gets in once that is killed', async () => {
  const folder = newFolder();
  const child = startChild(folder, 'hold');
  await child.said(1);
  assert.equal(await openIn(folder), { ok: false, reason: 'locked' });
  assert.equal(await openIn(folder), { ok: false, reason: 'locked' }, 'asking does not free it');
  child.process.kill('SIGKILL');
  await child.gone;
  const { store, restored } = await openedIn(folder);
  assert.is(restored.boot, 2);
  await store.close();
});

test.run();
