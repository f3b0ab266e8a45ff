import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawCode, isEasilyGuessed } from '../../src/drivers/secrets/draw.ts';
import type { DigestResult } from '../../src/ports/secrets.ts';

const plain = async (code: string): Promise<DigestResult> => ({ ok: true, digest: `v1-${code}` });
const busy = async (): Promise<DigestResult> => ({ ok: false, reason: 'busy' });
const sequence = (...numbers: readonly number[]): ((below: number) => number) => {
  const left = [...numbers];
  return () => left.shift() ?? assert.unreachable('drew too often') ?? 0;
};

const guessed = suite('codes that anybody would try first');

for (const code of ['0000', '1234', '4321', '2468', '7890', '1982', '2026', '11111111', '123456']) {
  guessed(`${code} is one`, () => assert.ok(isEasilyGuessed(code)));
}
for (const code of ['2580', '0471', '1243', '198275', '202611', '112233']) {
  guessed(`${code} is none`, () => assert.not(isEasilyGuessed(code)));
}
guessed.run();

const draw = suite('drawing a code');

draw('keeps its leading zeros', async () => {
  assert.equal(await drawCode(6, new Set(), sequence(471), plain), { ok: true, code: '000471', digest: 'v1-000471' });
});

draw('passes over what is easily guessed, and over what is taken', async () => {
  const drawn = await drawCode(4, new Set(['v1-2580']), sequence(1234, 2580, 471), plain);
  assert.equal(drawn, { ok: true, code: '0471', digest: 'v1-0471' });
});

draw('ends where it cannot digest', async () => {
  assert.equal(await drawCode(4, new Set(), sequence(471), busy), { ok: false, reason: 'busy' });
});
draw.run();
