/** A process that holds one output high through a driver until it is killed; it says `held` once it does. */
import { chardevLines } from '../../src/drivers/gpio-chardev/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';

const [chipLabel = '', line = '', offset = ''] = process.argv.slice(2);
const lines = chardevLines({
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
