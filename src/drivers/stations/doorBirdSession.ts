/**
 * Listens to the monitor stream of a DoorBird station. Its encrypted UDP broadcasts would tell the same bell; they reach one
 * network only, are lost without a trace, and say nothing of whether the station is still there, which a stream does.
 *
 * The stream may be silent for days. While it is, the information page is asked for: a station that does not answer it is
 * gone. A stream whose other end is gone is found out by the kernel (`http.ts`).
 */
import {
  bellIn,
  boundaryIn,
  DOORBIRD_PATHS,
  monitorStream,
  readDoorBirdInfo,
  ringsNow,
} from '../../protocol/stations/doorBird.ts';
import type { Bell, MonitorStream } from '../../protocol/stations/doorBird.ts';
import type { Session, SessionOptions } from './session.ts';
import { failed } from './transport.ts';
import type { Cancel, Failed } from './transport.ts';

const OPEN_DEADLINE_MS = 5_000;
/** Silence after which the station is asked whether it is there; with the deadline within the supervision time (`link.ts`). */
const SILENCE_MS = 4_000;
const INFO_DEADLINE_MS = 4_000;
const INFO_BYTES_MAX = 16_384;
/** What comes this soon after the stream began is the state in which it began. */
const REFERENCE_MS = 1_000;
/** Lines that mean nothing, after which it is no monitor stream. */
const FAULTS_MAX = 100;

type Room = SessionOptions & {
  stream: MonitorStream | undefined;
  bell: Bell;
  openedAtMs: number;
  isOver: boolean;
  stopStream: Cancel;
  stopAsking: Cancel;
  cancelSilence: Cancel;
};

const stop = (room: Room): void => {
  room.isOver = true;
  room.stopStream();
  room.stopAsking();
  room.cancelSilence();
};

const end = (room: Room, reason: Failed): void => {
  if (room.isOver) return;
  stop(room);
  room.listener.onFailed(reason);
};

// ---- whether it is there

const askInfo = (room: Room): void => {
  const question = { path: DOORBIRD_PATHS.info, deadlineMs: INFO_DEADLINE_MS, bytesMax: INFO_BYTES_MAX };
  room.stopAsking = room.transport.ask(question, (answer) => {
    if (room.isOver) return;
    if (!answer.ok) return end(room, answer);
    if (readDoorBirdInfo(answer.text) === undefined) return end(room, failed('garbled', 'no information of a DoorBird'));
    return heard(room);
  });
};

const heard = (room: Room): void => {
  room.listener.onHeard();
  room.cancelSilence();
  room.cancelSilence = room.timers.later(SILENCE_MS, () => askInfo(room));
};

// ---- the stream

const onOpen = (room: Room, contentType: string): void => {
  const boundary = boundaryIn(contentType);
  if (boundary === undefined) return end(room, failed('garbled', `not a monitor stream: ${contentType.slice(0, 60)}`));
  room.stream = monitorStream(boundary);
  room.openedAtMs = room.timers.now();
  heard(room);
  return room.listener.onUp();
};

const take = (room: Room, line: string): void => {
  const bell = bellIn(line);
  if (bell === undefined) return;
  const isReference = room.timers.now() - room.openedAtMs < REFERENCE_MS;
  if (ringsNow(room.bell, bell, isReference)) room.listener.onEvent({ kind: 'ring' });
  room.bell = bell;
};

const onBytes = (room: Room, chunk: Uint8Array): void => {
  const { stream } = room;
  if (!stream) return;
  const lines = stream.push(chunk);
  if (stream.faults() > FAULTS_MAX) return end(room, failed('garbled', 'the stream is not readable'));
  if (lines.some((line) => bellIn(line) !== undefined)) heard(room);
  for (const line of lines) take(room, line);
};

export const doorBirdSession = (options: SessionOptions): Session => {
  const room: Room = {
    ...options,
    stream: undefined,
    bell: undefined,
    openedAtMs: 0,
    isOver: false,
    stopStream: () => {},
    stopAsking: () => {},
    cancelSilence: () => {},
  };
  room.stopStream = options.transport.listen(DOORBIRD_PATHS.monitor, OPEN_DEADLINE_MS, {
    onOpen: (contentType) => onOpen(room, contentType),
    onBytes: (chunk) => {
      if (!room.isOver) onBytes(room, chunk);
    },
    onEnd: (reason) => end(room, reason),
  });
  return { close: () => stop(room) };
};
