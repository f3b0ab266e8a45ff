// deadline: 120s
/** Drawn traces: a practice. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a practice');

test('a timed exit, a fridge, supervised loops, a key switch', () =>
  stretch({ site: 'practice', seed: 10_000, steps: 250_000, deepEvery: 200 }));

test.run();
