/**
 * Whether one pin of a board is what it was made, by asking the board: mode, and for an output its level. Firmata confirms
 * no order, so a lost one, or a board that restarted unseen, shows here and nowhere else. Pure.
 *
 * - Answers come in the order of the questions. One whose question is older than the last order proves nothing, and the board
 *   is asked again. After a lost answer the next ones are taken for older than they are, which costs a question, until the
 *   lost one is given up.
 * - A wrong answer may be a disturbance: the pin is mended and asked again. `WRONG_MAX` in a row and the board has lost its
 *   settings.
 */
import { MODE } from '../../protocol/firmata.ts';
import type { PinMode } from '../../protocol/firmata.ts';
import type { Level } from '../../ports/lines.ts';

/** An answer comes within a few milliseconds; after so long it is asked again. */
export const ANSWER_MAX_MS = 40;
/** No answer comes later than this: it, or its question, was lost. */
const GIVEN_UP_MS = 300;
const WRONG_MAX = 3;

export type PinCheck = {
  readonly mode: PinMode;
  /** Of an output. */
  readonly level: Level;
  readonly orderedAtMs: number;
  /** Questions that wait for their answer, oldest first. */
  readonly asks: readonly number[];
  readonly wrong: number;
  /** The last answer was right and nothing was ordered since. */
  readonly verified: boolean;
};

export type Answered = {
  readonly outcome: 'right' | 'ask-again' | 'mend' | 'settings-lost' | 'not-asked';
  readonly check: PinCheck;
  /** When it was asked for. */
  readonly askedAtMs: number;
};

export const newCheck = (mode: PinMode, level: Level, now: number): PinCheck => ({
  mode,
  level,
  orderedAtMs: now,
  asks: [],
  wrong: 0,
  verified: false,
});

export const order = (check: PinCheck, level: Level, now: number): PinCheck => ({
  ...check,
  level,
  orderedAtMs: now,
  verified: false,
});

export const canAsk = ({ asks }: PinCheck, now: number): boolean => now - (asks.at(-1) ?? -Infinity) >= ANSWER_MAX_MS;

export const asked = (check: PinCheck, now: number): PinCheck => ({ ...check, asks: [...waitingOf(check, now), now] });

const waitingOf = ({ asks }: PinCheck, now: number): readonly number[] => asks.filter((at) => now - at < GIVEN_UP_MS);

const isRight = ({ mode, level }: PinCheck, said: PinSaid): boolean =>
  said.mode === mode && (mode !== MODE.output || said.state === level);

export type PinSaid = { readonly mode: number; readonly state: number };

export const answer = (check: PinCheck, said: PinSaid, now: number): Answered => {
  const [askedAtMs, ...asks] = waitingOf(check, now);
  if (askedAtMs === undefined) return { outcome: 'not-asked', check, askedAtMs: now };
  const next = { ...check, asks };
  if (askedAtMs < check.orderedAtMs) return { outcome: 'ask-again', check: next, askedAtMs };
  if (isRight(check, said)) return { outcome: 'right', check: { ...next, wrong: 0, verified: true }, askedAtMs };
  const wrong = check.wrong + 1;
  const outcome = wrong >= WRONG_MAX ? 'settings-lost' : 'mend';
  return { outcome, check: { ...next, wrong, verified: false }, askedAtMs };
};
