/** Somebody has to be left who runs the site: an owner with a code, today and for good. */
import type { UserConfig, UserId } from '../../core/config.ts';
import type { Wall } from '../../core/time.ts';
import type { DraftField } from '../../ports/people.ts';
import { hasCode } from './credentials.ts';
import type { Credentials } from './credentials.ts';

export type PeopleAtHand = {
  readonly users: readonly UserConfig[];
  readonly credentials: Credentials;
  readonly now: Wall;
};

const isOwnerAt = ({ credentials, now }: PeopleAtHand, { id, role, validFrom, validUntil }: UserConfig): boolean =>
  role === 'owner' &&
  (validFrom === undefined || validFrom <= now) &&
  (validUntil === undefined || validUntil > now) &&
  hasCode(credentials.of(id), 'normal');

export const isLastOwner = (people: PeopleAtHand, id: UserId): boolean => {
  const owners = people.users.filter((user) => isOwnerAt(people, user));
  return owners.length === 1 && owners[0]?.id === id;
};

/** The field by which `after` would leave the site without an owner; undefined: one is left. */
export const losesLastOwner = (people: PeopleAtHand, after: UserConfig): DraftField | undefined => {
  if (!isLastOwner(people, after.id) || isOwnerAt(people, after)) return undefined;
  if (after.role !== 'owner') return 'role';
  return after.validUntil !== undefined && after.validUntil <= people.now ? 'until' : 'from';
};
