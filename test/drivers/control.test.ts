/** The control socket on real sockets: who gets which answer, what is refused, and that nobody ends the controller by it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askControl } from '../../src/drivers/control/client.ts';
import { enter } from '../../src/drivers/control/place.ts';
import { serveControl } from '../../src/drivers/control/server.ts';
import { CONTROL_LINE_BYTES } from '../../src/ports/control.ts';
import type { ControlSocket, Desk } from '../../src/ports/control.ts';
import { temporaryFolder, until } from '../support/controllerProcess.ts';

const test = suite('control socket');
const root = temporaryFolder();
test.after(root.remove);

let count = 0;
const newFolder = (): string => {
  const folder = join(root.path, `data-${(count += 1)}`);
  mkdirSync(folder);
  return folder;
};

const echo: Desk = async (request) => ({ ok: true, request });

const served = async (folder: string, desk: Desk = echo): Promise<ControlSocket> => {
  const result = await serveControl(folder, desk);
  if (!result.ok) throw new Error(`${result.reason} ${result.detail}`);
  return result.socket;
};

/** A client that says what it likes and hears lines. */
const speaking = (folder: string): { readonly socket: Socket; readonly heard: string[]; readonly isClosed: () => boolean } => {
  const place = enter(folder);
  const socket = connect(place.path);
  const heard: string[] = [];
  let closed = false;
  let rest = '';
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    heard.push(...lines);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
    place.leave();
  });
  return { socket, heard, isClosed: () => closed };
};

test('a question is answered; when the controller has gone nobody is there, and its socket is gone too', async () => {
  const folder = newFolder();
  const socket = await served(folder);
  assert.is(statSync(join(folder, 'control.sock')).mode & 0o777, 0o600, 'for the controller’s user alone');
  assert.equal(await askControl(folder, { ask: 'x', n: 1 }, 5_000), {
    ok: true,
    reply: { ok: true, request: { ask: 'x', n: 1 } },
  });
  await socket.close();
  assert.not.ok(existsSync(join(folder, 'control.sock')));
  assert.equal(await askControl(folder, { ask: 'x' }, 5_000), { ok: false, reason: 'not-running' });
});

test('a folder far too deep for a socket’s address serves like any other, also by another way to it', async () => {
  const deep = join(newFolder(), 'x'.repeat(120), 'y'.repeat(120));
  mkdirSync(deep, { recursive: true });
  const socket = await served(deep);
  assert.ok((await askControl(deep, { ask: 'x' }, 5_000)).ok);
  const link = join(root.path, 'link');
  symlinkSync(deep, link);
  assert.ok((await askControl(link, { ask: 'x' }, 5_000)).ok);
  await socket.close();
});

test('what a killed controller left is replaced; what is no socket is left alone and said', async () => {
  const folder = newFolder();
  const code = `
    import { serveControl } from ${JSON.stringify(new URL('../../src/drivers/control/server.js', import.meta.url).href)};
    const result = await serveControl(${JSON.stringify(folder)}, async () => ({ ok: true }));
    if (result.ok) process.kill(process.pid, 'SIGKILL');`;
  const killed = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
  assert.is(killed.signal, 'SIGKILL', killed.stderr.toString());
  assert.ok(statSync(join(folder, 'control.sock')).isSocket(), 'left behind');
  assert.equal(await askControl(folder, { ask: 'x' }, 5_000), { ok: false, reason: 'not-running' });
  const socket = await served(folder);
  assert.ok((await askControl(folder, { ask: 'x' }, 5_000)).ok);
  await socket.close();

  const other = newFolder();
  writeFileSync(join(other, 'control.sock'), 'mine');
  const refused = await serveControl(other, echo);
  assert.ok(!refused.ok && refused.reason === 'not-a-socket');
  assert.equal(readdirSync(other), ['control.sock']);
  assert.not.ok((await serveControl(join(root.path, 'nowhere'), echo)).ok);
});

test('answers come in the order asked, each to whom asked; one that takes long holds up nobody else', async () => {
  const folder = newFolder();
  const holding = new AbortController();
  const held = once(holding.signal, 'abort');
  const socket = await served(folder, async (request) => {
    if (JSON.stringify(request).includes('slow')) await held;
    return { ok: true, request };
  });
  const one = speaking(folder);
  one.socket.write('{"ask":"slow"}\n{"ask":"after"}\n');
  const other = await askControl(folder, { ask: 'quick' }, 5_000);
  assert.equal(other, { ok: true, reply: { ok: true, request: { ask: 'quick' } } });
  assert.equal(one.heard, []);
  holding.abort();
  await until('both answers', () => one.heard.length === 2);
  assert.match(one.heard[0] ?? '', 'slow');
  assert.match(one.heard[1] ?? '', 'after');
  one.socket.destroy();
  await socket.close();
});

const RUBBISH: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', 'hello\n', /not-json/],
  ['a line without end, then its end', `${'x'.repeat(CONTROL_LINE_BYTES + 1)}\n`, /line-too-long/],
  ['bytes that are no text', '\u{fffd}\u0000\n', /not-json/],
];

for (const [name, text, answer] of RUBBISH) {
  test(`${name}: the reason, and then the same client is served`, async () => {
    const folder = newFolder();
    const socket = await served(folder);
    const client = speaking(folder);
    client.socket.write(text);
    client.socket.write('{"ask":"still"}\n');
    await until('both answers', () => client.heard.length === 2);
    assert.match(client.heard[0] ?? '', answer);
    assert.match(client.heard[1] ?? '', 'still');
    client.socket.destroy();
    await socket.close();
  });
}

test('a client that leaves is known to have left, and its answer goes nowhere', async () => {
  const folder = newFolder();
  let left = 0;
  const socket = await served(
    folder,
    (_request, { gone }) =>
      new Promise((resolve) => {
        gone.addEventListener('abort', () => {
          left += 1;
          resolve({ ok: true });
        });
      }),
  );
  const client = speaking(folder);
  client.socket.write('{"ask":"wait"}\n');
  await until('connected', () => client.socket.readyState === 'open');
  client.socket.destroy();
  await until('known to have left', () => left === 1);
  assert.equal(
    await askControl(folder, { ask: 'x' }, 50),
    { ok: false, reason: 'no-answer' },
    'and one that is not answered gives up',
  );
  await socket.close();
});

test('more clients than there is room for are turned away, and those within are served', async () => {
  const folder = newFolder();
  const socket = await served(folder);
  const clients = Array.from({ length: 20 }, () => speaking(folder));
  for (const client of clients) client.socket.write('{"ask":"x"}\n');
  await until('each served or turned away', () => clients.every(({ heard, isClosed }) => heard.length > 0 || isClosed()));
  assert.is(clients.filter(({ heard }) => heard.length === 1).length, 16);
  for (const client of clients) client.socket.destroy();
  await until('room again', async () => (await askControl(folder, { ask: 'x' }, 5_000)).ok);
  await socket.close();
});

test('a client that asks and never reads is ended, not kept', async () => {
  const folder = newFolder();
  const socket = await served(folder, () => new Promise(() => undefined));
  const client = speaking(folder);
  client.socket.write('{"ask":"x"}\n'.repeat(40));
  await until('ended', client.isClosed);
  await socket.close();
});

test('no such folder, and somebody who is no controller', async () => {
  assert.equal(await askControl(join(root.path, 'nowhere'), { ask: 'x' }, 5_000), { ok: false, reason: 'no-folder' });
  const folder = newFolder();
  const socket = await served(folder, async () => ({ ok: true }));
  await socket.close();
  chmodSync(folder, 0o700);
  assert.equal(await askControl(folder, { ask: 'x' }, 5_000), { ok: false, reason: 'not-running' });
});

test.run();
