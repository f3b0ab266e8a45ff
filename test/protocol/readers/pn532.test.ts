/** PN532: woken, set up, asked again and again; present as long as it answers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ANSWER_MS, pn532 } from '../../../src/protocol/readers/pn532.ts';
import { ACK, NACK, encodeAnswer, encodeQuestion, lookForPn532 } from '../../../src/protocol/readers/pn532Frames.ts';
import { fakePn532 } from '../../support/fakePn532.ts';
import type { FakePn532 } from '../../support/fakePn532.ts';
import { byHand } from '../../support/readerEvents.ts';

const frames = suite('frames');

frames('questions, as the manual has them', () => {
  assert.equal([...encodeQuestion([0x14, 1, 0, 1])], [0, 0, 0xff, 5, 0xfb, 0xd4, 0x14, 1, 0, 1, 0x16, 0]);
  assert.equal([...encodeQuestion([0x4a, 1, 0])], [0, 0, 0xff, 4, 0xfc, 0xd4, 0x4a, 1, 0, 0xe1, 0]);
  assert.equal([...encodeQuestion([0x02])], [0, 0, 0xff, 2, 0xfe, 0xd4, 0x02, 0x2a, 0]);
});

const kindOf = (bytes: Iterable<number>): string => {
  const found = lookForPn532(Uint8Array.from(bytes).subarray(1));
  return found.kind === 'frame' ? found.frame.kind : found.kind;
};

frames('answers, acknowledgements and errors, from their start code', () => {
  assert.is(kindOf(ACK), 'ack');
  assert.is(kindOf(NACK), 'nack');
  assert.is(kindOf([0, 0, 0xff, 1, 0xff, 0x7f, 0x81, 0]), 'error');
  assert.is(kindOf(encodeAnswer(2, [0x32, 1, 6, 7])), 'answer');
  assert.is(kindOf(encodeQuestion([2])), 'broken');
  assert.is(kindOf([0, 0, 0xff, 0xff, 0xff, 1, 2, 0xfd]), 'broken');
});

frames('no byte of an answer may change', () => {
  const answer = encodeAnswer(0x4a, [1, 1, 0, 4, 8, 4, 1, 2, 3, 4]).subarray(1);
  for (const [at, byte] of answer.entries()) {
    for (const change of [1, 0x10, 0xff]) {
      assert.is.not(lookForPn532(answer.with(at, byte ^ change)).kind, 'frame', `byte ${at} changed by ${change}`);
    }
  }
});

frames.run();

// ---- the machine

const test = suite('PN532');

type Rig = {
  readonly chip: FakePn532;
  readonly run: (forMs: number) => readonly string[];
  readonly damage: (bytes: number) => void;
};

const damagedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 4);

/** Each 50 ms a tick, and what the chip answers 10 ms after it was asked. */
const rig = (): Rig => {
  const chip = fakePn532();
  const reader = byHand(pn532);
  let now = 0;
  let toDamage = 0;
  const talk = (): readonly string[] =>
    reader.sent().flatMap((bytes) => {
      const answer = chip.hear(bytes);
      const isDamaged = toDamage > 0 && answer.length > 6;
      if (isDamaged) toDamage -= 1;
      return reader.feed(isDamaged ? damagedAt(answer, answer.length - 3) : answer, now + 10);
    });
  return {
    chip,
    run: (forMs) => {
      const told: string[] = [];
      for (const end = now + forMs; now < end; now += 50) {
        told.push(...reader.tick(now));
        for (let turn = 0; turn < 4; turn++) told.push(...talk());
      }
      return told;
    },
    damage: (answers) => {
      toDamage = answers;
    },
  };
};

test('woken, set up, and there', () => {
  const { chip, run } = rig();
  assert.equal(run(1_000), ['PN532, firmware 1.6', '1 there']);
  assert.equal(chip.asked.slice(0, 4), [0x14, 0x02, 0x32, 0x4a]);
  assert.ok(chip.asked.length >= 8 && chip.asked.slice(4).every((command) => command === 0x4a));
});

test('cards of 4, 7 and 10 bytes, each presentation once', () => {
  const { chip, run } = rig();
  run(1_000);
  for (const size of [4, 7, 10]) {
    chip.card = Array.from({ length: size }, (_none, at) => 0x40 + at);
    const hex = chip.card.map((byte) => byte.toString(16)).join('');
    assert.equal(run(10_000), [`1 badge ${size * 8} ${hex}`]);
    chip.card = undefined;
    assert.equal(run(500), []);
    chip.card = Array.from({ length: size }, (_none, at) => 0x40 + at);
    assert.equal(run(500), [], 'back within the second');
    chip.card = undefined;
    run(1_500);
    chip.card = Array.from({ length: size }, (_none, at) => 0x40 + at);
    assert.equal(run(500), [`1 badge ${size * 8} ${hex}`]);
    chip.card = undefined;
    run(1_500);
  }
});

test('a number drawn anew at each presentation, and one of a length that is none: no card, told once', () => {
  const { chip, run } = rig();
  run(1_000);
  chip.card = [8, 1, 2, 3];
  assert.equal(run(3_000), ['random-number 1']);
  chip.card = undefined;
  run(1_000);
  chip.card = [1, 2, 3, 4, 5];
  assert.equal(run(3_000), ['unknown-frame 1']);
});

test('silent, it is gone after two questions; back, it is woken and set up anew', () => {
  const { chip, run } = rig();
  run(1_000);
  chip.isAlive = false;
  assert.equal(run(ANSWER_MS), []);
  assert.equal(run(ANSWER_MS * 2), ['1 gone']);
  assert.equal(run(10_000), []);
  chip.isAlive = true;
  chip.asked.length = 0;
  assert.equal(run(2_000), ['PN532, firmware 1.6', '1 there']);
  assert.equal(chip.asked.slice(0, 3), [0x14, 0x02, 0x32]);
});

test('not there at all: told once, and asked for ever', () => {
  const { chip, run } = rig();
  chip.isAlive = false;
  assert.equal(run(20_000), ['1 gone']);
});

test('a damaged answer gives no card; it is asked for again, and the next one is read', () => {
  const { chip, run, damage } = rig();
  run(1_000);
  chip.card = [1, 2, 3, 4];
  damage(1);
  const told = run(2_000);
  assert.equal(
    told.filter((text) => text.includes('badge')),
    ['1 badge 32 01020304'],
  );
  assert.ok(told.some((text) => text.startsWith('wrong-check')));
});

test('an answer to what was not asked is passed over', () => {
  const reader = byHand(pn532);
  assert.equal(reader.feed(encodeAnswer(0x4a, [1, 1, 0, 4, 8, 4, 1, 2, 3, 4]), 10), ['unknown-frame 1']);
});

test.run();
