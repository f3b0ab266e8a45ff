/** Client certificates through the site's own file: the broker knows the site by its own, and no other broker is believed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { makeAuthority } from '../support/certificates.ts';
import { killLeftovers, startReady, temporaryFolder, until } from '../support/controllerProcess.ts';
import { connectSim } from '../support/simClient.ts';

const test = suite('e2e: tls');
const folder = temporaryFolder();
test.after(async () => {
  await killLeftovers();
  folder.remove();
});

const authority = makeAuthority('Authority of the test');
const stranger = makeAuthority('Somebody else');
const SAFE = 'GPIO5';
const SIREN = 'GPIO27';

/** The smallest example with a safe, and this site's certificate; `ca` is whom it believes. */
const configWith = (name: string, port: number, ca: string): string => {
  const path = (file: string): string => join(folder.path, `${name}-${file}`);
  const own = authority.issue({ commonName: 'minimal', use: 'client' });
  writeFileSync(path('ca.pem'), ca);
  writeFileSync(path('cert.pem'), own.certificate);
  writeFileSync(path('key.pem'), own.key);
  const tls = `{ ca: ${path('ca.pem')}, cert: ${path('cert.pem')}, key: ${path('key.pem')} }`;
  const text = readFileSync('config/minimal.yaml', 'utf8')
    .replace(/^mqtt: .*$/m, `mqtt: { broker: 'mqtts://127.0.0.1:${port}', tls: ${tls} }`)
    .replace(/^outputs:$/m, `  safe: { number: 2, name: Coffre, area: cabinet, type: 24h, input: ${SAFE} }\noutputs:`);
  writeFileSync(path('site.yaml'), text);
  return path('site.yaml');
};

type Published = { readonly by: string | undefined; readonly topic: string };

const secureBroker = async (published: Published[]) => {
  const own = authority.issue({ commonName: 'localhost', use: 'server', names: ['127.0.0.1'] });
  const started = await startBroker({
    port: 0,
    host: '127.0.0.1',
    tls: { ...own, clientCa: authority.certificate },
    authorise: ({ certificateName }, action, topic) => {
      if (action === 'publish') published.push({ by: certificateName, topic });
      return true;
    },
  });
  if (started.kind === 'failed') throw new Error(started.reason);
  return started.broker;
};

const openSafe = async (socket: string): Promise<void> => {
  const board = await connectSim(socket);
  await board.ask({ set: SAFE, level: 1 });
  await until('the siren', async () => (await board.ask({ get: SIREN })).level === 1);
  board.close();
};

test('the alarm goes out under the name in the site’s certificate', async () => {
  const published: Published[] = [];
  const broker = await secureBroker(published);
  const socket = join(folder.path, 'good.sock');
  const config = configWith('good', broker.port, authority.certificate);
  const site = await startReady({ config, data: join(folder.path, 'good'), socket });
  await until('the birth', () => published.some(({ topic }) => topic === 'vigie/v1/minimal/status'));
  await openSafe(socket);
  await until('the alarm', () => published.some(({ topic }) => topic === 'vigie/v1/minimal/alarm/intrusion'));
  assert.equal([...new Set(published.map(({ by }) => by))], ['minimal']);
  await site.kill('SIGTERM');
  await broker.close();
});

test('a broker that another authority vouches for hears nothing, and the siren sounds all the same', async () => {
  const published: Published[] = [];
  const broker = await secureBroker(published);
  const socket = join(folder.path, 'wrong.sock');
  const config = configWith('wrong', broker.port, stranger.certificate);
  const site = await startReady({ config, data: join(folder.path, 'wrong'), socket });
  await openSafe(socket);
  await until('the reason in the log', () => /"kind":"tls","problem":"unknown-authority"/.test(site.log()));
  assert.equal(published, []);
  await site.kill('SIGTERM');
  await broker.close();
});

test.run();
