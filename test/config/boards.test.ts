/** The boards that come with Vigie, and what is said of a board's file that is at fault. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageBoards } from '../../src/cli/siteTools.ts';
import type { Board, BoardLine, FirmataBoard, GpioBoard } from '../../src/config/board.ts';
import { loadBoard, withHat } from '../../src/config/boards.ts';
import type { BoardLibrary } from '../../src/config/boards.ts';

const boardOf = (model: string, library: BoardLibrary = packageBoards): Board => {
  const result = loadBoard(model, library);
  if (!result.ok) throw new Error(`${model}: ${JSON.stringify(result)}`);
  return result.board;
};
const gpioOf = (model: string): GpioBoard => {
  const board = boardOf(model);
  if (board.kind !== 'gpio') throw new Error(`${model} is ${board.kind}`);
  return board;
};
const firmataOf = (model: string): FirmataBoard => {
  const board = boardOf(model);
  if (board.kind !== 'firmata') throw new Error(`${model} is ${board.kind}`);
  return board;
};

const KINDS: Readonly<Record<string, Board['kind']>> = {
  'arduino-mega-firmata': 'firmata',
  'arduino-uno-firmata': 'firmata',
  'raspberry-pi-3': 'gpio',
  'raspberry-pi-4': 'gpio',
  'raspberry-pi-5': 'gpio',
  'raspberry-pi-zero-2w': 'gpio',
  sim: 'sim',
  'waveshare-relay-3': 'hat',
};
const PIS = Object.keys(KINDS).filter((model) => KINDS[model] === 'gpio');

const CHIPS: Readonly<Record<string, string>> = {
  'raspberry-pi-3': 'pinctrl-bcm2835',
  'raspberry-pi-4': 'pinctrl-bcm2711',
  'raspberry-pi-5': 'pinctrl-rp1',
  'raspberry-pi-zero-2w': 'pinctrl-bcm2835',
};

const files = suite('board files');

files('these are all there are', () => assert.equal(packageBoards.models(), Object.keys(KINDS)));

for (const [model, kind] of Object.entries(KINDS)) {
  files(`${model} loads, and is a ${kind} board`, () => {
    const board = boardOf(model);
    assert.is(board.kind, kind);
    assert.is(board.model, model);
    assert.ok(board.name.length > 3);
  });
}

files('the page of boards has a row for each', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/boards.md', import.meta.url)), 'utf8');
  for (const model of packageBoards.models()) assert.match(page, new RegExp(`^\\| \`${model}\` \\|`, 'm'));
  for (const model of PIS) assert.match(page, new RegExp(`\`${model}\` \\|.*\`${CHIPS[model]}\``));
});

files('a name leads out of the folder to nothing', () => {
  for (const name of ['../package', 'headers/../sim', '/etc/passwd', 'sim.yaml', '', 'headers/']) {
    assert.is(packageBoards.text(name), undefined, name);
  }
});
files.run();

// ---- the header

/** The Pi's header as its makers draw it, row by row: odd pin, even pin. */
const HEADER: readonly string[] = [
  '3.3 V, 5 V',
  'GPIO2, 5 V',
  'GPIO3, ground',
  'GPIO4, GPIO14',
  'ground, GPIO15',
  'GPIO17, GPIO18',
  'GPIO27, ground',
  'GPIO22, GPIO23',
  '3.3 V, GPIO24',
  'GPIO10, ground',
  'GPIO9, GPIO25',
  'GPIO11, GPIO8',
  'ground, GPIO7',
  'GPIO0, GPIO1',
  'GPIO5, ground',
  'GPIO6, GPIO12',
  'GPIO13, ground',
  'GPIO19, GPIO16',
  'GPIO26, GPIO20',
  'ground, GPIO21',
];

const pis = suite('Raspberry Pi boards');

const reservedBy = (lines: readonly BoardLine[], name: string): readonly number[] =>
  lines
    .filter((line) => line.reservedBy === name)
    .map(({ number }) => number)
    .toSorted((a, b) => a - b);

for (const model of PIS) {
  const board = gpioOf(model);
  const lines = [...board.lines.values()];

  pis(`${model}: pins 1 to 40, each exactly once, as on the drawing`, () => {
    const pins = [...lines.map(({ headerPin }) => headerPin ?? 0), ...board.power.keys()];
    assert.equal(
      pins.toSorted((a, b) => a - b),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    const at = (pin: number): string | undefined => board.aliases.get(`pin-${pin}`) ?? board.power.get(pin);
    const rows = HEADER.map((_, row) => `${at(2 * row + 1)}, ${at(2 * row + 2)}`);
    assert.equal(rows, HEADER);
  });

  pis(`${model}: GPIO0 to GPIO27, each at the offset of its number`, () => {
    assert.equal(
      lines.toSorted((a, b) => a.number - b.number).map(({ name, number }) => [name, number]),
      Array.from({ length: 28 }, (_, number) => [`GPIO${number}`, number]),
    );
  });

  pis(`${model}: its chip, and what the hardware does by itself`, () => {
    assert.is(board.chipLabel, CHIPS[model]);
    for (const line of lines) {
      const { name, number } = line;
      assert.is(line.never, number < 2 ? 'hat-memory' : undefined, name);
      assert.is(line.fixedPull, number === 2 || number === 3 ? 'pull-up' : undefined, name);
      assert.is(line.atBoot, number === 14 ? 'moves' : number <= 8 ? 'pull-up' : 'pull-down', name);
      assert.not(line.can.includes('analog'), name);
      assert.equal(line.pulls, line.fixedPull ? ['pull-up'] : ['pull-up', 'pull-down', 'none'], name);
    }
  });

  pis(`${model}: which function reserves which lines`, () => {
    assert.equal(reservedBy(lines, 'i2c'), [2, 3]);
    assert.equal(reservedBy(lines, '1-wire'), [4]);
    assert.equal(reservedBy(lines, 'spi'), [7, 8, 9, 10, 11]);
    assert.equal(reservedBy(lines, 'uart'), [14, 15]);
  });
}
pis.run();

// ---- expanders and hats

const expanders = suite('Arduino boards');

const SIZES = [
  ['arduino-uno-firmata', 14, 6],
  ['arduino-mega-firmata', 54, 16],
] as const;

for (const [model, digital, analog] of SIZES) {
  const board = firmataOf(model);
  expanders(`${model}: D0 to D${digital - 1} and A0 to A${analog - 1}, by Firmata's numbers`, () => {
    const expected = [
      ...Array.from({ length: digital }, (_, index) => [`D${index}`, index, undefined]),
      ...Array.from({ length: analog }, (_, index) => [`A${index}`, digital + index, index]),
    ];
    assert.equal(
      [...board.lines.values()].map(({ name, number, channel }) => [name, number, channel]),
      expected,
    );
  });

  expanders(`${model}: what its pins can do`, () => {
    const can = (name: string): string => board.lines.get(name)?.can.join() ?? 'not there';
    assert.equal([can('D0'), can('D1')], ['', '']);
    assert.equal([board.lines.get('D0')?.never, board.lines.get('D1')?.never], ['usb-serial', 'usb-serial']);
    assert.is(can('D2'), 'input,output');
    assert.is(can('D13'), 'output');
    assert.is(board.lines.get('D13')?.atBoot, 'moves');
    assert.is(can('A0'), 'analog,input,output');
    for (const line of board.lines.values()) assert.not(line.pulls.includes('pull-down'));
  });
}

expanders('the relay board: three relays that come on with a low level, and nothing else of it can be used', () => {
  const hat = boardOf('waveshare-relay-3');
  assert.is(hat.kind, 'hat');
  if (hat.kind !== 'hat') return;
  const board = withHat(gpioOf('raspberry-pi-4'), hat);
  for (const [relay, line] of [
    ['RELAY1', 'GPIO26'],
    ['RELAY2', 'GPIO20'],
    ['RELAY3', 'GPIO21'],
  ] as const) {
    assert.is(board.aliases.get(relay), line);
    assert.equal(board.lines.get(line)?.can, ['output']);
    assert.is(board.lines.get(line)?.active, 'low');
  }
  assert.equal(board.lines.get('GPIO17'), gpioOf('raspberry-pi-4').lines.get('GPIO17'));
  assert.is(board.aliases.get('pin-37'), 'GPIO26');
});
expanders.run();

// ---- faults in a board's file

const faults = suite('a faulty board file');

const libraryOf = (texts: Readonly<Record<string, string>>): BoardLibrary => ({
  models: () => Object.keys(texts),
  text: (name) => texts[name],
});

const PI = packageBoards.text('raspberry-pi-4') ?? '';
const PINS = packageBoards.text('headers/raspberry-pi-40') ?? '';
const UNO = packageBoards.text('arduino-uno-firmata') ?? '';
const change = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`not there once: ${from}`);
  return text.replace(from, to);
};

const ROWS: readonly (readonly [
  name: string,
  texts: Readonly<Record<string, string>>,
  file: string,
  code: string,
  at: string,
])[] = [
  ['nothing in it', { b: '' }, 'b', 'empty', ''],
  ['no YAML', { b: 'name: [' }, 'b', 'yaml-syntax', ''],
  ['a key twice', { b: `${UNO}name: Uno` }, 'b', 'duplicate-key', 'name: Uno'],
  ['a kind there is not', { b: change(UNO, 'kind: firmata', 'kind: fermata') }, 'b', 'not-one-of', 'fermata'],
  ['an unknown key', { b: change(UNO, 'supplyVolts', 'supplyVolt') }, 'b', 'unknown-key', 'supplyVolt: 5'],
  [
    'a span that ends before it begins',
    { b: change(UNO, 'D2-D12: { pin: 2, can', 'D12-D2: { pin: 2, can') },
    'b',
    'bad-span',
    '{ pin: 2',
  ],
  ['a span of two kinds', { b: change(UNO, 'D2-D12: { pin: 2, can', 'D2-A12: { pin: 2, can') }, 'b', 'bad-span', '{ pin: 2'],
  ['a number twice', { b: change(UNO, 'D13: { pin: 13', 'D13: { pin: 12') }, 'b', 'line-described-twice', 'D0-D1: {'],
  ['a line twice', { b: change(UNO, 'D13: ', 'D12: ') }, 'b', 'line-described-twice', 'D0-D1: {'],
  ['a header there is not', { b: PI }, 'b', 'unknown-header', 'raspberry-pi-40 #'],
  [
    'a pull of the header that is none',
    {
      b: PI,
      'headers/raspberry-pi-40': change(PINS, 'GPIO17, offset: 17, atBoot: pull-down', 'GPIO17, offset: 17, atBoot: down'),
    },
    'headers/raspberry-pi-40',
    'not-valid',
    '{ line: GPIO17',
  ],
  [
    'an offset twice in the header',
    { b: PI, 'headers/raspberry-pi-40': change(PINS, 'offset: 17', 'offset: 18') },
    'headers/raspberry-pi-40',
    'line-described-twice',
    '1: { power: 3.3 V }',
  ],
];

for (const [name, texts, file, code, at] of ROWS) {
  faults(name, () => {
    const result = loadBoard('b', libraryOf(texts));
    if (result.ok || result.reason !== 'faulty') throw new Error(`taken: ${JSON.stringify(result)}`);
    assert.is(result.file, file);
    const problem = result.problems.find((each) => each.code === code);
    assert.ok(problem, JSON.stringify(result.problems));
    const line = (texts[file] ?? '').split('\n')[(problem?.line ?? 0) - 1] ?? '';
    assert.ok(line.slice((problem?.column ?? 0) - 1).startsWith(at), `${problem?.line}:${problem?.column} ${line}`);
  });
}

faults('none of that name is no fault, and says so', () => {
  assert.equal(loadBoard('raspberry-pi-9', packageBoards), { ok: false, reason: 'unknown' });
  assert.equal(loadBoard('headers/raspberry-pi-40', packageBoards), { ok: false, reason: 'unknown' });
});
faults.run();
