/** The line of the Wiegand board: its frames, its heartbeat, and what it is told. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc16 } from '../../../src/protocol/readers/bytes.ts';
import { SILENT_MS, encodeFrame, readerLine } from '../../../src/protocol/readers/readerLine.ts';
import { ascii, byHand } from '../../support/readerEvents.ts';
import { bytesOfBits, key4, wiegand26 } from '../../support/wiegandBits.ts';

const test = suite('reader line');

const VERSION = encodeFrame(2, [1, 1, 0]);
const beat = (flags = 0, disturbed = 0): Uint8Array => encodeFrame(1, [flags, disturbed]);
const burst = (input: number, bits: string): Uint8Array => encodeFrame(3, [input, bits.length, ...bytesOfBits(bits)]);
const CARD = burst(1, wiegand26(1, 12_345));
const CARD_TOLD = '1 badge 26 80981CC0';
const ASK_VERSION = [0xa5, 0x00, 0x10];

const known = () => {
  const line = byHand(readerLine);
  line.feed([...VERSION, ...beat()], 100);
  line.sent();
  return line;
};

test('its check, by the value that is published for it', () => {
  assert.is(crc16(ascii('123456789')), 0x29b1);
});

test('frames, byte by byte, as docs/readers.md has them', () => {
  assert.equal([...encodeFrame(0x10, [])], [0xa5, 0x00, 0x10, 0x0f, 0x3e]);
  assert.equal([...CARD], [0xa5, 0x06, 0x03, 0x01, 0x1a, 0x80, 0x98, 0x1c, 0xc0, 0xfd, 0xd1]);
});

test('from the opening of the port to the first card', () => {
  const line = byHand(readerLine);
  assert.equal(line.first, []);
  assert.equal([...(line.sent()[0] ?? [])].slice(0, 3), ASK_VERSION);
  assert.equal(line.feed(VERSION, 100), ['Wiegand board, reader line 1, firmware 1.0']);
  assert.equal(line.feed(beat(1), 900), ['1 there', '2 there']);
  assert.equal(line.feed(CARD, 950), [CARD_TOLD]);
  assert.equal(line.feed(burst(2, key4('#')), 960), ['2 keys #']);
  assert.equal(line.feed(beat(), 1_900), []);
});

test('a board that has not said who it is, or is of another version, is not believed', () => {
  const line = byHand(readerLine);
  assert.equal(line.feed([...CARD, ...beat()], 100), []);
  line.sent();
  assert.equal(line.tick(500), []);
  assert.equal(line.sent().length, 1);
  assert.equal(line.feed(encodeFrame(2, [2, 9, 9]), 600), ['Wiegand board, reader line 2, firmware 9.9']);
  assert.equal(line.feed([...CARD, ...beat()], 700), []);
  assert.equal(line.tick(SILENT_MS), ['1 gone', '2 gone']);
});

test('silent, it is gone, and must say again who it is', () => {
  const line = known();
  assert.equal(line.tick(100 + SILENT_MS - 1), []);
  assert.equal(line.tick(100 + SILENT_MS), ['1 gone', '2 gone']);
  assert.equal(line.tick(9_000), []);
  assert.equal(line.feed(CARD, 9_100), []);
  assert.equal(line.feed([...VERSION, ...beat()], 9_200).slice(-2), ['1 there', '2 there']);
  assert.equal(line.feed(CARD, 9_300), [CARD_TOLD]);
});

test('a line held low takes its own input away, and no other', () => {
  const line = known();
  assert.equal(line.feed(beat(0x20), 1_000), ['2 gone']);
  assert.equal(line.feed(beat(0x20), 2_000), []);
  assert.equal(line.feed(beat(0x30), 3_000), ['1 gone']);
  assert.equal(line.feed(beat(0), 4_000), ['1 there', '2 there']);
});

test('what the board has thrown away is counted, over its wrap and over its restart', () => {
  const line = byHand(readerLine);
  line.feed(VERSION, 0);
  assert.equal(line.feed(beat(0, 250), 100).slice(2), []);
  assert.equal(line.feed(beat(0, 253), 1_100), ['disturbed 3']);
  assert.equal(line.feed(beat(0, 1), 2_100), ['disturbed 4']);
  assert.equal(line.feed(beat(1, 0), 3_100), []);
  assert.equal(line.feed(beat(3, 0), 4_100), ['the board was restarted by its watchdog']);
});

test('frames in any pieces, with noise before, between and within', () => {
  for (let cut = 1; cut < CARD.length; cut++) {
    const line = known();
    const told = [...line.feed(CARD.slice(0, cut), 200), ...line.feed(CARD.slice(cut), 210)];
    assert.equal(told, [CARD_TOLD], `cut at ${cut}`);
  }
  const line = known();
  assert.equal(
    line.feed([0, 1, 2, 0xa5, 0xff, ...CARD, 9, 9, ...CARD], 300),
    [CARD_TOLD, CARD_TOLD].toSpliced(0, 0, 'wrong-check 1'),
  );
});

test('a frame within what only looked like one is found', () => {
  const line = known();
  assert.equal(line.feed([0xa5, 24, 3, ...CARD], 200), []);
  assert.equal(line.feed([...beat(), ...beat()], 250), []);
  assert.equal(line.feed(beat(), 300), ['wrong-check 1', CARD_TOLD]);
});

test('every byte changed, every byte missing: no card', () => {
  for (const [at, byte] of CARD.entries()) {
    for (const change of [1, 0x80, 0xff]) {
      const line = known();
      const told = line.feed([...CARD.with(at, byte ^ change), ...beat(), ...beat(), ...beat(), ...beat()], 200);
      assert.not(
        told.some((text) => text.includes('badge')),
        `byte ${at} changed by ${change}`,
      );
    }
    const line = known();
    assert.not(
      line
        .feed([...CARD.filter((_byte, index) => index !== at), ...beat(), ...beat()], 200)
        .some((text) => text.includes('badge')),
    );
  }
});

test('half a frame is not finished by what comes half a second later', () => {
  const line = known();
  line.feed(CARD.slice(0, 8), 200);
  assert.equal(line.feed(CARD.slice(8), 701), ['cut-short 1']);
  assert.equal(line.feed(CARD, 800), [CARD_TOLD]);
  line.feed(CARD.slice(0, 8), 900);
  assert.equal(line.tick(1_500), ['cut-short 1']);
  assert.is(line.heldBytes(), 0);
});

test('frames that are whole and make no sense', () => {
  const strange: readonly Uint8Array[] = [
    encodeFrame(0x7f, []),
    encodeFrame(1, [0]),
    encodeFrame(2, [1]),
    encodeFrame(3, []),
    encodeFrame(3, [1]),
    encodeFrame(3, [1, 0]),
    encodeFrame(3, [0, 4, 0x10]),
    encodeFrame(3, [3, 4, 0x10]),
    encodeFrame(3, [1, 4, 0x10, 0]),
    encodeFrame(3, [1, 4, 0x11]),
    encodeFrame(3, [1, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ];
  for (const frame of strange) assert.equal(known().feed(frame, 200), ['unknown-frame 1'], [...frame].join(' '));
});

test('what it shall show is sent at once, and again at each heartbeat', () => {
  const line = known();
  const signal = { colour: 'amber', onMs: 500, offMs: 300, beats: [100, 900] } as const;
  assert.equal(
    line.act((state) => readerLine.show?.(state, 2, signal) ?? { state, events: [] }),
    [],
  );
  const frame = [...encodeFrame(0x11, [2, 3, 0x01, 0xf4, 0x01, 0x2c, 0, 100, 0x03, 0x84])];
  assert.equal(
    line.sent().map((bytes) => [...bytes]),
    [frame],
  );
  line.feed(beat(), 1_000);
  assert.equal(
    line.sent().map((bytes) => [...bytes]),
    [frame],
  );
});

test('what it shall show waits for the board', () => {
  const line = byHand(readerLine);
  line.sent();
  line.act((state) => readerLine.show?.(state, 1, { colour: 'red', onMs: 1, offMs: 0, beats: [] }) ?? { state, events: [] });
  assert.equal(line.sent(), []);
  line.feed([...VERSION, ...beat()], 100);
  assert.equal(
    line.sent().map((bytes) => bytes[2]),
    [0x11],
  );
});

test.run();
