/** Each invariant sees the fault it is there for: a core with one planted fault is found out by drawn traces. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { wall } from '../../src/core/time.ts';
import { campaign } from './campaign.ts';
import { areasSpoiled, disarmed, keypadsSpoiled, spoiled, withDurable, without, withoutTimer, zonesSpoiled } from './planting.ts';
import { siteNamed } from './sites.ts';
import type { Stepping } from './trace.ts';
import { drawTwins, tellApart } from './twins.ts';
import type { Invariant } from './violation.ts';

const test = suite('planted faults');

// ---- the faults

type Fault = { readonly fault: string; readonly breaks: readonly Invariant[]; readonly stepping: Stepping };

const isLocking = ({ durable }: State): boolean =>
  durable.people.shared.lockedUntil !== undefined || durable.people.keypads.some(({ lockedUntil }) => lockedUntil !== undefined);

const FAULTS: readonly Fault[] = [
  {
    fault: 'an input that throws',
    breaks: [0],
    stepping: spoiled((done, input) => {
      if (input.kind === 'clock' && !input.synchronised) throw new Error('planted');
      return done;
    }),
  },
  {
    fault: 'deadlines out of order',
    breaks: [0],
    stepping: spoiled((done) => withDurable(done, { timers: done.state.durable.timers.toReversed() })),
  },
  {
    fault: 'a number that JSON does not know',
    breaks: [0],
    stepping: spoiled((done) => withDurable(done, { clock: { ...done.state.durable.clock, trusted: wall(NaN) } })),
  },
  {
    fault: 'fire that is forgotten',
    breaks: [1],
    stepping: spoiled((done) => withDurable(done, { site: { ...done.state.durable.site, fireActive: [] } })),
  },
  { fault: 'an intrusion that is not told', breaks: [2], stepping: spoiled(without('intrusion', 'alarm-held')) },
  { fault: 'a duress code that is not told', breaks: [2], stepping: spoiled(without('duress')) },
  { fault: 'a silent button that is not told', breaks: [2], stepping: spoiled(without('holdup-silent')) },
  { fault: 'a confirmation that is not told', breaks: [2], stepping: spoiled(without('intrusion-confirmed')) },
  { fault: 'held alarms that are lost', breaks: [2], stepping: spoiled((done) => areasSpoiled(done, () => ({ held: [] }))) },
  {
    fault: 'a hold without end',
    breaks: [2, 4],
    stepping: spoiled(withoutTimer('abort')),
  },
  {
    fault: 'a siren that disarms when it stops',
    breaks: [3],
    stepping: spoiled((done, _input, before) =>
      areasSpoiled(done, (area) => {
        const index = done.state.durable.areas.indexOf(area);
        return before.durable.areas[index]?.siren && !area.siren ? disarmed(area) : {};
      }),
    ),
  },
  {
    fault: 'a disarm by a clock step',
    breaks: [3],
    stepping: spoiled((done, input) => (input.kind === 'clock' ? areasSpoiled(done, disarmed) : done)),
  },
  {
    fault: 'memory that goes by itself',
    breaks: [3],
    stepping: spoiled((done, input) => (input.kind === 'calendar' ? areasSpoiled(done, () => ({ memory: [] })) : done)),
  },
  {
    fault: 'inhibitions lost by a restart',
    breaks: [3, 4],
    stepping: spoiled((done, input) => (input.kind === 'start' ? zonesSpoiled(done, () => ({ inhibited: false })) : done)),
  },
  {
    fault: 'delays that begin anew after a restart',
    breaks: [4],
    stepping: (site, state, input, now) => {
      const done = step(site, state, input, now);
      if (input.kind !== 'start') return done;
      return withDurable(done, {
        timers: done.state.durable.timers.map((timer) =>
          timer.kind === 'siren' ? { ...timer, at: wall(timer.at + 1) as never } : timer,
        ),
      });
    },
  },
  {
    fault: 'a lockout that locks nobody',
    breaks: [6],
    stepping: (site, state, input, now) => {
      const { people } = state.durable;
      const free = { failures: [], lockedUntil: undefined, locked: false };
      const opened = { ...people, shared: free, keypads: people.keypads.map(() => free) };
      return step(site, isLocking(state) ? { ...state, durable: { ...state.durable, people: opened } } : state, input, now);
    },
  },
  {
    fault: 'a remote request taken like one at the page',
    breaks: [3, 7],
    stepping: (site, state, input, now) =>
      step(
        site,
        state,
        input.kind === 'verdict' && input.way.kind === 'remote' ? { ...input, way: { kind: 'page' } } : input,
        now,
      ),
  },
  {
    fault: 'a siren that nobody stops',
    breaks: [4, 8],
    stepping: spoiled(withoutTimer('siren')),
  },
  {
    fault: 'an output the state does not know of',
    breaks: [8],
    stepping: spoiled((done) =>
      withDurable(done, { outputs: done.state.durable.outputs.map((output) => ({ ...output, on: true })) }),
    ),
  },
  { fault: 'a fault whose end is not told', breaks: [9], stepping: spoiled(without('zone-fault-restored')) },
  { fault: 'a refusal without a word', breaks: [10], stepping: spoiled((done) => keypadsSpoiled(done, { notice: undefined })) },
];

const STEPS = 60_000;

for (const { fault, breaks, stepping } of FAULTS) {
  test(fault, () => {
    const { broken } = campaign({ site: 'practice', seed: 1, steps: STEPS, deepEvery: 20, stepping });
    assert.ok(broken, 'not found out');
    assert.ok(
      breaks.some((invariant) => broken.invariants.includes(invariant)),
      `found as ${broken.violation.invariant} ${broken.violation.rule}`,
    );
  });
}

test('a duress code that is answered otherwise', () => {
  const stepping = spoiled((done) =>
    done.events.some(({ kind }) => kind === 'duress') ? keypadsSpoiled(done, { notice: undefined }) : done,
  );
  const told = [1, 2, 3, 4].map((seed) => tellApart(siteNamed('practice'), drawTwins('practice', seed, 200), stepping));
  assert.ok(told.some((difference) => difference !== undefined));
});

test.run();
