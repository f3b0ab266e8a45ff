/**
 * The controller's inputs and outputs, and the keypads and readers, as the runtime needs them.
 *
 * - **line**: one physical input, output or analog channel, by the name the site's config gives it (`GPIO17`, `A0`).
 * - **reading**: what an input says: a level, a ratio of the supply, or that nobody hears it any more (`lost`).
 * - **drive**: what an output is to do: off, on, or a rhythm. *Off* is the physical `restLevel` of its request.
 * - **machine time**: milliseconds of CLOCK_MONOTONIC (`process.hrtime`, GPIO edge events), fractions allowed.
 *
 * A driver conditions nothing: it hands over every edge it sees, as it sees it. Debouncing, pulse counts and chatter
 * belong to the core. Listeners only enqueue; a driver may call them from inside `write`, never from inside `read`.
 */
import type { KeypadId, LineId } from '../core/config.ts';
import type { Reading } from '../core/input.ts';
import type { LightName } from '../core/light.ts';
import type { PatternName } from '../core/tone.ts';

export type Bias = 'none' | 'pull-up' | 'pull-down';
export type Level = 0 | 1;

export type LineRequest =
  | { readonly direction: 'input'; readonly line: LineId; readonly bias: Bias }
  | { readonly direction: 'analog'; readonly line: LineId }
  | {
      readonly direction: 'output';
      readonly line: LineId;
      /** Physical level driven at once when the line is opened: never a glitch through the other one. */
      readonly initialLevel: Level;
      /** Physical level of *off*. */
      readonly restLevel: Level;
      /**
       * Longest time on, in milliseconds. The core keeps it; the driver cuts at 110 % of it as an assertion and reports
       * `on-too-long`. undefined: no limit.
       */
      readonly maxOnMs: number | undefined;
    };

export type Drive = 'off' | 'on' | { readonly pattern: PatternName; /** Machine time. */ readonly sinceMs: number };

/** Why a line cannot be opened, or does not work any more. */
export type LineTrouble =
  /** No chip, or more than one, has the label that the board's data names. */
  | 'chip-not-found'
  | 'chip-ambiguous'
  | 'no-such-line'
  | 'wrong-direction'
  | 'requested-twice'
  | 'busy'
  | 'no-permission'
  | 'not-supported'
  | 'device-gone'
  | 'on-too-long';

export type LineProblem = {
  readonly line: LineId;
  readonly trouble: LineTrouble;
  /** For the log only. */
  readonly detail: string;
};

export type LinesListener = {
  /** An edge, a new analog sample, or `lost`; after `lost` the next level or ratio says the line is back. */
  readonly onReading: (line: LineId, reading: Reading, observedAtMs: number) => void;
  /** An output that no longer does what it is told; `undefined`: it does again. */
  readonly onOutputTrouble: (line: LineId, trouble: LineTrouble | undefined) => void;
};

export type Opened = { readonly ok: true } | { readonly ok: false; readonly problems: readonly LineProblem[] };

export type Lines = {
  /**
   * Takes the lines, drives each output to its initial level, and listens. All problems at once; with any, nothing is
   * held. Inputs are then known by `read`; `onReading` tells changes only.
   */
  readonly open: (requests: readonly LineRequest[], listener: LinesListener) => Promise<Opened>;
  /** The present reading of an input or analog channel, from the hardware: what the 250 ms reconciliation asks. */
  readonly read: (line: LineId) => Reading;
  /** Drives an output, before it returns. A failure is told by `onOutputTrouble`. */
  readonly write: (line: LineId, drive: Drive) => void;
  /** Stops rhythms and lets go of the lines, leaving every output at the level it has. */
  readonly close: () => Promise<void>;
};

// ---- keypads and readers

/** A card as its reader sent it: `bits` significant bits, left-aligned in `hex`. */
export type Badge = { readonly bits: number; readonly hex: string };

export type KeypadListener = {
  /** Keys in the order they were pressed: `0`–`9`, `*`, `#`. */
  readonly onKeys: (keypad: KeypadId, text: string, observedAtMs: number) => void;
  readonly onBadge: (keypad: KeypadId, badge: Badge, observedAtMs: number) => void;
  /** A keypad that is not heard any more, or heard again. */
  readonly onPresence: (keypad: KeypadId, present: boolean) => void;
};

/** What a keypad shows: lines of text, the tone it gives, and the state its light tells. */
export type KeypadScreen = {
  readonly text: readonly string[];
  readonly tone: 'none' | PatternName;
  readonly light: LightName;
};

export type Keypads = {
  readonly open: (keypads: readonly KeypadId[], listener: KeypadListener) => Promise<void>;
  readonly show: (keypad: KeypadId, screen: KeypadScreen) => void;
  readonly close: () => Promise<void>;
};
