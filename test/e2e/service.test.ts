// deadline: 240s
// alone
/**
 * The service as systemd runs it, by the unit file that is installed: what happens to the controller and to its outputs when
 * it is killed, stopped dead, deaf, cannot start, or is told to end. A supervisor of ours does what the unit says, in its times.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HELD_MS } from '../../src/cli/rest/plan.ts';
import { readSign } from '../../src/cli/rest/runtimeFolder.ts';
import { machineMs, sleep, startProcess, temporaryFolder, until } from '../support/controllerProcess.ts';
import { readUnit } from '../support/unitFile.ts';
import { superviseUnit } from '../support/unitSupervisor.ts';
import type { UnitEvent, UnitOptions, UnitSupervisor } from '../support/unitSupervisor.ts';

const test = suite('e2e: service');
const folder = temporaryFolder();
const unit = readUnit(fileURLToPath(new URL('../../../packaging/vigie.service', import.meta.url)));
const MINIMAL = readFileSync(new URL('../../../config/minimal.yaml', import.meta.url), 'utf8');

/** The siren rests; the lamp stands for a maglock, which is held for a while. */
const SITE = MINIMAL.replace('mqtt: { broker: mqtt://127.0.0.1:1883 }\n', '').replace(
  'keypads:',
  '  lamp: { role: armed-lamp, name: Voyant, output: GPIO22, areas: [cabinet], onCrash: hold }\nkeypads:',
);

const running: UnitSupervisor[] = [];
test.after(async () => {
  await Promise.all(running.map((service) => service.stop()));
  folder.remove();
});

let count = 0;
const service = (change: Partial<UnitOptions> = {}): UnitSupervisor & { readonly config: string; readonly data: string } => {
  const own = join(folder.path, `s${(count += 1)}`);
  mkdirSync(own);
  const [config, data] = [join(own, 'site.yaml'), join(own, 'data')];
  writeFileSync(config, SITE);
  const made = superviseUnit({ unit, folder: own, config, data, ...change });
  running.push(made);
  made.start();
  return { ...made, config, data };
};

type Kind = UnitEvent['kind'];
type Of<K extends Kind> = Extract<UnitEvent, { kind: K }>;
const all = <K extends Kind>({ events }: UnitSupervisor, kind: K): readonly Of<K>[] =>
  events.filter((event): event is Of<K> => event.kind === kind);
const readies = (of: UnitSupervisor): readonly Of<'heard'>[] => all(of, 'heard').filter(({ text }) => text.startsWith('READY=1'));
const ready = async (of: UnitSupervisor, times: number): Promise<number> => {
  await until(`ready for time ${times}:\n${of.log()}`, () => readies(of).length >= times, 40_000);
  return readies(of)[times - 1]?.atMs ?? 0;
};
const preload = (name: string): string => `--import=${new URL(`../support/${name}.js`, import.meta.url).href}`;

/** Started first, as it takes long: each commit takes more than the watchdog waits. */
const slow = service({ args: ['--commit-delay', '7000'] });

// ---- well

test('it says when it watches, is fed several times in the watchdog’s time, and gives a sign of life each second', async () => {
  const one = service();
  const readyAt = await ready(one, 1);
  await sleep(4_000);
  const feeds = all(one, 'heard').filter(({ text, atMs }) => text === 'WATCHDOG=1' && atMs > readyAt);
  assert.ok(feeds.length >= 3, `${feeds.length} feeds in 4 s`);
  const sign = readSign(one.runtime);
  assert.ok(sign && machineMs() - sign.atMs < 2_500, JSON.stringify(sign));
  assert.is(sign?.pid, one.pid());
  assert.equal(all(one, 'watchdog'), []);
  await one.stop();
});

// ---- ends

test('told to end: it says so, ends well, everything rests, and it is not started anew', async () => {
  const one = service();
  await ready(one, 1);
  await one.stop();
  assert.ok(all(one, 'heard').some(({ text }) => text === 'STOPPING=1'));
  assert.equal(
    all(one, 'ended').map(({ result, code, status }) => [result, code, status]),
    [['success', 'exited', '0']],
  );
  assert.equal(
    all(one, 'stop-post').map(({ report, exitCode }) => [report?.rested, report?.held, exitCode]),
    [[['siren', 'lamp'], [], 0]],
  );
  assert.is(all(one, 'started').length, 1);
});

const bridged = (of: UnitSupervisor, result: string, goneMs: number): void => {
  assert.equal(
    all(of, 'ended').map((ended) => ended.result),
    [result],
  );
  const [post] = all(of, 'stop-post');
  assert.equal([post?.report?.rested, post?.report?.held, post?.exitCode], [['siren'], ['lamp'], 0]);
  // On a busy machine the start may take longer than an output may be held: then it releases it itself.
  if (goneMs > HELD_MS + 500) assert.match(of.log(), 'the start takes too long');
  process.stdout.write(`${result}: gone for ${goneMs.toFixed(0)} ms, outputs at rest in ${post?.tookMs.toFixed(0)} ms\n`);
};

test('killed: the siren rests at once, the lamp is held, and it watches again', async () => {
  const one = service();
  await ready(one, 1);
  const killedAt = machineMs();
  process.kill(one.pid(), 'SIGKILL');
  const again = await ready(one, 2);
  bridged(one, 'signal', again - killedAt);
  await one.stop();
});

test('stopped dead: the watchdog ends it, and it watches again', async () => {
  const one = service();
  await ready(one, 1);
  await sleep(1_500);
  const stoppedAt = machineMs();
  process.kill(one.pid(), 'SIGSTOP');
  const again = await ready(one, 2);
  const [watchdog] = all(one, 'watchdog');
  const waitedMs = (watchdog?.atMs ?? 0) - stoppedAt;
  assert.ok(waitedMs > 3_000 && waitedMs < unit.watchdogMs + 500, `the watchdog waited ${waitedMs} ms`);
  bridged(one, 'watchdog', again - stoppedAt);
  await one.stop();
});

test('deaf, though its loop turns: it is not fed any more, and started anew', async () => {
  const mark = join(folder.path, 'deaf');
  const one = service({ env: { NODE_OPTIONS: preload('deafPreload'), VIGIE_TEST_DEAF: mark } });
  await ready(one, 1);
  await sleep(1_500);
  assert.equal(all(one, 'watchdog'), []);
  writeFileSync(mark, '');
  await until('the watchdog', () => all(one, 'watchdog').length > 0, 15_000);
  rmSync(mark);
  await ready(one, 2);
  assert.ok(all(one, 'heard').some(({ text }) => text === 'STATUS=no beat of: inputs'));
  assert.equal(
    all(one, 'ended').map(({ result }) => result),
    ['watchdog'],
  );
  await one.stop();
});

// ---- it cannot start

const timeline = ({ events }: UnitSupervisor, since: number): string =>
  events
    .filter(({ atMs }) => atMs >= since)
    .map(({ atMs, ...event }) => `${(atMs - since).toFixed(0)} ${JSON.stringify(event)}`)
    .join('\n');

/** Held at first, at rest at the latest one start after ten seconds, for as long as it cannot start; then it watches again. */
const cannotStart = async (one: UnitSupervisor, mend: () => void): Promise<void> => {
  const killedAt = machineMs();
  process.kill(one.pid(), 'SIGKILL');
  await until('a release', () => all(one, 'stop-post').some(({ report }) => report?.rested.includes('lamp')), 25_000);
  const posts = all(one, 'stop-post');
  const released = posts.findIndex(({ report }) => report?.rested.includes('lamp'));
  const before = posts.slice(0, released);
  assert.ok(before.length >= 1, `${before.length} ends before the release: ${timeline(one, killedAt)}`);
  for (const { report } of before) assert.equal(report?.held, ['lamp']);
  for (const { report } of posts) assert.ok(report?.rested.includes('siren'));
  const [last, release] = [before.at(-1)?.atMs ?? 0, posts[released]?.atMs ?? 0];
  assert.ok(release - killedAt > HELD_MS - 1_500, `released after ${release - killedAt} ms`);
  assert.ok(last - killedAt < HELD_MS + 500, `still held after ${last - killedAt} ms`);
  process.stdout.write(`could not start ${posts.length} times: released ${(release - killedAt).toFixed(0)} ms after the kill\n`);
  mend();
  await ready(one, 2);
  await one.stop();
};

test('no program, no config, no data folder: what was held is released in time, and it never gives up', async () => {
  const [program, config, data] = [service(), service(), service()];
  await Promise.all([program, config, data].map((one) => ready(one, 1)));
  const main = 'dist/src/main.js';
  program.replace(main, 'dist/src/gone.js');
  const kept = readFileSync(join(config.data, 'accepted.yaml'));
  writeFileSync(config.config, 'version: 1\nsite: [');
  rmSync(join(config.data, 'accepted.yaml'));
  const noFolder = join(folder.path, 'no-folder');
  writeFileSync(noFolder, '');
  data.replace('/var/lib/vigie', noFolder);
  await Promise.all([
    cannotStart(program, () => program.replace(main, main)),
    cannotStart(config, () => writeFileSync(join(config.data, 'accepted.yaml'), kept)),
    cannotStart(data, () => data.replace('/var/lib/vigie', data.data)),
  ]);
  assert.match(program.log(), 'gone.js');
  assert.match(data.log(), 'not a folder');
});

// ---- a slow disk

test('a disk that takes seven seconds for each commit: the start says that it goes on, and no watchdog starves', async () => {
  await ready(slow, 1);
  assert.ok(all(slow, 'heard').some(({ text }) => text.startsWith('EXTEND_TIMEOUT_USEC=')));
  await until('a storage that failed', () => slow.log().includes('storage failed'));
  await sleep(1_500);
  assert.equal([...all(slow, 'watchdog'), ...all(slow, 'start-timeout'), ...all(slow, 'ended')], []);
  await slow.stop();
});

// ---- without what it needs

test('systemd waits, and koffi is missing: refused, saying what to install', async () => {
  const own = join(folder.path, 'without');
  mkdirSync(own);
  const config = join(own, 'site.yaml');
  writeFileSync(config, SITE);
  const refused = startProcess({
    config,
    data: join(own, 'data'),
    nodeArgs: [preload('withoutKoffiPreload')],
    env: { NOTIFY_SOCKET: join(own, 'notify') },
  });
  assert.is((await refused.ended).code, 1);
  assert.match(refused.log(), /koffi.*npm ci/);
  const onADesk = startProcess({ config, data: join(own, 'data'), nodeArgs: [preload('withoutKoffiPreload')] });
  assert.ok(await onADesk.ready, onADesk.log());
  assert.is((await onADesk.kill('SIGTERM')).code, 0);
});

test.run();
