/**
 * The secure channel of OSDP (AES-128). Pure: the cipher is an argument.
 *
 * - **base key** (SCBK): what controller and reader share for good. **default key** (SCBK-D): the one in every new reader,
 *   known to everybody.
 * - **session keys**: drawn from the base key and a random number of the controller, for one session.
 * - **cryptogram**: proof that the other side has the base key, and that it is not a recording.
 * - **chain**: each MAC starts from the MAC of the frame before it, which came from the other side: a frame that is left out,
 *   sent again or out of its turn does not fit.
 */
import { BLOCK, encodeFrame } from './frame.ts';
import type { Frame, FrameParts } from './frame.ts';

/** AES-128 over whole blocks of 16 bytes, without padding. */
export type Aes = {
  readonly encryptEcb: (key: Uint8Array, blocks: Uint8Array) => Uint8Array;
  readonly encryptCbc: (key: Uint8Array, start: Uint8Array, blocks: Uint8Array) => Uint8Array;
  readonly decryptCbc: (key: Uint8Array, start: Uint8Array, blocks: Uint8Array) => Uint8Array;
};

export type SessionKeys = { readonly cipher: Uint8Array; readonly mac1: Uint8Array; readonly mac2: Uint8Array };

export type Channel = {
  readonly keys: SessionKeys;
  /** Whole MAC of the last reply: where the next command's begins. */
  readonly replyMac: Uint8Array;
};

export const KEY_BYTES = 16;
export const NONCE_BYTES = 8;
const BLOCK_BYTES = 16;
const PAD = 0x80;

export const DEFAULT_KEY = Uint8Array.from({ length: KEY_BYTES }, (_, index) => 0x30 + index);

// ---- handshake

const KEY_KIND = { cipher: [0x01, 0x82], mac1: [0x01, 0x01], mac2: [0x01, 0x02] } as const;
const NONCE_BYTES_IN_KEY = 6;

export const sessionKeys = (aes: Aes, baseKey: Uint8Array, controllerNonce: Uint8Array): SessionKeys => {
  const draw = (kind: readonly [number, number]): Uint8Array => {
    const block = new Uint8Array(BLOCK_BYTES);
    block.set(kind);
    block.set(controllerNonce.subarray(0, NONCE_BYTES_IN_KEY), kind.length);
    return aes.encryptEcb(baseKey, block);
  };
  return { cipher: draw(KEY_KIND.cipher), mac1: draw(KEY_KIND.mac1), mac2: draw(KEY_KIND.mac2) };
};

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => Uint8Array.from([...first, ...second]);

export const readerCryptogram = (
  aes: Aes,
  { cipher }: SessionKeys,
  controllerNonce: Uint8Array,
  readerNonce: Uint8Array,
): Uint8Array => aes.encryptEcb(cipher, joined(controllerNonce, readerNonce));

export const controllerCryptogram = (
  aes: Aes,
  { cipher }: SessionKeys,
  controllerNonce: Uint8Array,
  readerNonce: Uint8Array,
): Uint8Array => aes.encryptEcb(cipher, joined(readerNonce, controllerNonce));

/** Where the chain of MACs begins. */
export const firstReplyMac = (aes: Aes, { mac1, mac2 }: SessionKeys, cryptogram: Uint8Array): Uint8Array =>
  aes.encryptEcb(mac2, aes.encryptEcb(mac1, cryptogram));

/** In a time that does not tell where they differ. */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;

// ---- messages

const padded = (bytes: Uint8Array, always: boolean): Uint8Array => {
  const spare = bytes.length % BLOCK_BYTES;
  if (spare === 0 && !always) return bytes;
  const whole = new Uint8Array(bytes.length - spare + BLOCK_BYTES);
  whole.set(bytes);
  whole[bytes.length] = PAD;
  return whole;
};

const unpadded = (bytes: Uint8Array): Uint8Array | undefined => {
  const end = bytes.findLastIndex((byte) => byte !== 0);
  return end >= 0 && bytes[end] === PAD ? bytes.slice(0, end) : undefined;
};

/** Whole MAC of a body; its first four bytes travel. */
export const macOf = (aes: Aes, { mac1, mac2 }: SessionKeys, start: Uint8Array, body: Uint8Array): Uint8Array => {
  const blocks = padded(body, false);
  const lastAt = blocks.length - BLOCK_BYTES;
  const chained = lastAt === 0 ? start : aes.encryptCbc(mac1, start, blocks.subarray(0, lastAt)).slice(lastAt - BLOCK_BYTES);
  return aes.encryptCbc(mac2, chained, blocks.subarray(lastAt));
};

const complement = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte & 0xff);

export type Sealed = { readonly bytes: Uint8Array; /** Whole MAC: where the reply's begins. */ readonly mac: Uint8Array };

/** A command as it travels in the channel: with a MAC, its data encrypted. */
export const sealCommand = (
  aes: Aes,
  { keys, replyMac }: Channel,
  { address, sequence, code, data }: Pick<FrameParts, 'address' | 'sequence' | 'code' | 'data'>,
): Sealed => {
  const type = data.length === 0 ? BLOCK.macCommand : BLOCK.sealedCommand;
  const cipher = data.length === 0 ? data : aes.encryptCbc(keys.cipher, complement(replyMac), padded(data, true));
  let mac = replyMac;
  const parts: FrameParts = {
    address,
    isReply: false,
    sequence,
    check: 'crc',
    block: { type, select: undefined },
    code,
    data: cipher,
  };
  const bytes = encodeFrame(parts, (body) => {
    mac = macOf(aes, keys, replyMac, body);
    return mac;
  });
  return { bytes, mac };
};

export type Opened = { readonly data: Uint8Array; readonly mac: Uint8Array };

const clearData = (aes: Aes, { cipher }: SessionKeys, commandMac: Uint8Array, frame: Frame): Uint8Array | undefined => {
  if (frame.block?.type !== BLOCK.sealedReply || frame.data.length === 0) return frame.data;
  if (frame.data.length % BLOCK_BYTES !== 0) return undefined;
  return unpadded(aes.decryptCbc(cipher, complement(commandMac), frame.data));
};

/** A reply to the command with that MAC; undefined: it is none, whatever it says. */
export const openReply = (aes: Aes, keys: SessionKeys, commandMac: Uint8Array, frame: Frame): Opened | undefined => {
  const type = frame.block?.type;
  if (frame.mac === undefined || (type !== BLOCK.macReply && type !== BLOCK.sealedReply)) return undefined;
  const mac = macOf(aes, keys, commandMac, frame.body);
  if (!isSame(mac.subarray(0, frame.mac.length), frame.mac)) return undefined;
  const data = clearData(aes, keys, commandMac, frame);
  return data === undefined ? undefined : { data, mac };
};
