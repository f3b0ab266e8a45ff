/**
 * An MQTT 5 broker and its links in memory, for tests and simulation: no socket, no clock of its own. Whatever takes
 * time goes through the `Scheduler`, so a virtual one runs 72 hours without a broker in no time. It does what the contract
 * suite demands of real brokers, and on top of it what real ones do only by accident: acknowledgements held back, a
 * network that takes everything and delivers nothing, a broker gone.
 */
import type {
  ConnectOptions,
  DownReason,
  IncomingMessage,
  Link,
  LinkListener,
  NotSent,
  OutgoingMessage,
  PublishResult,
  Qos,
  SubscribeResult,
  Will,
} from '../../ports/link.ts';
import { realScheduler } from './scheduler.ts';
import type { Scheduler } from './scheduler.ts';
import { isFilter, topicMatches } from './topicFilter.ts';

export type FakeAction = 'connect' | 'publish' | 'subscribe' | 'receive';

export type FakeBrokerOptions = {
  readonly scheduler?: Scheduler;
  readonly receiveMaximum?: number;
  readonly maximumPacketBytes?: number;
  readonly authorise?: (clientId: string, action: FakeAction, topic: string) => boolean;
};

export type FakeBroker = {
  readonly makeLink: (listener: LinkListener) => Link;
  /** Gone: connections end without a word, retained messages and sessions are forgotten, attempts are refused. */
  readonly kill: () => void;
  readonly restart: () => void;
  /** Every network is half-open: what is sent goes nowhere, until `flow`. Keepalive notices it. */
  readonly stall: () => void;
  readonly flow: () => void;
  /** Takes messages without acknowledging them, until `acknowledge`. */
  readonly withhold: () => void;
  readonly acknowledge: () => void;
  /** Cuts one client's network: its will is published. */
  readonly cut: (clientId: string) => void;
  /** Sends a DISCONNECT with this code to one client. */
  readonly dismiss: (clientId: string, code: number) => void;
  readonly isConnected: (clientId: string) => boolean;
};

const NOT_AUTHORISED = 0x87;
const KEEPALIVE_FACTOR = 1.5;

type Peer = {
  readonly options: ConnectOptions;
  readonly listener: LinkListener;
  readonly filters: Map<string, Qos>;
  readonly pending: Set<(result: PublishResult) => void>;
  readonly pendingSubscribes: Set<(result: SubscribeResult) => void>;
  readonly held: IncomingMessage[];
  up: boolean;
  /** Said goodbye: what it sent before still arrives. */
  leaving: boolean;
  ended: boolean;
  paused: boolean;
  cancel: () => void;
};

type World = {
  readonly options: FakeBrokerOptions;
  readonly scheduler: Scheduler;
  readonly peers: Map<string, Peer>;
  readonly retained: Map<string, OutgoingMessage>;
  /** Wills on their way, and filters of sessions that may come back. */
  readonly wills: Map<string, () => void>;
  readonly sessions: Map<string, { readonly filters: ReadonlyMap<string, Qos>; readonly forget: () => void }>;
  readonly withheld: (() => void)[];
  alive: boolean;
  stalled: boolean;
  withholding: boolean;
};

const may = (world: World, peer: Peer, action: FakeAction, topic: string): boolean =>
  !topic.startsWith('$') && (world.options.authorise?.(peer.options.clientId, action, topic) ?? true);

/** Ends the peer's attempt: answers first, then its `down`. */
const end = (world: World, peer: Peer, reason: DownReason): void => {
  if (peer.ended) return;
  peer.ended = true;
  peer.up = false;
  peer.cancel();
  world.scheduler.soon(() => {
    for (const settled of peer.pending) settled({ kind: 'connection-lost' });
    for (const settled of peer.pendingSubscribes) settled({ kind: 'connection-lost' });
    peer.listener({ kind: 'down', reason });
  });
};

const toIncoming = (message: OutgoingMessage, qos: Qos): IncomingMessage => ({
  topic: message.topic,
  payload: message.payload.slice(),
  qos,
  retain: message.retain,
  duplicate: false,
  properties: message.properties ?? {},
});

const give = (world: World, peer: Peer, message: OutgoingMessage, qos: Qos): void => {
  const bytes = message.payload.length + message.topic.length;
  if (bytes > peer.options.maximumPacketBytes) return;
  world.scheduler.soon(() => {
    if (!peer.up || world.stalled) return;
    if (peer.paused) peer.held.push(toIncoming(message, qos));
    else peer.listener({ kind: 'message', message: toIncoming(message, qos) });
  });
};

/** Returns how many heard it. */
const spread = (world: World, message: OutgoingMessage): number => {
  let heard = 0;
  for (const peer of world.peers.values()) {
    const filter = [...peer.filters].find(([candidate]) => topicMatches(candidate, message.topic));
    if (!filter || !may(world, peer, 'receive', message.topic)) continue;
    heard += 1;
    give(world, peer, message, filter[1] === 0 ? 0 : message.qos);
  }
  return heard;
};

const keepRetained = (world: World, message: OutgoingMessage): void => {
  if (!message.retain) return;
  if (message.payload.length === 0) world.retained.delete(message.topic);
  else world.retained.set(message.topic, message);
};

const publishWill = (world: World, peer: Peer, { topic, payload, qos, retain }: Will): void => {
  if (!world.alive || !may(world, peer, 'publish', topic)) return;
  const message = { topic, payload, qos, retain };
  keepRetained(world, message);
  spread(world, message);
};

const scheduleWill = (world: World, peer: Peer): void => {
  const { will, clientId, sessionExpiryS } = peer.options;
  if (!will) return;
  const cancel = world.scheduler.after(Math.min(will.delayS, sessionExpiryS) * 1_000, () => {
    world.wills.delete(clientId);
    publishWill(world, peer, will);
  });
  world.wills.set(clientId, cancel);
};

const keepSession = (world: World, peer: Peer): void => {
  const { clientId, sessionExpiryS } = peer.options;
  if (sessionExpiryS === 0) return;
  const forget = world.scheduler.after(sessionExpiryS * 1_000, () => world.sessions.delete(clientId));
  world.sessions.set(clientId, { filters: peer.filters, forget });
};

/** The broker's side of a connection that ended without DISCONNECT from the client. */
const forgetPeer = (world: World, peer: Peer, withWill: boolean): void => {
  const { clientId } = peer.options;
  if (world.peers.get(clientId) !== peer) return;
  world.peers.delete(clientId);
  if (withWill) scheduleWill(world, peer);
  keepSession(world, peer);
};

const accept = (world: World, peer: Peer): void => {
  const { clientId } = peer.options;
  const twin = world.peers.get(clientId);
  if (twin) {
    forgetPeer(world, twin, false);
    end(world, twin, { kind: 'taken-over' });
  }
  const session = world.sessions.get(clientId);
  session?.forget();
  world.sessions.delete(clientId);
  for (const [filter, qos] of session?.filters ?? []) peer.filters.set(filter, qos);
  world.wills.get(clientId)?.();
  world.wills.delete(clientId);
  world.peers.set(clientId, peer);
  peer.cancel();
  peer.up = true;
  if (world.stalled) armKeepalive(world, peer);
  peer.listener({
    kind: 'up',
    sessionPresent: session !== undefined,
    receiveMaximum: world.options.receiveMaximum ?? 20,
    maximumPacketBytes: world.options.maximumPacketBytes,
    keepaliveS: peer.options.keepaliveS,
    certificateNotYetValid: false,
  });
};

const armKeepalive = (world: World, peer: Peer): void => {
  peer.cancel = world.scheduler.after(peer.options.keepaliveS * 1_000 * KEEPALIVE_FACTOR, () => {
    forgetPeer(world, peer, true);
    end(world, peer, { kind: 'timeout', during: 'keepalive' });
  });
};

const answerConnect = (world: World, peer: Peer): void => {
  if (peer.ended || world.stalled) return;
  if (!world.alive) return end(world, peer, { kind: 'unreachable', code: 'ECONNREFUSED' });
  if (!may(world, peer, 'connect', '')) return end(world, peer, { kind: 'refused', code: NOT_AUTHORISED });
  accept(world, peer);
};

const notSent = (world: World, peer: Peer | undefined, message: OutgoingMessage): NotSent | undefined => {
  if (!peer?.up || peer.leaving) return 'not-connected';
  if (message.topic === '' || /[+#]/.test(message.topic)) return 'bad-topic';
  const { maximumPacketBytes, receiveMaximum = 20 } = world.options;
  if (maximumPacketBytes !== undefined && message.payload.length + message.topic.length + 64 > maximumPacketBytes) {
    return 'too-large';
  }
  return message.qos === 1 && peer.pending.size >= receiveMaximum ? 'window-full' : undefined;
};

/** The broker has the message: from here it counts, acknowledged or not. */
const take = (world: World, peer: Peer, message: OutgoingMessage, settled: (result: PublishResult) => void): void => {
  const allowed = may(world, peer, 'publish', message.topic);
  if (allowed) keepRetained(world, message);
  const heard = allowed ? spread(world, message) : 0;
  const answer = (): void => {
    if (!peer.pending.delete(settled)) return;
    settled(allowed ? { kind: 'acknowledged', noSubscribers: heard === 0 } : { kind: 'refused', code: NOT_AUTHORISED });
  };
  if (world.withholding) world.withheld.push(answer);
  else world.scheduler.soon(answer);
};

const publish = (world: World, peer: Peer | undefined, ...[message, settled]: Parameters<Link['publish']>): void => {
  const reason = notSent(world, peer, message);
  if (reason || !peer) {
    world.scheduler.soon(() => settled({ kind: 'not-sent', reason: reason ?? 'not-connected' }));
    return;
  }
  if (message.qos === 1) peer.pending.add(settled);
  else world.scheduler.soon(() => settled({ kind: 'acknowledged', noSubscribers: false }));
  const copy = { ...message, payload: message.payload.slice() };
  world.scheduler.soon(() => {
    if (peer.up && !world.stalled) take(world, peer, copy, settled);
  });
};

const grant = (world: World, peer: Peer, filters: readonly string[], qos: Qos): SubscribeResult => ({
  kind: 'answered',
  filters: filters.map((filter) => {
    if (!may(world, peer, 'subscribe', filter)) return { kind: 'refused', filter, code: NOT_AUTHORISED };
    peer.filters.set(filter, qos);
    return { kind: 'granted', filter, qos };
  }),
});

const subscribe = (world: World, peer: Peer | undefined, ...[filters, qos, settled]: Parameters<Link['subscribe']>): void => {
  const bad = filters.length === 0 || !filters.every(isFilter);
  if (bad || !peer?.up || peer.leaving) {
    world.scheduler.soon(() => settled({ kind: 'not-sent', reason: bad ? 'bad-filter' : 'not-connected' }));
    return;
  }
  peer.pendingSubscribes.add(settled);
  world.scheduler.soon(() => {
    if (!peer.up || world.stalled) return;
    const result = grant(world, peer, filters, qos);
    peer.pendingSubscribes.delete(settled);
    settled(result);
    for (const message of world.retained.values()) {
      const heard = filters.some((filter) => peer.filters.has(filter) && topicMatches(filter, message.topic));
      if (heard && may(world, peer, 'receive', message.topic)) give(world, peer, message, message.qos);
    }
  });
};

const resume = (peer: Peer): void => {
  peer.paused = false;
  for (const message of peer.held.splice(0)) peer.listener({ kind: 'message', message });
};

const newPeer = (options: ConnectOptions, listener: LinkListener, paused: boolean): Peer => ({
  options,
  listener,
  filters: new Map(),
  pending: new Set(),
  pendingSubscribes: new Set(),
  held: [],
  up: false,
  leaving: false,
  ended: false,
  paused,
  cancel: () => undefined,
});

const makeLink = (world: World, listener: LinkListener): Link => {
  let peer: Peer | undefined;
  let paused = false;
  const hear: LinkListener = (event) => {
    if (event.kind === 'down') peer = undefined;
    listener(event);
  };
  const leave = (withWill: boolean): void => {
    const leaver = peer;
    if (!leaver || leaver.ended || leaver.leaving) return;
    leaver.leaving = true;
    const part = (): void => {
      // Over a half-open network the broker hears nothing of a goodbye, and finds out by its own keepalive.
      forgetPeer(world, leaver, withWill || world.stalled);
      end(world, leaver, { kind: 'destroyed' });
    };
    if (withWill) part();
    else world.scheduler.soon(part);
  };
  return {
    connect: (options) => {
      if (peer) throw new Error('a link makes one attempt at a time');
      const attempt = newPeer(options, hear, paused);
      peer = attempt;
      const late: DownReason = { kind: 'timeout', during: 'connecting' };
      attempt.cancel = world.scheduler.after(options.connectTimeoutMs, () => end(world, attempt, late));
      world.scheduler.soon(() => answerConnect(world, attempt));
    },
    publish: (message, settled) => publish(world, peer, message, settled),
    subscribe: (filters, qos, settled) => subscribe(world, peer, filters, qos, settled),
    inFlight: () => peer?.pending.size ?? 0,
    pause: () => {
      paused = true;
      if (peer) peer.paused = true;
    },
    resume: () => {
      paused = false;
      if (peer) resume(peer);
    },
    disconnect: () => leave(false),
    destroy: () => leave(true),
  };
};

const kill = (world: World): void => {
  world.alive = false;
  for (const cancel of world.wills.values()) cancel();
  for (const { forget } of world.sessions.values()) forget();
  for (const peer of world.peers.values()) end(world, peer, { kind: 'closed', code: undefined });
  for (const store of [world.wills, world.sessions, world.peers, world.retained]) store.clear();
  world.withheld.length = 0;
};

const cut = (world: World, clientId: string, reason: DownReason): void => {
  const peer = world.peers.get(clientId);
  if (!peer) return;
  forgetPeer(world, peer, true);
  end(world, peer, reason);
};

export const fakeBroker = (options: FakeBrokerOptions = {}): FakeBroker => {
  const world: World = {
    options,
    scheduler: options.scheduler ?? realScheduler,
    peers: new Map(),
    retained: new Map(),
    wills: new Map(),
    sessions: new Map(),
    withheld: [],
    alive: true,
    stalled: false,
    withholding: false,
  };
  return {
    makeLink: (listener) => makeLink(world, listener),
    kill: () => kill(world),
    restart: () => {
      world.alive = true;
    },
    stall: () => {
      world.stalled = true;
      for (const peer of world.peers.values()) armKeepalive(world, peer);
    },
    flow: () => {
      world.stalled = false;
      for (const peer of world.peers.values()) peer.cancel();
    },
    withhold: () => {
      world.withholding = true;
    },
    acknowledge: () => {
      world.withholding = false;
      for (const answer of world.withheld.splice(0)) world.scheduler.soon(answer);
    },
    cut: (clientId) => cut(world, clientId, { kind: 'closed', code: undefined }),
    dismiss: (clientId, code) => cut(world, clientId, { kind: 'disconnected', code }),
    isConnected: (clientId) => world.peers.has(clientId),
  };
};
