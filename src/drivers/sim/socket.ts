/**
 * The simulated board's Unix socket: one JSON object a line in, one a line out (docs/sim-socket.md). Any number of
 * clients; each has its own watches, which end with it.
 */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Timers } from '../../ports/player.ts';
import { answerOf, lineAnswer, lookAnswer, parseCommand, refusal, screenAnswer } from './commands.ts';
import type { Answer, SimCommand } from './commands.ts';
import type { Hand, HandResult } from './hand.ts';
import { createLineReader } from '../../protocol/lineReader.ts';

export type SocketTrouble = 'in-use' | 'not-a-socket' | 'cannot-listen';
export type SimSocket = {
  /** Ends every client and removes the socket's file. */
  readonly close: () => Promise<void>;
};
export type Served =
  | { readonly ok: true; readonly socket: SimSocket }
  | { readonly ok: false; readonly reason: SocketTrouble; readonly detail: string };

const LINE_LIMIT_BYTES = 16 * 1024;
/** A client that watches and does not read is ended when this much waits for it. */
const BACKLOG_LIMIT_BYTES = 4 * 1024 * 1024;
const DELAYED_LIMIT = 10_000;

type Room = { readonly hand: Hand; readonly timers: Timers; readonly clients: Set<Client>; delayed: Set<() => void> };
type Client = { readonly socket: Socket; readonly watches: Set<() => void> };

const send = ({ socket }: Client, answer: Answer): void => {
  if (!socket.writable) return;
  socket.write(`${JSON.stringify(answer)}\n`);
  if (socket.writableLength > BACKLOG_LIMIT_BYTES) socket.destroy();
};

/** At once, or later: a delayed act is answered now, for whether it can be done, and its line is looked up again then. */
const act = (room: Room, subject: string, afterMs: number, doIt: () => HandResult): Answer => {
  if (afterMs === 0) return answerOf(subject, doIt());
  if (!room.hand.look(subject)) return refusal(subject, 'no-such-line');
  if (room.delayed.size >= DELAYED_LIMIT) return { error: `${subject}: ${DELAYED_LIMIT} delayed changes wait already` };
  const cancel = room.timers.later(afterMs, () => {
    room.delayed.delete(cancel);
    doIt();
  });
  room.delayed.add(cancel);
  return { ok: true };
};

const watch = ({ hand }: Room, client: Client, lines: readonly string[]): Answer => {
  const unknown = lines.find((line) => !hand.look(line));
  if (unknown !== undefined) return refusal(unknown, 'no-such-line');
  client.watches.add(hand.watch(lines, (view) => send(client, lineAnswer(view))));
  return { ok: true };
};

const perform = (room: Room, client: Client, command: SimCommand): Answer => {
  const { hand } = room;
  switch (command.kind) {
    case 'set':
      return act(room, command.line, command.afterMs, () => hand.setLevel(command.line, command.level));
    case 'analog':
      return act(room, command.line, command.afterMs, () => hand.setRatio(command.line, command.value));
    case 'get':
      return lookAnswer(hand, command.line);
    case 'watch':
      return watch(room, client, command.lines);
    case 'keys':
      return answerOf(command.keypad, hand.keys(command.keypad, command.text));
    case 'badge':
      return answerOf(command.keypad, hand.badge(command.keypad, { bits: command.bits, hex: command.hex }));
    case 'tear':
      return answerOf(command.line, hand.tear(command.line));
    case 'mend':
      return answerOf(command.line, hand.mend(command.line));
    case 'show':
      return screenAnswer(hand, command.keypad);
  }
};

const onLine = (room: Room, client: Client, text: string): void => {
  const parsed = parseCommand(text);
  send(client, parsed.ok ? perform(room, client, parsed.command) : { error: parsed.error });
};

const welcome = (room: Room, socket: Socket): void => {
  const client: Client = { socket, watches: new Set() };
  room.clients.add(client);
  const reader = createLineReader({
    limit: LINE_LIMIT_BYTES,
    onLine: (text) => onLine(room, client, text),
    onTooLong: () => send(client, { error: `a line longer than ${LINE_LIMIT_BYTES} bytes` }),
  });
  socket.on('data', (chunk) => reader.feed(chunk));
  // A client that goes away is not our fault; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    room.clients.delete(client);
    for (const end of client.watches) end();
  });
};

// ---- the socket's file

const isSocketFile = (path: string): boolean | undefined => {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return undefined;
  }
};

const somebodyListens = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });

/** A file left behind by a killed process is removed; one that somebody listens on, or that is no socket, is left alone. */
const clearPath = async (path: string): Promise<Served | undefined> => {
  const isSocket = isSocketFile(path);
  if (isSocket === undefined) return undefined;
  if (!isSocket) return { ok: false, reason: 'not-a-socket', detail: `${path} is there and is not a socket` };
  if (await somebodyListens(path)) return { ok: false, reason: 'in-use', detail: `another process listens on ${path}` };
  unlinkSync(path);
  return undefined;
};

const closeAll = (room: Room, server: Server): Promise<void> =>
  new Promise((resolve) => {
    for (const cancel of room.delayed) cancel();
    for (const { socket } of room.clients) socket.destroy();
    server.close(() => resolve());
  });

const listen = (room: Room, path: string): Promise<Served> =>
  new Promise((resolve) => {
    const server = createServer((socket) => welcome(room, socket));
    const refuse = (error: Error): void => resolve({ ok: false, reason: 'cannot-listen', detail: error.message });
    server.once('error', refuse);
    server.listen(path, () => {
      server.off('error', refuse);
      chmodSync(path, 0o600);
      resolve({ ok: true, socket: { close: () => closeAll(room, server) } });
    });
  });

/** Serves `hand` at `path`, for the owner of the process alone. */
export const serveSimSocket = async (hand: Hand, timers: Timers, path: string): Promise<Served> => {
  const trouble = await clearPath(path);
  return trouble ?? listen({ hand, timers, clients: new Set(), delayed: new Set() }, path);
};
