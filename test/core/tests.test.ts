import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ZoneType } from '../../src/core/config.ts';
import { areaPlace, emit, keypadState, setArea, timerOf, zonePlace } from '../../src/core/frame.ts';
import type { Frame } from '../../src/core/frame.ts';
import {
  endTests,
  isTesting,
  toggleExercise,
  toggleInstallerAccess,
  toggleOnTest,
  toggleWalkTest,
  walkTestSaw,
} from '../../src/core/supervision/tests.ts';
import type { TestKind, Toggled } from '../../src/core/supervision/tests.ts';
import { HOUR } from '../../src/core/time.ts';
import { kindsOf, level, worldOf, zone } from './supervision.fixture.ts';
import type { World } from './supervision.fixture.ts';

const test = suite('walk test, exercise, on-test, installer');

const site = (): World =>
  worldOf([
    zone('motion'),
    zone('window'),
    zone('panic', { type: 'holdup-silent' }),
    zone('smoke', { type: 'fire-sense' }),
    zone('attic', { area: 'flat' }),
  ]);

const setArmed = (frame: Frame, id: string): void =>
  setArea(frame, areaPlace(frame, id), {
    arming: { state: 'armed', since: frame.now, mode: 'full', who: { user: undefined, cause: 'user', keypad: undefined } },
  });

type Row = { readonly kind: TestKind; readonly toggle: (frame: Frame) => Toggled; readonly ends: readonly [string, string] };
const TESTS: readonly Row[] = [
  {
    kind: 'walk-test',
    toggle: (frame) => toggleWalkTest(frame, ['practice'], 'anne'),
    ends: ['walk-test-started', 'walk-test-ended'],
  },
  { kind: 'exercise', toggle: (frame) => toggleExercise(frame, 'anne'), ends: ['exercise-started', 'exercise-ended'] },
  { kind: 'on-test', toggle: (frame) => toggleOnTest(frame, 'anne'), ends: ['on-test-started', 'on-test-ended'] },
  {
    kind: 'installer',
    toggle: (frame) => toggleInstallerAccess(frame, 'anne'),
    ends: ['installer-allowed', 'installer-access-ended'],
  },
];

test('each is announced at both ends, with who asked', () => {
  for (const { kind, toggle, ends } of TESTS) {
    const world = site();
    const events = world.at(1000, (frame) => {
      assert.is(toggle(frame), 'started');
      assert.ok(isTesting(frame, kind));
      assert.is(toggle(frame), 'ended');
      assert.not.ok(isTesting(frame, kind));
    });
    assert.equal(kindsOf(events), ends, kind);
    assert.ok(
      events.every(({ user }) => user === 'anne'),
      kind,
    );
    assert.is(timerOf(world.frame, kind, ''), undefined);
  }
});

test('each ends by itself after an hour, and only once', () => {
  for (const { kind, toggle, ends } of TESTS) {
    const world = site();
    world.at(1000, (frame) => void toggle(frame));
    assert.equal(kindsOf(world.at(1000 + HOUR - 1)), [], kind);
    const events = world.at(1000 + HOUR);
    assert.equal(kindsOf(events), [ends[1]], kind);
    assert.is(events[0]?.cause, 'time-out', kind);
    assert.equal(kindsOf(world.at(9 * HOUR)), [], kind);
  }
});

test('arming ends them all, and says so', () => {
  const world = site();
  world.at(1000, (frame) => TESTS.forEach(({ toggle }) => void toggle(frame)));
  const events = world.at(2000, (frame) => endTests(frame, 'arming'));
  assert.equal(
    kindsOf(events),
    TESTS.map(({ ends }) => ends[1]),
  );
  assert.ok(events.every(({ cause }) => cause === 'arming'));
  assert.equal(kindsOf(world.at(3000, (frame) => endTests(frame, 'arming'))), []);
});

test('what is armed is not tested', () => {
  const armedElsewhere = {
    'walk-test': 'started',
    exercise: 'area-armed',
    'on-test': 'area-armed',
    installer: 'started',
  } as const;
  for (const { kind, toggle } of TESTS) {
    const world = site();
    setArmed(world.frame, 'flat');
    assert.is(toggle(world.frame), armedElsewhere[kind], `${kind}, another area armed`);
  }
  const world = site();
  setArmed(world.frame, 'practice');
  assert.is(toggleWalkTest(world.frame, ['practice'], 'anne'), 'area-armed');
  assert.equal(world.frame.events, []);
});

test('an exercise marks what happens in it, but not its own announcements and never a real threat', () => {
  const world = site();
  world.at(1000, (frame) => {
    toggleExercise(frame, 'anne');
    emit(frame, 'chime');
    emit(frame, 'alarm-24h');
    emit(frame, 'duress');
    emit(frame, 'holdup-silent');
    emit(frame, 'holdup-audible');
    emit(frame, 'fire');
    emit(frame, 'opening-not-normal');
    toggleExercise(frame, 'anne');
    emit(frame, 'chime');
  });
  assert.equal(
    world.frame.events.map(({ exercise }) => exercise),
    [false, true, true, false, false, false, false, false, false, false],
  );
});

// ---- walk test

test('a walk test journals each zone once and chirps each time', () => {
  const world = site();
  world.at(1000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'));
  const saw = (ms: number) => kindsOf(world.at(ms, (frame) => assert.ok(walkTestSaw(frame, zonePlace(frame, 'motion')))));
  assert.equal(saw(2000), ['walk-test-zone']);
  assert.is(keypadState(world.frame, { index: 0, config: undefined }).chimeSince, 2000);
  assert.equal(saw(3000), []);
  const ended = world.at(60_000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'));
  assert.equal(ended[0]?.zones, ['window'], 'what was never seen');
  assert.equal(ended[0]?.detail, { tested: 2, seen: 1 });
});

const walkMotion = (frame: Frame): void => {
  toggleWalkTest(frame, ['practice'], 'anne');
  walkTestSaw(frame, zonePlace(frame, 'motion'));
  toggleWalkTest(frame, ['practice'], 'anne');
};

test('the next walk test begins anew', () => {
  const world = site();
  const expected = ['walk-test-started', 'walk-test-zone', 'walk-test-ended'];
  assert.equal(kindsOf(world.at(1000, walkMotion)), expected);
  assert.equal(kindsOf(world.at(9000, walkMotion)), expected);
});

test('other areas, hold-up and fire devices are not under test', () => {
  const world = site();
  world.at(1000, (frame) => {
    assert.not.ok(walkTestSaw(frame, zonePlace(frame, 'motion')), 'before it starts');
    toggleWalkTest(frame, ['practice'], 'anne');
    for (const id of ['panic', 'smoke', 'attic']) assert.not.ok(walkTestSaw(frame, zonePlace(frame, id)), id);
  });
});

test('a hold-up device is tested when it is named, a fire contact not even then', () => {
  const world = site();
  toggleWalkTest(world.frame, ['practice'], 'anne', ['panic', 'smoke']);
  assert.ok(walkTestSaw(world.frame, zonePlace(world.frame, 'panic')));
  assert.not.ok(walkTestSaw(world.frame, zonePlace(world.frame, 'smoke')));
});

const UNDER_TEST: readonly ZoneType[] = ['24h', 'tamper', 'technical'];
const RAISES: Readonly<Record<string, string>> = { '24h': 'alarm-24h', tamper: 'tamper', technical: 'technical' };

test('under test nothing alarms, and what is still active when the test ends does', () => {
  for (const type of UNDER_TEST) {
    const world = worldOf([zone('device', { type, debounceMs: 0 })]);
    world.read(0, 'device', level(0));
    world.at(1000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'));
    assert.equal(kindsOf(world.read(2000, 'device', level(1))), ['walk-test-zone'], type);
    assert.equal(kindsOf(world.at(3000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'))), ['walk-test-ended'], type);
    assert.equal(kindsOf(world.at(3000)), [RAISES[type]], type);
  }
});

test('what is closed again when the test ends raises nothing', () => {
  for (const type of UNDER_TEST) {
    const world = worldOf([zone('device', { type, debounceMs: 0 })]);
    world.read(0, 'device', level(0));
    world.at(1000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'));
    world.read(2000, 'device', level(1));
    assert.equal(kindsOf(world.read(2500, 'device', level(0))), [], type);
    assert.equal(kindsOf(world.at(3000, (frame) => void toggleWalkTest(frame, ['practice'], 'anne'))), ['walk-test-ended'], type);
    assert.equal(kindsOf(world.at(5000)), [], type);
  }
});

test.run();
