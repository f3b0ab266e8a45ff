/** The serial line at its worst: garbage, messages cut short, too long, damaged, and more than the board can take. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc7, restLevel, startedBench, sysex, textOf, vigie } from '../support/avr/bench.ts';
import type { Bench, Message } from '../support/avr/bench.ts';
import type { ChipName } from '../support/avr/chips.ts';
import { seeded } from '../support/seeded.ts';

const CHIPS: readonly ChipName[] = ['atmega328p', 'atmega2560'];

/** The board answers as it should: its parser is at the start of a message. */
const assertAnswers = (rig: Bench, nonce: number): void => {
  const answers = rig.ask(vigie(7, nonce), 300).filter((message) => message[1] === 0x0b && message[2] === 7);
  const flags = answers[0]?.[4] ?? -1;
  assert.equal(answers, [vigie(7, nonce, flags, crc7([nonce, flags]))]);
};

const filling = (bytes: number): readonly number[] => Array.from({ length: bytes }, () => 1);

const WHOLE: readonly Message[] = [
  [0xf4, 8, 1],
  [0xf5, 8, 1],
  [0x91, 1, 0],
  restLevel(8, 1),
  vigie(2, 5),
  sysex(0x6d, 8),
  [0xd1, 1],
];

for (const chip of CHIPS) {
  const test = suite(`line on ${chip}`);

  test('data without a command is passed over', () => {
    const rig = startedBench(chip);
    assert.equal(rig.ask(Array.from({ length: 128 }, (_none, byte) => byte)), []);
    assert.equal(rig.takeDrives(), []);
    assertAnswers(rig, 1);
  });

  test('a message cut short anywhere does nothing, and the next one is understood', () => {
    const rig = startedBench(chip);
    const before = Uint8Array.from(rig.board.eeprom);
    for (const message of WHOLE) {
      for (let length = 1; length < message.length; length++) {
        assert.equal(rig.ask([...message.slice(0, length), 0xf9], 20), [[0xf9, 2, 5]], `${message.join(' ')} cut to ${length}`);
      }
    }
    assert.equal(rig.takeDrives(), []);
    assert.equal(rig.board.eeprom, before);
  });

  test('bytes after a whole message belong to no message', () => {
    const rig = startedBench(chip);
    rig.ask([0xf4, 8, 1, 0xf5, 8, 1, 9, 1, 8, 0]);
    assert.is(rig.board.levelOf(8), 'high');
  });

  test('ends without a start, commands nobody knows and empty messages are passed over', () => {
    const rig = startedBench(chip);
    const strange = [0xf7, 0xf7, 0xf0, 0xf7, 0xf1, 1, 0xf2, 2, 0xf3, 3, 0xf6, 0xf8, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe];
    assert.equal(rig.ask([...strange, 0x80, 1, 1, 0xa0, 1, 1, 0xb0, 1, 1]), []);
    assertAnswers(rig, 2);
  });

  test('a sysex of 64 bytes is read to its end, one of 65 is dropped and told', () => {
    const rig = startedBench(chip);
    assert.equal(rig.ask(sysex(0x79, ...filling(63)))[0]?.[1], 0x79);
    assert.equal(rig.ask(sysex(0x79, ...filling(64))).map(textOf), ['message too long, dropped']);
    assert.equal(rig.ask(sysex(0x79, ...filling(2_000)), 500).map(textOf), ['message too long, dropped']);
    assertAnswers(rig, 3);
  });

  test('a damaged byte costs its message, and is told', () => {
    const rig = startedBench(chip);
    rig.ask([0xf4, 8, 1]);
    rig.board.send([0xf5, 8]);
    rig.board.sendDamaged(1);
    rig.board.send([1]);
    const said = rig.wait(1_100);
    assert.is(rig.board.levelOf(8), 'low');
    assert.equal(said.map(textOf), ['received bytes damaged: 1']);
    assertAnswers(rig, 4);
  });

  test('more than the board can take while it answers is lost with its message, told, and nothing hangs', () => {
    const rig = startedBench(chip);
    const flood = Array.from({ length: 150 }, () => sysex(0x6b)).flat();
    const said = rig.ask(flood, 18_000);
    assert.ok(said.some((message) => textOf(message)?.startsWith('received bytes lost: ')));
    assert.equal(rig.takeResets(), []);
    assertAnswers(rig, 5);
  });

  test('through 20 000 bytes of garbage it lives, and understands what comes after', () => {
    const rig = startedBench(chip);
    const random = seeded(20_260);
    for (let round = 0; round < 20; round++) {
      rig.ask(
        Array.from({ length: 1_000 }, () => Math.floor(random() * 256)),
        200,
      );
      rig.wait(300);
      rig.ask(sysex());
      assertAnswers(rig, round);
    }
    assert.equal(rig.takeResets(), []);
  });

  test.run();
}
