/** Door stations of a site's file: what is taken, what their lines mean, and what is refused. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSite } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';
import { PI_SITE, SITE, changed as changedIn, siteOf, tools } from './support.ts';

const STATIONS = `stations:
  front:
    kind: 2n
    url: https://192.168.1.20
    username: vigie
    passwordFile: /etc/vigie/front.password
    certificate: /etc/vigie/front.pem
  court: { kind: doorbird, url: "https://192.168.1.21/", username: ghaabc0001, passwordFile: /etc/vigie/court.password }
areas:
`;
const ZONES = `zones:
  bell: { number: 11, name: Bell, area: main, type: technical, input: front.ring, faultWhenArmed: report }
  opener: { number: 12, name: Opener, area: main, type: technical, input: front.open, faultWhenArmed: report }
  cover: { number: 13, name: Cover, area: main, type: tamper, input: front.tamper }
  yard-bell: { number: 14, name: Yard bell, area: main, type: technical, input: court.ring, faultWhenArmed: report }
`;
const withStations = (site: string): string => changedIn('zones:\n', ZONES, changedIn('areas:\n', STATIONS, site));
const WHOLE = withStations(PI_SITE);
const changed = (from: string, to: string, site = WHOLE): string => changedIn(from, to, site);

const problemsOf = (text: string): readonly Problem[] => {
  const result = loadSite(text, tools);
  return result.ok ? result.warnings : result.problems;
};
const restOf = (text: string, { line, column }: Problem): string => (text.split('\n')[line - 1] ?? '').slice(column - 1);
const told = (text: string): readonly string[] =>
  problemsOf(text).map((problem) => `${problem.severity} ${problem.code} @ ${restOf(text, problem).slice(0, 24)}`);

type Row = readonly [name: string, from: string, to: string, expected: readonly string[]];

const URL = 'url: https://192.168.1.20';
const RING = 'input: front.ring';
const PEM = '    certificate: /etc/vigie/front.pem\n';

const SETTINGS: readonly Row[] = [
  ['nothing changed', RING, RING, []],
  ['a kind there is not', 'kind: 2n', 'kind: comelit', ['error not-one-of @ comelit']],
  ['no kind', '    kind: 2n\n', '', ['error missing @ front:']],
  ['no address', `    ${URL}\n`, '', ['error missing @ front:']],
  ['a password in the address', URL, 'url: https://me:secret@192.168.1.20', ['error bad-station-url @ https://me:secret@192.16']],
  ['a page in the address', URL, 'url: https://192.168.1.20/api', ['error bad-station-url @ https://192.168.1.20/api']],
  ['another way to it', URL, 'url: ftp://192.168.1.20', ['error bad-station-url @ ftp://192.168.1.20']],
  ['a port', URL, 'url: https://station.local:8443', []],
  ['an address of IPv6', URL, 'url: "https://[fd00::20]"', []],
  ['a port there is not', URL, 'url: https://192.168.1.20:65536', ['error no-such-port @ https://192.168.1.20:655']],
  ['port 0', URL, 'url: https://192.168.1.20:0', ['error no-such-port @ https://192.168.1.20:0']],
  ['http, with a certificate', URL, 'url: http://192.168.1.20', ['error certificate-without-https @ certificate: /etc/vigie/']],
  [
    'http',
    'url: "https://192.168.1.21/"',
    'url: "http://192.168.1.21"',
    ['warning station-not-encrypted @ url: "http://192.168.1.2'],
  ],
  ['no certificate', PEM, '', []],
  ['a user with an accent', 'username: vigie', 'username: éva', ['error bad-login @ éva']],
  ['a user with a colon', 'username: vigie', 'username: "a:b"', ['error bad-login @ "a:b"']],
  ['no password file', '    passwordFile: /etc/vigie/front.password\n', '', ['error missing @ front:']],
  ['a switch there is not', PEM, `${PEM}    switch: 5\n`, ['error out-of-range @ 5']],
  ['a switch', PEM, `${PEM}    switch: 4\n`, []],
  ['keys', PEM, `${PEM}    keys: ["%1", "%12", "#"]\n`, []],
  ['a key of no kind', PEM, `${PEM}    keys: ["1%"]\n`, ['error bad-call-key @ "1%"]']],
  ['no keys at all', PEM, `${PEM}    keys: []\n`, ['error list-length @ []']],
  ['what works the switch', PEM, `${PEM}    openedBy: [dtmf, untold]\n`, []],
  ['what is no originator', PEM, `${PEM}    openedBy: [phone]\n`, ['error not-one-of @ phone]']],
  ['a switch of a DoorBird', 'kind: doorbird', 'kind: doorbird, switch: 1', ['error unknown-key @ switch: 1, url: "https:/']],
  [
    'two at one address',
    '"https://192.168.1.21/"',
    'https://192.168.1.20',
    ['error duplicate-station @ https://192.168.1.20, us'],
  ],
  [
    'named as an expander',
    '  court: {',
    '  cellar: {',
    ['error station-named-as-expander @ cellar: { kind: doorbird', 'error unknown-expander @ court.ring, faultWhenArm'],
  ],
];

const LINES: readonly Row[] = [
  ['what a 2N does not tell', RING, 'input: front.motion', ['error unknown-line @ front.motion, faultWhenA']],
  ['another bell', RING, 'input: front.ring2', ['error unknown-line @ front.ring2, faultWhenAr']],
  [
    'a DoorBird does not tell that its door is opened',
    'input: court.ring',
    'input: court.open',
    ['error station-does-not-tell @ court.open, faultWhenArm'],
  ],
  ['a station there is not', RING, 'input: rear.ring', ['error unknown-expander @ rear.ring, faultWhenArme']],
  ['one line twice', RING, 'input: front.open', ['error duplicate-line @ front.open, faultWhenArm']],
  [
    'an output',
    'output: GPIO10',
    'output: front.open',
    ['error line-not-an-output @ front.open, areas: [main', 'error duplicate-line @ front.open, areas: [main'],
  ],
  ['a pull', RING, `${RING}, bias: pull-up`, ['error told-without-bias @ pull-up, faultWhenArmed:']],
  [
    'a loop',
    'type: tamper, input: front.tamper',
    'type: tamper, input: front.tamper, loop: { kind: single, endOfLine: 4k7, pullUp: 4k7 }',
    ['error line-not-analog @ front.tamper, loop: { ki'],
  ],
  [
    'a siren by a network that fails',
    `${RING}, faultWhenArmed: report`,
    RING,
    ['warning network-fault-alarms @ bell: { number: 11, name'],
  ],
  [
    'a kind that cannot be read takes every line with it, not one more fault',
    'kind: doorbird',
    'kind: 7',
    ['error not-one-of @ 7, url: "https://192.168'],
  ],
];

for (const [title, rows] of [
  ['door stations: settings', SETTINGS],
  ['door stations: lines', LINES],
] as const) {
  const table = suite(title);
  for (const [name, from, to, expected] of rows) {
    table(name, () => assert.equal([...told(changed(from, to))].toSorted(), [...expected].toSorted()));
  }
  table.run();
}

const built = suite('door stations: what is built');

built('each station with its lines in use, and its defaults', () => {
  assert.equal(siteOf(WHOLE).stations, [
    {
      kind: '2n',
      id: 'front',
      lines: ['front.ring', 'front.open', 'front.tamper'],
      url: 'https://192.168.1.20',
      username: 'vigie',
      passwordFile: '/etc/vigie/front.password',
      certificate: '/etc/vigie/front.pem',
      ringOn: 'key',
      keys: undefined,
      switch: 1,
      openedBy: ['dtmf', 'idt'],
    },
    {
      kind: 'doorbird',
      id: 'court',
      lines: ['court.ring'],
      url: 'https://192.168.1.21',
      username: 'ghaabc0001',
      passwordFile: '/etc/vigie/court.password',
      certificate: undefined,
    },
  ]);
});

built('a line of a station is active while it is 1, whatever a contact there would be', () => {
  for (const text of [WHOLE, changed(RING, `${RING}, contact: normally-open`)]) {
    const site = siteOf(text);
    const zones = site.core.zones.filter(({ line }) => /^(front|court)\./.test(line));
    assert.is(zones.length, 4);
    for (const { sensing } of zones) assert.equal(sensing, { kind: 'digital', activeLevel: 1 });
  }
});

built('on a simulated board as well', () => {
  const site = siteOf(withStations(SITE));
  assert.equal(site.board, { driver: 'sim' });
  assert.is(site.stations.length, 2);
});

built('a station that nothing listens to is warned of', () => {
  const without = changed(
    '  yard-bell: { number: 14, name: Yard bell, area: main, type: technical, input: court.ring, faultWhenArmed: report }\n',
    '',
  );
  assert.equal(told(without), ['warning station-unused @ court: { kind: doorbird,']);
});

built('no problem repeats what may be a password', () => {
  for (const { message, messageFr } of problemsOf(changed(URL, 'url: https://me:secret@192.168.1.20')))
    assert.not(`${message}${messageFr}`.includes('secret'));
});
built.run();
