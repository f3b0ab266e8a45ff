/** Which verb is meant, and what there is to say where none is. */
import { nearest } from '../config/suggest.ts';

export type Verb<I> = {
  readonly about: string;
  /** Undefined: the verb tells it by itself. */
  readonly usage: string | undefined;
  readonly act: (args: readonly string[], io: I) => Promise<number>;
};
export type VerbTable<I> = Readonly<Record<string, Verb<I>>>;

export type Meant<I> =
  | { readonly kind: 'act'; readonly verb: Verb<I> }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

export const usageOf = <I>(verbs: VerbTable<I>): string => {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length));
  const lines = Object.entries(verbs).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}\n`);
  return `Usage: vigie VERB …\n\n${lines.join('')}\nvigie VERB --help tells more; vigie --version tells the version.\n`;
};

const verbNamed = <I>(verbs: VerbTable<I>, word: string): Verb<I> | undefined =>
  Object.hasOwn(verbs, word) ? verbs[word] : undefined;

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';

const helpOn = <I>(verbs: VerbTable<I>, word: string | undefined): Meant<I> | undefined => {
  const verb = word === undefined ? undefined : verbNamed(verbs, word);
  return verb?.usage === undefined ? undefined : { kind: 'help', text: verb.usage };
};

/** `word`: the first argument; `rest`: those after it. */
export const verbOf = <I>(verbs: VerbTable<I>, word: string | undefined, rest: readonly string[]): Meant<I> => {
  if (isHelp(word)) return helpOn(verbs, rest[0]) ?? { kind: 'help', text: usageOf(verbs) };
  const verb = word === undefined ? undefined : verbNamed(verbs, word);
  if (verb) return (rest.some((each) => each === '--help' || each === '-h') && helpOn(verbs, word)) || { kind: 'act', verb };
  const guess = word === undefined ? undefined : nearest(word, Object.keys(verbs));
  const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
  return { kind: 'unknown', text: `vigie: unknown verb ${word ?? ''}.${hint}\n${usageOf(verbs)}` };
};
