/** The simulated board's socket, with real clients on a real socket file. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import { serveSimSocket } from '../../src/drivers/sim/socket.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';

type Client = { readonly say: (text: string) => void; readonly answer: () => Promise<string>; readonly socket: Socket };

const openClient = (path: string): Promise<Client> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const waiting: ((line: string) => void)[] = [];
    const lines: string[] = [];
    let rest = '';
    socket.on('data', (chunk) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        const taker = waiting.shift();
        if (taker) taker(line);
        else lines.push(line);
      }
    });
    socket.on('error', reject);
    const answer = (): Promise<string> =>
      new Promise((take) => {
        const line = lines.shift();
        if (line === undefined) waiting.push(take);
        else take(line);
      });
    socket.on('connect', () => resolve({ say: (text) => void socket.write(text), answer, socket }));
  });

type Rig = {
  readonly path: string;
  readonly timers: ReturnType<typeof createVirtualTimers>;
  readonly board: ReturnType<typeof createSimBoard>;
  readonly client: () => Promise<Client>;
  readonly readings: string[];
};

const withBoard = async (check: (rig: Rig) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-sim-'));
  const path = join(folder, 'sim.sock');
  const timers = createVirtualTimers();
  const board = createSimBoard({ timers, initial: {}, available: undefined });
  const readings: string[] = [];
  await board.lines.open(
    [
      { direction: 'input', line: 'GPIO17', bias: 'pull-up' },
      { direction: 'analog', line: 'A0' },
      { direction: 'output', line: 'GPIO27', initialLevel: 0, restLevel: 0, maxOnMs: undefined },
    ],
    { onReading: (line, reading) => void readings.push(`${line} ${JSON.stringify(reading)}`), onOutputTrouble: () => undefined },
  );
  await board.keypads.open(['entrance'], {
    onKeys: (_, text) => void readings.push(text),
    onBadge: () => undefined,
    onPresence: () => undefined,
  });
  const served = await serveSimSocket(board.hand, timers, path);
  if (!served.ok) throw new Error(served.detail);
  const clients: Client[] = [];
  const client = async (): Promise<Client> => {
    const opened = await openClient(path);
    clients.push(opened);
    return opened;
  };
  try {
    await check({ path, timers, board, client, readings });
  } finally {
    for (const { socket } of clients) socket.destroy();
    await served.socket.close();
    rmSync(folder, { recursive: true });
  }
};

const test = suite('sim socket');
const OK = '{"ok":true}';

test('a contact is moved and an output read, and every answer is one line', () =>
  withBoard(async ({ client, board, timers, readings }) => {
    timers.advance(5);
    const hand = await client();
    hand.say('{"set":"GPIO17","level":1}\n{"get":"GPIO17"}\n{"get":"GPIO27"}\n{"analog":"A0","value":0.42}\n{"get":"A0"}\n');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"line":"GPIO17","level":1,"atMs":5}');
    assert.is(await hand.answer(), '{"line":"GPIO27","level":0,"atMs":0}');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"line":"A0","value":0.42,"atMs":5}');
    assert.equal(readings, ['GPIO17 {"kind":"level","level":1}', 'A0 {"kind":"ratio","ratio":0.42}']);
    board.lines.write('GPIO27', 'on');
    hand.say('{"get":"GPIO27"}\n');
    assert.is(await hand.answer(), '{"line":"GPIO27","level":1,"atMs":5}');
  }));

test('a delayed change comes when its time has come, not before', () =>
  withBoard(async ({ client, timers, readings }) => {
    const hand = await client();
    hand.say('{"set":"GPIO17","level":1}\n{"set":"GPIO17","level":0,"afterMs":10}\n{"set":"GPIO99","level":0,"afterMs":10}\n');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"error":"GPIO99: no such line"}');
    timers.advance(9);
    assert.is(readings.length, 1);
    timers.advance(1);
    assert.is(readings.at(-1), 'GPIO17 {"kind":"level","level":0}');
  }));

test('watching tells each change of the named lines, to each client that watches', () =>
  withBoard(async ({ client, board }) => {
    const [one, two] = [await client(), await client()];
    one.say('{"watch":["GPIO27","GPIO17"]}\n');
    two.say('{"watch":["GPIO17"]}\n');
    assert.equal([await one.answer(), await two.answer()], [OK, OK]);
    board.lines.write('GPIO27', 'on');
    board.lines.write('GPIO27', 'on');
    board.hand.setLevel('GPIO17', 1);
    assert.is(await one.answer(), '{"line":"GPIO27","level":1,"atMs":0}');
    assert.is(await one.answer(), '{"line":"GPIO17","level":1,"atMs":0}');
    assert.is(await two.answer(), '{"line":"GPIO17","level":1,"atMs":0}');
  }));

test('a client that goes away while watching harms nobody', () =>
  withBoard(async ({ client, board }) => {
    const [leaver, stayer] = [await client(), await client()];
    leaver.say('{"watch":["GPIO27"]}\n');
    stayer.say('{"watch":["GPIO27"]}\n');
    await leaver.answer();
    await stayer.answer();
    leaver.socket.destroy();
    for (const drive of ['on', 'off', 'on'] as const) board.lines.write('GPIO27', drive);
    assert.is(await stayer.answer(), '{"line":"GPIO27","level":1,"atMs":0}');
    stayer.say('{"get":"GPIO27"}\n');
    await stayer.answer();
    await stayer.answer();
    assert.is(await stayer.answer(), '{"line":"GPIO27","level":1,"atMs":0}');
  }));

test('garbage and a line of 20 KiB are answered with errors, and the next command still works', () =>
  withBoard(async ({ client }) => {
    const hand = await client();
    hand.say(`garbage\n${'x'.repeat(20_000)}\n`);
    assert.match(await hand.answer(), /not a JSON object/);
    assert.match(await hand.answer(), /longer than 16384 bytes/);
    hand.say('{"get":');
    hand.say('"GPIO17"}\n');
    assert.is(await hand.answer(), '{"line":"GPIO17","level":0,"atMs":0}');
  }));

test('a torn input is lost and says so; mended it is heard again', () =>
  withBoard(async ({ client, readings }) => {
    const hand = await client();
    hand.say('{"tear":"GPIO17"}\n{"get":"GPIO17"}\n{"mend":"GPIO17"}\n{"get":"GPIO17"}\n');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"line":"GPIO17","level":0,"atMs":0,"torn":true}');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"line":"GPIO17","level":0,"atMs":0}');
    assert.equal(readings, ['GPIO17 {"kind":"lost"}', 'GPIO17 {"kind":"level","level":0}']);
  }));

test('keys reach the keypad and its screen can be read; an unknown keypad is an error', () =>
  withBoard(async ({ client, board, readings }) => {
    board.keypads.show('entrance', { text: ['Prêt', 'Ready'], tone: 'none', light: 'ready' });
    const hand = await client();
    hand.say('{"keys":"entrance","text":"1*2580#"}\n{"show":"entrance"}\n{"keys":"cellar","text":"1#"}\n{"show":"cellar"}\n');
    assert.is(await hand.answer(), OK);
    assert.is(await hand.answer(), '{"keypad":"entrance","text":["Prêt","Ready"],"tone":"none","light":"ready"}');
    assert.is(await hand.answer(), '{"error":"cellar: no such keypad"}');
    assert.is(await hand.answer(), '{"error":"cellar: no such keypad"}');
    assert.equal(readings, ['1*2580#']);
  }));

const files = suite('sim socket file');
const inFolder = async (check: (path: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-sim-'));
  await check(join(folder, 'sim.sock'));
  rmSync(folder, { recursive: true });
};
const serve = (path: string) => {
  const timers = createVirtualTimers();
  return serveSimSocket(createSimBoard({ timers, initial: {}, available: undefined }).hand, timers, path);
};

files('a socket in use is left alone', () =>
  inFolder(async (path) => {
    const first = await serve(path);
    const second = await serve(path);
    assert.is(second.ok, false);
    if (!second.ok) assert.is(second.reason, 'in-use');
    const client = await openClient(path);
    client.socket.destroy();
    if (first.ok) await first.socket.close();
    assert.not(existsSync(path));
  }),
);

files('a socket that a killed process left behind is taken over', () =>
  inFolder(async (path) => {
    const dead = createServer();
    await new Promise<void>((resolve) => void dead.listen(`${path}.tmp`, resolve));
    // Renamed away, its file outlives the server, as after SIGKILL.
    renameSync(`${path}.tmp`, path);
    await new Promise<void>((resolve) => void dead.close(() => resolve()));
    assert.ok(existsSync(path));
    const taken = await serve(path);
    assert.is(taken.ok, true);
    if (taken.ok) await taken.socket.close();
  }),
);

files('a file that is no socket is never removed', () =>
  inFolder(async (path) => {
    writeFileSync(path, 'precious');
    const served = await serve(path);
    assert.is(served.ok, false);
    if (!served.ok) assert.is(served.reason, 'not-a-socket');
    assert.ok(existsSync(path));
  }),
);

files('a folder that does not exist is an answer, not a crash', () =>
  inFolder(async (path) => {
    const served = await serve(join(path, 'deeper', 'sim.sock'));
    assert.is(served.ok, false);
    if (!served.ok) assert.is(served.reason, 'cannot-listen');
  }),
);

test.run();
files.run();
