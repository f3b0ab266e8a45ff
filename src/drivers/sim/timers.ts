/** The machine's own clock and timers, for a simulated board that runs in real time. */
import type { Timers } from '../../ports/player.ts';

const NANOSECONDS_PER_MILLISECOND = 1e6;

export const machineTimers: Timers = {
  now: () => Number(process.hrtime.bigint()) / NANOSECONDS_PER_MILLISECOND,
  later: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
