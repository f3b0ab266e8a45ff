/**
 * What happened, as the journal keeps it and the centre hears it. The set of kinds is closed: how each is numbered,
 * classed and coded for the centre stands in one table, src/protocol/eventCodes.ts.
 */
import type { AreaId, ArmMode, BlockerKind, DoorId, KeypadId, OperatorId, OutputId, UserId, ZoneId } from './config.ts';
import type { Monotonic, Wall } from './time.ts';

export const EVENT_KINDS = [
  // intrusion
  'intrusion',
  'intrusion-confirmed',
  'intrusion-restored',
  'exit-error',
  'alarm-cancelled',
  'alarm-held',
  'alarm-aborted',
  'alarm-24h',
  'alarm-24h-restored',
  // people under threat
  'holdup-silent',
  'holdup-audible',
  'holdup-verified',
  'holdup-restored',
  'duress',
  // tamper, technical, fire
  'tamper',
  'tamper-restored',
  'technical',
  'technical-restored',
  'fire',
  'fire-restored',
  // secondary exits
  'door-left-open',
  'door-left-open-restored',
  'door-not-latched',
  'door-not-latched-restored',
  'door-silenced',
  'latch-fault',
  'latch-fault-restored',
  // doors that lock
  'door-forced',
  'door-forced-restored',
  'lock-fault',
  'lock-fault-restored',
  'interlock-timeout',
  'interlock-restored',
  'interlock-overridden',
  'egress-released',
  'egress-restored',
  'egress-acknowledged',
  'exit-request-stuck',
  'exit-request-restored',
  'access-granted',
  'access-refused',
  'access-used',
  'access-not-used',
  'access-ended',
  'exit-requested',
  'anti-passback',
  'free-access-started',
  'free-access-ended',
  'door-mode-changed',
  'released-pending',
  'released-pending-ended',
  'bell',
  // opening and closing
  'armed',
  'disarmed',
  'arm-requested',
  'arm-refused',
  'arm-cancelled',
  'arm-failed',
  'arm-overridden',
  'unvacated',
  'exit-restarted',
  'entry-started',
  'auto-arm-warned',
  'auto-arm-postponed',
  'late-to-arm',
  'opening-normal',
  'opening-not-normal',
  'opening-not-confirmed',
  'memory-acknowledged',
  'checklist-ticked',
  // zones left out and watched
  'inhibited',
  'inhibit-ended',
  'isolated',
  'isolation-ended',
  'omitted',
  'reincluded',
  'swinger',
  'soak-activation',
  'not-seen',
  'seen-again',
  'zone-fault',
  'zone-fault-restored',
  'zone-masked',
  'zone-masked-restored',
  'shunted',
  'shunt-ended',
  'chime',
  'short-pulses',
  // people and codes
  'lockout',
  'lockout-ended',
  'code-refused',
  'installer-allowed',
  'installer-access-ended',
  'person-added',
  'person-changed',
  'person-revoked',
  'operator-revoked',
  // tests
  'walk-test-started',
  'walk-test-zone',
  'walk-test-ended',
  'exercise-started',
  'exercise-ended',
  'on-test-started',
  'on-test-ended',
  'test-report',
  // supervision
  'mains-lost',
  'mains-restored',
  'battery-low',
  'battery-restored',
  'charger-fault',
  'charger-restored',
  'siren-fault',
  'siren-restored',
  'output-fault',
  'output-restored',
  'reader-offline',
  'reader-restored',
  'path-failed',
  'path-restored',
  'all-paths-failed',
  'all-paths-restored',
  'clock-not-set',
  'clock-synchronised',
  'clock-set',
  'disk-nearly-full',
  'disk-restored',
  'storage-failed',
  'storage-restored',
  'store-rolled-back',
  'state-lost',
  'config-changed',
  'config-rejected',
  'config-accepted',
  'restarted',
  'stopped',
  'internal-fault',
  'bare-mode',
  'input-overflow',
  'substitution-suspected',
  'substitution-cleared',
  'centre-refused-message',
  'acknowledgement-refused',
  'command-refused',
  'messages-dropped',
  'dropped',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

export type Cause =
  | 'zone'
  | 'entry-expired'
  | 'exit-error'
  | 'open-at-restart'
  | 'chatter'
  | 'loop-open'
  | 'loop-short'
  | 'out-of-band'
  | 'line-lost'
  | 'too-high'
  | 'too-low'
  | 'sensor-lost'
  | 'fault-while-armed'
  | 'masked-while-armed'
  | 'duress'
  | 'second-device'
  | 'keypad'
  | 'page'
  | 'keyswitch'
  | 'remote'
  | 'schedule'
  | 'restart'
  | 'arming'
  | 'time-out'
  | 'user'
  | 'siren-ended'
  | 'badge'
  | 'interphone'
  | 'exit-request'
  | 'hatch'
  | 'green-box'
  | 'fire'
  | 'unlock-failed'
  | 'lock-failed'
  | 'bolt-forced'
  | 'zone-closed'
  | 'swinger';

/** Real whatever is being exercised: nobody at the centre may take a threat to a person for a drill. */
export const NEVER_EXERCISE: ReadonlySet<EventKind> = new Set<EventKind>([
  'holdup-silent',
  'holdup-audible',
  'holdup-verified',
  'holdup-restored',
  'duress',
  'fire',
  'fire-restored',
  'opening-not-normal',
  'opening-not-confirmed',
]);

/** Why arming is refused: one entry for each thing in the way, each something that a person can act on. */
export type Blocker = {
  readonly kind: BlockerKind;
  readonly zone?: ZoneId;
  readonly door?: DoorId;
  readonly item?: string;
};

/** Why a person is refused. */
export type Refusal =
  | 'unknown-code'
  | 'locked-out'
  | 'not-yet-valid'
  | 'expired'
  | 'out-of-hours'
  | 'clock-not-set'
  | 'not-your-area'
  | 'not-your-role'
  | 'used-up'
  | 'blocked'
  | 'not-armed'
  | 'already-armed'
  | 'nothing-to-do'
  | 'no-such-zone'
  | 'zone-not-bypassable'
  | 'choose-area'
  | 'installer-not-allowed'
  | 'badge-and-code'
  | 'area-armed'
  | 'storage-failed'
  | 'too-many-postponements'
  | 'not-your-door'
  | 'no-such-door'
  | 'no-lock'
  | 'button-only'
  | 'cannot-stand-open'
  | 'door-blocked'
  | 'door-locked-down'
  | 'interlock-busy'
  | 'second-person'
  | 'badge-only'
  | 'code-only'
  | 'not-remote'
  | 'too-many-unlocks'
  | 'unknown-operator';

export type Event = {
  readonly kind: EventKind;
  readonly at: Wall;
  readonly atQuality: 'synchronised' | 'unsynchronised';
  readonly mono: Monotonic;
  readonly exercise: boolean;
  readonly area?: AreaId;
  readonly zone?: ZoneId;
  readonly door?: DoorId;
  readonly output?: OutputId;
  readonly keypad?: KeypadId;
  readonly user?: UserId;
  readonly operator?: OperatorId;
  /** The command from afar that asked for it. */
  readonly command?: string;
  readonly mode?: ArmMode;
  readonly cause?: Cause;
  readonly confirmed?: boolean;
  readonly recentClosing?: boolean;
  readonly reason?: Refusal;
  readonly blockers?: readonly Blocker[];
  readonly zones?: readonly ZoneId[];
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
};

/** What a caller says of an event; the frame adds the clocks and the exercise flag. */
export type EventFacts = Omit<Event, 'kind' | 'at' | 'atQuality' | 'mono' | 'exercise'> & { readonly at?: Wall };

/** The two ways out to the centre, each with its own contiguous numbers and its own order. */
export const LANES = ['alarm', 'event'] as const;
export type Lane = (typeof LANES)[number];

/** Numbered from 1 within an epoch, without gaps; 0: nothing yet. */
export type LaneHeads = Readonly<Record<Lane, number>>;
