/**
 * Finding what a person means: a zone by its number, id or name, a keypad, a user; without accents, capitals or
 * articles, by any unambiguous beginning of a word.
 */
import type { Config, DoorConfig, KeypadConfig, UserConfig, ZoneConfig, ZoneType } from '../../core/config.ts';

export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'several'; readonly values: readonly T[] }
  | { readonly kind: 'none' };

type Names<T> = { readonly value: T; readonly exact: readonly string[]; readonly begin: readonly string[] };

const ARTICLES = /^(?:(?:la|le|les|de|du|des|the) |l')+/;

/** Small letters without accents, one space between words. */
export const plain = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'").replaceAll(/\s+/g, ' ').trim().toLowerCase();

const bare = (text: string): string => plain(text).replace(ARTICLES, '');

/** `fond de gache, livraison` begins also at `de gache, livraison`, `gache, livraison` and `livraison`. */
const beginnings = (text: string): readonly string[] => {
  const words = plain(text).split(/(?<=[ ,'-])/);
  return words.map((_, index) => words.slice(index).join(''));
};

export const resultOf = <T>(values: readonly T[]): Found<T> => {
  const [first] = values;
  if (first === undefined) return { kind: 'none' };
  return values.length === 1 ? { kind: 'found', value: first } : { kind: 'several', values };
};

const find = <T>(entries: readonly Names<T>[], text: string): Found<T> => {
  const wanted = bare(text);
  if (wanted === '') return { kind: 'none' };
  const exact = entries.filter(({ exact: names }) => names.some((name) => bare(name) === wanted));
  if (exact.length > 0) return resultOf(exact.map(({ value }) => value));
  const whole = entries.filter(({ begin }) => begin.some((name) => bare(name).startsWith(wanted)));
  if (whole.length === 1) return resultOf(whole.map(({ value }) => value));
  const any = entries.filter(({ begin }) => begin.some((name) => beginnings(name).some((each) => each.startsWith(wanted))));
  return resultOf((any.length > 0 ? any : entries.filter((entry) => hasEveryWord(entry, wanted))).map(({ value }) => value));
};

/** `fenetre cour` for *Fenêtre sur cour*. */
const hasEveryWord = <T>({ begin }: Names<T>, wanted: string): boolean =>
  begin.some((name) => {
    const words = plain(name).split(/[ ,'-]+/);
    return wanted.split(/[ ,'-]+/).every((part) => words.some((word) => word.startsWith(part)));
  });

/** Parts of a door that people mean only by their own name. */
const PARTS: ReadonlySet<ZoneType> = new Set<ZoneType>([
  'latch',
  'exit-request',
  'door-permit',
  'door-request',
  'bell',
  'bolt',
  'green-box',
]);

const isPart = ({ type }: ZoneConfig): boolean => PARTS.has(type);

const zoneNames = ({ doors }: Config, zone: ZoneConfig): Names<ZoneConfig> => {
  const door = doors.find(({ contact }) => contact === zone.id);
  const ofDoor = door ? [door.id, door.name] : [];
  const names = [zone.id, zone.name, ...ofDoor];
  return { value: zone, exact: [String(zone.number), ...names], begin: names };
};

/** A latch or a button is meant only where nothing else is: people speak of the door. */
export const findZone = (config: Config, text: string): Found<ZoneConfig> => {
  const found = find(
    config.zones.map((zone) => zoneNames(config, zone)),
    text,
  );
  if (found.kind !== 'several') return found;
  const others = found.values.filter((zone) => !isPart(zone));
  return others.length > 0 ? resultOf(others) : found;
};

export const findDoor = (doors: readonly DoorConfig[], text: string): Found<DoorConfig> =>
  find(
    doors.map((door) => ({ value: door, exact: [door.id, door.name], begin: [door.id, door.name] })),
    text,
  );

export const findKeypad = (config: Config, text: string): Found<KeypadConfig> =>
  find(
    config.keypads.map((keypad) => ({ value: keypad, exact: [keypad.id, keypad.name], begin: [keypad.id, keypad.name] })),
    text,
  );

export const findUser = (config: Config, text: string): Found<UserConfig> =>
  find(
    config.users.map((user) => ({ value: user, exact: [user.id, user.name], begin: [user.id, user.name] })),
    text,
  );
