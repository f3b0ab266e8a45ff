/**
 * Which events of an answer count: each once, and none that is old. The station's clock may be wrong and may step, so its
 * time of day is never read; what is compared is its running time (`upTime`) with the controller's machine time.
 *
 * - **lag**: machine time of arrival less the station's running time. It is the same for every event that came at once; one
 *   that lags more than the quickest by `LAG_MAX_MS` waited somewhere that long.
 * - **span**: from the sending of the question before to the arrival of an answer: its events are no older. An answer of a
 *   longer span than `SPAN_MAX_MS` proves nothing, and none of its events counts as a press.
 */
import type { TwoNEvent } from './twoN.ts';

export const LAG_MAX_MS = 5_000;
export const SPAN_MAX_MS = 10_000;

/** Of one subscription. */
export type Watch = {
  /** The newest event that was taken. */
  readonly lastId: number | undefined;
  readonly quickestLagMs: number | undefined;
  /** Machine time at which the last question was sent. */
  readonly askedAtMs: number;
};

export type Watched = {
  readonly watch: Watch;
  readonly fresh: readonly TwoNEvent[];
  /** New, and too old to be a press: it may still tell a state. */
  readonly stale: readonly TwoNEvent[];
  readonly repeated: number;
};

/** `subscribedAtMs`: when the subscription was asked for. */
export const newWatch = (subscribedAtMs: number): Watch => ({
  lastId: undefined,
  quickestLagMs: undefined,
  askedAtMs: subscribedAtMs,
});

const lagOf = ({ upTimeS }: TwoNEvent, arrivedAtMs: number): number | undefined =>
  upTimeS === undefined ? undefined : arrivedAtMs - upTimeS * 1_000;

const quickest = (lags: readonly (number | undefined)[]): number | undefined =>
  lags.reduce((best, lag) => (best === undefined || (lag !== undefined && lag < best) ? lag : best), undefined);

/** Rising ids only: what was told again, and what comes out of order, is told already. */
const newEvents = (events: readonly TwoNEvent[], lastId: number | undefined): readonly TwoNEvent[] => {
  let last = lastId ?? -1;
  return events.filter(({ id }) => {
    if (id <= last) return false;
    last = id;
    return true;
  });
};

/** Takes the answer to a question that was sent at `askedAtMs`. */
export const watchAnswer = (watch: Watch, events: readonly TwoNEvent[], askedAtMs: number, arrivedAtMs: number): Watched => {
  const taken = newEvents(events, watch.lastId);
  const lags = taken.map((event) => lagOf(event, arrivedAtMs));
  const quickestLagMs = quickest([watch.quickestLagMs, ...lags]);
  const isProven = arrivedAtMs - watch.askedAtMs <= SPAN_MAX_MS;
  const isFresh = (event: TwoNEvent): boolean => {
    const lag = lagOf(event, arrivedAtMs);
    return isProven && (lag === undefined || lag - (quickestLagMs ?? lag) <= LAG_MAX_MS);
  };
  return {
    watch: { lastId: taken.at(-1)?.id ?? watch.lastId, quickestLagMs, askedAtMs },
    fresh: taken.filter(isFresh),
    stale: taken.filter((event) => !isFresh(event)),
    repeated: events.length - taken.length,
  };
};
