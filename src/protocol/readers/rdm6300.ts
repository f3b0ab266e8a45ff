/**
 * Readers that say a 125 kHz card's number in ASCII at 9600 baud: RDM6300, and ID-12LA, which puts CR LF before its end.
 *
 *     02  ten hexadecimal digits  two of check  [0D 0A]  03          check: XOR of the five bytes
 *
 * An RDM6300 says it again and again while the card lies there. Neither has a heartbeat: a reader that is dead and a reader
 * that sees no card are the same.
 */
import { cardOf, isNewPresentation } from './reader.ts';
import type { CardNumber, Fed, Lying, ReaderEvent, ReaderProtocol } from './reader.ts';
import { BROKEN, MORE, NOISE, NOTHING_HELD, isStale, scan } from './scanner.ts';
import type { Held, Look } from './scanner.ts';

const START = 0x02;
const END = 0x03;
const CR = 0x0d;
const LF = 0x0a;
const DIGITS = 12;
const CARD_BYTES = 5;

export type Rdm6300State = { readonly held: Held; readonly lying: Lying | undefined };

const isHexDigit = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);

const numberOf = (digits: Uint8Array): readonly number[] =>
  Array.from({ length: CARD_BYTES + 1 }, (_none, at) =>
    Number.parseInt(String.fromCharCode(digits[at * 2] ?? 0, digits[at * 2 + 1] ?? 0), 16),
  );

const cardIn = (digits: Uint8Array): CardNumber | undefined => {
  const bytes = numberOf(digits);
  const isRight = bytes.reduce((check, byte) => check ^ byte, 0) === 0;
  return isRight ? cardOf(bytes.slice(0, CARD_BYTES), CARD_BYTES * 8) : undefined;
};

/** Where the last byte should stand, behind CR LF or without; undefined: more bytes will tell. */
const endOf = (bytes: Uint8Array): number | undefined | 'none' => {
  const [first, second, third] = bytes.subarray(DIGITS + 1);
  if (first === undefined) return undefined;
  if (first === END) return DIGITS + 1;
  if (first !== CR || (second !== undefined && second !== LF)) return 'none';
  if (third === undefined) return undefined;
  return third === END ? DIGITS + 3 : 'none';
};

const look = (bytes: Uint8Array): Look<CardNumber> => {
  if (bytes[0] !== START) return NOISE;
  const digits = bytes.subarray(1, DIGITS + 1);
  if (!digits.every(isHexDigit)) return BROKEN;
  const end = endOf(bytes);
  if (end === undefined) return MORE;
  const card = end === 'none' ? undefined : cardIn(digits);
  return card === undefined || end === 'none' ? BROKEN : { kind: 'frame', frame: card, length: end + 1 };
};

const begin = (): Fed<Rdm6300State> => ({
  state: { held: NOTHING_HELD, lying: undefined },
  events: [{ kind: 'presence', input: 1, present: true }],
});

const feed = (state: Rdm6300State, bytes: Uint8Array, now: number): Fed<Rdm6300State> => {
  const { held, frames, broken, cutShort } = scan(state.held, bytes, now, look);
  const events: ReaderEvent[] = [];
  if (broken > 0) events.push({ kind: 'dropped', reason: 'wrong-check', count: broken });
  if (cutShort > 0) events.push({ kind: 'dropped', reason: 'cut-short', count: cutShort });
  let { lying } = state;
  for (const card of frames) {
    if (isNewPresentation(lying, card, now)) events.push({ kind: 'badge', input: 1, badge: card });
    lying = { hex: card.hex, seenAtMs: now };
  }
  return { state: { held, lying }, events };
};

const tick = (state: Rdm6300State, now: number): Fed<Rdm6300State> => {
  if (!isStale(state.held, now)) return { state, events: [] };
  return {
    state: { ...state, held: NOTHING_HELD },
    events: [{ kind: 'dropped', reason: 'cut-short', count: 1 }],
  };
};

export const rdm6300: ReaderProtocol<Rdm6300State> = {
  baudRate: 9_600,
  tickMs: 1_000,
  begin,
  feed,
  tick,
  show: undefined,
};
