/**
 * People added, changed and revoked while the controller runs. The roster goes before the site's file; who is revoked is
 * nobody until somebody puts them there again. A change that names what the site has not changes nothing.
 */
import type { UserConfig, UserId } from '../config.ts';
import type { EventKind } from '../event.ts';
import { emit, setDurable, setKeypad, setLock, userOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Input, PersonChange } from '../input.ts';
import type { PeopleState } from '../state.ts';

type PersonInput = Extract<Input, { kind: 'person' }>;

const setPeople = (frame: Frame, change: Partial<PeopleState>): void =>
  setDurable(frame, { people: { ...frame.state.durable.people, ...change } });

const tell = (frame: Frame, kind: EventKind, user: UserId, by: string): void => emit(frame, kind, { user, detail: { by } });

const isPossible = ({ site }: Frame, { areas, doors }: UserConfig): boolean =>
  areas.every((area) => site.areas.has(area)) && doors.every((door) => site.doors.has(door));

const put = (frame: Frame, user: UserConfig, by: string): void => {
  if (!isPossible(frame, user)) return;
  const known = userOf(frame, user.id) !== undefined;
  const { roster, revoked, usedUp } = frame.state.durable.people;
  setPeople(frame, {
    roster: [...roster.filter(({ id }) => id !== user.id), user],
    revoked: revoked.filter((id) => id !== user.id),
    usedUp: usedUp.filter((id) => id !== user.id),
  });
  tell(frame, known ? 'person-changed' : 'person-added', user.id, by);
};

/** What they had begun ends with them: half of badge-and-code, a choice, the first of two people. */
const forgetBegun = (frame: Frame, user: UserId): void => {
  for (const [index, { badge, choosing }] of frame.state.volatile.keypads.entries()) {
    if (badge?.user === user) setKeypad(frame, { index, config: undefined }, { badge: undefined });
    if (choosing?.user === user) setKeypad(frame, { index, config: undefined }, { choosing: undefined });
  }
  for (const [index, { second }] of frame.state.volatile.locks.entries())
    if (second?.user === user) setLock(frame, { index, config: undefined }, { second: undefined });
};

const revoke = (frame: Frame, user: UserId, by: string): void => {
  if (userOf(frame, user) === undefined) return;
  const { roster, revoked, passages } = frame.state.durable.people;
  setPeople(frame, {
    roster: roster.filter(({ id }) => id !== user),
    revoked: [...revoked, user],
    passages: passages.filter((passage) => passage.user !== user),
  });
  forgetBegun(frame, user);
  tell(frame, 'person-revoked', user, by);
};

const revokeOperator = (frame: Frame, operator: string, by: string): void => {
  const { revokedOperators } = frame.state.durable.people;
  const isKnown = frame.site.config.operators.some(({ id }) => id === operator);
  if (!isKnown || revokedOperators.includes(operator)) return;
  setPeople(frame, { revokedOperators: [...revokedOperators, operator] });
  emit(frame, 'operator-revoked', { operator, detail: { by } });
};

const applyChange = (frame: Frame, change: PersonChange, by: string): void => {
  switch (change.kind) {
    case 'put':
      return put(frame, change.user, by);
    case 'revoke':
      return revoke(frame, change.user, by);
    case 'revoke-operator':
      return revokeOperator(frame, change.operator, by);
  }
};

export const onPerson = (frame: Frame, { change, by }: PersonInput): void => applyChange(frame, change, by);
