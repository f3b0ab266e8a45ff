import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConditionKind } from '../../src/core/input.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { practice, practiceConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  close,
  code,
  feed,
  give,
  heard,
  isSounding,
  leave,
  lose,
  open,
  pass,
  pulse,
  restart,
  setLevel,
  state,
  told,
  world,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = suite('supervision, from inputs to events');

const withZones = (...zones: ReturnType<typeof zoneConfig>[]): Site => {
  const config = practiceConfig();
  return siteOf({ ...config, zones: [...config.zones, ...zones] });
};

const fridge = zoneConfig('frigo', 'technical', {
  sensing: { kind: 'measure', unit: '°C', offset: -40, scale: 100, low: 2, high: 8, hysteresis: 0.5, delayMs: 30 * MINUTE },
});

const measure = (site: World, degrees: number): void =>
  feed(site, { kind: 'reading', line: 'line-frigo', reading: { kind: 'ratio', ratio: (degrees + 40) / 100 } });

test('the fridge warms up over a power cut: the delay goes on, and the alarm is told once', () => {
  const site = world(withZones(fridge));
  site.levels.delete('line-frigo');
  measure(site, 5);
  told(site);
  measure(site, 11);
  pass(site, 20 * MINUTE);
  assert.equal(told(site), []);
  restart(site, 'machine', 5 * MINUTE);
  measure(site, 11);
  pass(site, 9 * MINUTE);
  assert.not.ok(told(site).includes('technical'));
  pass(site, MINUTE);
  assert.equal(told(site), ['technical']);
  assert.not.ok(isSounding(site, 'sirene-int'), 'no siren for a fridge');
  restart(site);
  measure(site, 11);
  assert.not.ok(told(site).includes('technical'));
  measure(site, 5);
  assert.equal(told(site), ['technical-restored']);
});

test('a water detector whose cable is cut is a fault at once and an alarm of its own after ten seconds', () => {
  const site = world(practice());
  lose(site, 'fuite');
  assert.equal(told(site), ['zone-fault']);
  pass(site, 10 * SECOND);
  const alarm = heard(site).find(({ kind }) => kind === 'technical');
  assert.is(alarm?.cause, 'sensor-lost');
  close(site, 'fuite');
  assert.equal(told(site), ['zone-fault-restored', 'technical-restored']);
});

test('a cable repaired onto a leak is told as a leak, even after the sensor alarm was acknowledged', () => {
  for (const acknowledged of [false, true]) {
    const site = world(practice());
    lose(site, 'fuite');
    pass(site, 20 * SECOND);
    if (acknowledged) give(site, { verb: 'acknowledge' }, { user: 'claire' });
    told(site);
    open(site, 'fuite');
    assert.ok(told(site).includes('technical'), `acknowledged: ${acknowledged}`);
  }
});

test('the mains fails at noon: arming asks to override it, the centre hears after half an hour', () => {
  const site = world(practice());
  open(site, 'secteur');
  askToArm(site);
  const refused = heard(site).find(({ kind }) => kind === 'arm-refused');
  assert.equal(refused?.blockers, [{ kind: 'mains-lost', zone: 'secteur' }]);
  pass(site, 30 * MINUTE - 1);
  assert.not.ok(told(site).includes('mains-lost'));
  pass(site, 1);
  assert.equal(told(site), ['mains-lost']);
  restart(site, 'machine', HOUR);
  assert.not.ok(told(site).includes('mains-lost'), 'told before the restart');
  close(site, 'secteur');
  pass(site, MINUTE);
  assert.ok(told(site).includes('mains-restored'));
});

test('a contact that chatters by night is an intrusion with that cause', () => {
  const config = practiceConfig();
  const zones = config.zones.map((zone) => (zone.id === 'fenetre' ? { ...zone, debounceMs: 20 } : zone));
  const site = world(siteOf({ ...config, zones }));
  leave(site);
  told(site);
  for (let n = 0; n < 110; n += 1) {
    setLevel(site, 'fenetre', n % 2 === 0 ? 1 : 0);
    pass(site, 10);
  }
  const alarm = heard(site).find(({ kind }) => kind === 'intrusion');
  assert.is(alarm?.zone, 'fenetre');
  assert.is(alarm?.cause, 'chatter');
  assert.is(state(site), 'armed full');
});

test('a key switch whose cable was cut arms nothing when it is heard again turned', () => {
  const site = world(practice());
  lose(site, 'cle');
  pass(site, MINUTE);
  open(site, 'cle');
  assert.is(state(site), 'disarmed');
  close(site, 'cle');
  open(site, 'cle');
  assert.is(state(site), 'exiting full');
});

test('a set site is not disarmed by a key switch that comes back turned', () => {
  const site = world(practice());
  leave(site);
  lose(site, 'cle');
  open(site, 'cle');
  assert.is(state(site), 'armed full');
  close(site, 'cle');
  restart(site);
  assert.is(state(site), 'armed full');
});

// ---- tests

test('a walk test from the keypad: the cupboard is silent, the hold-up button is real, arming ends it', () => {
  const site = world(practice());
  give(site, { verb: 'walk-test' }, { user: 'claire' });
  assert.equal(told(site), ['walk-test-started']);
  pulse(site, 'armoire');
  pulse(site, 'fenetre');
  pulse(site, 'fenetre');
  assert.equal(told(site), ['walk-test-zone', 'walk-test-zone']);
  assert.not.ok(isSounding(site, 'sirene-int'));
  open(site, 'panique');
  assert.equal(told(site), ['holdup-silent']);
  askToArm(site);
  assert.equal(told(site), ['walk-test-ended', 'arm-requested']);
});

test('a cupboard still open when the walk test times out is an alarm', () => {
  const site = world(practice());
  give(site, { verb: 'walk-test' }, { user: 'claire' });
  open(site, 'armoire');
  pass(site, HOUR - 1);
  assert.not.ok(isSounding(site, 'sirene-int'));
  told(site);
  pass(site, 1);
  assert.equal(told(site), ['walk-test-ended', 'alarm-24h']);
  assert.ok(isSounding(site, 'sirene-int'));
});

test('an exercise marks the drill and leaves the threat real; a restart ends it', () => {
  const site = world(practice());
  give(site, { verb: 'exercise' }, { user: 'doc' });
  open(site, 'armoire');
  open(site, 'agression');
  const marks = heard(site).map(({ kind, exercise }) => [kind, exercise]);
  assert.equal(marks, [
    ['exercise-started', false],
    ['alarm-24h', true],
    ['holdup-audible', false],
  ]);
  restart(site);
  assert.ok(told(site).includes('exercise-ended'));
});

test('nobody starts an exercise while the site is armed', () => {
  const site = world(practice());
  leave(site);
  told(site);
  give(site, { verb: 'exercise' }, { user: 'doc' });
  open(site, 'fenetre');
  const alarm = heard(site).find(({ kind }) => kind === 'intrusion');
  assert.is(alarm?.exercise, false);
});

test('duress during a walk test is told as ever', () => {
  const site = world(practice());
  give(site, { verb: 'walk-test' }, { user: 'claire' });
  told(site);
  code(site, 'claire', 'duress');
  assert.ok(told(site).includes('duress'));
});

// ---- clock

test('a machine that comes up with the time it saved ten minutes before makes no record before the last one', () => {
  const site = world(practice());
  pass(site, HOUR);
  pulse(site, 'armoire');
  const last = site.events.at(-1)?.at ?? 0;
  restart(site, 'machine', 0);
  feed(site, { kind: 'clock', wall: wall(last - 10 * MINUTE), synchronised: false });
  pass(site, MINUTE);
  pulse(site, 'armoire');
  const times = site.events.map(({ at }) => at);
  assert.equal(
    times,
    times.toSorted((a, b) => a - b),
  );
});

const CLOCK_STEPS = [-DAY, DAY, -400 * DAY];

test('a step of the clock sounds, silences, arms and disarms nothing', () => {
  for (const stepMs of CLOCK_STEPS) {
    const site = world(practice());
    leave(site);
    pass(site, HOUR);
    told(site);
    const { offsetMs } = site.state.durable.clock;
    feed(site, { kind: 'clock', wall: wall(site.now + offsetMs + stepMs), synchronised: true });
    pass(site, HOUR);
    assert.equal(told(site), ['clock-set'], `${stepMs}`);
    assert.is(state(site), 'armed full');
    open(site, 'porte');
    pass(site, 31 * SECOND);
    assert.ok(area(site).siren, 'the entry delay is not the clock’s');
  }
});

// ---- conditions

test('a site that has lost every path says so before it arms, and sounds nothing', () => {
  const site = world(practice());
  const say = (condition: ConditionKind, subject: string, on: boolean) =>
    feed(site, { kind: 'condition', condition, subject, on });
  say('path-failed', 'mqtt', true);
  say('all-paths-failed', '', true);
  assert.equal(told(site), ['path-failed', 'all-paths-failed']);
  assert.not.ok(isSounding(site, 'sirene-int') || isSounding(site, 'sirene-ext'));
  askToArm(site);
  assert.equal(heard(site).find(({ kind }) => kind === 'arm-refused')?.blockers, [{ kind: 'no-path' }]);
  restart(site);
  say('all-paths-failed', '', true);
  assert.not.ok(told(site).includes('all-paths-failed'), 'stands over a restart');
  say('all-paths-failed', '', false);
  say('path-failed', 'mqtt', false);
  assert.equal(told(site), ['all-paths-restored', 'path-restored']);
});

test.run();
