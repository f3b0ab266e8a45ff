/**
 * A GPIO chip simulated by the kernel (`gpio-sim`, through configfs): the world's side of its lines is a folder of sysfs.
 * Needs root on a kernel with that module, as the machine for `test/kernel` has.
 *
 * - **pull**: what a line that nobody drives stands at; turning it is how the world moves an input. Unlike a Pi's, this
 *   chip turns an output that is let go back to its pull.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Level } from '../../src/ports/lines.ts';

export type SimChip = {
  readonly label: string;
  /** Such as `/dev/gpiochip1`; another one each time the chip comes back. */
  readonly devicePath: () => string;
  readonly pull: (offset: number, level: Level) => void;
  readonly levelOf: (offset: number) => Level;
  readonly isLive: () => boolean;
  /** Takes the chip away from the machine, or puts it back with all pulls down. */
  readonly setLive: (isLive: boolean) => void;
  readonly remove: () => void;
};

const CONFIG_FOLDER = '/sys/kernel/config/gpio-sim';
let made = 0;

const textOf = (path: string): string => readFileSync(path, 'utf8').trim();

export const makeSimChip = (label: string, lines = 28): SimChip => {
  if (!existsSync(CONFIG_FOLDER)) throw new Error('this kernel has no gpio-sim: run these tests in the machine made for them');
  made += 1;
  const folder = join(CONFIG_FOLDER, `vigie-${process.pid}-${made}`);
  const bank = join(folder, 'bank0');
  mkdirSync(folder);
  mkdirSync(bank);
  writeFileSync(join(bank, 'num_lines'), String(lines));
  writeFileSync(join(bank, 'label'), label);
  writeFileSync(join(folder, 'live'), '1');
  return chipIn(folder, label);
};

/** The header of a Raspberry Pi 4 that the machine for `test/kernel` boots with. It outlives the test. */
export const headerChip = (): SimChip => chipIn(join(CONFIG_FOLDER, 'pi'), 'pinctrl-bcm2711');

const chipIn = (folder: string, label: string): SimChip => {
  const bank = join(folder, 'bank0');
  const setLive = (isLive: boolean): void => writeFileSync(join(folder, 'live'), isLive ? '1' : '0');
  const isLive = (): boolean => textOf(join(folder, 'live')) === '1';
  const chipName = (): string => textOf(join(bank, 'chip_name'));
  const lineFile = (offset: number, name: string): string =>
    join('/sys/devices/platform', textOf(join(folder, 'dev_name')), chipName(), `sim_gpio${offset}`, name);

  return {
    label,
    devicePath: () => `/dev/${chipName()}`,
    pull: (offset, level) => writeFileSync(lineFile(offset, 'pull'), level === 1 ? 'pull-up' : 'pull-down'),
    levelOf: (offset) => (textOf(lineFile(offset, 'value')) === '1' ? 1 : 0),
    isLive,
    setLive,
    remove: () => {
      if (isLive()) setLive(false);
      rmdirSync(bank);
      rmdirSync(folder);
    },
  };
};
