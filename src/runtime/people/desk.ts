/**
 * People managed while the controller runs: added, changed, given codes and badges, revoked. One request at a time, each
 * judged whole before anything of it is taken. Codes are drawn here, answered once and kept nowhere but as digests.
 */
import type { KeypadId, UserConfig } from '../../core/config.ts';
import type { Input, PersonChange } from '../../core/input.ts';
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';
import { wall } from '../../core/time.ts';
import type { ControlClient, ControlReply, Fields } from '../../ports/control.ts';
import { LEARN_MS, PEOPLE_MAX, SITE_PEOPLE_MAX } from '../../ports/people.ts';
import type { DraftProblem, DrawnCodes, PeopleAsk, PeopleReason, PersonDraft } from '../../ports/people.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { refusedFor } from '../controlDesk.ts';
import type { ControlVerb } from '../controlDesk.ts';
import { badgeDigest, drawCodes, heldWith, wantedCodes, withBadge } from './codes.ts';
import type { Given } from './codes.ts';
import type { CredentialChange, Credentials } from './credentials.ts';
import { isBadge, isDraft, readDraft } from './draft.ts';
import { isLastOwner, losesLastOwner } from './owners.ts';
import { peopleNow, personNow } from './roster.ts';
import type { PeopleRules } from './rules.ts';
import { operatorViews, personViews } from './views.ts';

export type PeopleDeskOptions = {
  readonly site: Site;
  readonly rules: PeopleRules;
  readonly credentials: Credentials;
  readonly secrets: Secrets;
  readonly state: () => State;
  readonly submit: (input: Input) => void;
  readonly wallMs: () => number;
  /** The disk takes nothing. */
  readonly isDegraded: () => boolean;
  /** The number of the next badge shown at a reader, which then opens nothing; undefined: none in time. */
  readonly nextBadge: (keypad: KeypadId, ms: number, gone: AbortSignal) => Promise<string | undefined> | 'busy';
};

const refused = (reason: PeopleReason, facts: Fields = {}): ControlReply => refusedFor(reason, facts);

/** Requests that wait for the one before them. */
const WAITING_MAX = 16;

type Act = (fields: Fields, client: ControlClient) => Promise<ControlReply>;

export const peopleVerbs = (desk: PeopleDeskOptions): readonly ControlVerb[] => {
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** Two changes at once would judge the same people, and one would be lost. */
  const inTurn =
    (act: Act): Act =>
    async (fields, client) => {
      if (waiting >= WAITING_MAX) return refused('overloaded');
      waiting += 1;
      const turn = queue.then(() => (desk.isDegraded() ? refused('storage-failed') : act(fields, client)));
      queue = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        waiting -= 1;
      }
    };
  const giveBadge = inTurn(withDigests(desk, (fields) => addBadge(desk, fields)));
  const verbs: Readonly<Record<PeopleAsk, Act>> = {
    'people-list': async () => list(desk),
    'people-add': inTurn(withDigests(desk, (fields) => addPeople(desk, fields))),
    'people-change': inTurn((fields) => changePerson(desk, fields)),
    'people-new-code': inTurn(withDigests(desk, (fields) => newCode(desk, fields))),
    'people-add-badge': giveBadge,
    'people-learn-badge': withDigests(desk, (fields, client) => learnBadge(desk, fields, client, giveBadge)),
    'people-revoke': inTurn((fields) => revokePerson(desk, fields)),
    'operator-revoke': inTurn((fields) => revokeOperator(desk, fields)),
  };
  return Object.entries(verbs).map(([ask, act]) => ({ ask, act }));
};

const withDigests =
  ({ rules }: PeopleDeskOptions, act: Act): Act =>
  async (fields, client) =>
    rules.canDigest ? act(fields, client) : refused('no-pepper');

const list = ({ site, rules, credentials, state }: PeopleDeskOptions): ControlReply => ({
  ok: true,
  people: personViews(site, state(), credentials, rules),
  operators: operatorViews(site, state()),
});

// ---- what was asked

const textOf = (fields: Fields, key: string): string => {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
};

const BY = /^[\p{L}\p{N} ._@-]{1,40}$/u;

/** Who asks, as they say: the socket's file lets in whoever runs the controller, and no more is known of them. */
const byOf = (fields: Fields): string => (BY.test(textOf(fields, 'by')) ? textOf(fields, 'by') : 'control');

const known = (desk: PeopleDeskOptions, fields: Fields): UserConfig | undefined =>
  personNow(desk.site, desk.state(), textOf(fields, 'id'));

// ---- to the core and to the disk

type Step = { readonly change: PersonChange; readonly credentials: CredentialChange; readonly undo: PersonChange | undefined };

const take = async (
  desk: PeopleDeskOptions,
  by: string,
  { change, credentials, undo }: Step,
): Promise<PeopleReason | undefined> => {
  const carried = await desk.credentials.carry({ kind: 'person', change, by }, credentials, desk.submit);
  // Nobody has heard a code of what the disk did not take: the core forgets it too.
  if (carried === 'storage-failed' && undo) desk.submit({ kind: 'person', change: undo, by });
  return carried === 'done' ? undefined : carried;
};

const giving = (before: UserConfig | undefined, { user, held }: Given): Step => ({
  change: { kind: 'put', user },
  credentials: { kind: 'give', user: user.id, held },
  undo: before ? { kind: 'put', user: before } : { kind: 'revoke', user: user.id },
});

const replyOf = (reason: PeopleReason | undefined, facts: Fields): ControlReply =>
  reason ? refused(reason) : { ok: true, ...facts };

// ---- adding

const addPeople = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const drafts = fields['people'];
  if (!Array.isArray(drafts) || drafts.length === 0 || !drafts.every(isDraft)) return refused('bad-request');
  if (drafts.length > PEOPLE_MAX) return refused('too-many-people', { most: PEOPLE_MAX });
  if (peopleNow(desk.site, desk.state()).length + drafts.length > SITE_PEOPLE_MAX) return refused('full');
  const judged = drafts.map((draft, index) => readDraft({ ...desk, index, before: undefined }, draft));
  const problems = [...judged.flatMap((read) => (read.ok ? [] : read.problems)), ...takenIds(desk, drafts)];
  const badges = await badgesOf(desk, drafts);
  if (badges === 'failed') return refused('secrets');
  const all = [...problems, ...badges.problems].toSorted((one, other) => one.index - other.index);
  if (all.length > 0) return refused('draft', { problems: all });
  if (fields['dryRun'] === true) return { ok: true, count: drafts.length };
  const users = judged.flatMap((read) => (read.ok ? [read.user] : []));
  return addJudged(desk, byOf(fields), { drafts, users, badges: badges.digests });
};

const takenIds = ({ site, state }: PeopleDeskOptions, drafts: readonly PersonDraft[]): readonly DraftProblem[] =>
  drafts.flatMap(({ id }, index): readonly DraftProblem[] => {
    const isTwice = drafts.findIndex((other) => other.id === id) < index;
    if (id !== '' && isTwice) return [{ index, field: 'id', fault: 'id-twice', value: id }];
    return personNow(site, state(), id) ? [{ index, field: 'id', fault: 'id-taken', value: id }] : [];
  });

type Badges = { readonly problems: readonly DraftProblem[]; readonly digests: readonly (readonly string[])[] };

const badgesOf = async (desk: PeopleDeskOptions, drafts: readonly PersonDraft[]): Promise<Badges | 'failed'> => {
  const problems: DraftProblem[] = [];
  const digests: string[][] = [];
  const seen = new Set<string>();
  for (const [index, { badges = [] }] of drafts.entries()) {
    const own: string[] = [];
    for (const value of badges.filter(isBadge)) {
      const digest = await badgeDigest(desk.secrets, value);
      if (digest === undefined) return 'failed';
      const fault = desk.credentials.serves(digest) ? 'badge-taken' : seen.has(digest) ? 'badge-twice' : undefined;
      if (fault) problems.push({ index, field: 'badges', fault, value });
      seen.add(digest);
      own.push(digest);
    }
    digests.push(own);
  }
  return { problems, digests };
};

type Judged = {
  readonly drafts: readonly PersonDraft[];
  readonly users: readonly UserConfig[];
  readonly badges: readonly (readonly string[])[];
};

/** All codes are drawn before the first person is taken; then all are handed over at once, to share the disk's commits. */
const addJudged = async (desk: PeopleDeskOptions, by: string, { drafts, users, badges }: Judged): Promise<ControlReply> => {
  const wanted = users.map((_user, index) => wantedCodes(true, drafts[index] ?? {}));
  const drawn = await drawCodes(desk, wanted, badges.flat());
  if (!drawn.ok) return refused(drawn.reason);
  const given = users.map((user, index) => heldWith(user, [], drawn.sets[index] ?? [], badges[index] ?? []));
  const reasons = await Promise.all(given.map((one) => take(desk, by, giving(undefined, one))));
  const people = users.flatMap((user, index): readonly DrawnCodes[] =>
    reasons[index] === undefined ? [{ id: user.id, name: user.name, codes: codesOf(given[index]) }] : [],
  );
  const reason = reasons.find((one) => one !== undefined);
  return reason && people.length === 0 ? refused(reason) : { ok: true, people, ...(reason && { incomplete: reason }) };
};

const codesOf = (given: Given | undefined): DrawnCodes['codes'] => given?.codes ?? {};

// ---- changing

const changePerson = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const person = fields['person'];
  if (!isDraft(person) || changesCodes(person)) return refused('bad-request');
  const before = personNow(desk.site, desk.state(), person.id);
  if (!before) return nobody(desk, person);
  const read = readDraft({ ...desk, index: 0, before }, person);
  if (!read.ok) return refused('draft', { problems: read.problems });
  const field = losesLastOwner(people(desk), read.user);
  if (field) return refused('draft', { problems: [{ index: 0, field, fault: 'last-owner', value: person.id }] });
  const held = desk.credentials.of(before.id);
  return replyOf(await take(desk, byOf(fields), giving(before, { user: read.user, held, codes: {} })), { id: before.id });
};

/** Codes and badges have requests of their own. */
const changesCodes = ({ badges, duress, notNormal }: PersonDraft): boolean =>
  badges !== undefined || duress !== undefined || notNormal !== undefined;

const people = (desk: PeopleDeskOptions) => ({
  users: peopleNow(desk.site, desk.state()),
  credentials: desk.credentials,
  now: wall(desk.wallMs()),
});

const nobody = ({ site, state }: PeopleDeskOptions, fields: Fields): ControlReply =>
  refused('no-such-person', { value: textOf(fields, 'id'), known: peopleNow(site, state()).map(({ id }) => id) });

// ---- codes and badges

const newCode = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const user = known(desk, fields);
  if (!user) return nobody(desk, fields);
  const beside = { duress: fields['duress'] === true, notNormal: fields['notNormal'] === true };
  const wanted = wantedCodes(!beside.duress && !beside.notNormal, beside);
  const drawn = await drawCodes(desk, [wanted], []);
  if (!drawn.ok) return refused(drawn.reason);
  const given = heldWith(user, desk.credentials.of(user.id), drawn.sets[0] ?? [], []);
  const reason = await take(desk, byOf(fields), giving(user, given));
  return replyOf(reason, { people: [{ id: user.id, name: user.name, codes: given.codes }] });
};

const addBadge = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const user = known(desk, fields);
  if (!user) return nobody(desk, fields);
  const held = await withBadge(desk, user.id, textOf(fields, 'badge'));
  if (typeof held === 'string') return refused(held);
  return replyOf(await take(desk, byOf(fields), giving(user, { user, held, codes: {} })), { id: user.id });
};

const learnBadge = async (
  desk: PeopleDeskOptions,
  fields: Fields,
  client: ControlClient,
  giveBadge: Act,
): Promise<ControlReply> => {
  const keypad = textOf(fields, 'keypad');
  if (!known(desk, fields)) return nobody(desk, fields);
  if (!desk.site.keypads.has(keypad)) return refused('no-such-keypad', { value: keypad, known: [...desk.site.keypads.keys()] });
  if (desk.isDegraded()) return refused('storage-failed');
  const badge = await desk.nextBadge(keypad, LEARN_MS, client.gone);
  if (badge === 'busy') return refused('keypad-busy');
  return badge === undefined ? refused('no-badge') : giveBadge({ ...fields, badge }, client);
};

// ---- revoking

const revokePerson = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const id = textOf(fields, 'id');
  if (desk.state().durable.people.revoked.includes(id)) return refused('already-revoked');
  if (!known(desk, fields)) return nobody(desk, fields);
  if (isLastOwner(people(desk), id)) return refused('last-owner');
  const step: Step = { change: { kind: 'revoke', user: id }, credentials: { kind: 'revoke', user: id }, undo: undefined };
  return replyOf(await take(desk, byOf(fields), step), { id });
};

const revokeOperator = async (desk: PeopleDeskOptions, fields: Fields): Promise<ControlReply> => {
  const id = textOf(fields, 'id');
  const operators = desk.site.config.operators.map((operator) => operator.id);
  if (!operators.includes(id)) return refused('no-such-operator', { known: operators });
  if (desk.state().durable.people.revokedOperators.includes(id)) return refused('already-revoked');
  const step: Step = { change: { kind: 'revoke-operator', operator: id }, credentials: { kind: 'none' }, undo: undefined };
  return replyOf(await take(desk, byOf(fields), step), { id });
};
