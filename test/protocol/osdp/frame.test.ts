/** Frames and their checks, by the public vectors; and frames found again behind whatever noise. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeCommand, TEXT_LENGTH_MAX } from '../../../src/protocol/osdp/commands.ts';
import type { Command } from '../../../src/protocol/osdp/commands.ts';
import {
  checkSum,
  crc16,
  decodeFrame,
  encodeFrame,
  FRAME_BYTES_MAX,
  missingBytes,
  noMac,
  split,
} from '../../../src/protocol/osdp/frame.ts';
import type { Frame } from '../../../src/protocol/osdp/frame.ts';
import { decodeReply } from '../../../src/protocol/osdp/replies.ts';
import { crcBitwise } from '../../support/osdp/readerCrypto.ts';
import { must } from '../../support/osdp/must.ts';
import { seeded } from '../../support/seeded.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const EMPTY = new Uint8Array(0);
const one = (text: string): Frame => {
  const { frames, rest, droppedBytes } = split(EMPTY, hex(text));
  assert.equal([frames.length, rest.length, droppedBytes], [1, 0, 0], text);
  return must(frames[0]);
};

const frame = suite('frames');

frame('CRC of the public vectors', () => {
  assert.is(crc16(hex('53 00 09 00 04 61 00')), 0x66c0);
  assert.is(crc16(hex('53 7F 0D 00 04 6E 00 80 25 00 00')), 0x386e);
});

frame('CRC by table and bit by bit are one', () => {
  const random = seeded(3);
  for (let length = 0; length < 100; length += 1) {
    const bytes = Uint8Array.from({ length }, () => Math.trunc(random() * 256));
    assert.is(crc16(bytes), crcBitwise(bytes));
  }
});

frame('a sum makes all bytes together 0', () => {
  const bytes = hex('53 00 07 00 00 60');
  assert.is((bytes.reduce((sum, byte) => sum + byte, 0) + checkSum(bytes)) & 0xff, 0);
});

const COMMANDS: readonly (readonly [Command, number, string])[] = [
  [{ kind: 'identify' }, 0, '53 00 09 00 04 61 00 c0 66'],
  [{ kind: 'communication', address: 0, baudRate: 9_600 }, 0x7f, '53 7f 0d 00 04 6e 00 80 25 00 00 6e 38'],
];

for (const [command, address, expected] of COMMANDS) {
  frame(`${command.kind} is the public vector, byte for byte`, () => {
    const bytes = encodeFrame(
      { address, isReply: false, sequence: 0, check: 'crc', block: undefined, ...encodeCommand(command) },
      noMac,
    );
    assert.is(toHex(bytes), expected.replaceAll(' ', ''));
  });
}

frame('the captured card', () => {
  const { address, isReply, sequence, check, code, data } = one('ff 53 81 10 00 07 50 00 01 1a 00 4c 04 8b 80 cc 52');
  assert.equal([address, isReply, sequence, check], [1, true, 3, 'crc']);
  assert.equal(decodeReply(code, data), { kind: 'card', bits: 26, bytes: hex('4c 04 8b 80') });
});

frame('the captured keys', () => {
  const { address, sequence, code, data } = one('ff 53 81 0f 00 05 53 00 05 31 32 33 34 0d 0e 3b');
  assert.equal([address, sequence], [1, 1]);
  assert.equal(decodeReply(code, data), { kind: 'keys', text: '1234#' });
});

frame('what is encoded is decoded as it was, in plain, with a block, with a MAC, with a sum', () => {
  const parts = { address: 12, isReply: true, sequence: 2, code: 0x50, data: hex('01 02 53 ff') };
  for (const [check, block] of [
    ['crc', undefined],
    ['sum', undefined],
    ['crc', { type: 0x12, select: 1 }],
    ['crc', { type: 0x18, select: undefined }],
    ['sum', { type: 0x16, select: undefined }],
  ] as const) {
    const decoded = decodeFrame(encodeFrame({ ...parts, check, block }, () => hex('a1 a2 a3 a4 a5')));
    const mac = block !== undefined && block.type >= 0x15 ? hex('a1 a2 a3 a4') : undefined;
    assert.equal(decoded && { ...decoded, body: undefined }, { ...parts, check, block, mac, body: undefined });
  }
});

frame('what carries a MAC is never encoded without one', () => {
  const parts = { address: 0, isReply: false, sequence: 1, check: 'crc', code: 0x60, data: EMPTY } as const;
  assert.throws(() => encodeFrame({ ...parts, block: { type: 0x15, select: undefined } }, noMac));
});

const NO_FRAMES: readonly (readonly [string, string])[] = [
  ['a wrong CRC', '53 81 10 00 07 50 00 01 1a 00 4c 04 8b 80 cc 53'],
  ['a changed bit', '53 81 10 00 07 50 00 01 1a 00 4c 04 8a 80 cc 52'],
  ['a length that is too short for a frame', '53 81 04 00 07 50'],
  ['a length beyond the longest frame', '53 81 01 01 07 50 00'],
  ['another first byte', '54 81 10 00 07 50 00 01 1a 00 4c 04 8b 80 cc 52'],
];
for (const [what, text] of NO_FRAMES) {
  frame(`${what} is no frame`, () => {
    const noise = hex(`${text} ${'00'.repeat(FRAME_BYTES_MAX)}`);
    assert.equal(split(EMPTY, noise).frames, []);
  });
}

frame('a block that is longer than it may be, or than the frame, is refused', () => {
  for (const scb of ['00 15', '01 15', '04 15', '3f 15']) {
    const body = hex(`53 81 0c 00 0c ${scb} 40 00 00`);
    const crc = crcBitwise(body);
    assert.is(decodeFrame(Uint8Array.from([...body, crc & 0xff, crc >> 8])), undefined);
  }
});
frame.run();

// ---- a stream

const CARD = 'ff 53 81 10 00 07 50 00 01 1a 00 4c 04 8b 80 cc 52';
const KEYS = 'ff 53 81 0f 00 05 53 00 05 31 32 33 34 0d 0e 3b';
const stream = suite('frames out of a stream');

stream('byte by byte, in any two pieces, or both at once: the same frames', () => {
  const bytes = hex(CARD + KEYS);
  const codesOf = (cuts: readonly number[]): readonly number[] => {
    let rest: Uint8Array = EMPTY;
    return [0, ...cuts].flatMap((from, index) => {
      const done = split(rest, bytes.slice(from, cuts[index] ?? bytes.length));
      rest = done.rest;
      return done.frames.map(({ code }) => code);
    });
  };
  for (let cut = 1; cut < bytes.length; cut += 1) assert.equal(codesOf([cut]), [0x50, 0x53]);
  assert.equal(codesOf(Array.from({ length: bytes.length - 1 }, (_, index) => index + 1)), [0x50, 0x53]);
});

stream('a start byte in noise, a broken frame, marks: the good frame behind them is found', () => {
  const { frames, droppedBytes } = split(
    EMPTY,
    hex(`00 53 53 ff ff 53 81 02 00 ${CARD.slice(3, 30)} ff ff ff ${CARD} ${'00'.repeat(300)}`),
  );
  assert.equal(
    frames.map(({ code }) => code),
    [0x50],
  );
  assert.ok(droppedBytes >= 10);
});

stream('a header that promises a long frame keeps a good one at most 256 bytes away', () => {
  const lie = hex('53 81 ff 00 04');
  let { rest, frames } = split(EMPTY, lie);
  let found = frames.length;
  let given = 0;
  while (found === 0 && given < 2 * FRAME_BYTES_MAX) {
    ({ rest, frames } = split(rest, hex(CARD)));
    found += frames.length;
    given += hex(CARD).length;
    assert.ok(rest.length < FRAME_BYTES_MAX);
  }
  assert.ok(found > 0 && given <= FRAME_BYTES_MAX + 17, `found after ${given} bytes`);
});

stream('how much is missing of what has begun', () => {
  assert.is(missingBytes(EMPTY), 0);
  assert.is(missingBytes(hex('53 81')), 3);
  assert.is(missingBytes(hex('53 81 10 00 07 50')), 10);
});
stream.run();

// ---- replies and commands

const replies = suite('replies');
const REPLIES: readonly (readonly [string, number, string, unknown])[] = [
  ['ACK', 0x40, '', { kind: 'ack' }],
  ['ACK with data', 0x40, '00', undefined],
  ['NAK of a sequence', 0x41, '04', { kind: 'nak', refusal: 'bad-sequence' }],
  ['NAK without reason', 0x41, '', undefined],
  [
    'identity',
    0x45,
    '8e 06 00 01 02 78 56 34 12 01 02 03',
    { kind: 'identity', identity: { vendor: '8e0600', model: 1, serial: '12345678', firmware: '1.2.3' } },
  ],
  ['an identity cut short', 0x45, '8e 06 00 01 02 78 56 34 12 01 02', undefined],
  ['tamper, power good', 0x48, '01 00', { kind: 'local-status', isTampered: true, hasPowerFailed: false }],
  ['one state only', 0x48, '01', undefined],
  ['inputs', 0x49, '00 01', { kind: 'inputs', levels: [false, true] }],
  ['outputs', 0x4a, '01', { kind: 'outputs', levels: [true] }],
  ['a reader torn off', 0x4b, '02', { kind: 'readers', isTampered: true }],
  ['26 bits in 4 bytes, spare bits set', 0x50, '00 01 1a 00 4c 04 8b bf', { kind: 'card', bits: 26, bytes: hex('4c 04 8b 80') }],
  ['a card shorter than it says', 0x50, '00 01 1a 00 4c 04 8b', undefined],
  ['a card longer than it says', 0x50, '00 01 1a 00 4c 04 8b 80 00', undefined],
  ['a card of no bits', 0x50, '00 01 00 00', undefined],
  ['a card of too many bits', 0x50, `00 00 01 01 ${'00'.repeat(33)}`, undefined],
  ['keys * and #, either way', 0x53, '00 04 7f 0d 2a 23', { kind: 'keys', text: '*#*#' }],
  ['a key that means nothing', 0x53, '00 02 41 39', { kind: 'keys', text: '9' }],
  ['fewer keys than it says', 0x53, '00 05 31 32 33 34', undefined],
  ['new address and rate', 0x54, '05 80 25 00 00', { kind: 'communication', address: 5, baudRate: 9_600 }],
  ['busy', 0x79, '', { kind: 'busy' }],
  ['a reply that nobody knows', 0x99, '', undefined],
  ['half a cryptogram', 0x76, '00'.repeat(24), undefined],
];
for (const [what, code, data, expected] of REPLIES) {
  replies(what, () => assert.equal(decodeReply(code, hex(data)), expected));
}

replies('capabilities by function', () => {
  const reply = decodeReply(0x46, hex('04 04 01 09 01 01'));
  if (reply?.kind !== 'capabilities') return assert.unreachable();
  assert.equal(
    [...reply.capabilities],
    [
      [4, { level: 4, count: 1 }],
      [9, { level: 1, count: 1 }],
    ],
  );
  assert.is(decodeReply(0x46, hex('04 04')), undefined);
});
replies.run();

const commands = suite('commands');
const WRITTEN: readonly (readonly [string, Command, string])[] = [
  ['poll', { kind: 'poll' }, '60'],
  ['local status', { kind: 'local-status' }, '64'],
  ['an output for 5 s', { kind: 'output', output: 1, order: 'on-for', forMs: 5_000 }, '68 01 05 3200'],
  ['an output off for good', { kind: 'output', output: 0, order: 'off', forMs: 0 }, '68 00 01 0000'],
  ['steady blue', { kind: 'led', colour: 4, onMs: 1_000, offMs: 0 }, '69 00 00 00000000000000 01 0a 00 04 00'],
  ['red flash', { kind: 'led', colour: 1, onMs: 100, offMs: 1_900 }, '69 00 00 00000000000000 01 01 13 01 00'],
  ['three beeps', { kind: 'buzzer', isOn: true, onMs: 100, offMs: 100, count: 3 }, '6a 00 02 01 01 03'],
  ['silence', { kind: 'buzzer', isOn: false, onMs: 0, offMs: 0, count: 0 }, '6a 00 01 00 00 00'],
  ['text in ASCII', { kind: 'text', row: 2, text: 'Prêt' }, '6b 00 01 00 02 01 04 50723f74'],
  ['a key', { kind: 'set-key', key: hex('00'.repeat(16)) }, `75 01 10 ${'00'.repeat(16)}`],
];
for (const [what, command, expected] of WRITTEN) {
  commands(what, () => {
    const { code, data } = encodeCommand(command);
    assert.is(toHex(Uint8Array.of(code, ...data)), expected.replaceAll(' ', ''));
  });
}

commands('a line of text is never longer than a reader takes', () => {
  assert.is(encodeCommand({ kind: 'text', row: 1, text: 'x'.repeat(200) }).data.length, 6 + TEXT_LENGTH_MAX);
});
commands.run();
