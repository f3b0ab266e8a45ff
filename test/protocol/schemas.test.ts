/** The published schemas are those of the code, and what is really sent satisfies them. `VIGIE_WRITE_DOCS=1` writes them. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVENT_KINDS } from '../../src/core/event.ts';
import { encode } from '../../src/protocol/payloads.ts';
import { decodeAck, decodeCentreStatus, decodeMarks } from '../../src/protocol/payloads.ts';
import { laneOf } from '../../src/protocol/eventCodes.ts';
import { PUBLISHED_SCHEMAS } from '../../src/protocol/schemas.ts';
import { happen, begin, makeWorld, run } from '../paths/world.ts';
import { eventSamples, pathSamples, schemaOfTopic } from './samples.ts';
import type { Sample } from './samples.ts';

const test = suite('published schemas');

const FOLDER = 'docs/schema';
const textOf = (name: string): string => `${JSON.stringify(PUBLISHED_SCHEMAS[name], null, 2)}\n`;

if (process.env['VIGIE_WRITE_DOCS']) {
  for (const name of Object.keys(PUBLISHED_SCHEMAS)) writeFileSync(`${FOLDER}/${name}.json`, textOf(name));
}

const published = (name: string): object => {
  const schema: unknown = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8'));
  assert.ok(typeof schema === 'object' && schema !== null);
  return schema ?? {};
};

const validators = new Map<string, ValidateFunction>();

const validator = (name: string): ValidateFunction => {
  const known = validators.get(name);
  if (known) return known;
  const made = new Ajv({ strict: true, strictTypes: false }).compile(published(name));
  validators.set(name, made);
  return made;
};

const check = ({ topic, message }: Sample): void => {
  const name = schemaOfTopic(topic);
  assert.ok(name, topic);
  const validate = validator(name ?? '');
  assert.ok(validate(message), `${topic}: ${JSON.stringify(validate.errors)} ${JSON.stringify(message)}`);
};

test('the files are the schemas of the code, one for each message', () => {
  assert.equal(
    readdirSync(FOLDER).toSorted(),
    Object.keys(PUBLISHED_SCHEMAS)
      .map((name) => `${name}.json`)
      .toSorted(),
  );
  for (const name of Object.keys(PUBLISHED_SCHEMAS))
    assert.is(readFileSync(`${FOLDER}/${name}.json`, 'utf8'), textOf(name), name);
});

test('nothing unknown is allowed in any object of a message, but the free facts of an event', () => {
  const open: string[] = [];
  const walk = (path: string, schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if (
      'type' in schema &&
      schema.type === 'object' &&
      !('additionalProperties' in schema && schema.additionalProperties === false)
    ) {
      open.push(path);
    }
    for (const [name, part] of Object.entries(schema)) walk(`${path}/${name}`, part);
  };
  for (const [name, schema] of Object.entries(PUBLISHED_SCHEMAS)) walk(name, schema);
  assert.equal(open, ['event/properties/detail']);
});

test('events of every kind that is sent, bare and with every fact', () => {
  const samples = eventSamples();
  assert.is(samples.length, 3 * EVENT_KINDS.filter((kind) => laneOf(kind) !== undefined).length);
  for (const sample of samples) check(sample);
});

test('everything a path publishes, its will included', () => {
  const samples = pathSamples();
  for (const sample of samples) check(sample);
  const seen = new Set(samples.map(({ topic }) => schemaOfTopic(topic)));
  assert.equal([...seen].toSorted(), [
    'event',
    'heartbeat',
    'reply',
    'state-area',
    'state-door',
    'state-health',
    'state-zone',
    'status',
  ]);
});

test('everything the centre answers', () => {
  const world = makeWorld();
  begin(world);
  run(world, 3_000);
  happen(world, 'intrusion');
  run(world, 1_000);
  const acks = world.effects.flatMap((effect) => (effect.kind === 'acknowledge' ? [effect.ack] : []));
  const marks = world.effects.flatMap((effect) => (effect.kind === 'marks' ? [effect.marks] : []));
  assert.ok(acks.length > 0 && marks.length > 0);
  for (const ack of acks) assert.ok(validator('ack')(ack) && decodeAck(encode(ack)).ok);
  for (const mark of marks) assert.ok(validator('marks')(mark) && decodeMarks(encode(mark)).ok);
  const status = { v: 1, status: 'online' };
  assert.ok(validator('centre-status')(status) && decodeCentreStatus(encode(status)).ok);
});

test('schemas refuse what the decoders refuse', () => {
  const ack = { epoch: 'e1', lane: 'alarm', seq: 4 };
  const wrong = [
    { ...ack, seq: -1 },
    { ...ack, lane: 'journal' },
    { ...ack, more: 1 },
    { epoch: 'e1', lane: 'alarm' },
    { ...ack, epoch: 'a/b' },
  ];
  for (const message of wrong) {
    assert.not.ok(validator('ack')(message), JSON.stringify(message));
    assert.not.ok(decodeAck(encode(message)).ok, JSON.stringify(message));
  }
});

test.run();
