/** The doctor at door stations: what it makes of what it sees, and what it does at a real one. */
import { chmodSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { lookAtStations } from '../../src/cli/doctor/lookAtStations.ts';
import { machineAt } from '../../src/cli/doctor/machine.ts';
import { judgeStations } from '../../src/cli/doctor/stations.ts';
import type { SecretSeen, StationSeen } from '../../src/cli/doctor/stations.ts';
import type { StationConfig } from '../../src/config/siteFile.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import { failed } from '../../src/drivers/stations/transport.ts';
import { emulatedDoorBird } from '../support/stations/doorBird.ts';
import { DOORBIRD, passwordFile, TWO_N } from '../support/stations/rig.ts';
import { serveStation } from '../support/stations/server.ts';
import { emulatedTwoN } from '../support/stations/twoN.ts';

const test = suite('doctor: door stations');
const timers = machineTimers;

const verdictOf = (findings: readonly Finding[]): string =>
  findings.map(({ status, code }) => (status === 'ok' ? 'ok' : `${status}:${code}`)).join(' ');

const FILE: SecretSeen = { path: '/etc/vigie/front.password', isReadable: true, isReadHere: true, isOpenToOthers: false };
const STATION: StationSeen = {
  id: 'front',
  kind: '2n',
  url: 'https://192.168.1.20',
  password: FILE,
  certificate: undefined,
  tried: { ok: true, what: '2N IP Verso 2.40' },
};
const judged = (change: Partial<StationSeen>): readonly Finding[] =>
  judgeStations({ user: 'vigie', stations: [{ ...STATION, ...change }] });

const FAILURES = [
  'unreachable',
  'timeout',
  'closed',
  'certificate',
  'wrong-password',
  'password-in-clear',
  'forbidden',
  'busy',
  'garbled',
  'too-large',
  'no-password',
  'no-certificate',
  'subscription-lost',
  'too-late',
] as const;

const CASES: readonly (readonly [string, readonly Finding[], string])[] = [
  ['none', judgeStations({ user: 'vigie', stations: [] }), 'skipped:no-stations'],
  ['all well', judged({}), 'ok'],
  ['well, and nameless', judged({ tried: { ok: true, what: '' } }), 'ok'],
  ['the service cannot read its password', judged({ password: { ...FILE, isReadable: false } }), 'fault:file-unreadable'],
  ['nor its certificate', judged({ certificate: { ...FILE, isReadable: false } }), 'fault:file-unreadable'],
  ['whoever asks cannot', judged({ password: { ...FILE, isReadHere: false } }), 'skipped:not-tried'],
  ['a password for everybody', judged({ password: { ...FILE, isOpenToOthers: true } }), 'ok warn:password-open'],
  ...FAILURES.map((failure) => [failure, judged({ tried: failed(failure, 'ECODE') }), `fault:${failure}`] as const),
];

for (const [what, findings, expected] of CASES) {
  test(`${what}: ${expected}`, () => {
    assert.is(verdictOf(findings), expected);
    for (const { message, messageFr } of findings) {
      assert.match(message, /\S\.$/, 'a sentence');
      assert.match(messageFr, /\S\.$/, 'une phrase');
      assert.not(`${message}${messageFr}`.includes('undefined'));
    }
  });
}

// ---- at a station

const person = { name: 'vigie', uid: process.getuid?.() ?? 0, gids: [] };
const machine = machineAt('/');

const secret = (text?: string): string => {
  const path = passwordFile(text);
  chmodSync(path, 0o600);
  return path;
};

const examine = async (station: StationConfig): Promise<readonly Finding[]> =>
  judgeStations(await lookAtStations([station], machine, person));

test('a 2N that answers: its own words are told, and its log has no reader more than before', async () => {
  const station = emulatedTwoN({ timers });
  const served = await serveStation(station, { login: 'digest-md5' });
  const config = { ...TWO_N, lines: [], url: served.url, passwordFile: secret() };
  const [finding, ...others] = await examine(config);
  assert.equal(others, []);
  assert.is(finding?.messageFr, `front : 2N IP Verso 2.40.0.51.8 répond à ${served.url}.`);
  assert.is(station.subscriptions(), 0);
  assert.is(verdictOf(await examine({ ...config, passwordFile: secret('guess') })), 'fault:wrong-password');
  assert.is(verdictOf(await examine({ ...config, passwordFile: secret('') })), 'fault:no-password');
  station.mode = 403;
  assert.is(verdictOf(await examine(config)), 'fault:forbidden');
  await served.close();
  assert.is(verdictOf(await examine(config)), 'fault:unreachable');
});

test('a DoorBird that answers, and a 2N in its place', async () => {
  const served = await serveStation(emulatedDoorBird({ timers }), { login: 'digest-sha256' });
  const config = { ...DOORBIRD, lines: [], url: served.url, passwordFile: secret() };
  const [finding] = await examine(config);
  assert.is(finding?.message, `front: DoorBird D2101V 000125 answers at ${served.url}.`);
  const other = await serveStation(emulatedTwoN({ timers }), { login: 'digest-sha256' });
  assert.is(verdictOf(await examine({ ...config, url: other.url })), 'fault:garbled');
  await served.close();
  await other.close();
});

test('a certificate file that holds none is told, and nothing is sent', async () => {
  const served = await serveStation(emulatedTwoN({ timers }), { login: 'none' });
  const path = `${secret()}.pem`;
  writeFileSync(path, 'nonsense');
  const config = { ...TWO_N, lines: [], url: served.url, passwordFile: secret(), certificate: path };
  assert.is(verdictOf(await examine(config)), 'fault:no-certificate');
  assert.is(served.connections(), 0);
  await served.close();
});
test.run();
