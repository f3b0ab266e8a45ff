// deadline: 120s
/** Drawn traces: a practice, further. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a practice, further');

test('a timed exit, a fridge, supervised loops, a key switch', () =>
  stretch({ site: 'practice', seed: 15_000, steps: 250_000, deepEvery: 200 }));

test.run();
