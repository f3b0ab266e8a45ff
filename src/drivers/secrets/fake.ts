/** Secrets without cost, for tests: a fast hash, the same promises. Nothing that protects anybody may use it. */
import { createHash } from 'node:crypto';
import type { DigestResult, SecretKind, Secrets } from '../../ports/secrets.ts';
import { drawCode } from './draw.ts';
import { saltOf } from './scrypt.ts';

const fastDigest = (kind: SecretKind, text: string, salt: Uint8Array): string =>
  `v1-${createHash('sha256').update(salt).update(`${kind}:${text}`).digest('hex').slice(0, 32)}`;

/** Draws are a plain sequence from `seed`, so that a test can repeat them. */
export const fakeSecrets = (salt: string, seed = 1): Secrets => {
  const bytes = saltOf(salt, undefined);
  let stopped = false;
  let waiting = 0;
  let next = seed;
  const digest = async (kind: SecretKind, text: string): Promise<DigestResult> => {
    if (stopped) return { ok: false, reason: 'stopped' };
    if (waiting >= 16) return { ok: false, reason: 'busy' };
    waiting += 1;
    await Promise.resolve();
    waiting -= 1;
    return { ok: true, digest: fastDigest(kind, text, bytes) };
  };
  const random = (below: number): number => {
    next = (Math.imul(next, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((next / 2 ** 32) * below);
  };
  return {
    digest,
    draw: (taken, digits) => drawCode(digits, taken, random, (code) => digest('code', code)),
    close: async () => {
      stopped = true;
    },
  };
};
