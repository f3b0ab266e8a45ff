/** The lines of a Pi's header, by the way in that the site's file names. */
import type { BoardConfig } from '../config/siteFile.ts';
import { chardevAvailable, chardevLines } from '../drivers/gpio-chardev/lines.ts';
import { onoffAvailable, onoffLines } from '../drivers/gpio-onoff/lines.ts';
import { machineTimers } from '../drivers/sim/timers.ts';
import type { Lines } from '../ports/lines.ts';
import type { Log } from '../ports/log.ts';

export type GpioBoard = Extract<BoardConfig, { driver: 'gpio' }>;

/** Where neither can be had, the character device says best what is missing. */
export const accessOf = ({ access }: GpioBoard): 'character-device' | 'onoff' => {
  if (access !== 'auto') return access;
  return chardevAvailable() || !onoffAvailable() ? 'character-device' : 'onoff';
};

/** `patient`: what cannot be had is lost and tried again, rather than refused. */
export const gpioLines = (board: GpioBoard, { patient, log }: { readonly patient: boolean; readonly log: Log }): Lines => {
  const { chipLabel, offsets } = board;
  const options = { chipLabel, offsets, timers: machineTimers, patient, log };
  return accessOf(board) === 'onoff' ? onoffLines(options) : chardevLines(options);
};
