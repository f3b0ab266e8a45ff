import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Band, Sensing } from '../../src/core/config.ts';
import { zonePlace } from '../../src/core/frame.ts';
import { onReading, readAtStart } from '../../src/core/zone/conditioning.ts';
import { monotonic } from '../../src/core/time.ts';
import { level, LOST, ratio, worldOf, zone } from './supervision.fixture.ts';
import type { World } from './supervision.fixture.ts';

const test = suite('conditioning');

/** A world with one zone that has been closed since time 0. */
const closed = (change: Parameters<typeof zone>[1] = {}): World => {
  const world = worldOf([zone('window', change)]);
  world.at(0, (frame) => readAtStart(frame, zonePlace(frame, 'window'), level(0)));
  return world;
};

const signals = (world: World, times: readonly number[]): readonly string[] =>
  times.map((ms) => {
    world.pass(ms);
    return world.zone('window').signal;
  });

test('a change counts when it has been stable for debounceMs, not before', () => {
  const world = closed();
  world.read(1000, 'window', level(1));
  assert.equal(signals(world, [1000, 1019, 1020]), ['normal', 'normal', 'active']);
  world.read(2000, 'window', level(0));
  assert.equal(signals(world, [2019, 2020]), ['active', 'normal']);
});

test('without debounce a change counts at once', () => {
  const world = closed({ debounceMs: 0 });
  world.read(1000, 'window', level(1));
  assert.is(world.zone('window').signal, 'active');
  world.read(1000, 'window', level(0));
  assert.is(world.zone('window').signal, 'normal');
  assert.is(world.line('window').shortPulses, 0);
});

test('a shorter pulse is counted and does nothing else', () => {
  const world = closed();
  const before = world.zone('window');
  world.read(1000, 'window', level(1));
  world.read(1019, 'window', level(0));
  world.pass(5000);
  assert.is(world.line('window').shortPulses, 1);
  assert.is(world.zone('window'), before);
  assert.equal(world.frame.events, []);
});

test('a short gap in an open loop is counted and closes nothing', () => {
  const world = closed();
  world.read(1000, 'window', level(1));
  world.read(2000, 'window', level(0));
  world.read(2010, 'window', level(1));
  assert.equal(signals(world, [2020, 2030, 3000]), ['active', 'active', 'active']);
  assert.is(world.line('window').shortPulses, 1);
});

test('saying the same again changes nothing at all, whatever the state of the line', () => {
  const world = closed();
  const same = (ms: number, value: 0 | 1) => {
    world.pass(ms);
    const before = world.frame.state;
    onReading(world.frame, zonePlace(world.frame, 'window'), level(value), world.frame.now);
    assert.is(world.frame.state, before);
  };
  same(10, 0);
  world.read(1000, 'window', level(1));
  same(1010, 1);
  same(1020, 1);
  same(9000, 1);
  world.read(9500, 'window', LOST);
  const lost = world.frame.state;
  world.read(9600, 'window', LOST);
  assert.is(world.frame.state, lost);
});

test('widths are measured by when edges were observed: handled late, a long pulse is not lost', () => {
  const world = closed();
  world.read(1500, 'window', level(1), 1000);
  assert.is(world.zone('window').signal, 'normal');
  world.read(1500, 'window', level(0), 1025);
  assert.is(world.zone('window').signal, 'active');
  world.pass(1600);
  assert.is(world.zone('window').signal, 'normal');
  assert.is(world.line('window').shortPulses, 0);
});

test('handled late, a short pulse is still a short pulse', () => {
  const world = closed();
  world.read(1500, 'window', level(1), 1000);
  world.read(1500, 'window', level(0), 1010);
  world.pass(1600);
  assert.is(world.zone('window').signal, 'normal');
  assert.is(world.zone('window').lastActiveAt, undefined);
  assert.is(world.line('window').shortPulses, 1);
});

test('handled late and never ended, a change counts at the next deadline', () => {
  const world = closed();
  world.read(1500, 'window', level(1), 1000);
  world.pass(1501);
  assert.is(world.zone('window').signal, 'active');
});

/** Edges every `everyMs` from `fromMs` to before `toMs`, the first an opening. */
const chatter = (world: World, fromMs: number, toMs: number, everyMs = 10): void => {
  for (let ms = fromMs, open = true; ms < toMs; ms += everyMs, open = !open) world.read(ms, 'window', level(open ? 1 : 0));
};

test('chatter that never settles for a second is a fault, and the level once it has been quiet as long', () => {
  for (const [endMs, settled] of [
    [3000, 'normal'],
    [3010, 'active'],
  ] as const) {
    const world = closed();
    chatter(world, 1000, endMs);
    world.pass(endMs + 980);
    assert.is(world.zone('window').signal, 'fault');
    assert.is(world.zone('window').cause, 'chatter');
    assert.is(world.zone('window').since, 2000, 'a second after its first edge');
    world.pass(endMs + 990);
    assert.is(world.zone('window').signal, settled);
    assert.is(world.line('window').chattering, false);
  }
});

test('less than a second of it is short pulses and no fault', () => {
  const world = closed();
  chatter(world, 1000, 2000);
  world.pass(5000);
  assert.is(world.line('window').shortPulses, 50);
  assert.is(world.zone('window').since, 0);
});

test('a second of edges that settle in between is not chatter', () => {
  const world = closed();
  chatter(world, 1000, 4000, 30);
  world.pass(4100);
  assert.is(world.zone('window').signal, 'normal');
  assert.is.not(world.zone('window').lastActiveAt, undefined);
});

test('a lost line is a fault at once, from any level, and what it says next is debounced', () => {
  for (const value of [0, 1] as const) {
    const world = closed();
    world.read(1000, 'window', level(value));
    world.read(2000, 'window', LOST);
    assert.is(world.zone('window').signal, 'fault');
    assert.is(world.zone('window').cause, 'line-lost');
    world.read(3000, 'window', level(value));
    assert.equal(signals(world, [3019, 3020]), ['fault', value === 1 ? 'active' : 'normal']);
  }
});

test('handled late, an opening of the full width is passed on before the line is told as lost', () => {
  const world = closed();
  world.read(1500, 'window', level(1), 1000);
  world.read(1500, 'window', LOST, 1100);
  assert.is(world.zone('window').signal, 'fault');
  assert.is(world.zone('window').lastActiveAt, 1500);
});

test('a line lost during chatter is told as lost, and nothing of the chatter fires afterwards', () => {
  const world = closed();
  chatter(world, 1000, 2500);
  assert.is(world.zone('window').cause, 'chatter');
  world.read(2505, 'window', LOST);
  assert.is(world.zone('window').cause, 'line-lost');
  world.pass(9000);
  assert.is(world.zone('window').signal, 'fault');
});

test('a reading of another kind than the wiring is a fault, never a level', () => {
  const world = closed();
  world.read(1000, 'window', ratio(0.9));
  world.pass(1020);
  assert.is(world.zone('window').signal, 'fault');
  assert.is(world.zone('window').cause, 'out-of-band');
});

// ---- reference for momentary inputs

test('the first level after a start, a fault and a reconnection is a reference only', () => {
  const world = worldOf([zone('window')]);
  const referenced: boolean[] = [];
  const note = () => referenced.push(world.line('window').referenced);
  note();
  world.at(0, (frame) => readAtStart(frame, zonePlace(frame, 'window'), level(1)));
  note();
  world.read(1000, 'window', LOST);
  note();
  world.read(2000, 'window', level(1));
  note();
  world.pass(2020);
  note();
  assert.equal(referenced, [false, true, false, false, true]);
});

// ---- supervised loops

const bands: readonly Band[] = [
  { from: 0, to: 0.05, signal: 'tamper' },
  { from: 0.3, to: 0.4, signal: 'normal' },
  { from: 0.5, to: 0.6, signal: 'active' },
  { from: 0.7, to: 0.75, signal: 'masked' },
  { from: 0.95, to: 1, signal: 'tamper' },
];
const loop: Sensing = { kind: 'loop', bands };

const LOOP_ROWS: readonly [number, string, string | undefined][] = [
  [0, 'tamper', 'loop-short'],
  [0.05, 'tamper', 'loop-short'],
  [0.06, 'fault', 'out-of-band'],
  [0.29, 'fault', 'out-of-band'],
  [0.3, 'normal', undefined],
  [0.4, 'normal', undefined],
  [0.45, 'fault', 'out-of-band'],
  [0.55, 'active', undefined],
  [0.72, 'masked', undefined],
  [0.8, 'fault', 'out-of-band'],
  [0.95, 'tamper', 'loop-open'],
  [1, 'tamper', 'loop-open'],
  [-0.2, 'fault', 'out-of-band'],
  [1.3, 'fault', 'out-of-band'],
  [Number.NaN, 'fault', 'out-of-band'],
];

test('a supervised loop by its bands', () => {
  for (const [value, signal, cause] of LOOP_ROWS) {
    const world = worldOf([zone('window', { sensing: loop })]);
    world.read(1000, 'window', ratio(value));
    world.pass(1020);
    assert.is(world.zone('window').signal, signal, `ratio ${value}`);
    assert.is(world.zone('window').cause, cause, `ratio ${value}`);
  }
});

test('a loop that passes another band on its way says only where it stays', () => {
  const world = worldOf([zone('window', { sensing: loop })]);
  world.at(0, (frame) => readAtStart(frame, zonePlace(frame, 'window'), ratio(0.35)));
  world.read(1000, 'window', ratio(0.55));
  world.read(1005, 'window', ratio(1));
  world.pass(2000);
  assert.is(world.zone('window').signal, 'tamper');
  assert.is(world.zone('window').lastActiveAt, undefined);
});

test('a line that is heard again but out of band is told as such', () => {
  const world = worldOf([zone('window', { sensing: loop })]);
  world.read(1000, 'window', LOST);
  world.read(2000, 'window', ratio(0.8));
  world.pass(2020);
  assert.is(world.zone('window').cause, 'out-of-band');
});

// ---- pulse count

const pulse = (world: World, ms: number, widthMs = 100): void => {
  world.read(ms, 'window', level(1));
  world.read(ms + widthMs, 'window', level(0));
  world.pass(ms + widthMs + 20);
};

test('with a pulse count only the n-th activation in the window is passed on', () => {
  const world = closed({ pulseCount: 3, pulseWindowMs: 10_000 });
  pulse(world, 1000);
  pulse(world, 2000);
  assert.is(world.zone('window').lastActiveAt, undefined);
  assert.is(world.line('window').activations.length, 2);
  world.read(3000, 'window', level(1));
  world.pass(3020);
  assert.is(world.zone('window').signal, 'active');
  assert.equal(world.line('window').activations, []);
});

test('activations older than the window do not count', () => {
  const world = closed({ pulseCount: 2, pulseWindowMs: 10_000 });
  pulse(world, 1000);
  pulse(world, 11_000);
  pulse(world, 21_000);
  assert.is(world.zone('window').lastActiveAt, undefined);
  pulse(world, 30_999);
  assert.is.not(world.zone('window').lastActiveAt, undefined);
});

test('pulses before a loss of the line do not count after it', () => {
  const world = closed({ pulseCount: 2, pulseWindowMs: 60_000 });
  pulse(world, 1000);
  world.read(2000, 'window', LOST);
  world.read(3000, 'window', level(0));
  pulse(world, 4000);
  assert.is(world.zone('window').lastActiveAt, undefined);
});

test('one that stays open for the window is passed on', () => {
  const world = closed({ pulseCount: 2, pulseWindowMs: 10_000 });
  world.read(1000, 'window', level(1));
  assert.equal(signals(world, [11_019, 11_020]), ['normal', 'active']);
});

test('short gaps do not put that off', () => {
  const world = closed({ pulseCount: 2, pulseWindowMs: 10_000 });
  world.read(1000, 'window', level(1));
  world.read(5000, 'window', level(0));
  world.read(5010, 'window', level(1));
  assert.equal(signals(world, [10_999, 11_000]), ['normal', 'active']);
});

test('a zone found open at the start or after a fault is not held back', () => {
  const world = worldOf([zone('window', { pulseCount: 3 })]);
  world.at(0, (frame) => readAtStart(frame, zonePlace(frame, 'window'), level(1)));
  assert.is(world.zone('window').signal, 'active');
  world.read(1000, 'window', LOST);
  world.read(2000, 'window', level(1));
  world.pass(2020);
  assert.is(world.zone('window').signal, 'active');
});

// ---- properties

type Edge = { readonly afterMs: number; readonly lateMs: number };

const edges = fc.array(fc.record({ afterMs: fc.integer({ min: 1, max: 400 }), lateMs: fc.constantFrom(0, 0, 0, 3, 50, 500) }), {
  maxLength: 60,
});

type Outcome = { readonly world: World; readonly lastLevel: 0 | 1; readonly endMs: number };

/** Plays edges as a driver would: in the order observed, each handled at `lateMs` or when the one before was. */
const play = (list: readonly Edge[], debounceMs: number): Outcome => {
  const world = closed({ debounceMs });
  let observedMs = 0;
  let handledMs = 0;
  let value: 0 | 1 = 0;
  for (const { afterMs, lateMs } of list) {
    observedMs += afterMs;
    handledMs = Math.max(handledMs, observedMs + lateMs);
    value = value === 1 ? 0 : 1;
    world.read(handledMs, 'window', level(value), observedMs);
  }
  world.pass(handledMs + 1000);
  return { world, lastLevel: value, endMs: handledMs };
};

const debounces = fc.constantFrom(0, 1, 20, 100, 1000);

test('whatever the edges were, after a second of quiet the signal is the level', () => {
  fc.assert(
    fc.property(edges, debounces, (list, debounceMs) => {
      const { world, lastLevel } = play(list, debounceMs);
      assert.is(world.zone('window').signal, lastLevel === 1 ? 'active' : 'normal');
      assert.is(world.line('window').chattering, false);
    }),
    { numRuns: 500 },
  );
});

test('a pulse of debounceMs or more is never lost: it is passed on, or the line is in chatter', () => {
  fc.assert(
    fc.property(edges, fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 600), (list, extraMs, lateMs) => {
      const { world, lastLevel, endMs } = play(list, 20);
      const startMs = endMs + (lastLevel === 1 ? 1020 : 1000) + 1;
      if (lastLevel === 1) {
        world.read(endMs + 1000, 'window', level(0));
        world.pass(startMs - 1);
      }
      assert.is(world.zone('window').signal, 'normal');
      const handledMs = startMs + lateMs;
      world.read(handledMs, 'window', level(1), startMs);
      world.read(Math.max(handledMs, startMs + 20 + extraMs), 'window', level(0), startMs + 20 + extraMs);
      assert.ok((world.zone('window').lastActiveAt ?? 0) >= startMs);
    }),
    { numRuns: 300 },
  );
});

test('a shorter pulse is always counted and never passed on', () => {
  const pulses = fc.array(
    fc.record({
      widthMs: fc.integer({ min: 1, max: 19 }),
      gapMs: fc.integer({ min: 1, max: 60 }),
      lateMs: fc.constantFrom(0, 0, 40),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(pulses, (list) => {
      const world = closed();
      let observedMs = 1000;
      let handledMs = 1000;
      for (const { widthMs, gapMs, lateMs } of list) {
        handledMs = Math.max(handledMs, observedMs + lateMs);
        world.read(handledMs, 'window', level(1), observedMs);
        observedMs += widthMs;
        handledMs = Math.max(handledMs, observedMs);
        world.read(handledMs, 'window', level(0), observedMs);
        observedMs += gapMs;
      }
      world.pass(handledMs + 2000);
      assert.is(world.line('window').shortPulses, list.length);
      assert.is(world.zone('window').lastActiveAt, undefined);
    }),
    { numRuns: 300 },
  );
});

test('a long pulse among short ones in quick succession is not lost either', () => {
  const world = closed();
  for (let ms = 1000; ms < 1200; ms += 10) world.read(ms, 'window', level(ms % 20 === 0 ? 1 : 0));
  world.read(1200, 'window', level(1));
  world.read(1220, 'window', level(0));
  assert.is(world.zone('window').lastActiveAt, monotonic(1220));
});

test.run();
