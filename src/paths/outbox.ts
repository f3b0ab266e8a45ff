/**
 * One lane of the outbox as a path sees it: the rows it has loaded, which of them are under way, and what the centre
 * still owes. Terms: an *entry* is a loaded row; *waiting* to be sent, *flying* until its PUBACK, *accepted* by the
 * broker until the centre acknowledges. A *refused* row is one the broker will not take; it stands aside.
 */
import { after } from '../core/time.ts';
import type { Monotonic } from '../core/time.ts';
import type { Delivery, Entry, LaneState } from './mqtt/types.ts';

/** More refused rows than this are read again from the store when their turn comes. */
const REFUSED_KEPT = 64;

export const initialLane: LaneState = {
  entries: [],
  loadedUpTo: 0,
  more: false,
  loading: undefined,
  refused: [],
  refusedRetryAt: undefined,
  retrying: undefined,
  refusals: 0,
  refusalReported: false,
  aside: false,
  owedSince: undefined,
  ackDeadline: undefined,
  ackTimeouts: 0,
};

const byCursor = (one: { readonly delivery: Delivery }, other: { readonly delivery: Delivery }): number =>
  one.delivery.cursor - other.delivery.cursor;

const waiting = (delivery: Delivery): Entry => ({ delivery, status: { kind: 'waiting' } });

export const isSent = ({ status }: Entry): boolean => status.kind !== 'waiting';

/** Rows under way or at the broker: what the window counts. */
export const sentCount = (lane: LaneState): number => lane.entries.filter(isSent).length;

export const firstWaiting = (lane: LaneState): Delivery | undefined =>
  lane.entries.find(({ status }) => status.kind === 'waiting')?.delivery;

/** Nothing of this lane is left to send or to load. */
export const isDrained = (lane: LaneState): boolean =>
  !lane.more && lane.loading === undefined && firstWaiting(lane) === undefined;

// ---- loading

export const withAsked = (lane: LaneState, limit: number, retryAt: Monotonic): LaneState => ({
  ...lane,
  more: false,
  loading: { after: lane.loadedUpTo, limit, retryAt, grown: false },
});

/** The outbox grew. */
export const withGrowth = (lane: LaneState): LaneState =>
  lane.loading ? { ...lane, loading: { ...lane.loading, grown: true } } : { ...lane, more: true };

const append = (lane: LaneState, rows: readonly Delivery[]): LaneState => {
  const present = new Set([...lane.entries.map(({ delivery }) => delivery.cursor), ...lane.refused.map(({ cursor }) => cursor)]);
  const added = rows.filter(({ cursor }) => !present.has(cursor)).map(waiting);
  const loadedUpTo = rows.reduce((highest, { cursor }) => Math.max(highest, cursor), lane.loadedUpTo);
  return { ...lane, loadedUpTo, entries: [...lane.entries, ...added].toSorted(byCursor) };
};

/** Rows just committed: taken as they are if the lane is up to date, read from the store in their turn if not. */
export const withFresh = (lane: LaneState, rows: readonly Delivery[], room: number): LaneState => {
  const current = !lane.more && lane.loading === undefined && !lane.aside && rows.length <= room;
  return current ? append(lane, rows) : withGrowth(lane);
};

/** Answer of the store; `isStored`: the centre has it already. An answer to another question changes nothing. */
export const withLoaded = (
  lane: LaneState,
  from: number,
  rows: readonly Delivery[],
  isStored: (delivery: Delivery) => boolean,
): LaneState => {
  const { loading } = lane;
  if (loading?.after !== from) return lane;
  const through = append(lane, rows);
  const entries = through.entries.filter(({ delivery }) => !isStored(delivery));
  return { ...through, entries, loading: undefined, more: loading.grown || rows.length >= loading.limit };
};

/** Read the outbox from its first row again; rows that are here already are not taken twice. */
export const withReload = (lane: LaneState): LaneState => ({
  ...lane,
  loadedUpTo: 0,
  more: true,
  loading: undefined,
  aside: false,
});

// ---- sending

const withStatus = (lane: LaneState, cursor: number, status: Entry['status']): LaneState => ({
  ...lane,
  entries: lane.entries.map((entry) => (entry.delivery.cursor === cursor ? { ...entry, status } : entry)),
});

export const withFlying = (lane: LaneState, cursor: number, id: number, now: Monotonic, deadline: Monotonic): LaneState => ({
  ...withStatus(lane, cursor, { kind: 'flying', id }),
  owedSince: lane.owedSince ?? now,
  ackDeadline: lane.ackDeadline ?? deadline,
});

/** The entry that flies under this id; undefined where the lane was begun anew since. */
export const flying = (lane: LaneState, cursor: number, id: number): Entry | undefined =>
  lane.entries.find(({ delivery, status }) => delivery.cursor === cursor && status.kind === 'flying' && status.id === id);

export const withWaiting = (lane: LaneState, cursor: number): LaneState => withStatus(lane, cursor, { kind: 'waiting' });

/** The broker has it. A refused row that goes through at last brings the others back. */
export const withAccepted = (lane: LaneState, cursor: number, now: Monotonic, deadline: Monotonic): LaneState => {
  const accepted = {
    ...withStatus(lane, cursor, { kind: 'accepted' }),
    owedSince: lane.owedSince ?? now,
    ackDeadline: lane.ackDeadline ?? deadline,
  };
  if (lane.retrying !== cursor) return accepted;
  return withRefusalsOver(accepted);
};

const owing = (lane: LaneState): LaneState =>
  lane.entries.some(isSent) ? lane : { ...lane, owedSince: undefined, ackDeadline: undefined, ackTimeouts: 0 };

/** Put aside what the broker refuses; the centre owes no acknowledgement for it. */
export const withRefused = (lane: LaneState, delivery: Delivery, retryAt: Monotonic): LaneState => {
  const refused = [...lane.refused, delivery].toSorted((one, other) => one.cursor - other.cursor);
  return owing({
    ...lane,
    entries: lane.entries.filter((entry) => entry.delivery.cursor !== delivery.cursor),
    refused: refused.slice(0, REFUSED_KEPT),
    aside: lane.aside || refused.length > REFUSED_KEPT,
    refusedRetryAt: lane.refusedRetryAt ?? retryAt,
    refusals: lane.retrying === delivery.cursor || lane.refusals === 0 ? lane.refusals + 1 : lane.refusals,
    retrying: lane.retrying === delivery.cursor ? undefined : lane.retrying,
  });
};

/** Try the lowest refused row again, or all of them. */
export const withRetried = (lane: LaneState, howMany: 'first' | 'all'): LaneState => {
  const back = howMany === 'all' ? lane.refused : lane.refused.slice(0, 1);
  return {
    ...lane,
    entries: [...lane.entries, ...back.map(waiting)].toSorted(byCursor),
    refused: lane.refused.slice(back.length),
    refusedRetryAt: undefined,
    retrying: back[0]?.cursor ?? lane.retrying,
  };
};

/** Nothing is under way any more; what was refused stays aside. */
export const withAllWaiting = (lane: LaneState): LaneState => ({
  ...lane,
  entries: lane.entries.map(({ delivery }) => waiting(delivery)),
  ackDeadline: undefined,
  ackTimeouts: 0,
});

/**
 * Everything that is not acknowledged goes out again in order: the connection was lost. What was put aside is read
 * again; the centre's debt keeps its date.
 */
export const withGoBack = (lane: LaneState): LaneState => {
  const whole = withAllWaiting(withRetried(lane, 'all'));
  return lane.aside ? withReload(whole) : whole;
};

/** As `withGoBack`, but what flies keeps flying: no PUBACK is missing on this connection. */
export const withAcceptedAgain = (lane: LaneState): LaneState => ({
  ...lane,
  entries: lane.entries.map((entry) => (entry.status.kind === 'accepted' ? waiting(entry.delivery) : entry)),
});

/** The lowest row that the broker has and the centre did not answer goes out again, alone. */
export const withProbe = (lane: LaneState): LaneState => {
  const lowest = lane.entries.find(({ status }) => status.kind === 'accepted');
  return lowest ? withWaiting(lane, lowest.delivery.cursor) : lane;
};

/**
 * Behind a refused row no cumulative acknowledgement can arrive from a centre that does not tell what it holds beyond a
 * gap. Then the oldest row that the broker has makes room, so that a new alarm never waits for it.
 */
export const withRoomMade = (lane: LaneState): LaneState => {
  const oldest = lane.entries.find(({ status }) => status.kind === 'accepted');
  if (!oldest || lane.refused.length === 0) return lane;
  return owing({ ...lane, entries: lane.entries.filter((entry) => entry !== oldest), aside: true });
};

// ---- acknowledgement

/** What the broker refused before goes with the rest: one of them reached the centre. */
const withRefusalsOver = (lane: LaneState): LaneState => ({
  ...withRetried(lane, 'all'),
  retrying: undefined,
  refusals: 0,
  refusalReported: false,
});

const withoutStored = (lane: LaneState, isStored: (delivery: Delivery) => boolean): LaneState => {
  const kept = {
    ...lane,
    entries: lane.entries.filter(({ delivery }) => !isStored(delivery)),
    refused: lane.refused.filter((delivery) => !isStored(delivery)),
  };
  const isRetryStored = lane.retrying !== undefined && !kept.entries.some(({ delivery }) => delivery.cursor === lane.retrying);
  const isRefusedStored = kept.refused.length < lane.refused.length;
  return isRetryStored || isRefusedStored ? withRefusalsOver(kept) : kept;
};

/** Drop what the centre has. `now` restarts the wait for what it still owes. */
export const withStored = (
  lane: LaneState,
  isStored: (delivery: Delivery) => boolean,
  now: Monotonic,
  ackTimeoutMs: number,
): LaneState => {
  const kept = withoutStored(lane, isStored);
  const flowing = lane.ackTimeouts > 0 ? withAcceptedAgain(kept) : kept;
  const owed = flowing.entries.some(isSent);
  const waits = { owedSince: owed ? now : undefined, ackDeadline: owed ? after(now, ackTimeoutMs) : undefined, ackTimeouts: 0 };
  const settled = { ...flowing, ...waits };
  return settled.aside && settled.refused.length < REFUSED_KEPT ? withReload(settled) : settled;
};
