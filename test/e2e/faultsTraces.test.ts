// deadline: 60s
/** What a run leaves behind: no code and no badge anywhere, and a clean end that says so. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SiteFile } from '../../src/config/siteFile.ts';
import type { Meaning } from '../../src/core/config.ts';
import { openSecrets } from '../../src/drivers/secrets/secrets.ts';
import { normalBadge } from '../../src/ports/secrets.ts';
import type { SecretKind } from '../../src/ports/secrets.ts';
import { sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { groundIn, guardHere } from '../support/guardedHere.ts';
import { KILL_AREAS } from '../support/killSite.ts';

const [, , INSTANT] = KILL_AREAS;
if (!INSTANT) throw new Error('areas');

/** So long that none of them comes up by chance in a number or a hash. */
const CODE = '73918462';
const DURESS = '40917735';
const WRONG = '58206319';
const BADGE = 'a5c31f07d2';

const test = suite('e2e: what a run leaves behind');

const withCodes = async (file: SiteFile): Promise<SiteFile> => {
  const secrets = openSecrets({ salt: file.security.salt, pepper: undefined });
  const credential = async (kind: SecretKind, text: string, meaning: Meaning) => {
    const made = await secrets.digest(kind, text);
    if (!made.ok) throw new Error(made.reason);
    return { user: 'martin', kind, meaning, digest: made.digest };
  };
  const more = [
    await credential('code', CODE, 'normal'),
    await credential('code', DURESS, 'duress'),
    await credential('badge', normalBadge(BADGE), 'normal'),
  ];
  await secrets.close();
  return { ...file, credentials: [...file.credentials, ...more] };
};

/** Everything that goes over the broker, as text. */
const eavesdrop = async (url: string): Promise<{ readonly heard: () => string; readonly close: () => Promise<void> }> => {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, clientId: 'eavesdropper' });
  let heard = '';
  client.on('message', (topic, payload) => (heard += `${topic} ${payload.toString('latin1')}\n`));
  await client.subscribeAsync('#', { qos: 1 });
  return { heard: () => heard, close: () => client.endAsync(true) };
};

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesUnder(path) : [path]));

/** As text and as the digits of a recorded key sequence would stand in JSON. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  secret.toUpperCase(),
  secret.split('').join(','),
  secret
    .split('')
    .map((digit) => `"${digit}"`)
    .join(','),
  Buffer.from(secret).toString('base64').replaceAll('=', ''),
];

const found = (place: string, text: string): readonly string[] =>
  [CODE, DURESS, WRONG, BADGE].flatMap((secret) =>
    formsOf(secret).flatMap((form) => (text.includes(form) ? [`${form} in ${place}`] : [])),
  );

test('no code, right or wrong, and no badge is in the data folder, the log or a message; the end is told', async () => {
  const folder = temporaryFolder();
  const ground = await groundIn(folder.path);
  const ears = await eavesdrop(ground.broker);
  const guarded = await guardHere(ground, { change: withCodes });
  const { hand } = guarded;
  const by = (kind: string): number => guarded.events.filter((event) => event.kind === kind).length;

  hand.keys(INSTANT.id, `${WRONG}#`);
  hand.keys(INSTANT.id, `1**${CODE}#`);
  await guarded.untilLevel(INSTANT.lamp, 1);
  hand.keys(INSTANT.id, `${DURESS}#`);
  await guarded.untilLevel(INSTANT.lamp, 0);
  await ground.heard('duress');
  hand.badge(INSTANT.id, { bits: 40, hex: BADGE });
  hand.keys(INSTANT.id, CODE.slice(0, 5));
  await sleep(500);
  // The recorder of inputs is written with the last commit.
  hand.setLevel(INSTANT.window, 1);
  await until('the end', () => by('disarmed') > 0);
  await guarded.stop();
  assert.match(ground.centre.latest.get('vigie/v1/here/status') ?? '', '"stopped"');
  assert.ok(ground.told('stopped').length + by('stopped') > 0, 'the end is an event');

  const files = filesUnder(ground.data);
  assert.ok(
    files.some((path) => path.endsWith('store.db')) && files.length > 3,
    files.map((path) => `${path} ${statSync(path).size}`).join(),
  );
  assert.match(ears.heard(), '"duress"');
  const leaks = [
    ...files.flatMap((path) => found(path, readFileSync(path, 'latin1'))),
    ...found('the log', guarded.logged.join('\n')),
    ...found('a message', ears.heard()),
  ];
  assert.equal(leaks, []);
  await ears.close();
  await ground.close();
  folder.remove();
});

test.run();
