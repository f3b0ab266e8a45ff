/** Each fuzzer for ten thousand cases of one seed; `node dist/scripts/fuzz.js` goes on with others. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FUZZERS, fuzzersNamed } from './registry.ts';

const COUNT = 10_000;
const SEED = 20_261_128;

const fuzzers = suite('fuzzers');
for (const { name, run } of FUZZERS) {
  fuzzers(`${name}: ${COUNT} cases`, () => assert.is(run(COUNT, SEED), undefined));
}

fuzzers('names are unique, and a subject names all of its own', () => {
  assert.is(new Set(FUZZERS.map(({ name }) => name)).size, FUZZERS.length);
  assert.equal(
    fuzzersNamed('osdp').map(({ name }) => name),
    ['osdp-frames', 'osdp-bus'],
  );
  assert.equal(fuzzersNamed('osd'), []);
});
fuzzers.run();
