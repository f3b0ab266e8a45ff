/**
 * People at a keypad: keys become requests by the keypad's own grammar, a code is looked up in the story's list, and the
 * verdict is there in the instant in which the last key was pressed.
 */
import type { KeypadId } from '../core/config.ts';
import type { Credential, Request, Way } from '../core/input.ts';
import { NO_KEYS, pressKeys } from '../protocol/keypad.ts';
import type { KeypadEntry } from '../protocol/keypad.ts';
import { ANYBODY } from './names.ts';
import type { Act, StoryCode } from './story.ts';
import { runningTime, tell } from './world.ts';
import type { World } from './world.ts';

const credentialOf = (codes: readonly StoryCode[], by: 'code' | 'badge', text: string): Credential | undefined => {
  const found = codes.find((each) => each.kind === by && each.text === text);
  return found && { user: found.user, meaning: found.meaning };
};

/** A story that lets somebody use another's code without saying so is a mistake in the story. */
const isTheirs = (world: World, who: string, credential: Credential | undefined): boolean => {
  if (!credential || who === ANYBODY || who === credential.user) return true;
  return world.options.site.users.get(credential.user)?.role === who && !world.options.site.users.has(who);
};

type Try = { readonly by: 'code' | 'badge'; readonly credential: Credential | undefined; readonly request: Request };

const attempt = (world: World, keypad: KeypadId, tried: Try): void => {
  const way: Way = { kind: 'keypad', keypad };
  world.attempts += 1;
  const facts = { attempt: world.attempts, way, keyedAt: runningTime(world) };
  tell(world, { kind: 'attempt', ...facts });
  tell(world, { kind: 'verdict', ...facts, ...tried });
};

const enter = (
  world: World,
  entry: KeypadEntry,
  { who, keypad }: Extract<Act, { kind: 'type' }>,
  codes: readonly StoryCode[],
): string | undefined => {
  if ('choice' in entry) {
    tell(world, { kind: 'choice', keypad, number: entry.choice });
    return undefined;
  }
  const credential = credentialOf(codes, 'code', entry.code);
  if (!isTheirs(world, who, credential)) return `the code is ${credential?.user ?? 'nobody'}'s, not ${who}'s`;
  attempt(world, keypad, { by: 'code', credential, request: entry.request });
  return undefined;
};

export const typeKeys = (world: World, act: Extract<Act, { kind: 'type' }>, codes: readonly StoryCode[]): string | undefined => {
  if (world.gone) return undefined;
  const pressed = pressKeys(world.keys.get(act.keypad) ?? NO_KEYS, act.text, runningTime(world));
  world.keys.set(act.keypad, pressed.state);
  if (pressed.problems.length > 0) return `the keypad does not understand these keys: ${pressed.problems.join(', ')}`;
  const troubles = pressed.entries.map((entry) => enter(world, entry, act, codes));
  return troubles.find((trouble) => trouble !== undefined);
};

export const showBadge = (
  world: World,
  act: Extract<Act, { kind: 'badge' }>,
  codes: readonly StoryCode[],
): string | undefined => {
  const credential = credentialOf(codes, 'badge', act.badge);
  if (!isTheirs(world, act.who, credential)) return `the badge is ${credential?.user ?? 'nobody'}'s, not ${act.who}'s`;
  attempt(world, act.keypad, { by: 'badge', credential, request: { verb: 'code' } });
  return undefined;
};
