/** Digital inputs: every pulse of a millisecond is told, both edges, in the order in which they came. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startedBench, sysex, textOf } from '../support/avr/bench.ts';
import type { Bench, Message } from '../support/avr/bench.ts';
import type { ChipName } from '../support/avr/chips.ts';

const CHIPS: readonly ChipName[] = ['atmega328p', 'atmega2560'];

const HIGH: Message = [0x90, 0x04, 0];
const LOW: Message = [0x90, 0x00, 0];

/** Pins 2 to 9 are inputs, both their groups reported. */
const listening = (chip: ChipName): Bench => {
  const rig = startedBench(chip);
  rig.ask([2, 3, 4, 5, 6, 7, 8, 9].flatMap((pin) => [0xf4, pin, 0]));
  assert.equal(rig.ask([0xd0, 1, 0xd1, 1]), [
    [0x90, 0, 0],
    [0x91, 0, 0],
  ]);
  return rig;
};

const pulse = ({ board }: Bench, pin: number, micros: number): void => {
  board.setPin(pin, 1);
  board.run(micros);
  board.setPin(pin, 0);
};

for (const chip of CHIPS) {
  const test = suite(`inputs on ${chip}`);

  test('a pulse of 1 ms is told, wherever it falls between two samples', () => {
    const rig = listening(chip);
    for (let offsetMicros = 0; offsetMicros < 1_000; offsetMicros += 23) {
      rig.board.run(offsetMicros);
      pulse(rig, 2, 1_000);
      assert.equal(rig.wait(3), [HIGH, LOW], `${offsetMicros} µs`);
    }
  });

  test('so is a pause of 1 ms', () => {
    const rig = listening(chip);
    rig.board.setPin(2, 1);
    rig.wait(5);
    for (let offsetMicros = 0; offsetMicros < 1_000; offsetMicros += 23) {
      rig.board.run(offsetMicros);
      rig.board.setPin(2, 0);
      rig.board.run(1_000);
      rig.board.setPin(2, 1);
      assert.equal(rig.wait(3), [LOW, HIGH], `${offsetMicros} µs`);
    }
  });

  test('a change is told within 1.5 ms', () => {
    const rig = listening(chip);
    for (let offsetMicros = 0; offsetMicros < 500; offsetMicros += 41) {
      rig.board.run(offsetMicros);
      rig.board.setPin(2, 1);
      assert.equal(rig.wait(1.5), [HIGH]);
      rig.board.setPin(2, 0);
      rig.wait(5);
    }
  });

  test('edges on several pins are told in the order in which they came', () => {
    const rig = listening(chip);
    for (const pin of [2, 9, 3, 8, 7]) {
      rig.board.setPin(pin, 1);
      rig.board.run(600);
    }
    assert.equal(rig.wait(10), [
      [0x90, 0b0000_0100, 0],
      [0x91, 0b0000_0010, 0],
      [0x90, 0b0000_1100, 0],
      [0x91, 0b0000_0011, 0],
      [0x90, 0b0000_1100, 1],
    ]);
  });

  test('a hundred pulses in a row are all told', () => {
    const rig = listening(chip);
    const told: number[] = [];
    for (let count = 0; count < 100; count++) {
      pulse(rig, 2, 1_000);
      told.push(...rig.wait(1).flat());
    }
    told.push(...rig.wait(20).flat());
    assert.equal(told, Array.from({ length: 100 }, () => [...HIGH, ...LOW]).flat());
  });

  test('pulses while a long answer is sent are told after it', () => {
    const rig = listening(chip);
    const during: Message[] = [...rig.ask(sysex(0x6b), 3)];
    for (let count = 0; count < 20; count++) {
      pulse(rig, 2, 1_000);
      during.push(...rig.wait(1));
    }
    const bytes = [...during, ...rig.wait(200)].flat();
    const end = bytes.indexOf(0xf7);
    assert.equal(bytes.slice(0, 2), [0xf0, 0x6c]);
    assert.equal(bytes.slice(end + 1), Array.from({ length: 20 }, () => [...HIGH, ...LOW]).flat());
  });

  test('an input that chatters faster than the line can tell: never silently, and the last level is right', () => {
    const rig = listening(chip);
    for (let count = 0; count < 1_000; count++) {
      for (const pin of [2, 3, 8, 9]) rig.board.setPin(pin, count % 2 === 0 ? 1 : 0);
      rig.board.run(500);
    }
    rig.board.setPin(2, 1);
    rig.board.setPin(8, 0);
    const told = rig.wait(2_000);
    assert.ok(told.some((message) => textOf(message)?.startsWith('samples without room for a change: ')));
    const lastOf = (group: number): Message | undefined => told.findLast(([command]) => command === (0x90 | group));
    assert.is((lastOf(0)?.[1] ?? 0) & 0x04, 0x04);
    assert.is((lastOf(1)?.[1] ?? 0) & 0x01, 0);
    assert.equal(rig.wait(3_000), [], 'and it is told once');
  });

  test('a pin nobody declared is never told, whatever it does', () => {
    const rig = startedBench(chip);
    rig.ask([0xd0, 1]);
    rig.board.setPin(3, 1);
    assert.equal(rig.wait(20), []);
  });

  test('asking for a group again tells its present levels', () => {
    const rig = listening(chip);
    rig.board.setPin(7, 1);
    rig.wait(10);
    assert.equal(rig.ask([0xd0, 1]), [[0x90, 0, 1]]);
  });

  test.run();
}
