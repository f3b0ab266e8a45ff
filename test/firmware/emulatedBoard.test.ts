/** The emulated board on its serial port, as the real driver of serial ports sees it. */
import { existsSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResetCause } from '../support/avr/avrBoard.ts';
import { crc7, restLevel, vigie } from '../support/avr/bench.ts';
import { emulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { EmulatedBoard } from '../support/avr/emulatedBoard.ts';
import { eventually } from '../support/avr/eventually.ts';
import { programIn } from '../support/avr/intelHex.ts';

const VERSION = [0xf9, 2, 5];
const ASK_AGAIN_MS = 500;
const ASK_TIMES = 40;

type Host = {
  readonly port: SerialPort;
  readonly isClosed: () => boolean;
  readonly hears: (bytes: readonly number[]) => Promise<void>;
  readonly heard: () => readonly number[];
  readonly forget: () => void;
  readonly send: (bytes: readonly number[]) => void;
};

const hosts: SerialPort[] = [];

const holds = (all: readonly number[], part: readonly number[]): boolean => all.join().includes(part.join());

/** False: the lock of the port closed last is still held; serialport lets go of it a moment after its close was called back. */
const opened = (port: SerialPort): Promise<boolean> =>
  new Promise((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve(true);
      else if (error.message.includes('Cannot lock port')) resolve(false);
      else reject(error);
    });
  });

const closed = async (port: SerialPort): Promise<void> => {
  if (!port.isOpen) return;
  await new Promise((resolve) => port.drain(resolve));
  await new Promise((resolve) => port.close(resolve));
};

const openHost = async (path: string): Promise<Host> => {
  const port = new SerialPort({ path, baudRate: 57_600, autoOpen: false });
  hosts.push(port);
  const heard: number[] = [];
  let isClosed = false;
  port.on('data', (chunk: Buffer) => heard.push(...chunk));
  port.on('close', () => (isClosed = true));
  await eventually(`${path} opens`, () => opened(port));
  return {
    port,
    isClosed: () => isClosed,
    heard: () => heard,
    forget: () => void heard.splice(0),
    hears: (bytes) => eventually(`hears ${bytes.join(' ')}`, () => holds(heard, bytes)),
    send: (bytes) => void port.write(Buffer.from(bytes)),
  };
};

const BEAT_BYTES = 7;

/** The whole answer to a heartbeat is here, to its last byte. */
const hasAnswered = (heard: readonly number[], nonce: number): boolean => {
  const start = heard.findIndex((_byte, at) => [0xf0, 0x0b, 7, nonce].every((wanted, index) => heard[at + index] === wanted));
  return start !== -1 && heard[start + BEAT_BYTES - 1] === 0xf7;
};

/** What comes within a millisecond of a reset meets a board that does not listen yet: it is asked again, with another nonce. */
const askUntilAnswered = async (host: Host, nonce = 1): Promise<void> => {
  host.send(vigie(7, nonce));
  const asked = eventually('the board answers', () => hasAnswered(host.heard(), nonce), ASK_AGAIN_MS);
  await (nonce === ASK_TIMES ? asked : asked.catch(() => askUntilAnswered(host, nonce + 1)));
};

/** A host that is in talk with the board: what it hears from now on is an answer or news. */
const talkingHost = async (path: string): Promise<Host> => {
  const host = await openHost(path);
  await askUntilAnswered(host);
  host.forget();
  return host;
};

const passed = async (context: { board: EmulatedBoard }, ms: number): Promise<void> => {
  const { clockMs } = await context.board.pace();
  await eventually(`${ms} ms have passed`, async () => (await context.board.pace()).clockMs >= clockMs + ms);
};

const board = suite<{ board: EmulatedBoard }>('emulated board');

board.before(async (context) => {
  context.board = await emulatedBoard({ chip: 'atmega328p' });
});

board.before.each(async (context) => {
  await context.board.reset();
});

board.after.each(async () => {
  await Promise.all(hosts.splice(0).map(closed));
});

board.after(async (context) => {
  await context.board.stop();
});

board('answers on its port', async (context) => {
  const host = await talkingHost(context.board.port);
  host.send([0xf9]);
  await host.hears(VERSION);
});

board('has said nothing to a host that was not there', async (context) => {
  const before = await context.board.pace();
  await eventually('the board has started', async () => (await context.board.pace()).boardMs > before.boardMs + 50);
  const host = await openHost(context.board.port);
  host.send(vigie(7, 9));
  await host.hears(vigie(7, 9, 1, crc7([9, 1])));
  assert.is(holds(host.heard(), VERSION), false);
});

board('introduces itself after a reset, to a host that is there', async (context) => {
  const resets: ResetCause[] = [];
  const stop = context.board.watchResets((cause) => resets.push(cause));
  const host = await talkingHost(context.board.port);
  await context.board.reset();
  await host.hears([...VERSION, 0xf0, 0x79]);
  assert.equal(resets, ['external']);
  stop();
});

board('drives and reads pins', async (context) => {
  const host = await talkingHost(context.board.port);
  const drives: string[] = [];
  const stop = context.board.watch((pin, drive) => drives.push(`${pin} ${drive}`));
  host.send([0xf4, 8, 1, 0xf5, 8, 1]);
  await eventually('the output is high', async () => (await context.board.levelOf(8)) === 'high');
  assert.equal(drives, ['8 low', '8 high']);
  stop();
  host.send([0xf4, 2, 0, 0xd0, 1]);
  await host.hears([0x90, 0, 0]);
  await context.board.pulse(2, 1, 1_000);
  await host.hears([0x90, 4, 0, 0x90, 0, 0]);
});

board('reads voltages', async (context) => {
  const host = await talkingHost(context.board.port);
  await context.board.setVolts(3, 0.5);
  host.send([0xc3, 1]);
  await host.hears([0xe3, 0, 4]);
});

board('hangs and goes on', async (context) => {
  const host = await talkingHost(context.board.port);
  await context.board.hang();
  host.send([0xf9]);
  await passed(context, 100);
  assert.equal(host.heard(), []);
  await context.board.resume();
  host.send([0xf9]);
  await host.hears(VERSION);
});

board('is reset by its own watchdog when its firmware runs away', async (context) => {
  const resets: ResetCause[] = [];
  const stop = context.board.watchResets((cause) => resets.push(cause));
  const host = await talkingHost(context.board.port);
  await context.board.runAway();
  await host.hears([...VERSION, 0xf0, 0x79]);
  assert.equal(resets, ['watchdog']);
  stop();
});

board('unplugged it hangs up and is gone; replugged it is the same board after a power-on', async (context) => {
  const resets: ResetCause[] = [];
  const host = await talkingHost(context.board.port);
  host.send(restLevel(9, 1));
  await host.hears(restLevel(9, 1));
  // serialport misses a hang-up that meets it in the middle of a read; idle, it waits where it notices.
  await passed(context, 100);
  await context.board.unplug();
  await eventually('the port closes', host.isClosed);
  assert.not.ok(existsSync(context.board.port));
  const stop = context.board.watchResets((cause) => resets.push(cause));
  await context.board.replug();
  const again = await talkingHost(context.board.port);
  again.send([0xf9]);
  await again.hears(VERSION);
  assert.equal(resets, ['power-on']);
  await eventually('the rest level is driven', async () => (await context.board.levelOf(9)) === 'high');
  assert.equal((await context.board.readEeprom()).slice(18, 20), [1, crc7([9, 1])]);
  stop();
});

board('noise reaches either side, and dropped bytes never arrive', async (context) => {
  const host = await talkingHost(context.board.port);
  await context.board.noise([0xe0, 0x7f, 0x07]);
  await host.hears([0xe0, 0x7f, 0x07]);
  await context.board.noise([0xf9], 'to-board');
  await host.hears(VERSION);
  await context.board.dropBytes(2);
  host.send([0xf9]);
  host.send(vigie(1));
  await host.hears([0xe0, 0x7f, 0x07, ...VERSION, 5, ...vigie(1, 1, 0)]);
});

board('its time is never ahead of the clock', async (context) => {
  const { boardMs, clockMs } = await context.board.pace();
  assert.ok(boardMs > 0 && boardMs <= clockMs + 50, `${boardMs} of ${clockMs} ms`);
});

board.run();

const hex = suite('intel hex');

hex('puts bytes where their records say, and leaves the rest blank', () => {
  const flash = programIn(':020000000102FB\n:020000021000EC\n:01000000AA55\n:00000001FF\n', 0x1_0010);
  assert.equal(flash.slice(0, 3), Uint8Array.of(1, 2, 0xff));
  assert.is(flash[0x1_0000], 0xaa);
});

hex('refuses what is no record', () => {
  for (const text of ['020000000102FB', ':020000000102FC', ':030000000102FA', ':02000000010']) {
    assert.throws(() => programIn(text, 16), /not a record/, text);
  }
});

hex.run();
