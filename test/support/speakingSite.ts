/** A site as the centre hears it: numbered events, heartbeats, a birth, and what the centre answered. */
import type { Lane } from '../../src/core/event.ts';
import type { AckMessage, MarksMessage } from '../../src/protocol/centreMessages.ts';
import type { ConnectOptions, Link, LinkEvent, MakeLink } from '../../src/ports/link.ts';
import type { EventMessage, HeartbeatMessage, LanesProgress, OnlineStatus } from '../../src/protocol/messages.ts';
import { decodeAck, decodeMarks, encode } from '../../src/protocol/payloads.ts';
import { siteSubscriptions, topicOf, topicOfEvent } from '../../src/protocol/topics.ts';
import { withEars } from './linkEars.ts';
import type { Ears } from './linkEars.ts';

export const AT = '2026-03-02T07:00:00.000Z';

export const eventMessage = (site: string, lane: Lane, seq: number, given: Partial<EventMessage> = {}): EventMessage => ({
  v: 1,
  site,
  epoch: 'e1',
  boot: 1,
  lane,
  seq,
  kind: lane === 'alarm' ? 'intrusion' : 'armed',
  class: lane === 'alarm' ? 'intrusion' : 'access',
  phase: lane === 'alarm' ? 'raise' : 'report',
  priority: lane === 'alarm' ? 7 : 1,
  at: AT,
  atQuality: 'synchronised',
  exercise: false,
  zone: `z${seq}`,
  ...given,
});

export const lanes = (alarm: number, event: number, acknowledged = { alarm: 0, event: 0 }): LanesProgress => ({
  alarm: { head: alarm, acknowledged: acknowledged.alarm },
  event: { head: event, acknowledged: acknowledged.event },
});

export const birth = (site: string, progress: LanesProgress): OnlineStatus => ({
  v: 1,
  site,
  status: 'online',
  epoch: 'e1',
  boot: 1,
  version: '0.1.0',
  at: AT,
  atQuality: 'synchronised',
  lanes: progress,
  unsupervised: [],
});

export const heartbeat = (site: string, progress: LanesProgress, pendingUntil?: string): HeartbeatMessage => ({
  v: 1,
  site,
  epoch: 'e1',
  boot: 1,
  at: AT,
  atQuality: 'synchronised',
  intervalMs: 30_000,
  uptimeMs: 1,
  lanes: progress,
  chainHead: '',
  stateDigest: '',
  health: 'ok',
  faults: [],
  ...(pendingUntil === undefined ? {} : { pendingUntil }),
});

export type SpeakingSite = {
  readonly link: Link;
  readonly ears: Ears;
  readonly connect: (url: string, given?: Partial<ConnectOptions>) => Promise<void>;
  readonly send: (message: EventMessage) => void;
  readonly say: (kind: 'status' | 'heartbeat', message: object, retain?: boolean) => void;
  readonly acks: () => readonly AckMessage[];
  /** The highest number acknowledged in a lane of epoch `e1`. */
  readonly acknowledged: (lane: Lane) => number;
  /** Waits until a lane is acknowledged that far. */
  readonly untilAcknowledged: (lane: Lane, seq: number) => Promise<void>;
  readonly untilMarks: () => Promise<MarksMessage>;
};

const ackIn = (event: LinkEvent): AckMessage | undefined => {
  if (event.kind !== 'message' || !event.message.topic.endsWith('/ack')) return undefined;
  const decoded = decodeAck(event.message.payload);
  return decoded.ok ? decoded.value : undefined;
};

const marksIn = (event: LinkEvent): MarksMessage | undefined => {
  if (event.kind !== 'message' || !event.message.topic.endsWith('/marks')) return undefined;
  const decoded = decodeMarks(event.message.payload);
  return decoded.ok ? decoded.value : undefined;
};

export const speakingSite = (site: string, makeLink: MakeLink): SpeakingSite => {
  const ears = withEars(makeLink);
  const acks = (): readonly AckMessage[] => ears.events.map(ackIn).filter((ack) => ack !== undefined);
  const publish = (topic: string, message: object, retain: boolean): void =>
    ears.link.publish({ topic, payload: encode(message), qos: 1, retain }, () => undefined);
  return {
    link: ears.link,
    ears,
    acks,
    connect: async (url, given = {}) => {
      await ears.up({ url, clientId: site, ...given });
      await ears.subscribe(...siteSubscriptions(site));
    },
    send: (message) => publish(topicOfEvent(message), message, false),
    say: (kind, message, retain = kind === 'status') => publish(topicOf({ kind, site }), message, retain),
    acknowledged: (lane) => Math.max(0, ...acks().map((ack) => (ack.lane === lane && ack.epoch === 'e1' ? ack.seq : 0))),
    untilAcknowledged: async (lane, seq) => {
      await ears.until(`${lane} ${seq} acknowledged`, (event) => {
        const ack = ackIn(event);
        return ack && ack.lane === lane && ack.seq >= seq ? ack : undefined;
      });
    },
    untilMarks: () => ears.until('marks', marksIn),
  };
};
