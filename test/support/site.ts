/** A small practice for the core's tests: one of each kind of zone, short to name, all defaults as in the field. */
import type {
  AreaConfig,
  BlockerKind,
  BlockerPolicy,
  Config,
  DoorConfig,
  KeypadConfig,
  OutputConfig,
  UserConfig,
  ZoneConfig,
  ZoneType,
} from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts';

const BLOCKERS: Readonly<Record<BlockerKind, BlockerPolicy>> = {
  'zone-open': 'inhibit',
  'latch-open': 'inhibit',
  tamper: 'inhibit',
  fault: 'inhibit',
  masked: 'inhibit',
  'battery-low': 'override',
  'mains-lost': 'override',
  'no-path': 'override',
  'door-held': 'override',
  'room-not-quiet': 'override',
  checklist: 'override',
  memory: 'override',
};

export const areaConfig = (id: string, change: Partial<AreaConfig> = {}): AreaConfig => ({
  id,
  name: id,
  common: [],
  exitEnd: 'timed',
  exitDelayMs: MINUTE,
  entryDelayMs: 30 * SECOND,
  abortMs: 30 * SECOND,
  confirmationMs: 30 * MINUTE,
  sirenMs: 3 * MINUTE,
  sirenCycles: 3,
  quietMs: 5 * MINUTE,
  unvacated: 'partial',
  openingConfirmMs: undefined,
  checklist: [],
  blockers: BLOCKERS,
  autoArm: undefined,
  tamperReset: 'user',
  ...change,
});

let nextNumber = 1;

export const zoneConfig = (id: string, type: ZoneType, change: Partial<ZoneConfig> = {}): ZoneConfig => ({
  id,
  number: nextNumber++,
  name: id,
  area: 'cabinet',
  type,
  line: `line-${id}`,
  sensing: { kind: 'digital', activeLevel: 1 },
  debounceMs: 0,
  pulseCount: 1,
  pulseWindowMs: 10 * SECOND,
  chime: false,
  bypassable: true,
  duty: false,
  occupancy: false,
  final: false,
  soakDays: 0,
  swinger: 3,
  notSeenDays: 0,
  confirmGroup: id,
  faultWhenArmed: 'alarm',
  accessKeypad: undefined,
  keyswitch: undefined,
  ...change,
});

export const userConfig = (id: string, change: Partial<UserConfig> = {}): UserConfig => ({
  id,
  name: id,
  role: 'staff',
  areas: ['cabinet'],
  doors: [],
  extendedTimes: false,
  validFrom: undefined,
  validUntil: undefined,
  hours: undefined,
  oneShot: false,
  ...change,
});

/** A secondary exit: neither lock nor access. */
export const doorConfig = (
  id: string,
  contact: string,
  latch: string | undefined,
  change: Partial<DoorConfig> = {},
): DoorConfig => ({
  id,
  name: id,
  kind: 'door',
  area: 'cabinet',
  contact,
  latch,
  lock: undefined,
  egress: undefined,
  access: undefined,
  exitRequest: undefined,
  permits: [],
  requests: [],
  bells: [],
  greenBox: undefined,
  interlock: undefined,
  remote: false,
  openMs: 30 * SECOND,
  preAlarmMs: 10 * SECOND,
  escalateMs: MINUTE,
  latchMs: 3 * SECOND,
  silenceMs: 10 * MINUTE,
  ...change,
});

export const outputConfig = (id: string, role: OutputConfig['role'], change: Partial<OutputConfig> = {}): OutputConfig => ({
  id,
  name: id,
  line: `line-${id}`,
  role,
  restLevel: 0,
  maxOnMs: undefined,
  minOffMs: 0,
  onCrash: 'rest',
  ...change,
});

export const keypadConfig = (id: string, change: Partial<KeypadConfig> = {}): KeypadConfig => ({
  id,
  name: id,
  areas: ['cabinet'],
  place: 'inside',
  ...change,
});

/** `porte` entry-exit, `hall` follower, `fenetre` instant, `salle` interior, and one zone of each other kind. */
export const practiceConfig = (change: Partial<Config> = {}): Config => {
  nextNumber = 1;
  return {
    site: 'cabinet-test',
    name: 'Cabinet',
    timezone: 'Europe/Paris',
    areas: [areaConfig('cabinet')],
    zones: [
      zoneConfig('porte', 'entry-exit', { final: true, chime: true }),
      zoneConfig('hall', 'follower'),
      zoneConfig('fenetre', 'instant'),
      zoneConfig('salle', 'interior', { duty: true }),
      zoneConfig('bureau', 'interior', { occupancy: true }),
      zoneConfig('capot', 'tamper'),
      zoneConfig('armoire', '24h', { accessKeypad: 'armoire' }),
      zoneConfig('panique', 'holdup-silent', { bypassable: false }),
      zoneConfig('agression', 'holdup-audible', { bypassable: false }),
      zoneConfig('fuite', 'technical'),
      zoneConfig('feu', 'fire-sense'),
      zoneConfig('cle', 'keyswitch', { keyswitch: { arms: true, disarms: true, mode: 'full' } }),
      zoneConfig('pousser', 'push-to-set'),
      zoneConfig('secteur', 'mains'),
      zoneConfig('cour', 'exit-guard', { confirmGroup: 'cour' }),
      zoneConfig('cour-gache', 'latch', { confirmGroup: 'cour' }),
    ],
    doors: [doorConfig('cour', 'cour', 'cour-gache', { name: 'Porte cour' })],
    outputs: [
      {
        id: 'sirene-int',
        name: 'Sirène',
        line: 'out-1',
        role: { kind: 'siren', areas: ['cabinet'], place: 'indoor' },
        restLevel: 0,
        maxOnMs: 3 * MINUTE,
        minOffMs: 0,
        onCrash: 'rest',
      },
      {
        id: 'sirene-ext',
        name: 'Sirène',
        line: 'out-2',
        role: { kind: 'siren', areas: ['cabinet'], place: 'outdoor' },
        restLevel: 0,
        maxOnMs: 3 * MINUTE,
        minOffMs: 0,
        onCrash: 'rest',
      },
      {
        id: 'ronfleur',
        name: 'Ronfleur',
        line: 'out-3',
        role: { kind: 'sounder', doors: ['cour'] },
        restLevel: 0,
        maxOnMs: undefined,
        minOffMs: 0,
        onCrash: 'rest',
      },
      {
        id: 'bip',
        name: 'Bip',
        line: 'out-4',
        role: { kind: 'buzzer', keypads: ['entree'] },
        restLevel: 0,
        maxOnMs: undefined,
        minOffMs: 0,
        onCrash: 'rest',
      },
    ],
    keypads: [keypadConfig('entree'), keypadConfig('dehors', { place: 'outside' }), keypadConfig('armoire', { areas: [] })],
    users: [
      userConfig('claire'),
      userConfig('doc', { role: 'owner' }),
      userConfig('tech', { role: 'installer' }),
      userConfig('menage', { role: 'cleaner' }),
      userConfig('garde', { role: 'guard', oneShot: true }),
    ],
    operators: [],
    supervision: {
      mainsDelayMs: 30 * MINUTE,
      batteryDelayMs: 10 * SECOND,
      testReportMs: DAY,
      faultAlarmMs: 10 * SECOND,
      warmUpMs: MINUTE,
      holdupWindowMs: 8 * HOUR,
      chatterMs: SECOND,
    },
    lockout: { tries: 10, windowMs: 15 * MINUTE, lockMs: 90 * SECOND },
    ...change,
  };
};

export const practice = (change: Partial<Config> = {}): Site => siteOf(practiceConfig(change));
