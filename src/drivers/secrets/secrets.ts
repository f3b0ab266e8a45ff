/**
 * Secrets in a worker thread: the main loop never waits for a slow hash, one try is digested at a time, and tries wait in
 * a queue of 16; a badge that was here before needs none. A worker that dies fails the try it had and is started anew with
 * the next.
 */
import { randomInt } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { DigestResult, SecretKind, Secrets, SecretsFailure } from '../../ports/secrets.ts';
import { drawCode } from './draw.ts';
import { saltOf } from './scrypt.ts';
import { seenBadges } from './seenBadges.ts';
import type { WorkerData, WorkerRequest } from './worker.ts';

/** Tries waiting or being digested. */
export const QUEUE_MAX = 16;

/** A longer text is no code and no badge; it would only cost memory. */
const TEXT_LENGTH_MAX = 64;

type Job = { readonly request: WorkerRequest; readonly settle: (result: DigestResult) => void };

export type SecretsOptions = {
  readonly salt: string;
  readonly pepper: Uint8Array | undefined;
  /** What runs in the thread; tests give one that dies. */
  readonly workerUrl?: URL;
};

/** MiB; scrypt's own memory is outside the heap. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

type Shop = { readonly jobs: Job[]; worker: Worker | undefined; stopped: boolean };

const failure = (reason: SecretsFailure): DigestResult => ({ ok: false, reason });

const finish = (shop: Shop, result: DigestResult): void => {
  shop.jobs.shift()?.settle(result);
};

const sendHead = (shop: Shop, start: () => Worker): void => {
  const [head] = shop.jobs;
  if (!head) {
    shop.worker?.unref();
    return;
  }
  shop.worker ??= start();
  shop.worker.ref();
  shop.worker.postMessage(head.request);
};

const workerStarter = (shop: Shop, options: SecretsOptions): (() => Worker) => {
  const workerData: WorkerData = { salt: saltOf(options.salt, options.pepper) };
  const url = options.workerUrl ?? new URL('./worker.js', import.meta.url);
  const start = (): Worker => {
    const worker = new Worker(url, { workerData, resourceLimits: LIMITS });
    worker.on('message', (digest: string) => {
      finish(shop, { ok: true, digest });
      sendHead(shop, start);
    });
    // An error is followed by `exit`, which settles the try; without a listener it would end the process.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (shop.worker !== worker) return;
      shop.worker = undefined;
      finish(shop, failure(shop.stopped ? 'stopped' : 'worker-failed'));
      sendHead(shop, start);
    });
    return worker;
  };
  return start;
};

const closer = (shop: Shop) => async (): Promise<void> => {
  shop.stopped = true;
  for (const job of shop.jobs.splice(0)) job.settle(failure('stopped'));
  await shop.worker?.terminate();
};

export const openSecrets = (options: SecretsOptions): Secrets => {
  const shop: Shop = { jobs: [], worker: undefined, stopped: false };
  const start = workerStarter(shop, options);
  const slowDigest = (kind: SecretKind, text: string): Promise<DigestResult> =>
    new Promise((settle) => {
      if (shop.stopped) return settle(failure('stopped'));
      if (shop.jobs.length >= QUEUE_MAX) return settle(failure('busy'));
      shop.jobs.push({ request: { kind, text }, settle });
      if (shop.jobs.length === 1) sendHead(shop, start);
    });
  const badges = seenBadges();
  const digest = async (kind: SecretKind, long: string): Promise<DigestResult> => {
    const text = long.slice(0, TEXT_LENGTH_MAX);
    const seen = kind === 'badge' && !shop.stopped ? badges.find(text) : undefined;
    if (seen !== undefined) return { ok: true, digest: seen };
    const result = await slowDigest(kind, text);
    if (kind === 'badge' && result.ok) badges.keep(text, result.digest);
    return result;
  };
  return {
    digest,
    draw: (taken, digits) =>
      drawCode(
        digits,
        taken,
        (below) => randomInt(below),
        (code) => digest('code', code),
      ),
    close: closer(shop),
  };
};
