/**
 * Which events of an answer count: each once, and none that is old. The station's clock may be wrong and may step, so its
 * time of day is never read; what is compared is its running time (`upTime`) with the controller's machine time.
 *
 * - **lag**: machine time of arrival less the station's running time. It is the same for every event that came at once; one
 *   that lags more than the quickest by `LAG_MAX_MS` waited somewhere that long.
 * - **span**: from the sending of the question before to the arrival of an answer: its events are no older. An answer of a
 *   longer span than `SPAN_MAX_MS` proves nothing, and none of its events counts as a press.
 * - **mark**: what tells an event from every other, over subscriptions: a station that starts again counts from 1 again.
 */
import type { TwoNEvent } from './twoN.ts';

export const LAG_MAX_MS = 5_000;
export const SPAN_MAX_MS = 10_000;
/** Marks that are kept. */
const MARKS_MAX = 256;

/** Of one subscription. */
export type Watch = {
  /** The newest event that was taken. */
  readonly lastId: number | undefined;
  readonly quickestLagMs: number | undefined;
  /** Machine time at which the last question was sent. */
  readonly askedAtMs: number;
  /** Of the newest events that were taken, in this subscription and before. */
  readonly marks: readonly string[];
};

export type Watched = {
  readonly watch: Watch;
  readonly fresh: readonly TwoNEvent[];
  /** New, and too old to be a press: it may still tell a state. */
  readonly stale: readonly TwoNEvent[];
  readonly repeated: number;
};

/** `subscribedAtMs`: when the subscription was asked for. `marks`: of the watch before. */
export const newWatch = (subscribedAtMs: number, marks: readonly string[] = []): Watch => ({
  lastId: undefined,
  quickestLagMs: undefined,
  askedAtMs: subscribedAtMs,
  marks,
});

const markOf = ({ id, upTimeS, utcTimeS, name }: TwoNEvent): string => `${id} ${upTimeS} ${utcTimeS} ${name}`;

const lagOf = ({ upTimeS }: TwoNEvent, arrivedAtMs: number): number | undefined =>
  upTimeS === undefined ? undefined : arrivedAtMs - upTimeS * 1_000;

const quickest = (lags: readonly (number | undefined)[]): number | undefined =>
  lags.reduce((best, lag) => (best === undefined || (lag !== undefined && lag < best) ? lag : best), undefined);

/** Rising ids only: what was told again, and what comes out of order, is told already. */
const newEvents = (events: readonly TwoNEvent[], { lastId = -1, marks }: Watch): readonly TwoNEvent[] => {
  let last = lastId;
  return events.filter((event) => {
    if (event.id <= last || marks.includes(markOf(event))) return false;
    last = event.id;
    return true;
  });
};

/** Takes the answer to a question that was sent at `askedAtMs`. */
export const watchAnswer = (watch: Watch, events: readonly TwoNEvent[], askedAtMs: number, arrivedAtMs: number): Watched => {
  const taken = newEvents(events, watch);
  const lags = taken.map((event) => lagOf(event, arrivedAtMs));
  const quickestLagMs = quickest([watch.quickestLagMs, ...lags]);
  const isProven = arrivedAtMs - watch.askedAtMs <= SPAN_MAX_MS;
  const isFresh = (event: TwoNEvent): boolean => {
    const lag = lagOf(event, arrivedAtMs);
    return isProven && (lag === undefined || lag - (quickestLagMs ?? lag) <= LAG_MAX_MS);
  };
  return {
    watch: {
      lastId: taken.at(-1)?.id ?? watch.lastId,
      quickestLagMs,
      askedAtMs,
      marks: [...watch.marks, ...taken.map(markOf)].slice(-MARKS_MAX),
    },
    fresh: taken.filter(isFresh),
    stale: taken.filter((event) => !isFresh(event)),
    repeated: events.length - taken.length,
  };
};
