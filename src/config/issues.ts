/** What zod says about a value, as a sentence for the person who wrote it. Never repeats what may be a secret. */
import type { z } from 'zod';
import { fault, faultAtKey } from './problem.ts';
import type { Finding, Path } from './problem.ts';
import { EXPECTED } from './scalars.ts';
import type { CustomIssue, Sentence } from './scalars.ts';
import { isRecord, knownKeys, valueAt } from './schemaWalk.ts';
import { meant } from './suggest.ts';

type Issue = z.core.$ZodIssue;

const SECRET_TOKENS: ReadonlySet<string> = new Set(['digest', 'salt', 'broker', 'public-key', 'station-url']);

const TYPES: Readonly<Record<string, Sentence>> = {
  string: {
    en: 'Write a text here (in quotes if it looks like a number).',
    fr: 'Mettez un texte (entre guillemets s’il ressemble à un nombre).',
  },
  number: { en: 'Write a number here.', fr: 'Mettez un nombre.' },
  int: { en: 'Write a whole number here.', fr: 'Mettez un nombre entier.' },
  boolean: { en: 'Write true or false here.', fr: 'Mettez true (oui) ou false (non).' },
  array: { en: 'Write a list here: [one, two].', fr: 'Mettez une liste : [un, deux].' },
  object: {
    en: 'Write indented settings here, one `key: value` a line.',
    fr: 'Mettez ici des réglages en retrait, un « clé: valeur » par ligne.',
  },
  record: {
    en: 'Write indented entries here, each under its id.',
    fr: 'Mettez ici des entrées en retrait, chacune sous son identifiant.',
  },
};

const FALLBACK: Sentence = {
  en: 'Write a value that fits here; see docs/config.md.',
  fr: 'Mettez une valeur qui convient ; voyez docs/config.md.',
};

const shown = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const withValue = (value: unknown, sentence: Sentence): Sentence => {
  const text = shown(value);
  if (text === undefined) return sentence;
  return { en: `\`${text}\` does not fit here. ${sentence.en}`, fr: `« ${text} » ne convient pas. ${sentence.fr}` };
};

const missing = (path: Path): Finding => {
  const key = String(path.at(-1) ?? '');
  return faultAtKey(path, 'missing', `\`${key}\` is missing. Add it.`, `« ${key} » manque. Ajoutez-le.`);
};

const noValue = (path: Path, sentence: Sentence): Finding =>
  fault(path, 'no-value', `There is no value. ${sentence.en}`, `Il n’y a pas de valeur. ${sentence.fr}`);

const expected = (path: Path, value: unknown, code: string, sentence: Sentence, secret = false): Finding => {
  if (value === undefined) return missing(path);
  if (value === null) return noValue(path, sentence);
  const full = secret ? sentence : withValue(value, sentence);
  return fault(path, code, full.en, full.fr);
};

const byToken = (path: Path, value: unknown, token: string): Finding | undefined => {
  const sentence = EXPECTED[token];
  return sentence && expected(path, value, `bad-${token}`, sentence, SECRET_TOKENS.has(token));
};

const unknownKeys = (root: z.ZodType, value: unknown, path: Path, keys: readonly string[]): Finding[] => {
  const known = knownKeys(root, value, path);
  return keys.map((key) => {
    const hint = meant(key, known);
    return faultAtKey(
      [...path, key],
      'unknown-key',
      `There is no setting \`${key}\` here.${hint.en}`,
      `Le réglage « ${key} » n’existe pas ici.${hint.fr}`,
    );
  });
};

const oneOf = (path: Path, value: unknown, values: readonly unknown[]): Finding => {
  const words = values.map(String);
  if (value === undefined) return missing(path);
  const hint = meant(shown(value) ?? '', words);
  const text = shown(value) ?? '?';
  return fault(
    path,
    'not-one-of',
    `\`${text}\` is not one of the choices.${hint.en}`,
    `« ${text} » n’est pas un des choix.${hint.fr}`,
  );
};

const size = (path: Path, value: unknown, issue: Issue & { code: 'too_small' | 'too_big' }): Finding => {
  const small = issue.code === 'too_small';
  const limit = String(small ? issue.minimum : issue.maximum);
  if (issue.origin === 'array' || issue.origin === 'set') {
    return fault(
      path,
      'list-length',
      `The list may have ${small ? 'no fewer' : 'no more'} than ${limit} entries.`,
      `La liste doit avoir ${small ? 'au moins' : 'au plus'} ${limit} éléments.`,
    );
  }
  const [word, wordFr] = small ? ['at least', 'au moins'] : ['at most', 'au plus'];
  return expected(path, value, 'out-of-range', { en: `Write ${word} ${limit}.`, fr: `Mettez ${wordFr} ${limit}.` });
};

const isCustomIssue = (params: unknown): params is CustomIssue =>
  isRecord(params) && ['code', 'en', 'fr'].every((key) => typeof params[key] === 'string');

const customIn = (issues: readonly Issue[]): CustomIssue | undefined => {
  for (const issue of issues) {
    if (issue.code === 'custom' && isCustomIssue(issue.params)) return issue.params;
  }
  return undefined;
};

const union = (path: Path, value: unknown, issue: Issue & { code: 'invalid_union' }): Finding => {
  const options: unknown = 'options' in issue ? issue.options : undefined;
  if (Array.isArray(options)) return oneOf(path, value, options);
  const custom = customIn(issue.errors.flat());
  if (custom) return fault(path, custom.code, custom.en, custom.fr);
  return byToken(path, value, issue.message) ?? expected(path, value, 'not-valid', FALLBACK);
};

const badKey = (path: Path, issue: Issue & { code: 'invalid_key' }): Finding => {
  const sentence = withValue(path.at(-1), EXPECTED[issue.issues[0]?.message ?? ''] ?? FALLBACK);
  return faultAtKey(path, 'bad-id', sentence.en, sentence.fr);
};

const findingsOf = (root: z.ZodType, rootValue: unknown, issue: Issue): Finding[] => {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const value = valueAt(rootValue, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(root, rootValue, path, issue.keys);
    case 'invalid_type':
      return [byToken(path, value, issue.message) ?? expected(path, value, 'wrong-type', TYPES[issue.expected] ?? FALLBACK)];
    case 'invalid_format':
      return [byToken(path, value, issue.message) ?? expected(path, value, 'not-valid', FALLBACK)];
    case 'invalid_value':
      return [oneOf(path, value, issue.values)];
    case 'too_small':
    case 'too_big':
      return [byToken(path, value, issue.message) ?? size(path, value, issue)];
    case 'invalid_union':
      return [union(path, value, issue)];
    case 'invalid_key':
      return [badKey(path, issue)];
    case 'custom': {
      const custom = customIn([issue]);
      return [custom ? fault(path, custom.code, custom.en, custom.fr) : expected(path, value, 'not-valid', FALLBACK)];
    }
    default:
      return [expected(path, value, 'not-valid', FALLBACK)];
  }
};

export const shapeFindings = (root: z.ZodType, value: unknown, issues: readonly Issue[]): Finding[] =>
  issues.flatMap((issue) => findingsOf(root, value, issue));
