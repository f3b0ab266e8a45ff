/**
 * The kernel's own record of every level that was driven on a GPIO line, however short: its trace events, in debugfs. What a
 * sample would miss is seen here.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { Level } from '../../src/ports/lines.ts';

const TRACE = '/sys/kernel/debug/tracing';
const SYSFS = '/sys/class/gpio';

/** The first global number of a chip, of which trace and sysfs make a line's number. */
export const baseOf = (label: string): number => {
  const chip = readdirSync(SYSFS).find(
    (name) => /^gpiochip\d+$/.test(name) && readFileSync(`${SYSFS}/${name}/label`, 'utf8').trim() === label,
  );
  if (chip === undefined) throw new Error(`no chip is labelled ${label}`);
  return Number(readFileSync(`${SYSFS}/${chip}/base`, 'utf8'));
};

export const startTrace = (): void => {
  writeFileSync(`${TRACE}/trace`, '');
  writeFileSync(`${TRACE}/events/gpio/enable`, '1');
  writeFileSync(`${TRACE}/tracing_on`, '1');
};

/** The levels driven since `startTrace`, in order. */
export const drivenLevels = (number: number): readonly Level[] =>
  [...readFileSync(`${TRACE}/trace`, 'utf8').matchAll(/gpio_value: (\d+) set ([01])/g)]
    .filter(([, line]) => Number(line) === number)
    .map(([, , level]) => (level === '1' ? 1 : 0));
