// deadline: 120s
/** Drawn traces: a practice left by its final door. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a practice left by its final door');

test('the exit ends with the door', () => stretch({ site: 'practice-final-door', seed: 20_000, steps: 250_000, deepEvery: 200 }));

test.run();
