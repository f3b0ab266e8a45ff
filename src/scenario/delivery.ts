/**
 * The way from the controller to the centre in a story: an outbox that survives what happens to the controller, the real
 * MQTT path over it, a broker and a centre that can be taken away. The centre stores each number once and acknowledges,
 * per lane, what it has without a gap.
 */
import { LANES } from '../core/event.ts';
import { stepPath } from '../paths/mqtt/step.ts';
import { initialPath } from '../paths/mqtt/frame.ts';
import { nextPathDeadline } from '../paths/mqtt/deadlines.ts';
import { pathDefaults } from '../paths/mqtt/types.ts';
import { eventBodyOf } from '../protocol/eventBody.ts';
import type { CommandMessage } from '../protocol/commands.ts';
import { decodeEvent, decodeStatus, encode } from '../protocol/payloads.ts';
import { parseTopic, topicOf } from '../protocol/topics.ts';
import type { Event, Lane } from '../core/event.ts';
import type { Delivery, PathConfig, PathInput, PathSend, PathState, Publication } from '../paths/mqtt/types.ts';
import type { Companion, WireChange, World } from './world.ts';
import { plan, runningTime, shownWall, storyMs, tell } from './world.ts';

type Heads = Record<Lane, number>;

type Wire = {
  readonly world: World;
  path: PathState;
  /** What the path has to hear, in order: hearing one thing may bring about the next. */
  readonly inbox: PathInput[];
  hearing: boolean;
  epochNumber: number;
  boot: number;
  outbox: readonly Delivery[];
  cursor: number;
  heads: Heads;
  acknowledged: Heads;
  /** What each number of this epoch stands for. */
  readonly told: Map<string, Event>;
  brokerUp: boolean;
  centreUp: boolean;
  acksArrive: boolean;
  /** Counts connections made and lost: what was under way on an older one is gone. */
  link: number;
  connected: boolean;
  /** What the centre has, by epoch, lane and number, in order of arrival. */
  readonly stored: Map<string, Event>;
  random: number;
};

/** From one end of the wire to the next. */
const HOP_MS = 10;

const epochOf = ({ epochNumber }: Wire): string => `story-${epochNumber}`;
const keyOf = (epoch: string, lane: Lane, seq: number): string => `${epoch}/${lane}/${seq}`;

const pathConfig = ({ world, boot }: Wire): PathConfig => ({
  ...pathDefaults,
  site: world.options.site.config.site,
  version: 'story',
  boot,
});

/** Minimal standard generator of Park and Miller: the same story waits the same times. */
const nextRandom = (wire: Wire): number => {
  wire.random = (wire.random * 48_271) % 2_147_483_647;
  return wire.random / 2_147_483_647;
};

// ---- the path

const hear = (wire: Wire, input: PathInput): void => {
  if (wire.world.gone) return;
  wire.inbox.push(input);
  if (wire.hearing) return;
  wire.hearing = true;
  for (let next = wire.inbox.shift(); next; next = wire.inbox.shift()) stepOnce(wire, next);
  wire.hearing = false;
};

const stepOnce = (wire: Wire, input: PathInput): void => {
  const { state, sends } = stepPath(pathConfig(wire), wire.path, input, runningTime(wire.world), nextRandom(wire));
  wire.path = state;
  for (const send of sends) perform(wire, send);
};

const perform = (wire: Wire, send: PathSend): void => {
  switch (send.kind) {
    case 'connect':
      return connect(wire);
    case 'subscribe':
      return onLink(wire, () => tellCentreStatus(wire));
    case 'disconnect':
    case 'destroy':
      return drop(wire, 'destroyed');
    case 'publish':
      return publish(wire, send.id, send.publication);
    case 'load':
      return hear(wire, { kind: 'loaded', lane: send.lane, after: send.after, deliveries: rowsAbove(wire, send) });
    case 'acknowledge':
      return acknowledge(wire, send.lane, send.seq);
    case 'condition':
      return tell(wire.world, {
        kind: 'condition',
        condition: send.condition,
        subject: send.subject,
        on: send.on,
        detail: send.detail,
      });
    case 'report':
      return tell(wire.world, { kind: 'report', event: send.event, facts: { detail: send.detail } });
    case 'heartbeat-wanted':
      return;
    case 'command':
      return hear(wire, refusedCommand(send.command));
    case 'new-epoch':
      return beginEpoch(wire);
  }
};

/** A story has no operators: what reaches the shell is refused there. */
const refusedCommand = ({ id, operator }: CommandMessage): PathInput => ({
  kind: 'answer',
  command: id,
  operator,
  answer: { ok: false, reason: 'unknown-operator' },
  isTold: false,
});

// ---- the outbox

const rowsAbove = ({ outbox }: Wire, { lane, after, limit }: PathSend & { readonly kind: 'load' }): readonly Delivery[] =>
  outbox.filter((row) => row.lane === lane && row.cursor > after).slice(0, limit);

const tellOutbox = (wire: Wire, fresh?: readonly Delivery[]): void =>
  hear(wire, {
    kind: 'outbox',
    epoch: epochOf(wire),
    heads: { ...wire.heads },
    acknowledged: { ...wire.acknowledged },
    ...(fresh ? { fresh } : {}),
  });

const rowOf = (wire: Wire, happened: Event): readonly Delivery[] => {
  const body = eventBodyOf({ site: wire.world.options.site.config.site, boot: wire.boot, durable: true }, happened);
  if (!body) return [];
  wire.cursor += 1;
  wire.heads[body.lane] += 1;
  const row = { cursor: wire.cursor, epoch: epochOf(wire), lane: body.lane, seq: wire.heads[body.lane], body };
  wire.told.set(keyOf(row.epoch, row.lane, row.seq), happened);
  return [row];
};

const keep = (wire: Wire, events: readonly Event[]): void => {
  const rows = events.flatMap((happened) => rowOf(wire, happened));
  if (rows.length === 0) return;
  wire.outbox = [...wire.outbox, ...rows];
  tellOutbox(wire, rows);
};

const acknowledge = (wire: Wire, lane: Lane, seq: number): void => {
  wire.acknowledged[lane] = Math.max(wire.acknowledged[lane], seq);
  wire.outbox = wire.outbox.filter((row) => row.lane !== lane || row.seq > seq);
};

/** What is pending gets new numbers. */
const beginEpoch = (wire: Wire): void => {
  const pending = wire.outbox.map(({ epoch, lane, seq }) => wire.told.get(keyOf(epoch, lane, seq)));
  wire.epochNumber += 1;
  wire.heads = { alarm: 0, event: 0 };
  wire.acknowledged = { alarm: 0, event: 0 };
  wire.outbox = pending.flatMap((happened) => (happened ? rowOf(wire, happened) : []));
  tellOutbox(wire);
};

// ---- the link

/** Later, if the connection is still the same one. */
const onLink = (wire: Wire, act: () => void): void => {
  const { link } = wire;
  plan(wire.world, HOP_MS, () => {
    if (wire.link === link) act();
  });
};

const connect = (wire: Wire): void => {
  wire.link += 1;
  onLink(wire, () => {
    if (!wire.brokerUp) return hear(wire, { kind: 'down', reason: 'unreachable' });
    wire.connected = true;
    const atQuality = wire.world.synchronised ? 'synchronised' : 'unsynchronised';
    hear(wire, { kind: 'up', at: shownWall(wire.world), atQuality, receiveMaximum: 65_535, maximumPacketBytes: undefined });
  });
};

const drop = (wire: Wire, reason: 'closed' | 'destroyed'): void => {
  const was = wire.connected;
  wire.link += 1;
  wire.connected = false;
  if (was) hear(wire, { kind: 'down', reason });
};

const publish = (wire: Wire, id: number, publication: Publication): void => {
  onLink(wire, () => {
    if (publication.qos === 1)
      hear(wire, { kind: 'published', id, outcome: { kind: 'acknowledged', noSubscribers: !wire.centreUp } });
    if (wire.centreUp) receive(wire, publication);
  });
};

const sendDown = (wire: Wire, topic: string, message: object, retain = false): void =>
  onLink(wire, () => hear(wire, { kind: 'message', topic, payload: encode(message), retain, properties: {} }));

// ---- the centre

const storedUpTo = ({ stored }: Wire, epoch: string, lane: Lane): number => {
  let seq = 0;
  while (stored.has(keyOf(epoch, lane, seq + 1))) seq += 1;
  return seq;
};

const receive = (wire: Wire, { topic, payload }: Publication): void => {
  const kind = parseTopic(topic)?.kind;
  if (kind === 'status') tellMarks(wire, payload);
  else if (kind === 'alarm' || kind === 'event') receiveEvent(wire, payload);
};

const receiveEvent = (wire: Wire, payload: Uint8Array): void => {
  const decoded = decodeEvent(payload);
  if (!decoded.ok) throw new Error(`the centre cannot read a message: ${decoded.reason}`);
  const { epoch, lane, seq } = decoded.value;
  const happened = wire.told.get(keyOf(epoch, lane, seq));
  if (happened && !wire.stored.has(keyOf(epoch, lane, seq))) wire.stored.set(keyOf(epoch, lane, seq), happened);
  if (!wire.acksArrive) return;
  sendDown(wire, topicOf({ kind: 'ack', site: decoded.value.site }), { epoch, lane, seq: storedUpTo(wire, epoch, lane) });
};

const tellMarks = (wire: Wire, payload: Uint8Array): void => {
  const status = decodeStatus(payload);
  if (!status.ok || status.value.status === 'offline' || !wire.acksArrive) return;
  const { site, epoch } = status.value;
  const marks = { v: 1, epoch, alarm: storedUpTo(wire, epoch, 'alarm'), event: storedUpTo(wire, epoch, 'event') };
  sendDown(wire, topicOf({ kind: 'marks', site }), marks);
};

const tellCentreStatus = (wire: Wire): void =>
  sendDown(wire, topicOf({ kind: 'centre-status' }), { v: 1, status: wire.centreUp ? 'online' : 'offline' }, true);

// ---- what a story does to it

const replayCommand = (wire: Wire, verb: string): void => {
  const { site } = wire.world.options.site.config;
  const area = wire.world.options.site.config.areas[0]?.id;
  sendDown(
    wire,
    topicOf({ kind: 'command', site, verb }),
    { v: 1, id: 'old-command', operator: 'centre', area, mode: 'full' },
    true,
  );
};

const change = (wire: Wire, wanted: WireChange): void => {
  switch (wanted.what) {
    case 'broker':
      wire.brokerUp = wanted.on;
      return wanted.on ? undefined : drop(wire, 'closed');
    case 'centre':
      wire.centreUp = wanted.on;
      return wire.connected ? tellCentreStatus(wire) : undefined;
    case 'acknowledgements':
      wire.acksArrive = wanted.on;
      return;
    case 'command':
      return replayCommand(wire, wanted.verb);
  }
};

/** Every number given in this epoch is there, none twice, and nothing waits any more. */
const isComplete = (wire: Wire): boolean =>
  wire.outbox.length === 0 && LANES.every((lane) => storedUpTo(wire, epochOf(wire), lane) === wire.heads[lane]);

const describe = (wire: Wire): string => {
  const lanes = LANES.map((lane) => `${lane} ${storedUpTo(wire, epochOf(wire), lane)} of ${wire.heads[lane]}`).join(', ');
  return `the centre has ${lanes}; ${wire.outbox.length} wait in the outbox`;
};

const leave = (wire: Wire, stateLost: boolean): void => {
  wire.link += 1;
  wire.connected = false;
  wire.inbox.length = 0;
  if (!stateLost) return;
  wire.outbox = [];
  wire.epochNumber += 1;
  wire.heads = { alarm: 0, event: 0 };
  wire.acknowledged = { alarm: 0, event: 0 };
};

const start = (wire: Wire): void => {
  wire.boot += 1;
  wire.path = initialPath(runningTime(wire.world));
  hear(wire, { kind: 'start' });
  tellOutbox(wire);
};

/** Gives a world its way to the centre. */
export const attachDelivery = (world: World): void => {
  const wire: Wire = {
    world,
    path: initialPath(runningTime(world)),
    inbox: [],
    hearing: false,
    epochNumber: 1,
    boot: 0,
    outbox: [],
    cursor: 0,
    heads: { alarm: 0, event: 0 },
    acknowledged: { alarm: 0, event: 0 },
    told: new Map(),
    brokerUp: true,
    centreUp: true,
    acksArrive: true,
    link: 0,
    connected: false,
    stored: new Map(),
    random: 1,
  };
  const companion: Companion = {
    start: () => start(wire),
    leave: (stateLost) => leave(wire, stateLost),
    keep: (events) => keep(wire, events),
    nextMs: () => {
      const deadline = wire.boot === 0 ? undefined : nextPathDeadline(pathConfig(wire), wire.path);
      return deadline === undefined ? undefined : storyMs(world, deadline);
    },
    tick: () => hear(wire, { kind: 'tick' }),
    change: (wanted) => change(wire, wanted),
    centre: () => ({ received: [...wire.stored.values()], complete: isComplete(wire), words: describe(wire) }),
  };
  world.companion = companion;
};
