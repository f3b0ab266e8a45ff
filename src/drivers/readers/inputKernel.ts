/**
 * The border to Linux's input devices: descriptors by `node:fs`, `ioctl` of the C library by `koffi`, and Node's own event
 * loop watching a descriptor. Errors are the kernel's names (`EBUSY`).
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';
import type { EvdevLayout } from '../../protocol/readers/evdev.ts';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export type InputKernel = {
  readonly layout: EvdevLayout;
  readonly open: (path: string) => Outcome<number>;
  readonly close: (descriptor: number) => void;
  /** What the device types goes to this descriptor alone, and no longer to the console; the error, or undefined. */
  readonly grab: (descriptor: number) => string | undefined;
  /** Never waits: `EAGAIN` if there is nothing. */
  readonly read: (descriptor: number, into: Uint8Array) => Outcome<number>;
  /** Until the answer is called: something can be read, or the device has gone. Never from within another call. */
  readonly watch: (descriptor: number, onReady: () => void) => () => void;
};

/** linux/input.h: `_IOW('E', 0x90, int)`. */
const EVIOCGRAB = 0x4004_4590;

const errorName = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const attempt = <T>(act: () => T): Outcome<T> => {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { ok: false, error: errorName(error) };
  }
};

/** koffi calls from outside any turn of JavaScript, where promises would not be looked after: hence the next turn. */
const watcher =
  (poll: typeof Koffi.node.poll): InputKernel['watch'] =>
  (descriptor, onReady) => {
    let isWatched = true;
    const handle = poll(descriptor, { readable: true, disconnect: true }, () => {
      setImmediate(() => {
        if (isWatched) onReady();
      });
    });
    return () => {
      if (!isWatched) return;
      isWatched = false;
      handle.close();
    };
  };

const layoutHere = (): EvdevLayout => (arch() === 'arm' || arch() === 'ia32' ? '32-bit' : '64-bit');

const kernelOf = (koffi: typeof Koffi): InputKernel => {
  const ioctl = koffi.load(null).func('int ioctl(int descriptor, unsigned long call, int argument)');
  return {
    layout: layoutHere(),
    open: (path) => attempt(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)),
    close: (descriptor) => void attempt(() => closeSync(descriptor)),
    grab: (descriptor) => (ioctl(descriptor, EVIOCGRAB, 1) === 0 ? undefined : getSystemErrorName(-koffi.errno())),
    read: (descriptor, into) => attempt(() => readSync(descriptor, into)),
    watch: watcher(koffi.node.poll),
  };
};

/** undefined: koffi is not installed, or not for this machine. */
export const loadInputKernel = (): InputKernel | undefined => {
  const koffi = attempt(() => createRequire(import.meta.url)('koffi') as typeof Koffi);
  return koffi.ok ? kernelOf(koffi.value) : undefined;
};
