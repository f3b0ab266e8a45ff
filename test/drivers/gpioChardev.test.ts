/** The driver of the GPIO character device on a kernel in memory: what can go wrong, and what it says then. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chardevLinesOn } from '../../src/drivers/gpio-chardev/lines.ts';
import type { Reading } from '../../src/core/input.ts';
import type { Bias, Level, LineProblem, LineRequest, Lines, LinesListener, LineTrouble, Opened } from '../../src/ports/lines.ts';
import { fakeGpio } from '../support/fakeGpioKernel.ts';
import type { FakeGpio } from '../support/fakeGpioKernel.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import type { VirtualTimers } from '../support/virtualTimers.ts';

const test = suite('GPIO character device');

const CHIP = '/dev/gpiochip0';
const LABEL = 'pinctrl-bcm2711';
const OFFSETS = { GPIO17: 17, GPIO22: 22, GPIO23: 23, GPIO27: 27, GPIO24: 24, GPIO99: 99 };

type Said = readonly [string, Reading['kind'] | Level];
type World = {
  readonly gpio: FakeGpio;
  readonly timers: VirtualTimers;
  readonly lines: Lines;
  readonly readings: Said[];
  readonly times: number[];
  readonly troubles: [string, LineTrouble | undefined][];
  readonly logged: string[];
  readonly open: (...requests: readonly LineRequest[]) => Promise<Opened>;
};

type Wanted = { readonly patient?: boolean; readonly withoutChip?: boolean; readonly withoutKoffi?: boolean };

const world = ({ patient = false, withoutChip = false, withoutKoffi = false }: Wanted = {}): World => {
  const gpio = fakeGpio();
  const timers = createVirtualTimers();
  if (!withoutChip) gpio.addChip(CHIP, LABEL);
  const readings: Said[] = [];
  const times: number[] = [];
  const troubles: World['troubles'] = [];
  const logged: string[] = [];
  const listener: LinesListener = {
    onReading: (line, reading, atMs) => {
      readings.push([line, reading.kind === 'level' ? reading.level : reading.kind]);
      times.push(atMs);
    },
    onOutputTrouble: (line, trouble) => void troubles.push([line, trouble]),
  };
  const log = (level: string, message: string, facts?: Readonly<Record<string, unknown>>): void =>
    void logged.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  const kernelOf = () => (withoutKoffi ? undefined : gpio.kernel);
  const lines = chardevLinesOn(kernelOf, { chipLabel: LABEL, offsets: OFFSETS, timers, patient, log });
  const open = (...requests: readonly LineRequest[]): Promise<Opened> => lines.open(requests, listener);
  return { gpio, timers, lines, readings, times, troubles, logged, open };
};

const input = (line: string, bias: Bias = 'pull-up'): LineRequest => ({ direction: 'input', line, bias });
const output = (line: string, initialLevel: Level = 0): LineRequest => ({
  direction: 'output',
  line,
  initialLevel,
  restLevel: 0,
  maxOnMs: undefined,
});
const problemsOf = (opened: Opened): readonly LineProblem[] => (opened.ok ? [] : opened.problems);
const told = (opened: Opened): readonly (readonly string[])[] => problemsOf(opened).map(({ line, trouble }) => [line, trouble]);

// ---- what is refused

test('no chip with the label: every line is refused, and the chips there are named', async () => {
  const { gpio, open } = world({ withoutChip: true });
  gpio.addChip('/dev/gpiochip4', 'raspberrypi-exp-gpio');
  const opened = await open(input('GPIO17'), output('GPIO27'));
  assert.equal(told(opened), [
    ['GPIO17', 'chip-not-found'],
    ['GPIO27', 'chip-not-found'],
  ]);
  assert.match(problemsOf(opened)[0]?.detail ?? '', 'raspberrypi-exp-gpio (/dev/gpiochip4)');
  assert.is(gpio.openDescriptors(), 0);
});

test('two chips with the label: none is taken, by number or otherwise', async () => {
  const { gpio, open } = world();
  gpio.addChip('/dev/gpiochip4', LABEL);
  const opened = await open(output('GPIO27', 1));
  assert.equal(told(opened), [['GPIO27', 'chip-ambiguous']]);
  assert.match(problemsOf(opened)[0]?.detail ?? '', '/dev/gpiochip0, /dev/gpiochip4');
  assert.equal(gpio.drivenOf(27), []);
  assert.is(gpio.openDescriptors(), 0);
});

test('a held line says by whom, beside every other problem, and nothing is held', async () => {
  const { gpio, open } = world();
  gpio.hold(17, 'gpiomon');
  gpio.hold(27, 'sysfs');
  gpio.refuseLine(22, 'EPERM');
  const opened = await open(
    input('GPIO17'),
    input('GPIO22'),
    input('GPIO23'),
    output('GPIO27'),
    output('GPIO24'),
    input('GPIO99'),
  );
  assert.equal(told(opened), [
    ['GPIO99', 'no-such-line'],
    ['GPIO17', 'busy'],
    ['GPIO22', 'no-permission'],
    ['GPIO27', 'busy'],
  ]);
  const details = problemsOf(opened).map(({ detail }) => detail);
  assert.match(details[0] ?? '', 'has 28 lines');
  assert.match(details[1] ?? '', 'held by gpiomon');
  assert.match(details[2] ?? '', 'group gpio');
  assert.match(details[3] ?? '', '/sys/class/gpio/unexport');
  assert.is(gpio.openDescriptors(), 0);
});

test('a holder without a name is told as such', async () => {
  const { gpio, open } = world();
  gpio.hold(17, '');
  const opened = await open(input('GPIO17'));
  assert.match(problemsOf(opened)[0]?.detail ?? '', 'gives no name');
});

test('a chip that may not be opened is a matter of permission, not of a missing chip', async () => {
  const { gpio, open } = world();
  gpio.refuseChip(CHIP, 'EACCES');
  const opened = await open(input('GPIO17'));
  assert.equal(told(opened), [['GPIO17', 'no-permission']]);
  assert.match(problemsOf(opened)[0]?.detail ?? '', 'usermod');
});

test('a kernel older than the interface is named as such', async () => {
  const { gpio, open } = world();
  gpio.refuseLine(17, 'ENOTTY');
  const opened = await open(input('GPIO17'));
  assert.equal(told(opened), [['GPIO17', 'not-supported']]);
  assert.match(problemsOf(opened)[0]?.detail ?? '', '5.10');
});

test('without koffi the package is named', async () => {
  const opened = await world({ withoutKoffi: true }).open(input('GPIO17'));
  assert.equal(told(opened), [['GPIO17', 'not-supported']]);
  assert.match(problemsOf(opened)[0]?.detail ?? '', 'koffi');
});

test('what no chip could give is refused however patient: unknown line, voltage, the same line twice', async () => {
  const { open } = world({ patient: true });
  const analog: LineRequest = { direction: 'analog', line: 'GPIO22' };
  assert.equal(told(await open(input('GPIO7'), analog, input('GPIO17'), output('GPIO17'), output('GPIO17'))), [
    ['GPIO7', 'no-such-line'],
    ['GPIO22', 'not-supported'],
    ['GPIO17', 'requested-twice'],
  ]);
});

// ---- levels and edges

test('each input has the pull it asks for', async () => {
  const { gpio, open } = world();
  await open(input('GPIO17'), input('GPIO22', 'none'), input('GPIO23', 'pull-down'));
  assert.equal(
    [17, 22, 23].map((offset) => gpio.flagsOf(offset)),
    [0x134n, 0x434n, 0x234n],
  );
});

test('edges of several lines that waited while the process was busy come in their order, with their own times', async () => {
  const { gpio, open, readings, times } = world();
  await open(input('GPIO17'), input('GPIO22'));
  gpio.setBusy(true);
  gpio.turn(22, 1);
  gpio.turn(17, 1);
  gpio.turn(22, 0);
  assert.equal(readings, []);
  gpio.setBusy(false);
  assert.equal(readings, [
    ['GPIO22', 1],
    ['GPIO17', 1],
    ['GPIO22', 0],
  ]);
  assert.equal(times, [1, 2, 3]);
});

test('a line taken later, in a request of its own, still tells in order with the others', async () => {
  const { gpio, open, timers, readings } = world({ patient: true });
  gpio.hold(22, 'gpiomon');
  await open(input('GPIO17'), input('GPIO22'));
  gpio.hold(22, undefined);
  timers.advance(2_000);
  assert.equal(readings.splice(0), [['GPIO22', 0]]);
  gpio.setBusy(true);
  gpio.turn(22, 1);
  gpio.turn(17, 1);
  gpio.turn(22, 0);
  gpio.setBusy(false);
  assert.equal(
    readings.map(([line]) => line),
    ['GPIO22', 'GPIO17', 'GPIO22'],
  );
});

test('edges that the kernel had to drop: the present level is told once, and the loss is logged', async () => {
  const { gpio, open, readings, logged } = world();
  await open(input('GPIO17'), input('GPIO22'));
  gpio.setBusy(true);
  gpio.turn(22, 1);
  for (let edge = 0; edge < 1024; edge += 1) gpio.turn(17, edge % 2 === 0 ? 1 : 0);
  gpio.setBusy(false);
  assert.is(readings.length, 1025);
  assert.equal(readings.at(-1), ['GPIO22', 1]);
  assert.is(logged.filter((line) => line.includes('edges were lost')).length, 1);
});

test('without a dropped edge nothing is told beside the edges', async () => {
  const { gpio, open, readings, logged } = world();
  await open(input('GPIO17'));
  gpio.setBusy(true);
  for (let edge = 0; edge < 1024; edge += 1) gpio.turn(17, edge % 2 === 0 ? 1 : 0);
  gpio.setBusy(false);
  assert.is(readings.length, 1024);
  assert.equal(logged, []);
});

// ---- outputs

test('an output is driven to its initial level by the request, and to nothing else, then or at closing', async () => {
  const { gpio, open, lines } = world();
  await open(output('GPIO27', 1), output('GPIO24', 0));
  await lines.close();
  assert.equal([gpio.drivenOf(27), gpio.drivenOf(24)], [[1], [0]]);
  assert.is(gpio.openDescriptors(), 0);
});

test('an input is not written, nor a line that was not asked for', async () => {
  const { open, lines, troubles } = world();
  await open(input('GPIO17'));
  lines.write('GPIO17', 'on');
  lines.write('GPIO27', 'on');
  assert.equal(troubles, [
    ['GPIO17', 'wrong-direction'],
    ['GPIO27', 'no-such-line'],
  ]);
});

// ---- a chip that goes away

for (const tellsDeath of [true, false]) {
  const how = tellsDeath ? 'tells it' : 'keeps it to itself';
  test(`a chip that goes away and comes back, on a kernel that ${how}`, async () => {
    const { gpio, open, lines, timers, readings, troubles } = world();
    gpio.setTellsDeath(tellsDeath);
    await open(input('GPIO17'), output('GPIO27'));
    gpio.removeChip(CHIP);
    timers.advance(2_000);
    assert.equal(readings, [['GPIO17', 'lost']]);
    assert.equal(troubles, [['GPIO27', 'device-gone']]);
    lines.write('GPIO27', 'on');
    timers.advance(60_000);
    assert.equal([readings.length, troubles.length], [1, 1]);
    gpio.addChip('/dev/gpiochip3', LABEL);
    gpio.turn(17, 1);
    assert.equal(lines.read('GPIO17'), { kind: 'lost' });
    timers.advance(2_000);
    assert.equal(readings.slice(1), [['GPIO17', 1]]);
    assert.equal(troubles.slice(1), [['GPIO27', undefined]]);
    assert.equal(gpio.drivenOf(27), [1]);
    gpio.turn(17, 0);
    assert.equal(readings.at(-1), ['GPIO17', 0]);
    await lines.close();
    assert.equal([timers.pending(), gpio.openDescriptors()], [0, 0]);
  });
}

test('a read that meets a dead line is lost at once, and tells so after the read, once', async () => {
  const { gpio, open, lines, timers, readings } = world();
  gpio.setTellsDeath(false);
  await open(input('GPIO17'));
  gpio.removeChip(CHIP);
  assert.equal(lines.read('GPIO17'), { kind: 'lost' });
  assert.equal(lines.read('GPIO17'), { kind: 'lost' });
  assert.equal(readings, []);
  timers.advance(1);
  assert.equal(readings, [['GPIO17', 'lost']]);
});

test('nothing is told after closing, whatever was under way', async () => {
  const { gpio, open, lines, timers, readings, troubles } = world();
  gpio.setTellsDeath(false);
  await open(input('GPIO17'), output('GPIO27'));
  gpio.removeChip(CHIP);
  lines.read('GPIO17');
  await lines.close();
  timers.advance(10_000);
  assert.equal([readings, troubles], [[], []]);
});

// ---- patience

test('patient: what can be had is watched, the rest is lost or in trouble and comes by itself', async () => {
  const { gpio, open, lines, timers, readings, troubles, logged } = world({ patient: true });
  gpio.hold(17, 'gpiomon');
  gpio.hold(27, 'gpioset');
  assert.equal(await open(input('GPIO17'), input('GPIO22'), output('GPIO27', 1), output('GPIO24', 1)), { ok: true });
  assert.equal([lines.read('GPIO17'), lines.read('GPIO22')], [{ kind: 'lost' }, { kind: 'level', level: 0 }]);
  timers.advance(1);
  assert.equal([readings, troubles], [[], [['GPIO27', 'busy']]]);
  gpio.turn(22, 1);
  assert.equal(readings.splice(0), [['GPIO22', 1]]);
  assert.is(logged.filter((line) => line.includes('held by')).length, 2);
  gpio.hold(17, undefined);
  gpio.hold(27, undefined);
  timers.advance(2_000);
  assert.equal(readings, [['GPIO17', 0]]);
  assert.equal(troubles.slice(1), [['GPIO27', undefined]]);
  assert.equal([gpio.drivenOf(27), gpio.drivenOf(24)], [[1], [1]]);
});

for (const wanted of [{ withoutChip: true }, { withoutKoffi: true }]) {
  test(`patient, ${JSON.stringify(wanted)}: it starts with every line lost, rather than not at all`, async () => {
    const { open, lines, timers, troubles, logged } = world({ ...wanted, patient: true });
    assert.equal(await open(input('GPIO17'), output('GPIO27')), { ok: true });
    assert.equal(lines.read('GPIO17'), { kind: 'lost' });
    timers.advance(1);
    assert.equal(troubles, [['GPIO27', 'chip-not-found']]);
    assert.ok(logged.length >= 2);
    await lines.close();
    assert.is(timers.pending(), 0);
  });
}

test('patient: two chips with the label are none, until one is taken away', async () => {
  const { gpio, open, lines, timers } = world({ patient: true });
  gpio.addChip('/dev/gpiochip4', LABEL);
  await open(input('GPIO17'));
  assert.equal(lines.read('GPIO17'), { kind: 'lost' });
  gpio.removeChip('/dev/gpiochip4');
  timers.advance(2_000);
  assert.equal(lines.read('GPIO17'), { kind: 'level', level: 0 });
});

test.run();
