// deadline: 120s
/** Drawn traces: an airlock. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: an airlock');

test('four leaves of which one at a time is free', () =>
  stretch({ site: 'airlock', seed: 55_000, steps: 60_000, deepEvery: 200 }));

test.run();
