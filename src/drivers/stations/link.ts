/**
 * Keeps a session with one station alive, and says whether the station is heard. One that is not heard for `SUPERVISION_MS`
 * is lost; a shorter trouble, such as a connection that breaks, is mended without a word. It is tried again for ever, after
 * a time that doubles to `RETRY_MAX_MS`.
 */
import type { StationEvent } from '../../protocol/stations/event.ts';
import type { Timers } from '../../ports/player.ts';
import type { Remark, Session, SessionListener } from './session.ts';
import type { Failed, Failure } from './transport.ts';

export const SUPERVISION_MS = 10_000;
export const RETRY_MIN_MS = 500;
export const RETRY_MAX_MS = 30_000;

/** Trying these again soon helps nobody, and a station may lock out who gives a wrong password too often. */
const SLOW: ReadonlySet<Failure> = new Set(['wrong-password', 'password-in-clear', 'forbidden', 'certificate']);

export type LinkListener = {
  readonly onFound: () => void;
  readonly onLost: () => void;
  readonly onEvent: (event: StationEvent) => void;
  readonly onRemark: (remark: Remark) => void;
  /** A session failed, whether the station is lost by it or not. */
  readonly onFailed: (failed: Failed) => void;
};

export type LinkOptions = {
  readonly timers: Timers;
  /** Begins a session; a failure at once is told before it returns. */
  readonly start: (listener: SessionListener) => Session;
  readonly listener: LinkListener;
};

export type Link = { readonly isFound: () => boolean; readonly close: () => void };

type Room = LinkOptions & {
  session: Session | undefined;
  /** Of the session: its events are heard. */
  isUp: boolean;
  /** Sessions before this one have nothing to say any more. */
  generation: number;
  isFound: boolean;
  retryMs: number;
  cancelRetry: () => void;
  cancelLoss: () => void;
};

/**
 * A session that still stands when nothing was heard for so long, as after a stop of the whole process, is ended: what waits
 * in it is old.
 */
const lose = (room: Room): void => {
  if (!room.isFound) return;
  room.isFound = false;
  if (room.isUp) {
    room.session?.close();
    retryAfter(room, room.retryMs);
  }
  room.listener.onLost();
};

const retryAfter = (room: Room, ms: number): void => {
  room.generation += 1;
  room.session = undefined;
  room.isUp = false;
  room.cancelRetry = room.timers.later(ms, () => begin(room));
};

const heard = (room: Room): void => {
  room.cancelLoss();
  room.cancelLoss = room.timers.later(SUPERVISION_MS, () => lose(room));
};

const up = (room: Room): void => {
  heard(room);
  if (room.isFound) return;
  room.isFound = true;
  room.listener.onFound();
};

const failedNow = (room: Room, reason: Failed): void => {
  retryAfter(room, SLOW.has(reason.failure) ? RETRY_MAX_MS : room.retryMs);
  room.retryMs = Math.min(RETRY_MAX_MS, room.retryMs * 2);
  room.listener.onFailed(reason);
};

const begin = (room: Room): void => {
  const { generation } = room;
  const ifMine =
    <T extends readonly unknown[]>(task: (...values: T) => void) =>
    (...values: T): void => {
      if (generation === room.generation) task(...values);
    };
  const session = room.start({
    onUp: ifMine(() => {
      room.isUp = true;
      up(room);
    }),
    // A station that takes a subscription and then fails each time is not to be asked twice a second for ever.
    onHeard: ifMine(() => {
      if (!room.isUp) return;
      room.retryMs = RETRY_MIN_MS;
      heard(room);
    }),
    onEvent: ifMine((event) => room.listener.onEvent(event)),
    onRemark: ifMine((remark) => room.listener.onRemark(remark)),
    onFailed: ifMine((reason) => failedNow(room, reason)),
  });
  if (generation === room.generation) room.session = session;
};

export const makeLink = (options: LinkOptions): Link => {
  const room: Room = {
    ...options,
    session: undefined,
    isUp: false,
    generation: 0,
    isFound: false,
    retryMs: RETRY_MIN_MS,
    cancelRetry: () => {},
    cancelLoss: () => {},
  };
  begin(room);
  return {
    isFound: () => room.isFound,
    close: () => {
      room.generation += 1;
      room.cancelRetry();
      room.cancelLoss();
      room.session?.close();
    },
  };
};
