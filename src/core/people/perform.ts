/** What a person asks for, done in the areas that the person and the place have in common. */
import type { AreaConfig, AreaId, KeypadId, UserConfig, ZoneConfig } from '../config.ts';
import type { Blocker, Refusal } from '../event.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  emit,
  keypadPlace,
  setArea,
  setDurable,
  setTimerIn,
  setZone,
  zonesOf,
  zoneState,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Request } from '../input.ts';
import type { Place } from '../site.ts';
import { arm } from '../area/arm.ts';
import type { ArmResult } from '../area/arm.ts';
import { GUARD_MS, postponeAutoArm } from '../area/autoArm.ts';
import { isCommon, withCommons } from '../area/common.ts';
import { disarm } from '../area/disarm.ts';
import { stopFaultTone } from '../area/faultTone.ts';
import { answerOpening, isOpeningPending, onStaffSeen } from '../area/opening.ts';
import { whoFacts } from '../area/who.ts';
import { doorOfReader, enterBy, isKept, openFromInside } from '../door/access.ts';
import { acknowledgeDoors, doorByNumber, noteStaffIn, openDoor, reviewDoors, setDoorMode, silenceDoors } from '../door/exit.ts';
import { toggleExercise, toggleInstallerAccess, toggleOnTest, toggleWalkTest } from '../supervision/tests.ts';
import type { Toggled } from '../supervision/tests.ts';
import type { Session } from './access.ts';
import { areasOfWay, mayDo } from './rights.ts';
import { endFire, takeBack } from '../zone/review.ts';
import { guardedBy, shunt } from './shunt.ts';

type Area = Place<AreaConfig>;

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'choose'; readonly areas: readonly AreaId[] }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly blockers: readonly Blocker[] };

const DONE: Outcome = { kind: 'done' };
const refused = (reason: Refusal, blockers: readonly Blocker[] = []): Outcome => ({ kind: 'refused', reason, blockers });
const doneIf = (done: boolean, otherwise: Refusal): Outcome => (done ? DONE : refused(otherwise));

export const perform = (frame: Frame, session: Session, request: Request): Outcome => {
  if (session.reach.length === 0 && !isForKeypadOnly(frame, session)) return refused('not-your-area');
  if (session.way.kind === 'remote' && !isRemoteArming(request)) return refused('not-your-role');
  const areas = session.reach.map((id) => areaPlace(frame, id));
  endGuardDuty(frame, areas, session);
  if (request.verb !== 'code' && request.verb !== 'confirm-normal') noteStaff(frame, areas, session);
  if (request.verb !== 'arm') noteInside(frame, session);
  switch (request.verb) {
    case 'arm':
      return armAreas(frame, session, areas, request);
    case 'disarm':
      return disarmAreas(frame, session, areas, request.areas) ?? quieten(frame, session, areas);
    case 'code':
      return mayDo(session.user.role, 'code') ? codeAlone(frame, session, areas) : openOnly(frame, session);
    case 'silence':
      return doneIf(silenceDoors(frame, session.reach, session.user.id), 'nothing-to-do');
    case 'confirm-normal':
      return doneIf(answer(frame, session, areas), 'nothing-to-do');
    case 'acknowledge':
      return doneIf(acknowledge(frame, session, areas, 2), 'nothing-to-do');
    case 'reset-tamper':
      return doneIf(acknowledge(frame, session, areas, 3), 'nothing-to-do');
    case 'postpone':
      return postpone(frame, session, areas);
    case 'tick':
      return tick(frame, session, request.item);
    case 'walk-test':
      return toggled(toggleWalkTest(frame, session.reach, session.user.id));
    case 'exercise':
      return toggled(toggleExercise(frame, session.user.id));
    case 'on-test':
      return toggled(toggleOnTest(frame, session.user.id));
    case 'allow-installer':
      return toggled(toggleInstallerAccess(frame, session.user.id));
    case 'isolate':
      return isolate(frame, session, request);
    case 'open':
      return openByNumber(frame, session, request.zone);
    case 'door-mode':
      return changeDoorMode(frame, session, request);
  }
};

/** A keypad of a safe, a cupboard or a door may belong to no area. */
const isForKeypadOnly = (frame: Frame, { way }: Session): boolean =>
  way.kind === 'keypad' && (guardedBy(frame, way.keypad).length > 0 || doorOfReader(frame, way.keypad) !== undefined);

/** From afar one may only ask to arm: never carry on over a blocker, leave out, disarm or silence. */
const isRemoteArming = (request: Request): boolean => request.verb === 'arm' && !request.override && request.inhibit.length === 0;

const toggled = (result: Toggled): Outcome => (result === 'area-armed' ? refused('area-armed') : DONE);

const chosen = (areas: readonly Area[], ids: readonly AreaId[]): readonly Area[] =>
  ids.length === 0 ? areas : areas.filter(({ config }) => ids.includes(config.id));

const toChoose = (areas: readonly Area[]): Outcome => ({ kind: 'choose', areas: areas.map(({ config }) => config.id) });

// ---- arming

const armAreas = (
  frame: Frame,
  session: Session,
  areas: readonly Area[],
  request: Extract<Request, { verb: 'arm' }>,
): Outcome => {
  const named = chosen(areas, request.areas).filter((area) => !isCommon(area));
  if (named.length === 0) return refused('not-your-area');
  const targets = named.filter((area) => areaState(frame, area).arming.state === 'disarmed');
  if (targets.length === 0) return refused('already-armed');
  if (targets.length > 1 && request.areas.length === 0) return toChoose(targets);
  const numbers = numbersOf(frame, targets);
  if (request.inhibit.some((number) => !numbers.has(number))) return refused('no-such-zone');
  const results = targets.map((area) => armOne(frame, session, area, request));
  const blockers = results.flatMap((result) => (result.ok ? [] : result.blockers));
  const failed = results.find((result) => !result.ok);
  return failed && !failed.ok ? refused(failed.reason, blockers) : DONE;
};

/** Zone numbers of the areas to be armed, and of the common areas that may arm with them. */
const numbersOf = (frame: Frame, areas: readonly Area[]): ReadonlySet<number> =>
  new Set(
    areas
      .flatMap((area) => withCommons(frame, area))
      .flatMap((area) => zonesOf(frame, area.config.id))
      .map(({ config }) => config.number),
  );

/** Each area leaves out what is its own, and what is of the common area that arms with it. */
const armOne = (frame: Frame, session: Session, area: Area, request: Extract<Request, { verb: 'arm' }>): ArmResult => {
  const own = numbersOf(frame, [area]);
  const inhibit = request.areas.length > 1 ? request.inhibit.filter((number) => own.has(number)) : request.inhibit;
  return arm(frame, area, { ...request, inhibit, who: session.who });
};

// ---- disarming

const isSet = (frame: Frame, area: Area): boolean => areaState(frame, area).arming.state !== 'disarmed';
const isEntering = (frame: Frame, area: Area): boolean => areaState(frame, area).arming.state === 'entering';

/** Undefined: nothing is set. In entry, the areas entered and the person's own behind a common door; the others stay armed. */
const disarmAreas = (frame: Frame, session: Session, areas: readonly Area[], ids: readonly AreaId[]): Outcome | undefined => {
  const set = chosen(areas, ids).filter((area) => isSet(frame, area));
  if (set.length === 0) return undefined;
  const entering = set.filter((area) => isEntering(frame, area));
  const targets = entering.length > 0 ? withOwnMembers(frame, session, entering) : withoutCommons(set);
  if (entering.length === 0 && targets.length > 1 && ids.length === 0) return toChoose(targets);
  for (const area of targets) {
    if (isSet(frame, area)) disarm(frame, area, session);
  }
  if (session.user.oneShot) useUp(frame, session, targets);
  return DONE;
};

const withOwnMembers = (frame: Frame, session: Session, entering: readonly Area[]): readonly Area[] => {
  const members = entering.flatMap(({ config }) => config.common).filter((id) => session.user.areas.includes(id));
  return [...new Set([...members.map((id) => areaPlace(frame, id)), ...entering])];
};

const withoutCommons = (areas: readonly Area[]): readonly Area[] => {
  const own = areas.filter((area) => !isCommon(area));
  return own.length > 0 ? own : areas;
};

/** A guard comes in once, and has half an hour to arm again. */
const useUp = (frame: Frame, session: Session, areas: readonly Area[]): void => {
  const { people } = frame.state.durable;
  setDurable(frame, { people: { ...people, usedUp: [...people.usedUp, session.user.id] } });
  for (const area of withoutCommons(areas)) setTimerIn(frame, 'guard', area.config.id, GUARD_MS);
};

/** Staff on site take over: the site is not armed over their heads because a guard had been there. */
const endGuardDuty = (frame: Frame, areas: readonly Area[], { way, user }: Session): void => {
  if (way.kind === 'remote' || (user.role !== 'owner' && user.role !== 'staff')) return;
  for (const area of areas) clearTimer(frame, 'guard', area.config.id);
};

const quieten = (frame: Frame, session: Session, areas: readonly Area[]): Outcome =>
  doneIf(areas.map((area) => disarm(frame, area, session)).includes(true), 'not-armed');

// ---- a code alone: the most urgent thing it can mean here

const codeAlone = (frame: Frame, session: Session, areas: readonly Area[]): Outcome => {
  const { way } = session;
  const disarmed = mayDo(session.user.role, 'disarm') ? disarmOrQuieten(frame, session, areas) : undefined;
  if (disarmed) {
    if (disarmed.kind === 'done') openOnArrival(frame, session);
    return disarmed;
  }
  if (way.kind === 'keypad' && opensHere(frame, way.keypad)) return openHere(frame, way.keypad, session.user);
  if (answer(frame, session, areas)) return DONE;
  acknowledge(frame, session, areas, 2);
  return DONE;
};

/** Who disarms at the door's own reader stands before the door; what is guarded opens by a code of its own. */
const openOnArrival = (frame: Frame, { way, user }: Session): void => {
  if (way.kind !== 'keypad' || !doorOfReader(frame, way.keypad) || guardedBy(frame, way.keypad).length > 0) return;
  openHere(frame, way.keypad, user);
};

// ---- what opens at a keypad

/** Whose code only opens doors: it means nothing anywhere else. */
const openOnly = (frame: Frame, { way, user }: Session): Outcome =>
  way.kind === 'keypad' && doorOfReader(frame, way.keypad) ? openHere(frame, way.keypad, user) : refused('not-your-role');

const opensHere = (frame: Frame, keypad: KeypadId): boolean =>
  guardedBy(frame, keypad).length > 0 || doorOfReader(frame, keypad) !== undefined;

/** A guarded cupboard is no longer watched just before its lock lets go, and only if it does. */
const openHere = (frame: Frame, keypad: KeypadId, user: UserConfig): Outcome => {
  const door = doorOfReader(frame, keypad);
  const isGuarded = guardedBy(frame, keypad).length > 0;
  const unguard = () => (isGuarded ? shunt(frame, keypad, user) : undefined);
  const kept = door ? openDoor(frame, door, () => enterBy(frame, door, { user, keypad, by: 'code' }, unguard)) : unguard();
  return kept ? refused(kept) : DONE;
};

/** From a keypad inside; never what wants a badge as well, or two people. */
const openByNumber = (frame: Frame, session: Session, number: number): Outcome => {
  const door = doorByNumber(frame, number);
  if (!door || !session.reach.includes(door.config.area)) return refused('no-such-door');
  if (!session.user.doors.includes(door.config.id)) return refused('not-your-door');
  if (door.config.kind === 'hatch') return refused('button-only');
  if (isKept(door.config) || door.config.access?.credential === 'both') return refused('badge-and-code');
  if (door.config.access?.persons === 2) return refused('second-person');
  const keypad = session.way.kind === 'keypad' ? session.way.keypad : undefined;
  const kept = openDoor(frame, door, () => openFromInside(frame, door, session.user, keypad));
  return kept ? refused(kept) : DONE;
};

const changeDoorMode = (frame: Frame, session: Session, request: Extract<Request, { verb: 'door-mode' }>): Outcome => {
  const door = doorByNumber(frame, request.zone);
  if (!door || !session.reach.includes(door.config.area)) return refused('no-such-door');
  const kept = setDoorMode(frame, door, request.mode, session.user.id);
  return kept ? refused(kept) : DONE;
};

const disarmOrQuieten = (frame: Frame, session: Session, areas: readonly Area[]): Outcome | undefined =>
  disarmAreas(frame, session, areas, []) ?? (areas.map((area) => disarm(frame, area, session)).includes(true) ? DONE : undefined);

// ---- the rest

/** Somebody at the centre is not on site. */
const noteStaff = (frame: Frame, areas: readonly Area[], session: Session): void => {
  if (session.way.kind === 'remote') return;
  for (const area of areas) onStaffSeen(frame, area, session);
};

/** Staff at a keypad inside are in, whichever way they came. */
const noteInside = (frame: Frame, { way, user, reach }: Session): void => {
  if (way.kind !== 'keypad' || doorOfReader(frame, way.keypad)) return;
  if (keypadPlace(frame, way.keypad).config.place === 'inside') noteStaffIn(frame, reach, user.id);
};

/** Answers what is asked for; where nothing is, an answer given before may still be corrected to *not normal*. */
const answer = (frame: Frame, session: Session, areas: readonly Area[]): boolean => {
  for (const area of areas) onStaffSeen(frame, area, session);
  const pending = areas.filter((area) => isOpeningPending(frame, area));
  const late = areas.filter((area) => areaState(frame, area).opening !== undefined);
  return (pending.length > 0 ? pending : late).map((area) => answerOpening(frame, area, session)).includes(true);
};

const acknowledge = (frame: Frame, session: Session, areas: readonly Area[], level: 2 | 3): boolean => {
  const freed = acknowledgeDoors(frame, session.reach, session.user.id);
  const held = areas.filter((area) => areaState(frame, area).memory.some((entry) => entry.level === level));
  for (const area of areas) stopFaultTone(frame, area);
  for (const area of held) {
    const { memory } = areaState(frame, area);
    const rest = memory.filter((entry) => entry.level !== level);
    setArea(frame, area, { memory: rest });
    emit(frame, 'memory-acknowledged', {
      area: area.config.id,
      ...whoFacts(session.who),
      detail: { entries: memory.length - rest.length, level },
    });
  }
  return held.length > 0 || freed;
};

const postpone = (frame: Frame, session: Session, areas: readonly Area[]): Outcome => {
  const results = areas.map((area) => postponeAutoArm(frame, area, session.who));
  if (results.includes('postponed')) return DONE;
  return refused(results.includes('too-many-postponements') ? 'too-many-postponements' : 'nothing-to-do');
};

/** Items are numbered through the areas of the keypad, as it shows them, whoever ticks them. */
const tick = (frame: Frame, session: Session, number: number): Outcome => {
  const items = areasOfWay(frame, session.way).flatMap((area) => area.config.checklist.map((item) => ({ area, item })));
  const found = items[number - 1];
  if (!found) return refused('nothing-to-do');
  const { area, item } = found;
  if (!session.reach.includes(area.config.id)) return refused('not-your-area');
  const { ticked } = areaState(frame, area);
  if (ticked.includes(item.id)) return DONE;
  setArea(frame, area, { ticked: [...ticked, item.id] });
  emit(frame, 'checklist-ticked', { area: area.config.id, ...whoFacts(session.who), detail: { item: item.id } });
  return DONE;
};

const isolate = (frame: Frame, session: Session, request: Extract<Request, { verb: 'isolate' }>): Outcome => {
  const zone = [...frame.site.zones.values()].find(({ config }) => config.number === request.zone);
  if (!zone || !session.reach.includes(zone.config.area)) return refused('no-such-zone');
  if (!zone.config.bypassable) return refused('zone-not-bypassable');
  if (isSet(frame, areaPlace(frame, zone.config.area))) return refused('area-armed');
  if (zoneState(frame, zone).isolated === request.on) return refused('nothing-to-do');
  setIsolated(frame, zone, session, request.on);
  return DONE;
};

const setIsolated = (frame: Frame, zone: Place<ZoneConfig>, session: Session, isolated: boolean): void => {
  setZone(frame, zone, { isolated });
  emit(frame, isolated ? 'isolated' : 'isolation-ended', {
    area: zone.config.area,
    zone: zone.config.id,
    ...whoFacts(session.who),
  });
  if (isolated) endFire(frame, zone);
  else takeBack(frame, zone);
  reviewDoors(frame, zone.config.area);
};
