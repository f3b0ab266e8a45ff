/** Several boards as one: who owns a line, and what is left when one of them refuses. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { joinLines } from '../../src/ports/joinedLines.ts';
import type { LineProblem, LineRequest, Lines, LinesListener, LineTrouble, Opened } from '../../src/ports/lines.ts';

type Fake = { readonly lines: Lines; readonly calls: string[]; readonly listener: () => LinesListener | undefined };

/** A board that notes what it is told, and answers an opening as the test says. */
const fake = (answer: (requests: readonly LineRequest[]) => Opened | Error = () => ({ ok: true })): Fake => {
  const calls: string[] = [];
  let heardBy: LinesListener | undefined;
  const lines: Lines = {
    open: async (requests, listener) => {
      calls.push(`open ${requests.map(({ line }) => line).join(' ')}`);
      heardBy = listener;
      // As late as a device that has to be asked first.
      await Promise.resolve();
      const opened = answer(requests);
      if (opened instanceof Error) throw opened;
      return opened;
    },
    read: (line) => ({ kind: 'level', level: line.endsWith('1') ? 1 : 0 }),
    write: (line, drive) => void calls.push(`write ${line} ${JSON.stringify(drive)}`),
    close: () => {
      calls.push('close');
      return Promise.resolve();
    },
  };
  return { lines, calls, listener: () => heardBy };
};

const refusing = (trouble: LineTrouble) =>
  fake((requests) => ({ ok: false, problems: requests.map(({ line }): LineProblem => ({ line, trouble, detail: 'told so' })) }));

const startsWith = (prefix: string) => (line: string) => line.startsWith(prefix);
const joined = (parts: Readonly<Record<string, Fake>>): Lines =>
  joinLines(Object.entries(parts).map(([prefix, { lines }]) => ({ owns: startsWith(prefix), lines })));

const input = (line: string): LineRequest => ({ direction: 'input', line, bias: 'none' });

type Heard = { readonly troubles: string[]; readonly readings: string[]; readonly listener: LinesListener };
const ears = (): Heard => {
  const troubles: string[] = [];
  const readings: string[] = [];
  const listener: LinesListener = {
    onReading: (line) => void readings.push(line),
    onOutputTrouble: (line, trouble) => void troubles.push(`${line} ${trouble}`),
  };
  return { troubles, readings, listener };
};

const troublesOf = (opened: Opened): readonly string[] =>
  opened.ok ? [] : opened.problems.map(({ line, trouble }) => `${line} ${trouble}`);

const test = suite('joined lines');

test('each board is opened with its own lines, and every one is heard', async () => {
  const [board, cellar] = [fake(), fake()];
  const { listener, readings } = ears();
  const lines = joined({ GPIO: board, 'cellar.': cellar });
  assert.equal(await lines.open([input('GPIO1'), input('cellar.D4'), input('GPIO2')], listener), { ok: true });
  assert.equal([board.calls, cellar.calls], [['open GPIO1 GPIO2'], ['open cellar.D4']]);
  board.listener()?.onReading('GPIO1', { kind: 'lost' }, 0);
  cellar.listener()?.onReading('cellar.D4', { kind: 'lost' }, 0);
  assert.equal(readings, ['GPIO1', 'cellar.D4']);
});

test('reading and writing go to the owner alone', async () => {
  const [board, cellar] = [fake(), fake()];
  const lines = joined({ GPIO: board, 'cellar.': cellar });
  await lines.open([input('GPIO1'), input('cellar.D4')], ears().listener);
  assert.equal(lines.read('GPIO1'), { kind: 'level', level: 1 });
  assert.equal(lines.read('cellar.D4'), { kind: 'level', level: 0 });
  lines.write('cellar.D4', 'on');
  assert.equal(board.calls, ['open GPIO1']);
  assert.equal(cellar.calls, ['open cellar.D4', 'write cellar.D4 "on"']);
});

test('where two would own a line, the first does', async () => {
  const [first, second] = [fake(), fake()];
  const lines = joined({ G: first, GPIO: second });
  await lines.open([input('GPIO1')], ears().listener);
  assert.equal([first.calls, second.calls], [['open GPIO1'], []]);
});

test('a board of which nothing is asked is neither opened nor closed', async () => {
  const [board, cellar] = [fake(), fake()];
  const lines = joined({ GPIO: board, 'cellar.': cellar });
  await lines.open([input('GPIO1')], ears().listener);
  await lines.close();
  assert.equal([board.calls, cellar.calls], [['open GPIO1', 'close'], []]);
});

test('one refuses: the others are closed, it is not, and a second try may succeed', async () => {
  let asked = 0;
  const flaky = fake(() => {
    asked += 1;
    return asked === 1 ? { ok: false, problems: [{ line: 'b.D1', trouble: 'busy', detail: '' }] } : { ok: true };
  });
  const [a, c] = [fake(), fake()];
  const lines = joined({ 'a.': a, 'b.': flaky, 'c.': c });
  const requests = [input('a.D1'), input('b.D1'), input('c.D1')];
  assert.equal(troublesOf(await lines.open(requests, ears().listener)), ['b.D1 busy']);
  assert.equal([a.calls, flaky.calls, c.calls], [['open a.D1', 'close'], ['open b.D1'], ['open c.D1', 'close']]);
  assert.equal(await lines.open(requests, ears().listener), { ok: true });
  await lines.close();
  assert.equal(flaky.calls, ['open b.D1', 'open b.D1', 'close']);
});

test('all problems come at once: of every board, and of lines that nobody owns', async () => {
  const lines = joined({ 'a.': refusing('busy'), 'b.': refusing('no-permission'), 'c.': fake() });
  const opened = await lines.open([input('b.D1'), input('x.D1'), input('a.D1'), input('c.D1'), input('x.D2')], ears().listener);
  assert.equal(troublesOf(opened).toSorted(), ['a.D1 busy', 'b.D1 no-permission', 'x.D1 no-such-line', 'x.D2 no-such-line']);
});

test('a line that nobody owns holds nothing back', async () => {
  const board = fake();
  const { listener, troubles } = ears();
  const lines = joined({ GPIO: board });
  assert.equal(troublesOf(await lines.open([input('GPIO1'), input('x')], listener)), ['x no-such-line']);
  assert.equal(board.calls, ['open GPIO1', 'close']);
  assert.equal(lines.read('x'), { kind: 'lost' });
  lines.write('x', 'on');
  assert.equal(troubles, [], 'nobody listens to what was not opened');
  await lines.open([input('GPIO1')], listener);
  lines.write('x', 'on');
  assert.equal(troubles, ['x no-such-line']);
});

test('a board that throws while it is opened leaves none of the others open, and its error is told', async () => {
  const board = fake();
  const lines = joined({ GPIO: board, 'cellar.': fake(() => new Error('a bug')) });
  const failure = await lines.open([input('GPIO1'), input('cellar.D4')], ears().listener).catch((error: unknown) => error);
  assert.instance(failure, Error);
  assert.match(String(failure), 'a bug');
  assert.equal(board.calls, ['open GPIO1', 'close']);
});

test('closing twice closes once', async () => {
  const board = fake();
  const lines = joined({ GPIO: board });
  await lines.open([input('GPIO1')], ears().listener);
  await lines.close();
  await lines.close();
  assert.equal(board.calls, ['open GPIO1', 'close']);
});

test('one that fails to close keeps none of the others open', async () => {
  const [stuck, board] = [fake(), fake()];
  const lines = joinLines([
    { owns: startsWith('a.'), lines: { ...stuck.lines, close: () => Promise.reject(new Error('stuck')) } },
    { owns: startsWith('b.'), lines: board.lines },
  ]);
  await lines.open([input('a.D1'), input('b.D1')], ears().listener);
  const failure = await lines.close().catch((error: unknown) => error);
  assert.match(String(failure), 'stuck');
  assert.equal(board.calls, ['open b.D1', 'close']);
});

test('no boards and no lines is nothing to open', async () => {
  const lines = joinLines([]);
  assert.equal(await lines.open([], ears().listener), { ok: true });
  await lines.close();
});
test.run();
