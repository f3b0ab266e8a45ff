/**
 * The MQTT path to the centre, as data: what the machine hears (`PathInput`), what it wants done (`PathSend`).
 * A *delivery* is an event with its number; a *publication* is bytes for a topic; a *flight* is a publication of
 * QoS 1 whose PUBACK is still missing. Only the centre's acknowledgement counts as delivered, never a PUBACK.
 * All times are milliseconds of running time.
 */
import type { EventKind, Lane, LaneHeads } from '../../core/event.ts';
import type { ConditionKind } from '../../core/input.ts';
import type { Monotonic, Wall } from '../../core/time.ts';
import type { SeqRange } from '../../protocol/centreMessages.ts';
import type { Answer, CommandMessage, CommandVerb } from '../../protocol/commands.ts';
import type { EventBody } from '../../protocol/messages.ts';

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
  /** The same for a broker that is only busy (quota, unspecified). */
  readonly busyRetryMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** A connection that lasted this long resets the reconnection delay. */
  readonly stableMs: number;
  /** Nothing acknowledged or no connection for so long: the path has failed. */
  readonly failedAfterMs: number;
  /** How long deliveries wait for the centre's marks after the first connection in an epoch. */
  readonly marksWaitMs: number;
  /** How long deliveries wait for a new epoch that was asked for; then it is asked for again. */
  readonly epochWaitMs: number;
  readonly loadTimeoutMs: number;
  readonly commandsPerMinute: number;
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
  busyRetryMs: 5_000,
  reconnectMinMs: 1_000,
  reconnectMaxMs: 120_000,
  stableMs: 30_000,
  failedAfterMs: 60_000,
  marksWaitMs: 2_000,
  epochWaitMs: 10_000,
  loadTimeoutMs: 10_000,
  commandsPerMinute: 10,
  heartbeatMs: 30_000,
  substitutionClearMs: 600_000,
} as const satisfies Partial<PathConfig>;

/** Why a connection is gone or was not made: the names of the link's reasons. */
export type DownReason =
  | 'bad-url'
  | 'unreachable'
  | 'tls'
  | 'refused'
  /** DISCONNECT 0x8E: another client came with our identity. */
  | 'taken-over'
  | 'disconnected'
  | 'closed'
  | 'timeout'
  | 'packet-too-large'
  | 'protocol-error'
  | 'destroyed';

export type MessageProperties = {
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  /** Whole seconds after which the broker drops it. */
  readonly messageExpiryS?: number;
};

/** What a link publishes. */
export type Publication = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly properties?: MessageProperties;
};

/** What a link says of one publication of QoS 1. */
export type PublishOutcome =
  | { readonly kind: 'acknowledged'; readonly noSubscribers: boolean }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'connection-lost' }
  | { readonly kind: 'not-sent'; readonly reason: string };

/**
 * One row of the outbox. `cursor` is its place in the journal, which orders a lane even where epochs follow one
 * another in it; `body` is the message without epoch and number.
 */
export type Delivery = {
  readonly cursor: number;
  readonly epoch: string;
  readonly lane: Lane;
  readonly seq: number;
  readonly body: EventBody;
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
  /** CONNACK accepted. */
  | {
      readonly kind: 'up';
      readonly at: Wall;
      readonly atQuality: 'synchronised' | 'unsynchronised';
      readonly receiveMaximum: number;
      /** Undefined: no limit told. */
      readonly maximumPacketBytes: number | undefined;
    }
  | { readonly kind: 'down'; readonly reason: DownReason; readonly code?: number | string }
  /** A topic filter that the broker did not grant. */
  | { readonly kind: 'subscription-refused'; readonly filter: string; readonly code: number }
  /** What is committed, at start and after each commit that added to the outbox or began a new epoch. */
  | {
      readonly kind: 'outbox';
      readonly epoch: string;
      readonly previousEpoch?: string;
      /** Last number given in this epoch, and last one acknowledged. */
      readonly heads: LaneHeads;
      readonly acknowledged: LaneHeads;
      /** What was just committed, so that it need not be read back; it must be all of it, in order. */
      readonly fresh?: readonly Delivery[];
    }
  /** Answer to `load`: the deliveries above cursor `after`, ascending, at most `limit`. Fewer: there are no more. */
  | { readonly kind: 'loaded'; readonly lane: Lane; readonly after: number; readonly deliveries: readonly Delivery[] }
  | { readonly kind: 'load-failed'; readonly lane: Lane; readonly after: number }
  | { readonly kind: 'published'; readonly id: number; readonly outcome: PublishOutcome }
  | {
      readonly kind: 'message';
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly retain: boolean;
      readonly properties: MessageProperties;
    }
  /** What the shell has to say to a command that it was given; several times, for one that is carried out. */
  | {
      readonly kind: 'answer';
      readonly command: string;
      readonly operator: string;
      readonly answer: Answer;
      /** A refusal that the journal has already. */
      readonly isTold: boolean;
    }
  /** Present-state messages that changed; each is kept and told again at every connection. */
  | { readonly kind: 'states'; readonly publications: readonly Publication[] }
  /** To be sent at once; the runtime gives it when asked, and unasked when an entry or a hold starts. */
  | { readonly kind: 'heartbeat'; readonly facts: HeartbeatFacts };

/** Delay of the will in whole seconds, as MQTT has it: a quick reconnection keeps it unsaid. */
export type Will = Publication & { readonly delayS: number };

export type PathSend =
  /** Start an attempt with this will. The session must outlive the will's delay, or the will comes at once. */
  | { readonly kind: 'connect'; readonly will: Will }
  | { readonly kind: 'subscribe'; readonly filters: readonly string[] }
  /** In good order, after what was published before. */
  | { readonly kind: 'disconnect' }
  /** Cut the socket; `down` answers. */
  | { readonly kind: 'destroy'; readonly reason: 'puback-time-out' | 'connect-time-out' }
  /** `published` must answer each of QoS 1; of QoS 0 none is needed. */
  | { readonly kind: 'publish'; readonly id: number; readonly publication: Publication }
  | { readonly kind: 'load'; readonly lane: Lane; readonly after: number; readonly limit: number }
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
  /** A command that is neither stale nor malformed; `answer` answers it. Who sent it is not proved. */
  | { readonly kind: 'command'; readonly verb: CommandVerb; readonly command: CommandMessage }
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
  /** Loaded and not known to be stored at the centre, in order of the journal. */
  readonly entries: readonly Entry[];
  /** Cursor of the last row loaded. */
  readonly loadedUpTo: number;
  /** The store may hold rows beyond it. */
  readonly more: boolean;
  readonly loading:
    | {
        readonly after: number;
        readonly limit: number;
        /** Asked again then, if no answer came. */
        readonly retryAt: Monotonic;
        /** The outbox grew while it was asked: the answer may already be too short. */
        readonly grown: boolean;
      }
    | undefined;
  /** Refused by the broker: tried again slowly, so that they never stop what comes after. */
  readonly refused: readonly Delivery[];
  readonly refusedRetryAt: Monotonic | undefined;
  /** Cursor of the refused row that is being tried again. */
  readonly retrying: number | undefined;
  readonly refusals: number;
  readonly refusalReported: boolean;
  /** Something the centre may lack was put aside: read the outbox from its first row again when the rest is through. */
  readonly aside: boolean;
  /** Since when the centre owes an acknowledgement. */
  readonly owedSince: Monotonic | undefined;
  readonly ackDeadline: Monotonic | undefined;
  readonly ackTimeouts: number;
};

/** What is known of one epoch: the numbers an acknowledgement may name, and what was acknowledged. */
export type EpochState = {
  readonly epoch: string;
  /** Highest number that this process sent, or found given when it started. */
  readonly sendable: LaneHeads;
  readonly acknowledged: LaneHeads;
  /** Stored at the centre beyond a gap. */
  readonly also: Readonly<Record<Lane, readonly SeqRange[]>>;
};

export type Flight = {
  readonly id: number;
  readonly at: Monotonic;
  readonly what:
    | { readonly kind: 'delivery'; readonly lane: Lane; readonly cursor: number }
    | { readonly kind: 'other'; readonly topic: string };
};

export type Connection =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly until: Monotonic }
  | { readonly kind: 'connecting'; readonly since: Monotonic }
  | {
      readonly kind: 'up';
      readonly since: Monotonic;
      readonly at: Wall;
      readonly atQuality: 'synchronised' | 'unsynchronised';
      readonly receiveMaximum: number;
      readonly maximumPacketBytes: number;
    }
  /** Cut, and waiting for the link to say that it is down. */
  | { readonly kind: 'closing'; readonly since: Monotonic }
  | { readonly kind: 'stopped' };

export type PathState = {
  /** The epoch new numbers are given in; undefined until the outbox is known. */
  readonly epoch: string | undefined;
  readonly previousEpoch: string | undefined;
  /** Last number given in it. */
  readonly heads: LaneHeads;
  /** Epochs met by this process, the present one among them, latest last. */
  readonly epochs: readonly EpochState[];
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
  /** A new epoch was asked for and is not there yet; asked again at this instant. */
  readonly epochWantedAt: Monotonic | undefined;
  readonly heartbeatAt: Monotonic | undefined;
  /** The link took nothing: try again then. */
  readonly pausedUntil: Monotonic | undefined;
  /** The delivery that was under way when the connection was lost, and how many times running it was the same one. */
  readonly suspect: { readonly lane: Lane; readonly cursor: number; readonly losses: number } | undefined;
  /** Incoming messages dropped since the last report of it. */
  readonly dropped: number;
  readonly failed: boolean;
  readonly takenOverAt: Monotonic | undefined;
  /** When each kind of refusal was last reported: once a minute at most. */
  readonly reportedAt: Readonly<Record<string, Monotonic>>;
  readonly commands: CommandState;
};

/** A command that the shell has and has not finished. */
export type PendingCommand = {
  readonly id: string;
  readonly verb: CommandVerb;
  /** Last level of the topic its answers go to. */
  readonly replyTo: string;
  readonly correlationData?: Uint8Array;
  readonly since: Monotonic;
};

export type CommandState = {
  /** Identifiers seen lately, oldest first. */
  readonly seen: readonly string[];
  /** Commands in the minute that runs. */
  readonly minuteStart: Monotonic;
  readonly heard: number;
  readonly pending: readonly PendingCommand[];
  /** Answers given lately, oldest first. */
  readonly answers: readonly { readonly at: Monotonic; readonly publication: Publication }[];
};
