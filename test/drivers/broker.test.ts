/** The embedded broker: starting, who may do what, and the two ways it ends. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import type { Broker, BrokerOptions } from '../../src/drivers/broker/broker.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { makeAuthority } from '../support/certificates.ts';
import { options, withEars } from '../support/linkEars.ts';

const test = suite('embedded broker');
const local = { port: 0, host: '127.0.0.1' };

const withBroker = async (wanted: Partial<BrokerOptions>, check: (broker: Broker) => Promise<void>): Promise<void> => {
  const start = await startBroker({ ...local, ...wanted });
  if (start.kind === 'failed') throw new Error(start.reason);
  try {
    await check(start.broker);
  } finally {
    await start.broker.kill();
  }
};

test('a port in use is said, and the port is free again after the end', async () => {
  let port = 0;
  await withBroker({}, async (broker) => {
    port = broker.port;
    assert.equal(await startBroker({ ...local, port }), { kind: 'failed', reason: 'port-in-use' });
  });
  await withBroker({ port }, async (broker) => assert.is(broker.port, port));
});

test('an address that is not of this machine is said', async () => {
  assert.equal(await startBroker({ port: 0, host: '192.0.2.1' }), { kind: 'failed', reason: 'address-not-ours' });
});

test('credentials that cannot be read are said', async () => {
  const tls = { certificate: 'nothing', key: 'nothing' };
  assert.equal(await startBroker({ ...local, tls }), { kind: 'failed', reason: 'bad-credentials' });
});

test('closing says goodbye, killing does not', async () => {
  for (const [way, reason] of [
    ['close', { kind: 'disconnected', code: 0x8b }],
    ['kill', { kind: 'closed', code: undefined }],
  ] as const) {
    await withBroker({}, async (broker) => {
      const site = withEars(mqttLink);
      await site.up({ url: broker.url, clientId: 'site' });
      await site.publish({ topic: 'x' });
      await broker[way]();
      assert.equal((await site.down()).reason, reason, way);
      site.forget();
      site.link.connect(options({ url: broker.url, clientId: 'site' }));
      assert.equal((await site.down()).reason, { kind: 'unreachable', code: 'ECONNREFUSED' });
    });
  }
});

const ownTopicsOnly: BrokerOptions['authorise'] = ({ certificateName }, action, topic) =>
  action !== 'publish' || topic.startsWith(`vigie/v1/${certificateName}/`);

test('rights are asked with what the client certificate proved', async () => {
  const authority = makeAuthority('authority');
  const server = authority.issue({ commonName: 'broker', use: 'server', names: ['127.0.0.1'] });
  const client = authority.issue({ commonName: 'cabinet-1', use: 'client' });
  const tls = { ...server, clientCa: authority.certificate };
  await withBroker({ tls, authorise: ownTopicsOnly }, async (broker) => {
    const site = withEars(mqttLink);
    await site.up({ url: broker.url, clientId: 'any', tls: { ...client, ca: authority.certificate } });
    assert.equal(await site.publish({ topic: 'vigie/v1/cabinet-2/alarm/holdup' }), { kind: 'refused', code: 0x87 });
    assert.is((await site.publish({ topic: 'vigie/v1/cabinet-1/alarm/holdup' })).kind, 'acknowledged');
    assert.equal(await site.publish({ topic: '$SYS/x' }), { kind: 'refused', code: 0x87 });
    site.link.destroy();
    await site.down();
  });
});

test.run();
