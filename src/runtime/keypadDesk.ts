/**
 * Between keypads and the core. Keys become entries; a code goes to the slow hash outside the core and is forgotten; the
 * core hears that a code was given, then whose it was. One try at a time over all keypads, in the order they came.
 */
import type { KeypadId } from '../core/config.ts';
import type { Credential, Input, Request, Way } from '../core/input.ts';
import type { Monotonic } from '../core/time.ts';
import type { Badge } from '../ports/lines.ts';
import type { Log } from '../ports/log.ts';
import { normalBadge } from '../ports/secrets.ts';
import type { CredentialLookup, SecretKind, Secrets } from '../ports/secrets.ts';
import { KEY_PAUSE_MS, NO_KEYS, pressKeys } from '../protocol/keypad.ts';
import type { KeypadEntry, KeypadProblem, KeysState } from '../protocol/keypad.ts';
import { makeLearners } from './learners.ts';

export type KeypadDesk = {
  readonly onKeys: (keypad: KeypadId, text: string, at: Monotonic) => void;
  readonly onBadge: (keypad: KeypadId, badge: Badge, at: Monotonic) => void;
  /**
   * The number of the next badge shown at this keypad within `ms`, which then does nothing else; undefined: none, or `gone`.
   * `busy`: somebody waits for one there already.
   */
  readonly nextBadge: (keypad: KeypadId, ms: number, gone: AbortSignal) => Promise<string | undefined> | 'busy';
};

export type KeypadDeskOptions = {
  readonly secrets: Secrets;
  readonly lookup: CredentialLookup;
  readonly submit: (input: Input, at: Monotonic) => void;
  readonly now: () => Monotonic;
  /** What was typed makes no sense: the keypad says so. */
  readonly onProblem: (keypad: KeypadId, problem: KeypadProblem | 'busy') => void;
  readonly log: Log;
};

type Try = {
  readonly way: Way;
  readonly kind: SecretKind;
  readonly text: string;
  readonly request: Request;
  readonly at: Monotonic;
};

/** Codes given and not yet judged, over all keypads; people type slower than this. */
const WAITING_MAX = 8;

export const makeKeypadDesk = (options: KeypadDeskOptions): KeypadDesk => {
  const { secrets, lookup, submit, now, onProblem, log } = options;
  const typed = new Map<KeypadId, KeysState>();
  const forgetting = new Map<KeypadId, NodeJS.Timeout>();
  const learners = makeLearners();
  let attempts = 0;
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();

  const tellBusy = (way: Way): void => {
    if (way.kind === 'keypad') onProblem(way.keypad, 'busy');
  };

  /** Half a code is not kept for the next person. */
  const forgetLater = (keypad: KeypadId): void => {
    clearTimeout(forgetting.get(keypad));
    forgetting.set(keypad, setTimeout(() => typed.delete(keypad), KEY_PAUSE_MS).unref());
  };

  const judge = (attempt: number, { way, kind, text, request, at }: Try): void => {
    if (waiting >= WAITING_MAX) return tellBusy(way);
    waiting += 1;
    if (kind === 'code') submit({ kind: 'attempt', attempt, way, keyedAt: at }, at);
    queue = queue.then(async () => {
      const result = await secrets.digest(kind, text);
      waiting -= 1;
      if (!result.ok) {
        log('warn', 'a code could not be judged', { reason: result.reason });
        return tellBusy(way);
      }
      const credential: Credential | undefined = lookup(result.digest);
      submit({ kind: 'verdict', attempt, way, keyedAt: at, by: kind, credential, request }, now());
    });
  };

  const take = (keypad: KeypadId, entry: KeypadEntry, at: Monotonic): void => {
    if ('choice' in entry) return submit({ kind: 'choice', keypad, number: entry.choice }, at);
    attempts += 1;
    judge(attempts, { way: { kind: 'keypad', keypad }, kind: 'code', text: entry.code, request: entry.request, at });
  };

  return {
    onKeys: (keypad, text, at) => {
      const { state, entries, problems } = pressKeys(typed.get(keypad) ?? NO_KEYS, text, at);
      typed.set(keypad, state);
      forgetLater(keypad);
      for (const problem of problems) onProblem(keypad, problem);
      for (const entry of entries) take(keypad, entry, at);
    },
    onBadge: (keypad, badge, at) => {
      if (learners.take(keypad, badge.hex)) return;
      attempts += 1;
      judge(attempts, {
        way: { kind: 'keypad', keypad },
        kind: 'badge',
        text: normalBadge(badge.hex),
        request: { verb: 'code' },
        at,
      });
    },
    nextBadge: learners.wait,
  };
};
