/**
 * Where a secondary exit stands, from its two zones: the leaf contact and, where there is one, the latch contact at
 * the bottom of the strike (*contact de fond de gâche*).
 *
 * A contact that is in fault, tampered, masked or not read yet says nothing: such a door is never closed and never open.
 */
import type { DoorConfig, ZoneId } from '../config.ts';
import { must } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import type { Durable, ZoneState } from '../state.ts';

export type Leaf = 'open' | 'closed' | 'unknown';
/** `none`: no latch contact is wired, or its zone is left out. `unread`: not yet read since the start. */
export type Latch = 'engaged' | 'free' | 'unknown' | 'unread' | 'none';

/**
 * What the ladder acts on.
 * - `open`: the leaf is open.
 * - `ajar`: the leaf is closed, the latch is seen not to hold it.
 * - `shut`: nothing left to signal: closed and latched, or closed with a latch that cannot be believed or is not there.
 * - `closed`: the leaf is closed, the latch contact is out of order.
 * - `unseen`: the leaf contact says nothing, or the inputs are still being read.
 * - `left-out`: the contact is isolated, or inhibited in an area that is set.
 */
export type Position = 'open' | 'ajar' | 'shut' | 'closed' | 'unseen' | 'left-out';

const zoneOf = (site: Site, durable: Durable, id: ZoneId): ZoneState =>
  must(durable.zones[must(site.zones.get(id), `zone ${id}`).index], `zone ${id}`);

const isDisarmed = (site: Site, durable: Durable, door: DoorConfig): boolean =>
  durable.areas[must(site.areas.get(door.area), `area ${door.area}`).index]?.arming.state === 'disarmed';

/** Inhibition is for one armed period: by day an inhibited exit is watched like any other. */
const isLeftOut = (zone: ZoneState, disarmed: boolean): boolean => zone.isolated || (zone.inhibited && !disarmed);

export const leafOf = (site: Site, durable: Durable, door: DoorConfig): Leaf => {
  const { signal } = zoneOf(site, durable, door.contact);
  if (signal === 'active') return 'open';
  return signal === 'normal' ? 'closed' : 'unknown';
};

/** The owner has taken the contact out until further notice: what it says of the leaf is not acted on. */
export const isContactIsolated = (site: Site, durable: Durable, { contact }: DoorConfig): boolean =>
  zoneOf(site, durable, contact).isolated;

/** The latch contact as it is wired, whether or not its zone is inhibited. */
export const latchOf = (site: Site, durable: Durable, door: DoorConfig): Latch => {
  if (door.latch === undefined) return 'none';
  const { signal, isolated } = zoneOf(site, durable, door.latch);
  if (isolated) return 'none';
  switch (signal) {
    case 'active':
      return 'free';
    case 'normal':
      return 'engaged';
    case 'unknown':
      return 'unread';
    case 'tamper':
    case 'masked':
    case 'fault':
      return 'unknown';
  }
};

/** The latch is left out by name: isolated, or inhibited in an area that is set. */
const isLatchLeftOut = (site: Site, durable: Durable, door: DoorConfig): boolean =>
  door.latch !== undefined && isLeftOut(zoneOf(site, durable, door.latch), isDisarmed(site, durable, door));

export const positionOf = (site: Site, durable: Durable, { config: door, index }: Place<DoorConfig>): Position => {
  if (isLeftOut(zoneOf(site, durable, door.contact), isDisarmed(site, durable, door))) return 'left-out';
  const leaf = leafOf(site, durable, door);
  if (leaf === 'open') return 'open';
  if (leaf === 'unknown') return 'unseen';
  if (isLatchLeftOut(site, durable, door) || durable.doors[index]?.latchFault) return 'shut';
  switch (latchOf(site, durable, door)) {
    case 'engaged':
    case 'none':
      return 'shut';
    case 'free':
      return 'ajar';
    case 'unknown':
      return 'closed';
    case 'unread':
      return 'unseen';
  }
};

/** Leaf closed and latch engaged. A latch in fault is not waited for: a cupboard would never be guarded again. */
export const isClosedAndLatched = (site: Site, durable: Durable, { config, index }: Place<DoorConfig>): boolean => {
  if (leafOf(site, durable, config) !== 'closed') return false;
  const latch = latchOf(site, durable, config);
  return latch === 'engaged' || latch === 'none' || durable.doors[index]?.latchFault === true;
};
