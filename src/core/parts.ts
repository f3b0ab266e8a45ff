/**
 * The durable state as it is stored: by parts, one text for each area, zone, door …, named by their ids. A step rewrites
 * only what it changed, so that an event costs the same on every site, and a changed config finds what still exists.
 */
import type { Config } from './config.ts';
import {
  initialArea,
  initialDoor,
  initialLockout,
  initialOutput,
  initialState,
  initialVolatile,
  initialZone,
} from './initial.ts';
import { hasSubject, isDurableKind } from './timers.ts';
import type { Site } from './site.ts';
import type { AreaState, Arming, Durable, DurableTimerKind, PeopleState, State, Timer, ZoneState } from './state.ts';
import { monotonic, wall } from './time.ts';
import type { Monotonic } from './time.ts';

export type Part = { readonly key: string; readonly json: string };

type Listed = 'areas' | 'zones' | 'doors' | 'outputs';
type Single = 'people' | 'conditions' | 'site' | 'clock' | 'timers';

const LISTED: readonly Listed[] = ['areas', 'zones', 'doors', 'outputs'];
const SINGLE: readonly Single[] = ['people', 'conditions', 'site', 'clock', 'timers'];

const AT_KEY = 'at';

/** Parts that differ between two states, in a fixed order. `before` undefined: all of them. */
export const changedParts = (site: Site, before: State | undefined, after: State): readonly Part[] => {
  if (before?.durable === after.durable) return [];
  const parts = [
    ...LISTED.flatMap((list) => changedInList(site.config, list, before?.durable, after.durable)),
    ...SINGLE.filter((name) => before?.durable[name] !== after.durable[name]).map((name) =>
      singlePart(site, name, after.durable),
    ),
  ];
  return parts.length === 0 ? parts : [...parts, { key: AT_KEY, json: JSON.stringify(after.at) }];
};

const changedInList = (config: Config, list: Listed, before: Durable | undefined, after: Durable): readonly Part[] => {
  if (before?.[list] === after[list]) return [];
  const [was, is] = [before?.[list], after[list]];
  const parts: Part[] = [];
  // Most entries of a large site are the same object: what is looked at further is what a step has made anew.
  for (let index = 0; index < is.length; index += 1) {
    if (was?.[index] === is[index] || isStoredAlike(list, before, after, index)) continue;
    const id = config[list][index]?.id ?? '';
    parts.push({ key: `${list}/${id}`, json: JSON.stringify(storedForm(list, after, index)) });
  }
  return parts;
};

/** What is read from the inputs anew: a change of these alone is not worth a write. */
const NOT_STORED: ReadonlySet<string> = new Set<keyof ZoneState>(['signal', 'cause', 'since']);
/** Stored when something else is, not worth a write of its own. */
const RIDES_ALONG: ReadonlySet<string> = new Set<keyof ZoneState>(['lastActiveAt']);

const isStoredAlike = (list: Listed, before: Durable | undefined, after: Durable, index: number): boolean => {
  const [was, is] = [before?.[list][index], after[list][index]];
  if (list !== 'zones' || !was || !is) return false;
  const old = new Map(Object.entries(was));
  return Object.entries(is).every(([key, value]) => NOT_STORED.has(key) || RIDES_ALONG.has(key) || old.get(key) === value);
};

const storedForm = (list: Listed, durable: Durable, index: number): unknown => {
  const entry = durable[list][index] ?? {};
  return list === 'zones' ? Object.fromEntries(Object.entries(entry).filter(([key]) => !NOT_STORED.has(key))) : entry;
};

const singlePart = ({ config }: Site, name: Single, durable: Durable): Part => ({
  key: name,
  json: JSON.stringify(name === 'people' ? peopleForm(config, durable.people) : durable[name]),
});

/** Counters of keypads by name, since a keypad may be added or removed. */
const peopleForm = (config: Config, people: PeopleState): unknown => ({
  ...people,
  keypads: Object.fromEntries(config.keypads.map(({ id }, index) => [id, people.keypads[index]])),
});

// ---- reading back

export type Restored =
  | { readonly ok: true; readonly state: State }
  | { readonly ok: false; readonly unreadable: readonly string[] };

/**
 * The state that the parts describe, for the site as it is configured now. What they do not mention is as new; deadlines
 * of things that no longer exist are dropped. `now`: where the running time continues. Fails if any part is damaged.
 */
export const stateFromParts = (site: Site, parts: ReadonlyMap<string, string>, now: Monotonic): Restored => {
  const unreadable: string[] = [];
  const read = (key: string): unknown => {
    const json = parts.get(key);
    if (json === undefined) return undefined;
    const value = parseJson(json);
    if (value === undefined) unreadable.push(key);
    return value;
  };
  const durable = durableFrom(site, read, now);
  return unreadable.length > 0
    ? { ok: false, unreadable }
    : { ok: true, state: { at: now, durable, volatile: initialVolatile(site) } };
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

type Read = (key: string) => unknown;

const durableFrom = (site: Site, read: Read, now: Monotonic): Durable => {
  const { config } = site;
  const fresh = initialState(site, now).durable;
  return {
    schema: 1,
    areas: config.areas.map(({ id }) => over(initialArea(now), read(`areas/${id}`))),
    zones: config.zones.map(({ id }) => over(initialZone(now), read(`zones/${id}`))),
    doors: config.doors.map(({ id }) => over(initialDoor, read(`doors/${id}`))),
    outputs: config.outputs.map(({ id }) => over(initialOutput, read(`outputs/${id}`))),
    people: peopleFrom(config, read('people'), fresh.people),
    conditions: list(fresh.conditions, read('conditions')),
    site: over(fresh.site, read('site')),
    clock: over(fresh.clock, read('clock')),
    timers: knownTimers(site, list(fresh.timers, read('timers'))),
  };
};

/** A border: what the store gives back is what this module wrote, field by field over the defaults of this version. */
const over = <T extends object>(fresh: T, stored: unknown): T =>
  typeof stored === 'object' && stored !== null ? { ...fresh, ...(stored as Partial<T>) } : fresh;

/** A border, as `over`, for a list. */
const list = <T>(fresh: readonly T[], stored: unknown): readonly T[] => (Array.isArray(stored) ? stored : fresh);

const peopleFrom = (config: Config, stored: unknown, fresh: PeopleState): PeopleState => {
  const people = over(fresh, stored);
  const named = over<Record<string, PeopleState['shared']>>({}, people.keypads);
  return { ...people, keypads: config.keypads.map(({ id }) => named[id] ?? initialLockout) };
};

const knownTimers = (site: Site, timers: readonly Timer<DurableTimerKind>[]): readonly Timer<DurableTimerKind>[] =>
  timers.filter((timer) => isDurableKind(timer.kind) && hasSubject(site, timer));

/** Where the running time stood when the parts were written. */
export const storedAt = (parts: ReadonlyMap<string, string>): Monotonic | undefined => {
  const at = parseJson(parts.get(AT_KEY) ?? '');
  return typeof at === 'number' ? monotonic(at) : undefined;
};

type Mirror = {
  readonly areas: Readonly<Record<string, Arming | undefined>>;
  readonly leftOut: readonly { readonly id: string; readonly inhibited: boolean; readonly isolated: boolean }[];
};

/** A state with the mirror's modes and inhibitions and nothing else; undefined where the mirror is damaged. */
export const stateFromMirror = (site: Site, json: string, now: Monotonic): State | undefined => {
  const mirror = parseJson(json);
  if (!isMirror(mirror)) return undefined;
  const fresh = initialState(site, now);
  const leftOut = new Map(mirror.leftOut.map((zone) => [zone.id, zone]));
  const areas = site.config.areas.map(({ id }, index) => ({
    ...(fresh.durable.areas[index] ?? initialArea(now)),
    ...mirroredArming(mirror.areas[id], now),
  }));
  const zones = site.config.zones.map(({ id }) => ({ ...initialZone(now), ...leftOut.get(id) }));
  return { ...fresh, durable: { ...fresh.durable, areas, zones } };
};

const isMirror = (value: unknown): value is Mirror =>
  typeof value === 'object' && value !== null && 'areas' in value && 'leftOut' in value && Array.isArray(value.leftOut);

/** Delays are not mirrored: who was leaving or coming in has left or is late, and the area is armed. */
const mirroredArming = (arming: Arming | undefined, now: Monotonic): Partial<AreaState> => {
  if (arming?.state === 'disarmed') return {};
  const mode = arming?.mode ?? 'full';
  const who = arming?.who ?? { user: undefined, cause: 'restart', keypad: undefined };
  const history = { entryOpened: false, unconfirmed: [], confirmed: false, reported: false };
  return {
    arming: { state: 'armed', since: now, mode, who },
    period: { armedAt: now, armedWall: wall(0), mode, ...history },
  };
};

/** Mode and inhibitions alone: what the mirror keeps against a lost database. */
export const mirrorOf = ({ config }: Site, { durable }: State): string =>
  JSON.stringify({
    areas: Object.fromEntries(config.areas.map(({ id }, index) => [id, durable.areas[index]?.arming])),
    leftOut: config.zones.flatMap(({ id }, index) => {
      const zone = durable.zones[index];
      return zone && (zone.inhibited || zone.isolated) ? [{ id, inhibited: zone.inhibited, isolated: zone.isolated }] : [];
    }),
  });
