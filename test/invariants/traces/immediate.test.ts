// deadline: 120s
/** Drawn traces: a practice that is set at once. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a practice that is set at once');

test('no exit delay, an installer resets tampers', () =>
  stretch({ site: 'practice-immediate', seed: 30_000, steps: 250_000, deepEvery: 200 }));

test.run();
