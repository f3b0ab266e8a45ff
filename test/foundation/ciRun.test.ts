/** The CI script's own bookkeeping, with small suites in place of the real ones. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const script = readFileSync(join(root, '.ci/run'), 'utf8');

const SUITES = `TOTAL=30
SUITES=(counts:20 plain:20 red:20 lies:20 breaks:20 slow:1 first:20 second:20)
suite_counts() { echo '3 passed, 0 failed'; }
suite_plain() { true; }
suite_red() { echo '2 passed, 5 failed'; return 1; }
suite_lies() { echo '2 passed, 1 failed'; }
suite_breaks() { echo '4 passed, 0 failed'; return 3; }
suite_slow() { sleep 20; }
suite_first() { sleep 2; }
suite_second() { sleep 20; }
`;

/** The script with its table and suites replaced; the rest is what CI runs. */
const withSmallSuites = (totalSeconds: number): string => {
  const start = script.indexOf('TOTAL=');
  const end = script.indexOf('# ---- nothing below');
  assert.ok(start > 0 && end > start);
  return script.slice(0, start) + SUITES.replace('30', String(totalSeconds)) + script.slice(end);
};

type Run = { readonly status: number | null; readonly lines: readonly string[] };

const runWithin = (totalSeconds: number, ...names: readonly string[]): Run => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-ci-'));
  try {
    mkdirSync(join(folder, '.ci'));
    writeFileSync(join(folder, '.ci/run'), withSmallSuites(totalSeconds));
    const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run'), ...names], { encoding: 'utf8', timeout: 60_000 });
    return { status, lines: stdout.trimEnd().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const run = (...names: readonly string[]): Run => runWithin(30, ...names);

const rowOf = ({ lines }: Run, name: string): string => lines.find((line) => line.startsWith(`${name} `)) ?? '';

const test = suite('CI script');

test('green suites: those that count and those that do not', () => {
  const done = run('counts', 'plain');
  assert.is(done.status, 0);
  assert.is(done.lines.at(-1), '4 passed, 0 failed');
});

test('a failed suite does not hide the next, and the sum is red', () => {
  const done = run('red', 'counts');
  assert.is(done.status, 1);
  assert.is(done.lines.at(-1), '5 passed, 5 failed');
});

test('a suite that counts failures is red though it exits 0', () => {
  const done = run('lies');
  assert.is(done.status, 1);
  assert.is(done.lines.at(-1), '2 passed, 1 failed');
});

test('a suite that breaks after counting no failure has one', () => {
  const done = run('breaks');
  assert.is(done.status, 1);
  assert.is(done.lines.at(-1), '4 passed, 1 failed');
});

test('a suite that takes longer than allowed is stopped and has failed', () => {
  const done = run('slow', 'plain');
  assert.is(done.status, 1);
  assert.match(rowOf(done, 'slow'), /\d+ \/ +1 s +0 passed +1 failed, out of time$/);
  assert.is(done.lines.at(-1), '1 passed, 1 failed');
});

test('an unknown name runs nothing', () => {
  const done = run('counts', 'nowhere');
  assert.is(done.status, 2);
  assert.not.match(done.lines.join('\n'), 'passed');
});

test('what all suites may take together is kept, whatever each may take', () => {
  const done = runWithin(4, 'first', 'second');
  assert.is(done.status, 1);
  assert.match(rowOf(done, 'second'), /\d+ \/ +[12] s +0 passed +1 failed, out of time$/);
  assert.match(rowOf(done, 'all'), /^all +\d+ \/ +4 s$/);
});

test('every suite of the real table has a function, and none may take half an hour by itself', () => {
  const table = /^SUITES=\(\n([\s\S]*?)^\)/m.exec(script)?.[1] ?? '';
  const entries = table
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split(':'));
  assert.ok(entries.length >= 6);
  assert.match(script, /^TOTAL=2700$/m);
  for (const [name, allowed] of entries) {
    assert.match(script, `suite_${name}() {`);
    assert.ok(Number(allowed) <= 900, `${name} ${allowed} s`);
  }
});

test.run();
