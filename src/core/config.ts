/**
 * What a site is made of, as the core reads it: already checked, with every default filled in.
 * Terms are those of docs/behaviour: area (partition), zone (one detection input in one area), door, output, user.
 * All times are milliseconds.
 */

export type AreaId = string;
export type ZoneId = string;
export type DoorId = string;
export type OutputId = string;
export type KeypadId = string;
export type UserId = string;
export type LineId = string;
export type ScheduleId = string;
export type OperatorId = string;

/** `partial` leaves interior zones out; `night` (duty) leaves zones marked `duty` out and makes entry zones instant. */
export type ArmMode = 'full' | 'partial' | 'night';
export type ExitEnd = 'timed' | 'final-door' | 'push-to-set' | 'immediate';

export type BlockerKind =
  | 'zone-open'
  | 'latch-open'
  | 'tamper'
  | 'fault'
  | 'masked'
  | 'battery-low'
  | 'mains-lost'
  | 'no-path'
  | 'door-held'
  | 'room-not-quiet'
  | 'checklist'
  | 'memory';

/** What a person who may arm can do about a blocker: carry on over it, leave the zone out by name, or nothing. */
export type BlockerPolicy = 'override' | 'inhibit' | 'forbid';

export type ChecklistItem = { readonly id: string; readonly text: string };

export type AutoArmConfig = {
  /** The schedule whose windows are the hours the area should be armed. */
  readonly schedule: ScheduleId;
  readonly mode: ArmMode;
  readonly warningMs: number;
  readonly postponeMs: number;
  readonly postponements: number;
  readonly retryMs: number;
};

export type AreaConfig = {
  readonly id: AreaId;
  readonly name: string;
  /** Members, when this is a common area: it arms with its last member and disarms with its first. */
  readonly common: readonly AreaId[];
  readonly exitEnd: ExitEnd;
  /** 45 000–255 000, default 60 000. */
  readonly exitDelayMs: number;
  /** At most 45 000, default 30 000. */
  readonly entryDelayMs: number;
  /** How long the centre is not told of an entry that timed out: 15 000–45 000, default 30 000. */
  readonly abortMs: number;
  /** Window in which a second independent zone confirms: 30–60 min, default 30 min. */
  readonly confirmationMs: number;
  /** At most 180 000 outdoors. */
  readonly sirenMs: number;
  readonly sirenCycles: number;
  /** Motion within this time in an `occupancy` zone blocks arming; default 5 min. */
  readonly quietMs: number;
  /** What a timed exit through no door becomes. */
  readonly unvacated: 'full' | 'partial';
  /** Present where an opening must be confirmed *normal*. */
  readonly openingConfirmMs: number | undefined;
  readonly checklist: readonly ChecklistItem[];
  readonly blockers: Readonly<Record<BlockerKind, BlockerPolicy>>;
  readonly autoArm: AutoArmConfig | undefined;
  /** Who acknowledges tamper and fault memory. */
  readonly tamperReset: 'user' | 'installer';
};

export type ZoneType =
  | 'entry-exit'
  | 'follower'
  | 'instant'
  | 'interior'
  | 'tamper'
  | '24h'
  | 'holdup-silent'
  | 'holdup-audible'
  | 'exit-guard'
  | 'latch'
  | 'technical'
  | 'keyswitch'
  | 'push-to-set'
  | 'exit-request'
  | 'door-request'
  | 'door-permit'
  | 'bell'
  | 'bolt'
  | 'green-box'
  | 'fire-sense'
  | 'mains'
  | 'battery-low'
  | 'charger-fault'
  | 'siren-fault';

/** A supervised loop's band, as a ratio of the supply (0–1). */
export type Band = { readonly from: number; readonly to: number; readonly signal: 'normal' | 'active' | 'tamper' | 'masked' };

/** How a physical reading becomes a signal. */
export type Sensing =
  /** `activeLevel` is the physical level of an active (open) loop: 1 for a normally closed contact with pull-up. */
  | { readonly kind: 'digital'; readonly activeLevel: 0 | 1 }
  | { readonly kind: 'loop'; readonly bands: readonly Band[] }
  /** A measurement: value = offset + ratio × scale, in `unit`, active outside low..high for `delayMs`. */
  | {
      readonly kind: 'measure';
      readonly unit: string;
      readonly offset: number;
      readonly scale: number;
      readonly low: number;
      readonly high: number;
      /** How far back inside the limits counts as restored. */
      readonly hysteresis: number;
      readonly delayMs: number;
    };

export type ZoneConfig = {
  readonly id: ZoneId;
  /** What staff type to name it on a keypad: 1–999, unique. */
  readonly number: number;
  readonly name: string;
  readonly area: AreaId;
  readonly type: ZoneType;
  readonly line: LineId;
  readonly sensing: Sensing;
  /** 0–1000, default 20. */
  readonly debounceMs: number;
  readonly pulseCount: number;
  readonly pulseWindowMs: number;
  readonly chime: boolean;
  readonly bypassable: boolean;
  readonly duty: boolean;
  readonly occupancy: boolean;
  /** The exit route's last door. */
  readonly final: boolean;
  /** 0: not in soak. Otherwise days from the first start in which activations are logged only. */
  readonly soakDays: number;
  /** Alarms per armed period before the zone is left out; 0 switches it off. */
  readonly swinger: number;
  /** Days without activation before it is reported; 0: not supervised. */
  readonly notSeenDays: number;
  readonly confirmGroup: string;
  readonly faultWhenArmed: 'alarm' | 'report';
  /** 24h zones: the keypad where badge-and-code shunts it; key switch: what it may do. */
  readonly accessKeypad: KeypadId | undefined;
  readonly keyswitch: { readonly arms: boolean; readonly disarms: boolean; readonly mode: ArmMode } | undefined;
};

/**
 * - `strike-fail-secure`: energised to open (*gâche à émission*).
 * - `strike-fail-safe`: energised to hold (*gâche à rupture*).
 * - `strike-latching`: one pulse stays released until the door has opened (*à contact stationnaire*): no timer locks it again.
 * - `maglock`: energised to hold (*ventouse*).
 * - `motor`: driven each way, by its own feedback (*serrure motorisée*).
 */
export type LockKind = 'strike-fail-secure' | 'strike-fail-safe' | 'strike-latching' | 'maglock' | 'motor';

export type LockConfig = {
  readonly kind: LockKind;
  /** Released and never opened: locked again after this. 1 000–60 000, default 5 000. */
  readonly releaseMs: number;
  /** From opening, or from closing, to locked again: default 500. */
  readonly relockDelayMs: number;
  readonly relockOn: 'open' | 'close';
  /** Added to `releaseMs` and to the door's `openMs` for people who need longer: default 10 000. */
  readonly extendedMs: number;
  /** Latching strike: length of the pulse, default 500. Motor: the longest run one way, default 5 000. */
  readonly driveMs: number;
  /** Zone of type `bolt` that tells when the bolt is withdrawn. */
  readonly bolt: ZoneId | undefined;
};

/** What opens a door from its outside, and by whom. */
export type AccessConfig = {
  /** Readers and keypads on the way in, and on the way out. */
  readonly entry: readonly KeypadId[];
  readonly exit: readonly KeypadId[];
  /** `both`: the person's own badge, then the code. */
  readonly credential: 'code' | 'badge' | 'either' | 'both';
  /** Two different people, one after the other. */
  readonly persons: 1 | 2;
  /** Going in twice without going out within this time is told (soft: nobody is refused); undefined: not watched. */
  readonly antiPassbackMs: number | undefined;
  /** Hours in which the door stands unlocked, once the first of staff is in where it says so. */
  readonly freeAccess: { readonly schedule: ScheduleId; readonly firstPersonIn: boolean } | undefined;
};

/** The duty hatch (*guichet de garde*) opens while its area is set, by its inside button. Safe and cupboard never from afar. */
export type DoorKind = 'door' | 'hatch' | 'store' | 'cupboard' | 'safe';

/**
 * A leaf with its contact, each input of it a zone: the latch at the bottom of its strike, request to exit, interphone … A
 * secondary exit has neither lock nor access.
 */
export type DoorConfig = {
  readonly id: DoorId;
  readonly name: string;
  readonly kind: DoorKind;
  readonly area: AreaId;
  readonly contact: ZoneId;
  readonly latch: ZoneId | undefined;
  readonly lock: LockConfig | undefined;
  /** How people get out whatever the software does; a door that locks has one. */
  readonly egress: 'handle' | 'hardware-release' | undefined;
  readonly access: AccessConfig | undefined;
  /** Zone of type `exit-request`; `release` unlocks, `permit` only says that the opening is no break-in. */
  readonly exitRequest: { readonly zone: ZoneId; readonly action: 'release' | 'permit' } | undefined;
  /** Zones of type `door-permit`: handle contact, key contact. */
  readonly permits: readonly ZoneId[];
  /** Zones of type `door-request`: interphone relay, desk button. */
  readonly requests: readonly ZoneId[];
  /** Zones of type `bell`. */
  readonly bells: readonly ZoneId[];
  /** Zone of type `green-box`: the emergency release of this door. */
  readonly greenBox: ZoneId | undefined;
  /** Doors of one group: never two of them open or released (*sas*). */
  readonly interlock: string | undefined;
  /** May be opened by an operator from afar. */
  readonly remote: boolean;
  /** Leaf open this long is *held*: default 30 000. */
  readonly openMs: number;
  /** Warning before it: default 10 000. */
  readonly preAlarmMs: number;
  /** Sounder alone this long, then the centre: default 60 000. */
  readonly escalateMs: number;
  /** From closed to engaged: default 3 000; later is *ajar*. */
  readonly latchMs: number;
  /** Longest silence a user can ask for: default 10 min. */
  readonly silenceMs: number;
};

export type OutputRole =
  | { readonly kind: 'siren'; readonly areas: readonly AreaId[]; readonly place: 'indoor' | 'outdoor' }
  | { readonly kind: 'sounder'; readonly doors: readonly DoorId[] }
  | { readonly kind: 'buzzer'; readonly keypads: readonly KeypadId[] }
  | { readonly kind: 'armed-lamp'; readonly areas: readonly AreaId[] }
  | { readonly kind: 'alarm-light'; readonly areas: readonly AreaId[] }
  /** `drive`: which way it turns a motor; undefined for any other lock, whose kind says what energised means. */
  | { readonly kind: 'lock'; readonly door: DoorId; readonly drive: 'open' | 'close' | undefined };

export type OutputConfig = {
  readonly id: OutputId;
  readonly name: string;
  readonly line: LineId;
  readonly role: OutputRole;
  /** Physical level of *off*: 0 for an active-high relay. */
  readonly restLevel: 0 | 1;
  /** Longest time on; undefined: no limit. Outdoor sirens at most 180 000. */
  readonly maxOnMs: number | undefined;
  readonly minOffMs: number;
  readonly onCrash: 'hold' | 'rest';
};

export type KeypadConfig = {
  readonly id: KeypadId;
  readonly name: string;
  readonly areas: readonly AreaId[];
  /** Outside readers share one lockout counter; an inside keypad has its own. */
  readonly place: 'inside' | 'outside';
};

export type Role = 'owner' | 'staff' | 'cleaner' | 'delivery' | 'installer' | 'guard';

/** What a credential says beside who it is. The digest itself never enters the core. */
export type Meaning = 'normal' | 'duress' | 'not-normal';

export type UserConfig = {
  readonly id: UserId;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly AreaId[];
  readonly doors: readonly DoorId[];
  /** Doors stay released and may stay open longer for this person. */
  readonly extendedTimes: boolean;
  readonly validFrom: number | undefined;
  readonly validUntil: number | undefined;
  /** Schedule of the hours in which the person's codes serve; undefined: always. */
  readonly hours: ScheduleId | undefined;
  /** Used once, then done (guard). */
  readonly oneShot: boolean;
};

/** Somebody who may open doors from afar. The key that proves it never enters the core. */
export type OperatorConfig = {
  readonly id: OperatorId;
  readonly name: string;
  readonly doors: readonly DoorId[];
  readonly hours: ScheduleId | undefined;
  /** Unlocks within any hour: 1–60, default 6. */
  readonly perHour: number;
};

export type SupervisionConfig = {
  /** Mains must be away this long to be reported: default 30 min. */
  readonly mainsDelayMs: number;
  readonly batteryDelayMs: number;
  /** Between periodic test reports: default 24 h. */
  readonly testReportMs: number;
  readonly faultAlarmMs: number;
  readonly warmUpMs: number;
  readonly holdupWindowMs: number;
  readonly chatterMs: number;
};

export type LockoutConfig = { readonly tries: number; readonly windowMs: number; readonly lockMs: number };

export type Config = {
  readonly site: string;
  readonly name: string;
  readonly timezone: string;
  readonly areas: readonly AreaConfig[];
  readonly zones: readonly ZoneConfig[];
  readonly doors: readonly DoorConfig[];
  readonly outputs: readonly OutputConfig[];
  readonly keypads: readonly KeypadConfig[];
  readonly users: readonly UserConfig[];
  readonly operators: readonly OperatorConfig[];
  readonly supervision: SupervisionConfig;
  readonly lockout: LockoutConfig;
};

export type ScheduleWindow = { readonly schedule: ScheduleId; readonly from: number; readonly to: number };
