/**
 * The time axis of a drawing. Time runs evenly, but a stretch in which nothing happens is folded once it is much longer
 * than the others, so that the seconds of an entry and the half hour of a confirmation stand on one page.
 */

export type Fold = { readonly fromMs: number; readonly toMs: number; readonly fromX: number; readonly toX: number };

export type Scale = {
  readonly x: (atMs: number) => number;
  readonly folds: readonly Fold[];
  /** Instants worth a mark on the axis, far enough apart to be read. */
  readonly ticks: readonly { readonly atMs: number; readonly x: number }[];
};

type Stretch = { readonly fromMs: number; readonly toMs: number; readonly folded: boolean; readonly weight: number };

const FOLD_FACTOR = 9;
const SHORTEST_FOLD_MS = 30_000;
/** A stretch is at least this part of the page, however short, unless both ends are one instant. */
const LEAST_WEIGHT = 0.004;
const FOLD_WEIGHT = 0.06;

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;

const stretchesOf = (instants: readonly number[]): readonly Stretch[] => {
  const gaps = instants.slice(1).map((atMs, index) => ({ fromMs: instants[index] ?? 0, toMs: atMs }));
  const lengths = gaps.map(({ fromMs, toMs }) => toMs - fromMs).filter((ms) => ms >= 500);
  const longest = Math.max(SHORTEST_FOLD_MS, FOLD_FACTOR * median(lengths.toSorted((a, b) => a - b)));
  const evenMs = gaps.reduce((sum, { fromMs, toMs }) => (toMs - fromMs > longest ? sum : sum + toMs - fromMs), 0);
  return gaps.map(({ fromMs, toMs }) => {
    const folded = toMs - fromMs > longest;
    const weight = folded ? FOLD_WEIGHT : Math.max(LEAST_WEIGHT, (toMs - fromMs) / Math.max(1, evenMs));
    return { fromMs, toMs, folded, weight };
  });
};

type Placed = Stretch & { readonly fromX: number; readonly toX: number };

const place = (stretches: readonly Stretch[], left: number, width: number): readonly Placed[] => {
  const total = stretches.reduce((sum, { weight }) => sum + weight, 0) || 1;
  let x = left;
  return stretches.map((stretch) => {
    const fromX = x;
    x += (stretch.weight / total) * width;
    return { ...stretch, fromX, toX: x };
  });
};

const within = (placed: readonly Placed[], atMs: number, left: number): number => {
  const stretch = placed.find(({ toMs }) => atMs <= toMs) ?? placed.at(-1);
  if (!stretch) return left;
  const part = (atMs - stretch.fromMs) / Math.max(1, stretch.toMs - stretch.fromMs);
  return stretch.fromX + Math.min(1, Math.max(0, part)) * (stretch.toX - stretch.fromX);
};

const TICK_SPACE = 52;

export const makeScale = (instantsMs: readonly number[], left: number, width: number): Scale => {
  const instants = [...new Set([0, ...instantsMs])].toSorted((a, b) => a - b);
  const placed = place(stretchesOf(instants), left, width);
  const x = (atMs: number): number => within(placed, atMs, left);
  const ticks: { atMs: number; x: number }[] = [];
  for (const atMs of instants) {
    const last = ticks.at(-1);
    if (!last || x(atMs) - last.x >= TICK_SPACE) ticks.push({ atMs, x: x(atMs) });
  }
  return { x, folds: placed.filter(({ folded }) => folded), ticks };
};
