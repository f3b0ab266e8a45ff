/**
 * Ed25519 by node:crypto, which is OpenSSL's: the pure variant of RFC 8032, with the check that a signature is not another
 * one written otherwise (S below the group's order).
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign as signWith, verify as verifyWith } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signatures } from '../../ports/signatures.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

const publicKeyOf = (publicKey: Uint8Array): KeyObject => {
  const x = Buffer.from(publicKey).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
};

export const ed25519: Signatures = {
  verify: (publicKey, bytes, signature) => {
    if (publicKey.byteLength !== KEY_BYTES || signature.byteLength !== SIGNATURE_BYTES) return false;
    try {
      return verifyWith(null, bytes, publicKeyOf(publicKey), signature);
    } catch {
      // 32 bytes that are no point of the curve.
      return false;
    }
  },
};

// ---- the operator's side

/** Keeps the private key to itself. */
export type SigningKey = { readonly publicKey: Uint8Array; readonly sign: (bytes: Uint8Array) => Uint8Array };

const rawOf = (key: KeyObject): Uint8Array => {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('not an Ed25519 key');
  return Uint8Array.from(Buffer.from(x, 'base64url'));
};

const signingKey = (key: KeyObject): SigningKey => ({
  publicKey: rawOf(key),
  sign: (bytes) => Uint8Array.from(signWith(null, bytes, key)),
});

/** From PEM (PKCS #8); undefined: it is no private key, or not one of Ed25519. */
export const readSigningKey = (pem: string): SigningKey | undefined => {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? signingKey(key) : undefined;
  } catch {
    return undefined;
  }
};

/** A new key and its PEM (PKCS #8). */
export const newSigningKey = (): { readonly key: SigningKey; readonly pem: string } => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: signingKey(privateKey), pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
};
