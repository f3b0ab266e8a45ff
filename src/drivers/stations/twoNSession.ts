/**
 * Reads the log of a 2N station: subscribes to new events, learns from the station's memory whether it is tampered with,
 * then asks again and again, each answer waiting at the station until there is an event or its time is over.
 */
import { newWatch, watchAnswer } from '../../protocol/stations/freshness.ts';
import type { Watch, Watched } from '../../protocol/stations/freshness.ts';
import {
  EVENTS_PER_ANSWER,
  eventsFor,
  meaningOf,
  readEvents,
  readSubscription,
  TWO_N_PATHS,
} from '../../protocol/stations/twoN.ts';
import type { Meant, TwoNAnswer, TwoNEvent, TwoNRefusal, TwoNRules } from '../../protocol/stations/twoN.ts';
import type { StationPoint } from '../../protocol/stations/event.ts';
import type { Session, SessionOptions } from './session.ts';
import { failed } from './transport.ts';
import type { Cancel, Failed } from './transport.ts';

/** How long the station holds an answer back; with `PULL_DEADLINE_MS` within the supervision time (`link.ts`). */
const PULL_S = 3;
const PULL_DEADLINE_MS = 7_000;
const ASK_DEADLINE_MS = 5_000;
/** A station that answers at once though nothing happened is not asked faster than this. */
const PULL_EVERY_MS = 200;
/** What we left behind is forgotten by the station after this long. */
const SUBSCRIPTION_S = 30;
/** 128 events of about 300 bytes, and room. */
const BYTES_MAX = 131_072;
/** The station remembers 10 000 events at most. */
const HISTORY_ANSWERS_MAX = 80;

/** The error codes of chapter 2.3 of the manual that say what is to be done. */
const CODES: Readonly<Record<number, Failed['failure']>> = {
  1: 'garbled',
  4: 'forbidden',
  5: 'forbidden',
  7: 'forbidden',
  8: 'forbidden',
  9: 'wrong-password',
  10: 'forbidden',
};

/** What outlives a session: marks of the events that were taken (`freshness.ts`). */
export type TwoNMemory = { marks: readonly string[] };

type Room = SessionOptions & {
  readonly memory: TwoNMemory;
  readonly rules: TwoNRules;
  watch: Watch;
  isOver: boolean;
  cancel: Cancel;
};

const end = (room: Room, reason: Failed): void => {
  if (room.isOver) return;
  room.isOver = true;
  room.cancel();
  room.listener.onFailed(reason);
};

export const refusalFailure = (refusal: TwoNRefusal): Failed => {
  if (refusal.reason === 'garbled') return failed('garbled', 'not the JSON of a 2N station');
  const { code, parameter } = refusal;
  const detail = `error ${code}${parameter === undefined ? '' : ` (${parameter})`}`;
  // A wrong parameter is the only error that an unknown subscription can be.
  if (parameter === 'id') return failed('subscription-lost', detail);
  return failed(CODES[code] ?? 'garbled', detail);
};

/** Asks, and goes on with what the station answers; ends with anything else. */
const ask = <T>(
  room: Room,
  path: string,
  deadlineMs: number,
  read: (text: string) => TwoNAnswer<T>,
  onValue: (value: T) => void,
  onRefused: (refusal: TwoNRefusal) => void = (refusal) => end(room, refusalFailure(refusal)),
): void => {
  const { transport, listener } = room;
  room.cancel = transport.ask({ path, deadlineMs, bytesMax: BYTES_MAX }, (answer) => {
    if (room.isOver) return;
    if (!answer.ok) return end(room, answer);
    const result = read(answer.text);
    if (!result.ok) return onRefused(result);
    listener.onHeard();
    return onValue(result.value);
  });
};

// ---- the state of the tamper switch

/** A station that gives no memory away is heard all the same: its tamper switch then counts from its next movement on. */
const learnTamper = (room: Room, onLearnt: () => void): void => {
  let last: boolean | undefined;
  const note = (event: TwoNEvent): void => {
    const meant = meaningOf(event, room.rules);
    if (meant?.kind === 'tamper') last = meant.on;
  };
  const learnt = (id: number): void => {
    // Best effort: what stays open is forgotten by the station.
    room.transport.ask({ path: TWO_N_PATHS.unsubscribe(id), deadlineMs: ASK_DEADLINE_MS, bytesMax: BYTES_MAX }, () => {});
    // A memory without it was emptied by a start: then what we heard before still holds.
    if (last !== undefined) room.listener.onEvent({ kind: 'tamper', on: last });
    onLearnt();
  };
  const pull = (id: number, left: number): void =>
    ask(
      room,
      TWO_N_PATHS.pull(id, 0),
      ASK_DEADLINE_MS,
      readEvents,
      (events) => {
        events.forEach(note);
        if (events.length < EVENTS_PER_ANSWER || left <= 1) learnt(id);
        else pull(id, left - 1);
      },
      onLearnt,
    );
  const begin = (id: number): void => pull(id, HISTORY_ANSWERS_MAX);
  ask(room, TWO_N_PATHS.history(SUBSCRIPTION_S), ASK_DEADLINE_MS, readSubscription, begin, onLearnt);
};

// ---- events

const tell = ({ listener }: Room, meant: Meant): void => {
  if (meant.kind === 'not-asked-for') listener.onRemark(meant);
  else listener.onEvent(meant);
};

const tellAll = (room: Room, { fresh, stale, repeated }: Watched): void => {
  const { rules, listener } = room;
  if (repeated > 0) listener.onRemark({ kind: 'repeated', count: repeated });
  for (const event of [...stale, ...fresh]) {
    const meant = meaningOf(event, rules);
    // A state that is told late is still the state; a press that is told late is nobody's wish any more.
    if (meant && (meant.kind === 'tamper' || fresh.includes(event))) tell(room, meant);
  }
  // With a new subscription nothing old can wait any more, and the clocks are compared afresh.
  if (stale.length > 0) end(room, failed('too-late', `${stale.length} events`));
};

const take = (room: Room, id: number, events: readonly TwoNEvent[], askedAtMs: number): void => {
  const { timers } = room;
  const watched = watchAnswer(room.watch, events, askedAtMs, timers.now());
  room.watch = watched.watch;
  room.memory.marks = watched.watch.marks;
  tellAll(room, watched);
  if (room.isOver) return;
  const wait = Math.max(0, askedAtMs + PULL_EVERY_MS - timers.now());
  room.cancel = timers.later(wait, () => pull(room, id));
};

const pull = (room: Room, id: number): void => {
  const askedAtMs = room.timers.now();
  ask(room, TWO_N_PATHS.pull(id, PULL_S), PULL_DEADLINE_MS, readEvents, (events) => take(room, id, events, askedAtMs));
};

/** A subscription that was answered and cannot be read is none: the first question waits for nothing. */
const firstPull = (room: Room, id: number): void => {
  const askedAtMs = room.timers.now();
  ask(room, TWO_N_PATHS.pull(id, 0), ASK_DEADLINE_MS, readEvents, (events) => {
    room.listener.onUp();
    if (!room.isOver) take(room, id, events, askedAtMs);
  });
};

export const twoNSession = (
  options: SessionOptions,
  rules: TwoNRules,
  points: ReadonlySet<StationPoint>,
  memory: TwoNMemory,
): Session => {
  const watch = newWatch(options.timers.now(), memory.marks);
  const room: Room = { ...options, rules, memory, watch, isOver: false, cancel: () => {} };
  const path = TWO_N_PATHS.subscribe(eventsFor(points, rules), SUBSCRIPTION_S);
  ask(room, path, ASK_DEADLINE_MS, readSubscription, (id) =>
    points.has('tamper') ? learnTamper(room, () => firstPull(room, id)) : firstPull(room, id),
  );
  return {
    close: () => {
      room.isOver = true;
      room.cancel();
    },
  };
};
