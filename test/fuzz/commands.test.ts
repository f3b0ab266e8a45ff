/** Ten thousand hostile commands of one seed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandFuzzer } from './commands.ts';

const test = suite('fuzz: commands from afar');

test('ten thousand: what reaches the core was signed as it stands, fresh, and once', () => {
  assert.is(commandFuzzer.run(10_000, 20_261_128), undefined);
});

test.run();
