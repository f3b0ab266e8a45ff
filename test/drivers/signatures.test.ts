/** Ed25519 against the vectors of RFC 8032, section 7.1, and against what is no signature. */
import { generateKeyPairSync } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ed25519, newSigningKey, readSigningKey } from '../../src/drivers/signatures/ed25519.ts';
import { hexBytes, keyOfSeed, toHex } from '../support/operators.ts';

const test = suite('Ed25519');

type Vector = {
  readonly name: string;
  readonly secret: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
};

const VECTORS: readonly Vector[] = [
  {
    name: 'TEST 1, nothing',
    secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    name: 'TEST 2, one byte',
    secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    name: 'TEST 3, two bytes',
    secret: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

for (const { name, secret, publicKey, message, signature } of VECTORS) {
  test(`RFC 8032, ${name}`, () => {
    const key = keyOfSeed(secret);
    assert.is(toHex(key.publicKey), publicKey);
    assert.is(toHex(key.sign(hexBytes(message))), signature);
    assert.ok(ed25519.verify(hexBytes(publicKey), hexBytes(message), hexBytes(signature)));
  });
}

const [, , vector = VECTORS[0]] = VECTORS;
const given = (change: Partial<Vector>): boolean | Promise<boolean> => {
  const { publicKey, message, signature } = { ...(vector as Vector), ...change };
  return ed25519.verify(hexBytes(publicKey), hexBytes(message), hexBytes(signature));
};

const flipped = (hex: string, bit: number): string => {
  const bytes = hexBytes(hex);
  return toHex(bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
};

test('every single bit counts, of the message, the signature and the key', () => {
  assert.ok(given({}));
  for (let bit = 0; bit < 16; bit += 1) assert.not.ok(given({ message: flipped(vector?.message ?? '', bit) }));
  for (let bit = 0; bit < 512; bit += 1) assert.not.ok(given({ signature: flipped(vector?.signature ?? '', bit) }));
  for (let bit = 0; bit < 256; bit += 1) assert.not.ok(given({ publicKey: flipped(vector?.publicKey ?? '', bit) }));
});

/** The order of the group, little-endian: adding it to S gives the same point, and another signature. */
const ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

const littleEndian = (hex: string): string => (hex.match(/../g) ?? []).toReversed().join('');

test('a signature written another way for the same point is none', () => {
  const signature = vector?.signature ?? '';
  const scalar = BigInt(`0x${littleEndian(signature.slice(64))}`) + ORDER;
  const other = signature.slice(0, 64) + littleEndian(scalar.toString(16).padStart(64, '0'));
  assert.is(other.length, 128);
  assert.not.ok(given({ signature: other }));
});

test('what is no key and no signature holds for nothing, and throws nothing', () => {
  for (const publicKey of ['', '00', 'ff'.repeat(32), '00'.repeat(33)]) assert.not.ok(given({ publicKey }), publicKey);
  for (const signature of ['', '00'.repeat(64), 'ff'.repeat(64), `${vector?.signature}00`]) {
    assert.not.ok(given({ signature }), signature);
  }
});

test('a key that is made, written and read again signs as before', () => {
  const { key, pem } = newSigningKey();
  const again = readSigningKey(pem);
  const bytes = new TextEncoder().encode('vigie');
  assert.match(pem, /^-----BEGIN PRIVATE KEY-----\n/);
  assert.ok(again && ed25519.verify(key.publicKey, bytes, again.sign(bytes)));
  assert.is.not(toHex(newSigningKey().key.publicKey), toHex(key.publicKey));
});

test('other keys and other texts are no signing key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const others = [
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicKey.export({ type: 'spki', format: 'pem' }),
    '',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  ];
  for (const pem of others) assert.is(readSigningKey(String(pem)), undefined, String(pem).slice(0, 40));
});

test.run();
