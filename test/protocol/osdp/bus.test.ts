/** A bus with readers in virtual time, in plain and in secure channels: what is told of them, and what never is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Command } from '../../../src/protocol/osdp/commands.ts';
import { busRig } from '../../support/osdp/busRig.ts';
import type { BusRig, RigReader } from '../../support/osdp/busRig.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index);
const OTHER_KEY = Uint8Array.from({ length: 16 }, (_, index) => 0xe0 + index);
const secure = (id: string): RigReader => ({ id, isSecure: true, known: { key: KEY, identity: '8e0600-00000001' } });
const plain = (id: string): RigReader => ({ id });
const SECOND = 1_000;

const presences = (rig: BusRig): readonly (readonly [string, boolean])[] =>
  rig.take('presence').map(({ reader, isPresent }) => [reader, isPresent] as const);
const troubles = (rig: BusRig): readonly (string | undefined)[] => rig.take('trouble').map(({ trouble }) => trouble);
const cards = (rig: BusRig): readonly string[] =>
  rig.take('card').map(({ reader, bits, bytes }) => `${reader} ${bits} ${Buffer.from(bytes).toString('hex')}`);
const keysOf = (rig: BusRig): string =>
  rig
    .take('keys')
    .map(({ text }) => text)
    .join('');

const led = (colour: 1 | 2): Command => ({ kind: 'led', colour, onMs: 1_000, offMs: 0 });

// ---- in plain

const inPlain = suite('plain readers');

inPlain('a reader is met, then its cards, keys and states are told, each once', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({ serial: 0x1234 });
  rig.timers.advance(SECOND);
  assert.equal(presences(rig), [['entrance', true]]);
  assert.equal(
    rig.take('met').map(({ identity }) => identity),
    ['8e0600-00001234'],
  );
  assert.equal(
    rig.take('keep-identity').map(({ identity }) => identity),
    ['8e0600-00001234'],
  );
  reader.present(26, '4c048b80');
  reader.press('1234#');
  reader.press('*');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['entrance 26 4c048b80']);
  assert.is(keysOf(rig), '1234#*');
  rig.take('tamper');
  rig.take('power');
  rig.take('inputs');
  reader.setTamper(true);
  reader.setPower(true);
  reader.setInput(1, true);
  rig.timers.advance(SECOND);
  assert.ok(rig.take('tamper').every(({ isTampered }) => isTampered));
  assert.is(rig.take('power').at(-1)?.hasFailed, true);
  assert.equal(
    rig.take('inputs').map(({ levels }) => levels),
    [[false, true]],
  );
  assert.equal([troubles(rig), cards(rig), keysOf(rig)], [[], [], '']);
});

inPlain('what it is to show is said, once, the newest only, and again when it comes back', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({});
  rig.timers.advance(SECOND);
  const leds = (): readonly number[] =>
    reader.heard.splice(0).flatMap(({ code, data }) => (code === 0x69 ? [data[12] ?? 0] : []));
  for (const colour of [1, 2, 1, 2, 1, 2] as const)
    rig.input({ kind: 'want', reader: 'entrance', slot: 'led', command: led(colour) });
  rig.timers.advance(SECOND);
  const said = leds();
  assert.ok(said.length <= 2 && said.at(-1) === 2, said.join(' '));
  rig.timers.advance(5 * SECOND);
  assert.equal(leds(), []);
  reader.restart();
  rig.timers.advance(2 * SECOND);
  assert.equal(leds(), [2]);
  assert.equal(presences(rig), [['entrance', true]], 'a restart is no absence');
  rig.input({ kind: 'want', reader: 'entrance', slot: 'led', command: undefined });
  reader.restart();
  rig.timers.advance(2 * SECOND);
  assert.equal(leds(), []);
});

inPlain('orders and chores never keep a card waiting for more than a round', async () => {
  const ids = ['a', 'b', 'c', 'd'];
  const rig = await busRig({ readers: ids.map(plain) });
  const on = ids.map((_, address) => rig.put({ address, serial: address + 1 }));
  rig.timers.advance(5 * SECOND);
  for (let round = 0; round < 10; round += 1) {
    for (const reader of ids) rig.input({ kind: 'want', reader, slot: 'led', command: led(round % 2 === 0 ? 1 : 2) });
    on[round % 4]?.reader.present(26, '4c048b80');
    const at = rig.timers.now();
    rig.timers.advance(500);
    const [card] = rig.take('card');
    // Four polls of 22 ms, each with an order of 42 ms behind it, and the card.
    assert.ok(card !== undefined && card.atMs - at <= 320, `${(card?.atMs ?? 0) - at} ms`);
  }
});

inPlain('an order that a reader does not know stops nothing', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({ outputs: 0 });
  rig.timers.advance(SECOND);
  rig.input({ kind: 'want', reader: 'entrance', slot: 'out0', command: { kind: 'output', output: 0, order: 'on', forMs: 0 } });
  rig.timers.advance(SECOND);
  reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['entrance 26 4c048b80']);
  assert.is(reader.heard.filter(({ code }) => code === 0x68).length, 1, 'refused once, not said again');
});

inPlain('a busy reader is asked the same again, with the same bytes', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({});
  rig.timers.advance(SECOND);
  rig.asked.splice(0);
  reader.present(26, '4c048b80');
  reader.beBusy(3);
  rig.timers.advance(600);
  const [first, ...next] = rig.asked.map((bytes) => bytes.toString('hex'));
  assert.equal(next.slice(0, 2), [first, first].slice(0, 2));
  assert.equal(cards(rig), ['entrance 26 4c048b80']);
  assert.equal(reader.refused, { macs: 0, sequences: 0, checks: 0 });
});

inPlain('an adapter that hears what it says itself does no harm', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({});
  const echo = rig.wire.tap((bytes) => echo.write(bytes));
  rig.timers.advance(SECOND);
  reader.press('12#');
  rig.timers.advance(SECOND);
  assert.equal([keysOf(rig), presences(rig), troubles(rig)], ['12#', [['entrance', true]], []]);
  assert.is(rig.state().counts.strayFrames, 0);
});

inPlain('each question has a mark before it, for adapters that swallow the first bits', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const firsts: (number | undefined)[] = [];
  rig.wire.tap((bytes) => void firsts.push(bytes[0], bytes[1]));
  rig.timers.advance(SECOND);
  assert.equal(firsts.slice(0, 4), [0xff, 0x53, 0xff, 0x53]);
});

inPlain('a reader that answers nothing is silent after 6 s, and asked less and less, each 10 s at least', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  rig.timers.advance(8 * SECOND);
  assert.equal([presences(rig), troubles(rig)], [[['entrance', false]], ['silent']]);
  rig.timers.advance(60 * SECOND);
  rig.asked.splice(0);
  rig.timers.advance(60 * SECOND);
  assert.ok(rig.asked.length >= 5 && rig.asked.length <= 7, `${rig.asked.length} questions in a minute`);
  rig.put({});
  rig.timers.advance(11 * SECOND);
  assert.equal([presences(rig), troubles(rig)], [[['entrance', true]], [undefined]]);
});

inPlain('unplugged: told within 8 s; plugged in again: back within 11 s by itself', async () => {
  const rig = await busRig({ readers: [plain('entrance'), plain('back')] });
  const { tap } = rig.put({ address: 0 });
  const other = rig.put({ address: 1, serial: 2 });
  rig.timers.advance(SECOND);
  presences(rig);
  tap.connect(false);
  const at = rig.timers.now();
  rig.timers.advance(30 * SECOND);
  const [gone] = rig.take('presence');
  assert.equal([gone?.reader, gone?.isPresent], ['entrance', false]);
  assert.ok((gone?.atMs ?? 0) - at <= 8 * SECOND, `told after ${(gone?.atMs ?? 0) - at} ms`);
  other.reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['back 26 4c048b80'], 'the other reader is served meanwhile');
  tap.connect(true);
  rig.timers.advance(11 * SECOND);
  assert.equal(presences(rig), [['entrance', true]]);
});

inPlain('another serial number in its place is not taken, until it is accepted', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({ serial: 1 });
  rig.timers.advance(SECOND);
  reader.become({ serial: 2 });
  rig.timers.advance(3 * SECOND);
  assert.equal(troubles(rig), ['swapped']);
  reader.present(26, '4c048b80');
  rig.timers.advance(60 * SECOND);
  assert.equal(cards(rig), [], 'nothing is taken from it');
  assert.equal(troubles(rig), []);
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 60 * SECOND });
  rig.timers.advance(2 * SECOND);
  assert.equal(troubles(rig), [undefined]);
  assert.equal(
    rig.take('installed').map(({ identity }) => identity),
    ['8e0600-00000002'],
  );
});

inPlain('the one that was taken away is taken again when it is back', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  const { reader } = rig.put({ serial: 1 });
  rig.timers.advance(SECOND);
  reader.become({ serial: 2 });
  rig.timers.advance(3 * SECOND);
  reader.become({ serial: 1 });
  rig.timers.advance(11 * SECOND);
  assert.equal(troubles(rig), ['swapped', undefined]);
});

inPlain('a reader that refuses plain is told as such', async () => {
  const rig = await busRig({ readers: [plain('entrance')] });
  rig.put({ demandsSecure: true });
  rig.timers.advance(3 * SECOND);
  assert.equal(troubles(rig), ['secure-channel-needed']);
});
inPlain.run();

// ---- the secure channel

const inChannel = suite('secure readers');

inChannel('with its key: cards and keys are told, and none can be read on the line', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  assert.equal([presences(rig), troubles(rig), reader.isSecure()], [[['entrance', true]], [], true]);
  reader.present(26, '4c048b80');
  reader.press('1234#');
  rig.timers.advance(SECOND);
  assert.equal([cards(rig), keysOf(rig)], [['entrance 26 4c048b80'], '1234#']);
  const wire = Buffer.concat(reader.sent).toString('hex');
  assert.is(wire.includes('4c048b80'), false);
  assert.is(wire.includes('31323334'), false);
  assert.equal(reader.refused, { macs: 0, sequences: 0, checks: 0 });
});

inChannel('nothing is ever asked in plain of a reader that has a key of ours', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader, tap } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  reader.restart();
  rig.timers.advance(2 * SECOND);
  tap.connect(false);
  rig.timers.advance(20 * SECOND);
  tap.connect(true);
  rig.timers.advance(12 * SECOND);
  assert.ok(reader.isSecure());
  assert.ok(
    rig.asked.every((bytes) => ((bytes[4] ?? 0) & 0x08) !== 0),
    'each question has a security block',
  );
});

inChannel('a restarted reader is back in its channel before anybody is told', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  presences(rig);
  reader.restart();
  rig.timers.advance(2 * SECOND);
  assert.ok(reader.isSecure());
  assert.equal([presences(rig), troubles(rig)], [[], []]);
  reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['entrance 26 4c048b80']);
});

inChannel('without a key and without an install window a reader is not taken', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }] });
  const { reader } = rig.put({});
  reader.present(26, '4c048b80');
  rig.timers.advance(60 * SECOND);
  assert.equal([troubles(rig), cards(rig)], [['no-key'], []]);
  assert.is(
    reader.heard.some(({ code }) => code === 0x75),
    false,
    'no key was sent',
  );
  assert.ok(
    rig.asked.every((bytes) => (bytes[4] ?? 0) < 8 || bytes[6] !== 0x11),
    'nor was the default key tried',
  );
});

inChannel('in the install window it gets a key of its own, drawn, stored first, and then serves', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }] });
  const { reader } = rig.put({ serial: 5 });
  rig.timers.advance(3 * SECOND);
  troubles(rig);
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 60 * SECOND });
  rig.timers.advance(3 * SECOND);
  const stored = rig.take('store-key');
  assert.is(stored.length, 1);
  assert.equal([...(reader.traits().key ?? [])], [...(stored[0]?.key ?? [])]);
  const keyed = reader.heard.find(({ code }) => code === 0x75);
  assert.is(keyed?.isSecure, true, 'the key itself goes through a channel');
  assert.equal(
    rig.take('installed').map(({ identity }) => identity),
    ['8e0600-00000005'],
  );
  assert.equal(
    [presences(rig), troubles(rig), reader.isSecure()],
    [
      [
        ['entrance', false],
        ['entrance', true],
      ],
      [undefined],
      true,
    ],
  );
  reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['entrance 26 4c048b80']);
});

inChannel('two readers installed get two keys', async () => {
  const rig = await busRig({
    readers: [
      { id: 'a', isSecure: true },
      { id: 'b', isSecure: true },
    ],
  });
  rig.put({ address: 0 });
  rig.put({ address: 1, serial: 2 });
  for (const reader of ['a', 'b']) rig.input({ kind: 'open-window', reader, ms: 60 * SECOND });
  rig.timers.advance(5 * SECOND);
  const keys = rig.take('store-key').map(({ key }) => Buffer.from(key).toString('hex'));
  assert.is(new Set(keys).size, 2);
});

inChannel('a key that could not be stored is not given away', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }], storesKeys: false });
  const { reader } = rig.put({});
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 5 * SECOND });
  rig.timers.advance(4 * SECOND);
  assert.ok(troubles(rig).includes('key-not-stored'));
  assert.is(reader.traits().key, undefined);
  rig.timers.advance(10 * SECOND);
  assert.equal(
    rig.take('installed').map(({ identity }) => identity),
    [undefined],
  );
});

inChannel('a window that ends takes the default key with it', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }] });
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 5 * SECOND });
  rig.timers.advance(6 * SECOND);
  assert.equal(
    rig.take('installed').map(({ identity }) => identity),
    [undefined],
  );
  const { reader } = rig.put({});
  rig.timers.advance(60 * SECOND);
  assert.is(
    reader.heard.some(({ code }) => code === 0x75),
    false,
  );
  assert.is(troubles(rig).at(-1), 'no-key');
});

inChannel('nor does an installation go on behind its window', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }] });
  const { reader } = rig.put({});
  rig.timers.advance(SECOND);
  // Long enough to begin, too short to end: ID, CAP and the first step of the handshake take some 100 ms.
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 120 });
  rig.timers.advance(10 * SECOND);
  assert.equal([rig.take('store-key'), reader.traits().key], [[], undefined]);
  assert.ok(
    rig.asked.some((bytes) => bytes[6] === 0x11),
    'it had begun',
  );
});

inChannel('a new reader in the old one’s place is refused, and keyed anew in a window', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  reader.become({ serial: 9, key: undefined, takesDefaultKey: true });
  rig.timers.advance(10 * SECOND);
  assert.equal(troubles(rig), ['wrong-key']);
  assert.is(
    reader.heard.some(({ code }) => code === 0x75),
    false,
    'never by itself',
  );
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 60 * SECOND });
  rig.timers.advance(4 * SECOND);
  assert.equal(troubles(rig), [undefined]);
  assert.equal(
    rig.take('installed').map(({ identity }) => identity),
    ['8e0600-00000009'],
  );
});

inChannel('our key in another reader is a swap', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY, serial: 7 });
  reader.present(26, '4c048b80');
  rig.timers.advance(10 * SECOND);
  assert.equal([troubles(rig), cards(rig)], [['swapped'], []]);
});

inChannel('another key is a wrong key', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: OTHER_KEY });
  reader.present(26, '4c048b80');
  rig.timers.advance(20 * SECOND);
  assert.equal([presences(rig), troubles(rig), cards(rig)], [[['entrance', false]], ['wrong-key'], []]);
  reader.become({ key: KEY });
  rig.timers.advance(12 * SECOND);
  assert.equal(troubles(rig), [undefined]);
});

inChannel('a reader that says it has no secure channel any more is never spoken to in plain', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  reader.become({ canSecure: false });
  rig.asked.splice(0);
  reader.heard.splice(0);
  reader.present(26, '4c048b80');
  rig.timers.advance(60 * SECOND);
  assert.equal([troubles(rig), cards(rig), reader.heard], [['downgrade'], [], []]);
});

inChannel('nor when the site’s file says plain', async () => {
  const rig = await busRig({ readers: [{ ...secure('entrance'), isSecure: false }] });
  const { reader } = rig.put({ canSecure: false });
  reader.present(26, '4c048b80');
  rig.timers.advance(20 * SECOND);
  assert.equal([troubles(rig), cards(rig), reader.heard], [['downgrade'], [], []]);
});

inChannel('nor in an install window', async () => {
  const rig = await busRig({ readers: [{ ...secure('entrance'), isSecure: false }] });
  const { reader } = rig.put({ canSecure: false });
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 10 * SECOND });
  reader.present(26, '4c048b80');
  rig.timers.advance(20 * SECOND);
  assert.equal([troubles(rig), cards(rig)], [['downgrade'], []]);
});

inChannel('an order whose answer was lost is said again with the same bytes, and obeyed once', async () => {
  let lost = 0;
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader } = rig.put({ key: KEY }, (reply) => {
    const isOrder = rig.asked.at(-1)?.[7] === 0x69;
    if (!isOrder || lost > 0) return reply;
    lost += 1;
    return undefined;
  });
  rig.timers.advance(2 * SECOND);
  rig.asked.splice(0);
  rig.input({ kind: 'want', reader: 'entrance', slot: 'led', command: led(1) });
  rig.input({ kind: 'want', reader: 'entrance', slot: 'text0', command: { kind: 'text', row: 1, text: 'x' } });
  rig.timers.advance(SECOND);
  const orders = rig.asked.filter((bytes) => bytes[7] === 0x69).map((bytes) => bytes.toString('hex'));
  assert.equal([lost, orders.length, new Set(orders).size], [1, 2, 1]);
  assert.is(reader.heard.filter(({ code }) => code === 0x69).length, 1);
  assert.equal(reader.refused, { macs: 0, sequences: 0, checks: 0 });
});

inChannel('a reader that cannot is not taken where a channel is required, window or not', async () => {
  const rig = await busRig({ readers: [{ id: 'entrance', isSecure: true }] });
  const { reader } = rig.put({ canSecure: false });
  rig.input({ kind: 'open-window', reader: 'entrance', ms: 20 * SECOND });
  reader.present(26, '4c048b80');
  rig.timers.advance(60 * SECOND);
  assert.equal([troubles(rig), cards(rig)], [['no-secure-channel'], []]);
});

inChannel('a reply heard again, and one with another MAC, say nothing', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { reader, tap } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.is(cards(rig).length, 1);
  const card = reader.sent.find((frame) => frame[7] === 0x50);
  assert.ok(card);
  const strayBefore = rig.state().counts.strayFrames;
  for (let again = 0; again < 40; again += 1) {
    tap.write(card);
    rig.timers.advance(97);
  }
  assert.equal(cards(rig), []);
  assert.ok(rig.state().counts.strayFrames > strayBefore);
  assert.equal(troubles(rig), [], 'and the real reader is heard all the while');
});

inChannel('a recorded dialogue played back opens nothing', async () => {
  const live = await busRig({ readers: [secure('entrance')] });
  const { reader } = live.put({ key: KEY });
  live.timers.advance(2 * SECOND);
  reader.present(26, '4c048b80');
  live.timers.advance(SECOND);
  const recorded = reader.sent.slice();
  const later = await busRig({ readers: [secure('entrance')], seed: 2 });
  let at = 0;
  later.put({ key: KEY }, () => recorded[Math.min(at++, recorded.length - 1)]);
  later.timers.advance(20 * SECOND);
  assert.equal([cards(later), presences(later)], [[], [['entrance', false]]]);
  assert.is(troubles(later).includes(undefined), false);
});

inChannel('cards that are pushed into a channel in plain say nothing', async () => {
  const rig = await busRig({ readers: [secure('entrance')] });
  const { tap } = rig.put({ key: KEY });
  rig.timers.advance(2 * SECOND);
  const forged = Buffer.from('538010000750000 11a004c048b80'.replaceAll(' ', ''), 'hex');
  assert.is(forged.length, 14);
  for (const sequence of [1, 2, 3]) {
    const body = Buffer.from(forged);
    body[4] = 4 | sequence;
    const { crc16 } = await import('../../../src/protocol/osdp/frame.ts');
    const crc = crc16(body);
    for (let again = 0; again < 20; again += 1) {
      tap.write(Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)]));
      rig.timers.advance(53);
    }
  }
  assert.equal(cards(rig), []);
});
inChannel.run();

// ---- many, and a bad line

const line = suite('a bus of eight');

const eight = async (seed = 1, baudRate = 9_600): Promise<{ rig: BusRig; on: ReturnType<BusRig['put']>[] }> => {
  const ids = Array.from({ length: 8 }, (_, index) => `r${index}`);
  const rig = await busRig({ seed, baudRate, readers: ids.map((id) => ({ id, isSecure: true, known: { key: KEY } })) });
  return { rig, on: ids.map((_, index) => rig.put({ address: index, serial: index + 1, key: KEY })) };
};

line('all come up, all are asked as often as each other, and one card comes from where it was shown', async () => {
  const { rig, on } = await eight();
  rig.timers.advance(10 * SECOND);
  assert.is(presences(rig).filter(([, isPresent]) => isPresent).length, 8);
  rig.asked.splice(0);
  rig.timers.advance(20 * SECOND);
  const asked = on.map((_, address) => rig.asked.filter((bytes) => bytes[1] === address).length);
  assert.ok(Math.max(...asked) - Math.min(...asked) <= 4, asked.join(' '));
  on[5]?.reader.present(26, '4c048b80');
  rig.timers.advance(SECOND);
  assert.equal(cards(rig), ['r5 26 4c048b80']);
});

line('with seven torn off the last one is still served within two seconds', async () => {
  const { rig, on } = await eight();
  rig.timers.advance(10 * SECOND);
  for (const { tap } of on.slice(1)) tap.connect(false);
  rig.timers.advance(20 * SECOND);
  on[0]?.reader.present(26, '4c048b80');
  rig.timers.advance(2 * SECOND);
  assert.equal(cards(rig), ['r0 26 4c048b80']);
});

const LINES = [
  ['lossy', { lossPerByte: 0.002 }],
  ['noisy', { changePerByte: 0.002 }],
  ['broken into pieces', { splitPerByte: 0.3 }],
  ['late', { delayMs: 60 }],
  ['all of these', { lossPerByte: 0.001, changePerByte: 0.001, splitPerByte: 0.2, delayMs: 30 }],
] as const;

for (const [what, faults] of LINES) {
  line(`${what}: every card comes, as it was, once, and nobody is told to be away`, async () => {
    const { rig, on } = await eight(11);
    rig.timers.advance(10 * SECOND);
    presences(rig);
    rig.wire.setFaults(faults);
    const shown: string[] = [];
    for (let card = 0; card < 16; card += 1) {
      const hex = (0x10000000 + card * 0x100).toString(16);
      on[card % 8]?.reader.present(32, hex);
      shown.push(`r${card % 8} 32 ${hex}`);
      rig.timers.advance(1_500);
    }
    rig.wire.setFaults({ lossPerByte: 0, changePerByte: 0, splitPerByte: 0, delayMs: 0 });
    rig.timers.advance(5 * SECOND);
    const told = cards(rig);
    assert.is(new Set(told).size, told.length, 'none twice');
    assert.ok(
      told.every((card) => shown.includes(card)),
      'none that was not shown',
    );
    assert.ok(told.length >= shown.length - 2, `${told.length} of ${shown.length}`);
    assert.equal([presences(rig), troubles(rig)], [[], []]);
  });
}

line('the adapter pulled out and put back: all are away, then all are back', async () => {
  const { rig } = await eight();
  rig.timers.advance(10 * SECOND);
  presences(rig);
  rig.input({ kind: 'port', isOpen: false });
  rig.timers.advance(8 * SECOND);
  assert.is(presences(rig).filter(([, isPresent]) => !isPresent).length, 8);
  const { length } = rig.asked;
  rig.timers.advance(20 * SECOND);
  assert.is(rig.asked.length, length, 'nothing is sent to a port that is not there');
  rig.input({ kind: 'port', isOpen: true });
  rig.timers.advance(10 * SECOND);
  assert.is(presences(rig).filter(([, isPresent]) => isPresent).length, 8);
});
line.run();
