/**
 * The simulated board: inputs, analog channels, outputs, keypads and readers that exist in memory alone. One side of it
 * is what the runtime sees (`lines`, `keypads`); the other is the hand that turns the contacts (`hand`), used by the
 * demo in the same process and by the socket from outside.
 *
 * - **torn** line: it does not work any more. A torn input is `lost`; a torn output keeps its level and takes no order.
 */
import type { LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import type { Drive, Keypads, KeypadScreen, Level, LineProblem, LineRequest, Lines } from '../../ports/lines.ts';
import { createPlayer } from '../../ports/player.ts';
import type { Player } from '../../ports/player.ts';
import { handOf } from './hand.ts';
import type { Hand } from './hand.ts';
import { changed, readingOf } from './state.ts';
import type { Board, SimLine, SimOptions } from './state.ts';

export type SimBoard = { readonly lines: Lines; readonly keypads: Keypads; readonly hand: Hand };

const EMPTY_SCREEN: KeypadScreen = { text: [], tone: 'none', light: 'ready' };

const problemsOf = (requests: readonly LineRequest[], available: readonly LineId[] | undefined): LineProblem[] => {
  const seen = new Set<LineId>();
  return requests.flatMap(({ line }): LineProblem[] => {
    if (available && !available.includes(line)) {
      return [{ line, trouble: 'no-such-line', detail: 'the simulated board has no such line' }];
    }
    if (seen.has(line)) return [{ line, trouble: 'requested-twice', detail: 'two parts of the config name it' }];
    seen.add(line);
    return [];
  });
};

const moveOutput = (board: Board, id: LineId, level: Level): void => {
  const line = board.lines.get(id);
  if (!line) return;
  line.ordered = level;
  if (line.torn || line.level === level) return;
  line.level = level;
  changed(board, line);
};

const playerOf = (board: Board, request: LineRequest): Player | undefined => {
  if (request.direction !== 'output') return undefined;
  const { line, restLevel, maxOnMs } = request;
  const setLevel = (level: Level): void => moveOutput(board, line, level);
  const onTooLong = (): void => board.listener?.onOutputTrouble(line, 'on-too-long');
  return createPlayer({ restLevel, maxOnMs, setLevel, onTooLong }, board.options.timers);
};

/** A board opened again finds its inputs as they were left. */
const newLine = (board: Board, request: LineRequest): SimLine => {
  const initial = board.options.initial[request.line];
  const left = board.lines.get(request.line);
  const inputLevel = left?.level ?? (initial?.kind === 'level' ? initial.level : 0);
  const level = request.direction === 'output' ? request.initialLevel : inputLevel;
  return {
    request,
    player: playerOf(board, request),
    level,
    ordered: level,
    ratio: left?.ratio ?? (initial?.kind === 'ratio' ? initial.ratio : 0.5),
    torn: left?.torn ?? initial?.kind === 'lost',
    changedAtMs: board.options.timers.now(),
  };
};

const write = (board: Board, id: LineId, drive: Drive): void => {
  const line = board.lines.get(id);
  const player = line?.player;
  if (!board.listener) return;
  if (!line || !player) return board.listener.onOutputTrouble(id, line ? 'wrong-direction' : 'no-such-line');
  player.drive(drive);
  if (line.torn) board.listener.onOutputTrouble(id, 'device-gone');
};

const linesOf = (board: Board): Lines => ({
  open: (requests, listener) => {
    const problems = problemsOf(requests, board.options.available);
    if (problems.length > 0) return Promise.resolve({ ok: false, problems });
    board.listener = listener;
    for (const request of requests) board.lines.set(request.line, newLine(board, request));
    return Promise.resolve({ ok: true });
  },
  read: (id): Reading => {
    const line = board.lines.get(id);
    return line && line.request.direction !== 'output' ? readingOf(line) : { kind: 'lost' };
  },
  write: (id, drive) => write(board, id, drive),
  close: () => {
    for (const line of board.lines.values()) line.player?.stop();
    board.listener = undefined;
    return Promise.resolve();
  },
});

const keypadsOf = (board: Board): Keypads => ({
  open: (ids, listener) => {
    board.keypadListener = listener;
    for (const id of ids) board.screens.set(id, EMPTY_SCREEN);
    return Promise.resolve();
  },
  show: (keypad, screen) => {
    if (board.screens.has(keypad)) board.screens.set(keypad, screen);
  },
  close: () => {
    board.keypadListener = undefined;
    board.screens.clear();
    return Promise.resolve();
  },
});

export const createSimBoard = (options: SimOptions): SimBoard => {
  const board: Board = {
    options,
    lines: new Map(),
    watchers: new Set(),
    screens: new Map(),
    listener: undefined,
    keypadListener: undefined,
  };
  return { lines: linesOf(board), keypads: keypadsOf(board), hand: handOf(board) };
};
