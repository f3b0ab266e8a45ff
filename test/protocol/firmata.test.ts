/** Bytes from a board, whole, in pieces and disturbed. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSplitter, isPlausible, textOf } from '../../src/protocol/firmata.ts';
import type { Knowledge } from '../../src/protocol/firmata.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex === '' ? [] : hex.split(' ').map((pair) => Number.parseInt(pair, 16)));
const hex = (frame: Uint8Array): string => [...frame].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

const splitting = suite('frames out of a stream');

const STREAMS: readonly (readonly [name: string, stream: string, frames: readonly string[], dropped: number])[] = [
  ['nothing', '', [], 0],
  ['an analog report', 'e0 7f 07', ['e0 7f 07'], 0],
  ['two reports', '90 00 00 f9 02 05', ['90 00 00', 'f9 02 05'], 0],
  ['system-exclusive', 'f0 79 02 05 f7', ['f0 79 02 05 f7'], 0],
  ['zeroes of an idle line', '00 00 00 e0 01 02', ['e0 01 02'], 3],
  ['data of no message', '12 34 e0 01 02', ['e0 01 02'], 2],
  ['a report cut short by the next', 'e0 01 90 01 00', ['90 01 00'], 2],
  ['an end lost', 'f0 0b 06 01 e0 01 02', ['e0 01 02'], 4],
  ['an end without a beginning', 'f7 e0 01 02', ['e0 01 02'], 1],
  ['a message that boards do not send', 'c0 01 d0 01 e0 01 02', ['e0 01 02'], 4],
  ['a beginning within another', 'f0 0b f0 79 02 05 f7', ['f0 79 02 05 f7'], 2],
];
for (const [name, stream, frames, dropped] of STREAMS) {
  splitting(`${name}: ${stream}`, () => {
    const splitter = createSplitter();
    assert.equal(splitter.feed(bytes(stream)).map(hex), frames);
    assert.is(splitter.dropped(), dropped);
  });
}

splitting('the same frames, however the stream is cut', () => {
  const byte = fc.oneof(fc.constantFrom(0xf0, 0xf7, 0xe0, 0x90, 0xf9, 0x0b), fc.nat(255));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (stream, cuts) => {
      const whole = createSplitter().feed(Uint8Array.from(stream)).map(hex);
      const pieces = createSplitter();
      const ends = [...cuts.toSorted((a, b) => a - b), stream.length];
      const parts = ends.flatMap((end, index) =>
        pieces.feed(Uint8Array.from(stream.slice(index === 0 ? 0 : ends[index - 1], end))),
      );
      assert.equal(parts.map(hex), whole);
    }),
    { numRuns: 3_000 },
  );
});

splitting('a message without end is given up, and what follows is read', () => {
  const splitter = createSplitter();
  assert.equal(splitter.feed(Uint8Array.from([0xf0, ...Array.from({ length: 100_000 }, () => 1)])), []);
  assert.equal(splitter.feed(bytes('e1 05 00')).map(hex), ['e1 05 00']);
  assert.is(splitter.dropped(), 100_001);
});
splitting.run();

const judging = suite('what may be believed');

const NEW: Knowledge = { pinCount: 0, isMapped: false, askedPins: new Set() };
const TOLD: Knowledge = { pinCount: 3, isMapped: false, askedPins: new Set() };
const KNOWN: Knowledge = { pinCount: 3, isMapped: true, askedPins: new Set([2, 90]) };

const JUDGED: readonly (readonly [name: string, frame: string, knowledge: Knowledge, plausible: boolean])[] = [
  ['the largest sample', 'e0 7f 07', KNOWN, true],
  ['more than ten bits', 'e0 00 08', KNOWN, false],
  ['28799, as a disturbed line gives', 'e0 7f 7f', KNOWN, false],
  ['eight inputs', '90 7f 01', KNOWN, true],
  ['nine inputs in a port', '90 7f 02', KNOWN, false],
  ['a version', 'f9 02 05', NEW, true],
  ['a firmware without a name', 'f0 79 02 05 f7', NEW, true],
  ['a firmware without a version', 'f0 79 f7', NEW, false],
  ['a firmware with half a letter', 'f0 79 02 05 41 f7', NEW, false],
  ['capabilities', 'f0 6c 00 01 01 01 7f 7f 02 0a 7f f7', NEW, true],
  ['capabilities a second time', 'f0 6c 00 01 7f f7', KNOWN, false],
  ['capabilities with a byte lost', 'f0 6c 00 01 01 7f f7', NEW, false],
  ['capabilities without an end', 'f0 6c 00 01 f7', NEW, false],
  ['capabilities of no pin', 'f0 6c f7', NEW, false],
  ['a mapping', 'f0 6a 7f 7f 00 f7', TOLD, true],
  ['a mapping before the pins are known', 'f0 6a 7f 7f 00 f7', NEW, false],
  ['a mapping of more pins than there are', 'f0 6a 7f 7f 00 01 f7', TOLD, false],
  ['a mapping a second time', 'f0 6a 7f 7f 00 f7', KNOWN, false],
  ['the state of a pin', 'f0 6e 02 01 01 f7', KNOWN, true],
  ['the state of a pin that nobody asked about', 'f0 6e 01 01 01 f7', KNOWN, false],
  ['the state of a pin that there is not', 'f0 6e 5a 01 01 f7', KNOWN, false],
  ['the state of a pin without its mode', 'f0 6e 02 f7', KNOWN, false],
  ['text', 'f0 71 41 00 f7', KNOWN, false],
];
for (const [name, frame, knowledge, plausible] of JUDGED) {
  judging(`${name}: ${frame} is ${plausible ? 'believed' : 'not believed'}`, () =>
    assert.is(isPlausible(bytes(frame), knowledge), plausible),
  );
}
judging.run();

const words = suite('what a board says in words');

const TEXTS: readonly (readonly [string, string | undefined])[] = [
  ['f0 71 48 00 69 00 f7', 'Hi'],
  ['f0 71 f7', ''],
  ['f0 71 48 00 0a 00 1b 00 69 01 f7', 'H'],
  ['f0 71 48 f7', undefined],
  ['f0 79 02 05 f7', undefined],
  ['e0 01 02', undefined],
];
for (const [frame, text] of TEXTS) {
  words(`${frame} is ${text ?? 'no text'}`, () => assert.is(textOf(bytes(frame)), text));
}
words.run();
