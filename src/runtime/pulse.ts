/**
 * Whether the process may tell its watchdogs that all is well. It may while three *beats* go on: the event loop turns, every
 * input was read again, and the store's thread is free or waits for the disk.
 *
 * A disk that is slow, full or gone starves nobody: that is a fault of its own (`storage-failed`), guarding goes on from
 * memory, and a restart would mend nothing.
 */
import type { StoreThread } from '../ports/store.ts';
import { afterWaitingEdges } from './turns.ts';
import type { Watch } from './watch.ts';

/** Machine times, in milliseconds. */
export type Beats = {
  readonly loopAt: number;
  /** The last round in which every input was read. */
  readonly inputsAt: number;
  /** The thread was last seen to turn, to wait for the disk, or not to be there at all. */
  readonly storeAt: number;
};

export type Silent = 'loop' | 'inputs' | 'store';

/** Inputs are read each 250 ms; three rounds may be missed. */
const INPUTS_SILENT_MS = 1_000;
const LOOP_SILENT_MS = 1_000;
/** Outside the disk the thread only hashes and sorts what it was given: seconds at most, on the slowest board. */
const STORE_SILENT_MS = 30_000;

/** Who was silent for too long; feeding stops then. */
export const silentOnes = ({ loopAt, inputsAt, storeAt }: Beats, now: number): readonly Silent[] => [
  ...(now - loopAt > LOOP_SILENT_MS ? (['loop'] as const) : []),
  ...(now - inputsAt > INPUTS_SILENT_MS ? (['inputs'] as const) : []),
  ...(now - storeAt > STORE_SILENT_MS ? (['store'] as const) : []),
];

export const mayFeed = (beats: Beats, now: number): boolean => silentOnes(beats, now).length === 0;

// ---- listening to the beats

export type PulseOptions = {
  /** Between two feeds, in milliseconds. */
  readonly everyMs: number;
  /** All is well. */
  readonly onBeat: () => void;
  /** Once when it ceases to be so, and once when it is again (nobody is silent then). */
  readonly onSilence: (silent: readonly Silent[]) => void;
};

export type Pulse = Watch & {
  readonly noteInputs: () => void;
  /** The loop turned: looks at the store's thread. */
  readonly turn: () => void;
  /** Feeds, or does not. */
  readonly judge: () => void;
};

const LOOP_TURN_MS = 250;

const isAlive = (thread: StoreThread | undefined, lastTurns: number | undefined): boolean =>
  thread === undefined || thread.isInDisk || thread.turns !== lastTurns;

export const makePulse = (now: () => number, thread: () => StoreThread | undefined, options?: PulseOptions): Pulse => {
  let beats: Beats = { loopAt: 0, inputsAt: 0, storeAt: 0 };
  let lastTurns: number | undefined;
  let wasSilent = false;
  let timers: readonly NodeJS.Timeout[] = [];

  const turn = (): void => {
    const seen = thread();
    const at = now();
    beats = { ...beats, loopAt: at, storeAt: isAlive(seen, lastTurns) ? at : beats.storeAt };
    lastTurns = seen?.turns;
  };

  const judge = (): void => {
    const silent = silentOnes(beats, now());
    const isSilent = silent.length > 0;
    if (isSilent !== wasSilent) options?.onSilence(silent);
    wasSilent = isSilent;
    if (!isSilent) options?.onBeat();
  };

  return {
    start: () => {
      const at = now();
      beats = { loopAt: at, inputsAt: at, storeAt: at };
      if (!options) return;
      // After a pause, what beats again is heard before it is judged: the inputs are read by a timer that lets edges go first.
      const judgeLast = (): void => afterWaitingEdges(() => setImmediate(judge));
      timers = [setInterval(turn, LOOP_TURN_MS), setInterval(judgeLast, options.everyMs)];
      judge();
    },
    stop: () => timers.forEach((timer) => clearInterval(timer)),
    turn,
    judge,
    noteInputs: () => {
      beats = { ...beats, inputsAt: now() };
    },
  };
};
