import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { siteTools } from '../../src/cli/siteTools.ts';
import { DEMO_CODES, DEMO_OPERATOR } from '../../src/config/demo.ts';
import { loadSite } from '../../src/config/load.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';
import { referenceText } from '../../src/config/reference.ts';
import { siteSchema, siteSchemaText } from '../../src/config/schema.ts';
import { isRecord } from '../../src/config/schemaWalk.ts';
import { siteOf as coreSiteOf } from '../../src/core/site.ts';
import { digestOf, saltOf } from '../../src/drivers/secrets/scrypt.ts';
import { credentialLookup } from '../../src/ports/secrets.ts';
import { SITE } from './support.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const FILES = ['cabinet', 'cabinet-pi4', 'officine', 'minimal'] as const;
const WARNINGS: Readonly<Record<(typeof FILES)[number], readonly string[]>> = {
  cabinet: ['demo-codes', 'demo-key'],
  'cabinet-pi4': ['demo-codes'],
  officine: ['demo-codes'],
  minimal: ['backup-not-supervised', 'demo-codes'],
};
const siteOf = (file: string): SiteFile => {
  const result = loadSite(read(`config/${file}.yaml`), siteTools);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.site;
};

const examples = suite('the example sites');

examples('these are all there are', () => {
  const files = readdirSync(`${root}config`).filter((name) => name.endsWith('.yaml'));
  assert.equal(files.toSorted(), FILES.map((file) => `${file}.yaml`).toSorted());
});

for (const file of FILES) {
  examples(`${file}: no fault; warned of its demo codes, and of nothing else that it does not mean`, () => {
    const result = loadSite(read(`config/${file}.yaml`), siteTools);
    assert.ok(result.ok);
    assert.equal(result.ok && result.warnings.map(({ code }) => code), WARNINGS[file]);
  });
  examples(`${file}: an editor finds its schema`, () => {
    assert.ok(read(`config/${file}.yaml`).startsWith('# yaml-language-server: $schema=./vigie.schema.json\n'));
  });
  examples(`${file}: the core’s look-ups have all of it`, () => {
    const { core } = siteOf(file);
    const site = coreSiteOf(core);
    assert.is(site.zoneOfLine.size, core.zones.length);
    assert.is(site.zones.size, core.zones.length);
  });
}

examples('the practice has what a practice has', () => {
  const { core, schedules } = siteOf('cabinet');
  const types = new Set(core.zones.map(({ type }) => type));
  for (const type of [
    'entry-exit',
    'follower',
    'instant',
    'interior',
    '24h',
    'exit-guard',
    'latch',
    'technical',
    'holdup-silent',
    'keyswitch',
  ] as const) {
    assert.ok(types.has(type), type);
  }
  assert.ok(core.keypads.some(({ id, place }) => id === 'entrance' && place === 'inside'));
  assert.is(core.areas[0]?.openingConfirmMs, 300_000);
  assert.is(core.areas[0]?.autoArm?.schedule, 'closed-hours');
  assert.ok(schedules.some(({ id }) => id === 'closed-hours'));
  assert.equal(new Set(core.users.map(({ role }) => role)).size, 6);
});

examples('the pharmacy has two areas, their common lobby, and a hatch that night mode leaves out', () => {
  const { core } = siteOf('officine');
  assert.equal(core.areas.find(({ id }) => id === 'sas')?.common, ['officine', 'reserve']);
  assert.ok(core.zones.find(({ id }) => id === 'duty-hatch')?.duty);
});

/** `door kind lock, way out`. */
const locksOf = (file: string): readonly string[] =>
  siteOf(file).core.doors.flatMap(({ id, kind, lock, egress }) =>
    lock ? [`${id} ${kind} ${lock.kind}, ${egress ?? 'none'}`] : [],
  );

examples('the practice locks its street door, the sas of its deliveries and its drugs', () => {
  assert.equal(locksOf('cabinet'), [
    'street door strike-fail-secure, handle',
    'delivery door strike-fail-secure, handle',
    'delivery-inner door strike-fail-secure, handle',
    'drug-cupboard cupboard strike-fail-secure, none',
  ]);
  const { core } = siteOf('cabinet');
  assert.equal(
    core.doors.filter(({ interlock }) => interlock === 'delivery-sas').map(({ id }) => id),
    ['delivery', 'delivery-inner'],
  );
  assert.equal(core.users.find(({ id }) => id === 'delivery')?.doors, ['delivery']);
  assert.equal(
    core.doors.filter(({ remote }) => remote).map(({ id }) => id),
    ['street'],
  );
});

examples('the pharmacy stands open by its hours, and its hatch has a button and nothing else', () => {
  assert.equal(locksOf('officine'), [
    'shop door maglock, hardware-release',
    'duty-hatch hatch strike-fail-secure, handle',
    'stock store motor, handle',
    'safe safe strike-fail-secure, none',
  ]);
  const { core } = siteOf('officine');
  const shop = core.doors.find(({ id }) => id === 'shop');
  assert.equal(shop?.access?.freeAccess, { schedule: 'opening-hours', firstPersonIn: true });
  assert.equal(core.doors.find(({ id }) => id === 'duty-hatch')?.requests, ['duty-hatch-button']);
  assert.is(core.doors.find(({ id }) => id === 'safe')?.access?.credential, 'both');
});

examples('the practice on a Raspberry Pi has contacts and relays on the Pi, and what it measures on the expander', () => {
  const site = siteOf('cabinet-pi4');
  assert.ok(site.board.driver === 'gpio');
  assert.is(site.board.model, 'raspberry-pi-4');
  assert.is(Object.keys(site.board.offsets).length, 11);
  assert.equal(
    site.expanders.map(({ id, model }) => [id, model]),
    [['box', 'arduino-uno-firmata']],
  );
  const analog = site.inputs.filter(({ kind }) => kind === 'analog');
  assert.equal(
    analog.map(({ line }) => [line, site.expanders[0]?.pins[line]?.channel]),
    [
      ['box.A0', 0],
      ['box.A1', 1],
      ['box.A2', 2],
    ],
  );
});

examples('the others are on the simulated board', () => {
  for (const file of ['cabinet', 'officine', 'minimal'] as const) assert.equal(siteOf(file).board, { driver: 'sim' });
});
examples.run();

const demo = suite('the demo codes');

for (const { file, user, kind, meaning, text, digest } of DEMO_CODES) {
  demo(`${file}: ${text} is ${user}’s ${kind}, ${meaning}`, () => {
    const site = siteOf(file);
    assert.is(digestOf(kind, text, saltOf(site.security.salt, undefined)), digest);
    assert.equal(credentialLookup(site.credentials)(digest), { user, meaning, by: kind });
  });
}

demo('no code of an example is missing from the table, and the documentation lists each', () => {
  const docs = read('docs/config.md');
  for (const file of FILES) {
    const listed = DEMO_CODES.filter((row) => row.file === file);
    assert.is(siteOf(file).credentials.length, listed.length);
    assert.equal(siteOf(file).demoUsers.toSorted(), [...new Set(listed.map(({ user }) => user))].toSorted());
    for (const { user, text } of listed)
      assert.match(docs, new RegExp(`\\| ${file} \\| ${user} \\| [a-z ]+ \\| \`${text}\` \\|`));
  }
});

demo('the private key of the demo operator is the one that is printed, and belongs to the public one', () => {
  const { operator, seed, publicKey } = DEMO_OPERATOR;
  // PKCS #8 of an Ed25519 seed: RFC 8410, 7.
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  assert.is(spki.subarray(-32).toString('hex'), publicKey);
  const site = siteOf('cabinet');
  assert.equal(site.demoOperators, [operator]);
  assert.is(Buffer.from(site.operators[0]?.publicKey ?? []).toString('hex'), publicKey);
  assert.match(read('docs/config.md'), seed);
  for (const file of ['cabinet-pi4', 'officine', 'minimal']) assert.equal(siteOf(file).demoOperators, []);
});

demo('the secretary of the practice has 2580', () => {
  assert.ok(
    DEMO_CODES.some(
      ({ file, user, text, meaning }) => file === 'cabinet' && user === 'martin' && text === '2580' && meaning === 'normal',
    ),
  );
});
demo.run();

const schema = suite('the schema for editors');
const validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(siteSchema());

schema('the file that is kept is the one the shapes give: node dist/scripts/schema.js writes it', () => {
  assert.is(read('config/vigie.schema.json'), siteSchemaText());
});

schema('the page of settings is the one the shapes give, and has a row for each limit that people ask for', () => {
  assert.is(read('docs/settings.md'), referenceText());
  assert.match(read('docs/settings.md'), /`areas\.\*\.entryDelay` \| duration \| `30s` \| .* From 0s to 45s\./);
});

schema('it is draft-07', () => assert.is(siteSchema()['$schema'], 'http://json-schema.org/draft-07/schema#'));

for (const file of FILES) {
  schema(`it accepts ${file}.yaml`, () => {
    const value: unknown = parse(read(`config/${file}.yaml`));
    assert.ok(validate(value), JSON.stringify(validate.errors));
  });
}

for (const [name, from, to] of [
  ['an unknown key', 'site: test', 'site: test\nsiet: test'],
  ['an id in capitals', 'hall:', 'Hall:'],
  ['a duration without unit', 'number: 2', 'number: 2, debounce: 20'],
  ['a type there is not', 'type: follower', 'type: folower'],
] as const) {
  schema(`it refuses ${name}, as check does`, () => {
    const text = SITE.replace(from, to);
    assert.not(validate(parse(text)));
    assert.not(loadSite(text, siteTools).ok);
  });
}

/** Paths of settings that have no description. */
const undescribed = (node: unknown, path: string): string[] => {
  if (!isRecord(node)) return [];
  const options = Array.isArray(node['oneOf']) ? node['oneOf'].flatMap((option: unknown) => undescribed(option, path)) : [];
  const below = undescribed(node['additionalProperties'], `${path}.*`);
  const properties = isRecord(node['properties']) ? node['properties'] : {};
  const own = Object.entries(properties).flatMap(([key, value]) => {
    const missing =
      isRecord(value) && (typeof value['description'] === 'string' || key === 'role' || key === 'kind') ? [] : [`${path}.${key}`];
    return [...missing, ...undescribed(value, `${path}.${key}`)];
  });
  return [...options, ...below, ...own];
};

schema('every setting says what it is', () => assert.equal(undescribed(siteSchema(), ''), []));
schema.run();
