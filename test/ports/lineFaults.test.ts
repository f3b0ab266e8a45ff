/** Faults of lines in words. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { problemTexts } from '../../src/ports/lineFaults.ts';

const test = suite('line faults');

test('what is wrong with all lines is told once, what is wrong with one by itself, in the order they came', () => {
  const noChip = { trouble: 'chip-not-found', detail: 'no GPIO chip is labelled pinctrl-rp1' } as const;
  const busy = { trouble: 'busy', detail: 'held by gpioset' } as const;
  const texts = problemTexts([
    { line: 'GPIO17', ...noChip },
    { line: 'GPIO4', ...busy },
    { line: 'GPIO27', ...noChip },
  ]);
  assert.equal(texts, ['GPIO17, GPIO27: chip-not-found no GPIO chip is labelled pinctrl-rp1', 'GPIO4: busy held by gpioset']);
  assert.equal(problemTexts([]), []);
});

test.run();
