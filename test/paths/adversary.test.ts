/** Whatever the network does, in whatever order: once it is whole again, the centre has everything and the outbox is empty. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOUR } from '../../src/core/time.ts';
import type { Lane } from '../../src/core/event.ts';
import { arrived, begin, conditions, drop, happen, makeWorld, reports, run, sent, setBroker, setCentre, upTo } from './world.ts';
import type { World } from './world.ts';

const test = suite('an adversarial network');

type Act = { readonly name: string; readonly losesOrder?: true; readonly run: (world: World, value: number) => void };

const acts: readonly Act[] = [
  { name: 'alarm', run: (world) => happen(world, 'intrusion') },
  { name: 'alarms', run: (world, value) => upTo(value % 30).forEach(() => happen(world, 'tamper')) },
  { name: 'door', run: (world) => happen(world, 'door-left-open') },
  { name: 'event', run: (world) => happen(world, 'armed') },
  { name: 'events', run: (world, value) => upTo(value % 30).forEach(() => happen(world, 'disarmed')) },
  { name: 'broker down', run: (world) => setBroker(world, false) },
  { name: 'broker up', run: (world) => setBroker(world, true) },
  { name: 'connection lost', run: (world) => drop(world, 'closed') },
  { name: 'taken over', run: (world) => drop(world, 'taken-over') },
  { name: 'centre away', run: (world) => setCentre(world, false) },
  { name: 'centre back', run: (world) => setCentre(world, true) },
  { name: 'centre away unseen', run: (world) => Object.assign(world.centre, { online: false }) },
  { name: 'centre mute', run: (world) => Object.assign(world.centre, { answers: false }) },
  { name: 'centre speaks', run: (world) => Object.assign(world.centre, { answers: true }) },
  { name: 'no also', run: (world) => Object.assign(world.centre, { sendsAlso: false }) },
  { name: 'acks lost', run: (world) => Object.assign(world.broker, { ackFate: () => [] }) },
  { name: 'acks twice', run: (world) => Object.assign(world.broker, { ackFate: () => [700, 5, 90] }) },
  { name: 'acks late', run: (world, value) => Object.assign(world.broker, { ackFate: () => [value * 40] }) },
  { name: 'acks well', run: (world) => Object.assign(world.broker, { ackFate: () => [5] }) },
  { name: 'messages twice', run: (world) => Object.assign(world.broker, { publishFate: () => [5, 250] }) },
  { name: 'no PUBACK', run: (world) => Object.assign(world.broker, { pubacks: false }) },
  { name: 'PUBACK', run: (world) => Object.assign(world.broker, { pubacks: true }) },
  { name: 'queue lost', losesOrder: true, run: (world) => Object.assign(world.broker, { keepsQueue: false }) },
  { name: 'queue emptied', losesOrder: true, run: (world) => void world.broker.held.splice(0) },
  {
    name: 'doors refused',
    losesOrder: true,
    run: (world) => Object.assign(world.broker, { code: (topic: string) => (topic.endsWith('/door') ? 0x87 : 0) }),
  },
  {
    name: 'quota',
    losesOrder: true,
    run: (world, value) =>
      Object.assign(world.broker, { code: () => (Math.floor(world.now / 1_000) % 7 === value % 7 ? 0x97 : 0) }),
  },
  {
    name: 'closes on doors',
    losesOrder: true,
    run: (world) => Object.assign(world.broker, { closesOn: (topic: string) => topic.endsWith('/door') }),
  },
];

const heal = (world: World): void => {
  Object.assign(world.broker, {
    code: () => 0,
    closesOn: undefined,
    pubacks: true,
    ackFate: () => [5],
    publishFate: () => [5],
    keepsQueue: true,
  });
  world.centre.answers = true;
  setBroker(world, true);
  setCentre(world, true);
};

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((seq, index) => index === 0 || seq > (numbers[index - 1] ?? 0));

const steps = fc.array(
  fc.record({
    act: fc.nat(acts.length - 1),
    value: fc.nat(100),
    waitMs: fc.oneof(fc.nat(30), fc.nat(2_000), fc.nat(90_000), fc.nat(900_000)),
  }),
  { maxLength: 60 },
);

const play = (
  moves: readonly { readonly act: number; readonly value: number; readonly waitMs: number }[],
  receiveMaximum: number,
): World => {
  const world = makeWorld();
  let turn = 0;
  world.random = () => {
    turn = (turn * 7_919 + 104_729) % 65_537;
    return turn / 65_537;
  };
  world.broker.receiveMaximum = receiveMaximum;
  world.core = true;
  begin(world);
  for (const { act, value, waitMs } of moves) {
    acts[act]?.run(world, value);
    run(world, waitMs);
  }
  heal(world);
  run(world, HOUR);
  return world;
};

const lanes: readonly Lane[] = ['alarm', 'event'];

test('everything is delivered, nothing is forgotten too early, nothing is told that did not happen', () => {
  let runs = 0;
  fc.assert(
    fc.property(steps, fc.constantFrom(1, 2, 3, 20, 65_535), (moves, receiveMaximum) => {
      const world = play(moves, receiveMaximum);
      runs += 1;
      assert.is(world.rows.length, 0, 'the outbox is empty');
      const losesOrder = moves.some(({ act }) => acts[act]?.losesOrder);
      for (const lane of lanes) {
        assert.equal(
          arrived(world, lane).toSorted((one, other) => one - other),
          upTo(world.heads[lane]),
        );
        assert.ok(losesOrder || isAscending(arrived(world, lane)), `${lane} in order`);
      }
      assert.equal(sent(world, 'new-epoch'), []);
      assert.not.ok(reports(world).some((report) => report.startsWith('acknowledgement-refused')));
      const path = conditions(world).filter((condition) => condition.startsWith('path-failed'));
      assert.ok(path.every((condition, index) => condition === (index % 2 === 0 ? 'path-failed on' : 'path-failed off')));
      assert.not.ok(world.path.failed, 'the path is restored');
    }),
    { numRuns: 300, includeErrorInReport: true },
  );
  assert.is(runs, 300);
});

test.run();
