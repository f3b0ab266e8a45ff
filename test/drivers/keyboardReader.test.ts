/** A reader that plays a keyboard: held for ourselves alone or not used, and what it types. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadInputKernel } from '../../src/drivers/readers/inputKernel.ts';
import type { InputKernel } from '../../src/drivers/readers/inputKernel.ts';
import { keyboardReader } from '../../src/drivers/readers/keyboardReader.ts';
import { temporaryFolder } from '../support/controllerProcess.ts';
import { typing } from '../support/inputEvents.ts';
import { keypadEars } from '../support/keypadEars.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';

const DEVICE = '/dev/input/by-id/usb-reader-event-kbd';

const nobody = (): void => undefined;

/** A kernel with one device, whose errors are set from outside. */
const fakeKernel = () => {
  const queue: number[] = [];
  let onReady = nobody;
  const world = {
    openError: undefined as string | undefined,
    grabError: undefined as string | undefined,
    isGone: false,
    held: new Set<number>(),
    watched: 0,
    type: (bytes: readonly number[]): void => {
      if (world.held.size > 0) queue.push(...bytes);
      onReady();
    },
    unplug: (): void => {
      world.isGone = true;
      world.openError = 'ENOENT';
      onReady();
    },
  };
  let next = 3;
  const kernel: InputKernel = {
    layout: '64-bit',
    open: (path) => {
      assert.is(path, DEVICE);
      if (world.openError !== undefined) return { ok: false, error: world.openError };
      world.isGone = false;
      world.held.add(next);
      return { ok: true, value: next++ };
    },
    close: (descriptor) => void world.held.delete(descriptor),
    grab: () => world.grabError,
    read: (_descriptor, into) => {
      if (world.isGone) return { ok: false, error: 'ENODEV' };
      if (queue.length === 0) return { ok: false, error: 'EAGAIN' };
      const bytes = queue.splice(0, into.length);
      into.set(bytes);
      return { ok: true, value: bytes.length };
    },
    watch: (_descriptor, ready) => {
      onReady = ready;
      world.watched += 1;
      return () => {
        onReady = nobody;
        world.watched -= 1;
      };
    },
  };
  return { world, kernel };
};

const rig = (kernel: InputKernel | undefined, device = DEVICE) => {
  const timers = createVirtualTimers();
  const logged: string[] = [];
  const ears = keypadEars();
  const reader = keyboardReader({
    device,
    keypad: 'desk',
    kernel,
    timers,
    log: (level, text) => void logged.push(`${level} ${text}`),
  });
  void reader.open(['desk'], ears.listener);
  return { timers, logged, reader, told: ears.take };
};

const test = suite('keyboard reader');

test('what it types is a badge, and only that', async () => {
  const { world, kernel } = fakeKernel();
  const { told, reader } = rig(kernel);
  world.type(typing('64-bit', '0004835933'));
  world.type(typing('64-bit', '12'));
  assert.equal(told(), ['desk there', 'desk badge 40 0004835933']);
  await reader.close();
  assert.equal([world.held.size, world.watched], [0, 0]);
});

test('not held alone it is not used, and told why', () => {
  const rows = [
    ['EBUSY', /another program/],
    ['ENOTTY', /by-id/],
  ] as const;
  for (const [grabError, words] of rows) {
    const { world, kernel } = fakeKernel();
    world.grabError = grabError;
    const { told, logged, timers } = rig(kernel);
    world.type(typing('64-bit', '0004835933'));
    timers.advance(30_000);
    assert.equal(told(), ['desk gone']);
    assert.equal([logged.length, world.held.size], [1, 0]);
    assert.match(logged[0] ?? '', words);
    world.grabError = undefined;
    timers.advance(6_000);
    world.type(typing('64-bit', '0004835934'));
    assert.equal(told(), ['desk there', 'desk badge 40 0004835934']);
  }
});

test('without koffi, without the device, without the right', () => {
  const without = rig(undefined);
  assert.equal(without.told(), ['desk gone']);
  assert.match(without.logged[0] ?? '', /koffi/);
  for (const [openError, words] of [
    ['ENOENT', /plug/],
    ['EACCES', /usermod -aG input/],
    ['EMFILE', /cannot be opened/],
  ] as const) {
    const { world, kernel } = fakeKernel();
    world.openError = openError;
    const { told, logged } = rig(kernel);
    assert.equal(told(), ['desk gone']);
    assert.match(logged[0] ?? '', words);
  }
});

test('unplugged and plugged in again', async () => {
  const { world, kernel } = fakeKernel();
  const { told, timers, logged, reader } = rig(kernel);
  world.unplug();
  timers.advance(60_000);
  assert.equal(told(), ['desk there', 'desk gone']);
  assert.equal(logged.filter((line) => line.startsWith('warn')).length, 2);
  world.openError = undefined;
  timers.advance(6_000);
  world.type(typing('64-bit', '12345678'));
  assert.equal(told(), ['desk there', 'desk badge 32 12345678']);
  await reader.close();
  assert.is(timers.pending(), 0);
});

test('half a number before the unplugging is not finished after it', () => {
  const { world, kernel } = fakeKernel();
  const { told, timers } = rig(kernel);
  world.type(typing('64-bit', '1234').slice(0, 24 * 20));
  world.unplug();
  world.openError = undefined;
  timers.advance(300);
  world.type(typing('64-bit', '5678'));
  assert.equal(told(), ['desk there', 'desk gone', 'desk there', 'desk badge 16 5678']);
});

// ---- the real kernel, where there is koffi

const kernel = loadInputKernel();
const folder = temporaryFolder();
test.after(() => folder.remove());

if (kernel !== undefined) {
  const path = join(folder.path, 'pipe');
  execFileSync('mkfifo', [path]);

  test('the kernel refuses to hold what is no input device, and it is not used', async () => {
    const { told, logged, reader } = rig(kernel, path);
    assert.equal(told(), ['desk gone']);
    assert.match(logged[0] ?? '', /by-id/);
    await reader.close();
  });

  test('what is written to a descriptor that is watched is read, and its end is seen', async () => {
    const opened = kernel.open(path);
    if (!opened.ok) throw new Error(opened.error);
    const heard: number[] = [];
    const chunk = new Uint8Array(64);
    const ended = new Promise<void>((resolve) => {
      const stop = kernel.watch(opened.value, () => {
        const read = kernel.read(opened.value, chunk);
        if (read.ok) heard.push(...chunk.subarray(0, read.value));
        if (!read.ok || read.value > 0) return;
        stop();
        resolve();
      });
    });
    execFileSync('sh', ['-c', `printf abc > ${path}`]);
    await ended;
    kernel.close(opened.value);
    assert.equal(heard, [97, 98, 99]);
  });
}

test.run();
