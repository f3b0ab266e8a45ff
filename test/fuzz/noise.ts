/** What lines of readers carry beside frames: damage, pieces of any length, and rounds of it until something does not hold. */
import { drawFrom } from './fuzzer.ts';
import type { Draw, FuzzFailure } from './fuzzer.ts';

type Bytes = readonly number[];

const change = ({ below }: Draw, bytes: Bytes): Bytes => {
  const at = below(bytes.length);
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 + below(255)));
};

const DAMAGES: readonly ((draw: Draw, bytes: Bytes) => Bytes)[] = [
  change,
  (draw, bytes) => change(draw, change(draw, bytes)),
  ({ below }, bytes) => bytes.toSpliced(below(bytes.length), 1),
  ({ below }, bytes) => bytes.toSpliced(below(bytes.length), 0, below(256)),
  ({ below }, bytes) => bytes.slice(0, 1 + below(bytes.length - 1)),
  ({ below }, bytes) => bytes.slice(1 + below(bytes.length - 1)),
  ({ below }, bytes) => [...bytes.slice(below(bytes.length)), ...bytes],
];

/** Bytes changed, missing, too many, cut off at either end, or begun twice. */
export const damaged = (draw: Draw, bytes: Bytes): Bytes => draw.pick(DAMAGES)(draw, bytes);

/** In pieces of up to one of these lengths, as systems differ: mostly a few bytes, at times each alone. */
export const pieces = (draw: Draw, bytes: Bytes, lengths: readonly number[]): readonly Uint8Array[] => {
  const longest = draw.pick(lengths);
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + draw.below(longest);
    all.push(Uint8Array.from(bytes.slice(at, at + size)));
    at += size;
  }
  return all;
};

export const holdsIn = (all: Bytes, part: Bytes): boolean => {
  for (let at = all.indexOf(part[0] ?? -1); at >= 0; at = all.indexOf(part[0] ?? -1, at + 1)) {
    if (part.every((byte, index) => all[at + index] === byte)) return true;
  }
  return false;
};

export const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

export const hexOfAll = (bytes: Iterable<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('hex').toUpperCase();

/** What was fed last, to be told with what did not hold. */
export type Feed = (input: Iterable<number>) => void;

/** `begin` makes what lasts from round to round; the first round that throws is the failure. */
export const playRounds = (count: number, seed: number, begin: (draw: Draw) => (note: Feed) => void): FuzzFailure | undefined => {
  const round = begin(drawFrom(seed));
  let input = '';
  for (let at = 0; at < count; at++) {
    try {
      round((bytes) => {
        input = hexOfAll(bytes);
      });
    } catch (error) {
      return { at, what: error instanceof Error ? error.message : String(error), input };
    }
  }
  return undefined;
};
