/**
 * The leaf of a door that locks has moved. Opened under a release it is somebody's passage; opened while nothing allowed it,
 * it is *forced*: told at once, heard at the door, over when the leaf is closed again.
 *
 * What can be told from a break-in is only what is wired: where people leave by a handle that no contact watches, every
 * opening may be one of theirs, and none is called forced.
 */
import type { DoorConfig } from '../config.ts';
import { doorState, lockState, must, setDoor, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { doorFacts, raiseDoorAlarm, restoreDoorAlarm } from './doorAlarm.ts';
import { endExitWait } from './interlock.ts';
import { closeRelease, useRelease } from './lock.ts';
import { isContactIsolated } from './position.ts';
import { isReleased } from './status.ts';

type Door = Place<DoorConfig>;

/** Every rightful opening leaves a trace: a release, a request to exit, a handle or key contact. */
export const canTellForced = ({ lock, egress, exitRequest, permits }: DoorConfig): boolean => {
  if (!lock) return false;
  return egress === 'handle' ? permits.length > 0 || exitRequest?.action === 'permit' : exitRequest !== undefined;
};

const isPermitNow = ({ site, state }: Frame, { config }: Door): boolean =>
  config.permits.some((id) => {
    const zone = must(site.zones.get(id), `zone ${id}`);
    return must(state.durable.zones[zone.index], `zone ${id}`).signal === 'active';
  });

/** The bolt is still on its way out: whoever follows on the heels of another pulls an unlocked door. */
const isLocking = (frame: Frame, door: Door): boolean =>
  lockState(frame, door).bolt === 'locking' && timerOf(frame, 'door-drive', door.config.id) !== undefined;

export const isOpeningAllowed = (frame: Frame, door: Door): boolean =>
  isReleased(frame.site, frame.state, door) ||
  isLocking(frame, door) ||
  lockState(frame, door).permitted ||
  lockState(frame, door).passage !== undefined ||
  isPermitNow(frame, door) ||
  doorState(frame, door).releasedPending !== 'no';

const force = (frame: Frame, door: Door): void => {
  setDoor(frame, door, { forced: true, forcedSince: frame.now });
  raiseDoorAlarm(frame, door, 'door-forced', { ...doorFacts(door), cause: 'zone' });
};

export const onLeafOpened = (frame: Frame, door: Door): void => {
  // Whoever waited for the airlock went by the handle.
  endExitWait(frame, door);
  if (!door.config.lock) return;
  const isForced =
    canTellForced(door.config) &&
    !isOpeningAllowed(frame, door) &&
    !isContactIsolated(frame.site, frame.state.durable, door.config);
  useRelease(frame, door);
  if (isForced && !doorState(frame, door).forced) force(frame, door);
};

export const onLeafClosed = (frame: Frame, door: Door): void => {
  if (!door.config.lock) return;
  closeRelease(frame, door);
  if (!doorState(frame, door).forced) return;
  setDoor(frame, door, { forced: false, forcedSince: undefined });
  restoreDoorAlarm(frame, door, 'door-forced', 'door-forced-restored', doorFacts(door));
};
