/** Which outputs rest and which are held, by how the controller ended and when it was well last. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endedOf, HELD_MS, restPlan } from '../../src/cli/rest/plan.ts';
import type { Ended, RestOutput } from '../../src/cli/rest/plan.ts';
import { ageOf } from '../../src/cli/rest/runtimeFolder.ts';
import type { SignOfLife } from '../../src/cli/rest/runtimeFolder.ts';

const test = suite('cli: rest plan');

const output = (id: string, onCrash: 'hold' | 'rest'): RestOutput => ({ id, line: `line-${id}`, restLevel: 0, onCrash });
const OUTPUTS = [output('siren', 'rest'), output('maglock', 'hold'), output('strike', 'rest')];

type Row = readonly [ended: Ended, ageMs: number | undefined, heldMs: number, held: readonly string[]];
const TABLE: readonly Row[] = [
  ['died', 0, HELD_MS, ['maglock']],
  ['died', 900, HELD_MS, ['maglock']],
  ['died', 9_999, HELD_MS, ['maglock']],
  ['died', 10_000, HELD_MS, []],
  ['died', 3_600_000, HELD_MS, []],
  ['died', undefined, HELD_MS, []],
  ['died', 900, 500, []],
  ['died', 0, 0, []],
  ['stopped', 0, HELD_MS, []],
  ['stopped', 900, HELD_MS, []],
  ['stopped', undefined, HELD_MS, []],
];
for (const [ended, signOfLifeAgeMs, heldMs, held] of TABLE) {
  test(`${ended}, well ${signOfLifeAgeMs} ms ago, held ${heldMs}: holds ${held.join() || 'nothing'}`, () => {
    const plan = restPlan(OUTPUTS, { ended, signOfLifeAgeMs, heldMs });
    assert.equal(
      plan.hold.map(({ id }) => id),
      held,
    );
    assert.equal(
      plan.rest.map(({ id }) => id),
      OUTPUTS.map(({ id }) => id).filter((id) => !held.includes(id)),
    );
  });
}

test('an output that rests is never held, whatever the circumstances', () => {
  for (const [ended, signOfLifeAgeMs, heldMs] of TABLE) {
    assert.ok(restPlan(OUTPUTS, { ended, signOfLifeAgeMs, heldMs }).hold.every(({ onCrash }) => onCrash === 'hold'));
  }
});

// ---- what systemd says

const RESULTS: readonly (readonly [string | undefined, Ended])[] = [
  ['success', 'stopped'],
  ['watchdog', 'died'],
  ['signal', 'died'],
  ['core-dump', 'died'],
  ['exit-code', 'died'],
  ['timeout', 'died'],
  ['protocol', 'died'],
  ['resources', 'died'],
  ['oom-kill', 'died'],
  ['a word of a later systemd', 'died'],
  [undefined, 'died'],
];
for (const [result, ended] of RESULTS) test(`$SERVICE_RESULT ${result}: ${ended}`, () => assert.is(endedOf(result), ended));

// ---- how old a sign of life is

const SIGN: SignOfLife = { bootId: 'boot', atMs: 5_000, pid: 1, isStopping: false };
const clock = (machineMs: number, bootId = 'boot') => ({ machineMs: () => machineMs, bootId });

test('a sign of life counts from when it was given', () => assert.is(ageOf(SIGN, clock(7_500)), 2_500));
test('one of another run of the machine is none', () => assert.is(ageOf(SIGN, clock(7_500, 'other')), undefined));
test('one from the future is none', () => assert.is(ageOf(SIGN, clock(4_000)), undefined));
test('one of a controller that was told to end is none: nobody comes back for it', () => {
  assert.is(ageOf({ ...SIGN, isStopping: true }, clock(5_100)), undefined);
});
test('no sign is none', () => assert.is(ageOf(undefined, clock(0)), undefined));

test.run();
