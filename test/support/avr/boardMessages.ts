/** What the test and the process that runs its emulated board say to each other. */
import type { ChipName } from './chips.ts';
import type { Drive, ResetCause } from './avrBoard.ts';

export type Side = 'to-host' | 'to-board';

export type BoardStart = {
  readonly hexFile: string;
  readonly chip: ChipName;
  /** The path that stays the same over unplug and replug. */
  readonly link: string;
  /** Content of the EEPROM; blank if absent. */
  readonly eeprom: readonly number[];
};

export type BoardAction = 'reset' | 'hang' | 'run-away' | 'resume' | 'unplug' | 'replug';

/** A pin at a level, and so much of the board's own time before what is next. */
export type WaveStep = { readonly pin: number; readonly level: 0 | 1; readonly micros: number };

export type BoardOrder =
  | { readonly order: 'set-pin'; readonly pin: number; readonly level: 0 | 1 | undefined }
  | { readonly order: 'wave'; readonly steps: readonly WaveStep[] }
  | { readonly order: 'set-volts'; readonly channel: number; readonly ratio: number }
  | { readonly order: 'pulse'; readonly pin: number; readonly level: 0 | 1; readonly micros: number }
  | { readonly order: 'level-of'; readonly pin: number }
  | { readonly order: 'read-eeprom' }
  | { readonly order: 'pace' }
  | { readonly order: 'act'; readonly action: BoardAction }
  | { readonly order: 'noise'; readonly bytes: readonly number[]; readonly side: Side }
  | { readonly order: 'drop'; readonly bytes: number; readonly side: Side };

/** What time has done: of the board's own, of the clock's, and of the processor's that ran it, in milliseconds. */
export type Pace = { readonly boardMs: number; readonly clockMs: number; readonly busyMs: number; readonly instructions: number };

export type BoardResult = Drive | Pace | readonly number[] | undefined;

export type ToBoard = { readonly start: BoardStart } | { readonly id: number; readonly order: BoardOrder };

export type FromBoard =
  | { readonly started: true }
  | { readonly id: number; readonly result: BoardResult }
  | { readonly pin: number; readonly drive: Drive; readonly atMicros: number }
  | { readonly cause: ResetCause };
