/** What is asked about people over the control socket (control.ts), and what is answered. All is text, as a person gave it. */
import type { AreaId, DoorId, Meaning, OperatorId, Role, UserId } from '../core/config.ts';

/** The codes that can be drawn for a person. */
export type CodeSet = Readonly<Record<Meaning, boolean>>;

/**
 * A person as somebody describes one. Of a new person what is absent takes its default, of one who is changed it stays;
 * empty text takes the limit away (`hours`, `from`, `until`).
 */
export type PersonDraft = {
  readonly id: string;
  readonly name?: string;
  readonly role?: string;
  readonly areas?: readonly string[];
  readonly doors?: readonly string[];
  readonly hours?: string;
  /** First and last day, such as 2026-12-01. */
  readonly from?: string;
  readonly until?: string;
  readonly oneShot?: boolean;
  readonly extended?: boolean;
  /** Badge numbers, hexadecimal. */
  readonly badges?: readonly string[];
  /** Codes to draw beside the usual one. */
  readonly duress?: boolean;
  readonly notNormal?: boolean;
};

export type DraftField = Exclude<keyof PersonDraft, 'duress' | 'notNormal' | 'oneShot' | 'extended'>;

/**
 * - `missing`: needed, and not there. `id-taken` `id-twice`: by somebody who is there; by another row.
 * - `last-owner`: the one owner who is left stays an owner, and valid.
 */
export type DraftFault =
  | 'missing'
  | 'bad-id'
  | 'id-taken'
  | 'id-twice'
  | 'bad-name'
  | 'no-such-role'
  | 'no-such-area'
  | 'no-area'
  | 'no-such-door'
  | 'no-such-schedule'
  | 'bad-date'
  | 'until-before-from'
  | 'bad-badge'
  | 'badge-taken'
  | 'badge-twice'
  | 'too-many-badges'
  | 'last-owner';

export type DraftProblem = {
  /** Of the person, in the order given, from 0. */
  readonly index: number;
  readonly field: DraftField;
  readonly fault: DraftFault;
  readonly value: string;
  /** What there is instead, where that is a list. */
  readonly known?: readonly string[];
};

/**
 * - `draft`: `problems` says what is wrong; nothing was taken. `no-such-person` `no-such-operator` `no-such-keypad`.
 * - `already-revoked`; `last-owner`: nobody would be left to run the site.
 * - `no-badge`: none was shown in time. `keypad-busy`: another badge is awaited there.
 * - `storage-failed`: the disk takes nothing, so nothing is changed. `secrets`: no code could be digested; try again.
 * - `too-many-people`: in one request. `full`: the site has as many as it takes.
 * - `no-pepper`: the pepper could not be read at the start, so no code or badge can be given.
 * - `exhausted`: no free code of that length was found. `not-taken`: the core made nothing of it. `overloaded`: others wait.
 */
export type PeopleReason =
  | 'draft'
  | 'bad-request'
  | 'no-such-person'
  | 'no-such-operator'
  | 'no-such-keypad'
  | 'already-revoked'
  | 'last-owner'
  | 'no-badge'
  | 'badge-taken'
  | 'bad-badge'
  | 'too-many-badges'
  | 'too-many-people'
  | 'full'
  | 'keypad-busy'
  | 'storage-failed'
  | 'secrets'
  | 'no-pepper'
  | 'exhausted'
  | 'not-taken'
  | 'overloaded';

export type PeopleAsk =
  | 'people-list'
  | 'people-add'
  | 'people-change'
  | 'people-new-code'
  | 'people-add-badge'
  | 'people-learn-badge'
  | 'people-revoke'
  | 'operator-revoke';

/** Codes just drawn: shown once, and kept nowhere. */
export type DrawnCodes = {
  readonly id: UserId;
  readonly name: string;
  readonly codes: Readonly<Partial<Record<Meaning, string>>>;
};

export type PersonView = {
  readonly id: UserId;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly AreaId[];
  readonly doors: readonly DoorId[];
  readonly hours: string;
  readonly from: string;
  readonly until: string;
  readonly oneShot: boolean;
  readonly extended: boolean;
  readonly has: CodeSet;
  readonly badges: number;
  /** Added or changed while running; the site's file says nothing of them any more. */
  readonly source: 'file' | 'running';
};

export type OperatorView = { readonly id: OperatorId; readonly name: string; readonly isRevoked: boolean };

export const BADGES_MAX = 8;
/** In one request. */
export const PEOPLE_MAX = 200;
/** On one site: they are written to the disk together, whenever one goes through a door. */
export const SITE_PEOPLE_MAX = 500;
/** How long a badge is waited for. */
export const LEARN_MS = 60_000;
