/**
 * The sites that the traces run on: a practice with one of everything, a pharmacy with two areas behind a common hall, and
 * two sites whose doors lock.
 */
import type { AreaConfig, Config, OutputConfig, ZoneConfig } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { areaConfig, doorConfig, keypadConfig, outputConfig, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import { airlockOfFour, locksSite } from './doorSites.ts';
import { DAYS, NIGHTS } from './schedules.ts';

/** A supervised loop with two resistors: short, normal, active, open, and gaps between them. */
const LOOP: ZoneConfig['sensing'] = {
  kind: 'loop',
  bands: [
    { from: 0, to: 0.1, signal: 'tamper' },
    { from: 0.2, to: 0.4, signal: 'normal' },
    { from: 0.45, to: 0.6, signal: 'active' },
    { from: 0.65, to: 0.75, signal: 'masked' },
    { from: 0.9, to: 1, signal: 'tamper' },
  ],
};

const FRIDGE: ZoneConfig['sensing'] = {
  kind: 'measure',
  unit: '°C',
  offset: -10,
  scale: 40,
  low: 2,
  high: 8,
  hysteresis: 0.5,
  delayMs: 10 * MINUTE,
};

// ---- the practice

const practiceZones = (base: Config): readonly ZoneConfig[] => [
  ...base.zones.map((zone) => (['fenetre', 'salle'].includes(zone.id) ? { ...zone, debounceMs: 20 } : zone)),
  zoneConfig('boucle', 'instant', { sensing: LOOP, debounceMs: 20 }),
  zoneConfig('couloir', 'interior', { pulseCount: 2, debounceMs: 20, notSeenDays: 2 }),
  zoneConfig('essai', 'instant', { soakDays: 1 }),
  zoneConfig('frigo', 'technical', { sensing: FRIDGE }),
  zoneConfig('pile', 'battery-low'),
  zoneConfig('sirene-defaut', 'siren-fault'),
  zoneConfig('cave', 'instant', { faultWhenArmed: 'report', swinger: 2 }),
  zoneConfig('service', 'entry-exit'),
];

const practiceArea = (change: Partial<AreaConfig>): AreaConfig =>
  areaConfig('cabinet', {
    openingConfirmMs: 5 * MINUTE,
    checklist: [{ id: 'toilettes', text: 'Toilettes vides' }],
    quietMs: 30 * SECOND,
    ...change,
  });

export const practiceSite = (change: Partial<AreaConfig> = {}): Site => {
  const base = practiceConfig();
  return siteOf({
    ...base,
    areas: [practiceArea(change)],
    zones: practiceZones(base),
    outputs: [
      ...base.outputs,
      outputConfig('voyant', { kind: 'armed-lamp', areas: ['cabinet'] }),
      outputConfig('flash', { kind: 'alarm-light', areas: ['cabinet'] }, { maxOnMs: 30 * MINUTE, minOffMs: 2 * SECOND }),
    ],
    users: [...base.users, userConfig('rempla', { validFrom: Date.parse('2026-03-03T00:00:00Z') })],
  });
};

// ---- the pharmacy

const DOORS: Config['doors'] = [
  doorConfig('livraison', 'livraison', 'livraison-gache', { name: 'Livraison', area: 'labo' }),
  doorConfig('stupefiants', 'stupefiants', undefined, {
    name: 'Stupéfiants',
    area: 'labo',
    openMs: 60 * SECOND,
    preAlarmMs: 0,
    silenceMs: 5 * MINUTE,
  }),
];

const within = (area: string, change: Partial<ZoneConfig> = {}): Partial<ZoneConfig> => ({ area, ...change });

const pharmacyZones = (): readonly ZoneConfig[] => {
  const zones = [
    zoneConfig('rideau', 'entry-exit', within('hall', { final: true, debounceMs: 20 })),
    zoneConfig('hall-radar', 'follower', within('hall')),
    zoneConfig('vitrine', 'instant', within('vente', { debounceMs: 50 })),
    zoneConfig('comptoir', 'interior', within('vente', { duty: true })),
    zoneConfig('guichet', 'entry-exit', within('vente', { duty: true, chime: true })),
    zoneConfig('porte-labo', 'entry-exit', within('labo', { final: true })),
    zoneConfig('radar-labo', 'interior', within('labo', { occupancy: true })),
    zoneConfig('livraison', 'exit-guard', within('labo', { confirmGroup: 'livraison' })),
    zoneConfig('livraison-gache', 'latch', within('labo', { confirmGroup: 'livraison' })),
    zoneConfig('stupefiants', '24h', within('labo', { accessKeypad: 'coffre' })),
    zoneConfig('boitier', 'tamper', within('hall')),
    zoneConfig('boucle-labo', 'instant', within('labo', { sensing: LOOP })),
    zoneConfig('panique', 'holdup-silent', within('vente', { bypassable: false })),
    zoneConfig('pedale', 'holdup-silent', within('labo', { bypassable: false })),
    zoneConfig('alerte', 'holdup-audible', within('vente', { bypassable: false })),
    zoneConfig('feu', 'fire-sense', within('hall', { bypassable: false })),
    zoneConfig('poussoir', 'push-to-set', within('labo')),
    zoneConfig('cle', 'keyswitch', within('labo', { keyswitch: { arms: true, disarms: false, mode: 'night' } })),
    zoneConfig('secteur', 'mains', within('hall')),
    zoneConfig('chargeur', 'charger-fault', within('hall')),
    zoneConfig('frigo', 'technical', within('labo', { sensing: FRIDGE })),
    zoneConfig('eau', 'technical', within('labo')),
  ];
  return zones.map((zone, index) => ({ ...zone, number: index + 1 }));
};

const pharmacyAreas = (): readonly AreaConfig[] => [
  areaConfig('vente', {
    openingConfirmMs: 5 * MINUTE,
    autoArm: {
      schedule: NIGHTS,
      mode: 'full',
      warningMs: 15 * MINUTE,
      postponeMs: 30 * MINUTE,
      postponements: 3,
      retryMs: 30 * MINUTE,
    },
  }),
  areaConfig('labo', { exitEnd: 'push-to-set', tamperReset: 'installer', quietMs: MINUTE, sirenCycles: 2 }),
  areaConfig('hall', { common: ['vente', 'labo'], exitEnd: 'final-door' }),
];

const ALL = ['vente', 'labo', 'hall'];

const pharmacyOutputs = (): readonly OutputConfig[] => [
  outputConfig('sirene-vente', { kind: 'siren', areas: ['vente', 'hall'], place: 'indoor' }, { maxOnMs: 3 * MINUTE }),
  outputConfig('sirene-rue', { kind: 'siren', areas: ALL, place: 'outdoor' }, { maxOnMs: 2 * MINUTE, minOffMs: 30 * SECOND }),
  outputConfig('ronfleur', { kind: 'sounder', doors: ['livraison', 'stupefiants'] }),
  outputConfig('bip', { kind: 'buzzer', keypads: ['entree', 'labo'] }),
  outputConfig('voyant', { kind: 'armed-lamp', areas: ALL }),
  outputConfig('flash', { kind: 'alarm-light', areas: ALL }, { maxOnMs: 30 * MINUTE, minOffMs: 2 * SECOND }),
];

const pharmacyUsers = (): Config['users'] => [
  userConfig('titulaire', { role: 'owner', areas: ALL }),
  userConfig('adjoint', { areas: ['vente', 'hall'] }),
  userConfig('preparateur', { areas: ['labo'], hours: DAYS }),
  userConfig('menage', { role: 'cleaner', areas: ALL, hours: DAYS }),
  userConfig('tech', { role: 'installer', areas: ALL }),
  userConfig('vigile', { role: 'guard', areas: ALL, oneShot: true }),
  userConfig('livreur', { role: 'delivery', areas: ['labo'] }),
  userConfig('stagiaire', { areas: ['vente'], validUntil: Date.parse('2026-03-04T00:00:00Z') }),
];

export const pharmacySite = (): Site => {
  const base = practiceConfig();
  return siteOf({
    ...base,
    site: 'officine-test',
    areas: pharmacyAreas(),
    zones: pharmacyZones(),
    doors: DOORS,
    outputs: pharmacyOutputs(),
    keypads: [
      keypadConfig('entree', { areas: ALL }),
      keypadConfig('labo', { areas: ['labo'] }),
      keypadConfig('rue', { areas: ['hall', 'vente'], place: 'outside' }),
      keypadConfig('coffre', { areas: [] }),
    ],
    users: pharmacyUsers(),
    supervision: { ...base.supervision, faultAlarmMs: 10 * SECOND, mainsDelayMs: 30 * MINUTE, testReportMs: 24 * HOUR },
    lockout: { tries: 4, windowMs: 15 * MINUTE, lockMs: 90 * SECOND },
  });
};

export const SITES = {
  practice: () => practiceSite(),
  'practice-final-door': () => practiceSite({ exitEnd: 'final-door', openingConfirmMs: undefined, checklist: [] }),
  'practice-immediate': () => practiceSite({ exitEnd: 'immediate', unvacated: 'full', tamperReset: 'installer', checklist: [] }),
  pharmacy: pharmacySite,
  locks: locksSite,
  airlock: airlockOfFour,
} as const;

export type SiteName = keyof typeof SITES;

const made = new Map<SiteName, Site>();

export const siteNamed = (name: SiteName): Site => {
  const site = made.get(name) ?? SITES[name]();
  made.set(name, site);
  return site;
};
