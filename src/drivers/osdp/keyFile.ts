/**
 * What is known of the readers from earlier, in a file of the data folder: who each was, and the key it shares with this
 * controller. Encrypted (AES-256-GCM) under a key made of the site's pepper and this machine's id (HKDF, RFC 5869), readable by
 * its owner only, and replaced as a whole. How far that protects: docs/osdp.md.
 *
 * A file that cannot be read is never taken for an empty one: without it nobody knows which reader once had a secure channel.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Known } from '../../protocol/osdp/reader.ts';

export type KeyFileTrouble =
  /** Not what this controller wrote, or written under another pepper or on another machine. */
  | 'damaged'
  | 'not-readable'
  /** The pepper it was written under cannot be read. */
  | 'no-pepper';

export type ReaderKeys = {
  readonly trouble: KeyFileTrouble | undefined;
  /** By keypad; undefined: never met. */
  readonly knownOf: (keypad: string) => Known | undefined;
  /** True: it is on disk. A file in trouble is left as it is. */
  readonly keep: (keypad: string, known: Known) => Promise<boolean>;
};

export type KeyFileOptions = {
  readonly path: string;
  readonly pepper: Uint8Array | undefined;
  /** Such as `/etc/machine-id` holds. */
  readonly machineId: string;
};

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAGIC = Buffer.from('vigie-reader-keys-1\n', 'utf8');
const PURPOSE = 'vigie reader keys 1';
const OWNER_ONLY = 0o600;
const READER_KEY_HEX = /^[0-9a-f]{32}$/;

type Book = ReadonlyMap<string, Known>;

const fileKey = ({ pepper, machineId }: KeyFileOptions): Buffer =>
  Buffer.from(hkdfSync('sha256', pepper ?? Buffer.alloc(0), machineId, PURPOSE, KEY_BYTES));

// ---- from and to bytes

const writtenEntry = ([keypad, { identity, key }]: readonly [string, Known]): readonly [string, unknown] => [
  keypad,
  { identity, key: key && Buffer.from(key).toString('hex') },
];

const sealed = (book: Book, options: KeyFileOptions): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, fileKey(options), nonce);
  cipher.setAAD(MAGIC);
  const text = JSON.stringify(Object.fromEntries([...book].map(writtenEntry)));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), body]);
};

const readEntry = (value: unknown): Known | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const identity: unknown = 'identity' in value ? value.identity : undefined;
  const key: unknown = 'key' in value ? value.key : undefined;
  if (identity !== undefined && typeof identity !== 'string') return undefined;
  if (key === undefined) return { identity, key: undefined };
  if (typeof key !== 'string' || !READER_KEY_HEX.test(key)) return undefined;
  return { identity, key: Uint8Array.from(Buffer.from(key, 'hex')) };
};

const readBook = (text: string): Book | undefined => {
  const read: unknown = JSON.parse(text);
  if (typeof read !== 'object' || read === null) return undefined;
  const entries = Object.entries(read).map(([keypad, value]) => [keypad, readEntry(value)] as const);
  const good = entries.filter((entry): entry is readonly [string, Known] => entry[1] !== undefined);
  return good.length === entries.length ? new Map(good) : undefined;
};

const opened = (bytes: Buffer, options: KeyFileOptions): Book | undefined => {
  const nonceAt = MAGIC.length;
  const tagAt = nonceAt + NONCE_BYTES;
  const bodyAt = tagAt + TAG_BYTES;
  if (bytes.length < bodyAt || !bytes.subarray(0, nonceAt).equals(MAGIC)) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, fileKey(options), bytes.subarray(nonceAt, tagAt));
    decipher.setAAD(MAGIC);
    decipher.setAuthTag(bytes.subarray(tagAt, bodyAt));
    return readBook(Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]).toString('utf8'));
  } catch {
    return undefined;
  }
};

// ---- the file

/** Whole and on disk before it takes the old one's place, and its place on disk as well. */
const replace = async (path: string, bytes: Buffer): Promise<void> => {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

type Loaded = { readonly book: Book; readonly trouble: KeyFileTrouble | undefined };

const load = async (options: KeyFileOptions): Promise<Loaded> => {
  try {
    const book = opened(await readFile(options.path), options);
    return book === undefined ? { book: new Map(), trouble: 'damaged' } : { book, trouble: undefined };
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { book: new Map(), trouble: isAbsent ? undefined : 'not-readable' };
  }
};

export const openKeyFile = async (options: KeyFileOptions): Promise<ReaderKeys> => {
  const { book: found, trouble } = await load(options);
  let book = found;
  let writing: Promise<boolean> = Promise.resolve(true);

  const write = async (keypad: string, known: Known): Promise<boolean> => {
    const next = new Map([...book, [keypad, known] as const]);
    try {
      await replace(options.path, sealed(next, options));
    } catch {
      return false;
    }
    book = next;
    return true;
  };

  return {
    trouble,
    knownOf: (keypad) => book.get(keypad),
    keep: async (keypad, known) => {
      if (trouble !== undefined) return false;
      writing = writing.then(async () => write(keypad, known));
      return writing;
    },
  };
};

/** Nothing is known, and nothing can be kept. */
export const lockedKeys = (trouble: KeyFileTrouble): ReaderKeys => ({
  trouble,
  knownOf: () => undefined,
  keep: () => Promise.resolve(false),
});

/** In memory, for tests and the bench. */
export const memoryKeys = (known: Readonly<Record<string, Known>> = {}): ReaderKeys => {
  const book = new Map(Object.entries(known));
  return {
    trouble: undefined,
    knownOf: (keypad) => book.get(keypad),
    keep: (keypad, entry) => {
      book.set(keypad, entry);
      return Promise.resolve(true);
    },
  };
};
