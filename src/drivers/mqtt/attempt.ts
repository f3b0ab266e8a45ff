/** One attempt of a link: from `connect` to its one `down`, with every answer that is due within it. */
import type { IConnackPacket, MqttClient, Packet } from 'mqtt';
import type { Socket } from 'node:net';
import type { ConnectOptions, NotSent, OutgoingMessage, PublishResult, SubscribeResult } from '../../ports/link.ts';
import { filterResult, FIRST_FAILURE, isTopicName, publishResultOf, wireBytesOf } from './translate.ts';

const LARGEST_BACKLOG_BYTES = 256 * 1024;
/** MQTT 5, 3.2.2.3.3: the receive maximum of a broker that tells none. */
const WINDOW_WHEN_UNTOLD = 65_535;

type PendingSubscribe = { readonly filters: readonly string[]; readonly settled: (result: SubscribeResult) => void };

export type Attempt = {
  readonly options: ConnectOptions;
  readonly publishes: Map<number, (result: PublishResult) => void>;
  readonly subscribes: Map<number, PendingSubscribe>;
  cancelOpening: () => void;
  timer: NodeJS.Timeout | undefined;
  socket: Socket | undefined;
  client: MqttClient | undefined;
  connack: IConnackPacket | undefined;
  up: boolean;
  ended: boolean;
  /** Lets go the message that `pause` holds back. */
  held: (() => void) | undefined;
  /** The system's or TLS's name of the last error on the socket. */
  socketCode: string | undefined;
};

export const newAttempt = (options: ConnectOptions): Attempt => ({
  options,
  publishes: new Map(),
  subscribes: new Map(),
  cancelOpening: () => undefined,
  timer: undefined,
  socket: undefined,
  client: undefined,
  connack: undefined,
  up: false,
  ended: false,
  held: undefined,
  socketCode: undefined,
});

export const windowOf = (attempt: Attempt): number => attempt.connack?.properties?.receiveMaximum ?? WINDOW_WHEN_UNTOLD;

/** Why this message may not be handed to the network now. */
export const notSent = (attempt: Attempt | undefined, message: OutgoingMessage): NotSent | undefined => {
  if (!attempt?.up) return 'not-connected';
  if (!isTopicName(message.topic)) return 'bad-topic';
  const told = attempt.connack?.properties;
  if (message.retain && told?.retainAvailable === false) return 'retain-unavailable';
  if (told?.maximumPacketSize !== undefined && wireBytesOf(message) > told.maximumPacketSize) return 'too-large';
  if (message.qos === 1 && attempt.publishes.size >= windowOf(attempt)) return 'window-full';
  if ((attempt.socket?.writableLength ?? 0) > LARGEST_BACKLOG_BYTES) return 'buffer-full';
  return undefined;
};

const takePuback = (attempt: Attempt, messageId: number, reasonCode: number): void => {
  const settled = attempt.publishes.get(messageId);
  attempt.publishes.delete(messageId);
  settled?.(publishResultOf(reasonCode));
};

const takeSuback = (attempt: Attempt, messageId: number, codes: readonly number[]): void => {
  const pending = attempt.subscribes.get(messageId);
  attempt.subscribes.delete(messageId);
  const answer = pending?.filters.map((filter, at) => filterResult(filter, codes[at] ?? FIRST_FAILURE));
  pending?.settled({ kind: 'answered', filters: answer ?? [] });
};

/** Read from the packets: the library's callbacks do not tell 0x10 and may stay away. */
export const takeAcknowledgement = (attempt: Attempt, packet: Packet): void => {
  if (packet.cmd === 'puback') takePuback(attempt, packet.messageId ?? 0, packet.reasonCode ?? 0);
  if (packet.cmd === 'suback') takeSuback(attempt, packet.messageId ?? 0, packet.granted.map(Number));
};

/** Gives every answer still due. */
export const settleAll = (attempt: Attempt): void => {
  for (const settled of attempt.publishes.values()) settled({ kind: 'connection-lost' });
  for (const { settled } of attempt.subscribes.values()) settled({ kind: 'connection-lost' });
  attempt.publishes.clear();
  attempt.subscribes.clear();
};

/** Frees what the attempt holds: timer, socket (killed, half-open or not) and the library's client. */
export const tearDown = (attempt: Attempt): void => {
  attempt.ended = true;
  attempt.up = false;
  attempt.held = undefined;
  clearTimeout(attempt.timer);
  attempt.cancelOpening();
  attempt.client?.end(true);
  attempt.socket?.destroy();
};
