/** Drawing codes and reading badges for people: what they then hold, as digests, and what is told once. */
import type { Meaning, UserConfig, UserId } from '../../core/config.ts';
import type { Site } from '../../core/site.ts';
import { BADGES_MAX } from '../../ports/people.ts';
import type { DrawnCodes, PeopleReason, PersonDraft } from '../../ports/people.ts';
import { normalBadge } from '../../ports/secrets.ts';
import type { Digest, Secrets } from '../../ports/secrets.ts';
import type { Held } from './book.ts';
import type { Credentials } from './credentials.ts';
import { isBadge } from './draft.ts';

export type CodesDesk = { readonly site: Site; readonly credentials: Credentials; readonly secrets: Secrets };

/** A person with all that they hold from now on, and the codes that are new. */
export type Given = { readonly user: UserConfig; readonly held: readonly Held[]; readonly codes: DrawnCodes['codes'] };

export type Drawn = { readonly meaning: Meaning; readonly code: string; readonly digest: Digest };

/** Six digits where anybody can try, or where so many codes are in use that one is soon met by chance. */
const DIGITS_LONG = 6;
const DIGITS_SHORT = 4;
const SHORT_CODES_MAX = 10;

const digitsFor = ({ site }: CodesDesk, codes: number): number =>
  codes > SHORT_CODES_MAX || site.config.keypads.some(({ place }) => place === 'outside') ? DIGITS_LONG : DIGITS_SHORT;

export const wantedCodes = (
  usual: boolean,
  { duress, notNormal }: Pick<PersonDraft, 'duress' | 'notNormal'>,
): readonly Meaning[] => [
  ...(usual ? (['normal'] as const) : []),
  ...(duress === true ? (['duress'] as const) : []),
  ...(notNormal === true ? (['not-normal'] as const) : []),
];

export type DrawnSets =
  | { readonly ok: true; readonly sets: readonly (readonly Drawn[])[] }
  | { readonly ok: false; readonly reason: Extract<PeopleReason, 'secrets' | 'exhausted'> };

/** A set for each of `wanted`; none is like another, nor like a digest in `beside` or one that was ever somebody's. */
export const drawCodes = async (
  desk: CodesDesk,
  wanted: readonly (readonly Meaning[])[],
  beside: readonly Digest[],
): Promise<DrawnSets> => {
  const taken = new Set([...desk.credentials.taken(), ...beside]);
  const digits = digitsFor(desk, desk.credentials.codeCount() + wanted.flat().length);
  const sets: Drawn[][] = [];
  for (const meanings of wanted) {
    const set: Drawn[] = [];
    for (const meaning of meanings) {
      const drawn = await desk.secrets.draw(taken, digits);
      if (!drawn.ok) return { ok: false, reason: drawn.reason === 'exhausted' ? 'exhausted' : 'secrets' };
      taken.add(drawn.digest);
      set.push({ meaning, code: drawn.code, digest: drawn.digest });
    }
    sets.push(set);
  }
  return { ok: true, sets };
};

/** New codes stand in the place of those of their meaning. */
export const heldWith = (
  user: UserConfig,
  before: readonly Held[],
  drawn: readonly Drawn[],
  badges: readonly Digest[],
): Given => ({
  user,
  held: [
    ...before.filter((one) => one.kind === 'badge' || !drawn.some(({ meaning }) => meaning === one.meaning)),
    ...drawn.map(({ meaning, digest }): Held => ({ kind: 'code', meaning, digest })),
    ...badges.map((digest): Held => ({ kind: 'badge', meaning: 'normal', digest })),
  ],
  codes: Object.fromEntries(drawn.map(({ meaning, code }) => [meaning, code])),
});

// ---- badges

/** Undefined: no digest could be made. What is no badge is judged elsewhere. */
export const badgeDigest = async (secrets: Secrets, badge: string): Promise<Digest | undefined> => {
  const result = await secrets.digest('badge', normalBadge(badge));
  return result.ok ? result.digest : undefined;
};

/** What the person holds with one badge more. */
export const withBadge = async (
  { credentials, secrets }: CodesDesk,
  user: UserId,
  badge: string,
): Promise<readonly Held[] | Extract<PeopleReason, 'bad-badge' | 'badge-taken' | 'too-many-badges' | 'secrets'>> => {
  const held = credentials.of(user);
  if (!isBadge(badge)) return 'bad-badge';
  if (held.filter(({ kind }) => kind === 'badge').length >= BADGES_MAX) return 'too-many-badges';
  const digest = await badgeDigest(secrets, badge);
  if (digest === undefined) return 'secrets';
  if (credentials.serves(digest)) return 'badge-taken';
  return [...held, { kind: 'badge', meaning: 'normal', digest }];
};
