/**
 * A site's path, a broker and a centre in virtual time. The outbox is a list, the centre is the reference receiver over
 * a map; the broker can be taken away, lose what it holds, refuse topics, and say nothing. Every step checks what must
 * hold whatever the network does.
 */
import * as assert from 'uvu/assert';
import { monotonic, wall } from '../../src/core/time.ts';
import type { Event, EventKind, Lane } from '../../src/core/event.ts';
import { initialPath } from '../../src/paths/mqtt/frame.ts';
import { nextPathDeadline } from '../../src/paths/mqtt/deadlines.ts';
import { stepPath } from '../../src/paths/mqtt/step.ts';
import { pathDefaults } from '../../src/paths/mqtt/types.ts';
import type {
  Delivery,
  DownReason,
  PathConfig,
  PathInput,
  PathSend,
  PathState,
  Publication,
} from '../../src/paths/mqtt/types.ts';
import type { EventMessage } from '../../src/protocol/messages.ts';
import { eventBodyOf } from '../../src/protocol/eventBody.ts';
import { laneOf } from '../../src/protocol/eventCodes.ts';
import { decodeEvent, decodeHeartbeat, decodeStatus, encode, fingerprintOf } from '../../src/protocol/payloads.ts';
import { initialReceiver, nextReceiverDeadline, receiverDefaults, stepReceiver } from '../../src/protocol/receiver.ts';
import type { ReceiverEffect, ReceiverInput, ReceiverState } from '../../src/protocol/receiver.ts';
import { parseTopic, topicOf } from '../../src/protocol/topics.ts';

export const SITE = 'cabinet';
const LATENCY_MS = 5;

type Due = { readonly at: number; readonly order: number; readonly run: () => void };

/** What the network does with one message: the delays of its copies; none: it is lost. */
export type Fate = readonly number[];

export type World = {
  now: number;
  path: PathState;
  readonly config: PathConfig;
  readonly rows: Delivery[];
  readonly heads: Record<Lane, number>;
  readonly acknowledged: Record<Lane, number>;
  epoch: string;
  readonly broker: {
    up: boolean;
    receiveMaximum: number;
    code: (topic: string) => number;
    pubacks: boolean;
    closesOn: ((topic: string) => boolean) | undefined;
    ackFate: () => Fate;
    publishFate: () => Fate;
    readonly held: Publication[];
    keepsQueue: boolean;
  };
  readonly centre: { online: boolean; tellsStatus: boolean; answers: boolean; sendsAlso: boolean; state: ReceiverState };
  /** At the centre, by epoch, lane and number, in order of arrival. */
  readonly stored: Map<string, EventMessage>;
  readonly effects: ReceiverEffect[];
  readonly sends: { readonly at: number; readonly send: PathSend }[];
  /** The core makes an event of each condition and report, as it does in a controller. */
  core: boolean;
  connection: number | undefined;
  connections: number;
  random: () => number;
  queue: Due[];
  cursor: number;
  order: number;
};

export const makeWorld = (change: Partial<PathConfig> = {}): World => ({
  now: 0,
  path: initialPath(monotonic(0)),
  config: { site: SITE, version: '0.1.0', boot: 1, ...pathDefaults, ...change },
  rows: [],
  heads: { alarm: 0, event: 0 },
  acknowledged: { alarm: 0, event: 0 },
  epoch: 'e1',
  broker: {
    up: true,
    receiveMaximum: 65_535,
    code: () => 0,
    pubacks: true,
    closesOn: undefined,
    ackFate: () => [LATENCY_MS],
    publishFate: () => [LATENCY_MS],
    held: [],
    keepsQueue: true,
  },
  centre: { online: true, tellsStatus: true, answers: true, sendsAlso: true, state: initialReceiver },
  stored: new Map(),
  effects: [],
  sends: [],
  core: false,
  connection: undefined,
  connections: 0,
  random: () => 0.5,
  queue: [],
  cursor: 0,
  order: 0,
});

export const later = (world: World, ms: number, run: () => void): void => {
  world.order += 1;
  world.queue.push({ at: world.now + ms, order: world.order, run });
};

// ---- what must hold after every step

const distinctSent = (world: World): number =>
  ['alarm', 'event'].flatMap((lane) =>
    world.path.lanes[lane === 'alarm' ? 'alarm' : 'event'].entries.filter(({ status }) => status.kind !== 'waiting'),
  ).length;

const checkState = (world: World): void => {
  assert.ok(distinctSent(world) <= world.config.windowMessages, 'more than the window is under way');
  assert.ok(world.path.flights.length <= world.broker.receiveMaximum, 'more than receive maximum is under way');
};

const keyOf = (epoch: string, lane: Lane, seq: number): string => `${epoch}/${lane}/${seq}`;

/** The store may forget only what the centre holds. */
const checkAcknowledge = (world: World, epoch: string, lane: Lane, seq: number): void => {
  for (const row of world.rows) {
    if (row.epoch !== epoch || row.lane !== lane || row.seq > seq) continue;
    assert.ok(world.stored.has(keyOf(epoch, lane, row.seq)), `${lane} ${row.seq} forgotten before the centre had it`);
  }
};

// ---- the centre

const toSite = (world: World, topic: string, message: object, retain = false): void => {
  const connection = world.connection;
  for (const delay of world.broker.ackFate()) {
    later(world, delay, () => {
      if (world.connection !== connection || connection === undefined) return;
      give(world, { kind: 'message', topic, payload: encode(message), retain, properties: {} });
    });
  }
};

const doEffect = (world: World, effect: ReceiverEffect): void => {
  if (effect.kind === 'store' && !effect.conflict) {
    const { epoch, lane, seq } = effect.message;
    world.stored.set(keyOf(epoch, lane, seq), effect.message);
  }
  if (!world.centre.answers) return;
  if (effect.kind === 'acknowledge') {
    const { also, ...plain } = effect.ack;
    toSite(world, topicOf({ kind: 'ack', site: effect.site }), world.centre.sendsAlso && also ? { ...plain, also } : plain);
  }
  if (effect.kind === 'marks') toSite(world, topicOf({ kind: 'marks', site: effect.site }), effect.marks);
};

const stepCentre = (world: World, input: ReceiverInput): void => {
  const { state, effects } = stepReceiver(receiverDefaults, world.centre.state, input, wall(world.now));
  world.centre.state = state;
  world.effects.push(...effects);
  for (const effect of effects) doEffect(world, effect);
};

const hearEvent = (world: World, payload: Uint8Array): void => {
  const decoded = decodeEvent(payload);
  assert.ok(decoded.ok, 'the centre understands every event');
  if (!decoded.ok) return;
  const { epoch, lane, seq } = decoded.value;
  const known = world.stored.get(keyOf(epoch, lane, seq));
  stepCentre(world, {
    kind: 'event',
    message: decoded.value,
    hash: fingerprintOf(decoded.value),
    known: known && fingerprintOf(known),
  });
};

const toCentre = (world: World, { topic, payload }: Publication): void => {
  const parsed = parseTopic(topic);
  if (parsed?.kind === 'alarm' || parsed?.kind === 'event') hearEvent(world, payload);
  const status = parsed?.kind === 'status' ? decodeStatus(payload) : undefined;
  if (status?.ok) stepCentre(world, { kind: 'status', message: status.value });
  const heartbeat = parsed?.kind === 'heartbeat' ? decodeHeartbeat(payload) : undefined;
  if (heartbeat?.ok) stepCentre(world, { kind: 'heartbeat', message: heartbeat.value });
};

const tellCentreStatus = (world: World): void => {
  if (!world.centre.tellsStatus) return;
  toSite(world, topicOf({ kind: 'centre-status' }), { v: 1, status: world.centre.online ? 'online' : 'offline' }, true);
};

export const setCentre = (world: World, online: boolean): void => {
  world.centre.online = online;
  tellCentreStatus(world);
  if (!online) return;
  const held = world.broker.held.splice(0);
  for (const publication of held) toCentre(world, publication);
};

// ---- the broker

const forward = (world: World, publication: Publication): void => {
  if (world.centre.online) toCentre(world, publication);
  else if (world.broker.keepsQueue) world.broker.held.push(publication);
};

const puback = (world: World, id: number, code: number): void =>
  give(world, {
    kind: 'published',
    id,
    outcome: code === 0 ? { kind: 'acknowledged', noSubscribers: false } : { kind: 'refused', code },
  });

const arrive = (world: World, connection: number, id: number, publication: Publication): void => {
  if (world.connection !== connection) return;
  if (world.broker.closesOn?.(publication.topic)) return drop(world, 'closed');
  const code = world.broker.code(publication.topic);
  if (code === 0) forward(world, publication);
  if (publication.qos === 0 || !world.broker.pubacks) return;
  later(world, LATENCY_MS, () => {
    if (world.connection === connection) puback(world, id, code);
  });
};

/** The connection ends; what was on the way is lost. */
export const drop = (world: World, reason: DownReason): void => {
  if (world.connection === undefined) return;
  world.connection = undefined;
  give(world, { kind: 'down', reason });
};

export const setBroker = (world: World, up: boolean): void => {
  world.broker.up = up;
  if (!up) drop(world, 'closed');
};

const connect = (world: World): void =>
  later(world, LATENCY_MS, () => {
    if (!world.broker.up) return give(world, { kind: 'down', reason: 'unreachable' });
    world.connections += 1;
    world.connection = world.connections;
    give(world, {
      kind: 'up',
      at: wall(world.now),
      atQuality: 'synchronised',
      receiveMaximum: world.broker.receiveMaximum,
      maximumPacketBytes: undefined,
    });
    tellCentreStatus(world);
  });

// ---- the site

const load = (world: World, { lane, after, limit }: PathSend & { readonly kind: 'load' }): void =>
  later(world, 1, () => {
    const deliveries = world.rows.filter((row) => row.lane === lane && row.cursor > after).slice(0, limit);
    give(world, { kind: 'loaded', lane, after, deliveries });
  });

const forget = (world: World, { epoch, lane, seq }: PathSend & { readonly kind: 'acknowledge' }): void => {
  checkAcknowledge(world, epoch, lane, seq);
  if (epoch === world.epoch) world.acknowledged[lane] = Math.max(world.acknowledged[lane], seq);
  const kept = world.rows.filter((row) => !(row.epoch === epoch && row.lane === lane && row.seq <= seq));
  world.rows.splice(0, world.rows.length, ...kept);
};

const publish = (world: World, { id, publication }: PathSend & { readonly kind: 'publish' }): void => {
  const { connection } = world;
  if (connection === undefined) return;
  // a TCP stream loses nothing in the middle: `publishFate` may only delay or repeat (a broker that hands over twice)
  for (const delay of world.broker.publishFate()) later(world, delay, () => arrive(world, connection, id, publication));
};

const destroy = (world: World): void => {
  world.connection = undefined;
  later(world, 1, () => give(world, { kind: 'down', reason: 'destroyed' }));
};

const heartbeat = (world: World): void =>
  give(world, {
    kind: 'heartbeat',
    facts: {
      at: wall(world.now),
      atQuality: 'synchronised',
      uptimeMs: world.now,
      chainHead: 'aa',
      stateDigest: 'bb',
      faults: [],
    },
  });

const onCondition = (world: World, { condition, on }: PathSend & { readonly kind: 'condition' }): void => {
  if (!world.core || condition !== 'path-failed') return;
  later(world, 1, () => happen(world, on ? 'path-failed' : 'path-restored'));
};

const perform = (world: World, send: PathSend): void => {
  switch (send.kind) {
    case 'connect':
      return connect(world);
    case 'destroy':
      return destroy(world);
    case 'publish':
      return publish(world, send);
    case 'load':
      return load(world, send);
    case 'acknowledge':
      return forget(world, send);
    case 'heartbeat-wanted':
      return heartbeat(world);
    case 'condition':
      return onCondition(world, send);
    case 'report':
      return world.core && laneOf(send.event) ? later(world, 1, () => happen(world, send.event)) : undefined;
    case 'subscribe':
    case 'disconnect':
    case 'new-epoch':
    case 'command':
      return;
  }
};

export const give = (world: World, input: PathInput): void => {
  const { state, sends } = stepPath(world.config, world.path, input, monotonic(world.now), world.random());
  world.path = state;
  checkState(world);
  for (const send of sends) world.sends.push({ at: world.now, send });
  for (const send of sends) perform(world, send);
};

export const tellOutbox = (world: World, fresh?: readonly Delivery[]): void =>
  give(world, {
    kind: 'outbox',
    epoch: world.epoch,
    heads: { ...world.heads },
    acknowledged: { ...world.acknowledged },
    ...(fresh ? { fresh } : {}),
  });

export const eventAt = (world: World, kind: EventKind, facts: Partial<Event> = {}): Event => ({
  kind,
  at: wall(1_750_000_000_000 + world.now),
  atQuality: 'synchronised',
  mono: monotonic(world.now),
  exercise: false,
  ...facts,
});

/** A step of the core has committed one event. */
export const happen = (world: World, kind: EventKind, facts: Partial<Event> = {}): void => {
  const body = eventBodyOf({ site: SITE, boot: 1, durable: true }, eventAt(world, kind, facts));
  if (!body) throw new Error(`${kind} is never sent`);
  world.cursor += 1;
  world.heads[body.lane] += 1;
  const row = { cursor: world.cursor, epoch: world.epoch, lane: body.lane, seq: world.heads[body.lane], body };
  world.rows.push(row);
  tellOutbox(world, world.cursor % 2 === 0 ? [row] : undefined);
};

export const begin = (world: World): void => {
  give(world, { kind: 'start' });
  tellOutbox(world);
};

// ---- time

const nextDue = (world: World): Due | undefined =>
  world.queue.toSorted((one, other) => one.at - other.at || one.order - other.order)[0];

/** Let the world run for `ms`: whatever is due happens at its instant. */
export const run = (world: World, ms: number): void => {
  const end = world.now + ms;
  for (;;) {
    const due = nextDue(world);
    const path = nextPathDeadline(world.config, world.path) ?? Infinity;
    const receiver = nextReceiverDeadline(world.centre.state) ?? Infinity;
    const at = Math.min(due?.at ?? Infinity, path, receiver);
    if (at > end) break;
    world.now = Math.max(world.now, at);
    if (due && due.at <= at) {
      world.queue = world.queue.filter((entry) => entry !== due);
      due.run();
    } else if (path <= at) give(world, { kind: 'tick' });
    else stepCentre(world, { kind: 'tick' });
  }
  world.now = end;
};

// ---- looking

export const arrived = (world: World, lane: Lane): readonly number[] =>
  [...world.stored.values()].filter((message) => message.lane === lane).map(({ seq }) => seq);

export const sent = <K extends PathSend['kind']>(world: World, kind: K): readonly (PathSend & { readonly kind: K })[] =>
  world.sends.flatMap(({ send }) => (send.kind === kind ? [send as PathSend & { readonly kind: K }] : []));

/** Numbers of a lane in the order they were published, repetitions included. */
export const published = (world: World, lane: Lane, from = 0): readonly number[] =>
  world.sends
    .filter(({ at }) => at >= from)
    .flatMap(({ send }) => {
      if (send.kind !== 'publish') return [];
      const decoded = decodeEvent(send.publication.payload);
      return decoded.ok && decoded.value.lane === lane ? [decoded.value.seq] : [];
    });

export const conditions = (world: World): readonly string[] =>
  sent(world, 'condition').map(({ condition, on }) => `${condition} ${on ? 'on' : 'off'}`);

export const reports = (world: World): readonly string[] =>
  sent(world, 'report').map(({ event, detail }) => `${event} ${detail['reason']}`);

export const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);
