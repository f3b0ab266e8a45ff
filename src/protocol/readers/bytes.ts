/** Bytes as text, and the check that the protocols of readers share. */

export const hexOf = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();

export const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
};

const BITS = [7, 6, 5, 4, 3, 2, 1, 0] as const;
const POLYNOMIAL = 0x1021;

const crcBit = (crc: number, bit: number): number => {
  const shifted = (crc << 1) & 0xffff;
  return crc >> 15 === bit ? shifted : shifted ^ POLYNOMIAL;
};

/** CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, most significant bit first; `123456789` gives 0x29B1. */
export const crc16 = (bytes: Iterable<number>): number => {
  let crc = 0xffff;
  for (const byte of bytes) for (const bit of BITS) crc = crcBit(crc, (byte >> bit) & 1);
  return crc;
};
