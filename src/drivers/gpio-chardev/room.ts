/** What the parts of this driver share while its lines are open. */
import type { LineId } from '../../core/config.ts';
import type { Bias, Level, LinesListener, LineTrouble } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { Player, Timers } from '../../ports/player.ts';
import type { Kernel } from './kernel.ts';

/** Inputs taken together: one descriptor, one queue of edges. */
export type Group = {
  readonly descriptor: number;
  readonly inputs: readonly Input[];
  readonly unwatch: () => void;
  /** Of the last edge read. */
  seqno: number;
  /** It failed; its lines are about to be told lost. */
  isDead: boolean;
};

export type Input = {
  readonly line: LineId;
  readonly offset: number;
  readonly bias: Bias;
  /** undefined: the line is not held. */
  group: Group | undefined;
  /** What was said last, or stood when the line was taken. */
  known: Level | undefined;
};

export type Output = {
  readonly line: LineId;
  readonly offset: number;
  readonly player: Player;
  /** What it was told to do, held or not. */
  ordered: Level;
  /** undefined: the line is not held. */
  descriptor: number | undefined;
  /** What the listener knows. */
  trouble: LineTrouble | undefined;
};

export type Room = {
  readonly kernel: Kernel;
  readonly timers: Timers;
  readonly log: Log;
  readonly listener: LinesListener;
  readonly inputs: ReadonlyMap<LineId, Input>;
  readonly outputs: ReadonlyMap<LineId, Output>;
  readonly groups: Set<Group>;
  readonly eventBytes: Uint8Array;
  isOpen: boolean;
};

/** What the lines are to everybody who asks the kernel who holds them. */
export const CONSUMER = 'vigie';
