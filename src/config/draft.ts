/**
 * A site's file as far as it can be read: each entry with the settings that fit, without those that do not. So what
 * does not depend on a fault is still checked, and every problem is told at once.
 */
import type { z } from 'zod';
import { objectShape, isRecord, valueAt } from './schemaWalk.ts';
import { areaShape, keypadShape, outputShape, userShape } from './areaShapes.ts';
import { doorShape, operatorShape } from './doorShapes.ts';
import { boardSettings, busShape, expanderShape, scheduleShape, siteShape, zoneShape } from './shapes.ts';
import { stationShape } from './stationShapes.ts';
import type { StationDraft } from './stationShapes.ts';
import type {
  AreaDraft,
  BoardDraft,
  BusDraft,
  DoorDraft,
  ExpanderDraft,
  KeypadDraft,
  OperatorDraft,
  OutputDraft,
  ScheduleDraft,
  SiteDraft,
  UserDraft,
  ZoneDraft,
} from './shapes.ts';

/** Entries by id, in the order of the file. */
export type Entries<T> = ReadonlyMap<string, Partial<T>>;

export type Draft = {
  readonly top: Partial<Omit<SiteDraft, Section>>;
  readonly board: Partial<BoardDraft>;
  readonly expanders: Entries<ExpanderDraft>;
  readonly stations: Entries<StationDraft>;
  readonly buses: Entries<BusDraft>;
  readonly areas: Entries<AreaDraft>;
  readonly zones: Entries<ZoneDraft>;
  readonly doors: Entries<DoorDraft>;
  readonly outputs: Entries<OutputDraft>;
  readonly keypads: Entries<KeypadDraft>;
  readonly users: Entries<UserDraft>;
  readonly operators: Entries<OperatorDraft>;
  readonly schedules: Entries<ScheduleDraft>;
};

const SECTIONS = [
  'expanders',
  'stations',
  'buses',
  'areas',
  'zones',
  'doors',
  'outputs',
  'keypads',
  'users',
  'operators',
  'schedules',
] as const;
export type Section = (typeof SECTIONS)[number];

const faultyKeys = (issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> =>
  new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );

const without = (value: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));

/** What is left of an entry has settings of its shape only, each as the shape gives it. */
const isPart = <T>(part: unknown, object: z.ZodObject): part is Partial<T> =>
  isRecord(part) && Object.keys(part).every((key) => Object.hasOwn(object.shape, key));

/** Making a shape costs more than reading with it: each is made once. */
const partials = new WeakMap<z.ZodObject, z.ZodObject>();

const partialOf = (object: z.ZodObject): z.ZodObject => {
  const known = partials.get(object);
  if (known) return known;
  const partial: z.ZodObject = object.partial();
  partials.set(object, partial);
  return partial;
};

/** What fits of one entry. What does not fit is there without a value, so that it does not count as left out. */
export const fitting = <T>(shape: z.ZodType<T>, value: unknown): Partial<T> => {
  const whole = shape.safeParse(value);
  if (whole.success) return whole.data;
  const object = objectShape(shape, value);
  if (!object || !isRecord(value)) return {};
  const faulty = faultyKeys(object.safeParse(value).error?.issues ?? []);
  const rest = partialOf(object).safeParse(without(value, faulty));
  const blanks = [...faulty].filter((key) => Object.hasOwn(object.shape, key)).map((key) => [key, undefined]);
  const part: unknown = rest.success ? { ...rest.data, ...Object.fromEntries(blanks) } : {};
  return isPart<T>(part, object) ? part : {};
};

const entriesOf = <T>(section: Section, shape: z.ZodType<T>, value: unknown): Entries<T> => {
  const entries = valueAt(value, [section]);
  if (!isRecord(entries)) return new Map();
  return new Map(Object.entries(entries).map(([id, entry]) => [id, fitting(shape, entry)]));
};

const topShape = siteShape.omit({
  expanders: true,
  stations: true,
  buses: true,
  areas: true,
  zones: true,
  doors: true,
  outputs: true,
  keypads: true,
  users: true,
  operators: true,
  schedules: true,
});

const topOf = (value: unknown): Partial<Omit<SiteDraft, Section>> =>
  fitting(topShape, isRecord(value) ? without(value, new Set<string>(SECTIONS)) : value);

export const draftOf = (value: unknown): Draft => ({
  top: topOf(value),
  board: fitting(boardSettings, valueAt(value, ['board']) ?? {}),
  expanders: entriesOf('expanders', expanderShape, value),
  stations: entriesOf('stations', stationShape, value),
  buses: entriesOf('buses', busShape, value),
  areas: entriesOf('areas', areaShape, value),
  zones: entriesOf('zones', zoneShape, value),
  doors: entriesOf('doors', doorShape, value),
  outputs: entriesOf('outputs', outputShape, value),
  keypads: entriesOf('keypads', keypadShape, value),
  users: entriesOf('users', userShape, value),
  operators: entriesOf('operators', operatorShape, value),
  schedules: entriesOf('schedules', scheduleShape, value),
});
