/**
 * A USB reader that plays a keyboard: it types the number of a card and Enter. Only taken for ourselves alone (`EVIOCGRAB`):
 * else each number would be typed into whatever the console shows, and a console is a way into the machine.
 *
 * Where that cannot be had the reader is not used, and the log says why. A device that goes is opened again for ever.
 */
import type { KeypadId } from '../../core/config.ts';
import type { Keypads, KeypadListener } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { Timers } from '../../ports/player.ts';
import { RECORD_BYTES, feedEvdev, newEvdev } from '../../protocol/readers/evdev.ts';
import type { EvdevState } from '../../protocol/readers/evdev.ts';
import type { ReaderEvent } from '../../protocol/readers/reader.ts';
import { retryAfterMs, tellChanges, tellDrops } from './ears.ts';
import type { Drops, Presences } from './ears.ts';
import type { InputKernel } from './inputKernel.ts';

export type KeyboardReaderOptions = {
  /** Such as `/dev/input/by-id/usb-…-event-kbd`. */
  readonly device: string;
  readonly keypad: KeypadId;
  /** undefined: koffi is not there. */
  readonly kernel: InputKernel | undefined;
  readonly timers: Timers;
  readonly log: Log;
};

export type KeyboardTrouble =
  | 'not-installed'
  | 'no-such-device'
  | 'no-permission'
  | 'grabbed-by-another'
  | 'not-an-input-device'
  | 'io'
  | 'gone';

const TROUBLES: Readonly<Record<KeyboardTrouble, string>> = {
  'not-installed': 'the package koffi is missing, without which what it types would reach the console: run npm install',
  'no-such-device': 'the device is not there: plug the reader in, or correct `device`',
  'no-permission': 'the device may not be opened: sudo usermod -aG input vigie (or who runs it), then start the service again',
  'grabbed-by-another': 'another program holds the device: stop it',
  'not-an-input-device': '`device` is no keyboard: write the link of the reader in /dev/input/by-id/ that ends in -event-kbd',
  io: 'the device cannot be opened',
  gone: 'the device has gone: plug the reader in again',
};

const TROUBLE_OF: Readonly<Record<string, KeyboardTrouble>> = {
  ENOENT: 'no-such-device',
  ENODEV: 'no-such-device',
  ENXIO: 'no-such-device',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  EBUSY: 'grabbed-by-another',
  ENOTTY: 'not-an-input-device',
  EINVAL: 'not-an-input-device',
  EISDIR: 'not-an-input-device',
};

const RECORDS_AT_ONCE = 64;

type Held = { readonly descriptor: number; readonly stop: () => void; state: EvdevState };

type Reader = KeyboardReaderOptions & {
  readonly listener: KeypadListener;
  readonly tellPresence: Presences;
  readonly drop: Drops;
  held: Held | undefined;
  cancelRetry: () => void;
  failures: number;
  said: KeyboardTrouble | undefined;
};

// ---- what it types

const obey = ({ listener, keypad, drop }: Reader, event: ReaderEvent, atMs: number): void => {
  if (event.kind === 'badge') listener.onBadge(keypad, event.badge, atMs);
  if (event.kind === 'dropped') drop(event.reason, event.count);
};

const take = (reader: Reader, held: Held, bytes: Uint8Array): void => {
  const now = reader.timers.now();
  const { state, events } = feedEvdev(held.state, bytes, now);
  held.state = state;
  for (const event of events) obey(reader, event, now);
};

/** Reads until there is nothing more; a device that was unplugged says `ENODEV`. */
const readAll = (reader: Reader, kernel: InputKernel): void => {
  const chunk = new Uint8Array(RECORDS_AT_ONCE * RECORD_BYTES[kernel.layout]);
  for (let { held } = reader; held !== undefined; { held } = reader) {
    const read = kernel.read(held.descriptor, chunk);
    if (!read.ok && read.error === 'EAGAIN') return;
    if (!read.ok || read.value === 0) return lose(reader, 'gone', read.ok ? 'end of file' : read.error);
    take(reader, held, chunk.slice(0, read.value));
  }
};

// ---- the device

const say = (reader: Reader, trouble: KeyboardTrouble, detail: string): void => {
  if (reader.said === trouble) return;
  reader.said = trouble;
  reader.log('warn', `keyboard reader: ${TROUBLES[trouble]}`, { device: reader.device, detail });
};

const letGo = (reader: Reader): void => {
  const { held, kernel } = reader;
  reader.held = undefined;
  held?.stop();
  if (held !== undefined) kernel?.close(held.descriptor);
};

const lose = (reader: Reader, trouble: KeyboardTrouble, detail: string): void => {
  letGo(reader);
  say(reader, trouble, detail);
  reader.tellPresence(reader.keypad, false);
  reader.cancelRetry = reader.timers.later(retryAfterMs(reader.failures), () => openDevice(reader));
  reader.failures += 1;
};

const hold = (reader: Reader, kernel: InputKernel, descriptor: number): void => {
  const stop = kernel.watch(descriptor, () => readAll(reader, kernel));
  reader.held = { descriptor, stop, state: newEvdev(kernel.layout) };
  reader.failures = 0;
  reader.said = undefined;
  reader.log('info', 'keyboard reader: held, for Vigie alone', { device: reader.device });
  reader.tellPresence(reader.keypad, true);
};

const openDevice = (reader: Reader): void => {
  const { kernel, device } = reader;
  if (kernel === undefined) return lose(reader, 'not-installed', '');
  const opened = kernel.open(device);
  if (!opened.ok) return lose(reader, TROUBLE_OF[opened.error] ?? 'io', opened.error);
  const refusal = kernel.grab(opened.value);
  if (refusal === undefined) return hold(reader, kernel, opened.value);
  kernel.close(opened.value);
  lose(reader, TROUBLE_OF[refusal] ?? 'io', refusal);
};

const newReader = (options: KeyboardReaderOptions, listener: KeypadListener): Reader => ({
  ...options,
  listener,
  tellPresence: tellChanges(listener),
  drop: tellDrops(options.device, options.timers.now, options.log),
  held: undefined,
  cancelRetry: () => undefined,
  failures: 0,
  said: undefined,
});

export const keyboardReader = (options: KeyboardReaderOptions): Keypads => {
  let reader: Reader | undefined;
  return {
    open: (_keypads, listener) => {
      reader = newReader(options, listener);
      openDevice(reader);
      return Promise.resolve();
    },
    show: () => undefined,
    close: () => {
      reader?.cancelRetry();
      if (reader !== undefined) letGo(reader);
      reader = undefined;
      return Promise.resolve();
    },
  };
};
