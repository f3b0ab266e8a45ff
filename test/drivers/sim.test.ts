/** The simulated board by hand: what a line of its protocol may say, and how a stream is cut into lines. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import { parseCommand } from '../../src/drivers/sim/commands.ts';
import { createLineReader } from '../../src/protocol/lineReader.ts';
import { createPlayer } from '../../src/ports/player.ts';
import { RHYTHMS, beatAt } from '../../src/ports/rhythms.ts';
import { createVirtualTimers } from '../support/virtualTimers.ts';

const protocol = suite('sim protocol');

protocol('every command of the protocol is understood', () => {
  const table: readonly [string, unknown][] = [
    ['{"set":"GPIO17","level":1}', { kind: 'set', line: 'GPIO17', level: 1, afterMs: 0 }],
    ['{"set":"GPIO17","level":0,"afterMs":10}', { kind: 'set', line: 'GPIO17', level: 0, afterMs: 10 }],
    ['{"get":"GPIO27"}', { kind: 'get', line: 'GPIO27' }],
    ['{"watch":["GPIO27"]}', { kind: 'watch', lines: ['GPIO27'] }],
    ['{"analog":"A0","value":0.42}', { kind: 'analog', line: 'A0', value: 0.42, afterMs: 0 }],
    ['{"keys":"entrance","text":"2580#"}', { kind: 'keys', keypad: 'entrance', text: '2580#' }],
    ['{"badge":"entrance","bits":26,"hex":"80981CC0"}', { kind: 'badge', keypad: 'entrance', bits: 26, hex: '80981CC0' }],
    ['{"tear":"GPIO17"}', { kind: 'tear', line: 'GPIO17' }],
    ['{"mend":"GPIO17"}', { kind: 'mend', line: 'GPIO17' }],
    ['{"show":"entrance"}', { kind: 'show', keypad: 'entrance' }],
  ];
  for (const [text, command] of table) assert.equal(parseCommand(text), { ok: true, command }, text);
});

protocol('what is not a command is an error that says what is wrong', () => {
  const table: readonly [string, RegExp][] = [
    ['garbage', /not a JSON object/],
    ['null', /not a JSON object/],
    ['[1]', /not a JSON object/],
    ['{"hello":1}', /none of set, get/],
    ['{"toString":"x"}', /none of set, get/],
    ['{"set":"GPIO17"}', /"level" must be 0 or 1/],
    ['{"set":"GPIO17","level":"1"}', /"level" must be 0 or 1/],
    ['{"set":"GPIO17","level":1,"afterMs":-1}', /"afterMs" must be/],
    ['{"set":17,"level":1}', /"set" must name a line/],
    ['{"set":"GPIO17","get":"GPIO17","level":1}', /"set" and "get" in one line/],
    ['{"watch":[]}', /must be a list/],
    ['{"watch":[1]}', /must be a list/],
    ['{"analog":"A0","value":1.5}', /from 0 to 1/],
    ['{"keys":"entrance","text":"abc"}', /of the keys 0-9/],
    ['{"badge":"entrance","bits":40,"hex":"80981CC0"}', /no more than "hex" holds/],
    ['{"badge":"entrance","bits":4,"hex":"8"}', /bytes in hexadecimal/],
  ];
  for (const [text, words] of table) {
    const parsed = parseCommand(text);
    assert.is(parsed.ok, false, text);
    if (!parsed.ok) assert.match(parsed.error, words);
  }
});

protocol.run();

const stream = suite('sim lines of a stream');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const collect = (limit: number) => {
  const lines: string[] = [];
  let tooLong = 0;
  const reader = createLineReader({ limit, onLine: (line) => lines.push(line), onTooLong: () => (tooLong += 1) });
  return { reader, lines, tooLong: () => tooLong };
};

stream('split anywhere, also inside a letter, gives the same lines', () => {
  const whole = bytes('{"a":"é"}\r\n\n  \nsecond\nunfinished');
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const { reader, lines } = collect(100);
    reader.feed(whole.slice(0, cut));
    reader.feed(whole.slice(cut));
    assert.equal(lines, ['{"a":"é"}\r', 'second']);
  }
});

stream('a buffer that its owner uses again does not change a line that waits', () => {
  const { reader, lines } = collect(100);
  const shared = bytes('first half ');
  reader.feed(shared);
  shared.fill(0x2e);
  reader.feed(bytes('second half\n'));
  assert.equal(lines, ['first half second half']);
});

stream('a line too long is told once and dropped, the next is heard', () => {
  const { reader, lines, tooLong } = collect(10);
  for (let i = 0; i < 5; i += 1) reader.feed(bytes('xxxxxxxx'));
  reader.feed(bytes('x\nnext\n'));
  reader.feed(bytes('exactly 10\n'));
  assert.equal([lines, tooLong()], [['next', 'exactly 10'], 1]);
});

stream.run();

const player = suite('output player');

player('every rhythm starts on and has an end to each beat', () => {
  for (const [name, rhythm] of Object.entries(RHYTHMS)) {
    assert.is(rhythm.length % 2, 0, name);
    assert.ok(
      rhythm.every((ms) => ms >= 50),
      name,
    );
    assert.is(beatAt(rhythm, 0).on, true, name);
  }
});

player('a beat is found at any instant', () => {
  assert.equal(beatAt([100, 900], 0), { on: true, remainingMs: 100 });
  assert.equal(beatAt([100, 900], 99), { on: true, remainingMs: 1 });
  assert.equal(beatAt([100, 900], 100), { on: false, remainingMs: 900 });
  assert.equal(beatAt([100, 900], 1000), { on: true, remainingMs: 100 });
  assert.equal(beatAt([100, 900], -50), { on: true, remainingMs: 100 });
});

player('a rhythm taken up again later keeps its phase', () => {
  const timers = createVirtualTimers();
  timers.advance(150);
  const levels: number[] = [];
  const buzzer = createPlayer(
    { restLevel: 0, maxOnMs: undefined, setLevel: (level) => levels.push(level), onTooLong: () => assert.unreachable() },
    timers,
  );
  buzzer.drive({ pattern: 'exit', sinceMs: 0 });
  timers.advance(849);
  assert.equal(levels, [0]);
  timers.advance(1);
  assert.equal(levels, [0, 1]);
  buzzer.stop();
  assert.is(timers.pending(), 0);
});

player('changing from a rhythm to steady on does not lengthen the longest time', () => {
  const timers = createVirtualTimers();
  let level = 0;
  let cuts = 0;
  const siren = createPlayer(
    { restLevel: 0, maxOnMs: 1000, setLevel: (next) => (level = next), onTooLong: () => (cuts += 1) },
    timers,
  );
  siren.drive({ pattern: 'entry', sinceMs: 0 });
  timers.advance(600);
  siren.drive('on');
  timers.advance(499);
  assert.equal([level, cuts], [1, 0]);
  timers.advance(1);
  assert.equal([level, cuts], [0, 1]);
  siren.drive('off');
  siren.drive('on');
  timers.advance(1000);
  assert.equal([level, cuts], [1, 1]);
});

player.run();

const hand = suite('sim hand');

hand('a board with given lines refuses others by name', async () => {
  const { lines } = createSimBoard({ timers: createVirtualTimers(), initial: {}, available: ['GPIO17'] });
  const listener = { onReading: () => undefined, onOutputTrouble: () => undefined };
  const opened = await lines.open([{ direction: 'input', line: 'GPIO99', bias: 'none' }], listener);
  assert.equal(opened.ok, false);
});

hand('says why it cannot do what it is told', async () => {
  const { lines, hand: fingers } = createSimBoard({ timers: createVirtualTimers(), initial: {}, available: undefined });
  const listener = { onReading: () => undefined, onOutputTrouble: () => undefined };
  await lines.open(
    [
      { direction: 'input', line: 'GPIO17', bias: 'none' },
      { direction: 'analog', line: 'A0' },
      { direction: 'output', line: 'GPIO27', initialLevel: 0, restLevel: 0, maxOnMs: undefined },
    ],
    listener,
  );
  assert.equal(fingers.setLevel('GPIO99', 1), { ok: false, reason: 'no-such-line' });
  assert.equal(fingers.setLevel('GPIO27', 1), { ok: false, reason: 'is-an-output' });
  assert.equal(fingers.setLevel('A0', 1), { ok: false, reason: 'not-digital' });
  assert.equal(fingers.setRatio('GPIO17', 0.5), { ok: false, reason: 'not-analog' });
  assert.equal(fingers.keys('nowhere', '1#'), { ok: false, reason: 'no-such-keypad' });
});

hand('a keypad shows what it was last told, and hands over its keys and badges', async () => {
  const { keypads, hand: fingers } = createSimBoard({ timers: createVirtualTimers(), initial: {}, available: undefined });
  const heard: unknown[] = [];
  await keypads.open(['entrance'], {
    onKeys: (keypad, text) => void heard.push([keypad, text]),
    onBadge: (keypad, badge) => void heard.push([keypad, badge]),
    onPresence: () => undefined,
  });
  keypads.show('entrance', { text: ['Armé', 'Set'], tone: 'accepted', light: 'accepted' });
  fingers.keys('entrance', '2580#');
  fingers.badge('entrance', { bits: 26, hex: '80981CC0' });
  assert.equal(fingers.screen('entrance'), { text: ['Armé', 'Set'], tone: 'accepted', light: 'accepted' });
  assert.equal(heard, [
    ['entrance', '2580#'],
    ['entrance', { bits: 26, hex: '80981CC0' }],
  ]);
});

hand.run();
