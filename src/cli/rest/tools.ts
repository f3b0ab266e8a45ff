/** What resting outputs needs of this machine. */
import type { BoardConfig } from '../../config/siteFile.ts';
import { machineClock } from '../../drivers/clock/clock.ts';
import { chardevLines } from '../../drivers/gpio-chardev/lines.ts';
import { machineTimers } from '../../drivers/sim/timers.ts';
import type { Lines } from '../../ports/lines.ts';
import type { RestTools } from '../restOutputs.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The outputs of the simulated board are memory of the process that is gone. */
export const openRestLines = async (board: BoardConfig): Promise<Lines | undefined> => {
  switch (board.driver) {
    case 'sim':
      return undefined;
    case 'gpio': {
      const { chipLabel, offsets } = board;
      return chardevLines({ chipLabel, offsets, timers: machineTimers, patient: false, log: () => undefined });
    }
  }
};

export const restTools = (): RestTools => ({ clock: machineClock(true), isAlive, open: openRestLines });
