/** People as they stand now: those added or changed while running, then those of the site's file, without who was revoked. */
import type { UserConfig, UserId } from '../../core/config.ts';
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';

export const personNow = (site: Site, { durable }: State, id: UserId): UserConfig | undefined => {
  const { roster, revoked } = durable.people;
  if (revoked.includes(id)) return undefined;
  return roster.find((user) => user.id === id) ?? site.users.get(id);
};

export const isInRoster = ({ durable }: State, id: UserId): boolean => durable.people.roster.some((user) => user.id === id);

/** Those of the site's file first, in its order. */
export const peopleNow = (site: Site, state: State): readonly UserConfig[] => {
  const ids = new Set([...site.users.keys(), ...state.durable.people.roster.map(({ id }) => id)]);
  return [...ids].map((id) => personNow(site, state, id)).filter((user) => user !== undefined);
};
