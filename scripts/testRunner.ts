/**
 * Runs uvu test files, one process each, and believes none of them on its exit code alone.
 *
 * uvu exits 0 when a file forgets `run()`, when a `before` hook throws, when a test throws `null`, or when `.only` was left
 * in, and it waits for ever on a leaked handle. So a file is *good* only if it ended by itself, before its deadline, with exit
 * code 0 and exactly one summary that counts at least one test, all of them passed, none skipped. Else it is a *failure*.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

export type TestFile = {
  /** Path from the root, as a person names it: `test/core/timers.test.ts`. */
  readonly name: string;
  /** What node is given. */
  readonly program: string;
  readonly deadlineMs: number;
  /** Declares a deadline of its own. */
  readonly isLong: boolean;
  /** Declared `// alone`: it measures time, so nothing else may run beside it. */
  readonly alone: boolean;
};

/** How a process ended. */
export type Ending = {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly tookMs: number;
  readonly output: string;
};

export type Flaw =
  | { readonly reason: 'not-built' }
  | { readonly reason: 'timed-out'; readonly deadlineMs: number }
  | { readonly reason: 'killed'; readonly signal: string }
  | { readonly reason: 'no-summary'; readonly exitCode: number | undefined }
  | { readonly reason: 'several-summaries'; readonly count: number }
  | { readonly reason: 'no-tests' }
  | { readonly reason: 'not-all-passed'; readonly passed: number; readonly total: number }
  | { readonly reason: 'skipped'; readonly skipped: number }
  | { readonly reason: 'exit-code'; readonly exitCode: number | undefined };

export type Verdict = { readonly passed: number; readonly failed: number; readonly flaw: Flaw | undefined };
export type Outcome = { readonly file: TestFile; readonly verdict: Verdict; readonly ending: Ending };

const DEFAULT_DEADLINE_MS = 120_000;
const SLOWEST_SHOWN = 5;
/** Beside one for each processor: many a test waits for time to pass. */
const WAITING_LANES = 1;
const HEAD_LINES = 15;

// ---- which files

const headOf = (path: string): string => readFileSync(path, 'utf8').split('\n', HEAD_LINES).join('\n');

/** `// deadline: 300s` among the first lines of a test: it is a long one, and has so long in place of the usual two minutes. */
export const deadlineMsIn = (head: string): number | undefined => {
  const seconds = /^\/\/ deadline: (\d+)s$/m.exec(head)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
};

const testFile = (root: string, name: string): TestFile => {
  const head = headOf(join(root, name));
  const program = join(root, 'dist', name.replace(/\.ts$/, '.js'));
  const deadlineMs = deadlineMsIn(head);
  return {
    name,
    program,
    deadlineMs: deadlineMs ?? DEFAULT_DEADLINE_MS,
    isLong: deadlineMs !== undefined,
    alone: /^\/\/ alone$/m.test(head),
  };
};

const isSystem = (name: string): boolean => name.startsWith('test/system/');
const isKernel = (name: string): boolean => name.startsWith('test/kernel/');

/** Which of the tests to run. */
export type Choice = {
  /** Parts of file names; empty for all. Each must match at least one file. */
  readonly filters: readonly string[];
  /** Without filters: only those under `test/system/`, which need packages of the operating system, or all but those. */
  readonly system: boolean;
  /** Without filters: only those under `test/kernel/`, which need a kernel with a simulated GPIO chip, or all but those. */
  readonly kernel: boolean;
  /** Leaves out what declares a deadline of its own: the long ones. */
  readonly quick: boolean;
};

const isWanted = (name: string, { filters, system, kernel }: Choice): boolean => {
  if (filters.length > 0) return filters.some((filter) => name.includes(filter));
  return isSystem(name) === system && isKernel(name) === kernel;
};

const sourcesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));

/** The tests to run, those that may take longest first. Sources decide, so the compiled remains of a deleted test never run. */
export const planTests = (root: string, choice: Choice): readonly TestFile[] =>
  sourcesUnder(join(root, 'test'))
    .map((name) => `test/${name}`)
    .filter((name) => isWanted(name, choice))
    .toSorted()
    .map((name) => testFile(root, name))
    .filter((file) => !choice.quick || !file.isLong)
    .toSorted((a, b) => b.deadlineMs - a.deadlineMs);

// ---- one process

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has gone already, which is what was wanted.
  }
};

const running = new Set<number>();

/** Ends every test process that still runs, with all it started. */
export const killAll = (): void => {
  for (const pid of running) killGroup(pid);
};

const childEnvironment = (): NodeJS.ProcessEnv => {
  const { FORCE_COLOR: _color, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1' };
};

/** Runs one program in a process group of its own, so that what it leaves running ends with it. */
export const runProgram = (program: string, deadlineMs: number): Promise<Ending> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const chunks: Buffer[] = [];
    let timedOut = false;
    const child = spawn(process.execPath, ['--enable-source-maps', program], {
      detached: true,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid !== undefined) running.add(pid);
    const deadline = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killGroup(pid);
    }, deadlineMs);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(deadline);
      if (pid === undefined) return;
      running.delete(pid);
      killGroup(pid);
    });
    child.on('close', (exitCode, signal) => {
      const tookMs = performance.now() - startedAt;
      const output = Buffer.concat(chunks).toString('utf8');
      resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut, tookMs, output });
    });
  });

// ---- what it is worth

type Summary = { readonly total: number; readonly passed: number; readonly skipped: number };

const summariesIn = (output: string): readonly Summary[] =>
  [...output.matchAll(/^ {2}Total: {5}(\d+)\n {2}Passed: {4}(\d+)\n {2}Skipped: {3}(\d+)\n {2}Duration:/gm)].map((match) => ({
    total: Number(match[1]),
    passed: Number(match[2]),
    skipped: Number(match[3]),
  }));

const flawOf = (ending: Ending, deadlineMs: number, summaries: readonly Summary[]): Flaw | undefined => {
  const { exitCode } = ending;
  const [summary] = summaries;
  if (ending.timedOut) return { reason: 'timed-out', deadlineMs };
  if (ending.signal !== undefined) return { reason: 'killed', signal: ending.signal };
  if (summary === undefined) return { reason: 'no-summary', exitCode };
  if (summaries.length > 1) return { reason: 'several-summaries', count: summaries.length };
  const { total, passed, skipped } = summary;
  if (total === 0) return { reason: 'no-tests' };
  if (passed !== total) return { reason: 'not-all-passed', passed, total };
  if (skipped !== 0) return { reason: 'skipped', skipped };
  return exitCode === 0 ? undefined : { reason: 'exit-code', exitCode };
};

/** A file that is not good counts at least one failure, whatever its own summary says. */
export const judge = (ending: Ending, deadlineMs: number): Verdict => {
  const summaries = summariesIn(ending.output);
  const flaw = flawOf(ending, deadlineMs, summaries);
  const total = summaries.reduce((sum, summary) => sum + summary.total, 0);
  const passed = summaries.reduce((sum, summary) => sum + summary.passed, 0);
  const failed = flaw === undefined ? 0 : Math.max(1, total - passed);
  return { passed, failed, flaw };
};

export const flawText = (flaw: Flaw): string => {
  switch (flaw.reason) {
    case 'not-built':
      return 'has no compiled file in dist: run npm run build';
    case 'timed-out':
      return `was still running after ${flaw.deadlineMs / 1_000} s and was killed (leaked handle? or declare "// deadline: …s")`;
    case 'killed':
      return `was ended by ${flaw.signal}`;
    case 'no-summary':
      return `ended with exit code ${flaw.exitCode} without a summary: is run() called?`;
    case 'several-summaries':
      return `printed ${flaw.count} summaries: every run() must be called as the file loads`;
    case 'no-tests':
      return 'holds no test';
    case 'not-all-passed':
      return `passed ${flaw.passed} of ${flaw.total}`;
    case 'skipped':
      return `left ${flaw.skipped} out (only or skip)`;
    case 'exit-code':
      return `ended with exit code ${flaw.exitCode} although its tests passed`;
  }
};

// ---- all of them

const NEVER_RAN: Ending = { exitCode: undefined, signal: undefined, timedOut: false, tookMs: 0, output: '' };
const NOT_BUILT: Verdict = { passed: 0, failed: 1, flaw: { reason: 'not-built' } };

const runFile = async (file: TestFile): Promise<Outcome> => {
  if (!existsSync(file.program)) return { file, verdict: NOT_BUILT, ending: NEVER_RAN };
  const ending = await runProgram(file.program, file.deadlineMs);
  return { file, verdict: judge(ending, file.deadlineMs), ending };
};

const runInLanes = async (files: readonly TestFile[], lanes: number, done: (outcome: Outcome) => void): Promise<void> => {
  const waiting = files.values();
  const lane = async (): Promise<void> => {
    for (const file of waiting) done(await runFile(file));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
};

/** Not more: where many fail it is not for want of a processor. */
const SECOND_RUNS_MOST = 2;

/**
 * A long test drives processes and waits for them: one that has failed beside others runs once more with nothing beside it.
 * What passes only then counts as passed, and is named at the end, so that somebody looks at it.
 */
const runAgain = async (outcomes: readonly Outcome[], print: (text: string) => void): Promise<readonly Outcome[]> => {
  const failed = outcomes.filter(({ file, verdict }) => verdict.flaw !== undefined && file.isLong && !file.alone);
  if (failed.length === 0 || failed.length > SECOND_RUNS_MOST) return [];
  const passed: Outcome[] = [];
  for (const { file } of failed) {
    const outcome = await runFile(file);
    print(`again ${reportOf(outcome)}`);
    if (outcome.verdict.flaw === undefined) passed.push(outcome);
  }
  return passed;
};

const reportOf = ({ file, verdict, ending }: Outcome): string => {
  const took = `${(ending.tookMs / 1_000).toFixed(1)} s`;
  if (verdict.flaw === undefined) return `ok    ${file.name} (${verdict.passed}, ${took})`;
  return `${ending.output.trimEnd()}\nFAIL  ${file.name} ${flawText(verdict.flaw)} (${took})`.trimStart();
};

const slowestOf = (outcomes: readonly Outcome[]): string =>
  outcomes
    .toSorted((a, b) => b.ending.tookMs - a.ending.tookMs)
    .slice(0, SLOWEST_SHOWN)
    .map(({ file, ending }) => `  ${(ending.tookMs / 1_000).toFixed(1).padStart(6)} s  ${file.name}`)
    .join('\n');

const sum = (outcomes: readonly Outcome[], count: (verdict: Verdict) => number): number =>
  outcomes.reduce((total, outcome) => total + count(outcome.verdict), 0);

export type RunOptions = Choice & {
  /** Holds `test` and `dist/test`. */
  readonly root: string;
  readonly print: (text: string) => void;
};

/** Runs what is asked for, prints each file's outcome, the slowest and the counts; true when all is good. */
export const runTests = async ({ root, print, ...choice }: RunOptions): Promise<boolean> => {
  const files = planTests(root, choice);
  const unmatched = choice.filters.filter((filter) => !files.some((file) => file.name.includes(filter)));
  const outcomes: Outcome[] = [];
  const done = (outcome: Outcome): void => {
    outcomes.push(outcome);
    print(reportOf(outcome));
  };
  await runInLanes(
    files.filter((file) => !file.alone),
    availableParallelism() + WAITING_LANES,
    done,
  );
  await runInLanes(
    files.filter((file) => file.alone),
    1,
    done,
  );
  const again = await runAgain(outcomes, print);
  for (const outcome of again)
    outcomes.splice(
      outcomes.findIndex(({ file }) => file === outcome.file),
      1,
      outcome,
    );
  for (const filter of unmatched) print(`FAIL  no test file matches "${filter}"`);
  if (files.length === 0 && unmatched.length === 0) print('FAIL  there is no test file');
  if (outcomes.length > 1) print(`\nslowest of ${outcomes.length} files:\n${slowestOf(outcomes)}\n`);
  if (again.length > 0) print(`PASSED ONLY BY THEMSELVES: ${again.map(({ file }) => file.name).join(', ')}\n`);
  const missing = Math.max(unmatched.length, files.length === 0 ? 1 : 0);
  const failed = sum(outcomes, (verdict) => verdict.failed) + missing;
  print(`${sum(outcomes, (verdict) => verdict.passed)} passed, ${failed} failed`);
  return failed === 0;
};
