/** Bursts as a Wiegand reader sends them, made from their fields by the formats' own arithmetic. */

const ones = (bits: string): number => Array.from(bits).filter((bit) => bit === '1').length;
const binary = (value: number, width: number): string => value.toString(2).padStart(width, '0');

const even = (bits: string): string => String(ones(bits) % 2);
const odd = (bits: string): string => String(1 - (ones(bits) % 2));

/** The halves that the first and the last bit guard. */
const guarded = (body: string, half: number): string => even(body.slice(0, half)) + body + odd(body.slice(-half));

export const wiegand26 = (facility: number, number: number): string => guarded(binary(facility, 8) + binary(number, 16), 12);
export const wiegand34 = (facility: number, number: number): string => guarded(binary(facility, 16) + binary(number, 16), 16);
export const wiegand37 = (facility: number, number: number): string => guarded(binary(facility, 16) + binary(number, 19), 18);
export const wiegand37long = (number: number): string => guarded(binary(number, 35), 18);

const KEYS = '0123456789*#';
export const key4 = (key: string): string => binary(KEYS.indexOf(key), 4);
export const key8 = (key: string): string => binary(~KEYS.indexOf(key) & 0xf, 4) + binary(KEYS.indexOf(key), 4);

/** Most significant bit first, the last byte filled up with zeros. */
export const bytesOfBits = (bits: string): Uint8Array =>
  Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_none, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8).padEnd(8, '0'), 2),
  );
