/**
 * Challenges: 32 random bytes, given to one operator, good for one command within 15 s. They are counted in running time,
 * so that no clock that is set lengthens or revives one, and live in memory alone, so that none outlives its process.
 */
import type { OperatorId } from '../core/config.ts';
import { after, MINUTE, SECOND } from '../core/time.ts';
import type { Monotonic } from '../core/time.ts';
import { CHALLENGE_BYTES } from '../protocol/commands.ts';
import type { CommandRefusal } from '../protocol/commands.ts';

export const CHALLENGE_MS = 15 * SECOND;

/** An operator who asks for more has a terminal that asks in circles, or somebody asks in the operator's name. */
const LIVE_PER_OPERATOR = 4;
const LIVE_IN_ALL = 32;
/** So long it is remembered that one was used or came too late; after it the challenge is unknown. */
const REMEMBERED_MS = 5 * MINUTE;
const REMEMBERED_MOST = 256;

type Given = {
  readonly challenge: string;
  readonly operator: OperatorId;
  readonly at: Monotonic;
  readonly isUsed: boolean;
};

export type ChallengeRefusal = Extract<
  CommandRefusal,
  'unknown-challenge' | 'challenge-used' | 'challenge-expired' | 'other-operators-challenge'
>;

export type Challenges = {
  /** Undefined: too many wait to be used. Those that were given stay good. */
  readonly give: (operator: OperatorId) => string | undefined;
  /** Uses it up, whatever comes of the command that names it; another operator's is left alone. Undefined: it is good. */
  readonly take: (operator: OperatorId, challenge: string) => ChallengeRefusal | undefined;
};

export type ChallengeOptions = {
  readonly randomBytes: (count: number) => Uint8Array;
  readonly now: () => Monotonic;
};

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const makeChallenges = ({ randomBytes, now }: ChallengeOptions): Challenges => {
  let given: readonly Given[] = [];

  const isLive = ({ at, isUsed }: Given): boolean => !isUsed && now() <= after(at, CHALLENGE_MS);

  const forgetOld = (): void => {
    given = given.filter(({ at }) => now() < after(at, REMEMBERED_MS)).slice(-REMEMBERED_MOST);
  };

  const refusalOf = (found: Given | undefined, operator: OperatorId): ChallengeRefusal | undefined => {
    if (!found) return 'unknown-challenge';
    if (found.operator !== operator) return 'other-operators-challenge';
    if (found.isUsed) return 'challenge-used';
    return isLive(found) ? undefined : 'challenge-expired';
  };

  return {
    give: (operator) => {
      forgetOld();
      const live = given.filter(isLive);
      const own = live.filter((other) => other.operator === operator);
      if (live.length >= LIVE_IN_ALL || own.length >= LIVE_PER_OPERATOR) return undefined;
      const challenge = hexOf(randomBytes(CHALLENGE_BYTES));
      given = [...given, { challenge, operator, at: now(), isUsed: false }];
      return challenge;
    },
    take: (operator, challenge) => {
      forgetOld();
      const found = given.find((other) => other.challenge === challenge);
      const refusal = refusalOf(found, operator);
      if (!refusal) given = given.map((other) => (other === found ? { ...other, isUsed: true } : other));
      return refusal;
    },
  };
};
