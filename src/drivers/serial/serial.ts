/**
 * Serial ports through the package `serialport`, which is loaded when the first port is opened: whoever has none misses
 * nothing. A port is held alone (a lock on it, which also keeps the second process of a site off the bus), and closing it
 * leaves DTR as it is, so that the next opening resets no device that was running.
 */
import type { EventEmitter } from 'node:events';
import { stat } from 'node:fs/promises';
import type {
  OpenSerial,
  SerialLine,
  SerialListener,
  SerialOpening,
  SerialSettings,
  SerialTrouble,
} from '../../ports/serialLine.ts';

/** The port as `serialport` makes it: closed until `open`. Emits `data`, `close` and `error`. */
type PortLike = EventEmitter & {
  readonly isOpen: boolean;
  readonly open: (done: (error: Error | null) => void) => void;
  readonly write: (bytes: Uint8Array, done: (error?: Error | null) => void) => unknown;
  readonly flush: (done: (error?: Error | null) => void) => void;
  readonly close: (done: (error?: Error | null) => void) => void;
};

type PortOptions = SerialSettings & { readonly autoOpen: false; readonly lock: true; readonly hupcl: false };
type PortClass = new (options: PortOptions) => PortLike;
type Package = { readonly SerialPort: PortClass };

/** Imports a package by its name. */
export type LoadPackage = (name: string) => Promise<unknown>;

/** What may wait to be sent: some four seconds at 19 200 bit/s. Whoever has more to say waits for the device first. */
export const WAITING_BYTES_MAX = 8_192;

const WATCH_MS = 500;

const NANOSECONDS_PER_MILLISECOND = 1e6;
const machineMs = (): number => Number(process.hrtime.bigint()) / NANOSECONDS_PER_MILLISECOND;

const TROUBLES: readonly (readonly [RegExp, SerialTrouble])[] = [
  [/ENOENT|ENODEV|ENXIO|no such (?:file|device)/i, 'no-such-port'],
  [/EACCES|EPERM|permission denied|not permitted/i, 'no-permission'],
  [/EBUSY|EAGAIN|cannot lock|temporarily unavailable|busy/i, 'busy'],
];

/** The package gives no codes, only the system's words. */
export const serialTroubleOf = (error: Error): SerialTrouble => {
  const text = `${'code' in error ? String(error.code) : ''} ${error.message}`;
  return TROUBLES.find(([pattern]) => pattern.test(text))?.[1] ?? 'io';
};

// ---- an open port

type Live = {
  readonly port: PortLike;
  readonly listener: SerialListener;
  waitingBytes: number;
  isOver: boolean;
  watch: NodeJS.Timeout | undefined;
};

/** What the system still holds is thrown away: a port whose device takes nothing would keep the closing for 30 s. */
const shut = async ({ port }: Live): Promise<void> =>
  new Promise((resolve) => {
    if (!port.isOpen) return resolve();
    port.flush(() => (port.isOpen ? port.close(() => resolve()) : resolve()));
  });

const end = (live: Live): void => {
  live.isOver = true;
  clearInterval(live.watch);
};

const gone = (live: Live, detail: string): void => {
  if (live.isOver) return;
  end(live);
  void shut(live).then(() => live.listener.onGone(detail));
};

const write = (live: Live, bytes: Uint8Array): boolean => {
  if (live.isOver || !live.port.isOpen) return false;
  if (live.waitingBytes + bytes.length > WAITING_BYTES_MAX) return false;
  live.waitingBytes += bytes.length;
  // A copy, since what is not sent at once is kept.
  live.port.write(Buffer.from(bytes), (error) => {
    live.waitingBytes -= bytes.length;
    if (error) gone(live, error.message);
  });
  return true;
};

const close = async (live: Live): Promise<void> => {
  end(live);
  await shut(live);
};

const listen = (live: Live): void => {
  const { port, listener } = live;
  port.on('data', (chunk: Uint8Array) => {
    if (!live.isOver) listener.onBytes(new Uint8Array(chunk), machineMs());
  });
  port.on('close', (error: Error | null | undefined) => gone(live, error?.message ?? 'closed'));
};

/** Which device the path leads to; undefined: to none. An adapter that is plugged in again is another one. */
const deviceAt = async (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({ dev, ino, rdev }) => `${dev}:${ino}:${rdev}`,
    () => undefined,
  );

/**
 * An adapter pulled out in the middle of a read answers it with nothing, and the package asks again for ever, at full
 * speed, without telling: its `unixRead` takes no bytes for not yet. So the path is looked at as well.
 */
const watchDevice = (live: Live, path: string, device: string | undefined): void => {
  live.watch = setInterval(() => {
    void deviceAt(path).then((now) => {
      if (now === undefined || now !== device) gone(live, `${path} is not there any more`);
    });
  }, WATCH_MS);
  live.watch.unref();
};

const lineOf = (live: Live): SerialLine => ({
  write: (bytes) => write(live, bytes),
  close: async () => close(live),
});

// ---- opening

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1).join('');

const notInstalled = (error: unknown): SerialOpening => ({
  ok: false,
  trouble: 'not-installed',
  detail: `serial ports need the package serialport: run npm install serialport in Vigie's folder (${messageOf(error)})`,
});

const open = async (SerialPort: PortClass, settings: SerialSettings, listener: SerialListener): Promise<SerialOpening> => {
  const port = new SerialPort({ ...settings, autoOpen: false, lock: true, hupcl: false });
  const live: Live = { port, listener, waitingBytes: 0, isOver: false, watch: undefined };
  // From the start: an error that nobody listens to ends the process.
  port.on('error', (error: Error) => gone(live, error.message));
  const device = await deviceAt(settings.path);
  return new Promise((resolve) => {
    port.open((error) => {
      if (error) return resolve({ ok: false, trouble: serialTroubleOf(error), detail: error.message });
      listen(live);
      watchDevice(live, settings.path, device);
      resolve({ ok: true, line: lineOf(live) });
    });
  });
};

const failed = (error: unknown): SerialOpening => ({ ok: false, trouble: 'io', detail: messageOf(error) });

const importPackage: LoadPackage = async (name) => import(name);

/** A border: the package is CommonJS, and what it exports is the default of its module. */
const loadPort = async (load: LoadPackage): Promise<PortClass> => {
  const module = (await load('serialport')) as { readonly default: Package };
  return module.default.SerialPort;
};

export const createOpenSerial = (load: LoadPackage = importPackage): OpenSerial => {
  return async (settings, listener) => {
    let SerialPort: PortClass;
    try {
      SerialPort = await loadPort(load);
    } catch (error) {
      return notInstalled(error);
    }
    // The package throws for settings that it does not take.
    return open(SerialPort, settings, listener).catch(failed);
  };
};
