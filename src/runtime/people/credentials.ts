/**
 * Whose codes and badges serve: those of the site's file, and those given or taken away while the controller runs. The core
 * knows people and never their digests; these are a part of the store by themselves, written in the transaction of the step
 * that tells the core of the person, so that a power cut leaves both or neither.
 *
 * A digest that is taken away serves no more as soon as the core has heard; one that is given serves once it is on disk.
 */
import type { Meaning, UserId } from '../../core/config.ts';
import type { EventKind } from '../../core/event.ts';
import type { Credential, Input, PersonChange } from '../../core/input.ts';
import type { Part } from '../../core/parts.ts';
import type { Log } from '../../ports/log.ts';
import type { CredentialLookup, Digest, KnownCredential } from '../../ports/secrets.ts';
import type { Stepped } from '../engine.ts';
import { bookText, EMPTY_BOOK, readBook, withHeld, withRevoked } from './book.ts';
import type { Book, Held } from './book.ts';

export const CREDENTIALS_PART = 'credentials';

/** `none`: the core hears of somebody who has no codes here. */
export type CredentialChange =
  | { readonly kind: 'give'; readonly user: UserId; readonly held: readonly Held[] }
  | { readonly kind: 'revoke'; readonly user: UserId }
  | { readonly kind: 'none' };

/** `not-taken`: the core made nothing of it. `storage-failed`: it is in memory alone, or the disk may not have it. */
export type Carried = 'done' | 'not-taken' | 'storage-failed';

export type Credentials = {
  readonly lookup: CredentialLookup;
  /** What a person has, wherever it was given; nothing for one who is revoked. */
  readonly of: (user: UserId) => readonly Held[];
  /** Whether it is somebody's now; the badge of one who is revoked may be given to another. */
  readonly serves: (digest: Digest) => boolean;
  /** Every digest that is somebody's, or is in the site's file: none of them is drawn. */
  readonly taken: () => ReadonlySet<Digest>;
  /** Codes that serve, over all people. */
  readonly codeCount: () => number;
  /** For a write of the whole state. */
  readonly parts: () => readonly Part[];
  /** Submits `input`, and has `change` go to disk with its step. */
  readonly carry: (input: Input, change: CredentialChange, submit: (input: Input) => void) => Promise<Carried>;
  /** What the journal says was revoked, where the disk has lost it. */
  readonly revokeAgain: (changes: readonly PersonChange[], submit: (input: Input) => void) => void;
  /** What the step takes along to the disk. */
  readonly onStep: (stepped: Stepped) => readonly Part[];
  /** `isDurable`: false where memory stands in for the disk. */
  readonly onCommitted: (input: Input, isDurable: boolean) => void;
};

/** By these the core says that it has taken a change. */
const TAKEN: ReadonlySet<EventKind> = new Set<EventKind>([
  'person-added',
  'person-changed',
  'person-revoked',
  'operator-revoked',
]);

/** An input that the core could not take (a bug) is answered all the same. */
const CARRY_MS = 10_000;

type Carrying = {
  readonly change: CredentialChange;
  readonly settle: (carried: Carried) => void;
  /** The book as this step writes it. */
  book: Book | undefined;
};

type Desk = {
  readonly site: readonly KnownCredential[];
  readonly carrying: Map<Input, Carrying>;
  /** What serves. */
  book: Book;
  /** What goes to disk: ahead of what serves while a commit is under way. */
  written: Book;
  byDigest: ReadonlyMap<Digest, Credential>;
};

export type CredentialsOptions = {
  readonly site: readonly KnownCredential[];
  /** The part as the store had it. */
  readonly stored: string | undefined;
  readonly log: Log;
};

export const makeCredentials = ({ site, stored, log }: CredentialsOptions): Credentials => {
  const read = stored === undefined ? EMPTY_BOOK : readBook(stored);
  if (!read) log('error', 'codes given while running cannot be read: give these people new ones', {});
  const book = read ?? EMPTY_BOOK;
  const desk: Desk = { site, carrying: new Map(), book, written: book, byDigest: digestsOf(site, book) };
  return {
    lookup: (digest) => desk.byDigest.get(digest),
    of: (user) => heldBy(desk, user),
    serves: (digest) => knownNow(site, desk.written).some((known) => known.digest === digest),
    taken: () => new Set([...site.map(({ digest }) => digest), ...[...desk.written.held.values()].flat().map(digestOf)]),
    codeCount: () => knownNow(site, desk.written).filter(({ kind }) => kind === 'code').length,
    parts: () => (isEmpty(desk.written) ? [] : [partOf(desk.written)]),
    carry: (input, change, submit) => carry(desk, input, change, submit),
    revokeAgain: (changes, submit) => {
      for (const change of changes) {
        const input: Input = { kind: 'person', change, by: 'journal' };
        void carry(desk, input, change.kind === 'revoke' ? change : { kind: 'none' }, submit);
      }
    },
    onStep: (stepped) => onStep(desk, stepped),
    onCommitted: (input, isDurable) => onCommitted(desk, input, isDurable),
  };
};

const digestOf = ({ digest }: Held): Digest => digest;
const isEmpty = ({ held, revoked }: Book): boolean => held.size === 0 && revoked.size === 0;
const partOf = (book: Book): Part => ({ key: CREDENTIALS_PART, json: bookText(book) });

// ---- who has what

const knownNow = (site: readonly KnownCredential[], { held, revoked }: Book): readonly KnownCredential[] => [
  ...site.filter(({ user }) => !held.has(user) && !revoked.has(user)),
  ...[...held].flatMap(([user, list]) => list.map((one) => ({ ...one, user }))),
];

const digestsOf = (site: readonly KnownCredential[], book: Book): ReadonlyMap<Digest, Credential> =>
  new Map(knownNow(site, book).map(({ digest, user, meaning }) => [digest, { user, meaning }]));

const heldBy = ({ site, written }: Desk, user: UserId): readonly Held[] =>
  knownNow(site, written)
    .filter((known) => known.user === user)
    .map(({ kind, meaning, digest }) => ({ kind, meaning, digest }));

export const hasCode = (held: readonly Held[], meaning: Meaning): boolean =>
  held.some((one) => one.kind === 'code' && one.meaning === meaning);

// ---- with the step, to the disk

const carry = (desk: Desk, input: Input, change: CredentialChange, submit: (input: Input) => void): Promise<Carried> =>
  new Promise((resolve) => {
    const settle = (carried: Carried): void => {
      clearTimeout(limit);
      desk.carrying.delete(input);
      resolve(carried);
    };
    const limit = setTimeout(() => settle('not-taken'), CARRY_MS).unref();
    desk.carrying.set(input, { change, settle, book: undefined });
    submit(input);
  });

const applied = (book: Book, change: CredentialChange): Book => {
  switch (change.kind) {
    case 'give':
      return withHeld(book, change.user, change.held);
    case 'revoke':
      return withRevoked(book, change.user);
    case 'none':
      return book;
  }
};

const onStep = (desk: Desk, { input, events }: Stepped): readonly Part[] => {
  const carrying = desk.carrying.get(input);
  if (!carrying) return [];
  if (!events.some(({ kind }) => TAKEN.has(kind))) {
    carrying.settle('not-taken');
    return [];
  }
  desk.written = applied(desk.written, carrying.change);
  carrying.book = desk.written;
  if (carrying.change.kind === 'revoke') serve(desk, withRevoked(desk.book, carrying.change.user));
  return carrying.change.kind === 'none' ? [] : [partOf(desk.written)];
};

const serve = (desk: Desk, book: Book): void => {
  desk.book = book;
  desk.byDigest = digestsOf(desk.site, book);
};

/** What could not be written is taken back, but for a revocation. */
const onCommitted = (desk: Desk, input: Input, isDurable: boolean): void => {
  const carrying = desk.carrying.get(input);
  if (!carrying?.book) return;
  if (isDurable) serve(desk, carrying.book);
  else desk.written = desk.book;
  carrying.settle(isDurable ? 'done' : 'storage-failed');
};
