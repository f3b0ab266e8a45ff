/** `vigie doctor` as a whole, on a machine of files: its words, its codes, and that a fault decides. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { doctor, findingsText } from '../../src/cli/doctor.ts';
import { machineAt } from '../../src/cli/doctor/machine.ts';
import { SITE } from '../config/support.ts';
import { machineTree } from '../support/machineTree.ts';
import { fakeIo } from './support.ts';

const test = suite('vigie doctor');

const tree = machineTree();
test.after(() => tree.remove());
tree.put('/var/lib/vigie/keep', '');
tree.put('/proc/self/mountinfo', '24 1 179:2 / / rw,noatime - ext4 /dev/mmcblk0p2 rw\n');

/** Nobody to call, and the board simulated: nothing here depends on the machine of the test. */
const ALONE = SITE.replace(/^mqtt: .*\n/m, '');
const EXPANDED = ALONE.replace(
  'areas:\n',
  'expanders: { box: { model: arduino-uno-firmata, port: /dev/serial/by-id/none } }\nareas:\n',
);

type Ended = { readonly status: number; readonly out: string; readonly err: string };

const run = async (...args: readonly string[]): Promise<Ended> => {
  const io = fakeIo({ 'alone.yaml': ALONE, 'expanded.yaml': EXPANDED, 'bad.yaml': 'version: 1\n' });
  const status = await doctor(
    args,
    io,
    machineAt(tree.root, () => undefined),
  );
  return { status, ...io.written };
};

const findingsOf = ({ out }: Ended): readonly unknown[] => {
  const list: unknown = Reflect.get(Object(JSON.parse(out)), 'findings');
  return Array.isArray(list) ? list : [];
};

const found = (ended: Ended, topic: string, code: string): boolean =>
  findingsOf(ended).some((each) => Reflect.get(Object(each), 'topic') === topic && Reflect.get(Object(each), 'code') === code);

test('to be seen to is no fault: 0, every topic told, French first', async () => {
  const { status, out, err } = await run('--config', 'alone.yaml');
  assert.is(status, 0, out);
  assert.is(err, '');
  for (const topic of [
    'Logiciel',
    'Fichier du site',
    'Broches',
    'Ports série',
    'Platines de rue',
    'Heure',
    'Disque',
    'Liaison au centre',
    'Service et machine',
  ])
    assert.match(out, new RegExp(`^${topic}$`, 'm'));
  assert.match(out, /^ {2}À VOIR {2}Il n’y a pas de mqtt/m);
  assert.match(out, /^0 défaut, \d+ points? à voir\.$/m);
});

test('a fault: 1, and in English', async () => {
  const { status, out } = await run('--config', 'expanded.yaml', '--lang', 'en');
  assert.is(status, 1);
  assert.match(out, /^ {2}FAULT {3}box: \/dev\/serial\/by-id\/none is not there\./m);
  assert.match(out, /^1 fault, \d+ warnings?\.$/m);
});

test('for machines: topic, code, status and both languages', async () => {
  const ended = await run('--config', 'alone.yaml', '--json');
  assert.is(ended.status, 0);
  assert.is(Reflect.get(Object(JSON.parse(ended.out)), 'ok'), true);
  assert.ok(found(ended, 'gpio', 'simulated'));
  assert.ok(found(ended, 'broker', 'not-monitored'));
  assert.ok(found(ended, 'disk', 'file-system'), 'the usual data folder was taken');
  for (const each of findingsOf(ended)) {
    assert.match(String(Reflect.get(Object(each), 'status')), /^(ok|warn|fault|skipped)$/);
    assert.ok(Reflect.get(Object(each), 'messageFr'));
  }
});

test('a faulty file is a fault, and the machine is looked at all the same', async () => {
  const ended = await run('--config', 'bad.yaml', '--json');
  assert.is(ended.status, 1);
  assert.ok(found(ended, 'site', 'faulty'));
  assert.ok(found(ended, 'software', 'node'));
  assert.ok(found(ended, 'gpio', 'no-site'));
});

test('no file at all: what needs one is skipped, and that is no fault', async () => {
  const ended = await run('--json');
  assert.is(ended.status, 0, ended.out);
  assert.ok(found(ended, 'site', 'not-given'));
  assert.ok(found(ended, 'broker', 'no-site'));
});

test('what comes from a file cannot move the cursor', () => {
  const message = 'a\u001b[2Jb.';
  assert.not.match(findingsText('en', [{ topic: 'site', code: 'x', status: 'ok', message, messageFr: message }]), '\u001b');
});

for (const args of [['x'], ['--lang', 'de'], ['--jsno'], ['--config']]) {
  test(`${args.join(' ')}: 2, with the usage`, async () => {
    const { status, out, err } = await run(...args);
    assert.is(status, 2);
    assert.is(out, '');
    assert.match(err, 'Usage: vigie doctor');
  });
}

test.run();
