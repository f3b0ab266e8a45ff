/**
 * Running time: how long the controller has been watching since its data folder was made. It continues where the last
 * saved instant left it, so that what was left of a delay before a restart is what is left after it.
 */
import { monotonic } from '../core/time.ts';
import type { Monotonic } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { SavedClock } from '../ports/store.ts';

export type RunningClock = {
  readonly now: () => Monotonic;
  /** Machine time, as drivers give it, to running time. */
  readonly fromMachine: (machineMs: number) => Monotonic;
  readonly toMachine: (instant: Monotonic) => number;
};

/** `resumeAt`: where running time stood when it was last saved. */
export const runningClock = (clock: Clock, resumeAt: number): RunningClock => {
  const base = resumeAt - clock.machineMs();
  return {
    now: () => monotonic(clock.machineMs() + base),
    fromMachine: (machineMs) => monotonic(machineMs + base),
    toMachine: (instant) => instant - base,
  };
};

/** How long nobody watched: exact while the kernel is the same, else by wall time where that makes sense. */
export const goneMsSince = (clock: Clock, saved: SavedClock | undefined): number | undefined => {
  if (!saved) return undefined;
  if (saved.bootId === clock.bootId) return Math.max(0, Math.round(clock.machineMs() - saved.monotonicMs));
  const byWall = Math.round(clock.wallMs() - saved.wallMs);
  return clock.isSynchronised() && byWall >= 0 ? byWall : undefined;
};

/** The latest instant that both what was stored and what was saved agree has been reached. */
export const resumeInstant = (saved: SavedClock | undefined, stored: number | undefined): number =>
  Math.max(saved?.runningMs ?? 0, stored ?? 0);
