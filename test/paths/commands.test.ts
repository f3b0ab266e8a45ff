/** Commands on the path, in virtual time: what it refuses by itself, what it hands on, and where answers go. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import type { Answer } from '../../src/protocol/commands.ts';
import { decodeReply, encode } from '../../src/protocol/payloads.ts';
import { topicOf } from '../../src/protocol/topics.ts';
import type { MessageProperties } from '../../src/paths/mqtt/types.ts';
import { SITE, begin, drop, give, makeWorld, reports, run, sent, setBroker } from './world.ts';
import type { World } from './world.ts';

const test = suite('commands on the path');

const challenge = 'a'.repeat(64);
const signature = 'b'.repeat(128);
const unlock = (id: string): object => ({ v: 1, id, operator: 'paul', door: 'entree', challenge, signature });
const ask = (id: string): object => ({ v: 1, id, operator: 'paul' });

type How = { readonly retain?: boolean; readonly properties?: MessageProperties };

const hear = (world: World, verb: string, payload: Uint8Array, { retain = false, properties = {} }: How = {}): void =>
  give(world, { kind: 'message', topic: topicOf({ kind: 'command', site: SITE, verb }), payload, retain, properties });

const command = (world: World, verb: string, message: object, how: How = {}): void => hear(world, verb, encode(message), how);

const answer = (world: World, id: string, said: Answer, isTold = false): void =>
  give(world, { kind: 'answer', command: id, operator: 'paul', answer: said, isTold });

const stage = (name: 'released' | 'opened' | 'closed', final = false): Answer => ({
  ok: true,
  door: 'entree',
  stage: name,
  final,
});

/** Answers as they were published: topic's last level, and what they said. */
const replies = (world: World): readonly string[] =>
  sent(world, 'publish').flatMap(({ publication }) => {
    if (!publication.topic.includes('/reply/')) return [];
    const decoded = decodeReply(publication.payload);
    assert.ok(decoded.ok, 'every answer is one of the contract');
    assert.not.ok(publication.retain, 'an answer is never kept');
    if (!decoded.ok) return [];
    const { value } = decoded;
    const said = !value.ok ? value.reason : 'stage' in value ? value.stage : 'challenge';
    return [`${publication.topic.split('/').at(-1)} ${value.id} ${value.verb} ${said}`];
  });

const handed = (world: World): readonly string[] => sent(world, 'command').map(({ verb, command: { id } }) => `${verb} ${id}`);

const connected = (): World => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  return world;
};

// ---- refused before anybody thinks about them

type Row = { readonly verb: string; readonly payload: Uint8Array; readonly how?: How; readonly reason: string };

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

const REFUSED: Readonly<Record<string, Row>> = {
  'kept by the broker': { verb: 'unlock', payload: encode(unlock('c1')), how: { retain: true }, reason: 'retained' },
  'a request kept by the broker': { verb: 'challenge', payload: encode(ask('c1')), how: { retain: true }, reason: 'retained' },
  'too large': { verb: 'unlock', payload: new Uint8Array(16_385).fill(32), reason: 'too-large' },
  'no JSON': { verb: 'unlock', payload: text('{"v":1,'), reason: 'invalid' },
  'not in the contract': { verb: 'unlock', payload: encode({ ...unlock('c1'), hurry: true }), reason: 'invalid' },
  'without a door': { verb: 'unlock', payload: encode({ ...unlock('c1'), door: undefined }), reason: 'invalid' },
  'with more in it than is signed': { verb: 'unlock', payload: encode({ ...unlock('c1'), mode: 'full' }), reason: 'invalid' },
  'without a signature': { verb: 'unlock', payload: encode({ ...unlock('c1'), signature: undefined }), reason: 'unsigned' },
  'without a challenge': { verb: 'unlock', payload: encode({ ...unlock('c1'), challenge: undefined }), reason: 'unsigned' },
  'an unknown verb': { verb: 'sing', payload: encode(unlock('c1')), reason: 'unknown-verb' },
  'a verb that there will never be': { verb: 'disarm', payload: encode(unlock('c1')), reason: 'unknown-verb' },
  'arming, unsigned': { verb: 'arm', payload: encode(ask('c1')), reason: 'unsigned' },
  'arming, signed': { verb: 'arm', payload: encode(unlock('c1')), reason: 'not-supported' },
  'another verb, signed': { verb: 'reset', payload: encode(unlock('c1')), reason: 'not-supported' },
};

const replyTo = topicOf({ kind: 'reply', site: SITE, id: 'desk-4' });

for (const [name, { verb, payload, how, reason }] of Object.entries(REFUSED)) {
  test(`${name}: refused, ${reason}, and nobody else hears of it`, () => {
    const world = connected();
    hear(world, verb, payload, { ...how, properties: { responseTopic: replyTo } });
    run(world, SECOND);
    assert.equal(handed(world), []);
    assert.ok(replies(world).length === 1 && replies(world)[0]?.endsWith(` ${reason}`), replies(world).join());
    assert.equal(reports(world), [`command-refused ${reason}`]);
  });
}

test('the same bytes a second time are replayed, before and after they were answered', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  command(world, 'unlock', unlock('c1'));
  answer(world, 'c1', stage('released'));
  answer(world, 'c1', stage('closed', true));
  command(world, 'unlock', unlock('c1'));
  command(world, 'challenge', unlock('c1'));
  run(world, SECOND);
  assert.equal(handed(world), ['unlock c1'], 'handed on once');
  assert.equal(replies(world), [
    'c1 c1 unlock replayed',
    'c1 c1 unlock released',
    'c1 c1 unlock closed',
    'c1 c1 unlock replayed',
    'c1 c1 challenge replayed',
  ]);
});

test('a flood: ten a minute are heard, ten more are told so, the rest goes unanswered', () => {
  const world = connected();
  for (let count = 0; count < 200; count += 1) command(world, 'challenge', ask(`c${count}`));
  run(world, SECOND);
  assert.is(handed(world).length, 10);
  assert.is(replies(world).filter((said) => said.endsWith('rate-limited')).length, 10);
  assert.is(replies(world).length, 10);
  assert.equal(reports(world), ['command-refused rate-limited'], 'journalled once');
  run(world, MINUTE);
  command(world, 'challenge', ask('later'));
  assert.is(handed(world).at(-1), 'challenge later');
});

test('sixteen under way at a time; one that is never answered is given up after a quarter of an hour', () => {
  const world = connected();
  for (let count = 0; count < 18; count += 1) {
    command(world, 'unlock', unlock(`c${count}`));
    run(world, 10 * SECOND);
  }
  assert.is(handed(world).length, 16);
  assert.equal(replies(world), ['c16 c16 unlock rate-limited', 'c17 c17 unlock rate-limited']);
  run(world, 15 * MINUTE);
  command(world, 'unlock', unlock('later'));
  assert.is(handed(world).at(-1), 'unlock later');
  answer(world, 'c0', stage('released'));
  run(world, SECOND);
  assert.is(replies(world).length, 2, 'nothing is told of what was given up');
});

// ---- answers

test('an answer goes to the topic of the command, with its correlation data', () => {
  const world = connected();
  const correlationData = text('ticket 7');
  command(world, 'unlock', unlock('c1'), { properties: { responseTopic: replyTo, correlationData } });
  answer(world, 'c1', stage('released'));
  answer(world, 'c1', stage('opened'));
  answer(world, 'c1', stage('closed', true));
  answer(world, 'c1', stage('opened'));
  run(world, SECOND);
  assert.equal(replies(world), ['desk-4 c1 unlock released', 'desk-4 c1 unlock opened', 'desk-4 c1 unlock closed']);
  for (const { publication } of sent(world, 'publish').filter(({ publication: { topic } }) => topic === replyTo)) {
    assert.equal(publication.properties?.correlationData, correlationData);
    assert.is(publication.properties?.messageExpiryS, 15);
  }
  assert.equal(reports(world), [], 'what was carried out is no refusal');
});

test('a reply topic of another site, or none of the contract, is not written to', () => {
  const world = connected();
  for (const [index, responseTopic] of ['vigie/v1/officine/reply/x', 'vigie/v1/cabinet/ack', 'x/#', ''].entries()) {
    command(world, 'challenge', ask(`c${index}`), { properties: { responseTopic } });
    answer(world, `c${index}`, { ok: true, challenge, expiresInMs: 15_000 });
  }
  run(world, SECOND);
  assert.equal(
    replies(world),
    [0, 1, 2, 3].map((index) => `c${index} c${index} challenge challenge`),
  );
});

test('correlation data beyond 256 bytes is not sent back', () => {
  const world = connected();
  command(world, 'challenge', ask('c1'), { properties: { correlationData: new Uint8Array(257) } });
  answer(world, 'c1', { ok: true, challenge, expiresInMs: 15_000 });
  run(world, SECOND);
  const reply = sent(world, 'publish').at(-1)?.publication;
  assert.is(reply?.properties?.correlationData, undefined);
});

test('a refusal of the shell is journalled, one that the core told is not told twice', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  answer(world, 'c1', { ok: false, reason: 'bad-signature' });
  command(world, 'unlock', unlock('c2'));
  answer(world, 'c2', { ok: false, reason: 'area-armed' }, true);
  run(world, SECOND);
  assert.equal(reports(world), ['command-refused bad-signature']);
  assert.equal(replies(world), ['c1 c1 unlock bad-signature', 'c2 c2 unlock area-armed']);
  answer(world, 'c1', stage('released'));
  run(world, SECOND);
  assert.is(replies(world).length, 2, 'a refusal is the last word');
});

// ---- the connection is lost meanwhile

test('answers given while there is no connection come with the next one, if that is within 15 s', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  setBroker(world, false);
  answer(world, 'c1', stage('released'));
  run(world, 4 * SECOND);
  answer(world, 'c1', stage('opened'));
  assert.equal(replies(world), []);
  setBroker(world, true);
  run(world, 9 * SECOND);
  assert.equal(replies(world), ['c1 c1 unlock released', 'c1 c1 unlock opened']);
  answer(world, 'c1', stage('closed', true));
  run(world, SECOND);
  assert.is(replies(world).at(-1), 'c1 c1 unlock closed');
});

test('after 15 s they are never sent', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  setBroker(world, false);
  answer(world, 'c1', stage('released'));
  answer(world, 'c1', stage('closed', true));
  run(world, 16 * SECOND);
  setBroker(world, true);
  run(world, 5 * MINUTE);
  assert.equal(replies(world), []);
});

test('what was on the way when the connection was lost may come twice, never altered', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  answer(world, 'c1', stage('released'));
  drop(world, 'closed');
  run(world, 8 * SECOND);
  assert.equal([...new Set(replies(world))], ['c1 c1 unlock released']);
  assert.ok(replies(world).length <= 2);
});

test('a broker that hands a command over again after a reconnection is told that it is replayed', () => {
  const world = connected();
  command(world, 'unlock', unlock('c1'));
  drop(world, 'closed');
  run(world, 8 * SECOND);
  command(world, 'unlock', unlock('c1'));
  run(world, SECOND);
  assert.equal(handed(world), ['unlock c1']);
  assert.equal(replies(world), ['c1 c1 unlock replayed']);
});

test('a command that comes without a connection is not heard', () => {
  const world = makeWorld();
  world.broker.up = false;
  begin(world);
  command(world, 'unlock', unlock('c1'));
  run(world, SECOND);
  assert.equal(handed(world), []);
});

// ---- anything at all

const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.json({ maxDepth: 3 }).map(text),
  fc.nat(40).map((id) => encode(unlock(`c${id}`))),
  fc.nat(40).map((id) => encode(ask(`c${id}`))),
);

const heard = fc.array(
  fc.record({
    verb: fc.constantFrom('unlock', 'challenge', 'arm', 'reset', 'disarm'),
    payload: payloads,
    retain: fc.boolean(),
    waitMs: fc.nat(20_000),
    answers: fc.array(fc.record({ id: fc.nat(40), isLast: fc.boolean() }), { maxLength: 2 }),
    drops: fc.nat(9).map((value) => value === 0),
  }),
  { maxLength: 40 },
);

test('whatever comes: handed on once, whole and fresh; every list stays short; every answer is of the contract', () => {
  fc.assert(
    fc.property(heard, (moves) => {
      const world = connected();
      for (const { verb, payload, retain, waitMs, answers, drops } of moves) {
        const before = handed(world).length;
        hear(world, verb, payload, { retain });
        if (retain) assert.is(handed(world).length, before, 'nothing that the broker kept');
        for (const { id, isLast } of answers) answer(world, `c${id}`, isLast ? stage('closed', true) : stage('released'));
        if (drops) drop(world, 'closed');
        run(world, waitMs);
        const { pending, answers: kept, seen } = world.path.commands;
        assert.ok(pending.length <= 16 && kept.length <= 32 && seen.length <= 256);
      }
      assert.is(new Set(handed(world)).size, handed(world).length, 'none twice');
      for (const { verb } of sent(world, 'command')) assert.ok(verb === 'unlock' || verb === 'challenge');
      replies(world);
    }),
    { numRuns: 200 },
  );
});

test.run();
