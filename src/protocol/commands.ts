/**
 * Commands from afar and their answers. A *challenge* is 32 random bytes that the controller gave to one operator, good
 * for one command and for seconds. What an operator signs is `signedBytes`: it names everything that the command says, so
 * that a signature serves for nothing else.
 */
import type { ArmMode } from '../core/config.ts';
import type { Refusal } from '../core/event.ts';
import { id, open, v1, word } from './fields.ts';
import { constant, flag, integer, object, oneOf, optional, text } from './schema.ts';
import type { JsonSchema, Schema } from './schema.ts';

export const COMMAND_VERBS = ['challenge', 'unlock', 'arm', 'acknowledge', 'reset', 'test', 'snapshot'] as const;
export type CommandVerb = (typeof COMMAND_VERBS)[number];

export const CHALLENGE_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** So many bytes in lower-case hexadecimal. */
const hexOf = (bytes: number): Schema<string> => text({ pattern: new RegExp(`^[0-9a-f]{${bytes * 2}}$`), max: bytes * 2 });

const challenge = hexOf(CHALLENGE_BYTES);

export type CommandMessage = {
  readonly v: 1;
  /** Chosen by the sender, used once; the answer names it. */
  readonly id: string;
  readonly operator: string;
  /** The site it was signed for; where it is left out, the topic says it. */
  readonly site?: string;
  readonly area?: string;
  readonly door?: string;
  readonly zone?: string;
  readonly mode?: ArmMode;
  readonly challenge?: string;
  /** Ed25519 (RFC 8032) over `signedBytes`. */
  readonly signature?: string;
};

export const commandSchema: Schema<CommandMessage> = object<CommandMessage>({
  v: v1,
  id,
  operator: id,
  site: optional(id),
  area: optional(id),
  door: optional(id),
  zone: optional(id),
  mode: optional(oneOf(['full', 'partial', 'night'])),
  challenge: optional(challenge),
  signature: optional(hexOf(SIGNATURE_BYTES)),
});

// ---- what is signed

export type SignedUnlock = {
  readonly site: string;
  readonly operator: string;
  /** The command's `id`. */
  readonly command: string;
  /** As it was given, lower-case hexadecimal. */
  readonly challenge: string;
  readonly door: string;
};

/** Nothing else that these keys may ever sign begins like this. */
const DOMAIN = 'vigie-command-v1';

const encoder = new TextEncoder();

/** A netstring: its length in bytes, a colon, the text, a comma. One list of texts is never another one run together. */
const netstring = (field: string): string => `${encoder.encode(field).byteLength}:${field},`;

/** The bytes that a signature to unlock a door is made over. */
export const signedBytes = ({ site, operator, command, challenge: given, door }: SignedUnlock): Uint8Array =>
  encoder.encode([DOMAIN, site, 'unlock', door, operator, command, given].map(netstring).join(''));

// ---- answers

/** Why a command did not come as far as the door. What the controller's core refuses has the reasons of any refusal. */
export const COMMAND_REFUSALS = [
  'retained',
  'too-large',
  'invalid',
  'unknown-verb',
  'unsigned',
  'replayed',
  'rate-limited',
  'not-supported',
  'revoked',
  'wrong-site',
  'unknown-challenge',
  'challenge-used',
  'challenge-expired',
  'other-operators-challenge',
  'bad-signature',
] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

/**
 * How far an unlock has come, by what contacts and bolt say. `released`: the lock lets go. `opened`: the leaf was opened.
 * The others end it. `closed`: opened, and closed and locked again. `held`: opened and left open. `not-opened`: locked again
 * without having been opened. `unlock-failed`: the bolt did not let go. `superseded`: before anybody opened, the door was
 * released once more, and what comes of it is told to whoever asked last.
 */
export const UNLOCK_STAGES = ['released', 'opened', 'closed', 'held', 'not-opened', 'unlock-failed', 'superseded'] as const;
export type UnlockStage = (typeof UNLOCK_STAGES)[number];

export const isFinalStage = (stage: UnlockStage): boolean => stage !== 'released' && stage !== 'opened';

/** What an answer says, whatever command it answers. */
export type Answer =
  | { readonly ok: false; readonly reason: CommandRefusal | Refusal }
  | { readonly ok: true; readonly challenge: string; readonly expiresInMs: number }
  | { readonly ok: true; readonly door: string; readonly stage: UnlockStage; readonly final: boolean };

type Answering = { readonly v: 1; readonly id: string; readonly verb: string };
export type ReplyMessage = Answering & Answer;

const answering = { v: v1, id, verb: word };

type Fields<A> = Answering & A;
type RefusalReply = Fields<Extract<Answer, { ok: false }>>;
type ChallengeReply = Fields<Extract<Answer, { challenge: string }>>;
type StageReply = Fields<Extract<Answer, { stage: UnlockStage }>>;

/** No answer is two of these at once. */
const refusalReply = object<RefusalReply>({ ...answering, ok: constant(false), reason: open() });
const challengeReply = object<ChallengeReply>({ ...answering, ok: constant(true), challenge, expiresInMs: integer(0, 60_000) });
const stageReply = object<StageReply>({ ...answering, ok: constant(true), door: id, stage: oneOf(UNLOCK_STAGES), final: flag });

const json: JsonSchema = { oneOf: [refusalReply.json, challengeReply.json, stageReply.json] };

export const replySchema: Schema<ReplyMessage> = {
  json,
  accepts: (value): value is ReplyMessage =>
    refusalReply.accepts(value) || challengeReply.accepts(value) || stageReply.accepts(value),
};
