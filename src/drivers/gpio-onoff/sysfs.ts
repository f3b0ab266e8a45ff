/**
 * The border to the kernel's older interface, `/sys/class/gpio`, by `onoff` and `node:fs`. Errors are the kernel's names
 * (`EBUSY`); nothing here knows what they mean.
 *
 * - **number**: a line's place among all chips' lines: its chip's base, which moves between kernels, plus its offset.
 * - **exported**: made into a folder of files by the kernel, and kept from everybody else, until it is unexported. It stays so
 *   when the process dies, an output with its level.
 */
import { accessSync, closeSync, constants, openSync, readFileSync, readSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpio } from 'onoff';
import type { Level } from '../../ports/lines.ts';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export type ChipFacts = { readonly label: string; readonly base: number; readonly lines: number };

export type Pin = {
  /** Read anew from the kernel, without taking an edge away from whoever waits for it. */
  readonly level: () => Outcome<Level>;
  /** The error, or undefined. */
  readonly put: (level: Level) => string | undefined;
  /** Lets go of the files; the line stays exported. */
  readonly release: () => void;
};

export type Ears = {
  /** An edge, with the level found when its news arrived. */
  readonly onEdge: (level: Level) => void;
  /** The line cannot be read any more; once. */
  readonly onDead: (error: string) => void;
};

export type Sysfs = {
  /** undefined: this kernel has no such interface. */
  readonly chips: () => readonly ChipFacts[] | undefined;
  readonly isExported: (number: number) => boolean;
  /** Whether the system has given this process its files, which it may do some time after the export. */
  readonly isReady: (number: number, direction: 'in' | 'out') => boolean;
  /** Each answers the error, or undefined. */
  readonly exportLine: (number: number) => string | undefined;
  readonly unexportLine: (number: number) => string | undefined;
  readonly openInput: (number: number, ears: Ears) => Outcome<Pin>;
  /** Drives the level as the line becomes an output, or at once where it is one. */
  readonly openOutput: (number: number, level: Level) => Outcome<Pin>;
};

const FOLDER = '/sys/class/gpio';

const errorName = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const attempt = <T>(act: () => T): Outcome<T> => {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { ok: false, error: errorName(error) };
  }
};

const errorOf = (act: () => void): string | undefined => {
  const done = attempt(act);
  return done.ok ? undefined : done.error;
};

const textOf = (path: string): string => readFileSync(path, 'utf8').trim();
const lineFolder = (number: number): string => join(FOLDER, `gpio${number}`);

// ---- chips

const chipFacts = (name: string): ChipFacts => ({
  label: textOf(join(FOLDER, name, 'label')),
  base: Number(textOf(join(FOLDER, name, 'base'))),
  lines: Number(textOf(join(FOLDER, name, 'ngpio'))),
});

const chips = (): readonly ChipFacts[] | undefined => {
  const names = attempt(() => readdirSync(FOLDER));
  if (!names.ok) return undefined;
  return names.value
    .filter((name) => /^gpiochip\d+$/.test(name))
    .flatMap((name) => {
      const facts = attempt(() => chipFacts(name));
      return facts.ok ? [facts.value] : [];
    });
};

// ---- lines

const canWrite = (path: string): boolean => attempt(() => accessSync(path, constants.R_OK | constants.W_OK)).ok;

const isReady = (number: number, direction: 'in' | 'out'): boolean => {
  const files = ['value', 'direction', 'active_low', ...(direction === 'in' ? ['edge'] : [])];
  return files.every((file) => canWrite(join(lineFolder(number), file)));
};

/** onoff can let go of a file only together with the export, which would turn an output back. */
const closeFileOf = (gpio: Gpio): void => {
  const descriptor: unknown = Reflect.get(gpio, '_valueFd');
  if (typeof descriptor === 'number') closeSync(descriptor);
};

/** A level by a file of its own: reading onoff's would take a waiting edge away. */
const levelReader = (number: number): { readonly level: () => Outcome<Level>; readonly close: () => void } => {
  const descriptor = openSync(join(lineFolder(number), 'value'), 'r');
  const digit = new Uint8Array(1);
  const level = (): Level => {
    readSync(descriptor, digit, 0, 1, 0);
    return digit[0] === 0x31 ? 1 : 0;
  };
  return { level: () => attempt(level), close: () => closeSync(descriptor) };
};

/** onoff reads the level inside its callback, where an error would end the process. */
const guardReading = (gpio: Gpio, onDead: (error: string) => void): (() => boolean) => {
  const readLevel = gpio.readSync.bind(gpio);
  let isAlive = true;
  gpio.readSync = () => {
    const read = attempt(readLevel);
    if (read.ok) return read.value;
    if (isAlive) onDead(read.error);
    isAlive = false;
    return 0;
  };
  return () => isAlive;
};

const pinOf = (gpio: Gpio, number: number): Pin => {
  const reader = levelReader(number);
  return {
    level: reader.level,
    put: (level) => errorOf(() => gpio.writeSync(level)),
    release: () => {
      void attempt(() => gpio.unwatchAll());
      void attempt(() => closeFileOf(gpio));
      void attempt(reader.close);
    },
  };
};

/** onoff overlooks errors on lines that were exported before it came: what it has set is read again. */
const mustHave = (what: string, wanted: string, found: string): void => {
  if (found !== wanted) throw new Error(`its ${what} is ${found} although it was set to ${wanted}`);
};

const checked = (gpio: Gpio, check: () => void): Gpio => {
  try {
    check();
    return gpio;
  } catch (error) {
    closeFileOf(gpio);
    throw error;
  }
};

/** onoff's constructor sets a line's polarity first, its direction after it: `high` and `low` are physical levels. */
const PHYSICAL = { activeLow: false } as const;

export const linuxSysfs = ({ Gpio: Line }: { readonly Gpio: typeof Gpio }): Sysfs => ({
  chips,
  isExported: (number) => attempt(() => accessSync(lineFolder(number))).ok,
  isReady,
  exportLine: (number) => errorOf(() => writeFileSync(join(FOLDER, 'export'), String(number))),
  unexportLine: (number) => errorOf(() => writeFileSync(join(FOLDER, 'unexport'), String(number))),
  openInput: (number, { onEdge, onDead }) =>
    attempt(() => {
      const gpio = new Line(number, 'in', 'both', PHYSICAL);
      checked(gpio, () => {
        mustHave('direction', 'in', gpio.direction());
        mustHave('edge', 'both', gpio.edge());
      });
      const isAlive = guardReading(gpio, onDead);
      gpio.watch((error, level) => {
        if (!error && isAlive()) onEdge(level);
      });
      return pinOf(gpio, number);
    }),
  openOutput: (number, level) =>
    attempt(() => {
      const gpio = new Line(number, level === 1 ? 'high' : 'low', 'none', PHYSICAL);
      checked(gpio, () => {
        mustHave('direction', 'out', gpio.direction());
        mustHave('level', String(level), String(gpio.readSync()));
      });
      return pinOf(gpio, number);
    }),
});
