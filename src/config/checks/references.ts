/** References between entries: an id that is named must be there. */
import type { Draft, Section } from '../draft.ts';
import { fault } from '../problem.ts';
import type { Finding, Path } from '../problem.ts';
import { meant } from '../suggest.ts';

const SINGULAR: Readonly<Record<Section, readonly [string, string]>> = {
  expanders: ['expander', 'extension'],
  stations: ['station', 'platine'],
  buses: ['bus', 'bus'],
  areas: ['area', 'zone d’armement'],
  zones: ['zone', 'zone'],
  doors: ['door', 'porte'],
  outputs: ['output', 'sortie'],
  keypads: ['keypad', 'clavier'],
  users: ['user', 'personne'],
  operators: ['operator', 'opérateur'],
  schedules: ['schedule', 'horaire'],
};

/** No finding when the id is absent: a missing setting is told elsewhere. */
export const reference = (draft: Draft, section: Section, id: string | undefined, path: Path): Finding[] => {
  if (id === undefined || draft[section].has(id)) return [];
  const [word, wordFr] = SINGULAR[section];
  const hint = meant(id, [...draft[section].keys()]);
  return [
    fault(path, `unknown-${word}`, `There is no ${word} \`${id}\`.${hint.en}`, `Il n’y a pas de ${wordFr} « ${id} ».${hint.fr}`),
  ];
};

export const references = (draft: Draft, section: Section, ids: readonly string[] | undefined, path: Path): Finding[] =>
  (ids ?? []).flatMap((id, index) => reference(draft, section, id, [...path, index]));

export const isEmpty = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length === 0;

/** The later ones of entries that share a value, each with the first that has it. */
export const duplicates = <T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): readonly { readonly item: T; readonly first: T }[] => {
  const firsts = new Map<string, T>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (first !== undefined) return [{ item, first }];
    firsts.set(key, item);
    return [];
  });
};
