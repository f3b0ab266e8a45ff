/**
 * Whoever starts the process anew when it ends or hangs: systemd on a site, nobody on a desk.
 *
 * - **feed**: a sign that all is well. Without one for `watchdogMs` the process is killed and started anew.
 * - **stopping**: what follows is an end that was asked for.
 */
export type Supervisor = {
  /** The longest time between two feeds, in milliseconds; undefined: it waits for none. */
  readonly watchdogMs: number | undefined;
  /** The start is over. `status` is one line for people. */
  readonly ready: (status: string) => void;
  readonly feed: () => void;
  readonly status: (text: string) => void;
  /** The start or the stop needs this much longer, in milliseconds, counted from now. */
  readonly moreTime: (ms: number) => void;
  readonly stopping: () => void;
  readonly close: () => void;
};

/**
 * - `koffi-missing`: the package that reaches the socket cannot be loaded.
 * - `no-socket`: the address is not one of a Unix socket, or the system gives no socket.
 */
export type SupervisorTrouble = 'koffi-missing' | 'no-socket';

export type SupervisorResult =
  | { readonly ok: true; readonly supervisor: Supervisor }
  /** `detail` is for the log only. */
  | { readonly ok: false; readonly trouble: SupervisorTrouble; readonly detail: string };

const nothing = (): void => {};

/** For a process that nobody watches. */
export const unsupervised: Supervisor = {
  watchdogMs: undefined,
  ready: nothing,
  feed: nothing,
  status: nothing,
  moreTime: nothing,
  stopping: nothing,
  close: nothing,
};
