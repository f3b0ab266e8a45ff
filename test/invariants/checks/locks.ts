/**
 * 4, 7, 8 and 9: what a lock does has a reason that lasts no longer than it, is not taken up again after a restart, gives the
 * airlock to one at a time, and is told where it goes wrong.
 */
import { writeOrder } from '../../../src/core/output.ts';
import type { OutputValue } from '../../../src/core/output.ts';
import type { State } from '../../../src/core/state.ts';
import {
  doorIn,
  holdsAirlock,
  isAirlockFree,
  isGranted,
  isOn,
  leafIn,
  letsGo,
  lockIn,
  lockOutputsOf,
  lockingDoors,
  opensWithoutCurrent,
  othersOf,
  signalIn,
  valuesIn,
} from '../doorModel.ts';
import type { Door } from '../doorModel.ts';
import { of } from '../model.ts';
import type { Check, Stepped } from '../violation.ts';

// ---- 4: after a restart

/** What its outputs do, whatever the bolt says: nothing opens it but an emergency. */
const isOpened = ({ site, after }: Stepped, door: Door): boolean => {
  const values = valuesIn(site, after);
  const opening = lockOutputsOf(site, door).filter(({ drive }) => drive !== 'close');
  return opening.some((output) => isOn(values, output) !== opensWithoutCurrent(door));
};

export const restartsLock: Check = (stepped, say) => {
  const { site, input, after } = stepped;
  if (input.kind !== 'start') return;
  for (const door of lockingDoors(site)) {
    const { release, free } = lockIn(after, door);
    if (release) say('release-resumed', `${door.config.id}: ${release.cause}`);
    if (free !== undefined) say('free-access-resumed', door.config.id);
    if (isOpened(stepped, door) && !doorIn(after, door).egressHeld) say('opened-by-restart', door.config.id);
  }
};

// ---- 0: what waits has a deadline

type Timers = State['volatile']['timers'];
const runs = (timers: Timers, subject: string, ...kinds: readonly string[]): boolean =>
  timers.some((timer) => timer.subject === subject && kinds.includes(timer.kind));

export const releasesEnd: Check = ({ site, before, after }, say) => {
  if (before.volatile === after.volatile && before.durable.zones === after.durable.zones) return;
  const { timers } = after.volatile;
  for (const door of lockingDoors(site)) {
    const { id } = door.config;
    const { release, drive, second, permitted, bolt } = lockIn(after, door);
    const needs = (waits: boolean, ...kinds: readonly string[]): void => {
      if (waits && !runs(timers, id, ...kinds)) say('waits-for-ever', `${kinds.join(' or ')} of ${id}`);
    };
    needs(release !== undefined && leafIn(site, after, door) !== 'open', 'door-release', 'door-relock');
    needs(drive !== undefined, 'door-drive');
    needs(second !== undefined, 'door-second');
    needs(permitted, 'door-permit');
    const isMoving = bolt === 'unlocking' || bolt === 'locking';
    needs(isMoving && doorIn(after, door).lockFault === 'none', 'door-drive');
  }
};

// ---- 8: the order of writing

/** Energised or not, by what the lock is: the end of a pulse lets nobody in. */
const isLettingIn = (door: Door, value: OutputValue): boolean => (value === 'off') === opensWithoutCurrent(door);

/** What lets in waits for the disk; what lets out, and what locks, does not. */
export const grantsWaitForDisk: Check = ({ site, before, after }, say) => {
  if (before === after) return;
  for (const door of lockingDoors(site)) {
    const isGrant =
      isGranted(site, after, door) && !doorIn(after, door).egressHeld && lockIn(after, door).release?.egress !== true;
    const values = valuesIn(site, after);
    for (const { config, index } of lockOutputsOf(site, door)) {
      const value = values[index] ?? 'off';
      const order = writeOrder(site, after, config.role, value);
      if ((order === 'grants') !== (isGrant && isLettingIn(door, value))) say('write-order', `${config.id}: ${order}`);
    }
  }
};

// ---- the airlock

const isNewGrant = ({ site, before, after }: Stepped, door: Door): boolean => {
  const [was, is] = [lockIn(before, door).release, lockIn(after, door).release];
  const isRelease = is !== undefined && is.cause !== 'exit-request' && is.since !== was?.since;
  return isRelease || (isGranted(site, after, door) && !isGranted(site, before, door));
};

const isInTheWay = ({ site, before, after }: Stepped, other: Door): boolean =>
  holdsAirlock(site, before, other) && holdsAirlock(site, after, other);

export const oneLeafAtATime: Check = (stepped, say) => {
  const { site, before, after, events } = stepped;
  if (before === after) return;
  for (const door of lockingDoors(site)) {
    const others = othersOf(site, door);
    if (others.length === 0 || isAirlockFree(site, before, door) || isAirlockFree(site, after, door)) continue;
    const { id } = door.config;
    const other = others.find((each) => isInTheWay(stepped, each));
    if (other && isNewGrant(stepped, door)) say('airlock-two', `${id} is opened while ${other.config.id} is not back`);
    const { release } = lockIn(after, door);
    const wasOpen = lockIn(before, door).release !== undefined || isGranted(site, before, door);
    const isNewExit = release?.cause === 'exit-request' && !wasOpen;
    const isTold = events.some(({ kind, door: told }) => kind === 'interlock-overridden' && told === id);
    if (isNewExit && !isTold && others.some((each) => holdsAirlock(site, after, each))) say('airlock-overridden-untold', id);
    const waiting = release !== undefined && !release.egress && !release.opened;
    const isOpened = (each: Door): boolean => leafIn(site, before, each) === 'closed' && leafIn(site, after, each) === 'open';
    if (waiting && others.some(isOpened)) say('airlock-both', `${id} is still released`);
    if (events.some(({ kind, door: late }) => kind === 'interlock-timeout' && late === id) && !holdsAirlock(site, before, door))
      say('airlock-false-alarm', `${id} does not hold the airlock`);
  }
};

// ---- forced

/** Every rightful opening of the door leaves a trace. */
const leavesTraces = ({ config: { egress, exitRequest, permits } }: Door): boolean =>
  egress === 'handle' ? permits.length > 0 || exitRequest?.action === 'permit' : exitRequest !== undefined;

const isAllowed = ({ site, before, after }: Stepped, door: Door): boolean => {
  const { permitted, passage } = lockIn(before, door);
  const isReleased = [before, after].some((state) => lockIn(state, door).release !== undefined);
  const byHand = door.config.permits.some((zone) => [before, after].some((state) => signalIn(site, state, zone) === 'active'));
  const isBoltBack = door.config.lock?.bolt !== undefined && signalIn(site, before, door.config.lock.bolt) === 'active';
  const isFree = isGranted(site, before, door) || doorIn(before, door).egressHeld || letsGo(site, before, door);
  return permitted || byHand || passage !== undefined || isReleased || isBoltBack || isFree;
};

export const forcingIsTold: Check = (stepped, say) => {
  const { site, before, input, after, events, zones } = stepped;
  if (zones.length === 0 || input.kind === 'start') return;
  for (const door of lockingDoors(site)) {
    if (leafIn(site, before, door) !== 'closed' || leafIn(site, after, door) !== 'open' || !leavesTraces(door)) continue;
    // Somebody has taken its contact out of service by name.
    if (of(before.durable.zones[of(site.zones.get(door.config.contact)).index]).isolated) continue;
    const told = events.some(({ kind, door: forced }) => kind === 'door-forced' && forced === door.config.id);
    if (!told && !doorIn(before, door).forced && !isAllowed(stepped, door)) say('forced-untold', door.config.id);
    if (told && lockIn(before, door).release) say('forced-wrongly', `${door.config.id} was released`);
  }
};
