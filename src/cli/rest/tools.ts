/** What resting outputs needs of this machine. */
import type { BoardConfig } from '../../config/siteFile.ts';
import { machineClock } from '../../drivers/clock/clock.ts';
import type { Lines } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { RestTools } from '../restOutputs.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** What goes wrong is in the report. */
const quiet: Log = () => undefined;

/** The outputs of the simulated board are memory of the process that is gone. */
export const openRestLines = async (board: BoardConfig): Promise<Lines | undefined> => {
  if (board.driver === 'sim') return undefined;
  const { gpioLines } = await import('../gpioLines.ts');
  return gpioLines(board, { patient: false, log: quiet });
};

export const restTools = (): RestTools => ({ clock: machineClock(true), isAlive, open: openRestLines });
