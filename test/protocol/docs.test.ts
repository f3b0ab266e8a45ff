/**
 * The examples and the table in docs/monitoring-centre.md are what the code makes. `VIGIE_WRITE_DOCS=1` writes them there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVENT_KINDS } from '../../src/core/event.ts';
import { wall } from '../../src/core/time.ts';
import { COMMAND_REFUSALS, signedBytes } from '../../src/protocol/commands.ts';
import { codeOf } from '../../src/protocol/eventCodes.ts';
import { isoOf } from '../../src/protocol/instant.ts';
import { PUBLISHED_SCHEMAS } from '../../src/protocol/schemas.ts';
import { topicOf } from '../../src/protocol/topics.ts';
import { eventSample, schemaOfTopic } from './samples.ts';
import type { Sample } from './samples.ts';
import { UNLOCK_VECTOR } from '../support/unlockVector.ts';

const test = suite('the page for integrators');

const PAGE = 'docs/monitoring-centre.md';
const site = 'cabinet';
const epoch = '9f2c1b7a4e5d6038';
const at = isoOf(wall(Date.UTC(2026, 10, 23, 19, 42, 7, 318)));
const lanes = { alarm: { head: 41, acknowledged: 40 }, event: { head: 1893, acknowledged: 1893 } };

const { fields: vector } = UNLOCK_VECTOR;

const never: Sample = { topic: '', message: undefined };

const samples: Readonly<Record<string, Sample>> = {
  intrusion:
    eventSample('intrusion', { area: site, zone: 'fenetre-cour', cause: 'zone', confirmed: false, recentClosing: false }) ??
    never,
  holdup: eventSample('holdup-silent', { area: site, zone: 'bouton-accueil', cause: 'zone' }, 42) ?? never,
  'arm-refused':
    eventSample(
      'arm-refused',
      {
        area: site,
        user: 'claire',
        keypad: 'entree',
        mode: 'full',
        cause: 'keypad',
        blockers: [
          { kind: 'zone-open', zone: 'fenetre-cour' },
          { kind: 'latch-open', door: 'porte-livraison' },
          { kind: 'checklist', item: 'caisse' },
        ],
      },
      1893,
    ) ?? never,
  ack: { topic: topicOf({ kind: 'ack', site }), message: { epoch, lane: 'alarm', seq: 41 } },
  'ack-also': { topic: topicOf({ kind: 'ack', site }), message: { epoch, lane: 'alarm', seq: 41, also: [{ from: 43, to: 47 }] } },
  marks: { topic: topicOf({ kind: 'marks', site }), message: { v: 1, epoch, alarm: 41, event: 1893 } },
  status: {
    topic: topicOf({ kind: 'status', site }),
    message: {
      v: 1,
      site,
      status: 'online',
      epoch,
      boot: 7,
      version: '0.1.0',
      at,
      atQuality: 'synchronised',
      lanes,
      unsupervised: ['battery'],
    },
  },
  will: { topic: topicOf({ kind: 'status', site }), message: { v: 1, site, status: 'offline', boot: 7, reason: 'lost' } },
  heartbeat: {
    topic: topicOf({ kind: 'heartbeat', site }),
    message: {
      v: 1,
      site,
      epoch,
      boot: 7,
      at,
      atQuality: 'synchronised',
      intervalMs: 30_000,
      uptimeMs: 86_400_000,
      lanes,
      chainHead: '5d41402abc4b2a76b9719d911017c592',
      stateDigest: '7d793037a0760186574b0282f2f435e7',
      health: 'ok',
      faults: [],
      pendingUntil: '2026-11-23T19:42:37.318Z',
    },
  },
  'centre-status': { topic: topicOf({ kind: 'centre-status' }), message: { v: 1, status: 'online' } },
  'ask-challenge': {
    topic: topicOf({ kind: 'command', site, verb: 'challenge' }),
    message: { v: 1, id: '01JD8Y', operator: 'paul' },
  },
  challenge: {
    topic: topicOf({ kind: 'reply', site, id: '01JD8Y' }),
    message: { v: 1, id: '01JD8Y', verb: 'challenge', ok: true, challenge: vector.challenge, expiresInMs: 15_000 },
  },
  unlock: {
    topic: topicOf({ kind: 'command', site, verb: 'unlock' }),
    message: {
      v: 1,
      id: vector.command,
      operator: vector.operator,
      site,
      door: vector.door,
      challenge: vector.challenge,
      signature: UNLOCK_VECTOR.signature,
    },
  },
  released: {
    topic: topicOf({ kind: 'reply', site, id: vector.command }),
    message: { v: 1, id: vector.command, verb: 'unlock', ok: true, door: vector.door, stage: 'released', final: false },
  },
  refused: {
    topic: topicOf({ kind: 'reply', site, id: vector.command }),
    message: { v: 1, id: vector.command, verb: 'unlock', ok: false, reason: 'area-armed' },
  },
};

const example = ({ topic, message }: Sample): string => `\`${topic}\`\n\n\`\`\`json\n${JSON.stringify(message, null, 2)}\n\`\`\``;

const kindRow = (kind: (typeof EVENT_KINDS)[number]): readonly string[] => {
  const code = codeOf(kind);
  if (code.lane === 'journal') return [];
  const cells = [
    `\`${kind}\``,
    `\`${code.lane}/${code.class}\``,
    code.phase,
    code.priority,
    code.sia,
    `${code.cid.qualifier}${code.cid.code}`,
  ];
  return [`| ${[...cells, code.covert ? 'covert' : ''].join(' | ')} |`];
};

const kinds = (): string =>
  [
    '| kind | topic | phase | priority | SIA | Contact ID | |',
    '|---|---|---|---|---|---|---|',
    ...EVENT_KINDS.flatMap(kindRow),
  ].join('\n');

/** A published key, and what it signs. */
const signed = (): string =>
  [
    '```',
    `private key  ${UNLOCK_VECTOR.seed}`,
    `public key   ${UNLOCK_VECTOR.publicKey}`,
    `bytes        ${new TextDecoder().decode(signedBytes(vector))}`,
    `signature    ${UNLOCK_VECTOR.signature}`,
    '```',
  ].join('\n');

const TEXTS: Readonly<Record<string, () => string>> = { kinds, signed };

const generated = (name: string): string => {
  const sample = samples[name];
  return sample ? example(sample) : (TEXTS[name]?.() ?? '');
};

const BLOCK = /<!-- generated: ([a-z-]+) -->\n[^]*?<!-- end -->/g;

const rewritten = (page: string): string =>
  page.replace(BLOCK, (_, name: string) => `<!-- generated: ${name} -->\n\n${generated(name)}\n\n<!-- end -->`);

if (process.env['VIGIE_WRITE_DOCS']) writeFileSync(PAGE, rewritten(readFileSync(PAGE, 'utf8')));

test('has every example and the table as the code makes them', () => {
  const page = readFileSync(PAGE, 'utf8');
  const names = [...page.matchAll(BLOCK)].map((match) => match[1] ?? '');
  assert.equal(names.toSorted(), [...Object.keys(samples), ...Object.keys(TEXTS)].toSorted());
  assert.is(page, rewritten(page));
});

test('its examples satisfy the published schemas', () => {
  const ajv = new Ajv({ strict: true, strictTypes: false });
  for (const [name, { topic, message }] of Object.entries(samples)) {
    const schema = PUBLISHED_SCHEMAS[schemaOfTopic(topic) ?? ''];
    assert.ok(schema && ajv.validate(schema, message), `${name} ${ajv.errorsText()}`);
  }
});

test('names every published schema', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const name of Object.keys(PUBLISHED_SCHEMAS)) assert.ok(page.includes(`(schema/${name}.json)`), name);
});

test('names every reason for which a command is refused on its way', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const reason of COMMAND_REFUSALS) assert.ok(page.includes(`\`${reason}\``), reason);
});

test.run();
