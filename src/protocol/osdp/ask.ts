/** What is said to a reader when it is its turn, and what becomes of a question without an answer. Pure. */
import { encodeCommand } from './commands.ts';
import type { Command } from './commands.ts';
import { encodeFrame, noMac } from './frame.ts';
import type { SecurityBlock } from './frame.ts';
import { backOff, isWindowOpen, startAnew } from './reader.ts';
import type { BusConfig, BusTimes, Chore, Reader, Sent } from './reader.ts';
import { NONCE_BYTES, sealCommand } from './secure.ts';

/** Security blocks of the four steps of a handshake. */
export const HANDSHAKE = { challenge: 0x11, challengeAnswer: 0x12, prove: 0x13, firstMac: 0x14 } as const;

const SELECT = { default: 0, own: 1 } as const;

export type Asked = { readonly reader: Reader; readonly sent: Sent };

// ---- which command

/** The first step out of `away`. */
const begun = (reader: Reader, { random }: BusConfig): Reader => {
  const fresh: Reader = { ...reader, identity: undefined, capabilities: undefined };
  const hasOwnKey = reader.known.key !== undefined && !(reader.triesDefault && isWindowOpen(reader));
  if (!hasOwnKey) return { ...fresh, phase: { name: 'meeting' } };
  return { ...fresh, phase: { name: 'challenging', base: 'own', nonce: random(NONCE_BYTES) } };
};

type Question = { readonly command: Command; readonly slot: string | undefined };
const question = (command: Command): Question => ({ command, slot: undefined });
const POLL = question({ kind: 'poll' });

/** What is asked of a reader now and then, the most telling first. */
export const CHORES: readonly Chore[] = ['local-status', 'input-status', 'reader-status'];

const choresOf = ({ unsupported }: Reader): readonly Chore[] => CHORES.filter((chore) => !unsupported.includes(chore));

const withChores = (reader: Reader, { choresMs }: BusTimes, now: number): Reader =>
  now < reader.choresAtMs ? reader : { ...reader, chores: choresOf(reader), choresAtMs: now + choresMs, areChoresUrgent: false };

/** Whether a question of another kind is to follow the poll, in the same turn. */
export const hasMore = (reader: Reader, mayChore: boolean): boolean => {
  const { phase, unanswered, hasPolled, unsaid, chores, areChoresUrgent } = reader;
  if (phase.name !== 'up' || unanswered !== undefined || !hasPolled) return false;
  return unsaid.length > 0 || (chores.length > 0 && (mayChore || areChoresUrgent));
};

/** Each turn begins with a poll, and at most one order or chore follows: a card waits for one round and no more. */
const questionUp = ({ unsaid, wanted, chores, areChoresUrgent }: Reader, isMore: boolean): Question => {
  if (!isMore) return POLL;
  const [chore] = chores;
  if (chore !== undefined && areChoresUrgent) return question({ kind: chore });
  const [slot] = unsaid;
  const order = slot === undefined ? undefined : wanted.get(slot);
  if (order !== undefined) return { command: order, slot };
  return chore === undefined ? POLL : question({ kind: chore });
};

const questionOf = (reader: Reader, isMore: boolean): Question => {
  const { phase } = reader;
  switch (phase.name) {
    case 'away':
    case 'meeting':
      return question({ kind: reader.identity === undefined ? 'identify' : 'capabilities' });
    case 'challenging':
      return question({ kind: 'challenge', nonce: phase.nonce });
    case 'proving':
      return question({ kind: 'prove', cryptogram: phase.cryptogram });
    case 'storing':
      return POLL;
    case 'keying':
      return question({ kind: 'set-key', key: phase.key });
    case 'up':
      return questionUp(reader, isMore);
  }
};

// ---- as bytes

const blockOf = ({ phase }: Reader): SecurityBlock | undefined => {
  if (phase.name === 'challenging') return { type: HANDSHAKE.challenge, select: SELECT[phase.base] };
  return phase.name === 'proving' ? { type: HANDSHAKE.prove, select: SELECT[phase.base] } : undefined;
};

const encoded = (reader: Reader, { command, slot }: Question, { aes }: BusConfig): Sent => {
  const { channel, sequence, config } = reader;
  const parts = { address: config.address, sequence, ...encodeCommand(command) };
  if (channel !== undefined) return { command, slot, sequence, ...sealCommand(aes, channel, parts) };
  const bytes = encodeFrame({ ...parts, isReply: false, check: 'crc', block: blockOf(reader) }, noMac);
  return { command, slot, sequence, bytes, mac: undefined };
};

/** What goes out now: the question that is still open, with the same bytes, or the next. `isMore`: it follows a poll. */
export const ask = (reader: Reader, isMore: boolean, config: BusConfig, now: number): Asked => {
  const { pollMs } = config.times;
  if (reader.unanswered !== undefined) return { reader: { ...reader, askAtMs: now + pollMs }, sent: reader.unanswered };
  const awake = reader.phase.name === 'away' ? begun(reader, config) : reader;
  const ready = awake.phase.name === 'up' ? withChores(awake, config.times, now) : awake;
  const asked = questionOf(ready, isMore);
  const sent = encoded(ready, asked, config);
  const hasPolled = asked.command.kind === 'poll';
  return { reader: { ...ready, unanswered: sent, hasPolled, askAtMs: now + pollMs }, sent };
};

// ---- no answer

/** A step of a handshake is said three times, anything to a reader that is up six times; then all begins anew. */
const TRIES = { up: 6, other: 3 } as const;
const REPEAT_STEP_MS = 50;
const REPEAT_MAX_MS = 400;

const repeatAfterMs = (failures: number): number =>
  failures <= 1 ? 0 : Math.min(REPEAT_MAX_MS, REPEAT_STEP_MS * 2 ** (failures - 2));

/** A silent reader takes 200 ms of everybody's time with each question: it is asked less and less often. */
export const onSilence = (reader: Reader, times: BusTimes, now: number): Reader => {
  const failures = reader.failures + 1;
  // The first question of a dialogue to a reader that is long gone is not repeated.
  const isFirst = reader.backOffMs > 0 && reader.sequence === 0;
  const tries = reader.phase.name === 'up' ? TRIES.up : isFirst ? 1 : TRIES.other;
  if (failures < tries) return { ...reader, failures, askAtMs: now + repeatAfterMs(failures) };
  return reader.phase.name === 'up' ? startAnew(reader, now, 0) : backOff(reader, times, now);
};
