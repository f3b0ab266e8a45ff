/** The simulated board keeps the contract of `Lines`. */
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import { linesContract } from './linesContract.ts';
import type { LinesRig } from './linesContract.ts';

const simulatedRig = (): Promise<LinesRig> => {
  const timers = createVirtualTimers();
  const { lines, hand } = createSimBoard({ timers, initial: {}, available: undefined });
  // Before the board is opened nobody hears a contact move: what it stands at is its initial level.
  return Promise.resolve({
    lines,
    inputs: ['GPIO17', 'GPIO22'],
    outputs: ['GPIO27', 'GPIO24'],
    setInput: (line, level) => {
      hand.setLevel(line, level);
      return Promise.resolve();
    },
    levelOf: (line) => {
      const view = hand.look(line);
      if (!view || !('level' in view)) throw new Error(`${line} has no level`);
      return view.level;
    },
    tear: (line, torn) => {
      if (torn) hand.tear(line);
      else hand.mend(line);
      return Promise.resolve();
    },
    now: timers.now,
    pass: (ms) => {
      timers.advance(ms);
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  });
};

linesContract('simulated board', simulatedRig, { canTear: true });
