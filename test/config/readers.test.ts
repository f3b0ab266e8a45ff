/** Buses and readers of a site's file: what is taken, what is refused and where, and their lines. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PI_SITE, changed, problemsOf, siteOf } from './support.ts';

const ENTRANCE = 'entrance: { name: Entrance, areas: [main] }';
const READER = 'reader: { kind: osdp, bus: rs485, address: 3 }';
/** Nothing to remark on. */
const SITE = changed(ENTRANCE, `entrance: { name: Entrance, areas: [main], place: outside, ${READER} }`, PI_SITE)
  .replace('expanders:\n', 'buses:\n  rs485: { port: /dev/serial/by-id/usb-ftdi-1 }\nexpanders:\n')
  .replace('salt: a-salt-for-tests', 'salt: a-salt-for-tests, pepperFile: /etc/vigie/pepper')
  .replace('outputs:\n', '  box: { number: 9, name: Box, area: main, type: tamper, input: entrance.tamper }\noutputs:\n')
  .replace('keypads:\n', '  strike: { role: armed-lamp, name: Strike, output: entrance.out0, areas: [main] }\nkeypads:\n');

const restOf = (text: string, line: number, column: number): string => (text.split('\n')[line - 1] ?? '').slice(column - 1);
const told = (text: string): readonly string[] =>
  problemsOf(text).map(({ severity, code, line, column }) => `${severity} ${code} @ ${restOf(text, line, column)}`);

const taken = suite('readers that are taken');

taken('bus, reader and their lines, as the drivers get them', () => {
  assert.equal(told(SITE), []);
  const site = siteOf(SITE);
  assert.equal(site.buses, [{ id: 'rs485', port: '/dev/serial/by-id/usb-ftdi-1', baudRate: 9_600 }]);
  assert.equal(site.readers, [{ kind: 'osdp', keypad: 'entrance', bus: 'rs485', address: 3, isSecure: true }]);
  assert.ok(site.inputs.some(({ line }) => line === 'entrance.tamper'));
  assert.ok(site.outputs.some(({ line }) => line === 'entrance.out0'));
  assert.is(site.core.zones.find(({ id }) => id === 'box')?.sensing.kind, 'digital');
  const board = site.board;
  assert.ok(board.driver === 'gpio' && !Object.keys(board.offsets).some((line) => line.startsWith('entrance')));
});

taken('a level of 1 on a reader is what is active', () => {
  const sensing = siteOf(SITE).core.zones.find(({ id }) => id === 'box')?.sensing;
  assert.equal(sensing, { kind: 'digital', activeLevel: 1 });
});

taken('plain, and another speed', () => {
  const site = siteOf(
    changed('address: 3 }', 'address: 126, secure: plain }', changed('usb-ftdi-1 }', 'usb-ftdi-1, baud: 38400 }', SITE)).replace(
      'place: outside, ',
      '',
    ),
  );
  assert.equal([site.readers[0]?.isSecure, site.readers[0]?.address, site.buses[0]?.baudRate], [false, 126, 38_400]);
});

taken('a site without readers has neither', () => {
  const site = siteOf(PI_SITE);
  assert.equal([site.buses, site.readers], [[], []]);
});
taken.run();

type Row = readonly [name: string, from: string, to: string, expected: readonly string[]];

const ROWS: readonly Row[] = [
  [
    'a bus that is not there',
    'bus: rs485',
    'bus: rs422',
    ['warning bus-unused @ rs485: { port: /dev/serial/by-id/usb-ftdi-1 }', 'error unknown-bus @ rs422, address: 3 } }'],
  ],
  ['a reader without a bus', 'bus: rs485, ', '', ['error missing @ reader: { kind: osdp, address: 3 } }']],
  ['a reader without an address', ', address: 3', '', ['error missing @ reader: { kind: osdp, bus: rs485 } }']],
  ['an address beyond the last', 'address: 3', 'address: 127', ['error out-of-range @ 127 } }']],
  ['a kind that nobody knows', 'kind: osdp', 'kind: smoke', ['error not-one-of @ smoke, bus: rs485, address: 3 } }']],
  ['a speed that no reader has', 'usb-ftdi-1 }', 'usb-ftdi-1, baud: 9601 }', ['error not-one-of @ 9601 }']],
  ['a word for secure that is none', 'address: 3 }', 'address: 3, secure: maybe }', ['error not-one-of @ maybe } }']],
  ['a setting that is none', 'address: 3 }', 'address: 3, adress: 4 }', ['error unknown-key @ adress: 4 } }']],
  ['plain outside', 'address: 3 }', 'address: 3, secure: plain }', ['warning plain-reader-outside @ secure: plain } }']],
  ['no pepper', ', pepperFile: /etc/vigie/pepper', '', [`warning reader-keys-without-pepper @ ${READER} }`]],
  [
    'a port that changes at a restart',
    '/dev/serial/by-id/usb-ftdi-1',
    '/dev/ttyUSB0',
    ['warning port-not-stable @ port: /dev/ttyUSB0 }'],
  ],
  ['the port of an expander', 'usb-ftdi-1', 'usb-uno-1', ['error duplicate-port @ /dev/serial/by-id/usb-uno-1 }']],
  [
    'an address twice on a bus',
    'users:\n',
    `  back: { name: Back, areas: [main], ${READER} }\nusers:\n`,
    ['warning reader-unwatched @ reader: { kind: osdp, bus: rs485, address: 3 } }', 'error duplicate-address @ 3 } }'],
  ],
  [
    'the same address on another bus',
    'users:\n',
    `  back: { name: Back, areas: [main], reader: { kind: osdp, bus: second, address: 3 } }\nusers:\n`,
    [
      'warning reader-unwatched @ reader: { kind: osdp, bus: second, address: 3 } }',
      'error unknown-bus @ second, address: 3 } }',
    ],
  ],
  ['a line that readers do not have', 'entrance.tamper', 'entrance.lid', ['error unknown-line @ entrance.lid }']],
  ['an input beyond the last', 'entrance.tamper', 'entrance.in8', ['error unknown-line @ entrance.in8 }']],
  ['an output watched', 'entrance.tamper', 'entrance.out1', ['error line-not-an-input @ entrance.out1 }']],
  ['an input switched', 'entrance.out0', 'entrance.in0', ['error line-not-an-output @ entrance.in0, areas: [main] }']],
  ['a bias on a reader', 'input: entrance.tamper', 'input: entrance.tamper, bias: none', ['error bias-on-reader @ none }']],
];

const refused = suite('readers that are refused');
for (const [name, from, to, expected] of ROWS) {
  refused(name, () => assert.equal(told(changed(from, to, SITE)), expected));
}

refused('a keypad and an expander of one name', () => {
  const text = SITE.replaceAll('cellar', 'entrance');
  assert.ok(told(text).some((line) => line.startsWith('error reader-named-as-expander')));
});

refused('two languages for each', () => {
  for (const [, from, to] of ROWS)
    for (const { message, messageFr } of problemsOf(changed(from, to, SITE)))
      assert.ok(message !== '' && messageFr !== '' && message !== messageFr);
});
refused.run();
