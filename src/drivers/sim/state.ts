/** What the simulated board is made of inside: its lines, its keypads, and who is told of a change. */
import type { KeypadId, LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import type { KeypadListener, KeypadScreen, Level, LineRequest, LinesListener } from '../../ports/lines.ts';
import type { Player, Timers } from '../../ports/player.ts';

export type SimOptions = {
  readonly timers: Timers;
  /** What inputs and channels say before anybody touches them; digital inputs not named stand at 0, channels at 0.5. */
  readonly initial: Readonly<Record<LineId, Reading>>;
  /** The only lines this board has; undefined: it has whatever is asked for. */
  readonly available: readonly LineId[] | undefined;
};

export type SimLine = {
  readonly request: LineRequest;
  readonly player: Player | undefined;
  level: Level;
  /** An output's level if it were not torn. */
  ordered: Level;
  ratio: number;
  torn: boolean;
  /** Machine time of the last change. */
  changedAtMs: number;
};

export type LineView =
  | { readonly line: LineId; readonly level: Level; readonly torn: boolean; readonly atMs: number }
  | { readonly line: LineId; readonly value: number; readonly torn: boolean; readonly atMs: number };

export type Watcher = { readonly lines: ReadonlySet<LineId>; readonly onChange: (view: LineView) => void };

export type Board = {
  readonly options: SimOptions;
  readonly lines: Map<LineId, SimLine>;
  readonly watchers: Set<Watcher>;
  readonly screens: Map<KeypadId, KeypadScreen>;
  listener: LinesListener | undefined;
  keypadListener: KeypadListener | undefined;
};

export const viewOf = (line: SimLine): LineView => {
  const common = { line: line.request.line, torn: line.torn, atMs: line.changedAtMs };
  return line.request.direction === 'analog' ? { ...common, value: line.ratio } : { ...common, level: line.level };
};

export const readingOf = (line: SimLine): Reading => {
  if (line.torn) return { kind: 'lost' };
  return line.request.direction === 'analog' ? { kind: 'ratio', ratio: line.ratio } : { kind: 'level', level: line.level };
};

/** Notes that a line moved and tells whoever watches it. */
export const changed = (board: Board, line: SimLine): void => {
  line.changedAtMs = board.options.timers.now();
  for (const watcher of board.watchers) if (watcher.lines.has(line.request.line)) watcher.onChange(viewOf(line));
};
