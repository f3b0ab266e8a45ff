/** A process that holds an output high, by `onoff` or the character device, until it is killed; it says `held` once it does. */
import { chardevLines } from '../../src/drivers/gpio-chardev/lines.ts';
import { onoffLines } from '../../src/drivers/gpio-onoff/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';

const [driver = '', chipLabel = '', line = '', offset = ''] = process.argv.slice(2);
const open = driver === 'onoff' ? onoffLines : chardevLines;
const lines = open({
  chipLabel,
  offsets: { [line]: Number(offset) },
  timers: machineTimers,
  patient: false,
  log: () => undefined,
});
const opened = await lines.open([{ direction: 'output', line, initialLevel: 1, restLevel: 0, maxOnMs: undefined }], {
  onReading: () => undefined,
  onOutputTrouble: () => undefined,
});
process.stdout.write(opened.ok ? 'held\n' : `${JSON.stringify(opened.problems)}\n`);
setInterval(() => undefined, 1_000);
