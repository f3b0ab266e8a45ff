/**
 * What a board is: lines with their places and powers.
 *
 * - **model**: name of a board's file without `.yaml`: `raspberry-pi-4`.
 * - **expander**: a board at the end of a cable that speaks Firmata. **hat**: a board that sits on another one's header.
 * - **number**: offset of a line on its GPIO chip, or Firmata pin.
 * - **alias**: another name of a line: its header pin (`pin-11`), or what is printed on the hat that is wired to it.
 */
import type { LineId } from '../core/config.ts';
import type { AtBoot, BoardFunction, NeverFree, Power, Use } from './boardShapes.ts';
import type { Bias } from './siteFile.ts';

export type BoardLine = {
  readonly name: LineId;
  readonly headerPin: number | undefined;
  readonly number: number;
  /** Analog channel of an expander. */
  readonly channel: number | undefined;
  readonly can: readonly Use[];
  readonly pulls: readonly Bias[];
  readonly fixedPull: Bias | undefined;
  readonly atBoot: AtBoot;
  readonly reservedBy: BoardFunction | undefined;
  readonly never: NeverFree | undefined;
  /** What switches on the thing that is wired to it for good; undefined: whatever the installer wires. */
  readonly active: 'high' | 'low' | undefined;
};

/** Guidance, not protection: what to plan for. */
export type BoardLimits = { readonly outputs: number; readonly pinMilliamps: number; readonly totalMilliamps: number };

type Wired = {
  readonly model: string;
  readonly name: string;
  readonly supplyVolts: number;
  readonly limits: BoardLimits;
  readonly lines: ReadonlyMap<LineId, BoardLine>;
};

export type GpioBoard = Wired & {
  readonly kind: 'gpio';
  readonly chipLabel: string;
  readonly aliases: ReadonlyMap<string, LineId>;
  /** Header pins that are no lines. */
  readonly power: ReadonlyMap<number, Power>;
};
export type FirmataBoard = Wired & { readonly kind: 'firmata' };
export type HatBoard = {
  readonly kind: 'hat';
  readonly model: string;
  readonly name: string;
  readonly fits: readonly string[];
  readonly can: readonly Use[];
  readonly active: 'high' | 'low';
  /** What is printed on it, and the line of the board below. */
  readonly lines: ReadonlyMap<string, LineId>;
};
/** Lines of any name, in memory alone. */
export type SimulatedBoard = { readonly kind: 'sim'; readonly model: string; readonly name: string };
export type Board = GpioBoard | FirmataBoard | HatBoard | SimulatedBoard;
