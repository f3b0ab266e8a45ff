/**
 * A board on the bench, in virtual time: bytes in, messages out, and every drive of every pin written down.
 *
 * A *message* is a list of bytes: from a command byte to before the next, or from F0 to F7.
 */
import { readFileSync } from 'node:fs';
import { avrBoard } from './avrBoard.ts';
import type { AvrBoard, Drive, ResetCause } from './avrBoard.ts';
import type { ChipName } from './chips.ts';
import { firmwareHex } from './emulatedBoard.ts';

export type Message = readonly number[];
export type DriveNote = { readonly pin: number; readonly drive: Drive; readonly atMicros: number };

export type Bench = {
  readonly board: AvrBoard;
  /** Sends, gives the board time (50 ms unless told), and returns the messages it finished meanwhile. */
  readonly ask: (bytes: readonly number[], forMs?: number) => readonly Message[];
  readonly wait: (forMs: number) => readonly Message[];
  /** What was written down since the last time. */
  readonly takeDrives: () => readonly DriveNote[];
  readonly takeResets: () => readonly ResetCause[];
};

const ANSWER_MS = 50;
const SYSEX_START = 0xf0;
const SYSEX_END = 0xf7;

export const messagesIn = (bytes: readonly number[]): readonly Message[] => {
  const messages: number[][] = [];
  for (const byte of bytes) {
    const last = messages.at(-1);
    if (last === undefined || (byte >= 0x80 && byte !== SYSEX_END)) messages.push([byte]);
    else last.push(byte);
  }
  return messages;
};

/** A board sends nothing but sysex messages and those of three bytes. */
const isWhole = (message: Message): boolean => (message[0] === SYSEX_START ? message.at(-1) === SYSEX_END : message.length >= 3);

/** CRC-7/MMC: polynomial 0x09, initial value 0, most significant bit first. */
export const crc7 = (bytes: readonly number[]): number => {
  let remainder = 0;
  for (const bit of bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((place) => (byte >> place) & 1))) {
    const carry = ((remainder >> 6) & 1) ^ bit;
    remainder = ((remainder << 1) & 0x7f) ^ (carry === 1 ? 0x09 : 0);
  }
  return remainder;
};

export const sysex = (...content: readonly number[]): Message => [SYSEX_START, ...content, SYSEX_END];

const VIGIE = 0x0b;

export const vigie = (...content: readonly number[]): Message => sysex(VIGIE, ...content);

export const restLevel = (pin: number, level: number): Message => vigie(3, pin, level, crc7([pin, level]));

/** The record of a rest level as the EEPROM holds it. */
export const writeRestRecord = (eeprom: Uint8Array, pin: number, level: number): void =>
  eeprom.set([level, crc7([pin, level])], pin * 2);

/** What a string message says; undefined: it is none. */
export const textOf = (message: Message): string | undefined => {
  if (message[0] !== SYSEX_START || message[1] !== 0x71) return undefined;
  const pairs = message.slice(2, -1);
  return String.fromCharCode(...pairs.flatMap((low, at) => (at % 2 === 0 ? [low | ((pairs[at + 1] ?? 0) << 7)] : [])));
};

export const bench = (chip: ChipName): Bench => {
  let said: number[] = [];
  let drives: DriveNote[] = [];
  let resets: ResetCause[] = [];
  const board = avrBoard({
    hex: readFileSync(firmwareHex(chip), 'utf8'),
    chip,
    onByte: (byte) => said.push(byte),
    onDrive: (pin, drive, atMicros) => drives.push({ pin, drive, atMicros }),
    onReset: (cause) => resets.push(cause),
  });
  const wait = (forMs: number): readonly Message[] => {
    board.run(forMs * 1_000);
    const messages = messagesIn(said);
    const last = messages.at(-1);
    const unfinished = last !== undefined && !isWhole(last) ? last : [];
    said = [...unfinished];
    return unfinished.length === 0 ? messages : messages.slice(0, -1);
  };
  return {
    board,
    ask: (bytes, forMs = ANSWER_MS) => {
      board.send(bytes);
      return wait(forMs);
    },
    wait,
    takeDrives: () => {
      const taken = drives;
      drives = [];
      return taken;
    },
    takeResets: () => {
      const taken = resets;
      resets = [];
      return taken;
    },
  };
};

/** A board that has started and introduced itself. */
export const startedBench = (chip: ChipName): Bench => {
  const started = bench(chip);
  started.wait(ANSWER_MS);
  started.takeDrives();
  started.takeResets();
  return started;
};
