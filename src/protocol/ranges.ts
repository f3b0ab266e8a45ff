/** Sets of sequence numbers as ascending ranges that neither touch nor overlap; both ends belong to a range. */
import type { SeqRange } from './centreMessages.ts';

export const inRanges = (ranges: readonly SeqRange[], seq: number): boolean =>
  ranges.some(({ from, to }) => from <= seq && seq <= to);

export const withSeq = (ranges: readonly SeqRange[], seq: number): readonly SeqRange[] => {
  if (inRanges(ranges, seq)) return ranges;
  const below = ranges.filter(({ to }) => to < seq - 1);
  const above = ranges.filter(({ from }) => from > seq + 1);
  const left = ranges.find(({ to }) => to === seq - 1);
  const right = ranges.find(({ from }) => from === seq + 1);
  return [...below, { from: left?.from ?? seq, to: right?.to ?? seq }, ...above];
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
