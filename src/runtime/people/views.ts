/** People and operators as whoever manages them sees them: never a digest, never a code. */
import type { UserConfig } from '../../core/config.ts';
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';
import { wall } from '../../core/time.ts';
import type { OperatorView, PersonView } from '../../ports/people.ts';
import { hasCode } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { isInRoster, peopleNow } from './roster.ts';
import type { PeopleRules } from './rules.ts';

export const personViews = (site: Site, state: State, credentials: Credentials, rules: PeopleRules): readonly PersonView[] =>
  peopleNow(site, state).map((user) => ({
    ...shown(user, rules),
    has: codesOf(credentials, user),
    badges: credentials.of(user.id).filter(({ kind }) => kind === 'badge').length,
    source: isInRoster(state, user.id) ? 'running' : 'file',
  }));

const shown = (user: UserConfig, { dateOf }: PeopleRules): Omit<PersonView, 'has' | 'badges' | 'source'> => ({
  id: user.id,
  name: user.name,
  role: user.role,
  areas: user.areas,
  doors: user.doors,
  hours: user.hours ?? '',
  from: user.validFrom === undefined ? '' : dateOf(wall(user.validFrom)),
  // The last day, not the instant after it.
  until: user.validUntil === undefined ? '' : dateOf(wall(user.validUntil - 1)),
  oneShot: user.oneShot,
  extended: user.extendedTimes,
});

const codesOf = (credentials: Credentials, { id }: UserConfig): PersonView['has'] => {
  const held = credentials.of(id);
  return { normal: hasCode(held, 'normal'), duress: hasCode(held, 'duress'), 'not-normal': hasCode(held, 'not-normal') };
};

export const operatorViews = ({ config }: Site, { durable }: State): readonly OperatorView[] =>
  config.operators.map(({ id, name }) => ({ id, name, isRevoked: durable.people.revokedOperators.includes(id) }));
