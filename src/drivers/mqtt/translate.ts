/** The port's words in mqtt.js's, and back. */
import type { IClientOptions, IPublishPacket } from 'mqtt';
import type {
  ConnectOptions,
  FilterResult,
  IncomingMessage,
  MessageProperties,
  OutgoingMessage,
  PublishResult,
  Will,
} from '../../ports/link.ts';
import { nothingStored } from './nothingStored.ts';

/** MQTT 5, 2.4: reason codes from here on are failures. */
export const FIRST_FAILURE = 0x80;
const NO_SUBSCRIBERS = 0x10;

const toWill = (will: Will): NonNullable<IClientOptions['will']> => ({
  topic: will.topic,
  payload: Buffer.from(will.payload),
  qos: will.qos,
  retain: will.retain,
  properties: { willDelayInterval: will.delayS },
});

export const clientOptions = (options: ConnectOptions): IClientOptions => ({
  protocolVersion: 5,
  clientId: options.clientId,
  clean: false,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  keepalive: options.keepaliveS,
  timerVariant: 'native',
  // The attempt's own timer covers TCP, TLS and CONNACK together; the library's must never be the first.
  connectTimeout: options.connectTimeoutMs * 2 + 60_000,
  outgoingStore: nothingStored(),
  incomingStore: nothingStored(),
  properties: {
    sessionExpiryInterval: options.sessionExpiryS,
    receiveMaximum: options.receiveMaximum,
    maximumPacketSize: options.maximumPacketBytes,
  },
  ...(options.username === undefined ? {} : { username: options.username }),
  ...(options.password === undefined ? {} : { password: options.password }),
  ...(options.will === undefined ? {} : { will: toWill(options.will) }),
});

export const toProperties = (properties: MessageProperties | undefined): NonNullable<IPublishPacket['properties']> => ({
  ...(properties?.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
  ...(properties?.correlationData === undefined ? {} : { correlationData: Buffer.from(properties.correlationData) }),
  ...(properties?.contentType === undefined ? {} : { contentType: properties.contentType }),
  ...(properties?.messageExpiryS === undefined ? {} : { messageExpiryInterval: properties.messageExpiryS }),
});

const fromProperties = (properties: IPublishPacket['properties']): MessageProperties => ({
  ...(properties?.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
  ...(properties?.correlationData === undefined ? {} : { correlationData: new Uint8Array(properties.correlationData) }),
  ...(properties?.contentType === undefined ? {} : { contentType: properties.contentType }),
  ...(properties?.messageExpiryInterval === undefined ? {} : { messageExpiryS: properties.messageExpiryInterval }),
});

/** Copied: the library's buffer is a view of the whole chunk that came from the socket. */
export const fromPublish = (packet: IPublishPacket): IncomingMessage => ({
  topic: packet.topic,
  payload: new Uint8Array(typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload),
  qos: packet.qos,
  retain: packet.retain,
  duplicate: packet.dup,
  properties: fromProperties(packet.properties),
});

export const publishResultOf = (reasonCode: number): PublishResult =>
  reasonCode >= FIRST_FAILURE
    ? { kind: 'refused', code: reasonCode }
    : { kind: 'acknowledged', noSubscribers: reasonCode === NO_SUBSCRIBERS };

export const filterResult = (filter: string, code: number): FilterResult => {
  if (code === 0 || code === 1 || code === 2) return { kind: 'granted', filter, qos: code };
  return { kind: 'refused', filter, code };
};

/** An upper bound of what the message takes on the wire: names, lengths and ids are within the 64 added bytes. */
export const wireBytesOf = ({ topic, payload, properties }: OutgoingMessage): number =>
  64 +
  payload.length +
  Buffer.byteLength(topic) +
  Buffer.byteLength(properties?.responseTopic ?? '') +
  Buffer.byteLength(properties?.contentType ?? '') +
  (properties?.correlationData?.length ?? 0);

export const isTopicName = (topic: string): boolean =>
  topic.length > 0 && Buffer.byteLength(topic) <= 65_535 && !/[+#\0]/.test(topic);
