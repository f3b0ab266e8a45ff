/** A client of the simulated board's socket (docs/sim-socket.md): one connection asks, another watches. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type SimAnswer = {
  readonly ok?: true;
  readonly error?: string;
  readonly line?: string;
  readonly level?: 0 | 1;
  readonly atMs?: number;
  readonly keypad?: string;
  readonly text?: readonly string[];
};

/** An output as it was seen. `atMs`: machine time of its last change. */
export type Seen = { readonly line: string; readonly level: 0 | 1; readonly atMs: number };

export type SimClient = {
  readonly ask: (command: Readonly<Record<string, unknown>>) => Promise<SimAnswer>;
  readonly watch: (lines: readonly string[], onSeen: (seen: Seen) => void) => Promise<SimAnswer>;
  readonly close: () => void;
};

type Connection = { readonly socket: Socket; onLine: (answer: SimAnswer) => void; onEnd: () => void };

const open = (path: string): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const connection: Connection = { socket, onLine: () => undefined, onEnd: () => undefined };
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) connection.onLine(JSON.parse(line) as SimAnswer);
    });
    socket.once('connect', () => resolve(connection));
    socket.on('error', reject);
    socket.on('close', () => connection.onEnd());
  });

const GONE: SimAnswer = { error: 'gone' };

export const isSeen = (answer: SimAnswer): answer is SimAnswer & Seen =>
  answer.line !== undefined && answer.level !== undefined && answer.atMs !== undefined;

/** Rejects where nobody listens. A controller that dies answers what is open with the error `gone`. */
export const connectSim = async (path: string): Promise<SimClient> => {
  const asking = await open(path);
  const watching: Connection[] = [];
  let waiting: ((answer: SimAnswer) => void)[] = [];
  let isGone = false;
  asking.onLine = (answer) => waiting.shift()?.(answer);
  asking.onEnd = () => {
    isGone = true;
    const unanswered = waiting;
    waiting = [];
    for (const answer of unanswered) answer(GONE);
  };
  return {
    ask: (command) =>
      new Promise((resolve) => {
        if (isGone) return resolve(GONE);
        waiting.push(resolve);
        asking.socket.write(`${JSON.stringify(command)}\n`);
      }),
    watch: async (lines, onSeen) => {
      const connection = await open(path);
      watching.push(connection);
      return new Promise((resolve) => {
        connection.onLine = (answer) => (isSeen(answer) ? onSeen(answer) : resolve(answer));
        connection.onEnd = () => resolve(GONE);
        connection.socket.write(`${JSON.stringify({ watch: lines })}\n`);
      });
    },
    close: () => {
      for (const { socket } of [asking, ...watching]) socket.destroy();
    },
  };
};
