/**
 * The packages an Arduino needs, loaded when one is opened: whoever has none misses nothing. They carry no types of their
 * own; what is used of them is described here.
 */
import type { EventEmitter } from 'node:events';

/** A serial port as `serialport` makes it: closed until `open`. Emits `open`, `close`, `data` and `error`. */
export type PortLike = EventEmitter & {
  readonly isOpen: boolean;
  readonly open: (done: (error: Error | null) => void) => void;
  readonly write: (bytes: Uint8Array, done: (error?: Error | null) => void) => unknown;
  readonly flush: (done: (error?: Error | null) => void) => void;
  readonly close: (done: (error?: Error | null) => void) => void;
};

export type FirmataIo = EventEmitter & {
  name: string;
  readonly isReady: boolean;
  readonly pins: { mode?: number; readonly state?: number; readonly supportedModes: readonly number[] }[];
  readonly analogPins: readonly number[];
  /** The bits of each port of eight pins as they are written next. */
  readonly ports: number[];
  readonly reportVersionTimeoutId: NodeJS.Timeout;
  readonly reportAnalogPin: (channel: number, on: 0 | 1) => void;
  readonly reportDigitalPin: (pin: number, on: 0 | 1) => void;
  readonly setSamplingInterval: (ms: number) => void;
};

export type FiveBoard = EventEmitter & {
  readonly timer: NodeJS.Timeout | null;
  readonly register: unknown[];
};

/** `open` and `close` of its circuit; what that is physically is its type. */
export type FiveRelay = { board: unknown; io: unknown; readonly open: () => void; readonly close: () => void };

export type Five = {
  readonly Board: {
    new (options: {
      readonly io: FirmataIo;
      readonly repl: false;
      readonly debug: false;
      readonly sigint: false;
      readonly timeout: number;
    }): FiveBoard;
    /** Every board ever made: it forgets none by itself. */
    readonly cache: FiveBoard[];
    readonly Pins: { readonly normalize: { readonly clear: () => void } };
  };
  readonly Relay: new (options: { readonly pin: number; readonly type: 'NO' | 'NC'; readonly board: FiveBoard }) => FiveRelay;
};

export type FirmataClass = new (
  transport: EventEmitter,
  options: { readonly reportVersionTimeout: number; readonly samplingInterval: number },
) => FirmataIo;

/** `hupcl: false`: DTR stays as it is when the port is closed, so that the next opening resets no board that was running. */
export type PortOptions = {
  readonly path: string;
  readonly baudRate: number;
  readonly autoOpen: false;
  readonly hupcl: false;
};
export type SerialPortClass = new (options: PortOptions) => PortLike;

export type Packages = { readonly SerialPort: SerialPortClass; readonly Firmata: FirmataClass; readonly five: Five };
export type Loaded =
  | { readonly ok: true; readonly packages: Packages }
  | { readonly ok: false; readonly missing: readonly string[]; readonly detail: string };

export type Load = (name: string) => Promise<unknown>;

const PACKAGES = ['serialport', 'firmata-io', 'johnny-five'] as const;

const loadPackage: Load = async (name) => import(name);

type Found = { readonly name: string; readonly module: unknown; readonly error: string | undefined };

const tryLoad = async (load: Load, name: string): Promise<Found> => {
  try {
    return { name, module: await load(name), error: undefined };
  } catch (error) {
    return { name, module: undefined, error: error instanceof Error ? error.message.split('\n', 1).join('') : String(error) };
  }
};

/** All three are CommonJS: what they export is the default of their module. */
const exportsOf = ({ module }: Found): unknown => (module as { readonly default: unknown }).default;

const missingDetail = (missing: readonly Found[]): string => {
  const names = missing.map(({ name }) => name).join(' ');
  const why = missing.map(({ name, error }) => `${name}: ${error}`).join('; ');
  return `an Arduino needs the packages ${PACKAGES.join(', ')}: run npm install ${names} in Vigie's folder (${why})`;
};

/** A border: the shapes of three packages without types. */
export const loadPackages = async (load: Load = loadPackage): Promise<Loaded> => {
  const found = await Promise.all(PACKAGES.map(async (name) => tryLoad(load, name)));
  const missing = found.filter(({ error }) => error !== undefined);
  const [serial, firmata, five] = found;
  if (missing.length > 0 || !serial || !firmata || !five) {
    return { ok: false, missing: missing.map(({ name }) => name), detail: missingDetail(missing) };
  }
  const { SerialPort } = exportsOf(serial) as { readonly SerialPort: SerialPortClass };
  const { Firmata } = exportsOf(firmata) as { readonly Firmata: FirmataClass };
  return { ok: true, packages: { SerialPort, Firmata, five: exportsOf(five) as Five } };
};
