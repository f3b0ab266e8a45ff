/** The linter's configuration: a planted violation of each rule that the house counts on is found, and clean code has none. */
// deadline: 180s
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const PURE_ROOMS = ['core', 'calendar', 'protocol', 'paths', 'config'];

type Plant = { readonly rule: string; readonly path: string; readonly text: string };

const inPureRooms: readonly Plant[] = PURE_ROOMS.flatMap((room) => [
  { rule: 'no-restricted-globals', path: `src/${room}/date.ts`, text: 'export const a = Date.now();' },
  { rule: 'no-restricted-globals', path: `src/${room}/timer.ts`, text: 'export const a = setTimeout(String, 1);' },
  { rule: 'no-restricted-globals', path: `src/${room}/process.ts`, text: 'export const a = process.uptime();' },
  { rule: 'no-restricted-globals', path: `src/${room}/buffer.ts`, text: "export const a = Buffer.from('a');" },
  { rule: 'no-restricted-properties', path: `src/${room}/random.ts`, text: 'export const a = Math.random();' },
  { rule: 'no-restricted-imports', path: `src/${room}/node.ts`, text: "import { EOL } from 'node:os';\nexport const a = EOL;" },
  { rule: 'no-async-await', path: `src/${room}/async.ts`, text: "export const a = async (): Promise<string> => await 'a';" },
]);

const KINDS = "type Kind = 'a' | 'b';\n";
const PROMISE = 'declare const later: () => Promise<void>;\n';

const anywhere: readonly Plant[] = [
  {
    rule: 'no-floating-promises',
    path: 'src/runtime/floating.ts',
    text: `${PROMISE}export const a = (): void => {\n  later();\n};`,
  },
  { rule: 'no-misused-promises', path: 'src/drivers/x/misused.ts', text: `${PROMISE}export const a = setTimeout(later, 1);` },
  {
    rule: 'switch-exhaustiveness-check',
    path: 'src/core/switch.ts',
    text: `${KINDS}export const a = (kind: Kind): void => {\n  switch (kind) {\n    case 'a':\n      break;\n  }\n};`,
  },
  { rule: 'no-explicit-any', path: 'src/ports/any.ts', text: 'export const a = (b: any): unknown => b;' },
  { rule: 'no-default-export', path: 'src/cli/default.ts', text: 'export default 1;' },
  { rule: 'no-non-null-assertion', path: 'src/runtime/bang.ts', text: 'export const a = (b: string | undefined): string => b!;' },
  { rule: 'no-unsafe-type-assertion', path: 'src/core/cast.ts', text: 'export const a = (b: unknown): string => b as string;' },
  { rule: 'no-cycle', path: 'src/core/cycleA.ts', text: "import { b } from './cycleB.ts';\nexport const a = (): number => b();" },
  { rule: 'no-cycle', path: 'src/core/cycleB.ts', text: "import { a } from './cycleA.ts';\nexport const b = (): number => a();" },
  {
    rule: 'no-param-reassign',
    path: 'src/core/reassign.ts',
    text: 'export const a = (b: number): number => {\n  b += 1;\n  return b;\n};',
  },
];

const plants = [...inPureRooms, ...anywhere];

const clean: Readonly<Record<string, string>> = {
  'src/core/clean.ts': `${KINDS}export const a = (kind: Kind): number => {
  switch (kind) {
    case 'a':
      return 1;
    case 'b':
      return 2;
  }
};`,
  'src/drivers/x/clean.ts':
    "import { EOL } from 'node:os';\nexport const a = async (): Promise<string> => `${EOL}${Date.now()}`;",
};

const packageSchema = z.object({ scripts: z.object({ lint: z.string() }) });
const reportSchema = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

/** Exactly the versions that `npm run lint` uses. */
const lintPackages = (): readonly string[] =>
  packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).scripts.lint.match(/--package=\S+/g) ?? [];

const plant = (folder: string): void => {
  for (const name of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const files = [...plants.map(({ path, text }) => [path, text] as const), ...Object.entries(clean)];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
};

/** What is found, as `path rule`. */
const lint = (folder: string): ReadonlySet<string> => {
  const given = ['exec', '--yes', ...lintPackages(), '--', 'oxlint', '--type-aware', '--format', 'json', 'src'];
  const { stdout } = spawnSync('npm', given, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout));
  return new Set(diagnostics.map(({ code, filename }) => `${filename} ${/\((.+)\)/.exec(code)?.[1]}`));
};

const folder = mkdtempSync(join(tmpdir(), 'vigie-lint-'));
plant(folder);
const found = lint(folder);
rmSync(folder, { recursive: true });

const test = suite('lint');

test('names exact versions', () => {
  assert.is(lintPackages().length, 2);
  for (const name of lintPackages()) assert.match(name, /@\d+\.\d+\.\d+$/);
});

for (const { rule, path } of plants) {
  test(`${rule} in ${path}`, () =>
    assert.ok(found.has(`${path} ${rule}`), [...found].filter((line) => line.startsWith(path)).join()));
}

test('clean code is clean', () => {
  assert.equal(
    [...found].filter((line) => line.includes('clean.ts')),
    [],
  );
});

test.run();
