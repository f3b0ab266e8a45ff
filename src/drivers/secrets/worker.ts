/** The thread that digests: one request, one answer, in order. It holds the salt; nothing is kept of what was keyed. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SecretKind } from '../../ports/secrets.ts';
import { digestOf } from './scrypt.ts';

export type WorkerData = { readonly salt: Uint8Array };
export type WorkerRequest = { readonly kind: SecretKind; readonly text: string };

const { salt }: WorkerData = workerData;

parentPort?.on('message', ({ kind, text }: WorkerRequest) => {
  parentPort?.postMessage(digestOf(kind, text, salt));
});
