/**
 * Two clocks, two types. Delays run on the controller's own running time, schedules and records on wall time.
 *
 * `Monotonic` is milliseconds of running time since the data folder was made: it continues over a restart from the
 * last saved instant, so a delay that was half over before a power cut is half over after it.
 * `Wall` is milliseconds since 1970 UTC, as good as its source.
 */
declare const clock: unique symbol;
export type Monotonic = number & { readonly [clock]: 'monotonic' };
export type Wall = number & { readonly [clock]: 'wall' };

/** A border: use it where a number enters the core from a clock, never to move a value from one clock to the other. */
export const monotonic = (ms: number): Monotonic => ms as Monotonic;
/** A border, as `monotonic`. */
export const wall = (ms: number): Wall => ms as Wall;

/** The instant `ms` after `instant`, on the same clock. */
export const after = <T extends Monotonic | Wall>(instant: T, ms: number): T => (instant + ms) as T;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
