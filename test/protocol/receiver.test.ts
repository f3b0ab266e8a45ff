import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOUR, SECOND, wall } from '../../src/core/time.ts';
import type { EventMessage, HeartbeatMessage, StatusMessage } from '../../src/protocol/messages.ts';
import { isoOf } from '../../src/protocol/instant.ts';
import { fingerprintOf } from '../../src/protocol/payloads.ts';
import {
  initialReceiver,
  nextReceiverDeadline,
  receiverDefaults,
  restoredReceiver,
  stepReceiver,
} from '../../src/protocol/receiver.ts';
import type { ReceiverEffect, ReceiverInput, ReceiverState } from '../../src/protocol/receiver.ts';
import { eventSample } from './samples.ts';

const test = suite('the receiver');

/** A receiver with its store. */
const makeCentre = () => {
  const hashes = new Map<string, string>();
  let state: ReceiverState = initialReceiver;
  let now = 0;
  const step = (input: ReceiverInput): readonly ReceiverEffect[] => {
    const result = stepReceiver(receiverDefaults, state, input, wall(now));
    state = result.state;
    for (const effect of result.effects) {
      if (effect.kind === 'store' && !effect.conflict) hashes.set(keyOf(effect.message), effect.hash);
    }
    return result.effects;
  };
  return {
    hashes,
    state: () => state,
    restart: (records: Parameters<typeof restoredReceiver>[1]) => {
      state = restoredReceiver(receiverDefaults, records, wall(now));
    },
    event: (message: EventMessage) =>
      step({ kind: 'event', message, hash: fingerprintOf(message), known: hashes.get(keyOf(message)) }),
    status: (message: StatusMessage) => step({ kind: 'status', message }),
    heartbeat: (message: HeartbeatMessage) => step({ kind: 'heartbeat', message }),
    wait: (ms: number): readonly ReceiverEffect[] => {
      now += ms;
      return step({ kind: 'tick' });
    },
  };
};

const keyOf = ({ site, epoch, lane, seq }: EventMessage): string => `${site}/${epoch}/${lane}/${seq}`;

const bare = (seq: number): EventMessage => {
  const sample = eventSample('intrusion', { zone: `zone-${seq}` });
  if (!sample) throw new Error('never sent');
  return sample.message;
};

const message = (seq: number, change: Partial<EventMessage> = {}): EventMessage => ({
  ...bare(seq),
  site: 'cabinet',
  epoch: 'e1',
  seq,
  ...change,
});

const lanes = (acknowledged: number, head = acknowledged) => ({
  alarm: { head, acknowledged },
  event: { head: 0, acknowledged: 0 },
});

const online = (acknowledged: number, epoch = 'e1', site = 'cabinet'): StatusMessage => ({
  v: 1,
  site,
  status: 'online',
  epoch,
  boot: 1,
  version: '0.1.0',
  at: isoOf(wall(0)),
  atQuality: 'synchronised',
  lanes: lanes(acknowledged),
  unsupervised: [],
});

const beat = (site = 'cabinet', change: Partial<HeartbeatMessage> = {}): HeartbeatMessage => ({
  v: 1,
  site,
  epoch: 'e1',
  boot: 1,
  at: isoOf(wall(5_000_000)),
  atQuality: 'unsynchronised',
  intervalMs: 30 * SECOND,
  uptimeMs: 1,
  lanes: lanes(0),
  chainHead: '',
  stateDigest: '',
  health: 'ok',
  faults: [],
  ...change,
});

const brief = (effects: readonly ReceiverEffect[]): readonly string[] =>
  effects.map((effect) => {
    switch (effect.kind) {
      case 'acknowledge': {
        const also = effect.ack.also?.map(({ from, to }) => `${from}-${to}`).join(',');
        return `ack ${effect.ack.seq}${also ? ` also ${also}` : ''}`;
      }
      case 'marks':
        return `marks ${effect.marks.alarm}`;
      case 'store':
        return effect.conflict ? `store conflict ${effect.message.seq}` : `store ${effect.message.seq}`;
      case 'gap':
        return `gap ${effect.from}-${effect.to} ${effect.cause}`;
      case 'gap-filled':
        return `filled to ${effect.upTo}`;
      case 'silent':
        return `silent ${effect.site} ${effect.silence.reason}${effect.silence.pending ? ' pending' : ''}`;
      case 'mass-loss':
        return `mass-loss ${effect.sites.length}`;
      default:
        return effect.kind;
    }
  });

test('a new message is stored before it is acknowledged', () => {
  const centre = makeCentre();
  assert.equal(brief(centre.event(message(1))), ['store 1', 'ack 1']);
});

test('the same again is acknowledged again and not stored again', () => {
  const centre = makeCentre();
  centre.event(message(1));
  centre.event(message(2));
  assert.equal(brief(centre.event(message(1))), ['ack 2']);
});

const dropped = (from: number, to: number): EventMessage =>
  message(to, { kind: 'dropped', detail: { lane: 'alarm', from, to, count: to - from + 1, reason: 'memory-full' } });

test('numbers that the site says it lost are no gap, and the lane goes on behind them', () => {
  const centre = makeCentre();
  centre.event(message(1));
  assert.equal(brief(centre.event(dropped(2, 9))), ['store 9', 'ack 9']);
  assert.equal(brief(centre.event(message(10))), ['store 10', 'ack 10']);
});

test('a record of lost numbers closes the gap that they were, and no other', () => {
  const centre = makeCentre();
  centre.event(message(1));
  centre.event(message(12));
  assert.equal(brief(centre.event(dropped(4, 9))), ['store 9', 'ack 1 also 4-9,12-12']);
  const nonsense = message(10, { kind: 'dropped', detail: { from: -3, to: 10 } });
  assert.equal(brief(centre.event(nonsense)), ['store 10', 'ack 1 also 4-10,12-12'], 'it settles its own number alone');
});

test('a gap is told once, held open, and closed by what was missing', () => {
  const centre = makeCentre();
  centre.event(message(1));
  assert.equal(brief(centre.event(message(4))), ['store 4', 'gap 2-3 missing', 'ack 1 also 4-4']);
  assert.equal(brief(centre.event(message(5))), ['store 5', 'ack 1 also 4-5']);
  assert.equal(brief(centre.event(message(3))), ['store 3', 'ack 1 also 3-5']);
  assert.equal(brief(centre.event(message(2))), ['store 2', 'filled to 5', 'ack 5']);
});

test('the same number with other contents is kept and shown, and not acknowledged', () => {
  const centre = makeCentre();
  centre.event(message(1));
  const other = message(1, { zone: 'elsewhere' });
  assert.equal(brief(centre.event(other)), ['store conflict 1', 'conflict', 'marks 1']);
  assert.is(centre.hashes.size, 1, 'the first stays what it was');
});

test('a new epoch counts from one and names the one before', () => {
  const centre = makeCentre();
  centre.event(message(1));
  const effects = centre.event(message(1, { epoch: 'e2', previousEpoch: 'e1' }));
  assert.equal(brief(effects), ['new-epoch', 'store 1', 'ack 1']);
  assert.equal(effects[0], { kind: 'new-epoch', site: 'cabinet', epoch: 'e2', previous: 'e1' });
  assert.equal(brief(centre.event(message(2))), ['store 2', 'ack 2'], 'the old one goes on under its own name');
});

test('a birth is answered with marks of its epoch', () => {
  const centre = makeCentre();
  centre.event(message(1));
  assert.equal(brief(centre.status(online(1))), ['marks 1']);
  assert.equal(brief(centre.status(online(0, 'e9'))), ['new-epoch', 'marks 0']);
});

test('what the site had acknowledged and the centre has lost is shown as lost, and the lane goes on', () => {
  const centre = makeCentre();
  assert.equal(brief(centre.status(online(7))), ['gap 1-7 lost', 'marks 7']);
  assert.equal(brief(centre.event(message(8))), ['store 8', 'ack 8']);
});

test('three missed heartbeats are silence; the next word ends it', () => {
  const centre = makeCentre();
  centre.heartbeat(beat());
  assert.equal(centre.wait(89 * SECOND), []);
  assert.equal(brief(centre.wait(SECOND)), ['silent cabinet heartbeat-missed']);
  assert.equal(centre.wait(HOUR), [], 'told once');
  assert.equal(brief(centre.heartbeat(beat())), ['heard-again']);
});

test('a site that falls silent during an entry is an alarm as soon as the entry would have ended', () => {
  const centre = makeCentre();
  centre.heartbeat(beat());
  centre.heartbeat(beat('cabinet', { pendingUntil: isoOf(wall(5_000_000 + 30 * SECOND)) }));
  centre.status({ v: 1, site: 'cabinet', status: 'offline', boot: 1, reason: 'lost' });
  assert.equal(brief(centre.wait(31 * SECOND)), ['silent cabinet connection-lost pending']);
  const smashed = makeCentre();
  smashed.heartbeat(beat('cabinet', { pendingUntil: isoOf(wall(5_000_000 + 45 * SECOND)) }));
  assert.equal(smashed.wait(54 * SECOND), []);
  assert.equal(brief(smashed.wait(SECOND)), ['silent cabinet pending-expired pending']);
  const disarmed = makeCentre();
  disarmed.heartbeat(beat('cabinet', { pendingUntil: isoOf(wall(5_000_000 + 45 * SECOND)) }));
  disarmed.wait(20 * SECOND);
  disarmed.heartbeat(beat());
  assert.equal(disarmed.wait(60 * SECOND), [], 'a heartbeat without it ends it');
});

test('a lost connection has half a minute to come back; a stop is told at once', () => {
  const centre = makeCentre();
  centre.heartbeat(beat());
  centre.status({ v: 1, site: 'cabinet', status: 'offline', boot: 1, reason: 'lost' });
  centre.wait(20 * SECOND);
  assert.equal(brief(centre.status(online(0))), ['marks 0']);
  assert.equal(centre.wait(60 * SECOND), []);
  const stopped = centre.status({ v: 1, site: 'cabinet', status: 'offline', boot: 1, reason: 'stopped' });
  assert.equal(brief(stopped), ['silent cabinet stopped']);
});

test('many sites lost together are told as one loss, beside each of them', () => {
  const centre = makeCentre();
  for (let index = 0; index < 6; index += 1) centre.heartbeat(beat(`site-${index}`));
  const effects = brief(centre.wait(90 * SECOND));
  assert.is(effects.filter((effect) => effect.startsWith('silent')).length, 6);
  assert.is(effects.at(-1), 'mass-loss 6');
  for (let index = 0; index < 6; index += 1) centre.heartbeat(beat(`site-${index}`));
  assert.equal(centre.wait(SECOND), []);
});

test('a receiver started anew knows its numbers and gives each site one limit to speak', () => {
  const centre = makeCentre();
  centre.restart([
    { site: 'cabinet', epochs: [{ epoch: 'e1', lanes: { alarm: { head: 4, beyond: [] }, event: { head: 0, beyond: [] } } }] },
  ]);
  assert.is(nextReceiverDeadline(centre.state()), 90 * SECOND);
  assert.equal(brief(centre.event(message(5))), ['store 5', 'ack 5']);
  assert.is(nextReceiverDeadline(initialReceiver), undefined);
});

test.run();
