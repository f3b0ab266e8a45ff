// deadline: 120s
/** Drawn traces: a pharmacy. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a pharmacy');

test('two areas behind a common hall, night duty, calendar', () =>
  stretch({ site: 'pharmacy', seed: 40_000, steps: 250_000, deepEvery: 200 }));

test.run();
