// alone
// deadline: 240s
/** The driver of the GPIO character device keeps the contract of `Lines`, on a real kernel. */
import { chardevLines } from '../../src/drivers/gpio-chardev/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import { linesContract } from '../contract/linesContract.ts';
import { OFFSETS, kernelRig } from '../support/kernelRig.ts';

const driver = (chipLabel: string) =>
  chardevLines({ chipLabel, offsets: OFFSETS, timers: machineTimers, patient: false, log: () => undefined });

linesContract('GPIO character device', () => Promise.resolve(kernelRig(driver)), {
  canTear: true,
  releaseKeepsLevel: false,
});
