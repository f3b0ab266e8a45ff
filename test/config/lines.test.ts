/** Boards and lines of a site's file: what each name means, and what is refused. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageBoards } from '../../src/cli/siteTools.ts';
import type { BoardLibrary } from '../../src/config/boards.ts';
import { loadSite } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';
import { PI_SITE, SITE, changed as changedIn, siteOf, tools } from './support.ts';

const changed = (from: string, to: string, site = PI_SITE): string => changedIn(from, to, site);

/** Boards beside those of the package, for what none of these has. */
const ODD: Readonly<Record<string, string>> = {
  'odd-hat': 'kind: hat\nname: Odd hat\nfits: [raspberry-pi-5]\ncan: [output]\nactive: low\nlines: { RELAY1: GPIO26 }\n',
  'stray-hat': 'kind: hat\nname: Stray hat\nfits: [raspberry-pi-4]\ncan: [output]\nactive: low\nlines: { RELAY1: GPIO99 }\n',
  'mixed-hat': 'kind: hat\nname: Mixed hat\nfits: [raspberry-pi-4]\ncan: [output]\nactive: low\nlines: { GPIO17: GPIO26 }\n',
  'odd-nano': `kind: firmata
name: Odd
supplyVolts: 5
pulls: [pull-up, none]
atBoot: floating
lines: { D2: { pin: 2, can: [input] }, D3: { pin: 3, can: [output] }, A6: { pin: 20, channel: 6, can: [analog] } }
limits: { outputs: 1, pinMilliamps: 20, totalMilliamps: 150 }
`,
  broken: 'kind: gpio\nname: Broken\nchipLabel: none\nheader: raspberry-pi-40\n',
};
const library: BoardLibrary = {
  models: () => [...packageBoards.models(), ...Object.keys(ODD)],
  text: (name) => ODD[name] ?? packageBoards.text(name),
};

const problemsOf = (text: string): readonly Problem[] => {
  const result = loadSite(text, { ...tools, boards: library });
  return result.ok ? result.warnings : result.problems;
};
const restOf = (text: string, { line, column }: Problem): string => (text.split('\n')[line - 1] ?? '').slice(column - 1);
const told = (text: string): readonly string[] =>
  problemsOf(text).map((problem) => `${problem.severity} ${problem.code} @ ${restOf(text, problem)}`);

type Row = readonly [name: string, from: string, to: string, expected: readonly string[]];

const BOARD = 'board: { model: raspberry-pi-4 }';
const HAT = 'board: { model: raspberry-pi-4, hat: waveshare-relay-3 }';
const FRONT = 'input: GPIO17';
const SIREN = 'output: GPIO10';
const LAMP = 'output: cellar.D7, active: low';
const VAULT = 'input: cellar.D4';
const UNO = 'model: arduino-uno-firmata';

const NAMES: readonly Row[] = [
  ['nothing changed', FRONT, FRONT, []],
  ['a header pin', FRONT, 'input: pin-11', []],
  ['a line there is not', FRONT, 'input: GPIO28', ['error unknown-line @ GPIO28 }']],
  ['a line in small letters', FRONT, 'input: gpio17', ['error unknown-line @ gpio17 }']],
  ['a pin beyond the header', FRONT, 'input: pin-41', ['error unknown-line @ pin-41 }']],
  ['pin 0', FRONT, 'input: pin-0', ['error unknown-line @ pin-0 }']],
  ['5 V', FRONT, 'input: pin-2', ['error power-pin @ pin-2 }']],
  ['3.3 V', FRONT, 'input: pin-17', ['error power-pin @ pin-17 }']],
  ['ground', SIREN, 'output: pin-9', ['error power-pin @ pin-9, areas']],
  ['a line of the hat without the hat', SIREN, 'output: RELAY1', ['error unknown-line @ RELAY1, areas']],
  ['a line that the expander has not', VAULT, 'input: cellar.D14', ['error unknown-line @ cellar.D14 }']],
  ['an analog line that the expander has not', VAULT, 'input: cellar.A6', ['error unknown-line @ cellar.A6 }']],
  ['an expander there is not', VAULT, 'input: celar.D4', ['error unknown-expander @ celar.D4 }']],
  ['an expander without a line', VAULT, 'input: cellar', ['error unknown-line @ cellar }']],
];

const USED: readonly Row[] = [
  ['a name twice', FRONT, 'input: GPIO5', ['error duplicate-line @ GPIO5, bias']],
  ['a name and its pin', FRONT, 'input: GPIO27', ['error duplicate-line @ pin-13 }']],
  ['a pin twice', FRONT, 'input: pin-13', ['error duplicate-line @ pin-13 }']],
  ['in and out', SIREN, 'output: pin-11', ['error duplicate-line @ pin-11, areas']],
  ['of an expander twice', LAMP, 'output: cellar.D4', ['error duplicate-line @ cellar.D4, a']],
  ['the same name on two boards is two lines', FRONT, 'input: cellar.D5', []],
  [
    'taken by a function in use',
    BOARD,
    'board: { model: raspberry-pi-4, inUse: [spi] }',
    ['error line-reserved @ GPIO10, areas'],
  ],
  ['a function in use that takes none of ours', BOARD, 'board: { model: raspberry-pi-4, inUse: [i2c, uart, 1-wire] }', []],
  ['i2c, by pin', FRONT, 'input: pin-3', []],
  ['the memory of a HAT', FRONT, 'input: GPIO0', ['error line-never-free @ GPIO0 }']],
  ['the memory of a HAT, by pin', SIREN, 'output: pin-28', ['error line-never-free @ pin-28, areas']],
  ['the serial link', VAULT, 'input: cellar.D0', ['error line-never-free @ cellar.D0 }']],
  ['the serial link, out', LAMP, 'output: cellar.D1', ['error line-never-free @ cellar.D1, a']],
];

const ABLE: readonly Row[] = [
  ['a loop on the board', 'input: cellar.A0, loop', 'input: GPIO22, loop', ['error board-without-analog @ GPIO22, loop']],
  [
    'a measurement on the board',
    'type: follower, input: pin-13',
    'type: technical, input: pin-13, measure: { unit: C, atZero: 0, atFull: 9, low: 2, high: 8 }',
    ['error board-without-analog @ pin-13, measure'],
  ],
  ['a loop on a digital line', 'input: cellar.A0, loop', 'input: cellar.D5, loop', ['error line-not-analog @ cellar.D5, loop']],
  ['a contact on an analog line that can', VAULT, 'input: cellar.A1', []],
  ['an output on an analog line that can', LAMP, 'output: cellar.A2', []],
  ['a contact on a line for outputs', VAULT, 'input: cellar.D13', ['error line-not-an-input @ cellar.D13 }']],
  ['an output on a line that blinks', LAMP, 'output: cellar.D13', ['warning output-moves-at-boot @ output: cellar.D13']],
  ['no pull-down on an expander', VAULT, 'input: cellar.D4, bias: pull-down', ['error bias-not-possible @ pull-down }']],
  ['no pull at all', VAULT, 'input: cellar.D4, bias: none', []],
  ['a pull that cannot be switched off', FRONT, 'input: GPIO2, bias: none', ['error bias-fixed @ none }']],
  ['a pull against the one on the board', FRONT, 'input: pin-5, bias: pull-down', ['error bias-fixed @ pull-down }']],
  ['a pull as the one on the board', FRONT, 'input: GPIO3, bias: pull-up', []],
  ['high, on a line that is pulled up', SIREN, 'output: GPIO7', ['warning output-on-at-boot @ output: GPIO7']],
  ['low, on a line that is pulled up', SIREN, 'output: GPIO7, active: low', []],
  ['low, on a line that is pulled down', SIREN, 'output: GPIO22, active: low', ['warning output-on-at-boot @ output: GPIO22']],
  ['a line that the boot messages use', SIREN, 'output: GPIO14', ['warning output-moves-at-boot @ output: GPIO14']],
  [
    'onoff, which switches no pulls',
    BOARD,
    'board: { model: raspberry-pi-4, access: onoff }',
    ['warning onoff-without-pulls @ access: onoff }'],
  ],
];

const BOARDS: readonly Row[] = [
  ['a board there is not', BOARD, 'board: { model: raspberry-pi-9 }', ['error unknown-board @ raspberry-pi-9 }']],
  ['a board that is an expander', BOARD, `board: { ${UNO} }`, ['error board-wrong-kind @ arduino-uno-f']],
  ['a board that is a hat', BOARD, 'board: { model: waveshare-relay-3 }', ['error board-wrong-kind @ waveshare-relay']],
  ['a board that is simulated', BOARD, 'board: { model: sim }', ['error board-wrong-kind @ sim }']],
  ['a board whose file is at fault', BOARD, 'board: { model: broken }', ['error faulty-board-file @ broken }']],
  ['a path for a board', BOARD, 'board: { model: ../sim }', ['error bad-id @ ../sim }']],
  [
    'simulated and a model',
    BOARD,
    'board: { driver: sim, model: raspberry-pi-4 }',
    ['error simulated-and-real @ driver: sim, mo'],
  ],
  ['a hat on no board', BOARD, 'board: { hat: waveshare-relay-3 }', ['error board-without-model @ hat: waveshare']],
  [
    'functions and access of no board',
    BOARD,
    'board: { inUse: [i2c], access: onoff }',
    ['error board-without-model @ inUse: [i2c]', 'error board-without-model @ access: onoff'],
  ],
  [
    'a hat there is not',
    BOARD,
    'board: { model: raspberry-pi-4, hat: waveshare-relay-4 }',
    ['error unknown-board @ waveshare-relay-4 }'],
  ],
  [
    'a hat that is a board',
    BOARD,
    'board: { model: raspberry-pi-4, hat: raspberry-pi-4 }',
    ['error board-wrong-kind @ raspberry-pi-4 }'],
  ],
  ['a hat of another board', BOARD, 'board: { model: raspberry-pi-4, hat: odd-hat }', ['error hat-does-not-fit @ odd-hat }']],
  [
    'a hat on lines that are not there',
    BOARD,
    'board: { model: raspberry-pi-4, hat: stray-hat }',
    ['error hat-with-stray-lines @ stray-hat }'],
  ],
  [
    'a hat that exchanges names',
    BOARD,
    'board: { model: raspberry-pi-4, hat: mixed-hat }',
    ['error hat-with-stray-lines @ mixed-hat }'],
  ],
  ['a function there is not', BOARD, 'board: { model: raspberry-pi-4, inUse: [i3c] }', ['error not-one-of @ i3c] }']],
  ['a way of access there is not', BOARD, 'board: { model: raspberry-pi-4, access: sysfs }', ['error not-one-of @ sysfs }']],
  ['no port', `${UNO}, port: /dev/serial/by-id/usb-uno-1`, UNO, ['error missing @ cellar: { model']],
  ['an expander there is not', UNO, 'model: arduino-due-firmata', ['error unknown-board @ arduino-due']],
  ['an expander that is a Pi', UNO, 'model: raspberry-pi-4', ['error board-wrong-kind @ raspberry-pi-4, port']],
  [
    'a port that changes its number',
    '/dev/serial/by-id/usb-uno-1',
    '/dev/ttyACM0',
    ['warning port-not-stable @ port: /dev/ttyACM0'],
  ],
  ['a port of the header', '/dev/serial/by-id/usb-uno-1', '/dev/ttyAMA0', []],
  [
    'two on one port',
    'areas:\n',
    '  roof: { model: arduino-mega-firmata, port: /dev/serial/by-id/usb-uno-1 }\nareas:\n',
    ['warning expander-unused @ roof: { model', 'error duplicate-port @ /dev/serial/by-id/usb-uno-1 }'],
  ],
  [
    'one that nothing is on',
    'areas:\n',
    '  roof: { model: arduino-mega-firmata, port: /dev/serial/by-id/usb-mega-1 }\nareas:\n',
    ['warning expander-unused @ roof: { model'],
  ],
];

const HATS: readonly Row[] = [
  ['a relay', SIREN, 'output: RELAY1', ['warning output-on-at-boot @ output: RELAY1']],
  ['a relay that is said to come on low', SIREN, 'output: RELAY2, active: low', ['warning output-on-at-boot @ output: RELAY2']],
  [
    'a relay that is said to come on high',
    SIREN,
    'output: RELAY3, active: high',
    ['warning output-on-at-boot @ output: RELAY3', 'error active-contradicts-hat @ high, areas'],
  ],
  ['a relay by its line', SIREN, 'output: GPIO26', ['warning output-on-at-boot @ output: GPIO26']],
  ['a contact on a relay', FRONT, 'input: RELAY1', ['error line-not-an-input @ RELAY1 }']],
  ['a contact on the line under a relay', FRONT, 'input: GPIO20', ['error line-not-an-input @ GPIO20 }']],
  ['a relay there is not', SIREN, 'output: RELAY4', ['error unknown-line @ RELAY4, areas']],
];

const holds = (rows: readonly Row[], title: string, site = PI_SITE): void => {
  const table = suite(title);
  for (const [name, from, to, expected] of rows) {
    table(name, () => {
      const found = told(changed(from, to, site));
      assert.is(found.length, expected.length, found.join('\n'));
      for (const [index, start] of expected.entries()) assert.ok(found[index]?.startsWith(start), found.join('\n'));
    });
  }
  table.run();
};

const ON_HAT = changed(BOARD, HAT);
const ON_ODD = changed(UNO, 'model: odd-nano', changed(VAULT, 'input: cellar.D2', changed('cellar.A0', 'cellar.A6')));

const TWICE: readonly Row[] = [
  [
    'a relay and the line under it',
    LAMP,
    'output: RELAY1',
    [
      'warning output-on-at-boot @ output: GPIO26',
      'warning output-on-at-boot @ output: RELAY1',
      'error duplicate-line @ RELAY1, areas',
    ],
  ],
  [
    'a relay and the pin under it',
    LAMP,
    'output: pin-37',
    [
      'warning output-on-at-boot @ output: GPIO26',
      'warning output-on-at-boot @ output: pin-37',
      'error duplicate-line @ pin-37, areas',
    ],
  ],
];

const ODD_LAMP = 'output: cellar.D3, active: low';
const ODDITIES: readonly Row[] = [
  ['as it is', ODD_LAMP, ODD_LAMP, []],
  [
    'an output on a line for inputs',
    ODD_LAMP,
    'output: cellar.D2',
    ['error duplicate-line @ cellar.D2, areas', 'error line-not-an-output @ cellar.D2, areas'],
  ],
  [
    'an output on a line for measuring',
    ODD_LAMP,
    'output: cellar.A6',
    ['error duplicate-line @ cellar.A6, areas', 'error line-not-an-output @ cellar.A6, areas'],
  ],
  [
    'a contact on a line for measuring',
    'input: cellar.D2',
    'input: cellar.A6',
    ['error duplicate-line @', 'error line-not-an-input @'],
  ],
  [
    'a contact on a line for outputs',
    'input: cellar.D2',
    'input: cellar.D3',
    ['error line-not-an-input @', 'error duplicate-line @'],
  ],
  ['one output too many', SIREN, 'output: cellar.D3', ['error duplicate-line @ cellar.D3', 'error too-many-outputs @ cellar.D3']],
];

holds(NAMES, 'which line a name means');
holds(USED, 'a line is free, and used once');
holds(ABLE, 'what a line can do');
holds(BOARDS, 'boards, hats and expanders');
holds(HATS, 'on a hat', ON_HAT);
holds(TWICE, 'twice through a hat', changed(SIREN, 'output: GPIO26', ON_HAT));
holds(ODDITIES, 'an odd expander', changed('cellar.D7', 'cellar.D3', ON_ODD));

// ---- all together

const many = suite('many lines');

const lamp = (line: string, index: number): string =>
  `  lamp-${index}: { role: armed-lamp, name: L, output: ${line}, areas: [main] }\n`;

/** Outputs beside the siren, each on a line of the list. */
const withLamps = (lines: readonly string[]): string => changed('keypads:\n', `${lines.map(lamp).join('')}keypads:\n`);

const FREE = [2, 3, 4, 7, 8, 9, 11, 12, 13, 15, 16, 18, 19, 20, 21, 22].map((number) => `GPIO${number}`);
const errorsOf = (text: string): readonly Problem[] => problemsOf(text).filter(({ severity }) => severity === 'error');

many('sixteen outputs on a Pi are taken, the seventeenth is refused where it stands', () => {
  assert.equal(errorsOf(withLamps(FREE.slice(0, 15))), []);
  const text = withLamps(FREE);
  const errors = errorsOf(text);
  assert.equal(
    errors.map(({ code }) => code),
    ['too-many-outputs'],
  );
  assert.ok(errors[0] && restOf(text, errors[0]).startsWith('GPIO22, areas'));
});

many('outputs of an expander are counted by themselves', () => {
  const onExpander = Array.from({ length: 5 }, (_, index) => `cellar.D${index + 8}`);
  assert.equal(errorsOf(withLamps([...FREE.slice(0, 15), ...onExpander.slice(0, 5)])), []);
});

many('onoff: one sentence with all that config.txt needs', () => {
  const text = changed(BOARD, 'board: { model: raspberry-pi-4, access: onoff }', changed(VAULT, 'input: GPIO22, bias: none'));
  assert.match(problemsOf(text)[0]?.message ?? '', /Add gpio=17,27=pu gpio=5=pd gpio=22=pn to config\.txt/);
});

many('onoff: a pull that the line has anyway needs nothing', () => {
  const own = changed(FRONT, 'input: GPIO4', changed('input: pin-13', 'input: GPIO2', changed(', bias: pull-down', '')));
  assert.equal(told(changed(BOARD, 'board: { model: raspberry-pi-4, access: onoff }', own)), []);
});

many('a fault of the board hides none of the lines on an expander, nor the other way round', () => {
  const text = changed(BOARD, 'board: { model: raspberry-pi-9 }', changed(VAULT, 'input: cellar.D0'));
  assert.equal(
    errorsOf(text).map(({ code }) => code),
    ['unknown-board', 'line-never-free'],
  );
  const other = changed(UNO, 'model: none', changed(FRONT, 'input: GPIO1'));
  assert.equal(
    errorsOf(other).map(({ code }) => code),
    ['unknown-board', 'line-never-free'],
  );
});

many('a hat that cannot be read hides no other fault of a line', () => {
  const text = changed(
    BOARD,
    'board: { model: raspberry-pi-4, hat: none }',
    changed(FRONT, 'input: GPIO1', changed(SIREN, 'output: RELAY1')),
  );
  assert.equal(
    errorsOf(text).map(({ code }) => code),
    ['unknown-board', 'line-never-free'],
  );
});
many.run();

// ---- the sentences

const words = suite('what is said of lines');

const first = (from: string, to: string, site = PI_SITE): string => problemsOf(changed(from, to, site))[0]?.message ?? '';

words('a power pin is told what it is', () => {
  assert.match(first(FRONT, 'input: pin-2'), 'pin-2 is the 5 V supply');
  assert.match(first(FRONT, 'input: pin-1'), 'pin-1 is the 3.3 V supply');
  assert.match(first(FRONT, 'input: pin-6'), 'pin-6 is ground');
});

words('what was meant is told', () => {
  assert.match(first(FRONT, 'input: gpio17'), 'Did you mean `GPIO17`?');
  assert.match(first(VAULT, 'input: celar.D4'), 'Did you mean `cellar`?');
  assert.match(first(VAULT, 'input: cellar.D44'), 'Did you mean `cellar.D4`?');
  assert.match(first(SIREN, 'output: RELAI1', ON_HAT), 'Did you mean `RELAY1`?');
});

words('an unknown model is told the nearest, and all there are of its kind alone', () => {
  const message = first(BOARD, 'board: { model: raspbery-pi-4 }');
  assert.match(message, 'Did you mean `raspberry-pi-4`?');
  assert.match(message, 'Known: raspberry-pi-3, raspberry-pi-4, raspberry-pi-5, raspberry-pi-zero-2w.');
  assert.match(first(UNO, 'model: zzz'), /no board `zzz`\. Known: arduino-mega-firmata, arduino-uno-firmata, odd-nano\./);
});

words('a line under another name is told both', () => {
  assert.match(first(FRONT, 'input: GPIO27'), 'pin-13 (GPIO27) is used by zones.front already');
});

words('a loop on a Pi is sent to the expander that is there', () => {
  assert.match(first('input: cellar.A0, loop', 'input: GPIO22, loop'), 'an expander, such as cellar.A0');
});

words('a relay that is on while the machine boots is told the line for config.txt', () => {
  assert.match(first(SIREN, 'output: GPIO7'), 'gpio=7=op,dl');
  assert.match(first(SIREN, 'output: RELAY1', ON_HAT), 'gpio=26=op,dh');
});

words('a faulty board file is told with its own place', () => {
  assert.match(first(BOARD, 'board: { model: broken }'), /boards\/broken\.yaml:1:1: `[a-zA-Z]+` is missing/);
});

words('each is there in French and in English, and says what to do', () => {
  const tables: readonly (readonly [rows: readonly Row[], site: string])[] = [
    [[...NAMES, ...USED, ...ABLE, ...BOARDS], PI_SITE],
    [HATS, ON_HAT],
  ];
  for (const [rows, site] of tables) {
    for (const [, from, to] of rows) {
      for (const { message, messageFr, code } of problemsOf(changed(from, to, site))) {
        assert.match(message, /^.{20,260}[.?]$/u, code);
        assert.match(messageFr, /^.{20,260}[.?]$/u, code);
        assert.is.not(message, messageFr);
      }
    }
  }
});
words.run();

// ---- what the drivers are opened with

const resolved = suite('what lines become');

const sortedKeys = (record: Readonly<Record<string, unknown>>): readonly string[] => Object.keys(record).toSorted();

resolved('the board has the offsets of the lines in use alone, and the expander its pins and channels', () => {
  const site: SiteFile = siteOf(PI_SITE);
  assert.equal(site.board, {
    driver: 'gpio',
    model: 'raspberry-pi-4',
    access: 'auto',
    chipLabel: 'pinctrl-bcm2711',
    offsets: { GPIO17: 17, GPIO27: 27, GPIO5: 5, GPIO6: 6, GPIO10: 10 },
  });
  assert.equal(site.expanders, [
    {
      id: 'cellar',
      model: 'arduino-uno-firmata',
      port: '/dev/serial/by-id/usb-uno-1',
      pins: {
        'cellar.A0': { pin: 14, channel: 0 },
        'cellar.D4': { pin: 4, channel: undefined },
        'cellar.D7': { pin: 7, channel: undefined },
      },
    },
  ]);
});

resolved('after that only names are left: in the core, and for the shell', () => {
  const site = siteOf(PI_SITE);
  assert.equal(
    site.core.zones.map(({ line }) => line),
    ['GPIO17', 'GPIO27', 'cellar.A0', 'cellar.D4', 'GPIO5', 'GPIO6'],
  );
  assert.equal(site.inputs[1], { line: 'GPIO27', kind: 'digital', bias: 'pull-up' });
  assert.equal(site.inputs[2], { line: 'cellar.A0', kind: 'analog', bias: 'none' });
  assert.equal(site.outputs, [
    { line: 'GPIO10', restLevel: 0 },
    { line: 'cellar.D7', restLevel: 1 },
  ]);
  assert.equal(
    site.core.outputs.map(({ line, restLevel }) => [line, restLevel]),
    [
      ['GPIO10', 0],
      ['cellar.D7', 1],
    ],
  );
});

resolved('a relay becomes the line under it, at rest high because the hat says that it comes on low', () => {
  const site = siteOf(changed(SIREN, 'output: RELAY2', ON_HAT));
  assert.equal(site.outputs[0], { line: 'GPIO20', restLevel: 1 });
  assert.ok(site.board.driver === 'gpio' && site.board.offsets['GPIO20'] === 20);
});

resolved('the same holds for a relay that is named by its line or pin', () => {
  for (const name of ['GPIO21', 'pin-40']) {
    assert.equal(siteOf(changed(SIREN, `output: ${name}`, ON_HAT)).outputs[0], { line: 'GPIO21', restLevel: 1 });
  }
});

for (const [model, chipLabel] of [
  ['raspberry-pi-3', 'pinctrl-bcm2835'],
  ['raspberry-pi-5', 'pinctrl-rp1'],
  ['raspberry-pi-zero-2w', 'pinctrl-bcm2835'],
] as const) {
  resolved(`the same file for a ${model} differs in its chip alone`, () => {
    const board = siteOf(changed('raspberry-pi-4', model)).board;
    assert.ok(board.driver === 'gpio');
    assert.equal(board, { ...siteOf(PI_SITE).board, model, chipLabel });
  });
}

resolved('access is as written', () => {
  const { board } = siteOf(changed(BOARD, 'board: { model: raspberry-pi-4, access: character-device }'));
  assert.ok(board.driver === 'gpio' && board.access === 'character-device');
});

resolved('two expanders have each their own', () => {
  const { expanders } = siteOf(
    changed(
      'areas:\n',
      '  roof: { model: arduino-mega-firmata, port: /dev/serial/by-id/usb-mega-1 }\nareas:\n',
      changed(FRONT, 'input: roof.A15'),
    ),
  );
  assert.equal(
    expanders.map(({ id, pins }) => [id, sortedKeys(pins)]),
    [
      ['cellar', ['cellar.A0', 'cellar.D4', 'cellar.D7']],
      ['roof', ['roof.A15']],
    ],
  );
  assert.equal(expanders[1]?.pins['roof.A15'], { pin: 69, channel: 15 });
});
resolved.run();

// ---- simulated

const simulated = suite('simulated lines');

simulated('any name goes, and nothing is looked up for it', () => {
  const text = changed(
    'input: GPIO2',
    'input: pin-2',
    changed('input: GPIO1', 'input: LINE1', changed('GPIO10', 'cave.D99', SITE)),
  );
  assert.equal(told(text), []);
  const site = siteOf(text);
  assert.equal(site.board, { driver: 'sim' });
  assert.equal(site.expanders, []);
  assert.equal([site.core.zones[0]?.line, site.core.zones[1]?.line, site.core.outputs[0]?.line], ['LINE1', 'pin-2', 'cave.D99']);
});

simulated('it may have an expander, whose lines are checked', () => {
  const text = changed(
    'areas:\n',
    'expanders:\n  cellar: { model: arduino-uno-firmata, port: /dev/serial/by-id/x }\nareas:\n',
    SITE,
  );
  assert.equal(told(text), ['warning expander-unused @ cellar: { model: arduino-uno-firmata, port: /dev/serial/by-id/x }']);
  assert.equal(told(changed('input: GPIO2', 'input: cellar.D4', text)), []);
  assert.equal(told(changed('input: GPIO2', 'input: cellar.D1', text)), ['error line-never-free @ cellar.D1 }']);
});

simulated('written out it is the same as left out', () => {
  assert.equal(siteOf(changed('areas:\n', 'board: { driver: sim }\nareas:\n', SITE)).board, { driver: 'sim' });
});
simulated.run();
