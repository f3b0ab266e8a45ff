/** The monitor stream of a DoorBird, however it is cut, and its information page. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bellIn,
  boundaryIn,
  LINE_BYTES_MAX,
  monitorStream,
  readDoorBirdInfo,
  ringsNow,
} from '../../../src/protocol/stations/doorBird.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const part = (line: string): string => `--ioboundary\r\nContent-Type: text/plain\r\n\r\n${line}\r\n\r\n`;

const stream = suite('DoorBird: the stream');

const BOUNDARIES: readonly (readonly [contentType: string, expected: string | undefined])[] = [
  ['multipart/x-mixed-replace; boundary=--ioboundary', 'ioboundary'],
  ['multipart/x-mixed-replace;boundary="ioboundary"', 'ioboundary'],
  ['Multipart/Mixed; charset=x; Boundary = abc ', 'abc'],
  ['multipart/mixed', undefined],
  ['application/json; boundary=x', undefined],
  [`multipart/mixed; boundary=${'x'.repeat(71)}`, undefined],
  ['', undefined],
];
for (const [contentType, expected] of BOUNDARIES) {
  stream(`${contentType || 'nothing'}: ${expected}`, () => assert.is(boundaryIn(contentType), expected));
}

stream('however it is cut, the same lines come out, each as soon as it is whole', () => {
  const text = ['doorbell:L', 'motionsensor:H', 'doorbell:H', 'doorbell:L'].map(part).join('');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 40 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const { push, faults } = monitorStream('ioboundary');
      const told = places.flatMap((place, index) => push(bytes(text.slice(places[index - 1] ?? 0, place))));
      assert.equal(told, ['doorbell:L', 'motionsensor:H', 'doorbell:H', 'doorbell:L']);
      assert.is(faults(), 0);
    }),
    { numRuns: 300 },
  );
  const { push } = monitorStream('ioboundary');
  push(bytes(part('doorbell:L')));
  assert.equal(push(bytes('--ioboundary\r\nContent-Type: text/plain\r\n\r\ndoorbell:H\r\n')), ['doorbell:H']);
});

stream('delimiters with two hyphens more, and lines without a carriage return', () => {
  const { push } = monitorStream('ioboundary');
  assert.equal(push(bytes('----ioboundary\nContent-Type: text/plain\nX: y\n\ndoorbell:H\n\n----ioboundary--\n')), ['doorbell:H']);
});

stream('what stands in headers, or before the first boundary, tells nothing', () => {
  const { push, faults } = monitorStream('ioboundary');
  assert.equal(push(bytes('doorbell:H\r\n--ioboundary\r\ndoorbell:H\r\n--ioboundary\r\n')), []);
  assert.is(faults(), 1);
});

stream('a line without end is dropped and counted, and the next boundary is read', () => {
  const { push, faults } = monitorStream('ioboundary');
  push(bytes(part('doorbell:L')));
  for (let times = 0; times < 1_000; times += 1) assert.equal(push(bytes('z'.repeat(1_000))), []);
  assert.equal(push(bytes(`\r\n${part('doorbell:H')}`)), ['doorbell:H']);
  assert.is(faults(), 1);
  assert.equal(push(bytes(part('y'.repeat(LINE_BYTES_MAX + 1)))), []);
  assert.is(faults(), 2);
});

const LINES: readonly (readonly [line: string, expected: ReturnType<typeof bellIn>])[] = [
  ['doorbell:H', 'pressed'],
  ['doorbell:L', 'released'],
  ['DoorBell : h', 'pressed'],
  ['doorbell:HL', undefined],
  ['motionsensor:H', undefined],
  ['doorbell', undefined],
  [' doorbell:H', undefined],
];
for (const [line, expected] of LINES) stream(`${line}: ${expected}`, () => assert.is(bellIn(line), expected));

stream('it rings at a change to pressed, and never by what the stream begins with', () => {
  for (const before of [undefined, 'pressed', 'released'] as const) {
    for (const now of ['pressed', 'released'] as const) {
      assert.is(ringsNow(before, now, true), false);
      assert.is(ringsNow(before, now, false), now === 'pressed' && before !== 'pressed');
    }
  }
});

const info = (version: unknown): string => JSON.stringify({ BHA: { RETURNCODE: '1', VERSION: [version] } });

stream('what it is', () => {
  assert.is(readDoorBirdInfo(info({ FIRMWARE: '000109', 'DEVICE-TYPE': 'DoorBird D101' })), 'DoorBird D101 000109');
  assert.is(readDoorBirdInfo(info({ FIRMWARE: '000096' })), 'DoorBird 000096');
  for (const text of [info({}), info(7), '{"BHA":{"VERSION":{}}}', '{"success":true}', 'x', '', 'null'])
    assert.is(readDoorBirdInfo(text), undefined);
});
stream.run();
