/**
 * The Arduino's driver on the real thing, but for the chip: johnny-five, firmata-io and serialport over a pseudo-terminal to
 * an emulated Uno that runs the hex of Vigie's own firmware. In real time.
 */
// alone
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Reading } from '../../src/core/input.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Level } from '../../src/ports/lines.ts';
import { emulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { EmulatedBoard } from '../support/avr/emulatedBoard.ts';
import { expanderOnBoard, figuresOf, until } from '../support/avr/expanderOnBoard.ts';
import type { ExpanderOnBoard } from '../support/avr/expanderOnBoard.ts';
import { analog, input, output, UNO_PINS } from '../support/expanderRig.ts';
import { LOOP_NAMES, LOOP_STATES, makeLoopZones, ratioOf } from '../support/loopZones.ts';
import type { LoopName } from '../support/loopZones.ts';

const DOOR = 'cellar.D4';
const WINDOW = 'cellar.D5';
const SIREN = 'cellar.D7';
const MAGLOCK = 'cellar.D8';
const [DOOR_PIN, WINDOW_PIN, SIREN_PIN, MAGLOCK_PIN] = [4, 5, 7, 8];
const LINES = { single: 'cellar.A0', double: 'cellar.A1', triple: 'cellar.A2' } as const;
const CHANNELS: Readonly<Record<LoopName, number>> = { single: 0, double: 1, triple: 2 };
const REQUESTS = [
  input('D4'),
  input('D5', 'none'),
  ...LOOP_NAMES.map((_name, channel) => analog(`A${channel}`)),
  output('D7', 0, 0),
  output('D8', 1, 1),
];
/** Between a dead board and its zones in fault. */
const LOST_MAX_MS = 1_500;
/** An edge or a value that is told by then was heard without loss. */
const SETTLED_MS = 250;

const atRest = async (board: EmulatedBoard): Promise<void> => {
  await board.setPin(DOOR_PIN, 0);
  await board.setPin(WINDOW_PIN, 0);
  for (const channel of Object.values(CHANNELS)) await board.setVolts(channel, ratioOf(4_700));
};

type Context = { rig: ExpanderOnBoard };

const level = (value: Level): Reading => ({ kind: 'level', level: value });
const levelOf = (reading: Reading): Level | undefined => (reading.kind === 'level' ? reading.level : undefined);
const isLost = ({ lines }: ExpanderOnBoard): boolean =>
  [DOOR, WINDOW, ...Object.values(LINES)].every((line) => lines.read(line).kind === 'lost');
const isHeard = ({ lines }: ExpanderOnBoard): boolean =>
  [DOOR, WINDOW, ...Object.values(LINES)].every((line) => lines.read(line).kind !== 'lost');
const forget = ({ rig }: Context): void => {
  rig.readings.length = 0;
  rig.troubles.length = 0;
  rig.logged.length = 0;
};

const onBoard = suite<Context>('Arduino on its own firmware');

onBoard.before(async (context) => {
  context.rig = await expanderOnBoard('atmega328p', UNO_PINS, REQUESTS, atRest);
});
onBoard.before.each(async (context) => {
  const { rig } = context;
  await atRest(rig.board);
  rig.lines.write(SIREN, 'off');
  rig.lines.write(MAGLOCK, 'off');
  await until('the board at rest', () => isHeard(rig) && rig.lines.read(DOOR).kind === 'level');
  await sleep(SETTLED_MS);
  forget(context);
});
onBoard.after(async ({ rig }) => rig.stop());

onBoard('after opening, levels, values and outputs are those of the board', async ({ rig }) => {
  assert.equal([rig.lines.read(DOOR), rig.lines.read(WINDOW)], [level(0), level(0)]);
  for (const line of Object.values(LINES)) {
    const reading = rig.lines.read(line);
    assert.ok(reading.kind === 'ratio' && Math.abs(reading.ratio - 0.5) < 0.005);
  }
  assert.is(await rig.board.levelOf(SIREN_PIN), 'low');
  assert.is(await rig.board.levelOf(MAGLOCK_PIN), 'high');
  assert.is(await rig.board.levelOf(DOOR_PIN), 'pull-up');
  assert.is(await rig.board.levelOf(WINDOW_PIN), 'input');
});

onBoard('a hundred edges are told, each once and in order', async ({ rig }) => {
  const tookMs: number[] = [];
  for (let edge = 0; edge < 100; edge += 1) {
    const next: Level = edge % 2 === 0 ? 1 : 0;
    const began = machineTimers.now();
    void rig.board.setPin(DOOR_PIN, next);
    await until(`edge ${edge}`, () => rig.readings.length > edge);
    tookMs.push((rig.readings[edge]?.heardAtMs ?? 0) - began);
    assert.equal([rig.readings[edge]?.line, rig.readings[edge]?.reading], [DOOR, level(next)]);
  }
  assert.is(rig.readings.length, 100);
  assert.equal(rig.lines.read(WINDOW), level(0));
  console.log(`contact → reading, confirmed: ${figuresOf(tookMs)}`);
});

onBoard('a hundred orders are obeyed, each by its pin alone', async ({ rig }) => {
  const tookMs: number[] = [];
  const moved: { readonly pin: number; readonly atMs: number }[] = [];
  const stop = rig.board.watch((pin) => void moved.push({ pin, atMs: machineTimers.now() }));
  for (let order = 0; order < 100; order += 1) {
    const began = machineTimers.now();
    rig.lines.write(SIREN, order % 2 === 0 ? 'on' : 'off');
    await until(`order ${order}`, () => moved.length > order);
    tookMs.push((moved[order]?.atMs ?? 0) - began);
  }
  stop();
  assert.ok(moved.every(({ pin }) => pin === SIREN_PIN));
  assert.is(moved.length, 100);
  assert.equal(rig.troubles, []);
  console.log(`order → pin: ${figuresOf(tookMs)}`);
});

onBoard('forty changes of a loop are told, each once', async ({ rig }) => {
  const tookMs: number[] = [];
  for (let change = 0; change < 40; change += 1) {
    const began = machineTimers.now();
    void rig.board.setVolts(CHANNELS.double, ratioOf(change % 2 === 0 ? 9_400 : 4_700));
    await until(`change ${change}`, () => rig.readings.length > change);
    tookMs.push((rig.readings[change]?.heardAtMs ?? 0) - began);
    // The next change comes at any instant of the board's sampling.
    await sleep(7 + ((change * 13) % 20));
  }
  assert.is(rig.readings.length, 40);
  assert.ok(rig.readings.every(({ line }) => line === LINES.double));
  console.log(`loop → reading, three samples that agree: ${figuresOf(tookMs)}`);
});

onBoard('supervised loops: every state is the signal of its zone, and none is passed through', async ({ rig }) => {
  const zones = makeLoopZones(LINES);
  const beganAt = machineTimers.now();
  const now = (): number => machineTimers.now() - beganAt;
  let told = 0;
  const catchUp = (): void => {
    for (const { line, reading, atMs, heardAtMs } of rig.readings.slice(told)) {
      zones.hear(line, reading, atMs - beganAt, heardAtMs - beganAt);
    }
    told = rig.readings.length;
    zones.at(now());
  };
  for (const line of Object.values(LINES)) zones.hear(line, rig.lines.read(line), now(), now());
  await sleep(SETTLED_MS);
  catchUp();
  for (const name of LOOP_NAMES) {
    zones.history(name);
    for (const state of [...LOOP_STATES[name], ...LOOP_STATES[name].slice(0, 1)]) {
      const before = zones.signal(name);
      await rig.board.setVolts(CHANNELS[name], ratioOf(state.ohms));
      await until(`${name}: ${state.name}`, () => {
        catchUp();
        return zones.signal(name) === state.signal;
      });
      await sleep(60);
      catchUp();
      const expected = before === state.signal ? [before] : [before, state.signal];
      assert.equal(zones.history(name), expected, `${name}: ${state.name}`);
    }
  }
});

onBoard('unplugged: lost at once; plugged in again: the present levels and orders', async ({ rig }) => {
  rig.lines.write(SIREN, 'on');
  await sleep(20);
  await rig.board.unplug();
  const lostMs = await until('lost', () => isLost(rig));
  assert.equal(
    rig.troubles.slice(0, 2).map(({ line, trouble }) => [line, trouble]),
    [
      [SIREN, 'device-gone'],
      [MAGLOCK, 'device-gone'],
    ],
  );
  rig.lines.write(MAGLOCK, 'on');
  await rig.board.setPin(DOOR_PIN, 1);
  await sleep(600);
  await rig.board.replug();
  const backMs = await until('back', () => isHeard(rig));
  assert.equal(rig.lines.read(DOOR), level(1));
  assert.equal([await rig.board.levelOf(SIREN_PIN), await rig.board.levelOf(MAGLOCK_PIN)], ['high', 'low']);
  assert.equal(
    rig.troubles.slice(-2).map(({ trouble }) => trouble),
    [undefined, undefined],
  );
  assert.equal(
    rig.logged.map((line) => line.split(':', 1)[0]),
    ['error the expander was unplugged or lost its power', 'error no expander at its port', 'info the expander works'],
  );
  console.log(`unplugged → lost: ${lostMs.toFixed(1)} ms; plugged in → back: ${backMs.toFixed(0)} ms`);
});

onBoard('reset: told, and armed again with the present orders', async ({ rig }) => {
  rig.lines.write(SIREN, 'on');
  await sleep(20);
  await rig.board.reset();
  const lostMs = await until('lost', () => rig.readings.some(({ reading }) => reading.kind === 'lost'), LOST_MAX_MS);
  const backMs = await until('back', () => isHeard(rig));
  assert.is(await rig.board.levelOf(SIREN_PIN), 'high');
  assert.is(rig.lines.counters().restarts >= 1, true);
  console.log(`reset → lost: ${lostMs.toFixed(1)} ms; → back: ${(lostMs + backMs).toFixed(0)} ms`);
});

onBoard('run away: the chip resets itself, and is armed again', async ({ rig }) => {
  rig.lines.write(SIREN, 'on');
  await sleep(20);
  await rig.board.runAway();
  await until('lost', () => isLost(rig) || rig.readings.length > 0, LOST_MAX_MS);
  await until('back', () => isHeard(rig) && rig.troubles.at(-1)?.trouble === undefined);
  assert.is(await rig.board.levelOf(SIREN_PIN), 'high');
});

onBoard('hung: lost in time, opened anew, and back when it runs again', async ({ rig }) => {
  rig.lines.write(SIREN, 'on');
  await sleep(20);
  await rig.board.hang();
  const lostMs = await until('lost', () => isLost(rig), LOST_MAX_MS);
  rig.lines.write(SIREN, 'off');
  await sleep(4_500);
  assert.ok(isLost(rig));
  await rig.board.setPin(DOOR_PIN, 1);
  await rig.board.resume();
  await until('back', () => isHeard(rig));
  assert.equal(rig.lines.read(DOOR), level(1));
  assert.is(await rig.board.levelOf(SIREN_PIN), 'low');
  console.log(`hung → lost: ${lostMs.toFixed(0)} ms`);
});

onBoard('silent: nothing of what it sends arrives any more', async ({ rig }) => {
  await rig.board.dropBytes(1_000_000);
  await until('lost', () => isLost(rig), LOST_MAX_MS);
  await rig.board.unplug();
  await rig.board.dropBytes(-1_000_000);
  await rig.board.replug();
  await until('back', () => isHeard(rig));
});

const NOISE: readonly (readonly [string, readonly number[]])[] = [
  ['inputs that are low or high', [0x90, 0x10, 0x00, 0x90, 0x30, 0x00, 0x90, 0x00, 0x00]],
  ['samples', [0xe0, 0x7f, 0x07, 0xe1, 0x00, 0x00, 0xe0, 0x7f, 0x7f]],
  ['messages that make the library throw', [0xf0, 0x79, 0xf7, 0xf0, 0x6e, 0x7f, 0x01, 0x01, 0xf7, 0xf0, 0x6a, 1, 2, 3, 0xf7]],
  ['half a message', [0xf0, 0x0b, 0x06, 0x05]],
];
for (const [name, bytes] of NOISE) {
  onBoard(`noise that looks like ${name} tells nothing`, async ({ rig }) => {
    for (let burst = 0; burst < 10; burst += 1) {
      await rig.board.noise(bytes);
      await sleep(23);
    }
    await sleep(SETTLED_MS);
    assert.equal(rig.readings, []);
    assert.equal(rig.troubles, []);
    assert.equal(rig.logged, []);
  });
}

onBoard('bytes lost both ways: no wrong reading, and every order arrives', async ({ rig }) => {
  for (let loss = 0; loss < 20; loss += 1) {
    await rig.board.dropBytes(1 + (loss % 3), 'to-host');
    await rig.board.dropBytes(1 + (loss % 2), 'to-board');
    rig.lines.write(SIREN, loss % 2 === 0 ? 'on' : 'off');
    await sleep(60);
  }
  await until('whole again', () => isHeard(rig) && rig.troubles.at(-1)?.trouble === undefined);
  const began = machineTimers.now();
  while ((await rig.board.levelOf(SIREN_PIN)) !== 'low') assert.ok(machineTimers.now() - began < 3_000, 'an order is not mended');
  assert.ok(rig.readings.every(({ reading }) => reading.kind !== 'level' || reading.level === 0));
  await rig.board.setPin(DOOR_PIN, 1);
  await until('the door', () => levelOf(rig.lines.read(DOOR)) === 1);
});
onBoard.run();

const gone = suite('a host that is gone');

gone('killed: the board puts its outputs to rest after 2 s, and no sooner', async () => {
  const board = await emulatedBoard({ chip: 'atmega328p' });
  const host = fork(fileURLToPath(new URL('../support/avr/expanderHost.js', import.meta.url)), [board.port]);
  try {
    await new Promise((resolve) => {
      host.once('message', resolve);
    });
    await sleep(300);
    assert.equal([await board.levelOf(SIREN_PIN), await board.levelOf(MAGLOCK_PIN)], ['high', 'low']);
    const rested = new Set<number>();
    board.watch((pin) => rested.add(pin));
    host.kill('SIGKILL');
    const restMs = await until('outputs at rest', () => rested.size === 2);
    assert.equal([await board.levelOf(SIREN_PIN), await board.levelOf(MAGLOCK_PIN)], ['low', 'high']);
    assert.ok(restMs > 1_500, `after ${restMs} ms`);
    console.log(`host killed → outputs at rest: ${restMs.toFixed(0)} ms`);
  } finally {
    host.kill('SIGKILL');
    await board.stop();
  }
});
gone.run();
