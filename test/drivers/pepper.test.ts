import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPepper } from '../../src/drivers/secrets/pepper.ts';

const pepper = suite('the pepper’s file');
const folder = mkdtempSync(join(tmpdir(), 'vigie-pepper-'));
pepper.after(() => rmSync(folder, { recursive: true }));

const file = (name: string, bytes: number, mode: number): string => {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(bytes).fill(7));
  chmodSync(path, mode);
  return path;
};

pepper('of its owner alone, 16 bytes or more', async () => {
  assert.equal(await readPepper(file('good', 16, 0o600)), { ok: true, pepper: Buffer.alloc(16, 7) });
});

for (const [name, bytes, mode, reason] of [
  ['short', 15, 0o600, 'too-short'],
  ['long', 1025, 0o600, 'too-long'],
  ['group', 32, 0o640, 'readable-by-others'],
  ['world', 32, 0o604, 'readable-by-others'],
] as const) {
  pepper(`refused: ${reason} (${name})`, async () =>
    assert.equal(await readPepper(file(name, bytes, mode)), { ok: false, reason }),
  );
}

pepper('refused: none, or a folder', async () => {
  assert.equal(await readPepper(join(folder, 'none')), { ok: false, reason: 'not-found' });
  const open = join(folder, 'good', 'inside');
  assert.equal(await readPepper(open), { ok: false, reason: 'not-readable' });
});
pepper.run();
