/** Traces that once broke something, shortened. Each plays through now, and always. */
import { readFileSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keptFrom, replay } from './campaign.ts';

const folder = new URL('../../../test/invariants/kept/', import.meta.url);
const test = suite('kept traces');

for (const name of readdirSync(folder).toSorted()) {
  test(name, () => {
    const { site, trace } = keptFrom(readFileSync(new URL(name, folder), 'utf8'));
    assert.ok(trace.length > 0);
    assert.equal(replay(site, trace), []);
  });
}

test.run();
