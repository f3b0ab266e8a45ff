/**
 * From a code to an act. The digest was looked up outside: the core hears that a code was typed, then whose it was, and
 * judges lockout at both. A code given under duress acts, or is refused, like any other; the centre hears of it anyway.
 */
import type { AreaId, Meaning, UserConfig } from '../config.ts';
import type { Refusal } from '../event.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  emit,
  keypadPlace,
  keypadState,
  setKeypad,
  setTimerIn,
  setVolatile,
  userOf,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Input, Request, Way } from '../input.ts';
import type { Who } from '../state.ts';
import { SECOND } from '../time.ts';
import { whoFacts } from '../area/who.ts';
import { noteHoldup } from './holdup.ts';
import { countFailure, isLockedOut } from './lockout.ts';
import { clearNotice, tellKeypad } from './notice.ts';
import { perform } from './perform.ts';
import type { Outcome } from './perform.ts';
import { doorOfReader, enterBy } from '../door/access.ts';
import { openDoor } from '../door/exit.ts';
import { areasInReach, areasOfWay, mayDo, refusalOf } from './rights.ts';

type Attempt = Extract<Input, { kind: 'attempt' }>;
type Verdict = Extract<Input, { kind: 'verdict' }>;
type Choice = Extract<Input, { kind: 'choice' }>;

/** A person whose credential was found, at the place where it was given. */
export type Session = {
  readonly way: Way;
  readonly user: UserConfig;
  readonly meaning: Meaning;
  readonly who: Who;
  /** The person's areas that this way reaches. */
  readonly reach: readonly AreaId[];
};

/** A verdict that never comes is forgotten. */
const ATTEMPT_MS = 5 * SECOND;

// ---- attempts

export const onAttempt = (frame: Frame, { attempt, way, keyedAt }: Attempt): void => {
  const locked = isLockedOut(frame, way);
  setVolatile(frame, { attempts: [...frame.state.volatile.attempts, { attempt, way, keyedAt, locked }] });
  setTimerIn(frame, 'attempt', String(attempt), ATTEMPT_MS);
  if (way.kind === 'keypad') clearNotice(frame, way.keypad);
};

export const forgetAttempt = (frame: Frame, attempt: number): void => {
  clearTimer(frame, 'attempt', String(attempt));
  setVolatile(frame, { attempts: frame.state.volatile.attempts.filter((pending) => pending.attempt !== attempt) });
};

const takeAttempt = (frame: Frame, attempt: number): { readonly locked: boolean } => {
  const pending = frame.state.volatile.attempts.find((other) => other.attempt === attempt);
  if (pending) forgetAttempt(frame, attempt);
  return { locked: pending?.locked ?? false };
};

// ---- verdicts

export const onVerdict = (frame: Frame, verdict: Verdict): void => {
  const { way, credential, by } = verdict;
  const locked = takeAttempt(frame, verdict.attempt).locked || isLockedOut(frame, way);
  const user = credential && userOf(frame, credential.user);
  if (!credential || !user) return refuseUnknown(frame, verdict, locked);
  const session = sessionOf(frame, way, user, credential.meaning);
  if (by === 'badge') return showBadge(frame, session);
  const refusal = locked ? 'locked-out' : refusalOf(frame, user, verbMeant(frame, way, user, verdict.request));
  if (credential.meaning === 'duress') reportDuress(frame, session);
  if (refusal) refuse(frame, way, refusal, user);
  else performOrTell(frame, session, verdict.request);
  if (credential.meaning === 'not-normal') reportNotNormal(frame, session);
};

/** At a door, the code of somebody who may do nothing else asks for it to open. */
const verbMeant = (frame: Frame, way: Way, user: UserConfig, { verb }: Request): Request['verb'] => {
  const isAtDoor = way.kind === 'keypad' && doorOfReader(frame, way.keypad) !== undefined;
  return verb === 'code' && isAtDoor && !mayDo(user.role, 'code') ? 'open' : verb;
};

const refuseUnknown = (frame: Frame, { way, by }: Verdict, locked: boolean): void => {
  if (by === 'code') countFailure(frame, way);
  refuse(frame, way, locked && by === 'code' ? 'locked-out' : 'unknown-code', undefined);
};

const sessionOf = (frame: Frame, way: Way, user: UserConfig, meaning: Meaning): Session => {
  const keypad = way.kind === 'keypad' ? way.keypad : undefined;
  const cause = way.kind === 'keypad' ? 'keypad' : way.kind === 'page' ? 'page' : 'remote';
  const reach = areasOfWay(frame, way).map(({ config }) => config.id);
  return { way, user, meaning, who: { user: user.id, cause, keypad }, reach: areasInReach(reach, user) };
};

export const refuse = (frame: Frame, way: Way, reason: Refusal, user: UserConfig | undefined): void => {
  const keypad = way.kind === 'keypad' ? { keypad: way.keypad } : {};
  emit(frame, 'code-refused', { ...keypad, ...(user && { user: user.id }), reason });
  if (way.kind === 'keypad') tellKeypad(frame, way.keypad, { kind: 'refused', reason, blockers: [] });
};

const performOrTell = (frame: Frame, session: Session, request: Request): void => {
  const { way } = session;
  const outcome = perform(frame, session, request);
  switch (outcome.kind) {
    case 'done':
      if (way.kind === 'keypad') tellKeypad(frame, way.keypad, { kind: 'accepted', verb: request.verb });
      return;
    case 'choose':
      return askWhich(frame, session, { request, areas: outcome.areas });
    case 'refused':
      return tellRefusal(frame, session, outcome);
  }
};

/** The page and the centre read their answer from what is told; a blocked arming has told its own with every blocker. */
const tellRefusal = (frame: Frame, { way, user }: Session, outcome: Extract<Outcome, { kind: 'refused' }>): void => {
  const { reason, blockers } = outcome;
  if (way.kind === 'keypad') return tellKeypad(frame, way.keypad, { kind: 'refused', reason, blockers });
  if (reason !== 'blocked') refuse(frame, way, reason, user);
};

// ---- covert reports

const areaFact = (session: Session) => (session.reach[0] === undefined ? {} : { area: session.reach[0] });

const reportDuress = (frame: Frame, session: Session): void => {
  const [area] = session.reach;
  emit(frame, 'duress', { ...areaFact(session), ...whoFacts(session.who) });
  noteHoldup(frame, area === undefined ? undefined : areaPlace(frame, area), `duress:${session.user.id}`);
};

/** The *not normal* code says so once each time it is typed, also where no opening waits for an answer. */
const reportNotNormal = (frame: Frame, session: Session): void => {
  const asked = session.reach.find((id) => areaState(frame, areaPlace(frame, id)).opening !== undefined);
  emit(frame, 'opening-not-normal', {
    ...(asked === undefined ? areaFact(session) : { area: asked }),
    ...whoFacts(session.who),
  });
};

// ---- badges: enough for a door that says so, else half of badge-and-code, since their numbers can be copied

const showBadge = (frame: Frame, { way, user }: Session): void => {
  const door = way.kind === 'keypad' ? doorOfReader(frame, way.keypad) : undefined;
  const refusal = refusalOf(frame, user, door ? 'open' : 'code');
  if (refusal) return refuse(frame, way, refusal, user);
  if (way.kind !== 'keypad') return refuse(frame, way, 'badge-and-code', user);
  const { keypad } = way;
  setKeypad(frame, keypadPlace(frame, keypad), { badge: { user: user.id, at: frame.now } });
  const reason = door ? openDoor(frame, door, () => enterBy(frame, door, { user, keypad, by: 'badge' })) : 'badge-and-code';
  tellKeypad(frame, keypad, reason ? { kind: 'refused', reason, blockers: [] } : { kind: 'accepted', verb: 'open' });
};

// ---- choosing between areas

const CHOICE_MS = 20 * SECOND;

const askWhich = (
  frame: Frame,
  session: Session,
  asked: { readonly request: Request; readonly areas: readonly AreaId[] },
): void => {
  if (session.way.kind !== 'keypad') return refuse(frame, session.way, 'choose-area', session.user);
  const { keypad } = session.way;
  const choosing = { ...asked, user: session.user.id, meaning: session.meaning };
  setKeypad(frame, keypadPlace(frame, keypad), { choosing });
  setTimerIn(frame, 'pending-choice', keypad, CHOICE_MS);
  tellKeypad(frame, keypad, { kind: 'choose', areas: asked.areas });
};

export const forgetChoice = (frame: Frame, keypad: string): void => {
  clearTimer(frame, 'pending-choice', keypad);
  setKeypad(frame, keypadPlace(frame, keypad), { choosing: undefined });
};

/** 0 is all of them, n the n-th of those shown. */
export const onChoice = (frame: Frame, { keypad, number }: Choice): void => {
  const { choosing } = keypadState(frame, keypadPlace(frame, keypad));
  const user = choosing && userOf(frame, choosing.user);
  if (!choosing || !user) return;
  const area = choosing.areas[number - 1];
  const areas = number === 0 ? choosing.areas : area === undefined ? [] : [area];
  if (areas.length === 0) return tellKeypad(frame, keypad, { kind: 'choose', areas: choosing.areas });
  forgetChoice(frame, keypad);
  performOrTell(frame, sessionOf(frame, { kind: 'keypad', keypad }, user, choosing.meaning), onAreas(choosing.request, areas));
};

const onAreas = (request: Request, areas: readonly AreaId[]): Request => {
  switch (request.verb) {
    case 'arm':
      return { ...request, areas };
    case 'disarm':
    case 'code':
      return { verb: 'disarm', areas };
    default:
      return request;
  }
};
