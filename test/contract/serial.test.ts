/** The wire in memory and the real port, on a pseudo-terminal, keep the contract of `SerialLine`. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeWire } from '../../src/drivers/serial/fake.ts';
import { createOpenSerial, serialTroubleOf } from '../../src/drivers/serial/serial.ts';
import { eventually } from '../support/avr/eventually.ts';
import type { Pty } from '../support/avr/pty.ts';
import { seeded } from '../support/seeded.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import { serialContract } from './serialContract.ts';
import type { SerialRig } from './serialContract.ts';

const FAKE_PATH = '/dev/fake';

const fakeRig = (): Promise<SerialRig> => {
  const timers = createVirtualTimers();
  const wire = fakeWire({ timers, path: FAKE_PATH, random: seeded(1) });
  const heard: number[] = [];
  const tap = wire.tap((bytes) => void heard.push(...bytes));
  return Promise.resolve({
    openSerial: wire.openSerial,
    path: FAKE_PATH,
    deviceWrite: tap.write,
    deviceRead: () => heard.splice(0),
    unplug: () => wire.plug(false),
    until: (what, holds) => {
      for (let ms = 0; ms < 10_000; ms += 1) {
        if (holds()) return Promise.resolve();
        timers.advance(1);
      }
      return Promise.reject(new Error(`${what}: never`));
    },
    pass: (ms) => Promise.resolve(timers.advance(ms)),
    dispose: () => Promise.resolve(),
  });
};

type OpenPty = () => Pty;

const ptyRig = (openPty: OpenPty) => (): Promise<SerialRig> => {
  const pty = openPty();
  let isOpen = true;
  const close = (): void => {
    if (isOpen) pty.close();
    isOpen = false;
  };
  return Promise.resolve({
    openSerial: createOpenSerial(),
    path: pty.path,
    deviceWrite: pty.write,
    deviceRead: () => [...pty.read()],
    unplug: close,
    until: eventually,
    pass: async (ms) => pause(ms),
    dispose: () => Promise.resolve(close()),
  });
};

/** Neither koffi nor a pseudo-terminal is everywhere. */
const findPty = async (): Promise<OpenPty | string> => {
  try {
    const { openPty } = await import('../support/avr/pty.ts');
    openPty().close();
    return openPty;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const found = await findPty();
serialContract('wire in memory', fakeRig);
if (typeof found === 'string') process.stderr.write(`NOT TESTED, the real serial port: no pseudo-terminal here (${found})\n`);
else serialContract('serialport on a pseudo-terminal', ptyRig(found));

// ---- what only the real one, or only the fake, can meet

const real = suite('serial line: trouble');
const deaf = { onBytes: () => {}, onGone: () => {} };

real('without the package it is said how to get it', async () => {
  const open = createOpenSerial(() => Promise.reject(new Error("Cannot find package 'serialport'\nmore")));
  const opening = await open({ path: '/dev/ttyUSB0', baudRate: 9_600 }, deaf);
  assert.is(opening.ok, false);
  if (opening.ok) return;
  assert.is(opening.trouble, 'not-installed');
  assert.match(opening.detail, /npm install serialport .*\(Cannot find package 'serialport'\)$/);
});

real('what is no serial port at all is refused, not thrown', async () => {
  const opening = await createOpenSerial()({ path: '/dev/null', baudRate: 9_600 }, deaf);
  assert.equal(opening.ok ? 'open' : opening.trouble, 'io');
});

const WORDS = [
  ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'no-such-port'],
  ['Error: No such device or address, cannot open /dev/ttyS3', 'no-such-port'],
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'no-permission'],
  ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'no-permission'],
  ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'busy'],
  ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
  ['Error: Inappropriate ioctl for device, cannot open /dev/null', 'io'],
] as const;

for (const [words, trouble] of WORDS) {
  real(`${words}: ${trouble}`, () => assert.is(serialTroubleOf(new Error(words)), trouble));
}
real.run();

const fake = suite('serial line: faults of the wire in memory');

type Heard = { readonly pieces: Uint8Array[]; readonly times: number[] };
const send = async (bytes: number, faults: Parameters<ReturnType<typeof fakeWire>['setFaults']>[0]): Promise<Heard> => {
  const timers = createVirtualTimers();
  const wire = fakeWire({ timers, path: FAKE_PATH, random: seeded(7) });
  const heard: Heard = { pieces: [], times: [] };
  wire.tap((piece, atMs) => {
    heard.pieces.push(piece);
    heard.times.push(atMs);
  });
  wire.setFaults(faults);
  const opening = await wire.openSerial({ path: FAKE_PATH, baudRate: 9_600 }, deaf);
  if (opening.ok) opening.line.write(new Uint8Array(bytes).fill(0x55));
  timers.advance(10_000);
  return heard;
};
const lengthOf = ({ pieces }: Heard): number => pieces.reduce((sum, { length }) => sum + length, 0);

fake('at 9600 baud 96 bytes take 100 ms', async () => {
  const { pieces, times } = await send(96, {});
  assert.equal([pieces.length, times], [1, [100]]);
});

fake('lost, changed, split and late bytes, each by its own fault', async () => {
  const lost = lengthOf(await send(1_000, { lossPerByte: 0.1 }));
  assert.ok(lost > 800 && lost < 1_000, `${lost} bytes came`);
  const changed = await send(1_000, { changePerByte: 0.1 });
  assert.is(lengthOf(changed), 1_000);
  assert.ok(changed.pieces.some((piece) => piece.some((byte) => byte !== 0x55)));
  const split = await send(1_000, { splitPerByte: 0.1 });
  assert.is(lengthOf(split), 1_000);
  assert.ok(split.pieces.length > 50, `${split.pieces.length} pieces`);
  const late = await send(96, { delayMs: 50 });
  assert.ok((late.times[0] ?? 0) > 100 && (late.times[0] ?? 0) <= 150, `heard at ${late.times.join()}`);
});

fake('a device that is cut off neither hears nor is heard', async () => {
  const timers = createVirtualTimers();
  const wire = fakeWire({ timers, path: FAKE_PATH, random: seeded(7) });
  const atDevice: number[] = [];
  const atHost: number[] = [];
  const tap = wire.tap((bytes) => void atDevice.push(...bytes));
  const opening = await wire.openSerial(
    { path: FAKE_PATH, baudRate: 9_600 },
    { ...deaf, onBytes: (bytes) => void atHost.push(...bytes) },
  );
  tap.connect(false);
  if (opening.ok) opening.line.write(Uint8Array.of(1));
  tap.write(Uint8Array.of(2));
  timers.advance(100);
  assert.equal([atDevice, atHost], [[], []]);
  tap.connect(true);
  tap.write(Uint8Array.of(3));
  timers.advance(100);
  assert.equal(atHost, [3]);
});
fake.run();
