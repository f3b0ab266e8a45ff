/** The driver of the GPIO character device keeps the contract of `Lines`, on a kernel in memory. */
import { chardevLinesOn } from '../../src/drivers/gpio-chardev/lines.ts';
import { fakeGpio } from '../support/fakeGpioKernel.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import { linesContract } from './linesContract.ts';
import type { LinesRig } from './linesContract.ts';

const OFFSETS: Readonly<Record<string, number>> = { GPIO17: 17, GPIO22: 22, GPIO27: 27, GPIO24: 24 };
const offsetOf = (line: string): number => OFFSETS[line] ?? -1;
const CHIP = '/dev/gpiochip0';
const LABEL = 'pinctrl-bcm2711';
const RETRY_MS = 2_000;

const rig = (): Promise<LinesRig> => {
  const timers = createVirtualTimers();
  const gpio = fakeGpio();
  gpio.addChip(CHIP, LABEL);
  const lines = chardevLinesOn(() => gpio.kernel, {
    chipLabel: LABEL,
    offsets: OFFSETS,
    timers,
    patient: false,
    log: () => undefined,
  });
  let isGone = false;
  const whenBack: (() => void)[] = [];
  return Promise.resolve({
    lines,
    inputs: ['GPIO17', 'GPIO22'],
    outputs: ['GPIO27', 'GPIO24'],
    setInput: (line, level) => {
      if (isGone) whenBack.push(() => gpio.turn(offsetOf(line), level));
      else gpio.turn(offsetOf(line), level);
      return Promise.resolve();
    },
    levelOf: (line) => (isGone ? 0 : gpio.levelOf(offsetOf(line))),
    tear: (_line, torn) => {
      isGone = torn;
      if (torn) gpio.removeChip(CHIP);
      else {
        gpio.addChip(CHIP, LABEL);
        for (const turn of whenBack.splice(0)) turn();
        timers.advance(RETRY_MS);
      }
      return Promise.resolve();
    },
    now: timers.now,
    pass: (ms) => {
      timers.advance(ms);
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  });
};

linesContract('GPIO character device, kernel in memory', rig, { canTear: true });
