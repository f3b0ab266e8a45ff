import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ZoneConfig } from '../../src/core/config.ts';
import type { EventKind } from '../../src/core/event.ts';
import { setDurable, setSite, setZone, timerOf, zonePlace } from '../../src/core/frame.ts';
import type { ConditionKind, Start } from '../../src/core/input.ts';
import { conditionBlockers, onCondition, onReport } from '../../src/core/supervision/conditions.ts';
import { markSeen } from '../../src/core/supervision/notSeen.ts';
import { startSupervision } from '../../src/core/supervision/start.ts';
import { supplyBlockers } from '../../src/core/supervision/supply.ts';
import { toggleExercise, toggleWalkTest } from '../../src/core/supervision/tests.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { kindsOf, level, LOST, worldOf, zone } from './supervision.fixture.ts';
import type { World } from './supervision.fixture.ts';

const test = suite('supervision');

// ---- supplies

type SupplyRow = {
  readonly type: ZoneConfig['type'];
  readonly lost: EventKind;
  readonly restored: EventKind;
  readonly delayMs: number;
  readonly blocker: string;
};
const SUPPLIES: readonly SupplyRow[] = [
  { type: 'mains', lost: 'mains-lost', restored: 'mains-restored', delayMs: 30 * MINUTE, blocker: 'mains-lost' },
  { type: 'battery-low', lost: 'battery-low', restored: 'battery-restored', delayMs: MINUTE, blocker: 'battery-low' },
  { type: 'charger-fault', lost: 'charger-fault', restored: 'charger-restored', delayMs: MINUTE, blocker: 'fault' },
  { type: 'siren-fault', lost: 'siren-fault', restored: 'siren-restored', delayMs: 10 * SECOND, blocker: 'fault' },
];

const supply = (type: ZoneConfig['type']): World => {
  const world = worldOf([zone('supply', { type, debounceMs: 0 })]);
  world.read(0, 'supply', level(0));
  return world;
};

test('a supply that fails blocks at once, is told after its delay, and is restored after a minute', () => {
  for (const { type, lost, restored, delayMs, blocker } of SUPPLIES) {
    const world = supply(type);
    assert.equal(kindsOf(world.read(1000, 'supply', level(1))), [], type);
    assert.equal(supplyBlockers(world.frame), [{ kind: blocker, zone: 'supply' }], type);
    assert.equal(kindsOf(world.at(999 + delayMs)), [], type);
    assert.equal(kindsOf(world.at(1000 + delayMs)), [lost], type);
    assert.equal(kindsOf(world.at(1000 + delayMs + HOUR)), [], `${type}: told once`);
    const backMs = 1000 + delayMs + 2 * HOUR;
    assert.equal(kindsOf(world.read(backMs, 'supply', level(0))), [], type);
    assert.equal(supplyBlockers(world.frame), [], type);
    assert.equal(kindsOf(world.at(backMs + MINUTE)), [restored], type);
    assert.equal(world.frame.state.durable.site.reportedSupplies, [], type);
  }
});

test('a supply that is back before its delay is over is never told', () => {
  for (const { type, delayMs } of SUPPLIES) {
    const world = supply(type);
    world.read(1000, 'supply', level(1));
    world.read(999 + delayMs, 'supply', level(0));
    assert.equal(kindsOf(world.at(2 * HOUR)), [], type);
  }
});

test('a flapping mains is one pair of events', () => {
  const world = supply('mains');
  world.read(1000, 'supply', level(1));
  world.pass(HOUR);
  for (let n = 0; n < 100; n += 1) {
    world.read(HOUR + n * 60_000, 'supply', level(0));
    world.read(HOUR + n * 60_000 + 59_000, 'supply', level(1));
  }
  world.read(4 * HOUR, 'supply', level(0));
  world.pass(5 * HOUR);
  assert.equal(kindsOf(world.frame.events), ['mains-lost', 'mains-restored']);
});

test('a mains input that is not heard says nothing about the mains', () => {
  const world = supply('mains');
  assert.not.ok(kindsOf(world.read(1000, 'supply', LOST)).includes('mains-lost'));
  assert.not.ok(kindsOf(world.at(2 * HOUR)).includes('mains-lost'));
  assert.equal(supplyBlockers(world.frame), []);
});

test('lost while it is not heard: what was told stays told', () => {
  const world = supply('mains');
  world.read(1000, 'supply', level(1));
  world.pass(HOUR);
  world.read(HOUR, 'supply', LOST);
  world.read(2 * HOUR, 'supply', level(1));
  world.pass(5 * HOUR);
  assert.is(kindsOf(world.frame.events).filter((kind) => kind.startsWith('mains')).length, 1);
});

test('an isolated supply does not block', () => {
  const world = supply('mains');
  world.read(1000, 'supply', level(1));
  setZone(world.frame, zonePlace(world.frame, 'supply'), { isolated: true });
  assert.equal(supplyBlockers(world.frame), []);
});

// ---- conditions

const CONDITIONS: readonly [ConditionKind, EventKind, EventKind][] = [
  ['path-failed', 'path-failed', 'path-restored'],
  ['all-paths-failed', 'all-paths-failed', 'all-paths-restored'],
  ['clock-not-set', 'clock-not-set', 'clock-synchronised'],
  ['disk-nearly-full', 'disk-nearly-full', 'disk-restored'],
  ['storage-failed', 'storage-failed', 'storage-restored'],
  ['output-fault', 'output-fault', 'output-restored'],
  ['config-rejected', 'config-rejected', 'config-accepted'],
  ['substitution-suspected', 'substitution-suspected', 'substitution-cleared'],
];

const say = (world: World, condition: ConditionKind, on: boolean, subject = '') =>
  kindsOf(world.at(world.frame.now, (frame) => onCondition(frame, { condition, subject, on })));

test('a condition is told once at either end, however often it is said', () => {
  for (const [condition, raised, ended] of CONDITIONS) {
    const world = worldOf([]);
    assert.equal(say(world, condition, false), [], `${condition}: nothing to end`);
    assert.equal(say(world, condition, true), [raised]);
    assert.equal(say(world, condition, true), []);
    assert.equal(say(world, condition, false), [ended]);
    assert.equal(say(world, condition, false), []);
    assert.equal(world.frame.state.durable.conditions, []);
  }
});

test('each subject has a condition of its own', () => {
  const world = worldOf([]);
  say(world, 'path-failed', true, 'mqtt');
  assert.equal(say(world, 'path-failed', true, 'sms'), ['path-failed']);
  assert.equal(say(world, 'path-failed', false, 'mqtt'), ['path-restored']);
  assert.equal(
    world.frame.state.durable.conditions.map(({ subject }) => subject),
    ['sms'],
  );
});

test('an event names its subject: an output as output, anything else in the detail', () => {
  const world = worldOf([]);
  world.at(0, (frame) => {
    onCondition(frame, { condition: 'output-fault', subject: 'siren', on: true });
    onCondition(frame, { condition: 'path-failed', subject: 'mqtt', on: true, detail: { reason: 'refused' } });
    onCondition(frame, { condition: 'disk-nearly-full', subject: '', on: true, detail: { freeMb: 12 } });
  });
  const [output, path, disk] = world.frame.events;
  assert.is(output?.output, 'siren');
  assert.equal(path?.detail, { subject: 'mqtt', reason: 'refused' });
  assert.equal(disk?.detail, { freeMb: 12 });
});

test('only the loss of every path blocks arming', () => {
  const world = worldOf([]);
  for (const [condition] of CONDITIONS) if (condition !== 'all-paths-failed') say(world, condition, true);
  assert.equal(conditionBlockers(world.frame), []);
  say(world, 'all-paths-failed', true);
  assert.equal(conditionBlockers(world.frame), [{ kind: 'no-path' }]);
});

test('what the shell reports goes to the journal as it is', () => {
  const world = worldOf([]);
  world.at(5000, (frame) => onReport(frame, { event: 'messages-dropped', facts: { detail: { count: 3 } } }));
  const [event] = world.frame.events;
  assert.is(event?.kind, 'messages-dropped');
  assert.equal(event?.detail, { count: 3 });
  assert.is(event?.mono, 5000);
});

// ---- activity supervision

const start: Start = { cause: 'process', goneMs: 0, stateLost: false, configChanged: false, readings: {} };
const startIn = (world: World, change: Partial<Start> = {}) =>
  kindsOf(world.at(world.frame.now, (frame) => startSupervision(frame, { ...start, ...change })));

const activate = (world: World, ms: number): readonly EventKind[] => {
  const kinds = kindsOf(world.read(ms, 'motion', level(1)));
  return [...kinds, ...kindsOf(world.read(ms + 100, 'motion', level(0)))];
};

const watched = (change: Partial<ZoneConfig> = {}): World => {
  const world = worldOf([zone('motion', { debounceMs: 0, notSeenDays: 3, ...change })]);
  world.read(0, 'motion', level(0));
  startIn(world, { cause: 'fresh' });
  return world;
};

const seenKinds = (kinds: readonly EventKind[]) => kinds.filter((kind) => kind === 'not-seen' || kind === 'seen-again');

test('a detector not activated for its days is told once, and once when it is seen again', () => {
  const world = watched();
  assert.equal(seenKinds(kindsOf(world.at(3 * DAY))), []);
  assert.equal(seenKinds(kindsOf(world.at(3 * DAY + 2 * HOUR))), ['not-seen']);
  assert.equal(seenKinds(kindsOf(world.at(20 * DAY))), []);
  assert.equal(seenKinds(activate(world, 20 * DAY + 1)), ['seen-again']);
  assert.equal(seenKinds(activate(world, 20 * DAY + 5000)), []);
});

test('a detector that activates is not told', () => {
  const world = watched();
  for (let day = 0; day < 30; day += 1) activate(world, day * DAY + HOUR / 2);
  assert.equal(seenKinds(kindsOf(world.frame.events)), []);
});

test('one that stays active is seen', () => {
  const world = watched();
  world.read(DAY, 'motion', level(1));
  assert.equal(seenKinds(kindsOf(world.at(20 * DAY))), []);
});

test('zones without supervision and isolated zones are never told', () => {
  for (const world of [watched({ notSeenDays: 0 }), watched()]) {
    setZone(world.frame, zonePlace(world.frame, 'motion'), { isolated: true });
    assert.equal(seenKinds(kindsOf(world.at(20 * DAY))), []);
  }
});

test('a busy detector writes its last activation once an hour at most', () => {
  const world = watched();
  let writes = 0;
  for (let s = 0; s < 6 * 3600; s += 7) {
    const before = world.zone('motion');
    world.at(DAY + s * 1000, (frame) => markSeen(frame, zonePlace(frame, 'motion')));
    if (world.zone('motion') !== before) writes += 1;
  }
  assert.ok(writes >= 6 && writes <= 12, `${writes} writes`);
});

test('a step of the clock ages no detector', () => {
  const world = watched();
  world.at(HOUR, (frame) => setDurable(frame, { clock: { ...frame.state.durable.clock, offsetMs: 60 * 365 * DAY } }));
  assert.equal(seenKinds(kindsOf(world.at(2 * DAY))), []);
});

// ---- test report

test('a test report each period, with what is worth knowing', () => {
  const world = watched();
  world.at(HOUR, (frame) => onCondition(frame, { condition: 'path-failed', subject: 'sms', on: true }));
  world.read(HOUR, 'motion', LOST);
  assert.not.ok(kindsOf(world.at(DAY - 1)).includes('test-report'));
  const reports = world.at(3 * DAY).filter(({ kind }) => kind === 'test-report');
  assert.equal(
    reports.map(({ mono }) => mono),
    [DAY, 2 * DAY, 3 * DAY],
  );
  assert.equal(reports[0]?.detail, { zones: 1, tested: 0, faults: 1, notSeen: 0, isolated: 0, conditions: 1, supplies: 0 });
});

test('the time that nobody watched counts for the test report, and an overdue one goes at once', () => {
  const world = watched();
  world.pass(HOUR);
  startIn(world, { goneMs: 20 * HOUR });
  assert.is(timerOf(world.frame, 'test-report', '')?.at, 4 * HOUR);
  startIn(world, { goneMs: 5 * DAY });
  assert.is(timerOf(world.frame, 'test-report', '')?.at, HOUR);
});

// ---- start

test('the first start is no restart; a restart says how long nobody watched', () => {
  const fresh = worldOf([]);
  assert.equal(startIn(fresh, { cause: 'fresh', goneMs: undefined }), []);
  assert.is.not(fresh.frame.state.durable.site.firstStart, undefined);
  for (const cause of ['process', 'machine'] as const) {
    const world = worldOf([]);
    assert.equal(startIn(world, { cause, goneMs: 4200 }), ['restarted']);
    assert.equal(world.frame.events[0]?.detail, { start: cause, goneMs: 4200 });
  }
  const unknown = worldOf([]);
  startIn(unknown, { goneMs: undefined });
  assert.equal(unknown.frame.events[0]?.detail, { start: 'process' });
});

test('a lost state and a changed config are told', () => {
  assert.equal(startIn(worldOf([]), { stateLost: true, configChanged: true }), ['state-lost', 'restarted', 'config-changed']);
});

test('a restart ends every test that ran', () => {
  const world = watched();
  world.at(1000, (frame) => {
    toggleExercise(frame, 'anne');
    toggleWalkTest(frame, ['practice'], 'anne');
  });
  assert.equal(startIn(world), ['restarted', 'walk-test-ended', 'exercise-ended']);
  assert.is(timerOf(world.frame, 'walk-test', ''), undefined);
});

test('motion warms up only when the machine was started anew', () => {
  for (const [cause, until] of [
    ['fresh', undefined],
    ['process', undefined],
    ['machine', MINUTE],
  ] as const) {
    const world = worldOf([]);
    startIn(world, { cause });
    assert.is(world.frame.state.durable.site.warmUpUntil, until, cause);
    assert.is(timerOf(world.frame, 'warm-up', '')?.at, until, cause);
  }
});

test('an output that a new config has removed takes its fault with it', () => {
  const world = worldOf([]);
  say(world, 'output-fault', true, 'old-siren');
  say(world, 'path-failed', true, 'mqtt');
  assert.equal(startIn(world, { configChanged: true }), ['restarted', 'config-changed', 'output-restored']);
});

test('deadlines of zones that a new config has removed say nothing', () => {
  const world = watched();
  world.at(1000, (frame) => {
    setDurable(frame, {
      timers: [
        { at: frame.now, kind: 'supervise', subject: 'gone' },
        { at: frame.now, kind: 'technical', subject: 'gone' },
      ],
    });
    setSite(frame, { walkTest: { by: undefined, zones: ['gone'] }, firstStart: wall(0) });
  });
  assert.equal(kindsOf(world.at(2000)), []);
  assert.equal(startIn(world), ['restarted', 'walk-test-ended']);
});

test.run();
