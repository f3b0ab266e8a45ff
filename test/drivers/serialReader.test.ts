/** Readers on a wire in virtual time: their port, their presence, what they show, and lines full of noise. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serialReader } from '../../src/drivers/readers/serialReader.ts';
import { fakeWire } from '../../src/drivers/serial/fake.ts';
import type { FakeWire } from '../../src/drivers/serial/fake.ts';
import type { Keypads } from '../../src/ports/lines.ts';
import type { SerialTrouble } from '../../src/ports/serialLine.ts';
import { pn532 } from '../../src/protocol/readers/pn532.ts';
import { rdm6300 } from '../../src/protocol/readers/rdm6300.ts';
import type { ReaderInput, ReaderProtocol } from '../../src/protocol/readers/reader.ts';
import { encodeFrame, readerLine } from '../../src/protocol/readers/readerLine.ts';
import { fakePn532 } from '../support/fakePn532.ts';
import { keypadEars } from '../support/keypadEars.ts';
import { ascii } from '../support/readerEvents.ts';
import { seeded } from '../support/seeded.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';
import type { VirtualTimers } from '../support/virtualTimers.ts';
import { bytesOfBits, key4, wiegand26 } from '../support/wiegandBits.ts';

const PORT = '/dev/reader';
const RDM_CARD = Uint8Array.from([2, ...ascii('0A0049CE5DD0'), 3]);

type Rig = {
  readonly wire: FakeWire;
  readonly timers: VirtualTimers;
  readonly reader: Keypads;
  readonly told: () => readonly string[];
  readonly all: readonly string[];
  readonly logged: string[];
  /** Time passes; what is opened meanwhile is open. */
  readonly pass: (ms: number) => Promise<void>;
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

const rig = <S>(
  protocol: ReaderProtocol<S>,
  keypads: readonly (readonly [ReaderInput, string])[] = [[1, 'door']],
  trouble?: SerialTrouble,
): Rig => {
  const timers = createVirtualTimers();
  const wire = fakeWire({ timers, path: PORT, random: seeded(5) });
  wire.refuse(trouble);
  const logged: string[] = [];
  const ears = keypadEars();
  const reader = serialReader({
    protocol,
    port: PORT,
    keypads: new Map(keypads),
    openSerial: wire.openSerial,
    timers,
    log: (level, message, facts) => void logged.push(`${level} ${message} ${JSON.stringify(facts)}`),
  });
  void reader.open([], ears.listener);
  return {
    wire,
    timers,
    reader,
    told: ears.take,
    all: ears.all,
    logged,
    pass: async (ms) => {
      await settle();
      for (let passed = 0; passed < ms; passed += 10) {
        timers.advance(Math.min(10, ms - passed));
        await settle();
      }
    },
  };
};

const rdm = suite('a reader without heartbeat');

rdm('from its port to the badge, and over an unplugging', async () => {
  const { wire, told, pass, logged, reader } = rig(rdm6300);
  const tap = wire.tap(() => undefined);
  await pass(10);
  assert.equal(told(), ['door there']);
  tap.write(RDM_CARD);
  await pass(50);
  assert.equal(told(), ['door badge 40 0A0049CE5D']);
  wire.plug(false);
  await pass(10_000);
  assert.equal(told(), ['door gone']);
  wire.plug(true);
  await pass(6_000);
  assert.equal(told(), ['door there']);
  tap.write(RDM_CARD);
  await pass(50);
  assert.equal(told(), ['door badge 40 0A0049CE5D']);
  assert.equal(logged.filter((line) => line.startsWith('warn')).length, 2);
  await reader.close();
});

rdm('a port that cannot be had is told once, tried for ever, and taken when it can', async () => {
  const { wire, told, pass, logged, reader } = rig(rdm6300, [[1, 'door']], 'no-permission');
  await pass(60_000);
  assert.equal(told(), ['door gone']);
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? '', /dialout/);
  wire.refuse(undefined);
  await pass(6_000);
  assert.equal(told(), ['door there']);
  await reader.close();
});

rdm('closed, it holds no port and no timer, also in the middle of opening', async () => {
  const { wire, timers, reader, pass } = rig(rdm6300);
  await reader.close();
  assert.is(timers.pending(), 0);
  const other = await wire.openSerial({ path: PORT, baudRate: 9_600 }, { onBytes: () => undefined, onGone: () => undefined });
  assert.ok(other.ok);
  await pass(10_000);
  const next = rig(rdm6300);
  await next.pass(2_000);
  await next.reader.close();
  assert.is(next.timers.pending(), 0);
});

rdm('noise is told once a minute, with what was counted since', async () => {
  const { wire, told, pass, logged } = rig(rdm6300);
  const tap = wire.tap(() => undefined);
  await pass(10);
  const wrong = RDM_CARD.with(4, 0x39);
  for (let round = 0; round < 70; round++) {
    tap.write(wrong);
    await pass(1_000);
  }
  const drops = logged.filter((line) => line.includes('no card'));
  assert.equal(drops.length, 2);
  assert.match(drops[0] ?? '', '"wrong-check":1}');
  assert.match(drops[1] ?? '', '"wrong-check":60}');
  assert.equal(told(), ['door there']);
});

rdm.run();

// ---- the Wiegand board

const VERSION = encodeFrame(2, [1, 1, 0]);
const BEAT = encodeFrame(1, [0, 0]);
const burst = (input: number, bits: string): Uint8Array => encodeFrame(3, [input, bits.length, ...bytesOfBits(bits)]);

const board = suite('two readers on a Wiegand board');
const BOTH = [
  [1, 'street'],
  [2, 'yard'],
] as const;

/** A board that answers and beats until it is told to stop. */
const boardOn = ({ wire, timers }: Rig) => {
  const heard: Uint8Array[] = [];
  let lives = true;
  const tap = wire.tap((bytes) => {
    heard.push(bytes);
    if (lives && bytes.some((byte, at) => byte === 0x10 && bytes[at - 2] === 0xa5)) tap.write(VERSION);
  });
  const beat = (): void => {
    if (lives) tap.write(BEAT);
    timers.later(1_000, beat);
  };
  beat();
  return {
    tap,
    heard,
    live: (now: boolean): void => {
      lives = now;
    },
  };
};

board('each reader is its own keypad; both go with their board', async () => {
  const there = rig(readerLine, BOTH);
  const { tap, live } = boardOn(there);
  await there.pass(2_500);
  assert.equal(there.told(), ['street there', 'yard there']);
  tap.write(burst(1, wiegand26(1, 12_345)));
  tap.write(burst(2, key4('5')));
  tap.write(burst(2, key4('#')));
  await there.pass(50);
  assert.equal(there.told(), ['street badge 26 80981CC0', 'yard keys 5', 'yard keys #']);
  live(false);
  await there.pass(5_000);
  assert.equal(there.told(), ['street gone', 'yard gone']);
  live(true);
  await there.pass(3_000);
  assert.equal(there.told(), ['street there', 'yard there']);
});

board('an input that the site does not name tells nobody', async () => {
  const there = rig(readerLine, [[2, 'yard']]);
  const { tap } = boardOn(there);
  await there.pass(2_500);
  tap.write(burst(1, wiegand26(1, 12_345)));
  await there.pass(50);
  assert.equal(there.told(), ['yard there']);
});

board('lamp and buzzer follow the screen, by the colours and rhythms of every other device', async () => {
  const there = rig(readerLine, BOTH);
  const { heard } = boardOn(there);
  await there.pass(2_500);
  heard.length = 0;
  there.reader.show('yard', { text: ['Sortie'], tone: 'exit', light: 'leaving' });
  await there.pass(30);
  const expected = [...encodeFrame(0x11, [2, 3, 0x01, 0xf4, 0x01, 0xf4, 0, 100, 0x03, 0x84])];
  assert.equal(
    heard.map((bytes) => [...bytes]),
    [expected],
  );
  there.reader.show('nobody', { text: [], tone: 'none', light: 'ready' });
  heard.length = 0;
  await there.pass(1_000);
  assert.equal(
    heard.map((bytes) => [...bytes]),
    [expected],
  );
});

board('what it shall show outlasts an unplugging', async () => {
  const there = rig(readerLine, BOTH);
  const { heard } = boardOn(there);
  there.reader.show('street', { text: [], tone: 'none', light: 'refused' });
  await there.pass(2_500);
  there.wire.plug(false);
  await there.pass(3_000);
  heard.length = 0;
  there.wire.plug(true);
  await there.pass(8_000);
  assert.ok(heard.some((bytes) => bytes.join() === [...encodeFrame(0x11, [1, 2, 0x03, 0xe8, 0, 0])].join()));
});

board('on a line that loses and changes bytes no card is heard that was not shown', async () => {
  const there = rig(readerLine, BOTH);
  const { tap } = boardOn(there);
  await there.pass(2_500);
  there.wire.setFaults({ lossPerByte: 0.01, changePerByte: 0.01, splitPerByte: 0.2, delayMs: 3 });
  const shown = new Set<string>();
  const random = seeded(9);
  for (let round = 0; round < 300; round++) {
    const bits = wiegand26(Math.floor(random() * 256), Math.floor(random() * 65_536));
    shown.add(`street badge 26 ${Buffer.from(bytesOfBits(bits)).toString('hex').toUpperCase()}`);
    tap.write(burst(1, bits));
    await there.pass(200);
  }
  const badges = there.all.filter((line) => line.includes('badge'));
  assert.ok(badges.every((line) => shown.has(line)));
  assert.ok(badges.length > 150, `${badges.length} of 300`);
});

board.run();

// ---- PN532

const chip = suite('PN532 on a wire');

chip('set up over the wire, a card, and its supply away for a while', async () => {
  const there = rig(pn532);
  const fake = fakePn532();
  const tap = there.wire.tap((bytes) => tap.write(fake.hear(bytes)));
  await there.pass(1_000);
  assert.equal(there.told(), ['door there']);
  fake.card = [4, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6];
  await there.pass(5_000);
  assert.equal(there.told(), ['door badge 56 04A1B2C3D4E5F6']);
  fake.isAlive = false;
  await there.pass(3_000);
  assert.equal(there.told(), ['door gone']);
  fake.isAlive = true;
  await there.pass(2_000);
  assert.equal(there.told(), ['door there', 'door badge 56 04A1B2C3D4E5F6']);
  await there.reader.close();
  assert.ok(there.logged.some((line) => line.includes('PN532, firmware 1.6')));
});

chip.run();
