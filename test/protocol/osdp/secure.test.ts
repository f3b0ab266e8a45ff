/** The secure channel, by the vectors of the standard's annex E, and against the reader's own arithmetic. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeAes } from '../../../src/drivers/osdp/aes.ts';
import { decodeFrame } from '../../../src/protocol/osdp/frame.ts';
import {
  controllerCryptogram,
  DEFAULT_KEY,
  firstReplyMac,
  isSame,
  macOf,
  openReply,
  readerCryptogram,
  sealCommand,
  sessionKeys,
} from '../../../src/protocol/osdp/secure.ts';
import { must } from '../../support/osdp/must.ts';
import { macChain, sessionOf, unsealed } from '../../support/osdp/readerCrypto.ts';

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const counting = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => from + index);
const A = counting(0xb0, 8);
const B = counting(0xa0, 8);
const keys = sessionKeys(nodeAes, DEFAULT_KEY, A);
const cryptogram = controllerCryptogram(nodeAes, keys, A, B);

const annex = suite('annex E');
annex('the default key', () => assert.is(toHex(DEFAULT_KEY), '303132333435363738393a3b3c3d3e3f'));
annex('session keys', () => {
  assert.is(toHex(keys.mac1), '5e86c676603bdee2d8beafe178637332');
  assert.is(toHex(keys.mac2), '6fda86e857777e81132035758239172e');
  assert.is(toHex(keys.cipher), 'bf8dc2a8329acb8c67c6d0cd9a451682');
});
annex('the reader’s cryptogram', () =>
  assert.is(toHex(readerCryptogram(nodeAes, keys, A, B)), 'fde5d2f428ec16312471ea3c02bd7796'),
);
annex('the controller’s cryptogram', () => assert.is(toHex(cryptogram), '26d3356e07762d262801fc8e6665a891'));
annex('where the chain of MACs begins', () =>
  assert.is(toHex(firstReplyMac(nodeAes, keys, cryptogram)), 'b2a30057eb98ba2229ec1f875662b524'),
);
annex.run();

const channel = suite('in the channel');
const first = firstReplyMac(nodeAes, keys, cryptogram);
const theirs = sessionOf(DEFAULT_KEY, A);

channel('MACs of every length are what the reader makes of them', () => {
  for (let length = 1; length < 70; length += 1) {
    const body = counting(1, length);
    assert.is(toHex(macOf(nodeAes, keys, first, body)), toHex(macChain(theirs, first, body)));
  }
});

channel('a command without data carries a MAC and nothing else that is new', () => {
  const { bytes, mac } = sealCommand(
    nodeAes,
    { keys, replyMac: first },
    { address: 5, sequence: 1, code: 0x60, data: new Uint8Array(0) },
  );
  assert.is(bytes.length, 14);
  assert.is(toHex(bytes.subarray(0, 8)), '53050e000d021560');
  assert.is(toHex(bytes.subarray(8, 12)), toHex(mac.subarray(0, 4)));
  assert.is(toHex(macChain(theirs, first, bytes.subarray(0, 8))), toHex(mac));
});

channel('the data of a command cannot be read on the line, and the reader reads it', () => {
  for (const length of [1, 15, 16, 17, 38]) {
    const data = counting(7, length);
    const { bytes } = sealCommand(nodeAes, { keys, replyMac: first }, { address: 5, sequence: 2, code: 0x69, data });
    const frame = must(decodeFrame(bytes));
    assert.is(frame.block?.type, 0x17);
    assert.is(toHex(frame.data).includes(toHex(data)), false);
    assert.is(toHex(unsealed(theirs, first, frame.data)), toHex(data));
  }
});

channel('a reply whose MAC begins anywhere else is none', () => {
  const command = sealCommand(
    nodeAes,
    { keys, replyMac: first },
    { address: 5, sequence: 1, code: 0x60, data: new Uint8Array(0) },
  );
  const head = Buffer.from('53850e000d021640', 'hex');
  const mac = macChain(theirs, command.mac, head);
  const reply = {
    ...must(decodeFrame(command.bytes)),
    code: 0x40,
    isReply: true,
    block: { type: 0x16, select: undefined },
    body: Uint8Array.from(head),
    mac: Uint8Array.from(mac.subarray(0, 4)),
  };
  assert.equal(openReply(nodeAes, keys, command.mac, reply)?.mac, Uint8Array.from(mac));
  assert.is(openReply(nodeAes, keys, first, reply), undefined);
  assert.is(openReply(nodeAes, keys, command.mac, { ...reply, mac: Uint8Array.of(1, 2, 3, 4) }), undefined);
  assert.is(openReply(nodeAes, keys, command.mac, { ...reply, mac: undefined }), undefined);
  assert.is(openReply(nodeAes, keys, command.mac, { ...reply, block: { type: 0x15, select: undefined } }), undefined);
});

channel('same and not the same', () => {
  assert.is(isSame(counting(1, 4), counting(1, 4)), true);
  assert.is(isSame(counting(1, 4), counting(2, 4)), false);
  assert.is(isSame(counting(1, 4), counting(1, 3)), false);
});
channel.run();
