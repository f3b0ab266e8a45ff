/**
 * The recording: a ring of files `recorder/000001.jsonl`, each begun with a header the caller gives, then a recorded input
 * a line. Old files go when there are more than the ring holds, and a file is full after a week, whatever is in it: inputs
 * tell who came and went. Nothing here waits for the disk or fails a commit: lines that cannot be written are counted.
 */
import { closeSync, mkdirSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type RingSize = { readonly fileBytes: number; readonly files: number; readonly fileMs?: number };
/** 32 MiB in all. A file may grow to twice its size while the caller gives no new header; then lines are dropped. */
export const RING: RingSize = { fileBytes: 4 * 1024 * 1024, files: 8 };
/** Whatever stands in a file is at most this much older than its end. */
const FILE_MS = 7 * 86_400_000;

export type Recorder = {
  readonly append: (lines: readonly string[]) => void;
  readonly begin: (header: string) => void;
  readonly isFull: () => boolean;
  readonly dropped: () => number;
};

const FILE_NAME = /^(\d{6,})\.jsonl$/;

const numbersIn = (folder: string): readonly number[] =>
  readdirSync(folder)
    .map((name) => Number(FILE_NAME.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .toSorted((one, other) => one - other);

const nameOf = (number: number): string => `${String(number).padStart(6, '0')}.jsonl`;

export const openRecorder = (folder: string, ring: RingSize = RING): Recorder => {
  let file: number | undefined;
  let bytes = 0;
  let dropped = 0;
  /** Machine time: a clock that is set makes no file old. */
  let begunAt = 0;
  const fileMs = ring.fileMs ?? FILE_MS;

  const write = (lines: readonly string[]): void => {
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    if (file === undefined || bytes + text.length > 2 * ring.fileBytes) {
      dropped += lines.length;
      return;
    }
    try {
      bytes += writeSync(file, text);
    } catch {
      dropped += lines.length;
    }
  };

  const openNext = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    mkdirSync(folder, { recursive: true });
    const numbers = numbersIn(folder);
    for (const old of numbers.slice(0, Math.max(0, numbers.length - ring.files + 1))) unlinkSync(join(folder, nameOf(old)));
    file = openSync(join(folder, nameOf((numbers.at(-1) ?? 0) + 1)), 'ax', 0o600);
    bytes = 0;
    begunAt = performance.now();
  };

  return {
    append: (lines) => {
      if (lines.length > 0) write(lines);
    },
    begin: (header) => {
      try {
        openNext();
        write([header]);
      } catch {
        dropped += 1;
      }
    },
    isFull: () => file === undefined || bytes >= ring.fileBytes || performance.now() - begunAt >= fileMs,
    dropped: () => dropped,
  };
};
