/** The operator's terminal: keys, signatures, and an unlock against a site that answers as it is told to. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { operator } from '../../src/cli/operator.ts';
import { fakeBroker } from '../../src/drivers/mqtt/fake.ts';
import type { FakeBroker, FakeBrokerOptions } from '../../src/drivers/mqtt/fake.ts';
import type { Scheduler } from '../../src/drivers/mqtt/scheduler.ts';
import { ed25519, readSigningKey } from '../../src/drivers/signatures/ed25519.ts';
import type { IncomingMessage } from '../../src/ports/link.ts';
import { signedBytes } from '../../src/protocol/commands.ts';
import type { Answer, CommandMessage } from '../../src/protocol/commands.ts';
import { decodeCommand, encode } from '../../src/protocol/payloads.ts';
import { hexBytes, toHex } from '../support/operators.ts';
import { UNLOCK_VECTOR } from '../support/unlockVector.ts';
import { withEars } from '../support/linkEars.ts';
import { fakeIo } from './support.ts';
import type { FakeIo } from './support.ts';

const test = suite('vigie operator');

const folder = mkdtempSync(join(tmpdir(), 'vigie-operator-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

// ---- keys

const made = async (name: string): Promise<{ readonly io: FakeIo; readonly code: number; readonly path: string }> => {
  const [io, path] = [fakeIo({}), join(folder, `${name}.pem`)];
  return { io, path, code: await operator(['new', name, '--out', path], io) };
};

test('new: the private key in a file for its owner alone, the public one on standard output', async () => {
  const { io, code, path } = await made('paul');
  assert.is(code, 0);
  const key = readSigningKey(readFileSync(path, 'utf8'));
  assert.is(io.written.out, `publicKey: ${toHex(key?.publicKey ?? new Uint8Array())}\n`);
  assert.is(statSync(path).mode & 0o777, 0o600);
  assert.not.match(io.written.out + io.written.err, 'PRIVATE');
});

test('new: never over a file that is there', async () => {
  const { path } = await made('lea');
  const before = readFileSync(path, 'utf8');
  const { io, code } = await made('lea');
  assert.is(code, 1);
  assert.match(io.written.err, 'there is a file already');
  assert.is(io.written.out, '');
  assert.is(readFileSync(path, 'utf8'), before);
});

const VECTOR_KEY = Buffer.from(`302e020100300506032b657004220420${UNLOCK_VECTOR.seed}`, 'hex').toString('base64');
const KEY_FILE = `-----BEGIN PRIVATE KEY-----\n${VECTOR_KEY}\n-----END PRIVATE KEY-----\n`;
const { fields } = UNLOCK_VECTOR;
const WHAT = ['--site', fields.site, '--door', fields.door, '--operator', fields.operator, '--key', 'paul.pem'];
const SIGN = ['sign', ...WHAT, '--id', fields.command];

test('sign: the signature of the published vector, over a challenge from the command line or standard input', async () => {
  for (const [args, stdin] of [
    [[...SIGN, '--challenge', fields.challenge], ''],
    [SIGN, `${fields.challenge}\n`],
  ] as const) {
    const io = fakeIo({ 'paul.pem': KEY_FILE }, stdin);
    assert.is(await operator(args, io), 0);
    assert.is(io.written.out, `${UNLOCK_VECTOR.signature}\n`);
  }
});

// ---- command lines

const UNLOCK = ['unlock', '--broker', 'mqtt://fake', ...WHAT];

const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /new, unlock or sign/],
  [['open'], /new, unlock or sign/],
  [['new'], /takes one ID/],
  [['new', 'a/b'], /letters, digits/],
  [['unlock', ...WHAT], /--broker takes/],
  [['unlock', '--broker', 'http://x', ...WHAT], /--broker takes/],
  [UNLOCK.slice(0, -2), /are needed/],
  [[...UNLOCK, '--timeout', '2'], /--timeout 2/],
  [[...UNLOCK, '--timeout', '2h'], /--timeout 2h/],
  [[...UNLOCK, '--lang', 'de'], /fr or en/],
  [[...UNLOCK, '--cert', 'x'], /go together/],
  [[...UNLOCK, '--quickly'], /quickly/],
  [[...UNLOCK, 'now'], /unexpected now/],
  [['sign', ...WHAT], /--id is needed/],
  [[...SIGN, '--challenge', 'ABC'], /64 hexadecimal/],
  [SIGN, /64 hexadecimal/],
  [[...UNLOCK.slice(0, -1), 'nobody.pem'], /nobody.pem: not-found/],
  [[...UNLOCK.slice(0, -1), 'rubbish.pem'], /not a private Ed25519 key/],
];

for (const [args, told] of WRONG) {
  test(`wrong: ${args.join(' ').replace(WHAT.join(' '), '…') || 'nothing'}`, async () => {
    const io = fakeIo({ 'paul.pem': KEY_FILE, 'rubbish.pem': 'rubbish' });
    assert.is(await operator(args, io), 2);
    assert.match(io.written.err, told);
    assert.is(io.written.out, '');
  });
}

// ---- an unlock

type Heard = { readonly verb: string; readonly command: CommandMessage; readonly replyTo: string };
type Scene = {
  readonly broker: FakeBroker;
  readonly heard: Heard[];
  readonly say: (to: Heard, answer: Answer, id?: string) => void;
};

/** What the broker would still forget in a minute keeps no test waiting. */
const scheduler: Scheduler = {
  soon: (act) => queueMicrotask(act),
  after: (ms, act) => {
    const timer = setTimeout(act, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** A site that hears commands, and says what the test wants it to. */
const siteOn = async (act: (heard: Heard, scene: Scene) => void, options: FakeBrokerOptions = {}): Promise<Scene> => {
  const broker = fakeBroker({ scheduler, ...options });
  const ears = withEars((listener) =>
    broker.makeLink((event) => {
      listener(event);
      if (event.kind === 'message') hear(event.message);
    }),
  );
  const scene: Scene = {
    broker,
    heard: [],
    say: ({ verb, command, replyTo }, answer, id = command.id) =>
      void ears.publish({ topic: replyTo, payload: encode({ v: 1, id, verb, ...answer }) }),
  };
  const hear = ({ topic, payload, properties }: IncomingMessage): void => {
    const decoded = decodeCommand(payload);
    assert.ok(decoded.ok, 'the terminal sends commands of the contract');
    if (!decoded.ok) return;
    const heard = { verb: topic.split('/').at(-1) ?? '', command: decoded.value, replyTo: properties.responseTopic ?? '' };
    scene.heard.push(heard);
    act(heard, scene);
  };
  await ears.up({ url: 'mqtt://fake', clientId: 'cabinet' });
  await ears.subscribe('vigie/v1/cabinet/command/+');
  return scene;
};

const CHALLENGE: Answer = { ok: true, challenge: fields.challenge, expiresInMs: 15_000 };
const stage = (name: 'released' | 'opened' | 'closed' | 'held' | 'not-opened' | 'unlock-failed' | 'superseded'): Answer => ({
  ok: true,
  door: fields.door,
  stage: name,
  final: name !== 'released' && name !== 'opened',
});

const unlock = async ({ broker }: Scene, ...more: readonly string[]): Promise<{ readonly code: number; readonly io: FakeIo }> => {
  const io = fakeIo({ 'paul.pem': KEY_FILE });
  return { io, code: await operator([...UNLOCK, '--timeout', '2s', '--lang', 'en', ...more], io, broker.makeLink) };
};

/** Gives a challenge, then to the command these answers. */
const answering =
  (...answers: readonly Answer[]): ((heard: Heard, scene: Scene) => void) =>
  (heard, { say }) => {
    if (heard.verb === 'challenge') return say(heard, CHALLENGE);
    for (const answer of answers) say(heard, answer);
  };

const ENDS: readonly (readonly [readonly Answer[], number, RegExp])[] = [
  [[stage('released'), stage('opened'), stage('closed')], 0, /Lock released\.\nDoor opened\.\nDoor closed and locked again\.\n$/],
  [[stage('released'), stage('not-opened')], 4, /Nobody opened; locked again\.\n$/],
  [[stage('released'), stage('opened'), stage('held')], 5, /DOOR LEFT OPEN: tell the site\.\n$/],
  [[stage('released'), stage('unlock-failed')], 6, /THE LOCK DID NOT OBEY/],
  [[stage('released'), stage('superseded')], 7, /Somebody else released/],
  [[{ ok: false, reason: 'area-armed' }], 1, /Refused: the area is armed/],
  [[{ ok: false, reason: 'replayed' }, stage('released'), stage('not-opened')], 4, /Lock released/],
  [
    [stage('released'), stage('released'), stage('opened'), stage('released'), stage('closed')],
    0,
    /released\.\nDoor opened\.\nDoor closed/,
  ],
];

for (const [answers, expected, words] of ENDS) {
  const name = answers.map((answer) => (answer.ok ? ('stage' in answer ? answer.stage : '') : answer.reason)).join(', ');
  test(`${name}: exit ${expected}, in words`, async () => {
    const scene = await siteOn(answering(...answers));
    const { code, io } = await unlock(scene);
    assert.is(code, expected, io.written.out);
    assert.match(io.written.out, words);
    assert.is(io.written.err, '');
  });
}

test('what it sends: a request, then one command, signed over everything it says, each under a name of its own', async () => {
  const scene = await siteOn(answering(stage('released'), stage('not-opened')));
  await unlock(scene);
  const [asked, sent] = scene.heard;
  assert.equal(
    scene.heard.map(({ verb }) => verb),
    ['challenge', 'unlock'],
  );
  assert.equal([asked?.command.site, asked?.command.operator, asked?.command.door], ['cabinet', 'paul', undefined]);
  const { id = '', signature = '', challenge = '' } = sent?.command ?? {};
  assert.is(challenge, fields.challenge);
  assert.is.not(id, asked?.command.id);
  const bytes = signedBytes({ ...fields, command: id });
  assert.ok(ed25519.verify(hexBytes(UNLOCK_VECTOR.publicKey), bytes, hexBytes(signature)));
});

test('a refusal of the challenge ends it: nothing is signed', async () => {
  const scene = await siteOn((heard, { say }) => say(heard, { ok: false, reason: 'unknown-operator' }));
  const { code, io } = await unlock(scene);
  assert.is(code, 1);
  assert.match(io.written.out, 'Refused: the site does not know this operator');
  assert.is(scene.heard.length, 1);
});

test('a reason of a newer site is shown as it is, and cannot rewrite the screen', async () => {
  const scene = await siteOn(answering(JSON.parse('{"ok":false,"reason":"moon-too-full"}') as Answer));
  const { code, io } = await unlock(scene);
  assert.is(code, 1);
  assert.match(io.written.out, /Refused: moon-too-full\.\n$/);
});

test('answers to other commands, kept by the broker or malformed are no answers', async () => {
  const scene = await siteOn((heard, { say }) => {
    if (heard.verb === 'challenge') return say(heard, CHALLENGE);
    say(heard, stage('closed'), 'another');
    say(heard, Object.assign({ extra: 1 }, stage('closed')));
    say(heard, stage('released'));
    say(heard, stage('not-opened'));
  });
  assert.is((await unlock(scene)).code, 4);
});

test('a challenge sent twice is signed once', async () => {
  const scene = await siteOn((heard, { say }) => {
    if (heard.verb === 'unlock') return say(heard, stage('not-opened'));
    say(heard, CHALLENGE);
    say(heard, CHALLENGE);
  });
  assert.is((await unlock(scene)).code, 4);
  assert.is(scene.heard.length, 2);
});

test('no answer at all, and none after the command went', async () => {
  const mute = await unlock(await siteOn(() => undefined), '--timeout', '1s');
  assert.is(mute.code, 7);
  assert.match(mute.io.written.out, 'Nothing was opened');
  const sent = await unlock(await siteOn(answering()), '--timeout', '1s');
  assert.is(sent.code, 7);
  assert.match(sent.io.written.out, 'it is not known whether the lock was released');
  const half = await unlock(await siteOn(answering(stage('released'))), '--timeout', '1s');
  assert.is(half.code, 7);
  assert.match(half.io.written.out, 'Last known: Lock released. Call the site.');
});

/** A broker that keeps an operator from one of them. */
const forbids = (action: string) => (_client: string, wanted: string, topic: string) =>
  !(wanted === action && (topic.includes('/command/challenge') || topic.includes('/reply/')));

test('no site, no broker, no right: each said, and nothing was opened', async () => {
  const nobody = fakeBroker({ scheduler });
  const away = fakeIo({ 'paul.pem': KEY_FILE });
  assert.is(await operator([...UNLOCK, '--timeout', '1s'], away, nobody.makeLink), 7);
  nobody.kill();
  const gone = fakeIo({ 'paul.pem': KEY_FILE });
  assert.is(await operator([...UNLOCK, '--timeout', '1s'], gone, nobody.makeLink), 7);
  assert.match(gone.written.out, 'Rien n’a été ouvert');
  for (const [action, words] of [
    ['publish', 'command/+'],
    ['subscribe', 'reply/+'],
  ] as const) {
    const scene = await siteOn(answering(), { authorise: forbids(action) });
    const { code, io } = await unlock(scene);
    assert.is(code, 7);
    assert.match(io.written.out, words);
  }
});

test('a connection lost after the command is made again, the command is not sent again', async () => {
  const lost = { client: '' };
  const scene = await siteOn(
    (heard, { say, broker }) => {
      if (heard.verb === 'challenge') return say(heard, CHALLENGE);
      say(heard, stage('released'));
      broker.cut(lost.client);
      setTimeout(() => say(heard, stage('not-opened')), 1_500);
    },
    {
      authorise: (client) => {
        if (client.startsWith('vigie-operator-paul-')) lost.client = client;
        return true;
      },
    },
  );
  const { code, io } = await unlock(scene, '--timeout', '10s');
  assert.is(code, 4, io.written.out);
  assert.match(io.written.out, 'Connection lost');
  assert.is(scene.heard.length, 2);
});

test('--json: an object a line, the outcome last', async () => {
  const scene = await siteOn(answering(stage('released'), stage('opened'), stage('closed')));
  const { io } = await unlock(scene, '--json');
  const lines = io.written.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly kind: string });
  assert.equal(
    lines.map(({ kind }) => kind),
    ['connected', 'challenge', 'sent', 'stage', 'stage', 'stage', 'ended'],
  );
});

test.run();
