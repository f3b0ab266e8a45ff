/**
 * What the rules say of doors that lock, read from the config, the inputs and the outputs a second time. *Lets go*: what the
 * outputs of a door do opens it, or it is seen to be open. *Emergency*: its green box is pulled, or fire is sensed and its
 * lock is one that opens without current.
 */
import type { DoorConfig, LockKind, OutputConfig } from '../../src/core/config.ts';
import { outputsOf } from '../../src/core/output.ts';
import type { OutputValue } from '../../src/core/output.ts';
import type { Site } from '../../src/core/site.ts';
import type { DoorState, LockState, OutputState, Signal, State } from '../../src/core/state.ts';
import { of } from './model.ts';

export type Door = { readonly config: DoorConfig; readonly index: number };

export const doorsOf = ({ config }: Site): readonly Door[] => config.doors.map((door, index) => ({ config: door, index }));
const lockingOf = new WeakMap<Site, readonly Door[]>();

/** Asked for at every step: kept for each site. */
export const lockingDoors = (site: Site): readonly Door[] => {
  const doors = lockingOf.get(site) ?? doorsOf(site).filter(({ config }) => config.lock);
  lockingOf.set(site, doors);
  return doors;
};

export const doorIn = ({ durable }: State, { index }: Door): DoorState => of(durable.doors[index], 'door');
export const lockIn = ({ volatile }: State, { index }: Door): LockState => of(volatile.locks[index], 'lock');

export const signalIn = (site: Site, { durable }: State, zone: string): Signal =>
  of(durable.zones[of(site.zones.get(zone), zone).index], zone).signal;

export const leafIn = (site: Site, state: State, { config }: Door): 'open' | 'closed' | 'unknown' => {
  const signal = signalIn(site, state, config.contact);
  if (signal === 'active') return 'open';
  return signal === 'normal' ? 'closed' : 'unknown';
};

// ---- outputs

type LockOutput = { readonly config: OutputConfig; readonly index: number; readonly drive: 'open' | 'close' | undefined };

export const lockOutputsOf = ({ config }: Site, { config: door }: Door): readonly LockOutput[] =>
  config.outputs.flatMap((output, index) =>
    output.role.kind === 'lock' && output.role.door === door.id ? [{ config: output, index, drive: output.role.drive }] : [],
  );

export type Values = readonly OutputValue[];

const valuesOf = new WeakMap<State, Values>();

/** Several checks ask for the outputs of one state. */
export const valuesIn = (site: Site, state: State): Values => {
  const values = valuesOf.get(state) ?? outputsOf(site, state);
  valuesOf.set(state, values);
  return values;
};

export const isOn = (values: Values, { index }: LockOutput): boolean => of(values[index]) !== 'off';

const OPENS_WITHOUT_CURRENT: ReadonlySet<LockKind> = new Set<LockKind>(['maglock', 'strike-fail-safe']);

export const opensWithoutCurrent = ({ config: { lock } }: Door): boolean =>
  lock !== undefined && OPENS_WITHOUT_CURRENT.has(lock.kind);

/** The coil has had its time, or rests from it: nothing that is asked now can move it. */
const mustRest = ({ config: { maxOnMs, minOffMs } }: LockOutput, { lastOnAt, lastOffAt }: OutputState, at: number): boolean => {
  if (lastOffAt === undefined || lastOnAt === undefined) return false;
  return at < lastOffAt + minOffMs || (maxOnMs !== undefined && lastOffAt - lastOnAt >= maxOnMs);
};

/** Seen to be; or seen last, where the feedback is dead. */
const isWithdrawn = (site: Site, state: State, door: Door): boolean => {
  const bolt = door.config.lock?.bolt;
  if (bolt === undefined) return false;
  const signal = signalIn(site, state, bolt);
  return signal === 'active' || (signal !== 'normal' && lockIn(state, door).bolt === 'unlocked');
};

/** What its outputs do opens the door, or has opened it. */
export const letsGo = (site: Site, state: State, door: Door): boolean => {
  const values = valuesIn(site, state);
  const outputs = lockOutputsOf(site, door);
  const opening = outputs.filter(({ drive }) => drive !== 'close');
  switch (door.config.lock?.kind) {
    case undefined:
      return true;
    case 'maglock':
    case 'strike-fail-safe':
      return opening.every((output) => !isOn(values, output));
    case 'strike-fail-secure':
      return opening.some((output) => isOn(values, output));
    case 'strike-latching':
      return opening.some((output) => isOn(values, output)) || doorIn(state, door).releasedPending !== 'no';
    case 'motor':
      return opening.some((output) => isOn(values, output)) || isWithdrawn(site, state, door);
  }
};

/** A coil of intermittent duty that was on until now has to rest first; the handle opens meanwhile. */
export const isResting = (site: Site, state: State, door: Door): boolean =>
  lockOutputsOf(site, door).some((output) => mustRest(output, of(state.durable.outputs[output.index]), state.at));

// ---- emergencies

/** A box whose line is dead since it was pulled is pulled. */
export const emergencyOf = (site: Site, state: State, door: Door): boolean => {
  const { greenBox } = door.config;
  if (greenBox !== undefined && signalIn(site, state, greenBox) === 'active') return true;
  return state.durable.site.fireActive.length > 0 && opensWithoutCurrent(door);
};

// ---- the airlock

export const othersOf = (site: Site, { config: { id, interlock } }: Door): readonly Door[] =>
  interlock === undefined ? [] : doorsOf(site).filter(({ config }) => config.interlock === interlock && config.id !== id);

/** Fire, or an emergency at one of its doors, sets all of an airlock free. */
export const isAirlockFree = (site: Site, state: State, door: Door): boolean =>
  state.durable.site.fireActive.length > 0 || [door, ...othersOf(site, door)].some((each) => doorIn(state, each).egressHeld);

const isBack = (site: Site, state: State, door: Door): boolean => {
  if (leafIn(site, state, door) !== 'closed') return false;
  const { latch } = door.config;
  if (latch === undefined || doorIn(state, door).latchFault) return true;
  const { signal, isolated } = of(state.durable.zones[of(site.zones.get(latch)).index]);
  return isolated || signal === 'normal';
};

const isSetOpen = (site: Site, state: State, door: Door): boolean => {
  const area = of(state.durable.areas[of(site.areas.get(door.config.area)).index]);
  return doorIn(state, door).mode === 'locked-open' && area.arming.state === 'disarmed';
};

/** Somebody has been let in there, or may go in as they like. */
export const isGranted = (site: Site, state: State, door: Door): boolean => {
  const { release, free } = lockIn(state, door);
  return (release !== undefined && release.cause !== 'exit-request') || free !== undefined || isSetOpen(site, state, door);
};

export const holdsAirlock = (site: Site, state: State, door: Door): boolean =>
  lockIn(state, door).release !== undefined ||
  isGranted(site, state, door) ||
  doorIn(state, door).egressHeld ||
  !isBack(site, state, door);
