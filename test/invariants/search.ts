/**
 * Breadth-first exploration of a small site: from the first state every act that can happen, from every state that is new
 * all acts again, until nothing new is found. Each transition is checked against the invariants.
 *
 * *Space*: a site, what can happen on it, and the *abstract state*: what the core's decisions depend on, without absolute
 * time. Deadlines count in the order in which they will pass, equal ones together; those that do not depend on each other are
 * ordered apart. States with the same abstraction are taken for one; the first found stands for them. So the exploration is
 * complete for the acts it knows, done at the instants at which something happens, and for the delays as they are configured.
 */
import type { Event } from '../../src/core/event.ts';
import type { Site } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import { SECOND } from '../../src/core/time.ts';
import { watchSteps } from './invariants.ts';
import { of } from './model.ts';
import { restartChangesNothing } from './restarts.ts';
import { passUntil, perform, startRun } from './trace.ts';
import type { Act, Run, Stepping, Trace, Watcher } from './trace.ts';
import { differenceOf } from './twins.ts';
import type { Twin } from './twins.ts';
import type { Violation } from './violation.ts';

/** What ends by itself, and when. */
export type End = readonly [string, number];

/** Acts that are done at one instant. */
export type Deed = readonly [Act, ...Act[]];

export type Space = {
  readonly site: Site;
  readonly deeds: (run: Run) => readonly Deed[];
  readonly ends: (site: Site, state: State) => readonly End[];
  /** Names of deadlines that nothing else depends on but what they end: their order among the others makes no difference. */
  readonly apart: (name: string) => number;
  readonly key: (site: Site, state: State) => unknown;
  /** The same code, ordinary and under duress. */
  readonly codes: readonly [Act, Act];
  /** For the count of states. */
  readonly label: (state: State) => string;
};

// ---- time

/** Shown for a while and nothing else: their ends are passed on the way to what matters. */
const DISPLAY: ReadonlySet<string> = new Set(['notice', 'chime', 'pending-choice', 'test-report', 'output-limit']);

export const timerEnds = ({ durable, volatile }: State): readonly End[] =>
  [...durable.timers, ...volatile.timers]
    .filter(({ kind }) => !DISPLAY.has(kind))
    .map(({ kind, subject, at }) => [`${kind} ${subject}`, at]);

const timePassing = ({ site, ends }: Space, { state, now }: Run): readonly Deed[] => {
  const later = ends(site, state).flatMap(([, at]) => (at > now ? [at] : []));
  return later.length === 0 ? [] : [[{ do: 'pass', ms: Math.min(...later) - now }]];
};

const orderIn = (all: readonly End[]): string => {
  const sorted = all.toSorted(([a, left], [b, right]) => left - right || (a < b ? -1 : 1));
  return sorted.map(([name, at], index) => `${index > 0 && sorted[index - 1]?.[1] === at ? '=' : '<'}${name}`).join('');
};

const orderOf = ({ site, ends, apart }: Space, state: State): readonly string[] => {
  const groups = new Map<number, End[]>();
  for (const end of ends(site, state)) groups.set(apart(end[0]), [...(groups.get(apart(end[0])) ?? []), end]);
  return [...groups].toSorted(([a], [b]) => a - b).map(([group, all]) => `${group}${orderIn(all)}`);
};

const keyOf = (space: Space, state: State): string => JSON.stringify([space.key(space.site, state), orderOf(space, state)]);

// ---- the search

type Found = {
  readonly state: State;
  readonly lines: Run['lines'];
  readonly now: number;
  readonly from: number;
  readonly deed: readonly Act[];
};

export type Explored = {
  readonly states: number;
  readonly transitions: number;
  readonly steps: number;
  /** Nothing new was left to find. */
  readonly complete: boolean;
  readonly violation: { readonly violation: Violation; readonly trace: Trace } | undefined;
  /** States of each label. */
  readonly labels: ReadonlyMap<string, number>;
};

const watching = (run: Run): Run => ({
  ...run,
  watchers: [watchSteps()],
  restartWatchers: [restartChangesNothing],
});

const resumed = (model: Run, { state, lines, now }: Found): Run => ({
  ...model,
  state,
  now,
  lines: new Map(lines),
  violations: [],
});

/** 5: from every state, the two codes of a person look the same on site. */
const covertDifference = (model: Run, here: Found, codes: Space['codes']): Violation | undefined => {
  const [plain, duress] = codes.map((act): Twin => {
    const events: Event[] = [];
    const note: Watcher = (stepped) => {
      events.push(...stepped.events);
      return [];
    };
    const run = { ...resumed(model, here), watchers: [note] };
    perform(run, act);
    return { run, events };
  });
  const difference = plain && duress && differenceOf(plain, duress);
  return difference === undefined ? undefined : { invariant: 5, rule: 'duress-seen', text: difference };
};

const traceTo = (found: readonly Found[], index: number, last: readonly Act[]): Trace => {
  const acts: Act[] = [...last];
  for (let at = index; at > 0; at = of(found[at]).from) acts.unshift(...of(found[at]).deed);
  return acts;
};

const SETTLE_MS = 60 * SECOND;

const count = (labels: Map<string, number>, label: string): void => void labels.set(label, (labels.get(label) ?? 0) + 1);

const doAll = (run: Run, deed: Deed): void => {
  for (const act of deed) perform(run, act);
};

/** `most`: states after which the search gives up, so that a mistake in the abstraction ends. */
export const explore = (space: Space, most: number, stepping?: Stepping): Explored => {
  const model = watching(startRun(space.site, stepping && { stepping }));
  passUntil(model, model.now + SETTLE_MS);
  const found: Found[] = [{ state: model.state, lines: new Map(model.lines), now: model.now, from: 0, deed: [] }];
  const known = new Set([keyOf(space, model.state)]);
  const labels = new Map<string, number>();
  let transitions = 0;
  let steps = 0;
  const summary = (complete: boolean, violation?: Explored['violation']): Explored => {
    for (const { state } of found) count(labels, space.label(state));
    return { states: found.length, transitions, steps, complete, violation, labels };
  };
  for (let index = 0; index < found.length; index++) {
    if (found.length > most) return summary(false);
    const here = of(found[index]);
    const covert = covertDifference(model, here, space.codes);
    if (covert) return summary(false, { violation: covert, trace: traceTo(found, index, [space.codes[1]]) });
    const from = resumed(model, here);
    for (const deed of [...timePassing(space, from), ...space.deeds(from)]) {
      const run = resumed(model, here);
      run.steps = 0;
      doAll(run, deed);
      transitions++;
      steps += run.steps;
      const [violation] = run.violations;
      if (violation) return summary(false, { violation, trace: traceTo(found, index, deed) });
      const key = keyOf(space, run.state);
      if (known.has(key)) continue;
      known.add(key);
      found.push({ state: run.state, lines: run.lines, now: run.now, from: index, deed });
    }
  }
  return summary(true);
};
