/** Readers with a port of their own: what each kind asks for, and two that are in each other's way. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copiableAlone } from '../../src/config/checks/portReaders.ts';
import { PI_SITE, changed, problemsOf, siteOf } from './support.ts';

const KEYPAD = '  entrance: { name: Entrance, areas: [main] }';

const withReaders = (...readers: readonly string[]): string =>
  changed(
    KEYPAD,
    readers.map((reader, at) => `  door${at + 1}: { name: Door, areas: [main], reader: { ${reader} } }`).join('\n'),
    PI_SITE,
  );

const told = (text: string): readonly string[] =>
  problemsOf(text).map(({ severity, code, line, column }) => {
    const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
    return `${severity} ${code} @ ${rest}`;
  });

const table = suite('each fault is told once, where it is');

const ROWS: readonly (readonly [name: string, readers: readonly string[], expected: readonly string[]])[] = [
  [
    'one of each kind',
    [
      'kind: wiegand, port: /dev/a, input: 2',
      'kind: rdm6300, port: /dev/b',
      'kind: pn532, port: /dev/c',
      'kind: keyboard, device: /dev/d',
    ],
    [],
  ],
  ['both inputs of one board', ['kind: wiegand, port: /dev/a, input: 1', 'kind: wiegand, port: /dev/a, input: 2'], []],
  ['the same input of two boards', ['kind: wiegand, port: /dev/a, input: 1', 'kind: wiegand, port: /dev/b, input: 1'], []],
  [
    'the same input twice',
    ['kind: wiegand, port: /dev/a, input: 1', 'kind: wiegand, port: /dev/a, input: 1'],
    ['error duplicate-input @ 1 } }'],
  ],
  [
    'three on one board',
    ['kind: wiegand, port: /dev/a, input: 1', 'kind: wiegand, port: /dev/a, input: 2', 'kind: wiegand, port: /dev/a, input: 2'],
    ['error duplicate-input @ 2 } }'],
  ],
  ['one port twice', ['kind: rdm6300, port: /dev/a', 'kind: rdm6300, port: /dev/a'], ['error duplicate-port @ /dev/a } }']],
  [
    'one device twice',
    ['kind: keyboard, device: /dev/a', 'kind: keyboard, device: /dev/a'],
    ['error duplicate-port @ /dev/a } }'],
  ],
  [
    'one port, two kinds',
    ['kind: rdm6300, port: /dev/a', 'kind: pn532, port: /dev/a', 'kind: wiegand, port: /dev/a, input: 1'],
    ['error port-of-another-kind @ /dev/a } }', 'error port-of-another-kind @ /dev/a, input: 1 } }'],
  ],
  [
    'the port of an expander',
    ['kind: rdm6300, port: /dev/serial/by-id/usb-uno-1'],
    ['error port-taken @ /dev/serial/by-id/usb-uno-1 } }'],
  ],
  [
    'a reader on a bus beside one on a port',
    ['kind: osdp, bus: hall, address: 1, secure: plain', 'kind: rdm6300, port: /dev/a'],
    [
      'warning reader-unwatched @ reader: { kind: osdp, bus: hall, address: 1, secure: plain } }',
      'error unknown-bus @ hall, address: 1, secure: plain } }',
    ],
  ],
  ['a port that moves', ['kind: pn532, port: /dev/ttyUSB0'], ['warning port-not-stable @ port: /dev/ttyUSB0 } }']],
  [
    'a device that moves',
    ['kind: keyboard, device: /dev/input/event3'],
    ['warning port-not-stable @ device: /dev/input/event3 } }'],
  ],
  ['the port of the Pi itself does not', ['kind: rdm6300, port: /dev/ttyAMA0'], []],
  ['a kind there is not', ['kind: wiegant, port: /dev/a'], ['error not-one-of @ wiegant, port: /dev/a } }']],
  ['no port', ['kind: rdm6300'], ['error missing @ reader: { kind: rdm6300 } }']],
  ['no input', ['kind: wiegand, port: /dev/a'], ['error missing @ reader: { kind: wiegand, port: /dev/a } }']],
  ['an input there is not', ['kind: wiegand, port: /dev/a, input: 3'], ['error not-one-of @ 3 } }']],
  [
    'a device where a port belongs',
    ['kind: rdm6300, device: /dev/a'],
    ['error missing @ reader: { kind: rdm6300, device: /dev/a } }', 'error unknown-key @ device: /dev/a } }'],
  ],
];

for (const [name, readers, expected] of ROWS) {
  table(name, () => {
    assert.equal(told(withReaders(...readers)), expected);
  });
}

table('in two languages', () => {
  const [problem] = problemsOf(withReaders('kind: wiegand, port: /dev/a, input: 1', 'kind: wiegand, port: /dev/a, input: 1'));
  assert.match(problem?.message ?? '', 'Use input 2');
  assert.match(problem?.messageFr ?? '', 'Prenez l’entrée 2');
});

table.run();

const built = suite('readers of a site');

built('each with its keypad; a keypad without one has none', () => {
  const site = siteOf(
    changed(
      KEYPAD,
      `${KEYPAD}\n  yard: { name: Yard, areas: [main], reader: { kind: wiegand, port: /dev/a, input: 2 } }`,
      PI_SITE,
    ),
  );
  assert.equal(site.keypads, ['entrance', 'yard']);
  assert.equal(site.portReaders, [{ keypad: 'yard', kind: 'wiegand', port: '/dev/a', input: 2 }]);
});

built('a badge that is enough where something is guarded, on a reader whose cards can be copied', () => {
  for (const kind of ['wiegand', 'rdm6300', 'pn532', 'keyboard'] as const) {
    const [finding] = copiableAlone(['doors', 'yard'], kind);
    assert.equal([finding?.severity, finding?.code, finding?.path], ['warning', 'badge-can-be-copied', ['doors', 'yard']]);
  }
});

built('a reader in a secure channel is none of them', () => {
  assert.equal(copiableAlone(['doors', 'yard'], 'osdp'), []);
});

built.run();
