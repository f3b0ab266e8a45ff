/** What a person types at the demo's prompt, in French or English, and what it means. */
import type { Config, DoorConfig, KeypadConfig, UserConfig, ZoneConfig } from '../../core/config.ts';
import { nearest } from '../../config/suggest.ts';
import { findDoor, findKeypad, findUser, findZone, plain, resultOf } from './targets.ts';
import type { Found } from './targets.ts';

export type Supply = 'network' | 'power' | 'mains';

export type DemoCommand =
  | { readonly verb: 'open' | 'close' | 'ajar' | 'move' | 'press' | 'tear' | 'mend'; readonly zone: ZoneConfig }
  | { readonly verb: 'keys'; readonly keypad: KeypadConfig; readonly text: string }
  | { readonly verb: 'badge'; readonly keypad: KeypadConfig; readonly user: UserConfig }
  | { readonly verb: 'temperature'; readonly zone: ZoneConfig; readonly value: number }
  | { readonly verb: 'cut' | 'restore'; readonly supply: Supply }
  | { readonly verb: 'wait'; readonly seconds: number }
  | { readonly verb: 'ring' | 'answer' | 'remote'; readonly door: DoorConfig }
  | { readonly verb: 'panic' | 'key' | 'leave' | 'enter' | 'kill' | 'state' | 'zones' | 'codes' | 'help' | 'quit' };

export type Verb = DemoCommand['verb'];

/** Why a line is not understood, with what the person needs to type it right. */
export type Confusion =
  | { readonly kind: 'unknown-verb'; readonly word: string; readonly guess: string | undefined }
  | { readonly kind: 'unknown-zone'; readonly word: string; readonly guess: string | undefined }
  | { readonly kind: 'which'; readonly word: string; readonly names: readonly string[] }
  | { readonly kind: 'needs'; readonly what: Need }
  | { readonly kind: 'not-keys'; readonly word: string };

export type Need = 'zone' | 'keys' | 'number' | 'supply' | 'person' | 'seconds';

export type Understood =
  | { readonly kind: 'command'; readonly command: DemoCommand }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'confused'; readonly confusion: Confusion };

/** The first word of each language is the one that help shows. */
export const VERB_WORDS: Readonly<Record<Verb, { readonly fr: readonly string[]; readonly en: readonly string[] }>> = {
  open: { fr: ['ouvre', 'ouvrir'], en: ['open'] },
  close: { fr: ['ferme', 'fermer', 'referme'], en: ['close', 'shut'] },
  ajar: { fr: ['pousse'], en: ['ajar'] },
  move: { fr: ['bouge', 'mouvement', 'passe'], en: ['move', 'motion', 'walk'] },
  press: { fr: ['appuie', 'presse', 'tourne'], en: ['press', 'push'] },
  ring: { fr: ['sonne', 'sonner'], en: ['ring'] },
  answer: { fr: ['réponds', 'répondre'], en: ['answer'] },
  remote: { fr: ['distance', 'opérateur'], en: ['remote', 'operator'] },
  tear: { fr: ['arrache', 'arracher'], en: ['tear'] },
  mend: { fr: ['répare', 'réparer'], en: ['mend', 'repair'] },
  keys: { fr: ['clavier', 'tape', 'compose'], en: ['keypad', 'type', 'keys'] },
  badge: { fr: ['badge'], en: ['badge'] },
  temperature: { fr: ['frigo', 'température', 'réfrigérateur'], en: ['fridge', 'temperature'] },
  cut: { fr: ['coupe', 'couper'], en: ['cut'] },
  restore: { fr: ['rétablis', 'rétablir', 'remets'], en: ['restore'] },
  wait: { fr: ['attends', 'attendre'], en: ['wait', 'sleep'] },
  panic: { fr: ['panique', 'agression', 'alerte'], en: ['panic'] },
  key: { fr: ['clé', 'clef'], en: ['key'] },
  leave: { fr: ['sors', 'sortir', 'sortie'], en: ['leave', 'out'] },
  enter: { fr: ['entre', 'entrer', 'entrée'], en: ['enter', 'in'] },
  kill: { fr: ['tue', 'tuer'], en: ['kill'] },
  state: { fr: ['état'], en: ['state', 'status'] },
  zones: { fr: ['zones'], en: ['zones'] },
  codes: { fr: ['codes'], en: ['codes'] },
  help: { fr: ['aide', '?'], en: ['help'] },
  quit: { fr: ['quitte', 'quitter', 'fin'], en: ['quit', 'exit', 'bye'] },
};

const SUPPLY_WORDS: Readonly<Record<Supply, readonly string[]>> = {
  network: ['réseau', 'internet', 'box', 'broker', 'network'],
  power: ['courant', 'alimentation', 'centrale', 'power', 'controller'],
  mains: ['secteur', 'disjoncteur', 'mains'],
};

type Entry<T> = readonly [word: string, meaning: T];

const isVerb = (text: string): text is Verb => Object.hasOwn(VERB_WORDS, text);
const isSupply = (text: string): text is Supply => Object.hasOwn(SUPPLY_WORDS, text);

const ALL_VERBS: readonly Verb[] = Object.keys(VERB_WORDS).filter(isVerb);
const ALL_SUPPLIES: readonly Supply[] = Object.keys(SUPPLY_WORDS).filter(isSupply);

const wordsOf = (verb: Verb): readonly string[] => [...VERB_WORDS[verb].fr, ...VERB_WORDS[verb].en];

const VERBS = ALL_VERBS.flatMap((verb) => wordsOf(verb).map((word): Entry<Verb> => [plain(word), verb]));
const SUPPLIES = ALL_SUPPLIES.flatMap((supply) => SUPPLY_WORDS[supply].map((word): Entry<Supply> => [plain(word), supply]));

/** A whole word, or a beginning that can mean one thing only. */
const meaningOf = <T>(entries: readonly Entry<T>[], word: string): T | undefined => {
  const wanted = plain(word);
  const exact = entries.find(([known]) => known === wanted);
  if (exact) return exact[1];
  const meanings = new Set(entries.filter(([known]) => known.startsWith(wanted)).map(([, meaning]) => meaning));
  const [only] = meanings;
  return meanings.size === 1 ? only : undefined;
};

// ---- reading a line

const command = (value: DemoCommand): Understood => ({ kind: 'command', command: value });
const confused = (confusion: Confusion): Understood => ({ kind: 'confused', confusion });
const needs = (what: Need): Understood => confused({ kind: 'needs', what });

const KEYS = /^[0-9*#]{1,64}$/;

export const understand = (config: Config, line: string): Understood => {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (KEYS.test(text)) return readKeys(config, text);
  const [word = '', ...rest] = text.split(/\s+/);
  const verb = meaningOf(VERBS, word);
  if (!verb) return confused({ kind: 'unknown-verb', word, guess: guessVerb(word) });
  return read(config, verb, rest.join(' '));
};

const guessVerb = (word: string): string | undefined => {
  const guess = nearest(
    plain(word),
    VERBS.map(([known]) => known),
  );
  return ALL_VERBS.flatMap(wordsOf).find((known) => plain(known) === guess);
};

const read = (config: Config, verb: Verb, rest: string): Understood => {
  switch (verb) {
    case 'open':
    case 'close':
    case 'ajar':
    case 'move':
    case 'press':
    case 'tear':
    case 'mend':
      return withZone(config, rest, (zone) => command({ verb, zone }));
    case 'ring':
      return atDoor(config, rest, verb, ({ bells }) => bells.length > 0);
    case 'remote':
      return atDoor(config, rest, verb, ({ lock }) => lock !== undefined);
    case 'answer':
      return atDoor(config, rest, verb, ({ requests }) => requests.length > 0);
    case 'keys':
      return readKeys(config, rest);
    case 'badge':
      return readBadge(config, rest);
    case 'temperature':
      return readTemperature(config, rest);
    case 'cut':
    case 'restore':
      return readSupply(verb, rest);
    case 'wait':
      return readWait(rest);
    default:
      return command({ verb });
  }
};

const withZone = (config: Config, text: string, use: (zone: ZoneConfig) => Understood): Understood => {
  if (text === '') return needs('zone');
  const found = findZone(config, text);
  if (found.kind === 'found') return use(found.value);
  if (found.kind === 'several') return which(text, found.values);
  const guess = nearest(
    plain(text),
    config.zones.flatMap(({ id, name }) => [id, plain(name)]),
  );
  const meant = config.zones.find(({ id, name }) => id === guess || plain(name) === guess);
  return confused({ kind: 'unknown-zone', word: text, guess: meant?.name });
};

/** The only door of the kind need not be named. */
const atDoor = (
  config: Config,
  text: string,
  verb: 'ring' | 'answer' | 'remote',
  has: (door: DoorConfig) => boolean,
): Understood => {
  const doors = config.doors.filter(has);
  const found = text === '' ? resultOf(doors) : findDoor(doors, text);
  if (found.kind === 'found') return command({ verb, door: found.value });
  return found.kind === 'several' ? which(text, found.values) : which(text, doors);
};

const which = (word: string, values: readonly { readonly name: string }[]): Understood =>
  confused({ kind: 'which', word, names: values.map(({ name }) => name) });

const firstKeypad = (config: Config): KeypadConfig | undefined =>
  config.keypads.find(({ place }) => place === 'inside') ?? config.keypads[0];

const readKeys = (config: Config, rest: string): Understood => {
  const words = rest.split(' ').filter((word) => word !== '');
  const text = words.at(-1);
  if (text === undefined) return needs('keys');
  if (!KEYS.test(text)) return confused({ kind: 'not-keys', word: text });
  const keypad = keypadOf(config, words.slice(0, -1).join(' '));
  if (keypad.kind === 'found') return command({ verb: 'keys', keypad: keypad.value, text });
  return whichKeypad(config, words.slice(0, -1).join(' '));
};

const keypadOf = (config: Config, name: string): Found<KeypadConfig> => {
  const first = firstKeypad(config);
  if (name === '' && first) return { kind: 'found', value: first };
  return findKeypad(config, name);
};

const whichKeypad = (config: Config, name: string): Understood => which(name, config.keypads);

const readBadge = (config: Config, rest: string): Understood => {
  const words = rest.split(' ').filter((word) => word !== '');
  const person = words.at(-1);
  if (person === undefined) return needs('person');
  const user = findUser(config, person);
  if (user.kind !== 'found') return which(person, config.users);
  const keypad = keypadOf(config, words.slice(0, -1).join(' '));
  if (keypad.kind !== 'found') return whichKeypad(config, words.slice(0, -1).join(' '));
  return command({ verb: 'badge', keypad: keypad.value, user: user.value });
};

const readTemperature = (config: Config, rest: string): Understood => {
  const value = Number(rest.replace(',', '.').replace(/\s*°?\s*c?$/i, ''));
  if (rest === '' || !Number.isFinite(value)) return needs('number');
  const measured = config.zones.filter(({ sensing }) => sensing.kind === 'measure');
  const [zone] = measured;
  return zone
    ? command({ verb: 'temperature', zone, value })
    : confused({ kind: 'unknown-zone', word: 'frigo', guess: undefined });
};

const readSupply = (verb: 'cut' | 'restore', rest: string): Understood => {
  const supply = meaningOf(SUPPLIES, plain(rest).replace(/^(le|la|the) /, ''));
  return rest !== '' && supply ? command({ verb, supply }) : needs('supply');
};

const WAIT_LONGEST_S = 600;

const readWait = (rest: string): Understood => {
  const seconds = Number(rest.replace(',', '.').replace(/\s*s$/, ''));
  return rest !== '' && seconds >= 0 && seconds <= WAIT_LONGEST_S ? command({ verb: 'wait', seconds }) : needs('seconds');
};

// ---- completion

const TAKES_ZONE: ReadonlySet<Verb> = new Set<Verb>(['open', 'close', 'ajar', 'move', 'press', 'tear', 'mend']);

const choicesAfter = (config: Config, verb: Verb | undefined): readonly string[] => {
  if (verb === undefined) return [];
  if (TAKES_ZONE.has(verb)) return config.zones.map(({ id }) => id);
  if (verb === 'cut' || verb === 'restore') return Object.values(SUPPLY_WORDS).map(([word = '']) => word);
  if (verb === 'ring' || verb === 'answer' || verb === 'remote') return config.doors.map(({ id }) => id);
  if (verb === 'keys') return config.keypads.map(({ id }) => id);
  return verb === 'badge' ? config.users.map(({ id }) => id) : [];
};

/** For the terminal's line editor: what the last word may become, and that word. */
export const complete = (config: Config, language: 'fr' | 'en', line: string): [string[], string] => {
  const [first = '', ...rest] = line.trimStart().split(/\s+/);
  const last = rest.at(-1) ?? first;
  const choices =
    rest.length === 0
      ? Object.values(VERB_WORDS).map((words) => words[language][0] ?? '')
      : choicesAfter(config, meaningOf(VERBS, first));
  return [choices.filter((choice) => plain(choice).startsWith(plain(last))).map((choice) => `${choice} `), last];
};
