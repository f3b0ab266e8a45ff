/**
 * Running time on disk. While a delay of an area, door or siren runs it is saved each 150 ms, so that what is left of it
 * after a kill is right within 250 ms on a busy machine too, and made to last through a power cut each 900 ms. In quiet
 * times it is saved each 5 s and left to the kernel to write, so that a restart knows how long nobody watched.
 */
import type { State, TimerKind } from '../core/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

const DELAYS: ReadonlySet<TimerKind> = new Set<TimerKind>([
  'exit',
  'exit-settle',
  'entry',
  'abort',
  'siren',
  'fault-tone',
  'opening-remind',
  'opening-confirm',
  'door-pre-alarm',
  'door-held',
  'door-latch',
  'door-escalate',
  'door-silence',
  'door-sounder',
  'zone-fault-alarm',
  'shunt',
  'lockout',
  'output-limit',
]);

const TICK_MS = 150;
const TICKS_PER_SYNC = 6;
const TICKS_WHEN_QUIET = 33;

export type ClockSaver = {
  readonly start: () => void;
  readonly stop: () => void;
  readonly save: (lasting: boolean) => Promise<void>;
};

export const makeClockSaver = (
  clock: Clock,
  store: Pick<Store, 'saveClock'>,
  running: () => number,
  state: () => State,
): ClockSaver => {
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;

  const save = async (lasting: boolean): Promise<void> => {
    await store.saveClock(
      { bootId: clock.bootId, monotonicMs: clock.machineMs(), wallMs: clock.wallMs(), runningMs: running() },
      lasting,
    );
  };

  const tick = (): void => {
    ticks += 1;
    const isDelayRunning = state().durable.timers.some(({ kind }) => DELAYS.has(kind));
    if (isDelayRunning) void save(ticks % TICKS_PER_SYNC === 0);
    else if (ticks % TICKS_WHEN_QUIET === 0) void save(false);
  };

  return {
    start: () => {
      // From the first instant on: a restart must know that the machine was the same.
      void save(true);
      timer = setInterval(tick, TICK_MS);
    },
    stop: () => clearInterval(timer),
    save,
  };
};
