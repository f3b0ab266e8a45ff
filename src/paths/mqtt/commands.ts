/**
 * Commands from afar. What nobody need think about is refused here: retained, malformed, repeated, too many. The rest goes
 * to the shell, which knows challenges, keys and doors; its answers come back and go out, each to its own reply topic only.
 */
import { after, MINUTE, SECOND } from '../../core/time.ts';
import { COMMAND_VERBS } from '../../protocol/commands.ts';
import type { Answer, CommandMessage, CommandRefusal, CommandVerb, ReplyMessage } from '../../protocol/commands.ts';
import { decodeCommand, encode } from '../../protocol/payloads.ts';
import type { Decoded } from '../../protocol/payloads.ts';
import { parseTopic, topicOf } from '../../protocol/topics.ts';
import { enqueue, report, set } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { CommandState, PathInput, PendingCommand, Publication } from './types.ts';

type Incoming = PathInput & { readonly kind: 'message' };
type Answered = PathInput & { readonly kind: 'answer' };

const IDS_REMEMBERED = 256;
const CORRELATION_MOST_BYTES = 256;
/** Commands under way at a time. Each operator has few challenges, and a door one release: this many are a fault. */
const PENDING_MOST = 16;
/** A door held open is told long before; what is not answered by then never is. */
const PENDING_MS = 15 * MINUTE;

const change = (frame: PathFrame, commands: Partial<CommandState>): void =>
  set(frame, { commands: { ...frame.state.commands, ...commands } });

/** Commands in the minute that runs, this one included. */
const countCommand = (frame: PathFrame): number => {
  const { minuteStart, heard } = frame.state.commands;
  const isNewMinute = frame.now - minuteStart >= MINUTE;
  const count = isNewMinute ? 1 : heard + 1;
  change(frame, { minuteStart: isNewMinute ? frame.now : minuteStart, heard: count });
  return count;
};

const remember = (frame: PathFrame, id: string): void =>
  change(frame, { seen: [...frame.state.commands.seen, id].slice(-IDS_REMEMBERED) });

// ---- what is refused here

const isSigned = ({ challenge, signature }: CommandMessage): boolean => challenge !== undefined && signature !== undefined;

/** The verbs that something is done for. */
const refusalOfVerb = (verb: CommandVerb, command: CommandMessage): CommandRefusal | undefined => {
  if (verb === 'challenge') return undefined;
  if (!isSigned(command)) return 'unsigned';
  if (verb !== 'unlock') return 'not-supported';
  return isUnlock(command) ? undefined : 'invalid';
};

/** A door, and nothing that no signature would cover. */
const isUnlock = ({ door, area, zone, mode }: CommandMessage): boolean =>
  door !== undefined && area === undefined && zone === undefined && mode === undefined;

const verbOf = (word: string): CommandVerb | undefined => COMMAND_VERBS.find((known) => known === word);

type Checked =
  | { readonly ok: true; readonly verb: CommandVerb; readonly command: CommandMessage }
  | { readonly ok: false; readonly reason: CommandRefusal };

const refused = (reason: CommandRefusal): Checked => ({ ok: false, reason });

const check = (frame: PathFrame, word: string, input: Incoming, decoded: Decoded<CommandMessage>): Checked => {
  if (input.retain) return refused('retained');
  if (!decoded.ok) return refused(decoded.reason === 'too-large' ? 'too-large' : 'invalid');
  const verb = verbOf(word);
  if (verb === undefined) return refused('unknown-verb');
  const { commands } = frame.state;
  if (commands.seen.includes(decoded.value.id)) return refused('replayed');
  const reason = refusalOfVerb(verb, decoded.value);
  if (reason !== undefined) return refused(reason);
  return pendingNow(frame).length >= PENDING_MOST ? refused('rate-limited') : { ok: true, verb, command: decoded.value };
};

const pendingNow = ({ state, now }: PathFrame): readonly PendingCommand[] =>
  state.commands.pending.filter(({ since }) => now - since < PENDING_MS);

// ---- answering

/** Where the answer goes: the topic asked for if it is one of our own reply topics, else the one named by the command. */
const replyId = (frame: PathFrame, input: Incoming, command: Decoded<CommandMessage>): string | undefined => {
  const asked = parseTopic(input.properties.responseTopic ?? '');
  if (asked?.kind === 'reply' && asked.site === frame.config.site) return asked.id;
  return command.ok ? command.value.id : undefined;
};

/** What an answer goes back with. */
type Asked = Pick<PendingCommand, 'replyTo' | 'id' | 'correlationData'> & { readonly verb: CommandVerb | 'unknown' };

const correlationOf = ({ properties }: Incoming): Pick<PendingCommand, 'correlationData'> => {
  const { correlationData } = properties;
  const echoes = correlationData !== undefined && correlationData.byteLength <= CORRELATION_MOST_BYTES;
  return echoes ? { correlationData } : {};
};

/** How long an answer is worth something, at the broker as here. */
const ANSWER_S = 15;
const ANSWERS_KEPT = 32;

const replyOf = (frame: PathFrame, { replyTo, id, verb, correlationData }: Asked, answer: Answer): Publication => {
  const message: ReplyMessage = { v: 1, id, verb, ...answer };
  return {
    topic: topicOf({ kind: 'reply', site: frame.config.site, id: replyTo }),
    payload: encode(message),
    qos: 1,
    retain: false,
    properties: { messageExpiryS: ANSWER_S, ...(correlationData === undefined ? {} : { correlationData }) },
  };
};

/** Kept for a connection that is lost with it, or not there; `answersToRepeat` says for how long. */
const reply = (frame: PathFrame, asked: Asked, answer: Answer): void => {
  const publication = replyOf(frame, asked, answer);
  const answers = [...frame.state.commands.answers, { at: frame.now, publication }].slice(-ANSWERS_KEPT);
  change(frame, { answers });
  if (frame.state.connection.kind === 'up') enqueue(frame, [publication]);
};

/**
 * After a new connection, what may have been lost with the old one: answers of the last 15 s, in their order. Older ones
 * would tell of a door as it was, to somebody who has stopped waiting.
 */
export const answersToRepeat = ({ state, now }: PathFrame): readonly Publication[] =>
  state.commands.answers.filter(({ at }) => now <= after(at, ANSWER_S * SECOND)).map(({ publication }) => publication);

// ---- a command

const hand = (frame: PathFrame, verb: CommandVerb, command: CommandMessage, asked: Asked): void => {
  const { id, replyTo, correlationData } = asked;
  const pending = { id, verb, replyTo, ...(correlationData && { correlationData }), since: frame.now };
  change(frame, { pending: [...pendingNow(frame), pending] });
  frame.sends.push({ kind: 'command', verb, command });
};

/**
 * A flood of commands is not worth a flood of answers: beyond the limit each is refused unread, and beyond twice the limit
 * none is answered any more.
 */
export const onCommand = (frame: PathFrame, word: string, input: Incoming): void => {
  const count = countCommand(frame);
  const most = frame.config.commandsPerMinute;
  const decoded = decodeCommand(input.payload);
  const checked = count > most ? refused('rate-limited') : check(frame, word, input, decoded);
  if (decoded.ok && count <= most) remember(frame, decoded.value.id);
  const replyTo = replyId(frame, input, decoded);
  const id = decoded.ok ? decoded.value.id : (replyTo ?? '');
  const asked = { replyTo: replyTo ?? id, id, verb: verbOf(word) ?? ('unknown' as const), ...correlationOf(input) };
  if (checked.ok) return hand(frame, checked.verb, checked.command, asked);
  report(frame, 'command-refused', checked.reason, { verb: word.slice(0, 32) });
  if (replyTo !== undefined && count <= 2 * most) reply(frame, asked, { ok: false, reason: checked.reason });
};

const isLast = (answer: Answer): boolean => !answer.ok || 'challenge' in answer || answer.final;

/** The shell has an answer. What nobody asked, or asked too long ago, is answered to nobody. */
export const onAnswer = (frame: PathFrame, { command, answer, operator, isTold }: Answered): void => {
  const pending = frame.state.commands.pending.find(({ id }) => id === command);
  if (!pending) return;
  if (!answer.ok && !isTold) report(frame, 'command-refused', answer.reason, { verb: pending.verb, operator });
  if (isLast(answer)) change(frame, { pending: frame.state.commands.pending.filter((other) => other !== pending) });
  reply(frame, pending, answer);
};
