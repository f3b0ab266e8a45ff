/**
 * Badges that were digested before: a slow hash at each passage would keep people waiting at a door, and guards nothing that
 * the reader's line does not tell anyway. Known by a fast hash under a key of this process alone; what the hash is of is
 * nowhere kept. Codes always cost the slow one.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Digest } from '../../ports/secrets.ts';

export type SeenBadges = {
  readonly find: (text: string) => Digest | undefined;
  readonly keep: (text: string, digest: Digest) => void;
};

/** More than a site has people; strangers' badges push each other out first only where there are as many. */
const SEEN_MAX = 1_000;

export const seenBadges = (): SeenBadges => {
  const key = randomBytes(32);
  const digests = new Map<string, Digest>();
  const nameOf = (text: string): string => createHmac('sha256', key).update(text).digest('base64');
  return {
    find: (text) => digests.get(nameOf(text)),
    keep: (text, digest) => {
      const [oldest] = digests.keys();
      if (oldest !== undefined && digests.size >= SEEN_MAX) digests.delete(oldest);
      digests.set(nameOf(text), digest);
    },
  };
};
