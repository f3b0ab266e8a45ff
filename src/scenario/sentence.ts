/** One line of a story: when, then what happens or what must be seen. A line that fits no sentence is an error. */
import { ACTS } from './acts.ts';
import { FACTS } from './facts.ts';
import { matchPattern } from './patterns.ts';
import type { Pattern } from './patterns.ts';
import type { Sentence, Timing } from './story.ts';
import { parseDuration, parseLocalTime, parseStopwatch, splitWords } from './words.ts';
import type { Word } from './words.ts';

export type ParsedSentence =
  | { readonly ok: true; readonly timing: Timing; readonly sentence: Sentence }
  | { readonly ok: false; readonly error: string };

type Timed = { readonly timing: Timing; readonly rest: readonly Word[] };

const bad = (error: string): ParsedSentence => ({ ok: false, error });

/** `at 00:30 …`, `after 10s …`, `on 2026-03-03 at 07:30 …`, or none of them; undefined: a time that cannot be read. */
const takeTiming = (words: readonly Word[]): Timed | undefined => {
  const [first, second, third, fourth] = words.map(({ text }) => text);
  if (first === 'at' && second !== undefined) {
    const ms = parseStopwatch(second);
    return ms === undefined ? undefined : { timing: { kind: 'at', ms }, rest: words.slice(2) };
  }
  if (first === 'after' && second !== undefined) {
    const ms = parseDuration(second);
    return ms === undefined ? undefined : { timing: { kind: 'after', ms }, rest: words.slice(2) };
  }
  if (first !== 'on' || third !== 'at') return { timing: { kind: 'now' }, rest: words };
  const time = parseLocalTime(second ?? '', fourth ?? '');
  return time && { timing: { kind: 'local', time }, rest: words.slice(4) };
};

const matched = <T>(
  patterns: readonly Pattern<T>[],
  words: readonly Word[],
  timing: Timing,
  wrap: (value: T) => Sentence,
): ParsedSentence => {
  const match = matchPattern(patterns, words);
  if (match.ok) return { ok: true, timing, sentence: wrap(match.value) };
  const said = words.map(({ text }) => text).join(' ');
  return bad(`nobody understands "${said}"${match.nearest === undefined ? '' : `; near it: ${match.nearest}`}`);
};

const parseExpect = (words: readonly Word[], timing: Timing): ParsedSentence => {
  const head = words[0]?.text;
  const not = head === 'no' || head === 'not';
  return matched(FACTS, not ? words.slice(1) : words, timing, (fact) => ({ kind: 'expect', fact, not }));
};

export const parseSentence = (text: string): ParsedSentence => {
  const split = splitWords(text);
  if (!split.ok) return bad(split.error);
  const timed = takeTiming(split.words);
  if (!timed) return bad('the time cannot be read: write "at 00:30", "after 10s" or "on 2026-03-03 at 07:30"');
  const { timing, rest } = timed;
  const [head, ...others] = rest;
  if (!head) return bad('nothing happens here');
  if (head.text === 'expect') return parseExpect(others, timing);
  if (head.text === 'never') return matched(FACTS, others, timing, (fact) => ({ kind: 'never', fact }));
  return matched(ACTS, rest, timing, (act) => ({ kind: 'act', act }));
};
