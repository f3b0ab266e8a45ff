/** The Arduino's driver on an emulated board, over the real serialport and a pseudo-terminal, in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from '../../../src/core/input.ts';
import { firmataExpander } from '../../../src/drivers/firmata/expander.ts';
import type { Expander } from '../../../src/drivers/firmata/expander.ts';
import type { PinPlaces } from '../../../src/drivers/firmata/boardLines.ts';
import { machineTimers } from '../../../src/drivers/sim/timers.ts';
import type { LineRequest, LineTrouble } from '../../../src/ports/lines.ts';
import type { ChipName } from './chips.ts';
import { emulatedBoard } from './emulatedBoard.ts';
import type { EmulatedBoard } from './emulatedBoard.ts';

export type HeardReading = {
  readonly line: string;
  readonly reading: Reading;
  readonly atMs: number;
  readonly heardAtMs: number;
};
export type HeardTrouble = { readonly line: string; readonly trouble: LineTrouble | undefined; readonly heardAtMs: number };

export type ExpanderOnBoard = {
  readonly board: EmulatedBoard;
  readonly lines: Expander;
  readonly readings: HeardReading[];
  readonly troubles: HeardTrouble[];
  readonly logged: string[];
  /** Waits until it is so; fails after `withinMs`. Says how long it took. */
  readonly until: (what: string, isSo: () => boolean, withinMs?: number) => Promise<number>;
  readonly stop: () => Promise<void>;
};

const WITHIN_MS = 10_000;

export const until = async (what: string, isSo: () => boolean, withinMs = WITHIN_MS): Promise<number> => {
  const began = machineTimers.now();
  while (!isSo()) {
    if (machineTimers.now() - began > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(1);
  }
  return machineTimers.now() - began;
};

export const expanderOnBoard = async (
  chip: ChipName,
  pins: PinPlaces,
  requests: readonly LineRequest[],
  prepare: (board: EmulatedBoard) => Promise<void> = async () => undefined,
): Promise<ExpanderOnBoard> => {
  const board = await emulatedBoard({ chip });
  await prepare(board);
  const readings: HeardReading[] = [];
  const troubles: HeardTrouble[] = [];
  const logged: string[] = [];
  const lines = firmataExpander({
    id: 'cellar',
    port: board.port,
    pins,
    timers: machineTimers,
    log: (level, message) => void logged.push(`${level} ${message}`),
  });
  const opened = await lines.open(requests, {
    onReading: (line, reading, atMs) => void readings.push({ line, reading, atMs, heardAtMs: machineTimers.now() }),
    onOutputTrouble: (line, trouble) => void troubles.push({ line, trouble, heardAtMs: machineTimers.now() }),
  });
  if (!opened.ok) throw new Error(opened.problems.map(({ detail }) => detail).join('\n'));
  return {
    board,
    lines,
    readings,
    troubles,
    logged,
    until,
    stop: async () => {
      await lines.close();
      await board.stop();
    },
  };
};

/** `p50 1.2 ms, p99 3.4 ms, max 5.6 ms of 100`. */
export const figuresOf = (tookMs: readonly number[]): string => {
  const rising = tookMs.toSorted((a, b) => a - b);
  const at = (part: number): string => (rising[Math.ceil(rising.length * part) - 1] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms of ${rising.length}`;
};
