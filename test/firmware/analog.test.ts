/** Analog channels: ten bits against the supply, settled, averaged, and reported with a check. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc7, startedBench, textOf, vigie } from '../support/avr/bench.ts';
import type { Message } from '../support/avr/bench.ts';
import type { ChipName } from '../support/avr/chips.ts';

type BoardFacts = { readonly chip: ChipName; readonly channels: number };

const BOARDS: readonly BoardFacts[] = [
  { chip: 'atmega328p', channels: 6 },
  { chip: 'atmega2560', channels: 16 },
];

type Report = { readonly sequence: number; readonly values: Readonly<Record<number, number>> };

const isReport = (message: Message): boolean => message[1] === 0x0b && message[2] === 6;

/** Reads a report, and asserts that it is whole. */
const reportIn = (message: Message): Report => {
  const [sequence = -1, count = -1, ...rest] = message.slice(3, -1);
  const triples = rest.slice(0, -1);
  assert.is(triples.length, count * 3);
  assert.is(rest.at(-1), crc7([sequence, count, ...triples]));
  const valueAt = (at: number): number => (triples[at + 1] ?? 0) | ((triples[at + 2] ?? 0) << 7);
  const values = Array.from({ length: count }, (_none, index) => [triples[index * 3] ?? -1, valueAt(index * 3)] as const);
  return { sequence, values: Object.fromEntries(values) };
};

const all = (count: number): readonly number[] => Array.from({ length: count }, (_none, index) => index);

for (const { chip, channels } of BOARDS) {
  const test = suite(`analog on ${chip}`);

  test('every channel reads its own voltage, though the converter first shows the one before', () => {
    const { board, ask, wait } = startedBench(chip);
    for (const channel of all(channels)) board.setVolts(channel, (channel * 61 + 5) / 1024);
    ask([...vigie(4, 20), ...all(channels).flatMap((channel) => [0xc0 | channel, 1])]);
    wait(50);
    const report = reportIn(wait(100).filter(isReport).at(-1) ?? []);
    assert.equal(report.values, Object.fromEntries(all(channels).map((channel) => [channel, channel * 61 + 5])));
  });

  test('a wire that is broken or shorted reads the end of the scale', () => {
    const { board, ask, wait } = startedBench(chip);
    board.setVolts(1, 1);
    ask([0xc0, 1, 0xc1, 1, ...vigie(4, 10)]);
    assert.equal(reportIn(wait(30).filter(isReport).at(-1) ?? []).values, { 0: 0, 1: 1023 });
  });

  test('a value is the average of four conversions', () => {
    const { board, ask, wait } = startedBench(chip);
    let conversions = 0;
    board.setVolts(2, () => (400 + (conversions++ % 4) * 10) / 1024);
    ask([0xc2, 1, ...vigie(4, 10)]);
    const values = wait(200)
      .filter(isReport)
      .map((message) => reportIn(message).values[2]);
    assert.equal([...new Set(values)], [415]);
  });

  test('reports come at the interval, numbered without a gap, and wrap after 127', () => {
    const { ask, wait } = startedBench(chip);
    assert.equal(ask(vigie(4, 10), 4), [vigie(4, 10)]);
    ask([0xc0, 1], 2);
    const reports = wait(3_000).filter(isReport).map(reportIn);
    assert.ok(Math.abs(reports.length - 300) <= 1, `${reports.length} reports in 3 s`);
    const first = reports[0]?.sequence ?? -1;
    assert.equal(
      reports.map(({ sequence }) => sequence),
      reports.map((_report, index) => (first + index) % 128),
    );
  });

  test('all channels at 10 ms keep up, and the board still answers', () => {
    const { ask, wait } = startedBench(chip);
    ask([...vigie(4, 10), ...all(channels).flatMap((channel) => [0xc0 | channel, 1])]);
    const reports = wait(1_000).filter(isReport).map(reportIn);
    assert.ok(reports.length >= 99, `${reports.length} reports in 1 s`);
    assert.ok(ask(vigie(1), 60).some((message) => message[2] === 1));
  });

  test('checksummed reports take the place of plain ones, and give it back', () => {
    const { ask, wait } = startedBench(chip);
    ask([0xc0, 1]);
    assert.ok(wait(100).every(([command]) => command === 0xe0));
    ask(vigie(4, 10));
    assert.ok(wait(100).every(isReport));
    assert.ok(ask(vigie(4, 0)).some((message) => message.join() === vigie(4, 0).join()));
    const after = wait(100);
    assert.ok(after.length > 5 && after.every(([command]) => command === 0xe0));
  });

  test('an interval it cannot keep is not taken', () => {
    const { ask } = startedBench(chip);
    for (const intervalMs of [1, 9]) assert.equal(ask(vigie(4, intervalMs)), []);
    assert.equal(ask(vigie(4, 127)), [vigie(4, 127)]);
  });

  test('without a channel there is no report, and after a reset neither', () => {
    const { ask, wait, board } = startedBench(chip);
    ask(vigie(4, 10));
    assert.equal(wait(100), []);
    ask([0xc0, 1]);
    assert.ok(wait(100).length > 0);
    board.reset('external');
    assert.equal(
      wait(300).filter((message) => isReport(message) || textOf(message) !== undefined),
      [],
    );
  });

  test.run();
}
