/**
 * From the samples of one analog channel to the ratios that are told. A supervised loop that goes from one resistance to
 * another passes through those between, and a sample taken on the way would be in a band that means something else. Pure.
 *
 * - **told**: the sample that stands for the present value. A sample within `STEADY` of it says nothing new.
 * - **run**: samples in a row, away from what was told, that agree with each other within `STEADY`. `RUN_LENGTH` of them
 *   are a new value. A single wrong sample, or one on the way between two values, is never told.
 * - **unsteady**: no such run within `UNSTEADY_LENGTH` samples, as on a cable with hum. The middle one of them is told then:
 *   a value that never rests must not hide an alarm.
 */

/** Steps of a ten-bit converter, whose error is twice that. */
const STEADY = 2;
const RUN_LENGTH = 3;
const UNSTEADY_LENGTH = 9;
const SCALE = 1023;

export type Sample = { readonly value: number; readonly atMs: number };

export type Channel = {
  readonly told: number | undefined;
  /** Samples since the value left what was told; oldest first. */
  readonly away: readonly Sample[];
  /** When the last sample came; undefined: none since the board was armed. */
  readonly freshAtMs: number | undefined;
};

export type ChannelStep = {
  readonly channel: Channel;
  /** `ratio` 0–1 of the reference, seen first at `observedAtMs`. */
  readonly tell: { readonly ratio: number; readonly observedAtMs: number } | undefined;
};

export const NEW_CHANNEL: Channel = { told: undefined, away: [], freshAtMs: undefined };

const agree = (samples: readonly Sample[]): boolean => {
  const values = samples.map(({ value }) => value);
  return Math.max(...values) - Math.min(...values) <= STEADY;
};

const middleOf = (samples: readonly Sample[]): number => {
  const rising = samples.map(({ value }) => value).toSorted((a, b) => a - b);
  return rising[rising.length >> 1] ?? 0;
};

const tell = (samples: readonly Sample[], freshAtMs: number): ChannelStep => {
  const value = middleOf(samples);
  return {
    channel: { told: value, away: [], freshAtMs },
    tell: { ratio: value / SCALE, observedAtMs: samples[0]?.atMs ?? freshAtMs },
  };
};

export const hearSample = ({ told, away }: Channel, value: number, now: number): ChannelStep => {
  if (told !== undefined && Math.abs(value - told) <= STEADY) {
    return { channel: { told, away: [], freshAtMs: now }, tell: undefined };
  }
  const samples = [...away, { value, atMs: now }];
  const run = samples.slice(-RUN_LENGTH);
  if (run.length === RUN_LENGTH && agree(run)) return tell(run, now);
  if (samples.length >= UNSTEADY_LENGTH) return tell(samples, now);
  return { channel: { told, away: samples, freshAtMs: now }, tell: undefined };
};

/** A value that nobody has said anything of for so long is not known any more. */
export const STALE_MS = 500;

export const isStale = ({ freshAtMs }: Channel, now: number): boolean => freshAtMs !== undefined && now - freshAtMs > STALE_MS;
