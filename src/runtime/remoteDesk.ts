/**
 * Between operators afar and the core. Challenges are given and used up here, and signatures proved; the core hears of a
 * command only when it is fresh and the operator's own, and judges the rest. What comes of it is read from what the core
 * told, once that is on disk, and goes back to the operator.
 */
import type { DoorId, OperatorId } from '../core/config.ts';
import type { Event, Refusal } from '../core/event.ts';
import type { Input, Way } from '../core/input.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import { MINUTE } from '../core/time.ts';
import type { Monotonic } from '../core/time.ts';
import type { Signatures } from '../ports/signatures.ts';
import { isFinalStage, signedBytes, UNLOCK_STAGES } from '../protocol/commands.ts';
import type { Answer, CommandMessage, CommandRefusal, CommandVerb, UnlockStage } from '../protocol/commands.ts';
import { CHALLENGE_MS, makeChallenges } from './challenges.ts';
import type { Challenges } from './challenges.ts';

export type Answered = {
  /** The command's id. */
  readonly command: string;
  readonly operator: string;
  readonly answer: Answer;
  /** A refusal that the core has journalled. */
  readonly isTold: boolean;
};

export type RemoteDesk = {
  readonly onCommand: (verb: CommandVerb, command: CommandMessage) => void;
  /** Events of a step that is on disk. */
  readonly onCommitted: (events: readonly Event[]) => void;
};

export type RemoteDeskOptions = {
  readonly site: Site;
  /** Operators of the site, with the 32 bytes of each one's public key. */
  readonly publicKeys: ReadonlyMap<OperatorId, Uint8Array>;
  readonly signatures: Signatures;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly state: () => State;
  readonly submit: (input: Input, at: Monotonic) => void;
  readonly now: () => Monotonic;
  readonly answer: (answered: Answered) => void;
};

type Reason = CommandRefusal | Refusal;

/** Handed to the core, and not finished. */
type Pending = { readonly operator: OperatorId; readonly door: DoorId; readonly since: Monotonic };

type Desk = {
  readonly options: RemoteDeskOptions;
  readonly challenges: Challenges;
  readonly pending: Map<string, Pending>;
  attempts: number;
};

/** A door held open is told long before: the core has forgotten it, and so do we. */
const PENDING_MS = 15 * MINUTE;

export const makeRemoteDesk = (options: RemoteDeskOptions): RemoteDesk => {
  const desk: Desk = { options, challenges: makeChallenges(options), pending: new Map(), attempts: 0 };
  return {
    onCommand: (verb, command) => (verb === 'challenge' ? giveChallenge(desk, command) : unlock(desk, command)),
    onCommitted: (events) => {
      for (const event of events) tellEvent(desk, event);
    },
  };
};

/** In the place of a desk where nothing is opened from afar. */
export const closedDesk = (answer: RemoteDeskOptions['answer']): RemoteDesk => ({
  onCommand: (_verb, { id, operator }) =>
    answer({ command: id, operator, answer: { ok: false, reason: 'not-supported' }, isTold: false }),
  onCommitted: () => undefined,
});

const refuse = ({ options }: Desk, { id, operator }: CommandMessage, reason: Reason): void =>
  options.answer({ command: id, operator, answer: { ok: false, reason }, isTold: false });

// ---- who asks

const isLockedOut = ({ options }: Desk): boolean => {
  const { lockedUntil } = options.state().durable.people.shared;
  return lockedUntil !== undefined && options.now() < lockedUntil;
};

const hasStorageFailed = ({ options }: Desk): boolean =>
  options.state().durable.conditions.some(({ condition }) => condition === 'storage-failed');

/** What stands against anything this operator asks for, now. The core judges again what it knows better. */
const refusalOf = (desk: Desk, { operator, site }: CommandMessage): Reason | undefined => {
  const { options } = desk;
  if (site !== undefined && site !== options.site.config.site) return 'wrong-site';
  if (!options.publicKeys.has(operator)) return 'unknown-operator';
  if (options.state().durable.people.revokedOperators.includes(operator)) return 'revoked';
  if (isLockedOut(desk)) return 'locked-out';
  return hasStorageFailed(desk) ? 'storage-failed' : undefined;
};

const giveChallenge = (desk: Desk, command: CommandMessage): void => {
  const { id, operator } = command;
  const refusal = refusalOf(desk, command);
  if (refusal) return refuse(desk, command, refusal);
  const challenge = desk.challenges.give(operator);
  if (challenge === undefined) return refuse(desk, command, 'rate-limited');
  desk.options.answer({ command: id, operator, answer: { ok: true, challenge, expiresInMs: CHALLENGE_MS }, isTold: false });
};

// ---- an unlock

/** The path lets nothing through that lacks one of these. */
type Signed = CommandMessage & { readonly door: string; readonly challenge: string; readonly signature: string };

const isWhole = (command: CommandMessage): command is Signed =>
  command.door !== undefined && command.challenge !== undefined && command.signature !== undefined;

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));

const prove = ({ options }: Desk, command: Signed): boolean | Promise<boolean> => {
  const { id, operator, challenge, door, signature } = command;
  const publicKey = options.publicKeys.get(operator);
  const bytes = signedBytes({ site: options.site.config.site, operator, command: id, challenge, door });
  return publicKey !== undefined && options.signatures.verify(publicKey, bytes, bytesOf(signature));
};

/** The challenge is used up before anything is waited for: of two commands that name it, one goes on. */
const unlock = (desk: Desk, command: CommandMessage): void => {
  if (!isWhole(command)) return refuse(desk, command, 'invalid');
  const refusal = refusalOf(desk, command) ?? desk.challenges.take(command.operator, command.challenge);
  if (refusal) return refuse(desk, command, refusal);
  const proof = prove(desk, command);
  if (typeof proof === 'boolean') return onProof(desk, command, proof);
  void proof.then((isProved) => onProof(desk, command, isProved));
};

const onProof = (desk: Desk, command: Signed, isProved: boolean): void => {
  if (!isProved) return countWrong(desk, command);
  const meanwhile = refusalOf(desk, command);
  if (meanwhile) return refuse(desk, command, meanwhile);
  submitUnlock(desk, command);
};

/**
 * A wrong signature is a wrong code: it counts with those of outside keypads and the page. Attempts are numbered downwards
 * from 0, so that they never meet a keypad's, which go upwards.
 */
const countWrong = (desk: Desk, command: Signed): void => {
  const { submit, now } = desk.options;
  const way: Way = { kind: 'remote', operator: command.operator };
  desk.attempts -= 1;
  const said = { attempt: desk.attempts, way, keyedAt: now() };
  submit({ kind: 'attempt', ...said }, now());
  submit({ kind: 'verdict', ...said, by: 'code', credential: undefined, request: { verb: 'code' } }, now());
  refuse(desk, command, 'bad-signature');
};

const submitUnlock = (desk: Desk, { id, operator, door }: Signed): void => {
  const { pending, options } = desk;
  const since = options.now();
  for (const [other, { since: at }] of pending) if (since - at >= PENDING_MS) pending.delete(other);
  pending.set(id, { operator, door, since });
  options.submit({ kind: 'remote-unlock', command: id, operator, door }, since);
};

// ---- what came of it

const resultOf = ({ detail }: Event): Answer | UnlockStage | undefined => {
  if (detail?.['result'] === 'storage-failed') return { ok: false, reason: 'storage-failed' };
  return UNLOCK_STAGES.find((stage) => isFinalStage(stage) && stage === detail?.['result']);
};

/**
 * A disk that failed, or took longer than the release, has taken back what it granted before the lock moved: then nothing is
 * released, and the end says why.
 */
const stillReleased = ({ options }: Desk, door: DoorId): 'released' | undefined => {
  const place = options.site.doors.get(door);
  return place && options.state().volatile.locks[place.index]?.release ? 'released' : undefined;
};

const heardIn = (desk: Desk, event: Event, door: DoorId): Answer | UnlockStage | undefined => {
  switch (event.kind) {
    case 'access-refused':
      return { ok: false, reason: event.reason ?? 'not-remote' };
    case 'access-granted':
      return stillReleased(desk, door);
    case 'access-used':
      return 'opened';
    case 'access-ended':
      return resultOf(event);
    default:
      return undefined;
  }
};

const tellEvent = (desk: Desk, event: Event): void => {
  const { command } = event;
  const pending = command === undefined ? undefined : desk.pending.get(command);
  if (command === undefined || !pending) return;
  const { operator, door } = pending;
  const heard = heardIn(desk, event, door);
  if (heard === undefined) return;
  const final = typeof heard !== 'string' || isFinalStage(heard);
  if (final) desk.pending.delete(command);
  const answer: Answer = typeof heard === 'string' ? { ok: true, door, stage: heard, final } : heard;
  desk.options.answer({ command, operator, answer, isTold: true });
};
