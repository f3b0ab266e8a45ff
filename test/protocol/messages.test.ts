import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wall } from '../../src/core/time.ts';
import { bodyOfText, bodyText, eventBodyOf } from '../../src/protocol/eventBody.ts';
import { isoOf, wallOfIso } from '../../src/protocol/instant.ts';
import {
  decodeAck,
  decodeCentreStatus,
  decodeCommand,
  decodeEvent,
  decodeHeartbeat,
  decodeMarks,
  decodeReply,
  decodeStatus,
  encode,
  encodeEvent,
  eventMessageOf,
  fingerprintOf,
} from '../../src/protocol/payloads.ts';
import { isSiteId, parseTopic, topicOf } from '../../src/protocol/topics.ts';
import { eventOf, eventSample, eventSamples, pathSamples } from './samples.ts';

const test = suite('messages');

const decoders = [
  decodeAck,
  decodeCentreStatus,
  decodeCommand,
  decodeEvent,
  decodeHeartbeat,
  decodeMarks,
  decodeReply,
  decodeStatus,
] as const;

const sender = { site: 'cabinet', boot: 7, durable: true };

// ---- decoding

test('what is encoded is decoded to the same', () => {
  for (const { message } of eventSamples()) {
    const decoded = decodeEvent(encode(message));
    assert.ok(decoded.ok);
    if (decoded.ok) assert.equal(decoded.value, message);
  }
});

const refused: readonly (readonly [string, Uint8Array, string])[] = [
  ['empty', new Uint8Array(), 'not-json'],
  ['too large', new Uint8Array(16_385).fill(32), 'too-large'],
  ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not-utf8'],
  ['half a message', encode({ epoch: 'e1' }).slice(0, 8), 'not-json'],
  ['a list', new TextEncoder().encode('[]'), 'invalid'],
  ['null', new TextEncoder().encode('null'), 'invalid'],
  ['__proto__', new TextEncoder().encode('{"__proto__":{"epoch":"e1","lane":"alarm","seq":1}}'), 'invalid'],
  ['one name too many', encode({ epoch: 'e1', lane: 'alarm', seq: 1, hurry: true }), 'invalid'],
  ['a fraction', encode({ epoch: 'e1', lane: 'alarm', seq: 1.5 }), 'invalid'],
  ['a number beyond 2^53', new TextEncoder().encode('{"epoch":"e1","lane":"alarm","seq":9007199254740993}'), 'invalid'],
];

test('each kind of rubbish has its reason', () => {
  for (const [name, payload, reason] of refused) {
    const decoded = decodeAck(payload);
    assert.equal(decoded, { ok: false, reason }, name);
  }
  assert.ok(decodeAck(encode({ epoch: 'e1', lane: 'alarm', seq: 1 })).ok);
});

test('no bytes make a decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const decode of decoders) assert.not.ok(decode(bytes).ok);
    }),
    { numRuns: 500 },
  );
});

test('no JSON makes a decoder throw, and what it takes it would send', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (json) => {
      for (const decode of decoders) decode(new TextEncoder().encode(json));
    }),
    { numRuns: 500 },
  );
});

test('a message with one thing changed to something else is refused or still a message', () => {
  const samples = [...eventSamples(), ...pathSamples()].map(({ message }) => JSON.stringify(message));
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.nat(),
      fc.constantFrom('', '"', '{', '9', 'null', '\\u0000', ','),
      (text, place, put) => {
        const at = place % text.length;
        const bytes = new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + 1));
        for (const decode of decoders) {
          const decoded = decode(bytes);
          if (!decoded.ok) assert.ok(['not-json', 'invalid', 'too-large'].includes(decoded.reason));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a kind of event from a newer controller is kept, a malformed one is not', () => {
  const sample = eventSample('intrusion', {});
  const decoded = decodeEvent(encode({ ...sample?.message, kind: 'flood-rising' }));
  assert.ok(decoded.ok);
  assert.not.ok(decodeEvent(encode({ ...sample?.message, kind: 'Flood Rising' })).ok);
});

// ---- events

test('the body survives its stay in the outbox; a damaged one says so under its number', () => {
  const body = eventBodyOf(sender, eventOf('intrusion', { area: 'cabinet', zone: 'porte' }));
  assert.ok(body);
  if (!body) return;
  assert.equal(bodyOfText(sender, 'alarm', 9, bodyText(body)), body);
  for (const text of [
    '',
    '{',
    '{}',
    bodyText(body).replace('"alarm"', '"event"'),
    bodyText(body).replace('cabinet"', 'officine"'),
  ]) {
    const standIn = bodyOfText(sender, 'alarm', 9, text);
    assert.equal([standIn.kind, standIn.lane, standIn.detail?.['from']], ['dropped', 'alarm', 9], text);
  }
});

test('what comes of a command from afar names who asked and the command', () => {
  const asked = { door: 'entree', operator: 'paul', command: '01JD8Z', cause: 'remote' } as const;
  for (const kind of ['access-granted', 'access-refused', 'access-used', 'access-not-used', 'access-ended'] as const) {
    const sample = eventSample(kind, asked);
    const decoded = decodeEvent(encode(sample?.message ?? {}));
    assert.ok(decoded.ok, kind);
    if (decoded.ok) assert.equal([decoded.value.operator, decoded.value.command], ['paul', '01JD8Z'], kind);
  }
  const sample = eventSample('access-used', { ...asked, command: 'a command/with#rubbish' });
  assert.not.ok(decodeEvent(encode(sample?.message ?? {})).ok);
});

test('an event with too many blockers is cut to fit and says so; what matters stays', () => {
  const blockers = Array.from({ length: 600 }, (_, index) => ({ kind: 'zone-open' as const, zone: `zone-${index}` }));
  const body = eventBodyOf(sender, eventOf('arm-refused', { area: 'cabinet', blockers }));
  assert.ok(body);
  if (!body) return;
  const message = eventMessageOf(body, { epoch: 'e1', seq: 1 });
  const bytes = encodeEvent(message);
  assert.ok(bytes.byteLength <= 16_384 && encode(message).byteLength > 16_384);
  const decoded = decodeEvent(bytes);
  assert.ok(decoded.ok);
  if (!decoded.ok) return;
  assert.is(decoded.value.truncated, true);
  assert.equal(decoded.value.blockers?.[0], blockers[0]);
  assert.is(fingerprintOf(decoded.value), fingerprintOf(message), 'still the same event');
  assert.ok(encodeEvent(message, 400).byteLength <= 400);
});

const intrusionIn = (zone: string, seq: number) => {
  const body = eventBodyOf(sender, eventOf('intrusion', { zone }));
  if (!body) throw new Error('never sent');
  return eventMessageOf(body, { epoch: 'e1', seq });
};

test('a fingerprint tells events apart, not ways of writing them', () => {
  assert.is.not(fingerprintOf(intrusionIn('a', 1)), fingerprintOf(intrusionIn('b', 1)));
  assert.is(fingerprintOf({ ...intrusionIn('a', 1), priority: 3 }), fingerprintOf(intrusionIn('a', 1)));
});

// ---- instants

const instants: readonly (readonly [number, string])[] = [
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [951_782_400_000, '2000-02-29T00:00:00.000Z'],
  [1_709_164_799_999, '2024-02-28T23:59:59.999Z'],
  [4_107_542_400_000, '2100-03-01T00:00:00.000Z'],
  [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  [Infinity, '9999-12-31T23:59:59.999Z'],
];

test('instants are written as ISO 8601', () => {
  for (const [ms, iso] of instants) assert.is(isoOf(wall(ms)), iso);
  fc.assert(
    fc.property(fc.integer({ min: -60_000_000_000_000, max: 253_402_300_799_999 }), (ms) => {
      assert.is(isoOf(wall(ms)), new Date(ms).toISOString());
      assert.is(wallOfIso(isoOf(wall(ms))), ms);
    }),
  );
});

test('what is no instant is none', () => {
  for (const iso of [
    '',
    '2026-02-30T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
  ]) {
    assert.is(wallOfIso(iso), undefined, iso);
  }
});

// ---- topics

test('a topic reads back as what it was built from', () => {
  const site = 'cabinet-12';
  const topics = [
    { kind: 'status', site },
    { kind: 'heartbeat', site },
    { kind: 'ack', site },
    { kind: 'marks', site },
    { kind: 'alarm', site, class: 'opening' },
    { kind: 'event', site, category: 'opening' },
    { kind: 'state', site, of: 'zone', id: 'porte_1' },
    { kind: 'state-health', site },
    { kind: 'command', site, verb: 'unlock' },
    { kind: 'reply', site, id: 'c1' },
    { kind: 'centre-status' },
  ] as const;
  for (const topic of topics) assert.equal(parseTopic(topicOf(topic)), topic);
});

test('everything else is no topic', () => {
  const wrong = [
    '',
    'vigie',
    'vigie/v1',
    'vigie/v2/cabinet/status',
    'vigie/v1/+/status',
    'vigie/v1/centre/ack',
    'vigie/v1/centre/alarm/intrusion',
    'vigie/v1/cabinet/alarm/burglary',
    'vigie/v1/cabinet/event/intrusion',
    'vigie/v1/cabinet/alarm/intrusion/more',
    'vigie/v1/cabinet/state/area/#',
    'vigie/v1/cabinet/state/user/1',
    'vigie/v1//status',
    'vigie/v1/cabinet/status/',
    '/vigie/v1/cabinet/status',
    `vigie/v1/${'a'.repeat(65)}/status`,
  ];
  for (const text of wrong) assert.is(parseTopic(text), undefined, text);
  assert.not.ok(isSiteId('centre'));
  assert.ok(isSiteId('centre-ville'));
});

test('no text makes the topic parser throw', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.is(parseTopic(text), undefined)));
});

test.run();
