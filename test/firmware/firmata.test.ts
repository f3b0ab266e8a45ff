/** Firmata 2.5, byte by byte, on both boards: https://github.com/firmata/protocol. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bench, startedBench, sysex, textOf } from '../support/avr/bench.ts';
import type { Message } from '../support/avr/bench.ts';
import type { ChipName } from '../support/avr/chips.ts';

type BoardFacts = { readonly chip: ChipName; readonly pins: number; readonly channels: number; readonly groups: number };

const BOARDS: readonly BoardFacts[] = [
  { chip: 'atmega328p', pins: 20, channels: 6, groups: 3 },
  { chip: 'atmega2560', pins: 70, channels: 16, groups: 9 },
];

const NAME = [...Buffer.from('VigieExpander')].flatMap((letter) => [letter, 0]);
const VERSION: Message = [0xf9, 2, 5];
const FIRMWARE = sysex(0x79, 1, 0, ...NAME);

const capabilitiesOf = ({ pins, channels }: BoardFacts): Message => {
  const digital = [0x00, 1, 0x0b, 1, 0x01, 1];
  const modesOf = (pin: number): readonly number[] => {
    if (pin < 2) return [];
    return pin < pins - channels ? digital : [...digital, 0x02, 10];
  };
  return sysex(0x6c, ...Array.from({ length: pins }, (_none, pin) => [...modesOf(pin), 0x7f]).flat());
};

const mappingOf = ({ pins, channels }: BoardFacts): Message => {
  const first = pins - channels;
  return sysex(0x6a, ...Array.from({ length: pins }, (_none, pin) => (pin < first ? 127 : pin - first)));
};

for (const facts of BOARDS) {
  const { chip, pins, groups, channels } = facts;
  const firstAnalogPin = pins - channels;
  const test = suite(`firmata on ${chip}`);

  test('introduces itself unasked, within 10 ms of power', () => {
    assert.equal(bench(chip).wait(10), [VERSION, FIRMWARE]);
  });

  test('answers each query of the handshake, in the order in which hosts ask', () => {
    const { ask } = startedBench(chip);
    assert.equal(ask([0xf9]), [VERSION]);
    assert.equal(ask(sysex(0x79)), [FIRMWARE]);
    assert.equal(ask(sysex(0x6b), 200), [capabilitiesOf(facts)]);
    assert.equal(ask(sysex(0x69)), [mappingOf(facts)]);
  });

  test('answers every query of a handshake that comes all at once', () => {
    const { ask } = startedBench(chip);
    const answers = ask([0xf9, ...sysex(0x79), ...sysex(0x6b), ...sysex(0x69)], 300);
    assert.equal(answers, [VERSION, FIRMWARE, capabilitiesOf(facts), mappingOf(facts)]);
  });

  test('every pin can be an output, be written both ways and be read back', () => {
    const { ask, board } = startedBench(chip);
    for (let pin = 2; pin < pins; pin++) {
      ask([0xf4, pin, 1], 2);
      assert.is(board.levelOf(pin), 'low', `pin ${pin}`);
      ask([0xf5, pin, 1], 2);
      assert.is(board.levelOf(pin), 'high', `pin ${pin}`);
      assert.equal(ask(sysex(0x6d, pin), 3), [sysex(0x6e, pin, 1, 1)]);
      ask([0xf5, pin, 0], 2);
      assert.is(board.levelOf(pin), 'low', `pin ${pin}`);
    }
  });

  test('every pin can be an input that is told, and no other bit moves', () => {
    const { ask, wait, board } = startedBench(chip);
    for (let pin = 2; pin < pins; pin++) {
      const group = pin >> 3;
      const mask = 1 << (pin & 7);
      assert.equal(ask([0xf4, pin, 0, 0xd0 | group, 1], 4), [[0x90 | group, 0, 0]], `pin ${pin}`);
      board.setPin(pin, 1);
      assert.equal(wait(2), [[0x90 | group, mask & 0x7f, mask >> 7]], `pin ${pin}`);
      board.setPin(pin, 0);
      assert.equal(wait(2), [[0x90 | group, 0, 0]], `pin ${pin}`);
      ask([0xd0 | group, 0], 2);
      board.setPin(pin, 1);
      assert.equal(wait(2), [], 'not reported any more');
      board.setPin(pin, 0);
      wait(2);
    }
  });

  test('a group written at once reaches its outputs, and its inputs never', () => {
    const { ask, board } = startedBench(chip);
    ask([0xf4, 2, 1, 0xf4, 3, 1, 0xf4, 4, 0, 0xd0, 1, 0xf4, 5, 0x0b]);
    ask([0x90, 0b0011_1000, 0]);
    const drives = [2, 3, 4, 5, 6].map(board.levelOf);
    assert.equal(drives, ['low', 'high', 'input', 'pull-up', 'input']);
  });

  test('a pull-up is on as its mode says, and an open contact reads 1', () => {
    const { ask, board } = startedBench(chip);
    assert.equal(ask([0xf4, 7, 0x0b, 0xd0, 1]).at(-1), [0x90, 0, 1]);
    assert.is(board.levelOf(7), 'pull-up');
    assert.equal(ask(sysex(0x6d, 7)), [sysex(0x6e, 7, 0x0b, 1)]);
    ask([0xf4, 7, 0]);
    assert.is(board.levelOf(7), 'input');
  });

  test('an input just declared takes a pull-up from a digital message, and none once it is reported', () => {
    const { ask, board } = startedBench(chip);
    ask([0xf4, 2, 0, 0x90, 0x04, 0]);
    assert.is(board.levelOf(2), 'pull-up');
    ask([0xf4, 3, 0, 0xd0, 1, 0x90, 0x08, 0]);
    assert.is(board.levelOf(3), 'input');
  });

  test('modes that are not offered are refused in words, and change nothing', () => {
    const { ask, board } = startedBench(chip);
    ask([0xf4, 9, 1, 0xf5, 9, 1]);
    for (const mode of [3, 4, 5, 6, 7, 8, 9, 0x0a, 0x0c, 0x7f]) {
      assert.equal(ask([0xf4, 9, mode]).map(textOf), ['mode refused, pin 9'], `mode ${mode}`);
      assert.is(board.levelOf(9), 'high');
    }
    assert.equal(ask([0xf4, 0, 1]).map(textOf), ['mode refused, pin 0']);
    assert.equal(ask([0xf4, pins, 1]).map(textOf), [`mode refused, pin ${pins}`]);
    assert.equal(ask([0xf4, 3, 2]).map(textOf), ['mode refused, pin 3'], 'no analog input there');
  });

  test('what lies outside the board is neither done nor answered', () => {
    const { ask, takeDrives } = startedBench(chip);
    const nowhere = [0xf5, pins, 1, 0xf5, 1, 1, 0x90 | groups, 0x7f, 1, 0xd0 | groups, 1, ...sysex(0x6d, pins)];
    assert.equal(ask([...nowhere, ...sysex(0x6d), ...sysex(0x33, 1, 2), ...sysex(0x7a, 1)]), []);
    assert.equal(takeDrives(), []);
    assert.equal(ask([0xe0, 1, 0]).map(textOf), ['no analog output on this board']);
  });

  test('an output keeps its level when it is declared an output once more', () => {
    const { ask, takeDrives } = startedBench(chip);
    ask([0xf4, 12, 1, 0xf5, 12, 1]);
    takeDrives();
    ask([0xf4, 12, 1]);
    assert.equal(takeDrives(), []);
  });

  test('on a board without rest levels a 1 makes an idle pin an output, a 0 does not', () => {
    const { ask, board } = startedBench(chip);
    ask([0x91, 0x01, 0]);
    assert.equal([8, 9].map(board.levelOf), ['high', 'input']);
    ask([0x91, 0x00, 0]);
    assert.equal([8, 9].map(board.levelOf), ['low', 'input']);
  });

  test('a system reset forgets pins and reports', () => {
    const { ask, board } = startedBench(chip);
    ask([0xf4, 2, 0, 0xd0, 1, 0xf4, 8, 1, 0xf5, 8, 1, 0xc0, 1]);
    ask([0xff]);
    assert.is(board.levelOf(8), 'input');
    board.setPin(2, 1);
    assert.equal(ask([], 200), []);
    assert.equal(ask(sysex(0x6d, 8)), [sysex(0x6e, 8, 0x7f, 0)]);
  });

  test('analog channels are told by channel at the sampling interval', () => {
    const { ask, wait, board } = startedBench(chip);
    board.setVolts(0, 0.25);
    board.setVolts(channels - 1, 0.75);
    ask([...sysex(0x7a, 20, 0), 0xc0, 1, 0xc0 | (channels - 1), 1]);
    const last = 0xe0 | (channels - 1);
    const reports = wait(200);
    assert.equal(reports.slice(0, 2), [
      [0xe0, 256 & 0x7f, 256 >> 7],
      [last, 768 & 0x7f, 768 >> 7],
    ]);
    assert.is(reports.length, 20);
    assert.equal(ask([0xc0, 0], 100).at(-1)?.[0], last);
    assert.equal(
      ask(sysex(0x6d, firstAnalogPin)).filter(([command]) => command === 0xf0),
      [sysex(0x6e, firstAnalogPin, 2, 0)],
    );
  });

  test('an output is no analog input, and says so', () => {
    const { ask, board } = startedBench(chip);
    ask([0xf4, firstAnalogPin, 1]);
    assert.equal(ask([0xc0, 1], 100).map(textOf), ['no analog report of an output, channel 0']);
    assert.is(board.levelOf(firstAnalogPin), 'low');
    assert.equal(ask([0xc0, 0], 100), [], 'no report to stop is no error');
  });

  test.run();
}
