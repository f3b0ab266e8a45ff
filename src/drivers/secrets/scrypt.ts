/**
 * The one way a digest is made: scrypt (RFC 7914) of the kind and the text, with the site's salt and the controller's
 * pepper. N = 2^14, r = 8, p = 1 takes 16 MiB; docs/config.md says how long it takes. Other figures are another
 * version, with another prefix, and new codes for everybody.
 */
import { scryptSync } from 'node:crypto';
import type { Digest, SecretKind } from '../../ports/secrets.ts';

const VERSION = 'v1';
const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const DIGEST_BYTES = 16;

/** Site salt ‖ 0 ‖ pepper: the zero keeps one pair from reading as another. */
export const saltOf = (siteSalt: string, pepper: Uint8Array | undefined): Uint8Array =>
  Buffer.concat([Buffer.from(siteSalt, 'utf8'), Buffer.of(0), pepper ?? Buffer.alloc(0)]);

export const digestOf = (kind: SecretKind, text: string, salt: Uint8Array): Digest =>
  `${VERSION}-${scryptSync(`${kind}:${text}`, salt, DIGEST_BYTES, COST).toString('hex')}`;
