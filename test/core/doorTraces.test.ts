/** Whatever happens to a door, in any order: what must hold after each of it. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { restartDoors, silenceDoors } from '../../src/core/door/exit.ts';
import type { EventKind } from '../../src/core/event.ts';
import { areaPlace, areaState } from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import type { Signal } from '../../src/core/state.ts';
import { armed, bench, disarmed, doorNow, exiting, heard, leaveOut, move, pass, put, settle } from './doorBench.ts';

const ZONES = ['cour', 'cour-gache', 'fenetre'] as const;
const SIGNALS: readonly Signal[] = ['normal', 'active', 'active', 'normal', 'fault', 'tamper', 'unknown'];

type Beat =
  | { readonly kind: 'move'; readonly zone: (typeof ZONES)[number]; readonly signal: Signal }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'arming'; readonly to: 'disarmed' | 'exiting' | 'armed' }
  | {
      readonly kind: 'leave-out';
      readonly zone: (typeof ZONES)[number];
      readonly isolated: boolean;
      readonly inhibited: boolean;
    };

const zone = fc.constantFrom(...ZONES);
const beat: fc.Arbitrary<Beat> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('move' as const), zone, signal: fc.constantFrom(...SIGNALS) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 500, 3_000, 10_000, 30_000, 60_000, 180_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('silence' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('arming' as const),
      to: fc.constantFrom('disarmed' as const, 'exiting' as const, 'armed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('leave-out' as const), zone, isolated: fc.boolean(), inhibited: fc.boolean() }),
  },
);

const ARMINGS = { disarmed, exiting, armed } as const;

const play = (frame: Frame, one: Beat): void => {
  switch (one.kind) {
    case 'move':
      return move(frame, one.zone, one.signal);
    case 'pass':
      return pass(frame, one.ms);
    case 'silence':
      silenceDoors(frame, ['cabinet'], 'claire');
      return settle(frame);
    case 'arming':
      return put(frame, { arming: ARMINGS[one.to](frame) });
    case 'leave-out':
      return leaveOut(frame, one.zone, { isolated: one.isolated, inhibited: one.inhibited });
  }
};

const PAIRS: readonly (readonly [EventKind, EventKind])[] = [
  ['door-left-open', 'door-left-open-restored'],
  ['door-not-latched', 'door-not-latched-restored'],
  ['latch-fault', 'latch-fault-restored'],
];

/** Raised and restored take turns, raised first. */
const takeTurns = (frame: Frame, door: string): void => {
  for (const [raised, restored] of PAIRS) {
    const turns = frame.events.filter((event) => event.door === door && (event.kind === raised || event.kind === restored));
    for (const [index, { kind }] of turns.entries()) assert.is(kind, index % 2 === 0 ? raised : restored, `${door}: ${raised}`);
  }
};

const standing = (frame: Frame, door: string): readonly string[] =>
  areaState(frame, areaPlace(frame, 'cabinet'))
    .alarms.filter((alarm) => alarm.door === door)
    .map(({ kind }) => kind);

const EXPECTED = { 'left-open': ['door-left-open'], 'not-latched': ['door-not-latched'], none: [] } as const;

const holds = (frame: Frame): void => {
  for (const id of ['porte-cour', 'fenetre-cour']) {
    const { ladder, fault } = doorNow(frame, id);
    takeTurns(frame, id);
    assert.equal(standing(frame, id), ladder === 'escalated' ? EXPECTED[fault] : [], 'what the centre was told stands on site');
    if (ladder !== 'quiet') assert.is.not(fault, 'none');
  }
  const { durable } = frame.state;
  restartDoors(frame);
  assert.equal(frame.state.durable, durable, 'looked at again, nothing moves');
};

const test = suite('doors, whatever happens');

test('after every beat of a random trace', () => {
  let beats = 0;
  fc.assert(
    fc.property(fc.array(beat, { minLength: 10, maxLength: 60 }), (trace) => {
      const frame = bench();
      for (const one of trace) {
        play(frame, one);
        holds(frame);
        beats += 1;
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(beats >= 6_000, `${beats} beats`);
});

test('closed and latched, with nothing left out, it is quiet and nothing runs, whatever went before', () => {
  fc.assert(
    fc.property(fc.array(beat, { maxLength: 40 }), (trace) => {
      const frame = bench();
      for (const one of trace) play(frame, one);
      for (const id of ZONES) {
        leaveOut(frame, id, { isolated: false, inhibited: false });
        move(frame, id, 'normal');
      }
      assert.is(heard(frame), 'off');
      pass(frame, 5_000);
      assert.equal(frame.state.durable.timers, []);
      for (const id of ['porte-cour', 'fenetre-cour']) assert.equal(standing(frame, id), []);
    }),
    { numRuns: 600 },
  );
});

test('in an armed area nobody is in, no sounder goes on for longer than 180 s', () => {
  fc.assert(
    fc.property(fc.array(beat, { maxLength: 40 }), (trace) => {
      const frame = bench();
      for (const one of trace) play(frame, one);
      put(frame, { arming: armed(frame) });
      // Time for whatever still counts: warnings, the latch, the sounder, and a silence before it.
      pass(frame, 30_000 + 10_000 + 180_000 + 600_000);
      assert.is(heard(frame), 'off');
    }),
    { numRuns: 600 },
  );
});

test.run();
