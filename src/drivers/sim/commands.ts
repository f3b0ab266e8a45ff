/** One line of the simulated board's socket: what was asked, and what is answered. Described in docs/sim-socket.md. */
import type { Level } from '../../ports/lines.ts';
import type { Hand, HandRefusal, HandResult } from './hand.ts';
import type { LineView } from './state.ts';

export type SimCommand =
  | { readonly kind: 'set'; readonly line: string; readonly level: Level; readonly afterMs: number }
  | { readonly kind: 'get'; readonly line: string }
  | { readonly kind: 'watch'; readonly lines: readonly string[] }
  | { readonly kind: 'analog'; readonly line: string; readonly value: number; readonly afterMs: number }
  | { readonly kind: 'keys'; readonly keypad: string; readonly text: string }
  | { readonly kind: 'badge'; readonly keypad: string; readonly bits: number; readonly hex: string }
  | { readonly kind: 'tear'; readonly line: string }
  | { readonly kind: 'mend'; readonly line: string }
  | { readonly kind: 'show'; readonly keypad: string };

export type Parsed = { readonly ok: true; readonly command: SimCommand } | { readonly ok: false; readonly error: string };

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_DELAY_MS = 3_600_000;
const command = (value: SimCommand): Parsed => ({ ok: true, command: value });
const bad = (error: string): Parsed => ({ ok: false, error });

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isLevel = (value: unknown): value is Level => value === 0 || value === 1;
const isDelay = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LONGEST_DELAY_MS;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const DELAY_WANTED = `"afterMs" must be a number from 0 to ${LONGEST_DELAY_MS}`;

const parseSet = ({ set, level, afterMs = 0 }: { set?: unknown; level?: unknown; afterMs?: unknown }): Parsed => {
  if (!isText(set)) return bad('"set" must name a line');
  if (!isLevel(level)) return bad('"level" must be 0 or 1');
  return isDelay(afterMs) ? command({ kind: 'set', line: set, level, afterMs }) : bad(DELAY_WANTED);
};

const parseAnalog = ({ analog, value, afterMs = 0 }: { analog?: unknown; value?: unknown; afterMs?: unknown }): Parsed => {
  if (!isText(analog)) return bad('"analog" must name a channel');
  if (typeof value !== 'number' || value < 0 || value > 1) return bad('"value" must be a number from 0 to 1');
  return isDelay(afterMs) ? command({ kind: 'analog', line: analog, value, afterMs }) : bad(DELAY_WANTED);
};

const parseWatch = ({ watch }: { watch?: unknown }): Parsed => {
  if (!Array.isArray(watch) || watch.length === 0 || !watch.every(isText)) return bad('"watch" must be a list of lines');
  return command({ kind: 'watch', lines: watch });
};

const parseKeys = ({ keys, text }: { keys?: unknown; text?: unknown }): Parsed => {
  if (!isText(keys)) return bad('"keys" must name a keypad');
  if (!isText(text) || !/^[0-9*#]{1,64}$/.test(text)) return bad('"text" must be 1 to 64 of the keys 0-9 * #');
  return command({ kind: 'keys', keypad: keys, text });
};

const parseBadge = ({ badge, bits, hex }: { badge?: unknown; bits?: unknown; hex?: unknown }): Parsed => {
  if (!isText(badge)) return bad('"badge" must name a keypad or reader');
  if (!isText(hex) || !/^([0-9A-Fa-f]{2}){1,32}$/.test(hex)) return bad('"hex" must be 1 to 32 bytes in hexadecimal');
  if (typeof bits !== 'number' || !Number.isInteger(bits) || bits < 1 || bits > hex.length * 4) {
    return bad('"bits" must be a whole number, at least 1 and no more than "hex" holds');
  }
  return command({ kind: 'badge', keypad: badge, bits, hex });
};

const parseName = (kind: 'get' | 'tear' | 'mend', fields: Fields): Parsed => {
  const line = fields[kind];
  return isText(line) ? command({ kind, line }) : bad(`"${kind}" must name a line`);
};

const parseShow = ({ show }: { show?: unknown }): Parsed =>
  isText(show) ? command({ kind: 'show', keypad: show }) : bad('"show" must name a keypad');

const PARSERS: Readonly<Record<SimCommand['kind'], (fields: Fields) => Parsed>> = {
  set: parseSet,
  get: (fields) => parseName('get', fields),
  watch: parseWatch,
  analog: parseAnalog,
  keys: parseKeys,
  badge: parseBadge,
  tear: (fields) => parseName('tear', fields),
  mend: (fields) => parseName('mend', fields),
  show: parseShow,
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isVerb = (key: string): key is SimCommand['kind'] => Object.hasOwn(PARSERS, key);

export const parseCommand = (text: string): Parsed => {
  const fields = parseJson(text);
  if (!isFields(fields)) return bad('not a JSON object');
  const [verb, another] = Object.keys(fields).filter(isVerb);
  if (verb === undefined) return bad(`none of ${Object.keys(PARSERS).join(', ')} in it`);
  return another === undefined ? PARSERS[verb](fields) : bad(`"${verb}" and "${another}" in one line`);
};

// ---- answers

const WORDS: Readonly<Record<HandRefusal, string>> = {
  'no-such-line': 'no such line',
  'no-such-keypad': 'no such keypad',
  'is-an-output': 'it is an output: the controller alone drives it',
  'not-digital': 'it is an analog channel: use "analog"',
  'not-analog': 'it is not an analog channel: use "set"',
};

export type Answer = Readonly<Record<string, unknown>>;

export const refusal = (subject: string, reason: HandRefusal): Answer => ({ error: `${subject}: ${WORDS[reason]}` });
export const answerOf = (subject: string, result: HandResult): Answer =>
  result.ok ? { ok: true } : refusal(subject, result.reason);

/** `torn` is said only where it is so. */
export const lineAnswer = (view: LineView): Answer => {
  const { line, torn, atMs } = view;
  const said = 'level' in view ? { line, level: view.level, atMs } : { line, value: view.value, atMs };
  return torn ? { ...said, torn } : said;
};

export const lookAnswer = (hand: Hand, line: string): Answer => {
  const view = hand.look(line);
  return view ? lineAnswer(view) : refusal(line, 'no-such-line');
};

export const screenAnswer = (hand: Hand, keypad: string): Answer => {
  const screen = hand.screen(keypad);
  return screen ? { keypad, text: screen.text, tone: screen.tone, light: screen.light } : refusal(keypad, 'no-such-keypad');
};
