/** johnny-five over firmata-io over serialport, all as they are, on both boards. */
import { createRequire } from 'node:module';
import { SerialPort } from 'serialport';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChipName } from '../support/avr/chips.ts';
import { emulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { EmulatedBoard } from '../support/avr/emulatedBoard.ts';
import { eventually } from '../support/avr/eventually.ts';

// Neither package brings types; this is what the test uses of them.
type Emitter = { readonly on: (event: string, listener: (value: unknown) => void) => void };
type Io = Emitter & {
  readonly firmware: { readonly name: string; readonly version: { readonly major: number; readonly minor: number } };
  readonly pins: readonly { readonly mode: number; readonly state: number; readonly supportedModes: readonly number[] }[];
  readonly analogPins: readonly number[];
  readonly RESOLUTION: { readonly ADC: number };
  readonly queryPinState: (pin: number, answered: () => void) => void;
  readonly pinMode: (pin: number, mode: number) => void;
  readonly digitalRead: (pin: number, told: (value: number) => void) => void;
};
type FirmataIo = { readonly Firmata: new (port: SerialPort, options: object) => Io };
type JohnnyFive = {
  readonly Board: new (options: object) => Emitter;
  readonly Relay: new (options: object) => { readonly close: () => void; readonly open: () => void };
  readonly Button: new (options: object) => Emitter;
  readonly Sensor: new (options: object) => Emitter & { readonly value: number; readonly disable: () => void };
};

const require = createRequire(import.meta.url);
const { Firmata } = require('firmata-io') as FirmataIo;
const five = require('johnny-five') as JohnnyFive;

type Context = { emulated: EmulatedBoard; port: SerialPort; io: Io; board: Emitter };

const ready = async (io: Io): Promise<Emitter> => {
  const board = new five.Board({ io, repl: false, debug: false, sigint: false, timeout: 20_000 });
  await new Promise<void>((resolve, reject) => {
    board.on('ready', () => resolve());
    board.on('error', (error) => reject(new Error(String(error))));
    io.on('error', (error) => reject(new Error(String(error))));
  });
  return board;
};

type BoardFacts = { readonly chip: ChipName; readonly pins: number; readonly channels: number };

const BOARDS: readonly BoardFacts[] = [
  { chip: 'atmega328p', pins: 20, channels: 6 },
  { chip: 'atmega2560', pins: 70, channels: 16 },
];

for (const { chip, pins, channels } of BOARDS) {
  const test = suite<Context>(`johnny-five on ${chip}`);

  test.before(async (context) => {
    context.emulated = await emulatedBoard({ chip });
    context.port = new SerialPort({ path: context.emulated.port, baudRate: 57_600 });
    context.io = new Firmata(context.port, { reportVersionTimeout: 300, samplingInterval: 20 });
    context.board = await ready(context.io);
  });

  test.after(async (context) => {
    await new Promise((resolve) => context.port.close(resolve));
    await context.emulated.stop();
  });

  test('shakes hands', ({ io }) => {
    assert.equal(io.firmware, { name: 'VigieExpander', version: { major: 1, minor: 0 } });
    assert.is(io.pins.length, pins);
    assert.is(io.analogPins.length, channels);
    assert.is(io.RESOLUTION.ADC, 1023);
    assert.equal(
      [0, 8, pins - 1].map((pin) => io.pins[pin]?.supportedModes),
      [[], [0, 1, 11], [0, 1, 2, 11]],
    );
  });

  test('a relay closes and opens', async ({ emulated, board, io }) => {
    const relay = new five.Relay({ pin: 8, board });
    relay.close();
    await eventually('high', async () => (await emulated.levelOf(8)) === 'high');
    let answered = false;
    io.queryPinState(8, () => (answered = true));
    await eventually('the pin state is told', () => answered);
    assert.equal([io.pins[8]?.mode, io.pins[8]?.state], [1, 1]);
    relay.open();
    await eventually('low', async () => (await emulated.levelOf(8)) === 'low');
  });

  test('a button with its pull-up is pressed and let go', async ({ emulated, board }) => {
    const button = new five.Button({ board, pin: 2, isPullup: true });
    const events: string[] = [];
    button.on('down', () => events.push('down'));
    button.on('up', () => events.push('up'));
    await eventually('pull-up', async () => (await emulated.levelOf(2)) === 'pull-up');
    await emulated.setPin(2, 0);
    await eventually('down', () => events.length === 1);
    await emulated.setPin(2, undefined);
    await eventually('up', () => events.length === 2);
    assert.equal(events, ['down', 'up']);
  });

  test('an input is told level by level, a pulse of 1 ms too', async ({ emulated, io }) => {
    const levels: number[] = [];
    io.pinMode(4, 0);
    io.digitalRead(4, (level) => levels.push(level));
    await eventually('the first level', () => levels.length > 0);
    levels.length = 0;
    await emulated.pulse(4, 1, 1_000);
    await eventually('both edges', () => levels.length === 2);
    assert.equal(levels, [1, 0]);
  });

  test('a sensor reads a voltage', async ({ emulated, board }) => {
    const sensor = new five.Sensor({ board, pin: 'A1', freq: 25 });
    await emulated.setVolts(1, 0.25);
    await eventually('a quarter of the scale', () => sensor.value === 256);
    await emulated.setVolts(1, 0.75);
    await eventually('three quarters', () => sensor.value === 768);
    sensor.disable();
  });

  test.run();
}
