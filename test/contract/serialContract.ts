/** What every serial port must do. A rig is one port, the device at its other end, and a hand that pulls the plug. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenSerial, SerialLine, SerialListener } from '../../src/ports/serialLine.ts';

export type SerialRig = {
  readonly openSerial: OpenSerial;
  readonly path: string;
  /** The device at the other end. */
  readonly deviceWrite: (bytes: Uint8Array) => void;
  /** What the device has heard since the last time. */
  readonly deviceRead: () => readonly number[];
  /** The device takes nothing from now on. */
  readonly unplug: () => void;
  /** Lets time pass until it holds; rejects when it never does. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  readonly dispose: () => Promise<void>;
};

type Ears = SerialListener & { readonly bytes: number[]; readonly times: number[]; readonly gone: string[] };

const ears = (): Ears => {
  const bytes: number[] = [];
  const times: number[] = [];
  const gone: string[] = [];
  return {
    bytes,
    times,
    gone,
    onBytes: (heard, atMs) => {
      bytes.push(...heard);
      times.push(atMs);
    },
    onGone: (detail) => void gone.push(detail),
  };
};

const BAUD_RATE = 115_200;
const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => byte);

const opened = async (rig: SerialRig, listener: SerialListener): Promise<SerialLine> => {
  const opening = await rig.openSerial({ path: rig.path, baudRate: BAUD_RATE }, listener);
  if (!opening.ok) throw new Error(`${opening.trouble}: ${opening.detail}`);
  return opening.line;
};

const troubleAt = async (rig: SerialRig, path: string): Promise<string> => {
  const opening = await rig.openSerial({ path, baudRate: BAUD_RATE }, ears());
  if (opening.ok) await opening.line.close();
  return opening.ok ? 'none' : opening.trouble;
};

export const serialContract = (name: string, makeRig: () => Promise<SerialRig>): void => {
  const test = suite(`serial line: ${name}`);
  const withRig = (title: string, check: (rig: SerialRig, heard: Ears) => Promise<void>): void => {
    test(title, async () => {
      const rig = await makeRig();
      try {
        await check(rig, ears());
      } finally {
        await rig.dispose();
      }
    });
  };

  withRig('every byte goes out as it is, in order', async (rig, heard) => {
    const line = await opened(rig, heard);
    const arrived: number[] = [];
    assert.is(line.write(Uint8Array.from(EVERY_BYTE.slice(0, 100))), true);
    assert.is(line.write(Uint8Array.from(EVERY_BYTE.slice(100))), true);
    await rig.until('256 bytes at the device', () => arrived.push(...rig.deviceRead()) >= EVERY_BYTE.length);
    assert.equal(arrived, EVERY_BYTE);
    assert.equal(heard.bytes, [], 'what is sent is not heard');
    await line.close();
  });

  withRig('what is written is what the bytes were, whatever becomes of them', async (rig, heard) => {
    const line = await opened(rig, heard);
    const bytes = Uint8Array.of(1, 2, 3);
    line.write(bytes);
    bytes.fill(9);
    const arrived: number[] = [];
    await rig.until('3 bytes at the device', () => arrived.push(...rig.deviceRead()) >= 3);
    assert.equal(arrived, [1, 2, 3]);
    await line.close();
  });

  withRig('every byte comes in as it is, in order, with rising times', async (rig, heard) => {
    const line = await opened(rig, heard);
    rig.deviceWrite(Uint8Array.from(EVERY_BYTE.slice(0, 100)));
    await rig.until('100 bytes', () => heard.bytes.length >= 100);
    rig.deviceWrite(Uint8Array.from(EVERY_BYTE.slice(100)));
    await rig.until('256 bytes', () => heard.bytes.length >= EVERY_BYTE.length);
    assert.equal(heard.bytes, EVERY_BYTE);
    assert.equal(
      heard.times,
      heard.times.toSorted((a, b) => a - b),
    );
    await line.close();
  });

  withRig('a port is held alone, and free again when it was closed', async (rig, heard) => {
    const line = await opened(rig, heard);
    assert.is(await troubleAt(rig, rig.path), 'busy');
    assert.is(line.write(Uint8Array.of(1)), true, 'whoever held it still does');
    await line.close();
    assert.is(await troubleAt(rig, rig.path), 'none');
    assert.equal(heard.gone, []);
  });

  withRig('a port that is not there is refused as such', async (rig) => {
    assert.is(await troubleAt(rig, `${rig.path}-elsewhere`), 'no-such-port');
  });

  withRig('a port that goes says so once, takes nothing more and can be closed', async (rig, heard) => {
    const line = await opened(rig, heard);
    rig.unplug();
    await rig.until('word of its end', () => heard.gone.length > 0);
    assert.is(line.write(Uint8Array.of(1)), false);
    await line.close();
    await rig.pass(20);
    assert.is(heard.gone.length, 1);
    assert.is(await troubleAt(rig, rig.path), 'no-such-port');
  });

  withRig('a port that goes in the middle of things says so as well', async (rig, heard) => {
    const line = await opened(rig, heard);
    rig.deviceWrite(Uint8Array.of(1));
    await rig.until('a byte', () => heard.bytes.length === 1);
    // At once: the real port is reading again by now.
    rig.unplug();
    await rig.until('word of its end', () => heard.gone.length > 0);
    await line.close();
    assert.equal([heard.bytes.length, heard.gone.length], [1, 1]);
  });

  withRig('a port that was closed tells nothing and takes nothing', async (rig, heard) => {
    const line = await opened(rig, heard);
    await line.close();
    rig.deviceWrite(Uint8Array.of(1, 2, 3));
    await rig.pass(20);
    assert.is(line.write(Uint8Array.of(1)), false);
    await line.close();
    assert.equal([heard.bytes, heard.gone], [[], []]);
  });

  withRig('a device that takes nothing: the queue has an end, and closing does not wait for it', async (rig, heard) => {
    const line = await opened(rig, heard);
    const piece = new Uint8Array(1_000);
    let taken = 0;
    while (taken < 1_000 && line.write(piece)) taken += 1;
    assert.ok(taken >= 4 && taken < 1_000, `${taken} kB taken`);
    assert.equal(heard.gone, []);
    await line.close();
    assert.is(await troubleAt(rig, rig.path), 'none');
  });

  test.run();
};
