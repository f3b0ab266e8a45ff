/**
 * Turns what an output is to do into physical levels: off, on, or a rhythm beaten out by a timer. Every driver of
 * outputs plays through it. It is also where the last cut-off stands: an output on for 110 % of its longest time is put
 * to rest and stays there until it is driven off.
 */
import type { Drive, Level } from './lines.ts';
import { RHYTHMS, beatAt } from './rhythms.ts';

export type Timers = {
  /** Machine time in milliseconds. */
  readonly now: () => number;
  /** Calls `task` once after `ms`; the answer cancels it. */
  readonly later: (ms: number, task: () => void) => () => void;
};

export type PlayerOptions = {
  readonly restLevel: Level;
  readonly maxOnMs: number | undefined;
  /** Puts the line to a physical level. Called on every change, before `drive` returns. */
  readonly setLevel: (level: Level) => void;
  /** The cut-off struck: a bug in what drives this output. */
  readonly onTooLong: () => void;
};

export type Player = { readonly drive: (drive: Drive) => void; readonly stop: () => void };

const CUT_OFF_FACTOR = 1.1;
const nothing = (): void => {};

/** A border: `1 - level` of a bit is a bit. */
export const opposite = (level: Level): Level => (level === 0 ? 1 : 0);

export const createPlayer = (options: PlayerOptions, timers: Timers): Player => {
  const { restLevel, maxOnMs, setLevel, onTooLong } = options;
  let cancelBeat = nothing;
  let cancelCut = nothing;
  let active = false;
  let cut = false;

  const put = (on: boolean): void => setLevel(on ? opposite(restLevel) : restLevel);

  const beat = (pattern: keyof typeof RHYTHMS, sinceMs: number): void => {
    const { on, remainingMs } = beatAt(RHYTHMS[pattern], timers.now() - sinceMs);
    put(on);
    cancelBeat = timers.later(remainingMs, () => beat(pattern, sinceMs));
  };

  const cutOff = (): void => {
    cancelBeat();
    cut = true;
    put(false);
    onTooLong();
  };

  const watchTime = (): void => {
    if (active) return;
    active = true;
    if (maxOnMs !== undefined) cancelCut = timers.later(maxOnMs * CUT_OFF_FACTOR, cutOff);
  };

  const rest = (): void => {
    cancelCut();
    active = false;
    cut = false;
    put(false);
  };

  const drive = (wanted: Drive): void => {
    cancelBeat();
    cancelBeat = nothing;
    if (wanted === 'off') return rest();
    if (cut) return;
    watchTime();
    if (wanted === 'on') put(true);
    else beat(wanted.pattern, wanted.sinceMs);
  };

  const stop = (): void => {
    cancelBeat();
    cancelCut();
  };
  return { drive, stop };
};
