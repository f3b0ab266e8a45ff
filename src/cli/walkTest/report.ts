/**
 * What a walk test has shown so far, zone by zone. Pure: the facts come from a copy of the data folder.
 *
 * - *the test*: the one that runs, or the last one that ran. A detector counts as tested only if that one saw it.
 * - *walkable*: of a type that somebody can set off by walking through it or opening it (core/supervision/tests.ts).
 * - *left out*: isolated or inhibited, so that the site does not act on it although it may have been tested.
 */
import type { Config, ZoneConfig, ZoneId } from '../../core/config.ts';
import { isCovertZone } from '../../core/covert.ts';
import type { Event } from '../../core/event.ts';
import { initialZone } from '../../core/initial.ts';
import type { Signal, State } from '../../core/state.ts';
import { WALKED } from '../../core/supervision/tests.ts';
import { monotonic } from '../../core/time.ts';
import type { Verdict } from '../journal/reader.ts';

/**
 * - `tested`: the test saw it. `waiting`: the test runs and has not seen it yet. `not-tested`: the test ended without.
 * - `earlier`: not in this test, but in one before. `never`: in none that is known.
 * - `by-other-means`: a type that no walk test covers.
 */
export type ZoneStatus = 'tested' | 'waiting' | 'not-tested' | 'earlier' | 'never' | 'by-other-means';

export type ZoneRow = {
  readonly id: ZoneId;
  readonly number: number;
  readonly name: string;
  readonly type: ZoneConfig['type'];
  readonly area: string;
  readonly status: ZoneStatus;
  /** Wall time, milliseconds. */
  readonly testedAt: number | undefined;
  readonly isIsolated: boolean;
  readonly isInhibited: boolean;
  /** What it says now; undefined: not known, or a covert zone, whose level nobody on site may read. */
  readonly signal: Signal | undefined;
  /** Pulses too short to count, since the start of the controller. */
  readonly shortPulses: number | undefined;
};

export type TestSpan = {
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
  readonly by: string | undefined;
  readonly cause: Event['cause'];
  readonly zones: readonly ZoneId[];
  /** Zones that it ended without having seen. */
  readonly unseen: readonly ZoneId[];
};

export type WalkReport = {
  readonly site: string;
  readonly name: string;
  readonly timezone: string;
  readonly version: string;
  readonly configHash: string;
  /** The data folder was written with another site's file than the one its names come from. */
  readonly isOtherConfig: boolean;
  readonly madeAt: number;
  readonly test: TestSpan | undefined;
  /** Milliseconds until the running test ends by itself; undefined: none runs, or its clock is not known. */
  readonly leftMs: number | undefined;
  readonly rows: readonly ZoneRow[];
  readonly journal: Verdict | undefined;
};

export type WalkFacts = {
  readonly config: Config;
  readonly configHash: string;
  readonly isOtherConfig: boolean;
  readonly version: string;
  readonly madeAt: number;
  /** Running time of the controller now; undefined: it is not known to run. */
  readonly runningMs: number | undefined;
  readonly state: State;
  /** The same, with what the lines say, as last recorded; undefined: nothing is known of the lines. */
  readonly present: State | undefined;
  /** Events of tests in the order of the journal; those before the last start may be left out. */
  readonly events: readonly Event[];
  readonly journal: Verdict | undefined;
};

// ---- the test

/** The last walk test of which the journal tells, or the one that runs. */
export const lastTest = (events: readonly Event[], config: Config): TestSpan | undefined => {
  const at = events.findLastIndex(({ kind }) => kind === 'walk-test-started');
  const started = events[at];
  if (!started) return undefined;
  const ended = events.slice(at).find(({ kind }) => kind === 'walk-test-ended');
  return {
    startedAt: started.at,
    endedAt: ended?.at,
    by: config.users.find(({ id }) => id === started.user)?.name ?? started.user,
    cause: ended?.cause,
    zones: started.zones ?? [],
    unseen: ended?.zones ?? [],
  };
};

export const isRunning = (report: Pick<WalkReport, 'test'>): boolean =>
  report.test !== undefined && report.test.endedAt === undefined;

// ---- each zone

const walkedIn = (test: TestSpan, id: ZoneId, walked: number | undefined): boolean => {
  if (!test.zones.includes(id) || walked === undefined) return false;
  return test.endedAt === undefined || !test.unseen.includes(id);
};

const statusOf = (zone: ZoneConfig, test: TestSpan | undefined, walked: number | undefined): ZoneStatus => {
  if (test && walkedIn(test, zone.id, walked)) return 'tested';
  if (test?.zones.includes(zone.id)) return test.endedAt === undefined ? 'waiting' : 'not-tested';
  if (walked !== undefined) return 'earlier';
  return WALKED.has(zone.type) ? 'never' : 'by-other-means';
};

const rowOf = (facts: WalkFacts, test: TestSpan | undefined, zone: ZoneConfig, index: number): ZoneRow => {
  const { config, state, present } = facts;
  const { walked, isolated, inhibited } = state.durable.zones[index] ?? initialZone(monotonic(0));
  const shown = isCovertZone(zone.type) ? undefined : present;
  const signal = shown?.durable.zones[index]?.signal;
  return {
    id: zone.id,
    number: zone.number,
    name: zone.name,
    type: zone.type,
    area: config.areas.find(({ id }) => id === zone.area)?.name ?? zone.area,
    status: statusOf(zone, test, walked),
    testedAt: walked,
    isIsolated: isolated,
    isInhibited: inhibited,
    signal: signal === 'unknown' ? undefined : signal,
    shortPulses: shown?.volatile.lines[index]?.shortPulses,
  };
};

const byNumber = (one: ZoneRow, other: ZoneRow): number => one.number - other.number;

// ---- all of it

const leftOf = ({ state, runningMs }: WalkFacts): number | undefined => {
  const ends = state.durable.timers.find(({ kind }) => kind === 'walk-test')?.at;
  return ends === undefined || runningMs === undefined ? undefined : Math.max(0, ends - runningMs);
};

export const walkReport = (facts: WalkFacts): WalkReport => {
  const { config, configHash, isOtherConfig, version, madeAt, journal } = facts;
  const test = lastTest(facts.events, config);
  return {
    site: config.site,
    name: config.name,
    timezone: config.timezone,
    version,
    configHash,
    isOtherConfig,
    madeAt,
    test,
    leftMs: test && test.endedAt === undefined ? leftOf(facts) : undefined,
    rows: config.zones.map((zone, index) => rowOf(facts, test, zone, index)).toSorted(byNumber),
    journal,
  };
};

/** Detectors that a walk test of the whole site has to see: what is to be tested by other means is not among them. */
export const toBeTested = ({ rows }: WalkReport): readonly ZoneRow[] => rows.filter(({ status }) => status !== 'by-other-means');

export const missing = (report: WalkReport): readonly ZoneRow[] => toBeTested(report).filter(({ status }) => status !== 'tested');

export const leftOut = ({ rows }: WalkReport): readonly ZoneRow[] =>
  rows.filter(({ isIsolated, isInhibited }) => isIsolated || isInhibited);
