/** One driver of header lines on a chip simulated by the kernel, for the contract of `Lines`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Level, Lines } from '../../src/ports/lines.ts';
import type { LinesRig } from '../contract/linesContract.ts';
import { makeSimChip } from './simChip.ts';

export const OFFSETS: Readonly<Record<string, number>> = { GPIO17: 17, GPIO22: 22, GPIO27: 27, GPIO24: 24 };
export const offsetOf = (line: string): number => {
  const offset = OFFSETS[line];
  if (offset === undefined) throw new Error(`no line ${line}`);
  return offset;
};

/** The drivers try again every 2 s. */
const RETRIED_MS = 2_200;

/** On this chip a pull that is asked for moves the level itself, which is the hand's to move. */
const withoutPulls = (lines: Lines): Lines => ({
  ...lines,
  open: (requests, listener) =>
    lines.open(
      requests.map((request) => (request.direction === 'input' ? { ...request, bias: 'none' } : request)),
      listener,
    ),
});

export const kernelRig = (linesOn: (chipLabel: string) => Lines): LinesRig => {
  const chip = makeSimChip('vigie-contract');
  const levels = new Map<number, Level>();
  return {
    lines: withoutPulls(linesOn(chip.label)),
    inputs: ['GPIO17', 'GPIO22'],
    outputs: ['GPIO27', 'GPIO24'],
    setInput: (line, level) => {
      levels.set(offsetOf(line), level);
      if (chip.isLive()) chip.pull(offsetOf(line), level);
      return Promise.resolve();
    },
    levelOf: (line) => (chip.isLive() ? chip.levelOf(offsetOf(line)) : 0),
    tear: async (_line, torn) => {
      chip.setLive(!torn);
      if (torn) return;
      for (const [offset, level] of levels) chip.pull(offset, level);
      await sleep(RETRIED_MS);
    },
    now: machineTimers.now,
    pass: (ms) => sleep(ms),
    dispose: () => Promise.resolve(chip.remove()),
  };
};
