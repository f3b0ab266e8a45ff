/** The Arduino's driver keeps the contract of `Lines`, with StandardFirmata and with Vigie's own firmware. */
import type { Firmware } from '../support/fakeFirmata.ts';
import { letPass, makeExpanderRig } from '../support/expanderRig.ts';
import { linesContract } from './linesContract.ts';
import type { LinesRig } from './linesContract.ts';

const pinOf = (line: string): number => Number(line.slice('cellar.D'.length));
/** After the board is plugged in again it boots, and is asked for. */
const BACK_MS = 8_000;

const rigOf = (firmware: Firmware) => (): Promise<LinesRig> => {
  const { timers, board, lines } = makeExpanderRig({ firmware });
  for (const pin of [4, 5]) board.setInput(pin, 0);
  return Promise.resolve({
    lines: { ...lines, open: async (requests, listener) => letPass(timers, lines.open(requests, listener)) },
    inputs: ['cellar.D4', 'cellar.D5'],
    outputs: ['cellar.D7', 'cellar.D8'],
    setInput: (line, level) => {
      board.setInput(pinOf(line), level);
      return Promise.resolve();
    },
    levelOf: (line) => board.levelOf(pinOf(line)),
    tear: (_line, torn) => {
      board.plug(!torn);
      timers.advance(torn ? 5 : BACK_MS);
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

linesContract('Arduino with StandardFirmata', rigOf('standard'), { canTear: true });
linesContract("Arduino with Vigie's firmware", rigOf('vigie'), { canTear: true });
