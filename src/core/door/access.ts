/**
 * Who is let through a door, and when. A way in asks, the door judges, and every refusal has its reason; a grant is a
 * release, told before the lock moves. Opening a door never disarms: where its area is set, the answer is no.
 */
import type { DoorConfig, KeypadId, UserConfig } from '../config.ts';
import type { Cause, Refusal } from '../event.ts';
import { areaPlace, areaState, clearTimer, doorState, emit, lockState, setDurable, setLock, setTimerIn } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Input } from '../input.ts';
import type { Place } from '../site.ts';
import type { Release } from '../state.ts';
import { HOUR, SECOND } from '../time.ts';
import { hasStandingCondition } from '../supervision/conditions.ts';
import { hasShownBadge } from '../people/badge.ts';
import { outsideHours } from '../people/rights.ts';
import { noticeDesks, tellDesks } from './desk.ts';
import { doorFacts } from './doorAlarm.ts';
import { isInterlockBusy } from './interlock.ts';
import { ASK, releaseDoor, releaseFacts } from './lock.ts';
import type { Ask } from './lock.ts';

type Door = Place<DoorConfig>;

const SECOND_PERSON_MS = 30 * SECOND;

/** Where something is kept: never opened by one proof alone, from afar, or for longer than somebody takes. */
export const isKept = ({ kind }: DoorConfig): boolean => kind === 'cupboard' || kind === 'safe';

// ---- judging

const isSet = (frame: Frame, { config }: Door): boolean => {
  const { state } = areaState(frame, areaPlace(frame, config.area)).arming;
  return state === 'armed' || state === 'entering';
};

/** Asked for at a reader by which people go out. */
export const isWayOut = ({ config }: Door, { keypad }: Pick<Ask, 'keypad'>): boolean =>
  keypad !== undefined && config.access?.exit.includes(keypad) === true;

/** The duty hatch serves at night, by the hand behind it. Whoever goes out by a reader is not told to stay. */
export const mayPassSetArea = (door: Door, ask: Pick<Ask, 'cause' | 'keypad'>): boolean =>
  (door.config.kind === 'hatch' && ask.cause === 'hatch') || isWayOut(door, ask);

/** What the door has against being opened now, by whoever asks. */
const doorRefusal = (frame: Frame, door: Door, ask: Ask): Refusal | undefined => {
  const { mode } = doorState(frame, door);
  if (!door.config.lock) return 'no-lock';
  if (mode === 'blocked' && !isWayOut(door, ask)) return 'door-blocked';
  if (mode === 'locked-down') return 'door-locked-down';
  if (isSet(frame, door) && !mayPassSetArea(door, ask)) return 'area-armed';
  return isInterlockBusy(frame, door) ? 'interlock-busy' : undefined;
};

const tellRefused = (frame: Frame, door: Door, ask: Ask, reason: Refusal): void =>
  emit(frame, 'access-refused', { ...releaseFacts(door, ask), reason });

/** What has to be done before the lock lets go, or why it cannot be. */
export type Before = () => Refusal | undefined;
const NOTHING: Before = () => undefined;

/** Opens, or says why not. */
const openFor = (frame: Frame, door: Door, ask: Ask, before: Before = NOTHING): Refusal | undefined => {
  const refusal = doorRefusal(frame, door, ask) ?? before();
  if (refusal) {
    tellRefused(frame, door, ask, refusal);
    return refusal;
  }
  emit(frame, 'access-granted', releaseFacts(door, ask));
  releaseDoor(frame, door, ask);
  return undefined;
};

// ---- interphone and desk

/** The relay of the interphone, or a button inside. */
export const onDoorRequest = (frame: Frame, door: Door): void => {
  const cause: Cause = door.config.kind === 'hatch' ? 'hatch' : 'interphone';
  const reason = openFor(frame, door, { ...ASK, cause });
  if (reason) noticeDesks(frame, door, { kind: 'refused', reason, blockers: [] });
};

export const onBell = (frame: Frame, door: Door, zone: string): void => {
  emit(frame, 'bell', doorFacts(door, zone));
  tellDesks(frame, door, 'bell');
};

/** Somebody inside opens a door from a keypad, by its number. */
export const openFromInside = (frame: Frame, door: Door, user: UserConfig, keypad: KeypadId | undefined): Refusal | undefined =>
  openFor(frame, door, { ...ASK, user: user.id, keypad, extended: user.extendedTimes });

// ---- readers at the door

/** The door that a reader or keypad is on. */
export const doorOfReader = (frame: Frame, keypad: KeypadId): Door | undefined => frame.site.doorsOfKeypad.get(keypad)?.[0];

type Shown = { readonly user: UserConfig; readonly keypad: KeypadId; readonly by: 'code' | 'badge' };

/** What the door wants to see, against what was shown. */
const credentialRefusal = (frame: Frame, door: Door, { user, keypad, by }: Shown): Refusal | undefined => {
  switch (door.config.access?.credential ?? 'either') {
    case 'code':
      return by === 'code' ? undefined : 'code-only';
    case 'badge':
      return by === 'badge' ? undefined : 'badge-only';
    case 'either':
      return undefined;
    case 'both':
      return by === 'code' && hasShownBadge(frame, keypad, user.id) ? undefined : 'badge-and-code';
  }
};

/** The first of two people is remembered for a while. */
const awaitSecond = (frame: Frame, door: Door, { user, keypad }: Shown): Refusal | undefined => {
  if (door.config.access?.persons !== 2) return undefined;
  const { second } = lockState(frame, door);
  clearTimer(frame, 'door-second', door.config.id);
  if (second && second.user !== user.id && second.keypad === keypad) {
    endSecond(frame, door);
    return undefined;
  }
  setLock(frame, door, { second: { user: user.id, keypad } });
  setTimerIn(frame, 'door-second', door.config.id, SECOND_PERSON_MS);
  return 'second-person';
};

export const endSecond = (frame: Frame, door: Door): void => setLock(frame, door, { second: undefined });

/** Half of what the door wants is no refusal yet: the other half may follow. */
const IS_HALF: ReadonlySet<Refusal> = new Set<Refusal>(['badge-and-code', 'second-person']);

/** A person whose credential is known, at a reader of the door. */
export const enterBy = (frame: Frame, door: Door, shown: Shown, before?: Before): Refusal | undefined => {
  const { user, keypad, by } = shown;
  const ask: Ask = { ...ASK, cause: by === 'badge' ? 'badge' : 'keypad', user: user.id, keypad, extended: user.extendedTimes };
  const reason = user.doors.includes(door.config.id)
    ? (credentialRefusal(frame, door, shown) ?? awaitSecond(frame, door, shown))
    : 'not-your-door';
  if (reason === undefined) return grantTo(frame, door, user, { ask, before });
  if (!IS_HALF.has(reason)) tellRefused(frame, door, ask, reason);
  return reason;
};

type Grant = { readonly ask: Ask; readonly before: Before | undefined };

const grantTo = (frame: Frame, door: Door, user: UserConfig, { ask, before }: Grant): Refusal | undefined => {
  const reason = openFor(frame, door, ask, before);
  if (reason === undefined && user.oneShot && user.role !== 'guard') useUpVisitor(frame, user);
  return reason;
};

/** A one-shot code lets a visitor in once. */
const useUpVisitor = (frame: Frame, { id }: UserConfig): void => {
  const { people } = frame.state.durable;
  if (!people.usedUp.includes(id)) setDurable(frame, { people: { ...people, usedUp: [...people.usedUp, id] } });
};

// ---- anti-passback

/** Soft: the person is let through, and the second time in without having gone out is told. */
export const notePassage = (frame: Frame, door: Door, { user, keypad }: Release): void => {
  const { access, area } = door.config;
  if (access?.antiPassbackMs === undefined || user === undefined || keypad === undefined) return;
  // Who opens from the desk does not go through.
  if (!access.entry.includes(keypad) && !access.exit.includes(keypad)) return;
  const side = access.exit.includes(keypad) ? 'out' : 'in';
  const { people } = frame.state.durable;
  const last = people.passages.find((passage) => passage.user === user && passage.area === area);
  const others = people.passages.filter((passage) => passage !== last);
  const isRecent = last !== undefined && frame.now - last.at < access.antiPassbackMs;
  setDurable(frame, { people: { ...people, passages: [...others, { user, area, side, at: frame.now }] } });
  if (isRecent && last.side === side) emit(frame, 'anti-passback', { ...doorFacts(door), user, keypad, detail: { side } });
};

// ---- from afar

type RemoteUnlock = Extract<Input, { kind: 'remote-unlock' }>;

const recentUnlocks = ({ now, state }: Frame) => state.durable.people.remoteUnlocks.filter(({ at }) => now - at < HOUR);

const operatorRefusal = (frame: Frame, door: Door, { operator: id }: RemoteUnlock): Refusal | undefined => {
  const operator = frame.site.config.operators.find((known) => known.id === id);
  if (!operator || frame.state.durable.people.revokedOperators.includes(id)) return 'unknown-operator';
  if (!operator.doors.includes(door.config.id)) return 'not-your-door';
  if (!door.config.remote || isKept(door.config)) return 'not-remote';
  if (hasStandingCondition(frame, 'storage-failed')) return 'storage-failed';
  // From afar an unknown hour is no hour.
  const outside = operator.hours === undefined ? undefined : outsideHours(frame, operator.hours);
  if (outside) return outside === 'unknown' ? 'out-of-hours' : outside;
  return recentUnlocks(frame).filter((unlock) => unlock.operator === id).length >= operator.perHour
    ? 'too-many-unlocks'
    : undefined;
};

/** A command that its signature has proved: fresh, personal, used once. It opens for a moment and never disarms. */
export const onRemoteUnlock = (frame: Frame, input: RemoteUnlock): void => {
  const { command, operator } = input;
  const door = frame.site.doors.get(input.door);
  if (!door) return emit(frame, 'access-refused', { operator, command, cause: 'remote', reason: 'no-such-door' });
  const ask: Ask = { ...ASK, cause: 'remote', operator, command };
  const reason = operatorRefusal(frame, door, input);
  if (reason) return tellRefused(frame, door, ask, reason);
  if (openFor(frame, door, ask) === undefined) noteRemoteUnlock(frame, operator);
};

const noteRemoteUnlock = (frame: Frame, operator: string): void => {
  const { people } = frame.state.durable;
  setDurable(frame, { people: { ...people, remoteUnlocks: [...recentUnlocks(frame), { operator, at: frame.now }] } });
};
