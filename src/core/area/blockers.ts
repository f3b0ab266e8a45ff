/** Everything that stands in the way of arming, each with its reason. Covert zones never appear here. */
import type { AreaConfig, ArmMode, BlockerKind, BlockerPolicy, ZoneConfig, ZoneType } from '../config.ts';
import type { Blocker } from '../event.ts';
import { areaState, zonesOf, zoneState } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place, Site } from '../site.ts';
import type { Signal } from '../state.ts';
import { isEgressUnacknowledged } from '../door/egress.ts';
import { doorBlockers } from '../door/exit.ts';
import { conditionBlockers } from '../supervision/conditions.ts';
import { supplyBlockers } from '../supervision/supply.ts';
import { inMode, isDetection, isRoute } from '../zone/included.ts';
import { isCovertZone } from '../covert.ts';

/**
 * What keeps watch in every mode, or is no detector at all. Its fault is carried on over, and it stays live: to leave a
 * hold-up button or the vaccine fridge out for a night is nobody's way home.
 */
const KEEPS_WATCH: ReadonlySet<ZoneType> = new Set<ZoneType>([
  'holdup-silent',
  'holdup-audible',
  'fire-sense',
  'technical',
  'keyswitch',
  'push-to-set',
  'exit-request',
  'door-request',
  'door-permit',
  'bell',
  'bolt',
  'green-box',
  'mains',
  'battery-low',
  'charger-fault',
  'siren-fault',
]);

export const keepsWatch = (site: Site, { zone }: Blocker): boolean => {
  const type = zone === undefined ? undefined : site.zones.get(zone)?.config.type;
  return type !== undefined && KEEPS_WATCH.has(type);
};

/** What the person may do about a blocker: by default there is always a way out. */
export const policyOf = (site: Site, area: AreaConfig, blocker: Blocker): BlockerPolicy => {
  const policy = area.blockers[blocker.kind];
  return policy === 'inhibit' && keepsWatch(site, blocker) ? 'override' : policy;
};

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;

const ZONE_KINDS: ReadonlySet<BlockerKind> = new Set(['zone-open', 'tamper', 'fault', 'masked', 'latch-open']);
/** Blockers that concern one detection input, and so are looked at again when the exit ends. */
export const isZoneBlocker = ({ kind }: Blocker): boolean => ZONE_KINDS.has(kind);

/** Why the area cannot arm in this mode now. Where somebody is about to leave (`routeFree`), the route may be open. */
export const blockersOf = (frame: Frame, area: Area, mode: ArmMode, routeFree: boolean): readonly Blocker[] => [
  ...zonesOf(frame, area.config.id).flatMap((zone) => zoneBlockers(frame, area, zone, { mode, routeFree })),
  ...doorBlockers(frame, area.config.id),
  ...supplyBlockers(frame),
  ...conditionBlockers(frame),
  ...untickedItems(frame, area),
  ...(isUnacknowledged(frame, area) ? [{ kind: 'memory' as const }] : []),
];

/** A door that an emergency freed stays free until somebody says that it is over: nobody is to leave for the night on it. */
const isUnacknowledged = (frame: Frame, area: Area): boolean =>
  areaState(frame, area).memory.some(({ level }) => level === 2) || isEgressUnacknowledged(frame, area.config.id);

const untickedItems = (frame: Frame, area: Area): readonly Blocker[] => {
  const { ticked } = areaState(frame, area);
  return area.config.checklist.filter(({ id }) => !ticked.includes(id)).map(({ id }) => ({ kind: 'checklist', item: id }));
};

type View = { readonly mode: ArmMode; readonly routeFree: boolean };

const zoneBlockers = (frame: Frame, area: Area, zone: Zone, view: View): readonly Blocker[] => {
  const state = zoneState(frame, zone);
  if (isCovertZone(zone.config.type) || state.isolated || state.inhibited || !inMode(zone.config, view.mode)) return [];
  const kinds = [signalBlocker(zone.config, state.signal, view.routeFree), quietBlocker(frame, area, zone)];
  return kinds.filter((kind) => kind !== undefined).map((kind) => ({ kind, zone: zone.config.id }));
};

const signalBlocker = (zone: ZoneConfig, signal: Signal, routeFree: boolean): BlockerKind | undefined => {
  switch (signal) {
    case 'normal':
      return undefined;
    case 'active':
      return activeBlocker(zone, routeFree);
    case 'tamper':
      return 'tamper';
    case 'masked':
      return 'masked';
    case 'fault':
    case 'unknown':
      return 'fault';
  }
};

const activeBlocker = (zone: ZoneConfig, routeFree: boolean): BlockerKind | undefined => {
  if (zone.type === 'tamper') return 'tamper';
  if (zone.type === '24h') return 'zone-open';
  if (!isDetection(zone)) return undefined;
  return routeFree && isRoute(zone) ? undefined : 'zone-open';
};

const quietBlocker = (frame: Frame, area: Area, zone: Zone): BlockerKind | undefined => {
  const { signal, lastActiveAt } = zoneState(frame, zone);
  if (!zone.config.occupancy) return undefined;
  const isQuiet = signal !== 'active' && (lastActiveAt === undefined || frame.now - lastActiveAt >= area.config.quietMs);
  return isQuiet ? undefined : 'room-not-quiet';
};
