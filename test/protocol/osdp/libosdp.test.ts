/**
 * A recorded session with a reader that others wrote (libosdp): every MAC of it is ours, every reply of it is understood. The
 * handshake has public vectors; for the chain of MACs behind it this is the proof.
 */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeAes } from '../../../src/drivers/osdp/aes.ts';
import { decodeFrame } from '../../../src/protocol/osdp/frame.ts';
import type { Frame } from '../../../src/protocol/osdp/frame.ts';
import { decodeReply } from '../../../src/protocol/osdp/replies.ts';
import type { Reply } from '../../../src/protocol/osdp/replies.ts';
import {
  controllerCryptogram,
  firstReplyMac,
  openReply,
  readerCryptogram,
  sealCommand,
  sessionKeys,
} from '../../../src/protocol/osdp/secure.ts';
import { must } from '../../support/osdp/must.ts';
import { sessionOf, unsealed } from '../../support/osdp/readerCrypto.ts';

const FILE = new URL('../../../../test/protocol/osdp/fixtures/libosdp.txt', import.meta.url);
const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);

type Exchange = { readonly asked: Uint8Array; readonly question: Frame; readonly reply: Frame };

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const exchangeOf = (line: string): Exchange => {
  const [asked = '', answered = ''] = line.split(' ');
  return { asked: bytesOf(asked), question: must(decodeFrame(bytesOf(asked))), reply: must(decodeFrame(bytesOf(answered))) };
};
const recorded = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(exchangeOf);

const [challenge, proof, ...messages] = recorded;
const nonce = must(challenge).question.data;
const answer = decodeReply(must(challenge).reply.code, must(challenge).reply.data);
const keys = sessionKeys(nodeAes, KEY, nonce);

test('its handshake', () => {
  if (answer?.kind !== 'challenge-answer') return assert.unreachable();
  assert.equal(answer.cryptogram, readerCryptogram(nodeAes, keys, nonce, answer.nonce));
  assert.equal(must(proof).question.data, controllerCryptogram(nodeAes, keys, nonce, answer.nonce));
  assert.equal(must(proof).reply.data, firstReplyMac(nodeAes, keys, must(proof).question.data));
  assert.is(must(proof).reply.block?.select, 1);
});

test('each message behind it, and what the reader said', () => {
  const theirs = sessionOf(KEY, nonce);
  let replyMac = firstReplyMac(nodeAes, keys, must(proof).question.data);
  const said: Reply[] = [];
  for (const { asked, question, reply } of messages) {
    const data = question.data.length === 0 ? question.data : Uint8Array.from(unsealed(theirs, replyMac, question.data));
    const { bytes, mac } = sealCommand(nodeAes, { keys, replyMac }, { ...question, data });
    assert.equal(bytes, asked);
    const opened = must(openReply(nodeAes, keys, mac, reply), 'a MAC that fits');
    said.push(must(decodeReply(reply.code, opened.data), 'a reply that is understood'));
    replyMac = opened.mac;
  }
  assert.ok(messages.length > 50);
  assert.equal(
    said.filter(({ kind }) => kind === 'card' || kind === 'keys'),
    [
      { kind: 'card', bits: 26, bytes: bytesOf('4c048b80') },
      { kind: 'keys', text: '12#' },
    ],
  );
  const identity = said.find((reply) => reply.kind === 'identity');
  assert.equal(identity?.identity, { vendor: '697a00', model: 153, serial: '01020304', firmware: '11.12.13' });
});

test.run();
