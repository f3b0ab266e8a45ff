/** What a site's file asks for as its board, opened on a machine that has no such chip. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBoard } from '../../src/cli/boards.ts';
import type { OpenedBoard } from '../../src/cli/boards.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';
import type { Reading } from '../../src/core/input.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { LinesListener } from '../../src/ports/lines.ts';
import { temporaryFolder, until } from '../support/controllerProcess.ts';
import { connectSim } from '../support/simClient.ts';
import { KEYPAD, productSite } from '../support/productSite.ts';
import { passwordFile, shown, TWO_N } from '../support/stations/rig.ts';
import { serveStation } from '../support/stations/server.ts';
import { emulatedTwoN } from '../support/stations/twoN.ts';

const test = suite('boards of a site');
const folder = temporaryFolder();
test.after(() => folder.remove());

const NOBODY: LinesListener = { onReading: () => undefined, onOutputTrouble: () => undefined };
const WINDOW = { direction: 'input', line: 'GPIO17', bias: 'none' } as const;

const siteOn = (board: string): SiteFile => {
  const loaded = loadSite(productSite('character-device').replace(/^board: .*$/m, board), siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

/** On a chip that no machine has, this test's own included. */
const siteOnNoChip = (access: string): SiteFile => {
  const site = siteOn(`board: { model: raspberry-pi-4, access: ${access} }`);
  if (site.board.driver !== 'gpio') throw new Error('not a real board');
  return { ...site, board: { ...site.board, chipLabel: 'no-such-chip' } };
};

const opened = async (site: SiteFile, isFirstStart: boolean, socket?: string): Promise<OpenedBoard & { readonly ok: true }> => {
  const board = await openBoard(site, { socket, levels: undefined, isFirstStart, data: '/nowhere', log: () => undefined });
  if (!board.ok) throw new Error(board.reason);
  return board;
};

for (const access of ['auto', 'character-device', 'onoff']) {
  test(`${access}: without the board's chip the first start is refused, and a later one watches what it can`, async () => {
    const site = siteOnNoChip(access);
    const first = (await opened(site, true)).board.lines;
    const refused = await first.open([WINDOW], NOBODY);
    assert.not(refused.ok);
    assert.equal(refused.ok ? [] : refused.problems.map(({ line }) => line), ['GPIO17']);
    const later = (await opened(site, false)).board.lines;
    assert.equal(await later.open([WINDOW], NOBODY), { ok: true });
    assert.equal(later.read('GPIO17'), { kind: 'lost' });
    await later.close();
  });
}

test('a reader on a bus beside the board: its lines are its own, and it can be installed', async () => {
  const site = siteOn('board: { driver: sim }');
  const readers = [{ kind: 'osdp', keypad: KEYPAD, bus: 'rs485', address: 1, isSecure: true }] as const;
  const buses = [{ id: 'rs485', port: join(folder.path, 'no-port'), baudRate: 9_600 }];
  const { board } = await opened({ ...site, readers, buses }, false);
  const install = board.verbs.find(({ ask }) => ask === 'install-window');
  const client = { gone: new AbortController().signal };
  const installReader = async (keypad: string, ms: number): Promise<unknown> => install?.act({ keypad, ms }, client);
  const tamper = { direction: 'input', line: `${KEYPAD}.tamper`, bias: 'none' } as const;
  assert.equal(await installReader(KEYPAD, 1_000), { ok: false, reason: 'not-open' });
  assert.equal(await board.lines.open([tamper, WINDOW], NOBODY), { ok: true });
  assert.equal(board.lines.read(tamper.line), { kind: 'lost' }, 'nobody is at the other end');
  assert.is(board.lines.read(WINDOW.line).kind, 'level');
  assert.equal(await installReader('nobody', 1_000), { ok: false, reason: 'unknown-reader' });
  assert.equal(await installReader(KEYPAD, 50), { trouble: undefined, ok: false, reason: 'time-over' });
  assert.equal(await installReader(KEYPAD, 3_600_000), { ok: false, reason: 'bad-request' });
  await board.lines.close();
});

test('beside real lines the socket has the keypads, and no line', async () => {
  const socket = join(folder.path, 'real.sock');
  const { board, close } = await opened(siteOnNoChip('auto'), false, socket);
  const heard: string[] = [];
  await board.keypads.open([KEYPAD], {
    onKeys: (keypad, text) => void heard.push(`${keypad} ${text}`),
    onBadge: (keypad, { hex }) => void heard.push(`${keypad} badge ${hex}`),
    onPresence: () => undefined,
  });
  await board.lines.open([WINDOW], NOBODY);
  board.keypads.show(KEYPAD, { text: ['Bonjour'], tone: 'none', light: 'ready' });
  const hand = await connectSim(socket);
  assert.equal(await hand.ask({ keys: KEYPAD, text: '12#' }), { ok: true });
  assert.equal(await hand.ask({ badge: KEYPAD, bits: 26, hex: '80981CC0' }), { ok: true });
  assert.equal(await hand.ask({ show: KEYPAD }), { keypad: KEYPAD, text: ['Bonjour'], tone: 'none', light: 'ready' });
  assert.match((await hand.ask({ set: 'GPIO17', level: 1 })).error ?? '', 'no such line');
  await until('what was typed', () => heard.length === 2);
  assert.equal(heard, [`${KEYPAD} 12#`, `${KEYPAD} badge 80981CC0`]);
  hand.close();
  await close();
  await board.lines.close();
});

test('a simulated board has its lines on the socket', async () => {
  const socket = join(folder.path, 'sim.sock');
  const { board, close } = await opened(siteOn('board: { driver: sim }'), true, socket);
  assert.equal(await board.lines.open([WINDOW], NOBODY), { ok: true });
  const hand = await connectSim(socket);
  assert.equal(await hand.ask({ set: 'GPIO17', level: 1 }), { ok: true });
  assert.equal(board.lines.read('GPIO17'), { kind: 'level', level: 1 });
  hand.close();
  await close();
});

test('a site with an Arduino beside its board: what is missing on it is lost, and the rest works', async () => {
  const site = siteOn('board: { driver: sim }\nexpanders: { box: { model: arduino-uno-firmata, port: /dev/no-such-port } }');
  const box = {
    id: 'box',
    model: 'arduino-uno-firmata',
    port: '/dev/no-such-port',
    pins: { 'box.D4': { pin: 4, channel: undefined } },
  };
  const { board } = await opened({ ...site, expanders: [box] }, true);
  const onBox = { ...WINDOW, line: 'box.D4', bias: 'pull-up' } as const;
  assert.equal(await board.lines.open([WINDOW, onBox], NOBODY), { ok: true });
  assert.equal([board.lines.read('GPIO17'), board.lines.read('box.D4')], [{ kind: 'level', level: 0 }, { kind: 'lost' }]);
  await board.lines.close();
});

test('a site with a door station: its ring is heard beside the board’s lines, and is lost when it goes', async () => {
  const station = emulatedTwoN({ timers: machineTimers });
  const served = await serveStation(station, { login: 'digest-sha256' });
  const config = { ...TWO_N, lines: ['front.ring'], url: served.url, passwordFile: passwordFile() };
  const { board } = await opened({ ...siteOn('board: { driver: sim }'), stations: [config] }, true);
  const heard: string[] = [];
  const listener = { ...NOBODY, onReading: (line: string, reading: Reading) => void heard.push(`${line} ${shown(reading)}`) };
  assert.equal(await board.lines.open([WINDOW, { ...WINDOW, line: 'front.ring' }], listener), { ok: true });
  assert.equal(board.lines.read('front.ring'), { kind: 'level', level: 0 });
  station.press();
  await until('the ring is over', () => heard.length === 2);
  assert.equal(heard, ['front.ring 1', 'front.ring 0']);
  await served.close();
  await until('it is lost', () => heard.includes('front.ring lost'));
  assert.equal(board.lines.read('GPIO17'), { kind: 'level', level: 0 });
  await board.lines.close();
});

test.run();
