/**
 * Opens the boards that a site's file asks for: the simulated one, or a Pi's header by one of its two ways in, and the
 * expanders and door stations beside it.
 *
 * No keypad is wired to a real board yet. Those of the site exist all the same, as those of a simulated one do, and are worked
 * through its socket.
 */
import { readFileSync } from 'node:fs';
import type { ExpanderConfig, SiteFile, StationConfig } from '../config/siteFile.ts';
import type { LineId } from '../core/config.ts';
import type { Reading } from '../core/input.ts';
import { firmataExpander } from '../drivers/firmata/expander.ts';
import { createSimBoard } from '../drivers/sim/board.ts';
import type { SimBoard } from '../drivers/sim/board.ts';
import { serveSimSocket } from '../drivers/sim/socket.ts';
import { machineTimers } from '../drivers/sim/timers.ts';
import { stationLines } from '../drivers/stations/lines.ts';
import { joinLines } from '../ports/joinedLines.ts';
import type { LinesPart } from '../ports/joinedLines.ts';
import type { Lines } from '../ports/lines.ts';
import type { Log } from '../ports/log.ts';
import { restingReadings } from '../scenario/electric.ts';
import type { Board } from './assemble.ts';
import { accessOf, gpioLines } from './gpioLines.ts';
import type { GpioBoard } from './gpioLines.ts';

export type BoardOptions = {
  /** Path of the Unix socket by which simulated lines and all keypads are worked; undefined: there is none. */
  readonly socket: string | undefined;
  /** File of what simulated lines say at the start, where it is not that all is at rest. */
  readonly levels: string | undefined;
  /** Somebody is there to mend what cannot be had; at any later start the rest is watched without it. */
  readonly isFirstStart: boolean;
  readonly log: Log;
};

export type OpenedBoard =
  | { readonly ok: true; readonly board: Board; readonly close: () => Promise<void> }
  | { readonly ok: false; readonly reason: string };

export const openBoard = async (file: SiteFile, options: BoardOptions): Promise<OpenedBoard> => {
  const sim = simOf(file, options);
  const board: Board = { lines: linesOf(file, sim, options), keypads: sim.keypads };
  const { socket } = options;
  if (socket === undefined) return { ok: true, board, close: () => Promise.resolve() };
  const served = await serveSimSocket(sim.hand, machineTimers, socket);
  if (!served.ok) return { ok: false, reason: `${socket}: ${served.reason} ${served.detail}` };
  return { ok: true, board, close: () => served.socket.close() };
};

// ---- the board, its expanders and the door stations

const headerOf = (board: GpioBoard, { isFirstStart, log }: BoardOptions): Lines => {
  log('info', 'the board is reached', { model: board.model, access: accessOf(board), chip: board.chipLabel });
  return gpioLines(board, { patient: !isFirstStart, log });
};

const linesOf = ({ board, expanders, stations }: SiteFile, sim: SimBoard, options: BoardOptions): Lines => {
  const own = board.driver === 'sim' ? sim.lines : headerOf(board, options);
  if (expanders.length + stations.length === 0) return own;
  return joinLines([
    ...expanders.map((expander) => expanderPart(expander, options.log)),
    ...stations.map((station) => stationPart(station, options.log)),
    { owns: () => true, lines: own },
  ]);
};

const stationPart = (station: StationConfig, log: Log): LinesPart => ({
  owns: (line) => station.lines.includes(line),
  lines: stationLines({ station, timers: machineTimers, log }),
});

const expanderPart = ({ id, port, pins }: ExpanderConfig, log: Log): LinesPart => ({
  owns: (line) => Object.hasOwn(pins, line),
  lines: firmataExpander({ id, port, pins, timers: machineTimers, log }),
});

// ---- the simulated board

/** Beside a real board it has keypads and no line. */
const simOf = ({ board, core }: SiteFile, { levels }: BoardOptions): SimBoard => {
  if (board.driver !== 'sim') return createSimBoard({ timers: machineTimers, initial: {}, available: [] });
  const initial = { ...restingReadings(core), ...(levels === undefined ? {} : readLevels(levels)) };
  return createSimBoard({ timers: machineTimers, initial, available: undefined });
};

const isReading = (value: unknown): value is Reading => {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'level') return 'level' in value && (value.level === 0 || value.level === 1);
  return value.kind === 'lost' || (value.kind === 'ratio' && 'ratio' in value && typeof value.ratio === 'number');
};

/** A simulated board that somebody else keeps; what cannot be read of it is at rest. */
const readLevels = (path: string): Readonly<Record<LineId, Reading>> => {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Object.fromEntries(Object.entries(read ?? {}).filter((entry): entry is [LineId, Reading] => isReading(entry[1])));
  } catch {
    return {};
  }
};
