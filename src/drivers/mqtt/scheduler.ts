/** Where the link in memory gets its time from: a virtual one in simulation, the process's own otherwise. */

/** `soon` is never inside the call; equal delays keep their order. */
export type Scheduler = {
  readonly soon: (act: () => void) => void;
  /** Returns what takes it back. */
  readonly after: (ms: number, act: () => void) => () => void;
};

export const realScheduler: Scheduler = {
  soon: (act) => queueMicrotask(act),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
