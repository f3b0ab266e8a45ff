/** The simulated board keeps the contract of `Lines`, alone and as two that are joined. */
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import { joinLines } from '../../src/ports/joinedLines.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import type { Hand } from '../../src/drivers/sim/hand.ts';
import type { Lines } from '../../src/ports/lines.ts';
import type { VirtualTimers } from '../support/virtualTimers.ts';
import { linesContract } from './linesContract.ts';
import type { LinesRig } from './linesContract.ts';

type Simulated = {
  readonly timers: VirtualTimers;
  readonly lines: Lines;
  readonly handOf: (line: string) => Hand;
  readonly inputs: readonly [string, string];
  readonly outputs: readonly [string, string];
};

// Before a board is opened nobody hears a contact move: what it stands at is its initial level.
const rigOf = ({ timers, lines, handOf, inputs, outputs }: Simulated): LinesRig => ({
  lines,
  inputs,
  outputs,
  setInput: (line, level) => {
    handOf(line).setLevel(line, level);
    return Promise.resolve();
  },
  levelOf: (line) => {
    const view = handOf(line).look(line);
    if (!view || !('level' in view)) throw new Error(`${line} has no level`);
    return view.level;
  },
  tear: (line, torn) => {
    if (torn) handOf(line).tear(line);
    else handOf(line).mend(line);
    return Promise.resolve();
  },
  now: timers.now,
  pass: (ms) => {
    timers.advance(ms);
    return Promise.resolve();
  },
  dispose: () => Promise.resolve(),
});

const simulatedRig = (): Promise<LinesRig> => {
  const timers = createVirtualTimers();
  const { lines, hand } = createSimBoard({ timers, initial: {}, available: undefined });
  const [inputs, outputs] = [['GPIO17', 'GPIO22'] as const, ['GPIO27', 'GPIO24'] as const];
  return Promise.resolve(rigOf({ timers, lines, handOf: () => hand, inputs, outputs }));
};

const isCellar = (line: string): boolean => line.startsWith('cellar.');

/** One input and one output on either board. */
const joinedRig = (): Promise<LinesRig> => {
  const timers = createVirtualTimers();
  const board = createSimBoard({ timers, initial: {}, available: ['GPIO17', 'GPIO27'] });
  const cellar = createSimBoard({ timers, initial: {}, available: ['cellar.D4', 'cellar.D7'] });
  const lines = joinLines([
    { owns: isCellar, lines: cellar.lines },
    { owns: (line) => !isCellar(line), lines: board.lines },
  ]);
  const handOf = (line: string): Hand => (isCellar(line) ? cellar.hand : board.hand);
  const [inputs, outputs] = [['cellar.D4', 'GPIO17'] as const, ['GPIO27', 'cellar.D7'] as const];
  return Promise.resolve(rigOf({ timers, lines, handOf, inputs, outputs }));
};

linesContract('simulated board', simulatedRig, { canTear: true });
linesContract('two simulated boards joined', joinedRig, { canTear: true });
