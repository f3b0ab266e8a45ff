/** Many drawn runs on a site until their steps add up; the first that breaks something is shortened and handed back. */
import { step } from '../../src/core/step.ts';
import { generatorOf } from './generate.ts';
import type { Temper } from './generate.ts';
import { watch } from './invariants.ts';
import { randomOf } from './random.ts';
import { restartChangesNothing } from './restarts.ts';
import { siteNamed } from './sites.ts';
import type { SiteName } from './sites.ts';
import { perform, play, startRun } from './trace.ts';
import type { Act, Run, Stepping, Trace } from './trace.ts';
import type { Invariant, Violation } from './violation.ts';

/** A failing trace as it is kept under `kept/`. */
export type Kept = {
  readonly site: SiteName;
  readonly found: string;
  readonly trace: Trace;
};

export type Broken = Kept & {
  readonly seed: number;
  readonly violation: Violation;
  /** All that the same step broke, before shortening. */
  readonly invariants: readonly Invariant[];
};

export type Campaign = {
  readonly site: SiteName;
  readonly seed: number;
  readonly steps: number;
  /** One step in so many is frozen, copied and compared as a whole. */
  readonly deepEvery: number;
  readonly temper?: Temper;
  /** A step with a planted fault; its traces are not shortened. */
  readonly stepping?: Stepping;
};

export type Result = { readonly steps: number; readonly runs: number; readonly broken: Broken | undefined };

const STEPS_OF_A_RUN = 2_000;

const watchedRun = (site: SiteName, deepEvery: number, stepping: Stepping = step): Run =>
  startRun(siteNamed(site), { watchers: [watch(deepEvery)], restartWatchers: [restartChangesNothing], stepping });

export const campaign = ({ site, seed, steps, deepEvery, temper, stepping }: Campaign): Result => {
  let done = 0;
  let runs = 0;
  while (done < steps) {
    const own = seed + runs++;
    const run = watchedRun(site, deepEvery, stepping);
    const generator = generatorOf(siteNamed(site), randomOf(own), temper);
    const trace: Act[] = [];
    while (run.steps < STEPS_OF_A_RUN && run.violations.length === 0) {
      const act = generator.next();
      trace.push(act);
      perform(run, act);
    }
    done += run.steps;
    const [violation] = run.violations;
    if (!violation) continue;
    const invariants = run.violations.map(({ invariant }) => invariant);
    const kept = stepping ? { site, found: nameOf(violation), violation, trace } : shortened(site, trace, violation);
    return { steps: done, runs, broken: { seed: own, invariants, ...kept } };
  }
  return { steps: done, runs, broken: undefined };
};

// ---- shortening

export const replay = (site: SiteName, trace: Trace): readonly Violation[] => {
  const run = watchedRun(site, 1);
  play(run, trace);
  return run.violations;
};

const nameOf = ({ invariant, rule }: Violation): string => `${invariant} ${rule}`;

const shortened = (site: SiteName, trace: Trace, violation: Violation): Omit<Broken, 'seed' | 'invariants'> => {
  const found = nameOf(violation);
  const fails = (shorter: Trace): boolean => replay(site, shorter).some((other) => nameOf(other) === found);
  const short = shorten(trace, fails);
  const again = replay(site, short).find((other) => nameOf(other) === found) ?? violation;
  return { site, found, violation: again, trace: short };
};

/** Takes away halves, quarters … single acts, for as long as the rest still fails. */
export const shorten = <T>(trace: readonly T[], fails: (shorter: readonly T[]) => boolean): readonly T[] => {
  let short = trace;
  if (!fails(short)) return short;
  for (let size = Math.ceil(short.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = short.length - size; from > -size; from -= size) {
      const without = short.toSpliced(Math.max(0, from), Math.min(size, size + from));
      if (without.length < short.length && fails(without)) short = without;
    }
  }
  return short;
};

/** As it is printed, to be put under `kept/`. */
export const keptText = ({ site, found, trace }: Kept): string =>
  `${JSON.stringify({ site, found })}\n${trace.map((act) => JSON.stringify(act)).join('\n')}\n`;

export const keptFrom = (text: string): Kept => {
  const [head = '{}', ...acts] = text.trim().split('\n');
  return { ...(JSON.parse(head) as Pick<Kept, 'site' | 'found'>), trace: acts.map((line) => JSON.parse(line) as Act) };
};
