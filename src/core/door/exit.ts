/**
 * Secondary exits (*issues secondaires*): the way into this room for the rest of the core.
 *
 * A door is two zones, contact and latch, and nothing else moves it: every function here reads their signals from the
 * state and brings the door in line, so that a restart, an isolation or an arming needs no path of its own.
 */
import type { AreaId, DoorConfig, DoorId, UserId, ZoneConfig } from '../config.ts';
import type { Blocker } from '../event.ts';
import { assertNever, doorPlace, doorState, must } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import type { Durable, TimerKind } from '../state.ts';
import { LADDER_DEADLINES, followDoor, onLadderTimer, silenceDoor } from './ladder.ts';
import type { LadderTimer } from './ladder.ts';
import { onLatchCheck, watchLatch } from './latch.ts';
import { latchOf, leafOf, positionOf } from './position.ts';

type Door = Place<DoorConfig>;

const reviewDoor = (frame: Frame, door: Door): void => {
  watchLatch(frame, door);
  followDoor(frame, door);
};

/** The signal of a zone of the door has changed, and the state holds the new one. */
export const onDoorZone = (frame: Frame, door: Door, _zone: Place<ZoneConfig>): void => reviewDoor(frame, door);

/** The area was set or unset, or a zone of it inhibited, isolated or taken back. */
export const reviewDoors = (frame: Frame, area: AreaId): void => {
  for (const door of frame.site.doorsOfArea.get(area) ?? []) reviewDoor(frame, door);
};

/** After a start, once the inputs are read: the ladder goes on from where it stood, with the time that was left. */
export const restartDoors = (frame: Frame): void => {
  for (const door of frame.site.doors.values()) reviewDoor(frame, door);
};

export type DoorTimerKind = LadderTimer | 'latch-check';

export const isDoorTimer = (kind: TimerKind): kind is DoorTimerKind => kind === 'latch-check' || kind in LADDER_DEADLINES;

/** A deadline of the door has fired, and is no longer in the state. */
export const onDoorTimer = (frame: Frame, kind: DoorTimerKind, id: DoorId): void => {
  const door = doorPlace(frame, id);
  switch (kind) {
    case 'latch-check':
      onLatchCheck(frame, door);
      return followDoor(frame, door);
    case 'door-pre-alarm':
    case 'door-held':
    case 'door-latch':
    case 'door-escalate':
    case 'door-silence':
    case 'door-sounder':
      return onLadderTimer(frame, kind, door);
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

/** Leaf closed and latch engaged. A latch in fault is not waited for: a cupboard would never be guarded again. */
export const isClosedAndLatched = (frame: Frame, door: Door): boolean => {
  if (leafOf(frame.site, frame.state.durable, door.config) !== 'closed') return false;
  const latch = latchOf(frame.site, frame.state.durable, door.config);
  return latch === 'engaged' || latch === 'none' || doorState(frame, door).latchFault;
};

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

/**
 * What the doors of an area have against arming: `latch-open` for a closed leaf that is not held (an open leaf is said by
 * its own zone), `door-held` for a door that sounds. `zone` is what to inhibit to leave it out by name.
 */
export const doorBlockersIn = (site: Site, durable: Durable, area: AreaId): readonly Blocker[] =>
  (site.doorsOfArea.get(area) ?? [])
    .flatMap((door) => [latchBlocker(site, durable, door), heldBlocker(site, durable, door)])
    .filter((blocker) => blocker !== undefined);

export const doorBlockers = (frame: Frame, area: AreaId): readonly Blocker[] =>
  doorBlockersIn(frame.site, frame.state.durable, area);
