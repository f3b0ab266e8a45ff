/** Readers that play a keyboard: records of both widths, and what is typed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RECORD_BYTES, TYPING_PAUSE_MS, feedEvdev, newEvdev } from '../../../src/protocol/readers/evdev.ts';
import type { EvdevLayout } from '../../../src/protocol/readers/evdev.ts';
import { KEY, record, typing } from '../../support/inputEvents.ts';
import { lineOf } from '../../support/readerEvents.ts';

const test = suite('evdev');
const LAYOUTS: readonly EvdevLayout[] = ['64-bit', '32-bit'];

const reader = (layout: EvdevLayout) => {
  let state = newEvdev(layout);
  return (bytes: Iterable<number>, now = 0): readonly string[] => {
    const fed = feedEvdev(state, Uint8Array.from(bytes), now);
    ({ state } = fed);
    return fed.events.map(lineOf);
  };
};

test('a number and Enter, on the row of digits and on the pad, whole and byte by byte', () => {
  for (const layout of LAYOUTS) {
    const typed = typing(layout, '0004835933');
    assert.equal(reader(layout)(typed), ['1 badge 40 0004835933']);
    const byByte = reader(layout);
    assert.equal(
      typed.flatMap((byte) => byByte([byte])),
      ['1 badge 40 0004835933'],
    );
    const pad = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 96].flatMap((code) => record(layout, 1, code, 1));
    assert.equal(reader(layout)(pad), ['1 badge 40 0123456789']);
  }
});

test('the widths of linux/input.h', () => {
  assert.equal(RECORD_BYTES, { '64-bit': 24, '32-bit': 16 });
});

test('releases, keys held down, shift and lights count for nothing', () => {
  const layout = '64-bit';
  const code = KEY.get('7') ?? 0;
  const held = [
    record(layout, 1, code, 1),
    record(layout, 1, code, 2),
    record(layout, 1, code, 2),
    record(layout, 1, code, 0),
  ].flat();
  const shifted = [record(layout, 1, 42, 1), record(layout, 1, code, 1), record(layout, 1, 42, 0)].flat();
  const lights = record(layout, 0x11, 1, 1);
  const feed = reader(layout);
  assert.equal(feed([...held, ...shifted, ...lights, ...typing(layout, '12AF')]), ['1 badge 24 7712AF']);
});

test('another key spoils the number up to its Enter, and the next one is good', () => {
  const feed = reader('64-bit');
  const tab = record('64-bit', 1, 15, 1);
  assert.equal(feed([...tab, ...typing('64-bit', '12345678')]), ['unknown-key 1']);
  assert.equal(feed(typing('64-bit', '12345678')), ['1 badge 32 12345678']);
});

test('too short and too long are no numbers, Enter alone is nothing', () => {
  const feed = reader('64-bit');
  assert.equal(feed(typing('64-bit', '123')), ['unknown-length 1']);
  assert.equal(feed(typing('64-bit', '1'.repeat(33))), ['unknown-length 1']);
  assert.equal(feed(typing('64-bit', '')), []);
  assert.equal(feed(typing('64-bit', '1'.repeat(32))), [`1 badge 128 ${'1'.repeat(32)}`]);
});

test('keys that the kernel lost: no number before the next Enter', () => {
  const feed = reader('64-bit');
  assert.equal(feed([...typing('64-bit', '1234').slice(0, 48), ...record('64-bit', 0, 3, 0), ...typing('64-bit', '5678')]), [
    'events-lost 1',
  ]);
  assert.equal(feed(typing('64-bit', '5678')), ['1 badge 16 5678']);
});

test('what was typed before a pause is forgotten', () => {
  const feed = reader('64-bit');
  const half = ['1', '2', '3', '4'].flatMap((digit) => record('64-bit', 1, KEY.get(digit) ?? 0, 1));
  assert.equal(feed(half, 0), []);
  assert.equal(feed(typing('64-bit', '5678'), TYPING_PAUSE_MS), ['cut-short 1', '1 badge 16 5678']);
});

test.run();
