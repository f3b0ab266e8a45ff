/**
 * Commands from outside. None is carried out yet; each is refused with its reason, to its own reply topic only, and at
 * a bounded rate: a flood of commands is not worth a flood of answers.
 */
import { MINUTE } from '../../core/time.ts';
import { COMMAND_VERBS } from '../../protocol/centreMessages.ts';
import type { CommandMessage, CommandRefusal, ReplyMessage } from '../../protocol/centreMessages.ts';
import { decodeCommand, encode } from '../../protocol/payloads.ts';
import type { Decoded } from '../../protocol/payloads.ts';
import { parseTopic, topicOf } from '../../protocol/topics.ts';
import { enqueue, report, set } from './frame.ts';
import type { PathFrame } from './frame.ts';
import type { PathInput, Publication } from './types.ts';

type Incoming = PathInput & { readonly kind: 'message' };

const IDS_REMEMBERED = 256;
const CORRELATION_MOST_BYTES = 256;

/** Answers in the minute that runs, this one included. */
const countAnswer = (frame: PathFrame): number => {
  const { commands } = frame.state;
  const isNewMinute = frame.now - commands.minuteStart >= MINUTE;
  const answered = isNewMinute ? 1 : commands.answered + 1;
  set(frame, { commands: { ...commands, minuteStart: isNewMinute ? frame.now : commands.minuteStart, answered } });
  return answered;
};

const remember = (frame: PathFrame, id: string): void => {
  const { commands } = frame.state;
  set(frame, { commands: { ...commands, seen: [...commands.seen, id].slice(-IDS_REMEMBERED) } });
};

const isSigned = ({ challenge, signature }: CommandMessage): boolean => challenge !== undefined && signature !== undefined;

const refusalOf = (frame: PathFrame, verb: string, input: Incoming, command: Decoded<CommandMessage>): CommandRefusal => {
  if (input.retain) return 'retained';
  if (!command.ok) return command.reason === 'too-large' ? 'too-large' : 'invalid';
  if (!COMMAND_VERBS.some((known) => known === verb)) return 'unknown-verb';
  if (frame.state.commands.seen.includes(command.value.id)) return 'replayed';
  if (verb !== 'challenge' && !isSigned(command.value)) return 'unsigned';
  return 'not-supported';
};

/** Where the answer goes: the topic asked for if it is one of our own reply topics, else the one named by the command. */
const replyId = (frame: PathFrame, input: Incoming, command: Decoded<CommandMessage>): string | undefined => {
  const asked = parseTopic(input.properties.responseTopic ?? '');
  if (asked?.kind === 'reply' && asked.site === frame.config.site) return asked.id;
  return command.ok ? command.value.id : undefined;
};

const replyOf = (frame: PathFrame, input: Incoming, id: string, verb: string, reason: CommandRefusal): Publication => {
  const message: ReplyMessage = { v: 1, id, verb: COMMAND_VERBS.find((known) => known === verb) ?? 'unknown', ok: false, reason };
  const { correlationData } = input.properties;
  const echoes = correlationData !== undefined && correlationData.byteLength <= CORRELATION_MOST_BYTES;
  return {
    topic: topicOf({ kind: 'reply', site: frame.config.site, id }),
    payload: encode(message),
    qos: 1,
    retain: false,
    ...(echoes ? { properties: { correlationData } } : {}),
  };
};

export const onCommand = (frame: PathFrame, verb: string, input: Incoming): void => {
  const answered = countAnswer(frame);
  const most = frame.config.commandsPerMinute;
  const command = decodeCommand(input.payload);
  const reason = answered > most ? 'rate-limited' : refusalOf(frame, verb, input, command);
  if (command.ok && answered <= most) remember(frame, command.value.id);
  report(frame, 'command-refused', reason, { verb: verb.slice(0, 32) });
  const id = replyId(frame, input, command);
  if (id === undefined || answered > 2 * most) return;
  enqueue(frame, [replyOf(frame, input, id, verb, reason)]);
};
