/** What a reader's reply makes of what is known of it. Pure. */
import { CHORES, HANDSHAKE } from './ask.ts';
import type { Frame } from './frame.ts';
import { backOff, isWindowOpen, mustBeSecure, refuse, setTrouble, startAnew } from './reader.ts';
import type { BaseKey, BusConfig, BusTell, Phase, Reader, ReaderStep, ReaderTrouble, Sent } from './reader.ts';
import { CAPABILITY, decodeReply, REPLY_CODES } from './replies.ts';
import type { Identity, Refusal, Reply } from './replies.ts';
import {
  controllerCryptogram,
  DEFAULT_KEY,
  firstReplyMac,
  isSame,
  KEY_BYTES,
  openReply,
  readerCryptogram,
  sessionKeys,
} from './secure.ts';

/** undefined: not a reply to what was asked; whoever sent it, the real one may still come. */
export type Hearing = ReaderStep | undefined;

const quiet = (reader: Reader): ReaderStep => ({ reader, tells: [] });

const idOf = ({ config }: Reader): string => config.id;

// ---- up, or not

const up = (reader: Reader, { times }: BusConfig, now: number): ReaderStep =>
  quiet({
    ...reader,
    phase: { name: 'up', isSettled: false },
    unsaid: [...reader.wanted.keys()],
    chores: CHORES,
    choresAtMs: now + times.choresMs,
    areChoresUrgent: true,
    unsupported: [],
  });

/** It serves: only now is anybody told, since some readers say who they are and then refuse everything else. */
const settled = (reader: Reader): ReaderStep => {
  const { id } = reader.config;
  const { known, presence, identity = '', capabilities = new Map() } = reader;
  const isNews = known.identity !== identity;
  const tells: readonly BusTell[] = [
    ...(isNews ? [{ kind: 'keep-identity', reader: id, identity } as const] : []),
    ...(isWindowOpen(reader) ? [{ kind: 'installed', reader: id, identity } as const] : []),
    ...(presence === 'present' && !isNews ? [] : [{ kind: 'met', reader: id, identity, capabilities } as const]),
  ];
  const served: Reader = {
    ...reader,
    phase: { name: 'up', isSettled: true },
    known: { ...known, identity },
    backOffMs: 0,
    windowUntilMs: undefined,
    triesDefault: false,
  };
  return { reader: served, tells };
};

const canSecure = ({ capabilities }: Reader): boolean => ((capabilities?.get(CAPABILITY.security)?.level ?? 0) & 1) === 1;

const challenge = (reader: Reader, base: BaseKey, { random }: BusConfig): Reader => ({
  ...reader,
  phase: { name: 'challenging', base, nonce: random(8) },
});

/** Everything that is asked in plain has been answered. */
const afterPlainMeeting = (reader: Reader, config: BusConfig, now: number): ReaderStep => {
  const { times } = config;
  if (!canSecure(reader)) return refuse(reader, reader.known.key ? 'downgrade' : 'no-secure-channel', times, now);
  return isWindowOpen(reader) ? quiet(challenge(reader, 'default', config)) : refuse(reader, 'no-key', times, now);
};

const afterMeeting = (reader: Reader, config: BusConfig, now: number): ReaderStep => {
  if (mustBeSecure(reader) && reader.channel === undefined) return afterPlainMeeting(reader, config, now);
  const { known, identity } = reader;
  const isAnother = known.identity !== undefined && known.identity !== identity;
  return isAnother && !isWindowOpen(reader) ? refuse(reader, 'swapped', config.times, now) : up(reader, config, now);
};

const nameOf = ({ vendor, serial }: Identity): string => `${vendor}-${serial}`;

const onMeeting = (reader: Reader, reply: Reply, config: BusConfig, now: number): Hearing => {
  if (reply.kind === 'identity' && reader.identity === undefined) return quiet({ ...reader, identity: nameOf(reply.identity) });
  if (reply.kind !== 'capabilities' || reader.identity === undefined) return undefined;
  return afterMeeting({ ...reader, capabilities: reply.capabilities }, config, now);
};

// ---- the handshake

/** In an install window a reader whose key is not ours may have the default key. */
const refuseKey = (reader: Reader, base: BaseKey, trouble: ReaderTrouble, config: BusConfig, now: number): ReaderStep => {
  if (base === 'own' && isWindowOpen(reader)) return quiet({ ...startAnew(reader, now, 0), triesDefault: true });
  return refuse({ ...reader, triesDefault: false }, trouble, config.times, now);
};

type Challenging = Extract<Phase, { readonly name: 'challenging' }>;
type Proving = Extract<Phase, { readonly name: 'proving' }>;

const onChallenging = (reader: Reader, phase: Challenging, reply: Reply, config: BusConfig, now: number): Hearing => {
  if (reply.kind !== 'challenge-answer') return undefined;
  const { aes } = config;
  const baseKey = phase.base === 'own' ? (reader.known.key ?? DEFAULT_KEY) : DEFAULT_KEY;
  const keys = sessionKeys(aes, baseKey, phase.nonce);
  const expected = readerCryptogram(aes, keys, phase.nonce, reply.nonce);
  if (!isSame(expected, reply.cryptogram)) return refuseKey(reader, phase.base, 'wrong-key', config, now);
  const cryptogram = controllerCryptogram(aes, keys, phase.nonce, reply.nonce);
  return quiet({ ...reader, phase: { name: 'proving', base: phase.base, keys, cryptogram } });
};

const ACCEPTED = 1;

/** The channel stands: with our key the reader says who it is, with the default one it gets ours. */
const onProving = (reader: Reader, phase: Proving, reply: Reply, frame: Frame, config: BusConfig, now: number): Hearing => {
  if (reply.kind !== 'first-mac') return undefined;
  const { base, keys, cryptogram } = phase;
  const first = firstReplyMac(config.aes, keys, cryptogram);
  const isProved = frame.block?.select === ACCEPTED && isSame(first, reply.mac);
  if (!isProved) return refuseKey(reader, base, 'wrong-key', config, now);
  const safe: Reader = { ...reader, channel: { keys, replyMac: first, base } };
  // Who it is counts only as it is said inside the channel.
  if (base === 'own') return quiet({ ...safe, phase: { name: 'meeting' }, identity: undefined, capabilities: undefined });
  const key = config.random(KEY_BYTES);
  return { reader: { ...safe, phase: { name: 'storing', key } }, tells: [{ kind: 'store-key', reader: idOf(reader), key }] };
};

// ---- a reader that is up

const statesOf = (reader: string, reply: Reply): readonly BusTell[] => {
  switch (reply.kind) {
    case 'card':
      return [{ kind: 'card', reader, bits: reply.bits, bytes: reply.bytes }];
    case 'keys':
      return reply.text === '' ? [] : [{ kind: 'keys', reader, text: reply.text }];
    case 'local-status':
      return [
        { kind: 'tamper', reader, isTampered: reply.isTampered },
        { kind: 'power', reader, hasFailed: reply.hasPowerFailed },
      ];
    case 'readers':
      return [{ kind: 'head-tamper', reader, isTampered: reply.isTampered }];
    case 'inputs':
      return [{ kind: 'inputs', reader, levels: reply.levels }];
    default:
      return [];
  }
};

/** The question is answered, well or not: an order that came in meanwhile is still to be said. */
const answered = (reader: Reader, { command, slot }: Sent): Reader => {
  const isCurrent = slot !== undefined && reader.wanted.get(slot) === command;
  return {
    ...reader,
    unsaid: isCurrent ? reader.unsaid.filter((other) => other !== slot) : reader.unsaid,
    chores: reader.chores.filter((chore) => chore !== command.kind),
  };
};

type Up = Extract<Phase, { readonly name: 'up' }>;

const onUp = (reader: Reader, phase: Up, reply: Reply, sent: Sent, now: number): ReaderStep => {
  const { reader: serving, tells } = phase.isSettled ? quiet(reader) : settled(reader);
  const { reader: next, tells: better } = setTrouble({ ...answered(serving, sent), seenAtMs: now }, undefined);
  return { reader: next, tells: [...tells, ...better, ...statesOf(idOf(reader), reply)] };
};

// ---- refusals

const LOST_THREAD: ReadonlySet<Refusal> = new Set(['bad-sequence', 'bad-check']);

const onRefusedHandshake = (reader: Reader, base: BaseKey, refusal: Refusal, config: BusConfig, now: number): ReaderStep => {
  const trouble = base === 'default' || refusal === 'secure-channel-needed' ? 'wrong-key' : 'downgrade';
  return refuseKey(reader, base, trouble, config, now);
};

/** What a reader that is up does not know is left out from now on. */
const onUnable = (reader: Reader, sent: Sent, now: number): ReaderStep => {
  const { kind } = sent.command;
  const unsupported = reader.unsupported.includes(kind) ? reader.unsupported : [...reader.unsupported, kind];
  return quiet({ ...answered(reader, sent), unsupported, seenAtMs: now });
};

const onRefusedMeeting = (reader: Reader, sent: Sent, config: BusConfig, now: number): ReaderStep => {
  if (sent.command.kind !== 'capabilities') return quiet(backOff(reader, config.times, now));
  return afterMeeting({ ...reader, capabilities: new Map() }, config, now);
};

const onPlainRefused = (reader: Reader, config: BusConfig, now: number): ReaderStep => {
  if (reader.channel !== undefined) return quiet(startAnew(reader, now, 0));
  return refuse(reader, reader.config.isSecure ? 'no-key' : 'secure-channel-needed', config.times, now);
};

const onRefused = (reader: Reader, refusal: Refusal, sent: Sent, config: BusConfig, now: number): ReaderStep => {
  const { phase } = reader;
  if (LOST_THREAD.has(refusal)) return quiet(startAnew(reader, now, config.times.busyMs));
  switch (phase.name) {
    case 'challenging':
    case 'proving':
      return onRefusedHandshake(reader, phase.base, refusal, config, now);
    case 'storing':
    case 'keying':
      return refuse(reader, 'wrong-key', config.times, now);
    case 'away':
    case 'meeting':
      return refusal === 'secure-channel-needed'
        ? onPlainRefused(reader, config, now)
        : onRefusedMeeting(reader, sent, config, now);
    case 'up':
      return refusal === 'secure-channel-needed' ? onPlainRefused(reader, config, now) : onUnable(reader, sent, now);
  }
};

// ---- one reply

const dispatch = (reader: Reader, reply: Reply, frame: Frame, sent: Sent, config: BusConfig, now: number): Hearing => {
  const { phase } = reader;
  if (reply.kind === 'nak') return onRefused(reader, reply.refusal, sent, config, now);
  switch (phase.name) {
    case 'away':
      return undefined;
    case 'meeting':
      return onMeeting(reader, reply, config, now);
    case 'challenging':
      return onChallenging(reader, phase, reply, config, now);
    case 'proving':
      return onProving(reader, phase, reply, frame, config, now);
    case 'storing':
      return quiet(reader);
    case 'keying':
      // The answer to the last poll may still come.
      return quiet(sent.command.kind === 'set-key' && reply.kind === 'ack' ? startAnew(reader, now, 0) : reader);
    case 'up':
      return onUp(reader, phase, reply, sent, now);
  }
};

const nextSequence = (sequence: number): number => (sequence === 3 ? 1 : sequence + 1);

/** Before what the reply means: that it was one. */
const advanced = (reader: Reader, { sequence }: Sent): Reader => ({
  ...reader,
  sequence: nextSequence(sequence),
  unanswered: undefined,
  failures: 0,
});

const HANDSHAKE_REPLIES: ReadonlyMap<number, number> = new Map([
  [REPLY_CODES['challenge-answer'], HANDSHAKE.challengeAnswer],
  [REPLY_CODES['first-mac'], HANDSHAKE.firstMac],
]);

/** Steps of a handshake carry their own security block, everything else outside a channel none. */
const hearPlain = (reader: Reader, frame: Frame, sent: Sent, config: BusConfig, now: number): Hearing => {
  if (frame.block?.type !== HANDSHAKE_REPLIES.get(frame.code)) return undefined;
  const reply = decodeReply(frame.code, frame.data);
  return reply && dispatch(advanced(reader, sent), reply, frame, sent, config, now);
};

/** A reader that was restarted has no channel any more, and can say so only in plain: that ends the channel and no more. */
const hearLost = (reader: Reader, frame: Frame, now: number): Hearing =>
  frame.code === REPLY_CODES.nak && frame.block === undefined ? quiet(startAnew(reader, now, 0)) : undefined;

const hearSealed = (reader: Reader, frame: Frame, sent: Sent, config: BusConfig, now: number): Hearing => {
  const { channel } = reader;
  if (channel === undefined || sent.mac === undefined) return undefined;
  const opened = openReply(config.aes, channel.keys, sent.mac, frame);
  if (opened === undefined) return hearLost(reader, frame, now);
  const reply = decodeReply(frame.code, opened.data);
  const next = { ...advanced(reader, sent), channel: { ...channel, replyMac: opened.mac } };
  return reply && dispatch(next, reply, frame, sent, config, now);
};

const isBusy = ({ code, block, data }: Frame): boolean => code === REPLY_CODES.busy && block === undefined && data.length === 0;

/** A busy reader is asked the same again, with the same bytes. That it is busy is no sign of life. */
const onBusy = (reader: Reader, { busyMs }: BusConfig['times'], now: number): ReaderStep =>
  quiet({ ...reader, askAtMs: now + busyMs });

const isFor = (reader: Reader, frame: Frame, sent: Sent): boolean => {
  if (!frame.isReply || frame.address !== reader.config.address) return false;
  return frame.sequence === sent.sequence || (isBusy(frame) && frame.sequence === 0);
};

/** A frame that came while `sent` waited for its answer. */
export const hear = (reader: Reader, frame: Frame, sent: Sent, config: BusConfig, now: number): Hearing => {
  if (!isFor(reader, frame, sent)) return undefined;
  if (isBusy(frame)) return onBusy(reader, config.times, now);
  return reader.channel === undefined
    ? hearPlain(reader, frame, sent, config, now)
    : hearSealed(reader, frame, sent, config, now);
};
