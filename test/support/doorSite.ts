/** A practice with an entrance that locks, for what is told of doors: any lock, its inputs each a zone, readers on both sides. */
import type { Config, DoorConfig, LockConfig, LockKind, OutputConfig, ZoneConfig } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { doorConfig, keypadConfig, outputConfig, practiceConfig, userConfig, zoneConfig } from './site.ts';

export const lockConfig = (kind: LockKind, change: Partial<LockConfig> = {}): LockConfig => ({
  kind,
  releaseMs: 5 * SECOND,
  relockDelayMs: 500,
  relockOn: kind === 'motor' ? 'close' : 'open',
  extendedMs: 10 * SECOND,
  driveMs: kind === 'motor' ? 5 * SECOND : 500,
  bolt: kind === 'motor' ? 'pene' : undefined,
  ...change,
});

const lockOutputs = (door: string, kind: LockKind): readonly OutputConfig[] =>
  kind === 'motor'
    ? [
        outputConfig(`${door}-ouvre`, { kind: 'lock', door, drive: 'open' }),
        outputConfig(`${door}-ferme`, { kind: 'lock', door, drive: 'close' }),
      ]
    : [outputConfig(`${door}-gache`, { kind: 'lock', door, drive: undefined })];

/** Zones of the entrance `rue`, with no other meaning to the area. */
const entranceZones = (): readonly ZoneConfig[] => [
  zoneConfig('rue', 'exit-guard', { number: 50, confirmGroup: 'rue' }),
  zoneConfig('rue-pene', 'latch', { number: 51, confirmGroup: 'rue' }),
  zoneConfig('sortie', 'exit-request', { number: 52 }),
  zoneConfig('bequille', 'door-permit', { number: 53 }),
  zoneConfig('interphone', 'door-request', { number: 54 }),
  zoneConfig('sonnette', 'bell', { number: 55 }),
  zoneConfig('pene', 'bolt', { number: 56 }),
  zoneConfig('boitier', 'green-box', { number: 57 }),
];

export const entrance = (kind: LockKind, change: Partial<DoorConfig> = {}): DoorConfig =>
  doorConfig('rue', 'rue', 'rue-pene', {
    name: 'Porte de la rue',
    lock: lockConfig(kind),
    egress: kind === 'maglock' ? 'hardware-release' : 'handle',
    access: {
      entry: ['rue'],
      exit: ['dedans'],
      credential: 'either',
      persons: 1,
      antiPassbackMs: undefined,
      freeAccess: undefined,
    },
    exitRequest: { zone: 'sortie', action: 'release' },
    permits: ['bequille'],
    requests: ['interphone'],
    bells: ['sonnette'],
    greenBox: kind === 'maglock' || kind === 'strike-fail-safe' ? 'boitier' : undefined,
    remote: true,
    ...change,
  });

/** `change` is of the entrance; `more` of the whole site. */
export const doorSite = (kind: LockKind, change: Partial<DoorConfig> = {}, more: Partial<Config> = {}): Site => {
  const base = practiceConfig();
  const door = entrance(kind, change);
  return siteOf({
    ...base,
    zones: [...base.zones, ...entranceZones()],
    doors: [...base.doors, door],
    outputs: [...base.outputs, outputConfig('klaxon', { kind: 'sounder', doors: ['rue'] }), ...lockOutputs('rue', kind)],
    keypads: [...base.keypads, keypadConfig('rue', { place: 'outside' }), keypadConfig('dedans', { place: 'inside' })],
    users: [
      ...base.users.map((user) => ({ ...user, doors: ['rue'] })),
      userConfig('livreur', { role: 'delivery', doors: ['rue'] }),
      userConfig('ainee', { doors: ['rue'], extendedTimes: true }),
      userConfig('voisin', { doors: [] }),
    ],
    operators: [{ id: 'centre-1', name: 'Centre', doors: ['rue'], hours: undefined, perHour: 3 }],
    ...more,
  });
};

/** Two doors of an airlock: `rue` and `sas`. */
export const airlockSite = (kind: LockKind = 'strike-fail-secure', change: Partial<DoorConfig> = {}): Site => {
  const { config } = doorSite(kind, { interlock: 'sas', ...change });
  const inner = doorConfig('sas', 'sas', undefined, {
    name: 'Porte intérieure du sas',
    lock: lockConfig('strike-fail-secure'),
    egress: 'handle',
    exitRequest: { zone: 'sas-sortie', action: 'release' },
    requests: ['sas-bureau'],
    interlock: 'sas',
    remote: true,
  });
  return siteOf({
    ...config,
    zones: [
      ...config.zones,
      zoneConfig('sas', 'exit-guard', { number: 60 }),
      zoneConfig('sas-sortie', 'exit-request', { number: 61 }),
      zoneConfig('sas-bureau', 'door-request', { number: 62 }),
    ],
    doors: [...config.doors, inner],
    outputs: [...config.outputs, ...lockOutputs('sas', 'strike-fail-secure')],
    operators: [{ id: 'centre-1', name: 'Centre', doors: ['rue', 'sas'], hours: undefined, perHour: 3 }],
  });
};

export const FREE_HOURS = 'ouverture';
export const freeAccess = (firstPersonIn: boolean) => ({ schedule: FREE_HOURS, firstPersonIn });
export const ANTI_PASSBACK_MS = 8 * HOUR;
