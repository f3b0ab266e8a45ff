/**
 * Boards as data: the text of a board's file in, its description or every problem out. A *span* of lines (`D2-D12`) has
 * numbers and channels that rise by one from those it gives.
 */
import type { z } from 'zod';
import type { LineId } from '../core/config.ts';
import type { Board, BoardLine, GpioBoard, HatBoard } from './board.ts';
import { boardShape, headerShape } from './boardShapes.ts';
import type { BoardFile, FirmataLineFile, HeaderFile, Power } from './boardShapes.ts';
import { readSource, toProblem } from './document.ts';
import type { Source } from './document.ts';
import { shapeFindings } from './issues.ts';
import { fault } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

/** Where boards are described. */
export type BoardLibrary = {
  /** The models there are, in order. */
  readonly models: () => readonly string[];
  /** Text of a board's file; of a header's for `headers/…`. undefined: there is none. */
  readonly text: (name: string) => string | undefined;
};

export type BoardResult =
  | { readonly ok: true; readonly board: Board }
  | { readonly ok: false; readonly reason: 'unknown' }
  /** With line and column in the board's own file, or in its header's. */
  | { readonly ok: false; readonly reason: 'faulty'; readonly file: string; readonly problems: readonly Problem[] };

type Faulty = Extract<BoardResult, { readonly reason: 'faulty' }>;
type Read<T> = { readonly ok: true; readonly value: T; readonly source: Source } | Faulty;

const faulty = (file: string, problems: readonly Problem[]): Faulty => ({ ok: false, reason: 'faulty', file, problems });

const faultyAt = (file: string, source: Source, findings: readonly Finding[]): Faulty =>
  faulty(
    file,
    findings.map((finding) => toProblem(source, finding)),
  );

const readAs = <T>(file: string, text: string, shape: z.ZodType<T>): Read<T> => {
  const read = readSource(text);
  if (!read.ok || read.problems.length > 0) return faulty(file, read.problems);
  const { source } = read;
  const parsed = shape.safeParse(source.value);
  if (parsed.success) return { ok: true, value: parsed.data, source };
  return faultyAt(file, source, shapeFindings(shape, source.value, parsed.error.issues));
};

// ---- lines of an expander

/** `D2-D12` → D2, D3 … D12, in the order of their numbers; `D13` → D13; undefined: the ends do not fit together. */
const namesOf = (key: string): readonly LineId[] | undefined => {
  const [first = '', last = first] = key.split('-');
  const letters = first.replace(/[0-9]+$/, '');
  if (letters !== last.replace(/[0-9]+$/, '')) return undefined;
  const [from, to] = [Number(first.slice(letters.length)), Number(last.slice(letters.length))];
  return to < from ? undefined : Array.from({ length: to - from + 1 }, (_, step) => `${letters}${from + step}`);
};

type FirmataFile = BoardFile & { readonly kind: 'firmata' };

const firmataLine = (file: FirmataFile, span: FirmataLineFile, name: LineId, step: number): BoardLine => {
  const free = 'can' in span ? span : undefined;
  return {
    name,
    headerPin: undefined,
    number: span.pin + step,
    channel: free?.channel === undefined ? undefined : free.channel + step,
    can: free?.can ?? [],
    pulls: file.pulls,
    fixedPull: undefined,
    atBoot: free?.atBoot ?? file.atBoot,
    reservedBy: undefined,
    never: 'never' in span ? span.never : undefined,
    active: undefined,
  };
};

const firmataLines = (file: FirmataFile): BoardLine[] =>
  Object.entries(file.lines).flatMap(([key, span]) =>
    (namesOf(key) ?? []).map((name, step) => firmataLine(file, span, name, step)),
  );

const firmataFindings = (file: FirmataFile): Finding[] => [
  ...Object.keys(file.lines).flatMap((key) => (namesOf(key) === undefined ? [badSpan(key)] : [])),
  ...twiceFindings(firmataLines(file), ['lines']),
];

const badSpan = (key: string): Finding =>
  fault(
    ['lines', key],
    'bad-span',
    `${key} is no span of lines. Write the first and the last, such as D2-D12.`,
    `${key} n’est pas une suite de lignes. Mettez la première et la dernière, par exemple D2-D12.`,
  );

const twiceFindings = (lines: readonly BoardLine[], path: readonly string[]): Finding[] =>
  lines
    .filter((line, index) => lines.findIndex(({ name, number }) => name === line.name || number === line.number) !== index)
    .map(({ name, number }) =>
      fault(
        path,
        'line-described-twice',
        `${name} or its number ${number} is there twice. Correct one of them.`,
        `${name} ou son numéro ${number} est là deux fois. Corrigez l’un des deux.`,
      ),
    );

// ---- lines of a board with a header

type GpioFile = BoardFile & { readonly kind: 'gpio' };

const headerLines = (file: GpioFile, header: HeaderFile): BoardLine[] =>
  Object.entries(header.pins).flatMap(([pin, wired]) => {
    if ('power' in wired) return [];
    const { line, offset, atBoot, fixedPull, reservedBy, never } = wired;
    return [
      {
        name: line,
        headerPin: Number(pin),
        number: offset,
        channel: undefined,
        can: file.can,
        pulls: fixedPull === undefined ? file.pulls : [fixedPull],
        fixedPull,
        atBoot,
        reservedBy,
        never,
        active: undefined,
      },
    ];
  });

const powerOf = (header: HeaderFile): ReadonlyMap<number, Power> =>
  new Map(Object.entries(header.pins).flatMap(([pin, wired]) => ('power' in wired ? [[Number(pin), wired.power]] : [])));

const byName = (lines: readonly BoardLine[]): ReadonlyMap<LineId, BoardLine> => new Map(lines.map((line) => [line.name, line]));

const noHeader = (file: GpioFile): Finding =>
  fault(
    ['header'],
    'unknown-header',
    `There is no boards/headers/${file.header}.yaml. Correct the name, or add the file.`,
    `Il n’y a pas de boards/headers/${file.header}.yaml. Corrigez le nom, ou ajoutez le fichier.`,
  );

const gpioBoard = (model: string, file: GpioFile, source: Source, library: BoardLibrary): BoardResult => {
  const text = library.text(`headers/${file.header}`);
  if (text === undefined) return faultyAt(model, source, [noHeader(file)]);
  const read = readAs(`headers/${file.header}`, text, headerShape);
  if (!read.ok) return read;
  const lines = headerLines(file, read.value);
  const twice = twiceFindings(lines, ['pins']);
  if (twice.length > 0) return faultyAt(`headers/${file.header}`, read.source, twice);
  const { kind, name, supplyVolts, limits, chipLabel } = file;
  const aliases = new Map(lines.map((line) => [`pin-${line.headerPin}`, line.name]));
  const board = { kind, model, name, supplyVolts, limits, chipLabel, lines: byName(lines), aliases, power: powerOf(read.value) };
  return { ok: true, board };
};

// ---- any board

const firmataBoard = (model: string, file: FirmataFile, source: Source): BoardResult => {
  const found = firmataFindings(file);
  if (found.length > 0) return faultyAt(model, source, found);
  const { kind, name, supplyVolts, limits } = file;
  return { ok: true, board: { kind, model, name, supplyVolts, limits, lines: byName(firmataLines(file)) } };
};

const boardOf = (model: string, file: BoardFile, source: Source, library: BoardLibrary): BoardResult => {
  switch (file.kind) {
    case 'gpio':
      return gpioBoard(model, file, source, library);
    case 'firmata':
      return firmataBoard(model, file, source);
    case 'hat':
      return { ok: true, board: { ...file, model, lines: new Map(Object.entries(file.lines)) } };
    case 'sim':
      return { ok: true, board: { ...file, model } };
  }
};

export const loadBoard = (model: string, library: BoardLibrary): BoardResult => {
  const text = library.models().includes(model) ? library.text(model) : undefined;
  if (text === undefined) return { ok: false, reason: 'unknown' };
  const read = readAs(model, text, boardShape);
  return read.ok ? boardOf(model, read.value, read.source, library) : read;
};

/** The boards of a library, each read once. */
export type Boards = { readonly models: () => readonly string[]; readonly load: (model: string) => BoardResult };

export const boardsOf = (library: BoardLibrary): Boards => {
  const loaded = new Map<string, BoardResult>();
  const load = (model: string): BoardResult => {
    const result = loaded.get(model) ?? loadBoard(model, library);
    loaded.set(model, result);
    return result;
  };
  return { models: library.models, load };
};

/** The board with the hat on it: its lines answer to the hat's names as well, and can do only what is wired to them. */
export const withHat = (board: GpioBoard, hat: HatBoard): GpioBoard => {
  const under = new Set(hat.lines.values());
  const wired = (line: BoardLine): BoardLine => (under.has(line.name) ? { ...line, can: hat.can, active: hat.active } : line);
  return {
    ...board,
    lines: byName([...board.lines.values()].map(wired)),
    aliases: new Map([...board.aliases, ...hat.lines]),
  };
};
