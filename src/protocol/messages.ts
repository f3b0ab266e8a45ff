/**
 * The messages between a site and the monitoring centre, version 1. Each type stands beside its schema, which is both
 * the check of what comes in and the published JSON Schema. Instants are ISO 8601 UTC with milliseconds.
 */
import type { Blocker, Cause, EventKind, Lane, Refusal } from '../core/event.ts';
import type { ArmMode, BlockerKind } from '../core/config.ts';
import type { ConditionKind } from '../core/input.ts';
import { ALARM_CLASSES, EVENT_CATEGORIES, PHASES } from './classes.ts';
import type { EventClass, Phase } from './classes.ts';
import { hex, id, instant, lane, open, quality, v1 } from './fields.ts';
import { constant, either, facts, flag, integer, list, object, oneOf, optional, text } from './schema.ts';
import type { Schema } from './schema.ts';

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
  /** Who asked from afar, and the `id` of the command, so that the asker finds what came of it. */
  readonly operator?: string;
  readonly command?: string;
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
  operator: optional(id),
  command: optional(id),
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
