// deadline: 240s
/**
 * The whole product with an Arduino on its cable: `vigie run`, a broker, a centre that acknowledges, and an emulated board
 * that runs the expander's firmware behind a real serial port. It reads a loop and a contact, and drives a siren and a lamp.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emulatedBoard } from '../support/avr/emulatedBoard.ts';
import type { EmulatedBoard } from '../support/avr/emulatedBoard.ts';
import { killLeftovers, machineMs, reachBoard, startReady, temporaryFolder, until } from '../support/controllerProcess.ts';
import type { ControllerProcess } from '../support/controllerProcess.ts';
import { startedBroker } from '../support/guardedSite.ts';
import { KILL_CODE } from '../support/killSite.ts';
import { startTestCentre } from '../support/testCentre.ts';
import type { TestCentre, Told } from '../support/testCentre.ts';

const test = suite('expander: the whole product');
const folder = temporaryFolder();
test.after(async () => {
  await killLeftovers();
  folder.remove();
});

const SITE = 'with-expander';
/** On the controller's own board: a key is pressed at the keypad beside it. */
const DOOR = 'GPIO17';
const CONTACT_PIN = 4;
const LAMP_PIN = 8;
const SIREN_PIN = 9;
/** 4.7 kΩ at the end of the line, 4.7 kΩ across the alarm contact, 4.7 kΩ to the supply. */
const LOOP = { normal: 0.5, alarm: 2 / 3, cut: 1 } as const;

const siteText = (port: string): string =>
  [
    'version: 1',
    `site: ${SITE}`,
    'name: Cabinet',
    'security: { salt: demo-minimal-0001 }',
    'board: { driver: sim }',
    `expanders: { cellar: { model: arduino-uno-firmata, port: ${port} } }`,
    'mqtt: { broker: mqtt://127.0.0.1:1883 }',
    'areas: { practice: { name: Cabinet, exit: immediate } }',
    'zones:',
    `  door: { number: 1, name: Porte, area: practice, type: entry-exit, input: ${DOOR} }`,
    '  window: { number: 2, name: Fenêtre, area: practice, type: instant, input: cellar.A0,',
    '    loop: { kind: double, endOfLine: 4k7, alarm: 4k7, pullUp: 4k7 } }',
    `  hatch: { number: 3, name: Trappe, area: practice, type: instant, input: cellar.D${CONTACT_PIN} }`,
    'outputs:',
    `  siren: { role: siren, name: Sirène, output: cellar.D${SIREN_PIN}, areas: [practice], place: indoor }`,
    `  lamp: { role: armed-lamp, name: Voyant, output: cellar.D${LAMP_PIN}, areas: [practice] }`,
    'keypads: { entrance: { name: Clavier, areas: [practice] } }',
    'users: { martin: { name: Mme Martin, role: owner, code: v1-305c86b9baa113958dc07c4a6731a747 } }',
  ].join('\n');

type Stage = { readonly board: EmulatedBoard; readonly centre: TestCentre; readonly run: () => Promise<Running> };
type Running = { readonly controller: ControllerProcess; readonly keys: (text: string) => Promise<unknown> };

const told = ({ centre }: Stage, kind: string): readonly Told[] => centre.arrived(SITE).filter((one) => one.kind === kind);

const hears = (stage: Stage, kind: string, zone: string): Promise<unknown> =>
  until(`${kind} of ${zone}`, () => told(stage, kind).some((one) => one.zone === zone), 30_000);

const drives = ({ board }: Stage, pin: number, level: 'high' | 'low'): Promise<unknown> =>
  until(`pin ${pin} ${level}`, async () => (await board.levelOf(pin)) === level, 30_000);

const runOn = async (config: string, broker: string): Promise<Running> => {
  const socket = join(folder.path, 'keypads.sock');
  const controller = await startReady({ config, broker, socket, data: join(folder.path, 'data') });
  const client = await reachBoard(controller, socket, DOOR);
  if (!client) throw new Error(controller.log());
  return { controller, keys: (text) => client.ask({ keys: 'entrance', text }) };
};

const onStage = async (play: (stage: Stage) => Promise<void>): Promise<void> => {
  const board = await emulatedBoard({ chip: 'atmega328p' });
  await board.setVolts(0, LOOP.normal);
  await board.setPin(CONTACT_PIN, 0);
  const config = join(folder.path, 'site.yaml');
  writeFileSync(config, siteText(board.port));
  const broker = await startedBroker();
  const centre = await startTestCentre(broker.url);
  try {
    await play({ board, centre, run: () => runOn(config, broker.url) });
  } finally {
    await killLeftovers();
    await centre.close();
    await broker.close();
    await board.stop();
  }
};

/** What the firmware allows its host to be silent, and what the test machine may add. */
const REST_WITHIN_MS = 6_000;

test('a night: set, a loop opened, disarmed; set again, the cable pulled, the controller killed', () =>
  onStage(async (stage) => {
    const { board } = stage;
    const first = await stage.run();
    await first.keys(`1*${KILL_CODE}#`);
    await drives(stage, LAMP_PIN, 'high');
    assert.is(await board.levelOf(SIREN_PIN), 'low');

    await board.setVolts(0, LOOP.alarm);
    await hears(stage, 'intrusion', 'window');
    await drives(stage, SIREN_PIN, 'high');
    await first.keys(`0*${KILL_CODE}#`);
    await drives(stage, SIREN_PIN, 'low');
    await drives(stage, LAMP_PIN, 'low');
    await board.setVolts(0, LOOP.cut);
    await hears(stage, 'tamper', 'window');
    assert.is(await board.levelOf(SIREN_PIN), 'low', 'a tamper by day is told, and is silent');

    await board.setVolts(0, LOOP.normal);
    await hears(stage, 'tamper-restored', 'window');
    await first.keys(`1**${KILL_CODE}#`);
    await drives(stage, LAMP_PIN, 'high');
    await board.unplug();
    await hears(stage, 'zone-fault', 'hatch');
    assert.equal(told(stage, 'intrusion').length, 1, 'a cable that is pulled opens no window');
    await hears(stage, 'tamper', 'hatch');
    await board.replug();
    await hears(stage, 'zone-fault-restored', 'hatch');
    await drives(stage, SIREN_PIN, 'high');
    await drives(stage, LAMP_PIN, 'high');

    const killedAt = machineMs();
    await first.controller.kill('SIGKILL');
    await drives(stage, SIREN_PIN, 'low');
    await drives(stage, LAMP_PIN, 'low');
    assert.ok(machineMs() - killedAt < REST_WITHIN_MS, `at rest ${machineMs() - killedAt} ms after its host was killed`);

    const second = await stage.run();
    await drives(stage, LAMP_PIN, 'high');
    await drives(stage, SIREN_PIN, 'high');
    await board.setPin(CONTACT_PIN, 1);
    await hears(stage, 'intrusion', 'hatch');
    await second.keys(`0*${KILL_CODE}#`);
    await drives(stage, SIREN_PIN, 'low');
    assert.equal(stage.centre.conflicts, []);
    assert.equal(stage.centre.outOfOrder, []);
  }));

test.run();
