/**
 * Records of a reader that plays a keyboard. What must hold: no bytes make the parser throw or hold more than a record; a
 * number is told only as a plain model of the same keys has it; after an Enter the next number is read.
 */
import { RECORD_BYTES, feedEvdev, newEvdev } from '../../src/protocol/readers/evdev.ts';
import type { EvdevLayout, EvdevState } from '../../src/protocol/readers/evdev.ts';
import { KEY, record } from '../support/inputEvents.ts';
import type { Draw, Fuzzer } from './fuzzer.ts';
import { demand, pieces, playRounds } from './noise.ts';

type Record3 = readonly [type: number, code: number, value: number];

const DIGIT_OF: ReadonlyMap<number, string> = new Map([...KEY].map(([digit, code]) => [code, digit]));
const CODES = [...DIGIT_OF.keys(), 28, 42, 15, 96, 57];

const recordOf = ({ below, pick }: Draw): Record3 =>
  pick<() => Record3>([
    () => [1, pick(CODES), 1],
    () => [1, pick(CODES), 1],
    () => [1, pick(CODES), pick([0, 2, -1])],
    () => [0, pick([0, 0, 3]), 0],
    () => [below(32), below(800), below(3)],
  ])();

/** The numbers that these keys type; undefined: something in it is none of ours to judge. */
const modelOf = (records: readonly Record3[]): readonly string[] => {
  const numbers: string[] = [];
  let typed = '';
  let isBad = false;
  for (const [type, code, value] of records) {
    if (type === 0 && code === 3) isBad = true;
    if (type !== 1 || value !== 1) continue;
    if (code !== 28 && code !== 96) {
      const digit = PAD.get(code) ?? DIGIT_OF.get(code);
      if (digit !== undefined) typed += digit;
      else if (code !== 42 && code !== 54) isBad = true;
      continue;
    }
    if (!isBad && typed.length >= 4 && typed.length <= 32) numbers.push(typed);
    typed = '';
    isBad = false;
  }
  return numbers;
};

const PAD: ReadonlyMap<number, string> = new Map(
  Object.entries({ 71: '7', 72: '8', 73: '9', 75: '4', 76: '5', 77: '6', 79: '1', 80: '2', 81: '3', 82: '0' }).map(
    ([code, digit]) => [Number(code), digit],
  ),
);

/** A kernel hands over records; less than one is only for the parser's sake. */
const LENGTHS = [10, 24, 100, 1_000];

const LAYOUTS: readonly EvdevLayout[] = ['64-bit', '32-bit'];

const feedAll = (draw: Draw, from: EvdevState, bytes: readonly number[]): readonly string[] => {
  const numbers: string[] = [];
  let state = from;
  for (const piece of pieces(draw, bytes, LENGTHS)) {
    const fed = feedEvdev(state, piece, 0);
    ({ state } = fed);
    numbers.push(...fed.events.flatMap((event) => (event.kind === 'badge' ? [event.badge.hex] : [])));
    demand(state.held.length < RECORD_BYTES[state.layout], `holds ${state.held.length} bytes`);
    demand(state.typed.length <= 32, `keeps ${state.typed.length} digits`);
  }
  return numbers;
};

const ENTER: Record3 = [1, 28, 1];

const round = (draw: Draw) => (note: (input: Iterable<number>) => void) => {
  const layout = draw.pick(LAYOUTS);
  const records = [...Array.from({ length: draw.below(30) }, () => recordOf(draw)), ENTER];
  const good = Array.from({ length: 10 }, () => draw.below(10)).join('');
  const typed = [...Array.from(good, (digit): Record3 => [1, KEY.get(digit) ?? 0, 1]), ENTER];
  const bytes = [...records, ...typed].flatMap((keys) => record(layout, ...keys));
  note(bytes);
  const numbers = feedAll(draw, newEvdev(layout), bytes);
  const expected = [...modelOf(records), good];
  demand(numbers.join() === expected.join(), `told ${numbers.join()} for ${expected.join()}`);
  const strange = [...draw.bytes(draw.below(100))];
  note(strange);
  feedAll(draw, newEvdev(layout), strange);
};

export const KEYBOARD_FUZZER: Fuzzer = {
  name: 'reader-keyboard',
  run: (count, seed) => playRounds(count, seed, round),
};
