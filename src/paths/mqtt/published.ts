/** What the broker says of a publication. Taken by the broker is not delivered; refused for ever is not a reason to stop. */
import type { Lane } from '../../core/event.ts';
import { after } from '../../core/time.ts';
import { flying, withAccepted, withRefused } from '../outbox.ts';
import { ackTimeout } from './flow.ts';
import { backedOff, later, report, set, setLane } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { Delivery, Flight, PublishOutcome } from './types.ts';

/** MQTT 5 reason codes that pass by themselves: unspecified, implementation specific, quota exceeded. */
const BUSY_CODES: ReadonlySet<number> = new Set([0x80, 0x83, 0x97]);

const PAUSE_MS = 1_000;

const reasonOf = (outcome: PublishOutcome): string => {
  if (outcome.kind === 'refused') return `0x${outcome.code.toString(16)}`;
  return outcome.kind === 'not-sent' ? outcome.reason : outcome.kind;
};

const onAccepted = (frame: PathFrame, lane: Lane, cursor: number): void => {
  const { suspect, lanes } = frame.state;
  if (suspect?.lane === lane && suspect.cursor === cursor) set(frame, { suspect: undefined });
  const deadline = after(frame.now, ackTimeout(frame.config, frame.state, lanes[lane].ackTimeouts));
  setLane(frame, lane, (state) => withAccepted(state, cursor, frame.now, deadline));
};

const onRefused = (frame: PathFrame, lane: Lane, delivery: Delivery, outcome: PublishOutcome): void => {
  const { refusedRetryMs, refusedRetryMaxMs, busyRetryMs } = frame.config;
  const { refusals, refusalReported } = frame.state.lanes[lane];
  const isBusy = outcome.kind === 'refused' && BUSY_CODES.has(outcome.code);
  const retryAt = later(frame, backedOff(isBusy ? busyRetryMs : refusedRetryMs, refusedRetryMaxMs, refusals));
  if (!refusalReported) {
    report(frame, 'centre-refused-message', reasonOf(outcome), { lane, seq: delivery.seq, kind: delivery.body.kind });
  }
  setLane(frame, lane, (state) => ({ ...withRefused(state, delivery, retryAt), refusalReported: true }));
};

const onDelivery = (frame: PathFrame, id: number, lane: Lane, cursor: number, outcome: PublishOutcome): void => {
  const entry = flying(frame.state.lanes[lane], cursor, id);
  if (!entry) return;
  switch (outcome.kind) {
    case 'acknowledged':
      return onAccepted(frame, lane, cursor);
    case 'refused':
      return onRefused(frame, lane, entry.delivery, outcome);
    case 'connection-lost':
      return set(frame, { pausedUntil: later(frame, PAUSE_MS) });
    case 'not-sent':
      return onNotSent(frame, lane, entry.delivery, outcome);
  }
};

/** Too large for the broker is for ever; anything else is a link that takes nothing just now. */
const onNotSent = (frame: PathFrame, lane: Lane, delivery: Delivery, outcome: PublishOutcome & { kind: 'not-sent' }): void => {
  if (outcome.reason === 'too-large' || outcome.reason === 'bad-topic') return onRefused(frame, lane, delivery, outcome);
  set(frame, { pausedUntil: later(frame, PAUSE_MS) });
  setLane(frame, lane, (state) => ({
    ...state,
    entries: state.entries.map((entry) => (entry.delivery === delivery ? { delivery, status: { kind: 'waiting' } } : entry)),
  }));
};

const onOther = (frame: PathFrame, topic: string, outcome: PublishOutcome): void => {
  if (outcome.kind === 'refused') report(frame, 'centre-refused-message', reasonOf(outcome), { topic });
};

export const onPublished = (frame: PathFrame, id: number, outcome: PublishOutcome): void => {
  const flight = frame.state.flights.find((entry) => entry.id === id);
  if (!flight) return;
  set(frame, { flights: frame.state.flights.filter((entry) => entry !== flight) });
  settleFlight(frame, flight, outcome);
};

const settleFlight = (frame: PathFrame, { id, what }: Flight, outcome: PublishOutcome): void => {
  if (what.kind === 'delivery') onDelivery(frame, id, what.lane, what.cursor, outcome);
  else onOther(frame, what.topic, outcome);
};
