/** The small file of two slots, as a kill may leave it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSlots, readSlots } from '../../src/drivers/store/slots.ts';

const test = suite('store: slots');
const folder = mkdtempSync(join(tmpdir(), 'vigie-slots-'));
const path = join(folder, 'clock.slots');
const BYTES = 4096;
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('killed between making the file and the first save: nothing was saved, and nothing is damaged', async () => {
  writeFileSync(path, '');
  assert.equal(await readSlots(path, BYTES), { text: undefined, counter: 0, damaged: false });
});

test('a file that holds something else is damaged, and the next save mends it', async () => {
  writeFileSync(path, 'garbage');
  assert.is((await readSlots(path, BYTES)).damaged, true);
  const slots = openSlots(path, BYTES, 0);
  assert.equal(await slots.save('{"a":1}', true), { ok: true, value: undefined });
  await slots.close();
  assert.equal(await readSlots(path, BYTES), { text: '{"a":1}', counter: 1, damaged: false });
});

test.run();
