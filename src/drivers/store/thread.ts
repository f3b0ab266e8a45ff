/**
 * The main thread's hold on the worker: typed calls, and an end that frees every file handle of the database.
 *
 * The worker is asked to end and never terminated: libsql aborts the whole process when its thread is stopped in the
 * middle of a statement.
 */
import { Worker } from 'node:worker_threads';

import type { StoreThread } from '../../ports/store.ts';
import { type Answer, type CallName, type Calls, END, type Reply } from './requests.ts';
import { newSigns, readSigns } from './signs.ts';

export type Thread = {
  readonly call: <K extends CallName>(name: K, argument: Calls[K][0]) => Promise<Answer<Calls[K][1]>>;
  /** Ends the thread, and with it the connection, once what was asked before is answered. */
  readonly end: () => Promise<void>;
  readonly signs: () => StoreThread;
};

const DIED: Answer<never> = { ok: false, reason: 'io', applied: 'unknown' };

/** MiB. What waits in the queue is bounded; a heap without bounds would only collect later. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 };

export const startThread = (): Thread => {
  const words = newSigns();
  const worker = new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: LIMITS, workerData: words });
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  let lastId = 0;
  let alive = true;

  const giveUp = (): void => {
    alive = false;
    for (const settle of waiting.values()) settle(DIED);
    waiting.clear();
  };
  worker.on('message', ({ id, answer }: Reply) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  // An uncaught error ends the thread: `exit` follows and settles what waits.
  worker.on('error', () => {});
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  void exited.then(giveUp);

  const call = <K extends CallName>(name: K, argument: Calls[K][0]): Promise<Answer<Calls[K][1]>> =>
    new Promise((resolve) => {
      if (!alive) return resolve(DIED);
      const id = ++lastId;
      // A border between threads: the worker's handlers are typed by the same table.
      waiting.set(id, (answer) => resolve(answer as Answer<Calls[K][1]>));
      worker.postMessage({ id, name, argument });
    });

  return {
    call,
    signs: () => readSigns(words),
    end: () => {
      worker.postMessage(END);
      return exited;
    },
  };
};
