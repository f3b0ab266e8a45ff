/**
 * 1: nobody is locked in. Whoever asks to go out is let out at once, or as soon as the airlock is free, in whatever mode the
 * door and its area are; an emergency frees what holds by current until it is over and somebody has said so; and a motor
 * never throws its bolt in front of an open leaf.
 */
import type { State } from '../../../src/core/state.ts';
import {
  doorIn,
  emergencyOf,
  holdsAirlock,
  isAirlockFree,
  isOn,
  isResting,
  leafIn,
  letsGo,
  lockIn,
  lockOutputsOf,
  lockingDoors,
  opensWithoutCurrent,
  othersOf,
  valuesIn,
} from '../doorModel.ts';
import type { Door } from '../doorModel.ts';
import { areaIn, of } from '../model.ts';
import type { Check, Stepped } from '../violation.ts';

/** An airlock keeps nobody longer who wants out. */
export const LONGEST_WAIT_MS = 10_000;
const STUCK_MS = 3_000;

// ---- the button

/** Doors whose button was pressed in this step. A level that is only found to be pressed asks for nothing. */
export const pressedIn = ({ site, zones }: Stepped): readonly Door[] => {
  const pressed = zones.filter(({ config, was, is }) => {
    return config.type === 'exit-request' && was.signal === 'normal' && is.signal === 'active';
  });
  if (pressed.length === 0) return [];
  return lockingDoors(site).filter(({ config: { exitRequest } }) =>
    pressed.some(({ config: { id } }) => exitRequest?.zone === id && exitRequest.action === 'release'),
  );
};

/** Another leaf of the airlock is in the way. */
export const isKept = ({ site }: Stepped, state: State, door: Door): boolean =>
  !isAirlockFree(site, state, door) && othersOf(site, door).some((other) => holdsAirlock(site, state, other));

/** Nothing of ours is in the way; a coil that has to rest leaves it to the handle. */
export const isOut = ({ site, after }: Stepped, door: Door): boolean =>
  letsGo(site, after, door) || isResting(site, after, door) || leafIn(site, after, door) === 'open';

export const exitsLetGo: Check = (stepped, say) => {
  const { before, after, events } = stepped;
  for (const door of pressedIn(stepped)) {
    const { id } = door.config;
    if (!events.some(({ kind, door: told }) => kind === 'exit-requested' && told === id)) say('exit-untold', id);
    if (isOut(stepped, door)) continue;
    const waits = lockIn(after, door).exitWaits && (isKept(stepped, before, door) || isKept(stepped, after, door));
    if (!waits) say('locked-in', `${id} holds and its button is pressed`);
  }
};

export const waitsAreShort: Check = ({ site, before, after }, say) => {
  if (before.volatile === after.volatile) return;
  for (const door of lockingDoors(site)) {
    if (!lockIn(after, door).exitWaits) continue;
    const { id } = door.config;
    const wait = after.volatile.timers.find(({ kind, subject }) => kind === 'door-exit-wait' && subject === id);
    const isOpened = leafIn(site, before, door) === 'closed' && leafIn(site, after, door) === 'open';
    if (isOpened && lockIn(before, door).exitWaits) say('waits-for-nobody', `${id}: they have gone out by the handle`);
    if (!wait || wait.at - after.at > LONGEST_WAIT_MS) say('waits-too-long', `${id} until ${wait?.at ?? 'for ever'}`);
  }
};

/** A button that stays pressed lets nobody out the next time. */
export const stuckButtonsAreTold: Check = ({ site, after }, say) => {
  for (const door of lockingDoors(site)) {
    const button = door.config.exitRequest?.zone;
    if (button === undefined) continue;
    const { signal, since } = of(after.durable.zones[of(site.zones.get(button)).index]);
    if (signal === 'active' && after.at - since >= STUCK_MS && !doorIn(after, door).exitRequestStuck)
      say('button-stuck', `${button} is pressed for ${after.at - since} ms and nothing was told`);
  }
};

// ---- green box and fire

const hasAlarm = ({ site, after }: Stepped, { config: { area, id } }: Door): boolean =>
  areaIn(site, after, area).alarms.some(({ kind, door }) => kind === 'egress-released' && door === id);

export const emergenciesFree: Check = (stepped, say) => {
  const { site, after } = stepped;
  for (const door of lockingDoors(site)) {
    const { id } = door.config;
    const { egressHeld } = doorIn(after, door);
    const isNow = emergencyOf(site, after, door);
    if (isNow && !egressHeld) say('emergency-ignored', id);
    if (isNow && !hasAlarm(stepped, door)) say('emergency-untold', id);
    if ((isNow || egressHeld) && opensWithoutCurrent(door) && !letsGo(site, after, door))
      say('emergency-holds', `${id} is held by its current`);
  }
};

/** Over, and looked at by somebody: then it may lock again, and not before. */
export const emergenciesEndByHand: Check = ({ site, before, input, after, events }, say) => {
  if (before.durable.doors === after.durable.doors) return;
  for (const door of lockingDoors(site)) {
    if (!doorIn(before, door).egressHeld || doorIn(after, door).egressHeld) continue;
    const { id } = door.config;
    const told = events.find(({ kind, door: freed }) => kind === 'egress-acknowledged' && freed === id);
    if (told?.user === undefined || (input.kind !== 'verdict' && input.kind !== 'choice'))
      say('emergency-ended', `${id} locks again and nobody has acknowledged it`);
    if (emergencyOf(site, after, door)) say('emergency-goes-on', `${id} locks again`);
  }
};

// ---- motors

export const boltsBehindClosedLeaves: Check = ({ site, after }, say) => {
  for (const door of lockingDoors(site)) {
    if (door.config.lock?.kind !== 'motor') continue;
    const driven = lockOutputsOf(site, door).filter((output) => isOn(valuesIn(site, after), output));
    const closes = driven.some(({ drive }) => drive === 'close');
    if (closes && leafIn(site, after, door) === 'open') say('bolt-in-the-open', door.config.id);
    if (driven.length > 1) say('motor-both-ways', door.config.id);
  }
};
