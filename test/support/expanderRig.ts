/** The Arduino's driver over a board in memory, in virtual time. */
import { firmataExpander } from '../../src/drivers/firmata/expander.ts';
import type { Expander, ExpanderOptions } from '../../src/drivers/firmata/expander.ts';
import type { PinPlace, PinPlaces } from '../../src/drivers/firmata/boardLines.ts';
import type { Reading } from '../../src/core/input.ts';
import type { Level, LineRequest, LinesListener, LineTrouble, Opened } from '../../src/ports/lines.ts';
import { makeFakeFirmata } from './fakeFirmata.ts';
import type { FakeFirmata, Firmware } from './fakeFirmata.ts';
import { createVirtualTimers } from './virtualTimers.ts';
import type { VirtualTimers } from './virtualTimers.ts';

const digitalPin = (pin: number): [string, PinPlace] => [`cellar.D${pin}`, { pin, channel: undefined }];
const analogPin = (channel: number): [string, PinPlace] => [`cellar.A${channel}`, { pin: channel + 14, channel }];

/** Pins of an Uno as the site's config names them on the expander `cellar`. */
export const UNO_PINS: PinPlaces = Object.fromEntries([
  ...Array.from({ length: 12 }, (_none, index) => digitalPin(index + 2)),
  ...Array.from({ length: 6 }, (_none, index) => analogPin(index)),
]);

export const input = (line: string, bias: 'none' | 'pull-up' = 'pull-up'): LineRequest => ({
  direction: 'input',
  line: `cellar.${line}`,
  bias,
});
export const analog = (line: string): LineRequest => ({ direction: 'analog', line: `cellar.${line}` });
export const output = (line: string, initialLevel: Level = 0, restLevel: Level = 0, maxOnMs?: number): LineRequest => ({
  direction: 'output',
  line: `cellar.${line}`,
  initialLevel,
  restLevel,
  maxOnMs,
});

export type ExpanderRig = {
  readonly timers: VirtualTimers;
  readonly board: FakeFirmata;
  readonly lines: Expander;
  readonly readings: { line: string; reading: Reading; atMs: number; heardAtMs: number }[];
  readonly troubles: { line: string; trouble: LineTrouble | undefined; heardAtMs: number }[];
  readonly logged: { level: string; message: string; facts: Readonly<Record<string, unknown>> | undefined }[];
  readonly listener: LinesListener;
  /** Opens, letting virtual time pass until it is done. */
  readonly open: (requests: readonly LineRequest[]) => Promise<Opened>;
  readonly pass: (ms: number) => void;
  readonly close: () => Promise<void>;
};

/** `pass` steps of a millisecond: what a callback plans is done in its turn. */
const isDone = (promise: Promise<unknown>): (() => boolean) => {
  let done = false;
  void promise.finally(() => {
    done = true;
  });
  return () => done;
};

const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export const letPass = async <T>(timers: VirtualTimers, promise: Promise<T>): Promise<T> => {
  const done = isDone(promise);
  for (await realTurn(); !done(); await realTurn()) timers.advance(1);
  return promise;
};

export type RigOptions = Partial<Pick<ExpanderOptions, 'load' | 'patienceMs' | 'pins'>> & { readonly firmware?: Firmware };

export const makeExpanderRig = ({ firmware, ...options }: RigOptions = {}): ExpanderRig => {
  const timers = createVirtualTimers();
  const board = makeFakeFirmata(timers, firmware);
  const readings: ExpanderRig['readings'] = [];
  const troubles: ExpanderRig['troubles'] = [];
  const logged: ExpanderRig['logged'] = [];
  const lines = firmataExpander({
    id: 'cellar',
    port: '/dev/serial/by-id/usb-test',
    pins: UNO_PINS,
    timers,
    log: (level, message, facts) => void logged.push({ level, message, facts }),
    makePort: board.makePort,
    ...options,
  });
  const listener: LinesListener = {
    onReading: (line, reading, atMs) => void readings.push({ line, reading, atMs, heardAtMs: timers.now() }),
    onOutputTrouble: (line, trouble) => void troubles.push({ line, trouble, heardAtMs: timers.now() }),
  };
  return {
    timers,
    board,
    lines,
    readings,
    troubles,
    logged,
    listener,
    open: async (requests) => letPass(timers, lines.open(requests, listener)),
    pass: timers.advance,
    close: async () => letPass(timers, lines.close()),
  };
};
