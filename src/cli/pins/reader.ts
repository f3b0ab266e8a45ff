/**
 * Reads the levels of header lines by the GPIO character device, one line at a time: a line that somebody holds keeps no
 * other from being read. An output is never asked for, nor is a line that is one now without anybody holding it: the
 * controller that ended may have left a relay as it is.
 */
import { findChip, lineInfo } from '../../drivers/gpio-chardev/chip.ts';
import type { Chip } from '../../drivers/gpio-chardev/chip.ts';
import type { Kernel } from '../../drivers/gpio-chardev/kernel.ts';
import { descriptorIn, encodeReader, encodeValues, GET_LINE, GET_VALUES, levelIn } from '../../drivers/gpio-chardev/uapi.ts';
import type { Level } from '../../ports/lines.ts';
import type { HeaderPin } from './header.ts';

/** `holder`: what it calls itself, '' without a name. `unreadable`: the kernel's error. */
export type PinState =
  | { readonly kind: 'level'; readonly level: Level }
  | { readonly kind: 'output' }
  | { readonly kind: 'held'; readonly holder: string }
  | { readonly kind: 'reserved' }
  | { readonly kind: 'power' }
  | { readonly kind: 'unreadable'; readonly error: string };

export type PinReader = {
  /** In the order of the pins given. */
  readonly states: () => readonly PinState[];
  readonly close: () => void;
};

export type ReaderResult =
  | { readonly ok: true; readonly reader: PinReader }
  /** In English, for whoever looks after the machine. */
  | { readonly ok: false; readonly detail: string };

const CONSUMER = 'vigie pins';

type Held = { readonly descriptor: number };
type Taken = Held | PinState;

const isHeld = (taken: Taken): taken is Held => 'descriptor' in taken;

const take = (kernel: Kernel, chip: Chip, pin: HeaderPin): Taken => {
  if (pin.kind === 'power') return { kind: 'power' };
  const info = lineInfo(kernel, chip, pin.offset);
  if (!info.ok) return { kind: 'unreadable', error: info.error };
  if (info.value.isUsed) return { kind: 'held', holder: info.value.consumer };
  if (pin.reservedBy !== undefined) return { kind: 'reserved' };
  if (pin.use?.kind === 'output' || info.value.isOutput) return { kind: 'output' };
  const request = encodeReader(CONSUMER, pin.offset, pin.bias);
  const error = kernel.ioctl(chip.descriptor, GET_LINE, request);
  if (error === 'EBUSY') return { kind: 'held', holder: '' };
  return error === undefined ? { descriptor: descriptorIn(request) } : { kind: 'unreadable', error };
};

const read = (kernel: Kernel, taken: Taken): PinState => {
  if (!isHeld(taken)) return taken;
  const values = encodeValues(0n, 1n);
  const error = kernel.ioctl(taken.descriptor, GET_VALUES, values);
  return error === undefined ? { kind: 'level', level: levelIn(values, 0) } : { kind: 'unreadable', error };
};

export const openPins = (kernel: Kernel, chipLabel: string, pins: readonly HeaderPin[]): ReaderResult => {
  const found = findChip(kernel, chipLabel);
  if (!found.ok) return { ok: false, detail: found.trouble.detail };
  const taken = pins.map((pin) => take(kernel, found.chip, pin));
  kernel.close(found.chip.descriptor);
  return {
    ok: true,
    reader: {
      states: () => taken.map((each) => read(kernel, each)),
      close: () => taken.filter(isHeld).forEach(({ descriptor }) => kernel.close(descriptor)),
    },
  };
};
