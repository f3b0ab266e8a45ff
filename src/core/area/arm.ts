/** Asking to arm: every blocker is listed; the person may leave zones out by name or carry on over the rest. */
import type { AreaConfig, ArmMode, BlockerKind, ZoneConfig } from '../config.ts';
import type { Blocker, Refusal } from '../event.ts';
import { areaState, emit, zonesOf } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Place } from '../site.ts';
import type { Who } from '../state.ts';
import { endTests } from '../supervision/tests.ts';
import { blockersOf, keepsWatch, policyOf } from './blockers.ts';
import { commonsArmingWith } from './common.ts';
import { beginExit, exitEndOf } from './exit.ts';
import { stopFaultTone } from './faultTone.ts';
import { inhibit } from './inhibit.ts';
import { whoFacts } from './who.ts';

type Area = Place<AreaConfig>;
type Zone = Place<ZoneConfig>;

export type ArmRequest = {
  readonly mode: ArmMode;
  readonly who: Who;
  readonly override: boolean;
  /** Numbers of zones to leave out for this armed period. */
  readonly inhibit: readonly number[];
  /** The calendar's arming passes over the check-list and memory, and leaves out what is open by itself. */
  readonly auto?: boolean;
};

export type ArmResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Refusal; readonly blockers: readonly Blocker[] };

const refused = (reason: Refusal, blockers: readonly Blocker[] = []): ArmResult => ({ ok: false, reason, blockers });

export const arm = (frame: Frame, area: Area, request: ArmRequest): ArmResult => {
  if (areaState(frame, area).arming.state !== 'disarmed') return refused('already-armed');
  const areas = [area, ...commonsArmingWith(frame, area)];
  const named = zonesNamed(frame, areas, request.inhibit);
  if (named === 'no-such-zone' || named === 'zone-not-bypassable') return refused(named);

  const blockers = areas
    .flatMap((place) => blockersOf(frame, place, request.mode, exitEndOf(place, request.who) !== 'immediate'))
    .filter((blocker) => !isNamed(frame, blocker, named) || policyOf(frame.site, area.config, blocker) === 'forbid');
  const verdict = weigh(frame, area, blockers, request);
  if (verdict.standing.length > 0) {
    emit(frame, 'arm-refused', {
      area: area.config.id,
      mode: request.mode,
      ...whoFacts(request.who),
      blockers: verdict.standing,
    });
    return refused('blocked', verdict.standing);
  }
  acceptArming(frame, areas, request, {
    zones: [...named, ...zonesOfBlockers(frame, verdict.leftOut)],
    overridden: verdict.overridden,
  });
  return { ok: true };
};

// ---- what the person may do about blockers

type Weighed = {
  readonly standing: readonly Blocker[];
  readonly overridden: readonly Blocker[];
  readonly leftOut: readonly Blocker[];
};

const AUTO_PASSES: ReadonlySet<BlockerKind> = new Set([
  'checklist',
  'memory',
  'mains-lost',
  'battery-low',
  'no-path',
  'door-held',
]);

const weigh = (frame: Frame, area: Area, blockers: readonly Blocker[], request: ArmRequest): Weighed => {
  if (request.auto) return weighForCalendar(frame, blockers);
  const canPass = (blocker: Blocker) => request.override && policyOf(frame.site, area.config, blocker) === 'override';
  return { standing: blockers.filter((blocker) => !canPass(blocker)), overridden: blockers.filter(canPass), leftOut: [] };
};

/** Only somebody in the rooms stops the calendar, whatever stricter matrix holds for people. */
const weighForCalendar = (frame: Frame, blockers: readonly Blocker[]): Weighed => {
  const rest = blockers.filter(({ kind }) => kind !== 'room-not-quiet');
  const isPassed = (blocker: Blocker) => AUTO_PASSES.has(blocker.kind) || keepsWatch(frame.site, blocker);
  return {
    standing: blockers.filter(({ kind }) => kind === 'room-not-quiet'),
    overridden: rest.filter(isPassed),
    leftOut: rest.filter((blocker) => !isPassed(blocker)),
  };
};

// ---- naming zones

const zonesNamed = (
  frame: Frame,
  areas: readonly Area[],
  numbers: readonly number[],
): readonly Zone[] | 'no-such-zone' | 'zone-not-bypassable' => {
  const zones = areas.flatMap((area) => zonesOf(frame, area.config.id));
  const named = numbers.map((number) => zones.find((zone) => zone.config.number === number));
  if (named.some((zone) => zone === undefined)) return 'no-such-zone';
  const found = named.filter((zone) => zone !== undefined);
  return found.every((zone) => zone.config.bypassable) ? found : 'zone-not-bypassable';
};

const zonesOfBlockers = (frame: Frame, blockers: readonly Blocker[]): readonly Zone[] =>
  blockers.flatMap((blocker) => zonesOfBlocker(frame, blocker));

/** A blocker of a door is answered by leaving out any of its contacts. */
const zonesOfBlocker = (frame: Frame, blocker: Blocker): readonly Zone[] => {
  const door = blocker.door === undefined ? undefined : frame.site.doors.get(blocker.door)?.config;
  const ids = [blocker.zone, door?.latch ?? door?.contact].filter((id) => id !== undefined);
  return ids.flatMap((id) => frame.site.zones.get(id) ?? []);
};

const isNamed = (frame: Frame, blocker: Blocker, named: readonly Zone[]): boolean => {
  if (blocker.kind === 'room-not-quiet') return false;
  const door = blocker.door === undefined ? undefined : frame.site.doors.get(blocker.door)?.config;
  const ids = [blocker.zone, door?.contact, door?.latch];
  return named.some((zone) => ids.includes(zone.config.id));
};

// ---- accepting

const acceptArming = (
  frame: Frame,
  areas: readonly Area[],
  request: ArmRequest,
  taken: { readonly zones: readonly Zone[]; readonly overridden: readonly Blocker[] },
): void => {
  endTests(frame, 'arming');
  const [area] = areas;
  if (area && taken.overridden.length > 0) {
    emit(frame, 'arm-overridden', { area: area.config.id, ...whoFacts(request.who), blockers: taken.overridden });
  }
  for (const zone of new Set(taken.zones)) inhibit(frame, zone, request.who);
  for (const place of areas) {
    stopFaultTone(frame, place);
    beginExit(frame, place, request, taken.overridden);
  }
};
