/**
 * Everything the controller knows. `durable` is on disk after every step that changes it; `volatile` is rebuilt from
 * the inputs after a restart. Lists run parallel to the config's lists: `durable.zones[3]` belongs to `config.zones[3]`.
 * State is never changed in place: a step makes new objects for what it changes and shares the rest.
 */
import type {
  AreaId,
  ArmMode,
  DoorId,
  KeypadId,
  Meaning,
  OperatorId,
  ScheduleWindow,
  UserConfig,
  UserId,
  ZoneId,
} from './config.ts';
import type { Blocker, Cause, Event, EventKind, Refusal } from './event.ts';
import type { ConditionKind, Request, Way } from './input.ts';
import type { DoorMode, DoorOutcome, DoorState, LockState, Passage, Release } from './doorState.ts';
import type { Monotonic, Wall } from './time.ts';

export type { DoorMode, DoorOutcome, DoorState, LockState, Passage, Release };

// ---- timers

export const DURABLE_TIMERS = [
  'exit',
  'exit-settle',
  'entry',
  'abort',
  'siren',
  'fault-tone',
  'opening-remind',
  'opening-confirm',
  'auto-arm-warn',
  'auto-arm',
  'door-pre-alarm',
  'door-held',
  'door-latch',
  'door-escalate',
  'door-silence',
  'door-sounder',
  'latch-check',
  'zone-fault-alarm',
  'zone-review',
  'technical',
  'swinger-rest',
  'supervise',
  'shunt',
  'not-seen',
  'walk-test',
  'exercise',
  'on-test',
  'installer',
  'lockout',
  'test-report',
  'holdup-window',
  'output-limit',
  'guard',
  'warm-up',
] as const;

/** Deadlines of a door's lock and of what is around it. */
export const LOCK_TIMERS = [
  'door-release',
  'door-relock',
  'door-permit',
  'door-drive',
  'door-exit-wait',
  'door-interlock',
  'door-second',
  'exit-stuck',
  'free-access',
] as const;

export const VOLATILE_TIMERS = ['debounce', 'chatter', 'notice', 'pending-choice', 'attempt', 'chime', ...LOCK_TIMERS] as const;

export type DurableTimerKind = (typeof DURABLE_TIMERS)[number];
export type VolatileTimerKind = (typeof VOLATILE_TIMERS)[number];
export type TimerKind = DurableTimerKind | VolatileTimerKind;

/** A deadline. One per (kind, subject); fired in order of (at, kind, subject). */
export type Timer<K extends TimerKind = TimerKind> = { readonly at: Monotonic; readonly kind: K; readonly subject: string };

// ---- areas

export type Who = { readonly user: UserId | undefined; readonly cause: Cause; readonly keypad: KeypadId | undefined };

export type Arming =
  | { readonly state: 'disarmed'; readonly since: Monotonic }
  | {
      readonly state: 'exiting';
      readonly since: Monotonic;
      readonly mode: ArmMode;
      readonly who: Who;
      /** A final or entry-exit door was opened since arming began. */
      readonly doorOpened: boolean;
      readonly restarted: boolean;
      /** Zones off the route that opened meanwhile. */
      readonly opened: readonly ZoneId[];
      /** What the person arming carried on over: not held against the area again at the end. */
      readonly overridden: readonly Blocker[];
    }
  | { readonly state: 'armed'; readonly since: Monotonic; readonly mode: ArmMode; readonly who: Who }
  | {
      readonly state: 'entering';
      readonly since: Monotonic;
      readonly mode: ArmMode;
      readonly who: Who;
      readonly armedSince: Monotonic;
      readonly zone: ZoneId;
      /** Exit error: the entry delay runs because the final door stayed open. */
      readonly exitError: boolean;
    };

/** What is remembered of one armed period, from arming to disarming. */
export type ArmedPeriod = {
  readonly armedAt: Monotonic;
  /** When the area was set, for *full ≥ 4 h*; wall time where it is known. */
  readonly armedWall: Wall;
  readonly mode: ArmMode;
  /** An entry door has opened: route zones no longer count, two off-route zones confirm. */
  readonly entryOpened: boolean;
  /** First unconfirmed alarm zones still inside the confirmation window, by independent group. */
  readonly unconfirmed: readonly { readonly zone: ZoneId; readonly group: string; readonly at: Monotonic }[];
  readonly confirmed: boolean;
  /** Alarms told to the centre and not cancelled. */
  readonly reported: boolean;
};

export type ActiveAlarm = {
  readonly kind: EventKind;
  readonly zone: ZoneId | undefined;
  readonly door: DoorId | undefined;
  readonly since: Monotonic;
};

export type MemoryEntry = {
  readonly kind: EventKind;
  readonly zone: ZoneId | undefined;
  readonly door: DoorId | undefined;
  readonly at: Wall;
  readonly cause: Cause | undefined;
  /** Tamper and fault memory is acknowledged by level 3 where the area says so. */
  readonly level: 2 | 3;
};

/** An alarm the centre is not told of yet. It is sent, as it was, when its hold ends. */
export type HeldAlarm = { readonly event: Event };

export type OpeningPending = {
  /** `deferred`: cleaner or guard opened, the first staff confirms. `answered` and `expired` look alike on site. */
  readonly phase: 'deferred' | 'pending' | 'answered' | 'expired';
  readonly since: Monotonic;
  readonly reminders: number;
  /** Duress or *not normal* was given: a later *normal* is never sent. */
  readonly spoiled: boolean;
};

export type AutoArmState = {
  /** The latest planned instant that fired: a clock step back never fires it again. */
  readonly firedUpTo: Wall;
  readonly postponed: number;
  /** Put off to then, by a person, by motion, or because the area was disarmed inside the hours. */
  readonly postponedUntil: Monotonic | undefined;
  /** The due that was warned of: the beginning of its hours (wall time), or the end of a postponement (running time). */
  readonly warnedFor: number | undefined;
  /** Not armed by the calendar before then, when that warning is over. */
  readonly warnedUntil: Monotonic | undefined;
  readonly late: boolean;
};

export type AreaState = {
  readonly arming: Arming;
  readonly period: ArmedPeriod | undefined;
  readonly alarms: readonly ActiveAlarm[];
  /** Sounding since; its end is the timer `siren`. `local`: indoor sounders only. */
  readonly siren: { readonly since: Monotonic; readonly reach: 'local' | 'full' } | undefined;
  /** Sirens started since the last arming or disarming. */
  readonly sirenCycles: number;
  /** Fault tone on the keypads since: an arming failed or a zone opened during exit. */
  readonly faultTone: Monotonic | undefined;
  readonly memory: readonly MemoryEntry[];
  readonly held: readonly HeldAlarm[];
  readonly opening: OpeningPending | undefined;
  readonly ticked: readonly string[];
  readonly autoArm: AutoArmState;
};

// ---- zones

export type Signal = 'normal' | 'active' | 'tamper' | 'masked' | 'fault' | 'unknown';

/** `signal`, `cause` and `since` are never stored: they are read again from the inputs after a restart. */
export type ZoneState = {
  /** What the area logic acts on, after conditioning. */
  readonly signal: Signal;
  readonly cause: Cause | undefined;
  readonly since: Monotonic;
  /** Last time the signal was or became active. */
  readonly lastActiveAt: Monotonic | undefined;
  readonly inhibited: boolean;
  readonly isolated: boolean;
  /** Left out by the controller until it closes (siren ended) or until disarm or 8 h of rest (swinger). */
  readonly omitted: 'no' | 'until-closed' | 'swinger';
  readonly alarmsThisPeriod: number;
  readonly inAlarm: boolean;
  readonly shunted: { readonly user: UserId } | undefined;
  /** Last activation of a zone with activity supervision, to the hour; running time, so that no clock step ages it. */
  readonly lastSeen: Monotonic | undefined;
  readonly notSeenReported: boolean;
  /** Until when a new detector only notes what it sees; running time, so that no clock ends it and no power cut does. */
  readonly soakUntil: Monotonic | undefined;
  /** Tested in the walk test that runs, or in the last one. */
  readonly walked: Wall | undefined;
  /** The fault that the centre knows of, so that its end is told once, also where a restart lies between. */
  readonly told: 'none' | 'fault' | 'masked';
  /** A wired fault while armed has raised its tamper alarm. */
  readonly faultAlarmed: boolean;
};

/** Conditioning of one line, rebuilt after a restart. */
export type LineState = {
  /** The level that was last stable long enough. `candidate`: what the line says now, not yet stable. */
  readonly reading: Signal;
  readonly candidate: Signal | undefined;
  readonly candidateCause: Cause | undefined;
  /** When the candidate level was observed. */
  readonly candidateSince: Monotonic | undefined;
  /** First edge since the line was last quiet. */
  readonly unstableSince: Monotonic | undefined;
  /** Never settled for `chatterMs`: a fault until it has been quiet as long. */
  readonly chattering: boolean;
  readonly activations: readonly Monotonic[];
  readonly shortPulses: number;
  readonly value: number | undefined;
  /** Momentary inputs act only on a change seen by this process: false until the first level is known. */
  readonly referenced: boolean;
};

// ---- doors, outputs, people

/** What an output's own limits need to know; an output without limits keeps none of it but `limitAt`. */
export type OutputState = {
  readonly on: boolean;
  readonly lastOnAt: Monotonic | undefined;
  readonly lastOffAt: Monotonic | undefined;
  /** Where the timer `output-limit` stands, so that a quiet step need not look for it. */
  readonly limitAt: Monotonic | undefined;
};

export type LockoutCounter = {
  readonly failures: readonly Monotonic[];
  readonly lockedUntil: Monotonic | undefined;
  readonly locked: boolean;
};

export type PeopleState = {
  /** People added or changed while running: they go before the site's file. */
  readonly roster: readonly UserConfig[];
  readonly revoked: readonly UserId[];
  readonly revokedOperators: readonly OperatorId[];
  readonly passages: readonly Passage[];
  /** Unlocks from afar within the last hour. */
  readonly remoteUnlocks: readonly { readonly operator: OperatorId; readonly at: Monotonic }[];

  /** Outside keypads, page and MQTT together. */
  readonly shared: LockoutCounter;
  /** Each inside keypad, by its place in the config. */
  readonly keypads: readonly LockoutCounter[];
  readonly usedUp: readonly UserId[];
  readonly installerUntil: Monotonic | undefined;
};

export type Condition = {
  readonly condition: ConditionKind;
  readonly subject: string;
  readonly since: Wall;
};

export type SiteState = {
  readonly exercise: { readonly by: UserId | undefined } | undefined;
  readonly walkTest: { readonly by: UserId | undefined; readonly zones: readonly ZoneId[] } | undefined;
  readonly onTest: { readonly by: UserId | undefined } | undefined;
  /** Hold-up devices and duress codes within the window, for `holdup-verified`. */
  readonly holdups: readonly { readonly source: string; readonly at: Monotonic }[];
  readonly holdupVerified: boolean;
  readonly reportedSupplies: readonly ZoneId[];
  readonly firstStart: Wall | undefined;
  /** Fire mutes sirens and sounders while active. */
  readonly fireActive: readonly ZoneId[];
  readonly warmUpUntil: Monotonic | undefined;
};

export type Clock = {
  /** Wall = running time + offset. */
  readonly offsetMs: number;
  readonly synchronised: boolean;
  /** Wall time never starts below the last stored. */
  readonly highWater: Wall;
  /** Latest wall time known from a synchronised clock: what an unsynchronised clock made of `highWater` yields to it. */
  readonly trusted: Wall;
};

export type Durable = {
  readonly schema: 1;
  readonly areas: readonly AreaState[];
  readonly zones: readonly ZoneState[];
  readonly doors: readonly DoorState[];
  readonly outputs: readonly OutputState[];
  readonly people: PeopleState;
  readonly conditions: readonly Condition[];
  readonly site: SiteState;
  readonly clock: Clock;
  readonly timers: readonly Timer<DurableTimerKind>[];
};

// ---- volatile

/** What a keypad shows beside the state of its areas: the answer to the last request. Never anything covert. */
export type Notice =
  | { readonly kind: 'door'; readonly door: DoorId; readonly outcome: DoorOutcome }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly blockers: readonly Blocker[] }
  | { readonly kind: 'accepted'; readonly verb: Request['verb'] }
  | { readonly kind: 'choose'; readonly areas: readonly AreaId[] }
  | { readonly kind: 'arm-failed'; readonly zones: readonly ZoneId[] }
  | { readonly kind: 'remind-opening' };

export type KeypadState = {
  readonly notice: Notice | undefined;
  readonly noticeSince: Monotonic | undefined;
  /** A request waiting for the person to say which area. */
  readonly choosing:
    | { readonly request: Request; readonly user: UserId; readonly meaning: Meaning; readonly areas: readonly AreaId[] }
    | undefined;
  readonly chimeSince: Monotonic | undefined;
  /** Badge shown at this keypad, for badge-and-code. */
  readonly badge: { readonly user: UserId; readonly at: Monotonic } | undefined;
};

export type PendingAttempt = {
  readonly attempt: number;
  readonly way: Way;
  readonly keyedAt: Monotonic;
  /** The way was locked out when the code was typed. */
  readonly locked: boolean;
};

export type Volatile = {
  readonly lines: readonly LineState[];
  /** Parallel to the config's doors. */
  readonly locks: readonly LockState[];
  readonly keypads: readonly KeypadState[];
  readonly attempts: readonly PendingAttempt[];
  readonly windows: readonly ScheduleWindow[];
  readonly windowsUntil: Wall | undefined;
  readonly timers: readonly Timer<VolatileTimerKind>[];
};

export type State = {
  /** Time of the last step. */
  readonly at: Monotonic;
  readonly durable: Durable;
  readonly volatile: Volatile;
};
