/** The Wiegand board: pulses on D0 and D1 become cards and keys at the driver's end, and nothing else does. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  FASTEST,
  LINES,
  SLOWEST,
  WIRES,
  badgesIn,
  dropsIn,
  keysIn,
  presenceIn,
  startedWiegandBench,
  wiegandBench,
} from '../support/avr/wiegandBench.ts';
import { key4, key8, wiegand26, wiegand34, wiegand37 } from '../support/wiegandBits.ts';
import { seeded } from '../support/seeded.ts';

const CARD = wiegand26(1, 12_345);
const CARD_TOLD = '26 80981CC0';
const QUIET = { colour: 'off', onMs: 1_000, offMs: 0, beats: [] } as const;

const cards = suite('cards and keys');

cards('a card on either reader, with the pulses of any reader', () => {
  for (const pulses of [undefined, FASTEST, SLOWEST]) {
    for (const input of [1, 2] as const) {
      const bench = startedWiegandBench();
      bench.play(input, CARD, pulses);
      const told = bench.wait(60);
      assert.equal(badgesIn(told), [`${input} ${CARD_TOLD}`]);
      assert.equal(dropsIn(told), []);
    }
  }
});

cards('34 and 37 bits, and keys of 4 and 8', () => {
  const bench = startedWiegandBench();
  bench.play(1, wiegand34(321, 54_321));
  assert.equal(badgesIn(bench.wait(60)).length, 1);
  bench.play(2, wiegand37(321, 400_000));
  assert.equal(badgesIn(bench.wait(60)).length, 1);
  let typed = '';
  for (const key of '1470*#') {
    bench.play(1, key4(key));
    typed += keysIn(bench.wait(60));
    bench.play(2, key8(key));
    typed += keysIn(bench.wait(60));
  }
  assert.is(typed, '11447700**##');
});

cards('both readers at once, the shortest pulses, one begun at any instant of the other', () => {
  const other = wiegand26(200, 60_001);
  for (let lateMicros = 0; lateMicros < 20; lateMicros++) {
    const bench = startedWiegandBench();
    for (const [at, bit] of Array.from(CARD).entries()) {
      const [first, second] = [LINES[1][bit === '1' ? 1 : 0], LINES[2][other[at] === '1' ? 1 : 0]];
      bench.board.setPin(first, 0);
      bench.board.run(lateMicros);
      bench.board.setPin(second, 0);
      bench.board.run(20 - lateMicros);
      bench.board.setPin(first, 1);
      bench.board.run(lateMicros);
      bench.board.setPin(second, 1);
      bench.board.run(1_000);
    }
    const told = badgesIn(bench.wait(60));
    assert.equal([told.length, told.includes(`1 ${CARD_TOLD}`)], [2, true], `${lateMicros} µs late`);
  }
});

cards('twenty cards in a row, each told once', () => {
  const bench = startedWiegandBench();
  const random = seeded(7);
  for (let round = 0; round < 20; round++) {
    const card = wiegand26(Math.floor(random() * 256), Math.floor(random() * 65_536));
    bench.play(1, card, { pulseMicros: 20 + Math.floor(random() * 80), apartMicros: 300 + Math.floor(random() * 2_000) });
    assert.equal(badgesIn(bench.wait(50)).length, 1, card);
  }
});

cards('a line that rings at each pulse', () => {
  const bench = startedWiegandBench();
  for (const bit of CARD) {
    const pin = LINES[1][bit === '1' ? 1 : 0];
    bench.pulse(pin, 40);
    bench.board.run(8);
    bench.pulse(pin, 12);
    bench.board.run(1_000);
  }
  assert.equal(badgesIn(bench.wait(60)), [`1 ${CARD_TOLD}`]);
});

cards.run();

const nothing = suite('what is no card');

nothing('disturbances shorter than a pulse, alone and within a card', () => {
  const bench = startedWiegandBench();
  for (let round = 0; round < 200; round++) {
    bench.pulse(LINES[1][round % 2 === 0 ? 0 : 1], 2);
    bench.board.run(500);
  }
  assert.equal(badgesIn(bench.wait(60)), []);
  for (const bit of CARD) {
    bench.pulse(LINES[1][bit === '1' ? 1 : 0], 50);
    bench.board.run(700);
    bench.pulse(LINES[1][bit === '1' ? 0 : 1], 2);
    bench.board.run(700);
  }
  const told = bench.wait(1_200);
  assert.equal(badgesIn(told), [`1 ${CARD_TOLD}`]);
  assert.equal(dropsIn(told), []);
});

nothing('a card whose middle is missing for 30 ms is two bursts, and none of them a card', () => {
  const bench = startedWiegandBench();
  bench.play(1, CARD.slice(0, 13));
  bench.board.run(30_000);
  bench.play(1, CARD.slice(13));
  const told = bench.wait(60);
  assert.equal(badgesIn(told), []);
  assert.equal(dropsIn(told), ['unknown-length 1', 'unknown-length 1']);
});

nothing('a bit lost, a bit too many, a bit turned', () => {
  const turned = CARD.slice(0, 5) + (CARD[5] === '1' ? '0' : '1') + CARD.slice(6);
  for (const [bits, reason] of [
    [CARD.slice(1), 'unknown-length 1'],
    [`${CARD}0`, 'unknown-length 1'],
    [turned, 'wrong-parity 1'],
  ] as const) {
    const bench = startedWiegandBench();
    bench.play(1, bits);
    const told = bench.wait(60);
    assert.equal([badgesIn(told), dropsIn(told)], [[], [reason]]);
  }
});

nothing('both lines low at once, and more than 64 bits: thrown away by the board, and counted', () => {
  const bench = startedWiegandBench();
  bench.play(1, CARD.slice(0, 10));
  bench.board.setPin(LINES[1][0], 0);
  bench.board.run(5);
  bench.pulse(LINES[1][1], 40);
  bench.board.setPin(LINES[1][0], 1);
  bench.board.run(2_000);
  bench.play(1, CARD.slice(11));
  bench.wait(40);
  bench.play(1, '1'.repeat(65));
  const told = bench.wait(1_200);
  assert.equal(badgesIn(told), []);
  assert.equal(dropsIn(told), ['disturbed 2']);
  bench.play(1, CARD);
  assert.equal(badgesIn(bench.wait(60)), [`1 ${CARD_TOLD}`]);
});

nothing.run();

const board = suite('the board');

board('says what it is, then beats each second', () => {
  const bench = wiegandBench();
  const told = bench.wait(10_500);
  assert.equal(
    told.filter(({ kind }) => kind === 'hardware'),
    [{ kind: 'hardware', text: 'Wiegand board, reader line 1, firmware 1.0' }],
  );
  assert.equal(presenceIn(told), ['1 there', '2 there']);
  assert.equal(dropsIn(told), []);
});

board('a reader without supply, or a wire on ground, is gone; and comes back', () => {
  const bench = startedWiegandBench();
  bench.board.setPin(LINES[2][0], 0);
  assert.equal(presenceIn(bench.wait(3_000)), ['2 gone']);
  bench.play(1, CARD);
  assert.equal(badgesIn(bench.wait(60)), [`1 ${CARD_TOLD}`]);
  bench.board.setPin(LINES[2][0], 1);
  assert.equal(presenceIn(bench.wait(3_000)), ['2 there']);
});

board('silent, both its readers are gone; the watchdog brings them back, and it says so', () => {
  const bench = startedWiegandBench();
  bench.board.hang();
  assert.equal(presenceIn(bench.wait(5_000)), ['1 gone', '2 gone']);
  bench.board.resume();
  assert.equal(presenceIn(bench.wait(2_000)), ['1 there', '2 there']);
  bench.takeResets();
  bench.board.runAway();
  const told = bench.wait(3_000);
  assert.equal(bench.takeResets(), ['watchdog']);
  assert.ok(told.some((event) => event.kind === 'hardware' && event.text.includes('watchdog')));
  bench.play(1, CARD);
  assert.equal(badgesIn(bench.wait(60)), [`1 ${CARD_TOLD}`]);
});

board('garbage on its line, and the next order is understood', () => {
  const bench = startedWiegandBench();
  const random = seeded(11);
  for (let round = 0; round < 5; round++) {
    bench.board.send(Array.from({ length: 200 }, () => Math.floor(random() * 256)));
    bench.wait(60);
  }
  bench.show(1, { ...QUIET, colour: 'green' });
  bench.wait(2_000);
  assert.is(bench.board.levelOf(WIRES[1][0]), 'low');
  assert.equal(bench.takeResets(), []);
});

board.run();

const lamps = suite('lamp and buzzer');

lamps('untouched until told; each colour by its wires, pulled to ground', () => {
  const bench = startedWiegandBench();
  const [green, red, buzzer] = WIRES[1];
  const levels = (): readonly string[] => [green, red, buzzer].map((pin) => bench.board.levelOf(pin));
  assert.equal(levels(), ['input', 'input', 'input']);
  for (const [colour, expected] of [
    ['green', ['low', 'input', 'input']],
    ['red', ['input', 'low', 'input']],
    ['amber', ['low', 'low', 'input']],
    ['off', ['input', 'input', 'input']],
  ] as const) {
    bench.show(1, { ...QUIET, colour });
    bench.wait(20);
    assert.equal(levels(), expected, colour);
  }
  assert.equal(
    WIRES[2].map((pin) => bench.board.levelOf(pin)),
    ['input', 'input', 'input'],
  );
});

const spans = (at: readonly number[]): readonly number[] => at.slice(1).map((ms, index) => ms - (at[index] ?? 0));

lamps('a rhythm goes on undisturbed while the same is asked again at each heartbeat', () => {
  const bench = startedWiegandBench();
  const [, red, buzzer] = WIRES[2];
  bench.show(2, { colour: 'red', onMs: 500, offMs: 500, beats: [100, 900] });
  bench.wait(10_000);
  const wires = bench.takeWires();
  const changesOf = (pin: number): readonly number[] =>
    wires.flatMap((note) => (note.pin === pin ? [Math.round(note.atMicros / 1_000)] : []));
  assert.ok(spans(changesOf(red)).length >= 18 && spans(changesOf(red)).every((ms) => Math.abs(ms - 500) <= 2));
  const beeps = spans(changesOf(buzzer));
  assert.ok(beeps.length >= 18 && beeps.every((ms, index) => Math.abs(ms - (index % 2 === 0 ? 100 : 900)) <= 2), beeps.join());
});

lamps('a buzzer stops when the controller is silent for five seconds, and sounds again when it is back', () => {
  const bench = startedWiegandBench();
  const [, , buzzer] = WIRES[1];
  bench.show(1, { ...QUIET, beats: [60_000, 0] });
  bench.wait(100);
  assert.is(bench.board.levelOf(buzzer), 'low');
  bench.setHost(false);
  bench.wait(4_500);
  assert.is(bench.board.levelOf(buzzer), 'low');
  bench.wait(1_000);
  assert.is(bench.board.levelOf(buzzer), 'input');
  bench.setHost(true);
  bench.wait(1_500);
  assert.is(bench.board.levelOf(buzzer), 'low');
});

lamps('after a reset nothing sounds before the controller has spoken', () => {
  const bench = startedWiegandBench();
  bench.show(1, { ...QUIET, beats: [60_000, 0] });
  bench.wait(100);
  bench.setHost(false);
  bench.board.reset('external');
  bench.wait(1_000);
  assert.is(bench.board.levelOf(WIRES[1][2]), 'input');
  bench.setHost(true);
  bench.wait(1_500);
  assert.is(bench.board.levelOf(WIRES[1][2]), 'low');
});

lamps.run();
