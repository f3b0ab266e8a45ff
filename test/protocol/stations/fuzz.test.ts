/** What is read of door stations, with ten thousand inputs each that are damaged, split or plain wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { STATION_FUZZERS } from '../../support/stations/fuzz.ts';

const test = suite('stations: fuzz');
const COUNT = 10_000;
const SEED = 20_261_128;

for (const { name, run } of STATION_FUZZERS) {
  test(`${name}: ${COUNT} inputs`, () => assert.not.throws(() => run(COUNT, SEED)));
}
test.run();
