/**
 * The codes of the example files in config/. Everybody can read them: `check` warns and `run` complains while one of
 * them is still valid. A test computes each digest from its code and the salt of its file.
 */
import type { Meaning, UserId } from '../core/config.ts';

export type DemoCode = {
  readonly file: 'cabinet' | 'officine' | 'minimal';
  readonly user: UserId;
  readonly kind: 'code' | 'badge';
  readonly meaning: Meaning;
  readonly text: string;
  readonly digest: string;
};

export const DEMO_CODES: readonly DemoCode[] = [];

export const DEMO_DIGESTS: ReadonlySet<string> = new Set(DEMO_CODES.map(({ digest }) => digest));
