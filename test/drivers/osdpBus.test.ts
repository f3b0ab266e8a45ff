/** The driver of a reader bus: keypads, lines, screens, keys and the port, in virtual time with emulated readers. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryKeys } from '../../src/drivers/osdp/keyFile.ts';
import type { OsdpReader } from '../../src/drivers/osdp/osdpBus.ts';
import type { KeypadScreen, LineRequest } from '../../src/ports/lines.ts';
import { BUS_PATH, driverEars, driverRig } from '../support/osdp/driverRig.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const reader = (keypad: string, address = 0, isSecure = true): OsdpReader => ({ keypad, address, isSecure });
const keyed = (keypad: string) => memoryKeys({ [keypad]: { identity: '8e0600-00000001', key: KEY } });
const input = (line: string): LineRequest => ({ direction: 'input', line, bias: 'pull-up' });
const output = (line: string, restLevel: 0 | 1 = 0): LineRequest => ({
  direction: 'output',
  line,
  initialLevel: restLevel,
  restLevel,
  maxOnMs: undefined,
});
const screen = (some: Partial<KeypadScreen>): KeypadScreen => ({ text: [], tone: 'none', light: 'ready', ...some });

const keypads = suite('reader bus as keypads');

keypads('badges in capitals, keys and presence, as any keypad tells them', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open();
  assert.equal(rig.ears.presences, [['entrance', true]]);
  on.reader.present(26, '4c048b80');
  on.reader.press('12#');
  await rig.pass(1_000);
  assert.equal(rig.ears.badges, [{ keypad: 'entrance', bits: 26, hex: '4C048B80' }]);
  assert.equal(rig.ears.keys, ['entrance 12#']);
  on.tap.connect(false);
  await rig.pass(8_000);
  on.tap.connect(true);
  await rig.pass(11_000);
  assert.equal(rig.ears.presences.slice(1), [
    ['entrance', false],
    ['entrance', true],
  ]);
});

keypads('no card and no key is ever in the log', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open();
  on.reader.present(26, '4c048b80');
  on.reader.press('4711#');
  await rig.pass(1_000);
  const log = rig.said.join('\n').toLowerCase();
  for (const secret of ['4c048b80', '4711', Buffer.from(KEY).toString('hex')]) assert.is(log.includes(secret), false);
  assert.ok(log.includes('serves') || log.includes('is there'));
});

keypads('a screen is a light, a sound and text, as far as the reader has them; each change goes once', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY, textRows: 2 });
  rig.bus.keypads.show('entrance', screen({ light: 'ready', text: ['Prêt', 'À bientôt, réarmez vite'] }));
  await rig.open();
  await rig.pass(1_000);
  const heard = on.reader.heard.splice(0);
  const of = (code: number): readonly Buffer[] => heard.filter((command) => command.code === code).map(({ data }) => data);
  assert.equal(
    of(0x69).map((data) => [data[9], data[10], data[11], data[12]]),
    [[1, 10, 0, 4]],
  );
  assert.equal(
    of(0x6b).map((data) => data.subarray(6).toString('ascii')),
    ['Pret            ', 'A bientot, rearm'],
  );
  assert.equal(
    of(0x6a).map((data) => data[1]),
    [1],
  );
  rig.bus.keypads.show('entrance', screen({ light: 'ready', text: ['Prêt', 'À bientôt, réarmez vite'] }));
  await rig.pass(2_000);
  assert.equal(
    on.reader.heard.filter(({ code }) => code >= 0x69 && code <= 0x6b),
    [],
  );
  rig.bus.keypads.show('entrance', screen({ light: 'alarm' }));
  await rig.pass(1_000);
  const [led] = on.reader.heard.filter(({ code }) => code === 0x69);
  assert.equal([led?.data[10], led?.data[11], led?.data[12]], [5, 5, 1]);
});

keypads('a rhythm of one beep is left to the reader, one of three is sent bar by bar until it ends', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open();
  const tones = (): readonly (readonly number[])[] =>
    on.reader.heard.splice(0).flatMap(({ code, data }) => (code === 0x6a ? [[...data]] : []));
  rig.bus.keypads.show('entrance', screen({ tone: 'entry' }));
  await rig.pass(5_000);
  assert.equal(tones(), [[0, 2, 4, 4, 0]]);
  rig.bus.keypads.show('entrance', screen({ tone: 'refused' }));
  await rig.pass(2_500);
  rig.bus.keypads.show('entrance', screen({ tone: 'refused', light: 'refused' }));
  await rig.pass(500);
  const bars = tones();
  assert.ok(bars.length >= 2 && bars.length <= 4, `${bars.length} bars in 3 s`);
  assert.ok(bars.every((bar) => bar.join() === '0,2,1,1,3'));
  rig.bus.keypads.show('entrance', screen({ tone: 'none' }));
  await rig.pass(5_000);
  assert.equal(tones(), [[0, 1, 0, 0, 0]]);
});

keypads('a reader that was away is shown the present screen when it is back, not the ones between', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open();
  on.tap.connect(false);
  await rig.pass(8_000);
  for (const light of ['alarm', 'memory', 'set'] as const) rig.bus.keypads.show('entrance', screen({ light }));
  on.reader.heard.splice(0);
  on.tap.connect(true);
  await rig.pass(12_000);
  assert.equal(
    on.reader.heard.filter(({ code }) => code === 0x69).map(({ data }) => data[12]),
    [0],
  );
});
keypads.run();

// ---- lines

const lines = suite('reader bus as lines');

lines('opening waits for readers that are there: their levels are known, and none is told as a change', async () => {
  const rig = driverRig(
    [reader('entrance'), reader('back', 1)],
    memoryKeys({ entrance: { identity: undefined, key: KEY }, back: { identity: undefined, key: KEY } }),
    3_000,
  );
  rig.put({ key: KEY });
  rig.put({ address: 1, serial: 2, key: KEY });
  const opening = rig.bus.lines.open(['entrance.tamper', 'back.tamper', 'back.in1'].map(input), rig.ears.linesListener);
  let isOpen = false;
  void opening.then(() => {
    isOpen = true;
  });
  await rig.pass(2_000);
  assert.equal([isOpen, rig.ears.readings], [true, []]);
  assert.equal(rig.bus.lines.read('back.in1'), { kind: 'level', level: 0 });
});

lines('whoever is there by then is told when keypads are opened', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  rig.put({ key: KEY });
  await rig.bus.lines.open([input('entrance.tamper')], rig.ears.linesListener);
  await rig.pass(2_000);
  assert.equal(rig.ears.presences, []);
  await rig.bus.keypads.open(['entrance'], rig.ears.keypadListener);
  assert.equal(rig.ears.presences, [['entrance', true]]);
});

lines('and no longer than its patience for one that is not', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'), 3_000);
  let isOpen = false;
  void rig.bus.lines.open([input('entrance.tamper')], rig.ears.linesListener).then(() => {
    isOpen = true;
  });
  await rig.pass(2_750);
  assert.is(isOpen, false);
  await rig.pass(500);
  assert.is(isOpen, true);
  assert.equal(rig.bus.lines.read('entrance.tamper'), { kind: 'lost' });
});

lines('tamper, power and inputs: lost until heard, then levels, lost again when it is away', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const names = ['entrance.tamper', 'entrance.power', 'entrance.in0', 'entrance.in1'];
  const on = rig.put({ key: KEY });
  on.tap.connect(false);
  await rig.open(names.map(input));
  assert.equal(
    names.map(rig.bus.lines.read),
    names.map(() => ({ kind: 'lost' })),
  );
  on.tap.connect(true);
  await rig.pass(12_000);
  assert.equal(
    names.map(rig.bus.lines.read),
    names.map(() => ({ kind: 'level', level: 0 })),
  );
  rig.ears.readings.splice(0);
  on.reader.setTamper(true);
  on.reader.setPower(true);
  on.reader.setInput(1, true);
  await rig.pass(1_000);
  assert.equal(rig.ears.readings, [
    ['entrance.tamper', { kind: 'level', level: 1 }],
    ['entrance.power', { kind: 'level', level: 1 }],
    ['entrance.in1', { kind: 'level', level: 1 }],
  ]);
  rig.ears.readings.splice(0);
  on.tap.connect(false);
  await rig.pass(8_000);
  assert.equal(rig.ears.readings.toSorted(), names.map((line) => [line, { kind: 'lost' }]).toSorted());
});

lines('another reader in its place is tamper, and nothing of it is heard', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open(['entrance.tamper', 'entrance.in0'].map(input));
  on.reader.become({ serial: 99 });
  on.reader.present(26, '4c048b80');
  await rig.pass(5_000);
  assert.equal(rig.bus.lines.read('entrance.tamper'), { kind: 'level', level: 1 });
  assert.equal(rig.bus.lines.read('entrance.in0'), { kind: 'lost' });
  assert.equal(rig.ears.badges, []);
});

lines('an output is on while it is ordered, again and again, and falls to rest when the controller dies', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open([output('entrance.out0'), output('entrance.out1', 1)]);
  await rig.pass(1_000);
  assert.equal(on.reader.outputs(), [false, true], 'at rest');
  rig.bus.lines.write('entrance.out0', 'on');
  rig.bus.lines.write('entrance.out1', 'on');
  await rig.pass(30_000);
  assert.equal(on.reader.outputs(), [true, false]);
  rig.wire.plug(false);
  on.reader.receive(Uint8Array.of(), rig.timers.now() + 10_500);
  assert.equal(on.reader.outputs(), [false, true], 'nobody ordered again');
});

lines('off is at once, and an output that is off is not ordered again', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open([output('entrance.out0')]);
  rig.bus.lines.write('entrance.out0', 'on');
  await rig.pass(500);
  rig.bus.lines.write('entrance.out0', 'off');
  await rig.pass(500);
  assert.equal(on.reader.outputs()[0], false);
  on.reader.heard.splice(0);
  await rig.pass(20_000);
  assert.equal(
    on.reader.heard.filter(({ code }) => code === 0x68),
    [],
  );
});

lines('an output of a reader that is away is in trouble, and takes the present order when it is back', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open([output('entrance.out0')]);
  on.tap.connect(false);
  await rig.pass(8_000);
  rig.bus.lines.write('entrance.out0', 'on');
  on.tap.connect(true);
  await rig.pass(12_000);
  assert.equal(rig.ears.troubles, [
    ['entrance.out0', 'device-gone'],
    ['entrance.out0', undefined],
  ]);
  assert.equal(on.reader.outputs()[0], true);
});

const REFUSED: readonly (readonly [string, LineRequest, string])[] = [
  ['a line that readers do not have', input('entrance.light'), 'no-such-line'],
  ['a reader of another bus', input('back.tamper'), 'no-such-line'],
  ['an output read', input('entrance.out0'), 'wrong-direction'],
  ['a tamper contact driven', output('entrance.tamper'), 'wrong-direction'],
  ['a measurement', { direction: 'analog', line: 'entrance.in0' }, 'wrong-direction'],
];
for (const [what, request, trouble] of REFUSED) {
  lines(`${what} is refused`, async () => {
    const rig = driverRig([reader('entrance')]);
    const opened = await rig.bus.lines.open([request], rig.ears.linesListener);
    assert.equal(opened.ok ? [] : opened.problems.map((problem) => problem.trouble), [trouble]);
    assert.is(rig.wire.openings(), 0);
  });
}

lines('twice the same line is refused', async () => {
  const rig = driverRig([reader('entrance')]);
  const opened = await rig.bus.lines.open([input('entrance.in0'), input('entrance.in0')], rig.ears.linesListener);
  assert.equal(opened.ok ? [] : opened.problems.map(({ trouble }) => trouble), ['requested-twice']);
});

lines('an input that the reader has not stays lost, and is told by name', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  rig.put({ key: KEY, inputs: 1 });
  await rig.open([input('entrance.in0'), input('entrance.in5')]);
  await rig.pass(1_000);
  assert.equal(rig.bus.lines.read('entrance.in5'), { kind: 'lost' });
  assert.ok(rig.said.some((line) => line.startsWith('error') && line.includes('entrance.in5')));
});

lines('whose lines are these', () => {
  const { bus } = driverRig([reader('entrance'), reader('back', 1)]);
  const names = ['entrance.tamper', 'back.in7', 'entrance.in8', 'entrance.out0', 'cellar.D4', 'GPIO17', 'entrance'];
  assert.equal(names.map(bus.owns), [true, true, false, true, false, false, false]);
});
lines.run();

// ---- keys, and the port

const house = suite('reader bus: keys and port');

house('the install window: from a new reader to one with a key that only this controller knows', async () => {
  const keys = memoryKeys();
  const rig = driverRig([reader('entrance')], keys);
  const on = rig.put({ serial: 0x42 });
  await rig.open();
  on.reader.present(26, '4c048b80');
  await rig.pass(5_000);
  assert.equal(rig.ears.badges, [], 'nothing is taken before');
  const installing = rig.bus.openInstallWindow('entrance', 60_000);
  assert.equal(await rig.bus.openInstallWindow('entrance', 60_000), { ok: false, reason: 'window-open-already' });
  await rig.pass(5_000);
  assert.equal(await installing, { ok: true, identity: '8e0600-00000042' });
  const known = keys.knownOf('entrance');
  assert.equal(known?.identity, '8e0600-00000042');
  assert.equal([...(on.reader.traits().key ?? [])], [...(known?.key ?? [])]);
  assert.equal(rig.ears.badges, [], 'what the reader said under the key that everybody knows is not taken');
  on.reader.present(26, '4c048b80');
  await rig.pass(1_000);
  assert.is(rig.ears.badges.length, 1);
  await rig.bus.keypads.close();
  await rig.bus.lines.close();
  await rig.open();
  assert.ok(on.reader.isSecure(), 'the next start finds the key');
  assert.is(on.reader.heard.filter(({ code }) => code === 0x75).length, 1);
});

house('a window that ends with nothing says what the reader was in', async () => {
  const rig = driverRig([reader('entrance')]);
  const waiting = rig.bus.openInstallWindow('entrance', 5_000);
  assert.equal(await waiting, { ok: false, reason: 'not-open' });
  await rig.open();
  rig.put({ key: KEY, takesDefaultKey: false });
  const installing = rig.bus.openInstallWindow('entrance', 10_000);
  await rig.pass(12_000);
  assert.equal(await installing, { ok: false, reason: 'time-over', trouble: 'wrong-key' });
  assert.equal(await rig.bus.openInstallWindow('cellar', 10_000), { ok: false, reason: 'unknown-reader' });
});

house('without a readable file of keys no reader is believed in plain, and none is given a key', async () => {
  const keys = { ...memoryKeys(), trouble: 'damaged', keep: () => Promise.resolve(false) } as const;
  const rig = driverRig([reader('entrance', 0, false)], keys);
  const on = rig.put({});
  await rig.open();
  on.reader.present(26, '4c048b80');
  await rig.pass(5_000);
  const installing = rig.bus.openInstallWindow('entrance', 10_000);
  await rig.pass(12_000);
  assert.equal(await installing, { ok: false, reason: 'time-over', trouble: 'key-not-stored' });
  assert.equal([rig.ears.badges, on.reader.traits().key], [[], undefined]);
  assert.ok(rig.said.some((line) => line.includes('file of reader keys cannot be read')));
});

house('the adapter pulled out and put back: away, then back by itself, each said once', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  rig.put({ key: KEY });
  await rig.open();
  rig.wire.plug(false);
  await rig.pass(20_000);
  rig.wire.plug(true);
  await rig.pass(8_000);
  assert.equal(rig.ears.presences, [
    ['entrance', true],
    ['entrance', false],
    ['entrance', true],
  ]);
  assert.is(rig.said.filter((line) => line.includes('no such port')).length, 1);
});

house('a port that is not there at the start fails nothing', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  rig.put({ key: KEY });
  rig.wire.refuse('not-installed');
  await rig.open([input('entrance.tamper')]);
  await rig.pass(8_000);
  assert.equal(rig.ears.presences, [['entrance', false]]);
  rig.wire.refuse(undefined);
  await rig.pass(8_000);
  assert.equal(rig.ears.presences.at(-1), ['entrance', true]);
});

house('closed: the port is free, nothing more is told, no timer is left', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  const on = rig.put({ key: KEY });
  await rig.open([output('entrance.out0')]);
  rig.bus.keypads.show('entrance', screen({ tone: 'refused' }));
  await rig.pass(1_000);
  await rig.bus.keypads.close();
  await rig.bus.lines.close();
  await rig.pass(1_000);
  assert.is(rig.timers.pending(), 0);
  on.reader.present(26, '4c048b80');
  await rig.pass(2_000);
  assert.equal(rig.ears.badges, []);
  const free = await rig.wire.openSerial({ path: BUS_PATH, baudRate: 9_600 }, { onBytes: () => {}, onGone: () => {} });
  assert.is(free.ok, true);
});

house('lines alone, without keypads, work as well', async () => {
  const rig = driverRig([reader('entrance')], keyed('entrance'));
  rig.put({ key: KEY });
  const ears = driverEars();
  await rig.bus.lines.open([input('entrance.tamper')], ears.linesListener);
  await rig.pass(3_000);
  assert.equal(rig.bus.lines.read('entrance.tamper'), { kind: 'level', level: 0 });
  await rig.bus.lines.close();
});
house.run();
