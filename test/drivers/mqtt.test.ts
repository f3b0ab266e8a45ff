/** The parts of the MQTT driver that no broker shows: sizes while bytes arrive, and what is not MQTT. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { makeFrameGuard } from '../../src/drivers/mqtt/frameGuard.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { targetOf } from '../../src/drivers/mqtt/socket.ts';
import { isFilter, topicMatches } from '../../src/drivers/mqtt/topicFilter.ts';
import { options, withEars } from '../support/linkEars.ts';
import type { DownReason } from '../../src/ports/link.ts';

// ---- sizes

const sizes = suite('packet sizes');

const lengthBytes = (length: number): readonly number[] =>
  length < 128 ? [length] : [(length % 128) | 0x80, ...lengthBytes(Math.floor(length / 128))];

const packet = (bodyBytes: number): Uint8Array =>
  Uint8Array.from([0x30, ...lengthBytes(bodyBytes), ...Array<number>(bodyBytes).fill(0xff)]);

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const verdict = (chunks: readonly Uint8Array[], maximumBytes: number): number | undefined => {
  const guard = makeFrameGuard(maximumBytes);
  for (const chunk of chunks) {
    const bytes = guard(chunk);
    if (bytes !== undefined) return bytes;
  }
  return undefined;
};

const split = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

sizes('packets at the limit pass and those above it do not, however the stream is cut', () => {
  const within = joined(packet(0), packet(1), packet(127), packet(128), packet(997), packet(5));
  const above = joined(packet(300), packet(998), packet(3));
  for (const size of [1, 2, 3, 7, 64, 5_000]) {
    assert.is(verdict(split(within, size), 1_000), undefined, `cut in ${size}`);
    assert.is(verdict(split(above, size), 1_000), 1_001, `cut in ${size}`);
  }
});

sizes('a huge packet is known by its header alone', () => {
  assert.is(verdict([Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0x7f])], 17_408), 5 + 268_435_455);
});

sizes('a length of more than four bytes is no length', () => {
  assert.is(verdict([Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0xff])], 17_408), Number.POSITIVE_INFINITY);
});

sizes.run();

// ---- addresses and filters

const names = suite('addresses and filters');

names('an address is a scheme, a host and a port', () => {
  const rows = [
    ['mqtt://host', { secure: false, host: 'host', port: 1883 }],
    ['mqtts://host', { secure: true, host: 'host', port: 8883 }],
    ['mqtt://127.0.0.1:2000', { secure: false, host: '127.0.0.1', port: 2000 }],
    ['mqtts://[::1]:99', { secure: true, host: '::1', port: 99 }],
    ['ws://host', undefined],
    ['host:1883', undefined],
    ['mqtt://', undefined],
    ['', undefined],
  ] as const;
  for (const [url, target] of rows) assert.equal(targetOf(url), target, url);
});

names('filters match as MQTT 5, 4.7 says', () => {
  const rows = [
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['+/b', 'a/b', true],
    ['#', 'a', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['a', 'A', false],
    ['a/', 'a', false],
  ] as const;
  for (const [filter, topic, matches] of rows) assert.is(topicMatches(filter, topic), matches, `${filter} ${topic}`);
  for (const filter of ['a', '+', '#', 'a/#', '+/+/#', '/']) assert.ok(isFilter(filter), filter);
  for (const filter of ['', 'a#', 'a/#/b', '+a', 'a/b+']) assert.not.ok(isFilter(filter), filter);
});

names.run();

// ---- peers that are no brokers

const peers = suite('peers that are no brokers');

/** Connects to a server that treats each connection so, and tells how the attempt ended. */
const endWith = (serve: (socket: Socket) => void, connectTimeoutMs = 1_000): Promise<DownReason> =>
  new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      serve(socket);
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const ears = withEars(mqttLink);
      ears.link.connect(options({ url: `mqtt://127.0.0.1:${port}`, clientId: 'site', connectTimeoutMs }));
      const over = ({ reason }: { readonly reason: DownReason }): void => {
        for (const socket of sockets) socket.destroy();
        server.close();
        assert.is(ears.events.length, 1);
        resolve(reason);
      };
      ears.down().then(over, reject);
    });
  });

const connack = (reasonCode: number, ...properties: readonly number[]): Uint8Array =>
  Uint8Array.from([0x20, 3 + properties.length, 0, reasonCode, properties.length, ...properties]);

peers('a stream that ends at once', async () => {
  assert.is((await endWith((socket) => socket.end())).kind, 'closed');
});

peers('a peer that says nothing', async () => {
  assert.equal(await endWith(() => undefined, 100), { kind: 'timeout', during: 'connecting' });
});

peers('a web server', async () => {
  const reason = await endWith((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  assert.ok(['protocol-error', 'closed', 'packet-too-large'].includes(reason.kind), JSON.stringify(reason));
});

peers('bytes that are no packet', async () => {
  assert.is((await endWith((socket) => socket.write(Uint8Array.from([0x00, 0x00, 0xff, 0xff])))).kind, 'protocol-error');
});

peers('a broker of MQTT 3 that refuses our version', async () => {
  assert.equal(await endWith((socket) => socket.write(Uint8Array.from([0x20, 2, 0, 1]))), { kind: 'refused', code: 1 });
});

peers('refusals with their codes', async () => {
  for (const code of [0x85, 0x86, 0x87, 0x88, 0x89]) {
    assert.equal(await endWith((socket) => socket.write(connack(code))), { kind: 'refused', code });
  }
});

peers('a packet announced larger than all memory', async () => {
  const reason = await endWith((socket) => socket.write(Uint8Array.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1])));
  assert.equal(reason, { kind: 'packet-too-large', bytes: 268_435_460 });
});

peers('nobody there', async () => {
  const ears = withEars(mqttLink);
  ears.link.connect(options({ url: 'mqtt://127.0.0.1:1', clientId: 'site' }));
  assert.equal((await ears.down()).reason, { kind: 'unreachable', code: 'ECONNREFUSED' });
});

peers('an address that is none', async () => {
  const ears = withEars(mqttLink);
  ears.link.connect(options({ url: 'http://127.0.0.1', clientId: 'site' }));
  assert.equal(ears.events, []);
  assert.equal((await ears.down()).reason, { kind: 'bad-url' });
});

peers.run();

// ---- Nagle's algorithm

const delay = suite('no delay');

delay('an answer follows its question at once: Nagle and delayed acknowledgements would take 44 ms a hop', async () => {
  const start = await startBroker({ port: 0, host: '127.0.0.1' });
  if (start.kind === 'failed') throw new Error(start.reason);
  const rounds = 30;
  const [site, centre] = [withEars(mqttLink), withEars(mqttLink)];
  await site.up({ url: start.broker.url, clientId: 'site' });
  await centre.up({ url: start.broker.url, clientId: 'centre' });
  await site.subscribe('answer');
  await centre.subscribe('question');
  const heard = (ears: typeof site): Promise<unknown> =>
    ears.until('a message', (event) => (event.kind === 'message' ? event : undefined));
  const from = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    site.forget();
    centre.forget();
    void site.publish({ topic: 'question' });
    await heard(centre);
    void centre.publish({ topic: 'answer' });
    await heard(site);
  }
  const eachMs = (performance.now() - from) / rounds;
  assert.ok(eachMs < 22, `${eachMs.toFixed(1)} ms each`);
  for (const { link } of [site, centre]) link.destroy();
  await start.broker.kill();
});

delay.run();
