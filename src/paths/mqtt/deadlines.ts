/** Everything of the path that happens by itself when its time comes, and when that is. */
import { LANES } from '../../core/event.ts';
import type { Lane } from '../../core/event.ts';
import { after } from '../../core/time.ts';
import type { Monotonic } from '../../core/time.ts';
import { withGrowth, withProbe, withRetried } from '../outbox.ts';
import { clearSubstitution, connect, cut, onDown } from './connection.ts';
import { ackTimeout } from './flow.ts';
import { condition, later, set, setLane } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { LaneState, PathConfig, PathState } from './types.ts';

const earliest = (instants: readonly (Monotonic | undefined)[]): Monotonic | undefined =>
  instants.reduce((lowest, instant) => {
    if (instant === undefined) return lowest;
    return lowest === undefined || instant < lowest ? instant : lowest;
  }, undefined);

const plus = (instant: Monotonic | undefined, ms: number): Monotonic | undefined =>
  instant === undefined ? undefined : after(instant, ms);

// ---- when

const connectionDeadline = (config: PathConfig, { connection }: PathState): Monotonic | undefined => {
  switch (connection.kind) {
    case 'waiting':
      return connection.until;
    case 'connecting':
    case 'closing':
      return after(connection.since, config.connectTimeoutMs);
    case 'idle':
    case 'up':
    case 'stopped':
      return undefined;
  }
};

/** Since when the way to the centre does not work. */
const troubleSince = (state: PathState): Monotonic | undefined =>
  earliest([state.downSince, state.centreAwaySince, ...LANES.map((lane) => state.lanes[lane].owedSince)]);

/** Long enough that the path has failed, or has not yet been restored. */
export const isInTrouble = (config: PathConfig, state: PathState, now: Monotonic): boolean => {
  const since = troubleSince(state);
  return since !== undefined && now - since >= config.failedAfterMs;
};

const failureAt = (config: PathConfig, state: PathState): Monotonic | undefined =>
  state.failed ? undefined : plus(troubleSince(state), config.failedAfterMs);

const clearAt = (config: PathConfig, { connection, takenOverAt }: PathState): Monotonic | undefined =>
  takenOverAt === undefined || connection.kind !== 'up' ? undefined : after(connection.since, config.substitutionClearMs);

const laneDeadline = (state: PathState, lane: LaneState): Monotonic | undefined =>
  state.connection.kind === 'up' ? earliest([lane.ackDeadline, lane.refusedRetryAt, lane.loading?.retryAt]) : undefined;

const flightDeadline = (config: PathConfig, { connection, flights }: PathState): Monotonic | undefined =>
  connection.kind === 'up' ? plus(flights[0]?.at, config.pubackTimeoutMs) : undefined;

/** When the path wants to be called next if nothing happens. */
export const nextPathDeadline = (config: PathConfig, state: PathState): Monotonic | undefined =>
  state.connection.kind === 'stopped'
    ? undefined
    : earliest([
        connectionDeadline(config, state),
        flightDeadline(config, state),
        ...LANES.map((lane) => laneDeadline(state, state.lanes[lane])),
        state.holdUntil,
        state.epochWantedAt,
        state.heartbeatAt,
        state.pausedUntil,
        failureAt(config, state),
        clearAt(config, state),
      ]);

// ---- what

const isDue = (frame: PathFrame, instant: Monotonic | undefined): boolean => instant !== undefined && instant <= frame.now;

const onConnectionDeadline = (frame: PathFrame): void => {
  const { kind } = frame.state.connection;
  if (kind === 'waiting') connect(frame);
  if (kind === 'connecting') cut(frame, 'connect-time-out');
  if (kind === 'closing') onDown(frame, 'timeout');
};

const onAckDeadline = (frame: PathFrame, lane: Lane): void => {
  const tries = frame.state.lanes[lane].ackTimeouts + 1;
  const deadline = later(frame, ackTimeout(frame.config, frame.state, tries));
  setLane(frame, lane, (state) => ({ ...withProbe(state), ackTimeouts: tries, ackDeadline: deadline }));
};

const onLaneDeadlines = (frame: PathFrame, lane: Lane): void => {
  const state = frame.state.lanes[lane];
  if (isDue(frame, state.loading?.retryAt)) setLane(frame, lane, (before) => withGrowth({ ...before, loading: undefined }));
  if (isDue(frame, state.refusedRetryAt)) setLane(frame, lane, (before) => withRetried(before, 'first'));
  if (isDue(frame, state.ackDeadline)) onAckDeadline(frame, lane);
};

const onFailure = (frame: PathFrame): void => {
  const { downReason, centre, connection } = frame.state;
  set(frame, { failed: true });
  const reason =
    connection.kind === 'up' ? (centre === 'offline' ? 'centre-away' : 'not-acknowledged') : (downReason ?? 'unreachable');
  condition(frame, 'path-failed', true, { reason });
};

/** A new epoch that was asked for did not come: ask again, and let alarms out meanwhile, whatever their numbers. */
const onEpochOverdue = (frame: PathFrame): void => {
  const { sendable } = frame.state.epochs.find(({ epoch }) => epoch === frame.state.epoch) ?? { sendable: frame.state.heads };
  set(frame, { epochWantedAt: later(frame, frame.config.epochWaitMs) });
  frame.sends.push({ kind: 'new-epoch', marks: sendable, heads: frame.state.heads });
};

const onHeartbeat = (frame: PathFrame): void => {
  set(frame, { heartbeatAt: later(frame, frame.config.heartbeatMs) });
  frame.sends.push({ kind: 'heartbeat-wanted' });
};

/** Whatever is due, before the input is heard. */
export const onTime = (frame: PathFrame): void => {
  if (frame.state.connection.kind === 'stopped') return;
  const { config } = frame;
  if (isDue(frame, connectionDeadline(config, frame.state))) onConnectionDeadline(frame);
  if (isDue(frame, flightDeadline(config, frame.state))) cut(frame, 'puback-time-out');
  if (isDue(frame, frame.state.holdUntil)) set(frame, { holdUntil: undefined });
  if (isDue(frame, frame.state.pausedUntil)) set(frame, { pausedUntil: undefined });
  if (isDue(frame, frame.state.epochWantedAt)) onEpochOverdue(frame);
  if (frame.state.connection.kind === 'up') for (const lane of LANES) onLaneDeadlines(frame, lane);
  if (isDue(frame, frame.state.heartbeatAt)) onHeartbeat(frame);
  if (isDue(frame, failureAt(config, frame.state))) onFailure(frame);
  if (isDue(frame, clearAt(config, frame.state))) clearSubstitution(frame);
};
