/**
 * Frames of OSDP (SIA OSDP 2.2, IEC 60839-11-5), from bytes and to bytes. Pure.
 *
 * - **frame**: `53 address length control [security block] code data [MAC] check`; the length counts from 53 to the check.
 * - **mark**: a byte FF that may stand before a frame and belongs to none.
 * - **sequence**: 0 starts a dialogue anew, then 1, 2, 3, 1 …; a reply has that of its command.
 * - **security block**: says that the frame belongs to a secure channel, and which step of it (secure.ts).
 * - **body**: what a MAC is made over: all from 53 to the last byte of the data.
 */

/** Two check bytes (CRC) or one (sum). Readers are asked for the first, and only the first is believed. */
export type Check = 'crc' | 'sum';

export type SecurityBlock = {
  readonly type: number;
  /** Of the four steps of a handshake: which key, or whether it went well. */
  readonly select: number | undefined;
};

export type FrameParts = {
  /** 0–126; 127: every reader. */
  readonly address: number;
  /** From a reader. */
  readonly isReply: boolean;
  /** 0–3. */
  readonly sequence: number;
  readonly check: Check;
  readonly block: SecurityBlock | undefined;
  readonly code: number;
  readonly data: Uint8Array;
};

export type Frame = FrameParts & {
  /** Four bytes, where the security block promises them. */
  readonly mac: Uint8Array | undefined;
  readonly body: Uint8Array;
};

/** What a reader has to take at least is 128 bytes; what one has to say to our commands is shorter. */
export const FRAME_BYTES_MAX = 256;

const START = 0x53;
const REPLY = 0x80;
const ADDRESS_MASK = 0x7f;
const HEADER_BYTES = 5;
const MAC_BYTES = 4;
const CRC_BYTES = 2;
const CONTROL = { sequence: 0x03, crc: 0x04, block: 0x08 } as const;
/** Security blocks of frames that carry a MAC; the last two with encrypted data. */
export const BLOCK = { macCommand: 0x15, macReply: 0x16, sealedCommand: 0x17, sealedReply: 0x18 } as const;

export const carriesMac = ({ type }: SecurityBlock): boolean => type >= BLOCK.macCommand && type <= BLOCK.sealedReply;

// ---- checks

const CRC_POLYNOMIAL = 0x1021;
const CRC_START = 0x1d0f;

const crcOfByte = (byte: number): number => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ CRC_POLYNOMIAL;
  return crc & 0xffff;
};
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => crcOfByte(byte));

/** CRC-16 with polynomial 1021 and start 1D0F, most significant bit first. */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = CRC_START;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC_TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc;
};

/** Two's complement of the sum of all bytes. */
export const checkSum = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

const checkBytes = (check: Check, bytes: Uint8Array): readonly number[] => {
  if (check === 'sum') return [checkSum(bytes)];
  const crc = crc16(bytes);
  return [crc & 0xff, crc >> 8];
};

const lengthOfCheck = (control: number): number => ((control & CONTROL.crc) === 0 ? 1 : CRC_BYTES);

// ---- to bytes

const blockBytes = (block: SecurityBlock | undefined): readonly number[] => {
  if (block === undefined) return [];
  return block.select === undefined ? [2, block.type] : [3, block.type, block.select];
};

const controlOf = ({ sequence, check, block }: FrameParts): number =>
  sequence | (check === 'crc' ? CONTROL.crc : 0) | (block === undefined ? 0 : CONTROL.block);

/** `macOf` is asked for the MAC of the body where the security block promises one. */
export const encodeFrame = (parts: FrameParts, macOf: (body: Uint8Array) => Uint8Array): Uint8Array => {
  const { address, isReply, check, block, code, data } = parts;
  const scb = blockBytes(block);
  const macBytes = block !== undefined && carriesMac(block) ? MAC_BYTES : 0;
  const length = HEADER_BYTES + scb.length + 1 + data.length + macBytes + (check === 'crc' ? CRC_BYTES : 1);
  const head = [START, address | (isReply ? REPLY : 0), length & 0xff, length >> 8, controlOf(parts)];
  const body = Uint8Array.from([...head, ...scb, code, ...data]);
  const whole = macBytes === 0 ? body : Uint8Array.from([...body, ...macOf(body).subarray(0, MAC_BYTES)]);
  return Uint8Array.from([...whole, ...checkBytes(check, whole)]);
};

/** Of frames outside a secure channel. */
export const noMac = (): Uint8Array => {
  throw new Error('a frame that carries a MAC was encoded without one');
};

// ---- from bytes

const lengthAt = (bytes: Uint8Array, at: number): number => (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);

const isChecked = (bytes: Uint8Array): boolean => {
  const control = bytes[4] ?? 0;
  const until = bytes.length - lengthOfCheck(control);
  const expected = checkBytes((control & CONTROL.crc) === 0 ? 'sum' : 'crc', bytes.subarray(0, until));
  return expected.every((byte, index) => byte === bytes[until + index]);
};

type BlockAt = { readonly block: SecurityBlock | undefined; readonly bytes: number };

const blockAt = (bytes: Uint8Array): BlockAt | undefined => {
  if (((bytes[4] ?? 0) & CONTROL.block) === 0) return { block: undefined, bytes: 0 };
  const [length = 0, type = 0, select] = bytes.subarray(HEADER_BYTES);
  if (length !== 2 && length !== 3) return undefined;
  return { block: { type, select: length === 3 ? select : undefined }, bytes: length };
};

/** One whole frame without mark; undefined: it is none. */
export const decodeFrame = (bytes: Uint8Array): Frame | undefined => {
  if (bytes[0] !== START || bytes.length < HEADER_BYTES + 2 || lengthAt(bytes, 0) !== bytes.length) return undefined;
  const found = blockAt(bytes);
  if (found === undefined || !isChecked(bytes)) return undefined;
  const [address = 0, control = 0] = [bytes[1], bytes[4]];
  const macBytes = found.block !== undefined && carriesMac(found.block) ? MAC_BYTES : 0;
  const codeAt = HEADER_BYTES + found.bytes;
  const bodyEnd = bytes.length - lengthOfCheck(control) - macBytes;
  const code = bytes[codeAt];
  if (code === undefined || bodyEnd <= codeAt) return undefined;
  return {
    address: address & ADDRESS_MASK,
    isReply: (address & REPLY) !== 0,
    sequence: control & CONTROL.sequence,
    check: (control & CONTROL.crc) === 0 ? 'sum' : 'crc',
    block: found.block,
    code,
    data: bytes.slice(codeAt + 1, bodyEnd),
    mac: macBytes === 0 ? undefined : bytes.slice(bodyEnd, bodyEnd + MAC_BYTES),
    body: bytes.slice(0, bodyEnd),
  };
};

// ---- out of a stream

export type Split = {
  /** What may be the start of a frame, at most `FRAME_BYTES_MAX` − 1 bytes. */
  readonly rest: Uint8Array;
  readonly frames: readonly Frame[];
  /** Bytes that belong to no frame, marks aside. */
  readonly droppedBytes: number;
};

const MARK = 0xff;
const EMPTY = new Uint8Array(0);

/** Length of the frame that begins here; 0: none does; undefined: too little has come to tell. */
const frameLengthAt = (bytes: Uint8Array, at: number): number | undefined => {
  if (bytes.length - at < HEADER_BYTES) return undefined;
  const length = lengthAt(bytes, at);
  return length >= HEADER_BYTES + 2 && length <= FRAME_BYTES_MAX ? length : 0;
};

/** A sum is right once in 256 by chance, so what has only that is passed over. */
const believed = (frame: Frame | undefined): Frame | undefined => (frame?.check === 'crc' ? frame : undefined);

/** What stands at a start byte: a frame, something that is still coming, or nothing. */
const frameAt = (bytes: Uint8Array, at: number): Frame | 'coming' | undefined => {
  const length = frameLengthAt(bytes, at);
  if (length === undefined) return 'coming';
  if (length === 0) return undefined;
  return bytes.length - at < length ? 'coming' : believed(decodeFrame(bytes.subarray(at, at + length)));
};

/**
 * Takes the next bytes of a line. Whatever is no frame is passed over byte by byte, so that a good frame is found behind
 * any noise, at the latest when `FRAME_BYTES_MAX` more bytes have come.
 */
export const split = (rest: Uint8Array, chunk: Uint8Array): Split => {
  const bytes = rest.length === 0 ? chunk : Uint8Array.from([...rest, ...chunk]);
  const frames: Frame[] = [];
  let droppedBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const found = bytes[at] === START ? frameAt(bytes, at) : undefined;
    if (found === 'coming') break;
    if (found !== undefined) {
      frames.push(found);
      at += lengthAt(bytes, at);
    } else {
      if (bytes[at] !== MARK) droppedBytes += 1;
      at += 1;
    }
  }
  return { rest: at >= bytes.length ? EMPTY : bytes.slice(at), frames, droppedBytes };
};

/** Bytes that a frame which has begun is still short of; 0: none has begun. */
export const missingBytes = (rest: Uint8Array): number => {
  if (rest.length === 0) return 0;
  return Math.max(1, (frameLengthAt(rest, 0) ?? HEADER_BYTES) - rest.length);
};
