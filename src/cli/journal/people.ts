/** Who, of all that happened: rows about people, and the names of those whom the site's file does not know. */
import type { Config, UserConfig } from '../../core/config.ts';
import type { Event } from '../../core/event.ts';
import { codeOf } from '../../protocol/eventCodes.ts';

/** Of whom rows are wanted; undefined: of nobody in particular. */
export type Whom = { readonly kind: 'anybody' } | { readonly kind: 'one'; readonly user: string } | undefined;

export const isAbout = (whom: Whom, event: Event | undefined): boolean => {
  if (!whom) return true;
  if (!event) return false;
  return whom.kind === 'one' ? event.user === whom.user : event.user !== undefined || codeOf(event.kind).access;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** A border: the core's own part, perhaps of another version. Only names are taken from it. */
const isUser = (value: unknown): value is UserConfig =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string';

const rosterIn = (parts: ReadonlyMap<string, string>): readonly UserConfig[] => {
  try {
    const people: unknown = JSON.parse(parts.get('people') ?? '{}');
    const roster = isObject(people) ? people['roster'] : undefined;
    return Array.isArray(roster) ? roster.filter(isUser) : [];
  } catch {
    return [];
  }
};

/** With those added or changed while running, who go before the file. */
export const withRoster = (config: Config | undefined, parts: ReadonlyMap<string, string>): Config | undefined =>
  config && { ...config, users: [...rosterIn(parts), ...config.users] };
