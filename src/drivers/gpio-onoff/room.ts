/** What the parts of this driver share while its lines are open. */
import type { LineId } from '../../core/config.ts';
import type { Level, LinesListener, LineTrouble } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { Player, Timers } from '../../ports/player.ts';
import type { Pin, Sysfs } from './sysfs.ts';

/** A line that is held. */
export type Held = {
  readonly pin: Pin;
  readonly number: number;
  /** It was exported before this process came: left by one that was killed. */
  readonly wasExported: boolean;
};

export type Input = {
  readonly line: LineId;
  readonly offset: number;
  held: Held | undefined;
  /** What was said last, or stood when the line was taken. */
  known: Level | undefined;
};

export type Output = {
  readonly line: LineId;
  readonly offset: number;
  readonly player: Player;
  /** What it was told to do, held or not. */
  ordered: Level;
  held: Held | undefined;
  /** What the listener knows. */
  trouble: LineTrouble | undefined;
};

export type Room = {
  readonly sysfs: Sysfs;
  readonly timers: Timers;
  readonly log: Log;
  readonly listener: LinesListener;
  readonly inputs: ReadonlyMap<LineId, Input>;
  readonly outputs: ReadonlyMap<LineId, Output>;
  isOpen: boolean;
};
