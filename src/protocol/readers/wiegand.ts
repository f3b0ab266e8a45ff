/**
 * Bursts of a Wiegand reader: cards of 26, 34 and 37 bits, and keys of 4 or 8. Pure; bits in the order they came.
 *
 * Parity as HID's public format sheets give it, the first bit even and the last odd:
 *
 *     26 (H10301)          even over 1–12, odd over 13–24; facility 8 bits, number 16
 *     34                   even over 1–16, odd over 17–32; facility 16, number 16
 *     37 (H10304, H10302)  even over 1–18, odd over 18–35: bit 18 counts in both
 *
 * H10304 (facility 16, number 19) and H10302 (number 35, no facility) share length and parity, and no bit tells them apart.
 * The fields given here are those of H10304. A badge is known by all its bits, so that either serves.
 */
import { cardOf } from './reader.ts';
import type { CardNumber } from './reader.ts';

export type Burst = {
  readonly bits: number;
  /** Most significant bit first, the last byte filled up with zeros. */
  readonly bytes: Uint8Array;
};

export type WiegandReading =
  | { readonly kind: 'card'; readonly card: CardNumber; readonly facility: number; readonly number: number }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'refused'; readonly reason: 'unknown-length' | 'wrong-parity' | 'unknown-key' };

type Span = { readonly first: number; readonly last: number };
type Format = { readonly even: Span; readonly odd: Span; readonly facility: Span; readonly number: Span };

const span = (first: number, last: number): Span => ({ first, last });

const FORMATS: Readonly<Record<number, Format>> = {
  26: { even: span(1, 12), odd: span(13, 24), facility: span(1, 8), number: span(9, 24) },
  34: { even: span(1, 16), odd: span(17, 32), facility: span(1, 16), number: span(17, 32) },
  37: { even: span(1, 18), odd: span(18, 35), facility: span(1, 16), number: span(17, 35) },
};

/** On every keypad seen so far; 12 to 15 are keys of single makers. */
const KEYS = '0123456789*#';

const refused = (reason: (WiegandReading & { kind: 'refused' })['reason']): WiegandReading => ({ kind: 'refused', reason });

const bitsOf = ({ bits, bytes }: Burst): readonly number[] =>
  Array.from({ length: bits }, (_none, at) => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);

const within = (bits: readonly number[], { first, last }: Span): readonly number[] => bits.slice(first, last + 1);

const onesIn = (bits: readonly number[]): number => bits.reduce((sum, bit) => sum + bit, 0);

const numberIn = (bits: readonly number[]): number => bits.reduce((value, bit) => value * 2 + bit, 0);

const isParityRight = (bits: readonly number[], { even, odd }: Format): boolean => {
  const [first = 0, last = 0] = [bits[0], bits.at(-1)];
  return (first + onesIn(within(bits, even))) % 2 === 0 && (last + onesIn(within(bits, odd))) % 2 === 1;
};

const cardIn = (burst: Burst, bits: readonly number[], format: Format): WiegandReading => {
  if (!isParityRight(bits, format)) return refused('wrong-parity');
  return {
    kind: 'card',
    card: cardOf(burst.bytes, burst.bits),
    facility: numberIn(within(bits, format.facility)),
    number: numberIn(within(bits, format.number)),
  };
};

const keyOf = (code: number): WiegandReading => {
  const key = KEYS[code];
  return key === undefined ? refused('unknown-key') : { kind: 'key', key };
};

/** The high half is the complement of the low one: the only check a key has. */
const checkedKey = (code: number): WiegandReading => {
  const low = code & 0xf;
  return code >> 4 === (~low & 0xf) ? keyOf(low) : refused('wrong-parity');
};

export const decodeBurst = (burst: Burst): WiegandReading => {
  const bits = bitsOf(burst);
  const format = FORMATS[burst.bits];
  if (format !== undefined) return cardIn(burst, bits, format);
  if (burst.bits === 4) return keyOf(numberIn(bits));
  return burst.bits === 8 ? checkedKey(numberIn(bits)) : refused('unknown-length');
};
