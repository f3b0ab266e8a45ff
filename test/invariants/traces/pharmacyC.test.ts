// deadline: 120s
/** Drawn traces: a pharmacy, further still. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a pharmacy, further still');

test('two areas behind a common hall, night duty, calendar', () =>
  stretch({ site: 'pharmacy', seed: 50_000, steps: 250_000, deepEvery: 200 }));

test.run();
