/**
 * What the store's thread shows to the main one without being asked: a count of its turns, and whether it is in a call that
 * waits for the disk. An `fsync` on a worn SD card takes seconds and looks like a thread that hangs; this tells them apart.
 * The words lie in memory that both threads see.
 */
import { workerData } from 'node:worker_threads';
import type { StoreThread } from '../../ports/store.ts';

const [TURNS, DISK_DEPTH] = [0, 1] as const;
const WORD_BYTES = 4;
const WORDS = 2;
const TURN_MS = 250;

export type SignWords = Int32Array;

export const newSigns = (): SignWords => new Int32Array(new SharedArrayBuffer(WORDS * WORD_BYTES));

export const readSigns = (words: SignWords): StoreThread => ({
  turns: Atomics.load(words, TURNS),
  isInDisk: Atomics.load(words, DISK_DEPTH) > 0,
});

/** Of the thread this runs in; words of its own where nobody looks. */
const own: SignWords = workerData instanceof Int32Array ? workerData : newSigns();

/** Runs what waits for the disk. */
export const inDisk = <T>(work: () => T): T => {
  Atomics.add(own, DISK_DEPTH, 1);
  try {
    return work();
  } finally {
    Atomics.sub(own, DISK_DEPTH, 1);
  }
};

/** Counts the turns of this thread's loop; it keeps no thread alive. */
export const showTurns = (): void => {
  setInterval(() => Atomics.add(own, TURNS, 1), TURN_MS).unref();
};
