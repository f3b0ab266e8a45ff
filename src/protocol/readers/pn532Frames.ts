/**
 * Frames of NXP's PN532 on its serial line (user manual UM0701-02, 6.2), and what is asked of it. Pure.
 *
 *     00 00 FF  length  −length  D4 or D5  command  data…  −sum  00
 *     00 00 FF 00 FF 00   acknowledged       00 00 FF FF 00 00   say it again       … 01 FF 7F 81 …   not understood
 *
 * Extended frames are none that a reader of numbers needs; they count as broken.
 */
import { BROKEN, MORE, NOISE } from './scanner.ts';
import type { Look } from './scanner.ts';

export type Pn532Frame =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nack' }
  /** It did not understand what it was asked. */
  | { readonly kind: 'error' }
  /** `command` as in the question: its own code less one. */
  | { readonly kind: 'answer'; readonly command: number; readonly data: Uint8Array };

export const PN532_COMMAND = { samConfiguration: 0x14, firmwareVersion: 0x02, rfConfiguration: 0x32, listTargets: 0x4a } as const;

const TO_CHIP = 0xd4;
const FROM_CHIP = 0xd5;
const ERROR = 0x7f;
/** Start code, length and its complement. */
const HEAD = 4;
/** Check of the data, postamble. */
const TAIL = 2;

const minus = (value: number): number => -value & 0xff;
const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

export const ACK = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
export const NACK = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);

/** After power-on it sleeps; the first two wake it, the rest is the 1.4 ms that its oscillator takes. */
export const WAKE_UP = Uint8Array.of(0x55, 0x55, ...new Uint8Array(14));

const framed = (from: number, content: readonly number[]): Uint8Array => {
  const body = Uint8Array.from([from, ...content]);
  return Uint8Array.from([0, 0, 0xff, body.length, minus(body.length), ...body, minus(sumOf(body)), 0]);
};

export const encodeQuestion = (content: readonly number[]): Uint8Array => framed(TO_CHIP, content);

/** As the chip writes it; a chip in a test needs it. */
export const encodeAnswer = (command: number, data: readonly number[]): Uint8Array => framed(FROM_CHIP, [command + 1, ...data]);

const frame = (found: Pn532Frame, length: number): Look<Pn532Frame> => ({ kind: 'frame', frame: found, length });

const informationIn = (bytes: Uint8Array, size: number): Look<Pn532Frame> => {
  const length = HEAD + size + TAIL;
  if (bytes.length < length) return MORE;
  const body = bytes.subarray(HEAD, HEAD + size);
  const check = bytes[HEAD + size] ?? 0;
  if (((sumOf(body) + check) & 0xff) !== 0 || bytes[length - 1] !== 0) return BROKEN;
  const [from, code] = body;
  if (from === ERROR && size === 1) return frame({ kind: 'error' }, length);
  if (from !== FROM_CHIP || code === undefined) return BROKEN;
  return frame({ kind: 'answer', command: code - 1, data: body.slice(2) }, length);
};

/** From the start code `00 FF`, as any number of zeros may stand before it. Whatever the bytes are, it answers. */
export const lookForPn532 = (bytes: Uint8Array): Look<Pn532Frame> => {
  const [zero, start, size, complement] = bytes;
  if (zero !== 0 || (start !== undefined && start !== 0xff)) return NOISE;
  if (size === undefined || complement === undefined) return MORE;
  if (size === 0 && complement === 0xff) return frame({ kind: 'ack' }, HEAD);
  if (size === 0xff && complement === 0) return frame({ kind: 'nack' }, HEAD);
  if (size === 0 || ((size + complement) & 0xff) !== 0) return BROKEN;
  return informationIn(bytes, size);
};
