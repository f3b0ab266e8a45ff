/** What comes down to a site: acknowledgements, marks and status of the centre, commands; and our answer to a command. */
import type { ArmMode } from '../core/config.ts';
import type { Lane } from '../core/event.ts';
import { hex, id, lane, v1, word } from './fields.ts';
import { constant, integer, list, object, oneOf, optional } from './schema.ts';
import type { Schema } from './schema.ts';

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
