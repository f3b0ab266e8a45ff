/**
 * Connecting, losing and winning back. Delays grow exponentially with full jitter, so that ten thousand sites whose
 * broker restarts do not come back in the same second; the first one is short.
 */
import { encode } from '../../protocol/payloads.ts';
import { isoOf } from '../../protocol/instant.ts';
import type { OfflineStatus, OnlineStatus } from '../../protocol/messages.ts';
import { siteSubscriptions, topicOf } from '../../protocol/topics.ts';
import { LANES } from '../../core/event.ts';
import type { Lane } from '../../core/event.ts';
import { withAllWaiting, withGoBack, withRefused } from '../outbox.ts';
import { answersToRepeat } from './commands.ts';
import { backedOff, condition, enqueue, later, progressOf, publishOther, report, set, setLane } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { Delivery, DownReason, PathInput, Publication, Will } from './types.ts';

const WILL_DELAY_S = 5;
const MOST_BYTES = 268_435_455;

const statusPublication = (frame: PathFrame, status: OnlineStatus | OfflineStatus): Publication => ({
  topic: topicOf({ kind: 'status', site: frame.config.site }),
  payload: encode(status),
  qos: 1,
  retain: true,
});

const offline = (frame: PathFrame, reason: OfflineStatus['reason']): Publication =>
  statusPublication(frame, { v: 1, site: frame.config.site, status: 'offline', boot: frame.config.boot, reason });

const will = (frame: PathFrame): Will => ({ ...offline(frame, 'lost'), delayS: WILL_DELAY_S });

export const connect = (frame: PathFrame): void => {
  set(frame, { connection: { kind: 'connecting', since: frame.now } });
  frame.sends.push({ kind: 'connect', will: will(frame) });
};

const birth = (frame: PathFrame): Publication | undefined => {
  const { connection, epoch } = frame.state;
  if (connection.kind !== 'up' || epoch === undefined) return undefined;
  const { site, boot, version, unsupervised } = frame.config;
  const { at, atQuality } = connection;
  const lanes = progressOf(frame);
  return statusPublication(frame, {
    v: 1,
    site,
    status: 'online',
    epoch,
    boot,
    version,
    at: isoOf(at),
    atQuality,
    lanes,
    unsupervised,
  });
};

/** Told at each connection and with each new epoch; the centre answers it with its marks. */
export const tellBirth = (frame: PathFrame): void => {
  const message = birth(frame);
  if (message) publishOther(frame, message);
};

export const onUp = (frame: PathFrame, input: PathInput & { readonly kind: 'up' }): void => {
  if (frame.state.connection.kind === 'stopped') return;
  const { at, atQuality } = input;
  const receiveMaximum = Math.max(1, input.receiveMaximum);
  const maximumPacketBytes = input.maximumPacketBytes ?? MOST_BYTES;
  set(frame, {
    connection: { kind: 'up', since: frame.now, at, atQuality, receiveMaximum, maximumPacketBytes },
    downSince: undefined,
    flights: [],
    pausedUntil: undefined,
    heartbeatAt: frame.now,
    holdUntil: frame.state.marksSeen ? undefined : later(frame, frame.config.marksWaitMs),
  });
  frame.sends.push({ kind: 'subscribe', filters: siteSubscriptions(frame.config.site) });
  tellBirth(frame);
  enqueue(frame, [...answersToRepeat(frame), ...frame.state.states.values()]);
};

const reconnectDelay = (frame: PathFrame): number => {
  const { reconnectMinMs, reconnectMaxMs } = frame.config;
  if (frame.state.attempts === 0) return Math.floor(frame.random * reconnectMinMs);
  const cap = backedOff(reconnectMinMs, reconnectMaxMs, frame.state.attempts);
  return Math.max(reconnectMinMs, Math.floor(frame.random * cap));
};

type Flown = { readonly lane: Lane; readonly delivery: Delivery; readonly id: number };

/** The delivery that was sent first of those the broker had not answered. */
const firstFlown = (frame: PathFrame): Flown | undefined =>
  LANES.flatMap((lane) =>
    frame.state.lanes[lane].entries.flatMap(({ delivery, status }) =>
      status.kind === 'flying' ? [{ lane, delivery, id: status.id }] : [],
    ),
  ).toSorted((one, other) => one.id - other.id)[0];

/** A broker may close the connection on a message it will not have: after three times the message stands aside. */
const POISON_LOSSES = 3;

const putAside = (frame: PathFrame, { lane, delivery }: Flown): void => {
  const { busyRetryMs, refusedRetryMaxMs } = frame.config;
  report(frame, 'centre-refused-message', 'connection-closed', { kind: delivery.body.kind, lane, seq: delivery.seq });
  const retryAt = later(frame, backedOff(busyRetryMs, refusedRetryMaxMs, frame.state.lanes[lane].refusals));
  setLane(frame, lane, (state) => withRefused(state, delivery, retryAt));
};

/** The lane in which a message was put aside. */
const suspectFlown = (frame: PathFrame, reason: DownReason): Lane | undefined => {
  const flown = firstFlown(frame);
  if (!flown || (reason !== 'closed' && reason !== 'disconnected')) return undefined;
  const { suspect } = frame.state;
  const isSame = suspect?.lane === flown.lane && suspect.cursor === flown.delivery.cursor;
  const losses = isSame ? Math.min(suspect.losses + 1, POISON_LOSSES) : 1;
  set(frame, { suspect: { lane: flown.lane, cursor: flown.delivery.cursor, losses } });
  if (losses < POISON_LOSSES) return undefined;
  putAside(frame, flown);
  return flown.lane;
};

/** Everything on the way is in doubt: it goes out again from the lowest that is not acknowledged. */
const forgetConnection = (frame: PathFrame): void => {
  const { connection, attempts } = frame.state;
  const wasStable = connection.kind === 'up' && frame.now - connection.since >= frame.config.stableMs;
  set(frame, {
    attempts: wasStable ? 0 : attempts,
    downSince: frame.state.downSince ?? frame.now,
    flights: [],
    queue: [],
    heartbeatAt: undefined,
    pausedUntil: undefined,
    holdUntil: undefined,
    centre: 'unknown',
    centreAwaySince: undefined,
  });
};

const goBack = (frame: PathFrame, reason: DownReason): void => {
  const poisoned = suspectFlown(frame, reason);
  for (const lane of LANES) setLane(frame, lane, lane === poisoned ? withAllWaiting : withGoBack);
};

const waitAndReconnect = (frame: PathFrame): void => {
  const delay = reconnectDelay(frame);
  set(frame, { attempts: frame.state.attempts + 1, connection: { kind: 'waiting', until: later(frame, delay) } });
};

/** Somebody else has our identity: a copied controller, or one in our place. */
const onTakenOver = (frame: PathFrame): void => {
  const known = frame.state.takenOverAt !== undefined;
  set(frame, { takenOverAt: frame.now });
  if (!known) condition(frame, 'substitution-suspected', true, { reason: 'client-id-taken-over' });
};

export const onDown = (frame: PathFrame, reason: DownReason): void => {
  const { connection } = frame.state;
  if (connection.kind !== 'up' && connection.kind !== 'connecting' && connection.kind !== 'closing') return;
  if (reason === 'taken-over') onTakenOver(frame);
  set(frame, { downReason: reason });
  goBack(frame, reason);
  forgetConnection(frame);
  waitAndReconnect(frame);
};

export const cut = (frame: PathFrame, reason: 'puback-time-out' | 'connect-time-out'): void => {
  frame.sends.push({ kind: 'destroy', reason });
  const { connection } = frame.state;
  const wasStable = connection.kind === 'up' && frame.now - connection.since >= frame.config.stableMs;
  set(frame, {
    connection: { kind: 'closing', since: frame.now },
    downSince: frame.state.downSince ?? frame.now,
    attempts: wasStable ? 0 : frame.state.attempts,
  });
};

export const stop = (frame: PathFrame): void => {
  if (frame.state.connection.kind === 'up') publishOther(frame, offline(frame, 'stopped'));
  frame.sends.push({ kind: 'disconnect' });
  set(frame, { connection: { kind: 'stopped' }, flights: [], queue: [], heartbeatAt: undefined });
};

export const clearSubstitution = (frame: PathFrame): void => {
  set(frame, { takenOverAt: undefined });
  condition(frame, 'substitution-suspected', false);
};
