/** The command line of `vigie people`, as what is asked. */
import type { PersonDraft } from '../../ports/people.ts';
import { parseOptions } from '../options.ts';
import type { Parsed } from '../options.ts';
import { roleOf } from './columns.ts';
import type { Language } from './columns.ts';

export const PEOPLE_USAGE = `Usage: vigie people --data FOLDER ACTION [--lang fr|en]
  list [--json]                 who there is, and what each may
  add ID --name NAME --role ROLE [--areas A,B] [--doors D,E] [--hours SCHEDULE] [--from DATE] [--until DATE]
         [--one-shot] [--extended] [--badge HEX]… [--duress] [--not-normal]
  change ID [the same, but for badges and codes]   “-” takes hours, from, until, doors away; --no-one-shot, --no-extended
  new-code ID [--duress] [--not-normal]            in place of the old one; with a flag, of that kind instead
  add-badge ID HEX
  learn-badge ID --keypad K     the next badge shown at K within a minute
  revoke ID                     nothing of theirs opens any more, from now on
  revoke-operator ID            of those who open doors from afar
  import FILE.csv [--dry-run]   a row for each person; one fault, and nobody is taken
  export                        the list as an import reads it, without codes
FOLDER is the data folder of a controller that runs. Roles: owner, staff, cleaner, delivery, installer, guard (titulaire,
personnel, menage, livraison, installateur, gardien). Codes are drawn by the controller and shown once.
`;

export type Action =
  | { readonly kind: 'list'; readonly isJson: boolean }
  | { readonly kind: 'add' | 'change'; readonly person: PersonDraft }
  | { readonly kind: 'new-code'; readonly id: string; readonly duress: boolean; readonly notNormal: boolean }
  | { readonly kind: 'add-badge'; readonly id: string; readonly badge: string }
  | { readonly kind: 'learn-badge'; readonly id: string; readonly keypad: string }
  | { readonly kind: 'revoke' | 'revoke-operator'; readonly id: string }
  | { readonly kind: 'import'; readonly path: string; readonly isDryRun: boolean }
  | { readonly kind: 'export' };

export type Wanted = { readonly data: string; readonly language: Language; readonly action: Action };

const TEXTS = ['name', 'role', 'hours', 'from', 'until'] as const;
const LISTS = ['areas', 'doors', 'badge'] as const;
const FLAGS = ['one-shot', 'no-one-shot', 'extended', 'no-extended', 'duress', 'not-normal', 'json', 'dry-run'] as const;

/** What each action takes beside --data and --lang: how many words, which options and flags. */
type Takes = { readonly words: number; readonly options: readonly string[]; readonly flags: readonly string[] };

const PERSON = [...TEXTS, 'areas', 'doors'];
const TAKES: Readonly<Record<Action['kind'], Takes>> = {
  list: { words: 0, options: [], flags: ['json'] },
  add: { words: 1, options: [...PERSON, 'badge'], flags: ['one-shot', 'no-one-shot', 'extended', 'duress', 'not-normal'] },
  change: { words: 1, options: PERSON, flags: ['one-shot', 'no-one-shot', 'extended', 'no-extended'] },
  'new-code': { words: 1, options: [], flags: ['duress', 'not-normal'] },
  'add-badge': { words: 2, options: [], flags: [] },
  'learn-badge': { words: 1, options: ['keypad'], flags: [] },
  revoke: { words: 1, options: [], flags: [] },
  'revoke-operator': { words: 1, options: [], flags: [] },
  import: { words: 1, options: [], flags: ['dry-run'] },
  export: { words: 0, options: [], flags: [] },
};

const isAction = (word: string): word is Action['kind'] => Object.hasOwn(TAKES, word);

type Given = Extract<Parsed, { ok: true }>;

export const wantedOf = (args: readonly string[]): Wanted | string => {
  const parsed = parseOptions(args, { options: ['data', 'lang', 'keypad', ...TEXTS], flags: FLAGS, lists: LISTS });
  if (!parsed.ok) return parsed.problem;
  const [word, ...words] = parsed.words;
  const data = parsed.options.get('data');
  const language = parsed.options.get('lang') ?? 'fr';
  if (data === undefined) return '--data is needed: the data folder of the controller';
  if (language !== 'fr' && language !== 'en') return '--lang takes fr or en';
  if (word === undefined || !isAction(word)) return `${word ?? 'nothing'}: it does ${Object.keys(TAKES).join(', ')}`;
  const problem = misfit(word, words, parsed);
  return problem ?? { data, language, action: actionOf(word, words, parsed) };
};

const misfit = (word: Action['kind'], words: readonly string[], { options, flags }: Given): string | undefined => {
  const takes = TAKES[word];
  if (words.length !== takes.words) return `${word} takes ${takes.words === 0 ? 'no word' : `${takes.words} word(s)`} after it`;
  const strange = [...options.keys()].find((name) => name !== 'data' && name !== 'lang' && !takes.options.includes(name));
  const strangeFlag = [...flags].find((name) => !takes.flags.includes(name));
  if (strange !== undefined || strangeFlag !== undefined) return `${word} takes no --${strange ?? strangeFlag}`;
  return word === 'learn-badge' && !options.has('keypad')
    ? '--keypad is needed: the reader that the badge is shown at'
    : undefined;
};

const actionOf = (word: Action['kind'], [first = '', second = '']: readonly string[], given: Given): Action => {
  const { options, flags } = given;
  switch (word) {
    case 'list':
      return { kind: word, isJson: flags.has('json') };
    case 'add':
    case 'change':
      return { kind: word, person: draftOf(first, given) };
    case 'new-code':
      return { kind: word, id: first, duress: flags.has('duress'), notNormal: flags.has('not-normal') };
    case 'add-badge':
      return { kind: word, id: first, badge: second };
    case 'learn-badge':
      return { kind: word, id: first, keypad: options.get('keypad') ?? '' };
    case 'revoke':
    case 'revoke-operator':
      return { kind: word, id: first };
    case 'import':
      return { kind: word, path: first, isDryRun: flags.has('dry-run') };
    case 'export':
      return { kind: word };
  }
};

/** “-” stands for nothing. */
const textOf = (text: string): string => (text === '-' ? '' : text);
const listOf = (text: string): readonly string[] =>
  textOf(text)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const draftOf = (id: string, { options, flags }: Given): PersonDraft => {
  const texts = TEXTS.flatMap((name) => {
    const text = options.get(name);
    return text === undefined ? [] : [[name, name === 'role' ? roleOf(text) : textOf(text)] as const];
  });
  const lists = LISTS.flatMap((name) => {
    const text = options.get(name);
    return text === undefined ? [] : [[name === 'badge' ? 'badges' : name, listOf(text)] as const];
  });
  const oneShot = flags.has('one-shot') ? true : flags.has('no-one-shot') ? false : undefined;
  const extended = flags.has('extended') ? true : flags.has('no-extended') ? false : undefined;
  return {
    id,
    ...Object.fromEntries(texts),
    ...Object.fromEntries(lists),
    ...(oneShot !== undefined && { oneShot }),
    ...(extended !== undefined && { extended }),
    ...(flags.has('duress') && { duress: true }),
    ...(flags.has('not-normal') && { notNormal: true }),
  };
};
