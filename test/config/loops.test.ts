import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bandsOf, overlaps } from '../../src/config/loops.ts';
import type { LoopDraft } from '../../src/config/shapes.ts';

type Contact = 'normally-closed' | 'normally-open';

const BASICS = { endOfLine: 4_700, pullUp: 4_700, tolerance: 0.05, cable: 100 };
const SINGLE: LoopDraft = { kind: 'single', ...BASICS };
const DOUBLE: LoopDraft = { kind: 'double', alarm: 4_700, ...BASICS };
const TRIPLE: LoopDraft = { kind: 'triple', alarm: 4_700, mask: 12_000, ...BASICS, tolerance: 0.02 };

const signalAt = (loop: LoopDraft, contact: Contact, ohms: number, pullUp = loop.pullUp): string => {
  const ratio = ohms === Infinity ? 1 : ohms / (ohms + pullUp);
  const found = bandsOf(loop, contact).filter(({ from, to }) => from <= ratio && ratio <= to);
  return found.map(({ signal }) => signal).join('+') || 'out of band';
};

const table = suite('what a resistance means');

const ROWS: readonly (readonly [loop: LoopDraft, contact: Contact, ohms: number, signal: string])[] = [
  [SINGLE, 'normally-closed', 4_700, 'normal'],
  [SINGLE, 'normally-closed', Infinity, 'active'],
  [SINGLE, 'normally-closed', 0, 'tamper'],
  [SINGLE, 'normally-closed', 90, 'tamper'],
  [SINGLE, 'normally-open', 4_700, 'normal'],
  [SINGLE, 'normally-open', 0, 'active'],
  [SINGLE, 'normally-open', Infinity, 'tamper'],
  [DOUBLE, 'normally-closed', 4_700, 'normal'],
  [DOUBLE, 'normally-closed', 4_800, 'normal'],
  [DOUBLE, 'normally-closed', 9_400, 'active'],
  [DOUBLE, 'normally-closed', 0, 'tamper'],
  [DOUBLE, 'normally-closed', Infinity, 'tamper'],
  [DOUBLE, 'normally-closed', 1_000, 'out of band'],
  [DOUBLE, 'normally-closed', 7_000, 'out of band'],
  [DOUBLE, 'normally-closed', 20_000, 'out of band'],
  [DOUBLE, 'normally-open', 9_400, 'normal'],
  [DOUBLE, 'normally-open', 4_700, 'active'],
  [TRIPLE, 'normally-closed', 4_700, 'normal'],
  [TRIPLE, 'normally-closed', 9_400, 'active'],
  [TRIPLE, 'normally-closed', 16_700, 'masked'],
  [TRIPLE, 'normally-closed', 21_400, 'masked'],
  [TRIPLE, 'normally-closed', 0, 'tamper'],
];
for (const [loop, contact, ohms, signal] of ROWS) {
  table(`${loop.kind} ${contact}: ${ohms} Ω is ${signal}`, () => assert.is(signalAt(loop, contact, ohms), signal));
}

table('resistors at the ends of their tolerance, with the longest cable, are still told apart', () => {
  for (const pull of [0.95, 1.05]) {
    for (const part of [0.95, 1.05]) {
      for (const cable of [0, 100]) {
        assert.is(signalAt(DOUBLE, 'normally-closed', 4_700 * part + cable, 4_700 * pull), 'normal');
        assert.is(signalAt(DOUBLE, 'normally-closed', 9_400 * part + cable, 4_700 * pull), 'active');
      }
    }
  }
});
table.run();

const apart = suite('states that look the same');

apart('usual resistors do not', () => {
  for (const loop of [SINGLE, DOUBLE, TRIPLE]) assert.equal(overlaps(bandsOf(loop, 'normally-closed')), []);
});

apart('two equal resistors for alarm and masking do', () => {
  const pairs = overlaps(bandsOf({ ...TRIPLE, mask: 4_700 }, 'normally-closed'));
  assert.equal(
    pairs.map(([a, b]) => [a.signal, b.signal].toSorted()),
    [['active', 'masked']],
  );
});

apart('a wide tolerance does, where a narrow one does not', () => {
  const loop = { ...DOUBLE, alarm: 1_500 };
  assert.is.not(overlaps(bandsOf({ ...loop, tolerance: 0.1 }, 'normally-closed')).length, 0);
  assert.is(overlaps(bandsOf({ ...loop, tolerance: 0.01 }, 'normally-closed')).length, 0);
});

apart('an end-of-line resistor as small as the cable does', () => {
  assert.is.not(overlaps(bandsOf({ ...DOUBLE, endOfLine: 100 }, 'normally-closed')).length, 0);
});
apart.run();
