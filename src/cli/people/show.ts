/** People as text: a table for a terminal, drawn codes to hand out. */
import type { DrawnCodes, OperatorView, PersonView } from '../../ports/people.ts';
import { printable } from '../centre/view.ts';
import { csvLine } from './csv.ts';
import { headerOf, roleWord } from './columns.ts';
import type { Language } from './columns.ts';
import { peopleWords } from './words.ts';
import type { PeopleWords } from './words.ts';

const limitsOf = ({ limits }: PeopleWords, person: PersonView): string =>
  [
    ...(person.hours === '' ? [] : [person.hours]),
    ...(person.from === '' ? [] : [`${limits.from} ${person.from}`]),
    ...(person.until === '' ? [] : [`${limits.until} ${person.until}`]),
    ...(person.oneShot ? [limits.oneShot] : []),
    ...(person.extended ? [limits.extended] : []),
  ].join(', ');

const holdsOf = (words: PeopleWords, { has, badges }: PersonView): string =>
  [
    has.normal ? words.code : words.noCode,
    ...(has.duress ? [words.codes.duress] : []),
    ...(has['not-normal'] ? [words.codes['not-normal']] : []),
    ...(badges > 0 ? [words.badges(badges)] : []),
  ].join(', ');

const padded = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};

export const tableText = (language: Language, people: readonly PersonView[], operators: readonly OperatorView[]): string => {
  const words = peopleWords[language];
  const { columns } = words;
  const titles = [columns.id, columns.name, columns.role, columns.areas, columns.doors, columns.limits, columns.holds];
  const rows = people.map((person) => [
    person.id,
    printable(person.name),
    roleWord(person.role, language),
    person.areas.join(' '),
    person.doors.join(' '),
    limitsOf(words, person),
    holdsOf(words, person),
  ]);
  const table = people.length === 0 ? `${words.nobody}\n` : padded([titles, ...rows]);
  const others = operators.map(
    ({ id, name, isRevoked }) => `${words.operator} : ${id} (${printable(name)})${isRevoked ? `, ${words.operatorGone}` : ''}\n`,
  );
  return table + others.join('');
};

const KINDS = ['normal', 'duress', 'not-normal'] as const;

export const codesText = ({ codes: names }: PeopleWords, { codes }: DrawnCodes): string =>
  KINDS.flatMap((kind) => (codes[kind] === undefined ? [] : [`${names[kind]} ${codes[kind]}`])).join(', ');

/** The codes of an import, a row for each person, to cut up and hand out. */
export const codesTable = (language: Language, separator: ',' | ';', people: readonly DrawnCodes[]): string => {
  const header = [
    headerOf('id', language),
    headerOf('name', language),
    'code',
    headerOf('duress', language),
    headerOf('notNormal', language),
  ];
  const rows = people.map(({ id, name, codes }) => [id, name, ...KINDS.map((kind) => codes[kind] ?? '')]);
  return [header, ...rows].map((cells) => csvLine(separator, cells)).join('');
};
