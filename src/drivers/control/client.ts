/** One question to the controller that runs on a data folder, and its answer. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { CONTROL_REPLY_BYTES } from '../../ports/control.ts';
import type { AskFailure, Asked, ControlReply, Fields } from '../../ports/control.ts';
import { createLineReader } from '../../protocol/lineReader.ts';
import { enter } from './place.ts';
import type { Place } from './place.ts';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const failureOf = (error: unknown): AskFailure => {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'not-allowed';
  return code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK' ? 'not-running' : 'no-answer';
};

const isReply = (value: unknown): value is ControlReply =>
  typeof value === 'object' &&
  value !== null &&
  'ok' in value &&
  (value.ok === true || (value.ok === false && 'reason' in value && typeof value.reason === 'string'));

const readReply = (text: string): Asked => {
  try {
    const value: unknown = JSON.parse(text);
    if (isReply(value)) return { ok: true, reply: value };
  } catch {
    // Whoever listens there is no controller.
  }
  return { ok: false, reason: 'no-answer' };
};

const converse = (socket: Socket, request: Fields, timeoutMs: number): Promise<Asked> =>
  new Promise((resolve) => {
    const end = (asked: Asked): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(asked);
    };
    const limit = setTimeout(() => end({ ok: false, reason: 'no-answer' }), timeoutMs);
    const reader = createLineReader({
      limit: CONTROL_REPLY_BYTES,
      onLine: (text) => end(readReply(text)),
      onTooLong: () => end({ ok: false, reason: 'no-answer' }),
    });
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk) => reader.feed(chunk));
    socket.on('error', (error) => end({ ok: false, reason: failureOf(error) }));
    socket.on('close', () => end({ ok: false, reason: 'no-answer' }));
  });

const entered = (folder: string): Place | AskFailure => {
  try {
    return enter(folder);
  } catch (error) {
    return codeOf(error) === 'EACCES' ? 'not-allowed' : 'no-folder';
  }
};

/** `folder`: the data folder of the controller. */
export const askControl = async (folder: string, request: Fields, timeoutMs: number): Promise<Asked> => {
  const place = entered(folder);
  if (typeof place === 'string') return { ok: false, reason: place };
  try {
    return await converse(connect(place.path), request, timeoutMs);
  } finally {
    place.leave();
  }
};
