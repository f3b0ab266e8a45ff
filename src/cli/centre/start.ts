/**
 * The reference receiver, to run by itself or inside a demo or a test. It hears the sites, keeps their events on disk
 * and only then acknowledges; what it decides is src/protocol/receiver.ts, what it keeps src/drivers/centre-store.
 *
 * Messages are taken in batches: one write and one fdatasync for all that came while the last one ran. A batch that
 * could not be stored changes nothing, and nothing of it is answered.
 */
import { createHash } from 'node:crypto';
import { wall } from '../../core/time.ts';
import type { Wall } from '../../core/time.ts';
import type { CentreRecord } from '../../drivers/centre-store/record.ts';
import { openCentreStore } from '../../drivers/centre-store/store.ts';
import type { CentreStore, CentreStoreFailure } from '../../drivers/centre-store/store.ts';
import { mqttLink } from '../../drivers/mqtt/link.ts';
import type { IncomingMessage, MakeLink } from '../../ports/link.ts';
import type { AckMessage } from '../../protocol/centreMessages.ts';
import type { EventMessage, StatusMessage } from '../../protocol/messages.ts';
import { encode, fingerprintOf } from '../../protocol/payloads.ts';
import { nextReceiverDeadline, receiverDefaults, restoredReceiver, stepReceiver } from '../../protocol/receiver.ts';
import type { ReceiverConfig, ReceiverEffect, ReceiverInput, ReceiverState, SiteRecord } from '../../protocol/receiver.ts';
import { topicOf } from '../../protocol/topics.ts';
import { makeAnswers } from './answers.ts';
import type { Answers } from './answers.ts';
import { makeAside } from './aside.ts';
import type { Aside } from './aside.ts';
import { makeConnection } from './connection.ts';
import type { BrokerAccess, Connection } from './connection.ts';
import type { CentreEvent, CentreListener } from './events.ts';
import { incomingOf } from './incoming.ts';

export type CentreOptions = BrokerAccess & {
  /** Made if it is not there. */
  readonly dataFolder: string;
  readonly receiver?: ReceiverConfig;
  readonly makeLink?: MakeLink;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
  readonly random?: () => number;
  /** An acknowledgement is on its way to its site. */
  readonly onAcknowledged?: (ack: AckMessage) => void;
};

export type CentreView = {
  readonly sites: readonly SiteRecord[];
  readonly connected: boolean;
  /** Since the start: events stored, repetitions of what was there already. */
  readonly stored: number;
  readonly repeated: number;
  readonly damagedLines: number;
};

export type Centre = {
  readonly view: () => CentreView;
  /** Says goodbye to the broker and closes the folder. */
  readonly stop: () => Promise<void>;
};

export type CentreStart =
  | { readonly ok: true; readonly centre: Centre }
  | { readonly ok: false; readonly reason: CentreStoreFailure };

const BATCH_MESSAGES = 500;
/** Above it the broker keeps what comes. */
const INBOX_MESSAGES = 1_000;
const TICK_LATEST_MS = 60_000;

type Item = { readonly kind: 'message'; readonly message: IncomingMessage } | { readonly kind: 'tick' };

type Running = {
  readonly config: ReceiverConfig;
  readonly store: CentreStore;
  readonly tell: CentreListener;
  readonly now: () => number;
  readonly aside: Aside;
  readonly inbox: Item[];
  /** Status and boot that were told last, by site. */
  readonly statusTold: Map<string, string>;
  state: ReceiverState;
  draining: Promise<void> | undefined;
  storageFailed: boolean;
  connected: boolean;
  stored: number;
  repeated: number;
  stopping: boolean;
  timer: NodeJS.Timeout | undefined;
};

/** What one batch amounts to, before any of it counts. */
type Batch = {
  state: ReceiverState;
  readonly at: Wall;
  readonly hashes: Map<string, string>;
  readonly records: CentreRecord[];
  readonly effects: ReceiverEffect[];
  /** In the order it happened. */
  readonly told: CentreEvent[];
  repeated: number;
};

// ---- stepping a batch

const placeOf = ({ site, epoch, lane, seq }: EventMessage): string => `${site}/${epoch}/${lane}/${seq}`;

const knownIn = (running: Running, batch: Batch, message: EventMessage): string | undefined =>
  batch.hashes.get(placeOf(message)) ?? running.store.known(message);

const recordsOf = (batch: Batch, effect: ReceiverEffect): readonly CentreRecord[] => {
  const receivedAt = batch.at;
  if (effect.kind === 'store') {
    const { message, hash, conflict } = effect;
    return [{ kind: 'event', receivedAt, hash, conflict, message }];
  }
  if (effect.kind !== 'gap' || effect.cause !== 'lost') return [];
  return [{ kind: 'lost', receivedAt, site: effect.site, epoch: effect.epoch, lane: effect.lane, upTo: effect.to }];
};

const toldOf = (effect: ReceiverEffect): CentreEvent | undefined => {
  switch (effect.kind) {
    case 'acknowledge':
    case 'marks':
      return undefined;
    case 'store':
      return { kind: 'event', message: effect.message, conflict: effect.conflict };
    default:
      return effect;
  }
};

const step = (running: Running, batch: Batch, input: ReceiverInput): void => {
  const { state, effects } = stepReceiver(running.config, batch.state, input, batch.at);
  batch.state = state;
  for (const effect of effects) {
    batch.effects.push(effect);
    const told = toldOf(effect);
    if (told) batch.told.push(told);
    batch.records.push(...recordsOf(batch, effect));
    if (effect.kind === 'store' && !effect.conflict) batch.hashes.set(placeOf(effect.message), effect.hash);
  }
};

const takeEvent = (running: Running, batch: Batch, message: EventMessage): void => {
  const hash = createHash('sha256').update(fingerprintOf(message)).digest('hex');
  const known = knownIn(running, batch, message);
  if (known === hash) batch.repeated += 1;
  step(running, batch, { kind: 'event', message, hash, known });
};

/**
 * A repetition, as after a reconnection of ours, is no news. It is held against the status told last, not against what
 * the receiver knows: a heartbeat, of QoS 0, may overtake the birth it belongs to.
 */
const takeStatus = (running: Running, batch: Batch, message: StatusMessage): void => {
  const { site } = message;
  const status = `${message.status} ${message.boot}`;
  if (running.statusTold.get(site) !== status) {
    running.statusTold.set(site, status);
    batch.told.push(
      message.status === 'online'
        ? { kind: 'site-online', site, boot: message.boot, version: message.version }
        : { kind: 'site-offline', site, reason: message.reason },
    );
  }
  step(running, batch, { kind: 'status', message });
};

const takeMessage = (running: Running, batch: Batch, raw: IncomingMessage): void => {
  const incoming = incomingOf(raw);
  switch (incoming.kind) {
    case 'event':
      return takeEvent(running, batch, incoming.message);
    case 'heartbeat':
      return step(running, batch, incoming);
    case 'status':
      return takeStatus(running, batch, incoming.message);
    case 'aside':
      return running.aside.count(incoming.site, incoming.reason);
    case 'nothing':
      return;
  }
};

const stepAll = (running: Running, items: readonly Item[]): Batch => {
  const batch: Batch = {
    state: running.state,
    at: wall(running.now()),
    hashes: new Map(),
    records: [],
    effects: [],
    told: [],
    repeated: 0,
  };
  for (const item of items) {
    if (item.kind === 'message') takeMessage(running, batch, item.message);
    else step(running, batch, { kind: 'tick' });
  }
  return batch;
};

// ---- what a stored batch leads to

const answer = (answers: Answers, effect: ReceiverEffect): void => {
  if (effect.kind === 'acknowledge') {
    const { site, ack } = effect;
    const key = `ack/${site}/${ack.epoch}/${ack.lane}`;
    answers.put({ site, key, topic: topicOf({ kind: 'ack', site }), payload: encode(ack), ack });
  }
  if (effect.kind === 'marks') {
    const { site, marks } = effect;
    const key = `marks/${site}/${marks.epoch}`;
    answers.put({ site, key, topic: topicOf({ kind: 'marks', site }), payload: encode(marks), ack: undefined });
  }
};

const conclude = (running: Running, answers: Answers, batch: Batch): void => {
  running.state = batch.state;
  running.stored += batch.records.filter(({ kind }) => kind === 'event').length;
  running.repeated += batch.repeated;
  for (const effect of batch.effects) answer(answers, effect);
  answers.flush();
  for (const event of batch.told) running.tell(event, batch.at);
};

const noteStorage = (running: Running, failure: CentreStoreFailure | undefined): void => {
  if (failure !== undefined && !running.storageFailed) running.tell({ kind: 'storage-failed', reason: failure }, running.now());
  if (failure === undefined && running.storageFailed) running.tell({ kind: 'storage-restored' }, running.now());
  running.storageFailed = failure !== undefined;
};

const takeBatch = async (running: Running, answers: Answers): Promise<void> => {
  const batch = stepAll(running, running.inbox.splice(0, BATCH_MESSAGES));
  if (batch.records.length > 0) {
    const result = await running.store.append(batch.records);
    noteStorage(running, result.ok ? undefined : result.reason);
    if (!result.ok) return;
  }
  conclude(running, answers, batch);
};

// ---- running

const armTick = (running: Running, put: (item: Item) => void): void => {
  clearTimeout(running.timer);
  const deadline = nextReceiverDeadline(running.state);
  if (deadline === undefined || running.stopping) return;
  // A limit, so that a clock that was set does not leave a silence unseen.
  const waitMs = Math.min(Math.max(deadline - running.now(), 0), TICK_LATEST_MS);
  running.timer = setTimeout(() => put({ kind: 'tick' }), waitMs);
};

const wire = (
  running: Running,
  options: CentreOptions,
): { readonly connection: Connection; readonly stop: () => Promise<void> } => {
  const drain = async (): Promise<void> => {
    // One turn later, so that all that came with this chunk shares one write.
    await new Promise((resolve) => setImmediate(resolve));
    while (running.inbox.length > 0) {
      await takeBatch(running, answers);
      if (running.inbox.length < INBOX_MESSAGES) connection.link.resume();
    }
    running.draining = undefined;
    armTick(running, put);
  };
  const put = (item: Item): void => {
    if (running.stopping) return;
    running.inbox.push(item);
    if (running.inbox.length >= INBOX_MESSAGES) connection.link.pause();
    running.draining ??= drain();
  };
  const connection = makeConnection(options, {
    makeLink: options.makeLink ?? mqttLink,
    now: running.now,
    random: options.random ?? Math.random,
    tell: running.tell,
    onMessage: (message) => put({ kind: 'message', message }),
    onUp: (up) => {
      running.connected = true;
      answers.open(up.receiveMaximum);
    },
    onDown: () => {
      running.connected = false;
      answers.shut();
    },
  });
  const answers = makeAnswers(connection.link, {
    onRefused: (site, code) => running.tell({ kind: 'acknowledgement-refused', site, code }, running.now()),
    onAcknowledged: (ack) => options.onAcknowledged?.(ack),
  });
  const stop = async (): Promise<void> => {
    await running.draining;
    running.stopping = true;
    clearTimeout(running.timer);
    await connection.stop();
    running.aside.stop();
    await running.store.close();
  };
  armTick(running, put);
  return { connection, stop };
};

const viewOf = (running: Running): CentreView => ({
  sites: [...running.state.sites.values()],
  connected: running.connected,
  stored: running.stored,
  repeated: running.repeated,
  damagedLines: running.store.damagedLines,
});

/** Opens the folder and begins to connect; a broker that is not there is tried again for ever, and told each time. */
export const startCentre = async (options: CentreOptions, onEvent: CentreListener): Promise<CentreStart> => {
  const opening = await openCentreStore(options.dataFolder);
  if (!opening.ok) return opening;
  const { store } = opening;
  const now = options.now ?? Date.now;
  const config = options.receiver ?? receiverDefaults;
  const running: Running = {
    config,
    store,
    now,
    tell: onEvent,
    aside: makeAside(onEvent, now),
    inbox: [],
    statusTold: new Map(),
    state: restoredReceiver(config, store.sites(), wall(now())),
    draining: undefined,
    storageFailed: false,
    connected: false,
    stored: 0,
    repeated: 0,
    stopping: false,
    timer: undefined,
  };
  const { connection, stop } = wire(running, options);
  connection.start();
  let stopping: Promise<void> | undefined;
  return { ok: true, centre: { view: () => viewOf(running), stop: () => (stopping ??= stop()) } };
};
