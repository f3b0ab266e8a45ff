/** The header in words and drawings, on chips of a kernel in memory: what is read, and what is never touched. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pins } from '../../src/cli/pins.ts';
import { GET_LINE, descriptorIn, encodeOutput } from '../../src/drivers/gpio-chardev/uapi.ts';
import { fakeGpio } from '../support/fakeGpioKernel.ts';
import type { FakeGpio } from '../support/fakeGpioKernel.ts';
import { fakeIo } from './support.ts';

const test = suite('vigie pins');

const PI = readFileSync('config/cabinet-pi4.yaml', 'utf8');
const FILES = { 'pi.yaml': PI, 'sim.yaml': readFileSync('config/cabinet.yaml', 'utf8'), 'bad.yaml': 'version: 1\n' };
const LABEL = 'pinctrl-bcm2711';
const DOOR = 17;
const SIREN = 13;
const SPARE = 21;
const I2C = 2;

const chipWith = (label = LABEL): FakeGpio => {
  const gpio = fakeGpio();
  gpio.addChip('/dev/gpiochip0', label, 58);
  return gpio;
};

type Ended = { readonly status: number; readonly out: string; readonly err: string };
/** Between looks the world moves; after the last of them somebody asks to end. */
type Happening = readonly (() => void)[];

const run = async (
  gpio: FakeGpio | undefined,
  args: readonly string[],
  happening: Happening = [],
  isTerminal = false,
): Promise<Ended> => {
  const io = fakeIo(FILES);
  let next = 0;
  const pause = async (): Promise<boolean> => {
    const act = happening[next];
    next += 1;
    act?.();
    return act !== undefined;
  };
  const status = await pins(args, io, {
    kernel: gpio?.kernel,
    terminal: { isTerminal, size: () => ({ rows: 24, columns: 80 }) },
    pause,
  });
  return { status, ...io.written };
};

const rests = (): void => undefined;

const PI_ARGS = ['--config', 'pi.yaml'];

test('the header as it is on the board: twenty rows, no wider than a terminal', async () => {
  const gpio = chipWith();
  gpio.turn(DOOR, 1);
  const { status, out } = await run(gpio, PI_ARGS);
  assert.is(status, 0);
  const rows = out.split('\n').slice(0, 20);
  assert.is(rows[5], 'Porte d’entrée (1)   1 ACTIF GPIO17 11 | 12 GPIO18 0');
  assert.is(rows[19], `${''.padStart(30)}masse 39 | 40 GPIO21 0`);
  assert.ok(
    rows.every((row) => row.length <= 79),
    rows.join('\n'),
  );
  assert.match(out, /^ {2}box\.A0 +Fenêtre sur cour \(6\)$/m);
  assert.is(gpio.openDescriptors(), 0, 'every line is let go');
});

test('outputs and what the board’s functions need are never asked for', async () => {
  const gpio = chipWith();
  const { out } = await run(gpio, PI_ARGS);
  assert.match(out, /Sirène intérieure {4}sortie GPIO13 33/);
  assert.match(out, /i2c {2}GPIO2 {2}3/);
  for (const untouched of [SIREN, I2C, 0, 1]) assert.is(gpio.flagsOf(untouched), undefined, `line ${untouched}`);
});

test('a line that is an output now, though no site’s file says so, stays one', async () => {
  const gpio = chipWith();
  const request = encodeOutput('old', SPARE, 1);
  const chip = gpio.kernel.open('/dev/gpiochip0');
  if (!chip.ok) throw new Error(chip.error);
  assert.is(gpio.kernel.ioctl(chip.value, GET_LINE, request), undefined);
  gpio.kernel.close(descriptorIn(request));
  gpio.kernel.close(chip.value);
  const { out } = await run(gpio, PI_ARGS);
  assert.match(out, '40 GPIO21 sortie');
  assert.equal(gpio.drivenOf(SPARE), [1]);
  assert.is(gpio.flagsOf(SPARE), 8n, 'output it was, and nothing else since');
});

test('the site’s pull on the site’s inputs; that of a free line is left as it is', async () => {
  const gpio = chipWith();
  await run(gpio, PI_ARGS);
  assert.is(gpio.flagsOf(DOOR), 0b1_0000_0100n, 'input with pull-up');
  assert.is(gpio.flagsOf(SPARE), 0b100n, 'input, and nothing more');
});

test('a running Vigie holds its lines: that is said, with what to do', async () => {
  const gpio = chipWith();
  gpio.hold(DOOR, 'vigie');
  gpio.hold(22, 'spi0 CS0 of somebody');
  const { status, out } = await run(gpio, PI_ARGS);
  assert.is(status, 0);
  assert.match(out, 'Porte d’entrée (1)     vigie GPIO17 11');
  assert.match(out, 'spi0 CS0… GPIO22 15');
  assert.match(out, 'Une Vigie en marche tient 1 de ces lignes');
  assert.match(out, 'walk-test');
});

test('identify: the line that moves, its pin and its zone, and nothing of lines that rest', async () => {
  const gpio = chipWith();
  const opens = (): void => gpio.turn(DOOR, 1);
  const closes = (): void => gpio.turn(DOOR, 0);
  const spare = (): void => gpio.turn(SPARE, 1);
  const { status, out, err } = await run(gpio, [...PI_ARGS, '--identify'], [rests, opens, rests, closes, spare]);
  assert.is(status, 0);
  assert.match(err, 'Ouvrez une porte');
  assert.is(
    out,
    [
      'GPIO17 (broche 11) : 0 → 1 ACTIF  Porte d’entrée (1)',
      'GPIO17 (broche 11) : 1 → 0 repos  Porte d’entrée (1)',
      'GPIO21 (broche 40) : 0 → 1  libre',
      '',
    ].join('\n'),
  );
  assert.is(gpio.openDescriptors(), 0);
});

test('identify where every line is held: 1, and why', async () => {
  const gpio = chipWith();
  for (let offset = 0; offset < 28; offset += 1) gpio.hold(offset, 'vigie');
  const { status, out, err } = await run(gpio, [...PI_ARGS, '--identify']);
  assert.is(status, 1);
  assert.is(out, '');
  assert.match(err, 'Aucune ligne ne peut être lue');
  assert.match(err, 'arrêtez le service');
});

test('watch: drawn anew on a terminal when a line moves, and only then', async () => {
  const gpio = chipWith();
  const opens = (): void => gpio.turn(DOOR, 1);
  const { status, out } = await run(gpio, [...PI_ARGS, '--watch'], [rests, rests, opens, rests], true);
  assert.is(status, 0);
  assert.is(out.split('\u001b[H').length - 1, 2, 'at first, and for the door');
  assert.ok(out.startsWith('\u001b[?1049h') && out.endsWith('\u001b[?1049l'), 'the terminal is given back');
});

test('JSON: every pin, then an object for each that moves', async () => {
  const gpio = chipWith();
  const whole: unknown = JSON.parse((await run(gpio, [...PI_ARGS, '--json'])).out);
  const list: unknown = Reflect.get(Object(whole), 'pins');
  assert.is(Array.isArray(list) && list.length, 40);
  const opens = (): void => gpio.turn(DOOR, 1);
  const { out } = await run(gpio, [...PI_ARGS, '--watch', '--json'], [opens]);
  const moved: unknown = JSON.parse(out);
  assert.is(Reflect.get(Object(moved), 'line'), 'GPIO17');
  assert.equal(Reflect.get(Object(moved), 'state'), { kind: 'level', level: 1 });
});

test('a chip that goes away while it is looked at is told, and is no end', async () => {
  const gpio = chipWith();
  const goes = (): void => gpio.removeChip('/dev/gpiochip0');
  const { status, out } = await run(gpio, [...PI_ARGS, '--identify'], [goes]);
  assert.is(status, 0);
  assert.match(out, 'GPIO17 (broche 11) : 0 → ENODEV');
});

test('no header, no chip, no koffi: 1, and a sentence', async () => {
  const simulated = await run(chipWith(), ['--config', 'sim.yaml']);
  assert.is(simulated.status, 1);
  assert.match(simulated.err, 'elle n’a pas de broches');
  const other = await run(chipWith('pinctrl-rp1'), PI_ARGS);
  assert.is(other.status, 1);
  assert.match(other.err, 'no GPIO chip is labelled pinctrl-bcm2711');
  const without = await run(undefined, PI_ARGS);
  assert.is(without.status, 1);
  assert.match(without.err, 'koffi');
});

for (const args of [
  ['x'],
  [...PI_ARGS, '--watch', '--identify'],
  ['--lang', 'de'],
  ['--config', 'none.yaml'],
  ['--config', 'bad.yaml'],
]) {
  test(`${args.join(' ')}: 2`, async () => {
    const { status, out, err } = await run(chipWith(), args);
    assert.is(status, 2);
    assert.is(out, '');
    assert.ok(err.length > 0);
  });
}

test.run();
