/** A smaller number of traces drawn act by act, without stories, which fast-check shortens by itself when one breaks. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Site } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import { keptText, replay } from './campaign.ts';
import { siteNamed } from './sites.ts';
import type { SiteName } from './sites.ts';
import type { Act } from './trace.ts';

const test = suite('traces drawn act by act');

const RUNS = 120;
const ACTS = 80;

const time: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    do: fc.constant('pass' as const),
    ms: fc.constantFrom(1, 20, SECOND, 31 * SECOND, MINUTE, 3 * MINUTE, HOUR, 8 * HOUR),
  }),
  fc.record({ do: fc.constant('deadline' as const), offsetMs: fc.constantFrom(-1 as const, 0 as const, 1 as const) }),
);

const reads = ({ config }: Site): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant('read' as const),
    line: fc.constantFrom(...config.zones.map(({ line }) => line)),
    reading: fc.oneof(
      fc.record({ kind: fc.constant('level' as const), level: fc.constantFrom(0 as const, 1 as const) }),
      fc.record({ kind: fc.constant('ratio' as const), ratio: fc.constantFrom(0.05, 0.3, 0.375, 0.5, 0.7, 0.95) }),
      fc.record({ kind: fc.constant('lost' as const) }),
    ),
  });

const requests = ({ config }: Site): Extract<Act, { do: 'code' }>['request'][] => [
  { verb: 'code' },
  { verb: 'disarm', areas: [] },
  ...config.areas.map(({ id }) => ({ verb: 'arm' as const, mode: 'full' as const, areas: [id], override: true, inhibit: [] })),
  { verb: 'arm', mode: 'night', areas: [], override: true, inhibit: [1] },
  { verb: 'acknowledge' },
  { verb: 'silence' },
  { verb: 'walk-test' },
];

const codes = (site: Site): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant('code' as const),
    user: fc.constantFrom(undefined, ...site.config.users.map(({ id }) => id)),
    meaning: fc.constantFrom('normal' as const, 'normal' as const, 'duress' as const, 'not-normal' as const),
    way: fc.constantFrom(...site.config.keypads.map(({ id }) => ({ kind: 'keypad' as const, keypad: id }))),
    by: fc.constant('code' as const),
    request: fc.constantFrom(...requests(site)),
    delayMs: fc.constantFrom(0, 500),
  });

const restart: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('restart' as const),
  cause: fc.constantFrom('process' as const, 'machine' as const),
  goneMs: fc.constantFrom(0, HOUR),
  stateLost: fc.constant(false),
});

const acts = (site: Site): fc.Arbitrary<Act> =>
  fc.oneof(
    { weight: 4, arbitrary: time },
    { weight: 5, arbitrary: reads(site) },
    { weight: 4, arbitrary: codes(site) },
    { weight: 1, arbitrary: restart },
  );

const tryOut = (name: SiteName, seed: number): void => {
  const traces = fc.array(acts(siteNamed(name)), { maxLength: ACTS, size: 'max' });
  const details = fc.check(
    fc.property(traces, (trace) => replay(name, trace).length === 0),
    { seed, numRuns: RUNS, endOnFailure: false },
  );
  const [trace] = details.counterexample ?? [[]];
  const [violation] = details.failed ? replay(name, trace) : [];
  assert.is(
    violation && `${violation.text}\n${keptText({ site: name, found: `${violation.invariant} ${violation.rule}`, trace })}`,
    undefined,
  );
  assert.is(details.numRuns, RUNS);
};

test('at a practice', () => tryOut('practice', 71));
test('at a practice that is set at once', () => tryOut('practice-immediate', 72));
test('at a pharmacy', () => tryOut('pharmacy', 73));

test.run();
