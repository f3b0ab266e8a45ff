import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { encode } from '../../src/protocol/payloads.ts';
import { topicOf } from '../../src/protocol/topics.ts';
import {
  SITE,
  arrived,
  begin,
  conditions,
  drop,
  give,
  happen,
  makeWorld,
  published,
  reports,
  run,
  sent,
  setBroker,
  setCentre,
  tellOutbox,
  upTo,
} from './world.ts';
import type { Publication } from '../../src/paths/mqtt/types.ts';
import type { World } from './world.ts';

const test = suite('the MQTT path');

const isEmpty = (world: World): boolean => world.rows.length === 0;

const say = (world: World, topic: string, message: object, retain = false): void =>
  give(world, { kind: 'message', topic, payload: encode(message), retain, properties: {} });

/** What an area's state message might be. */
const state = (word: string): Publication => ({
  topic: topicOf({ kind: 'state', site: SITE, of: 'area', id: 'cabinet' }),
  payload: encode({ word }),
  qos: 1,
  retain: true,
});

const ackTopic = topicOf({ kind: 'ack', site: SITE });

test('an alarm goes to the centre at once and leaves the outbox when the centre has it', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  happen(world, 'intrusion');
  run(world, 7);
  assert.equal(arrived(world, 'alarm'), [1]);
  assert.not.ok(isEmpty(world), 'the broker has it, the centre has not answered');
  run(world, 100);
  assert.ok(isEmpty(world));
  assert.equal(conditions(world), []);
});

test('72 hours without a broker: everything arrives in order, once, alarms first', () => {
  const world = makeWorld();
  world.broker.up = false;
  begin(world);
  for (let hour = 0; hour < 72; hour += 1) {
    happen(world, hour % 3 === 0 ? 'intrusion' : 'armed');
    run(world, HOUR);
  }
  assert.equal(conditions(world), ['path-failed on']);
  const attempts = sent(world, 'connect').length;
  assert.ok(attempts > 72 * 30 && attempts < 72 * 130, `${attempts} attempts`);
  setBroker(world, true);
  run(world, 5 * MINUTE);
  assert.ok(isEmpty(world));
  assert.equal(arrived(world, 'alarm'), upTo(24));
  assert.equal(arrived(world, 'event'), upTo(48));
  assert.equal(published(world, 'alarm'), upTo(24), 'no repetition');
  const lanes = [...world.stored.values()].map(({ lane }) => lane);
  assert.equal(lanes.lastIndexOf('alarm'), 23, 'alarms drain before events');
  assert.equal(conditions(world), ['path-failed on', 'path-failed off']);
});

test('the broker dies between publish and acknowledgement', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  happen(world, 'intrusion');
  run(world, 2);
  setBroker(world, false);
  run(world, 20 * SECOND);
  assert.equal(arrived(world, 'alarm'), []);
  setBroker(world, true);
  run(world, 3 * MINUTE);
  assert.equal(arrived(world, 'alarm'), [1]);
  assert.equal(published(world, 'alarm'), [1, 1]);
  assert.ok(isEmpty(world));
});

test('a broker that forgets what it acknowledged loses nothing of ours', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  setCentre(world, false);
  world.broker.keepsQueue = false;
  for (let count = 0; count < 30; count += 1) happen(world, 'intrusion');
  run(world, 10 * MINUTE);
  assert.equal(arrived(world, 'alarm'), []);
  setCentre(world, true);
  run(world, MINUTE);
  assert.equal(arrived(world, 'alarm'), upTo(30));
  assert.ok(isEmpty(world));
});

test('while the centre is away the broker is not flooded', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  setCentre(world, false);
  for (let count = 0; count < 100; count += 1) happen(world, 'intrusion');
  const from = world.now;
  run(world, 6 * HOUR);
  const count = published(world, 'alarm', from).length;
  assert.ok(count <= 20 + 6 * 13, `${count} messages in six hours`);
  assert.ok(count >= 20 + 6 * 11, 'but it keeps asking');
  setCentre(world, true);
  run(world, 10 * SECOND);
  assert.equal(
    arrived(world, 'alarm').toSorted((a, b) => a - b),
    upTo(100),
  );
  assert.equal(conditions(world), ['path-failed on', 'path-failed off']);
});

test('a centre that comes after the site, to a broker that remembers nothing, hears at once what went to nobody', () => {
  const world = makeWorld();
  world.centre.tellsStatus = false;
  setCentre(world, false);
  world.broker.keepsQueue = false;
  happen(world, 'intrusion');
  begin(world);
  run(world, 5 * SECOND);
  assert.equal(arrived(world, 'alarm'), []);
  setCentre(world, true);
  run(world, SECOND);
  assert.equal(arrived(world, 'alarm'), [], 'nothing has told the site so far');
  say(world, topicOf({ kind: 'centre-status' }), { v: 1, status: 'online' });
  run(world, SECOND);
  assert.equal(arrived(world, 'alarm'), [1]);
  assert.ok(isEmpty(world));
});

test('a status that the broker kept is no news of the centre, and nothing is sent twice for it', () => {
  const world = makeWorld();
  world.centre.answers = false;
  begin(world);
  run(world, 5 * SECOND);
  happen(world, 'intrusion');
  run(world, SECOND);
  say(world, topicOf({ kind: 'centre-status' }), { v: 1, status: 'online' }, true);
  run(world, SECOND);
  assert.is(published(world, 'alarm').length, 1);
});

test('a centre that takes and never answers: sent again, more and more slowly', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.centre.answers = false;
  happen(world, 'intrusion');
  run(world, 29 * SECOND);
  assert.equal(published(world, 'alarm').length, 1);
  run(world, 2 * SECOND);
  assert.equal(published(world, 'alarm').length, 2);
  run(world, HOUR);
  const count = published(world, 'alarm').length;
  assert.ok(count > 10 && count < 20, `${count}`);
  assert.equal(arrived(world, 'alarm'), [1], 'deduplicated');
  assert.not.ok(isEmpty(world), 'never forgotten unacknowledged');
  assert.equal(conditions(world), ['path-failed on']);
});

test('receive maximum 2: never more under way, and an alarm still passes a stream of events', () => {
  const world = makeWorld();
  world.broker.receiveMaximum = 2;
  begin(world);
  for (let count = 0; count < 40; count += 1) happen(world, 'armed');
  run(world, 100);
  happen(world, 'intrusion');
  run(world, 25);
  assert.equal(arrived(world, 'alarm'), [1]);
  assert.ok(arrived(world, 'event').length < 40);
  run(world, MINUTE);
  assert.equal(arrived(world, 'event'), upTo(40));
});

test('alarms have places in the window that events cannot take', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.centre.answers = false;
  for (let count = 0; count < 40; count += 1) happen(world, 'armed');
  run(world, SECOND);
  assert.equal(published(world, 'event'), upTo(16));
  happen(world, 'intrusion');
  run(world, 20);
  assert.equal(arrived(world, 'alarm'), [1]);
});

test('a class that the broker refuses does not stop the others, is reported once and tried slowly', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.broker.code = (topic) => (topic.endsWith('alarm/door') ? 0x87 : 0);
  happen(world, 'door-left-open');
  for (let count = 0; count < 50; count += 1) happen(world, 'intrusion');
  run(world, 10 * SECOND);
  assert.equal(arrived(world, 'alarm').length, 50, 'all the later ones');
  assert.equal(world.acknowledged.alarm, 0, 'the store keeps them, for the first is missing');
  assert.equal(reports(world), ['centre-refused-message 0x87']);
  run(world, 2 * HOUR);
  const tries = published(world, 'alarm').filter((seq) => seq === 1).length;
  assert.ok(tries > 10 && tries < 20, `${tries} tries in two hours`);
  assert.equal(reports(world).length, 1);
  world.broker.code = () => 0;
  run(world, 11 * MINUTE);
  assert.ok(isEmpty(world));
  assert.equal(
    arrived(world, 'alarm').toSorted((a, b) => a - b),
    upTo(51),
  );
});

test('the same with a centre that tells nothing beyond a gap', () => {
  const world = makeWorld();
  world.centre.sendsAlso = false;
  begin(world);
  run(world, 5 * SECOND);
  world.broker.code = (topic) => (topic.endsWith('alarm/door') ? 0x87 : 0);
  happen(world, 'door-left-open');
  for (let count = 0; count < 50; count += 1) happen(world, 'intrusion');
  run(world, 10 * SECOND);
  assert.equal(arrived(world, 'alarm').length, 50);
  world.broker.code = () => 0;
  run(world, 11 * MINUTE);
  assert.ok(isEmpty(world));
});

test('a lane refused as a whole does not stop the other, nor feed on its own reports', () => {
  const world = makeWorld();
  world.broker.code = (topic) => (topic.includes('/event/') ? 0x87 : 0);
  begin(world);
  for (let count = 0; count < 30; count += 1) happen(world, 'armed');
  run(world, 5 * SECOND);
  happen(world, 'centre-refused-message');
  run(world, 2 * HOUR);
  happen(world, 'intrusion');
  run(world, 50);
  assert.equal(arrived(world, 'alarm'), [1]);
  assert.equal(reports(world), ['centre-refused-message 0x87']);
});

test('a broker that closes on a message: the message stands aside after three times', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.broker.closesOn = (topic) => topic.endsWith('alarm/door');
  happen(world, 'door-left-open');
  happen(world, 'intrusion');
  run(world, MINUTE);
  assert.equal(arrived(world, 'alarm'), [2]);
  assert.equal(reports(world), ['centre-refused-message connection-closed']);
  world.broker.closesOn = undefined;
  run(world, 15 * MINUTE);
  assert.ok(isEmpty(world));
});

test('a missing PUBACK cuts the connection after ten seconds', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.broker.pubacks = false;
  world.centre.answers = false;
  happen(world, 'intrusion');
  run(world, 9_990);
  assert.equal(sent(world, 'destroy').length, 0);
  run(world, 20);
  assert.equal(
    sent(world, 'destroy').map(({ reason }) => reason),
    ['puback-time-out'],
  );
  world.broker.pubacks = true;
  world.centre.answers = true;
  run(world, MINUTE);
  assert.ok(isEmpty(world));
});

test('another client with our identity raises a suspicion, which a quiet connection clears', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  drop(world, 'taken-over');
  run(world, 5 * SECOND);
  drop(world, 'taken-over');
  assert.equal(conditions(world), ['substitution-suspected on']);
  run(world, 9 * MINUTE);
  assert.equal(conditions(world).length, 1);
  run(world, 2 * MINUTE);
  assert.equal(conditions(world), ['substitution-suspected on', 'substitution-suspected off']);
});

test('an acknowledgement beyond what was sent is refused and reported', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.centre.answers = false;
  happen(world, 'intrusion');
  run(world, 20);
  say(world, ackTopic, { epoch: 'e1', lane: 'alarm', seq: 2 });
  say(world, ackTopic, { epoch: 'e1', lane: 'event', seq: 1 });
  assert.not.ok(isEmpty(world));
  assert.equal(reports(world), ['acknowledgement-refused beyond-sent'], 'once a minute');
});

test('an acknowledgement of another epoch is ignored and reported', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.centre.answers = false;
  happen(world, 'intrusion');
  run(world, 20);
  say(world, ackTopic, { epoch: 'other', lane: 'alarm', seq: 1 });
  assert.not.ok(isEmpty(world));
  assert.equal(reports(world), ['acknowledgement-refused other-epoch']);
});

test('retained, broken and foreign messages acknowledge nothing', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.centre.answers = false;
  happen(world, 'intrusion');
  run(world, 20);
  say(world, ackTopic, { epoch: 'e1', lane: 'alarm', seq: 1 }, true);
  say(world, ackTopic, { epoch: 'e1', lane: 'alarm', seq: '1' });
  say(world, ackTopic, { epoch: 'e1', lane: 'alarm', seq: 1, extra: true });
  say(world, topicOf({ kind: 'ack', site: 'officine' }), { epoch: 'e1', lane: 'alarm', seq: 1 });
  give(world, { kind: 'message', topic: ackTopic, payload: new Uint8Array(17_000), retain: false, properties: {} });
  assert.not.ok(isEmpty(world));
  assert.equal(reports(world), [
    'messages-dropped retained',
    'messages-dropped invalid',
    'messages-dropped unknown-topic',
    'messages-dropped too-large',
  ]);
});

test('acknowledgements that come twice or out of order change nothing', () => {
  const world = makeWorld();
  let turn = 0;
  world.broker.ackFate = () => {
    turn += 1;
    return turn % 3 === 0 ? [400, 10] : [turn % 2 === 0 ? 300 : 5];
  };
  begin(world);
  run(world, 5 * SECOND);
  for (let count = 0; count < 60; count += 1) {
    happen(world, 'intrusion');
    run(world, 7);
  }
  run(world, 5 * SECOND);
  assert.ok(isEmpty(world));
  assert.equal(published(world, 'alarm'), upTo(60));
  assert.equal(reports(world), []);
});

test('lost acknowledgements: sent again and answered again, stored once', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  world.broker.ackFate = () => [];
  for (let count = 0; count < 5; count += 1) happen(world, 'intrusion');
  run(world, SECOND);
  world.broker.ackFate = () => [5];
  run(world, MINUTE);
  assert.ok(isEmpty(world));
  assert.equal(arrived(world, 'alarm'), upTo(5));
  assert.ok(published(world, 'alarm').length <= 10);
});

test('the centre knows numbers that we never sent: a new epoch is asked for before anything goes out', () => {
  const world = makeWorld();
  for (let count = 0; count < 3; count += 1) happen(world, 'intrusion');
  begin(world);
  run(world, MINUTE);
  const restored = makeWorld();
  restored.centre.state = world.centre.state;
  for (const [key, message] of world.stored) restored.stored.set(key, message);
  happen(restored, 'tamper');
  begin(restored);
  run(restored, 1_500);
  assert.equal(sent(restored, 'new-epoch').length, 1);
  assert.equal(published(restored, 'alarm'), [], 'nothing that could be taken for what the centre has');
  restored.epoch = 'e2';
  restored.rows.splice(0, 1, ...restored.rows.map((row) => ({ ...row, epoch: 'e2' })));
  give(restored, {
    kind: 'outbox',
    epoch: 'e2',
    previousEpoch: 'e1',
    heads: { alarm: 1, event: 0 },
    acknowledged: { alarm: 0, event: 0 },
  });
  run(restored, SECOND);
  assert.ok(isEmpty(restored));
  const last = [...restored.stored.values()].at(-1);
  assert.equal([last?.epoch, last?.previousEpoch, last?.seq, last?.kind], ['e2', 'e1', 1, 'tamper']);
  assert.ok(restored.effects.some((effect) => effect.kind === 'new-epoch' && effect.epoch === 'e2' && effect.previous === 'e1'));
});

test('a new epoch that nobody makes does not hold alarms back for ever', () => {
  const world = makeWorld();
  begin(world);
  run(world, 100);
  say(world, topicOf({ kind: 'marks', site: SITE }), { v: 1, epoch: 'e1', alarm: 9, event: 0 });
  happen(world, 'intrusion');
  run(world, 9 * SECOND);
  assert.equal(published(world, 'alarm'), []);
  run(world, 2 * SECOND);
  assert.equal(published(world, 'alarm'), [1]);
  assert.equal(sent(world, 'new-epoch').length, 2);
});

test('rows of an older epoch in the outbox go first and are acknowledged under their own name', () => {
  const world = makeWorld();
  world.epoch = 'memory';
  happen(world, 'intrusion');
  happen(world, 'tamper');
  world.epoch = 'e1';
  world.heads.alarm = 0;
  happen(world, 'fire');
  begin(world);
  run(world, MINUTE);
  assert.ok(isEmpty(world));
  assert.equal(
    [...world.stored.values()].map(({ epoch, seq }) => `${epoch} ${seq}`),
    ['memory 1', 'memory 2', 'e1 1'],
  );
});

test('a heartbeat is asked for at connection and each 30 s, and a will is left at each connection', () => {
  const world = makeWorld();
  begin(world);
  run(world, 95 * SECOND);
  assert.equal(sent(world, 'heartbeat-wanted').length, 4);
  const [connect] = sent(world, 'connect');
  assert.equal(connect?.will.delayS, 5);
  assert.equal(connect?.will.retain, true);
});

test('states are told again at each connection, after what is urgent', () => {
  const world = makeWorld();
  begin(world);
  give(world, { kind: 'states', publications: [state('disarmed')] });
  run(world, 5 * SECOND);
  const states = (): number => sent(world, 'publish').filter(({ publication }) => publication.topic.includes('/state/')).length;
  assert.equal(states(), 1);
  drop(world, 'closed');
  run(world, 5 * SECOND);
  assert.equal(states(), 2);
});

test('the path fails after a minute without the centre and is restored by its word', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  setCentre(world, false);
  run(world, 55 * SECOND);
  assert.equal(conditions(world), []);
  run(world, 10 * SECOND);
  assert.equal(conditions(world), ['path-failed on']);
  happen(world, 'path-failed');
  setCentre(world, true);
  run(world, SECOND);
  assert.equal(conditions(world), ['path-failed on', 'path-failed off']);
  assert.ok(isEmpty(world));
});

test('an alarm that is never acknowledged keeps the path failed, though events are', () => {
  const world = makeWorld();
  world.core = true;
  begin(world);
  run(world, 5 * SECOND);
  world.broker.ackFate = () => [];
  happen(world, 'intrusion');
  run(world, 10);
  world.broker.ackFate = () => [5];

  world.centre.answers = false;
  run(world, 3 * MINUTE);
  assert.equal(conditions(world), ['path-failed on']);
  for (let count = 0; count < 20; count += 1) {
    say(world, ackTopic, { epoch: 'e1', lane: 'event', seq: world.heads.event });
    run(world, MINUTE);
  }
  assert.equal(conditions(world), ['path-failed on'], 'no flapping, no events that feed on themselves');
  world.centre.answers = true;
  say(world, ackTopic, { epoch: 'e1', lane: 'event', seq: world.heads.event });
  run(world, 31 * SECOND);
  assert.equal(conditions(world), ['path-failed on', 'path-failed off'], 'asked again soon, for the centre is known to be there');
});

test('reconnection waits a little at first, then longer, never more than two minutes', () => {
  const world = makeWorld();
  world.random = () => 0.999;
  world.broker.up = false;
  begin(world);
  run(world, HOUR);
  const instants = world.sends.filter(({ send }) => send.kind === 'connect').map(({ at }) => at);
  const waits = instants.slice(1).map((at, index) => at - (instants[index] ?? 0));
  assert.ok((waits[0] ?? 0) <= 1_100);
  assert.ok((waits[3] ?? 0) > (waits[1] ?? 0));
  assert.ok(Math.max(...waits) <= 120_100);
  assert.ok(waits.every((ms) => ms > 0));
});

test('stopping says so and disconnects; nothing comes after it', () => {
  const world = makeWorld();
  begin(world);
  run(world, 5 * SECOND);
  give(world, { kind: 'stop' });
  const after = world.sends.length;
  run(world, HOUR);
  tellOutbox(world);
  assert.equal(world.sends.length, after);
  assert.equal(world.sends.at(-1)?.send.kind, 'disconnect');
});

test.run();
