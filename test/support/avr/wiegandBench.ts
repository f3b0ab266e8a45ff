/**
 * The Wiegand board on the bench, in virtual time: pulses of two readers in, and what Vigie's own driver makes of the bytes
 * that come out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readerLine } from '../../../src/protocol/readers/readerLine.ts';
import type { ReaderLineState } from '../../../src/protocol/readers/readerLine.ts';
import type { Fed, ReaderEvent, ReaderInput, ReaderSignal } from '../../../src/protocol/readers/reader.ts';
import { avrBoard } from './avrBoard.ts';
import type { AvrBoard, Drive, ResetCause } from './avrBoard.ts';

/** The checkout, seen from dist/test/support/avr. */
export const WIEGAND_HEX = join(
  fileURLToPath(new URL('../../../../', import.meta.url)),
  'boards/firmware-wiegand/vigie-wiegand-uno.hex',
);

/** Lines of each input: D0, D1. */
export const LINES: Readonly<Record<ReaderInput, readonly [number, number]>> = { 1: [2, 3], 2: [4, 5] };
/** Green, red, buzzer. */
export const WIRES: Readonly<Record<ReaderInput, readonly [number, number, number]>> = { 1: [6, 7, 8], 2: [9, 10, 11] };

export type Pulses = { readonly pulseMicros: number; readonly apartMicros: number };
export const TYPICAL: Pulses = { pulseMicros: 50, apartMicros: 2_000 };
export const FASTEST: Pulses = { pulseMicros: 20, apartMicros: 200 };
export const SLOWEST: Pulses = { pulseMicros: 100, apartMicros: 20_000 };

export type WireNote = { readonly pin: number; readonly drive: Drive; readonly atMicros: number };

export type WiegandBench = {
  readonly board: AvrBoard;
  /** Gives the board time, ticks the driver's protocol as it runs, and returns what that told. */
  readonly wait: (forMs: number) => readonly ReaderEvent[];
  readonly play: (input: ReaderInput, bits: string, pulses?: Pulses) => void;
  readonly pulse: (pin: number, micros: number) => void;
  readonly show: (input: ReaderInput, signal: ReaderSignal) => void;
  readonly takeWires: () => readonly WireNote[];
  readonly takeResets: () => readonly ResetCause[];
  /** The controller is there or not: what it sends, and that it answers. */
  readonly setHost: (there: boolean) => void;
};

const STEP_MS = 10;

export const wiegandBench = (): WiegandBench => {
  const bytes: number[] = [];
  let wires: WireNote[] = [];
  let resets: ResetCause[] = [];
  let events: ReaderEvent[] = [];
  let hasHost = true;
  let tickedMs = 0;
  const board = avrBoard({
    hex: readFileSync(WIEGAND_HEX, 'utf8'),
    chip: 'atmega328p',
    onByte: (byte) => bytes.push(byte),
    onDrive: (pin, drive, atMicros) => void (pin >= 6 && wires.push({ pin, drive, atMicros })),
    onReset: (cause) => resets.push(cause),
  });
  const nowMs = (): number => board.micros() / 1_000;
  let state: ReaderLineState = readerLine.begin(0).state;

  const take = (fed: Fed<ReaderLineState>): void => {
    ({ state } = fed);
    events.push(...fed.events);
    for (const event of fed.events) if (event.kind === 'send' && hasHost) board.send(event.bytes);
  };
  const exchange = (): void => {
    if (bytes.length > 0) take(readerLine.feed(state, Uint8Array.from(bytes.splice(0)), nowMs()));
    if (nowMs() - tickedMs < (readerLine.tickMs ?? 0)) return;
    tickedMs = nowMs();
    take(readerLine.tick(state, tickedMs));
  };
  const pulse = (pin: number, micros: number): void => {
    board.setPin(pin, 0);
    board.run(micros);
    board.setPin(pin, 1);
  };
  for (const pin of [...LINES[1], ...LINES[2]]) board.setPin(pin, 1);
  return {
    board,
    wait: (forMs) => {
      for (let ms = 0; ms < forMs; ms += STEP_MS) {
        board.run(Math.min(STEP_MS, forMs - ms) * 1_000);
        exchange();
      }
      const told = events;
      events = [];
      return told;
    },
    play: (input, bits, { pulseMicros, apartMicros } = TYPICAL) => {
      for (const bit of bits) {
        pulse(LINES[input][bit === '1' ? 1 : 0], pulseMicros);
        board.run(apartMicros - pulseMicros);
      }
    },
    pulse,
    show: (input, signal) => {
      const fed = readerLine.show?.(state, input, signal);
      if (fed !== undefined) take(fed);
    },
    takeWires: () => {
      const taken = wires;
      wires = [];
      return taken;
    },
    takeResets: () => {
      const taken = resets;
      resets = [];
      return taken;
    },
    setHost: (there) => {
      hasHost = there;
    },
  };
};

/** A board that has started, is known, and has beaten once. */
export const startedWiegandBench = (): WiegandBench => {
  const started = wiegandBench();
  started.wait(1_200);
  started.takeWires();
  started.takeResets();
  return started;
};

export const badgesIn = (events: readonly ReaderEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'badge' ? [`${event.input} ${event.badge.bits} ${event.badge.hex}`] : []));

export const keysIn = (events: readonly ReaderEvent[]): string =>
  events.flatMap((event) => (event.kind === 'keys' ? [event.text] : [])).join('');

export const dropsIn = (events: readonly ReaderEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'dropped' ? [`${event.reason} ${event.count}`] : []));

export const presenceIn = (events: readonly ReaderEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'presence' ? [`${event.input} ${event.present ? 'there' : 'gone'}`] : []));
