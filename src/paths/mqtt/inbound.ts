/** What comes down from the centre: acknowledgements, marks, its status, commands. All of it may be wrong, old or forged. */
import { LANES } from '../../core/event.ts';
import type { Lane, LaneHeads } from '../../core/event.ts';
import type { AckMessage, MarksMessage, SeqRange } from '../../protocol/centreMessages.ts';
import { decodeAck, decodeCentreStatus, decodeMarks } from '../../protocol/payloads.ts';
import { parseTopic } from '../../protocol/topics.ts';
import { withAcceptedAgain, withReload, withStored } from '../outbox.ts';
import { onCommand } from './commands.ts';
import { isInTrouble } from './deadlines.ts';
import { condition, epochOf, headsOf, isStored, later, raiseEpoch, report, set, setLane, setLanes } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { LaneState, PathInput } from './types.ts';

type Incoming = PathInput & { readonly kind: 'message' };

const drop = (frame: PathFrame, reason: string): void => {
  set(frame, { dropped: frame.state.dropped + 1 });
  if (report(frame, 'messages-dropped', reason, { count: frame.state.dropped })) set(frame, { dropped: 0 });
};

/** The centre answers: what another lane waits for need not wait out a long delay any more. */
const withShorterWait = (frame: PathFrame, lane: LaneState): LaneState => {
  const soon = later(frame, frame.config.ackTimeoutMs);
  return lane.ackDeadline !== undefined && lane.ackDeadline > soon ? { ...lane, ackDeadline: soon } : lane;
};

/**
 * A word that only the centre can have said for this epoch proves that the way works in both directions. A lane that
 * has been waiting for too long keeps the path failed all the same, or each answer to the other would restore it.
 */
const onProof = (frame: PathFrame): void => {
  set(frame, { centre: 'online', centreAwaySince: undefined });
  setLanes(frame, (lane) => withShorterWait(frame, lane));
  if (!frame.state.failed || isInTrouble(frame.config, frame.state, frame.now)) return;
  set(frame, { failed: false });
  condition(frame, 'path-failed', false);
};

// ---- acknowledgements

/** The centre has this lane of an epoch up to `seq`, and `also`. The store forgets only up to `seq`. */
const settle = (frame: PathFrame, epoch: string, lane: Lane, seq: number, also: readonly SeqRange[] | undefined): void => {
  const before = epochOf(frame, epoch);
  if (!before) return;
  raiseEpoch(frame, epoch, { acknowledged: headsOf(lane, seq) });
  if (also) setAlso(frame, epoch, lane, also);
  const after = epochOf(frame, epoch);
  if (seq > before.acknowledged[lane]) frame.sends.push({ kind: 'acknowledge', epoch, lane, seq });
  if (seq <= before.acknowledged[lane] && after?.also[lane] === before.also[lane]) return;
  setLane(frame, lane, (state) =>
    withStored(state, (delivery) => isStored(frame, delivery), frame.now, frame.config.ackTimeoutMs),
  );
};

const sameRanges = (one: readonly SeqRange[], other: readonly SeqRange[]): boolean =>
  one.length === other.length && one.every((range, index) => range.from === other[index]?.from && range.to === other[index].to);

/** Ranges beyond what was sent are not believed. */
const setAlso = (frame: PathFrame, epoch: string, lane: Lane, also: readonly SeqRange[]): void => {
  const known = epochOf(frame, epoch);
  const believed = also.filter(({ from, to }) => from <= to && to <= (known?.sendable[lane] ?? 0));
  if (!known || sameRanges(believed, known.also[lane])) return;
  const changed = { ...known, also: { ...known.also, [lane]: believed } };
  set(frame, { epochs: frame.state.epochs.map((entry) => (entry.epoch === epoch ? changed : entry)) });
};

const onAck = (frame: PathFrame, { epoch, lane, seq, also }: AckMessage): void => {
  const known = epochOf(frame, epoch);
  if (!known) {
    report(frame, 'acknowledgement-refused', 'other-epoch', { epoch, lane, seq });
    return;
  }
  if (seq > known.sendable[lane]) {
    report(frame, 'acknowledgement-refused', 'beyond-sent', { lane, seq, sent: known.sendable[lane] });
    return;
  }
  settle(frame, epoch, lane, seq, also);
  onProof(frame);
};

// ---- marks

/**
 * The centre has numbers that this controller never sent: its store went back in time (a restored card, a copied data
 * folder). What is pending must not be taken for what the centre has, so it moves to a new epoch.
 */
const onAhead = (frame: PathFrame, marks: LaneHeads): void => {
  const isAsked = frame.state.epochWantedAt !== undefined;
  const holdUntil = isAsked ? frame.state.holdUntil : later(frame, frame.config.epochWaitMs);
  set(frame, { epochWantedAt: later(frame, frame.config.epochWaitMs), holdUntil });
  if (!isAsked) frame.sends.push({ kind: 'new-epoch', marks, heads: frame.state.heads });
};

const onMarks = (frame: PathFrame, marks: MarksMessage): void => {
  const known = epochOf(frame, marks.epoch);
  if (!known || marks.epoch !== frame.state.epoch) return;
  set(frame, { marksSeen: true });
  if (LANES.some((lane) => marks[lane] > known.sendable[lane])) {
    onAhead(frame, { alarm: marks.alarm, event: marks.event });
    return;
  }
  if (frame.state.epochWantedAt === undefined) set(frame, { holdUntil: undefined });
  for (const lane of LANES) settle(frame, marks.epoch, lane, marks[lane], undefined);
  onProof(frame);
};

// ---- the centre's own status

/** Back from an absence: what the broker could not hand over is sent again at once. */
const onCentreBack = (frame: PathFrame): void => {
  setLanes(frame, (lane) => ({ ...withAcceptedAgain(lane), ackTimeouts: 0, ackDeadline: undefined }));
  setLanes(frame, (lane) => (lane.aside ? withReload(lane) : lane));
};

/**
 * `isFresh`: said just now, not kept by the broker. A centre that has just come was not there before, even where a broker
 * that lost its memory could not tell us so: what went out meanwhile went to nobody.
 */
const onCentreStatus = (frame: PathFrame, status: 'online' | 'offline', isFresh: boolean): void => {
  const wasAway = frame.state.centre === 'offline' || isFresh;
  if (status === 'offline') {
    set(frame, { centre: 'offline', centreAwaySince: frame.state.centreAwaySince ?? frame.now });
    return;
  }
  set(frame, { centre: 'online', centreAwaySince: undefined });
  if (wasAway) onCentreBack(frame);
};

// ---- all of it

const onAckMessage = (frame: PathFrame, input: Incoming): void => {
  if (input.retain) return drop(frame, 'retained');
  const ack = decodeAck(input.payload);
  return ack.ok ? onAck(frame, ack.value) : drop(frame, ack.reason);
};

const onMarksMessage = (frame: PathFrame, input: Incoming): void => {
  if (input.retain) return drop(frame, 'retained');
  const marks = decodeMarks(input.payload);
  return marks.ok ? onMarks(frame, marks.value) : drop(frame, marks.reason);
};

const onCentreStatusMessage = (frame: PathFrame, input: Incoming): void => {
  const status = decodeCentreStatus(input.payload);
  return status.ok ? onCentreStatus(frame, status.value.status, !input.retain) : drop(frame, status.reason);
};

export const onMessage = (frame: PathFrame, input: Incoming): void => {
  if (frame.state.connection.kind !== 'up') return;
  const topic = parseTopic(input.topic);
  if (topic?.kind === 'centre-status') return onCentreStatusMessage(frame, input);
  if (!topic || topic.site !== frame.config.site) return drop(frame, 'unknown-topic');
  switch (topic.kind) {
    case 'ack':
      return onAckMessage(frame, input);
    case 'marks':
      return onMarksMessage(frame, input);
    case 'command':
      return onCommand(frame, topic.verb, input);
    case 'status':
    case 'heartbeat':
    case 'alarm':
    case 'event':
    case 'state':
    case 'state-health':
    case 'reply':
      return drop(frame, 'unknown-topic');
  }
};
