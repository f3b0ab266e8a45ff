/**
 * The hash chain of the journal: what makes an altered, inserted or removed record show.
 *
 * - **record hash**: sha256(salt ‖ body). The 16-byte salt goes with the body when a record is purged, so that a short body
 *   cannot be guessed from its hash afterwards.
 * - **head**: head(n) = sha256(head(n−1) ‖ access ‖ record hash(n)), head(0) = 32 zero bytes. `access` is one byte, 1 for a
 *   record that may be purged: it is chained, so that no other record can pass as purged.
 *
 * Hashes are hex where they are shown and bytes where they are made. sha256 is an argument.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const CHAIN_START: Uint8Array = new Uint8Array(32);
export const SALT_BYTES = 16;

/** A journal record as it is stored and exported. Salt and body are gone together once purged. */
export type ChainRecord = {
  readonly number: number;
  readonly access: boolean;
  readonly salt: string | undefined;
  readonly body: string | undefined;
  readonly recordHash: string;
  readonly head: string;
};

/**
 * - `altered`: salt, body or hash is not what was chained. `missing`: numbers are absent.
 * - `unlinked`: the head does not follow from the one before.
 */
export type LinkFault = 'altered' | 'missing' | 'unlinked';

/** The place up to which a chain is known. `head` undefined: unknown, as after records lost to damage. */
export type ChainPlace = { readonly number: number; readonly head: string | undefined };

export const chainPlaceAtStart: ChainPlace = { number: 0, head: '0'.repeat(64) };

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Undefined for anything but pairs of hex digits. */
export const fromHex = (hex: string): Uint8Array | undefined => {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

const encoder = new TextEncoder();

export const recordHash = (sha256: Sha256, salt: Uint8Array, body: string): Uint8Array =>
  sha256(joined([salt, encoder.encode(body)]));

export const nextHead = (sha256: Sha256, head: Uint8Array, access: boolean, record: Uint8Array): Uint8Array =>
  sha256(joined([head, Uint8Array.of(access ? 1 : 0), record]));

const contentIsSound = (sha256: Sha256, record: ChainRecord): boolean => {
  if (record.salt === undefined && record.body === undefined) return record.access;
  if (record.salt === undefined || record.body === undefined) return false;
  const salt = fromHex(record.salt);
  return salt !== undefined && salt.length === SALT_BYTES && toHex(recordHash(sha256, salt, record.body)) === record.recordHash;
};

const headFollows = (sha256: Sha256, before: string, record: ChainRecord): boolean => {
  const head = fromHex(before);
  const hash = fromHex(record.recordHash);
  return head !== undefined && hash !== undefined && toHex(nextHead(sha256, head, record.access, hash)) === record.head;
};

/** Whether `record` is what comes next after `place`; undefined: it is. */
export const linkFault = (sha256: Sha256, place: ChainPlace, record: ChainRecord): LinkFault | undefined => {
  if (record.number !== place.number + 1) return 'missing';
  if (!contentIsSound(sha256, record)) return 'altered';
  if (place.head !== undefined && !headFollows(sha256, place.head, record)) return 'unlinked';
  return undefined;
};

// ---- export: one JSON object a line, in this order of keys

export const exportLine = (record: ChainRecord): string => {
  const { number, access, salt, body, head } = record;
  return JSON.stringify({ number, access, salt, body, recordHash: record.recordHash, head });
};

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/** Reads a line of an export, which may come from anywhere; undefined for what is none. */
export const parseLine = (line: string): ChainRecord | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { number, access, salt, body, recordHash: hash, head } = value as Readonly<Record<string, unknown>>;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || typeof access !== 'boolean') return undefined;
  if (!isTextOrAbsent(salt) || !isTextOrAbsent(body) || !isHash(hash) || !isHash(head)) return undefined;
  return { number, access, salt, body, recordHash: hash, head };
};
