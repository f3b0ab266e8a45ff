/**
 * Sentence patterns: `open <thing>`, `<who> types <text> at <keypad>`. Plain words must stand as they are; a slot
 * `<name>` takes one word; `<name...>` takes all that follow.
 */
import type { Word } from './words.ts';

export type Slots = Readonly<Record<string, readonly Word[]>>;

export type Pattern<T> = {
  readonly words: string;
  /** undefined: the words fit and what stands in a slot does not; the sentence then is an error. */
  readonly make: (slots: Slot) => T | undefined;
};

export type Slot = {
  /** The word in a slot; '' where the pattern has no such slot. */
  readonly word: (name: string) => string;
  readonly rest: (name: string) => readonly Word[];
};

const SLOT = /^<([a-z]+)(\.\.\.)?>$/;

const takeRest = (parts: readonly string[], at: number, words: readonly Word[]): boolean =>
  at === parts.length - 1 && (SLOT.exec(parts[at] ?? '')?.[2] ?? '') !== '' && words.length > at;

/** The slots of a sentence that fits the pattern's words. */
const fit = (pattern: string, words: readonly Word[]): Slots | undefined => {
  const parts = pattern.split(' ');
  const slots: Record<string, readonly Word[]> = {};
  for (const [at, part] of parts.entries()) {
    const name = SLOT.exec(part)?.[1];
    const word = words[at];
    if (!word) return undefined;
    if (name === undefined && (word.quoted || word.text !== part)) return undefined;
    if (name === undefined) continue;
    if (takeRest(parts, at, words)) return { ...slots, [name]: words.slice(at) };
    slots[name] = [word];
  }
  return words.length === parts.length ? slots : undefined;
};

const slotOf = (slots: Slots): Slot => ({
  word: (name) => slots[name]?.[0]?.text ?? '',
  rest: (name) => slots[name] ?? [],
});

export type Match<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly nearest: string | undefined };

/** How many words of a pattern stand, in order, at the head of the sentence: what to propose when nothing fits. */
const likeness = (pattern: string, words: readonly Word[]): number => {
  const literal = pattern.split(' ').filter((part) => !SLOT.test(part));
  return literal.filter((part) => words.some((word) => word.text === part)).length / Math.max(1, literal.length);
};

const nearestOf = <T>(patterns: readonly Pattern<T>[], words: readonly Word[]): string | undefined => {
  const scored = patterns.map(({ words: text }) => ({ text, score: likeness(text, words) }));
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  return best && best.score > 0 ? best.text : undefined;
};

/** The first pattern that fits with all its slots. */
export const matchPattern = <T>(patterns: readonly Pattern<T>[], words: readonly Word[]): Match<T> => {
  let fitted: string | undefined;
  for (const pattern of patterns) {
    const slots = fit(pattern.words, words);
    const value = slots && pattern.make(slotOf(slots));
    if (value !== undefined) return { ok: true, value };
    if (slots) fitted ??= pattern.words;
  }
  return { ok: false, nearest: fitted ?? nearestOf(patterns, words) };
};
