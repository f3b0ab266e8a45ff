/**
 * Plays a story in virtual time and says what did not hold.
 *
 * Events are looked for among those since the expectations of an earlier instant: several expectations at one instant,
 * one after the other, see the same events.
 */
import type { Event } from '../core/event.ts';
import { instantOf } from '../calendar/localTime.ts';
import { after, SECOND } from '../core/time.ts';
import type { Wall } from '../core/time.ts';
import type { ScheduleWindow } from '../core/config.ts';
import { civilDay } from '../core/schedule.ts';
import type { ZoneOffset } from '../core/schedule.ts';
import type { Site } from '../core/site.ts';
import { perform } from './act.ts';
import { attachDelivery } from './delivery.ts';
import { see } from './look.ts';
import { unknownNames } from './names.ts';
import type { Fact, Step, Story, StoryCode, StoryProblem } from './story.ts';
import type { Trace } from './trace.ts';
import { differsFrom, onSiteOf } from './onSite.ts';
import type { OnSite } from './onSite.ts';
import { boot, newWorld, passUntil } from './world.ts';
import type { StepFunction, World } from './world.ts';
import type { LocalTime } from './words.ts';

export type Failure = { readonly line: number; readonly text: string; readonly atMs: number; readonly message: string };

export type Played =
  | { readonly ok: true; readonly failures: readonly Failure[]; readonly trace: Trace; readonly expectations: number }
  /** The story cannot be played on this site. */
  | { readonly ok: false; readonly problems: readonly StoryProblem[] };

export type Stage = {
  readonly site: Site;
  readonly step: StepFunction;
  readonly windows: (from: Wall, to: Wall) => readonly ScheduleWindow[];
  readonly offsetOf: ZoneOffset;
  readonly codes: readonly StoryCode[];
};

type Watch = { readonly line: number; readonly text: string; readonly fact: Fact; broken: boolean };

type Run = {
  readonly stage: Stage;
  readonly story: Story;
  readonly world: World;
  readonly failures: Failure[];
  readonly watches: Watch[];
  readonly onSite: OnSite[];
  /** Instant of the last expectation that nothing has followed, and where its events begin. */
  block: { readonly atMs: number; readonly from: number } | undefined;
  /** Something happened at this instant, and no time has passed since. */
  fresh: boolean;
  /** Events before this one were there when an earlier instant was looked at. */
  seenUpTo: number;
};

// ---- the wall clock

const MINUTES_PER_DAY = 1440;

const wallOf = ({ date, minute, second }: LocalTime, zone: string, offsetOf: ZoneOffset): Wall | undefined => {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  const instant = instantOf(civilDay(year, month, day) * MINUTES_PER_DAY + minute, zone, offsetOf);
  return instant === undefined ? undefined : after(instant, second * SECOND);
};

// ---- one step

/** An expectation without a time looks a moment after what happened: contacts need their debounce time to be believed. */
const MOMENT_MS = 50;

const fail = (run: Run, { line, text }: { line: number; text: string }, message: string): void =>
  void run.failures.push({ line, text, atMs: run.world.atMs, message });

const whenIs = (run: Run, { timing, sentence: { kind } }: Step): number | undefined => {
  const { world, story, stage } = run;
  switch (timing.kind) {
    case 'now':
      return kind === 'expect' && run.fresh ? world.atMs + MOMENT_MS : world.atMs;
    case 'at':
      return timing.ms;
    case 'after':
      return world.atMs + timing.ms;
    case 'local': {
      const instant = wallOf(timing.time, story.start.zone, stage.offsetOf);
      return instant === undefined ? undefined : instant - world.options.startWall;
    }
  }
};

const eventsFrom = (run: Run, from: number): readonly Event[] => run.world.trace.happenings.slice(from).map(({ event }) => event);

const openBlock = (run: Run): number => {
  if (run.block?.atMs === run.world.atMs) return run.block.from;
  run.block = { atMs: run.world.atMs, from: run.seenUpTo };
  return run.seenUpTo;
};

/** Something happens or time passes: what was looked at is behind us. */
const closeBlock = (run: Run): void => {
  if (!run.block) return;
  run.block = undefined;
  run.seenUpTo = run.world.trace.happenings.length;
};

const expectFact = (run: Run, step: Step, fact: Fact, not: boolean): void => {
  const { holds, instead } = see(run.world, fact, eventsFrom(run, openBlock(run)));
  if (holds === not) fail(run, step, instead);
};

const act = (run: Run, step: Step): void => {
  if (step.sentence.kind !== 'act') return;
  closeBlock(run);
  run.fresh = true;
  if (step.sentence.act.kind !== 'wait') run.world.trace.acts.push({ atMs: run.world.atMs, text: step.text });
  const trouble = perform(run.world, step.sentence.act, run.stage.codes);
  if (trouble !== undefined) fail(run, step, trouble);
};

const playStep = (run: Run, step: Step): void => {
  const instant = whenIs(run, step);
  if (instant === undefined || instant < run.world.atMs) {
    fail(run, step, instant === undefined ? 'no such time here' : 'this is earlier than the sentence before');
    return;
  }
  if (instant > run.world.atMs) {
    closeBlock(run);
    run.fresh = false;
  }
  passUntil(run.world, instant);
  const { sentence } = step;
  if (sentence.kind === 'act') act(run, step);
  else if (sentence.kind === 'expect') expectFact(run, step, sentence.fact, sentence.not);
  else run.watches.push({ line: step.line, text: step.text, fact: sentence.fact, broken: false });
};

// ---- what holds throughout

const checkWatches = (run: Run, events: readonly Event[]): void => {
  for (const watch of run.watches) {
    if (watch.broken) continue;
    const { holds, instead } = see(run.world, watch.fact, events);
    if (!holds) continue;
    watch.broken = true;
    fail(run, watch, instead);
  }
};

const newRun = (stage: Stage, story: Story, startWall: Wall): Run => {
  const failures: Failure[] = [];
  const watches: Watch[] = [];
  const onSite: OnSite[] = [];
  const onStep = (world: World, events: readonly Event[]): void => {
    checkWatches(run, events);
    onSite.push(onSiteOf(world, events));
  };
  const { site, step, windows } = stage;
  const world = newWorld({ site, step, windows, startWall, synchronised: story.start.synchronised, onStep });
  const run: Run = { stage, story, world, failures, watches, onSite, block: undefined, fresh: false, seenUpTo: 0 };
  return run;
};

const playOnce = (stage: Stage, story: Story, startWall: Wall): Run => {
  const run = newRun(stage, story, startWall);
  attachDelivery(run.world);
  boot(run.world, { cause: 'fresh', goneMs: undefined, stateLost: false, configChanged: false });
  run.seenUpTo = run.world.trace.happenings.length;
  for (const step of story.steps) playStep(run, step);
  return run;
};

// ---- the twin

const twinStep = (step: Step, twin: Story['twin']): Step => {
  const { sentence } = step;
  if (sentence.kind !== 'act' || sentence.act.kind !== 'type') return step;
  const text = twin.reduce((keys, { typed, instead }) => keys.replaceAll(typed, instead), sentence.act.text);
  return { ...step, sentence: { kind: 'act', act: { ...sentence.act, text } } };
};

const playTwin = (stage: Stage, story: Story, startWall: Wall, run: Run): void => {
  if (story.twin.length === 0) return;
  const acts = story.steps.filter(({ sentence }) => sentence.kind !== 'never');
  const twin = playOnce(stage, { ...story, steps: acts.map((step) => twinStep(step, story.twin)) }, startWall);
  const difference = differsFrom(run.onSite, twin.onSite);
  if (difference) run.failures.push({ line: 0, text: 'looks like', ...difference });
};

export const playStory = (stage: Stage, story: Story): Played => {
  const startWall = wallOf(story.start.time, story.start.zone, stage.offsetOf);
  const unknown = unknownNames(stage.site, story);
  const problems =
    startWall === undefined ? [...unknown, { line: 0, message: `there is no time zone ${story.start.zone}` }] : unknown;
  if (startWall === undefined || problems.length > 0) return { ok: false, problems };
  const run = playOnce(stage, story, startWall);
  playTwin(stage, story, startWall, run);
  const expectations = story.steps.filter(({ sentence }) => sentence.kind !== 'act').length;
  return { ok: true, failures: run.failures, trace: run.world.trace, expectations };
};
