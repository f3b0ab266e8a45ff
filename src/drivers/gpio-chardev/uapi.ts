/**
 * The bytes that the Linux GPIO character device speaks, version 2 of its interface (kernel 5.10 and later): requests to
 * encode, answers to decode. Source: `include/uapi/linux/gpio.h`. Every structure is laid out alike on 32-bit and 64-bit
 * processors, and little-endian on every board Vigie runs on.
 *
 * - **offset**: a line's place on its chip.
 * - **request**: lines taken together; the kernel answers with one descriptor for them. Bits of values and masks count
 *   the lines of a request in its order, not their offsets.
 * - **seqno**: counts the edges of a request from 1; a jump says that the kernel's buffer overflowed.
 */
import type { Bias, Level } from '../../ports/lines.ts';

const LITTLE_ENDIAN = true;
const NAME_BYTES = 32;
const NANOSECONDS_PER_MILLISECOND = 1e6;

// ---- the calls

const READ = 2;
const READ_AND_WRITE = 3;
const GPIO_GROUP = 0xb4;

/** `_IOC` of `asm-generic/ioctl.h`: direction, size of the argument, group, number. */
const call = (direction: number, number: number, bytes: number): number =>
  ((direction << 30) | (bytes << 16) | (GPIO_GROUP << 8) | number) >>> 0;

export const CHIP_INFO_BYTES = 68;
export const LINE_INFO_BYTES = 256;
export const LINE_REQUEST_BYTES = 592;
export const LINE_VALUES_BYTES = 16;
export const LINE_EVENT_BYTES = 48;

export const GET_CHIP_INFO = call(READ, 0x01, CHIP_INFO_BYTES);
export const GET_LINE_INFO = call(READ_AND_WRITE, 0x05, LINE_INFO_BYTES);
export const GET_LINE = call(READ_AND_WRITE, 0x07, LINE_REQUEST_BYTES);
export const GET_VALUES = call(READ_AND_WRITE, 0x0e, LINE_VALUES_BYTES);
export const SET_VALUES = call(READ_AND_WRITE, 0x0f, LINE_VALUES_BYTES);

/** A request may hold this many lines. */
export const LINES_MAX = 64;
/** The largest buffer of edges that the kernel grants one request: 16 for each of `LINES_MAX` lines. */
export const EVENT_BUFFER_MAX = 1024;
const ATTRIBUTES_MAX = 10;

// ---- small parts

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const putText = (bytes: Uint8Array, at: number, text: string): void => {
  bytes.set(new TextEncoder().encode(text).subarray(0, NAME_BYTES - 1), at);
};

const textAt = (bytes: Uint8Array, at: number): string => {
  const field = bytes.subarray(at, at + NAME_BYTES);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
};

// ---- chips and lines

export type ChipInfo = { readonly name: string; readonly label: string; readonly lines: number };

export const decodeChipInfo = (bytes: Uint8Array): ChipInfo => ({
  name: textAt(bytes, 0),
  label: textAt(bytes, NAME_BYTES),
  lines: viewOf(bytes).getUint32(64, LITTLE_ENDIAN),
});

/** `consumer`: what whoever holds the line calls itself; '' where nobody does, or without a name. */
export type LineInfo = {
  readonly name: string;
  readonly consumer: string;
  readonly isUsed: boolean;
  /** Its direction, held by somebody or not. */
  readonly isOutput: boolean;
};

export const encodeLineInfoRequest = (offset: number): Uint8Array => {
  const bytes = new Uint8Array(LINE_INFO_BYTES);
  viewOf(bytes).setUint32(64, offset, LITTLE_ENDIAN);
  return bytes;
};

export const decodeLineInfo = (bytes: Uint8Array): LineInfo => ({
  name: textAt(bytes, 0),
  consumer: textAt(bytes, NAME_BYTES),
  isUsed: (viewOf(bytes).getBigUint64(72, LITTLE_ENDIAN) & 1n) !== 0n,
  isOutput: (viewOf(bytes).getBigUint64(72, LITTLE_ENDIAN) & FLAG.output) !== 0n,
});

// ---- taking lines

const FLAG = {
  input: 1n << 2n,
  output: 1n << 3n,
  risingEdge: 1n << 4n,
  fallingEdge: 1n << 5n,
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
  noBias: 1n << 10n,
} as const;

const BIAS_FLAG: Readonly<Record<Bias, bigint>> = {
  none: FLAG.noBias,
  'pull-up': FLAG.pullUp,
  'pull-down': FLAG.pullDown,
};

const ATTRIBUTE_FLAGS = 1;
const ATTRIBUTE_OUTPUT_VALUES = 2;
const ATTRIBUTE_BYTES = 24;

type Attribute = { readonly id: number; readonly value: bigint; readonly mask: bigint };
type Taking = {
  readonly consumer: string;
  readonly offsets: readonly number[];
  readonly flags: bigint;
  readonly attributes: readonly Attribute[];
  readonly eventBufferSize: number;
};

const encodeTaking = ({ consumer, offsets, flags, attributes, eventBufferSize }: Taking): Uint8Array => {
  if (offsets.length > LINES_MAX || attributes.length > ATTRIBUTES_MAX) throw new RangeError('too much for one line request');
  const bytes = new Uint8Array(LINE_REQUEST_BYTES);
  const view = viewOf(bytes);
  offsets.forEach((offset, index) => view.setUint32(index * 4, offset, LITTLE_ENDIAN));
  putText(bytes, 256, consumer);
  view.setBigUint64(288, flags, LITTLE_ENDIAN);
  view.setUint32(296, attributes.length, LITTLE_ENDIAN);
  attributes.forEach(({ id, value, mask }, index) => {
    const at = 320 + index * ATTRIBUTE_BYTES;
    view.setUint32(at, id, LITTLE_ENDIAN);
    view.setBigUint64(at + 8, value, LITTLE_ENDIAN);
    view.setBigUint64(at + 16, mask, LITTLE_ENDIAN);
  });
  view.setUint32(560, offsets.length, LITTLE_ENDIAN);
  view.setUint32(564, eventBufferSize, LITTLE_ENDIAN);
  return bytes;
};

export type InputLine = { readonly offset: number; readonly bias: Bias };

const maskOf = (lines: readonly InputLine[], bias: Bias): bigint =>
  lines.reduce((mask, line, index) => (line.bias === bias ? mask | (1n << BigInt(index)) : mask), 0n);

/** Takes inputs, with both edges told; the first line's bias is the rule and the others' are exceptions to it. */
export const encodeInputs = (consumer: string, lines: readonly InputLine[]): Uint8Array => {
  const listening = FLAG.input | FLAG.risingEdge | FLAG.fallingEdge;
  const rule = lines[0]?.bias ?? 'none';
  const others = [...new Set(lines.map(({ bias }) => bias))].filter((bias) => bias !== rule);
  return encodeTaking({
    consumer,
    offsets: lines.map(({ offset }) => offset),
    flags: listening | BIAS_FLAG[rule],
    attributes: others.map((bias) => ({
      id: ATTRIBUTE_FLAGS,
      value: listening | BIAS_FLAG[bias],
      mask: maskOf(lines, bias),
    })),
    eventBufferSize: EVENT_BUFFER_MAX,
  });
};

/** Takes one line to read its level alone; `bias` undefined: its pull is left as it is. */
export const encodeReader = (consumer: string, offset: number, bias: Bias | undefined): Uint8Array =>
  encodeTaking({
    consumer,
    offsets: [offset],
    flags: FLAG.input | (bias === undefined ? 0n : BIAS_FLAG[bias]),
    attributes: [],
    eventBufferSize: 0,
  });

/** Takes one output with its level in the same call: it never shows another one. */
export const encodeOutput = (consumer: string, offset: number, level: Level): Uint8Array =>
  encodeTaking({
    consumer,
    offsets: [offset],
    flags: FLAG.output,
    attributes: [{ id: ATTRIBUTE_OUTPUT_VALUES, value: BigInt(level), mask: 1n }],
    eventBufferSize: 0,
  });

/** The descriptor of the lines, once the kernel has filled it in. */
export const descriptorIn = (request: Uint8Array): number => viewOf(request).getInt32(588, LITTLE_ENDIAN);

// ---- levels

export const encodeValues = (bits: bigint, mask: bigint): Uint8Array => {
  const bytes = new Uint8Array(LINE_VALUES_BYTES);
  viewOf(bytes).setBigUint64(0, bits, LITTLE_ENDIAN);
  viewOf(bytes).setBigUint64(8, mask, LITTLE_ENDIAN);
  return bytes;
};

export const levelIn = (values: Uint8Array, index: number): Level =>
  ((viewOf(values).getBigUint64(0, LITTLE_ENDIAN) >> BigInt(index)) & 1n) === 1n ? 1 : 0;

// ---- edges

export type LineEvent = {
  /** Machine time, as the kernel's interrupt handler noted it. */
  readonly atMs: number;
  /** The level after the edge. */
  readonly level: Level;
  readonly offset: number;
  readonly seqno: number;
};

const RISING_EDGE = 1;

const eventAt = (view: DataView, at: number): LineEvent => ({
  atMs: Number(view.getBigUint64(at, LITTLE_ENDIAN)) / NANOSECONDS_PER_MILLISECOND,
  level: view.getUint32(at + 8, LITTLE_ENDIAN) === RISING_EDGE ? 1 : 0,
  offset: view.getUint32(at + 12, LITTLE_ENDIAN),
  seqno: view.getUint32(at + 16, LITTLE_ENDIAN),
});

/** The edges in the first `length` bytes. */
export const decodeEvents = (bytes: Uint8Array, length: number): readonly LineEvent[] => {
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(length / LINE_EVENT_BYTES) }, (_none, index) => eventAt(view, index * LINE_EVENT_BYTES));
};
