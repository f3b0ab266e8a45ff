/** A controller that dies: works an expander, turns an output on, says so, and goes on until it is killed. */
import { firmataExpander } from '../../../src/drivers/firmata/expander.ts';
import { machineTimers } from '../../../src/drivers/sim/timers.ts';
import { output, UNO_PINS } from '../expanderRig.ts';

const [, , port = ''] = process.argv;
const lines = firmataExpander({ id: 'cellar', port, pins: UNO_PINS, timers: machineTimers, log: () => undefined });
const opened = await lines.open([output('D7', 0, 0), output('D8', 1, 1)], {
  onReading: () => undefined,
  onOutputTrouble: () => undefined,
});
if (!opened.ok) throw new Error('the lines are refused');
lines.write('cellar.D7', 'on');
lines.write('cellar.D8', 'on');
process.send?.('on');
