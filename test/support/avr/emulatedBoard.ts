/**
 * An emulated Arduino on a serial port of this machine, for the real `serialport`: the firmware's own hex, run by a process of
 * its own in real time. The path stays the same over `unplug` and `replug`. How to use it: README.md beside this file.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Drive, PinListener, ResetCause } from './avrBoard.ts';
import type { BoardAction, BoardOrder, BoardResult, FromBoard, Pace, Side, ToBoard, WaveStep } from './boardMessages.ts';
import type { ChipName } from './chips.ts';

export type EmulatedBoardOptions = {
  /** Path of an Intel HEX file; the committed firmware of the chip if absent. */
  readonly hex?: string;
  readonly chip: ChipName;
  /** Content of the EEPROM at the first start; blank if absent. */
  readonly eeprom?: readonly number[];
};

export type EmulatedBoard = {
  /** What `serialport` opens: a symbolic link, gone while unplugged. */
  readonly port: string;
  /** What is wired to a pin (Arduino number); undefined: nothing. */
  readonly setPin: (pin: number, level: 0 | 1 | undefined) => Promise<void>;
  /** The level for so long in the board's own time, then the other one. */
  readonly pulse: (pin: number, level: 0 | 1, micros: number) => Promise<void>;
  /** Levels of pins one after the other, exactly, in the board's own time. */
  readonly wave: (steps: readonly WaveStep[]) => Promise<void>;
  /** A voltage as a part of the supply, 0 to 1. */
  readonly setVolts: (channel: number, ratio: number) => Promise<void>;
  readonly levelOf: (pin: number) => Promise<Drive>;
  /** Every change of what the board makes of a pin from now on. Call what is returned to stop. */
  readonly watch: (listener: PinListener) => () => void;
  readonly watchResets: (listener: (cause: ResetCause) => void) => () => void;
  readonly readEeprom: () => Promise<readonly number[]>;
  readonly pace: () => Promise<Pace>;
  /** The reset button. The EEPROM stays. */
  readonly reset: () => Promise<void>;
  /** The chip stands still, its watchdog too; the port stays open. */
  readonly hang: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** The firmware is in an endless loop; the chip's watchdog runs. */
  readonly runAway: () => Promise<void>;
  /** The cable is pulled: the port hangs up, its path is gone, the board has no supply. */
  readonly unplug: () => Promise<void>;
  readonly replug: () => Promise<void>;
  /** Bytes on the line that nobody sent; to the host unless told otherwise. */
  readonly noise: (bytes: readonly number[], side?: Side) => Promise<void>;
  /** The next so many bytes never arrive. */
  readonly dropBytes: (count: number, side?: Side) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** The checkout, seen from dist/test/support/avr. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const HEX: Readonly<Record<ChipName, string>> = {
  atmega328p: join(ROOT, 'boards/firmware/vigie-expander-uno.hex'),
  atmega2560: join(ROOT, 'boards/firmware/vigie-expander-mega.hex'),
};
export const firmwareHex = (chip: ChipName): string => HEX[chip];

const isDrive = (result: BoardResult): result is Drive => typeof result === 'string';
const isBytes = (result: BoardResult): result is readonly number[] => Array.isArray(result);
const isPace = (result: BoardResult): result is Pace => typeof result === 'object' && 'boardMs' in result;

const demand = <T extends BoardResult>(result: BoardResult, is: (result: BoardResult) => result is T): T => {
  if (!is(result)) throw new Error('the emulated board gave another answer than was asked for');
  return result;
};

const listeners = <T extends readonly unknown[]>() => {
  const all = new Set<(...told: T) => void>();
  return {
    tell: (...told: T): void => all.forEach((listener) => listener(...told)),
    add: (listener: (...told: T) => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
};

export const emulatedBoard = async ({ hex, chip, eeprom = [] }: EmulatedBoardOptions): Promise<EmulatedBoard> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-board-'));
  const port = join(folder, 'port');
  const child = fork(fileURLToPath(new URL('./emulatorProcess.js', import.meta.url)), { execArgv: [] });
  const waiting = new Map<number, (result: BoardResult) => void>();
  const drives = listeners<Parameters<PinListener>>();
  const resets = listeners<[ResetCause]>();
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  let lastId = 0;

  child.on('message', (message: FromBoard) => {
    if ('cause' in message) resets.tell(message.cause);
    else if ('pin' in message) drives.tell(message.pin, message.drive, message.atMicros);
    else if ('id' in message) {
      waiting.get(message.id)?.(message.result);
      waiting.delete(message.id);
    }
  });
  const started = new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromBoard) => {
      if ('started' in message) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the emulated board ended by itself (${code})`)));
  });

  const say = (message: ToBoard): void => void child.send(message);
  const ask = (order: BoardOrder): Promise<BoardResult> =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      say({ id: lastId, order });
    });
  const tell = async (order: BoardOrder): Promise<void> => void (await ask(order));
  const act = (action: BoardAction): Promise<void> => tell({ order: 'act', action });

  say({ start: { hexFile: hex ?? HEX[chip], chip, link: port, eeprom } });
  await started;
  return {
    port,
    setPin: (pin, level) => tell({ order: 'set-pin', pin, level }),
    pulse: (pin, level, micros) => tell({ order: 'pulse', pin, level, micros }),
    wave: (steps) => tell({ order: 'wave', steps }),
    setVolts: (channel, ratio) => tell({ order: 'set-volts', channel, ratio }),
    levelOf: async (pin) => demand(await ask({ order: 'level-of', pin }), isDrive),
    watch: drives.add,
    watchResets: resets.add,
    readEeprom: async () => demand(await ask({ order: 'read-eeprom' }), isBytes),
    pace: async () => demand(await ask({ order: 'pace' }), isPace),
    reset: () => act('reset'),
    hang: () => act('hang'),
    resume: () => act('resume'),
    runAway: () => act('run-away'),
    unplug: () => act('unplug'),
    replug: () => act('replug'),
    noise: (bytes, side = 'to-host') => tell({ order: 'noise', bytes, side }),
    dropBytes: (bytes, side = 'to-host') => tell({ order: 'drop', bytes, side }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
