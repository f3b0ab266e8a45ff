/**
 * What makes the site behave otherwise for a while, with the centre told at both ends: *walk test* (activations of the
 * zones under test are journalled and alarm nobody), *exercise* (a drill: everything is marked), *on-test* (work on
 * the installation), *installer* (level 3 has access, a user allowed it). Each ends by itself after an hour, by arming
 * and by a restart.
 *
 * Under test are the zones of the chosen areas. Hold-up devices only when each is named; duress and fire never.
 */
import type { AreaId, UserId, ZoneConfig, ZoneId, ZoneType } from '../config.ts';
import type { Cause, EventFacts } from '../event.ts';
import {
  areaPlace,
  areaState,
  clearTimer,
  emit,
  setDurable,
  setSite,
  setTimerIn,
  setZone,
  siteState,
  wallAt,
  zonePlace,
  zonesOf,
  zoneState,
} from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import { HOUR } from '../time.ts';
import { chime } from '../zone/chime.ts';
import { reviewSoon } from '../zone/review.ts';

/** `area-armed`: what is armed is not tested. */
export type Toggled = 'started' | 'ended' | 'area-armed';
export type TestKind = 'walk-test' | 'exercise' | 'on-test' | 'installer';

const TEST_MS = HOUR;
const TEST_KINDS: readonly TestKind[] = ['walk-test', 'exercise', 'on-test', 'installer'];

/** What somebody can set off by walking. */
export const WALKED: ReadonlySet<ZoneType> = new Set([
  'entry-exit',
  'follower',
  'instant',
  'interior',
  'tamper',
  '24h',
  'exit-guard',
  'latch',
  'technical',
]);
const HOLDUP: ReadonlySet<ZoneType> = new Set(['holdup-silent', 'holdup-audible']);

const areDisarmed = (frame: Frame, areas: readonly AreaId[]): boolean =>
  areas.every((id) => areaState(frame, areaPlace(frame, id)).arming.state === 'disarmed');

const allAreas = (frame: Frame): readonly AreaId[] => frame.site.config.areas.map((area) => area.id);

const userFacts = (user: UserId | undefined): EventFacts => (user === undefined ? {} : { user });

const begin = (frame: Frame, kind: TestKind): 'started' => {
  setTimerIn(frame, kind, '', TEST_MS);
  return 'started';
};

export const isTesting = (frame: Frame, kind: TestKind): boolean => {
  const { walkTest, exercise, onTest } = siteState(frame);
  switch (kind) {
    case 'walk-test':
      return walkTest !== undefined;
    case 'exercise':
      return exercise !== undefined;
    case 'on-test':
      return onTest !== undefined;
    case 'installer':
      return frame.state.durable.people.installerUntil !== undefined;
  }
};

// ---- starting, and ending by the same request

/** `named`: hold-up devices of these areas to be tested as well. */
export const toggleWalkTest = (
  frame: Frame,
  areas: readonly AreaId[],
  user: UserId | undefined,
  named: readonly ZoneId[] = [],
): Toggled => {
  if (isTesting(frame, 'walk-test')) return endTest(frame, 'walk-test', { cause: 'user', ...userFacts(user) });
  if (!areDisarmed(frame, areas)) return 'area-armed';
  const zones = areas.flatMap((id) => zonesOf(frame, id)).filter((zone) => isUnderTest(zone.config, named));
  for (const zone of zones) setZone(frame, zone, { walked: undefined });
  const ids = zones.map((zone) => zone.config.id);
  setSite(frame, { walkTest: { by: user, zones: ids } });
  emit(frame, 'walk-test-started', { ...userFacts(user), zones: ids, detail: { areas: areas.join(' ') } });
  return begin(frame, 'walk-test');
};

const isUnderTest = (zone: ZoneConfig, named: readonly ZoneId[]): boolean =>
  WALKED.has(zone.type) || (HOLDUP.has(zone.type) && named.includes(zone.id));

/** A drill of the whole site. The event that announces it is no drill. */
export const toggleExercise = (frame: Frame, user: UserId | undefined): Toggled => {
  if (isTesting(frame, 'exercise')) return endTest(frame, 'exercise', { cause: 'user', ...userFacts(user) });
  if (!areDisarmed(frame, allAreas(frame))) return 'area-armed';
  emit(frame, 'exercise-started', userFacts(user));
  setSite(frame, { exercise: { by: user } });
  return begin(frame, 'exercise');
};

export const toggleOnTest = (frame: Frame, user: UserId | undefined): Toggled => {
  if (isTesting(frame, 'on-test')) return endTest(frame, 'on-test', { cause: 'user', ...userFacts(user) });
  if (!areDisarmed(frame, allAreas(frame))) return 'area-armed';
  setSite(frame, { onTest: { by: user } });
  emit(frame, 'on-test-started', userFacts(user));
  return begin(frame, 'on-test');
};

/** Level 3 has access until taken back. One area that stays armed does not keep the installer from the others. */
export const toggleInstallerAccess = (frame: Frame, user: UserId | undefined): Toggled => {
  if (isTesting(frame, 'installer')) return endTest(frame, 'installer', { cause: 'user', ...userFacts(user) });
  const started = begin(frame, 'installer');
  const installerUntil = frame.state.durable.timers.find((timer) => timer.kind === 'installer')?.at;
  setDurable(frame, { people: { ...frame.state.durable.people, installerUntil } });
  emit(frame, 'installer-allowed', userFacts(user));
  return started;
};

// ---- ending

const endTest = (frame: Frame, kind: TestKind, facts: EventFacts): 'ended' => {
  clearTimer(frame, kind, '');
  switch (kind) {
    case 'walk-test':
      endWalkTest(frame, facts);
      break;
    case 'exercise':
      setSite(frame, { exercise: undefined });
      emit(frame, 'exercise-ended', facts);
      break;
    case 'on-test':
      setSite(frame, { onTest: undefined });
      emit(frame, 'on-test-ended', facts);
      break;
    case 'installer':
      setDurable(frame, { people: { ...frame.state.durable.people, installerUntil: undefined } });
      emit(frame, 'installer-access-ended', facts);
      break;
  }
  return 'ended';
};

/** The end names what was never seen: that is what the installer has to look at. */
const endWalkTest = (frame: Frame, facts: EventFacts): void => {
  const tested = siteState(frame).walkTest?.zones ?? [];
  const unseen = tested.filter((id) => frame.site.zones.has(id) && zoneState(frame, zonePlace(frame, id)).walked === undefined);
  setSite(frame, { walkTest: undefined });
  emit(frame, 'walk-test-ended', {
    ...facts,
    zones: unseen,
    detail: { tested: tested.length, seen: tested.length - unseen.length },
  });
  for (const id of tested) {
    if (frame.site.zones.has(id)) reviewSoon(frame, zonePlace(frame, id));
  }
};

export const endTests = (frame: Frame, cause: Cause): void => {
  for (const kind of TEST_KINDS) {
    if (isTesting(frame, kind)) endTest(frame, kind, { cause });
  }
};

export const onTestTimer = (frame: Frame, kind: TestKind): void => {
  if (isTesting(frame, kind)) endTest(frame, kind, { cause: 'time-out' });
};

// ---- the walk

export const isWalked = (frame: Frame, zone: Place<ZoneConfig>): boolean =>
  siteState(frame).walkTest?.zones.includes(zone.config.id) ?? false;

/**
 * Whether this activation belongs to the walk test. If so nothing else comes of it than a chirp, and once per test a
 * journal entry.
 */
export const walkTestSaw = (frame: Frame, zone: Place<ZoneConfig>): boolean => {
  if (!isWalked(frame, zone)) return false;
  chime(frame, zone);
  if (zoneState(frame, zone).walked !== undefined) return true;
  setZone(frame, zone, { walked: wallAt(frame, frame.now) });
  emit(frame, 'walk-test-zone', { area: zone.config.area, zone: zone.config.id, ...userFacts(siteState(frame).walkTest?.by) });
  return true;
};
