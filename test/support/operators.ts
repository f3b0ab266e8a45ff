/** Operators as a test has them: keys made from a seed byte, commands signed as a terminal signs them. */
import { createPrivateKey } from 'node:crypto';
import { readSigningKey } from '../../src/drivers/signatures/ed25519.ts';
import type { SigningKey } from '../../src/drivers/signatures/ed25519.ts';
import type { CommandMessage } from '../../src/protocol/commands.ts';
import { signedBytes } from '../../src/protocol/commands.ts';

/** RFC 8410: what stands in PKCS #8 before the 32 bytes of an Ed25519 seed. */
const PKCS8_HEAD = '302e020100300506032b657004220420';

export const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** PEM of a secret seed of 32 bytes in hexadecimal, as RFC 8032 writes secret keys. */
const pemOfSeed = (seed: string): string => {
  const der = Buffer.from(PKCS8_HEAD + seed, 'hex');
  return String(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }));
};

export const keyOfSeed = (seed: string): SigningKey => {
  const key = readSigningKey(pemOfSeed(seed));
  if (!key) throw new Error('no key');
  return key;
};

const seedOf = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(32);
export const testKey = (byte: number): SigningKey => keyOfSeed(seedOf(byte));
/** The key file of `testKey`. */
export const testKeyFile = (byte: number): string => pemOfSeed(seedOf(byte));

export type Wish = {
  readonly site: string;
  readonly operator: string;
  readonly id: string;
  readonly challenge: string;
  readonly door: string;
};

export const signatureOf = (key: SigningKey, { site, operator, id, challenge, door }: Wish): string =>
  toHex(key.sign(signedBytes({ site, operator, command: id, challenge, door })));

export const signedUnlock = (key: SigningKey, wish: Wish): CommandMessage => {
  const { operator, id, challenge, door } = wish;
  return { v: 1, id, operator, door, challenge, signature: signatureOf(key, wish) };
};
