/**
 * Whether one pin of a board is what it was made, by asking the board: mode, and for an output its level. Firmata confirms
 * no order, so a lost one, or a board that restarted unseen, shows here and nowhere else. Pure.
 *
 * - One question at a time. An answer to a question that is older than the last order proves nothing, and is asked again.
 * - A wrong answer may be a disturbance: the pin is mended and asked again. `WRONG_MAX` in a row and the board has lost
 *   its settings.
 */
import { MODE } from '../../protocol/firmata.ts';
import type { PinMode } from '../../protocol/firmata.ts';
import type { Level } from '../../ports/lines.ts';

export const ANSWER_MAX_MS = 250;
const WRONG_MAX = 3;

export type PinCheck = {
  readonly mode: PinMode;
  /** Of an output. */
  readonly level: Level;
  readonly orderedAtMs: number;
  readonly askedAtMs: number | undefined;
  readonly wrong: number;
  /** The last answer was right and nothing was ordered since. */
  readonly verified: boolean;
};

export type Answered = {
  readonly outcome: 'right' | 'ask-again' | 'mend' | 'settings-lost' | 'not-asked';
  readonly check: PinCheck;
};

export const newCheck = (mode: PinMode, level: Level, now: number): PinCheck => ({
  mode,
  level,
  orderedAtMs: now,
  askedAtMs: undefined,
  wrong: 0,
  verified: false,
});

export const order = (check: PinCheck, level: Level, now: number): PinCheck => ({
  ...check,
  level,
  orderedAtMs: now,
  verified: false,
});

export const canAsk = ({ askedAtMs }: PinCheck, now: number): boolean =>
  askedAtMs === undefined || now - askedAtMs >= ANSWER_MAX_MS;

export const asked = (check: PinCheck, now: number): PinCheck => ({ ...check, askedAtMs: now });

const isRight = ({ mode, level }: PinCheck, saidMode: number, saidState: number): boolean =>
  saidMode === mode && (mode !== MODE.output || saidState === level);

export const answer = (check: PinCheck, saidMode: number, saidState: number): Answered => {
  const { askedAtMs, orderedAtMs } = check;
  if (askedAtMs === undefined) return { outcome: 'not-asked', check };
  const idle = { ...check, askedAtMs: undefined };
  if (askedAtMs < orderedAtMs) return { outcome: 'ask-again', check: idle };
  if (isRight(check, saidMode, saidState)) return { outcome: 'right', check: { ...idle, wrong: 0, verified: true } };
  const wrong = check.wrong + 1;
  return { outcome: wrong >= WRONG_MAX ? 'settings-lost' : 'mend', check: { ...idle, wrong, verified: false } };
};
