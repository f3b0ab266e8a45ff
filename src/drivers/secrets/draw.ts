/** Drawing codes: random, free, and not one that anybody would try first. */
import type { Digest, DigestResult, DrawResult } from '../../ports/secrets.ts';

/** Random whole number from 0 to `below` − 1. */
export type RandomInt = (below: number) => number;

/** A draw that meets this many codes in use has no room left: 16 people on four digits meet one in 600 tries. */
const DRAWS_MAX = 12;

const stepsOf = (code: string): ReadonlySet<number> =>
  new Set(
    Array.from(code)
      .slice(1)
      .map((digit, index) => (Number(digit) - Number(code[index]) + 10) % 10),
  );

/** 0000, 1234, 9876, 2468: all steps alike. And dates of birth as years: 19xx, 20xx. */
export const isEasilyGuessed = (code: string): boolean =>
  stepsOf(code).size === 1 || (code.length === 4 && /^(19|20)/.test(code));

const randomCode = (digits: number, random: RandomInt): string => {
  for (;;) {
    const code = String(random(10 ** digits)).padStart(digits, '0');
    if (!isEasilyGuessed(code)) return code;
  }
};

export const drawCode = async (
  digits: number,
  taken: ReadonlySet<Digest>,
  random: RandomInt,
  digest: (code: string) => Promise<DigestResult>,
): Promise<DrawResult> => {
  for (let count = 0; count < DRAWS_MAX; count++) {
    const code = randomCode(digits, random);
    const result = await digest(code);
    if (!result.ok) return result;
    if (!taken.has(result.digest)) return { ok: true, code, digest: result.digest };
  }
  return { ok: false, reason: 'exhausted' };
};
