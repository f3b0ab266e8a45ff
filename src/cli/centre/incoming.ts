/** What a message on a topic is to the receiver: an input for it, or a reason to put it aside. */
import type { IncomingMessage } from '../../ports/link.ts';
import { decodeEvent, decodeHeartbeat, decodeStatus } from '../../protocol/payloads.ts';
import type { EventMessage, HeartbeatMessage, StatusMessage } from '../../protocol/messages.ts';
import { parseTopic, topicOfEvent } from '../../protocol/topics.ts';
import type { AsideReason } from './events.ts';

export type Incoming =
  | { readonly kind: 'event'; readonly message: EventMessage }
  | { readonly kind: 'status'; readonly message: StatusMessage }
  | { readonly kind: 'heartbeat'; readonly message: HeartbeatMessage }
  | { readonly kind: 'aside'; readonly site: string; readonly reason: AsideReason }
  /** Our own words, and what a broker kept for nobody. */
  | { readonly kind: 'nothing' };

const eventIn = (site: string, { topic, payload }: IncomingMessage): Incoming => {
  const decoded = decodeEvent(payload);
  if (!decoded.ok) return { kind: 'aside', site, reason: decoded.reason };
  return decoded.value.site === site && topicOfEvent(decoded.value) === topic
    ? { kind: 'event', message: decoded.value }
    : { kind: 'aside', site, reason: 'topic-mismatch' };
};

const statusIn = (site: string, { payload }: IncomingMessage): Incoming => {
  // An empty payload is how a broker is told to forget a retained message.
  if (payload.length === 0) return { kind: 'nothing' };
  const decoded = decodeStatus(payload);
  if (!decoded.ok) return { kind: 'aside', site, reason: decoded.reason };
  return decoded.value.site === site
    ? { kind: 'status', message: decoded.value }
    : { kind: 'aside', site, reason: 'topic-mismatch' };
};

/** A retained heartbeat would say that a site lives which may be dead: it counts as no word of it. */
const heartbeatIn = (site: string, { payload, retain }: IncomingMessage): Incoming => {
  if (retain) return { kind: 'nothing' };
  const decoded = decodeHeartbeat(payload);
  if (!decoded.ok) return { kind: 'aside', site, reason: decoded.reason };
  return decoded.value.site === site
    ? { kind: 'heartbeat', message: decoded.value }
    : { kind: 'aside', site, reason: 'topic-mismatch' };
};

export const incomingOf = (message: IncomingMessage): Incoming => {
  const topic = parseTopic(message.topic);
  switch (topic?.kind) {
    case 'alarm':
    case 'event':
      return eventIn(topic.site, message);
    case 'status':
      return statusIn(topic.site, message);
    case 'heartbeat':
      return heartbeatIn(topic.site, message);
    case 'centre-status':
      return { kind: 'nothing' };
    default:
      return { kind: 'aside', site: topic && 'site' in topic ? topic.site : '', reason: 'unknown-topic' };
  }
};
