/**
 * The border to the kernel: descriptors by `node:fs`, `ioctl` of the C library by `koffi`, and Node's own event loop
 * watching a descriptor. Errors are the kernel's names (`EBUSY`); nothing here knows what they mean.
 */
import { closeSync, openSync, readSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export type Ears = {
  /** There is something to read. */
  readonly onReadable: () => void;
  /** The descriptor died and is not watched any more. */
  readonly onDead: () => void;
};

export type Kernel = {
  /** The GPIO chips, each once, by whatever names it has: a Pi 5 has a second name for its first. */
  readonly chipPaths: () => readonly string[];
  readonly open: (path: string) => Outcome<number>;
  readonly close: (descriptor: number) => void;
  /** The error, or undefined; `argument` is read and written in place. */
  readonly ioctl: (descriptor: number, call: number, argument: Uint8Array) => string | undefined;
  readonly read: (descriptor: number, into: Uint8Array) => Outcome<number>;
  /** Until the answer is called. Never from within another call. */
  readonly watch: (descriptor: number, ears: Ears) => () => void;
};

const errorName = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const attempt = <T>(act: () => T): Outcome<T> => {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { ok: false, error: errorName(error) };
  }
};

const CHIP_NAME = /^gpiochip\d+$/;

const chipPathsIn = (folder: string): readonly string[] => {
  const names = attempt(() => readdirSync(folder));
  const paths = names.ok ? names.value.filter((name) => CHIP_NAME.test(name)).map((name) => join(folder, name)) : [];
  const real = paths.map((path) => attempt(() => realpathSync(path)));
  return [...new Set(real.flatMap((path) => (path.ok ? [path.value] : [])))].toSorted();
};

/**
 * Node's loop watches the descriptor by `epoll`: no thread of the pool waits for edges, which scrypt and name look-ups
 * share. koffi calls from outside any turn of JavaScript, where promises would not be looked after: hence the next turn.
 */
const watcher =
  (poll: typeof Koffi.node.poll): Kernel['watch'] =>
  (descriptor, { onReadable, onDead }) => {
    let isWatched = true;
    const handle = poll(descriptor, { readable: true, disconnect: true }, (...told: readonly unknown[]) => {
      const [status] = told;
      setImmediate(() => {
        if (!isWatched) return;
        if (status === 0) onReadable();
        else onDead();
      });
    });
    return () => {
      if (!isWatched) return;
      isWatched = false;
      handle.close();
    };
  };

/** koffi, where it is installed for this machine. */
export const loadKoffi = (): typeof Koffi | undefined => {
  try {
    return createRequire(import.meta.url)('koffi') as typeof Koffi;
  } catch {
    return undefined;
  }
};

export const linuxKernel = (koffi: typeof Koffi, deviceFolder: string): Kernel => {
  const ioctl = koffi.load(null).func('int ioctl(int descriptor, unsigned long call, void *argument)');
  return {
    chipPaths: () => chipPathsIn(deviceFolder),
    open: (path) => attempt(() => openSync(path, 'r+')),
    close: (descriptor) => void attempt(() => closeSync(descriptor)),
    ioctl: (descriptor, call, argument) =>
      ioctl(descriptor, call, argument) === 0 ? undefined : getSystemErrorName(-koffi.errno()),
    read: (descriptor, into) => attempt(() => readSync(descriptor, into)),
    watch: watcher(koffi.node.poll),
  };
};

/** In place of a kernel that cannot be asked: it has no chips. */
export const noKernel: Kernel = {
  chipPaths: () => [],
  open: () => ({ ok: false, error: 'ENOENT' }),
  close: () => undefined,
  ioctl: () => 'ENOTTY',
  read: () => ({ ok: false, error: 'EAGAIN' }),
  watch: () => () => undefined,
};
