/**
 * An operator's side of an unlock: asks for a challenge, signs, sends, and hears what became of the door. A connection that
 * is lost after the command was sent is made again, because the site tells what it last said once more; the command is never
 * sent a second time.
 */
import { SECOND } from '../../core/time.ts';
import type { SigningKey } from '../../drivers/signatures/ed25519.ts';
import type {
  ConnectOptions,
  DownReason,
  IncomingMessage,
  Link,
  LinkEvent,
  MakeLink,
  PublishResult,
  TlsOptions,
} from '../../ports/link.ts';
import { LINK_DEFAULTS } from '../../ports/link.ts';
import { signedBytes, UNLOCK_STAGES } from '../../protocol/commands.ts';
import type { CommandMessage, CommandVerb, ReplyMessage, UnlockStage } from '../../protocol/commands.ts';
import { decodeReply, encode } from '../../protocol/payloads.ts';
import { topicOf } from '../../protocol/topics.ts';

export type UnlockWish = {
  readonly broker: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: TlsOptions;
  readonly site: string;
  readonly door: string;
  readonly operator: string;
  readonly key: SigningKey;
  /** From beginning to end. */
  readonly timeoutMs: number;
};

export type Outcome =
  | { readonly kind: 'ended'; readonly stage: UnlockStage }
  | { readonly kind: 'refused'; readonly reason: string }
  /** `sent`: the command had gone, and may have been carried out. */
  | { readonly kind: 'no-answer'; readonly sent: boolean; readonly stage: UnlockStage | undefined }
  | { readonly kind: 'no-connection'; readonly reason: DownReason }
  /** By the broker: to write the command, or to hear the answer. */
  | { readonly kind: 'not-allowed'; readonly what: 'write' | 'hear'; readonly code: number }
  /** The broker has nobody to give the command to. */
  | { readonly kind: 'site-away' };

export type Progress =
  | { readonly kind: 'connected' }
  | { readonly kind: 'challenge'; readonly expiresInMs: number }
  | { readonly kind: 'sent' }
  | { readonly kind: 'stage'; readonly stage: UnlockStage }
  | { readonly kind: 'connection-lost' };

export type ExchangeWorld = {
  readonly makeLink: MakeLink;
  /** Hexadecimal, for names that nobody else uses. */
  readonly randomName: () => string;
  readonly tell: (progress: Progress) => void;
};

const RECONNECT_MS = SECOND;
/** A site that is there answers at once; the network may take its time. */
const CHALLENGE_WAIT_MS = 10 * SECOND;
/** What the broker keeps for a site that is not there is worth nothing after it. */
const EXPIRY_S = 15;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const connectOptions = ({ broker, clientId, username, password, tls }: UnlockWish): ConnectOptions => ({
  ...LINK_DEFAULTS,
  url: broker,
  clientId,
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls === undefined ? {} : { tls }),
});

type Exchange = {
  readonly wish: UnlockWish;
  readonly world: ExchangeWorld;
  readonly replyTopic: string;
  readonly challengeId: string;
  readonly commandId: string;
  readonly timers: Set<NodeJS.Timeout>;
  readonly resolve: (outcome: Outcome) => void;
  readonly link: Link;
  phase: 'connecting' | 'asking' | 'sent' | 'over';
  stage: UnlockStage | undefined;
};

/** Resolves once, with what became of it; the link is being closed by then. */
export const unlockDoor = (wish: UnlockWish, world: ExchangeWorld): Promise<Outcome> =>
  new Promise((resolve) => {
    const link = world.makeLink((event) => onLink(exchange, event));
    const exchange: Exchange = {
      wish,
      world,
      replyTopic: topicOf({ kind: 'reply', site: wish.site, id: world.randomName() }),
      challengeId: world.randomName(),
      commandId: world.randomName(),
      timers: new Set(),
      resolve,
      link,
      phase: 'connecting',
      stage: undefined,
    };
    later(exchange, wish.timeoutMs, () => giveUp(exchange));
    link.connect(connectOptions(wish));
  });

const later = ({ timers }: Exchange, ms: number, act: () => void): void => void timers.add(setTimeout(act, ms));

const end = (exchange: Exchange, outcome: Outcome): void => {
  if (exchange.phase === 'over') return;
  exchange.phase = 'over';
  for (const timer of exchange.timers) clearTimeout(timer);
  exchange.link.disconnect();
  exchange.resolve(outcome);
};

const giveUp = (exchange: Exchange): void =>
  end(exchange, { kind: 'no-answer', sent: exchange.phase === 'sent', stage: exchange.stage });

// ---- the connection

const onLink = (exchange: Exchange, event: LinkEvent): void => {
  switch (event.kind) {
    case 'message':
      return onMessage(exchange, event.message);
    case 'up':
      return onUp(exchange);
    case 'down':
      return onDown(exchange, event.reason);
  }
};

const onUp = (exchange: Exchange): void => {
  const { link, replyTopic, world } = exchange;
  link.subscribe([replyTopic], 1, (result) => {
    if (result.kind !== 'answered') return;
    const refused = result.filters.find((filter) => filter.kind === 'refused');
    if (refused?.kind === 'refused') return end(exchange, { kind: 'not-allowed', what: 'hear', code: refused.code });
    world.tell({ kind: 'connected' });
    if (exchange.phase === 'connecting') ask(exchange);
  });
};

const onDown = (exchange: Exchange, reason: DownReason): void => {
  const { phase, world, link, wish } = exchange;
  if (phase === 'over') return;
  if (phase !== 'sent') return end(exchange, { kind: 'no-connection', reason });
  world.tell({ kind: 'connection-lost' });
  later(exchange, RECONNECT_MS, () => link.connect(connectOptions(wish)));
};

// ---- what is sent

const onPublished = (exchange: Exchange, result: PublishResult): void => {
  if (result.kind === 'refused') return end(exchange, { kind: 'not-allowed', what: 'write', code: result.code });
  if (result.kind === 'acknowledged' && result.noSubscribers) end(exchange, { kind: 'site-away' });
};

const publish = (exchange: Exchange, verb: CommandVerb, message: CommandMessage): void => {
  const { link, replyTopic, wish } = exchange;
  const topic = topicOf({ kind: 'command', site: wish.site, verb });
  const properties = { responseTopic: replyTopic, messageExpiryS: EXPIRY_S };
  link.publish({ topic, payload: encode(message), qos: 1, retain: false, properties }, (result) => onPublished(exchange, result));
};

const ask = (exchange: Exchange): void => {
  const { wish, challengeId } = exchange;
  exchange.phase = 'asking';
  publish(exchange, 'challenge', { v: 1, id: challengeId, operator: wish.operator, site: wish.site });
  later(exchange, CHALLENGE_WAIT_MS, () => {
    if (exchange.phase === 'asking') giveUp(exchange);
  });
};

const send = (exchange: Exchange, challenge: string): void => {
  const { wish, commandId, world } = exchange;
  const { site, operator, door, key } = wish;
  exchange.phase = 'sent';
  const signature = hexOf(key.sign(signedBytes({ site, operator, command: commandId, challenge, door })));
  publish(exchange, 'unlock', { v: 1, id: commandId, operator, site, door, challenge, signature });
  world.tell({ kind: 'sent' });
};

// ---- what comes back

const onMessage = (exchange: Exchange, { topic, payload, retain }: IncomingMessage): void => {
  if (retain || topic !== exchange.replyTopic || exchange.phase === 'over') return;
  const decoded = decodeReply(payload);
  if (!decoded.ok) return;
  const { value } = decoded;
  if (value.id === exchange.commandId || value.id === exchange.challengeId) onReply(exchange, value);
};

const onReply = (exchange: Exchange, reply: ReplyMessage): void => {
  if (!reply.ok) return onRefusal(exchange, reply.reason);
  if ('stage' in reply) return reply.id === exchange.commandId ? onStage(exchange, reply) : undefined;
  if (reply.id !== exchange.challengeId || exchange.phase !== 'asking') return;
  exchange.world.tell({ kind: 'challenge', expiresInMs: reply.expiresInMs });
  send(exchange, reply.challenge);
};

/** A copy that the broker delivered twice is told to be one; the first has its own answer. */
const onRefusal = (exchange: Exchange, reason: string): void => {
  if (reason !== 'replayed') end(exchange, { kind: 'refused', reason });
};

/** What was said before a connection was lost may be said again after it. */
const onStage = (exchange: Exchange, reply: { readonly stage: UnlockStage; readonly final: boolean }): void => {
  const { stage } = reply;
  if (exchange.stage !== undefined && UNLOCK_STAGES.indexOf(stage) <= UNLOCK_STAGES.indexOf(exchange.stage)) return;
  exchange.stage = stage;
  exchange.world.tell({ kind: 'stage', stage });
  if (reply.final) end(exchange, { kind: 'ended', stage });
};
