/**
 * From an accepted arming to an armed area. The exit ends by time, by the final door (opened, closed and settled), by a
 * push-to-set button, or at once. At its end everything is looked at again: an open zone off the route leaves the area
 * disarmed and loudly so; a final door still open is an exit error.
 */
import type { AreaConfig, ArmMode, ExitEnd, ZoneConfig } from '../config.ts';
import type { Blocker, Cause } from '../event.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  emit,
  setArea,
  setTimerIn,
  setZone,
  timerOf,
  wallAt,
  zonesOf,
  zoneState,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { AreaState, Arming, Who } from '../state.ts';
import { MINUTE, SECOND } from '../time.ts';
import { reviewDoors } from '../door/exit.ts';
import { tellKeypadsOf } from '../people/notice.ts';
import { inMode, isDetection, isLeftOut, isMotion, isRoute } from '../zone/included.ts';
import { endPostponement, planRearm } from './autoArmPlan.ts';
import { blockersOf, isZoneBlocker } from './blockers.ts';
import { commonsAbove, isCommon } from './common.ts';
import { startEntry } from './entry.ts';
import { soundFaultTone, stopFaultTone } from './faultTone.ts';
import { endInhibitions } from './inhibit.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;
type Exiting = Extract<Arming, { state: 'exiting' }>;

/** A final door counts as closed when it has not moved for this long. */
const SETTLE_MS = 8 * SECOND;
/** `final-door` and `push-to-set` wait this long for the person to leave. */
const GIVE_UP_MS = 5 * MINUTE;

/** How this exit ends: as configured, but at once where nobody is there to leave. */
export const exitEndOf = (area: Area, who: Who): ExitEnd =>
  who.cause === 'schedule' || who.cause === 'remote' ? 'immediate' : area.config.exitEnd;

const exitingOf = (frame: Frame, area: Area): Exiting | undefined => {
  const { arming } = areaState(frame, area);
  return arming.state === 'exiting' ? arming : undefined;
};

const setExiting = (frame: Frame, area: Area, arming: Exiting, change: Partial<Exiting>): void =>
  setArea(frame, area, { arming: { ...arming, ...change } });

export const beginExit = (
  frame: Frame,
  area: Area,
  request: { readonly mode: ArmMode; readonly who: Who },
  overridden: readonly Blocker[],
): void => {
  const { mode, who } = request;
  const doorOpened = isExitDoorOpen(frame, area, who);
  setArea(frame, area, {
    arming: { state: 'exiting', since: frame.now, mode, who, doorOpened, restarted: false, opened: [], overridden },
  });
  emit(frame, 'arm-requested', { area: area.config.id, mode, ...whoFacts(who) });
  reviewDoors(frame, area.config.id);
  const end = exitEndOf(area, who);
  if (end === 'immediate') finishExit(frame, area);
  else setTimerIn(frame, 'exit', area.config.id, end === 'timed' ? area.config.exitDelayMs : GIVE_UP_MS);
};

/** Doors that people leave by: the area's own and those of the common areas it is a member of. */
const exitDoors = (frame: Frame, area: Area): readonly Zone[] =>
  [area, ...commonsAbove(frame, area)]
    .flatMap((place) => zonesOf(frame, place.config.id))
    .filter(({ config }) => config.type === 'entry-exit');

/** Somebody holds the door open while they type the code: to close it then is to leave. */
const isExitDoorOpen = (frame: Frame, area: Area, who: Who): boolean =>
  exitDoors(frame, area).some(
    (zone) => zoneState(frame, zone).signal === 'active' && (zone.config.final || exitEndOf(area, who) !== 'final-door'),
  );

// ---- zones during the exit

/** `seen`: the zone went from one level to the other before our eyes, not while nobody heard its line. */
export type Move = { readonly isActive: boolean; readonly seen: boolean };

export const onExitZone = (frame: Frame, area: Area, zone: Zone, move: Move): void => {
  const arming = exitingOf(frame, area);
  if (!arming || !inMode(zone.config, arming.mode)) return;
  if (zone.config.type === 'entry-exit') onExitDoor(frame, area, zone, { arming, ...move });
  else if (isDetection(zone.config) && !isRoute(zone.config)) onOffRouteZone(frame, area, zone, { arming, ...move });
};

type ExitMove = Move & { readonly arming: Exiting };

const onExitDoor = (frame: Frame, area: Area, zone: Zone, move: ExitMove): void => {
  switch (exitEndOf(area, move.arming.who)) {
    case 'timed':
      if (move.isActive) onTimedExitDoorOpened(frame, area, move);
      return;
    case 'final-door':
      if (zone.config.final) onFinalDoor(frame, area, move);
      return;
    case 'push-to-set':
    case 'immediate':
      return;
  }
};

/** Coming back in for a forgotten thing starts the delay again, once. */
const onTimedExitDoorOpened = (frame: Frame, area: Area, { arming, seen }: ExitMove): void => {
  if (!arming.doorOpened) return setExiting(frame, area, arming, { doorOpened: true });
  if (arming.restarted || !seen) return;
  setExiting(frame, area, arming, { restarted: true });
  setTimerIn(frame, 'exit', area.config.id, area.config.exitDelayMs);
  emit(frame, 'exit-restarted', { area: area.config.id });
};

const onFinalDoor = (frame: Frame, area: Area, { arming, isActive, seen }: ExitMove): void => {
  const { id } = area.config;
  if (isActive) {
    clearTimer(frame, 'exit-settle', id);
    if (!arming.doorOpened) setExiting(frame, area, arming, { doorOpened: true });
  } else if (arming.doorOpened && (seen || !timerOf(frame, 'exit-settle', id))) setTimerIn(frame, 'exit-settle', id, SETTLE_MS);
};

const onOffRouteZone = (frame: Frame, area: Area, zone: Zone, { arming, isActive }: ExitMove): void => {
  if (isActive) {
    if (!arming.opened.includes(zone.config.id)) setExiting(frame, area, arming, { opened: [...arming.opened, zone.config.id] });
    soundFaultTone(frame, area);
  } else if (standingZoneBlockers(frame, area, arming).length === 0) stopFaultTone(frame, area);
};

/** A common area is set when its members are: it waits for the last of them, whatever its own exit says. */
const waitsForMembers = (frame: Frame, area: Area): boolean =>
  area.config.common.some((id) => areaState(frame, areaPlace(frame, id)).arming.state === 'exiting');

const finishCommons = (frame: Frame, area: Area): void => {
  for (const common of commonsAbove(frame, area)) finishExit(frame, common);
};

export const pushToSet = (frame: Frame, area: Area): void => {
  const arming = exitingOf(frame, area);
  if (arming && exitEndOf(area, arming.who) === 'push-to-set') finishExit(frame, area);
};

// ---- the end

export const onExitTimer = (frame: Frame, area: Area): void => {
  const arming = exitingOf(frame, area);
  if (!arming || waitsForMembers(frame, area)) return;
  if (exitEndOf(area, arming.who) === 'timed') finishExit(frame, area);
  else failArming(frame, area, arming, { cause: 'time-out', blockers: standingZoneBlockers(frame, area, arming) });
};

const sameBlocker = (a: Blocker, b: Blocker): boolean => a.kind === b.kind && a.zone === b.zone && a.door === b.door;

const standingZoneBlockers = (frame: Frame, area: Area, arming: Exiting): readonly Blocker[] =>
  blockersOf(frame, area, arming.mode, true).filter(
    (blocker) => isZoneBlocker(blocker) && !arming.overridden.some((passed) => sameBlocker(passed, blocker)),
  );

export const finishExit = (frame: Frame, area: Area): void => {
  const arming = exitingOf(frame, area);
  if (!arming || waitsForMembers(frame, area)) return;
  const blockers = standingZoneBlockers(frame, area, arming);
  if (blockers.length > 0) return failArming(frame, area, arming, { cause: 'zone', blockers });
  const openDoor = openExitDoor(frame, area, arming.mode);
  setArmed(frame, area, modeAfterExit(frame, area, arming), arming.who);
  const armed = areaState(frame, area).arming;
  if (openDoor && armed.state === 'armed') startEntry(frame, area, openDoor, armed, true);
  finishCommons(frame, area);
};

const openExitDoor = (frame: Frame, area: Area, mode: ArmMode): Zone | undefined =>
  zonesOf(frame, area.config.id).find(
    (zone) =>
      zone.config.type === 'entry-exit' &&
      inMode(zone.config, mode) &&
      !isLeftOut(frame, zone) &&
      zoneState(frame, zone).signal === 'active',
  );

/** Nobody left through a door: whoever armed is still inside. Only a timed exit asked for on site can tell. */
const modeAfterExit = (frame: Frame, area: Area, arming: Exiting): ArmMode => {
  if (isCommon(area)) return modeOfCommon(frame, area, arming);
  const isAsked = arming.who.cause === 'keypad' || arming.who.cause === 'page';
  const isTimed = exitEndOf(area, arming.who) === 'timed' && arming.mode === 'full';
  if (arming.doorOpened || !isAsked || !isTimed || exitDoors(frame, area).length === 0) return arming.mode;
  emit(frame, 'unvacated', { area: area.config.id, mode: area.config.unvacated });
  return area.config.unvacated;
};

/** Whoever stayed in the member that was set just now walks about in the common area too. */
const modeOfCommon = (frame: Frame, area: Area, { mode }: Exiting): ArmMode => {
  const members = area.config.common.map((id) => areaState(frame, areaPlace(frame, id)).arming);
  const last = members.find((member) => member.state === 'armed' && member.since === frame.now);
  return last?.state === 'armed' ? last.mode : mode;
};

export const setArmed = (frame: Frame, area: Area, mode: ArmMode, who: Who): void => {
  clearExitTimers(frame, area);
  endPostponement(frame, area);
  clearTimer(frame, 'guard', area.config.id);
  stopFaultTone(frame, area);
  setArea(frame, area, {
    arming: { state: 'armed', since: frame.now, mode, who },
    period: {
      armedAt: frame.now,
      armedWall: wallAt(frame, frame.now),
      mode,
      entryOpened: false,
      unconfirmed: [],
      confirmed: false,
      reported: false,
    },
    sirenCycles: 0,
    opening: keptOpening(areaState(frame, area)),
    ticked: [],
  });
  const zones = zonesOf(frame, area.config.id);
  for (const zone of zones) settleZoneAtArming(frame, zone, mode);
  const inhibited = zones.filter((zone) => zoneState(frame, zone).inhibited).map((zone) => zone.config.id);
  emit(frame, 'armed', { area: area.config.id, mode, ...whoFacts(who), ...(inhibited.length > 0 && { zones: inhibited }) });
  reviewDoors(frame, area.config.id);
};

/** A question that nobody has answered yet is not answered by leaving: whoever opened with a stolen code would. */
const keptOpening = ({ opening }: AreaState): AreaState['opening'] => (opening?.phase === 'pending' ? opening : undefined);

/** A zone that somebody carried on over while it was open is live again once it has closed. */
const settleZoneAtArming = (frame: Frame, zone: Zone, mode: ArmMode): void => {
  const { signal, alarmsThisPeriod } = zoneState(frame, zone);
  if (alarmsThisPeriod > 0) setZone(frame, zone, { alarmsThisPeriod: 0 });
  const isOpen = signal === 'active' && isDetection(zone.config) && !isMotion(zone.config) && zone.config.type !== 'entry-exit';
  if (!isOpen || isLeftOut(frame, zone) || !inMode(zone.config, mode)) return;
  setZone(frame, zone, { omitted: 'until-closed' });
  emit(frame, 'omitted', { area: zone.config.area, zone: zone.config.id, cause: 'arming' });
};

type Failure = { readonly cause: Cause; readonly blockers: readonly Blocker[] };

export const failArming = (frame: Frame, area: Area, arming: Exiting, why: Failure): void => {
  clearExitTimers(frame, area);
  setArea(frame, area, { arming: { state: 'disarmed', since: frame.now } });
  const zones = why.blockers.flatMap((blocker) => blocker.zone ?? []);
  emit(frame, 'arm-failed', {
    area: area.config.id,
    mode: arming.mode,
    ...whoFacts(arming.who),
    cause: why.cause,
    blockers: why.blockers,
  });
  endInhibitions(frame, area);
  reviewDoors(frame, area.config.id);
  planRearm(frame, area);
  soundFaultTone(frame, area);
  tellKeypadsOf(frame, area, { kind: 'arm-failed', zones });
  for (const common of commonsAbove(frame, area)) failWith(frame, common, why);
};

/** A member did not arm, so the common area does not either. */
const failWith = (frame: Frame, common: Area, why: Failure): void => {
  const arming = exitingOf(frame, common);
  if (arming) failArming(frame, common, arming, why);
};

export const clearExitTimers = (frame: Frame, area: Area): void => {
  clearTimer(frame, 'exit', area.config.id);
  clearTimer(frame, 'exit-settle', area.config.id);
};
