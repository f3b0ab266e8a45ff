/**
 * `vigie people --data FOLDER …`: who may come in, changed while the controller runs. It is asked over its control socket; the
 * controller judges, draws the codes and keeps digests of them. What is drawn is printed once, and known to nobody else.
 * Exit 0: done; 1: the controller refused; 2: command line or list at fault, or nobody of that name; 3: no controller runs
 * there, or it may not be spoken to.
 */
import type { AskFailure, ControlAnswer, ControlReply, Fields } from '../ports/control.ts';
import { LEARN_MS } from '../ports/people.ts';
import type { DraftProblem, PersonDraft } from '../ports/people.ts';
import { askControl } from '../drivers/control/client.ts';
import { readFailureText } from './check.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { PEOPLE_USAGE, wantedOf } from './people/args.ts';
import type { Action, Wanted } from './people/args.ts';
import { cellsOf, headers, readTable } from './people/columns.ts';
import type { Table } from './people/columns.ts';
import { csvLine } from './people/csv.ts';
import { drawnIn, operatorsIn, peopleIn, problemsIn, refusalText } from './people/replies.ts';
import { codesTable, codesText, tableText } from './people/show.ts';
import { peopleWords } from './people/words.ts';
import type { PeopleWords } from './people/words.ts';

/** A code is digested in tens of milliseconds on a desk, in a second on the smallest board; so is each badge. */
const ANSWER_MS = 60_000;
const PERSON_MS = 5_000;

type Verb = { readonly wanted: Wanted; readonly io: Io; readonly words: PeopleWords };

export const people = async (args: readonly string[], io: Io): Promise<number> => {
  const wanted = wantedOf(args);
  if (typeof wanted === 'string') {
    io.err(`vigie people: ${wanted}\n${PEOPLE_USAGE}`);
    return EXIT.badInput;
  }
  return act({ wanted, io, words: peopleWords[wanted.language] }, wanted.action);
};

const act = (verb: Verb, action: Action): Promise<number> => {
  switch (action.kind) {
    case 'list':
      return list(verb, action.isJson);
    case 'export':
      return exportList(verb);
    case 'add':
      return add(verb, action.person);
    case 'change':
      return change(verb, action.person);
    case 'new-code':
      return newCode(verb, action);
    case 'add-badge':
      return simply(verb, { ask: 'people-add-badge', id: action.id, badge: action.badge }, verb.words.badgeAdded);
    case 'learn-badge':
      return learnBadge(verb, action);
    case 'revoke':
      return simply(verb, { ask: 'people-revoke', id: action.id }, verb.words.revoked);
    case 'revoke-operator':
      return simply(verb, { ask: 'operator-revoke', id: action.id }, verb.words.operatorRevoked);
    case 'import':
      return importList(verb, action.path, action.isDryRun);
  }
};

// ---- asking

/** Whoever called `sudo` has a name of their own. */
const byOf = ({ env }: Io): string => env['SUDO_USER'] ?? env['USER'] ?? env['LOGNAME'] ?? '';

/** What the controller answered, or the exit code once it has been said why it did not. */
const asked = async ({ wanted, io, words }: Verb, request: Fields, timeoutMs = ANSWER_MS): Promise<ControlReply | number> => {
  const answer = await askControl(wanted.data, { ...request, by: byOf(io) }, timeoutMs);
  if (answer.ok) return answer.reply;
  io.err(`${wanted.data} : ${words.failures[answer.reason]}\n`);
  return exitOf(answer.reason);
};

const exitOf = (reason: AskFailure): number => {
  if (reason === 'no-folder') return EXIT.badInput;
  return reason === 'no-answer' ? EXIT.failed : EXIT.data;
};

/** Reasons that say that what was given is at fault. */
const GIVEN: ReadonlySet<string> = new Set([
  'draft',
  'bad-badge',
  'no-such-person',
  'no-such-operator',
  'no-such-keypad',
  'bad-request',
]);

/** What came of it, or the exit code once the refusal has been said. `subject`: what it was about. */
const done = async (verb: Verb, request: Fields, subject: string, timeoutMs = ANSWER_MS): Promise<ControlAnswer | number> => {
  const reply = await asked(verb, request, timeoutMs);
  if (typeof reply === 'number' || reply.ok) return reply;
  if (reply.reason === 'draft') sayProblems(verb, problemsIn(reply));
  else verb.io.err(`${refusalText(verb.words, reply, subject)}\n`);
  return GIVEN.has(reply.reason) ? EXIT.badInput : EXIT.failed;
};

const OPTIONS: Readonly<Partial<Record<DraftProblem['field'], string>>> = { id: 'ID', badges: '--badge' };

const sayProblems = ({ io, words }: Verb, problems: readonly DraftProblem[]): void => {
  for (const { field, fault, value, known = [] } of problems) {
    io.err(`${OPTIONS[field] ?? `--${field}`} : ${words.drafts[fault](value, known.join(', '))}\n`);
  }
};

const simply = async (verb: Verb, request: Fields & { readonly id: string }, say: (id: string) => string): Promise<number> => {
  const subject = typeof request['badge'] === 'string' ? request['badge'] : request.id;
  const answer = await done(verb, request, subject);
  if (typeof answer === 'number') return answer;
  verb.io.out(`${say(request.id)}\n`);
  return EXIT.ok;
};

// ---- showing

const list = async (verb: Verb, isJson: boolean): Promise<number> => {
  const answer = await done(verb, { ask: 'people-list' }, '');
  if (typeof answer === 'number') return answer;
  const [listed, operators] = [peopleIn(answer), operatorsIn(answer)];
  if (isJson) verb.io.out(`${JSON.stringify({ people: listed, operators })}\n`);
  else verb.io.out(tableText(verb.wanted.language, listed, operators));
  return EXIT.ok;
};

const exportList = async (verb: Verb): Promise<number> => {
  const answer = await done(verb, { ask: 'people-list' }, '');
  if (typeof answer === 'number') return answer;
  const { language } = verb.wanted;
  const separator = language === 'fr' ? ';' : ',';
  const rows = [headers(language), ...peopleIn(answer).map((person) => cellsOf(person, language))];
  for (const row of rows) verb.io.out(csvLine(separator, row));
  return EXIT.ok;
};

// ---- one person

const add = async (verb: Verb, person: PersonDraft): Promise<number> => {
  const answer = await done(verb, { ask: 'people-add', people: [person] }, person.id);
  return typeof answer === 'number' ? answer : sayCodes(verb, answer, verb.words.added);
};

const change = async (verb: Verb, person: PersonDraft): Promise<number> => {
  const answer = await done(verb, { ask: 'people-change', person }, person.id);
  if (typeof answer === 'number') return answer;
  verb.io.out(`${verb.words.changed(person.id)}\n`);
  return EXIT.ok;
};

const newCode = async (verb: Verb, { id, duress, notNormal }: Extract<Action, { kind: 'new-code' }>): Promise<number> => {
  const answer = await done(verb, { ask: 'people-new-code', id, duress, notNormal }, id);
  return typeof answer === 'number' ? answer : sayCodes(verb, answer, (name) => name);
};

/** The only place at which a code is ever seen. */
const sayCodes = ({ io, words }: Verb, answer: ControlAnswer, say: (name: string) => string): number => {
  for (const drawn of drawnIn(answer)) io.out(`${say(drawn.name)} (${drawn.id}) : ${codesText(words, drawn)}\n`);
  io.err(`${words.onlyOnce}\n`);
  return EXIT.ok;
};

const learnBadge = async (verb: Verb, { id, keypad }: Extract<Action, { kind: 'learn-badge' }>): Promise<number> => {
  verb.io.err(`${verb.words.showBadge(keypad)}\n`);
  const answer = await done(verb, { ask: 'people-learn-badge', id, keypad }, '', LEARN_MS + ANSWER_MS);
  if (typeof answer === 'number') return answer;
  verb.io.out(`${verb.words.badgeAdded(id)}\n`);
  return EXIT.ok;
};

// ---- a list

const importList = async (verb: Verb, path: string, isDryRun: boolean): Promise<number> => {
  const read = await verb.io.readFile(path);
  if (!read.ok) {
    verb.io.err(readFailureText(path, read.reason));
    return EXIT.badInput;
  }
  const table = readTable(read.bytes);
  const isSound = table.problems.length === 0;
  if (table.people.length === 0) return sayFaults(verb, path, table, []);
  const request = { ask: 'people-add', people: table.people.map(({ draft }) => draft), dryRun: isDryRun || !isSound };
  const reply = await asked(verb, request, ANSWER_MS + table.people.length * PERSON_MS);
  if (typeof reply === 'number') return reply;
  if (!reply.ok && reply.reason !== 'draft' && isSound) {
    verb.io.err(`${refusalText(verb.words, reply, path)}\n`);
    return EXIT.failed;
  }
  if (!isSound || !reply.ok) return sayFaults(verb, path, table, reply.ok ? [] : problemsIn(reply));
  return isDryRun ? sayDryRun(verb, table) : sayImported(verb, table, reply);
};

const sayDryRun = ({ io, words }: Verb, table: Table): number => {
  io.out(`${words.soundList(table.people.length)}\n`);
  return EXIT.ok;
};

const sayImported = ({ io, words, wanted }: Verb, table: Table, answer: ControlAnswer): number => {
  io.out(codesTable(wanted.language, table.separator, drawnIn(answer)));
  io.err(`${words.onlyOnce}\n`);
  if (answer['incomplete'] === undefined) return EXIT.ok;
  io.err(`${words.incomplete}\n`);
  return EXIT.failed;
};

type Fault = { readonly row: number; readonly column: string; readonly text: string };

/** Faults of the file and of the people in it, in the order of its rows. */
const sayFaults = ({ io, words, wanted }: Verb, path: string, table: Table, problems: readonly DraftProblem[]): number => {
  const known = headers(wanted.language).join(', ');
  const ofTable = table.problems.map(({ row, column, fault, value }): Fault => ({
    row,
    column,
    text: words.table[fault](value, known),
  }));
  const missing = new Set(table.problems.filter(({ fault }) => fault === 'column-missing').map(({ column }) => column));
  const ofPeople = problems
    // A column that is missing is said once, not again in every row.
    .filter(({ field, fault }) => fault !== 'missing' || !missing.has(table.headerOf(field)))
    .map(({ index, field, fault, value, known: others = [] }): Fault => {
      const text = words.drafts[fault](value, others.join(', '));
      return { row: table.people[index]?.row ?? 1, column: table.headerOf(field), text };
    });
  const faults = [...ofTable, ...ofPeople].toSorted((one, other) => one.row - other.row);
  for (const { row, column, text } of faults) io.err(`${path} : ${words.place(row, column)} : ${text}\n`);
  io.err(`${words.nothingTaken(faults.length)}\n`);
  return EXIT.badInput;
};
