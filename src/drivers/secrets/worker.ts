/** The thread that digests: one request, one answer, in order. It holds the salt; nothing is kept of what was keyed. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SecretKind } from '../../ports/secrets.ts';
import { digestOf } from './scrypt.ts';

export type WorkerData = { readonly salt: Uint8Array };
export type WorkerRequest = { readonly kind: SecretKind; readonly text: string };

const isWorkerData = (data: unknown): data is WorkerData =>
  typeof data === 'object' && data !== null && 'salt' in data && data.salt instanceof Uint8Array;

const given: unknown = workerData;
if (!isWorkerData(given)) throw new TypeError('the worker was started without a salt');
const { salt } = given;

parentPort?.on('message', ({ kind, text }: WorkerRequest) => {
  parentPort?.postMessage(digestOf(kind, text, salt));
});
