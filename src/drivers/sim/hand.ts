/** The hand that opens contacts, presses keys and tears wires on the simulated board. */
import type { KeypadId, LineId } from '../../core/config.ts';
import type { Badge, KeypadScreen, Level } from '../../ports/lines.ts';
import { changed, readingOf, viewOf } from './state.ts';
import type { Board, LineView, SimLine, Watcher } from './state.ts';

/** Why the hand cannot do what it is told. */
export type HandRefusal = 'no-such-line' | 'no-such-keypad' | 'is-an-output' | 'not-digital' | 'not-analog';
export type HandResult = { readonly ok: true } | { readonly ok: false; readonly reason: HandRefusal };

export type Hand = {
  readonly setLevel: (line: LineId, level: Level) => HandResult;
  /** `ratio` of the supply, 0–1. */
  readonly setRatio: (line: LineId, ratio: number) => HandResult;
  readonly tear: (line: LineId) => HandResult;
  readonly mend: (line: LineId) => HandResult;
  readonly keys: (keypad: KeypadId, text: string) => HandResult;
  readonly badge: (keypad: KeypadId, badge: Badge) => HandResult;
  /** The line as it stands, `atMs` being its last change in machine time; undefined: no such line. */
  readonly look: (line: LineId) => LineView | undefined;
  readonly screen: (keypad: KeypadId) => KeypadScreen | undefined;
  /** Tells every change of the lines, from inside the change; the answer ends it. */
  readonly watch: (lines: readonly LineId[], onChange: (view: LineView) => void) => () => void;
  readonly lines: () => readonly LineId[];
};

const DONE: HandResult = { ok: true };
const refuse = (reason: HandRefusal): HandResult => ({ ok: false, reason });

const heard = (board: Board, line: SimLine): void => {
  changed(board, line);
  board.listener?.onReading(line.request.line, readingOf(line), line.changedAtMs);
};

const setLevel = (board: Board, id: LineId, level: Level): HandResult => {
  const line = board.lines.get(id);
  if (!line) return refuse('no-such-line');
  if (line.request.direction === 'output') return refuse('is-an-output');
  if (line.request.direction !== 'input') return refuse('not-digital');
  if (line.level === level) return DONE;
  line.level = level;
  if (!line.torn) heard(board, line);
  return DONE;
};

const setRatio = (board: Board, id: LineId, ratio: number): HandResult => {
  const line = board.lines.get(id);
  if (!line) return refuse('no-such-line');
  if (line.request.direction !== 'analog') return refuse('not-analog');
  if (line.ratio === ratio) return DONE;
  line.ratio = ratio;
  if (!line.torn) heard(board, line);
  return DONE;
};

/** What was ordered of a torn output while it was torn takes effect when it is mended. */
const mendOutput = (board: Board, line: SimLine): void => {
  if (line.level !== line.ordered) {
    line.level = line.ordered;
    changed(board, line);
  }
  board.listener?.onOutputTrouble(line.request.line, undefined);
};

const setTorn = (board: Board, id: LineId, torn: boolean): HandResult => {
  const line = board.lines.get(id);
  if (!line) return refuse('no-such-line');
  if (line.torn === torn) return DONE;
  line.torn = torn;
  if (line.request.direction !== 'output') heard(board, line);
  else if (torn) board.listener?.onOutputTrouble(id, 'device-gone');
  else mendOutput(board, line);
  return DONE;
};

const watch = (board: Board, ids: readonly LineId[], onChange: (view: LineView) => void): (() => void) => {
  const watcher: Watcher = { lines: new Set(ids), onChange };
  board.watchers.add(watcher);
  return () => void board.watchers.delete(watcher);
};

const atKeypad = (board: Board, keypad: KeypadId, act: () => void): HandResult => {
  if (!board.screens.has(keypad)) return refuse('no-such-keypad');
  act();
  return DONE;
};

export const handOf = (board: Board): Hand => {
  const now = (): number => board.options.timers.now();
  return {
    setLevel: (line, level) => setLevel(board, line, level),
    setRatio: (line, ratio) => setRatio(board, line, ratio),
    tear: (line) => setTorn(board, line, true),
    mend: (line) => setTorn(board, line, false),
    keys: (keypad, text) => atKeypad(board, keypad, () => board.keypadListener?.onKeys(keypad, text, now())),
    badge: (keypad, badge) => atKeypad(board, keypad, () => board.keypadListener?.onBadge(keypad, badge, now())),
    look: (id) => {
      const line = board.lines.get(id);
      return line && viewOf(line);
    },
    screen: (keypad) => board.screens.get(keypad),
    watch: (lines, onChange) => watch(board, lines, onChange),
    lines: () => [...board.lines.keys()],
  };
};
