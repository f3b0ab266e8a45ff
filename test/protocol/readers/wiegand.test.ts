/** Bursts of every length: what is a card, a key, or nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBurst } from '../../../src/protocol/readers/wiegand.ts';
import type { WiegandReading } from '../../../src/protocol/readers/wiegand.ts';
import { bytesOfBits, key4, key8, wiegand26, wiegand34, wiegand37, wiegand37long } from '../../support/wiegandBits.ts';

const test = suite('bursts');

const read = (bits: string): WiegandReading => decodeBurst({ bits: bits.length, bytes: bytesOfBits(bits) });

const told = (bits: string): string => {
  const reading = read(bits);
  switch (reading.kind) {
    case 'card':
      return `${reading.card.bits} ${reading.card.hex} ${reading.facility}/${reading.number}`;
    case 'key':
      return `key ${reading.key}`;
    case 'refused':
      return reading.reason;
  }
};

const turned = (bits: string, at: number): string => bits.slice(0, at) + (bits[at] === '1' ? '0' : '1') + bits.slice(at + 1);

test('cards, with the number that is printed on them', () => {
  const rows: readonly (readonly [string, string])[] = [
    [wiegand26(1, 12_345), '26 80981CC0 1/12345'],
    [wiegand26(0, 0), '26 00000040 0/0'],
    [wiegand26(255, 65_535), '26 7FFFFFC0 255/65535'],
    [wiegand34(0, 1), '34 0000000080 0/1'],
    [wiegand34(65_535, 65_535), '34 7FFFFFFFC0 65535/65535'],
    [wiegand37(321, 400_000), told(wiegand37(321, 400_000))],
  ];
  for (const [bits, expected] of rows) assert.is(told(bits), expected);
});

test('37 bits: facility and number as H10304 has them, and the same card as H10302', () => {
  assert.match(told(wiegand37(321, 400_000)), / 321\/400000$/);
  const long = read(wiegand37long(321 * 2 ** 19 + 400_000));
  assert.equal(long, read(wiegand37(321, 400_000)));
});

test('37 bits: the middle bit counts in both parities', () => {
  const bits = wiegand37(0, 0);
  const both = turned(turned(turned(bits, 18), 0), 36);
  assert.is(read(both).kind, 'card');
  assert.is(told(turned(turned(bits, 18), 0)), 'wrong-parity');
  assert.is(told(turned(turned(bits, 18), 36)), 'wrong-parity');
});

test('one bit turned anywhere is no card', () => {
  for (const bits of [wiegand26(77, 30_303), wiegand34(4_097, 513), wiegand37(9, 99_999)]) {
    for (let at = 0; at < bits.length; at++) assert.is(told(turned(bits, at)), 'wrong-parity', `${bits} at ${at}`);
  }
});

test('keys of 4 and 8 bits', () => {
  for (const key of '0123456789*#') {
    assert.is(told(key4(key)), `key ${key}`);
    assert.is(told(key8(key)), `key ${key}`);
  }
  assert.is(told('1010'), 'key *');
  assert.is(told('1011'), 'key #');
  assert.is(told('11100001'), 'key 1');
});

test('keys that are none', () => {
  for (const bits of ['1100', '1101', '1110', '1111', '00111100']) assert.is(told(bits), 'unknown-key', bits);
  for (const bits of ['00000001', '11111111', '11110001', '00010001']) assert.is(told(bits), 'wrong-parity', bits);
});

test('every other length is refused', () => {
  for (let length = 1; length <= 64; length++) {
    if ([4, 8, 26, 34, 37].includes(length)) continue;
    assert.is(told('1'.repeat(length)), 'unknown-length', String(length));
    assert.is(told('0'.repeat(length)), 'unknown-length', String(length));
  }
});

test('a line that is only ever low or high gives no card', () => {
  for (const length of [26, 34, 37]) {
    assert.is(told('0'.repeat(length)), 'wrong-parity');
  }
  assert.is(told('1'.repeat(26)), 'wrong-parity');
});

test.run();
