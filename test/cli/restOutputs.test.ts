/** `vigie rest-outputs` over lines that outlive the controller: what moves, what does not, and what it says. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { processIo } from '../../src/cli/processIo.ts';
import { restOutputs } from '../../src/cli/restOutputs.ts';
import type { RestReport } from '../../src/cli/rest/rest.ts';
import { writeSign, writeTaken } from '../../src/cli/rest/runtimeFolder.ts';
import type { Taken } from '../../src/cli/rest/runtimeFolder.ts';
import { temporaryFolder } from '../support/controllerProcess.ts';
import { createFakeBoard } from '../support/fakeLines.ts';
import type { FakeBoard } from '../support/fakeLines.ts';

const test = suite('cli: rest-outputs');
const folder = temporaryFolder();
test.after(() => folder.remove());

const CABINET = fileURLToPath(new URL('../../../config/cabinet.yaml', import.meta.url));
const NOW = 1_000_000;
const PID = 4711;

const TAKEN: Taken = {
  board: { driver: 'sim' },
  outputs: [
    { id: 'siren', line: 'GPIO5', restLevel: 1, onCrash: 'rest' },
    { id: 'maglock', line: 'GPIO6', restLevel: 0, onCrash: 'hold' },
    { id: 'strike', line: 'GPIO7', restLevel: 0, onCrash: 'rest' },
  ],
};
/** Everything on: the siren is active low. */
const onBoard = (): FakeBoard => createFakeBoard({ GPIO5: 0, GPIO6: 1, GPIO7: 1 });

type Life = { readonly ageMs: number; readonly isStopping?: boolean } | undefined;
type Given = {
  readonly board?: FakeBoard;
  readonly life?: Life;
  readonly taken?: Taken | undefined;
  readonly result?: string;
  readonly alive?: boolean;
  readonly args?: readonly string[];
  readonly config?: string;
  readonly data?: string;
};

let runs = 0;

const play = async (given: Given) => {
  const { board = onBoard(), life, result, alive = false, args = [], config = '/nowhere.yaml', data = '/nowhere' } = given;
  const runtime = join(folder.path, `run-${(runs += 1)}`);
  if (life) writeSign(runtime, { bootId: 'b', atMs: NOW - life.ageMs, pid: PID, isStopping: life.isStopping ?? false });
  const taken = 'taken' in given ? given.taken : TAKEN;
  if (taken) writeTaken(runtime, taken);
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    ...processIo(),
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env: { RUNTIME_DIRECTORY: runtime, ...(result !== undefined && { SERVICE_RESULT: result }) },
  };
  const code = await restOutputs(['--config', config, '--data', data, ...args], io, {
    clock: { machineMs: () => NOW, bootId: 'b' },
    isAlive: (pid) => alive && pid === PID,
    open: () => Promise.resolve(board.lines()),
  });
  assert.is(board.isHeld(), false, 'no line is kept');
  const report = out.length === 0 ? undefined : (JSON.parse(out.join('')) as RestReport);
  return { code, report, said: err.join(''), levels: Object.fromEntries(board.levels), openings: board.openings };
};

// ---- what moves

test('killed a moment ago: siren and strike rest at once, the maglock keeps its level and is not even opened', async () => {
  const { code, report, levels, openings } = await play({ life: { ageMs: 900 }, result: 'signal' });
  assert.equal(levels, { GPIO5: 1, GPIO6: 1, GPIO7: 0 });
  assert.equal(report, { rested: ['siren', 'strike'], held: ['maglock'], busy: [], failed: [] });
  assert.equal(openings, [['GPIO5', 'GPIO7']]);
  assert.is(code, 0);
});

const RELEASES: readonly (readonly [string, Given])[] = [
  ['killed, and nobody came back for ten seconds', { life: { ageMs: 10_000 }, result: 'signal' }],
  ['a start that failed, long after', { life: { ageMs: 60_000 }, result: 'exit-code' }],
  ['stopped as asked', { life: { ageMs: 300 }, result: 'success' }],
  ['told to stop, and killed because it took too long', { life: { ageMs: 300, isStopping: true }, result: 'timeout' }],
  ['no sign of life at all', { result: 'exit-code' }],
  ['asked to hold nothing', { life: { ageMs: 300 }, result: 'signal', args: ['--held', '0s'] }],
  ['asked to hold half a second', { life: { ageMs: 600 }, result: 'signal', args: ['--held', '500ms'] }],
];
for (const [what, given] of RELEASES) {
  test(`${what}: everything rests`, async () => {
    const { levels, report } = await play(given);
    assert.equal(levels, { GPIO5: 1, GPIO6: 0, GPIO7: 0 });
    assert.equal(report?.held, []);
  });
}

// ---- lines that do not do as they are told

test('one bad line, and one that breaks: the others rest all the same; both are named, exit 1', async () => {
  const board = onBoard();
  board.troubles.set('GPIO5', 'no-such-line');
  board.torn.add('GPIO7');
  const { code, report, levels, said } = await play({ board });
  assert.is(code, 1);
  assert.equal(levels, { GPIO5: 0, GPIO6: 0, GPIO7: 1 });
  assert.equal(report?.rested, ['maglock']);
  assert.equal(
    report?.failed.map(({ line, trouble }) => [line, trouble]),
    [
      ['GPIO5', 'no-such-line'],
      ['GPIO7', 'device-gone'],
    ],
  );
  for (const line of ['GPIO5', 'GPIO7']) assert.match(said, line);
});

test('a line that somebody holds is left: the controller is back; nothing has failed', async () => {
  const board = onBoard();
  board.troubles.set('GPIO6', 'busy');
  const { code, report, levels } = await play({ board });
  assert.is(code, 0);
  assert.equal(levels, { GPIO5: 1, GPIO6: 1, GPIO7: 0 });
  assert.equal(report, { rested: ['siren', 'strike'], held: [], busy: ['maglock'], failed: [] });
});

test('every line bad: all are named, and it ends', async () => {
  const board = onBoard();
  for (const { line } of TAKEN.outputs) board.troubles.set(line, 'no-permission');
  const { code, report } = await play({ board });
  assert.is(code, 1);
  assert.is(report?.failed.length, 3);
});

// ---- a controller that lives

test('a controller that runs keeps its outputs, whoever asks', async () => {
  const { code, report, levels, openings, said } = await play({ life: { ageMs: 700 }, alive: true });
  assert.is(code, 0);
  assert.is(report, undefined);
  assert.equal(levels, { GPIO5: 0, GPIO6: 1, GPIO7: 1 });
  assert.equal(openings, []);
  assert.match(said, `process ${PID}`);
});

test('one that is there and has hung for long does not', async () => {
  const { levels } = await play({ life: { ageMs: 11_000 }, alive: true });
  assert.equal(levels, { GPIO5: 1, GPIO6: 0, GPIO7: 0 });
});

// ---- where the outputs come from

const accepted = (): string => {
  const data = join(folder.path, `data-${(runs += 1)}`);
  mkdirSync(data);
  copyFileSync(CABINET, join(data, 'accepted.yaml'));
  return data;
};
const faulty = join(folder.path, 'faulty.yaml');
writeFileSync(faulty, 'version: 1\nsite: [');

test('no controller has said what it took: the site’s file does', async () => {
  const { code, report } = await play({ taken: undefined, config: CABINET });
  assert.is(code, 0);
  assert.ok((report?.rested.length ?? 0) >= 3);
});

test('a faulty file: the one that was accepted last, and the fault is told', async () => {
  const { code, report, said } = await play({ taken: undefined, config: faulty, data: accepted() });
  assert.is(code, 0);
  assert.ok((report?.rested.length ?? 0) >= 3);
  assert.match(said, 'faulty.yaml: at fault');
});

test('neither: exit 2, with what to do', async () => {
  const { code, said } = await play({ taken: undefined, config: faulty });
  assert.is(code, 2);
  assert.match(said, '--config');
});

test('what the controller took counts more than a file that was changed since', async () => {
  const { report, said } = await play({ config: CABINET });
  assert.equal(report?.rested, ['siren', 'maglock', 'strike']);
  assert.is(said, '');
});

for (const args of [['--held', '11s'], ['--held', 'long'], ['--what'], ['word']]) {
  test(`${args.join(' ')}: exit 2, and nothing moves`, async () => {
    const { code, levels } = await play({ args });
    assert.is(code, 2);
    assert.equal(levels, { GPIO5: 0, GPIO6: 1, GPIO7: 1 });
  });
}

test.run();
