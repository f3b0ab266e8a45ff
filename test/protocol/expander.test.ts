/** The bytes between the controller and its own firmware. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc7, decodeReport, encodeCommand } from '../../src/protocol/expander.ts';
import type { DecodedReport, ExpanderCommand, ReportFault } from '../../src/protocol/expander.ts';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' ').map((pair) => Number.parseInt(pair, 16)));
const hex = (frame: Uint8Array): string => [...frame].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

const check = suite('crc7');

const VECTORS: readonly (readonly [readonly number[], number])[] = [
  [[], 0x00],
  [ascii('123456789'), 0x75],
  // The two commands of the SD card's specification whose check everybody knows: 0x95 and 0x87 with their end bit.
  [[0x40, 0, 0, 0, 0], 0x4a],
  [[0x48, 0, 0, 0x01, 0xaa], 0x43],
  [[0x00], 0x00],
  [[0x01], 0x09],
];
for (const [data, expected] of VECTORS) {
  check(`of [${data.join(' ')}] is ${expected}`, () => assert.is(crc7(data), expected));
}

check('any one flipped bit, and any two in a short message, change it', () => {
  const message = [5, 9, 12, 3, 40, 7];
  const right = crc7(message);
  const flipped = (bits: readonly number[]): number[] =>
    message.map((byte, index) => bits.reduce((value, bit) => (bit >> 3 === index ? value ^ (1 << (bit & 7)) : value), byte));
  for (let one = 0; one < 48; one += 1) {
    assert.is.not(crc7(flipped([one])), right);
    for (let two = one + 1; two < 48; two += 1) assert.is.not(crc7(flipped([one, two])), right);
  }
});
check.run();

const commands = suite('commands to the board');

const COMMANDS: readonly (readonly [ExpanderCommand, string])[] = [
  [{ kind: 'version' }, 'f0 0b 01 f7'],
  [{ kind: 'host-watchdog', timeoutMs: 2_000 }, 'f0 0b 02 14 f7'],
  [{ kind: 'host-watchdog', timeoutMs: 0 }, 'f0 0b 02 00 f7'],
  [{ kind: 'host-watchdog', timeoutMs: 50 }, 'f0 0b 02 01 f7'],
  [{ kind: 'host-watchdog', timeoutMs: 99_000 }, 'f0 0b 02 7f f7'],
  [{ kind: 'rest-level', pin: 4, level: 1 }, `f0 0b 03 04 01 ${crc7([4, 1]).toString(16).padStart(2, '0')} f7`],
  [{ kind: 'rest-level', pin: 4, level: undefined }, `f0 0b 03 04 7f ${crc7([4, 127]).toString(16).padStart(2, '0')} f7`],
  [{ kind: 'checked-samples', intervalMs: 20 }, 'f0 0b 04 14 f7'],
  [{ kind: 'heartbeat', nonce: 127 }, 'f0 0b 07 7f f7'],
];
for (const [command, expected] of COMMANDS) {
  commands(`${JSON.stringify(command)} is ${expected}`, () => assert.is(hex(encodeCommand(command)), expected));
}
commands.run();

const reports = suite('reports of the board');

const framed = (kind: number, payload: readonly number[]): Uint8Array => Uint8Array.from([0xf0, 0x0b, kind, ...payload, 0xf7]);
const checked = (kind: number, payload: readonly number[]): Uint8Array => framed(kind, [...payload, crc7(payload)]);
const wrong = (reason: ReportFault): DecodedReport => ({ ok: false, reason });

const REPORTS: readonly (readonly [string, Uint8Array, DecodedReport])[] = [
  ['its version', bytes('f0 0b 01 01 02 f7'), { ok: true, report: { kind: 'version', major: 1, minor: 2 } }],
  ['our own question, come back', bytes('f0 0b 01 f7'), wrong('wrong-length')],
  ['the watchdog set', bytes('f0 0b 02 14 f7'), { ok: true, report: { kind: 'host-watchdog', timeoutMs: 2_000 } }],
  ['a rest level', checked(3, [4, 1]), { ok: true, report: { kind: 'rest-level', pin: 4, level: 1 } }],
  ['no rest level', checked(3, [4, 127]), { ok: true, report: { kind: 'rest-level', pin: 4, level: undefined } }],
  ['a rest level of no kind', checked(3, [4, 2]), wrong('out-of-range')],
  ['a rest level damaged', framed(3, [4, 1, crc7([4, 0])]), wrong('wrong-check')],
  ['checked samples on', bytes('f0 0b 04 14 f7'), { ok: true, report: { kind: 'checked-samples', intervalMs: 20 } }],
  ['outputs at rest', bytes('f0 0b 05 01 f7'), { ok: true, report: { kind: 'at-rest' } }],
  ['no samples', checked(6, [3, 0]), { ok: true, report: { kind: 'samples', sequence: 3, samples: [] } }],
  [
    'three samples',
    checked(6, [127, 3, 0, 0, 0, 1, 127, 7, 15, 1, 4]),
    {
      ok: true,
      report: {
        kind: 'samples',
        sequence: 127,
        samples: [
          { channel: 0, value: 0 },
          { channel: 1, value: 1023 },
          { channel: 15, value: 513 },
        ],
      },
    },
  ],
  ['a sample of 1024', checked(6, [0, 1, 0, 0, 8]), wrong('out-of-range')],
  ['a sample of a seventeenth channel', checked(6, [0, 1, 16, 0, 1]), wrong('out-of-range')],
  ['a channel twice', checked(6, [0, 2, 3, 0, 1, 3, 0, 1]), wrong('out-of-range')],
  ['samples damaged', framed(6, [0, 1, 0, 5, 2, crc7([0, 1, 0, 4, 2])]), wrong('wrong-check')],
  ['samples with a byte lost', framed(6, [0, 2, 0, 5, 2, 1, 7, crc7([0, 2, 0, 5, 2, 1, 7])]), wrong('wrong-length')],
  ['a heartbeat', checked(7, [9, 0]), { ok: true, report: { kind: 'heartbeat', nonce: 9, restarted: false, atRest: false } }],
  ['restarted', checked(7, [9, 1]), { ok: true, report: { kind: 'heartbeat', nonce: 9, restarted: true, atRest: false } }],
  ['at rest', checked(7, [9, 2]), { ok: true, report: { kind: 'heartbeat', nonce: 9, restarted: false, atRest: true } }],
  ['a heartbeat damaged', framed(7, [9, 1, crc7([9, 0])]), wrong('wrong-check')],
  ['nothing', bytes('f0 0b f7'), wrong('wrong-length')],
  ['a kind of later days', bytes('f0 0b 55 f7'), wrong('unknown-kind')],
  ['a message of Firmata', bytes('f0 79 02 05 f7'), wrong('not-ours')],
  ['an end that is missing', bytes('f0 0b 05 01'), wrong('not-ours')],
];
for (const [name, frame, expected] of REPORTS) {
  reports(`${name}: ${hex(frame)}`, () => assert.equal(decodeReport(frame), expected));
}

reports('whatever the bytes, there is an answer, and samples are within the range of the converter', () => {
  const anyFrame = fc.uint8Array({ maxLength: 24 }).map((body) => Uint8Array.from([0xf0, 0x0b, ...body, 0xf7]));
  fc.assert(
    fc.property(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 30 })), (frame) => {
      const decoded = decodeReport(frame);
      if (!decoded.ok) return decoded.reason.length > 0;
      return decoded.report.kind !== 'samples' || decoded.report.samples.every(({ value }) => value >= 0 && value <= 1023);
    }),
    { numRuns: 5_000 },
  );
});

reports('samples with any one byte damaged are never taken for others', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 1023 }), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(samples, fc.nat(127), fc.nat(1_000), fc.integer({ min: 1, max: 127 }), (values, sequence, at, flip) => {
      const payload = [sequence, values.length, ...values.flatMap((value, channel) => [channel, value & 0x7f, value >> 7])];
      const frame = checked(6, payload);
      const index = 3 + (at % (payload.length + 1));
      frame[index] = (frame[index] ?? 0) ^ flip;
      return !decodeReport(frame).ok;
    }),
    { numRuns: 5_000 },
  );
});
reports.run();
