/**
 * Interlock (*sas*): of the doors of a group one at a time is released or not closed and latched, from the grant until it is
 * closed and latched again. Whoever wants in is refused meanwhile; whoever wants out waits 10 s at most and then gets out,
 * with an alarm. An emergency release or a fire at any of them frees all.
 */
import type { DoorConfig } from '../config.ts';
import { clearTimer, doorState, emit, lockState, setDoor, setLock, setTimerIn, siteState, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { SECOND } from '../time.ts';
import { doorFacts, raiseDoorAlarm, restoreDoorAlarm } from './doorAlarm.ts';
import { isClosedAndLatched, isContactIsolated } from './position.ts';
import { isEgressFree, isReleased } from './status.ts';

type Door = Place<DoorConfig>;

/** The longest that an interlock keeps somebody who wants out. */
export const EXIT_WAIT_MS = 10 * SECOND;

const othersOf = ({ site }: Frame, { config, index }: Door): readonly Door[] =>
  config.interlock === undefined
    ? []
    : (site.doorsOfInterlock.get(config.interlock) ?? []).filter((door) => door.index !== index);

/** The door, then the other leaves of its airlock. */
export const airlockOf = (frame: Frame, door: Door): readonly Door[] => [door, ...othersOf(frame, door)];

const isFreed = (frame: Frame, door: Door): boolean =>
  siteState(frame).fireActive.length > 0 || airlockOf(frame, door).some((member) => isEgressFree(frame.state, member));

/** A contact that somebody has isolated says nothing of its leaf, and must not keep the others shut. */
const isOutOfFrame = (frame: Frame, door: Door): boolean =>
  !isContactIsolated(frame.site, frame.state.durable, door.config) && !isClosedAndLatched(frame.site, frame.state.durable, door);

/** The door has the airlock: it is released, or not back in its frame. */
const holds = (frame: Frame, door: Door): boolean => isReleased(frame.site, frame.state, door) || isOutOfFrame(frame, door);

/** Another door of the airlock is in the way. */
export const isInterlockBusy = (frame: Frame, door: Door): boolean =>
  !isFreed(frame, door) && othersOf(frame, door).some((other) => holds(frame, other));

/** Another door of the airlock opened by its handle: those that are released and not yet used are taken back. */
export const takenBackBy = (frame: Frame, door: Door): readonly Door[] =>
  isFreed(frame, door)
    ? []
    : othersOf(frame, door).filter((other) => {
        const { release } = lockState(frame, other);
        return release !== undefined && !release.opened && !release.egress;
      });

/** One that waits for this door to be out of the way and can go now. */
export const freedBy = (frame: Frame, door: Door): Door | undefined =>
  othersOf(frame, door).find((other) => lockState(frame, other).exitWaits && !isInterlockBusy(frame, other));

// ---- people who want out

export const waitForExit = (frame: Frame, door: Door): void => {
  if (lockState(frame, door).exitWaits) return;
  setLock(frame, door, { exitWaits: true });
  setTimerIn(frame, 'door-exit-wait', door.config.id, EXIT_WAIT_MS);
};

export const endExitWait = (frame: Frame, door: Door): void => {
  clearTimer(frame, 'door-exit-wait', door.config.id);
  if (lockState(frame, door).exitWaits) setLock(frame, door, { exitWaits: false });
};

export const tellOverridden = (frame: Frame, door: Door): void =>
  emit(frame, 'interlock-overridden', { ...doorFacts(door), cause: 'exit-request' });

// ---- a door that does not give the airlock back

/** Long enough for whoever was let through, with the time the door may stand open. */
const holdMsOf = ({ config: { lock, openMs } }: Door): number => openMs + (lock ? lock.releaseMs + lock.extendedMs : 0);

/** Watches how long the door has the airlock. Nothing moves when nothing changed. */
export const followInterlock = (frame: Frame, door: Door): void => {
  const { id, interlock } = door.config;
  if (interlock === undefined) return;
  if (holds(frame, door) && !isFreed(frame, door)) {
    const { interlockAlarm } = doorState(frame, door);
    if (!interlockAlarm && !timerOf(frame, 'door-interlock', id)) setTimerIn(frame, 'door-interlock', id, holdMsOf(door));
    return;
  }
  clearTimer(frame, 'door-interlock', id);
  if (!doorState(frame, door).interlockAlarm) return;
  setDoor(frame, door, { interlockAlarm: false });
  restoreDoorAlarm(frame, door, 'interlock-timeout', 'interlock-restored', doorFacts(door));
};

export const onInterlockTimer = (frame: Frame, door: Door): void => {
  setDoor(frame, door, { interlockAlarm: true });
  raiseDoorAlarm(frame, door, 'interlock-timeout', { ...doorFacts(door), cause: 'time-out' });
};
