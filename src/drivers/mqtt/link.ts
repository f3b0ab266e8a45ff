/**
 * The link over mqtt.js 5, used as a transport and nothing more. Each attempt makes a new client on a stream that is
 * already open, and destroys both at its end; reconnection, waiting and repetition are the path's.
 *
 * What is switched off or done here because of how the library behaves (all measured on 5.16.0):
 * - its store replays with dup = false and the same ids: it is given one that keeps nothing;
 * - its reconnection is at a fixed period and plays ping-pong with a twin of the same client id: period 0;
 * - messages given to it while offline queue without a bound, or lose their callback: none is given while not up;
 * - it ignores the broker's receive maximum and maximum packet size: both are refused here before it sees the message;
 * - 0x10 (no subscribers) is not told by its callback: acknowledgements are read from the packets;
 * - a connection lost with messages under way may never call back: every answer still due is given here;
 * - `end` without force waits for acknowledgements that may never come: what is under way is taken from it first.
 *
 * Clean start is false with a short session expiry. Not for the broker's queue (ours is on disk, and what the broker
 * kept for us is seen twice at most): a clean start makes the broker end the old session, and its will with it, so each
 * reconnection within the will's delay would tell the centre *offline* (MQTT 5, 3.1.2.4 and 3.1.3.2.2).
 */
import { MqttClient } from 'mqtt';
import type { Packet } from 'mqtt';
import type { Socket } from 'node:net';
import type { ConnectOptions, DownReason, Link, LinkListener, OutgoingMessage } from '../../ports/link.ts';
import { newAttempt, notSent, settleAll, takeAcknowledgement, tearDown, windowOf } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { makeFrameGuard } from './frameGuard.ts';
import { codeOf, lossReason, openSocket } from './socket.ts';
import type { Opened } from './socket.ts';
import { isFilter } from './topicFilter.ts';
import { clientOptions, fromPublish, toProperties } from './translate.ts';

const PARTING_MS = 1_000;
const SESSION_TAKEN_OVER = 0x8e;

type LinkState = { readonly listener: LinkListener; current: Attempt | undefined; paused: boolean };

/** Ends the attempt now; says so a microtask later, so that nothing is told inside the caller's own call. */
const finish = (link: LinkState, attempt: Attempt, reason: DownReason): void => {
  if (attempt.ended) return;
  tearDown(attempt);
  queueMicrotask(() => {
    settleAll(attempt);
    link.current = undefined;
    link.listener({ kind: 'down', reason });
  });
};

const takePacket = (link: LinkState, attempt: Attempt, packet: Packet): void => {
  if (attempt.ended) return;
  switch (packet.cmd) {
    case 'connack':
      attempt.connack = packet;
      if (packet.reasonCode) finish(link, attempt, { kind: 'refused', code: packet.reasonCode });
      return;
    case 'disconnect': {
      const code = packet.reasonCode ?? 0;
      finish(link, attempt, code === SESSION_TAKEN_OVER ? { kind: 'taken-over' } : { kind: 'disconnected', code });
      return;
    }
    default:
      takeAcknowledgement(attempt, packet);
  }
};

const goUp = (link: LinkState, attempt: Attempt, certificateNotYetValid: boolean): void => {
  if (attempt.ended) return;
  clearTimeout(attempt.timer);
  attempt.up = true;
  const told = attempt.connack?.properties;
  link.listener({
    kind: 'up',
    sessionPresent: attempt.connack?.sessionPresent === true,
    receiveMaximum: windowOf(attempt),
    maximumPacketBytes: told?.maximumPacketSize,
    keepaliveS: told?.serverKeepAlive ?? attempt.options.keepaliveS,
    certificateNotYetValid,
  });
};

const watchSocket = (link: LinkState, attempt: Attempt, socket: Socket): void => {
  const tooLarge = makeFrameGuard(attempt.options.maximumPacketBytes);
  socket.on('data', (chunk: Buffer) => {
    const bytes = tooLarge(chunk);
    if (bytes !== undefined) finish(link, attempt, { kind: 'packet-too-large', bytes });
  });
  socket.on('error', (error) => {
    attempt.socketCode = codeOf(error);
  });
  socket.on('close', () => {
    const { socketCode: code } = attempt;
    finish(link, attempt, code === undefined ? { kind: 'closed', code } : lossReason(code));
  });
};

const watchClient = (link: LinkState, attempt: Attempt, client: MqttClient, certificateNotYetValid: boolean): void => {
  // The library reads no further before the message it gave is let go.
  client.handleMessage = (_packet, next) => {
    if (link.paused) attempt.held = () => next();
    else next();
  };
  client.onKeepaliveTimeout = () => finish(link, attempt, { kind: 'timeout', during: 'keepalive' });
  client.on('packetreceive', (packet) => takePacket(link, attempt, packet));
  client.on('connect', () => goUp(link, attempt, certificateNotYetValid));
  client.on('message', (_topic, _payload, packet) => {
    if (!attempt.ended) link.listener({ kind: 'message', message: fromPublish(packet) });
  });
  client.on('error', () => {
    // An error of the socket is told by its close; what the broker or the size said has ended the attempt already.
    if (attempt.socketCode === undefined) finish(link, attempt, { kind: 'protocol-error' });
  });
};

const proceed = (link: LinkState, attempt: Attempt, opened: Opened): void => {
  attempt.cancelOpening = () => undefined;
  if (opened.kind === 'failed') return finish(link, attempt, opened.reason);
  attempt.socket = opened.socket;
  watchSocket(link, attempt, opened.socket);
  const client = new MqttClient(() => opened.socket, clientOptions(attempt.options));
  attempt.client = client;
  watchClient(link, attempt, client, opened.certificateNotYetValid);
};

const connect = (link: LinkState, options: ConnectOptions): void => {
  if (link.current) throw new Error('a link makes one attempt at a time');
  const attempt = newAttempt(options);
  link.current = attempt;
  const give = (): void => finish(link, attempt, { kind: 'timeout', during: 'connecting' });
  attempt.timer = setTimeout(give, options.connectTimeoutMs);
  attempt.cancelOpening = openSocket(options, (opened) => proceed(link, attempt, opened)).cancel;
};

const send = (client: MqttClient, message: OutgoingMessage): number => {
  const { topic, payload, qos, retain } = message;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  client.publish(topic, bytes, { qos, retain, properties: toProperties(message.properties) }, () => undefined);
  return client.getLastMessageId();
};

const publish = (link: LinkState, ...[message, settled]: Parameters<Link['publish']>): void => {
  const attempt = link.current;
  const reason = notSent(attempt, message);
  if (reason || !attempt?.client) {
    queueMicrotask(() => settled({ kind: 'not-sent', reason: reason ?? 'not-connected' }));
    return;
  }
  const messageId = send(attempt.client, message);
  if (message.qos === 1) attempt.publishes.set(messageId, settled);
  else queueMicrotask(() => settled({ kind: 'acknowledged', noSubscribers: false }));
};

const subscribe = (link: LinkState, ...[filters, qos, settled]: Parameters<Link['subscribe']>): void => {
  const attempt = link.current;
  const bad = filters.length === 0 || !filters.every(isFilter);
  if (bad || !attempt?.up || !attempt.client) {
    queueMicrotask(() => settled({ kind: 'not-sent', reason: bad ? 'bad-filter' : 'not-connected' }));
    return;
  }
  // Retain as published: a message the broker kept is to be told from one sent just now.
  attempt.client.subscribe([...filters], { qos, rap: true }, () => undefined);
  attempt.subscribes.set(attempt.client.getLastMessageId(), { filters, settled });
};

const resume = (link: LinkState): void => {
  link.paused = false;
  const held = link.current?.held;
  if (link.current) link.current.held = undefined;
  held?.();
};

const disconnect = (link: LinkState): void => {
  const attempt = link.current;
  if (!attempt || attempt.ended) return;
  const end = (): void => finish(link, attempt, { kind: 'destroyed' });
  if (!attempt.up || !attempt.client) return end();
  attempt.up = false;
  attempt.timer = setTimeout(end, PARTING_MS);
  attempt.socket?.prependListener('close', end);
  for (const messageId of [...attempt.publishes.keys(), ...attempt.subscribes.keys()]) {
    attempt.client.removeOutgoingMessage(messageId);
  }
  attempt.client.end(false);
};

/** Makes a link to a real broker. It holds no timer and no socket while no attempt runs. */
export const mqttLink = (listener: LinkListener): Link => {
  const link: LinkState = { listener, current: undefined, paused: false };
  return {
    connect: (options) => connect(link, options),
    publish: (message, settled) => publish(link, message, settled),
    subscribe: (filters, qos, settled) => subscribe(link, filters, qos, settled),
    inFlight: () => link.current?.publishes.size ?? 0,
    pause: () => {
      link.paused = true;
    },
    resume: () => resume(link),
    disconnect: () => disconnect(link),
    destroy: () => {
      if (link.current) finish(link, link.current, { kind: 'destroyed' });
    },
  };
};
