/**
 * The lines of the readers on a bus: `<keypad>.tamper`, `.power`, `.in0`… as inputs, `.out0`… as outputs. Level 1 is active.
 *
 * An output that is on is ordered for 10 s at a time, and ordered again meanwhile: should the controller die, the reader puts
 * it to rest by itself.
 */
import type { LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import type { Level, LineProblem, LineRequest, LinesListener } from '../../ports/lines.ts';
import { createPlayer } from '../../ports/player.ts';
import type { Player, Timers } from '../../ports/player.ts';
import type { Command } from '../../protocol/osdp/commands.ts';
import type { BusTell, ReaderId } from '../../protocol/osdp/reader.ts';

const LOST: Reading = { kind: 'lost' };
const INDEX = /^(in|out)([0-7])$/;
const ORDERED_MS = 10_000;
export const ORDER_AGAIN_MS = 3_000;

export type Place =
  | { readonly kind: 'tamper' | 'power'; readonly reader: ReaderId }
  | { readonly kind: 'in' | 'out'; readonly reader: ReaderId; readonly index: number };

/** Where a line is; undefined: on none of these readers. */
export const placeOf = (line: LineId, readers: readonly ReaderId[]): Place | undefined => {
  const point = line.lastIndexOf('.');
  const [reader, name] = [line.slice(0, point), line.slice(point + 1)];
  if (point < 0 || !readers.includes(reader)) return undefined;
  if (name === 'tamper' || name === 'power') return { kind: name, reader };
  const found = INDEX.exec(name);
  if (!found) return undefined;
  return { kind: found[1] === 'in' ? 'in' : 'out', reader, index: Number(found[2]) };
};

const problemOf = (request: LineRequest, place: Place | undefined): Omit<LineProblem, 'line'> | undefined => {
  if (place === undefined) return { trouble: 'no-such-line', detail: 'no reader of this bus has such a line' };
  const direction = place.kind === 'out' ? 'output' : 'input';
  if (request.direction === direction) return undefined;
  return { trouble: 'wrong-direction', detail: `this line of a reader is an ${direction}` };
};

const problemsOf = (requests: readonly LineRequest[], readers: readonly ReaderId[]): readonly LineProblem[] =>
  requests.flatMap((request, index): LineProblem[] => {
    const { line } = request;
    const problem = problemOf(request, placeOf(line, readers));
    if (problem) return [{ line, ...problem }];
    const isTwice = requests.findIndex((other) => other.line === line) < index;
    return isTwice ? [{ line, trouble: 'requested-twice', detail: 'two parts of the config name this line' }] : [];
  });

// ---- outputs

const restOrder = (output: number, restLevel: Level): Command => ({
  kind: 'output',
  output,
  order: restLevel === 0 ? 'off-keeping' : 'on-keeping',
  forMs: 0,
});

export const outputOrder = (output: number, restLevel: Level, level: Level): Command => {
  if (level === restLevel) return { kind: 'output', output, order: level === 0 ? 'off' : 'on', forMs: 0 };
  return { kind: 'output', output, order: level === 1 ? 'on-for' : 'off-for', forMs: ORDERED_MS };
};

type Output = {
  readonly line: LineId;
  readonly reader: ReaderId;
  readonly player: Player;
  /** Orders again what it orders, when that is not rest. */
  readonly again: () => void;
  isGone: boolean;
};

export type Want = (reader: ReaderId, slot: string, command: Command | undefined) => void;

export type ReaderLines = {
  readonly problems: readonly LineProblem[];
  readonly read: (line: LineId) => Reading;
  readonly output: (line: LineId) => Player | undefined;
  /** What the bus tells changes what the lines say. */
  readonly hear: (tell: BusTell, atMs: number) => void;
  readonly orderAgain: () => void;
  /** Every input says something. */
  readonly isKnown: () => boolean;
  /** Lines asked for that a reader with so many inputs and outputs does not have. */
  readonly beyond: (reader: ReaderId, inputs: number, outputs: number) => readonly LineId[];
  readonly stop: () => void;
};

type Made = {
  readonly listener: LinesListener;
  readonly inputs: ReadonlyMap<LineId, Place>;
  readonly outputs: ReadonlyMap<LineId, Output>;
  readonly readings: Map<LineId, Reading>;
  /** By reader: its own tamper, and that of its head. */
  readonly tampers: Map<ReaderId, { local: boolean; head: boolean }>;
};

const isSame = (a: Reading, b: Reading): boolean =>
  a.kind === b.kind && (a.kind !== 'level' || b.kind !== 'level' || a.level === b.level);

const set = ({ readings, inputs, listener }: Made, line: LineId, reading: Reading, atMs: number): void => {
  if (!inputs.has(line) || isSame(readings.get(line) ?? LOST, reading)) return;
  readings.set(line, reading);
  listener.onReading(line, reading, atMs);
};

const level = (isActive: boolean): Reading => ({ kind: 'level', level: isActive ? 1 : 0 });

const lose = (made: Made, reader: ReaderId, atMs: number): void => {
  made.tampers.delete(reader);
  for (const [line, place] of made.inputs) if (place.reader === reader) set(made, line, LOST, atMs);
};

const tellOutputs = ({ outputs, listener }: Made, reader: ReaderId, isGone: boolean): void => {
  for (const output of outputs.values()) {
    if (output.reader !== reader || output.isGone === isGone) continue;
    output.isGone = isGone;
    listener.onOutputTrouble(output.line, isGone ? 'device-gone' : undefined);
  }
};

const hearTamper = (made: Made, reader: ReaderId, part: 'local' | 'head', isTampered: boolean, atMs: number): void => {
  const known = { ...(made.tampers.get(reader) ?? { local: false, head: false }), [part]: isTampered };
  made.tampers.set(reader, known);
  set(made, `${reader}.tamper`, level(known.local || known.head), atMs);
};

/** Another reader in its place is tampering, whatever that reader says of itself; of any other trouble nobody knows. */
const hearTrouble = (made: Made, { reader, trouble }: Extract<BusTell, { readonly kind: 'trouble' }>, atMs: number): void => {
  if (trouble === undefined) return;
  lose(made, reader, atMs);
  if (trouble === 'swapped') set(made, `${reader}.tamper`, level(true), atMs);
};

const hear = (made: Made, tell: BusTell, atMs: number): void => {
  const { reader } = tell;
  switch (tell.kind) {
    case 'presence':
      tellOutputs(made, reader, !tell.isPresent);
      return tell.isPresent ? undefined : lose(made, reader, atMs);
    case 'trouble':
      return hearTrouble(made, tell, atMs);
    case 'tamper':
      return hearTamper(made, reader, 'local', tell.isTampered, atMs);
    case 'head-tamper':
      return hearTamper(made, reader, 'head', tell.isTampered, atMs);
    case 'power':
      return set(made, `${reader}.power`, level(tell.hasFailed), atMs);
    case 'inputs':
      return tell.levels.forEach((isActive, index) => set(made, `${reader}.in${index}`, level(isActive), atMs));
    default:
      return undefined;
  }
};

// ---- the whole

const makeOutput = (
  request: Extract<LineRequest, { readonly direction: 'output' }>,
  place: Extract<Place, { readonly kind: 'in' | 'out' }>,
  { listener, want, timers }: LinesTools,
): Output => {
  const { line, restLevel, maxOnMs, initialLevel } = request;
  const { reader, index } = place;
  const slot = `out${index}`;
  let ordered = initialLevel;
  const order = (): void => want(reader, slot, outputOrder(index, restLevel, ordered));
  // First of all what it falls back to; an order that still runs is let run.
  want(reader, `${slot}.rest`, restOrder(index, restLevel));
  order();
  const setLevel = (wanted: Level): void => {
    ordered = wanted;
    order();
  };
  const onTooLong = (): void => listener.onOutputTrouble(line, 'on-too-long');
  return {
    line,
    reader,
    player: createPlayer({ restLevel, maxOnMs, setLevel, onTooLong }, timers),
    again: () => (ordered === restLevel ? undefined : order()),
    isGone: false,
  };
};

export type LinesTools = { readonly listener: LinesListener; readonly want: Want; readonly timers: Timers };

export const NO_LINES: ReaderLines = {
  problems: [],
  read: () => LOST,
  output: () => undefined,
  hear: () => {},
  orderAgain: () => {},
  isKnown: () => true,
  beyond: () => [],
  stop: () => {},
};

const isBeyond = (place: Place | undefined, reader: ReaderId, counts: { readonly in: number; readonly out: number }): boolean =>
  place !== undefined &&
  (place.kind === 'in' || place.kind === 'out') &&
  place.reader === reader &&
  place.index >= counts[place.kind];

export const makeReaderLines = (
  requests: readonly LineRequest[],
  readers: readonly ReaderId[],
  tools: LinesTools,
): ReaderLines => {
  const problems = problemsOf(requests, readers);
  if (problems.length > 0) return { ...NO_LINES, problems };
  const inputs = new Map<LineId, Place>();
  const outputs = new Map<LineId, Output>();
  for (const request of requests) {
    const place = placeOf(request.line, readers);
    if (place === undefined) continue;
    if (request.direction !== 'output') inputs.set(request.line, place);
    else if (place.kind === 'out') outputs.set(request.line, makeOutput(request, place, tools));
  }
  const made: Made = { listener: tools.listener, inputs, outputs, readings: new Map(), tampers: new Map() };
  const lines = requests.map(({ line }) => line);
  return {
    problems: [],
    read: (line) => made.readings.get(line) ?? LOST,
    output: (line) => outputs.get(line)?.player,
    hear: (tell, atMs) => hear(made, tell, atMs),
    orderAgain: () => {
      for (const output of outputs.values()) output.again();
    },
    isKnown: () => [...inputs.keys()].every((line) => (made.readings.get(line) ?? LOST).kind !== 'lost'),
    beyond: (reader, inputCount, outputCount) =>
      lines.filter((line) => isBeyond(placeOf(line, readers), reader, { in: inputCount, out: outputCount })),
    stop: () => {
      for (const { player } of outputs.values()) player.stop();
    },
  };
};
