/** YAML text as plain data that still knows where each key and value stands. */
import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Pair } from 'yaml';
import type { Finding, Path, Problem } from './problem.ts';

/** A site of 256 zones is about 100 000 characters long. */
const TEXT_LENGTH_MAX = 500_000;
/** Brackets and indents inside one another. A site needs five. */
const DEPTH_MAX = 40;

export type Position = { readonly line: number; readonly column: number };

export type Source = {
  readonly value: unknown;
  /** Where a path is, or the nearest thing around it that is written. */
  readonly locate: (path: Path, at: 'key' | 'value') => Position;
};

export type SourceResult =
  /** `problems`: the same key twice; the rest can still be checked. */
  | { readonly ok: true; readonly source: Source; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Offsets at which lines start. The parser's own line counter misses the line ends inside some faulty tokens. */
type LineStarts = readonly number[];

const lineStartsOf = (text: string): LineStarts => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];

const positionAt = (starts: LineStarts, offset: number): Position => {
  const place = Math.max(0, offset);
  const next = starts.findIndex((start) => start > place);
  const line = next < 0 ? starts.length : next;
  return { line, column: place - (starts[line - 1] ?? 0) + 1 };
};

const startOf = (node: unknown): number | undefined => (isNode(node) && node.range ? node.range[0] : undefined);

type Step = { readonly key: number | undefined; readonly node: unknown };

const stepInto = (node: unknown, part: string | number): Step | undefined => {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { key: startOf(item), node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair && { key: startOf(pair.key), node: pair.value };
};

const resolved = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

const offsetOf = (document: Document, path: Path, at: 'key' | 'value'): number => {
  let node: unknown = document.contents;
  let key = startOf(node);
  for (const part of path) {
    const step = stepInto(resolved(document, node), part);
    if (!step) return key ?? 0;
    key = step.key ?? key;
    node = step.node;
  }
  return (at === 'key' || (isScalar(node) && node.value === null) ? key : (startOf(node) ?? key)) ?? 0;
};

// ---- what is wrong with the text itself

const problemAt = (position: Position, code: string, message: string, messageFr: string): Problem => ({
  severity: 'error',
  ...position,
  path: '',
  code,
  message,
  messageFr,
});

const wordAt = (text: string, offset: number): string =>
  /^["']?([^\s:"',{}[\]]{1,60})/.exec(text.slice(offset, offset + 64))?.[1] ?? '';

type YamlError = { readonly code: string; readonly message: string; readonly pos: readonly [number, number] };

const yamlProblem = (text: string, lines: LineStarts, error: YamlError): Problem => {
  const position = positionAt(lines, error.pos[0]);
  if (error.code === 'DUPLICATE_KEY') {
    const word = wordAt(text, error.pos[0]);
    return problemAt(
      position,
      'duplicate-key',
      `\`${word}\` is there twice. Rename one of them or take it out.`,
      `« ${word} » est là deux fois. Renommez-en un ou retirez-le.`,
    );
  }
  const detail = error.message.split('\n')[0] ?? '';
  return problemAt(
    position,
    'yaml-syntax',
    `This is not well-formed YAML: ${detail}. Check indents, quotes and brackets on this line and the one before.`,
    `Le YAML est mal formé (${detail}). Vérifiez retraits, guillemets et crochets sur cette ligne et la précédente.`,
  );
};

/** One slip can upset the parser several times on its line: the first says where. */
const firstOfLine = (problems: readonly Problem[]): Problem[] =>
  problems.filter(
    ({ code, line }, index) =>
      code !== 'yaml-syntax' || problems.findIndex((other) => other.code === code && other.line === line) === index,
  );

const keyProblems = (document: Document, lines: LineStarts): Problem[] => {
  const problems: Problem[] = [];
  visit(document, {
    Pair: (_, pair: Pair) => {
      if (isScalar(pair.key) && typeof pair.key.value !== 'object' && pair.key.value !== '__proto__') return;
      const position = positionAt(lines, startOf(pair.key) ?? startOf(pair.value) ?? 0);
      problems.push(
        problemAt(
          position,
          'bad-key',
          'This cannot be a key. Write a plain word.',
          'Ceci ne peut pas être une clé. Mettez un mot simple.',
        ),
      );
    },
  });
  return problems;
};

/** The parser calls itself for each level: what is nested too deep must not reach it. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

const deepestBlock = (text: string): number => {
  let deepest = 0;
  for (const line of text.split('\n')) {
    const lead = /^[ ]*((-|\?|:) +)*/.exec(line)?.[0] ?? '';
    deepest = Math.max(deepest, lead.length / 2);
  }
  return deepest;
};

const unreadable = (code: string, message: string, messageFr: string): SourceResult => ({
  ok: false,
  problems: [problemAt({ line: 1, column: 1 }, code, message, messageFr)],
});

const plainValue = (document: Document): { readonly ok: true; readonly value: unknown } | { readonly ok: false } => {
  try {
    // A border: the parser throws for an alias inside its own anchor and for alias bombs.
    return { ok: true, value: document.toJS({ maxAliasCount: 200 }) };
  } catch {
    return { ok: false };
  }
};

const sourceOf = (text: string, document: Document, lines: LineStarts): SourceResult => {
  const problems = firstOfLine([...document.errors, ...document.warnings].map((error) => yamlProblem(text, lines, error)));
  problems.push(...keyProblems(document, lines));
  if (problems.some(({ code }) => code !== 'duplicate-key')) return { ok: false, problems };
  const plain = plainValue(document);
  if (!plain.ok) {
    return unreadable(
      'bad-alias',
      'The anchors (&) and aliases (*) cannot be resolved. Take them out.',
      'Les ancres (&) et alias (*) ne se résolvent pas. Retirez-les.',
    );
  }
  const locate = (path: Path, at: 'key' | 'value'): Position => positionAt(lines, offsetOf(document, path, at));
  return { ok: true, source: { value: plain.value, locate }, problems };
};

export const readSource = (text: string): SourceResult => {
  if (text.length > TEXT_LENGTH_MAX) {
    return unreadable(
      'too-large',
      'The file is longer than 500 000 characters. Is it the right one?',
      'Le fichier dépasse 500 000 caractères. Est-ce le bon ?',
    );
  }
  if (Math.max(depthOf(text), deepestBlock(text)) > DEPTH_MAX) {
    return unreadable(
      'too-deep',
      'The file is nested too deep. Is it the right one?',
      'Le fichier est imbriqué trop profondément. Est-ce le bon ?',
    );
  }
  const document = parseDocument(text, {
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    logLevel: 'error',
  });
  if (document.errors.length === 0 && document.contents === null) {
    return unreadable(
      'empty',
      'The file is empty. Begin with one of the examples in config/.',
      'Le fichier est vide. Partez d’un des exemples de config/.',
    );
  }
  return sourceOf(text, document, lineStartsOf(text));
};

export const toProblem = (source: Source, finding: Finding): Problem => ({
  severity: finding.severity,
  ...source.locate(finding.path, finding.at),
  path: finding.path.join('.'),
  code: finding.code,
  message: finding.message,
  messageFr: finding.messageFr,
});
