/** Figures as they are printed: percentiles in milliseconds, ratios against a floor of the same run. */
export type Spread = { readonly p50: number; readonly p95: number; readonly p99: number; readonly count: number };

export const spreadOf = (samples: readonly number[]): Spread => {
  const sorted = [...samples].toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
};

export const ratioOf = (ours: Spread, floor: Spread): Omit<Spread, 'count'> => ({
  p50: ours.p50 / floor.p50,
  p95: ours.p95 / floor.p95,
  p99: ours.p99 / floor.p99,
});

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3));

export const spreadText = ({ p50, p95, p99, count }: Spread): string =>
  `p50 ${number(p50)}  p95 ${number(p95)}  p99 ${number(p99)} ms  (n ${count})`;

export const ratioText = ({ p50, p95, p99 }: Omit<Spread, 'count'>): string =>
  `${p50.toFixed(2)} / ${p95.toFixed(2)} / ${p99.toFixed(2)} × its floor`;

export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export type Figure = { readonly name: string; readonly value: unknown; readonly text: string };
export type Report = (figure: Figure) => void;
