/** A config with its look-ups made once, so that a step costs the same on a site of four zones and of 256. */
import type {
  AreaConfig,
  AreaId,
  Config,
  DoorConfig,
  KeypadConfig,
  KeypadId,
  LineId,
  UserConfig,
  UserId,
  ZoneConfig,
  ZoneId,
} from './config.ts';

/** An entry of a config list with its place in it, which is also its place in the state's list. */
export type Place<T> = { readonly index: number; readonly config: T };

export type Site = {
  readonly config: Config;
  readonly areas: ReadonlyMap<AreaId, Place<AreaConfig>>;
  readonly zones: ReadonlyMap<ZoneId, Place<ZoneConfig>>;
  readonly doors: ReadonlyMap<string, Place<DoorConfig>>;
  readonly keypads: ReadonlyMap<string, Place<KeypadConfig>>;
  readonly users: ReadonlyMap<UserId, UserConfig>;
  readonly zoneOfLine: ReadonlyMap<LineId, Place<ZoneConfig>>;
  readonly zonesOfArea: ReadonlyMap<AreaId, readonly Place<ZoneConfig>[]>;
  readonly doorsOfZone: ReadonlyMap<ZoneId, readonly Place<DoorConfig>[]>;
  /** Of any input of a door but its contact and latch: request to exit, interphone, bolt, emergency release … */
  readonly doorsOfInput: ReadonlyMap<ZoneId, readonly Place<DoorConfig>[]>;
  readonly doorsOfKeypad: ReadonlyMap<KeypadId, readonly Place<DoorConfig>[]>;
  readonly doorsOfInterlock: ReadonlyMap<string, readonly Place<DoorConfig>[]>;
  readonly doorsOfArea: ReadonlyMap<AreaId, readonly Place<DoorConfig>[]>;
  /** Common areas that an area is a member of. */
  readonly commonsOf: ReadonlyMap<AreaId, readonly Place<AreaConfig>[]>;
};

const placesById = <T extends { readonly id: string }>(list: readonly T[]): Map<string, Place<T>> =>
  new Map(list.map((config, index) => [config.id, { index, config }]));

const groupBy = <T>(list: Iterable<T>, keysOf: (item: T) => readonly string[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
};

const inputsOf = ({ lock, exitRequest, permits, requests, bells, greenBox }: DoorConfig): readonly ZoneId[] =>
  [lock?.bolt, exitRequest?.zone, ...permits, ...requests, ...bells, greenBox].filter((zone) => zone !== undefined);

export const siteOf = (config: Config): Site => {
  const areas = placesById(config.areas);
  const zones = placesById(config.zones);
  const doors = placesById(config.doors);
  return {
    config,
    areas,
    zones,
    doors,
    keypads: placesById(config.keypads),
    users: new Map(config.users.map((user) => [user.id, user])),
    zoneOfLine: new Map([...zones.values()].map((zone) => [zone.config.line, zone])),
    zonesOfArea: groupBy(zones.values(), (zone) => [zone.config.area]),
    doorsOfZone: groupBy(doors.values(), ({ config: door }) => (door.latch ? [door.contact, door.latch] : [door.contact])),
    doorsOfInput: groupBy(doors.values(), ({ config }) => inputsOf(config)),
    doorsOfKeypad: groupBy(doors.values(), ({ config: { access } }) => (access ? [...access.entry, ...access.exit] : [])),
    doorsOfInterlock: groupBy(doors.values(), ({ config: { interlock } }) => (interlock === undefined ? [] : [interlock])),
    doorsOfArea: groupBy(doors.values(), (door) => [door.config.area]),
    commonsOf: groupBy(areas.values(), (area) => area.config.common),
  };
};
