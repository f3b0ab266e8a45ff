/** A list of people as a table with a header row: read for an import, written for an export. French and English headers. */
import type { Role } from '../../core/config.ts';
import type { PersonDraft, PersonView } from '../../ports/people.ts';
import { readCsv } from './csv.ts';
import type { CsvFault, Row } from './csv.ts';

export type Column = keyof PersonDraft;

/** The first name of each language is the one that is written. */
const HEADERS: Readonly<Record<Column, { readonly fr: string; readonly en: string }>> = {
  id: { fr: 'identifiant', en: 'id' },
  name: { fr: 'nom', en: 'name' },
  role: { fr: 'role', en: 'role' },
  areas: { fr: 'secteurs', en: 'areas' },
  doors: { fr: 'portes', en: 'doors' },
  hours: { fr: 'horaires', en: 'hours' },
  from: { fr: 'du', en: 'from' },
  until: { fr: 'au', en: 'until' },
  oneShot: { fr: 'une-fois', en: 'one-shot' },
  extended: { fr: 'temps-long', en: 'extended' },
  badges: { fr: 'badges', en: 'badges' },
  duress: { fr: 'contrainte', en: 'duress' },
  notNormal: { fr: 'anormal', en: 'not-normal' },
};

const COLUMNS = Object.keys(HEADERS).filter((name): name is Column => Object.hasOwn(HEADERS, name));
const NEEDED: readonly Column[] = ['id', 'name', 'role'];

export type Language = 'fr' | 'en';
export const headerOf = (column: Column, language: Language): string => HEADERS[column][language];
export const headers = (language: Language): readonly string[] => COLUMNS.map((column) => HEADERS[column][language]);

/** Small letters without accents, hyphens for spaces: `Rôle`, `une fois`. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .trim()
    .replaceAll(/[\s_]+/g, '-');

const columnOf = (header: string): Column | undefined =>
  COLUMNS.find((column) => Object.values(HEADERS[column]).includes(plain(header)));

// ---- words for roles and flags

const ROLES: Readonly<Record<Role, readonly string[]>> = {
  owner: ['titulaire', 'proprietaire'],
  staff: ['personnel', 'equipe'],
  cleaner: ['menage'],
  delivery: ['livraison', 'livreur'],
  installer: ['installateur'],
  guard: ['gardien', 'garde'],
};

const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

/** The role that a French or English word names; the word itself where it names none. */
export const roleOf = (word: string): string =>
  Object.keys(ROLES).find((role) => role === plain(word) || (isRole(role) && ROLES[role].includes(plain(word)))) ?? word;

export const roleWord = (role: string, language: Language): string =>
  language === 'fr' && isRole(role) ? (ROLES[role][0] ?? role) : role;

const YES: ReadonlySet<string> = new Set(['oui', 'o', 'yes', 'y', 'x', '1', 'vrai', 'true']);
const NO: ReadonlySet<string> = new Set(['', 'non', 'n', 'no', '0', 'faux', 'false']);

const flagOf = (cell: string): boolean | undefined => (YES.has(plain(cell)) ? true : NO.has(plain(cell)) ? false : undefined);

// ---- reading

export type TableFault =
  | CsvFault
  | 'empty'
  | 'no-such-column'
  | 'column-twice'
  | 'column-missing'
  | 'too-many-cells'
  | 'bad-flag';
export type TableProblem = { readonly row: number; readonly column: string; readonly fault: TableFault; readonly value: string };

/** A person with the row they stand in. */
export type Listed = { readonly row: number; readonly draft: PersonDraft };

export type Table = {
  readonly people: readonly Listed[];
  readonly problems: readonly TableProblem[];
  /** As written in the file. */
  readonly headerOf: (column: Column) => string;
  readonly separator: ',' | ';';
};

type Heads = readonly { readonly text: string; readonly column: Column | undefined }[];

const judgeHeader = (row: Row, heads: Heads): readonly TableProblem[] => {
  const problem = (fault: TableFault, column: string): TableProblem => ({ row: row.number, column, fault, value: column });
  const isTwice = (column: Column | undefined, index: number): boolean =>
    column !== undefined && heads.findIndex((head) => head.column === column) < index;
  return [
    ...heads.filter(({ text, column }) => text !== '' && !column).map(({ text }) => problem('no-such-column', text)),
    ...heads.filter(({ column }, index) => isTwice(column, index)).map(({ text }) => problem('column-twice', text)),
    ...NEEDED.filter((needed) => !heads.some(({ column }) => column === needed)).map((needed) =>
      problem('column-missing', headerOf(needed, 'fr')),
    ),
  ];
};

const LISTS: ReadonlySet<Column> = new Set<Column>(['areas', 'doors', 'badges']);
const FLAGS: ReadonlySet<Column> = new Set<Column>(['oneShot', 'extended', 'duress', 'notNormal']);

const listOf = (cell: string): readonly string[] => cell.split(/[\s,|]+/).filter((word) => word !== '');

/** What a cell says; an empty one says nothing. */
const valueOf = (column: Column, cell: string): string | boolean | readonly string[] | undefined => {
  if (FLAGS.has(column)) return flagOf(cell);
  if (LISTS.has(column)) return listOf(cell);
  return column === 'role' ? roleOf(cell) : cell;
};

const readRow = (
  heads: Heads,
  { number, cells }: Row,
): { readonly draft: PersonDraft; readonly problems: readonly TableProblem[] } => {
  const problems: TableProblem[] = [];
  const fields: [Column, string | boolean | readonly string[]][] = [];
  for (const [index, cell] of cells.entries()) {
    const head = heads[index];
    if (head?.text === undefined || head.text === '') {
      if (cell !== '') problems.push({ row: number, column: String(index + 1), fault: 'too-many-cells', value: cell });
      continue;
    }
    if (!head.column || cell === '') continue;
    const value = valueOf(head.column, cell);
    if (value === undefined) problems.push({ row: number, column: head.text, fault: 'bad-flag', value: cell });
    else fields.push([head.column, value]);
  }
  return { draft: { id: '', ...Object.fromEntries(fields) }, problems };
};

const nothing = (fault: TableFault, row: number): Table => ({
  people: [],
  problems: [{ row, column: '', fault, value: '' }],
  headerOf: (column) => headerOf(column, 'fr'),
  separator: ',',
});

export const readTable = (bytes: Uint8Array): Table => {
  const csv = readCsv(bytes);
  if (!csv.ok) return nothing(csv.fault, csv.row);
  const [header, ...rows] = csv.rows;
  if (!header || rows.length === 0) return nothing('empty', 1);
  const heads = header.cells.map((text) => ({ text, column: columnOf(text) }));
  const read = rows.map((row) => ({ row: row.number, ...readRow(heads, row) }));
  return {
    people: read.map(({ row, draft }) => ({ row, draft })),
    problems: [...judgeHeader(header, heads), ...read.flatMap(({ problems }) => problems)],
    headerOf: (column) => heads.find((head) => head.column === column)?.text ?? headerOf(column, 'fr'),
    separator: csv.separator,
  };
};

// ---- writing

const flagWord = (flag: boolean, language: Language): string =>
  flag ? (language === 'fr' ? 'oui' : 'yes') : language === 'fr' ? 'non' : 'no';

/** In the order of `headers`. Badge numbers are known to nobody any more: their cells stay empty. */
export const cellsOf = (person: PersonView, language: Language): readonly string[] => [
  person.id,
  person.name,
  roleWord(person.role, language),
  person.areas.join(' '),
  person.doors.join(' '),
  person.hours,
  person.from,
  person.until,
  flagWord(person.oneShot, language),
  flagWord(person.extended, language),
  '',
  flagWord(person.has.duress, language),
  flagWord(person.has['not-normal'], language),
];
