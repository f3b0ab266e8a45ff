import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Input } from '../../src/core/input.ts';
import { monotonic } from '../../src/core/time.ts';
import type { DigestResult, Secrets } from '../../src/ports/secrets.ts';
import { makeKeypadDesk } from '../../src/runtime/keypadDesk.ts';

const test = suite('keypad desk');

type Asked = { readonly text: string; readonly answer: (result: DigestResult) => void };

const bench = () => {
  const asked: Asked[] = [];
  const inputs: Input[] = [];
  const problems: string[] = [];
  const logged: string[] = [];
  const secrets: Secrets = {
    digest: (_kind, text) => new Promise((answer) => asked.push({ text, answer })),
    draw: () => Promise.resolve({ ok: false, reason: 'stopped' }),
    close: () => Promise.resolve(),
  };
  const desk = makeKeypadDesk({
    secrets,
    lookup: (digest) => (digest === 'v1-claire' ? { user: 'claire', meaning: 'normal' } : undefined),
    submit: (input) => inputs.push(input),
    now: () => monotonic(2_000),
    onProblem: (_keypad, problem) => problems.push(problem),
    log: (...said) => logged.push(JSON.stringify(said)),
  });
  return { desk, asked, inputs, problems, logged };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the core hears that a code was given, then whose it was, and never the code', async () => {
  const { desk, asked, inputs, logged } = bench();
  desk.onKeys('entree', '1*2580#', monotonic(1_000));
  await turn();
  assert.equal(
    inputs.map(({ kind }) => kind),
    ['attempt'],
  );
  asked[0]?.answer({ ok: true, digest: 'v1-claire' });
  await turn();
  const verdict = inputs[1];
  assert.ok(verdict?.kind === 'verdict' && verdict.credential?.user === 'claire' && verdict.keyedAt === 1_000);
  assert.not.match(JSON.stringify([inputs, logged]), '2580');
});

test('codes are judged one at a time, and a flood of them is told to wait', async () => {
  const { desk, asked, inputs, problems } = bench();
  for (let time = 0; time < 12; time += 1) desk.onKeys('dehors', '0000#', monotonic(1_000));
  await turn();
  assert.is(asked.length, 1);
  assert.is(inputs.length, 8);
  assert.equal(problems, ['busy', 'busy', 'busy', 'busy']);
  asked[0]?.answer({ ok: true, digest: 'v1-nobody' });
  await turn();
  assert.is(asked.length, 2);
  desk.onKeys('dehors', '0000#', monotonic(1_500));
  assert.is(problems.length, 4, 'there is room again');
});

test('a worker that fails loses the try, not the keypad', async () => {
  const { desk, asked, inputs, problems } = bench();
  desk.onKeys('entree', '2580#', monotonic(1_000));
  await turn();
  asked[0]?.answer({ ok: false, reason: 'worker-failed' });
  await turn();
  assert.equal(problems, ['busy']);
  desk.onKeys('entree', '2580#', monotonic(1_200));
  await turn();
  asked[1]?.answer({ ok: true, digest: 'v1-claire' });
  await turn();
  assert.is(inputs.filter(({ kind }) => kind === 'verdict').length, 1);
});

test('nonsense is named and reaches nobody', () => {
  const { desk, inputs, problems } = bench();
  desk.onKeys('entree', '99*12#', monotonic(1_000));
  assert.is(inputs.length, 0);
  assert.is(problems.length, 1);
});

test.run();
