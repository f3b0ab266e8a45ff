/** YAML → Story, or every problem in it with its line. Nothing in a story is passed over. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { Meaning } from '../core/config.ts';
import { parseSentence } from './sentence.ts';
import type { Start, Step, Story, StoryCode, StoryProblem } from './story.ts';
import { parseLocalTime } from './words.ts';

export type StoryResult =
  | { readonly ok: true; readonly story: Story }
  | { readonly ok: false; readonly problems: readonly StoryProblem[] };

const KEYS = ['title', 'about', 'site', 'start', 'codes', 'looks like', 'steps'];

type Reader = { readonly problems: StoryProblem[]; readonly lineOf: (node: unknown) => number };

const complain = (reader: Reader, node: unknown, message: string): void =>
  void reader.problems.push({ line: reader.lineOf(node), message });

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'range' in value;

const readerOf = (counter: LineCounter): Reader => ({
  problems: [],
  lineOf: (node) => (isNode(node) && node.range ? counter.linePos(node.range[0]).line : 0),
});

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
const textOf = (node: unknown): string | undefined => {
  if (!isScalar(node)) return undefined;
  // A code such as 0123 must stay as it is written.
  return node.source ?? (typeof node.value === 'string' ? node.value : undefined);
};

/** YAML takes ` #` for the start of a comment: `alarmo#1, #2` would lose its end. */
const complainOfComment = (reader: Reader, node: unknown): void => {
  if (!isScalar(node) || node.comment === undefined || node.comment === null) return;
  complain(
    reader,
    node,
    `what stands after " #" is a comment, "#${node.comment}": put the line in quotes, or the comment on its own line`,
  );
};

const text = (reader: Reader, map: YAMLMap, key: string): string => {
  const node = map.get(key, true);
  const value = textOf(node)?.trim();
  if (key === 'title' || key === 'about') complainOfComment(reader, node);
  if (value === undefined || value === '') complain(reader, node ?? map, `"${key}" must be a line of text`);
  return value ?? '';
};

// ---- the start

const START = /^(\S+)T(\S+) (\S+?),? (synchronised|unsynchronised)$/;

const readStart = (reader: Reader, map: YAMLMap): Start => {
  const [, date = '', clock = '', zone = '', quality] = START.exec(text(reader, map, 'start')) ?? [];
  const time = parseLocalTime(date, clock);
  if (time) return { time, zone, synchronised: quality === 'synchronised' };
  complain(reader, map.get('start', true) ?? map, '"start" must read like: 2026-03-02T19:00 Europe/Paris, synchronised');
  return { time: { date: '1970-01-01', minute: 0, second: 0 }, zone: 'UTC', synchronised: false };
};

// ---- codes

const MEANINGS: Readonly<Record<string, Meaning>> = { duress: 'duress', 'not normal': 'not-normal' };

const readCode = (reader: Reader, pair: Pair): StoryCode[] => {
  const [user = '', word] = (textOf(pair.value) ?? '').split(',').map((part) => part.trim());
  const written = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : '';
  const badge = written.startsWith('badge ');
  const meaning = word === undefined ? 'normal' : MEANINGS[word];
  if (user !== '' && meaning && (badge || /^[0-9]+$/.test(written))) {
    return [{ kind: badge ? 'badge' : 'code', text: badge ? written.slice('badge '.length) : written, user, meaning }];
  }
  complain(reader, pair.key, 'a code must read like: "2580": martin, "2581": martin, duress, or: badge 80981CC0: martin');
  return [];
};

const readCodes = (reader: Reader, node: unknown): readonly StoryCode[] => {
  if (isMap(node)) return node.items.flatMap((pair) => readCode(reader, pair));
  complain(reader, node, '"codes" must be a list of codes and whose they are');
  return [];
};

// ---- twin and steps

const readTwin = (reader: Reader, node: unknown): Story['twin'] => {
  if (node === undefined) return [];
  if (isMap(node)) {
    return node.items.map((pair) => ({
      typed: isScalar(pair.key) ? (pair.key.source ?? keyOf(pair)) : '',
      instead: textOf(pair.value) ?? '',
    }));
  }
  complain(reader, node, '"looks like" must say what is typed instead, as in: "2581": "2580"');
  return [];
};

const readStep = (reader: Reader, node: unknown): Step[] => {
  const written = textOf(node)?.trim();
  if (written === undefined) {
    complain(reader, node, 'a step is one sentence; put it in single quotes if it holds ": " or " #"');
    return [];
  }
  complainOfComment(reader, node);
  const parsed = parseSentence(written);
  if (parsed.ok) return [{ line: reader.lineOf(node), text: written, timing: parsed.timing, sentence: parsed.sentence }];
  complain(reader, node, parsed.error);
  return [];
};

const readSteps = (reader: Reader, map: YAMLMap): readonly Step[] => {
  const node = map.get('steps', true);
  if (!isSeq(node)) {
    complain(reader, node ?? map, '"steps" must be a list of sentences');
    return [];
  }
  const steps = node.items.flatMap((item) => readStep(reader, item));
  if (reader.problems.length === 0 && !steps.some(({ sentence }) => sentence.kind === 'expect')) {
    complain(reader, node, 'a story without an "expect" proves nothing');
  }
  return steps;
};

const checkKeys = (reader: Reader, map: YAMLMap): void => {
  for (const pair of map.items) {
    if (!KEYS.includes(keyOf(pair)))
      complain(reader, pair.key, `"${keyOf(pair)}" is not part of a story: it has ${KEYS.join(', ')}`);
  }
};

const readStory = (reader: Reader, map: YAMLMap): Story => {
  checkKeys(reader, map);
  const codes = map.get('codes', true);
  return {
    title: text(reader, map, 'title'),
    about: text(reader, map, 'about'),
    site: text(reader, map, 'site'),
    start: readStart(reader, map),
    codes: codes === undefined ? [] : readCodes(reader, codes),
    twin: readTwin(reader, map.get('looks like', true)),
    steps: readSteps(reader, map),
  };
};

export const parseStory = (source: string): StoryResult => {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  const reader = readerOf(counter);
  for (const error of document.errors) reader.problems.push({ line: error.linePos?.[0].line ?? 0, message: error.message });
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  if (!isMap(document.contents))
    return { ok: false, problems: [{ line: 1, message: 'a story has title, about, site, start and steps' }] };
  const story = readStory(reader, document.contents);
  return reader.problems.length > 0 ? { ok: false, problems: reader.problems } : { ok: true, story };
};
