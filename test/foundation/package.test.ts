/** What a user's `npm ci` relies on: exact versions, a lock for every machine Vigie runs on, no code run while installing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const versions = z.record(z.string(), z.string());
const packageSchema = z.object({
  scripts: versions,
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
  overrides: z.record(z.string(), versions),
  bin: versions,
});
const lockedSchema = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optionalDependencies: versions.optional(),
});
const lockSchema = z.object({ packages: z.record(z.string(), lockedSchema) });

const manifest = packageSchema.parse(JSON.parse(read('package.json')));
const locked = lockSchema.parse(JSON.parse(read('package-lock.json'))).packages;

const test = suite('package');

const { dependencies, devDependencies, optionalDependencies } = manifest;
/** Old packages that others ask for by range, put right by us. */
const overridden = new Set(Object.values(manifest.overrides).flatMap((overrides) => Object.keys(overrides)));

for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
  test(`${name} is pinned, and locked at that version`, () => {
    assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    assert.is(locked[`node_modules/${name}`]?.version, version);
  });
}

test('nothing runs while installing', () => assert.match(read('.npmrc'), /^ignore-scripts=true$/m));

test('the lock names no registry', () => {
  const addressed = Object.entries(locked).filter(([, entry]) => entry.resolved?.includes('://'));
  assert.equal(
    addressed.map(([name]) => name),
    [],
  );
});

/** A missing entry makes `npm ci` fail on that machine only, long after whoever lost it has gone. */
test('the lock holds every platform of what is native', () => {
  const missing = Object.values(locked)
    .flatMap((entry) => Object.entries(entry.optionalDependencies ?? {}))
    .filter(([name, version]) => !overridden.has(name) && locked[`node_modules/${name}`]?.version !== version)
    .map(([name]) => name);
  assert.equal(missing, []);
});

const NATIVE = ['@libsql/linux-x64-gnu', '@libsql/linux-arm64-gnu', '@libsql/linux-arm-gnueabihf'];
const FOREIGN = ['x64', 'arm64', 'arm'].map((chip) => `@koromix/koffi-linux-${chip}`);
const COMPILER = ['x64', 'arm64', 'arm'].map((chip) => `@typescript/typescript-linux-${chip}`);

for (const name of [...NATIVE, ...FOREIGN, ...COMPILER]) {
  test(`${name} is in the lock`, () => assert.ok(locked[`node_modules/${name}`]));
}

test('there is one serialport, and it is ours', () => {
  const copies = Object.keys(locked).filter((name) => /(?:^|\/)node_modules\/serialport$/.test(name));
  assert.equal(copies, ['node_modules/serialport']);
});

test('lint and format are not in the lock', () => {
  assert.equal(
    Object.keys(locked).filter((name) => /oxlint|oxfmt/.test(name)),
    [],
  );
});

test('the README gives both commands as they are run', () => {
  for (const command of ['npm ci && npm start', 'npm ci && npm test']) assert.match(read('README.md'), command);
});

test('every document that the README names is there', () => {
  const named = [...read('README.md').matchAll(/`((?:docs|scripts|boards|config)\/[\w./-]+\.\w+|[A-Z]+(?:\.md)?)`/g)].map(
    (match) => match[1] ?? '',
  );
  assert.ok(named.length > 2, named.join());
  assert.equal(
    named.filter((name) => name !== '' && !existsSync(join(root, name))),
    [],
  );
});

test.run();
