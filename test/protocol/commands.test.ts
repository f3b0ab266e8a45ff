/** What is signed, and what a command and its answers may look like. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ed25519 } from '../../src/drivers/signatures/ed25519.ts';
import { signedBytes } from '../../src/protocol/commands.ts';
import type { SignedUnlock } from '../../src/protocol/commands.ts';
import { decodeCommand, decodeReply, encode } from '../../src/protocol/payloads.ts';
import { hexBytes, keyOfSeed, toHex } from '../support/operators.ts';
import { UNLOCK_VECTOR } from '../support/unlockVector.ts';

const test = suite('commands from afar');

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('the bytes signed are those of the published vector, and so is the signature', () => {
  const { seed, publicKey, fields, bytes, signature } = UNLOCK_VECTOR;
  const key = keyOfSeed(seed);
  assert.is(toHex(key.publicKey), publicKey);
  assert.is(text(signedBytes(fields)), bytes);
  assert.is(toHex(key.sign(signedBytes(fields))), signature);
  assert.ok(ed25519.verify(hexBytes(publicKey), new TextEncoder().encode(bytes), hexBytes(signature)));
});

const field = fc.string({ minLength: 1, maxLength: 12 });
const fields = fc.record({ site: field, operator: field, command: field, challenge: field, door: field });

/** Texts that run together differently in the fields are the ones that could be mistaken. */
const shifted = fc.tuple(fields, fc.nat(4), fc.nat(4), fc.nat(8)).map(([one, from, to, count]): readonly SignedUnlock[] => {
  const names = ['site', 'door', 'operator', 'command', 'challenge'] as const;
  const [source, target] = [names[from] ?? 'site', names[to] ?? 'door'];
  const moved = one[source].slice(0, count);
  return [one, { ...one, [source]: one[source].slice(count), [target]: one[target] + moved }];
});

const isSame = (one: SignedUnlock, other: SignedUnlock): boolean =>
  one.site === other.site &&
  one.operator === other.operator &&
  one.command === other.command &&
  one.challenge === other.challenge &&
  one.door === other.door;

test('two different commands never sign the same bytes', () => {
  fc.assert(
    fc.property(fc.oneof(shifted, fc.tuple(fields, fields)), ([one, other]) => {
      if (one === undefined || other === undefined || isSame(one, other)) return;
      assert.is.not(text(signedBytes(one)), text(signedBytes(other)));
    }),
    { numRuns: 2_000 },
  );
});

// ---- shapes

const challenge = 'a'.repeat(64);
const signature = 'b'.repeat(128);
const unlock = { v: 1, id: 'c1', operator: 'paul', door: 'entree', challenge, signature };

const COMMANDS: readonly (readonly [string, unknown, boolean])[] = [
  ['whole', unlock, true],
  ['with its site', { ...unlock, site: 'cabinet' }, true],
  ['a request for a challenge', { v: 1, id: 'c1', operator: 'paul' }, true],
  ['another version', { ...unlock, v: 2 }, false],
  ['no operator', { v: 1, id: 'c1' }, false],
  ['no id', { v: 1, operator: 'paul' }, false],
  ['a short challenge', { ...unlock, challenge: 'aa' }, false],
  ['a challenge in capitals', { ...unlock, challenge: 'A'.repeat(64) }, false],
  ['a long signature', { ...unlock, signature: `${signature}00` }, false],
  ['a signature of something else', { ...unlock, signature: 7 }, false],
  ['an id with a slash', { ...unlock, id: 'a/b' }, false],
  ['a door with a line end', { ...unlock, door: 'entree\n' }, false],
  ['one name too many', { ...unlock, force: true }, false],
  ['null', null, false],
];

for (const [name, message, isTaken] of COMMANDS) {
  test(`a command, ${name}: ${isTaken ? 'taken' : 'refused'}`, () => {
    assert.is(decodeCommand(new TextEncoder().encode(JSON.stringify(message))).ok, isTaken);
  });
}

const REPLIES: readonly (readonly [object, boolean])[] = [
  [{ v: 1, id: 'c1', verb: 'unlock', ok: false, reason: 'challenge-used' }, true],
  [{ v: 1, id: 'c1', verb: 'unlock', ok: false, reason: 'a-reason-of-a-newer-site' }, true],
  [{ v: 1, id: 'c1', verb: 'challenge', ok: true, challenge, expiresInMs: 15_000 }, true],
  [{ v: 1, id: 'c1', verb: 'unlock', ok: true, door: 'entree', stage: 'released', final: false }, true],
  [{ v: 1, id: 'c1', verb: 'unlock', ok: true, door: 'entree', stage: 'perhaps', final: true }, false],
  [{ v: 1, id: 'c1', verb: 'unlock', ok: true }, false],
  [{ v: 1, id: 'c1', verb: 'unlock', ok: false, reason: 'x', challenge }, false],
];

test('answers of each kind, and no mixture of them', () => {
  for (const [message, isTaken] of REPLIES) assert.is(decodeReply(encode(message)).ok, isTaken, JSON.stringify(message));
});

// ---- what anybody may send

/** Texts near a command: broken, long, doubled, of another type. */
const anyCommand = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json({ maxDepth: 4 }).map((json) => new TextEncoder().encode(json)),
  fc
    .tuple(fc.constantFrom(...Object.keys(unlock)), fc.jsonValue({ maxDepth: 2 }))
    .map(([name, value]) => encode({ ...unlock, [name]: value })),
  fc.tuple(fc.nat(330), fc.nat(255)).map(([at, byte]) => encode(unlock).with(at % encode(unlock).length, byte)),
);

test('ten thousand hostile payloads: none throws, and what is taken is a command in full', () => {
  let taken = 0;
  const digest = createHash('sha256');
  fc.assert(
    fc.property(anyCommand, (payload) => {
      digest.update(payload);
      const decoded = decodeCommand(payload);
      if (!decoded.ok) return;
      taken += 1;
      const { id, operator, challenge: given = challenge, signature: signed = signature } = decoded.value;
      for (const each of [id, operator]) assert.match(each, /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
      assert.match(given, /^[0-9a-f]{64}$/);
      assert.match(signed, /^[0-9a-f]{128}$/);
    }),
    { numRuns: 10_000 },
  );
  assert.ok(taken > 50, `${taken} of them are commands, so that the rest of the test says something`);
});

test.run();
