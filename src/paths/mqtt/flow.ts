/**
 * What goes out when there is room: alarms, then events, then states and replies. The window bounds what the centre
 * has not acknowledged, receive maximum what the broker has not; the last places of both are kept for alarms.
 */
import { LANES } from '../../core/event.ts';
import type { Lane } from '../../core/event.ts';
import { MAX_PAYLOAD_BYTES } from '../../protocol/fields.ts';
import { encodeEvent, eventMessageOf } from '../../protocol/payloads.ts';
import { topicOfEvent } from '../../protocol/topics.ts';
import { firstWaiting, isDrained, sentCount, withAsked, withFlying, withRoomMade } from '../outbox.ts';
import { backedOff, headsOf, later, publish, publishOther, raiseEpoch, set, setLane } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { Delivery, PathConfig, PathState, Publication } from './types.ts';

/** What a PUBLISH packet adds to its payload: fixed header, topic length, packet id, property length. */
const PACKET_OVERHEAD_BYTES = 16;

const receiveMaximum = ({ connection }: PathState): number => (connection.kind === 'up' ? connection.receiveMaximum : 0);

/** Places that PUBACKs leave free; all but alarms leave the last one free. */
const hasSlot = (state: PathState, urgent: boolean): boolean => {
  const most = receiveMaximum(state);
  return state.flights.length < (urgent ? most : Math.max(Math.min(most, 1), most - 1));
};

const hasWindow = (config: PathConfig, state: PathState, lane: Lane): boolean => {
  const sent = sentCount(state.lanes.alarm) + sentCount(state.lanes.event);
  return sent < (lane === 'alarm' ? config.windowMessages : config.windowMessages - config.alarmReserve);
};

const isHeld = ({ holdUntil, pausedUntil }: PathState): boolean => holdUntil !== undefined || pausedUntil !== undefined;

/** How long the centre may take: twice as long after each time it did not answer, and longer while it says it is away. */
export const ackTimeout = (config: PathConfig, state: PathState, tries: number): number => {
  const ms = backedOff(config.ackTimeoutMs, config.ackTimeoutMaxMs, tries);
  return state.centre === 'offline' ? Math.max(ms, config.probeMs) : ms;
};

const publicationOf = (frame: PathFrame, delivery: Delivery): Publication => {
  const { connection, epoch, previousEpoch } = frame.state;
  const isFirst = delivery.seq === 1 && delivery.epoch === epoch && previousEpoch !== undefined;
  const message = eventMessageOf(delivery.body, {
    epoch: delivery.epoch,
    seq: delivery.seq,
    ...(isFirst ? { previousEpoch } : {}),
  });
  const topic = topicOfEvent(message);
  const most = connection.kind === 'up' ? connection.maximumPacketBytes - topic.length - PACKET_OVERHEAD_BYTES : 0;
  return { topic, payload: encodeEvent(message, Math.min(MAX_PAYLOAD_BYTES, most)), qos: 1, retain: false };
};

const sendDelivery = (frame: PathFrame, lane: Lane, delivery: Delivery): void => {
  const { cursor, epoch, seq } = delivery;
  const id = publish(frame, publicationOf(frame, delivery), { kind: 'delivery', lane, cursor });
  const deadline = later(frame, ackTimeout(frame.config, frame.state, frame.state.lanes[lane].ackTimeouts));
  setLane(frame, lane, (state) => withFlying(state, cursor, id, frame.now, deadline));
  raiseEpoch(frame, epoch, { sendable: headsOf(lane, seq) });
};

/** This centre tells what it holds beyond a gap. */
const tellsGaps = (frame: PathFrame, lane: Lane): boolean => frame.state.epochs.some(({ also }) => also[lane].length > 0);

/** One more of this lane, if it may. */
const sendNext = (frame: PathFrame, lane: Lane): boolean => {
  const delivery = firstWaiting(frame.state.lanes[lane]);
  if (!delivery || !hasSlot(frame.state, lane === 'alarm') || !hasWindow(frame.config, frame.state, lane)) return false;
  sendDelivery(frame, lane, delivery);
  return true;
};

/** A refused row must not fill the window with what comes after it. */
const makeRoom = (frame: PathFrame, lane: Lane): void => {
  const { entries, more, refused } = frame.state.lanes[lane];
  if (refused.length === 0 || tellsGaps(frame, lane)) return;
  const wantsMore = more || entries.some(({ status }) => status.kind === 'waiting');
  if (wantsMore && !hasWindow(frame.config, frame.state, lane)) setLane(frame, lane, withRoomMade);
};

const sendQueued = (frame: PathFrame): boolean => {
  const [first, ...rest] = frame.state.queue;
  if (!first || !hasSlot(frame.state, false)) return false;
  set(frame, { queue: rest });
  publishOther(frame, first);
  return true;
};

const sendDeliveries = (frame: PathFrame): void => {
  if (isHeld(frame.state)) return;
  while (sendNext(frame, 'alarm'));
  if (!isDrained(frame.state.lanes.alarm)) return;
  while (sendNext(frame, 'event'));
};

const load = (frame: PathFrame, lane: Lane): void => {
  const state = frame.state.lanes[lane];
  const limit = frame.config.windowMessages - state.entries.length;
  if (!state.more || state.loading !== undefined || limit <= 0) return;
  setLane(frame, lane, (before) => withAsked(before, limit, later(frame, frame.config.loadTimeoutMs)));
  frame.sends.push({ kind: 'load', lane, after: state.loadedUpTo, limit });
};

/** Sends all that may go now, and asks the store for what comes next. */
export const flow = (frame: PathFrame): void => {
  if (frame.state.connection.kind !== 'up' || frame.state.epoch === undefined) return;
  for (const lane of LANES) makeRoom(frame, lane);
  sendDeliveries(frame);
  if (frame.state.pausedUntil === undefined) while (sendQueued(frame));
  for (const lane of LANES) load(frame, lane);
};
