/**
 * The demo's one terminal: lines that scroll, and below them what the keypad shows now and a prompt. On a pipe, lines
 * alone and no escape codes.
 */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { Shade } from '../centre/view.ts';

export type Tag = 'centre' | 'operator' | 'keypad' | 'outputs' | 'demo' | 'typed';

export type Screen = {
  readonly log: (tag: Tag, text: string, shade?: Shade) => void;
  /** Text as it is, without a tag. */
  readonly write: (text: string) => void;
  /** What stands above the prompt; nothing on a pipe. */
  readonly panel: (lines: readonly PanelLine[]) => void;
  /** Nothing is shown any more. */
  readonly close: () => void;
};

export type PanelLine = { readonly text: string; readonly shade?: Shade };

export type ScreenOptions = {
  readonly isTerminal: boolean;
  readonly colours: boolean;
  readonly out: (text: string) => void;
  readonly tags: Readonly<Record<Tag, string>>;
  readonly onLine: (line: string) => void;
  /** Ctrl-C, or the end of the input. */
  readonly onEnd: (how: 'interrupt' | 'end') => void;
  readonly complete: (line: string) => [string[], string];
};

const TAG_COLUMNS = 10;
const PROMPT = '› ';
const RESET = '\u001b[0m';
const DIM = '\u001b[2m';
const COLOURS: Readonly<Record<Shade, string>> = { alarm: '\u001b[1;31m', warning: '\u001b[33m', good: '\u001b[32m', plain: '' };
const TAG_COLOURS: Readonly<Record<Tag, string>> = {
  centre: '\u001b[35m',
  operator: '\u001b[35m',
  keypad: '\u001b[36m',
  outputs: '\u001b[33m',
  demo: DIM,
  typed: DIM,
};
/** From the cursor to the end of the screen. */
const CLEAR = '\u001b[J';

const coloured = (colour: string, text: string): string => (colour === '' ? text : `${colour}${text}${RESET}`);

export const makeScreen = (options: ScreenOptions): Screen => {
  const { colours, tags } = options;
  const tagged = (tag: Tag, long: string, shade: Shade): string => {
    const text = options.isTerminal ? wrapped(long, (process.stdout.columns ?? 80) - 1, TAG_COLUMNS + 2) : long;
    const name = `  ${tags[tag].padEnd(TAG_COLUMNS)}`;
    if (!colours) return `${name}${text}`;
    return `${coloured(TAG_COLOURS[tag], name)}${coloured(tag === 'demo' || tag === 'typed' ? DIM : COLOURS[shade], text)}`;
  };
  const under = options.isTerminal ? terminal(options) : pipe(options);
  let isClosed = false;
  const line = (text: string): void => {
    if (!isClosed) under.line(text);
  };
  return {
    log: (tag, text, shade = 'plain') => line(`${tag === 'typed' ? '\n' : ''}${tagged(tag, text, shade)}`),
    write: (text) => line(colours ? text : stripVTControlCharacters(text)),
    panel: (lines) => {
      if (!isClosed) under.panel(lines);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      under.close();
    },
  };
};

type Under = {
  readonly line: (text: string) => void;
  readonly panel: (lines: readonly PanelLine[]) => void;
  readonly close: () => void;
};

const reader = ({ onLine, onEnd }: ScreenOptions, lines: Interface): void => {
  lines.on('line', onLine);
  lines.on('SIGINT', () => onEnd('interrupt'));
  lines.on('close', () => onEnd('end'));
  // A terminal that was closed: the demo still has to put its things away.
  lines.on('error', () => onEnd('interrupt'));
};

const pipe = (options: ScreenOptions): Under => {
  const lines = createInterface({ input: process.stdin });
  reader(options, lines);
  return { line: (text) => options.out(`${text}\n`), panel: () => undefined, close: () => lines.close() };
};

// ---- terminal

/** Between words where it can, with what follows under what it follows. */
const wrapped = (text: string, columns: number, indent: number): string => {
  const rows: string[] = [];
  let rest = text;
  while (rest.length > columns - indent) {
    const space = rest.lastIndexOf(' ', columns - indent);
    const at = space > 0 ? space : columns - indent;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...rows, rest].join(`\n${' '.repeat(indent)}`);
};

const cut = (text: string, columns: number): string => (text.length <= columns ? text : `${text.slice(0, columns - 1)}…`);

const terminal = (options: ScreenOptions): Under => {
  const { out, colours } = options;
  let shown: readonly PanelLine[] = [];
  /** Rows drawn above the prompt. */
  let rows = 0;
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: PROMPT,
    completer: options.complete,
    removeHistoryDuplicates: true,
  });

  const erase = (promptRows: number): void => {
    const up = rows + promptRows;
    out(`\r${up > 0 ? `\u001b[${up}A` : ''}${CLEAR}`);
    rows = 0;
  };

  const draw = (): void => {
    const columns = process.stdout.columns ?? 80;
    const text = shown.map(({ text: line, shade = 'plain' }) => {
      const whole = cut(line, columns - 1);
      return `${colours ? coloured(COLOURS[shade], whole) : whole}\n`;
    });
    out(text.join(''));
    rows = shown.length;
    // The line editor goes up as many rows as its input takes before it writes it anew.
    out('\n'.repeat(lines.getCursorPos().rows));
    lines.prompt(true);
  };

  const around = (act: () => void): void => {
    erase(lines.getCursorPos().rows);
    act();
    draw();
  };

  reader(
    {
      ...options,
      onLine: (line) => {
        // The editor has gone to a new row.
        erase(1);
        options.onLine(line);
        draw();
      },
    },
    lines,
  );
  process.stdout.on('error', () => undefined);
  const redraw = (): void => around(() => undefined);
  process.stdout.on('resize', redraw);
  draw();
  return {
    line: (text) => around(() => out(`${text}\n`)),
    panel: (next) => around(() => void (shown = next)),
    close: () => {
      process.stdout.off('resize', redraw);
      erase(lines.getCursorPos().rows);
      lines.close();
    },
  };
};
