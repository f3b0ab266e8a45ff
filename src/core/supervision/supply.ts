/**
 * What the equipment lives on: mains, battery, charger, and the siren's own fault contact, each an input of its own
 * type. A failure is shown and blocks arming at once; the centre hears of it when it has lasted (mains 30 min, as
 * commercial panels do), and of its end when the supply has held for a minute, so that a flapping mains is one pair of
 * events. A supply input that is itself in fault says nothing about the supply: what was reported stays reported.
 */
import type { Config, ZoneConfig, ZoneType } from '../config.ts';
import type { Blocker, EventKind } from '../event.ts';
import { clearTimer, emit, setSite, setTimerIn, siteState, timerOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import { MINUTE } from '../time.ts';

type Zone = Place<ZoneConfig>;
type SupplyType = Extract<ZoneType, 'mains' | 'battery-low' | 'charger-fault' | 'siren-fault'>;

const RESTORE_MS = MINUTE;

type Supply = {
  readonly lost: EventKind;
  readonly restored: EventKind;
  readonly blocker: Blocker['kind'];
  readonly delayMs: (config: Config) => number;
};

const SUPPLIES: Readonly<Record<SupplyType, Supply>> = {
  mains: {
    lost: 'mains-lost',
    restored: 'mains-restored',
    blocker: 'mains-lost',
    delayMs: ({ supervision }) => supervision.mainsDelayMs,
  },
  'battery-low': {
    lost: 'battery-low',
    restored: 'battery-restored',
    blocker: 'battery-low',
    delayMs: ({ supervision }) => supervision.batteryDelayMs,
  },
  'charger-fault': {
    lost: 'charger-fault',
    restored: 'charger-restored',
    blocker: 'fault',
    delayMs: ({ supervision }) => supervision.batteryDelayMs,
  },
  // A siren that cannot sound is a wired fault: told within 10 s (EN 50131-1 guidance).
  'siren-fault': {
    lost: 'siren-fault',
    restored: 'siren-restored',
    blocker: 'fault',
    delayMs: ({ supervision }) => supervision.faultAlarmMs,
  },
};

const isSupplyType = (type: ZoneType): type is SupplyType => Object.hasOwn(SUPPLIES, type);
const supplyOf = ({ type }: ZoneConfig): Supply | undefined => (isSupplyType(type) ? SUPPLIES[type] : undefined);
export const isSupply = (zone: ZoneConfig): boolean => isSupplyType(zone.type);

const isReported = (frame: Frame, zone: Zone): boolean => siteState(frame).reportedSupplies.includes(zone.config.id);

/** The conditioned signal of a supply zone has changed. */
export const onSupplyZone = (frame: Frame, zone: Zone): void => {
  const supply = supplyOf(zone.config);
  const { signal } = zoneState(frame, zone);
  if (!supply || (signal !== 'active' && signal !== 'normal')) return;
  if ((signal === 'active') === isReported(frame, zone)) return clearTimer(frame, 'supervise', zone.config.id);
  if (timerOf(frame, 'supervise', zone.config.id)) return;
  const delayMs = signal === 'active' ? supply.delayMs(frame.site.config) : RESTORE_MS;
  if (delayMs === 0) onSupplyTimer(frame, zone);
  else setTimerIn(frame, 'supervise', zone.config.id, delayMs);
};

/** It has lasted. Nothing is said if the input does not say so any more. */
export const onSupplyTimer = (frame: Frame, zone: Zone): void => {
  const supply = supplyOf(zone.config);
  const { signal } = zoneState(frame, zone);
  const reported = isReported(frame, zone);
  if (!supply || (signal !== 'active' && signal !== 'normal') || (signal === 'active') === reported) return;
  const { reportedSupplies } = siteState(frame);
  const { id, area } = zone.config;
  setSite(frame, { reportedSupplies: reported ? reportedSupplies.filter((other) => other !== id) : [...reportedSupplies, id] });
  emit(frame, reported ? supply.restored : supply.lost, { area, zone: id });
};

const supplyZones = new WeakMap<Site, readonly Zone[]>();

/** A site's supply zones do not change: found once, so that asking for blockers costs what there is to say. */
const supplyZonesOf = (site: Site): readonly Zone[] => {
  const known = supplyZones.get(site) ?? [...site.zones.values()].filter((zone) => isSupply(zone.config));
  supplyZones.set(site, known);
  return known;
};

/** Failures of the supply as they are now, reported or not. */
export const supplyBlockers = (frame: Frame): Blocker[] =>
  supplyZonesOf(frame.site).flatMap((zone) => {
    const { signal, inhibited, isolated } = zoneState(frame, zone);
    const supply = supplyOf(zone.config);
    if (!supply || signal !== 'active' || inhibited || isolated) return [];
    return [{ kind: supply.blocker, zone: zone.config.id }];
  });
