/** Rest levels: kept in EEPROM, driven before anything else after every kind of reset, and never through the other level. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bench, crc7, restLevel, startedBench, sysex, textOf, vigie, writeRestRecord } from '../support/avr/bench.ts';
import type { Bench, DriveNote } from '../support/avr/bench.ts';
import type { ResetCause } from '../support/avr/avrBoard.ts';
import type { ChipName } from '../support/avr/chips.ts';

const NO_REST = 127;

const check = suite('crc7');

check('gives the shared vector', () => {
  assert.is(crc7([...Buffer.from('123456789')]), 0x75);
});

check.run();

type BoardFacts = { readonly chip: ChipName; readonly pins: number; readonly restWithinMicros: number };

const BOARDS: readonly BoardFacts[] = [
  { chip: 'atmega328p', pins: 20, restWithinMicros: 700 },
  { chip: 'atmega2560', pins: 70, restWithinMicros: 2_500 },
];

const levelsShown = (notes: readonly DriveNote[], pin: number): readonly string[] =>
  notes.filter((note) => note.pin === pin).map(({ drive }) => drive);

const RISE = ['pull-up', 'high'];

/** Board, with pin 4 resting low, 5 resting high, 6 without rest, all three driven to the other level by the host. */
const workingBoard = (chip: ChipName): Bench => {
  const working = startedBench(chip);
  working.ask([...restLevel(4, 0), ...restLevel(5, 1), ...restLevel(6, NO_REST)], 100);
  working.ask([0xf4, 4, 1, 0xf4, 5, 1, 0xf4, 6, 1, 0xf5, 4, 1, 0xf5, 5, 0, 0xf5, 6, 1]);
  assert.equal([4, 5, 6].map(working.board.levelOf), ['high', 'low', 'high']);
  working.takeDrives();
  return working;
};

for (const { chip, pins, restWithinMicros } of BOARDS) {
  const test = suite(`rest levels on ${chip}`);

  for (const cause of ['power-on', 'external'] satisfies ResetCause[]) {
    test(`after a reset (${cause}) each output shows its rest level and no other, before a byte is sent`, () => {
      const { board, wait, takeDrives } = workingBoard(chip);
      const resetAt = board.micros();
      board.reset(cause);
      // What the reset itself does to pins: all are inputs at once.
      assert.ok(takeDrives().every(({ drive, atMicros }) => drive === 'input' && atMicros === resetAt));
      const said = wait(restWithinMicros / 1_000);
      const notes = takeDrives();
      assert.equal(said, []);
      assert.equal(levelsShown(notes, 4), ['low']);
      assert.equal(levelsShown(notes, 5), RISE);
      assert.is(notes.length, 3, 'no other pin moved');
      wait(200);
      assert.equal(takeDrives(), [], 'and nothing more');
      assert.equal([4, 5, 6].map(board.levelOf), ['low', 'high', 'input']);
    });
  }

  test('a pin with a rest level is an output from the start, and is held by nobody', () => {
    const { board, ask, wait } = workingBoard(chip);
    board.reset('external');
    wait(100);
    assert.equal(ask(sysex(0x6d, 5)), [sysex(0x6e, 5, 1, 1)]);
    ask([0xf5, 5, 0]);
    assert.is(board.levelOf(5), 'low');
  });

  test('the watchdog of the chip ends an endless loop: outputs at rest within half a second, then a restart', () => {
    const { board, wait, takeDrives, takeResets } = workingBoard(chip);
    const hungAt = board.micros();
    board.runAway();
    wait(530);
    assert.equal([4, 5, 6].map(board.levelOf), ['low', 'high', 'input']);
    const notes = takeDrives();
    assert.ok(notes.every(({ atMicros }) => atMicros - hungAt < 530_000));
    assert.equal(
      [levelsShown(notes, 4), levelsShown(notes, 5), levelsShown(notes, 6)].map((shown) => shown.at(-1)),
      ['low', 'high', 'input'],
    );
    const said = wait(1_000);
    assert.equal(takeResets(), ['watchdog']);
    assert.equal([4, 5, 6].map(board.levelOf), ['low', 'high', 'input']);
    assert.equal(
      said.map(textOf).filter((text) => text !== undefined),
      ['restarted by the watchdog: the firmware had hung'],
    );
  });

  test('an idle board is never reset by its watchdog', () => {
    const { wait, takeResets } = startedBench(chip);
    assert.equal(wait(3_000), []);
    assert.equal(takeResets(), []);
  });

  test('a rest level is answered once it is kept, and written only if it differs', () => {
    const { ask, board } = startedBench(chip);
    const before = Uint8Array.from(board.eeprom);
    assert.equal(ask(restLevel(9, 1), 30), [restLevel(9, 1)]);
    assert.equal([...board.eeprom.subarray(18, 20)], [1, crc7([9, 1])]);
    before.set([1, crc7([9, 1])], 18);
    assert.equal(board.eeprom, before, 'nothing else was written');
    const startedAt = board.micros();
    assert.equal(
      ask(restLevel(9, 1), 4),
      [restLevel(9, 1)],
      `an unchanged one takes no ${board.micros() - startedAt} µs of EEPROM`,
    );
    assert.equal(ask(restLevel(9, NO_REST), 30), [restLevel(9, NO_REST)]);
  });

  test('a rest level that is damaged or impossible is neither stored nor answered', () => {
    const { ask, board } = startedBench(chip);
    const before = Uint8Array.from(board.eeprom);
    const refused = [
      vigie(3, 9, 1, crc7([9, 1]) ^ 1),
      vigie(3, 9, 0, crc7([9, 1])),
      vigie(3, 8, 1, crc7([9, 1])),
      restLevel(9, 2),
      restLevel(0, 1),
      restLevel(1, 1),
      restLevel(pins, 1),
      vigie(3, 9, 1),
      vigie(3),
    ];
    for (const message of refused) assert.equal(ask(message), [], message.join(' '));
    assert.equal(board.eeprom, before);
  });

  test('a record that is cut short, decayed or of another pin leaves its pin an input, and is told', () => {
    const { board, wait, takeDrives } = startedBench(chip);
    board.eeprom.set([1, 0xff], 2 * 4);
    board.eeprom.set([0xff, crc7([5, 1])], 2 * 5);
    board.eeprom.set([0, crc7([6, 1])], 2 * 6);
    board.eeprom.set([1, crc7([8, 1])], 2 * 7);
    board.eeprom.set([3, crc7([8, 3])], 2 * 8);
    writeRestRecord(board.eeprom, 9, 1);
    board.reset('power-on');
    const said = wait(100);
    assert.equal(
      said.map(textOf).filter((text) => text !== undefined),
      ['rest levels unreadable: 5'],
    );
    assert.equal(levelsShown(takeDrives(), 9), RISE);
    assert.equal([4, 5, 6, 7, 8, 9].map(board.levelOf), ['input', 'input', 'input', 'input', 'input', 'high']);
  });

  test('every single bit that flips in a record is noticed', () => {
    for (let bit = 0; bit < 16; bit++) {
      const { board, wait } = bench(chip);
      writeRestRecord(board.eeprom, 11, 1);
      const at = 22 + (bit >> 3);
      board.eeprom.set([(board.eeprom[at] ?? 0) ^ (1 << (bit & 7))], at);
      wait(5);
      assert.is(board.levelOf(11), 'input', `bit ${bit}`);
    }
  });

  test('power lost at any moment of the writing leaves the old level, the new one, or an input', () => {
    const seen = new Set<string>();
    for (let afterMicros = 500; afterMicros < 11_000; afterMicros += 250) {
      const { board, ask, wait, takeDrives } = startedBench(chip);
      ask(restLevel(5, 0));
      ask(restLevel(5, 1), afterMicros / 1_000);
      board.reset('power-on');
      takeDrives();
      wait(20);
      const shown = levelsShown(takeDrives(), 5);
      assert.ok(['', 'low', 'pull-up,high'].includes(shown.join(',')), shown.join(','));
      seen.add(shown.join(','));
    }
    assert.equal([...seen], ['low', '', 'pull-up,high']);
  });

  test('a new output takes its rest level, not 0', () => {
    const { ask, board, takeDrives } = startedBench(chip);
    ask([...restLevel(10, 1), 0xf4, 10, 1]);
    assert.equal(levelsShown(takeDrives(), 10), RISE);
    assert.is(board.levelOf(10), 'high');
  });

  test('where there is a rest level, an idle pin is never driven by a digital message', () => {
    const { ask, board } = startedBench(chip);
    ask(restLevel(10, 1));
    ask([0x91, 0x7f, 1, 0xf5, 8, 1]);
    assert.equal([8, 9, 11].map(board.levelOf), ['input', 'input', 'input']);
  });

  test('a system reset puts outputs to rest without showing another level', () => {
    const { ask, takeDrives } = workingBoard(chip);
    ask([0xff]);
    const notes = takeDrives();
    assert.equal(levelsShown(notes, 4), ['low']);
    assert.equal(levelsShown(notes, 5), ['high']);
    assert.is(levelsShown(notes, 6).at(-1), 'input');
    assert.not.ok(levelsShown(notes, 6).includes('low'));
  });

  test.run();
}
