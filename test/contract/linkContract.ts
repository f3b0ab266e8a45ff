/**
 * What every link must do, on whatever broker. A rig is one broker, a way to make links to it, and a hand on the network
 * between: `pass` lets time go by, virtual where the broker is.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IncomingMessage, LinkEvent, MakeLink, PublishResult } from '../../src/ports/link.ts';
import { bytes, message, options, text, withEars } from '../support/linkEars.ts';
import type { Ears } from '../support/linkEars.ts';

export type RigOptions = {
  readonly receiveMaximum?: number;
  readonly maximumPacketBytes?: number;
  /** A client may publish under `own/<its client id>/` only. */
  readonly strict?: boolean;
  /** Nobody may connect. */
  readonly closed?: boolean;
};

export type LinkRig = {
  readonly makeLink: MakeLink;
  readonly url: string;
  readonly pass: (ms: number) => Promise<void>;
  readonly stall: () => void;
  readonly flow: () => void;
  /** The broker takes messages and its acknowledgements do not arrive. */
  readonly withhold: () => void;
  readonly killBroker: () => Promise<void>;
  readonly restartBroker: () => Promise<void>;
  readonly dispose: () => Promise<void>;
};

export type LinkAbilities = {
  /** Answers 0x10 when nobody subscribed. */
  readonly tellsNoSubscribers: boolean;
  /** Refuses subscriptions that the client has no right to. */
  readonly refusesSubscriptions: boolean;
  /** Says 0x8e to the one it drops; mosquitto 2.0.11 ends the stream without a word. */
  readonly saysTakenOver: boolean;
};

const acknowledged: PublishResult = { kind: 'acknowledged', noSubscribers: false };
const will = { topic: 'w/status', payload: bytes('offline'), qos: 1, retain: true, delayS: 1 } as const;

const said =
  (topic: string) =>
  (event: LinkEvent): IncomingMessage | undefined =>
    event.kind === 'message' && event.message.topic === topic ? event.message : undefined;

const kinds = (ears: Ears): readonly string[] => ears.events.map((event) => event.kind);

export const linkContract = (name: string, makeRig: (wanted: RigOptions) => Promise<LinkRig>, abilities: LinkAbilities): void => {
  const test = suite(`link: ${name}`);
  type Check = (rig: LinkRig, ears: () => Ears) => Promise<void>;

  const withRig = (title: string, wanted: RigOptions, check: Check): void => {
    test(title, async () => {
      const rig = await makeRig(wanted);
      const all: Ears[] = [];
      try {
        await check(rig, () => {
          const ears = withEars(rig.makeLink);
          all.push(ears);
          return ears;
        });
      } finally {
        for (const { link } of all) link.destroy();
        await rig.dispose();
      }
    });
  };

  withRig('a message arrives whole, with its properties, and is acknowledged', {}, async (rig, ears) => {
    const site = ears();
    const centre = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await centre.up({ url: rig.url, clientId: 'centre' });
    assert.equal(await centre.subscribe('a/#', 'b/+'), {
      kind: 'answered',
      filters: [
        { kind: 'granted', filter: 'a/#', qos: 1 },
        { kind: 'granted', filter: 'b/+', qos: 1 },
      ],
    });
    const payload = Uint8Array.from({ length: 2_000 }, (_, at) => at % 256);
    const properties = { responseTopic: 'r/1', correlationData: bytes('c-1') };
    assert.equal(await site.publish({ topic: 'a/b/c', payload, properties }), acknowledged);
    const heard = await centre.until('the message', said('a/b/c'));
    assert.equal([...heard.payload], [...payload]);
    assert.is(heard.retain, false);
    assert.is(heard.properties.responseTopic, 'r/1');
    assert.is(text(heard.properties.correlationData ?? bytes('')), 'c-1');
    assert.is(site.link.inFlight(), 0);
  });

  withRig('quality 0 is answered once it is on its way, and arrives', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await site.subscribe('beat');
    assert.equal(await site.publish({ topic: 'beat', qos: 0 }), acknowledged);
    assert.is((await site.until('the beat', said('beat'))).qos, 0);
  });

  withRig('messages arrive in the order they were published', { receiveMaximum: 20 }, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await site.subscribe('o');
    const all = Array.from({ length: 20 }, (_, at) => site.publish({ topic: 'o', payload: bytes(String(at)) }));
    assert.ok((await Promise.all(all)).every((result) => result.kind === 'acknowledged'));
    await site.until('the last', (event) =>
      event.kind === 'message' && text(event.message.payload) === '19' ? event : undefined,
    );
    assert.equal(
      site.messages().map(({ payload }) => Number(text(payload))),
      Array.from({ length: 20 }, (_, at) => at),
    );
  });

  withRig('a message for nobody is acknowledged all the same', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    const result = await site.publish({ topic: 'nobody/hears' });
    assert.equal(result, { kind: 'acknowledged', noSubscribers: abilities.tellsNoSubscribers });
  });

  withRig('a retained message is known for one, when it is sent and when it is kept', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await site.subscribe('k/live');
    await site.publish({ topic: 'k/live', payload: bytes('on'), retain: true });
    assert.is((await site.until('the live one', said('k/live'))).retain, true);
    const late = ears();
    await late.up({ url: rig.url, clientId: 'late' });
    await late.subscribe('k/#');
    const kept = await late.until('the kept one', said('k/live'));
    assert.equal([kept.retain, text(kept.payload)], [true, 'on']);
  });

  withRig('nothing is taken, kept or sent while it is not up', {}, async (rig, ears) => {
    const site = ears();
    let inside = true;
    const answer = new Promise<PublishResult>((resolve, reject) => {
      site.link.publish(message({ topic: 'x' }), (result) => {
        if (inside) reject(new Error('answered inside the call'));
        else resolve(result);
      });
    });
    inside = false;
    assert.equal(await answer, { kind: 'not-sent', reason: 'not-connected' });
    assert.equal(await site.subscribe('x'), { kind: 'not-sent', reason: 'not-connected' });
    const other = ears();
    await other.up({ url: rig.url, clientId: 'other' });
    await other.subscribe('#');
    await site.up({ url: rig.url, clientId: 'site' });
    await site.publish({ topic: 'after' });
    await other.until('what was sent once up', said('after'));
    assert.equal(
      other.messages().map(({ topic }) => topic),
      ['after'],
    );
  });

  withRig('topics and filters that are none are refused here', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    for (const topic of ['', 'a/+/b', 'a/#']) {
      assert.equal(await site.publish({ topic }), { kind: 'not-sent', reason: 'bad-topic' }, topic);
    }
    for (const filter of ['', 'a/#/b', 'a+']) {
      assert.equal(await site.subscribe(filter), { kind: 'not-sent', reason: 'bad-filter' }, filter);
    }
    assert.equal(await site.publish({ topic: 'still/up' }).then((result) => result.kind), 'acknowledged');
  });

  withRig('only as many are under way as the broker takes', { receiveMaximum: 2 }, async (rig, ears) => {
    const site = ears();
    assert.is((await site.up({ url: rig.url, clientId: 'site' })).receiveMaximum, 2);
    const results = await Promise.all(['1', '2', '3'].map((topic) => site.publish({ topic })));
    assert.equal(
      results.map(({ kind }) => kind),
      ['acknowledged', 'acknowledged', 'not-sent'],
    );
    assert.equal(results[2], { kind: 'not-sent', reason: 'window-full' });
    assert.is((await site.publish({ topic: '4' })).kind, 'acknowledged');
  });

  withRig('what the broker would not take for its size is refused here', { maximumPacketBytes: 2_000 }, async (rig, ears) => {
    const site = ears();
    assert.is((await site.up({ url: rig.url, clientId: 'site' })).maximumPacketBytes, 2_000);
    const result = await site.publish({ topic: 'big', payload: new Uint8Array(2_001) });
    assert.equal(result, { kind: 'not-sent', reason: 'too-large' });
    assert.is((await site.publish({ topic: 'small' })).kind, 'acknowledged');
  });

  withRig('a message larger than it takes is never heard', {}, async (rig, ears) => {
    const small = ears();
    const site = ears();
    await small.up({ url: rig.url, clientId: 'small', maximumPacketBytes: 1_000 });
    await small.subscribe('s/#');
    await site.up({ url: rig.url, clientId: 'site' });
    await site.publish({ topic: 's/big', payload: new Uint8Array(4_000) });
    await site.publish({ topic: 's/next' });
    // Either the broker keeps the large one back, or the link ends the attempt that brought it.
    await small.until('what follows', (event) => (event.kind === 'down' ? event : said('s/next')(event) && event));
    assert.not.ok(small.messages().some(({ topic }) => topic === 's/big'));
  });

  withRig('a refusal is told with its code, and what follows still goes', { strict: true }, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await site.subscribe('own/site/#');
    assert.equal(await site.publish({ topic: 'own/other/alarm' }), { kind: 'refused', code: 0x87 });
    assert.equal(await site.publish({ topic: 'own/site/alarm' }), acknowledged);
    await site.until('its own', said('own/site/alarm'));
    assert.equal(kinds(site), ['up', 'message']);
  });

  if (abilities.refusesSubscriptions) {
    withRig('a subscription without the right to it is refused alone', { strict: true }, async (rig, ears) => {
      const site = ears();
      await site.up({ url: rig.url, clientId: 'site' });
      assert.equal(await site.subscribe('own/other/#', 'own/site/#'), {
        kind: 'answered',
        filters: [
          { kind: 'refused', filter: 'own/other/#', code: 0x87 },
          { kind: 'granted', filter: 'own/site/#', qos: 1 },
        ],
      });
    });
  }

  withRig('a broker that lets nobody in says so', { closed: true }, async (rig, ears) => {
    const site = ears();
    site.link.connect(options({ url: rig.url, clientId: 'site' }));
    assert.equal((await site.down()).reason, { kind: 'refused', code: 0x87 });
    assert.equal(kinds(site), ['down']);
  });

  withRig('the will is told after its delay, and kept', {}, async (rig, ears) => {
    const centre = ears();
    const site = ears();
    await centre.up({ url: rig.url, clientId: 'centre' });
    await centre.subscribe('w/#');
    await site.up({ url: rig.url, clientId: 'site', will });
    site.link.destroy();
    assert.equal((await site.down()).reason, { kind: 'destroyed' });
    await rig.pass(300);
    assert.equal(centre.messages(), []);
    await rig.pass(1_500);
    assert.is(text((await centre.until('the will', said('w/status'))).payload), 'offline');
    const late = ears();
    await late.up({ url: rig.url, clientId: 'late' });
    await late.subscribe('w/#');
    assert.is((await late.until('the kept will', said('w/status'))).retain, true);
  });

  withRig('no will is told of who comes back within its delay, nor of who says goodbye', {}, async (rig, ears) => {
    const centre = ears();
    const site = ears();
    await centre.up({ url: rig.url, clientId: 'centre' });
    await centre.subscribe('w/#');
    await site.up({ url: rig.url, clientId: 'site', will });
    await site.subscribe('acknowledgements');
    site.link.destroy();
    await site.down();
    site.forget();
    assert.is((await site.up({ url: rig.url, clientId: 'site', will })).sessionPresent, true);
    await rig.pass(1_800);
    assert.equal(centre.messages(), []);
    assert.is((await site.publish({ topic: 'w/last' })).kind, 'acknowledged');
    site.link.disconnect();
    assert.equal((await site.down()).reason, { kind: 'destroyed' });
    await centre.until('the last word', said('w/last'));
    await rig.pass(1_800);
    assert.equal(
      centre.messages().map(({ topic }) => topic),
      ['w/last'],
    );
  });

  withRig('the last message before a goodbye arrives, unacknowledged ones besides', {}, async (rig, ears) => {
    const centre = ears();
    const site = ears();
    await centre.up({ url: rig.url, clientId: 'centre' });
    await centre.subscribe('w/#');
    await site.up({ url: rig.url, clientId: 'site', will });
    void site.publish({ topic: 'w/a' });
    void site.publish({ topic: 'w/status', payload: bytes('stopped') });
    site.link.disconnect();
    await site.down();
    const heard = await centre.until('the parting status', said('w/status'));
    assert.is(text(heard.payload), 'stopped');
    await rig.pass(1_500);
    assert.equal(
      centre.messages().map(({ topic }) => topic),
      ['w/a', 'w/status'],
    );
  });

  withRig('who comes with the same client id is noticed, and nobody plays ping-pong', {}, async (rig, ears) => {
    const first = ears();
    const second = ears();
    await first.up({ url: rig.url, clientId: 'same' });
    await second.up({ url: rig.url, clientId: 'same' });
    assert.is((await first.down()).reason.kind, abilities.saysTakenOver ? 'taken-over' : 'closed');
    await rig.pass(500);
    assert.equal(kinds(first), ['up', 'down']);
    assert.equal(kinds(second), ['up']);
    assert.is((await second.publish({ topic: 'x' })).kind, 'acknowledged');
  });

  withRig('a half-open network is noticed by keepalive, and every answer is given', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site', keepaliveS: 1 });
    rig.stall();
    const order: string[] = [];
    const answers = ['1', '2'].map((topic) => site.publish({ topic }).then((result) => order.push(result.kind)));
    const ended = site.down().then(({ reason }) => order.push(reason.kind === 'timeout' ? reason.during : reason.kind));
    await rig.pass(1_700);
    await Promise.all([...answers, ended]);
    assert.equal(order.toSorted(), ['connection-lost', 'connection-lost', 'keepalive']);
    assert.is(site.link.inFlight(), 0);
  });

  withRig('a half-open connection is killed at once when told', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    rig.stall();
    const answer = site.publish({ topic: 'x' });
    site.link.destroy();
    assert.equal(kinds(site), ['up']);
    assert.equal(await answer, { kind: 'connection-lost' });
    assert.equal((await site.down()).reason, { kind: 'destroyed' });
    site.link.destroy();
    await rig.pass(50);
    assert.equal(kinds(site), ['up', 'down']);
  });

  withRig('a broker that does not answer is given up in time', {}, async (rig, ears) => {
    const site = ears();
    rig.stall();
    site.link.connect(options({ url: rig.url, clientId: 'site', connectTimeoutMs: 300 }));
    await rig.pass(400);
    assert.equal((await site.down()).reason, { kind: 'timeout', during: 'connecting' });
    rig.flow();
    site.forget();
    await site.up({ url: rig.url, clientId: 'site' });
  });

  withRig('a broker killed before it acknowledged: told as lost, and nothing is sent again', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    rig.withhold();
    const answer = site.publish({ topic: 'x/lost' });
    await rig.pass(50);
    await rig.killBroker();
    assert.equal(await answer, { kind: 'connection-lost' });
    assert.is((await site.down()).reason.kind, 'closed');
    rig.flow();
    await rig.restartBroker();
    const centre = ears();
    await centre.up({ url: rig.url, clientId: 'centre' });
    await centre.subscribe('x/#');
    site.forget();
    assert.is((await site.up({ url: rig.url, clientId: 'site' })).sessionPresent, false);
    await site.publish({ topic: 'x/next' });
    await centre.until('the next', said('x/next'));
    assert.equal(
      centre.messages().map(({ topic }) => topic),
      ['x/next'],
    );
  });

  withRig('paused, it holds messages back; resumed, they come in order', { receiveMaximum: 20 }, async (rig, ears) => {
    const site = ears();
    const centre = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    await centre.up({ url: rig.url, clientId: 'centre' });
    await centre.subscribe('p');
    centre.link.pause();
    const payloads = Array.from({ length: 10 }, (_, at) => String(at));
    await Promise.all(payloads.map((payload) => site.publish({ topic: 'p', payload: bytes(payload) })));
    await rig.pass(100);
    assert.ok(centre.messages().length <= 1);
    centre.link.resume();
    await centre.until('the last', (event) =>
      event.kind === 'message' && text(event.message.payload) === '9' ? event : undefined,
    );
    assert.equal(
      centre.messages().map(({ payload }) => text(payload)),
      payloads,
    );
  });

  withRig('it makes one attempt at a time', {}, async (rig, ears) => {
    const site = ears();
    await site.up({ url: rig.url, clientId: 'site' });
    assert.throws(() => site.link.connect(options({ url: rig.url, clientId: 'site' })));
    assert.is((await site.publish({ topic: 'x' })).kind, 'acknowledged');
  });

  test.run();
};
