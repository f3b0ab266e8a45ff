/** A planted violation of each rule is found, what only looks like one is not, and the project itself has none. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, problemsIn } from '../../scripts/tidy/rules.ts';
import { problemText, problemsUnder } from '../../scripts/tidy/tree.ts';

const found = (path: string, text: string): string[] => problemsIn(path, text).map(({ rule, line }) => `${rule}:${line}`);

const lines = (count: number): string => 'a();\n'.repeat(count);
const arrow = (count: number): string => `export const f = (): void => {\n${lines(count - 2)}};\n`;
const declared = (count: number): string => `export function f(a: { b: 1 }): { c: 1 } | undefined {\n${lines(count - 2)}}\n`;
const value = (count: number): string => `export const f = () => ({\n${'  a: 1,\n'.repeat(count - 2)}});\n`;

type Row = readonly [what: string, path: string, text: string, found: readonly string[]];

const arrows: readonly Row[] = [
  ['core may import core', 'src/core/zone/a.ts', "import { b } from '../time.ts';", []],
  ['core may not import a port', 'src/core/a.ts', "import type { B } from '../ports/b.ts';", ['import-arrow:1']],
  ['core may not import a package', 'src/core/a.ts', "import { z } from 'zod';", ['import-arrow:1']],
  ['core may not import node', 'src/core/a.ts', "\nimport { readFileSync } from 'node:fs';", ['import-arrow:2']],
  ['core may not import for the effect', 'src/core/a.ts', "import '../runtime/b.ts';", ['import-arrow:1']],
  ['core may not import later', 'src/core/a.ts', "const b = import('../runtime/b.ts');", ['import-arrow:1']],
  ['core may not pass on', 'src/core/a.ts', "export * from '../protocol/b.ts';", ['import-arrow:1']],
  ['calendar may import a type from core', 'src/calendar/a.ts', "import type { B } from '../core/step.ts';", []],
  ['calendar may import vocabulary', 'src/calendar/a.ts', "import { DAY } from '../core/time.ts';", []],
  ['calendar may not import decisions', 'src/calendar/a.ts', "import { step } from '../core/step.ts';", ['import-arrow:1']],
  ['protocol may not import paths', 'src/protocol/a.ts', "import type { B } from '../paths/b.ts';", ['import-arrow:1']],
  ['paths may import protocol', 'src/paths/a.ts', "import { b } from '../protocol/b.ts';", []],
  ['paths may not import ports', 'src/paths/a.ts', "import type { B } from '../ports/b.ts';", ['import-arrow:1']],
  ['config may import yaml and zod', 'src/config/a.ts', "import { parse } from 'yaml';\nimport { z } from 'zod';", []],
  ['config may not import ajv', 'src/config/a.ts', "import ajv from 'ajv';", ['import-arrow:1']],
  ['config may not import node', 'src/config/a.ts', "import { join } from 'node:path';", ['import-arrow:1']],
  ['ports may not import node', 'src/ports/a.ts', "import type { Socket } from 'node:net';", ['import-arrow:1']],
  [
    'a driver may import ports, protocol, npm and node',
    'src/drivers/x/a.ts',
    "import type { B } from '../../ports/b.ts';\nimport { c } from '../../protocol/c.ts';\nimport 'node:net';\nimport 'mqtt';",
    [],
  ],
  ['a driver may import its own', 'src/drivers/x/a.ts', "import { b } from './b.ts';", []],
  ['a driver may not import another', 'src/drivers/x/a.ts', "import { b } from '../y/b.ts';", ['import-arrow:1']],
  ['a driver may not import the runtime', 'src/drivers/x/a.ts', "import { b } from '../../runtime/b.ts';", ['import-arrow:1']],
  ['runtime may import core', 'src/runtime/a.ts', "import { step } from '../core/step.ts';", []],
  ['runtime may not import a driver', 'src/runtime/a.ts', "import { b } from '../drivers/x/b.ts';", ['import-arrow:1']],
  ['nothing imports the tests', 'src/cli/a.ts', "import { b } from '../../test/core/b.ts';", ['import-arrow:1']],
  ['cli may import all rooms', 'src/cli/a.ts', "import { b } from '../drivers/x/b.ts';\nimport 'node:fs';", []],
  ['main may import all rooms', 'src/main.ts', "import { b } from './cli/b.ts';\nimport { c } from './drivers/x/c.ts';", []],
  ['a room must be known', 'src/attic/a.ts', 'export const a = 1;', ['unknown-room:1']],
  ['a property named from is no import', 'src/core/a.ts', "const a = { from: 'node:fs' };", []],
  ['an import in a comment is none', 'src/core/a.ts', "// import 'node:fs'\n", []],
];

const IMPURE = ['Date.now()', 'new Date(0)', 'setTimeout(f, 1)', 'setInterval(f, 1)', 'setImmediate(f)', 'queueMicrotask(f)'];
const IMPURE_TOO = [
  'process.hrtime()',
  'performance.now()',
  'Math.random()',
  'console.log(1)',
  'Buffer.from([])',
  'Promise.resolve()',
];
const PURE_ROOMS = ['core', 'calendar', 'protocol', 'paths', 'config'];

const purity: readonly Row[] = [
  ...[...IMPURE, ...IMPURE_TOO, 'globalThis.x', 'fetch(a)', "require('fs')", 'async () => 1'].map((code): Row => [
    `core may not use ${code}`,
    'src/core/a.ts',
    `const a = 1;\nconst b = ${code};`,
    ['impure:2'],
  ]),
  ...PURE_ROOMS.map((room): Row => [`${room} is pure`, `src/${room}/a.ts`, 'export const a = Date.now();', ['impure:1']]),
  ['spread does not hide it', 'src/core/a.ts', 'const a = [...process.argv];', ['impure:1', 'process-use:1']],
  ['a template does not hide it', 'src/core/a.ts', 'const a = `${Date.now()}`;', ['impure:1']],
  ['a property of that name is none', 'src/core/a.ts', 'const a = { process: 1 }; a.process;', []],
  ['prose of that name is none', 'src/core/a.ts', '/** The Date of a process. */\nconst a = "Date";', []],
  ['a driver has clocks', 'src/drivers/x/a.ts', 'const a = async () => Date.now();', []],
];

const processUse: readonly Row[] = [
  ...['argv', 'exit(1)', 'env', 'exitCode'].map((part): Row => [
    `a driver may not use process.${part}`,
    'src/drivers/x/a.ts',
    `process.${part};`,
    ['process-use:1'],
  ]),
  ['the runtime may not end the process', 'src/runtime/a.ts', 'process.exit(1);', ['process-use:1']],
  ['cli and main may', 'src/cli/a.ts', 'process.exit(1);', []],
  ['main may', 'src/main.ts', 'process.argv;', []],
  ['scripts may', 'scripts/a.ts', 'process.exit(1);', []],
  ['memory is no such use', 'src/drivers/x/a.ts', 'process.memoryUsage();', []],
];

const sizes: readonly Row[] = [
  ['a file as long as allowed', 'src/core/a.ts', lines(FILE_LINES_MAX), []],
  ['a file too long', 'src/core/a.ts', lines(FILE_LINES_MAX + 1), [`file-length:${FILE_LINES_MAX + 1}`]],
  ['an arrow as long as allowed', 'src/core/a.ts', arrow(FUNCTION_LINES_MAX), []],
  ['an arrow too long', 'src/core/a.ts', arrow(FUNCTION_LINES_MAX + 1), ['function-length:1']],
  ['a function as long as allowed', 'src/core/a.ts', declared(FUNCTION_LINES_MAX), []],
  ['a function too long, past its return type', 'src/core/a.ts', declared(FUNCTION_LINES_MAX + 1), ['function-length:1']],
  ['an arrow to a value too long', 'scripts/a.ts', value(FUNCTION_LINES_MAX + 1), ['function-length:1']],
  ['a method too long', 'scripts/a.ts', `x = {\n  f() {\n${lines(FUNCTION_LINES_MAX)}}\n};`, ['function-length:2']],
  ['a contract suite is as long as its tests', 'test/a.ts', arrow(FUNCTION_LINES_MAX + 1), []],
  ['a long loop is no function', 'scripts/a.ts', `for (const a of b) {\n${lines(FUNCTION_LINES_MAX)}}`, []],
  ['a long table is no function', 'scripts/a.ts', `const a = [\n${'  1,\n'.repeat(FUNCTION_LINES_MAX)}];`, []],
  ['a line too long', 'test/a.ts', `a;\n// ${'x'.repeat(128)}`, ['line-length:2']],
  ['a line as long as allowed', 'test/a.ts', `// ${'x'.repeat(127)}`, []],
];

const MARKERS = [['TO', 'DO'].join(''), ['FIX', 'ME'].join('')];
const ESCAPES = ['oxlint disable line', '@ts ignore', '@ts expect error'].map((words) => `// ${words.replaceAll(' ', '-')}`);
const FOLDERS = ['work', 'home', 'root'].map((folder) => `/${folder}/`);

const texts: readonly Row[] = [
  ...MARKERS.map((mark): Row => [`${mark} in code`, 'src/core/a.ts', `\n// ${mark}: later`, ['unfinished:2']]),
  ...MARKERS.map((mark): Row => [`${mark} in prose`, 'docs/a.md', mark, ['unfinished:1']]),
  ...FOLDERS.map((folder): Row => [`${folder} in code`, 'scripts/a.ts', `const a = '${folder}x';`, ['machine-path:1']]),
  ...FOLDERS.map((folder): Row => [`${folder} in a script`, '.ci/run', `cd ${folder}x`, ['machine-path:1']]),
  ...ESCAPES.map((code): Row => [code, 'src/core/a.ts', code, ['escape:1']]),
  ['a page of that name is no path', 'docs/a.md', `https://example.org${FOLDERS[1]}x`, []],
  ['todoList is no marker', 'src/core/a.ts', 'const todoList = [];', []],
];

const tests: readonly Row[] = [
  ['only', 'test/a.test.ts', "a();\nsome.only('x', f);", ['test-left-out:2']],
  ['skip', 'test/a.test.ts', "some.skip('x', f);", ['test-left-out:1']],
  ['only in a string', 'test/a.test.ts', "const a = 'some.only(';", []],
  ['a suite that runs', 'test/a.test.ts', "const some = suite('a');\nsome('x', f);\nsome.run();", []],
  ['a suite that never runs', 'test/a.test.ts', "const b = suite('b');\nb.run();\nconst some = suite('a');", ['suite-not-run:3']],
];

for (const [name, rows] of Object.entries({ arrows, purity, processUse, sizes, texts, tests })) {
  const test = suite(`tidy ${name}`);
  for (const [what, path, text, expected] of rows) test(what, () => assert.equal(found(path, text), expected));
  test.run();
}

// ---- trees

const tree = suite('tidy trees');

const inTree = (files: Readonly<Record<string, string>>, act: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-tidy-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

tree('every folder is read, hidden ones too, but nothing that is not ours', () => {
  const bad = `${MARKERS[0]}\n`;
  const files = { '.ci/run': bad, 'docs/a.md': bad, 'src/core/a.ts': `// ${bad}`, 'dist/a.js': bad, 'node_modules/a/b.ts': bad };
  inTree(files, (folder) => {
    const { files: count, problems } = problemsUnder(folder);
    assert.is(count, 3);
    assert.equal(
      problems.map(problemText).map((text) => text.split(' ')[0]),
      ['.ci/run:1', 'docs/a.md:1', 'src/core/a.ts:1'],
    );
  });
});

tree('the project is tidy', () => {
  const { files, problems } = problemsUnder(fileURLToPath(new URL('../../..', import.meta.url)));
  assert.ok(files > 20, `only ${files} files found`);
  assert.is(problems.map(problemText).join('\n'), '');
});

tree.run();
