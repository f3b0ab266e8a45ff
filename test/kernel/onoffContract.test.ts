// alone
// deadline: 240s
/** The driver over onoff keeps the contract of `Lines`, on a real kernel. */
import { onoffLines } from '../../src/drivers/gpio-onoff/lines.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import { linesContract } from '../contract/linesContract.ts';
import { OFFSETS, kernelRig } from '../support/kernelRig.ts';

const driver = (chipLabel: string) =>
  onoffLines({ chipLabel, offsets: OFFSETS, timers: machineTimers, patient: false, log: () => undefined });

linesContract('onoff', () => Promise.resolve(kernelRig(driver)), { canTear: true });
