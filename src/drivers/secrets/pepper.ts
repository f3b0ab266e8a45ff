/** The pepper: a secret in a file of its own, so that a copy of the site's file alone gives nobody a code. */
import { readFile, stat } from 'node:fs/promises';

export type PepperFailure =
  | 'not-found'
  | 'not-readable'
  /** Fewer than 16 bytes. */
  | 'too-short'
  /** More than 1024 bytes. */
  | 'too-long'
  /** Group or others may read it: `chmod 600`. */
  | 'readable-by-others';

export type PepperResult =
  | { readonly ok: true; readonly pepper: Uint8Array }
  | { readonly ok: false; readonly reason: PepperFailure };

const reasonOf = (error: unknown): PepperFailure =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'not-found' : 'not-readable';

export const readPepper = async (path: string): Promise<PepperResult> => {
  try {
    const { mode, size } = await stat(path);
    if ((mode & 0o077) !== 0) return { ok: false, reason: 'readable-by-others' };
    if (size < 16) return { ok: false, reason: 'too-short' };
    if (size > 1024) return { ok: false, reason: 'too-long' };
    return { ok: true, pepper: await readFile(path) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
};
