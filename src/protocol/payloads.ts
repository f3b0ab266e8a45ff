/** Messages to bytes and back. Decoding never throws: what is not exactly a message is a reason. */
import { MAX_PAYLOAD_BYTES } from './fields.ts';
import type { EventBody, EventMessage, HeartbeatMessage, StatusMessage } from './messages.ts';
import { eventSchema, heartbeatSchema, statusSchema } from './messages.ts';
import type { AckMessage, CentreStatusMessage, MarksMessage } from './centreMessages.ts';
import { ackSchema, centreStatusSchema, marksSchema } from './centreMessages.ts';
import type { CommandMessage, ReplyMessage } from './commands.ts';
import { commandSchema, replySchema } from './commands.ts';
import type { Schema } from './schema.ts';

export type DecodeRefusal = 'too-large' | 'not-utf8' | 'not-json' | 'invalid';
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: DecodeRefusal };

const encoder = new TextEncoder();

export const encode = (message: object): Uint8Array => encoder.encode(JSON.stringify(message));

const textOf = (payload: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    return undefined;
  }
};

/** JSON text to a checked value. */
export const parse = <T>(schema: Schema<T>, text: string): Decoded<T> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not-json' };
  }
  return schema.accepts(value) ? { ok: true, value } : { ok: false, reason: 'invalid' };
};

export const decode = <T>(schema: Schema<T>, payload: Uint8Array): Decoded<T> => {
  if (payload.byteLength > MAX_PAYLOAD_BYTES) return { ok: false, reason: 'too-large' };
  const text = textOf(payload);
  return text === undefined ? { ok: false, reason: 'not-utf8' } : parse(schema, text);
};

export const decodeEvent = (payload: Uint8Array): Decoded<EventMessage> => decode(eventSchema, payload);
export const decodeStatus = (payload: Uint8Array): Decoded<StatusMessage> => decode(statusSchema, payload);
export const decodeHeartbeat = (payload: Uint8Array): Decoded<HeartbeatMessage> => decode(heartbeatSchema, payload);
export const decodeAck = (payload: Uint8Array): Decoded<AckMessage> => decode(ackSchema, payload);
export const decodeMarks = (payload: Uint8Array): Decoded<MarksMessage> => decode(marksSchema, payload);
export const decodeCentreStatus = (payload: Uint8Array): Decoded<CentreStatusMessage> => decode(centreStatusSchema, payload);
export const decodeCommand = (payload: Uint8Array): Decoded<CommandMessage> => decode(commandSchema, payload);
export const decodeReply = (payload: Uint8Array): Decoded<ReplyMessage> => decode(replySchema, payload);

// ---- events

export type Numbers = { readonly epoch: string; readonly seq: number; readonly previousEpoch?: string };

/** The message of a body and its number. The names come in a fixed order, so that a repetition is the same bytes. */
export const eventMessageOf = (body: EventBody, numbers: Numbers): EventMessage => {
  const { v, site, boot, lane, ...rest } = body;
  const { epoch, seq, previousEpoch } = numbers;
  return { v, site, epoch, boot, lane, seq, ...(previousEpoch === undefined ? {} : { previousEpoch }), ...rest };
};

type ListName = 'blockers' | 'zones';

const shortest = (message: EventMessage): EventMessage => {
  const { detail: _, ...rest } = message;
  return { ...rest, truncated: true };
};

/** Half of a list, the first half: the order of a list says what came first. */
const halved = (message: EventMessage, name: ListName): EventMessage =>
  name === 'blockers'
    ? {
        ...message,
        blockers: (message.blockers ?? []).slice(0, Math.floor((message.blockers ?? []).length / 2)),
        truncated: true,
      }
    : { ...message, zones: (message.zones ?? []).slice(0, Math.floor((message.zones ?? []).length / 2)), truncated: true };

const longest = (message: EventMessage): ListName | undefined => {
  const blockers = message.blockers?.length ?? 0;
  const zones = message.zones?.length ?? 0;
  if (blockers === 0 && zones === 0) return undefined;
  return blockers >= zones ? 'blockers' : 'zones';
};

/**
 * The bytes of an event, at most `limitBytes` as far as its lists allow: an alarm that the broker refuses for its
 * length helps nobody, so lists are cut and the message says so.
 */
export const encodeEvent = (message: EventMessage, limitBytes: number = MAX_PAYLOAD_BYTES): Uint8Array => {
  let bytes = encode(message);
  let cut = message;
  while (bytes.byteLength > limitBytes) {
    const list = longest(cut);
    if (list === undefined && cut.detail === undefined) return bytes;
    cut = list === undefined ? shortest(cut) : halved(cut, list);
    bytes = encode(cut);
  }
  return bytes;
};

/**
 * What makes an event the same event, whatever version of the controller wrote it out: two messages of one number with
 * different fingerprints are a conflict.
 */
export const fingerprintOf = (message: EventMessage): string =>
  JSON.stringify([
    message.boot,
    message.kind,
    message.at,
    message.area ?? null,
    message.zone ?? null,
    message.door ?? null,
    message.output ?? null,
    message.keypad ?? null,
    message.user ?? null,
    message.cause ?? null,
  ]);
