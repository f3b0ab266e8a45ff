import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DURATION_PATTERN,
  RESISTANCE_PATTERN,
  readDate,
  readDuration,
  readHours,
  readResistance,
  readWeekdays,
  writeDuration,
} from '../../src/config/text.ts';
import { distance, nearest } from '../../src/config/suggest.ts';

const values = suite('values as people write them');

for (const [text, ms] of [
  ['20ms', 20],
  ['30s', 30_000],
  ['5min', 300_000],
  ['4h', 14_400_000],
  ['2d', 172_800_000],
  ['1h30min', 5_400_000],
  ['1h 30min', 5_400_000],
  ['0s', 0],
] as const) {
  values(`${text} is ${ms} ms`, () => {
    assert.match(text, DURATION_PATTERN);
    assert.is(readDuration(text), ms);
  });
}

for (const text of ['30', 's', '5m', '-1s', '1.5h', '30 s', '30s ', '1e3s', '30sec', '']) {
  values(`"${text}" is no duration`, () => assert.not.match(text, DURATION_PATTERN));
}

for (const [ms, text] of [
  [0, '0s'],
  [20, '20ms'],
  [45_000, '45s'],
  [60_000, '1min'],
  [255_000, '4min15s'],
  [86_400_000, '24h'],
] as const) {
  values(`${ms} ms is written ${text}`, () => assert.is(writeDuration(ms), text));
}

for (const [text, ohms] of [
  ['4k7', 4_700],
  ['4.7k', 4_700],
  ['10k', 10_000],
  ['470R', 470],
  ['2R2', 2.2],
  ['470', 470],
  ['1M', 1_000_000],
  ['1M2', 1_200_000],
] as const) {
  values(`${text} is ${ohms} Ω`, () => {
    assert.match(text, RESISTANCE_PATTERN);
    assert.is(readResistance(text), ohms);
  });
}

for (const text of ['4K7', '4k7k', 'k7', '47µ', '10 k', '-1k', '']) {
  values(`"${text}" is no resistor`, () => assert.not.match(text, RESISTANCE_PATTERN));
}

values('hours end on the same day or the next', () => {
  assert.equal(readHours('08:00-12:30'), { from: 480, to: 750 });
  assert.equal(readHours('20:00-07:00'), { from: 1200, to: 1860 });
  assert.equal(readHours('00:00-24:00'), { from: 0, to: 1440 });
});

values('spans of weekdays, round the week’s end as well', () => {
  assert.equal(readWeekdays('sat'), [5]);
  assert.equal(readWeekdays('mon-fri'), [0, 1, 2, 3, 4]);
  assert.equal(readWeekdays('sat-mon'), [5, 6, 0]);
  assert.equal(readWeekdays('mon-sun'), [0, 1, 2, 3, 4, 5, 6]);
});

values('dates that are, and dates that never were', () => {
  assert.is(readDate('2026-08-01'), Date.parse('2026-08-01') / 86_400_000);
  assert.is(readDate('2028-02-29'), Date.parse('2028-02-29') / 86_400_000);
  assert.is(readDate('2027-02-29'), undefined);
  assert.is(readDate('2026-04-31'), undefined);
});
values.run();

const guesses = suite('did you mean');

guesses('edits are counted, a swap as one', () => {
  assert.is(distance('chime', 'chime'), 0);
  assert.is(distance('chmie', 'chime'), 1);
  assert.is(distance('chim', 'chime'), 1);
  assert.is(distance('', 'abc'), 3);
});

guesses('small slips and other ways of joining words are understood, other words are not', () => {
  const known = ['entryDelay', 'exitDelay', 'siren', 'sirenCycles'];
  assert.is(nearest('entrydelay', known), 'entryDelay');
  assert.is(nearest('exit-delay', known), 'exitDelay');
  assert.is(nearest('sirne', known), 'siren');
  assert.is(nearest('sounder', known), undefined);
  assert.is(nearest('x'.repeat(5_000), known), undefined);
});
guesses.run();
