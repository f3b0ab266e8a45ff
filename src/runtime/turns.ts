/** The order in which Node's loop gets to what waits. */

/**
 * After a busy moment timers and edges older than them wait together, and Node runs its timers first: a short pulse would
 * outlast its debounce because its end was not heard yet. One turn of the loop reads the edges, the next hands them over, and
 * what a timer brought comes after.
 */
export const afterWaitingEdges = (act: () => void): void => {
  setImmediate(() => setImmediate(act));
};
