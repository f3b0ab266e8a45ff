// deadline: 120s
/** Drawn traces: a practice with a door of each kind of lock. */
import { suite } from 'uvu';
import { stretch } from '../stretch.ts';

const test = suite('drawn traces: a door of each kind of lock');

test('readers, buttons, orders from afar, emergencies, free access, a guarded cupboard', () =>
  stretch({ site: 'locks', seed: 50_000, steps: 60_000, deepEvery: 200 }));

test.run();
