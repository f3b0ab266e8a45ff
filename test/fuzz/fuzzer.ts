/**
 * A fuzzer feeds one parser with whatever a line may carry, `count` cases drawn from a seed, and says what did not hold. The same
 * seed draws the same cases.
 */
import { seeded } from '../support/seeded.ts';

export type FuzzFailure = {
  /** Number of the case, from 0. */
  readonly at: number;
  readonly what: string;
  /** What was fed last, hexadecimal. */
  readonly input: string;
};

export type Fuzzer = {
  readonly name: string;
  /** undefined: everything held. */
  readonly run: (count: number, seed: number) => FuzzFailure | undefined;
};

export type Draw = {
  /** 0 to `below` − 1. */
  readonly below: (below: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly bytes: (length: number) => Uint8Array;
};

export const drawFrom = (seed: number): Draw => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.trunc(random() * limit);
  return {
    below,
    chance: (share) => random() < share,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
};

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** In pieces, as a system may hand them over. */
export const piecesOf = (draw: Draw, bytes: Uint8Array): readonly Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = draw.chance(0.5) ? bytes.length : 1 + draw.below(12);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
};

/** Up to three bits changed: no 16-bit CRC over so few bytes lets that pass. */
export const withFlippedBits = (draw: Draw, bytes: Uint8Array): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  for (let flips = 1 + draw.below(3); flips > 0; flips -= 1) {
    const at = draw.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << draw.below(8));
  }
  return changed;
};
