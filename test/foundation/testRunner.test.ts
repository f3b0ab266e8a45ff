/** The runner against every way in which a uvu file ends green without having passed, and against good files. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deadlineMsIn, flawText, judge, killAll, planTests, runProgram, runTests } from '../../scripts/testRunner.ts';
import type { Choice } from '../../scripts/testRunner.ts';
import type { Flaw, Verdict } from '../../scripts/testRunner.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixture = (name: string): string => join(root, 'test/foundation/fixtures', `${name}.mjs`);

const verdictOf = async (name: string, deadlineMs = 15_000): Promise<Verdict> =>
  judge(await runProgram(fixture(name), deadlineMs), deadlineMs);

const verdicts = suite('the runner believes');

for (const [name, passed] of [
  ['good', 2],
  ['good-two-suites', 2],
] as const) {
  verdicts(name, async () => assert.equal(await verdictOf(name), { passed, failed: 0, flaw: undefined }));
}

verdicts('a file that leaves a process behind, which ends with it', async () => {
  const ending = await runProgram(fixture('leaves-process'), 15_000);
  assert.equal(judge(ending, 15_000), { passed: 1, failed: 0, flaw: undefined });
  assert.ok(ending.tookMs < 10_000, `took ${ending.tookMs} ms`);
});

verdicts.run();

const flaws = suite('the runner does not believe');

const BAD: readonly (readonly [string, Flaw['reason'], number])[] = [
  ['failing', 'not-all-passed', 1],
  ['run-forgotten', 'no-summary', 1],
  ['run-too-late', 'several-summaries', 1],
  ['no-test', 'no-tests', 1],
  ['before-throws', 'not-all-passed', 1],
  ['after-throws', 'no-summary', 1],
  ['after-each-throws-too', 'not-all-passed', 1],
  ['throws-null', 'not-all-passed', 2],
  ['throws-string', 'not-all-passed', 2],
  ['left-only', 'skipped', 1],
  ['left-skip', 'skipped', 1],
  ['never-settles', 'no-summary', 1],
  ['exits-early', 'no-summary', 1],
  ['exits-before-any', 'no-summary', 1],
  ['exit-code', 'exit-code', 1],
  ['rejects-unhandled', 'exit-code', 1],
  ['killed', 'killed', 1],
  ['does-not-load', 'no-summary', 1],
];

for (const [name, reason, failed] of BAD) {
  flaws(`${name}: ${reason}`, async () => {
    const verdict = await verdictOf(name);
    assert.is(verdict.flaw?.reason, reason);
    assert.is(verdict.failed, failed);
    assert.ok(verdict.flaw && flawText(verdict.flaw).length > 0);
  });
}

flaws('leaks-handle: timed-out, killed at its deadline', async () => {
  const verdict = await verdictOf('leaks-handle', 1_500);
  assert.equal(verdict.flaw, { reason: 'timed-out', deadlineMs: 1_500 });
  assert.is(verdict.failed, 1);
});

flaws('what is ended with all the rest, as when a person stops the run', async () => {
  const ending = runProgram(fixture('leaks-handle'), 15_000);
  killAll();
  assert.equal(judge(await ending, 15_000).flaw, { reason: 'killed', signal: 'SIGKILL' });
});

flaws.run();

// ---- a whole run, on a small tree of its own

const PASSES = "import { suite } from 'uvu';\nconst test = suite('a');\ntest('a', () => {});\ntest.run();\n";
const FAILS = PASSES.replace('() => {}', "() => { throw new Error('spilt milk'); }");

const ALL: Choice = { filters: [], system: false, kernel: false, quick: false };

type Tree = Readonly<Record<string, string>>;

const inTree = async (tree: Tree, act: (folder: string) => Promise<void> | void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-runner-'));
  try {
    mkdirSync(join(folder, 'test'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [name, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const runIn = async (folder: string, filters: readonly string[]): Promise<{ good: boolean; lines: string[] }> => {
  const lines: string[] = [];
  const good = await runTests({
    root: folder,
    filters,
    system: false,
    kernel: false,
    quick: false,
    print: (text) => lines.push(text),
  });
  return { good, lines };
};

const runs = suite('a run');

runs('is good when all is, and counts', () =>
  inTree(
    { 'test/a.test.ts': '', 'dist/test/a.test.js': PASSES, 'test/b/c.test.ts': '', 'dist/test/b/c.test.js': PASSES },
    async (folder) => {
      const { good, lines } = await runIn(folder, []);
      assert.is(good, true);
      assert.is(lines.at(-1), '2 passed, 0 failed');
    },
  ),
);

runs('prints what a failing file said, and not what a good one said', () =>
  inTree(
    { 'test/a.test.ts': '', 'dist/test/a.test.js': PASSES, 'test/b.test.ts': '', 'dist/test/b.test.js': FAILS },
    async (folder) => {
      const { good, lines } = await runIn(folder, []);
      assert.is(good, false);
      assert.is(lines.at(-1), '1 passed, 1 failed');
      assert.match(lines.join('\n'), 'spilt milk');
      assert.is(lines.join('\n').match(/Total:/g)?.length, 1);
    },
  ),
);

runs('does not run the compiled remains of a deleted test', () =>
  inTree({ 'test/a.test.ts': '', 'dist/test/a.test.js': PASSES, 'dist/test/gone.test.js': FAILS }, async (folder) => {
    assert.is((await runIn(folder, [])).good, true);
  }),
);

runs('fails for a test that is not compiled', () =>
  inTree({ 'test/a.test.ts': '' }, async (folder) => {
    const { good, lines } = await runIn(folder, []);
    assert.is(good, false);
    assert.is(lines.at(-1), '0 passed, 1 failed');
  }),
);

runs('fails without any file', () =>
  inTree({}, async (folder) => {
    const { good, lines } = await runIn(folder, []);
    assert.is(good, false);
    assert.is(lines.at(-1), '0 passed, 1 failed');
  }),
);

runs('fails for a name that matches nothing, though another matches', () =>
  inTree({ 'test/a.test.ts': '', 'dist/test/a.test.js': PASSES }, async (folder) => {
    const { good, lines } = await runIn(folder, ['a.test', 'nowhere']);
    assert.is(good, false);
    assert.is(lines.at(-1), '1 passed, 1 failed');
  }),
);

runs('leaves what needs more than Node to its flag or to its name', () => {
  const tree = { 'test/a.test.ts': '', 'test/system/b.test.ts': '', 'test/kernel/c.test.ts': '' };
  return inTree(tree, (folder) => {
    const planned = (choice: Partial<Choice>): string[] => planTests(folder, { ...ALL, ...choice }).map((file) => file.name);
    assert.equal(planned({}), ['test/a.test.ts']);
    assert.equal(planned({ system: true }), ['test/system/b.test.ts']);
    assert.equal(planned({ kernel: true }), ['test/kernel/c.test.ts']);
    assert.equal(planned({ filters: ['system/b', 'kernel/'] }), ['test/kernel/c.test.ts', 'test/system/b.test.ts']);
  });
});

runs('gives a file the deadline it declares, starts it first, and keeps one that measures time alone', () =>
  inTree({ 'test/a.test.ts': '/** A. */\n// alone\n', 'test/z.test.ts': '// deadline: 300s\n' }, (folder) => {
    const planned = planTests(folder, ALL).map(({ name, deadlineMs, alone }) => ({ name, deadlineMs, alone }));
    assert.equal(planned, [
      { name: 'test/z.test.ts', deadlineMs: 300_000, alone: false },
      { name: 'test/a.test.ts', deadlineMs: 120_000, alone: true },
    ]);
  }),
);

runs('leaves out long ones when it must be quick', () =>
  inTree({ 'test/a.test.ts': '', 'test/z.test.ts': '// deadline: 300s\n' }, (folder) => {
    const planned = planTests(folder, { ...ALL, quick: true }).map((file) => file.name);
    assert.equal(planned, ['test/a.test.ts']);
  }),
);

/** Fails, and finds at the next run that it has been here. */
const STARVES_ONCE = [
  "import { existsSync, writeFileSync } from 'node:fs';",
  "const seen = new URL('./seen', import.meta.url);",
  'const starve = () => {',
  '  if (existsSync(seen)) return;',
  "  writeFileSync(seen, '');",
  "  throw new Error('starved');",
  '};',
  PASSES.replace('() => {}', 'starve'),
].join('\n');
const LONG = '// deadline: 60s\n';

runs('a long one that failed beside others runs once more by itself; what passes only then is named', () =>
  inTree({ 'test/a.test.ts': LONG, 'dist/test/a.test.js': STARVES_ONCE }, async (folder) => {
    const { good, lines } = await runIn(folder, []);
    assert.is(good, true);
    assert.is(lines.at(-1), '1 passed, 0 failed');
    assert.match(lines.join('\n'), 'starved');
    assert.match(lines.join('\n'), 'PASSED ONLY BY THEMSELVES: test/a.test.ts');
  }),
);

runs('a long one that fails twice has failed; a short one has no second run, nor has anything where three failed', async () => {
  await inTree({ 'test/a.test.ts': LONG, 'dist/test/a.test.js': FAILS }, async (folder) => {
    const { good, lines } = await runIn(folder, []);
    assert.is(good, false);
    assert.is(lines.at(-1), '0 passed, 1 failed');
  });
  await inTree({ 'test/a.test.ts': '', 'dist/test/a.test.js': STARVES_ONCE }, async (folder) => {
    assert.is((await runIn(folder, [])).good, false);
  });
  const three = ['a', 'b', 'c'].flatMap((name) => [
    [`test/${name}.test.ts`, LONG],
    [`dist/test/${name}.test.js`, FAILS],
  ]);
  await inTree(Object.fromEntries(three) as Tree, async (folder) => {
    const { lines } = await runIn(folder, []);
    assert.is(lines.at(-1), '0 passed, 3 failed');
    assert.is(lines.filter((line) => line.startsWith('again')).length, 0);
  });
});

runs('reads a deadline only from a line of its own', () => {
  assert.is(deadlineMsIn('// deadline: 5s'), 5_000);
  assert.is(deadlineMsIn("const text = '// deadline: 5s';"), undefined);
});

runs.run();
