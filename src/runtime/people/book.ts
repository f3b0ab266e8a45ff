/**
 * Whose codes and badges were given or taken away while the controller ran, as text for the store and back.
 *
 * - **held**: what a person has who was added or changed since. What the site's file says of that person's codes counts no
 *   more.
 * - **revoked**: nobody's codes, those of the site's file as well.
 */
import type { Meaning, UserId } from '../../core/config.ts';
import type { Digest, SecretKind } from '../../ports/secrets.ts';

export type Held = { readonly kind: SecretKind; readonly meaning: Meaning; readonly digest: Digest };

export type Book = {
  readonly held: ReadonlyMap<UserId, readonly Held[]>;
  readonly revoked: ReadonlySet<UserId>;
};

export const EMPTY_BOOK: Book = { held: new Map(), revoked: new Set() };

export const withHeld = ({ held, revoked }: Book, user: UserId, list: readonly Held[]): Book => ({
  held: new Map([...held, [user, list]]),
  revoked: new Set([...revoked].filter((id) => id !== user)),
});

export const withRevoked = ({ held, revoked }: Book, user: UserId): Book => ({
  held: new Map([...held].filter(([id]) => id !== user)),
  revoked: new Set([...revoked, user]),
});

// ---- as text

const FORM = 1;

export const bookText = ({ held, revoked }: Book): string =>
  JSON.stringify({ form: FORM, held: Object.fromEntries(held), revoked: [...revoked] });

const KINDS: readonly SecretKind[] = ['code', 'badge'];
const MEANINGS: readonly Meaning[] = ['normal', 'duress', 'not-normal'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const isHeld = (value: unknown): value is Held =>
  isObject(value) &&
  KINDS.some((kind) => kind === value['kind']) &&
  MEANINGS.some((meaning) => meaning === value['meaning']) &&
  typeof value['digest'] === 'string';

const isHeldList = (value: unknown): value is readonly Held[] => Array.isArray(value) && value.every(isHeld);
const isIdList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((id) => typeof id === 'string');

/** Undefined: unreadable. A border: what the store gives back is what `bookText` wrote, perhaps of another version. */
export const readBook = (text: string): Book | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || value['form'] !== FORM || !isObject(value['held']) || !isIdList(value['revoked'])) return undefined;
    const entries = Object.entries(value['held']).filter((entry): entry is [string, readonly Held[]] => isHeldList(entry[1]));
    if (entries.length < Object.keys(value['held']).length) return undefined;
    return { held: new Map(entries), revoked: new Set(value['revoked']) };
  } catch {
    return undefined;
  }
};
