/**
 * How a client shows who it is to an HTTP server: Digest (RFC 7616, MD5 and SHA-256, `qop=auth` or none as in RFC 2069)
 * and Basic (RFC 7617). Hashes and random numbers come from outside.
 *
 * - **challenge**: what the server asks for in `WWW-Authenticate`; one header may hold several.
 */

export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Lower-case hexadecimal digest of a text in UTF-8. */
export type Hash = (algorithm: DigestAlgorithm, text: string) => string;

export type DigestChallenge = {
  readonly scheme: 'digest';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** The `-sess` variants: the password's hash is tied to the nonce. */
  readonly isSession: boolean;
  readonly qop: 'auth' | undefined;
};
export type Challenge = DigestChallenge | { readonly scheme: 'basic'; readonly realm: string };

export type Credentials = { readonly username: string; readonly password: string };

/** One use of a digest challenge. `count` starts at 1 with each nonce and never repeats. */
export type DigestUse = {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly uri: string;
  readonly count: number;
  readonly clientNonce: string;
};

// ---- reading challenges

const HEADER_MAX = 4_096;
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+\-.^_`|~0-9A-Za-z]+))/y;
const SPACE = /[\s,]*/y;

type Parameters = Map<string, string>;
type Read = { readonly scheme: string; readonly parameters: Parameters };

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
};

/** A word with a value is a parameter of the last scheme; a word without one begins the next. Stops at what it cannot read. */
const schemesIn = (header: string): readonly Read[] => {
  const read: Read[] = [];
  let at = matchAt(SPACE, header, 0)?.[0].length ?? 0;
  while (at < header.length) {
    const word = matchAt(TOKEN, header, at)?.[0];
    if (word === undefined) return read;
    at += word.length;
    const value = matchAt(VALUE, header, at);
    if (value) {
      const [whole, quoted, plain] = value;
      read.at(-1)?.parameters.set(word.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
      at += whole.length;
    } else read.push({ scheme: word.toLowerCase(), parameters: new Map() });
    at += matchAt(SPACE, header, at)?.[0].length ?? 0;
  }
  return read;
};

const algorithmIn = (parameters: Parameters): Pick<DigestChallenge, 'algorithm' | 'isSession'> | undefined => {
  const name = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
  const isSession = name.endsWith('-SESS');
  const algorithm = isSession ? name.slice(0, -5) : name;
  return algorithm === 'MD5' || algorithm === 'SHA-256' ? { algorithm, isSession } : undefined;
};

/** `auth-int` alone, which hashes the body as well, is not spoken. */
const qopIn = (parameters: Parameters): { readonly qop: DigestChallenge['qop'] } | undefined => {
  const offered = parameters.get('qop');
  if (offered === undefined) return { qop: undefined };
  const words = offered.split(',').map((word) => word.trim().toLowerCase());
  return words.includes('auth') ? { qop: 'auth' } : undefined;
};

const challengeOf = ({ scheme, parameters }: Read): Challenge | undefined => {
  const realm = parameters.get('realm');
  if (realm === undefined) return undefined;
  if (scheme === 'basic') return { scheme: 'basic', realm };
  const [nonce, algorithm, qop] = [parameters.get('nonce'), algorithmIn(parameters), qopIn(parameters)];
  if (scheme !== 'digest' || nonce === undefined || !algorithm || !qop) return undefined;
  return { scheme: 'digest', realm, nonce, opaque: parameters.get('opaque'), ...algorithm, ...qop };
};

/** Every challenge of a `WWW-Authenticate` header that can be answered, in its order. */
export const readChallenges = (header: string): readonly Challenge[] =>
  header.length > HEADER_MAX ? [] : schemesIn(header).flatMap((read) => challengeOf(read) ?? []);

/** SHA-256 before MD5 before Basic, whatever the server likes best. */
const strength = (challenge: Challenge): number => (challenge.scheme === 'basic' ? 0 : challenge.algorithm === 'MD5' ? 1 : 2);

/** undefined: none, or only a password in clear where the way is not encrypted. */
export const strongest = (challenges: readonly Challenge[], isEncrypted: boolean): Challenge | undefined =>
  challenges
    .filter(({ scheme }) => scheme === 'digest' || isEncrypted)
    .toSorted((one, other) => strength(other) - strength(one))[0];

// ---- answering them

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648. */
export const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((group >> shift) & 63));
    text += letters.join('').slice(0, Math.min(left, 3) + 1) + '='.repeat(Math.max(0, 3 - left));
  }
  return text;
};

const basic = ({ username, password }: Credentials): string =>
  `Basic ${base64(new TextEncoder().encode(`${username}:${password}`))}`;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const COUNT_DIGITS = 8;

/** RFC 7616, 3.4.1. */
const responseOf = (challenge: DigestChallenge, { username, password }: Credentials, use: DigestUse, hash: Hash): string => {
  const { realm, nonce, algorithm, isSession, qop } = challenge;
  const { method, uri, clientNonce } = use;
  const h = (text: string): string => hash(algorithm, text);
  const secret = h(`${username}:${realm}:${password}`);
  const first = isSession ? h(`${secret}:${nonce}:${clientNonce}`) : secret;
  const second = h(`${method}:${uri}`);
  if (qop === undefined) return h(`${first}:${nonce}:${second}`);
  return h(`${first}:${nonce}:${countText(use)}:${clientNonce}:${qop}:${second}`);
};

const countText = ({ count }: DigestUse): string => count.toString(16).padStart(COUNT_DIGITS, '0');

const digest = (challenge: DigestChallenge, credentials: Credentials, use: DigestUse, hash: Hash): string => {
  const { realm, nonce, opaque, algorithm, isSession, qop } = challenge;
  const needsClientNonce = qop !== undefined || isSession;
  const fields = [
    `username=${quoted(credentials.username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(use.uri)}`,
    `algorithm=${algorithm}${isSession ? '-sess' : ''}`,
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${countText(use)}`]),
    ...(needsClientNonce ? [`cnonce=${quoted(use.clientNonce)}`] : []),
    `response=${quoted(responseOf(challenge, credentials, use, hash))}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${fields.join(', ')}`;
};

/** The `Authorization` header of one request. */
export const authorization = (challenge: Challenge, credentials: Credentials, use: DigestUse, hash: Hash): string =>
  challenge.scheme === 'basic' ? basic(credentials) : digest(challenge, credentials, use, hash);
