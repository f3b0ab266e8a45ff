import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sensing } from '../../src/core/config.ts';
import type { Event } from '../../src/core/event.ts';
import { setZone, zonePlace } from '../../src/core/frame.ts';
import { initialLine, initialZone } from '../../src/core/initial.ts';
import { readAtStart } from '../../src/core/zone/conditioning.ts';
import { onTechnicalSignal } from '../../src/core/zone/technical.ts';
import { MINUTE, monotonic } from '../../src/core/time.ts';
import { LOST, level, ratio, worldOf, zone } from './supervision.fixture.ts';
import type { World } from './supervision.fixture.ts';

const test = suite('technical zones');

/** −40…60 °C; vaccines keep at 2–8 °C, half an hour of stock-taking is allowed. */
const celsius: Extract<Sensing, { kind: 'measure' }> = {
  kind: 'measure',
  unit: '°C',
  offset: -40,
  scale: 100,
  low: 2,
  high: 8,
  hysteresis: 0.5,
  delayMs: 30 * MINUTE,
};
const at = (degrees: number) => ratio((degrees + 40) / 100);

const fridge = (sensing = celsius): World => {
  const world = worldOf([zone('fridge', { type: 'technical', sensing })]);
  world.at(0, (frame) => readAtStart(frame, zonePlace(frame, 'fridge'), at(5)));
  return world;
};

const told = (events: readonly Event[]): readonly string[] =>
  events.filter(({ kind }) => kind.startsWith('technical')).map(({ kind, cause }) => (cause ? `${kind} ${cause}` : kind));

const minutes = (n: number): number => n * MINUTE;

test('out of limits for the whole delay is an alarm with the value, and back inside by the hysteresis is its end', () => {
  const world = fridge();
  assert.equal(told(world.read(minutes(1), 'fridge', at(9.5))), []);
  assert.equal(told(world.at(minutes(31) - 1)), []);
  const raised = world.at(minutes(31));
  assert.equal(told(raised), ['technical too-high']);
  assert.equal(raised.find(({ kind }) => kind === 'technical')?.detail, { value: 9.5, unit: '°C' });
  assert.equal(told(world.read(minutes(40), 'fridge', at(7.8))), [], 'inside the limit, not yet by the hysteresis');
  assert.equal(told(world.read(minutes(41), 'fridge', at(7.4))), ['technical-restored']);
});

test('too cold is an alarm of its own cause', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(1));
  assert.equal(told(world.at(minutes(31))), ['technical too-low']);
  assert.equal(told(world.read(minutes(32), 'fridge', at(2.4))), []);
  assert.equal(told(world.read(minutes(33), 'fridge', at(2.6))), ['technical-restored']);
});

test('the limits themselves are inside', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(8));
  world.read(minutes(2), 'fridge', at(2));
  assert.equal(told(world.at(minutes(200))), []);
});

test('back inside before the delay is over: nothing is told, and the next delay is a whole one', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(9));
  world.read(minutes(10), 'fridge', at(5));
  world.read(minutes(20), 'fridge', at(9));
  assert.equal(told(world.at(minutes(50) - 1)), []);
  assert.equal(told(world.at(minutes(50))), ['technical too-high']);
});

test('noise at the limit does not put the delay back', () => {
  const world = fridge();
  for (let s = 0; s < 30 * 60; s += 10) world.read(minutes(1) + s * 1000, 'fridge', at(s % 20 === 0 ? 8.2 : 7.9));
  assert.equal(told(world.at(minutes(31))), ['technical too-high']);
});

test('without a delay the limit alarms at once', () => {
  const world = fridge({ ...celsius, delayMs: 0 });
  assert.equal(told(world.read(1000, 'fridge', at(9))), ['technical too-high']);
});

const LOSSES = [
  ['line lost', LOST],
  ['cut sensor', ratio(1)],
  ['shorted sensor', ratio(0)],
  ['not a number', ratio(Number.NaN)],
  ['a level', level(1)],
] as const;

test('a sensor that is lost is a fault at once and an alarm after ten seconds', () => {
  for (const [name, reading] of LOSSES) {
    const world = fridge();
    world.read(1000, 'fridge', reading);
    assert.is(world.zone('fridge').signal, 'fault', name);
    assert.is(world.zone('fridge').cause, 'sensor-lost', name);
    assert.is(world.line('fridge').value, undefined, name);
    assert.equal(told(world.at(10_999)), [], name);
    assert.equal(told(world.at(11_000)), ['technical sensor-lost'], name);
    assert.equal(told(world.at(minutes(300))), [], name);
    assert.equal(told(world.read(minutes(301), 'fridge', at(5))), ['technical-restored'], name);
  }
});

test('a sensor that is back within ten seconds is no alarm', () => {
  const world = fridge();
  world.read(1000, 'fridge', LOST);
  world.read(9000, 'fridge', at(5));
  assert.equal(told(world.at(minutes(5))), []);
  assert.is(world.zone('fridge').signal, 'normal');
});

test('each loss of the sensor has its own ten seconds', () => {
  const world = fridge();
  world.read(1000, 'fridge', LOST);
  world.read(9000, 'fridge', at(5));
  world.read(10_000, 'fridge', LOST);
  assert.equal(told(world.at(19_999)), []);
  assert.equal(told(world.at(20_000)), ['technical sensor-lost']);
});

test('out of limits and then lost is one alarm', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(9));
  world.read(minutes(2), 'fridge', LOST);
  assert.equal(told(world.at(minutes(3))), ['technical sensor-lost']);
  assert.equal(told(world.at(minutes(90))), []);
});

test('a sensor that comes and goes does not put the delay back', () => {
  const world = fridge();
  for (let n = 1; n < 31; n += 1) {
    world.read(minutes(n), 'fridge', at(12));
    world.read(minutes(n) + 5000, 'fridge', LOST);
    world.read(minutes(n) + 9000, 'fridge', at(12));
  }
  assert.equal(told(world.at(minutes(31))), ['technical too-high']);
});

test('a delay that ends while the sensor is lost is an alarm: nobody can say that the value is back', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(12));
  world.read(minutes(31) - 2000, 'fridge', LOST);
  assert.equal(told(world.at(minutes(31))), ['technical sensor-lost']);
  assert.equal(told(world.at(minutes(60))), []);
});

test('back after a sensor alarm and out of limits: told at once with what it says', () => {
  const world = fridge();
  world.read(1000, 'fridge', LOST);
  world.pass(20_000);
  assert.equal(told(world.read(minutes(5), 'fridge', at(15))), ['technical too-high']);
  assert.equal(told(world.read(minutes(6), 'fridge', at(5))), ['technical-restored']);
});

test('a sensor lost during its alarm raises no second one', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(12));
  world.pass(minutes(31));
  world.read(minutes(32), 'fridge', LOST);
  assert.equal(told(world.at(minutes(40))), []);
});

test('the view follows the value, not its noise', () => {
  const world = fridge();
  world.read(1000, 'fridge', at(5.04));
  assert.is(world.line('fridge').value, 5);
  const { state } = world.frame;
  world.read(2000, 'fridge', at(4.97));
  assert.is(world.frame.state, state);
  world.read(3000, 'fridge', at(5.2));
  assert.ok(Math.abs((world.line('fridge').value ?? 0) - 5.2) < 1e-9);
});

test('a zone left out does not alarm, and does when it is taken back while still too warm', () => {
  const world = fridge();
  world.at(0, (frame) => setZone(frame, zonePlace(frame, 'fridge'), { isolated: true }));
  world.read(minutes(1), 'fridge', at(12));
  assert.equal(told(world.at(minutes(60))), []);
  const events = world.at(minutes(61), (frame) => {
    const place = zonePlace(frame, 'fridge');
    setZone(frame, place, { isolated: false });
    onTechnicalSignal(frame, place);
  });
  assert.equal(told(events), ['technical too-high']);
});

// ---- restart

/** What a restart leaves: alarms and deadlines stay, signals and lines are read again. */
const restart = (world: World, degrees: number): readonly string[] =>
  told(
    world.at(world.frame.now, (frame) => {
      const { durable, volatile } = frame.state;
      frame.state = {
        ...frame.state,
        durable: { ...durable, zones: durable.zones.map((state) => ({ ...initialZone(monotonic(0)), inAlarm: state.inAlarm })) },
        volatile: { ...volatile, lines: volatile.lines.map(() => initialLine), timers: [] },
      };
      readAtStart(frame, zonePlace(frame, 'fridge'), at(degrees));
    }),
  );

test('a running delay goes on after a restart', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(12));
  world.pass(minutes(20));
  assert.equal(restart(world, 12), []);
  assert.equal(told(world.at(minutes(31))), ['technical too-high']);
});

test('an alarm is not told twice by a restart, and ends when the value is inside', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(12));
  world.pass(minutes(40));
  assert.equal(restart(world, 12), []);
  assert.is(world.zone('fridge').signal, 'active');
  assert.equal(restart(world, 5), ['technical-restored']);
});

test('a delay whose value is inside after a restart is over', () => {
  const world = fridge();
  world.read(minutes(1), 'fridge', at(12));
  assert.equal(restart(world, 5), []);
  assert.equal(told(world.at(minutes(60))), []);
});

test.run();
