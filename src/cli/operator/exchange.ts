/**
 * An operator's side of an unlock: asks for a challenge, signs, sends, and hears what became of the door. A connection that
 * is lost after the command was sent is made again, because the site tells what it last said once more; the command is never
 * sent a second time.
 */
import { SECOND } from '../../core/time.ts';
import type { SigningKey } from '../../drivers/signatures/ed25519.ts';
import type { ConnectOptions, DownReason, IncomingMessage, MakeLink, PublishResult, TlsOptions } from '../../ports/link.ts';
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

/** Resolves once, with what became of it; the link is closed by then. */
export const unlockDoor = (wish: UnlockWish, world: ExchangeWorld): Promise<Outcome> =>
  new Promise((resolve) => {
    const { site, operator, door } = wish;
    const replyTopic = topicOf({ kind: 'reply', site, id: world.randomName() });
    const challengeId = world.randomName();
    const commandId = world.randomName();
    const timers = new Set<NodeJS.Timeout>();
    let phase: 'connecting' | 'asking' | 'sent' = 'connecting';
    let stage: UnlockStage | undefined;
    let outcome: Outcome | undefined;

    const later = (ms: number, act: () => void): void => void timers.add(setTimeout(act, ms));

    const end = (what: Outcome): void => {
      if (outcome) return;
      outcome = what;
      for (const timer of timers) clearTimeout(timer);
      link.disconnect();
      resolve(what);
    };

    const giveUp = (): void => end({ kind: 'no-answer', sent: phase === 'sent', stage });

    const onPublished = (result: PublishResult): void => {
      if (result.kind === 'refused') return end({ kind: 'not-allowed', what: 'write', code: result.code });
      if (result.kind === 'acknowledged' && result.noSubscribers) end({ kind: 'site-away' });
    };

    const publish = (verb: CommandVerb, message: CommandMessage): void =>
      link.publish(
        {
          topic: topicOf({ kind: 'command', site, verb }),
          payload: encode(message),
          qos: 1,
          retain: false,
          properties: { responseTopic: replyTopic, messageExpiryS: EXPIRY_S },
        },
        onPublished,
      );

    const ask = (): void => {
      phase = 'asking';
      publish('challenge', { v: 1, id: challengeId, operator, site });
      later(CHALLENGE_WAIT_MS, () => {
        if (phase === 'asking') giveUp();
      });
    };

    const send = (challenge: string): void => {
      if (phase !== 'asking') return;
      phase = 'sent';
      const signature = hexOf(wish.key.sign(signedBytes({ site, operator, command: commandId, challenge, door })));
      publish('unlock', { v: 1, id: commandId, operator, site, door, challenge, signature });
      world.tell({ kind: 'sent' });
    };

    /** What was said before a connection was lost may be said again after it. */
    const onStage = (reply: ReplyMessage & { readonly stage: UnlockStage; readonly final: boolean }): void => {
      if (stage !== undefined && UNLOCK_STAGES.indexOf(reply.stage) <= UNLOCK_STAGES.indexOf(stage)) return;
      stage = reply.stage;
      world.tell({ kind: 'stage', stage });
      if (reply.final) end({ kind: 'ended', stage });
    };

    /** A copy that the broker delivered twice is told to be one; the first has its own answer. */
    const onRefusal = (reason: string): void => {
      if (reason !== 'replayed') end({ kind: 'refused', reason });
    };

    const onReply = (reply: ReplyMessage): void => {
      if (!reply.ok) return onRefusal(reply.reason);
      if ('stage' in reply) return reply.id === commandId ? onStage(reply) : undefined;
      if (reply.id !== challengeId) return;
      world.tell({ kind: 'challenge', expiresInMs: reply.expiresInMs });
      send(reply.challenge);
    };

    const onMessage = ({ topic, payload, retain }: IncomingMessage): void => {
      if (retain || topic !== replyTopic) return;
      const decoded = decodeReply(payload);
      if (decoded.ok && (decoded.value.id === challengeId || decoded.value.id === commandId)) onReply(decoded.value);
    };

    const onUp = (): void =>
      link.subscribe([replyTopic], 1, (result) => {
        if (result.kind !== 'answered') return;
        const refused = result.filters.find((filter) => filter.kind === 'refused');
        if (refused?.kind === 'refused') return end({ kind: 'not-allowed', what: 'hear', code: refused.code });
        world.tell({ kind: 'connected' });
        if (phase === 'connecting') ask();
      });

    const onDown = (reason: DownReason): void => {
      if (outcome) return;
      if (phase !== 'sent') return end({ kind: 'no-connection', reason });
      world.tell({ kind: 'connection-lost' });
      later(RECONNECT_MS, () => link.connect(connectOptions(wish)));
    };

    const link = world.makeLink((event) => {
      if (event.kind === 'message') onMessage(event.message);
      else if (event.kind === 'up') onUp();
      else onDown(event.reason);
    });
    later(wish.timeoutMs, giveUp);
    link.connect(connectOptions(wish));
  });
