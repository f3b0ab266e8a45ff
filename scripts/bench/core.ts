/** The core alone: steps per second, a year of a large site, and what an event costs as the site grows. */
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import { initialState } from '../../src/core/initial.ts';
import { changedParts } from '../../src/core/parts.ts';
import type { State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Input, Reading } from '../../src/core/input.ts';
import { DAY, HOUR, monotonic, wall } from '../../src/core/time.ts';
import { nextDeadline } from '../../src/core/timers.ts';
import { loadSite } from '../../src/config/load.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { checkStep } from '../../test/invariants/invariants.ts';
import type { Report } from './figures.ts';
import { siteYaml } from './site.ts';

const DIGEST = `v1-${'0'.repeat(32)}`;

const siteOfSize = (zones: number, debounceMs: number): Site => {
  const loaded = loadSite(siteYaml(zones, DIGEST, debounceMs), siteTools);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return siteOf(loaded.site.core);
};

const level = (value: 0 | 1): Reading => ({ kind: 'level', level: value });

const started = (site: Site): State => {
  const readings = Object.fromEntries(site.config.zones.map(({ line }) => [line, level(0)]));
  const start: Input = {
    kind: 'start',
    start: { cause: 'fresh', goneMs: undefined, stateLost: false, configChanged: false, readings },
  };
  const clock: Input = { kind: 'clock', wall: wall(Date.UTC(2026, 0, 5)), synchronised: true };
  const set = step(site, initialState(site, monotonic(0)), clock, monotonic(0)).state;
  return step(site, set, start, monotonic(1)).state;
};

type Walk = { readonly steps: number; readonly ms: number };

/** Contacts open and close in turn; `each` is what is done with every step. */
const walk = (
  site: Site,
  steps: number,
  each: (before: State, input: Input, after: State, events: ReturnType<typeof step>['events']) => void,
): Walk => {
  let state = started(site);
  const { zones } = site.config;
  const from = performance.now();
  for (let index = 0; index < steps; index += 1) {
    const line = zones[(index >> 1) % zones.length]?.line ?? '';
    const input: Input = { kind: 'reading', line, reading: level(index % 2 === 0 ? 1 : 0) };
    const result = step(site, state, input, monotonic(2 + index * 50));
    each(state, input, result.state, result.events);
    state = result.state;
  }
  return { steps, ms: performance.now() - from };
};

const perSecond = ({ steps, ms }: Walk): number => Math.round((steps / ms) * 1_000);
const microseconds = ({ steps, ms }: Walk): number => (ms / steps) * 1_000;

export const benchSteps = (steps: number, report: Report): void => {
  const site = siteOfSize(32, 0);
  walk(site, steps / 10, () => undefined);
  const bare = perSecond(walk(site, steps, () => undefined));
  const checked = perSecond(
    walk(site, steps / 10, (before, input, after, events) => {
      const violations = checkStep(site, before, input, after.at, after, events);
      if (violations.length > 0) throw new Error(JSON.stringify(violations));
    }),
  );
  report({
    name: 'core steps per second',
    value: { bare, checked },
    text: `${bare} bare, ${checked} with every invariant checked`,
  });
};

/** The same events on sites of three sizes; each size is measured in turn, several times, and the quickest run counts. */
export const benchGrowth = (steps: number, report: Report): void => {
  const sizes = [4, 64, 256];
  const least = new Map<number, { step: number; stored: number }>();
  for (let round = 0; round < 6; round += 1) {
    for (const size of sizes) {
      const site = siteOfSize(size, 0);
      const bare = microseconds(walk(site, steps, () => undefined));
      let bytes = 0;
      const stored = microseconds(
        walk(site, steps, (before, input, after, events) => {
          bytes += JSON.stringify(input).length + JSON.stringify(events).length;
          for (const part of changedParts(site, before, after)) bytes += part.json.length;
        }),
      );
      const known = least.get(size);
      if (bytes > 0)
        least.set(size, { step: Math.min(known?.step ?? bare, bare), stored: Math.min(known?.stored ?? stored, stored) });
    }
  }
  const of = (which: 'step' | 'stored'): readonly number[] => sizes.map((size) => least.get(size)?.[which] ?? Number.NaN);
  tellGrowth('cost of an event in the core, 4 / 64 / 256 zones', of('step'), report);
  tellGrowth('… with what is written of it, 4 / 64 / 256 zones', of('stored'), report);
};

const list = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(' / ');

const tellGrowth = (name: string, costs: readonly number[], report: Report): void => {
  const [first = Number.NaN] = costs;
  report({
    name,
    value: costs,
    text: `${list(costs)} µs   ${list(costs.map((cost) => cost / first))} ×`,
  });
};

const YEAR_INPUTS = 1_000_000;

/** A year of 32 zones: people by day, silence by night, every deadline fired at its time. */
export const benchYear = (report: Report): void => {
  const site = siteOfSize(32, 20);
  let state = started(site);
  let inputs = 0;
  let steps = 0;
  const from = performance.now();
  const perDay = Math.ceil(YEAR_INPUTS / 365);
  for (let day = 0; day < 365; day += 1) {
    for (let index = 0; index < perDay; index += 1) {
      const at = day * DAY + 8 * HOUR + Math.floor((index / perDay) * 11 * HOUR);
      for (let due = nextDeadline(state); due !== undefined && due <= at; due = nextDeadline(state)) {
        state = step(site, state, { kind: 'tick' }, due).state;
        steps += 1;
      }
      const line = site.config.zones[(index >> 1) % 32]?.line ?? '';
      state = step(site, state, { kind: 'reading', line, reading: level(index % 2 === 0 ? 1 : 0) }, monotonic(at)).state;
      inputs += 1;
      steps += 1;
    }
  }
  const seconds = (performance.now() - from) / 1_000;
  report({
    name: 'a year of 32 zones',
    value: { seconds, inputs, steps },
    text: `${seconds.toFixed(1)} s for ${inputs} inputs, ${steps} steps`,
  });
};
