/** This machine's GPIO chips, for the verbs that look at them. */
import { linuxKernel, loadKoffi } from '../drivers/gpio-chardev/kernel.ts';
import type { Kernel } from '../drivers/gpio-chardev/kernel.ts';

/** Undefined: koffi does not load. */
export const machineKernel = (): Kernel | undefined => {
  const koffi = loadKoffi();
  return koffi && linuxKernel(koffi, '/dev');
};
