/** The clocks of a Linux machine. */
import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';

const NANOSECONDS_PER_MILLISECOND = 1e6;
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** systemd-timesyncd makes the first; chrony and ntpd through their systemd helper the second. */
const SYNCHRONISED_MARKS = ['/run/systemd/timesync/synchronized', '/run/chrony/synchronized'];
const LOOK_EVERY_MS = 5_000;

const machineMs = (): number => Number(process.hrtime.bigint()) / NANOSECONDS_PER_MILLISECOND;

const bootIdOfKernel = (): string => {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch {
    return 'unknown';
  }
};

/** `trusted`: the wall clock is right without a time source, as on a desk with a simulated board. */
export const machineClock = (trusted: boolean): Clock => {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let synchronised = trusted;
  return {
    machineMs,
    wallMs: () => Date.now(),
    bootId: bootIdOfKernel(),
    isSynchronised: () => {
      if (trusted || machineMs() - lookedAt < LOOK_EVERY_MS) return synchronised;
      lookedAt = machineMs();
      synchronised = SYNCHRONISED_MARKS.some((path) => existsSync(path));
      return synchronised;
    },
  };
};
