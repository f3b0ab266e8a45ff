/**
 * What a site's lines are on, and which of them a name means. A line is named as on its board (`GPIO17`), by header pin
 * (`pin-11`), by what is printed on the hat (`RELAY1`), with its expander (`cellar.D4`) or with its door station (`front.ring`).
 *
 * - **reader** line: one of a reader on a bus, by its keypad's id: `entrance.tamper`, `.power`, `.in0`–`.in7`, `.out0`–`.out7`.
 * - **untold** line: one of a board that is not described, because it is simulated or because its description cannot be
 *   read. Any name goes.
 */
import type { LineId } from '../core/config.ts';
import type { BoardLine, FirmataBoard, GpioBoard, HatBoard } from './board.ts';
import type { Power, Use } from './boardShapes.ts';
import { withHat } from './boards.ts';
import type { Boards } from './boards.ts';
import type { Entries } from './draft.ts';
import type { BoardDraft, ExpanderDraft, KeypadDraft } from './shapes.ts';
import { STATION_POINTS } from './stationShapes.ts';
import type { StationDraft } from './stationShapes.ts';

export type StationKind = StationDraft['kind'];

export type Wiring = {
  /** With its hat on; `untold` where there is no description. */
  readonly board: GpioBoard | 'sim' | 'untold';
  /** A hat is named that cannot be read, or does not fit: a name that the board does not know may be the hat's. */
  readonly isHatUntold: boolean;
  /** By id; undefined where its model cannot be read. */
  readonly expanders: ReadonlyMap<string, FirmataBoard | undefined>;
  /** By id; undefined where its make cannot be read. */
  readonly stations: ReadonlyMap<string, StationKind | undefined>;
  /** Keypads that are readers on a bus. */
  readonly readers: ReadonlySet<string>;
};

export type Found =
  | {
      readonly kind: 'line';
      readonly name: LineId;
      readonly line: BoardLine;
      readonly on: GpioBoard | FirmataBoard;
      /** undefined: it is on the board itself. */
      readonly expander: string | undefined;
    }
  | { readonly kind: 'station'; readonly name: LineId; readonly station: string }
  | { readonly kind: 'untold'; readonly name: LineId }
  | { readonly kind: 'reader'; readonly name: LineId; readonly use: Use }
  | { readonly kind: 'no-reader-line'; readonly known: readonly string[] }
  | { readonly kind: 'power'; readonly power: Power }
  | { readonly kind: 'no-pin'; readonly pins: number }
  | { readonly kind: 'no-line'; readonly model: string; readonly known: readonly string[] }
  | { readonly kind: 'not-told'; readonly station: string; readonly make: StationKind; readonly known: readonly string[] }
  | { readonly kind: 'no-expander'; readonly id: string };

// ---- what is there

type Loaded<K extends 'gpio' | 'hat' | 'firmata'> = Extract<GpioBoard | HatBoard | FirmataBoard, { readonly kind: K }>;

const isOf = <K extends 'gpio' | 'hat' | 'firmata'>(board: { readonly kind: string }, kind: K): board is Loaded<K> =>
  board.kind === kind;

const loadedAs = <K extends 'gpio' | 'hat' | 'firmata'>(
  model: string | undefined,
  kind: K,
  boards: Boards,
): Loaded<K> | undefined => {
  const result = model === undefined ? undefined : boards.load(model);
  return result?.ok && isOf(result.board, kind) ? result.board : undefined;
};

/** A hat must not give one line's name to another: both would be meant by it. */
export const fits = (hat: HatBoard, board: GpioBoard): boolean =>
  hat.fits.includes(board.model) && [...hat.lines].every(([printed, line]) => board.lines.has(line) && !board.lines.has(printed));

/** A reader that cannot be read may be one. */
const mayBeOnBus = (keypad: Partial<Pick<KeypadDraft, 'reader'>>): boolean =>
  'reader' in keypad && (keypad.reader === undefined || keypad.reader.kind === 'osdp');

/** The parts of a file that lines are on. */
export type Wired = {
  readonly board: Partial<BoardDraft>;
  readonly expanders: Entries<Pick<ExpanderDraft, 'model'>>;
  readonly stations: Entries<Pick<StationDraft, 'kind'>>;
  readonly keypads: Entries<Pick<KeypadDraft, 'reader'>>;
};

export const wiringOf = ({ board, expanders, stations, keypads }: Wired, boards: Boards): Wiring => {
  const below = loadedAs(board.model, 'gpio', boards);
  const hat = loadedAs(board.hat, 'hat', boards);
  const carried = below && hat && fits(hat, below) ? hat : undefined;
  return {
    board: below ? (carried ? withHat(below, carried) : below) : 'model' in board ? 'untold' : 'sim',
    isHatUntold: 'hat' in board && carried === undefined,
    expanders: new Map([...expanders].map(([id, { model }]) => [id, loadedAs(model, 'firmata', boards)])),
    stations: new Map([...stations].map(([id, { kind }]) => [id, kind])),
    readers: new Set([...keypads].filter(([, keypad]) => mayBeOnBus(keypad)).map(([id]) => id)),
  };
};

// ---- which line a name means

const onExpander = (id: string, text: string, board: FirmataBoard | undefined): Found => {
  if (!board) return { kind: 'untold', name: text };
  const line = board.lines.get(text.slice(id.length + 1));
  if (line) return { kind: 'line', name: text, line, on: board, expander: id };
  return { kind: 'no-line', model: board.model, known: [...board.lines.keys()].map((name) => `${id}.${name}`) };
};

const onStation = (id: string, text: string, make: StationKind | undefined): Found => {
  if (make === undefined) return { kind: 'untold', name: text };
  const known = STATION_POINTS[make].map((point) => `${id}.${point}`);
  return known.includes(text) ? { kind: 'station', name: text, station: id } : { kind: 'not-told', station: id, make, known };
};

const READER_INPUTS: readonly string[] = ['tamper', 'power', ...Array.from({ length: 8 }, (_, index) => `in${index}`)];
const READER_OUTPUTS: readonly string[] = Array.from({ length: 8 }, (_, index) => `out${index}`);

const onReader = (keypad: string, text: string): Found => {
  const name = text.slice(keypad.length + 1);
  if (READER_INPUTS.includes(name)) return { kind: 'reader', name: text, use: 'input' };
  if (READER_OUTPUTS.includes(name)) return { kind: 'reader', name: text, use: 'output' };
  return { kind: 'no-reader-line', known: [...READER_INPUTS, ...READER_OUTPUTS].map((each) => `${keypad}.${each}`) };
};

const pinOf = (text: string): number | undefined => {
  const digits = /^pin-([0-9]{1,3})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const onBoard = (text: string, board: GpioBoard, isHatUntold: boolean): Found => {
  const name = board.aliases.get(text) ?? text;
  const line = board.lines.get(name);
  if (line) return { kind: 'line', name, line, on: board, expander: undefined };
  const pin = pinOf(text);
  const power = pin === undefined ? undefined : board.power.get(pin);
  if (power !== undefined) return { kind: 'power', power };
  if (pin !== undefined) return { kind: 'no-pin', pins: board.lines.size + board.power.size };
  if (isHatUntold) return { kind: 'untold', name: text };
  const printed = [...board.aliases.keys()].filter((alias) => pinOf(alias) === undefined);
  return { kind: 'no-line', model: board.model, known: [...printed, ...board.lines.keys()] };
};

export const findLine = ({ board, isHatUntold, expanders, stations, readers }: Wiring, text: string): Found => {
  const point = text.indexOf('.');
  const id = text.slice(0, Math.max(0, point));
  if (expanders.has(id)) return onExpander(id, text, expanders.get(id));
  if (stations.has(id)) return onStation(id, text, stations.get(id));
  if (readers.has(id)) return onReader(id, text);
  if (board === 'sim' || board === 'untold') return { kind: 'untold', name: text };
  return point > 0 ? { kind: 'no-expander', id } : onBoard(text, board, isHatUntold);
};
