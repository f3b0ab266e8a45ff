/** The doctor at a real broker: what it learns, and that nobody notices more than a visitor who says nothing. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeBroker } from '../../src/cli/doctor/broker.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { lookAtBroker } from '../../src/cli/doctor/lookAtBroker.ts';
import { machineAt } from '../../src/cli/doctor/machine.ts';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import type { Broker, BrokerAction, BrokerOptions } from '../../src/drivers/broker/broker.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { LINK_DEFAULTS } from '../../src/ports/link.ts';
import type { Link, LinkEvent } from '../../src/ports/link.ts';
import { SITE, siteOf } from '../config/support.ts';
import { makeAuthority } from '../support/certificates.ts';

const test = suite('doctor: broker');

const folder = mkdtempSync(join(tmpdir(), 'vigie-doctor-'));
const brokers: Broker[] = [];
test.after(async () => {
  for (const broker of brokers) await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

type Act = { readonly clientId: string; readonly action: BrokerAction; readonly topic: string };

const brokerWith = async (options: Partial<BrokerOptions> = {}) => {
  const acts: Act[] = [];
  const started = await startBroker({
    port: 0,
    host: '127.0.0.1',
    ...options,
    authorise: (client, action, topic) => {
      acts.push({ clientId: client.clientId, action, topic });
      return options.authorise?.(client, action, topic) ?? true;
    },
  });
  if (started.kind === 'failed') throw new Error(started.reason);
  brokers.push(started.broker);
  return { broker: started.broker, acts };
};

/** A file that only its owner reads. */
const secret = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
};

const person = { name: 'vigie', uid: process.getuid?.() ?? 0, gids: [] };

const examine = async (mqtt: string): Promise<readonly Finding[]> => {
  const file = siteOf(SITE.replace(/^mqtt: .*$/m, `mqtt: ${mqtt}`));
  return judgeBroker(await lookAtBroker(file, machineAt('/'), person, true));
};

const unwell = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ status }) => status === 'warn' || status === 'fault').map(({ code }) => code);

const connected = (url: string, clientId: string, onEvent: (event: LinkEvent) => void): Promise<Link> =>
  new Promise((resolve) => {
    const link = mqttLink((event) => (event.kind === 'up' ? resolve(link) : onEvent(event)));
    link.connect({ ...LINK_DEFAULTS, url, clientId });
  });

const sayOnline = (link: Link): Promise<unknown> =>
  new Promise((resolve) => {
    const payload = new TextEncoder().encode('{"v":1,"status":"online"}');
    link.publish({ topic: 'vigie/v1/centre/status', payload, qos: 1, retain: true }, resolve);
  });

test('the centre is there; the controller keeps its connection, and nothing is published', async () => {
  const { broker, acts } = await brokerWith();
  const ends: LinkEvent[] = [];
  const controller = await connected(broker.url, 'vigie-test', (event) => void ends.push(event));
  await sayOnline(controller);
  acts.length = 0;

  const findings = await examine(`{ broker: '${broker.url}' }`);
  assert.equal(unwell(findings), ['not-encrypted']);
  assert.ok(findings.some(({ code }) => code === 'centre-online'));
  assert.equal(ends, [], 'the controller was not taken over');
  assert.equal(
    acts.filter(({ action }) => action === 'publish'),
    [],
  );
  assert.ok(
    acts.every(({ clientId }) => /^vigie-test-doctor-[0-9a-f]{6}$/.test(clientId)),
    JSON.stringify(acts),
  );
  controller.destroy();
});

test('the centre is not there', async () => {
  const { broker } = await brokerWith();
  assert.equal(unwell(await examine(`{ broker: '${broker.url}' }`)), ['not-encrypted', 'centre-not-listening']);
});

test('a broker that keeps commands from the site', async () => {
  const { broker } = await brokerWith({
    authorise: (_client, action, topic) => action !== 'subscribe' || !topic.includes('command'),
  });
  const findings = await examine(`{ broker: '${broker.url}' }`);
  assert.ok(unwell(findings).includes('subscription-refused'), JSON.stringify(findings));
});

test('nobody there', async () => {
  const { broker } = await brokerWith();
  await broker.close();
  brokers.pop();
  assert.equal(unwell(await examine(`{ broker: '${broker.url}' }`)), ['not-encrypted', 'down-unreachable']);
});

test('TLS: both certificates and their days; one that ends soon is seen', async () => {
  const authority = makeAuthority('Authority of the test');
  const soon = new Date(Date.now() + 10 * 86_400_000);
  const server = authority.issue({ commonName: 'localhost', use: 'server', names: ['127.0.0.1'], notAfter: soon });
  const client = authority.issue({ commonName: 'test', use: 'client' });
  const { broker } = await brokerWith({ tls: { ...server, clientCa: authority.certificate } });
  const url = `mqtts://127.0.0.1:${broker.port}`;
  const ca = secret('ca.pem', authority.certificate);
  const cert = secret('cert.pem', client.certificate);
  const key = secret('key.pem', client.key);

  const findings = await examine(`{ broker: '${url}', tls: { ca: ${ca}, cert: ${cert}, key: ${key} } }`);
  assert.equal(unwell(findings), ['centre-not-listening', 'broker-expires-soon']);
  assert.ok(findings.some(({ code }) => code === 'own-valid' || code === 'own-expires-soon'));

  const stranger = makeAuthority('Somebody else');
  const otherCa = secret('other-ca.pem', stranger.certificate);
  const distrusted = await examine(`{ broker: '${url}', tls: { ca: ${otherCa}, cert: ${cert}, key: ${key} } }`);
  assert.ok(unwell(distrusted).includes('down-tls'));
  assert.ok(unwell(distrusted).includes('broker-expires-soon'), 'its date is read all the same');

  const foreign = secret('foreign.pem', stranger.issue({ commonName: 'x', use: 'client' }).key);
  const mixed = await examine(`{ broker: '${url}', tls: { ca: ${ca}, cert: ${cert}, key: ${foreign} } }`);
  assert.ok(unwell(mixed).includes('key-of-another'), JSON.stringify(mixed));

  chmodSync(key, 0o644);
  const open = await examine(`{ broker: '${url}', tls: { ca: ${ca}, cert: ${cert}, key: ${key} } }`);
  assert.ok(unwell(open).includes('key-open'));
});

test('a key that is not there: said, and the broker is not tried', async () => {
  const { broker, acts } = await brokerWith();
  const findings = await examine(`{ broker: '${broker.url}', username: x, passwordFile: ${join(folder, 'none')} }`);
  assert.ok(unwell(findings).includes('password-unreadable'));
  assert.ok(findings.some(({ code }) => code === 'not-tried'));
  assert.equal(acts, []);
});

test.run();
