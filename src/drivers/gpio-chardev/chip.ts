/** Finds the header's chip by its label: numbers move between kernels, labels do not. */
import type { Kernel, Outcome } from './kernel.ts';
import { troubleOf } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { CHIP_INFO_BYTES, GET_CHIP_INFO, GET_LINE_INFO, decodeChipInfo, decodeLineInfo, encodeLineInfoRequest } from './uapi.ts';
import type { ChipInfo, LineInfo } from './uapi.ts';

/** An open chip; whoever got it closes its descriptor. */
export type Chip = { readonly descriptor: number; readonly path: string; readonly lines: number };
export type ChipResult = { readonly ok: true; readonly chip: Chip } | { readonly ok: false; readonly trouble: Trouble };

type Seen = { readonly path: string; readonly descriptor: number; readonly info: ChipInfo };

const infoOf = (kernel: Kernel, descriptor: number): Outcome<ChipInfo> => {
  const bytes = new Uint8Array(CHIP_INFO_BYTES);
  const error = kernel.ioctl(descriptor, GET_CHIP_INFO, bytes);
  return error === undefined ? { ok: true, value: decodeChipInfo(bytes) } : { ok: false, error };
};

const look = (kernel: Kernel, path: string): Outcome<Seen> => {
  const opened = kernel.open(path);
  if (!opened.ok) return opened;
  const info = infoOf(kernel, opened.value);
  if (info.ok) return { ok: true, value: { path, descriptor: opened.value, info: info.value } };
  kernel.close(opened.value);
  return info;
};

const isForbidden = (error: string): boolean => error === 'EACCES' || error === 'EPERM';

const notFound = (label: string, seen: readonly Seen[]): Trouble => {
  const others = seen.map(({ path, info }) => `${info.label} (${path})`).join(', ');
  const there = others === '' ? 'none at all' : others;
  return {
    trouble: 'chip-not-found',
    detail: `no GPIO chip is labelled ${label}; this machine has ${there}: is the model right?`,
  };
};

const ambiguous = (label: string, matching: readonly Seen[]): Trouble => {
  const paths = matching.map(({ path }) => path).join(', ');
  return { trouble: 'chip-ambiguous', detail: `several GPIO chips are labelled ${label}, and none is taken: ${paths}` };
};

/** The only chip with this label. Refused unless exactly one has it. */
export const findChip = (kernel: Kernel, label: string): ChipResult => {
  const looks = kernel.chipPaths().map((path) => ({ path, result: look(kernel, path) }));
  const seen = looks.flatMap(({ result }) => (result.ok ? [result.value] : []));
  const matching = seen.filter(({ info }) => info.label === label);
  const [only] = matching;
  const taken = matching.length === 1 ? only : undefined;
  for (const other of seen) if (other !== taken) kernel.close(other.descriptor);
  if (taken) return { ok: true, chip: { descriptor: taken.descriptor, path: taken.path, lines: taken.info.lines } };
  if (matching.length > 1) return { ok: false, trouble: ambiguous(label, matching) };
  const forbidden = looks.find(({ result }) => !result.ok && isForbidden(result.error));
  if (forbidden && !forbidden.result.ok) return { ok: false, trouble: troubleOf(forbidden.result.error, forbidden.path) };
  return { ok: false, trouble: notFound(label, seen) };
};

export const lineInfo = (kernel: Kernel, chip: Chip, offset: number): Outcome<LineInfo> => {
  const bytes = encodeLineInfoRequest(offset);
  const error = kernel.ioctl(chip.descriptor, GET_LINE_INFO, bytes);
  return error === undefined ? { ok: true, value: decodeLineInfo(bytes) } : { ok: false, error };
};
