/**
 * One connection at a time to an MQTT 5 broker. A link is a transport: it keeps no message that was not acknowledged,
 * never connects again by itself and replays nothing. What to send, when to give up and when to try again belong to the
 * path that owns it (src/paths).
 *
 * Everything the link has to say arrives as a `LinkEvent` at the one listener it was made with. The listener enqueues
 * and returns; it never acts inside. Terms:
 * - attempt: what begins with `connect` and ends with exactly one `down`, with or without an `up` between.
 * - settled: the single answer to a `publish` or `subscribe`; it is never given inside the call itself, and it is given
 *   before the `down` of its attempt.
 */

/** MQTT quality of service; 2 is not used: receivers deduplicate by (site, epoch, lane, seq). */
export type Qos = 0 | 1;

/** Text properties of a message, as MQTT 5 carries them. */
export type MessageProperties = {
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  readonly contentType?: string;
  /** Whole seconds, 1–4 294 967 295: the broker drops the message after it. Never set it on an alarm. */
  readonly messageExpiryS?: number;
};

export type OutgoingMessage = {
  /** A topic name: not empty, no `+`, no `#`. */
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties?: MessageProperties;
};

export type IncomingMessage = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** The broker kept it: it says nothing of when it was sent. A retained command is never obeyed. */
  readonly retain: boolean;
  /** The broker had sent it before and saw no acknowledgement. */
  readonly duplicate: boolean;
  readonly properties: MessageProperties;
};

export type Will = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Seconds after the loss of the connection: a connection made again within them keeps the will unsaid. */
  readonly delayS: number;
};

export type TlsOptions = {
  /** PEM. Trusted instead of the system's authorities, when given. */
  readonly ca?: string;
  /** PEM of the client certificate and its key. */
  readonly certificate?: string;
  readonly key?: string;
  /** Name the broker's certificate must carry, when it is not the host of the URL. */
  readonly serverName?: string;
  /**
   * The wall clock is not set: a broker certificate whose only fault is that it is *not yet valid* is accepted and
   * `up.certificateNotYetValid` is true. Chain, name and key usage are still demanded.
   */
  readonly clockUnsynchronised?: boolean;
};

export type ConnectOptions = {
  /** `mqtt://host:port` or `mqtts://host:port`; ports default to 1883 and 8883. Other schemes: down `bad-url`. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Whole seconds, 1–65 535. A dead peer is noticed after 1.5 of them. */
  readonly keepaliveS: number;
  /** Milliseconds from `connect` to the broker's answer, TCP and TLS included. */
  readonly connectTimeoutMs: number;
  /** How long the broker keeps our session, seconds; must not be below the will's delay, or the will comes at once. */
  readonly sessionExpiryS: number;
  /** Messages of QoS 1 that the broker may have under way to us: 1–65 535. */
  readonly receiveMaximum: number;
  /** Largest packet accepted, bytes. A larger one ends the attempt: down `packet-too-large`. */
  readonly maximumPacketBytes: number;
  readonly will?: Will;
  readonly tls?: TlsOptions;
};

/** What no site needs to choose. */
export const LINK_DEFAULTS = {
  keepaliveS: 30,
  connectTimeoutMs: 10_000,
  sessionExpiryS: 60,
  receiveMaximum: 20,
  /** A payload of 16 KiB with its topic and properties. */
  maximumPacketBytes: 17_408,
} as const satisfies Partial<ConnectOptions>;

/** Why a message was not handed to the network at all. */
export type NotSent =
  | 'not-connected'
  /** As many messages as the broker takes at once are not acknowledged yet. */
  | 'window-full'
  /** More than 256 KiB wait for a network that takes nothing. */
  | 'buffer-full'
  /** Larger than the broker said it takes. */
  | 'too-large'
  /** The broker keeps no retained messages. */
  | 'retain-unavailable'
  | 'bad-topic';

export type PublishResult =
  /** QoS 1: the broker has it; `noSubscribers`: and nobody to give it to (0x10). QoS 0: handed to the network. */
  | { readonly kind: 'acknowledged'; readonly noSubscribers: boolean }
  /** The broker's reason code, 0x80–0xff: 0x87 not authorised, 0x97 quota exceeded… */
  | { readonly kind: 'refused'; readonly code: number }
  /** The connection ended first: the broker may have it or not. */
  | { readonly kind: 'connection-lost' }
  | { readonly kind: 'not-sent'; readonly reason: NotSent };

/** One answer per filter, in their order. */
export type SubscribeResult =
  | { readonly kind: 'answered'; readonly filters: readonly FilterResult[] }
  | { readonly kind: 'connection-lost' }
  | { readonly kind: 'not-sent'; readonly reason: 'not-connected' | 'bad-filter' };

export type FilterResult =
  | { readonly kind: 'granted'; readonly filter: string; readonly qos: 0 | 1 | 2 }
  | { readonly kind: 'refused'; readonly filter: string; readonly code: number };

export type TlsProblem =
  | 'unknown-authority'
  | 'wrong-name'
  /** A certificate that is not a server's. */
  | 'wrong-use'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  /** The broker does not accept our certificate, or wants one. */
  | 'client-certificate'
  /** Our own PEM cannot be read, or key and certificate do not belong together. */
  | 'bad-credentials'
  | 'handshake';

export type DownReason =
  | { readonly kind: 'bad-url' }
  /** No connection: name unknown, host or port not answering. `code` is the system's (ECONNREFUSED, ENOTFOUND…). */
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'tls'; readonly problem: TlsProblem; readonly code: string }
  /** The broker's CONNACK said no: 0x87 not authorised, 0x86 bad user or password, 0x85 client id, 0x88 unavailable… */
  | { readonly kind: 'refused'; readonly code: number }
  /** Another client came with our client id: a copied controller, or somebody in its place. */
  | { readonly kind: 'taken-over' }
  /** The broker's DISCONNECT: 0x8b shutting down, 0x93 receive maximum exceeded, 0x95 packet too large… */
  | { readonly kind: 'disconnected'; readonly code: number }
  /** The stream ended without a word. `code` is the system's when it gave one. */
  | { readonly kind: 'closed'; readonly code: string | undefined }
  | { readonly kind: 'timeout'; readonly during: 'connecting' | 'keepalive' }
  | { readonly kind: 'packet-too-large'; readonly bytes: number }
  /** What came is not MQTT 5. */
  | { readonly kind: 'protocol-error' }
  /** We ended it, by `destroy` or `disconnect`. */
  | { readonly kind: 'destroyed' };

export type LinkUp = {
  readonly kind: 'up';
  readonly sessionPresent: boolean;
  /** Messages of QoS 1 that the broker takes before it acknowledges one; `publish` refuses more. */
  readonly receiveMaximum: number;
  /** Largest packet the broker takes, bytes; undefined: no limit told. */
  readonly maximumPacketBytes: number | undefined;
  /** What the broker imposed, or what was asked. */
  readonly keepaliveS: number;
  readonly certificateNotYetValid: boolean;
};

export type LinkEvent =
  | LinkUp
  | { readonly kind: 'down'; readonly reason: DownReason }
  | { readonly kind: 'message'; readonly message: IncomingMessage };

export type LinkListener = (event: LinkEvent) => void;

export type Link = {
  /** Starts an attempt. Calling it while one runs is a programmer's error. */
  readonly connect: (options: ConnectOptions) => void;
  /** `settled` is called exactly once, later. */
  readonly publish: (message: OutgoingMessage, settled: (result: PublishResult) => void) => void;
  readonly subscribe: (filters: readonly string[], qos: Qos, settled: (result: SubscribeResult) => void) => void;
  /** Messages of QoS 1 sent and not acknowledged. */
  readonly inFlight: () => number;
  /** Hold incoming messages back at the broker, within its receive maximum; a long hold ends in a keepalive time-out. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends the attempt politely: the broker forgets the will. Kills the socket after 1 s without an answer. */
  readonly disconnect: () => void;
  /** Ends the attempt at once, half-open or not: the broker will publish the will. Nothing happens without an attempt. */
  readonly destroy: () => void;
};

/** Makes a link. The runtime is given this, so that it can be given a fake. */
export type MakeLink = (listener: LinkListener) => Link;
