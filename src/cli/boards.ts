/**
 * Opens the boards that a site's file asks for: the simulated one, or a Pi's header by one of its two ways in, and the
 * expanders, door stations, buses of readers and readers on ports of their own beside it.
 *
 * A keypad that is a reader is worked there. Any other exists all the same, as those of a simulated board do, and is
 * worked through its socket.
 */
import { readFileSync } from 'node:fs';
import type { ExpanderConfig, SiteFile, StationConfig } from '../config/siteFile.ts';
import type { LineId } from '../core/config.ts';
import type { Reading } from '../core/input.ts';
import { firmataExpander } from '../drivers/firmata/expander.ts';
import type { OsdpBus } from '../drivers/osdp/osdpBus.ts';
import { createSimBoard } from '../drivers/sim/board.ts';
import type { SimBoard } from '../drivers/sim/board.ts';
import { serveSimSocket } from '../drivers/sim/socket.ts';
import { machineTimers } from '../drivers/sim/timers.ts';
import { stationLines } from '../drivers/stations/lines.ts';
import { joinKeypads } from '../ports/joinedKeypads.ts';
import { joinLines } from '../ports/joinedLines.ts';
import type { LinesPart } from '../ports/joinedLines.ts';
import type { Keypads, Lines } from '../ports/lines.ts';
import type { Log } from '../ports/log.ts';
import { restingReadings } from '../scenario/electric.ts';
import type { Board } from './assemble.ts';
import { accessOf, gpioLines } from './gpioLines.ts';
import type { GpioBoard } from './gpioLines.ts';
import { portReaderParts } from './portReaders.ts';
import { installerOf, openReaderBuses } from './readerBuses.ts';
import { readerVerbs } from './reader.ts';

export type BoardOptions = {
  /** Path of the Unix socket by which simulated lines and all keypads are worked; undefined: there is none. */
  readonly socket: string | undefined;
  /** File of what simulated lines say at the start, where it is not that all is at rest. */
  readonly levels: string | undefined;
  /** Somebody is there to mend what cannot be had; at any later start the rest is watched without it. */
  readonly isFirstStart: boolean;
  /** Folder of what is to be kept, such as reader keys. */
  readonly data: string;
  readonly log: Log;
};

export type OpenedBoard =
  | {
      readonly ok: true;
      readonly board: Board;
      readonly close: () => Promise<void>;
    }
  | { readonly ok: false; readonly reason: string };

export const openBoard = async (file: SiteFile, options: BoardOptions): Promise<OpenedBoard> => {
  const sim = simOf(file, options);
  const buses = await openReaderBuses(file, { dataFolder: options.data, log: options.log });
  const board: Board = {
    lines: linesOf(file, sim, buses, options),
    keypads: keypadsOf(file, sim, buses, options),
    verbs: readerVerbs(installerOf(buses)),
  };
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

const linesOf = (
  { board, expanders, stations }: SiteFile,
  sim: SimBoard,
  buses: readonly OsdpBus[],
  options: BoardOptions,
): Lines => {
  const own = board.driver === 'sim' ? sim.lines : headerOf(board, options);
  const parts = [
    ...expanders.map((expander) => expanderPart(expander, options.log)),
    ...stations.map((station) => stationPart(station, options.log)),
    ...buses,
  ];
  return parts.length === 0 ? own : joinLines([...parts, { owns: () => true, lines: own }]);
};

const keypadsOf = (file: SiteFile, sim: SimBoard, buses: readonly OsdpBus[], { log }: BoardOptions): Keypads => {
  const onBuses = buses.map(({ hasKeypad, keypads }) => ({ owns: hasKeypad, keypads }));
  const parts = [...onBuses, ...portReaderParts(file.portReaders, log)];
  return parts.length === 0 ? sim.keypads : joinKeypads([...parts, { owns: () => true, keypads: sim.keypads }]);
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
