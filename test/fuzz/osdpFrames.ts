/**
 * The splitter of OSDP frames: whatever comes, it takes only what was sent whole with a good check, keeps little, and finds the
 * next good frame.
 */
import { FRAME_BYTES_MAX, split } from '../../src/protocol/osdp/frame.ts';
import type { Frame } from '../../src/protocol/osdp/frame.ts';
import { crcBitwise } from '../support/osdp/readerCrypto.ts';
import { drawFrom, hexOf, piecesOf, withFlippedBits } from './fuzzer.ts';
import type { Draw, Fuzzer } from './fuzzer.ts';

const CODES = [0x40, 0x41, 0x45, 0x46, 0x48, 0x49, 0x4a, 0x50, 0x53, 0x54, 0x76, 0x78, 0x79, 0xff] as const;
const EMPTY = new Uint8Array(0);

export const checkedFrame = (body: Uint8Array): Uint8Array => {
  const crc = crcBitwise(body);
  return Uint8Array.from([...body, crc & 0xff, crc >> 8]);
};

/** Good as far as length and check go. */
export const drawnFrame = (draw: Draw, address = draw.below(128), sequence = draw.below(4)): Uint8Array => {
  const data = draw.bytes(draw.below(draw.chance(0.9) ? 24 : 200));
  const scb = draw.chance(0.3) ? [2 + draw.below(2), 0x11 + draw.below(8), draw.below(2)] : [];
  const block = scb.slice(0, scb[0] ?? 0);
  const length = 6 + block.length + data.length + 2;
  const control = sequence | 4 | (block.length > 0 ? 8 : 0);
  return checkedFrame(
    Uint8Array.from([0x53, 0x80 | address, length & 0xff, length >> 8, control, ...block, draw.pick(CODES), ...data]),
  );
};

const PARTS: readonly ((draw: Draw) => Uint8Array)[] = [
  (draw) => drawnFrame(draw),
  (draw) => withFlippedBits(draw, drawnFrame(draw)),
  (draw) => drawnFrame(draw).subarray(0, 1 + draw.below(12)),
  (draw) => draw.bytes(draw.below(20)),
  (draw) => Uint8Array.from({ length: draw.below(6) }, () => 0x53),
  (draw) => Uint8Array.from({ length: draw.below(6) }, () => 0xff),
  (draw) => drawnFrame(draw).subarray(draw.below(8)),
];

const SENTINEL = checkedFrame(Uint8Array.of(0x53, 0x81, 0x08, 0, 0x05, 0x40));

/** The frame that begins here, by the plain words of the standard, with its check; undefined: none does. */
const frameAt = (whole: Buffer, at: number): Buffer | undefined => {
  const length = whole.length - at < 8 ? 0 : whole.readUInt16LE(at + 2);
  const frame = whole.subarray(at, at + length);
  const control = frame[4] ?? 0;
  if (length < 7 || length > FRAME_BYTES_MAX || frame.length < length || frame[0] !== 0x53 || (control & 4) === 0)
    return undefined;
  const blockBytes = (control & 8) === 0 ? 0 : (frame[5] ?? 0);
  if ((control & 8) !== 0 && blockBytes !== 2 && blockBytes !== 3) return undefined;
  const macBytes = blockBytes > 0 && (frame[6] ?? 0) >= 0x15 && (frame[6] ?? 0) <= 0x18 ? 4 : 0;
  if (length < 5 + blockBytes + 1 + macBytes + 2) return undefined;
  return crcBitwise(frame.subarray(0, -2)) === frame.readUInt16LE(length - 2)
    ? frame.subarray(0, length - 2 - macBytes)
    : undefined;
};

/** Every frame of a stream that lies whole before us, one after another. */
const framesIn = (whole: Buffer): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; at < whole.length;) {
    const frame = frameAt(whole, at);
    if (frame !== undefined) found.push(hexOf(frame));
    at += frame === undefined ? 1 : whole.readUInt16LE(at + 2);
  }
  return found;
};

/** What did not hold for one stream; undefined: all did. */
const judged = (draw: Draw, stream: Uint8Array): string | undefined => {
  let rest: Uint8Array = EMPTY;
  let frames: readonly Frame[] = [];
  const whole = Buffer.concat([stream, SENTINEL, new Uint8Array(FRAME_BYTES_MAX)]);
  const found: string[] = [];
  for (const piece of piecesOf(draw, whole)) {
    ({ rest, frames } = split(rest, piece));
    if (rest.length >= FRAME_BYTES_MAX) return `${rest.length} bytes are kept`;
    found.push(...frames.map(({ body }) => hexOf(body)));
  }
  const expected = framesIn(whole);
  return found.join() === expected.join() ? undefined : `found ${found.join(' ')} in place of ${expected.join(' ')}`;
};

export const osdpFrames: Fuzzer = {
  name: 'osdp-frames',
  run: (count, seed) => {
    const draw = drawFrom(seed);
    for (let at = 0; at < count; at += 1) {
      const stream = Buffer.concat(Array.from({ length: 1 + draw.below(4) }, () => draw.pick(PARTS)(draw)));
      try {
        const what = judged(draw, stream);
        if (what !== undefined) return { at, what, input: hexOf(stream) };
      } catch (error) {
        return { at, what: String(error), input: hexOf(stream) };
      }
    }
    return undefined;
  },
};
