/**
 * The lock of a door: what it is asked to do, and what it is seen to do.
 *
 * *Release*: somebody is let through for a moment. It ends when it was not used, or a moment after the leaf has opened or
 * closed; a restart never takes it up again. *Passage*: the release is over and the leaf still on its way.
 *
 * A lock with feedback (`bolt`) is believed only when the feedback says so: `unlocking` and `locking` last until then, and
 * become a fault after `driveMs`. A bolt is thrown only behind a closed leaf. A latching strike is pulsed, and stays open to
 * whoever pulls until the leaf has opened: no timer changes that.
 */
import type { DoorConfig, LockConfig } from '../config.ts';
import type { Cause, EventFacts } from '../event.ts';
import { clearTimer, doorState, emit, lockState, must, setDoor, setLock, setTimer, setTimerIn, timerOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { DoorOutcome, DoorState, Release } from '../state.ts';
import { after, SECOND } from '../time.ts';
import { doorFacts } from './doorAlarm.ts';
import { tellDesks } from './desk.ts';
import { leafOf } from './position.ts';
import { isReleased } from './status.ts';

type Door = Place<DoorConfig>;
/** A hand that was on the leaf when the lock let go of it opens a moment later. */
export const ON_THE_HANDLE_MS = SECOND;

export type Ask = Omit<Release, 'since' | 'opened'>;
/** Nobody in particular asks; what is known of who does, and how, is laid over it. */
export const ASK: Ask = {
  cause: 'keypad',
  user: undefined,
  operator: undefined,
  keypad: undefined,
  command: undefined,
  extended: false,
  egress: false,
};

/** What came of a release, as whoever asked for it hears. */
export type PassageResult = 'closed' | 'held' | 'not-opened' | 'unlock-failed' | 'superseded' | 'storage-failed';

const leafIs = (frame: Frame, { config }: Door, leaf: 'open' | 'closed'): boolean =>
  leafOf(frame.site, frame.state.durable, config) === leaf;

const isWithdrawn = (frame: Frame, { bolt }: LockConfig): boolean | undefined => {
  if (bolt === undefined) return undefined;
  const { signal } = must(frame.state.durable.zones[must(frame.site.zones.get(bolt), `zone ${bolt}`).index], `zone ${bolt}`);
  if (signal === 'active') return true;
  return signal === 'normal' ? false : undefined;
};

// ---- what is told

/** Who, how and by which command: the same in everything that is told of one release. */
export const releaseFacts = (door: Door, { cause, user, operator, keypad, command }: Ask): EventFacts => ({
  ...doorFacts(door),
  cause,
  ...(user !== undefined && { user }),
  ...(operator !== undefined && { operator }),
  ...(keypad !== undefined && { keypad }),
  ...(command !== undefined && { command }),
});

const OUTCOMES: Readonly<Record<PassageResult, DoorOutcome | undefined>> = {
  closed: 'closed',
  held: 'held',
  'not-opened': 'not-opened',
  'unlock-failed': 'not-opened',
  superseded: undefined,
  'storage-failed': 'not-opened',
};

/** Going out is nobody's passage: it is journalled when it is asked for. */
export const isRequestToExit = ({ cause }: Ask): boolean => cause === 'exit-request';

const tellResult = (frame: Frame, door: Door, release: Release, result: PassageResult): void => {
  if (isRequestToExit(release)) return;
  const outcome = OUTCOMES[result];
  if (outcome) tellDesks(frame, door, outcome);
  if (release.command !== undefined) emit(frame, 'access-ended', { ...releaseFacts(door, release), detail: { result } });
};

const tellUnused = (frame: Frame, door: Door, release: Release, result: PassageResult): void => {
  if (!isRequestToExit(release) && result !== 'superseded') emit(frame, 'access-not-used', releaseFacts(door, release));
  tellResult(frame, door, release, result);
};

// ---- faults and the latching strike

const setFault = (frame: Frame, door: Door, lockFault: Exclude<DoorState['lockFault'], 'none'>): void => {
  const { lockFault: before } = doorState(frame, door);
  if (before === lockFault) return;
  endFault(frame, door);
  setDoor(frame, door, { lockFault });
  const cause: Cause = lockFault;
  emit(frame, 'lock-fault', { ...doorFacts(door, door.config.lock?.bolt), cause });
};

const endFault = (frame: Frame, door: Door): void => {
  const { lockFault } = doorState(frame, door);
  if (lockFault === 'none') return;
  setDoor(frame, door, { lockFault: 'none' });
  emit(frame, 'lock-fault-restored', { ...doorFacts(door, door.config.lock?.bolt), cause: lockFault });
};

const pulse = (frame: Frame, door: Door, { driveMs }: LockConfig): void => {
  setLock(frame, door, { drive: { direction: 'open', since: frame.now } });
  setTimerIn(frame, 'door-drive', door.config.id, driveMs);
  if (doorState(frame, door).releasedPending === 'no') setDoor(frame, door, { releasedPending: 'pulsed' });
};

/** Pulsed, and nobody opened: it stays open to whoever pulls. */
const tellPending = (frame: Frame, door: Door): void => {
  if (doorState(frame, door).releasedPending !== 'pulsed') return;
  setDoor(frame, door, { releasedPending: 'told' });
  emit(frame, 'released-pending', doorFacts(door));
};

const endPending = (frame: Frame, door: Door): void => {
  const { releasedPending } = doorState(frame, door);
  if (releasedPending === 'no') return;
  setDoor(frame, door, { releasedPending: 'no' });
  if (releasedPending === 'told') emit(frame, 'released-pending-ended', doorFacts(door));
};

// ---- the bolt follows what is asked of it

const drive = (frame: Frame, door: Door, lock: LockConfig, direction: 'open' | 'close'): void => {
  setLock(frame, door, {
    bolt: direction === 'open' ? 'unlocking' : 'locking',
    ...(lock.kind === 'motor' && { drive: { direction, since: frame.now } }),
  });
  setTimerIn(frame, 'door-drive', door.config.id, lock.driveMs);
};

const settle = (frame: Frame, door: Door, bolt: 'locked' | 'unlocked'): void => {
  const { kind } = must(door.config.lock, 'lock');
  if (kind !== 'strike-latching') clearTimer(frame, 'door-drive', door.config.id);
  setLock(frame, door, { bolt, ...(kind === 'motor' && { drive: undefined }) });
};

const unlock = (frame: Frame, door: Door, lock: LockConfig): void => {
  if (lock.bolt === undefined || isWithdrawn(frame, lock) === true) return settle(frame, door, 'unlocked');
  drive(frame, door, lock, 'open');
};

/** With the leaf open the bolt waits; closing brings it here again. */
const lockUp = (frame: Frame, door: Door, lock: LockConfig): void => {
  if (timerOf(frame, 'door-relock', door.config.id)) return;
  if (lock.bolt === undefined || isWithdrawn(frame, lock) === false) return settle(frame, door, 'locked');
  if (leafIs(frame, door, 'open')) return settle(frame, door, 'unlocked');
  drive(frame, door, lock, 'close');
};

/**
 * A lock that waits for the leaf to close: opened again in between, it waits again; where the contact says nothing any more,
 * it waits no longer than for somebody who never opened.
 */
const watchClosing = (frame: Frame, door: Door, { relockOn, releaseMs }: LockConfig): void => {
  const { id } = door.config;
  if (relockOn !== 'close' || lockState(frame, door).release?.opened !== true) return;
  const leaf = leafOf(frame.site, frame.state.durable, door.config);
  if (leaf === 'open') clearTimer(frame, 'door-relock', id);
  if (leaf === 'unknown' && !timerOf(frame, 'door-relock', id)) setTimerIn(frame, 'door-relock', id, releaseMs);
};

/** Brings the bolt in line with what is asked. Nothing moves when nothing changed. */
export const followLock = (frame: Frame, door: Door): void => {
  const { lock } = door.config;
  if (!lock) return;
  watchClosing(frame, door, lock);
  const { bolt } = lockState(frame, door);
  const isAsked = isReleased(frame.site, frame.state, door);
  if (isAsked && (bolt === 'locked' || bolt === 'locking')) unlock(frame, door, lock);
  if (!isAsked && (bolt === 'unlocked' || bolt === 'unlocking')) lockUp(frame, door, lock);
  if (bolt === 'locking' && leafIs(frame, door, 'open')) settle(frame, door, 'unlocked');
};

/** The feedback changed. Unasked it is a hand on the handle or in the lock: locked again when they have gone through. */
export const onBolt = (frame: Frame, door: Door, canTellForced: boolean): void => {
  const { lock, id } = door.config;
  const withdrawn = lock && isWithdrawn(frame, lock);
  if (!lock || withdrawn === undefined) return;
  const { bolt } = lockState(frame, door);
  const isAsked = isReleased(frame.site, frame.state, door);
  const isOpen = leafIs(frame, door, 'open');
  if (withdrawn && bolt === 'locked' && !isAsked) {
    if (isOpen) endFault(frame, door);
    else if (canTellForced) setFault(frame, door, 'bolt-forced');
    setTimerIn(frame, 'door-relock', id, lock.releaseMs);
    return settle(frame, door, 'unlocked');
  }
  // A bolt that stands out of an open leaf keeps it from closing.
  if (!withdrawn && !isAsked && isOpen) setFault(frame, door, 'lock-failed');
  else if (withdrawn === isAsked) endFault(frame, door);
  settle(frame, door, withdrawn ? 'unlocked' : 'locked');
  followLock(frame, door);
};

// ---- releasing

/** What came of the release that was used is still to be told; of one before it nobody will know. Going out is no answer. */
const setPassage = (frame: Frame, door: Door, release: Release): void => {
  const { passage } = lockState(frame, door);
  if (passage && isRequestToExit(release)) return;
  if (passage) tellResult(frame, door, passage, 'superseded');
  setLock(frame, door, { passage: release });
};

/** The release gives way to another. Whoever has not passed the door yet keeps the longer time, and the way out. */
const handOver = (frame: Frame, door: Door, ask: Ask): Ask => {
  const { release } = lockState(frame, door);
  if (release?.opened) setPassage(frame, door, release);
  else if (release) tellResult(frame, door, release, 'superseded');
  clearTimer(frame, 'door-relock', door.config.id);
  if (!release || release.opened) return ask;
  return { ...ask, extended: ask.extended || release.extended, egress: ask.egress || release.egress };
};

/** How long the coil still rests: whoever is let in has the whole time after it. */
const restMs = ({ site, state, now }: Frame, { config: { id } }: Door): number => {
  const rests = site.config.outputs.map(({ role, minOffMs }, index) => {
    const output = state.durable.outputs[index];
    if (role.kind !== 'lock' || role.door !== id || !output || output.on || output.lastOffAt === undefined) return 0;
    return output.lastOffAt + minOffMs - now;
  });
  return Math.max(0, ...rests);
};

/** Lets somebody through. A release that runs already gives way to it. */
export const releaseDoor = (frame: Frame, door: Door, ask: Ask): void => {
  const { lock, id } = door.config;
  if (!lock) return;
  const given = handOver(frame, door, ask);
  setLock(frame, door, { release: { ...given, since: frame.now, opened: false } });
  setTimerIn(frame, 'door-release', id, lock.releaseMs + (given.extended ? lock.extendedMs : 0) + restMs(frame, door));
  if (lock.kind === 'strike-latching') pulse(frame, door, lock);
  if (!isRequestToExit(ask)) tellDesks(frame, door, 'released');
  followLock(frame, door);
  retry(frame, door, lock);
  if (leafIs(frame, door, 'open')) useRelease(frame, door);
};

/** A door that stands unlocked and whose motor gave up has it tried again by whoever wants through. */
const retry = (frame: Frame, door: Door, lock: LockConfig): void => {
  if (lockState(frame, door).bolt === 'unlocking' && !timerOf(frame, 'door-drive', door.config.id)) unlock(frame, door, lock);
};

/** What opens until then is no break-in. */
export const allowOpening = (frame: Frame, door: Door, ms: number): void => {
  const { id } = door.config;
  const running = timerOf(frame, 'door-permit', id)?.at;
  const until = after(frame.now, ms);
  setLock(frame, door, { permitted: true });
  if (running === undefined || running < until) setTimer(frame, 'door-permit', id, until);
};

const unusedResult = (frame: Frame, door: Door): PassageResult =>
  doorState(frame, door).lockFault === 'unlock-failed' ? 'unlock-failed' : 'not-opened';

/** Ends what lets somebody through, used or not. */
export const endRelease = (frame: Frame, door: Door, unused: PassageResult = unusedResult(frame, door)): void => {
  const { release } = lockState(frame, door);
  if (!release) return;
  clearTimer(frame, 'door-release', door.config.id);
  clearTimer(frame, 'door-relock', door.config.id);
  if (release.opened) setPassage(frame, door, release);
  setLock(frame, door, { release: undefined });
  if (!release.opened) {
    tellUnused(frame, door, release, unused);
    allowOpening(frame, door, ON_THE_HANDLE_MS);
  }
  tellPending(frame, door);
  followLock(frame, door);
};

/** The leaf has opened under the release. */
export const useRelease = (frame: Frame, door: Door): void => {
  const { release } = lockState(frame, door);
  const { lock, id } = door.config;
  endPending(frame, door);
  if (!lock || !release) return;
  if (!release.opened) {
    setLock(frame, door, { release: { ...release, opened: true } });
    if (!isRequestToExit(release)) {
      emit(frame, 'access-used', releaseFacts(door, release));
      tellDesks(frame, door, 'opened');
    }
  }
  clearTimer(frame, 'door-release', id);
  if (lock.relockOn === 'open') setTimerIn(frame, 'door-relock', id, lock.relockDelayMs);
};

/** The leaf has closed behind it. */
export const closeRelease = (frame: Frame, door: Door): void => {
  const { lock, id } = door.config;
  const isUsed = lockState(frame, door).release?.opened === true;
  if (lock && isUsed) setTimerIn(frame, 'door-relock', id, lock.relockDelayMs);
};

/** What the leaf did, once it is known: back in its frame after the release, or left open, under a release or after it. */
export const tellPassage = (frame: Frame, door: Door, isShut: boolean): void => {
  const { passage, release } = lockState(frame, door);
  const { ladder } = doorState(frame, door);
  const isHeld = ladder === 'sounding' || ladder === 'escalated';
  if (passage && (isShut || isHeld)) {
    setLock(frame, door, { passage: undefined });
    tellResult(frame, door, passage, isShut ? 'closed' : 'held');
  }
  if (!isHeld || release?.opened !== true || release.command === undefined) return;
  setLock(frame, door, { release: { ...release, command: undefined } });
  tellResult(frame, door, release, 'held');
};

// ---- deadlines

/** The feedback never came, or the pulse is over. */
export const onDriveTimer = (frame: Frame, door: Door): void => {
  const { bolt } = lockState(frame, door);
  setLock(frame, door, { drive: undefined });
  if (bolt === 'locking') return setFault(frame, door, 'lock-failed');
  if (bolt !== 'unlocking') return;
  setFault(frame, door, 'unlock-failed');
  // A motor has done what it could. Any other lock goes on for the whole release: its feedback may be what has failed.
  if (door.config.lock?.kind === 'motor') endRelease(frame, door);
};

export const onRelockTimer = (frame: Frame, door: Door): void => {
  endRelease(frame, door);
  followLock(frame, door);
};

/** After a start every door is locked; a bolt that is found withdrawn is thrown, a pulsed strike is told. */
export const restartLock = (frame: Frame, door: Door): void => {
  const { lock } = door.config;
  if (!lock) return;
  // It was opened while nobody watched, which has locked the strike again.
  if (leafIs(frame, door, 'open')) endPending(frame, door);
  tellPending(frame, door);
  if (isWithdrawn(frame, lock) === true) setLock(frame, door, { bolt: 'unlocked' });
  followLock(frame, door);
};
