/** What the kernel's errors mean for a line, and what whoever looks after the machine can do. */
import type { LineTrouble } from '../../ports/lines.ts';

export type Trouble = { readonly trouble: LineTrouble; readonly detail: string };

const GROUP_ADVICE =
  'the user that runs Vigie must be in the group gpio: sudo usermod -aG gpio USER, then start the service again';

/** `place`: what was asked, as the log shall name it. */
export const troubleOf = (error: string, place: string): Trouble => {
  switch (error) {
    case 'EBUSY':
      return { trouble: 'busy', detail: `${place} is held by somebody else` };
    case 'EACCES':
    case 'EPERM':
      return { trouble: 'no-permission', detail: `${place} may not be used: ${GROUP_ADVICE}` };
    case 'ENOTTY':
    case 'EINVAL':
    case 'EOPNOTSUPP':
      return { trouble: 'not-supported', detail: `${place}: ${error}; Linux 5.10 or later is needed for the character device` };
    default:
      return { trouble: 'device-gone', detail: `${place} does not answer: ${error}` };
  }
};

const SYSFS_ADVICE = 'left over from the older interface: write its number to /sys/class/gpio/unexport, or restart the machine';

/** `consumer`: what the holder calls itself to the kernel. */
export const busyTrouble = (consumer: string): Trouble => {
  if (consumer === '') return { trouble: 'busy', detail: 'held by another program or by the kernel, which gives no name' };
  return { trouble: 'busy', detail: `held by ${consumer}${consumer === 'sysfs' ? `, ${SYSFS_ADVICE}` : ''}` };
};

export const KOFFI_MISSING: Trouble = {
  trouble: 'not-supported',
  detail: 'the package koffi is not installed for this machine: npm ci --include=optional',
};
