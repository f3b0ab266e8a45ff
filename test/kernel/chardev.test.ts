// alone
// deadline: 240s
/** The driver of the GPIO character device on a real kernel: what only a kernel can tell. */
import { spawn } from 'node:child_process';
import { pbkdf2 } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chardevAvailable, chardevLines } from '../../src/drivers/gpio-chardev/lines.ts';
import type { ChardevOptions } from '../../src/drivers/gpio-chardev/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Bias, Level, LineProblem, LineRequest, Lines, LinesListener, Opened } from '../../src/ports/lines.ts';
import { baseOf, drivenLevels, startTrace } from '../support/gpioTrace.ts';
import { OFFSETS } from '../support/kernelRig.ts';
import { makeSimChip } from '../support/simChip.ts';
import type { SimChip } from '../support/simChip.ts';

const test = suite('GPIO character device on a kernel');

type Edge = { readonly line: string; readonly level: Level | 'lost'; readonly atMs: number };
type Bench = { readonly chip: SimChip; readonly lines: (more?: Partial<ChardevOptions>) => Lines; readonly edges: Edge[] };

const LABEL = 'vigie-chardev';
/** Some tenths of a second of each thread. */
const HASH_ROUNDS = 20_000;

const onBench = async (act: (bench: Bench & { readonly listener: LinesListener }) => Promise<void>): Promise<void> => {
  const chip = makeSimChip(LABEL);
  const opened: Lines[] = [];
  const edges: Edge[] = [];
  const listener: LinesListener = {
    onReading: (line, reading, atMs) => void edges.push({ line, level: reading.kind === 'level' ? reading.level : 'lost', atMs }),
    onOutputTrouble: () => undefined,
  };
  const lines = (more: Partial<ChardevOptions> = {}): Lines => {
    const common = { chipLabel: LABEL, offsets: OFFSETS, timers: machineTimers, patient: false, log: () => undefined };
    const made = chardevLines({ ...common, ...more });
    opened.push(made);
    return made;
  };
  try {
    await act({ chip, lines, edges, listener });
  } finally {
    for (const made of opened) await made.close();
    chip.remove();
  }
};

const input = (line: string, bias: Bias = 'none'): LineRequest => ({ direction: 'input', line, bias });
const output = (line: string, initialLevel: Level): LineRequest => ({
  direction: 'output',
  line,
  initialLevel,
  restLevel: 0,
  maxOnMs: undefined,
});
const told = (opened: Opened): readonly (readonly string[])[] =>
  opened.ok ? [] : opened.problems.map(({ line, trouble }: LineProblem) => [line, trouble]);
const detailOf = (opened: Opened): string => (opened.ok ? '' : (opened.problems[0]?.detail ?? ''));

/** Keeps the loop from turning. */
const block = (ms: number): void => {
  const until = machineTimers.now() + ms;
  while (machineTimers.now() < until);
};

test('pulses of 10 ms on two lines while the loop is blocked are all heard, in order, at their times', () =>
  onBench(async ({ chip, lines, edges, listener }) => {
    await lines().open([input('GPIO17'), input('GPIO22')], listener);
    const startedAt = machineTimers.now();
    const wanted: (readonly [string, Level])[] = [];
    for (let pulse = 0; pulse < 20; pulse += 1) {
      const [line, offset] = pulse % 2 === 0 ? (['GPIO17', 17] as const) : (['GPIO22', 22] as const);
      for (const level of [1, 0] as const) {
        chip.pull(offset, level);
        wanted.push([line, level]);
        block(10);
      }
    }
    const endedAt = machineTimers.now();
    assert.equal(edges, []);
    await sleep(100);
    assert.equal(
      edges.map(({ line, level }) => [line, level]),
      wanted,
    );
    const times = edges.map(({ atMs }) => atMs);
    assert.equal(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok(
      (times[0] ?? 0) > startedAt && (times.at(-1) ?? Infinity) < endedAt,
      'times are of the edges, not of their reading',
    );
    assert.ok(times.slice(1).every((at, index) => at - (times[index] ?? 0) > 5));
  }));

test('more edges than the kernel keeps: the level each line is left at is told in the end', () =>
  onBench(async ({ chip, lines, edges, listener }) => {
    const logged: string[] = [];
    await lines({ log: (_level, message) => void logged.push(message) }).open([input('GPIO17'), input('GPIO22')], listener);
    chip.pull(22, 1);
    block(2);
    for (let edge = 1; edge <= 1101; edge += 1) {
      chip.pull(17, edge % 2 === 0 ? 0 : 1);
      block(1);
    }
    await sleep(300);
    assert.ok(logged.some((message) => message.includes('edges were lost')));
    const lastOf = (name: string): Edge | undefined => edges.findLast(({ line }) => line === name);
    assert.equal([lastOf('GPIO17')?.level, lastOf('GPIO22')?.level], [1, 1]);
  }));

test('a pull that is asked for reaches the chip', () =>
  onBench(async ({ chip, lines, listener }) => {
    const opened = lines();
    await opened.open([input('GPIO17', 'pull-up'), input('GPIO22', 'pull-down'), input('GPIO24', 'none')], listener);
    assert.equal([chip.levelOf(17), chip.levelOf(22), chip.levelOf(24)], [1, 0, 0]);
    assert.equal(opened.read('GPIO17'), { kind: 'level', level: 1 });
  }));

test('two chips with one label are refused, and neither is touched', () =>
  onBench(async ({ chip, lines, listener }) => {
    const twin = makeSimChip(LABEL);
    try {
      const opened = await lines().open([output('GPIO27', 1)], listener);
      assert.equal(told(opened), [['GPIO27', 'chip-ambiguous']]);
      assert.match(detailOf(opened), chip.devicePath());
      assert.match(detailOf(opened), twin.devicePath());
      assert.equal([chip.levelOf(27), twin.levelOf(27)], [0, 0]);
    } finally {
      twin.remove();
    }
  }));

test('a second name of the same chip is no second chip', () =>
  onBench(async ({ chip, lines, listener }) => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-dev-'));
    for (const name of ['gpiochip0', 'gpiochip4']) symlinkSync(chip.devicePath(), join(folder, name));
    assert.equal(await lines({ devFolder: folder }).open([input('GPIO17')], listener), { ok: true });
    rmSync(folder, { recursive: true });
  }));

test('a held line says who holds it', () =>
  onBench(async ({ lines, listener }) => {
    await lines().open([output('GPIO27', 1), input('GPIO17')], listener);
    const opened = await lines().open([input('GPIO17'), input('GPIO22'), output('GPIO27', 0)], listener);
    assert.equal(told(opened), [
      ['GPIO17', 'busy'],
      ['GPIO27', 'busy'],
    ]);
    assert.match(detailOf(opened), 'held by vigie');
  }));

test('a line that is not there is named', () =>
  onBench(async ({ lines, listener }) => {
    const opened = await lines({ offsets: { GPIO17: 17, GPIO40: 40 } }).open([input('GPIO40'), input('GPIO17')], listener);
    assert.equal(told(opened), [['GPIO40', 'no-such-line']]);
    assert.match(detailOf(opened), '28 lines');
  }));

test('patient: a line held by another is watched as soon as it is let go', () =>
  onBench(async ({ chip, lines, edges, listener }) => {
    const other = lines();
    await other.open([input('GPIO17')], listener);
    const patient = lines({ patient: true });
    assert.equal(await patient.open([input('GPIO17'), input('GPIO22')], listener), { ok: true });
    assert.equal([patient.read('GPIO17').kind, patient.read('GPIO22').kind], ['lost', 'level']);
    await other.close();
    await sleep(2_200);
    assert.equal(
      edges.map(({ line, level }) => [line, level]),
      [['GPIO17', 0]],
    );
    chip.pull(17, 1);
    await sleep(20);
    assert.equal(edges.at(-1)?.level, 1);
  }));

test('an output held high by a process that is killed shows no low when it is opened high again', () =>
  onBench(async ({ chip, lines, listener }) => {
    // What a Pi does by itself: an output that is let go keeps its level.
    chip.pull(27, 1);
    const number = baseOf(LABEL) + 27;
    const holder = fileURLToPath(new URL('../support/outputHolder.js', import.meta.url));
    startTrace();
    const child = spawn(process.execPath, [holder, 'chardev', LABEL, 'GPIO27', '27'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.is(said.toString(), 'held\n');
    assert.is(chip.levelOf(27), 1);
    const ears = lines();
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.is(chip.levelOf(27), 1);
    assert.equal(await ears.open([output('GPIO27', 1)], listener), { ok: true });
    assert.is(chip.levelOf(27), 1);
    assert.equal(drivenLevels(number), [1, 1]);
    // The pull no longer decides: the line is driven.
    chip.pull(27, 0);
    assert.is(chip.levelOf(27), 1);
  }));

test('an edge reaches the listener though every thread of the pool is taken', () =>
  onBench(async ({ chip, lines, edges, listener }) => {
    await lines().open([input('GPIO17')], listener);
    const done: number[] = [];
    const hash = async (thread: number): Promise<void> => {
      await promisify(pbkdf2)('a', 'b', HASH_ROUNDS, 64, 'sha512');
      done.push(thread);
    };
    const hashes = Promise.all([0, 1, 2, 3].map(hash));
    chip.pull(17, 1);
    while (edges.length + done.length === 0) await sleep(1);
    assert.equal([edges.length, done], [1, []]);
    await hashes;
  }));

test('the machine is seen to be able', () => {
  assert.is(chardevAvailable(), true);
  assert.is(chardevAvailable('/nowhere'), false);
});

test.run();
