/**
 * A site's file as far as it can be read: each entry with the settings that fit, without those that do not. So what
 * does not depend on a fault is still checked, and every problem is told at once.
 */
import { z } from 'zod';
import { objectShape, isRecord, valueAt } from './schemaWalk.ts';
import { siteShape } from './shapes.ts';
import type { AreaDraft, DoorDraft, KeypadDraft, OutputDraft, ScheduleDraft, SiteDraft, UserDraft, ZoneDraft } from './shapes.ts';

/** Entries by id, in the order of the file. */
export type Entries<T> = ReadonlyMap<string, Partial<T>>;

export type Draft = {
  readonly top: Partial<Omit<SiteDraft, Section>>;
  readonly areas: Entries<AreaDraft>;
  readonly zones: Entries<ZoneDraft>;
  readonly doors: Entries<DoorDraft>;
  readonly outputs: Entries<OutputDraft>;
  readonly keypads: Entries<KeypadDraft>;
  readonly users: Entries<UserDraft>;
  readonly schedules: Entries<ScheduleDraft>;
};

export type Section = 'areas' | 'zones' | 'doors' | 'outputs' | 'keypads' | 'users' | 'schedules';
const SECTIONS: readonly Section[] = ['areas', 'zones', 'doors', 'outputs', 'keypads', 'users', 'schedules'];

const faultyKeys = (issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> =>
  new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])])));

const without = (value: Readonly<Record<string, unknown>>, keys: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));

/** What fits of one entry. What does not fit is there without a value, so that it does not count as left out. */
export const fitting = (shape: z.ZodType, value: unknown): Record<string, unknown> => {
  const whole = shape.safeParse(value);
  if (whole.success && isRecord(whole.data)) return whole.data;
  const object = objectShape(shape, value);
  if (!object || !isRecord(value)) return {};
  const faulty = faultyKeys(object.safeParse(value).error?.issues ?? []);
  const part = object.partial().safeParse(without(value, faulty));
  const written = Object.keys(value).filter((key) => faulty.has(key));
  return part.success ? { ...part.data, ...Object.fromEntries([...faulty, ...written].map((key) => [key, undefined])) } : {};
};

const entriesOf = <T>(section: Section, value: unknown): Entries<T> => {
  const record = siteShape.shape[section];
  const shape = record instanceof z.ZodRecord ? record.valueType : record.unwrap().valueType;
  const entries = valueAt(value, [section]);
  if (!isRecord(entries)) return new Map();
  // A border: the shape of the section is the shape of T, and `fitting` only leaves settings out.
  return new Map(Object.entries(entries).map(([id, entry]) => [id, fitting(shape, entry) as Partial<T>]));
};

const topOf = (value: unknown): Partial<Omit<SiteDraft, Section>> => {
  const top = siteShape.omit({ areas: true, zones: true, doors: true, outputs: true, keypads: true, users: true, schedules: true });
  return fitting(top, isRecord(value) ? without(value, new Set(SECTIONS)) : value);
};

export const draftOf = (value: unknown): Draft => ({
  top: topOf(value),
  areas: entriesOf('areas', value),
  zones: entriesOf('zones', value),
  doors: entriesOf('doors', value),
  outputs: entriesOf('outputs', value),
  keypads: entriesOf('keypads', value),
  users: entriesOf('users', value),
  schedules: entriesOf('schedules', value),
});
