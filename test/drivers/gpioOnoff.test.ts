/** The driver over onoff on an interface in memory: what can go wrong, and what it says then. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reading } from '../../src/core/input.ts';
import { onoffLinesOn } from '../../src/drivers/gpio-onoff/lines.ts';
import { troubleOfLoading } from '../../src/drivers/gpio-onoff/package.ts';
import type { SysfsResult } from '../../src/drivers/gpio-onoff/lines.ts';
import type { Bias, Level, LineRequest, Lines, LineTrouble, Opened } from '../../src/ports/lines.ts';
import { fakeSysfs } from '../support/fakeSysfs.ts';
import type { FakeSysfs } from '../support/fakeSysfs.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import type { VirtualTimers } from '../support/virtualTimers.ts';

const test = suite('GPIO by onoff');

const LABEL = 'pinctrl-bcm2711';
const BASE = 512;
const OFFSETS = { GPIO17: 17, GPIO22: 22, GPIO27: 27, GPIO24: 24, GPIO99: 99 };
const NOT_COMPILED = { trouble: 'not-supported', detail: 'not compiled' } as const;

type World = {
  readonly gpio: FakeSysfs;
  readonly timers: VirtualTimers;
  readonly lines: Lines;
  readonly readings: (readonly [string, Reading['kind'] | Level])[];
  readonly troubles: [string, LineTrouble | undefined][];
  readonly logged: string[];
  readonly open: (...requests: readonly LineRequest[]) => Promise<Opened>;
  /** Virtual time, and whatever waits for it. */
  readonly pass: (ms: number) => Promise<void>;
};

type Wanted = { readonly patient?: boolean; readonly withoutChip?: boolean; readonly withoutPackage?: boolean };

const turnOfLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const world = ({ patient = false, withoutChip = false, withoutPackage = false }: Wanted = {}): World => {
  const gpio = fakeSysfs();
  const timers = createVirtualTimers();
  if (!withoutChip) gpio.addChip(LABEL, BASE);
  const readings: World['readings'] = [];
  const troubles: World['troubles'] = [];
  const logged: string[] = [];
  const found: SysfsResult = withoutPackage ? { ok: false, trouble: NOT_COMPILED } : { ok: true, sysfs: gpio.sysfs };
  const lines = onoffLinesOn(() => found, {
    chipLabel: LABEL,
    offsets: OFFSETS,
    timers,
    patient,
    log: (level, message, facts) => void logged.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
  });
  const open = (...requests: readonly LineRequest[]): Promise<Opened> =>
    lines.open(requests, {
      onReading: (line, reading) => void readings.push([line, reading.kind === 'level' ? reading.level : reading.kind]),
      onOutputTrouble: (line, trouble) => void troubles.push([line, trouble]),
    });
  const pass = async (ms: number): Promise<void> => {
    timers.advance(ms);
    await turnOfLoop();
  };
  return { gpio, timers, lines, readings, troubles, logged, open, pass };
};

const input = (line: string, bias: Bias = 'none'): LineRequest => ({ direction: 'input', line, bias });
const output = (line: string, initialLevel: Level = 0): LineRequest => ({
  direction: 'output',
  line,
  initialLevel,
  restLevel: 0,
  maxOnMs: undefined,
});
const told = (opened: Opened): readonly (readonly string[])[] =>
  opened.ok ? [] : opened.problems.map(({ line, trouble }) => [line, trouble]);
const loadingDetail = (error: unknown): string => troubleOfLoading(error).detail;
const detailOf = (opened: Opened): string => (opened.ok ? '' : (opened.problems[0]?.detail ?? ''));

// ---- the chip and its base

test('the base is that of the chip with the label, wherever it stands', async () => {
  const { gpio, open } = world({ withoutChip: true });
  gpio.addChip('raspberrypi-exp-gpio', 512, 8);
  gpio.addChip(LABEL, 966);
  assert.equal(await open(output('GPIO27', 1), input('GPIO17')), { ok: true });
  assert.equal(gpio.exported(), [983, 993]);
  assert.equal(gpio.drivenOf(993), [1]);
});

test('no chip with the label is refused, and those there are named', async () => {
  const { gpio, open } = world({ withoutChip: true });
  gpio.addChip('raspberrypi-exp-gpio', 512, 8);
  const opened = await open(input('GPIO17'));
  assert.equal(told(opened), [['GPIO17', 'chip-not-found']]);
  assert.match(detailOf(opened), 'raspberrypi-exp-gpio (gpiochip512)');
  assert.equal(gpio.exported(), []);
});

test('two chips with the label are refused, and neither is touched', async () => {
  const { gpio, open } = world();
  gpio.addChip(LABEL, 600);
  assert.equal(told(await open(input('GPIO17'), output('GPIO27', 1))), [
    ['GPIO17', 'chip-ambiguous'],
    ['GPIO27', 'chip-ambiguous'],
  ]);
  assert.equal(gpio.exported(), []);
});

test('a package that is not compiled says so', async () => {
  assert.equal(told(await world({ withoutPackage: true }).open(input('GPIO17'))), [['GPIO17', 'not-supported']]);
});

test('a package that does not load says which command mends it', () => {
  assert.match(loadingDetail(Object.assign(new Error("Cannot find module 'onoff'"), { code: 'MODULE_NOT_FOUND' })), 'npm ci');
  assert.match(loadingDetail(Object.assign(new Error('Could not locate the bindings file'), { tries: [] })), 'build:onoff');
  assert.match(loadingDetail(Object.assign(new Error('NODE_MODULE_VERSION 115'), { code: 'ERR_DLOPEN_FAILED' })), 'build:onoff');
});

// ---- taking

test('every problem at once, and nothing stays exported but what was', async () => {
  const { gpio, open, pass } = world();
  gpio.refuseExport(BASE + 17, 'EBUSY');
  gpio.setReady(BASE + 22, false);
  gpio.leave(BASE + 24, 1);
  const opening = open(input('GPIO17'), input('GPIO22'), input('GPIO99'), output('GPIO27'), output('GPIO24', 1));
  for (let looks = 0; looks < 100; looks += 1) await pass(20);
  const opened = await opening;
  assert.equal(told(opened), [
    ['GPIO99', 'no-such-line'],
    ['GPIO17', 'busy'],
    ['GPIO22', 'no-permission'],
  ]);
  assert.equal(gpio.exported(), [BASE + 24]);
});

test('files that the system hands over a moment later are waited for', async () => {
  const { gpio, open, pass, lines } = world();
  gpio.setReady(BASE + 17, false);
  const opening = open(input('GPIO17'));
  await pass(300);
  gpio.setReady(BASE + 17, true);
  await pass(20);
  assert.equal(await opening, { ok: true });
  assert.equal(lines.read('GPIO17'), { kind: 'level', level: 0 });
});

test('an output left high by a killed process is driven high, and never to anything else', async () => {
  const { gpio, open, lines } = world();
  gpio.leave(BASE + 27, 1);
  await open(output('GPIO27', 1));
  await lines.close();
  assert.equal([gpio.drivenOf(BASE + 27), gpio.levelOf(BASE + 27)], [[1], 1]);
});

test('at closing inputs are given back, outputs stay exported at their level', async () => {
  const { gpio, open, lines, timers } = world();
  await open(input('GPIO17'), output('GPIO27', 1));
  await lines.close();
  assert.equal([gpio.exported(), gpio.levelOf(BASE + 27), timers.pending()], [[BASE + 27], 1, 0]);
});

test('pulls that are asked for are told once, as the lines of config.txt that set them', async () => {
  const { open, logged } = world();
  await open(input('GPIO17', 'pull-up'), input('GPIO22', 'pull-down'), input('GPIO24', 'none'), output('GPIO27'));
  assert.is(logged.length, 1);
  assert.match(logged[0] ?? '', '"gpio=17=pu","gpio=22=pd"');
  assert.match(logged[0] ?? '', 'config.txt');
});

test('without a pull nothing is told of config.txt', async () => {
  const { open, logged } = world();
  await open(input('GPIO24', 'none'));
  assert.equal(logged, []);
});

// ---- edges

test('a pulse that came and went while the process was busy is told as its two edges', async () => {
  const { gpio, open, readings } = world();
  await open(input('GPIO17'));
  gpio.setBusy(true);
  gpio.turn(BASE + 17, 1);
  gpio.turn(BASE + 17, 0);
  gpio.setBusy(false);
  assert.equal(readings, [
    ['GPIO17', 1],
    ['GPIO17', 0],
  ]);
});

test('an edge that was read before its news came is still told once', async () => {
  const { gpio, open, lines, readings } = world();
  await open(input('GPIO17'));
  gpio.setBusy(true);
  gpio.turn(BASE + 17, 1);
  assert.equal(lines.read('GPIO17'), { kind: 'level', level: 1 });
  gpio.setBusy(false);
  assert.equal(readings, [['GPIO17', 1]]);
});

// ---- losing

test('a chip that goes away and comes back at another base', async () => {
  const { gpio, open, lines, pass, readings, troubles } = world();
  await open(input('GPIO17'), output('GPIO27'));
  gpio.removeChip(BASE);
  assert.equal(lines.read('GPIO17'), { kind: 'lost' });
  assert.equal(readings, []);
  await pass(1);
  assert.equal(readings, [['GPIO17', 'lost']]);
  lines.write('GPIO27', 'on');
  assert.equal(troubles, [['GPIO27', 'device-gone']]);
  await pass(10_000);
  assert.equal([readings.length, troubles.length], [1, 1]);
  gpio.addChip(LABEL, 570);
  gpio.turn(570 + 17, 1);
  await pass(2_000);
  assert.equal(readings.slice(1), [['GPIO17', 1]]);
  assert.equal(troubles.slice(1), [['GPIO27', undefined]]);
  assert.equal(gpio.drivenOf(570 + 27), [1]);
  await lines.close();
});

test('lines that somebody unexports are lost and taken again', async () => {
  const { gpio, open, pass, readings, troubles } = world();
  await open(input('GPIO17'), output('GPIO27', 1));
  gpio.unexport(BASE + 17);
  gpio.unexport(BASE + 27);
  await pass(2_000);
  assert.equal(readings, [
    ['GPIO17', 'lost'],
    ['GPIO17', 0],
  ]);
  assert.equal(troubles, [
    ['GPIO27', 'device-gone'],
    ['GPIO27', undefined],
  ]);
  assert.equal(gpio.drivenOf(BASE + 27), [1, 1]);
});

test('nothing is told after closing, whatever was under way', async () => {
  const { gpio, open, lines, pass, readings, troubles } = world();
  await open(input('GPIO17'), output('GPIO27'));
  gpio.removeChip(BASE);
  lines.read('GPIO17');
  await lines.close();
  await pass(10_000);
  assert.equal([readings, troubles], [[], []]);
});

// ---- patience

test('patient: what can be had is watched, the rest is lost or in trouble and comes by itself', async () => {
  const { gpio, open, lines, pass, readings, troubles } = world({ patient: true });
  gpio.refuseExport(BASE + 17, 'EBUSY');
  gpio.refuseExport(BASE + 27, 'EBUSY');
  assert.equal(await open(input('GPIO17'), input('GPIO22'), output('GPIO27', 1)), { ok: true });
  assert.equal([lines.read('GPIO17').kind, lines.read('GPIO22').kind], ['lost', 'level']);
  await pass(1);
  assert.equal([readings, troubles], [[], [['GPIO27', 'busy']]]);
  gpio.refuseExport(BASE + 17, undefined);
  gpio.refuseExport(BASE + 27, undefined);
  await pass(2_000);
  assert.equal(readings, [['GPIO17', 0]]);
  assert.equal(troubles.slice(1), [['GPIO27', undefined]]);
});

for (const wanted of [{ withoutChip: true }, { withoutPackage: true }]) {
  test(`patient, ${JSON.stringify(wanted)}: it starts with every line lost, rather than not at all`, async () => {
    const { open, lines, pass, timers, troubles } = world({ ...wanted, patient: true });
    assert.equal(await open(input('GPIO17'), output('GPIO27')), { ok: true });
    assert.equal(lines.read('GPIO17'), { kind: 'lost' });
    await pass(1);
    assert.equal(
      troubles.map(([line]) => line),
      ['GPIO27'],
    );
    await lines.close();
    assert.is(timers.pending(), 0);
  });
}

test.run();
