/** The driver over onoff keeps the contract of `Lines`, on an interface in memory. */
import { onoffLinesOn } from '../../src/drivers/gpio-onoff/lines.ts';
import { fakeSysfs } from '../support/fakeSysfs.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import { linesContract } from './linesContract.ts';
import type { LinesRig } from './linesContract.ts';

const BASE = 512;
const LABEL = 'pinctrl-bcm2711';
const OFFSETS: Readonly<Record<string, number>> = { GPIO17: 17, GPIO22: 22, GPIO27: 27, GPIO24: 24 };
const numberOf = (line: string): number => BASE + (OFFSETS[line] ?? 0);
const RETRY_MS = 2_000;

const rig = (): Promise<LinesRig> => {
  const timers = createVirtualTimers();
  const gpio = fakeSysfs();
  gpio.addChip(LABEL, BASE);
  const options = { chipLabel: LABEL, offsets: OFFSETS, timers, patient: false, log: () => undefined };
  let isGone = false;
  const whenBack: (() => void)[] = [];
  const pass = (ms: number): Promise<void> => {
    timers.advance(ms);
    return new Promise((resolve) => void setImmediate(resolve));
  };
  return Promise.resolve({
    lines: onoffLinesOn(() => ({ ok: true, sysfs: gpio.sysfs }), options),
    inputs: ['GPIO17', 'GPIO22'],
    outputs: ['GPIO27', 'GPIO24'],
    setInput: (line, level) => {
      if (isGone) whenBack.push(() => gpio.turn(numberOf(line), level));
      else gpio.turn(numberOf(line), level);
      return Promise.resolve();
    },
    levelOf: (line) => (isGone ? 0 : gpio.levelOf(numberOf(line))),
    tear: async (_line, torn) => {
      isGone = torn;
      if (torn) return gpio.removeChip(BASE);
      gpio.addChip(LABEL, BASE);
      for (const turn of whenBack.splice(0)) turn();
      await pass(RETRY_MS);
    },
    now: timers.now,
    pass,
    dispose: () => Promise.resolve(),
  });
};

linesContract('onoff, interface in memory', rig, { canTear: true });
