/** What a supervisor hears of `vigie run`, and what is left in the runtime folder for whoever comes after it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSite } from '../../src/config/load.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { readSign, readTaken, writeSign, writeTaken } from '../../src/cli/rest/runtimeFolder.ts';
import { openService } from '../../src/cli/service.ts';
import type { Service } from '../../src/cli/service.ts';
import { fakeSupervisor } from '../../src/drivers/systemd/fake.ts';
import { sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { createFakeBoard } from '../support/fakeLines.ts';

const test = suite('cli: service');
const folder = temporaryFolder();
test.after(() => folder.remove());

const NOW = 1_000_000;
const PID = 4711;

const site = (watchdog: string | undefined): SiteFile => {
  const text = readFileSync(new URL('../../../config/minimal.yaml', import.meta.url), 'utf8');
  const loaded = loadSite(watchdog === undefined ? text : `${text}\nwatchdog: { device: ${watchdog} }\n`, siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

let count = 0;
const bench = (watchdogMs?: number, runtime: string | undefined = join(folder.path, `r${(count += 1)}`)) => {
  const { supervisor, heard } = fakeSupervisor(watchdogMs);
  const board = createFakeBoard({ GPIO5: 0, GPIO6: 1 });
  const logged: string[] = [];
  const open = (): Service => {
    const opened = openService({
      env: runtime === undefined ? {} : { RUNTIME_DIRECTORY: `${runtime}:/run/other` },
      pid: PID,
      clock: { machineMs: () => NOW, bootId: 'b' },
      log: (level, message) => void logged.push(`${level} ${message}`),
      openLines: () => Promise.resolve(board.lines()),
      supervise: () => ({ ok: true, supervisor }),
    });
    if (!opened.ok) throw new Error(opened.reason);
    return opened.service;
  };
  return { open, heard, board, logged, runtime };
};

const BEAT_ROWS: readonly (readonly [number | undefined, number])[] = [
  [undefined, 1_000],
  [60_000, 1_000],
  [5_000, 1_000],
  [2_000, 500],
];
for (const [watchdogMs, everyMs] of BEAT_ROWS) {
  test(`a watchdog of ${watchdogMs} ms is fed each ${everyMs} ms`, () => {
    const service = bench(watchdogMs).open();
    assert.is(service.pulse.everyMs, everyMs);
    service.close('asked');
  });
}

test('a life: taken outputs, feeds with signs of life, silence told, and an end that was asked for', () => {
  const { open, heard, runtime } = bench();
  const service = open();
  const file = site(undefined);
  service.taking(file);
  assert.is(readSign(runtime), undefined, 'no sign of life before the first beat');
  assert.equal(
    readTaken(runtime)?.outputs.map(({ id }) => id),
    file.core.outputs.map(({ id }) => id),
  );
  service.pulse.onBeat();
  service.ready('watching');
  assert.equal(readSign(runtime), { bootId: 'b', atMs: NOW, pid: PID, isStopping: false });
  service.pulse.onSilence(['inputs', 'store']);
  service.pulse.onSilence([]);
  service.stopping();
  service.stopping();
  assert.is(readSign(runtime)?.isStopping, true);
  service.pulse.onBeat();
  assert.is(readSign(runtime)?.isStopping, true, 'a late beat takes nothing back');
  service.close('asked');
  assert.equal(heard, [
    'feed',
    'ready watching',
    'status no beat of: inputs, store',
    'status all beats again',
    'stopping',
    'feed',
    'close',
  ]);
});

test('while it stops it is fed on, so that its end is not taken for a hang', async () => {
  const { open, heard } = bench(40);
  const service = open();
  service.stopping();
  await until('feeds', () => heard.filter((word) => word === 'feed').length >= 3);
  service.close('asked');
  const { length } = heard;
  await sleep(50);
  assert.is(heard.length, length, 'and not after it');
});

// ---- outputs of a dead predecessor

const TAKEN = {
  board: { driver: 'sim' },
  outputs: [
    { id: 'siren', line: 'GPIO5', restLevel: 1, onCrash: 'rest' },
    { id: 'maglock', line: 'GPIO6', restLevel: 0, onCrash: 'hold' },
  ],
} as const;

const deadSince = (runtime: string | undefined, ageMs: number): void => {
  mkdirSync(runtime ?? '', { recursive: true });
  writeSign(runtime ?? '', { bootId: 'b', atMs: NOW - ageMs, pid: 1, isStopping: false });
  writeTaken(runtime ?? '', TAKEN);
};

test('a start that takes longer than outputs may be held releases them itself', async () => {
  const { open, board, runtime, logged } = bench();
  deadSince(runtime, 9_900);
  const service = open();
  assert.is(board.levels.get('GPIO6'), 1);
  await until('the maglock released', () => board.levels.get('GPIO6') === 0, 2_000);
  assert.equal([board.levels.get('GPIO5'), board.isHeld()], [1, false]);
  await until('a line of the log', () => logged.some((line) => line.includes('takes too long')));
  service.close('failed');
});

test('a start that is in time does not: what was held is never let go of', async () => {
  const { open, board, runtime } = bench();
  deadSince(runtime, 9_900);
  const service = open();
  service.taking(site(undefined));
  await sleep(250);
  assert.is(board.levels.get('GPIO6'), 1);
  assert.equal(board.openings, []);
  service.close('asked');
});

test('after an end that was asked for, or another run of the machine, there is nothing to release', async () => {
  for (const change of [{ isStopping: true }, { bootId: 'before' }]) {
    const { open, board, runtime, logged } = bench();
    deadSince(runtime, 60_000);
    writeSign(runtime, { bootId: 'b', atMs: NOW - 60_000, pid: 1, isStopping: false, ...change });
    const service = open();
    await sleep(50);
    assert.equal([board.openings, logged], [[], []]);
    service.close('asked');
  }
});

// ---- refusals, and a watchdog of its own

test('systemd waits, and koffi is not there: refused, saying what to install', () => {
  const logged: string[] = [];
  const opened = openService({
    env: { NOTIFY_SOCKET: '/run/systemd/notify' },
    pid: PID,
    clock: { machineMs: () => NOW, bootId: 'b' },
    log: (level, message) => void logged.push(`${level} ${message}`),
    openLines: () => Promise.resolve(undefined),
    supervise: () => ({ ok: false, trouble: 'koffi-missing', detail: '' }),
  });
  assert.ok(!opened.ok);
  assert.match(opened.ok ? '' : opened.reason, /koffi.*npm ci/);
  assert.is(logged.length, 1);
});

for (const [how, written] of [
  ['asked', '..V'],
  ['failed', '..'],
] as const) {
  test(`a watchdog device of the site's file is fed with systemd's; an end that ${how}: ${written}`, () => {
    const path = join(folder.path, `watchdog-${how}`);
    writeFileSync(path, '');
    const service = bench().open();
    service.taking(site(path));
    service.pulse.onBeat();
    service.pulse.onBeat();
    service.close(how);
    assert.is(readFileSync(path, 'utf8'), written);
  });
}

test('a watchdog device that is not there is told, and guarding goes on', () => {
  const { open, logged, heard } = bench();
  const service = open();
  service.taking(site('/nowhere/watchdog'));
  service.pulse.onBeat();
  service.close('asked');
  assert.ok(logged.some((line) => line.startsWith('error there is no such watchdog')));
  assert.ok(heard.includes('feed'));
});

test('a runtime folder that cannot be written is told once, and guarding goes on', () => {
  const path = join(folder.path, 'a-file');
  writeFileSync(path, '');
  const { open, logged, heard } = bench(undefined, path);
  const service = open();
  service.taking(site(undefined));
  for (let beat = 0; beat < 3; beat += 1) service.pulse.onBeat();
  service.close('asked');
  assert.is(logged.filter((line) => line.includes('runtime folder')).length, 1);
  assert.is(heard.filter((word) => word === 'feed').length, 3);
});

test.run();
