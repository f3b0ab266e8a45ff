/** The file of reader keys: what is kept comes back, what cannot be read is never taken for empty. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openKeyFile } from '../../src/drivers/osdp/keyFile.ts';
import { withFolder } from '../support/osdp/folder.ts';

const PEPPER = new TextEncoder().encode('a pepper of this site');
const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const MACHINE = '0123456789abcdef0123456789abcdef';
const optionsAt = (folder: string) => ({ path: join(folder, 'reader-keys'), pepper: PEPPER, machineId: MACHINE });

test('no file yet: nothing is known, and nothing is wrong', async () =>
  withFolder(async (folder) => {
    const keys = await openKeyFile(optionsAt(folder));
    assert.equal([keys.trouble, keys.knownOf('entrance')], [undefined, undefined]);
  }));

test('what was kept is there at the next start, readable by its owner only, and not in clear', async () =>
  withFolder(async (folder) => {
    const options = optionsAt(folder);
    const keys = await openKeyFile(options);
    const kept = await Promise.all([
      keys.keep('entrance', { identity: '8e0600-00000001', key: KEY }),
      keys.keep('back', { identity: '8e0600-00000002', key: undefined }),
    ]);
    assert.equal(kept, [true, true]);
    assert.is((await stat(options.path)).mode & 0o777, 0o600);
    const bytes = await readFile(options.path);
    for (const secret of ['entrance', '8e0600', Buffer.from(KEY).toString('hex')]) assert.is(bytes.includes(secret), false);
    assert.is(bytes.includes(Buffer.from(KEY)), false);
    const again = await openKeyFile(options);
    assert.equal(again.knownOf('entrance'), { identity: '8e0600-00000001', key: KEY });
    assert.equal(again.knownOf('back'), { identity: '8e0600-00000002', key: undefined });
  }));

const damaged = [
  ['a changed byte', (bytes: Buffer) => bytes.fill(bytes.at(-1) === 0 ? 1 : 0, bytes.length - 1)],
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
  ['empty', () => Buffer.alloc(0)],
  ['another file', () => Buffer.from('hello, this is no file of keys at all, whatever its name may say of it')],
] as const;

for (const [what, damage] of damaged) {
  test(`${what}: said, nothing known, and left as it is`, async () =>
    withFolder(async (folder) => {
      const options = optionsAt(folder);
      await (await openKeyFile(options)).keep('entrance', { identity: 'x', key: KEY });
      const bytes = damage(await readFile(options.path));
      await writeFile(options.path, bytes);
      const keys = await openKeyFile(options);
      assert.equal([keys.trouble, keys.knownOf('entrance')], ['damaged', undefined]);
      assert.is(await keys.keep('entrance', { identity: 'y', key: KEY }), false);
      assert.ok((await readFile(options.path)).equals(bytes));
    }));
}

test('under another pepper, or on another machine, it cannot be read', async () =>
  withFolder(async (folder) => {
    const options = optionsAt(folder);
    await (await openKeyFile(options)).keep('entrance', { identity: 'x', key: KEY });
    const others = [
      { ...options, pepper: undefined },
      { ...options, machineId: 'another' },
    ];
    for (const other of others) assert.is((await openKeyFile(other)).trouble, 'damaged');
    assert.is((await openKeyFile(options)).trouble, undefined);
  }));

test('a folder that takes nothing: not kept, and said so', async () =>
  withFolder(async (folder) => {
    const keys = await openKeyFile({ ...optionsAt(folder), path: join(folder, 'none', 'reader-keys') });
    assert.is(await keys.keep('entrance', { identity: 'x', key: KEY }), false);
    assert.is(keys.knownOf('entrance'), undefined);
  }));

test.run();
