/**
 * How an output sounds or blinks: each pattern is a list of milliseconds on, off, on, off … repeated from its start.
 * One table for every driver, so that a tone means the same on every board.
 */

import type { PatternName } from '../core/tone.ts';

export const RHYTHMS = {
  /** Leave now: one short beep a second. */
  exit: [100, 900],
  /** The last ten seconds of the exit delay. */
  'exit-final': [100, 150],
  /** Someone came in: disarm. */
  entry: [400, 400],
  /** Arming failed, or a zone off the route opened meanwhile. */
  fault: [150, 150, 150, 550],
  /** A door on the entry route opened while disarmed. */
  chime: [200, 100, 200, 500],
  /** A secondary exit will sound in a few seconds. */
  'door-warning': [80, 920],
  /** A secondary exit is left open or not latched. */
  'door-alarm': [500, 250],
  /** Accepted: one long beep. */
  accepted: [600, 400],
  /** Refused: three short ones. */
  refused: [100, 100, 100, 100, 100, 500],
  /** A person is reminded to say that all is normal. */
  reminder: [100, 4900],
  /** An intrusion lamp. */
  flash: [500, 500],
} as const satisfies Readonly<Record<PatternName, readonly number[]>>;

export type Beat = {
  readonly on: boolean;
  /** Milliseconds to the next change. */
  readonly remainingMs: number;
};

/** Where a rhythm stands `elapsedMs` after it began; before its start counts as its start. */
export const beatAt = (rhythm: readonly number[], elapsedMs: number): Beat => {
  const periodMs = rhythm.reduce((sum, ms) => sum + ms, 0);
  let position = Math.max(0, elapsedMs) % periodMs;
  for (const [index, ms] of rhythm.entries()) {
    if (position < ms) return { on: index % 2 === 0, remainingMs: ms - position };
    position -= ms;
  }
  return { on: true, remainingMs: rhythm[0] ?? periodMs };
};
