/**
 * Keypad grammar: from keys to what a person asks for. Pure; docs/keypad.md says the same to staff.
 *
 *     entry   = field { '*' field } '#'
 *     CODE#                     the code alone
 *     VERB*CODE#                a verb of one or two digits
 *     VERB*NUMBER*CODE#         a verb about a zone or a check-list item
 *     ARM*CODE#  ARM**CODE#  ARM*12*14*CODE#  ARM**12*CODE#
 *                               arm; an empty field carries on over what blocks, numbers leave zones out
 *     N#                        one or two digits alone: the number of a choice
 *     *#                        at any point: forget what was typed; so does a pause of 20 s
 *
 * The last field is the code (4–8 digits). It is held only in the buffer, which is emptied at each `#`.
 */
import type { ArmMode } from '../core/config.ts';
import type { Request } from '../core/input.ts';
import type { Monotonic } from '../core/time.ts';

export type KeypadEntry = { readonly code: string; readonly request: Request } | { readonly choice: number };

export type KeypadProblem =
  | 'unknown-key'
  | 'too-long'
  | 'code-length'
  | 'unknown-verb'
  | 'zone-number'
  | 'item-number'
  | 'too-many-fields';

export type KeysState = {
  /** Keys since the last `#`. The only place where a code stands. */
  readonly buffer: string;
  readonly lastKeyAt: Monotonic | undefined;
  /** Why the entry being typed will not be taken, whatever follows. */
  readonly spoiled: KeypadProblem | undefined;
};

export type Pressed = {
  readonly state: KeysState;
  readonly entries: readonly KeypadEntry[];
  readonly problems: readonly KeypadProblem[];
};

export const NO_KEYS: KeysState = { buffer: '', lastKeyAt: undefined, spoiled: undefined };

/** A pause as long as this forgets what was typed. */
export const KEY_PAUSE_MS = 20_000;
const BUFFER_KEYS = 32;

// ---- one entry

type Parsed = KeypadEntry | KeypadProblem;

const isCode = (field: string): boolean => /^[0-9]{4,8}$/.test(field);

/** 1–999, leading zeros allowed. */
const numberIn = (field: string): number | undefined => {
  if (!/^[0-9]{1,3}$/.test(field)) return undefined;
  const number = Number(field);
  return number >= 1 ? number : undefined;
};

const ARM_MODES: Readonly<Record<string, ArmMode>> = { '1': 'full', '2': 'partial', '3': 'night' };

const PLAIN_VERBS: Readonly<Record<string, Request>> = {
  '0': { verb: 'disarm', areas: [] },
  '4': { verb: 'silence' },
  '5': { verb: 'confirm-normal' },
  '6': { verb: 'acknowledge' },
  '7': { verb: 'walk-test' },
  '8': { verb: 'exercise' },
  '9': { verb: 'allow-installer' },
  '20': { verb: 'postpone' },
  '60': { verb: 'reset-tamper' },
  '70': { verb: 'on-test' },
};

const NUMBER_VERBS: Readonly<Record<string, { readonly bad: KeypadProblem; readonly ask: (number: number) => Request }>> = {
  '10': { bad: 'item-number', ask: (item) => ({ verb: 'tick', item }) },
  '41': { bad: 'zone-number', ask: (zone) => ({ verb: 'isolate', zone, on: true }) },
  '42': { bad: 'zone-number', ask: (zone) => ({ verb: 'isolate', zone, on: false }) },
  '30': { bad: 'zone-number', ask: (zone) => ({ verb: 'door-mode', zone, mode: 'locked' }) },
  '31': { bad: 'zone-number', ask: (zone) => ({ verb: 'door-mode', zone, mode: 'blocked' }) },
  '32': { bad: 'zone-number', ask: (zone) => ({ verb: 'door-mode', zone, mode: 'locked-down' }) },
  '33': { bad: 'zone-number', ask: (zone) => ({ verb: 'door-mode', zone, mode: 'locked-open' }) },
  '35': { bad: 'zone-number', ask: (zone) => ({ verb: 'open', zone }) },
};

const parseArm = (mode: ArmMode, fields: readonly string[], code: string): Parsed => {
  const override = fields[0] === '';
  const numbers = (override ? fields.slice(1) : fields).map(numberIn);
  const inhibit = numbers.filter((number) => number !== undefined);
  if (inhibit.length !== numbers.length) return 'zone-number';
  return { code, request: { verb: 'arm', mode, areas: [], override, inhibit: [...new Set(inhibit)] } };
};

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const parseVerb = (verb: string, fields: readonly string[], code: string): Parsed => {
  const mode = own(ARM_MODES, verb);
  if (mode) return parseArm(mode, fields, code);
  const plain = own(PLAIN_VERBS, verb);
  if (plain) return fields.length === 0 ? { code, request: plain } : 'too-many-fields';
  const numbered = own(NUMBER_VERBS, verb);
  if (!numbered) return 'unknown-verb';
  if (fields.length > 1) return 'too-many-fields';
  const number = numberIn(fields[0] ?? '');
  return number === undefined ? numbered.bad : { code, request: numbered.ask(number) };
};

const parseAlone = (field: string): Parsed => {
  if (isCode(field)) return { code: field, request: { verb: 'code' } };
  return /^[0-9]{1,2}$/.test(field) ? { choice: Number(field) } : 'code-length';
};

/** What stands before `#`. */
const parseEntry = (text: string): Parsed => {
  const fields = text.split('*');
  const [verb = '', ...rest] = fields;
  const code = rest.pop();
  if (code === undefined) return parseAlone(verb);
  return isCode(code) ? parseVerb(verb, rest, code) : 'code-length';
};

// ---- the stream

const isStale = ({ lastKeyAt }: KeysState, now: Monotonic): boolean => lastKeyAt !== undefined && now - lastKeyAt >= KEY_PAUSE_MS;

/** Forgets what was typed when the pause is over. Call it `KEY_PAUSE_MS` after the last key, so that no code lingers. */
export const expireKeys = (state: KeysState, now: Monotonic): KeysState => (isStale(state, now) ? NO_KEYS : state);

type Keys = {
  buffer: string;
  spoiled: KeypadProblem | undefined;
  readonly entries: KeypadEntry[];
  readonly problems: KeypadProblem[];
};

const endEntry = (keys: Keys): void => {
  const { buffer, spoiled } = keys;
  keys.buffer = '';
  keys.spoiled = undefined;
  if (buffer.endsWith('*') || (buffer === '' && !spoiled)) return;
  const parsed = spoiled ?? parseEntry(buffer);
  if (typeof parsed === 'string') keys.problems.push(parsed);
  else keys.entries.push(parsed);
};

const spoil = (keys: Keys, problem: KeypadProblem): void => {
  keys.spoiled ??= problem;
};

const pressKey = (keys: Keys, key: string): void => {
  if (key === '#') endEntry(keys);
  else if (!/^[0-9*]$/.test(key)) spoil(keys, 'unknown-key');
  else if (keys.buffer.length < BUFFER_KEYS) keys.buffer += key;
  else {
    spoil(keys, 'too-long');
    // Only the last key matters from here on: `*#` still forgets.
    keys.buffer = keys.buffer.slice(0, -1) + key;
  }
};

/** Keys in the order they were pressed, `0`–`9`, `*`, `#`; white space is no key. Nothing malformed becomes an entry. */
export const pressKeys = (state: KeysState, text: string, now: Monotonic): Pressed => {
  const before = expireKeys(state, now);
  const keys: Keys = { buffer: before.buffer, spoiled: before.spoiled, entries: [], problems: [] };
  const pressed = text.replace(/\s/g, '');
  if (pressed === '') return { state: before, entries: [], problems: [] };
  for (const key of pressed) pressKey(keys, key);
  const { buffer, spoiled, entries, problems } = keys;
  const isEmpty = buffer === '' && spoiled === undefined;
  return { state: isEmpty ? NO_KEYS : { buffer, spoiled, lastKeyAt: now }, entries, problems };
};

// ---- what the keypad says of them

export const KEYPAD_PROBLEMS: Readonly<Record<KeypadProblem, { readonly fr: string; readonly en: string }>> = {
  'unknown-key': { fr: 'Touche inconnue. Recommencez.', en: 'Unknown key. Start again.' },
  'too-long': { fr: 'Saisie trop longue. Recommencez.', en: 'Too many keys. Start again.' },
  'code-length': { fr: 'Un code a de 4 à 8 chiffres. Recommencez.', en: 'A code has 4 to 8 digits. Start again.' },
  'unknown-verb': { fr: 'Commande inconnue. Voir la fiche du clavier.', en: 'Unknown command. See the keypad sheet.' },
  'zone-number': { fr: 'Un numéro de zone va de 1 à 999. Recommencez.', en: 'A zone number is 1 to 999. Start again.' },
  'item-number': { fr: 'Donnez le numéro du point de contrôle : 10*2*CODE#.', en: 'Give the number of the item: 10*2*CODE#.' },
  'too-many-fields': {
    fr: 'Trop de champs pour cette commande. Recommencez.',
    en: 'Too many fields for this command. Start again.',
  },
};
