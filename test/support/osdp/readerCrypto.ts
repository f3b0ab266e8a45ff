/**
 * The reader's side of the line, made apart from the controller's: check, keys, cryptograms and MACs straight from the
 * standard's description and `node:crypto`, so that one mistake is not made on both sides.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const plain = (cipher: ReturnType<typeof createCipheriv>, data: Uint8Array): Buffer => {
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};

export const ecb = (key: Uint8Array, data: Uint8Array): Buffer => plain(createCipheriv('aes-128-ecb', key, null), data);
const cbc = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer => plain(createCipheriv('aes-128-cbc', key, iv), data);
const cbcBack = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer => {
  const decipher = createDecipheriv('aes-128-cbc', key, iv);
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
};

/** Bit by bit. */
export const crcBitwise = (bytes: Iterable<number>): number => {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const carry = ((crc >> 15) & 1) ^ ((byte >> bit) & 1);
      crc = (crc << 1) & 0xffff;
      if (carry === 1) crc ^= 0x1021;
    }
  }
  return crc;
};

export type ReaderSession = { readonly enc: Buffer; readonly mac1: Buffer; readonly mac2: Buffer };

const derived = (key: Uint8Array, first: number, second: number, nonceA: Uint8Array): Buffer =>
  ecb(key, Buffer.concat([Buffer.of(first, second), nonceA.subarray(0, 6), Buffer.alloc(8)]));

export const sessionOf = (key: Uint8Array, nonceA: Uint8Array): ReaderSession => ({
  enc: derived(key, 0x01, 0x82, nonceA),
  mac1: derived(key, 0x01, 0x01, nonceA),
  mac2: derived(key, 0x01, 0x02, nonceA),
});

/** Block by block, as the standard draws it. */
export const macChain = ({ mac1, mac2 }: ReaderSession, iv: Uint8Array, message: Uint8Array): Buffer => {
  const blocks = Math.ceil(message.length / 16);
  const whole = Buffer.alloc(blocks * 16);
  whole.set(message);
  if (message.length % 16 !== 0) whole[message.length] = 0x80;
  let chain: Buffer = Buffer.from(iv);
  for (let index = 0; index < blocks; index += 1) {
    const mixed = Buffer.from(whole.subarray(index * 16, index * 16 + 16));
    for (let at = 0; at < 16; at += 1) mixed[at] = (mixed[at] ?? 0) ^ (chain[at] ?? 0);
    chain = ecb(index === blocks - 1 ? mac2 : mac1, mixed);
  }
  return chain;
};

const inverse = (mac: Uint8Array): Uint8Array => mac.map((byte) => 0xff ^ byte);

export const sealed = ({ enc }: ReaderSession, mac: Uint8Array, data: Uint8Array): Buffer => {
  const whole = Buffer.alloc((Math.trunc(data.length / 16) + 1) * 16);
  whole.set(data);
  whole[data.length] = 0x80;
  return cbc(enc, inverse(mac), whole);
};

export const unsealed = ({ enc }: ReaderSession, mac: Uint8Array, data: Uint8Array): Buffer => {
  const clear = cbcBack(enc, inverse(mac), data);
  return clear.subarray(0, clear.lastIndexOf(0x80));
};
