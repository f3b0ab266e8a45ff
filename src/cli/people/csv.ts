/**
 * Comma-separated values as spreadsheets write them (RFC 4180): commas or semicolons, quotes, UTF-8 with or without a byte
 * order mark. Rows are numbered as a spreadsheet numbers them: the header is 1.
 */

export type Row = { readonly number: number; readonly cells: readonly string[] };

export type CsvFault = 'not-utf8' | 'unclosed-quote' | 'text-after-quote';
export type CsvRead =
  | { readonly ok: true; readonly separator: ',' | ';'; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly fault: CsvFault; readonly row: number };

/** What the header has more of; a comma where it has neither. */
const separatorOf = (text: string): ',' | ';' => {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  return header.split(';').length > header.split(',').length ? ';' : ',';
};

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** A quoted cell with its quotes, doubled ones within, or all up to what ends a cell. */
const QUOTED = /^"((?:[^"]|"")*)"[ \t]*/;

type Cut = { readonly rows: readonly Row[]; readonly fault: CsvFault | undefined; readonly row: number };

const cut = (text: string, separator: string): Cut => {
  const plain = new RegExp(`^[^${separator}\r\n]*`);
  const rows: Row[] = [];
  let cells: string[] = [];
  let rest = text;
  for (;;) {
    const quoted = rest.startsWith('"') ? QUOTED.exec(rest) : undefined;
    if (quoted === null) return { rows, fault: 'unclosed-quote', row: rows.length + 1 };
    const [taken = '', inner] = quoted ?? [plain.exec(rest)?.[0]];
    cells.push(inner === undefined ? taken.trim() : inner.replaceAll('""', '"').trim());
    rest = rest.slice(taken.length);
    if (rest.startsWith(separator)) {
      rest = rest.slice(1);
      continue;
    }
    const [end] = /^\r?\n|^\r/.exec(rest) ?? [''];
    if (end === '' && rest !== '') return { rows, fault: 'text-after-quote', row: rows.length + 1 };
    rows.push({ number: rows.length + 1, cells });
    cells = [];
    rest = rest.slice(end.length);
    if (rest === '') return { rows, fault: undefined, row: 0 };
  }
};

const isBlank = ({ cells }: Row): boolean => cells.every((cell) => cell === '');

/** Blank rows are passed over, and counted. */
export const readCsv = (bytes: Uint8Array): CsvRead => {
  const text = decoded(bytes);
  if (text === undefined) return { ok: false, fault: 'not-utf8', row: 1 };
  const separator = separatorOf(text);
  const { rows, fault, row } = cut(text, separator);
  if (fault) return { ok: false, fault, row };
  return { ok: true, separator, rows: rows.filter((one) => !isBlank(one)) };
};

const quoted = (cell: string): string => (/[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const csvLine = (separator: ',' | ';', cells: readonly string[]): string => `${cells.map(quoted).join(separator)}\n`;
