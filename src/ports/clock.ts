/** The machine's clocks. */
export type Clock = {
  /** CLOCK_MONOTONIC in milliseconds, with fractions: the same for every process until the machine starts anew. */
  readonly machineMs: () => number;
  /** Milliseconds since 1970 UTC, right or not. */
  readonly wallMs: () => number;
  /** The wall clock has been set by a time source. */
  readonly isSynchronised: () => boolean;
  /** Identity of this run of the kernel, at most 64 characters. */
  readonly bootId: string;
};
