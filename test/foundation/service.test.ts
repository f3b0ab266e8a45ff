/** The service's files agree with each other, with the program, and with what the installer reads. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HELD_MS } from '../../src/cli/rest/plan.ts';
import { readUnit } from '../support/unitFile.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const unit = readUnit(join(root, 'packaging/vigie.service'));
const text = read('packaging/vigie.service');
const INSTALLED = '/usr/lib/vigie/app/dist/';

const test = suite('service files');

test('a hang is over, and a start begun, well before what was held must be released', () => {
  assert.ok(unit.watchdogMs + unit.restartMs <= HELD_MS - 4_000);
});

test('it speaks to systemd, is started anew whatever happened, and never gives up', () => {
  assert.equal([unit.type, unit.restart, unit.startLimitMs], ['notify', 'always', 0]);
  assert.ok(unit.preservesRuntime, 'the sign of life outlives who gave it');
  assert.is(unit.watchdogSignal, 'SIGKILL');
});

test('both programs of the unit are ours, and are about the same site', () => {
  for (const command of [unit.execStart, unit.execStopPost]) {
    const program = command.find((word) => word.startsWith(INSTALLED)) ?? '';
    assert.ok(existsSync(join(root, 'dist', program.slice(INSTALLED.length))), program);
    assert.equal(command.slice(-4), ['--config', '/etc/vigie/site.yaml', '--data', '/var/lib/vigie']);
  }
});

test('the bounds of memory are those of the program, wherever it is started', () => {
  const bounds =
    read('src/main.ts')
      .split('\n', 1)[0]
      ?.match(/--max\S+/g) ?? [];
  assert.is(bounds.length, 2);
  for (const file of [text, read('packaging/vigie')]) for (const bound of bounds) assert.match(file, bound);
});

test('what would keep Vigie from running is not switched on', () => {
  for (const name of ['MemoryDenyWriteExecute', 'PrivateDevices', 'PrivateUsers', 'ProtectKernelTunables', 'ProcSubset']) {
    assert.not.match(text, new RegExp(`^${name}=`, 'm'));
    assert.match(text, new RegExp(`^# +${name}`, 'm'), `${name}: the unit says why`);
  }
});

test('the installer reads the times that the files have', () => {
  const manual = read('docs/install.md');
  assert.match(manual, `systemd is not fed: ${unit.watchdogMs / 1_000} s`);
  assert.match(manual, `a new start after ${unit.restartMs / 1_000} s`);
  const [, seconds = ''] = /^RuntimeWatchdogSec=(\d+)s$/m.exec(read('packaging/50-vigie-watchdog.conf')) ?? [];
  assert.ok(Number(seconds) > 0 && Number(seconds) <= 15, 'a Raspberry Pi counts to 15 s');
  assert.match(manual, `watchdog: ${seconds} s`);
});

test.run();
