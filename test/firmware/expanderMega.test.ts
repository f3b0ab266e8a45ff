/** The Arduino's driver on an emulated Mega with more lines than any site has: 16 loops, 24 contacts and 12 outputs. */
// alone
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PinPlace, PinPlaces } from '../../src/drivers/firmata/boardLines.ts';
import type { Drive } from '../../src/ports/lines.ts';
import { expanderOnBoard } from '../support/avr/expanderOnBoard.ts';
import type { ExpanderOnBoard } from '../support/avr/expanderOnBoard.ts';
import { analog, input, output } from '../support/expanderRig.ts';

const FIRST_ANALOG = 54;
const CONTACTS = Array.from({ length: 24 }, (_none, index) => 22 + index);
const OUTPUTS = Array.from({ length: 12 }, (_none, index) => 2 + index);
const CHANNELS = Array.from({ length: 16 }, (_none, channel) => channel);

const pinEntry = (name: string, pin: number, channel?: number): [string, PinPlace] => [`cellar.${name}`, { pin, channel }];

const PINS: PinPlaces = Object.fromEntries([
  ...[...CONTACTS, ...OUTPUTS].map((pin) => pinEntry(`D${pin}`, pin)),
  ...CHANNELS.map((channel) => pinEntry(`A${channel}`, FIRST_ANALOG + channel, channel)),
]);
const REQUESTS = [
  ...CONTACTS.map((pin) => input(`D${pin}`)),
  ...OUTPUTS.map((pin) => output(`D${pin}`)),
  ...CHANNELS.map((channel) => analog(`A${channel}`)),
];

/** The ratio that a channel has when all of them differ. */
const ratioOf = (channel: number): number => 0.1 + channel * 0.05;

const areChannelsRight = ({ lines }: ExpanderOnBoard): boolean =>
  CHANNELS.every((channel) => {
    const reading = lines.read(`cellar.A${channel}`);
    return reading.kind === 'ratio' && Math.abs(reading.ratio - ratioOf(channel)) < 0.004;
  });

const areContacts = ({ lines }: ExpanderOnBoard, levelOf: (pin: number) => 0 | 1): boolean =>
  CONTACTS.every((pin) => {
    const reading = lines.read(`cellar.D${pin}`);
    return reading.kind === 'level' && reading.level === levelOf(pin);
  });

const onMega = suite<{ rig: ExpanderOnBoard }>('a Mega full of lines');

onMega.before(async (context) => {
  context.rig = await expanderOnBoard('atmega2560', PINS, REQUESTS, async (board) => {
    for (const pin of CONTACTS) await board.setPin(pin, pin % 2 === 0 ? 0 : 1);
    for (const channel of CHANNELS) await board.setVolts(channel, ratioOf(channel));
  });
});
onMega.before.each(({ rig }) => {
  rig.readings.length = 0;
  rig.troubles.length = 0;
});
onMega.after(async ({ rig }) => rig.stop());

onMega('every line has its own value', async ({ rig }) => {
  await rig.until('all channels', () => areChannelsRight(rig));
  await rig.until('all contacts', () => areContacts(rig, (pin) => (pin % 2 === 0 ? 0 : 1)));
});

onMega('all contacts move at once, and each is told once', async ({ rig }) => {
  await Promise.all(CONTACTS.map(async (pin) => rig.board.setPin(pin, pin % 2 === 0 ? 1 : 0)));
  await rig.until('all contacts', () => areContacts(rig, (pin) => (pin % 2 === 0 ? 1 : 0)));
  await sleep(300);
  assert.is(rig.readings.length, CONTACTS.length);
  assert.is(new Set(rig.readings.map(({ line }) => line)).size, CONTACTS.length);
});

onMega('all outputs are driven at once, and each obeys', async ({ rig }) => {
  const drive = (of: (pin: number) => Drive): void => {
    for (const pin of OUTPUTS) rig.lines.write(`cellar.D${pin}`, of(pin));
  };
  drive(() => 'on');
  drive((pin) => (pin % 3 === 0 ? 'off' : 'on'));
  await sleep(300);
  for (const pin of OUTPUTS) assert.is(await rig.board.levelOf(pin), pin % 3 === 0 ? 'low' : 'high');
  assert.equal(rig.troubles, []);
});

onMega('unplugged and plugged in again, all of it is back', async ({ rig }) => {
  await rig.board.unplug();
  await rig.until('lost', () => rig.lines.read('cellar.A0').kind === 'lost');
  await sleep(300);
  await rig.board.replug();
  await rig.until('back', () => areChannelsRight(rig) && areContacts(rig, (pin) => (pin % 2 === 0 ? 1 : 0)));
  for (const pin of OUTPUTS) assert.is(await rig.board.levelOf(pin), pin % 3 === 0 ? 'low' : 'high');
  assert.is(rig.troubles.filter(({ trouble }) => trouble === undefined).length, OUTPUTS.length);
});
onMega.run();
