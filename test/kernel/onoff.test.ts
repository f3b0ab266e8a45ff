// alone
// deadline: 240s
/** The driver over onoff on a real kernel: what only a kernel can tell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chardevLines } from '../../src/drivers/gpio-chardev/lines.ts';
import { onoffAvailable, onoffLines } from '../../src/drivers/gpio-onoff/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Level, LineRequest, Lines, LinesListener, Opened } from '../../src/ports/lines.ts';
import { baseOf, drivenLevels, startTrace } from '../support/gpioTrace.ts';
import { OFFSETS } from '../support/kernelRig.ts';
import { makeSimChip } from '../support/simChip.ts';
import type { SimChip } from '../support/simChip.ts';

const test = suite('onoff on a kernel');

const LABEL = 'vigie-onoff';
const OPTIONS = { chipLabel: LABEL, offsets: OFFSETS, timers: machineTimers, patient: false, log: () => undefined };

type Bench = {
  readonly chip: SimChip;
  readonly base: number;
  readonly lines: () => Lines;
  readonly heard: (readonly [string, Level | 'lost'])[];
  readonly listener: LinesListener;
};

const onBench = async (act: (bench: Bench) => Promise<void>): Promise<void> => {
  const chip = makeSimChip(LABEL);
  const opened: Lines[] = [];
  const heard: Bench['heard'] = [];
  const listener: LinesListener = {
    onReading: (line, reading) => void heard.push([line, reading.kind === 'level' ? reading.level : 'lost']),
    onOutputTrouble: () => undefined,
  };
  const lines = (): Lines => {
    const made = onoffLines(OPTIONS);
    opened.push(made);
    return made;
  };
  try {
    await act({ chip, base: baseOf(LABEL), lines, heard, listener });
  } finally {
    for (const made of opened) await made.close();
    chip.remove();
  }
};

const input = (line: string): LineRequest => ({ direction: 'input', line, bias: 'none' });
const output = (line: string, initialLevel: Level): LineRequest => ({
  direction: 'output',
  line,
  initialLevel,
  restLevel: 0,
  maxOnMs: undefined,
});
const told = (opened: Opened): readonly (readonly string[])[] =>
  opened.ok ? [] : opened.problems.map(({ line, trouble }) => [line, trouble]);

const block = (ms: number): void => {
  const until = machineTimers.now() + ms;
  while (machineTimers.now() < until);
};

const isExported = (number: number): boolean => existsSync(`/sys/class/gpio/gpio${number}`);

test('the chip is found by its label although another one stands before it', () =>
  onBench(async ({ chip, base, lines, listener }) => {
    const other = makeSimChip('vigie-other');
    try {
      assert.is.not(baseOf('vigie-other'), base);
      assert.equal(await lines().open([output('GPIO27', 1)], listener), { ok: true });
      assert.equal([chip.levelOf(27), other.levelOf(27)], [1, 0]);
    } finally {
      other.remove();
    }
  }));

test('two chips with one label are refused, and neither is touched', () =>
  onBench(async ({ chip, base, lines, listener }) => {
    const twin = makeSimChip(LABEL);
    try {
      assert.equal(told(await lines().open([output('GPIO27', 1)], listener)), [['GPIO27', 'chip-ambiguous']]);
      assert.equal([chip.levelOf(27), twin.levelOf(27), isExported(base + 27)], [0, 0, false]);
    } finally {
      twin.remove();
    }
  }));

test('a line that another program holds is busy', () =>
  onBench(async ({ lines, listener }) => {
    const other = chardevLines(OPTIONS);
    await other.open([input('GPIO17')], listener);
    assert.equal(told(await lines().open([input('GPIO17'), input('GPIO22')], listener)), [['GPIO17', 'busy']]);
    await other.close();
  }));

test('a line left exported is told to the character device as such', () =>
  onBench(async ({ base, listener }) => {
    writeFileSync('/sys/class/gpio/export', String(base + 17));
    const other = chardevLines(OPTIONS);
    const opened = await other.open([input('GPIO17')], listener);
    assert.equal(told(opened), [['GPIO17', 'busy']]);
    assert.match(opened.ok ? '' : (opened.problems[0]?.detail ?? ''), '/sys/class/gpio/unexport');
    writeFileSync('/sys/class/gpio/unexport', String(base + 17));
  }));

test('a pulse of 10 ms while the loop is blocked leaves its two edges', () =>
  onBench(async ({ chip, lines, heard, listener }) => {
    await lines().open([input('GPIO17')], listener);
    chip.pull(17, 1);
    block(10);
    chip.pull(17, 0);
    block(10);
    assert.equal(heard, []);
    await sleep(100);
    assert.equal(heard, [
      ['GPIO17', 1],
      ['GPIO17', 0],
    ]);
  }));

test('reading again and again takes no edge away', () =>
  onBench(async ({ chip, lines, heard, listener }) => {
    const opened = lines();
    await opened.open([input('GPIO17')], listener);
    for (const level of [1, 0, 1, 0] as const) {
      chip.pull(17, level);
      block(5);
      assert.equal(opened.read('GPIO17'), { kind: 'level', level });
      await sleep(50);
    }
    assert.equal(
      heard.map(([, level]) => level),
      [1, 0, 1, 0],
    );
  }));

test('an output held high by a process that is killed is never driven low when it is opened high again', () =>
  onBench(async ({ chip, base, lines, listener }) => {
    const number = base + 27;
    startTrace();
    const holder = fileURLToPath(new URL('../support/outputHolder.js', import.meta.url));
    const child = spawn(process.execPath, [holder, 'onoff', LABEL, 'GPIO27', '27'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.is(said.toString(), 'held\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal([isExported(number), chip.levelOf(27)], [true, 1]);
    assert.equal(await lines().open([output('GPIO27', 1)], listener), { ok: true });
    assert.is(chip.levelOf(27), 1);
    const driven = drivenLevels(number);
    assert.ok(driven.length >= 2 && driven.every((level) => level === 1), `driven: ${driven.join(' ')}`);
  }));

test('an inverted output left by another program is driven to the physical level', () =>
  onBench(async ({ chip, base, lines, listener }) => {
    const folder = `/sys/class/gpio/gpio${base + 27}`;
    writeFileSync('/sys/class/gpio/export', String(base + 27));
    writeFileSync(`${folder}/active_low`, '1');
    const opened = lines();
    await opened.open([output('GPIO27', 1)], listener);
    assert.equal([chip.levelOf(27), readFileSync(`${folder}/active_low`, 'utf8').trim()], [1, '0']);
    opened.write('GPIO27', 'off');
    assert.is(chip.levelOf(27), 0);
  }));

test('an input left exported, as an output, by a killed process is an input again and heard', () =>
  onBench(async ({ chip, base, lines, heard, listener }) => {
    writeFileSync('/sys/class/gpio/export', String(base + 17));
    writeFileSync(`/sys/class/gpio/gpio${base + 17}/direction`, 'high');
    const opened = lines();
    await opened.open([input('GPIO17')], listener);
    assert.equal(opened.read('GPIO17'), { kind: 'level', level: 0 });
    chip.pull(17, 1);
    await sleep(50);
    assert.equal(heard, [['GPIO17', 1]]);
  }));

test('a line unexported behind our back is lost and comes back', () =>
  onBench(async ({ base, lines, heard, listener }) => {
    await lines().open([input('GPIO17')], listener);
    writeFileSync('/sys/class/gpio/unexport', String(base + 17));
    await sleep(4_200);
    assert.equal(heard, [
      ['GPIO17', 'lost'],
      ['GPIO17', 0],
    ]);
  }));

test('the machine is seen to be able', () => assert.is(onoffAvailable(), true));

test.run();
