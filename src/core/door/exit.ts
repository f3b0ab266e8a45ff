/**
 * Doors and secondary exits (*issues secondaires*): the way into this room for the rest of the core.
 *
 * A door is its zones: contact, latch, and whatever else is wired to it. Every function here reads their signals from the
 * state and brings the door in line, so that a restart, an isolation or an arming needs no path of its own.
 */
import type { AreaId, DoorConfig, DoorId, UserId, ZoneConfig } from '../config.ts';
import type { Blocker, Cause, Refusal } from '../event.ts';
import { areaPlace, areaState, assertNever, doorPlace, doorState, emit, lockState, must, setDoor } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import { LOCK_TIMERS } from '../state.ts';
import type { DoorMode, Durable, Signal, TimerKind } from '../state.ts';
import type { Wall } from '../time.ts';
import { endSecond, isKept, isWayOut, mayPassSetArea, notePassage, onBell, onDoorRequest } from './access.ts';
import { doorFacts } from './doorAlarm.ts';
import {
  acknowledgeEgress,
  endPermit,
  followEmergency,
  followExitButton,
  onExitRequest,
  onExitWaitTimer,
  onPermit,
  onStuckTimer,
  releaseForExit,
} from './egress.ts';
import { followFreeAccess, forgetFirstIn, leaveOutHours, noteFirstIn, skipJumpedHours } from './freeAccess.ts';
import { airlockOf, followInterlock, freedBy, isInterlockBusy, onInterlockTimer, takenBackBy } from './interlock.ts';
import { LADDER_DEADLINES, followDoor, onLadderTimer, silenceDoor } from './ladder.ts';
import type { LadderTimer } from './ladder.ts';
import { onLatchCheck, watchLatch } from './latch.ts';
import { canTellForced, isOpeningAllowed, onLeafClosed, onLeafOpened } from './leaf.ts';
import {
  endRelease,
  followLock,
  isRequestToExit,
  onBolt,
  onDriveTimer,
  onRelockTimer,
  restartLock,
  tellPassage,
} from './lock.ts';
import { isClosedAndLatched, leafOf, positionOf } from './position.ts';

type Door = Place<DoorConfig>;

/** Leaf, latch, ladder and lock, in line with what the inputs say. `isSeen`: the levels changed under our eyes. */
const reviewDoor = (frame: Frame, door: Door, isSeen: boolean): void => {
  const { leafSeen } = doorState(frame, door);
  watchLatch(frame, door);
  const now = doorState(frame, door).leafSeen;
  if (isSeen && leafSeen === 'closed' && now === 'open') openLeaf(frame, door);
  if (leafSeen === 'open' && now === 'closed') onLeafClosed(frame, door);
  followDoor(frame, door);
  if (door.config.lock) followLocking(frame, door);
  followAirlock(frame, door);
};

/** Of a release it is somebody's passage, which counts for who goes in and out. */
const openLeaf = (frame: Frame, door: Door): void => {
  const { release } = lockState(frame, door);
  onLeafOpened(frame, door);
  takeBack(frame, door);
  if (!release || release.opened || isRequestToExit(release)) return;
  notePassage(frame, door, release);
  if (release.user !== undefined && !isWayOut(door, release)) noteFirstIn(frame, door, release.user);
};

const followLocking = (frame: Frame, door: Door): void => {
  followFreeAccess(frame, door);
  followLock(frame, door);
  // Free access that has just begun or ended changes what is watched.
  followDoor(frame, door);
  tellPassage(frame, door, isClosedAndLatched(frame.site, frame.state.durable, door));
};

/** The other leaves of the airlock were released and are not used yet. */
const takeBack = (frame: Frame, door: Door): void => {
  for (const other of takenBackBy(frame, door)) {
    endRelease(frame, other);
    reviewDoor(frame, other, true);
  }
};

/** A leaf of an airlock may have no lock of its own. Of those that wait for it one goes at a time. */
const followAirlock = (frame: Frame, door: Door): void => {
  followInterlock(frame, door);
  const other = freedBy(frame, door);
  if (!other) return;
  releaseForExit(frame, other);
  reviewDoor(frame, other, true);
};

/** The first level after a start is only the reference: what moved while nobody watched was moved by nobody. */
const isSeen = (from: Signal): boolean => from !== 'unknown';

/** The signal of contact or latch has changed, and the state holds the new one. */
export const onDoorZone = (frame: Frame, door: Door, from: Signal): void => reviewDoor(frame, door, isSeen(from));

/** The area was set or unset, or a zone of it inhibited, isolated or taken back. */
export const reviewDoors = (frame: Frame, area: AreaId): void => {
  for (const door of frame.site.doorsOfArea.get(area) ?? []) {
    endUnderSetArea(frame, door);
    reviewDoor(frame, door, true);
  }
};

/** Whoever was let in before the area was set is in, or is not let in any more. */
const endUnderSetArea = (frame: Frame, door: Door): void => {
  const { state } = areaState(frame, areaPlace(frame, door.config.area)).arming;
  const { release } = lockState(frame, door);
  // Whoever disarms cannot know whether another leaf of the airlock is back.
  if (state !== 'disarmed' && door.config.interlock !== undefined) endLockedOpen(frame, door, 'arming');
  if (state !== 'armed') return;
  forgetFirstIn(frame, door);
  if (release && !release.egress && !mayPassSetArea(door, release)) endRelease(frame, door);
};

/** After a start, once the inputs are read: the ladder goes on from where it stood, with the time that was left. */
export const restartDoors = (frame: Frame): void => {
  for (const door of frame.site.doors.values()) {
    followEmergency(frame, door);
    endLockedOpen(frame, door, 'restart');
    restartLock(frame, door);
    reviewDoor(frame, door, false);
  }
};

/** What somebody left open is locked, and told: nobody is asked whether it may be open again. */
const endLockedOpen = (frame: Frame, door: Door, cause: Cause): void => {
  if (doorState(frame, door).mode !== 'locked-open') return;
  setDoor(frame, door, { mode: 'locked' });
  emit(frame, 'door-mode-changed', { ...doorFacts(door), cause, detail: { from: 'locked-open', mode: 'locked' } });
};

/** The hour, the calendar or the clock has changed. `before`: what the clock said; undefined: nothing that could be believed. */
export const reviewFreeAccess = (frame: Frame, before: Wall | undefined): void => {
  for (const door of frame.site.doors.values()) {
    if (!door.config.access?.freeAccess) continue;
    if (before !== undefined) skipJumpedHours(frame, door, before);
    reviewDoor(frame, door, true);
  }
};

// ---- inputs of a door beside contact and latch

/** The signal of another input of the door changed; the state holds the new one. */
export const onDoorInput = (frame: Frame, door: Door, zone: Place<ZoneConfig>, from: Signal): void => {
  switch (zone.config.type) {
    case 'green-box':
      followEmergency(frame, door);
      for (const member of airlockOf(frame, door)) reviewDoor(frame, member, isSeen(from));
      return;
    case 'bolt':
      // At a start the bolt is looked at with the leaf, once both are read.
      if (isSeen(from)) onBolt(frame, door, canTellForced(door.config) && !isOpeningAllowed(frame, door));
      return reviewDoor(frame, door, isSeen(from));
    case 'exit-request':
      return followExitButton(frame, door);
    default:
      return;
  }
};

/** A momentary input of a door was seen to act: a button pressed, a handle turned, the interphone's relay closed. */
export const onDoorAct = (frame: Frame, zone: Place<ZoneConfig>): void => {
  for (const door of frame.site.doorsOfInput.get(zone.config.id) ?? []) actOn(frame, door, zone);
};

const actOn = (frame: Frame, door: Door, zone: Place<ZoneConfig>): void => {
  switch (zone.config.type) {
    case 'exit-request':
      onExitRequest(frame, door, zone);
      return reviewDoor(frame, door, true);
    case 'door-permit':
      return onPermit(frame, door);
    case 'door-request':
      onDoorRequest(frame, door);
      return reviewDoor(frame, door, true);
    case 'bell':
      return onBell(frame, door, zone.config.id);
    default:
      return;
  }
};

/** A fire contact has become active or has come back. */
export const onFireChanged = (frame: Frame): void => {
  for (const door of frame.site.doors.values()) {
    if (door.config.lock) followEmergency(frame, door);
    reviewDoor(frame, door, true);
  }
};

// ---- people

export const doorByNumber = (frame: Frame, number: number): Door | undefined => {
  const zone = [...frame.site.zones.values()].find(({ config }) => config.number === number);
  return zone && frame.site.doorsOfZone.get(zone.config.id)?.find(({ config }) => config.contact === zone.config.id);
};

/** A coil for short duty, or a strike that a pulse frees for one opening, would only be said to be open; a safe never is. */
const canStandOpen = ({ config }: Site, { config: door }: Door): boolean => {
  const isLimited = config.outputs.some(
    ({ role, maxOnMs }) => role.kind === 'lock' && role.door === door.id && maxOnMs !== undefined,
  );
  if (isKept(door) || door.lock?.kind === 'strike-latching') return false;
  return door.lock?.kind !== 'strike-fail-secure' || !isLimited;
};

/** What is left open is left open now, not when the area is next disarmed. */
const openRefusal = (frame: Frame, door: Door): Refusal | undefined => {
  if (!canStandOpen(frame.site, door)) return 'cannot-stand-open';
  if (areaState(frame, areaPlace(frame, door.config.area)).arming.state !== 'disarmed') return 'area-armed';
  return isInterlockBusy(frame, door) ? 'interlock-busy' : undefined;
};

/** A lockdown ends by its own end alone. */
export const setDoorMode = (frame: Frame, door: Door, mode: DoorMode, user: UserId): Refusal | undefined => {
  const { mode: before } = doorState(frame, door);
  if (!door.config.lock) return 'no-lock';
  const endsHours = before === 'locked' && mode === 'locked' && leaveOutHours(frame, door);
  if (before === mode && !endsHours) return 'nothing-to-do';
  if (before === 'locked-down' && mode !== 'locked') return 'door-locked-down';
  const refusal = mode === 'locked-open' ? openRefusal(frame, door) : undefined;
  if (refusal) return refusal;
  setDoor(frame, door, { mode });
  emit(frame, 'door-mode-changed', { ...doorFacts(door), user, detail: { from: endsHours ? 'unlocked' : before, mode } });
  const { release } = lockState(frame, door);
  if (mode !== 'locked-open' && release && !release.egress) endRelease(frame, door);
  reviewDoor(frame, door, true);
  return undefined;
};

/** The first of staff is in, for the doors of these areas that wait for that. */
export const noteStaffIn = (frame: Frame, areas: readonly AreaId[], user: UserId): void => {
  for (const door of areas.flatMap((area) => frame.site.doorsOfArea.get(area) ?? [])) {
    if (noteFirstIn(frame, door, user)) reviewDoor(frame, door, true);
  }
};

/** False: there was nothing to acknowledge. */
export const acknowledgeDoors = (frame: Frame, areas: readonly AreaId[], user: UserId): boolean => {
  const doors = acknowledgeEgress(frame, areas, user);
  for (const door of doors.flatMap((each) => airlockOf(frame, each))) reviewDoor(frame, door, true);
  return doors.length > 0;
};

/** Opens for somebody and brings the rest of the door in line with it; the reason where not. */
export const openDoor = (frame: Frame, door: Door, open: () => Refusal | undefined): Refusal | undefined => {
  const refusal = open();
  reviewDoor(frame, door, true);
  return refusal;
};

/** What was let in from afar may not be on disk, and could be asked for again: it is taken back. */
export const endRemoteReleases = (frame: Frame): void => {
  for (const door of frame.site.doors.values()) {
    const { release } = lockState(frame, door);
    if (release?.command === undefined || release.opened || release.egress) continue;
    endRelease(frame, door, 'storage-failed');
    reviewDoor(frame, door, true);
  }
};

// ---- deadlines

export type DoorTimerKind = LadderTimer | 'latch-check';

export type LockTimerKind = (typeof LOCK_TIMERS)[number];

export const isLockTimer = (kind: TimerKind): kind is LockTimerKind => LOCK_TIMERS.some((known) => known === kind);

export const isDoorTimer = (kind: TimerKind): kind is DoorTimerKind => kind === 'latch-check' || kind in LADDER_DEADLINES;

/** A deadline of the door has fired, and is no longer in the state. */
export const onDoorTimer = (frame: Frame, kind: DoorTimerKind, id: DoorId): void => {
  const door = doorPlace(frame, id);
  switch (kind) {
    case 'latch-check':
      onLatchCheck(frame, door);
      followDoor(frame, door);
      break;
    case 'door-pre-alarm':
    case 'door-held':
    case 'door-latch':
    case 'door-escalate':
    case 'door-silence':
    case 'door-sounder':
      onLadderTimer(frame, kind, door);
      break;
    default:
      return assertNever(kind);
  }
  if (door.config.lock) followLocking(frame, door);
  followAirlock(frame, door);
};

/** A deadline of the door's lock has fired. */
export const onLockTimer = (frame: Frame, kind: LockTimerKind, id: DoorId): void => {
  const door = doorPlace(frame, id);
  onLockDeadline(frame, kind, door);
  reviewDoor(frame, door, true);
};

const onLockDeadline = (frame: Frame, kind: LockTimerKind, door: Door): void => {
  switch (kind) {
    case 'door-release':
      return endRelease(frame, door);
    case 'door-relock':
      return onRelockTimer(frame, door);
    case 'door-permit':
      return endPermit(frame, door);
    case 'door-drive':
      return onDriveTimer(frame, door);
    case 'door-exit-wait':
      return onExitWaitTimer(frame, door);
    case 'door-interlock':
      return onInterlockTimer(frame, door);
    case 'door-second':
      return endSecond(frame, door);
    case 'exit-stuck':
      return onStuckTimer(frame, door);
    case 'free-access':
      return;
    default:
      return assertNever(kind);
  }
};

/** Silences every door of these areas that warns or sounds. False: there was nothing to silence. */
export const silenceDoors = (frame: Frame, areas: readonly AreaId[], user: UserId | undefined): boolean => {
  const doors = areas.flatMap((area) => frame.site.doorsOfArea.get(area) ?? []);
  return doors.map((door) => silenceDoor(frame, door, user)).includes(true);
};

// ---- questions

const latchBlocker = (site: Site, durable: Durable, { config, index }: Door): Blocker | undefined => {
  const { latch, id: door } = config;
  if (latch === undefined || leafOf(site, durable, config) === 'open') return undefined;
  const zone = must(durable.zones[must(site.zones.get(latch), `zone ${latch}`).index], `zone ${latch}`);
  if (zone.isolated || zone.inhibited) return undefined;
  const isFree = zone.signal === 'active' || must(durable.doors[index], `door ${door}`).latchFault;
  return isFree ? { kind: 'latch-open', door, zone: latch } : undefined;
};

const heldBlocker = (site: Site, durable: Durable, door: Door): Blocker | undefined => {
  const { ladder, fault } = must(durable.doors[door.index], 'door');
  const isHeld = fault === 'left-open' && (ladder === 'sounding' || ladder === 'escalated');
  if (!isHeld || positionOf(site, durable, door) === 'left-out') return undefined;
  return { kind: 'door-held', door: door.config.id, zone: door.config.contact };
};

/** A bolt that would not go out holds no leaf. Its feedback is no detector, and cannot be left out by name. */
const boltBlocker = (durable: Durable, { config: { id, lock }, index }: Door): Blocker | undefined => {
  const hasFailed = must(durable.doors[index], `door ${id}`).lockFault === 'lock-failed';
  return lock?.bolt !== undefined && hasFailed ? { kind: 'latch-open', door: id, zone: lock.bolt } : undefined;
};

/**
 * What the doors of an area have against arming: `latch-open` for a closed leaf that is not held (an open leaf is said by
 * its own zone), `door-held` for a door that sounds. `zone` is what to inhibit to leave it out by name.
 */
export const doorBlockersIn = (site: Site, durable: Durable, area: AreaId): readonly Blocker[] =>
  (site.doorsOfArea.get(area) ?? [])
    .flatMap((door) => [latchBlocker(site, durable, door), boltBlocker(durable, door), heldBlocker(site, durable, door)])
    .filter((blocker) => blocker !== undefined);

export const doorBlockers = (frame: Frame, area: AreaId): readonly Blocker[] =>
  doorBlockersIn(frame.site, frame.state.durable, area);
