/** The driver against emulated stations on real sockets: login, certificates, cables, and answers that are none. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { httpTransport } from '../../../src/drivers/stations/http.ts';
import { stationLines } from '../../../src/drivers/stations/lines.ts';
import type { StationSettings } from '../../../src/drivers/stations/settings.ts';
import { machineTimers } from '../../../src/drivers/sim/timers.ts';
import type { Answer, Question } from '../../../src/drivers/stations/transport.ts';
import type { Lines } from '../../../src/ports/lines.ts';
import { makeAuthority, makeSelfSigned } from '../../support/certificates.ts';
import type { Credentials } from '../../support/certificates.ts';
import { until } from '../../support/controllerProcess.ts';
import { emulatedDoorBird } from '../../support/stations/doorBird.ts';
import { DOORBIRD, passwordFile, shown, TWO_N } from '../../support/stations/rig.ts';
import type { TwoNSettings } from '../../support/stations/rig.ts';
import { serveStation } from '../../support/stations/server.ts';
import type { Login } from '../../support/stations/server.ts';
import { PASSWORD } from '../../support/stations/station.ts';
import { emulatedTwoN } from '../../support/stations/twoN.ts';

const timers = machineTimers;
const authority = makeAuthority('The station’s maker');
const forThis = authority.issue({ commonName: 'station', use: 'server', names: ['127.0.0.1'] });
const forAnother = authority.issue({ commonName: 'station', use: 'server', names: ['192.0.2.9'] });
const selfSigned = makeSelfSigned({ commonName: '2N IP Verso', use: 'server' });
const expired = authority.issue({
  commonName: 'station',
  use: 'server',
  names: ['127.0.0.1'],
  notBefore: new Date(0),
  notAfter: new Date(86_400_000),
});

const pemFile = (...certificates: readonly string[]): string => {
  const path = `${passwordFile()}.pem`;
  writeFileSync(path, certificates.join('\n'));
  return path;
};

const INFO: Question = { path: '/api/system/info', deadlineMs: 3_000, bytesMax: 10_000 };

const settingsAt = (url: string, change: Partial<TwoNSettings> = {}): TwoNSettings => ({
  ...TWO_N,
  url,
  passwordFile: passwordFile(),
  ...change,
});

/** One question each time; the answer, or the reason that there is none. */
const asking = (url: string, password = PASSWORD, certificate?: string) => {
  const transport = httpTransport(settingsAt(url), { ok: true, password, certificate }, timers);
  return {
    ask: (question = INFO): Promise<Answer> => new Promise((resolve) => void transport.ask(question, resolve)),
    close: () => transport.close(),
    transport,
  };
};
const verdict = (answer: Answer): string => (answer.ok ? 'ok' : answer.failure);

// ---- login

const logins = suite('stations: login');

const LOGINS: readonly (readonly [Login, tls: boolean, right: string, wrong: string])[] = [
  ['none', false, 'ok', 'ok'],
  ['digest-md5', false, 'ok', 'wrong-password'],
  ['digest-sha256', false, 'ok', 'wrong-password'],
  ['digest-old', false, 'ok', 'wrong-password'],
  ['all', false, 'ok', 'wrong-password'],
  ['basic', false, 'password-in-clear', 'password-in-clear'],
  ['basic', true, 'ok', 'wrong-password'],
  ['digest-sha256', true, 'ok', 'wrong-password'],
];

for (const [login, isSecure, right, wrong] of LOGINS) {
  logins(`${login} over ${isSecure ? 'https' : 'http'}: right ${right}, wrong ${wrong}`, async () => {
    const station = emulatedTwoN({ timers });
    const served = await serveStation(station, { login, ...(isSecure && { tls: forThis }) });
    const certificate = isSecure ? authority.certificate : undefined;
    const good = asking(served.url, PASSWORD, certificate);
    for (let times = 0; times < 3; times += 1) assert.is(verdict(await good.ask()), right);
    if (right === 'ok' && login !== 'none') assert.is(served.refusals(), 1, 'the challenge is asked for once');
    const bad = asking(served.url, 'guess', certificate);
    assert.is(verdict(await bad.ask()), wrong);
    good.close();
    bad.close();
    await served.close();
  });
}

logins('a nonce that is used up is exchanged without a word; a password changed meanwhile is found out', async () => {
  const station = emulatedTwoN({ timers });
  const served = await serveStation(station, { login: 'digest-md5' });
  const { ask, close } = asking(served.url);
  assert.is(verdict(await ask()), 'ok');
  served.tire();
  assert.is(verdict(await ask()), 'ok');
  assert.is(served.refusals(), 2);
  station.password = 'changed';
  assert.is(verdict(await ask()), 'wrong-password');
  assert.ok(served.refusals() <= 5, 'it is not tried for ever');
  close();
  await served.close();
});
logins.run();

// ---- certificates

const certificates = suite('stations: certificates');

const TRUST: readonly (readonly [name: string, shows: Credentials, file: string | undefined, verdict: string])[] = [
  ['its own certificate, signed by itself, in whatever name', selfSigned, selfSigned.certificate, 'ok'],
  ['its own certificate, signed by its maker, in the name of another address', forAnother, forAnother.certificate, 'ok'],
  ['its maker’s certificate, and its address in its name', forThis, authority.certificate, 'ok'],
  ['its maker’s certificate, and another address in its name', forAnother, authority.certificate, 'certificate'],
  ['one of two in the file', selfSigned, `${authority.certificate}${selfSigned.certificate}`, 'ok'],
  ['no file', selfSigned, undefined, 'certificate'],
  [
    'another certificate of the same name',
    selfSigned,
    makeSelfSigned({ commonName: '2N IP Verso', use: 'server' }).certificate,
    'certificate',
  ],
  ['another of the same maker', forThis, forAnother.certificate, 'certificate'],
  ['an expired one', expired, authority.certificate, 'certificate'],
];

for (const [name, shows, file, expected] of TRUST) {
  certificates(`${name}: ${expected}`, async () => {
    const station = emulatedTwoN({ timers });
    const served = await serveStation(station, { login: 'basic', tls: shows });
    const { ask, close } = asking(served.url, PASSWORD, file);
    const answer = await ask();
    assert.is(verdict(answer), expected, JSON.stringify(answer));
    if (expected === 'certificate') assert.is(served.refusals(), 0, 'nothing was asked of a stranger');
    close();
    await served.close();
  });
}

certificates('a file that holds no certificate is refused before anything is sent', async () => {
  const served = await serveStation(emulatedTwoN({ timers }), { login: 'none', tls: selfSigned });
  for (const text of ['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']) {
    const said: string[] = [];
    const lines = stationLines({
      station: settingsAt(served.url, { certificate: pemFile(text) }),
      timers,
      log: (_, message) => void said.push(message),
    });
    await lines.open([{ direction: 'input', line: 'front.ring', bias: 'none' }], {
      onReading: () => {},
      onOutputTrouble: () => {},
    });
    assert.equal(lines.read('front.ring'), { kind: 'lost' });
    assert.match(said[0] ?? '', /PEM/);
    await lines.close();
  }
  assert.is(served.connections(), 0);
  await served.close();
});
certificates.run();

// ---- answers that are none

const answers = suite('stations: answers that are none');

/** A server of bytes: what it says to whoever asks, and then. */
const rawServer = async (say: (socket: Socket) => void) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => say(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
};

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const endless = (socket: Socket): void => {
  socket.write(`${HEAD}\r\n`);
  const more = (): void => {
    if (!socket.destroyed && socket.write('x'.repeat(4_096))) setImmediate(more);
  };
  socket.on('drain', more);
  more();
};
const NONE: readonly (readonly [name: string, say: (socket: Socket) => void, verdict: string])[] = [
  ['silence', () => {}, 'timeout'],
  ['an end at once', (socket) => void socket.end(), 'closed'],
  ['a reset', (socket) => void socket.resetAndDestroy(), 'closed'],
  ['no HTTP', (socket) => void socket.end('\u0000\u0001SSH-2.0\r\n\r\n'), 'garbled'],
  ['half a head, then silence', (socket) => void socket.write(HEAD), 'timeout'],
  ['half a body, then silence', (socket) => void socket.write(`${HEAD}Content-Length: 50\r\n\r\n{"suc`), 'timeout'],
  ['half a body, then the end', (socket) => void socket.end(`${HEAD}Content-Length: 50\r\n\r\n{"suc`), 'closed'],
  ['a drop each 50 ms', (socket) => drip(socket), 'timeout'],
  ['a body without end', endless, 'too-large'],
  ['a head without end', (socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}`), 'garbled'],
  ['another address', (socket) => void socket.end('HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n'), 'garbled'],
  ['a login of no kind', (socket) => void socket.end('HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\n\r\n'), 'wrong-password'],
  [
    'a nonce that no header may have',
    (socket) => void socket.end('HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="r", nonce="\u0001\u0002"\r\n\r\n', 'latin1'),
    'garbled',
  ],
  [
    'a challenge cut short, again and again',
    (socket) => {
      const nonce = Math.random();
      socket.write(`HTTP/1.1 401 No\r\nContent-Length: 50\r\nWWW-Authenticate: Digest realm="r", nonce="${nonce}"\r\n\r\nx`);
      setImmediate(() => socket.resetAndDestroy());
    },
    'wrong-password',
  ],
  [
    'an error cut short',
    (socket) => {
      socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 50\r\n\r\nx');
      setImmediate(() => socket.resetAndDestroy());
    },
    'garbled',
  ],
  ['another protocol', (socket) => void socket.write('HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'), 'closed'],
  ['a hint, then silence', (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), 'timeout'],
  ['a service that is off', (socket) => void socket.end('HTTP/1.1 403 No\r\n\r\n'), 'forbidden'],
  ['no place', (socket) => void socket.end('HTTP/1.1 509 Full\r\n\r\n'), 'busy'],
];

const drip = (socket: Socket): void => {
  socket.write(`${HEAD}Content-Length: 5000\r\n\r\n`);
  const timer = setInterval(() => socket.write(' '), 50);
  socket.on('close', () => clearInterval(timer));
};

for (const [name, say, expected] of NONE) {
  answers(`${name}: ${expected}`, async () => {
    const server = await rawServer(say);
    const { ask, close } = asking(server.url);
    const answer = await ask({ ...INFO, deadlineMs: expected === 'timeout' ? 300 : 10_000 });
    assert.is(verdict(answer), expected, JSON.stringify(answer));
    close();
    await server.close();
  });
}

answers('nobody at the address: unreachable', async () => {
  const server = await rawServer(() => {});
  await server.close();
  const { ask, close } = asking(server.url);
  assert.is(verdict(await ask()), 'unreachable');
  close();
});

answers('a question that was given up tells nothing any more, whatever comes', async () => {
  const server = await rawServer((socket) => void socket.end(`${HEAD}Content-Length: 2\r\n\r\n{}`));
  const { transport, ask, close } = asking(server.url);
  const told: Answer[] = [];
  const cancel = transport.ask(INFO, (answer) => void told.push(answer));
  cancel();
  assert.is(verdict(await ask()), 'ok');
  assert.equal(told, []);
  close();
  await server.close();
});
answers.run();

// ---- whole stations

const whole = suite('stations: on real sockets');

type Opened = { readonly lines: Lines; readonly heard: string[]; readonly said: string[] };

const opened = async (station: StationSettings, names: readonly string[]): Promise<Opened> => {
  const [heard, said]: [string[], string[]] = [[], []];
  const lines = stationLines({ station, timers, log: (level, message) => void said.push(`${level} ${message}`) });
  await lines.open(
    names.map((line) => ({ direction: 'input', line, bias: 'none' })),
    { onReading: (line, reading) => void heard.push(`${line} ${shown(reading)}`), onOutputTrouble: () => {} },
  );
  return { lines, heard, said };
};

whole('2N over https with digest: ring, open, cut and restarted, unplugged and plugged in again', async () => {
  const station = emulatedTwoN({ timers });
  const served = await serveStation(station, { login: 'digest-sha256', tls: selfSigned });
  const settings = settingsAt(served.url, { certificate: pemFile(selfSigned.certificate) });
  const { lines, heard } = await opened(settings, ['front.ring', 'front.open', 'front.tamper']);
  assert.is(shown(lines.read('front.ring')), '0');
  station.press();
  await until('front.ring 0', () => heard.includes('front.ring 0'));
  station.work(1, true, 'dtmf');
  await until('front.open 0', () => heard.includes('front.open 0'));
  assert.equal(heard.splice(0), ['front.ring 1', 'front.ring 0', 'front.open 1', 'front.open 0']);
  station.restart();
  served.cut();
  await until('subscribed anew', () => station.subscriptions() > 0);
  station.tamper(true);
  await until('front.tamper 1', () => heard.includes('front.tamper 1'));
  assert.equal(heard.splice(0), ['front.tamper 1'], 'no line moved by the restart');
  await served.unplug();
  await until('front.open lost', () => heard.includes('front.open lost'), 30_000);
  await served.plug();
  await until('front.open 0', () => heard.includes('front.open 0'), 40_000);
  assert.not(heard.some((text) => text === 'front.ring 1' || text === 'front.open 1'));
  assert.is(shown(lines.read('front.tamper')), '1');
  await lines.close();
  await served.close();
});

whole('DoorBird over https with basic: ring, cut, ring again', async () => {
  const station = emulatedDoorBird({ timers });
  const served = await serveStation(station, { login: 'basic', tls: forAnother });
  const settings = { ...DOORBIRD, url: served.url, passwordFile: passwordFile(), certificate: pemFile(forAnother.certificate) };
  const { lines, heard } = await opened(settings, ['front.ring']);
  assert.is(shown(lines.read('front.ring')), '0');
  station.begins = 'silent';
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  station.ring();
  await until('front.ring 0', () => heard.includes('front.ring 0'));
  assert.equal(heard.splice(0), ['front.ring 1', 'front.ring 0']);
  served.cut();
  await until(
    'listening anew',
    () => station.streams() === 1 && station.asked.filter((path) => path.includes('monitor')).length >= 2,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  station.ring();
  await until('front.ring 0', () => heard.includes('front.ring 0'));
  assert.equal(heard, ['front.ring 1', 'front.ring 0'], 'the cut itself rang nothing and lost nothing');
  await lines.close();
  assert.is(shown(lines.read('front.ring')), 'lost');
  await served.close();
});
whole.run();
