/** The inside of one step of the MQTT path: the state as it stands so far and what is to be done. */
import type { EventKind, Lane, LaneHeads } from '../../core/event.ts';
import { LANES } from '../../core/event.ts';
import type { ConditionKind } from '../../core/input.ts';
import { MINUTE, after } from '../../core/time.ts';
import type { Monotonic } from '../../core/time.ts';
import type { LanesProgress } from '../../protocol/messages.ts';
import { initialLane } from '../outbox.ts';
import type { Delivery, EpochState, Flight, LaneState, PathConfig, PathSend, PathState, Publication } from './types.ts';

export type PathFrame = {
  readonly config: PathConfig;
  readonly now: Monotonic;
  /** 0 ≤ random < 1. */
  readonly random: number;
  state: PathState;
  readonly sends: PathSend[];
};

type Detail = Readonly<Record<string, string | number | boolean>>;

export const initialPath = (now: Monotonic): PathState => ({
  epoch: undefined,
  previousEpoch: undefined,
  heads: { alarm: 0, event: 0 },
  epochs: [],
  lanes: { alarm: initialLane, event: initialLane },
  connection: { kind: 'idle' },
  attempts: 0,
  downSince: now,
  downReason: undefined,
  centre: 'unknown',
  centreAwaySince: undefined,
  flights: [],
  nextId: 1,
  queue: [],
  states: new Map(),
  holdUntil: undefined,
  marksSeen: false,
  epochWantedAt: undefined,
  heartbeatAt: undefined,
  pausedUntil: undefined,
  suspect: undefined,
  dropped: 0,
  failed: false,
  takenOverAt: undefined,
  reportedAt: {},
  commands: { seen: [], minuteStart: now, heard: 0, pending: [], answers: [] },
});

export const set = (frame: PathFrame, change: Partial<PathState>): void => {
  frame.state = { ...frame.state, ...change };
};

export const setLane = (frame: PathFrame, lane: Lane, change: (lane: LaneState) => LaneState): void =>
  set(frame, { lanes: { ...frame.state.lanes, [lane]: change(frame.state.lanes[lane]) } });

export const setLanes = (frame: PathFrame, change: (lane: LaneState) => LaneState): void => {
  for (const lane of LANES) setLane(frame, lane, change);
};

export const later = (frame: PathFrame, ms: number): Monotonic => after(frame.now, ms);

/** Doubles with each try, from `first` to `most`. */
export const backedOff = (first: number, most: number, tries: number): number => Math.min(most, first * 2 ** Math.min(tries, 30));

// ---- epochs

/** Old epochs beyond these are forgotten: an acknowledgement for one of them is refused and reported. */
const EPOCHS_KEPT = 8;

export const epochOf = (frame: PathFrame, epoch: string): EpochState | undefined =>
  frame.state.epochs.find((known) => known.epoch === epoch);

const highest = (one: LaneHeads, other: LaneHeads): LaneHeads => ({
  alarm: Math.max(one.alarm, other.alarm),
  event: Math.max(one.event, other.event),
});

const noHeads: LaneHeads = { alarm: 0, event: 0 };

/** Numbers never go down within an epoch. */
export const raiseEpoch = (frame: PathFrame, epoch: string, change: { sendable?: LaneHeads; acknowledged?: LaneHeads }): void => {
  const known = epochOf(frame, epoch) ?? { epoch, sendable: noHeads, acknowledged: noHeads, also: { alarm: [], event: [] } };
  const raised = {
    ...known,
    sendable: highest(known.sendable, change.sendable ?? noHeads),
    acknowledged: highest(known.acknowledged, change.acknowledged ?? noHeads),
  };
  const others = frame.state.epochs.filter((other) => other.epoch !== epoch);
  set(frame, { epochs: [...others, raised].slice(-EPOCHS_KEPT) });
};

export const headsOf = (lane: Lane, seq: number): LaneHeads => ({ ...noHeads, [lane]: seq });

/** The centre has it: by its cumulative acknowledgement, or beyond a gap. */
export const isStored = (frame: PathFrame, delivery: Delivery): boolean => {
  const epoch = epochOf(frame, delivery.epoch);
  if (!epoch) return false;
  const { lane, seq } = delivery;
  return seq <= epoch.acknowledged[lane] || epoch.also[lane].some((range) => range.from <= seq && seq <= range.to);
};

export const progressOf = (frame: PathFrame): LanesProgress => {
  const acknowledged = (frame.state.epoch === undefined ? undefined : epochOf(frame, frame.state.epoch))?.acknowledged ?? noHeads;
  const { heads } = frame.state;
  return {
    alarm: { head: heads.alarm, acknowledged: acknowledged.alarm },
    event: { head: heads.event, acknowledged: acknowledged.event },
  };
};

// ---- telling the runtime

export const condition = (frame: PathFrame, kind: ConditionKind, on: boolean, detail: Detail = {}): void => {
  frame.sends.push({ kind: 'condition', condition: kind, on, subject: frame.config.path, detail });
};

/** At most one of a kind and reason in a minute, so that a fault that repeats does not fill the journal. */
export const report = (frame: PathFrame, event: EventKind, reason: string, detail: Detail = {}): boolean => {
  const key = `${event} ${reason}`;
  const last = frame.state.reportedAt[key];
  if (last !== undefined && frame.now - last < MINUTE) return false;
  set(frame, { reportedAt: { ...frame.state.reportedAt, [key]: frame.now } });
  frame.sends.push({ kind: 'report', event, detail: { path: frame.config.path, reason, ...detail } });
  return true;
};

// ---- publishing

/** Gives the publication its number; of QoS 1 the answer is awaited. */
export const publish = (frame: PathFrame, publication: Publication, what: Flight['what']): number => {
  const id = frame.state.nextId;
  const flights = publication.qos === 1 ? [...frame.state.flights, { id, at: frame.now, what }] : frame.state.flights;
  set(frame, { nextId: id + 1, flights });
  frame.sends.push({ kind: 'publish', id, publication });
  return id;
};

export const publishOther = (frame: PathFrame, publication: Publication): void => {
  publish(frame, publication, { kind: 'other', topic: publication.topic });
};

/** The queue of what may wait behind deliveries holds one for each retained topic, and a bounded number of replies. */
const QUEUE_MOST = 2_048;

export const enqueue = (frame: PathFrame, publications: readonly Publication[]): void => {
  const replaced = new Set(publications.filter(({ retain }) => retain).map(({ topic }) => topic));
  const kept = frame.state.queue.filter(({ retain, topic }) => !(retain && replaced.has(topic)));
  set(frame, { queue: [...kept, ...publications].slice(-QUEUE_MOST) });
};
