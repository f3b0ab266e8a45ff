/** RDM6300 and ID-12LA: one presentation is one card, and nothing without its check is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rdm6300 } from '../../../src/protocol/readers/rdm6300.ts';
import { ascii, byHand } from '../../support/readerEvents.ts';

const test = suite('RDM6300 and ID-12LA');

const CARD = [2, ...ascii('0A0049CE5DD0'), 3];
const ID12LA = [2, ...ascii('0A0049CE5DD0'), 13, 10, 3];
const OTHER = [2, ...ascii('0123456789'), ...ascii('89'), 3];
const TOLD = '1 badge 40 0A0049CE5D';

test('a card of either reader', () => {
  for (const frame of [CARD, ID12LA]) assert.equal(byHand(rdm6300).feed(frame), [TOLD]);
});

test('in any pieces', () => {
  for (const frame of [CARD, ID12LA]) {
    for (let cut = 1; cut < frame.length; cut++) {
      const reader = byHand(rdm6300);
      assert.equal([...reader.feed(frame.slice(0, cut), 10), ...reader.feed(frame.slice(cut), 40)], [TOLD], `cut at ${cut}`);
    }
  }
});

test('while it lies there it is one presentation; gone for a second, it may come again', () => {
  const reader = byHand(rdm6300);
  assert.equal(reader.feed(CARD, 0), [TOLD]);
  for (let ms = 65; ms < 60_000; ms += 65) assert.equal(reader.feed(CARD, ms), []);
  assert.equal(reader.feed(CARD, 60_900), []);
  assert.equal(reader.feed(CARD, 61_900), [TOLD]);
});

test('another card in between is told, and so is the first again', () => {
  const reader = byHand(rdm6300);
  assert.equal(reader.feed([...CARD, ...OTHER, ...CARD], 0), [TOLD, '1 badge 40 0123456789', TOLD]);
});

test('a wrong check, a letter that is no digit, a wrong end, a byte missing or too many: no card', () => {
  const rows: readonly (readonly number[])[] = [
    CARD.with(3, 0x31),
    CARD.with(12, 0x31),
    CARD.with(5, 0x61),
    CARD.with(5, 0x47),
    CARD.with(13, 4),
    CARD.toSpliced(4, 1),
    CARD.toSpliced(4, 0, 0x30),
    ID12LA.with(13, 10),
    ID12LA.with(14, 13),
    ID12LA.with(15, 4),
    ID12LA.toSpliced(14, 1),
  ];
  for (const frame of rows) {
    const reader = byHand(rdm6300);
    assert.equal([...reader.feed(frame, 0), ...reader.feed(CARD, 50)], ['wrong-check 1', TOLD], frame.join(' '));
  }
});

test('half a frame is forgotten, and the next one is whole by itself', () => {
  const reader = byHand(rdm6300);
  assert.equal(reader.feed(CARD.slice(0, 7), 0), []);
  assert.equal(reader.feed(CARD.slice(7), 600), ['cut-short 1']);
  assert.equal(reader.feed(CARD.slice(0, 7), 700), []);
  assert.equal(reader.feed(CARD, 750), ['wrong-check 1', TOLD]);
  reader.feed(CARD.slice(0, 7), 2_000);
  assert.equal(reader.tick(3_000), ['cut-short 1']);
  assert.is(reader.heldBytes(), 0);
});

test('it is there as soon as its port is open', () => {
  assert.equal(byHand(rdm6300).first, ['1 there']);
});

test.run();
