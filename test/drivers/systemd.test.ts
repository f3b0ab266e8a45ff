/** What systemd hears, on a real Unix datagram socket; and silence where nobody listens. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatagrams, socketAddress } from '../../src/drivers/systemd/datagrams.ts';
import { systemdSupervisor, watchdogMsOf } from '../../src/drivers/systemd/supervisor.ts';
import type { SystemdOptions } from '../../src/drivers/systemd/supervisor.ts';
import type { Supervisor } from '../../src/ports/supervisor.ts';
import { temporaryFolder } from '../support/controllerProcess.ts';
import { openNotifySocket } from '../support/notifySocket.ts';

const test = suite('drivers: systemd');
const folder = temporaryFolder();
test.after(() => folder.remove());

const PID = 4711;
const failures: number[] = [];
const opened = (env: SystemdOptions['env']): Supervisor => {
  const result = systemdSupervisor({ env, pid: PID, onFailure: (errno) => void failures.push(errno) });
  if (!result.ok) throw new Error(result.detail);
  return result.supervisor;
};

for (const name of [join(folder.path, 'notify'), `@vigie-test-${process.pid}`]) {
  test(`every word arrives at ${name.startsWith('@') ? 'an abstract name' : 'a path'}, in order`, () => {
    const socket = openNotifySocket(name);
    const supervisor = opened({ NOTIFY_SOCKET: name });
    supervisor.moreTime(10_000);
    supervisor.ready('watching cabinet-durand\nsince now');
    supervisor.feed();
    supervisor.status('inputs silent');
    supervisor.stopping();
    supervisor.close();
    const heard = socket.take();
    socket.close();
    assert.equal(heard, [
      'EXTEND_TIMEOUT_USEC=10000000',
      'READY=1\nSTATUS=watching cabinet-durand since now',
      'WATCHDOG=1',
      'STATUS=inputs silent',
      'STOPPING=1',
    ]);
    assert.equal(failures, []);
  });
}

const never = (): never => {
  throw new Error('opened');
};

test('nobody listens: nothing is opened and nothing fails', () => {
  for (const env of [{}, { NOTIFY_SOCKET: '' }]) {
    const result = systemdSupervisor({ env, pid: PID, onFailure: never, open: never });
    assert.ok(result.ok && result.supervisor.watchdogMs === undefined);
    if (result.ok) result.supervisor.ready('unheard');
  }
});

test('a socket that is gone is told once, not each second, and throws nothing', () => {
  const name = join(folder.path, 'gone');
  openNotifySocket(name).close();
  failures.length = 0;
  const supervisor = opened({ NOTIFY_SOCKET: name });
  for (let second = 0; second < 5; second += 1) supervisor.feed();
  supervisor.close();
  assert.equal(failures, [2], 'ENOENT, once');
});

test('without koffi there is a reason to refuse', () => {
  const result = openDatagrams('/run/systemd/notify', () => {
    throw new Error('Cannot find module');
  });
  assert.is(!result.ok && result.trouble, 'koffi-missing');
});

const ADDRESSES: readonly (readonly [string, number | undefined])[] = [
  ['/run/systemd/notify', 22],
  ['@x', 4],
  [`/${'n'.repeat(106)}`, 110],
  [`/${'n'.repeat(107)}`, undefined],
  ['vsock:2:1234', undefined],
  ['run/relative', undefined],
  ['@', undefined],
  ['', undefined],
];
for (const [name, length] of ADDRESSES) {
  test(`address "${name.slice(0, 24)}" of ${name.length}: ${length === undefined ? 'none' : `${length} bytes`}`, () => {
    const address = socketAddress(name);
    assert.is(address?.length, length);
    if (address) assert.equal([address[0], address[1], address[2]], [1, 0, name.startsWith('@') ? 0 : 47]);
  });
}

const WATCHDOGS: readonly (readonly [SystemdOptions['env'], number | undefined])[] = [
  [{ WATCHDOG_USEC: '5000000' }, 5_000],
  [{ WATCHDOG_USEC: '5000000', WATCHDOG_PID: String(PID) }, 5_000],
  [{ WATCHDOG_USEC: '5000000', WATCHDOG_PID: '1' }, undefined],
  [{ WATCHDOG_USEC: '0' }, undefined],
  [{ WATCHDOG_USEC: 'soon' }, undefined],
  [{}, undefined],
];
for (const [env, ms] of WATCHDOGS) {
  test(`watchdog of ${JSON.stringify(env)}`, () => assert.is(watchdogMsOf(env, PID), ms));
}

test.run();
