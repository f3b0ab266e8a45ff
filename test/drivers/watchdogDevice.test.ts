/** What is written to a watchdog, on a file that stands for it. The real one is `softdog` in the kernel tests. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWatchdogDevice } from '../../src/drivers/watchdog/device.ts';
import { temporaryFolder } from '../support/controllerProcess.ts';

const test = suite('drivers: watchdog device');
const folder = temporaryFolder();
test.after(() => folder.remove());

const written = (how: 'disarm' | 'leave-armed'): string => {
  const path = join(folder.path, how);
  writeFileSync(path, '');
  const opened = openWatchdogDevice(path, assert.unreachable);
  if (!opened.ok) throw new Error(opened.reason);
  opened.device.feed();
  opened.device.feed();
  opened.device.close(how);
  return readFileSync(path, 'utf8');
};

test('a clean end disarms it with V, and nothing comes after', () => assert.is(written('disarm'), '..V'));
test('any other end leaves it armed', () => assert.is(written('leave-armed'), '..'));

test('it never makes the file it is told of', () => {
  assert.equal(openWatchdogDevice(join(folder.path, 'absent'), assert.unreachable), { ok: false, reason: 'absent' });
  mkdirSync(join(folder.path, 'folder'));
  assert.equal(openWatchdogDevice(join(folder.path, 'folder'), assert.unreachable), { ok: false, reason: 'io' });
});

test('a feed that is not taken is told once', () => {
  const told: string[] = [];
  // Linux: every write to it fails with ENOSPC.
  const opened = openWatchdogDevice('/dev/full', (detail) => void told.push(detail));
  if (!opened.ok) throw new Error(opened.reason);
  opened.device.feed();
  opened.device.feed();
  opened.device.close('leave-armed');
  assert.is(told.length, 1);
  assert.match(told[0] ?? '', 'ENOSPC');
});

test.run();
