/** The demo's end of the simulated board's socket (docs/sim-socket.md): asks, is answered in order, and hears changes. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

export type LineChange = { readonly line: string; readonly level: number };
export type KeypadShown = { readonly keypad: string; readonly text: readonly string[]; readonly tone: string };
export type SimAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'shown'; readonly shown: KeypadShown }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'gone' };

export type SimLink = {
  readonly ask: (request: object) => Promise<SimAnswer>;
  /** Asks for a line's level, which is told as a change is. */
  readonly tell: (request: { readonly get: string }) => void;
  readonly close: () => void;
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const answerOf = (fields: Fields): SimAnswer | LineChange => {
  const { error, keypad, text, tone, line, level } = fields;
  if (typeof error === 'string') return { kind: 'error', error };
  if (typeof line === 'string') return { line, level: typeof level === 'number' ? level : 0 };
  if (typeof keypad !== 'string' || !Array.isArray(text)) return { kind: 'done' };
  return { kind: 'shown', shown: { keypad, text: text.map(String), tone: String(tone) } };
};

const opened = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });

/** undefined: nobody listens there. */
export const openSimLink = async (path: string, onChange: (change: LineChange) => void): Promise<SimLink | undefined> => {
  const socket = await opened(path);
  if (!socket) return undefined;
  const waiting: ((answer: SimAnswer) => void)[] = [];
  let isGone = false;
  const end = (): void => {
    isGone = true;
    for (const resolve of waiting.splice(0)) resolve({ kind: 'gone' });
  };
  socket.on('error', end);
  socket.on('close', end);
  const lines = createInterface({ input: socket });
  // A killed controller resets the socket, and the reader tells it on.
  lines.on('error', end);
  lines.on('line', (text) => {
    const value: unknown = JSON.parse(text);
    const answer = answerOf(isFields(value) ? value : {});
    if ('line' in answer) onChange(answer);
    else waiting.shift()?.(answer);
  });
  return {
    ask: (request) =>
      new Promise((resolve) => {
        if (isGone) return resolve({ kind: 'gone' });
        waiting.push(resolve);
        socket.write(`${JSON.stringify(request)}\n`);
      }),
    tell: (request) => void socket.write(`${JSON.stringify(request)}\n`),
    close: () => socket.destroy(),
  };
};
