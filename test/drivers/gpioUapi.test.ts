/** The bytes of the GPIO character device against what the kernel's own header lays out (a C program printed these). */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CHIP_INFO_BYTES,
  GET_CHIP_INFO,
  GET_LINE,
  GET_LINE_INFO,
  GET_VALUES,
  LINE_INFO_BYTES,
  LINE_REQUEST_BYTES,
  LINE_VALUES_BYTES,
  SET_VALUES,
  decodeChipInfo,
  decodeEvents,
  decodeLineInfo,
  descriptorIn,
  encodeInputs,
  encodeLineInfoRequest,
  encodeOutput,
  encodeReader,
  encodeValues,
  levelIn,
} from '../../src/drivers/gpio-chardev/uapi.ts';

const test = suite('GPIO character device, bytes');

/** Zeroes, but for the given hexadecimal at the given places. */
const bytesOf = (length: number, parts: Readonly<Record<number, string>>): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (const [at, hex] of Object.entries(parts)) bytes.set(Buffer.from(hex, 'hex'), Number(at));
  return bytes;
};
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('the calls have the numbers of the header', () => {
  assert.equal(
    [GET_CHIP_INFO, GET_LINE_INFO, GET_LINE, GET_VALUES, SET_VALUES],
    [0x8044b401, 0xc100b405, 0xc250b407, 0xc010b40e, 0xc010b40f],
  );
});

test('inputs with different pulls are one request: both edges, the first pull as the rule, the others as exceptions', () => {
  const wanted = bytesOf(LINE_REQUEST_BYTES, {
    0: '110000001600000017',
    256: '7669676965',
    288: '340100000000000002',
    320: '010000000000000034040000000000000200000000000000',
    344: '010000000000000034020000000000000400000000000000',
    560: '0300000000040000',
  });
  const encoded = encodeInputs('vigie', [
    { offset: 17, bias: 'pull-up' },
    { offset: 22, bias: 'none' },
    { offset: 23, bias: 'pull-down' },
  ]);
  assert.is(asHex(encoded), asHex(wanted));
});

test('inputs that agree on their pull need no exception', () => {
  const encoded = encodeInputs('vigie', [
    { offset: 5, bias: 'pull-down' },
    { offset: 6, bias: 'pull-down' },
  ]);
  const wanted = bytesOf(LINE_REQUEST_BYTES, { 0: '0500000006', 256: '7669676965', 288: '3402', 560: '0200000000040000' });
  assert.is(asHex(encoded), asHex(wanted));
});

test('an output carries its level in the request itself', () => {
  const parts = { 0: '1b', 256: '7669676965', 288: '080000000000000001', 320: '02', 336: '01', 560: '01' };
  assert.is(asHex(encodeOutput('vigie', 27, 1)), asHex(bytesOf(LINE_REQUEST_BYTES, { ...parts, 328: '01' })));
  assert.is(asHex(encodeOutput('vigie', 27, 0)), asHex(bytesOf(LINE_REQUEST_BYTES, parts)));
});

test('a consumer too long for its field is cut, and stays terminated', () => {
  const encoded = encodeOutput('x'.repeat(40), 1, 0);
  assert.is(asHex(encoded.subarray(256, 288)), `${'78'.repeat(31)}00`);
});

test('more lines than a request holds is a mistake of the caller', () => {
  const lines = Array.from({ length: 65 }, (_none, offset) => ({ offset, bias: 'none' }) as const);
  assert.throws(() => encodeInputs('vigie', lines), 'too much');
});

test('the descriptor is what the kernel put at its end', () => {
  assert.is(descriptorIn(bytesOf(LINE_REQUEST_BYTES, { 588: '12000000' })), 18);
});

test('edges: time in milliseconds, level after the edge, place, number', () => {
  const bytes = bytesOf(144, {
    0: 'bb7146a47b06000001000000110000000100000001',
    48: '80c345029b06000002000000160000000200000001',
    96: 'ffffffffffffffff',
  });
  const [first, second, ...others] = decodeEvents(bytes, 96);
  assert.equal(first, { atMs: 7128106.824123, level: 1, offset: 17, seqno: 1 });
  assert.equal(second, { atMs: 7262827.824, level: 0, offset: 22, seqno: 2 });
  assert.equal(others, []);
});

test('a part of an edge is none', () => {
  assert.equal(decodeEvents(new Uint8Array(96), 47), []);
});

test('a chip: name, label, number of lines', () => {
  const bytes = bytesOf(CHIP_INFO_BYTES, {
    0: '6770696f6368697030',
    32: '70696e6374726c2d62636d32373131',
    64: '3a',
  });
  assert.equal(decodeChipInfo(bytes), { name: 'gpiochip0', label: 'pinctrl-bcm2711', lines: 58 });
});

test('a line: who holds it', () => {
  assert.is(asHex(encodeLineInfoRequest(27)), asHex(bytesOf(LINE_INFO_BYTES, { 64: '1b' })));
  const held = bytesOf(LINE_INFO_BYTES, { 0: '4750494f3237', 32: '6770696f736574', 64: '1b0000000000000009' });
  assert.equal(decodeLineInfo(held), { name: 'GPIO27', consumer: 'gpioset', isUsed: true, isOutput: true });
  const free = bytesOf(LINE_INFO_BYTES, { 0: '4750494f3237', 64: '1b0000000000000004' });
  assert.equal(decodeLineInfo(free), { name: 'GPIO27', consumer: '', isUsed: false, isOutput: false });
});

test('reading alone: no edges, and no pull but the one asked for', () => {
  const asIs = { 0: '11', 256: '70696e73', 288: '04', 560: '01' };
  assert.is(asHex(encodeReader('pins', 17, undefined)), asHex(bytesOf(LINE_REQUEST_BYTES, asIs)));
  assert.is(asHex(encodeReader('pins', 17, 'pull-up')), asHex(bytesOf(LINE_REQUEST_BYTES, { ...asIs, 288: '0401' })));
});

test('levels, to the 64th line', () => {
  const bytes = bytesOf(LINE_VALUES_BYTES, { 0: '0100000000000080', 8: '03' });
  assert.is(asHex(encodeValues((1n << 63n) | 1n, 3n)), asHex(bytes));
  assert.equal([levelIn(bytes, 0), levelIn(bytes, 1), levelIn(bytes, 63)], [1, 0, 1]);
});

test.run();
