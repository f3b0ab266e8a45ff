/** One step of the MQTT path: what is due, then what was heard, then everything that may go out now. */
import { LANES } from '../../core/event.ts';
import type { Lane } from '../../core/event.ts';
import { after } from '../../core/time.ts';
import type { Monotonic } from '../../core/time.ts';
import { isoOf } from '../../protocol/instant.ts';
import type { HeartbeatMessage } from '../../protocol/messages.ts';
import { encode } from '../../protocol/payloads.ts';
import { topicOf } from '../../protocol/topics.ts';
import { initialLane, withFresh, withGrowth, withLoaded, withStored } from '../outbox.ts';
import { onAnswer } from './commands.ts';
import { connect, onDown, onUp, stop, tellBirth } from './connection.ts';
import { onTime } from './deadlines.ts';
import { flow } from './flow.ts';
import { enqueue, epochOf, headsOf, isStored, progressOf, publishOther, raiseEpoch, report, set, setLane } from './frame.ts';
import type { PathFrame } from './frame.ts';
import { onMessage } from './inbound.ts';
import { onPublished } from './published.ts';
import type { Delivery, HeartbeatFacts, PathConfig, PathInput, PathSend, PathState, Publication } from './types.ts';

type Outbox = PathInput & { readonly kind: 'outbox' };
type Loaded = PathInput & { readonly kind: 'loaded' };

// ---- the outbox

const beginEpoch = (frame: PathFrame, input: Outbox): void => {
  const isFirst = frame.state.epoch === undefined;
  raiseEpoch(frame, input.epoch, { acknowledged: input.acknowledged, sendable: isFirst ? input.heads : input.acknowledged });
  set(frame, {
    epoch: input.epoch,
    previousEpoch: input.previousEpoch,
    heads: input.heads,
    lanes: { alarm: { ...initialLane, more: true }, event: { ...initialLane, more: true } },
    epochWantedAt: undefined,
    holdUntil: isFirst ? frame.state.holdUntil : undefined,
  });
  tellBirth(frame);
};

const growLane = (frame: PathFrame, lane: Lane, fresh: readonly Delivery[] | undefined): void => {
  const rows = fresh?.filter((delivery) => delivery.lane === lane);
  const room = frame.config.windowMessages - frame.state.lanes[lane].entries.length;
  setLane(frame, lane, (state) => (rows ? withFresh(state, rows, room) : withGrowth(state)));
};

/** Another path may have had something acknowledged. */
const settleLane = (frame: PathFrame, lane: Lane): void =>
  setLane(frame, lane, (state) =>
    withStored(state, (delivery) => isStored(frame, delivery), frame.now, frame.config.ackTimeoutMs),
  );

const onOutbox = (frame: PathFrame, input: Outbox): void => {
  if (input.epoch !== frame.state.epoch) return beginEpoch(frame, input);
  const before = { heads: frame.state.heads, acknowledged: epochOf(frame, input.epoch)?.acknowledged };
  raiseEpoch(frame, input.epoch, { acknowledged: input.acknowledged });
  set(frame, { heads: input.heads });
  for (const lane of LANES) {
    if (input.heads[lane] !== before.heads[lane]) growLane(frame, lane, input.fresh);
    if (input.acknowledged[lane] > (before.acknowledged?.[lane] ?? 0)) settleLane(frame, lane);
  }
};

const onLoaded = (frame: PathFrame, input: Loaded): void => {
  for (const { epoch, lane, seq } of input.deliveries) {
    if (epoch !== frame.state.epoch) raiseEpoch(frame, epoch, { sendable: headsOf(lane, seq) });
  }
  setLane(frame, input.lane, (lane) => withLoaded(lane, input.after, input.deliveries, (delivery) => isStored(frame, delivery)));
};

const LOAD_RETRY_MS = 1_000;

const onLoadFailed = (frame: PathFrame, lane: Lane, from: number): void => {
  const { loading } = frame.state.lanes[lane];
  if (loading?.after !== from) return;
  const retryAt = after(frame.now, LOAD_RETRY_MS);
  setLane(frame, lane, (state) => ({ ...state, loading: { ...loading, retryAt } }));
};

// ---- states and heartbeat

const onStates = (frame: PathFrame, publications: readonly Publication[]): void => {
  set(frame, { states: new Map([...frame.state.states, ...publications.map((entry) => [entry.topic, entry] as const)]) });
  if (frame.state.connection.kind === 'up') enqueue(frame, publications);
};

const heartbeatOf = (frame: PathFrame, epoch: string, facts: HeartbeatFacts): HeartbeatMessage => ({
  v: 1,
  site: frame.config.site,
  epoch,
  boot: frame.config.boot,
  at: isoOf(facts.at),
  atQuality: facts.atQuality,
  intervalMs: frame.config.heartbeatMs,
  uptimeMs: facts.uptimeMs,
  lanes: progressOf(frame),
  chainHead: facts.chainHead,
  stateDigest: facts.stateDigest,
  health: facts.faults.length > 0 ? 'fault' : 'ok',
  faults: facts.faults,
  ...(facts.pendingUntil === undefined ? {} : { pendingUntil: isoOf(facts.pendingUntil) }),
});

const onHeartbeatFacts = (frame: PathFrame, facts: HeartbeatFacts): void => {
  const { connection, epoch } = frame.state;
  if (connection.kind !== 'up' || epoch === undefined) return;
  const payload = encode(heartbeatOf(frame, epoch, facts));
  publishOther(frame, { topic: topicOf({ kind: 'heartbeat', site: frame.config.site }), payload, qos: 0, retain: false });
};

const onSubscriptionRefused = (frame: PathFrame, filter: string, code: number): void => {
  report(frame, 'centre-refused-message', 'subscription', { filter, code });
};

// ---- the step

const hear = (frame: PathFrame, input: PathInput): void => {
  switch (input.kind) {
    case 'start':
      return frame.state.connection.kind === 'idle' ? connect(frame) : undefined;
    case 'stop':
      return stop(frame);
    case 'tick':
      return;
    case 'up':
      return onUp(frame, input);
    case 'down':
      return onDown(frame, input.reason);
    case 'subscription-refused':
      return onSubscriptionRefused(frame, input.filter, input.code);
    case 'outbox':
      return onOutbox(frame, input);
    case 'loaded':
      return onLoaded(frame, input);
    case 'load-failed':
      return onLoadFailed(frame, input.lane, input.after);
    case 'published':
      return onPublished(frame, input.id, input.outcome);
    case 'message':
      return onMessage(frame, input);
    case 'answer':
      return onAnswer(frame, input);
    case 'states':
      return onStates(frame, input.publications);
    case 'heartbeat':
      return onHeartbeatFacts(frame, input.facts);
  }
};

/**
 * `random` is 0 ≤ random < 1, fresh for each step. `now` never goes back. The sends are to be done in their order.
 */
export const stepPath = (
  config: PathConfig,
  state: PathState,
  input: PathInput,
  now: Monotonic,
  random: number,
): { readonly state: PathState; readonly sends: readonly PathSend[] } => {
  const frame: PathFrame = { config, now, random, state, sends: [] };
  onTime(frame);
  hear(frame, input);
  flow(frame);
  return { state: frame.state, sends: frame.sends };
};
