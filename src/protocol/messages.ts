/**
 * The messages between a site and the monitoring centre, version 1. Each type stands beside its schema, which is both
 * the check of what comes in and the published JSON Schema. Instants are ISO 8601 UTC with milliseconds.
 */
import { EVENT_KINDS, LANES } from '../core/event.ts';
import type { Blocker, Cause, EventKind, Lane, Refusal } from '../core/event.ts';
import type { ArmMode, BlockerKind } from '../core/config.ts';
import type { ConditionKind } from '../core/input.ts';
import type { Signal } from '../core/state.ts';
import { ALARM_CLASSES, EVENT_CATEGORIES, PHASES } from './classes.ts';
import type { EventClass, Phase } from './classes.ts';
import { constant, either, facts, flag, integer, list, object, oneOf, optional, text } from './schema.ts';
import type { Schema } from './schema.ts';

/** Largest payload in bytes, in either direction. */
export const MAX_PAYLOAD_BYTES = 16 * 1024;

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const INSTANT_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const v1 = constant(1);
const id = text({ pattern: ID_PATTERN, max: 64 });
const instant = text({ pattern: INSTANT_PATTERN, max: 24 });
const quality = oneOf(['synchronised', 'unsynchronised']);
const lane = oneOf(LANES);
/** Name of an event kind, cause or reason: a newer controller may know more of them than this receiver. */
const word = text({ pattern: /^[a-z0-9][a-z0-9-]{0,47}$/, max: 48 });

/** Open word lists: a receiver keeps what it does not know instead of refusing an alarm from a newer controller. */
const open = <T extends string>(): Schema<T> => ({ json: word.json, accepts: (value): value is T => word.accepts(value) });

// ---- events

export type EventMessage = {
  readonly v: 1;
  readonly site: string;
  readonly epoch: string;
  readonly boot: number;
  readonly lane: Lane;
  readonly seq: number;
  readonly kind: EventKind;
  readonly class: EventClass;
  readonly phase: Phase;
  /** 0 (kept for the record) to 9 (a person is threatened). */
  readonly priority: number;
  readonly at: string;
  readonly atQuality: 'synchronised' | 'unsynchronised';
  readonly exercise: boolean;
  readonly area?: string;
  readonly zone?: string;
  readonly door?: string;
  readonly output?: string;
  readonly keypad?: string;
  readonly user?: string;
  readonly mode?: ArmMode;
  readonly cause?: Cause;
  readonly confirmed?: boolean;
  readonly recentClosing?: boolean;
  readonly reason?: Refusal;
  readonly blockers?: readonly Blocker[];
  readonly zones?: readonly string[];
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** SIA DC-03 event code. */
  readonly sia?: string;
  /** Contact ID: qualifier (1 new, 3 restore, 6 status) and code, as `1130`. */
  readonly cid?: string;
  /** False: held in memory only, the store of the site has failed. */
  readonly durable?: false;
  readonly previousEpoch?: string;
  /** Lists were cut to fit 16 KiB. */
  readonly truncated?: true;
};

/** What is fixed when the event is committed; epoch and number are added when it is sent. */
export type EventBody = Omit<EventMessage, 'epoch' | 'seq' | 'previousEpoch'>;

const blocker: Schema<Blocker> = object<Blocker>({
  kind: open<BlockerKind>(),
  zone: optional(id),
  door: optional(id),
  item: optional(text()),
});

const eventClass: Schema<EventClass> = oneOf([...ALARM_CLASSES, ...EVENT_CATEGORIES.filter((name) => name !== 'opening')]);

const bodyFields = {
  v: v1,
  site: id,
  boot: integer(0),
  lane,
  kind: open<EventKind>(),
  class: eventClass,
  phase: oneOf(PHASES),
  priority: integer(0, 9),
  at: instant,
  atQuality: quality,
  exercise: flag,
  area: optional(id),
  zone: optional(id),
  door: optional(id),
  output: optional(id),
  keypad: optional(id),
  user: optional(id),
  mode: optional(oneOf(['full', 'partial', 'night'])),
  cause: optional(open<Cause>()),
  confirmed: optional(flag),
  recentClosing: optional(flag),
  reason: optional(open<Refusal>()),
  blockers: optional(list(blocker, 1024)),
  zones: optional(list(id, 1024)),
  detail: optional(facts),
  sia: optional(text({ pattern: /^[A-Z]{2}$/, max: 2 })),
  cid: optional(text({ pattern: /^[136][0-9]{3}$/, max: 4 })),
  durable: optional(constant(false)),
  truncated: optional(constant(true)),
};

export const bodySchema: Schema<EventBody> = object<EventBody>(bodyFields);

export const eventSchema: Schema<EventMessage> = object<EventMessage>({
  ...bodyFields,
  epoch: id,
  seq: integer(1),
  previousEpoch: optional(id),
});

/** Kinds this version of the protocol knows. */
export const KNOWN_KINDS: ReadonlySet<string> = new Set(EVENT_KINDS);

// ---- status and heartbeat

/** How far a lane has come: last number given, last number the centre has acknowledged. */
export type LaneProgress = { readonly head: number; readonly acknowledged: number };
export type LanesProgress = Readonly<Record<Lane, LaneProgress>>;

const progress = object<LaneProgress>({ head: integer(), acknowledged: integer() });
const lanes: Schema<LanesProgress> = object<LanesProgress>({ alarm: progress, event: progress });

export type OnlineStatus = {
  readonly v: 1;
  readonly site: string;
  readonly status: 'online';
  readonly epoch: string;
  readonly boot: number;
  readonly version: string;
  readonly at: string;
  readonly atQuality: 'synchronised' | 'unsynchronised';
  readonly lanes: LanesProgress;
  /** What the site has no input for, such as `mains` or `battery`: the centre must not take its silence for health. */
  readonly unsupervised: readonly string[];
};

/** `lost`: said by the broker (will); `stopped`: said by the controller on its way out. */
export type OfflineStatus = {
  readonly v: 1;
  readonly site: string;
  readonly status: 'offline';
  readonly boot: number;
  readonly reason: 'lost' | 'stopped';
};

export type StatusMessage = OnlineStatus | OfflineStatus;

export const statusSchema: Schema<StatusMessage> = either(
  object<OnlineStatus>({
    v: v1,
    site: id,
    status: constant('online'),
    epoch: id,
    boot: integer(0),
    version: text({ max: 64 }),
    at: instant,
    atQuality: quality,
    lanes,
    unsupervised: list(text({ max: 64 }), 32),
  }),
  object<OfflineStatus>({ v: v1, site: id, status: constant('offline'), boot: integer(0), reason: oneOf(['lost', 'stopped']) }),
);

export type HeartbeatMessage = {
  readonly v: 1;
  readonly site: string;
  readonly epoch: string;
  readonly boot: number;
  readonly at: string;
  readonly atQuality: 'synchronised' | 'unsynchronised';
  /** Until the next one at the latest, milliseconds. */
  readonly intervalMs: number;
  readonly uptimeMs: number;
  readonly lanes: LanesProgress;
  /** Head of the journal's hash chain, lower-case hex. */
  readonly chainHead: string;
  /** Digest of the controller's durable state, lower-case hex. */
  readonly stateDigest: string;
  readonly health: 'ok' | 'fault';
  readonly faults: readonly ConditionKind[];
  /** An entry or a held alarm runs until then: silence past it is an alarm. */
  readonly pendingUntil?: string;
};

const hex = text({ pattern: /^[0-9a-f]{0,128}$/, max: 128 });

export const heartbeatSchema: Schema<HeartbeatMessage> = object<HeartbeatMessage>({
  v: v1,
  site: id,
  epoch: id,
  boot: integer(0),
  at: instant,
  atQuality: quality,
  intervalMs: integer(1_000, 86_400_000),
  uptimeMs: integer(),
  lanes,
  chainHead: hex,
  stateDigest: hex,
  health: oneOf(['ok', 'fault']),
  faults: list(open<ConditionKind>(), 32),
  pendingUntil: optional(instant),
});

// ---- present state, retained; nothing covert

/** Words of Home Assistant's alarm panel. */
export const PANEL_WORDS = ['disarmed', 'armed_home', 'armed_away', 'armed_night', 'arming', 'pending', 'triggered'] as const;
export type PanelWord = (typeof PANEL_WORDS)[number];

export type ShownAlarm = { readonly kind: EventKind; readonly zone?: string; readonly acknowledged: boolean };

export type AreaStateMessage = {
  readonly v: 1;
  readonly area: string;
  readonly state: PanelWord;
  readonly mode?: ArmMode;
  readonly alarms: readonly ShownAlarm[];
  /** Entries of the memory that a user has still to acknowledge. */
  readonly memory: number;
  readonly sounding: boolean;
};

export const areaStateSchema: Schema<AreaStateMessage> = object<AreaStateMessage>({
  v: v1,
  area: id,
  state: oneOf(PANEL_WORDS),
  mode: optional(oneOf(['full', 'partial', 'night'])),
  alarms: list(object<ShownAlarm>({ kind: open<EventKind>(), zone: optional(id), acknowledged: flag }), 1024),
  memory: integer(),
  sounding: flag,
});

export type ZoneStateMessage = {
  readonly v: 1;
  readonly zone: string;
  readonly area: string;
  readonly signal: Signal;
  readonly inhibited: boolean;
  readonly isolated: boolean;
  readonly omitted: boolean;
};

export const zoneStateSchema: Schema<ZoneStateMessage> = object<ZoneStateMessage>({
  v: v1,
  zone: id,
  area: id,
  signal: oneOf(['normal', 'active', 'tamper', 'masked', 'fault', 'unknown']),
  inhibited: flag,
  isolated: flag,
  omitted: flag,
});

export type DoorStateMessage = {
  readonly v: 1;
  readonly door: string;
  readonly area: string;
  readonly leaf: 'open' | 'closed' | 'unknown';
  readonly latch: 'engaged' | 'not-engaged' | 'unknown' | 'none';
  readonly fault: 'none' | 'left-open' | 'not-latched';
  readonly sounding: boolean;
  readonly silenced: boolean;
  readonly latchFault: boolean;
};

export const doorStateSchema: Schema<DoorStateMessage> = object<DoorStateMessage>({
  v: v1,
  door: id,
  area: id,
  leaf: oneOf(['open', 'closed', 'unknown']),
  latch: oneOf(['engaged', 'not-engaged', 'unknown', 'none']),
  fault: oneOf(['none', 'left-open', 'not-latched']),
  sounding: flag,
  silenced: flag,
  latchFault: flag,
});

export type ShownCondition = { readonly condition: ConditionKind; readonly subject: string; readonly since: string };

export type HealthStateMessage = {
  readonly v: 1;
  readonly health: 'ok' | 'fault';
  readonly conditions: readonly ShownCondition[];
  readonly clockSynchronised: boolean;
  readonly exercise: boolean;
  readonly walkTest: boolean;
  readonly onTest: boolean;
};

export const healthStateSchema: Schema<HealthStateMessage> = object<HealthStateMessage>({
  v: v1,
  health: oneOf(['ok', 'fault']),
  conditions: list(object<ShownCondition>({ condition: open<ConditionKind>(), subject: text(), since: instant }), 256),
  clockSynchronised: flag,
  exercise: flag,
  walkTest: flag,
  onTest: flag,
});

// ---- what the centre says

export type SeqRange = { readonly from: number; readonly to: number };

/** Cumulative: everything of this lane up to `seq` is stored durably at the centre. */
export type AckMessage = {
  readonly epoch: string;
  readonly lane: Lane;
  readonly seq: number;
  /** Stored as well, beyond a gap; spares a repetition, never replaces `seq`. */
  readonly also?: readonly SeqRange[];
};

export const ackSchema: Schema<AckMessage> = object<AckMessage>({
  epoch: id,
  lane,
  seq: integer(),
  also: optional(list(object<SeqRange>({ from: integer(1), to: integer(1) }), 16)),
});

/** The centre's high-water marks for one epoch, told at each birth of the site. */
export type MarksMessage = { readonly v: 1; readonly epoch: string; readonly alarm: number; readonly event: number };

export const marksSchema: Schema<MarksMessage> = object<MarksMessage>({ v: v1, epoch: id, alarm: integer(), event: integer() });

export type CentreStatusMessage = { readonly v: 1; readonly status: 'online' | 'offline' };

export const centreStatusSchema: Schema<CentreStatusMessage> = object<CentreStatusMessage>({
  v: v1,
  status: oneOf(['online', 'offline']),
});

// ---- commands and their answers

export const COMMAND_VERBS = ['challenge', 'unlock', 'arm', 'acknowledge', 'reset', 'test', 'snapshot'] as const;
export type CommandVerb = (typeof COMMAND_VERBS)[number];

export type CommandMessage = {
  readonly v: 1;
  /** Chosen by the sender, used once; the answer names it. */
  readonly id: string;
  readonly operator: string;
  readonly area?: string;
  readonly door?: string;
  readonly zone?: string;
  readonly mode?: ArmMode;
  readonly challenge?: string;
  /** Ed25519 over the challenge and the command, lower-case hex. */
  readonly signature?: string;
};

export const commandSchema: Schema<CommandMessage> = object<CommandMessage>({
  v: v1,
  id,
  operator: id,
  area: optional(id),
  door: optional(id),
  zone: optional(id),
  mode: optional(oneOf(['full', 'partial', 'night'])),
  challenge: optional(hex),
  signature: optional(hex),
});

export const COMMAND_REFUSALS = [
  'retained',
  'too-large',
  'invalid',
  'unknown-verb',
  'unsigned',
  'replayed',
  'rate-limited',
  'not-supported',
] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

export type ReplyMessage = {
  readonly v: 1;
  readonly id: string;
  readonly verb: string;
  readonly ok: false;
  readonly reason: CommandRefusal;
};

export const replySchema: Schema<ReplyMessage> = object<ReplyMessage>({
  v: v1,
  id,
  verb: word,
  ok: constant(false),
  reason: oneOf(COMMAND_REFUSALS),
});
