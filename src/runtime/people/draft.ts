/** From what somebody says of a person to what the core takes; every fault of it at once. */
import type { Role, UserConfig } from '../../core/config.ts';
import type { Site } from '../../core/site.ts';
import type { Wall } from '../../core/time.ts';
import { BADGES_MAX } from '../../ports/people.ts';
import type { DraftFault, DraftField, DraftProblem, PersonDraft } from '../../ports/people.ts';
import type { PeopleRules } from './rules.ts';

export type DraftRead =
  | { readonly ok: true; readonly user: UserConfig }
  | { readonly ok: false; readonly problems: readonly DraftProblem[] };

export type DraftBase = {
  readonly site: Site;
  readonly rules: PeopleRules;
  /** In the order given, from 0. */
  readonly index: number;
  /** The person as they stand, where one is changed. */
  readonly before: UserConfig | undefined;
};

const ROLES: readonly Role[] = ['owner', 'staff', 'cleaner', 'delivery', 'installer', 'guard'];
const NAME = /^[^\p{Cc}]{1,60}$/u;
const BADGE = /^[0-9A-Fa-f]{4,32}$/;

export const isBadge = (text: string): boolean => BADGE.test(text);
const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

type Note = (field: DraftField, fault: DraftFault, value: string, known?: readonly string[]) => void;
type Work = DraftBase & { readonly draft: PersonDraft; readonly note: Note };

export const readDraft = (base: DraftBase, draft: PersonDraft): DraftRead => {
  const problems: DraftProblem[] = [];
  const note: Note = (field, fault, value, known) =>
    problems.push({ index: base.index, field, fault, value, ...(known && { known }) });
  const user = userOf({ ...base, draft, note });
  return problems.length > 0 || !user ? { ok: false, problems } : { ok: true, user };
};

const userOf = (work: Work): UserConfig | undefined => {
  const { draft, before, rules, note } = work;
  if (!rules.isId(draft.id)) note('id', draft.id === '' ? 'missing' : 'bad-id', draft.id);
  const name = nameOf(work);
  const role = roleOf(work);
  const areas = areasOf(work);
  const doors = doorsOf(work, role, areas);
  const limits = { hours: hoursOf(work), ...datesOf(work) };
  judgeBadges(work);
  if (name === undefined || role === undefined) return undefined;
  const oneShot = draft.oneShot ?? before?.oneShot ?? role === 'guard';
  const extendedTimes = draft.extended ?? before?.extendedTimes ?? false;
  return { id: draft.id, name, role, areas, doors, extendedTimes, oneShot, ...limits };
};

const nameOf = ({ draft, before, note }: Work): string | undefined => {
  const name = draft.name ?? before?.name;
  if (name === undefined || name.trim() === '') note('name', 'missing', '');
  else if (!NAME.test(name)) note('name', 'bad-name', name);
  return name;
};

const roleOf = ({ draft, before, note }: Work): Role | undefined => {
  const role = draft.role ?? before?.role ?? '';
  if (isRole(role)) return role;
  note('role', role === '' ? 'missing' : 'no-such-role', role, ROLES);
  return undefined;
};

/** Absent: all, as in the site's file. */
const areasOf = ({ draft, before, site, note }: Work): readonly string[] => {
  const known = [...site.areas.keys()];
  const areas = draft.areas ?? before?.areas ?? known;
  for (const id of areas) if (!known.includes(id)) note('areas', 'no-such-area', id, known);
  if (areas.length === 0) note('areas', 'no-area', '', known);
  return areas;
};

const doorsOf = ({ draft, before, site, rules, note }: Work, role: Role | undefined, areas: readonly string[]) => {
  const known = [...site.doors.keys()];
  for (const id of draft.doors ?? []) if (!known.includes(id)) note('doors', 'no-such-door', id, known);
  return draft.doors ?? before?.doors ?? (role === undefined ? [] : rules.doorsByDefault(role, areas));
};

const hoursOf = ({ draft, before, rules, note }: Work): string | undefined => {
  const { hours } = draft;
  if (hours === undefined) return before?.hours;
  if (hours === '') return undefined;
  if (!rules.schedules.includes(hours)) note('hours', 'no-such-schedule', hours, rules.schedules);
  return hours;
};

// ---- days

const dateOf = (
  { note }: Work,
  field: 'from' | 'until',
  text: string | undefined,
  before: Wall | number | undefined,
  read: (date: string) => Wall | undefined,
): number | undefined => {
  if (text === undefined) return before;
  if (text === '') return undefined;
  const instant = read(text);
  if (instant === undefined) note(field, 'bad-date', text);
  return instant;
};

const datesOf = (work: Work): Pick<UserConfig, 'validFrom' | 'validUntil'> => {
  const { draft, before, rules, note } = work;
  const validFrom = dateOf(work, 'from', draft.from, before?.validFrom, rules.dayStart);
  const validUntil = dateOf(work, 'until', draft.until, before?.validUntil, rules.dayEnd);
  if (validFrom !== undefined && validUntil !== undefined && validUntil <= validFrom) {
    note('until', 'until-before-from', draft.until ?? '');
  }
  return { validFrom, validUntil };
};

// ---- badges

const judgeBadges = ({ draft, note }: Work): void => {
  const badges = draft.badges ?? [];
  for (const badge of badges) if (!isBadge(badge)) note('badges', 'bad-badge', badge);
  if (badges.length > BADGES_MAX) note('badges', 'too-many-badges', String(badges.length));
};

// ---- a border: fields as they came over the socket

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= 256 && value.every(isText);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

const FIELDS: Readonly<Record<keyof PersonDraft, (value: unknown) => boolean>> = {
  id: isText,
  name: isText,
  role: isText,
  areas: isTexts,
  doors: isTexts,
  hours: isText,
  from: isText,
  until: isText,
  oneShot: isFlag,
  extended: isFlag,
  badges: isTexts,
  duress: isFlag,
  notNormal: isFlag,
};

const isField = (key: string): key is keyof PersonDraft => Object.hasOwn(FIELDS, key);

/** Whether the fields are those of a draft, each of its kind; what they say is judged by `readDraft`. */
export const isDraft = (value: unknown): value is PersonDraft =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  Object.entries(value).every(([key, field]) => isField(key) && FIELDS[key](field));
