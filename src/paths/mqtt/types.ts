/**
 * The MQTT path to the centre, as data: what the machine hears (`PathInput`), what it wants done (`PathSend`).
 * A *delivery* is an event with its number; a *publication* is bytes for a topic; a *flight* is a publication of
 * QoS 1 whose PUBACK is still missing. Only the centre's acknowledgement counts as delivered, never a PUBACK.
 * All times are milliseconds of running time.
 */
import type { Delivery, EventKind, Lane, LaneHeads } from '../../core/event.ts';
import type { ConditionKind } from '../../core/input.ts';
import type { Monotonic, Wall } from '../../core/time.ts';
import type { LanesProgress } from '../../protocol/messages.ts';

export type PathConfig = {
  readonly site: string;
  /** Name of this path in conditions. */
  readonly path: string;
  /** Controller's version and which start this is, for the birth message. */
  readonly version: string;
  readonly boot: number;
  readonly unsupervised: readonly string[];
  /** Sent and not yet acknowledged by the centre, both lanes together; the last four are for alarms. */
  readonly windowMessages: number;
  readonly alarmReserve: number;
  readonly connectTimeoutMs: number;
  /** A PUBACK missing this long ends the connection. */
  readonly pubackTimeoutMs: number;
  /** An acknowledgement missing this long: send again, then twice as late each time, at most `ackTimeoutMaxMs`. */
  readonly ackTimeoutMs: number;
  readonly ackTimeoutMaxMs: number;
  /** Between probes while the centre says that it is away. */
  readonly probeMs: number;
  /** A message the broker refuses is tried again this much later, then twice as late each time. */
  readonly refusedRetryMs: number;
  readonly refusedRetryMaxMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** A connection that lasted this long resets the reconnection delay. */
  readonly stableMs: number;
  /** Nothing acknowledged or no connection for so long: the path has failed. */
  readonly failedAfterMs: number;
  /** How long deliveries wait for the centre's marks after the first connection of a process. */
  readonly marksWaitMs: number;
  readonly heartbeatMs: number;
  /** A connection held this long clears a suspected substitution. */
  readonly substitutionClearMs: number;
};

export const pathDefaults = {
  path: 'mqtt',
  unsupervised: [],
  windowMessages: 20,
  alarmReserve: 4,
  connectTimeoutMs: 15_000,
  pubackTimeoutMs: 10_000,
  ackTimeoutMs: 30_000,
  ackTimeoutMaxMs: 300_000,
  probeMs: 60_000,
  refusedRetryMs: 60_000,
  refusedRetryMaxMs: 600_000,
  reconnectMinMs: 1_000,
  reconnectMaxMs: 120_000,
  stableMs: 30_000,
  failedAfterMs: 60_000,
  marksWaitMs: 2_000,
  heartbeatMs: 30_000,
  substitutionClearMs: 600_000,
} as const satisfies Partial<PathConfig>;

/** Why a connection is gone or was not made. */
export type DownReason =
  | 'closed'
  | 'unreachable'
  | 'refused'
  /** DISCONNECT 0x8E: another client came with our identity. */
  | 'session-taken-over'
  | 'certificate'
  | 'time-out'
  | 'protocol-error';

export type Publication = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly correlation?: Uint8Array;
};

export type HeartbeatFacts = {
  readonly at: Wall;
  readonly atQuality: 'synchronised' | 'unsynchronised';
  readonly uptimeMs: number;
  readonly chainHead: string;
  readonly stateDigest: string;
  readonly faults: readonly ConditionKind[];
  readonly pendingUntil?: Wall;
};

export type PathInput =
  | { readonly kind: 'start' }
  /** The process ends: say so and disconnect. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'tick' }
  /** CONNACK accepted and subscriptions granted. */
  | {
      readonly kind: 'up';
      readonly at: Wall;
      readonly atQuality: 'synchronised' | 'unsynchronised';
      /** From CONNACK; absent: 65 535 and no limit. */
      readonly receiveMaximum?: number;
      readonly maximumPacketSize?: number;
    }
  | { readonly kind: 'down'; readonly reason: DownReason; readonly code?: number }
  /** The committed heads of the outbox, at start and after each commit that added to it or began a new epoch. */
  | { readonly kind: 'outbox'; readonly epoch: string; readonly heads: LaneHeads; readonly acknowledged: LaneHeads }
  /** Answer to `load`: the deliveries with a number above `after`, ascending, at most `limit`. */
  | {
      readonly kind: 'loaded';
      readonly epoch: string;
      readonly lane: Lane;
      readonly after: number;
      readonly deliveries: readonly Delivery[];
    }
  /** PUBACK with its MQTT 5 reason code; 0 for success. */
  | { readonly kind: 'published'; readonly id: number; readonly code: number }
  | {
      readonly kind: 'message';
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly retain: boolean;
      readonly responseTopic?: string;
      readonly correlation?: Uint8Array;
    }
  /** Present-state messages that changed; each is kept and told again at every connection. */
  | { readonly kind: 'states'; readonly publications: readonly Publication[] }
  /** To be sent at once; the runtime gives it when asked, and unasked when an entry or a hold starts. */
  | { readonly kind: 'heartbeat'; readonly facts: HeartbeatFacts };

export type Will = Publication & { readonly delayMs: number };

export type PathSend =
  /**
   * Make a new connection with a new client: MQTT 5, clean start off, session expiry `sessionExpiryMs` (a will delay
   * needs a session that outlives it), no store of the client's own, no automatic reconnection, no-delay on the socket.
   */
  | { readonly kind: 'connect'; readonly will: Will; readonly subscriptions: readonly string[]; readonly sessionExpiryMs: number }
  /** In good order, after what was published before. */
  | { readonly kind: 'disconnect' }
  /** Cut the socket. A `down` in answer is allowed, not needed. */
  | { readonly kind: 'destroy'; readonly reason: 'puback-time-out' | 'connect-time-out' }
  | { readonly kind: 'publish'; readonly id: number; readonly publication: Publication }
  | { readonly kind: 'load'; readonly epoch: string; readonly lane: Lane; readonly after: number; readonly limit: number }
  /** The centre has stored everything of this lane up to `seq`: take it out of the outbox. */
  | { readonly kind: 'acknowledge'; readonly epoch: string; readonly lane: Lane; readonly seq: number }
  | {
      readonly kind: 'condition';
      readonly condition: ConditionKind;
      readonly on: boolean;
      readonly subject: string;
      readonly detail: Readonly<Record<string, string | number | boolean>>;
    }
  /** For the core, as a `report` input. */
  | { readonly kind: 'report'; readonly event: EventKind; readonly detail: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'heartbeat-wanted' }
  /** The store was rolled back: begin a new epoch, renumber what is pending, give `outbox` again, report `store-rolled-back`. */
  | { readonly kind: 'new-epoch'; readonly marks: LaneHeads; readonly heads: LaneHeads };

// ---- state

export type EntryStatus =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'flying'; readonly id: number }
  /** The broker has it; the centre has not answered. */
  | { readonly kind: 'accepted' };

export type Entry = { readonly delivery: Delivery; readonly status: EntryStatus };

export type LaneState = {
  /** Last committed number. */
  readonly head: number;
  readonly acknowledged: number;
  /** Highest number that an acknowledgement may name: what this process sent, or found on disk at its start. */
  readonly sendable: number;
  /** Loaded and not known to be stored at the centre, ascending. */
  readonly entries: readonly Entry[];
  readonly loadedUpTo: number;
  readonly loading: { readonly after: number; readonly since: Monotonic } | undefined;
  /** Refused by the broker: tried again slowly, so that they never stop what comes after. */
  readonly refused: readonly Delivery[];
  readonly refusedRetryAt: Monotonic | undefined;
  readonly refusals: number;
  readonly refusalReported: boolean;
  /** Something that the centre may lack was put aside: load it again when the acknowledgement gets there. */
  readonly aside: boolean;
  /** Since when the centre owes an acknowledgement. */
  readonly owedSince: Monotonic | undefined;
  readonly ackDeadline: Monotonic | undefined;
  readonly ackTimeouts: number;
};

export type Flight = {
  readonly id: number;
  readonly at: Monotonic;
  readonly what:
    | { readonly kind: 'delivery'; readonly lane: Lane; readonly seq: number }
    | { readonly kind: 'other'; readonly topic: string };
};

export type Connection =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly until: Monotonic }
  | { readonly kind: 'connecting'; readonly since: Monotonic }
  | { readonly kind: 'up'; readonly since: Monotonic; readonly receiveMaximum: number; readonly maximumPacketSize: number }
  | { readonly kind: 'stopped' };

export type PathState = {
  readonly epoch: string;
  readonly lanes: Readonly<Record<Lane, LaneState>>;
  readonly connection: Connection;
  /** Connections lost or refused in a row. */
  readonly attempts: number;
  readonly downSince: Monotonic | undefined;
  readonly downReason: DownReason | undefined;
  readonly centre: 'unknown' | 'online' | 'offline';
  readonly centreAwaySince: Monotonic | undefined;
  readonly flights: readonly Flight[];
  readonly nextId: number;
  /** Birth, states and replies that wait for a free place. */
  readonly queue: readonly Publication[];
  /** Present state by topic, told again at each connection. */
  readonly states: ReadonlyMap<string, Publication>;
  /** Deliveries wait for the centre's marks until then, once in a process and once in an epoch. */
  readonly holdUntil: Monotonic | undefined;
  readonly marksSeen: boolean;
  readonly heartbeatAt: Monotonic | undefined;
  readonly failed: boolean;
  readonly takenOverAt: Monotonic | undefined;
  /** When each kind of refusal was last reported: once a minute at most. */
  readonly reportedAt: Readonly<Record<string, Monotonic>>;
  readonly commands: CommandState;
};

/** Command identifiers seen lately, oldest first, and how often we answered in the minute that runs. */
export type CommandState = {
  readonly seen: readonly string[];
  readonly minuteStart: Monotonic;
  readonly answered: number;
};

export type PathProgress = LanesProgress;
