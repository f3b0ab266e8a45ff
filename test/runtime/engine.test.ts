/** The queue in front of `step`: what is taken first when much waits. */
import { access } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Input } from '../../src/core/input.ts';
import { initialState } from '../../src/core/initial.ts';
import { monotonic } from '../../src/core/time.ts';
import type { Monotonic } from '../../src/core/time.ts';
import { makeEngine } from '../../src/runtime/engine.ts';
import { machineMs, until } from '../support/controllerProcess.ts';
import { practice } from '../support/site.ts';

const test = suite('engine');

const now = (): Monotonic => monotonic(machineMs());
const DEADLINE_MS = 5;
const BUSY_MS = 40;

const block = (ms: number): void => {
  const end = machineMs() + ms;
  while (machineMs() < end);
};

test('an edge that waited together with a deadline in a busy moment is heard before it', async () => {
  const site = practice();
  const startedAt = now();
  const taken: string[] = [];
  const engine = makeEngine({
    machine: {
      step: (_site, state, input) => {
        taken.push(input.kind);
        return { state, events: [] };
      },
      nextDeadline: () => (taken.includes('tick') ? undefined : monotonic(startedAt + DEADLINE_MS)),
    },
    site,
    state: initialState(site, startedAt),
    now,
    onStep: () => undefined,
    onBug: (_input, _at, error) => assert.unreachable(String(error)),
    onOverflow: () => assert.unreachable(),
  });
  engine.begin(() => undefined);
  const edge: Input = { kind: 'reading', line: 'GPIO17', reading: { kind: 'level', level: 0 } };
  // A driver that reads in one turn of the loop and hands over in the next.
  access('.', () => setImmediate(() => engine.submit(edge, startedAt)));
  block(BUSY_MS);
  await until('the deadline', () => taken.includes('tick'));
  engine.stop();
  assert.equal(taken, ['reading', 'tick']);
});

test.run();
