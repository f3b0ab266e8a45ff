/**
 * Sites whose doors lock: *locks*, a practice with a door of each kind of lock, and *airlock*, four doors of which one at a
 * time is free, one of them without a lock. Their locks have the limits that a site's file gives them.
 */
import type {
  AccessConfig,
  Config,
  DoorConfig,
  LockConfig,
  OutputConfig,
  UserConfig,
  ZoneConfig,
} from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { lockConfig } from '../support/doorSite.ts';
import { areaConfig, doorConfig, keypadConfig, outputConfig, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import { DAYS } from './schedules.ts';

const DUTY: Readonly<Record<LockConfig['kind'], Partial<OutputConfig>>> = {
  'strike-fail-secure': { maxOnMs: 10 * SECOND, minOffMs: 2 * SECOND },
  'strike-latching': { maxOnMs: 2 * SECOND, minOffMs: 2 * SECOND },
  motor: { maxOnMs: 15 * SECOND },
  maglock: {},
  'strike-fail-safe': {},
};

const lockOutputs = ({ id: door, lock }: DoorConfig): readonly OutputConfig[] => {
  if (!lock) return [];
  const duty = DUTY[lock.kind];
  if (lock.kind !== 'motor') return [outputConfig(door, { kind: 'lock', door, drive: undefined }, duty)];
  return (['open', 'close'] as const).map((drive) => outputConfig(`${door}-${drive}`, { kind: 'lock', door, drive }, duty));
};

const access = (entry: string, change: Partial<AccessConfig> = {}): AccessConfig => ({
  entry: [entry],
  exit: [],
  credential: 'either',
  persons: 1,
  antiPassbackMs: undefined,
  freeAccess: undefined,
  ...change,
});

const exitBy = (zone: string, action: 'release' | 'permit' = 'release'): DoorConfig['exitRequest'] => ({ zone, action });

// ---- one door of each kind of lock

const ENTRANCE = doorConfig('rue', 'rue', undefined, {
  lock: lockConfig('maglock', { bolt: 'rue-tenue' }),
  egress: 'hardware-release',
  greenBox: 'rue-boitier',
  access: access('rue', {
    exit: ['rue-dedans'],
    antiPassbackMs: 8 * HOUR,
    freeAccess: { schedule: DAYS, firstPersonIn: true },
  }),
  exitRequest: exitBy('rue-sortie'),
  requests: ['interphone'],
  bells: ['sonnette'],
  remote: true,
});

const YARD = doorConfig('cour', 'cour', 'cour-gache', {
  lock: lockConfig('motor', { bolt: 'cour-pene', relockOn: 'close' }),
  egress: 'handle',
  greenBox: 'cour-boitier',
  access: access('cour', { credential: 'code', freeAccess: { schedule: DAYS, firstPersonIn: false } }),
  exitRequest: exitBy('cour-sortie'),
  permits: ['cour-bequille'],
  remote: true,
});

const SERVICE = doorConfig('service', 'service', 'service-gache', {
  lock: lockConfig('strike-latching'),
  egress: 'handle',
  access: access('service', { credential: 'badge' }),
  exitRequest: exitBy('service-sortie'),
  requests: ['service-bureau'],
  remote: true,
});

const HATCH = doorConfig('guichet', 'guichet', undefined, {
  kind: 'hatch',
  lock: lockConfig('strike-fail-secure', { extendedMs: 0 }),
  egress: 'handle',
  requests: ['guichet-bouton'],
  openMs: 60 * SECOND,
});

/** Written as nobody could write it in a file: an operator may ask for it. */
const CUPBOARD = doorConfig('armoire', 'armoire', 'armoire-gache', {
  kind: 'cupboard',
  lock: lockConfig('strike-fail-secure', { extendedMs: 5 * SECOND, relockOn: 'close' }),
  access: access('armoire', { credential: 'both' }),
  remote: true,
});

const STORE = doorConfig('reserve', 'reserve', undefined, {
  kind: 'store',
  lock: lockConfig('strike-fail-safe', { relockOn: 'close' }),
  egress: 'handle',
  access: access('reserve', { persons: 2 }),
  exitRequest: exitBy('reserve-sortie', 'permit'),
  permits: ['reserve-cle'],
});

const LOCKS = [ENTRANCE, YARD, SERVICE, HATCH, CUPBOARD, STORE];

const lockZones = (): readonly ZoneConfig[] => [
  zoneConfig('porte', 'entry-exit', { final: true }),
  zoneConfig('fenetre', 'instant'),
  zoneConfig('feu', 'fire-sense', { bypassable: false }),
  zoneConfig('panique', 'holdup-silent', { bypassable: false }),
  zoneConfig('cle', 'keyswitch', { keyswitch: { arms: true, disarms: true, mode: 'full' } }),
  zoneConfig('rue', 'entry-exit', { debounceMs: 20 }),
  zoneConfig('rue-tenue', 'bolt'),
  zoneConfig('rue-boitier', 'green-box'),
  zoneConfig('rue-sortie', 'exit-request', { debounceMs: 20 }),
  zoneConfig('interphone', 'door-request', { debounceMs: 20 }),
  zoneConfig('sonnette', 'bell'),
  zoneConfig('cour', 'exit-guard', { confirmGroup: 'cour' }),
  zoneConfig('cour-gache', 'latch', { confirmGroup: 'cour' }),
  zoneConfig('cour-pene', 'bolt', { debounceMs: 20 }),
  zoneConfig('cour-boitier', 'green-box'),
  zoneConfig('cour-sortie', 'exit-request'),
  zoneConfig('cour-bequille', 'door-permit'),
  zoneConfig('service', 'exit-guard', { confirmGroup: 'service' }),
  zoneConfig('service-gache', 'latch', { confirmGroup: 'service' }),
  zoneConfig('service-sortie', 'exit-request'),
  zoneConfig('service-bureau', 'door-request'),
  zoneConfig('guichet', 'instant', { duty: true }),
  zoneConfig('guichet-bouton', 'door-request'),
  zoneConfig('armoire', '24h', { accessKeypad: 'armoire' }),
  zoneConfig('armoire-gache', 'latch'),
  zoneConfig('reserve', 'instant'),
  zoneConfig('reserve-sortie', 'exit-request'),
  zoneConfig('reserve-cle', 'door-permit'),
];

const READERS = [
  keypadConfig('rue', { areas: [], place: 'outside' }),
  keypadConfig('rue-dedans', { areas: [] }),
  keypadConfig('cour', { place: 'outside' }),
  keypadConfig('service', { areas: [], place: 'outside' }),
  keypadConfig('armoire', { areas: [] }),
  keypadConfig('reserve', { areas: [] }),
];

const people = (doors: readonly string[]): readonly UserConfig[] => [
  userConfig('doc', { role: 'owner', doors }),
  userConfig('claire', { doors }),
  userConfig('ainee', { doors, extendedTimes: true }),
  userConfig('menage', { role: 'cleaner', doors: doors.slice(0, 2), hours: DAYS }),
  userConfig('livreur', { role: 'delivery', areas: [], doors: doors.slice(0, 3), hours: DAYS }),
  userConfig('visite', { role: 'delivery', areas: [], doors, oneShot: true }),
  userConfig('tech', { role: 'installer', doors }),
  userConfig('voisin'),
  userConfig('rempla', { doors, validFrom: Date.parse('2026-03-03T00:00:00Z'), validUntil: Date.parse('2026-03-09T00:00:00Z') }),
];

const operators = (doors: readonly string[]): Config['operators'] => [
  { id: 'centre-1', name: 'Centre', doors, hours: undefined, perHour: 4 },
  { id: 'centre-2', name: 'Nuit', doors: doors.slice(0, 1), hours: DAYS, perHour: 60 },
];

const siteWith = (doors: readonly DoorConfig[], zones: readonly ZoneConfig[], change: Partial<Config>): Site => {
  const base = practiceConfig();
  const ids = doors.map(({ id }) => id);
  return siteOf({
    ...base,
    areas: [areaConfig('cabinet', { exitEnd: 'immediate', quietMs: 0 })],
    zones: zones.map((zone, index) => ({ ...zone, number: index + 1 })),
    doors,
    outputs: [
      outputConfig('sirene', { kind: 'siren', areas: ['cabinet'], place: 'indoor' }, { maxOnMs: 3 * MINUTE }),
      outputConfig('ronfleur', { kind: 'sounder', doors: ids }),
      outputConfig('bip', { kind: 'buzzer', keypads: ['entree'] }),
      ...doors.flatMap(lockOutputs),
    ],
    users: people(ids),
    operators: operators(ids),
    lockout: { tries: 4, windowMs: 15 * MINUTE, lockMs: 90 * SECOND },
    ...change,
  });
};

export const locksSite = (): Site => siteWith(LOCKS, lockZones(), { keypads: [keypadConfig('entree'), ...READERS] });

// ---- an airlock

const STREET = doorConfig('rue', 'rue', 'rue-gache', {
  lock: lockConfig('maglock'),
  egress: 'hardware-release',
  greenBox: 'rue-boitier',
  access: access('rue', { exit: ['rue-dedans'] }),
  exitRequest: exitBy('rue-sortie'),
  requests: ['interphone'],
  interlock: 'sas',
  remote: true,
});

const INNER = doorConfig('sas', 'sas', undefined, {
  lock: lockConfig('strike-fail-secure', { extendedMs: 5 * SECOND, relockOn: 'close' }),
  egress: 'handle',
  exitRequest: exitBy('sas-sortie'),
  permits: ['sas-bequille'],
  requests: ['sas-bureau'],
  interlock: 'sas',
  remote: true,
});

const SIDE = doorConfig('cote', 'cote', undefined, {
  lock: lockConfig('motor', { bolt: 'cote-pene', relockOn: 'close' }),
  egress: 'handle',
  access: access('cote', { credential: 'code' }),
  exitRequest: exitBy('cote-sortie'),
  interlock: 'sas',
});

/** Nothing of ours keeps it shut: it is in the way all the same. */
const GARDEN = doorConfig('jardin', 'jardin', 'jardin-gache', { interlock: 'sas' });

const airlockZones = (): readonly ZoneConfig[] => [
  zoneConfig('porte', 'entry-exit', { final: true }),
  zoneConfig('feu', 'fire-sense', { bypassable: false }),
  zoneConfig('rue', 'exit-guard'),
  zoneConfig('rue-gache', 'latch'),
  zoneConfig('rue-boitier', 'green-box'),
  zoneConfig('rue-sortie', 'exit-request'),
  zoneConfig('interphone', 'door-request'),
  zoneConfig('sas', 'exit-guard'),
  zoneConfig('sas-sortie', 'exit-request'),
  zoneConfig('sas-bequille', 'door-permit'),
  zoneConfig('sas-bureau', 'door-request'),
  zoneConfig('cote', 'exit-guard'),
  zoneConfig('cote-pene', 'bolt'),
  zoneConfig('cote-sortie', 'exit-request'),
  zoneConfig('jardin', 'exit-guard'),
  zoneConfig('jardin-gache', 'latch'),
];

export const airlockOfFour = (): Site =>
  siteWith([STREET, INNER, SIDE, GARDEN], airlockZones(), {
    keypads: [
      keypadConfig('entree'),
      keypadConfig('rue', { areas: [], place: 'outside' }),
      keypadConfig('rue-dedans', { areas: [] }),
      keypadConfig('cote', { place: 'outside' }),
    ],
  });
