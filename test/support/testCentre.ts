/**
 * A monitoring centre for tests, written from the contract alone and sharing no code with the controller: it stores what
 * it is sent, deduplicates by (site, epoch, lane, seq), notices numbers out of order and contents that changed, and
 * acknowledges, or not, as the test wants.
 */
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';

export type Told = {
  readonly site: string;
  readonly epoch: string;
  readonly lane: 'alarm' | 'event';
  readonly seq: number;
  readonly kind: string;
  readonly at: string;
  readonly durable?: false;
  readonly area?: string;
  readonly zone?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

type LaneKept = {
  readonly messages: Map<number, { readonly told: Told; readonly text: string }>;
  /** Up to here nothing is missing. */
  head: number;
};

export type TestCentre = {
  /** Every message of a site in the order of its first arrival. */
  readonly arrived: (site: string) => readonly Told[];
  readonly lane: (site: string, epoch: string, lane: 'alarm' | 'event') => readonly Told[];
  readonly epochs: (site: string) => readonly string[];
  /** Numbers not above every number of their lane and epoch that came before, first arrivals only. */
  readonly outOfOrder: readonly string[];
  /** The same number with other contents. */
  readonly conflicts: readonly string[];
  readonly duplicates: () => number;
  /** Retained and plain messages under `state/`, `status`, latest by topic. */
  readonly latest: ReadonlyMap<string, string>;
  readonly heartbeats: (site: string) => number;
  /** Acknowledges nothing from now on. */
  readonly mute: () => void;
  /** Acknowledges again, first what it owes. */
  readonly answer: () => void;
  /** Leaves the broker without a word, as a crash does, and comes back. */
  readonly leave: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const STATUS = 'vigie/v1/centre/status';

const spread = (text: string): Told | undefined => {
  const told = JSON.parse(text) as Partial<Told>;
  const isEvent = typeof told.seq === 'number' && typeof told.epoch === 'string' && typeof told.kind === 'string';
  return isEvent ? (told as Told) : undefined;
};

type Keeping = {
  readonly lanes: Map<string, LaneKept>;
  readonly order: Told[];
  readonly outOfOrder: string[];
  readonly conflicts: string[];
  duplicates: number;
};

const laneKey = (site: string, epoch: string, lane: string): string => `${site}/${epoch}/${lane}`;

const laneOf = ({ lanes }: Keeping, key: string): LaneKept => {
  const kept = lanes.get(key) ?? { messages: new Map(), head: 0 };
  lanes.set(key, kept);
  return kept;
};

/** Keeps it and tells the lane's head. What may differ when it is sent again: nothing. */
const keep = (keeping: Keeping, told: Told, text: string): number => {
  const key = laneKey(told.site, told.epoch, told.lane);
  const kept = laneOf(keeping, key);
  const before = kept.messages.get(told.seq);
  if (before) {
    keeping.duplicates += 1;
    if (before.text !== text) keeping.conflicts.push(`${key}/${told.seq}: ${before.text} then ${text}`);
    return kept.head;
  }
  if (told.seq !== Math.max(0, ...kept.messages.keys()) + 1) keeping.outOfOrder.push(`${key}/${told.seq}`);
  kept.messages.set(told.seq, { told, text });
  keeping.order.push(told);
  while (kept.messages.has(kept.head + 1)) kept.head += 1;
  return kept.head;
};

/** `mayAnswer`: asked before each acknowledgement, so that some can be lost. */
export const startTestCentre = async (url: string, mayAnswer: () => boolean = () => true): Promise<TestCentre> => {
  const keeping: Keeping = { lanes: new Map(), order: [], outOfOrder: [], conflicts: [], duplicates: 0 };
  const latest = new Map<string, string>();
  const heartbeats = new Map<string, number>();
  let isMute = false;
  let client: MqttClient;

  const send = (topic: string, body: unknown, retain = false): void =>
    void client.publish(topic, JSON.stringify(body), { qos: 1, retain }, () => undefined);

  const acknowledge = ({ site, epoch, lane }: Pick<Told, 'site' | 'epoch' | 'lane'>, seq: number): void => {
    if (!isMute && seq > 0 && mayAnswer()) send(`vigie/v1/${site}/ack`, { epoch, lane, seq });
  };

  const tellMarks = (site: string, text: string): void => {
    const { epoch, status } = JSON.parse(text) as { readonly epoch?: string; readonly status: string };
    if (status !== 'online' || epoch === undefined || isMute) return;
    const head = (lane: string): number => keeping.lanes.get(laneKey(site, epoch, lane))?.head ?? 0;
    send(`vigie/v1/${site}/marks`, { v: 1, epoch, alarm: head('alarm'), event: head('event') });
  };

  const hear = (topic: string, text: string): void => {
    const [, , site = '', branch] = topic.split('/');
    if (branch === 'alarm' || branch === 'event') {
      const told = spread(text);
      if (told) acknowledge(told, keep(keeping, told, text));
      return;
    }
    if (branch === 'heartbeat') heartbeats.set(site, (heartbeats.get(site) ?? 0) + 1);
    latest.set(topic, text);
    if (branch === 'status' && site !== 'centre') tellMarks(site, text);
  };

  const connect = (): Promise<void> =>
    new Promise((resolve) => {
      client = mqtt.connect(url, {
        protocolVersion: 5,
        clientId: 'test-centre',
        clean: false,
        properties: { sessionExpiryInterval: 3_600, receiveMaximum: 100 },
        reconnectPeriod: 100,
        connectTimeout: 2_000,
        will: { topic: STATUS, payload: Buffer.from('{"v":1,"status":"offline"}'), qos: 1, retain: true },
      });
      client.on('error', () => undefined);
      client.on('message', (topic, payload) => hear(topic, payload.toString()));
      client.on('connect', () => {
        client.subscribe('vigie/v1/#', { qos: 1 }, () => {
          send(STATUS, { v: 1, status: 'online' }, true);
          resolve();
        });
      });
    });

  await connect();
  const answerAll = (): void => {
    for (const [key, { head }] of keeping.lanes) {
      const [site = '', epoch = '', lane] = key.split('/');
      if (lane === 'alarm' || lane === 'event') acknowledge({ site, epoch, lane }, head);
    }
  };
  return {
    arrived: (site) => keeping.order.filter((told) => told.site === site),
    lane: (site, epoch, lane) =>
      [...(keeping.lanes.get(laneKey(site, epoch, lane))?.messages.entries() ?? [])]
        .toSorted(([a], [b]) => a - b)
        .map(([, { told }]) => told),
    epochs: (site) => [...new Set(keeping.order.filter((told) => told.site === site).map(({ epoch }) => epoch))],
    outOfOrder: keeping.outOfOrder,
    conflicts: keeping.conflicts,
    duplicates: () => keeping.duplicates,
    latest,
    heartbeats: (site) => heartbeats.get(site) ?? 0,
    mute: () => (isMute = true),
    answer: () => {
      isMute = false;
      answerAll();
    },
    leave: async () => {
      client.stream.destroy();
      await client.endAsync(true);
    },
    comeBack: connect,
    close: () => client.endAsync(true),
  };
};
