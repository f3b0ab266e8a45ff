/**
 * Codes and badges as digests. A digest is a slow hash of what was keyed, with the site's salt and the controller's
 * pepper; it is looked up directly, so a try costs one hash whether or not somebody owns the code.
 */
import type { Meaning, UserId } from '../core/config.ts';
import type { Credential } from '../core/input.ts';

/** Codes and badge numbers never share a digest: a badge number typed on a keypad opens nothing. */
export type SecretKind = 'code' | 'badge';

/** `v1-` and 32 hexadecimal digits. */
export type Digest = string;

export type SecretsFailure =
  /** More tries wait than the queue holds: the person is asked to try again. */
  | 'busy'
  /** Closed, or closing. */
  | 'stopped'
  /** The worker died; it is started anew at the next try. */
  | 'worker-failed';

export type DigestResult =
  | { readonly ok: true; readonly digest: Digest }
  | { readonly ok: false; readonly reason: SecretsFailure };

export type DrawResult =
  | { readonly ok: true; readonly code: string; readonly digest: Digest }
  /** `exhausted`: no free code of that length was found. */
  | { readonly ok: false; readonly reason: SecretsFailure | 'exhausted' };

export type Secrets = {
  /** One slow hash, in order, one at a time; a badge that was here before may be answered at once. Never throws. */
  readonly digest: (kind: SecretKind, text: string) => Promise<DigestResult>;
  /** A random code of 4–8 digits whose digest is not in `taken`. */
  readonly draw: (taken: ReadonlySet<Digest>, digits: number) => Promise<DrawResult>;
  readonly close: () => Promise<void>;
};

/** One way a person proves who they are, as the site's file lists it. */
export type KnownCredential = {
  readonly user: UserId;
  readonly kind: SecretKind;
  readonly meaning: Meaning;
  readonly digest: Digest;
};

/** Whose digest it is; undefined: nobody's. */
export type CredentialLookup = (digest: Digest) => Credential | undefined;

export const credentialLookup = (known: readonly KnownCredential[]): CredentialLookup => {
  const byDigest = new Map<Digest, Credential>(
    known.map(({ user, kind, meaning, digest }) => [digest, { user, meaning, by: kind }]),
  );
  return (digest) => byDigest.get(digest);
};

/** The text a badge is digested as: its number in hexadecimal, in capitals, whatever the reader's own habit. */
export const normalBadge = (number: string): string => number.toUpperCase();
