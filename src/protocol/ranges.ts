/** Sets of sequence numbers as ascending ranges that neither touch nor overlap; both ends belong to a range. */
import type { SeqRange } from './centreMessages.ts';

export const inRanges = (ranges: readonly SeqRange[], seq: number): boolean =>
  ranges.some(({ from, to }) => from <= seq && seq <= to);

/** `ranges` and `added` as one set. */
export const withRange = (ranges: readonly SeqRange[], added: SeqRange): readonly SeqRange[] => {
  const below = ranges.filter(({ to }) => to < added.from - 1);
  const above = ranges.filter(({ from }) => from > added.to + 1);
  const touching = ranges.slice(below.length, ranges.length - above.length);
  const from = Math.min(added.from, ...touching.map((range) => range.from));
  const to = Math.max(added.to, ...touching.map((range) => range.to));
  return [...below, { from, to }, ...above];
};

/** What lies above `head`, and the head after taking in the range that touches it. */
export const settled = (
  head: number,
  ranges: readonly SeqRange[],
): { readonly head: number; readonly beyond: readonly SeqRange[] } => {
  const above = ranges.filter(({ to }) => to > head);
  const [first, ...rest] = above;
  return first && first.from <= head + 1 ? { head: first.to, beyond: rest } : { head, beyond: above };
};
