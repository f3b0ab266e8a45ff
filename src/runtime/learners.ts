/** Who waits for the next badge at a reader, to give it to somebody. */
import type { KeypadId } from '../core/config.ts';

export type Learners = {
  /** Whether somebody waits for this badge; then it is theirs. */
  readonly take: (keypad: KeypadId, badge: string) => boolean;
  readonly wait: (keypad: KeypadId, ms: number, gone: AbortSignal) => Promise<string | undefined> | 'busy';
};

type Settle = (badge: string | undefined) => void;

export const makeLearners = (): Learners => {
  const waiting = new Map<KeypadId, Settle>();

  const wait = (keypad: KeypadId, ms: number, gone: AbortSignal): Promise<string | undefined> =>
    new Promise((resolve) => {
      const settle: Settle = (badge) => {
        clearTimeout(limit);
        gone.removeEventListener('abort', onGone);
        waiting.delete(keypad);
        resolve(badge);
      };
      const onGone = (): void => settle(undefined);
      const limit = setTimeout(() => settle(undefined), ms).unref();
      gone.addEventListener('abort', onGone);
      waiting.set(keypad, settle);
      if (gone.aborted) onGone();
    });

  return {
    take: (keypad, badge) => {
      const settle = waiting.get(keypad);
      settle?.(badge);
      return settle !== undefined;
    },
    wait: (keypad, ms, gone) => (waiting.has(keypad) ? 'busy' : wait(keypad, ms, gone)),
  };
};
