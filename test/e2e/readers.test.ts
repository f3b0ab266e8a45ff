/**
 * From a reader's wire to the badge that the runtime hears: a site's file, its keypads opened as the program opens them, the
 * real serial driver, and at the other end of a pseudo-terminal the reader. Linux only, and it needs koffi.
 */
import { tmpdir } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBoard } from '../../src/cli/boards.ts';
import { code } from '../../src/cli/code.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import type { Keypads } from '../../src/ports/lines.ts';
import { fakeIo } from '../cli/support.ts';
import { emulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { EmulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { WaveStep } from '../support/avr/boardMessages.ts';
import { eventually } from '../support/avr/eventually.ts';
import { openPty } from '../support/avr/pty.ts';
import { LINES, WIEGAND_HEX } from '../support/avr/wiegandBench.ts';
import { fakePn532 } from '../support/fakePn532.ts';
import { keypadEars } from '../support/keypadEars.ts';
import { productSite } from '../support/productSite.ts';
import { ascii } from '../support/readerEvents.ts';
import { key4, wiegand26 } from '../support/wiegandBits.ts';

const PUMP_MS = 2;
const nothing = (): void => undefined;

/** Closed after each test, failed or not. */
const held: Keypads[] = [];
const letGo = async (): Promise<void> => void (await Promise.all(held.splice(0).map(async (keypads) => keypads.close())));

type Site = {
  readonly keypads: Keypads;
  readonly all: readonly string[];
  /** Waits for it, after what was waited for last. */
  readonly hears: (what: string) => Promise<void>;
};

const siteText = (readers: Readonly<Record<string, string>>): string => {
  const entries = Object.entries(readers).map(([id, reader]) => `  ${id}: { name: ${id}, areas: [shop], reader: ${reader} }`);
  return productSite('character-device')
    .replace(/^board: .*$/m, 'board: { driver: sim }')
    .replace(/^keypads:$/m, ['keypads:', ...entries].join('\n'));
};

/** The keypads of a simulated site, each with its reader. */
const siteWith = async (readers: Readonly<Record<string, string>>): Promise<Site> => {
  const loaded = loadSite(siteText(readers), siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const opened = await openBoard(loaded.site, {
    socket: undefined,
    levels: undefined,
    isFirstStart: true,
    data: tmpdir(),
    log: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.reason);
  const { keypads } = opened.board;
  held.push(keypads);
  const ears = keypadEars();
  let from = 0;
  await keypads.open(loaded.site.keypads, ears.listener);
  return {
    keypads,
    all: ears.all,
    hears: async (what) => {
      await eventually(what, () => ears.all.includes(what, from));
      from = ears.all.indexOf(what, from) + 1;
    },
  };
};

const serial = suite('readers on a pseudo-terminal');
serial.after.each(letGo);

serial('RDM6300: a badge, once while the card lies there', async () => {
  const pty = openPty();
  const { all, hears } = await siteWith({ door: `{ kind: rdm6300, port: ${pty.path} }` });
  await hears('door there');
  const frame = Uint8Array.from([2, ...ascii('0A0049CE5DD0'), 3]);
  for (let round = 0; round < 5; round++) pty.write(frame);
  await hears('door badge 40 0A0049CE5D');
  pty.write(Uint8Array.from([2, ...ascii('0123456789'), ...ascii('89'), 13, 10, 3]));
  await hears('door badge 40 0123456789');
  assert.is(all.filter((line) => line.includes('0A0049CE5D')).length, 1);
  pty.close();
  await hears('door gone');
});

serial('PN532: woken and set up over the line, then a card', async () => {
  const pty = openPty();
  const chip = fakePn532();
  const pump = setInterval(() => {
    const bytes = pty.read();
    if (bytes.length > 0) pty.write(chip.hear(bytes));
  }, PUMP_MS).unref();
  const { hears } = await siteWith({ door: `{ kind: pn532, port: ${pty.path} }` });
  await hears('door there');
  chip.card = [4, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6];
  await hears('door badge 56 04A1B2C3D4E5F6');
  chip.isAlive = false;
  await hears('door gone');
  clearInterval(pump);
  pty.close();
});

serial('a reader that is not there, beside a keypad without one: the site opens all the same', async () => {
  const { all } = await siteWith({
    door: '{ kind: rdm6300, port: /dev/no-such-port }',
    desk: '{ kind: keyboard, device: /dev/no-such-device }',
  });
  await eventually('both are gone', () => all.includes('door gone') && all.includes('desk gone'));
  assert.is(all.length, 2);
});

serial(
  'vigie code read: the digest of the badge that is held to a reader, as `hash` has it, and its number nowhere',
  async () => {
    const pty = openPty();
    const files = { 'site.yaml': siteText({ door: `{ kind: rdm6300, port: ${pty.path} }` }) };
    const never = { asked: () => Promise.resolve() };
    const hashed = fakeIo(files, '0A0049CE5D\n');
    assert.is(await code(['hash', 'site.yaml', '--badge'], hashed, never), 0);

    const io = fakeIo(files);
    let end = nothing;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const reading = code(['read', 'site.yaml'], io, { asked: () => ended });
    await eventually('the reader is there', () => io.written.err.includes('door: there'));
    pty.write(Uint8Array.from([2, ...ascii('0A0049CE5DD0'), 3]));
    await eventually('a digest', () => io.written.out !== '');
    end();
    assert.is(await reading, 0);
    assert.is(io.written.out, `door ${hashed.written.out}`);
    assert.not(`${io.written.out}${io.written.err}`.includes('0A0049CE5D'));
    pty.close();
  },
);

serial('vigie code read: a site whose keypads have no readers of their own', async () => {
  const io = fakeIo({ 'site.yaml': siteText({}) });
  assert.is(await code(['read', 'site.yaml'], io, { asked: () => Promise.resolve() }), 2);
  assert.match(io.written.err, 'docs/readers.md');
});

serial.run();

// ---- the Wiegand board: its own firmware, on an emulated chip

const wiegand = suite<{ board: EmulatedBoard }>('two Wiegand readers on an emulated board');

wiegand.before(async (context) => {
  context.board = await emulatedBoard({ chip: 'atmega328p', hex: WIEGAND_HEX });
  for (const pin of [...LINES[1], ...LINES[2]]) await context.board.setPin(pin, 1);
});
wiegand.after.each(letGo);
wiegand.after(async ({ board }) => board.stop());

const pulsesOf = (input: 1 | 2, bits: string): readonly WaveStep[] =>
  Array.from(bits).flatMap((bit): readonly WaveStep[] => {
    const pin = LINES[input][bit === '1' ? 1 : 0];
    return [
      { pin, level: 0, micros: 50 },
      { pin, level: 1, micros: 1_950 },
    ];
  });

wiegand('a card, a key, a lamp, a wire on ground, and the board pulled out and plugged in', async ({ board }) => {
  const reader = (input: number): string => `{ kind: wiegand, port: ${board.port}, input: ${input} }`;
  const { keypads, hears } = await siteWith({ street: reader(1), yard: reader(2) });
  await hears('street there');
  await board.wave(pulsesOf(1, wiegand26(1, 12_345)));
  await hears('street badge 26 80981CC0');
  await board.wave(pulsesOf(2, key4('7')));
  await hears('yard keys 7');

  keypads.show('yard', { text: [], tone: 'none', light: 'refused' });
  await eventually('the red lamp of the second reader', async () => (await board.levelOf(10)) === 'low');
  assert.is(await board.levelOf(7), 'input');

  await board.setPin(LINES[2][0], 0);
  await hears('yard gone');
  await board.setPin(LINES[2][0], 1);

  await board.unplug();
  await hears('street gone');
  await board.replug();
  for (const pin of [...LINES[1], ...LINES[2]]) await board.setPin(pin, 1);
  await hears('street there');
  await board.wave(pulsesOf(1, wiegand26(2, 2)));
  await hears('street badge 26 81000100');
});

wiegand.run();
