/** The watchdog over the host, and the heartbeat that tells of a restart. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc7, restLevel, startedBench, sysex, vigie } from '../support/avr/bench.ts';
import type { Bench, Message } from '../support/avr/bench.ts';
import type { ChipName } from '../support/avr/chips.ts';

const CHIPS: readonly ChipName[] = ['atmega328p', 'atmega2560'];
const HOST_SILENT = vigie(5, 1);
const ON = 20;
const SHORT = 3;

const heartbeat = (nonce: number, flags: number): Message => vigie(7, nonce, flags, crc7([nonce, flags]));

/** Pin 4 rests low and 5 rests high; 6 has no rest; all are driven to the other level, and the host has so long. */
const guarded = (chip: ChipName, tenths = ON): Bench => {
  const rig = startedBench(chip);
  rig.ask([...restLevel(4, 0), ...restLevel(5, 1)], 100);
  rig.ask([0xf4, 4, 1, 0xf4, 5, 1, 0xf4, 6, 1, 0xf5, 4, 1, 0xf5, 5, 0, 0xf5, 6, 1, 0xf4, 7, 0x0b]);
  rig.ask(vigie(7, 0));
  assert.equal(rig.ask(vigie(2, tenths), 1), []);
  assert.equal(rig.wait(3), [vigie(2, tenths)]);
  return rig;
};

const levels = ({ board }: Bench): readonly string[] => [4, 5, 6, 7].map(board.levelOf);

const AT_WORK = ['high', 'low', 'high', 'pull-up'];
const AT_REST = ['low', 'high', 'input', 'pull-up'];

/** Every valid message there is. */
const FEEDS: readonly Message[] = [
  [0xf9],
  [0xf4, 9, 0],
  [0xf5, 4, 1],
  [0x90, 0x50, 0],
  [0xd0, 0],
  [0xc0, 0],
  sysex(0x79),
  sysex(0x69),
  sysex(0x6b),
  sysex(0x6d, 4),
  sysex(0x7a, 19, 0),
  vigie(1),
  vigie(2, SHORT),
  vigie(4, 0),
  vigie(7, 1),
];

/** What is no valid message: it keeps nothing alive. */
const NOISE: readonly Message[] = [
  [0],
  [0x7f, 0x7f, 0x7f],
  [0xf7],
  [0xfd],
  [0xf5, 4],
  [0xf5, 99, 1],
  [0xf4, 4, 3],
  [0x9f, 1, 0],
  [0xe0, 1, 0],
  [0xf0, 0xf7],
  [0xf0, 0x0b, 0x07, 1],
  sysex(0x33, 1),
  vigie(),
  vigie(7),
  vigie(2),
  vigie(9, 1),
  vigie(4, 9),
  vigie(3, 4, 1, crc7([4, 1]) ^ 1),
];

for (const chip of CHIPS) {
  const test = suite(`host watchdog on ${chip}`);

  test('a host silent for 2 s: outputs at rest, told once, inputs as they were', () => {
    const rig = guarded(chip);
    assert.equal(rig.wait(1_950), []);
    assert.equal(levels(rig), AT_WORK);
    assert.equal(rig.wait(60), [HOST_SILENT]);
    assert.equal(levels(rig), AT_REST);
    assert.equal(rig.wait(5_000), [], 'not told again');
  });

  test('then nothing moves an output until the host arms the watchdog again', () => {
    const rig = guarded(chip);
    rig.wait(2_100);
    rig.takeDrives();
    rig.ask([0xf5, 4, 1, 0xf5, 5, 0, 0x90, 0x7f, 1, 0xf4, 4, 0, 0xf4, 5, 0x0b, 0xf4, 4, 1, 0xff]);
    assert.equal(rig.ask(vigie(7, 5)), [heartbeat(5, 0b11)], 'the system reset is told, and outputs are at rest still');
    rig.ask([0xf5, 4, 1, 0xf5, 5, 0]);
    assert.equal(
      rig.takeDrives().filter(({ pin }) => pin === 4 || pin === 5),
      [],
    );
    assert.equal(rig.ask(vigie(2, ON)), [vigie(2, ON)]);
    rig.ask([0xf5, 4, 1, 0xf5, 5, 0]);
    assert.equal([4, 5].map(rig.board.levelOf), ['high', 'low']);
    assert.equal(rig.ask(vigie(7, 6)), [heartbeat(6, 0)]);
  });

  for (const message of FEEDS) {
    test(`is fed by ${message.map((byte) => byte.toString(16)).join(' ')}`, () => {
      const rig = guarded(chip, SHORT);
      rig.wait(200);
      rig.ask(message, 200);
      assert.equal(levels(rig), AT_WORK);
    });
  }

  for (const message of NOISE) {
    test(`is not fed by ${message.map((byte) => byte.toString(16)).join(' ')}`, () => {
      const rig = guarded(chip, SHORT);
      rig.wait(200);
      rig.ask(message, 110);
      assert.equal(levels(rig), AT_REST);
    });
  }

  test('is off at first and when it is set to 0', () => {
    const rig = guarded(chip);
    assert.equal(rig.ask(vigie(2, 0)), [vigie(2, 0)]);
    assert.equal(rig.wait(13_000), []);
    assert.equal(levels(rig), AT_WORK);
    const fresh = startedBench(chip);
    fresh.ask([0xf4, 4, 1, 0xf5, 4, 1]);
    fresh.wait(13_000);
    assert.is(fresh.board.levelOf(4), 'high');
  });

  test('keeps its time over its whole range', () => {
    for (const tenths of [1, 127]) {
      const rig = guarded(chip);
      rig.ask(vigie(2, tenths), 5);
      assert.equal(rig.wait(tenths * 100 - 20), [], `${tenths}`);
      assert.equal(rig.wait(30), [HOST_SILENT], `${tenths}`);
    }
  });

  test('a system reset, which noise may look like, neither feeds nor ends it', () => {
    const rig = guarded(chip);
    rig.ask([0xff], 10);
    rig.ask([0xf4, 4, 1, 0xf5, 4, 1], 10);
    assert.is(rig.board.levelOf(4), 'high');
    assert.equal(rig.wait(2_100), [HOST_SILENT]);
    assert.is(rig.board.levelOf(4), 'low');
  });

  test('the heartbeat tells each restart once, and repeats the nonce', () => {
    const rig = startedBench(chip);
    assert.equal(rig.ask(vigie(7, 0x55)), [heartbeat(0x55, 1)]);
    assert.equal(rig.ask(vigie(7, 0x2a)), [heartbeat(0x2a, 0)]);
    rig.board.reset('external');
    rig.wait(50);
    assert.equal(rig.ask(vigie(7, 127)), [heartbeat(127, 1)]);
    assert.equal(rig.ask(vigie(7, 0)), [heartbeat(0, 0)]);
    rig.ask([0xff]);
    assert.equal(rig.ask(vigie(7, 1)), [heartbeat(1, 1)]);
  });

  test('the version of the firmware', () => {
    assert.equal(startedBench(chip).ask(vigie(1)), [vigie(1, 1, 0)]);
  });

  test.run();
}
