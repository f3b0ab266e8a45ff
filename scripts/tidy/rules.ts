/** What the house asks of its source beyond what compiler and linter see. Each rule reads one file and names what breaks it. */
import { dirname, join, normalize } from 'node:path/posix';
import { bracketPairs, tokensOf } from './lexer.ts';
import type { Token } from './lexer.ts';
import { VOCABULARY, roomOf, rulesOf } from './rooms.ts';
import type { Room } from './rooms.ts';

export type RuleName =
  | 'unknown-room'
  | 'import-arrow'
  | 'impure'
  | 'process-use'
  | 'file-length'
  | 'function-length'
  | 'line-length'
  | 'unfinished'
  | 'machine-path'
  | 'escape'
  | 'test-left-out'
  | 'suite-not-run';

export type Problem = { readonly file: string; readonly line: number; readonly rule: RuleName; readonly text: string };

export const LINE_COLUMNS_MAX = 130;
export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 70;

type Source = { readonly path: string; readonly text: string };
type Code = Source & { readonly tokens: readonly Token[] };
type Found = { readonly line: number; readonly rule: RuleName; readonly text: string };

const isWord = (token: Token | undefined, text: string): boolean => token?.kind === 'word' && token.text === text;
const isMark = (token: Token | undefined, text: string): boolean => token?.kind === 'punctuation' && token.text === text;

// ---- imports

type Import = { readonly from: string; readonly typeOnly: boolean; readonly line: number };

const importAt = (tokens: readonly Token[], index: number): Import | undefined => {
  const specifier = tokens[index];
  if (specifier?.kind !== 'string') return undefined;
  const before = tokens[index - 1];
  const called = isMark(before, '(') && isWord(tokens[index - 2], 'import');
  if (!called && !isWord(before, 'from') && !isWord(before, 'import')) return undefined;
  const start = tokens.findLastIndex((token, at) => at < index && (isWord(token, 'import') || isWord(token, 'export')));
  const typeOnly = !called && isWord(tokens[start + 1], 'type');
  return { from: specifier.text, typeOnly, line: specifier.line };
};

const importsOf = (tokens: readonly Token[]): readonly Import[] =>
  tokens.map((_token, index) => importAt(tokens, index)).filter((found) => found !== undefined);

const packageOf = (from: string): string => {
  const [first = '', second = ''] = from.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
};

/** Why a room may not import this; undefined: it may. */
const refusalOf = (path: string, home: string, rules: Room, { from, typeOnly }: Import): string | undefined => {
  if (from.startsWith('node:')) return rules.node ? undefined : `${home} may not import ${from}`;
  if (!from.startsWith('.')) {
    const name = packageOf(from);
    return rules.packages === 'any' || rules.packages.includes(name) ? undefined : `${home} may not import the package ${name}`;
  }
  const target = normalize(join(dirname(path), from));
  const room = roomOf(target);
  if (room === undefined) return `${home} may not import ${target}, which is outside src`;
  if (room === home || rules.rooms.includes('*') || rules.rooms.includes(room)) return undefined;
  if (room === 'core' && rules.vocabulary) {
    return typeOnly || VOCABULARY.has(target)
      ? undefined
      : `${home} may import only types and vocabulary from core, not ${target}`;
  }
  return `${home} may not import ${room}`;
};

const arrows = ({ path, tokens }: Code): readonly Found[] => {
  const home = roomOf(path);
  if (home === undefined) return [];
  const rules = rulesOf(home);
  if (rules === undefined) return [{ line: 1, rule: 'unknown-room', text: `${home} is not in scripts/tidy/rooms.ts` }];
  return importsOf(tokens).flatMap((found) => {
    const text = refusalOf(path, home, rules, found);
    return text === undefined ? [] : [{ line: found.line, rule: 'import-arrow', text }];
  });
};

// ---- what is not pure

const IMPURE: ReadonlySet<string> = new Set(
  [
    ['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
    ['queueMicrotask', 'process', 'console', 'fetch', 'Buffer', 'globalThis', 'require', 'async', 'await', 'Promise'],
  ].flat(),
);

/** A free name, not a property (`frame.process`) nor a key (`process: …`). */
const isFree = (tokens: readonly Token[], index: number): boolean => {
  if (isMark(tokens[index - 1], '.') && !isMark(tokens[index - 2], '.')) return false;
  return !isMark(tokens[index + 1], ':');
};

const impurityAt = (tokens: readonly Token[], index: number): string | undefined => {
  const token = tokens[index];
  if (token?.kind !== 'word') return undefined;
  if (IMPURE.has(token.text)) return isFree(tokens, index) ? token.text : undefined;
  const drawn = token.text === 'random' && isMark(tokens[index - 1], '.') && isWord(tokens[index - 2], 'Math');
  return drawn ? 'Math.random' : undefined;
};

const impurities = ({ path, tokens }: Code): readonly Found[] => {
  const home = roomOf(path);
  if (home === undefined || rulesOf(home)?.pure !== true) return [];
  return tokens.flatMap((token, index) => {
    const name = impurityAt(tokens, index);
    return name === undefined ? [] : [{ line: token.line, rule: 'impure', text: `${home} is pure and may not use ${name}` }];
  });
};

const PROCESS_PARTS: ReadonlySet<string> = new Set(['argv', 'env', 'exit', 'exitCode', 'stdin', 'stdout', 'stderr']);

const processUses = ({ path, tokens }: Code): readonly Found[] => {
  const home = roomOf(path);
  if (home === undefined || rulesOf(home)?.process !== false) return [];
  return tokens.flatMap((token, index) => {
    if (!isWord(token, 'process') || !isMark(tokens[index + 1], '.')) return [];
    const part = tokens[index + 2]?.text ?? '';
    if (!PROCESS_PARTS.has(part)) return [];
    return [{ line: token.line, rule: 'process-use', text: `only src/main.ts and src/cli may use process.${part}` }];
  });
};

// ---- sizes

const fileLength = ({ path, text }: Source): readonly Found[] => {
  const lines = text.trimEnd().split('\n').length;
  if (!path.startsWith('src/') || lines <= FILE_LINES_MAX) return [];
  return [{ line: FILE_LINES_MAX + 1, rule: 'file-length', text: `${lines} lines, at most ${FILE_LINES_MAX}` }];
};

const CONTROL: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'catch', 'with']);

/** Where the body that follows a parameter list opens: after it, past a return type. */
const bodyAfter = (tokens: readonly Token[], pairs: ReadonlyMap<number, number>, closing: number): number | undefined => {
  let index = closing + 1;
  while (index < tokens.length && !isMark(tokens[index], ';')) {
    if (
      isMark(tokens[index], '{') &&
      !(tokens[index - 1]?.kind === 'punctuation' && ':|&<,'.includes(tokens[index - 1]?.text ?? ''))
    )
      return index;
    index = (pairs.get(index) ?? index) + 1;
  }
  return undefined;
};

const bodyAt = (tokens: readonly Token[], pairs: ReadonlyMap<number, number>, index: number): number | undefined => {
  const next = tokens[index + 1];
  if (isMark(tokens[index], '=>')) return isMark(next, '{') || isMark(next, '(') ? index + 1 : undefined;
  const closing = isMark(tokens[index], '(') ? pairs.get(index) : undefined;
  const before = tokens[index - 1];
  if (closing === undefined || before?.kind !== 'word' || CONTROL.has(before.text)) return undefined;
  const declared = isWord(before, 'function') || isWord(tokens[index - 2], 'function');
  if (declared) return bodyAfter(tokens, pairs, closing);
  return isMark(tokens[closing + 1], '{') ? closing + 1 : undefined;
};

const functionLengths = ({ path, tokens: all }: Code): readonly Found[] => {
  // A contract suite is one function that holds all its tests.
  if (path.startsWith('test/')) return [];
  const tokens = all.filter((token) => token.kind !== 'comment');
  const pairs = bracketPairs(tokens);
  return tokens.flatMap((token, index) => {
    const body = bodyAt(tokens, pairs, index);
    const end = body === undefined ? undefined : pairs.get(body);
    const lines = (tokens[end ?? index]?.line ?? token.line) - token.line + 1;
    if (lines <= FUNCTION_LINES_MAX) return [];
    return [{ line: token.line, rule: 'function-length', text: `a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}` }];
  });
};

// ---- plain text

const eachLine = (text: string, judge: (line: string) => string | undefined, rule: RuleName): readonly Found[] =>
  text.split('\n').flatMap((line, index) => {
    const found = judge(line);
    return found === undefined ? [] : [{ line: index + 1, rule, text: found }];
  });

const lineLengths = ({ text }: Source): readonly Found[] =>
  eachLine(
    text,
    (line) => (line.length > LINE_COLUMNS_MAX ? `${line.length} columns, at most ${LINE_COLUMNS_MAX}` : undefined),
    'line-length',
  );

// Written so that they do not find themselves.
const UNFINISHED = /\b(?:TO[D]O|FIX[M]E)\b/;
const MACHINE_PATH = /(?<![\w.])\/(?:work|home|root)\//;

const ESCAPE = /\b(?:ox|es)lint-disa[b]le|@ts-(?:ig[n]ore|exp[e]ct-error|noch[e]ck)/;

const unfinished = ({ text }: Source): readonly Found[] =>
  eachLine(text, (line) => (UNFINISHED.test(line) ? 'finish it, or say in the docs what is not done' : undefined), 'unfinished');

const machinePaths = ({ text }: Source): readonly Found[] =>
  eachLine(text, (line) => (MACHINE_PATH.test(line) ? 'a path of one machine' : undefined), 'machine-path');

const escapes = ({ text }: Source): readonly Found[] =>
  eachLine(text, (line) => (ESCAPE.test(line) ? 'a way round compiler or linter' : undefined), 'escape');

// ---- tests

const leftOut = ({ path, tokens }: Code): readonly Found[] => {
  if (!path.startsWith('test/')) return [];
  return tokens.flatMap((token, index) => {
    const left = isWord(token, 'only') || isWord(token, 'skip');
    if (!left || !isMark(tokens[index - 1], '.') || !isMark(tokens[index + 1], '(')) return [];
    return [{ line: token.line, rule: 'test-left-out', text: `.${token.text}( leaves tests out` }];
  });
};

/** uvu runs a suite only when told to, and says nothing of one that it was not told of. */
const suitesNotRun = ({ path, tokens }: Code): readonly Found[] => {
  if (!path.startsWith('test/')) return [];
  return tokens.flatMap((token, index) => {
    if (!isWord(token, 'suite') || !isMark(tokens[index - 1], '=') || !isMark(tokens[index + 1], '(')) return [];
    const name = tokens[index - 2]?.text ?? '';
    const run = tokens.some((word, at) => isWord(word, name) && isMark(tokens[at + 1], '.') && isWord(tokens[at + 2], 'run'));
    return run ? [] : [{ line: token.line, rule: 'suite-not-run', text: `${name}.run() is missing` }];
  });
};

const TEXT_RULES = [unfinished, machinePaths];
const CODE_RULES = [arrows, impurities, processUses, fileLength, functionLengths, lineLengths, escapes, leftOut, suitesNotRun];

/** Every problem of one file. `path` is relative to the root, with forward slashes. */
export const problemsIn = (path: string, text: string): readonly Problem[] => {
  const texts = TEXT_RULES.flatMap((rule) => rule({ path, text }));
  if (!path.endsWith('.ts')) return texts.map((found) => ({ file: path, ...found }));
  const code = { path, text, tokens: tokensOf(text) };
  return [...texts, ...CODE_RULES.flatMap((rule) => rule(code))].map((found) => ({ file: path, ...found }));
};
