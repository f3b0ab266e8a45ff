/**
 * The control socket of a running controller (src/drivers/control/place.ts): one JSON object a line in, one a line out, in
 * the order asked. Any number of clients up to a limit. Nothing that a client does ends the process.
 */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { CONTROL_LINE_BYTES } from '../../ports/control.ts';
import type { ControlClient, ControlFault, ControlReply, ControlServed, Desk } from '../../ports/control.ts';
import { createLineReader } from '../../protocol/lineReader.ts';
import { enter } from './place.ts';
import type { Place } from './place.ts';

const CLIENTS_MAX = 16;
/** Requests of one client that wait for their turn; a client that sends more without reading is ended. */
const WAITING_MAX = 32;

type Room = { readonly desk: Desk; readonly sockets: Set<Socket> };

const refusal = (reason: ControlFault): ControlReply => ({ ok: false, reason });

const answerTo = (desk: Desk, client: ControlClient, text: string): Promise<ControlReply> => {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    return Promise.resolve(refusal('not-json'));
  }
  return desk(request, client);
};

const welcome = ({ desk, sockets }: Room, socket: Socket): void => {
  if (sockets.size >= CLIENTS_MAX) {
    socket.on('error', () => undefined);
    return void socket.destroy();
  }
  sockets.add(socket);
  const leaving = new AbortController();
  let turn: Promise<void> = Promise.resolve();
  let waiting = 0;

  const answer = (make: () => Promise<ControlReply>): void => {
    if (waiting >= WAITING_MAX) return void socket.destroy();
    waiting += 1;
    turn = turn.then(async () => {
      const reply = await make();
      waiting -= 1;
      if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    });
  };

  const reader = createLineReader({
    limit: CONTROL_LINE_BYTES,
    onLine: (text) => answer(() => answerTo(desk, { gone: leaving.signal }, text)),
    onTooLong: () => answer(() => Promise.resolve(refusal('line-too-long'))),
  });
  socket.on('data', (chunk) => reader.feed(chunk));
  // A client that goes away is not our fault; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    leaving.abort();
  });
};

/** One process runs on a data folder (its lock says so): a socket that is there was left by one that was killed. */
const clear = (path: string): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isSocket()) return false;
  if (found) unlinkSync(path);
  return true;
};

const closing =
  ({ sockets }: Room, server: Server, place: Place) =>
  (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => {
        place.leave();
        resolve();
      });
    });

const listen = (room: Room, place: Place): Promise<ControlServed> =>
  new Promise((resolve) => {
    const server = createServer((socket) => welcome(room, socket));
    server.once('error', (error) => {
      place.leave();
      resolve({ ok: false, reason: 'cannot-listen', detail: error.message });
    });
    server.listen(place.path, () => {
      server.removeAllListeners('error');
      // A client that could not be taken in (no handles left) is none of ours.
      server.on('error', () => undefined);
      chmodSync(place.path, 0o600);
      resolve({ ok: true, socket: { close: closing(room, server, place) } });
    });
  });

/** Serves `desk` in `folder`, which is a data folder that this process holds. */
export const serveControl = async (folder: string, desk: Desk): Promise<ControlServed> => {
  try {
    const place = enter(folder);
    if (clear(place.path)) return await listen({ desk, sockets: new Set() }, place);
    place.leave();
    return { ok: false, reason: 'not-a-socket', detail: 'control.sock is there and is no socket: move it away' };
  } catch (error) {
    return { ok: false, reason: 'cannot-listen', detail: error instanceof Error ? error.message : String(error) };
  }
};
