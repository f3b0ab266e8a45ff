/**
 * What the centre is told of an event. The body is fixed at the commit and kept in the outbox as text; epoch and number
 * are added when it is sent, because a new epoch renumbers what is pending.
 */
import type { Event, Lane } from '../core/event.ts';
import { wall } from '../core/time.ts';
import type { Wall } from '../core/time.ts';
import { codeOf, codesOf, laneOf } from './eventCodes.ts';
import { isoOf } from './instant.ts';
import { bodySchema } from './messages.ts';
import type { SeqRange } from './centreMessages.ts';
import type { EventBody, EventMessage } from './messages.ts';
import { parse } from './payloads.ts';

export type Sender = {
  readonly site: string;
  readonly boot: number;
  /** False while the store has failed and events live in memory only. */
  readonly durable: boolean;
};

type Facts = Pick<
  Event,
  | 'area'
  | 'zone'
  | 'door'
  | 'output'
  | 'keypad'
  | 'user'
  | 'operator'
  | 'command'
  | 'mode'
  | 'cause'
  | 'confirmed'
  | 'recentClosing'
  | 'reason'
  | 'blockers'
  | 'zones'
  | 'detail'
>;

const factsOf = (happened: Event): Facts => {
  const { kind: _kind, at: _at, atQuality: _quality, mono: _mono, exercise: _exercise, ...facts } = happened;
  return facts;
};

const codeFields = (happened: Event): Pick<EventBody, 'sia' | 'cid'> => {
  const codes = codesOf(happened);
  return codes ? { sia: codes.sia, cid: `${codes.cid.qualifier}${codes.cid.code}` } : {};
};

/** Undefined for kinds that stay in the journal. */
export const eventBodyOf = (sender: Sender, happened: Event): EventBody | undefined => {
  const lane = laneOf(happened.kind);
  if (lane === undefined) return undefined;
  const code = codeOf(happened.kind);
  return {
    v: 1,
    site: sender.site,
    boot: sender.boot,
    lane,
    kind: happened.kind,
    class: code.class,
    phase: code.phase,
    priority: code.priority,
    at: isoOf(happened.at),
    atQuality: happened.atQuality,
    exercise: happened.exercise,
    ...factsOf(happened),
    ...codeFields(happened),
    ...(sender.durable ? {} : { durable: false }),
  };
};

/** The text that goes into the outbox. */
export const bodyText = (body: EventBody): string => JSON.stringify(body);

/** Numbers that were lost, all of one lane; `to` is the number that the record itself goes out under. */
export type Dropped = { readonly lane: Lane; readonly from: number; readonly to: number; readonly count: number };

/** Stands for lost numbers, so that they reach the centre and say so. `at`: when the last of them happened. */
export const droppedBody = (sender: Sender, dropped: Dropped & { readonly reason: string }, at: Wall): EventBody => ({
  v: 1,
  site: sender.site,
  boot: sender.boot,
  lane: dropped.lane,
  kind: 'dropped',
  class: dropped.lane === 'alarm' ? 'system' : 'fault',
  phase: 'report',
  priority: 6,
  at: isoOf(at),
  atQuality: 'unsynchronised',
  exercise: false,
  detail: dropped,
  sia: 'YS',
  cid: '1354',
  ...(sender.durable ? {} : { durable: false }),
});

/** The numbers that a message settles: its own, and those before it that a `dropped` record stands for. */
export const numbersOf = ({ kind, detail, seq }: Pick<EventMessage, 'kind' | 'detail' | 'seq'>): SeqRange => {
  const from = kind === 'dropped' && detail?.['to'] === seq ? detail['from'] : seq;
  const isNumber = typeof from === 'number' && Number.isSafeInteger(from) && from >= 1 && from <= seq;
  return { from: isNumber ? from : seq, to: seq };
};

/** Body of an outbox row; an unreadable one becomes a `dropped` record in its place, never a hole. */
export const bodyOfText = (sender: Sender, lane: Lane, seq: number, text: string): EventBody => {
  const parsed = parse(bodySchema, text);
  if (parsed.ok && parsed.value.lane === lane && parsed.value.site === sender.site) return parsed.value;
  return droppedBody(sender, { lane, from: seq, to: seq, count: 1, reason: 'unreadable' }, wall(0));
};
