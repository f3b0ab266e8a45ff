/**
 * TypeScript source as a flat list of tokens, just good enough to tell code from comments, strings, templates and regexes.
 * It reads what the compiler has accepted, so nothing here reports a syntax error.
 */

export type TokenKind = 'comment' | 'string' | 'template' | 'regex' | 'word' | 'number' | 'punctuation';
/** `line` counts from 1 and is where the token begins. A string's `text` is what stands between its quotes. */
export type Token = { readonly kind: TokenKind; readonly text: string; readonly line: number };

const WORDS_BEFORE_REGEX: ReadonlySet<string> = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'void',
  'throw',
  'else',
  'await',
  'yield',
  'do',
]);

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const TEMPLATE_CHUNK = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy;
const NUMBER = /\d[\w.]*/y;
const SPACE = /\s+/y;

type Reader = {
  readonly source: string;
  readonly tokens: Token[];
  /** One entry for each open brace: does a template go on after it? */
  readonly braces: boolean[];
  at: number;
  line: number;
};

const take = (reader: Reader, pattern: RegExp): string | undefined => {
  pattern.lastIndex = reader.at;
  const text = pattern.exec(reader.source)?.[0];
  if (text === undefined) return undefined;
  reader.at += text.length;
  return text;
};

const push = (reader: Reader, kind: TokenKind, text: string, taken = text): void => {
  reader.tokens.push({ kind, text, line: reader.line });
  for (const character of taken) if (character === '\n') reader.line += 1;
};

const regexMayFollow = (tokens: readonly Token[]): boolean => {
  const last = tokens.findLast((token) => token.kind !== 'comment');
  if (last === undefined) return true;
  if (last.kind === 'word') return WORDS_BEFORE_REGEX.has(last.text);
  return last.kind === 'punctuation' && ![')', ']', '}'].includes(last.text);
};

const readTemplateChunk = (reader: Reader): void => {
  const chunk = take(reader, TEMPLATE_CHUNK) ?? '';
  push(reader, 'template', chunk);
  if (!chunk.endsWith('${')) return;
  reader.braces.push(true);
  push(reader, 'punctuation', '{', '');
};

const readPunctuation = (reader: Reader): void => {
  const text = reader.source.startsWith('=>', reader.at) ? '=>' : reader.source.charAt(reader.at);
  reader.at += text.length;
  if (text === '`') return readTemplateChunk(reader);
  push(reader, 'punctuation', text);
  if (text === '{') reader.braces.push(false);
  if (text === '}' && reader.braces.pop() === true) readTemplateChunk(reader);
};

const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['comment', COMMENT],
  ['word', WORD],
  ['number', NUMBER],
];

const readToken = (reader: Reader): void => {
  const space = take(reader, SPACE);
  if (space !== undefined) {
    reader.line += space.split('\n').length - 1;
    return;
  }
  for (const [kind, pattern] of KINDS) {
    const text = take(reader, pattern);
    if (text !== undefined) return push(reader, kind, text);
  }
  const quoted = take(reader, STRING);
  if (quoted !== undefined) return push(reader, 'string', quoted.slice(1, -1), quoted);
  const regex = regexMayFollow(reader.tokens) ? take(reader, REGEX) : undefined;
  if (regex !== undefined) return push(reader, 'regex', regex);
  readPunctuation(reader);
};

export const tokensOf = (source: string): readonly Token[] => {
  const reader: Reader = { source, tokens: [], braces: [], at: 0, line: 1 };
  while (reader.at < source.length) readToken(reader);
  return reader.tokens;
};

/** For each bracket that opens, the place of the one that closes it. */
export const bracketPairs = (tokens: readonly Token[]): ReadonlyMap<number, number> => {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'punctuation') return;
    if ('([{'.includes(token.text)) open.push(index);
    if (!')]}'.includes(token.text)) return;
    const opened = open.pop();
    if (opened !== undefined) pairs.set(opened, index);
  });
  return pairs;
};
