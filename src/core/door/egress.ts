/**
 * The ways out, which come before everything else: request to exit, green box, fire.
 *
 * Egress never depends on this: a green box and a fire contact cut the lock's current in hardware, a handle opens the latch.
 * The core releases as well, tells, and keeps from locking again until the emergency is over and somebody has acknowledged it.
 */
import type { AreaId, DoorConfig, UserId, ZoneConfig } from '../config.ts';
import type { Cause } from '../event.ts';
import { clearTimer, doorState, emit, setDoor, setLock, setTimerIn, siteState, timerOf, zonePlace, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { SECOND } from '../time.ts';
import { doorFacts, raiseDoorAlarm, restoreDoorAlarm } from './doorAlarm.ts';
import { endExitWait, isInterlockBusy, tellOverridden, waitForExit } from './interlock.ts';
import { allowOpening, ASK, releaseDoor } from './lock.ts';
import { isFailSafe, isReleased } from './status.ts';

type Door = Place<DoorConfig>;
type Zone = Place<ZoneConfig>;

const STUCK_MS = 3 * SECOND;
/** How long an opening is taken for the one that was announced, where no lock says it. */
const PERMIT_MS = 10 * SECOND;

// ---- request to exit

/** What opens next is no break-in: a handle, a key, a button that only announces. */
export const onPermit = (frame: Frame, door: Door): void => allowOpening(frame, door, door.config.lock?.releaseMs ?? PERMIT_MS);

export const endPermit = (frame: Frame, door: Door): void => setLock(frame, door, { permitted: false });

export const releaseForExit = (frame: Frame, door: Door): void => {
  endExitWait(frame, door);
  releaseDoor(frame, door, { ...ASK, cause: 'exit-request', egress: true });
};

/** Works in every mode of the door and every state of its area. */
export const onExitRequest = (frame: Frame, door: Door, zone: Zone): void => {
  const { exitRequest, lock, id } = door.config;
  if (!exitRequest) return;
  emit(frame, 'exit-requested', { area: door.config.area, door: id, zone: zone.config.id });
  if (exitRequest.action === 'permit' || !lock) return onPermit(frame, door);
  if (isInterlockBusy(frame, door) && !isReleased(frame.site, frame.state, door)) waitForExit(frame, door);
  else releaseForExit(frame, door);
};

/** The airlock has kept somebody for as long as it may. */
export const onExitWaitTimer = (frame: Frame, door: Door): void => {
  releaseForExit(frame, door);
  tellOverridden(frame, door);
};

const isPressed = (frame: Frame, { config: { exitRequest } }: Door): boolean =>
  exitRequest !== undefined && zoneState(frame, zonePlace(frame, exitRequest.zone)).signal === 'active';

export const onStuckTimer = (frame: Frame, door: Door): void => {
  if (!isPressed(frame, door) || doorState(frame, door).exitRequestStuck) return;
  setDoor(frame, door, { exitRequestStuck: true });
  emit(frame, 'exit-request-stuck', doorFacts(door, door.config.exitRequest?.zone));
};

/** The button is held, also where it was found so at a start; or it has come back. */
export const followExitButton = (frame: Frame, door: Door): void => {
  const { id } = door.config;
  if (isPressed(frame, door)) {
    if (!doorState(frame, door).exitRequestStuck && !timerOf(frame, 'exit-stuck', id))
      setTimerIn(frame, 'exit-stuck', id, STUCK_MS);
    return;
  }
  clearTimer(frame, 'exit-stuck', id);
  if (!doorState(frame, door).exitRequestStuck) return;
  setDoor(frame, door, { exitRequestStuck: false });
  emit(frame, 'exit-request-restored', doorFacts(door, door.config.exitRequest?.zone));
};

// ---- green box and fire

/** A box that was seen pulled stays so until it is seen back: a line that says nothing is no restoration. */
const isBoxPulled = (frame: Frame, door: Door): boolean => {
  const { greenBox } = door.config;
  if (greenBox === undefined) return false;
  const { signal } = zoneState(frame, zonePlace(frame, greenBox));
  return signal === 'active' || (signal !== 'normal' && doorState(frame, door).emergency === 'green-box');
};

/** Only what loses its hold with its current is freed by a fire contact; the others open by their handle as ever. */
const causeNow = (frame: Frame, door: Door): Cause | undefined => {
  if (isBoxPulled(frame, door)) return 'green-box';
  return siteState(frame).fireActive.length > 0 && isFailSafe(door.config) ? 'fire' : undefined;
};

const factsOf = (door: Door, cause: Cause) => ({
  ...doorFacts(door, cause === 'green-box' ? door.config.greenBox : door.config.contact),
  cause,
});

/** Brings the emergency of a door in line with its green box and the fire contacts. Its end is not the end of the release. */
export const followEmergency = (frame: Frame, door: Door): void => {
  const { egressHeld, emergency } = doorState(frame, door);
  const cause = causeNow(frame, door);
  if (cause === emergency) return;
  setDoor(frame, door, { emergency: cause, egressHeld: egressHeld || cause !== undefined });
  if (emergency !== undefined) restoreDoorAlarm(frame, door, 'egress-released', 'egress-restored', factsOf(door, emergency));
  if (cause !== undefined) raiseDoorAlarm(frame, door, 'egress-released', factsOf(door, cause));
};

/** Somebody has looked, and the emergency is over: the doors of these areas lock again. The result: which. */
export const acknowledgeEgress = (frame: Frame, areas: readonly AreaId[], user: UserId | undefined): readonly Door[] => {
  const doors = areas
    .flatMap((area) => frame.site.doorsOfArea.get(area) ?? [])
    .filter((door) => doorState(frame, door).egressHeld && causeNow(frame, door) === undefined);
  for (const door of doors) {
    setDoor(frame, door, { egressHeld: false });
    emit(frame, 'egress-acknowledged', { ...doorFacts(door), ...(user !== undefined && { user }) });
  }
  return doors;
};

/** A door of the area is still free, or waits to be said to be in order. */
export const isEgressUnacknowledged = (frame: Frame, area: AreaId): boolean =>
  (frame.site.doorsOfArea.get(area) ?? []).some((door) => doorState(frame, door).egressHeld);
