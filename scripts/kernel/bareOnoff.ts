/**
 * The floor that the product is measured against: onoff alone, which follows one line with another. Arguments: the global
 * numbers of input and output.
 */
import { createRequire } from 'node:module';
import type * as Onoff from 'onoff';

const { Gpio } = createRequire(import.meta.url)('onoff') as typeof Onoff;
const [input = 0, output = 0] = process.argv.slice(2).map(Number);

const relay = new Gpio(output, 'low');
const contact = new Gpio(input, 'in', 'both');
contact.watch((_error, level) => relay.writeSync(level));
process.stdout.write('{"ready":true}\n');
