/** AES-128 of `node:crypto`, as the protocol asks for it: whole blocks, no padding. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Aes } from '../../protocol/osdp/secure.ts';

type Transform = ReturnType<typeof createCipheriv> | ReturnType<typeof createDecipheriv>;

const through = (transform: Transform, blocks: Uint8Array): Uint8Array => {
  transform.setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([transform.update(blocks), transform.final()]));
};

export const nodeAes: Aes = {
  encryptEcb: (key, blocks) => through(createCipheriv('aes-128-ecb', key, null), blocks),
  encryptCbc: (key, start, blocks) => through(createCipheriv('aes-128-cbc', key, start), blocks),
  decryptCbc: (key, start, blocks) => through(createDecipheriv('aes-128-cbc', key, start), blocks),
};
