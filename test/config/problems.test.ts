import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSite } from '../../src/config/load.ts';
import { SITE, changed, codesOf, problemsOf, tools } from './support.ts';

const restOf = (text: string, line: number, column: number): string => (text.split('\n')[line - 1] ?? '').slice(column - 1);

const table = suite('each fault is told once, where it is');

/** What is changed, into what, and the `severity code @ what stands at its place` that must come of it; none: fine. */
const ROWS: readonly (readonly [name: string, from: string, to: string, expected: readonly string[]])[] = [
  ['nothing changed', 'name: Test', 'name: Test', []],
  // the text itself
  ['a key twice', 'name: Hall', 'name: Hall, name: Hole', ['error duplicate-key @ name: Hole, ar']],
  [
    'a bracket left open',
    'areas: [main], place: outdoor }',
    'areas: [main, place: outdoor }',
    ['error yaml-syntax @ }', 'error yaml-syntax @ sounder: { rol'],
  ],
  // shapes
  ['an unknown key', 'type: follower', 'type: follower, debouce: 1s', ['error unknown-key @ debouce: 1s, i']],
  ['a missing key', 'number: 2, ', '', ['error missing @ hall: { name:']],
  ['a key without value', 'name: Hall', 'name:', ['error no-value @ name:, area: m']],
  ['a text for a number', 'number: 2', 'number: two', ['error wrong-type @ two, name: Hal']],
  ['a broken number', 'number: 2', 'number: 2.5', ['error wrong-type @ 2.5, name: Hal']],
  ['a number too large', 'number: 2', 'number: 1000', ['error out-of-range @ 1000, name: Ha']],
  ['a choice there is not', 'type: follower', 'type: folower', ['error not-one-of @ folower, input']],
  ['a role there is not', 'role: sounder', 'role: singer', ['error not-one-of @ singer, name:']],
  ['a list that is none', 'doors: [yard]', 'doors: yard', ['error wrong-type @ yard }']],
  ['an entry that is none', '{ name: Entrance, areas: [main] }', '12', ['error wrong-type @ 12']],
  ['an id in capitals', 'battery: {', 'Battery: {', ['error bad-id @ Battery: { num']],
  ['a version there is not', 'version: 1', 'version: one', ['error not-one-of @ one']],
  ['a newer version', 'version: 1', 'version: 2', ['error newer-version @ 2']],
  ['a version too old', 'version: 1', 'version: 0', ['error too-old-version @ 0']],
  ['a duration without unit', 'number: 2', 'number: 2, debounce: 20', ['error bad-duration @ 20, name: Hall']],
  ['a duration outside its limits', 'number: 2', 'number: 2, debounce: 2s', ['error out-of-range @ 2s, name: Hall']],
  ['a broker with a password', 'mqtts://broker', 'mqtts://me:secret@broker', ['error bad-broker @ mqtts://me:sec']],
  ['a code in the open', 'v1-00000000000000000000000000000001', '"2580"', ['error bad-digest @ "2580" }']],
  ['a date that never was', 'role: owner', 'role: owner, validFrom: 2027-02-29', ['error no-such-date @ 2027-02-29, co']],
  ['an hour that never was', '08:00-19:00', '08:00-24:30', ['error bad-hours @ 08:00-24:30 }']],
  ['no time at all', '08:00-19:00', '[08:00-08:00]', ['error empty-hours @ [08:00-08:00]']],
  ['a weekday that is none', 'mon-fri', 'lun-ven', ['error bad-id @ lun-ven: 08:00']],
  // limits
  ['entry at its limit', 'name: Main\n', 'name: Main\n    entryDelay: 45s\n    abort: 15s\n', []],
  ['entry too long', 'name: Main\n', 'name: Main\n    entryDelay: 46s\n', ['error out-of-range @ 46s']],
  ['exit too short', 'name: Main\n', 'name: Main\n    exitDelay: 44s\n', ['error out-of-range @ 44s']],
  ['exit too long', 'name: Main\n', 'name: Main\n    exitDelay: 256s\n', ['error out-of-range @ 256s']],
  ['abort too short', 'name: Main\n', 'name: Main\n    abort: 14s\n', ['error out-of-range @ 14s']],
  ['abort too long', 'name: Main\n', 'name: Main\n    abort: 46s\n', ['error out-of-range @ 46s']],
  ['siren too long', 'name: Main\n', 'name: Main\n    siren: 181s\n', ['error out-of-range @ 181s']],
  ['confirmation too short', 'name: Main\n', 'name: Main\n    confirmation: 29min\n', ['error out-of-range @ 29min']],
  ['confirmation too long', 'name: Main\n', 'name: Main\n    confirmation: 61min\n', ['error out-of-range @ 61min']],
  ['four siren cycles', 'name: Main\n', 'name: Main\n    sirenCycles: 4\n', ['error out-of-range @ 4']],
  ['eleven tries', 'schedules:', 'lockout: { tries: 11 }\nschedules:', ['error out-of-range @ 11 }']],
  ['a short lockout', 'schedules:', 'lockout: { lock: 60s }\nschedules:', ['error out-of-range @ 60s }']],
  [
    'entry and abort together',
    'name: Main\n',
    'name: Main\n    entryDelay: 40s\n',
    ['warning entry-and-abort-long @ entryDelay: 40'],
  ],
  ['entry without delay', 'name: Main\n', 'name: Main\n    entryDelay: 0s\n', ['warning entry-without-delay @ entryDelay: 0s']],
  // areas
  ['the reserved site', 'site: test', 'site: centre', ['error reserved-site @ centre']],
  ['an unknown time zone', 'name: Test', 'name: Test\ntimezone: Europe/Pariss', ['error unknown-timezone @ Europe/Pariss']],
  ['its own member', 'name: Main\n', 'name: Main\n    common: [main, main]\n', ['error common-itself @ [main, main]']],
  [
    'a single member',
    'name: Main\n',
    'name: Main\n    common: [mian]\n',
    ['error common-single @ [mian]', 'error unknown-area @ mian]'],
  ],
  ['no final door', 'name: Main\n', 'name: Main\n    exit: final-door\n', ['error exit-without-final @ final-door']],
  ['no button outside', 'name: Main\n', 'name: Main\n    exit: push-to-set\n', ['error exit-without-push-to-set @ push-to-set']],
  [
    'an empty area',
    'name: Main\n',
    'name: Main\n  void:\n    name: Void\n',
    ['warning area-without-keypad @ void:', 'error area-without-zones @ void:', 'warning no-siren @ void:'],
  ],
  ['nobody may arm', 'role: owner', 'role: delivery, hours: open', ['error area-without-people @ main:']],
  [
    'an unknown schedule to arm by',
    'name: Main\n',
    'name: Main\n    autoArm: { schedule: opne }\n',
    ['error unknown-schedule @ opne }'],
  ],
  [
    'nobody can say not normal',
    'name: Main\n',
    'name: Main\n    openingConfirm: 5min\n',
    ['warning not-normal-without-code @ openingConfirm'],
  ],
  [
    'not normal, and nobody asks',
    'role: owner',
    'role: owner, notNormal: v1-00000000000000000000000000000002',
    ['warning not-normal-unused @ notNormal: v1-'],
  ],
  // zones
  ['a number twice', 'number: 2', 'number: 1', ['error duplicate-number @ 1, name: Hall,']],
  ['a line twice', 'input: GPIO2', 'input: GPIO1', ['error duplicate-line @ GPIO1 }']],
  ['a line in and out', 'output: GPIO10', 'output: GPIO1', ['error duplicate-line @ GPIO1, areas:']],
  ['an unknown area', 'name: Hall, area: main', 'name: Hall, area: mian', ['error unknown-area @ mian, type: fo']],
  ['final on a wrong type', 'type: follower', 'type: follower, final: true', ['error attribute-without-sense @ final: true, i']],
  [
    'occupancy on a wrong type',
    'type: mains',
    'type: mains, occupancy: true',
    ['error attribute-without-sense @ occupancy: tru'],
  ],
  ['duty on a wrong type', 'type: mains', 'type: mains, duty: true', ['error attribute-without-sense @ duty: true, in']],
  [
    'a key switch that is none',
    'type: follower',
    'type: follower, keyswitch: {}',
    ['error attribute-without-sense @ keyswitch: {},'],
  ],
  [
    'an idle key switch',
    'type: mains,',
    'type: keyswitch, keyswitch: { arms: false },',
    ['warning backup-not-supervised @ zones:', 'error keyswitch-idle @ { arms: false'],
  ],
  [
    'a key switch that disarms',
    'type: mains,',
    'type: keyswitch, keyswitch: { disarms: true },',
    ['warning backup-not-supervised @ zones:', 'warning keyswitch-disarms @ disarms: true'],
  ],
  ['no way out', 'type: follower', 'type: follower, bypassable: false', ['warning no-way-out @ bypassable: fa']],
  ['no supervision of the backup', 'type: mains', 'type: instant', ['warning backup-not-supervised @ zones:']],
  [
    'measuring what is not technical',
    'type: follower',
    'type: follower, measure: { unit: C, atZero: 0, atFull: 9, low: 2, high: 8 }',
    ['error measure-not-technical @ measure: { uni'],
  ],
  [
    'limits crossed',
    'type: follower',
    'type: technical, measure: { unit: C, atZero: 0, atFull: 9, low: 8, high: 2 }',
    ['error limits-crossed @ 8, high: 2 },'],
  ],
  [
    'limits beyond the sensor',
    'type: follower',
    'type: technical, measure: { unit: C, atZero: 2, atFull: 9, low: 2, high: 8 }',
    ['error limits-beyond-sensor @ { unit: C, atZ'],
  ],
  [
    'a hysteresis too wide',
    'type: follower',
    'type: technical, measure: { unit: C, atZero: 0, atFull: 9, low: 2, high: 8, hysteresis: 3 }',
    ['error hysteresis-too-wide @ 3 }, input: GP'],
  ],
  [
    'loop states alike',
    'type: follower',
    'type: follower, loop: { kind: double, endOfLine: 4k7, alarm: 200, pullUp: 4k7 }',
    ['error loop-overlap @ { kind: double'],
  ],
  // doors
  [
    'an unknown contact',
    'contact: back',
    'contact: bakc',
    ['error zone-without-door @ back: { number', 'error unknown-zone @ bakc, latch: b'],
  ],
  [
    'a contact of a wrong type',
    'contact: back',
    'contact: hall',
    ['error zone-without-door @ back: { number', 'error contact-wrong-type @ hall, latch: b'],
  ],
  [
    'a latch of a wrong type',
    'latch: bolt',
    'latch: hall',
    ['error zone-without-door @ bolt: { number', 'error latch-wrong-type @ hall }'],
  ],
  [
    'one contact twice',
    'latch: bolt',
    'latch: back',
    ['error zone-without-door @ bolt: { number', 'error latch-wrong-type @ back }', 'error zone-in-two-places @ back }'],
  ],
  [
    'no latch',
    ', latch: bolt }',
    ' }',
    ['error zone-without-door @ bolt: { number', 'warning door-without-latch @ yard: { name:'],
  ],
  ['a warning too early', 'latch: bolt }', 'latch: bolt, warnBefore: 30s }', ['error warning-too-early @ 30s }']],
  [
    'no sounder',
    'doors: [yard]',
    'doors: []',
    ['warning door-without-sounder @ yard: { name:', 'error output-without-use @ [] }'],
  ],
  // outputs and keypads
  ['a siren that is held', 'place: outdoor', 'place: outdoor, onCrash: hold', ['error siren-held @ hold }']],
  ['an outdoor siren too long', 'place: outdoor', 'place: outdoor, maxOn: 4min', ['error outdoor-siren-too-long @ 4min }']],
  ['a siren cut short', 'place: outdoor', 'place: outdoor, maxOn: 60s', ['warning siren-cut-short @ main:']],
  [
    'a keypad for nothing',
    'Entrance, areas: [main]',
    'Entrance, areas: []',
    ['warning area-without-keypad @ main:', 'error keypad-without-areas @ [] }'],
  ],
  // people
  ['no code and no badge', ', code: v1-00000000000000000000000000000001', '', ['warning user-without-code @ ann: { name: A']],
  [
    'one code for two',
    'schedules:',
    '  bob: { name: Bob, role: staff, code: v1-00000000000000000000000000000001 }\nschedules:',
    ['error duplicate-code @ v1-00000000000'],
  ],
  [
    'validity crossed',
    'role: owner',
    'role: owner, validFrom: 2027-01-02, validUntil: 2027-01-01',
    ['error validity-crossed @ 2027-01-01, co'],
  ],
  [
    'no area for her',
    'role: owner',
    'role: owner, areas: []',
    ['error area-without-people @ main:', 'error user-without-areas @ [], code: v1-0'],
  ],
  ['unknown hours', 'role: owner', 'role: owner, hours: shut', ['error unknown-schedule @ shut, code: v1']],
  [
    'deliveries at any time',
    'schedules:',
    '  van: { name: Van, role: delivery, badges: [v1-00000000000000000000000000000003] }\nschedules:',
    ['warning delivery-without-hours @ van: { name: V'],
  ],
  // schedules
  ['a day twice', 'mon-fri: 08:00-19:00', 'mon-fri: 08:00-19:00, wed: closed', ['error day-twice @ wed: closed }']],
  ['an empty schedule', '{ weekly: { mon-fri: 08:00-19:00 } }', '{}', ['warning schedule-empty @ open: {}']],
  ['outside itself', '{ weekly: { mon-fri: 08:00-19:00 } }', '{ outside: open }', ['error outside-chain @ open }']],
  [
    'a closure crossed',
    '{ mon-fri: 08:00-19:00 }',
    '{}, closures: [{ from: 2027-02-02, to: 2027-02-01 }]',
    ['error closure-crossed @ 2027-02-01 }]'],
  ],
  [
    'a closure too long',
    '{ mon-fri: 08:00-19:00 }',
    '{}, closures: [{ from: 2027-02-02, to: 2029-02-01 }]',
    ['error closure-too-long @ 2029-02-01 }]'],
  ],
  // the path to the centre
  ['in clear', 'mqtts://broker', 'mqtt://broker', ['warning mqtt-in-clear @ broker: mqtt:/']],
  ['in clear on this machine', 'mqtts://broker.example.org', 'mqtt://127.0.0.1:1883', []],
  [
    'half a certificate',
    'broker.example.org',
    'broker.example.org, tls: { cert: a.pem }',
    ['error half-certificate @ { cert: a.pem'],
  ],
  ['certificates in clear', 'mqtts://broker.example.org', 'mqtt://localhost, tls: {}', ['error tls-unused @ {} }']],
  ['a password for nobody', 'broker.example.org', 'broker.example.org, passwordFile: p', ['error password-without-user @ p }']],
  ['nobody hears it', 'mqtt: { broker: mqtts://broker.example.org }\n', '', ['warning not-monitored @ version: 1']],
];

for (const [name, from, to, expected] of ROWS) {
  table(name, () => {
    const text = changed(from, to);
    const found = problemsOf(text).map(
      ({ severity, code, line, column }) => `${severity} ${code} @ ${restOf(text, line, column)}`,
    );
    assert.is(found.length, expected.length, found.join('\n'));
    for (const [index, start] of expected.entries()) assert.ok(found[index]?.startsWith(start), `${start}\n${found.join('\n')}`);
  });
}
table.run();

const together = suite('all problems at once');

together('a fault in one setting hides none in the same entry, nor in another', () => {
  const text = changed(
    'number: 2, name: Hall, area: main',
    'number: 1, name: 7, area: nowhere',
    changed('site: test', 'site: centre'),
  );
  assert.equal(codesOf(text), ['reserved-site', 'duplicate-number', 'bad-text', 'unknown-area']);
});

together('they come in the order of the text, errors and warnings together', () => {
  const text = changed('mqtt: { broker: mqtts://broker.example.org }\n', '', changed('role: owner', 'role: boss'));
  const problems = problemsOf(text);
  assert.equal(
    problems.map(({ code }) => code),
    ['not-monitored', 'not-one-of'],
  );
  assert.ok(problems.every(({ line }, index) => index === 0 || line >= (problems[index - 1]?.line ?? 0)));
});

together('warnings alone let the site through', () => {
  const result = loadSite(changed('type: mains', 'type: instant'), tools);
  assert.ok(result.ok);
  assert.equal(result.ok && result.warnings.map(({ severity }) => severity), ['warning']);
});

together('a path tells the setting', () => {
  assert.equal(problemsOf(changed('number: 2', 'number: 2, debounce: 2s'))[0]?.path, 'zones.hall.debounce');
});
together.run();

const words = suite('the sentences');

const sentence = (from: string, to: string): string => problemsOf(changed(from, to))[0]?.message ?? '';

words('a misspelt key is told what was meant', () => {
  assert.match(sentence('type: follower', 'type: follower, debouce: 1s'), 'Did you mean `debounce`?');
  assert.match(sentence('name: Main\n', 'name: Main\n    entry_delay: 30s\n'), 'Did you mean `entryDelay`?');
});

words('a key that nobody can guess is told what there is', () => {
  assert.match(sentence('doors: [yard]', 'doors: [yard], zzz: 1'), /Known: role, doors, name/);
});

words('a misspelt reference is told what was meant', () => {
  assert.match(sentence('name: Hall, area: main', 'name: Hall, area: mian'), 'Did you mean `main`?');
});

words('limits are written as people write them', () => {
  assert.match(sentence('name: Main\n', 'name: Main\n    exitDelay: 300s\n'), 'from 45s to 4min15s');
});

words('what may be a secret is never repeated', () => {
  for (const [from, to] of [
    ['v1-00000000000000000000000000000001', '"2580"'],
    ['mqtts://broker', 'mqtts://me:2580@broker'],
    ['a-salt-for-tests', 'salt 2580'],
  ] as const) {
    const problems = problemsOf(changed(from, to));
    assert.is(problems.length, 1);
    assert.not.match(JSON.stringify(problems), '2580');
  }
});

words('each is there in French and in English, and says what to do', () => {
  for (const [, from, to] of ROWS) {
    for (const { message, messageFr, code } of problemsOf(changed(from, to))) {
      assert.match(message, /^.{20,260}[.?]$/u, code);
      assert.match(messageFr, /^.{20,260}[.?]$/u, code);
      assert.is.not(message, messageFr);
    }
  }
});
words.run();

const odd = suite('texts that are no site');

for (const [name, text, code] of [
  ['nothing', '', 'empty'],
  ['a comment', '# nothing', 'empty'],
  ['a word', 'hello', 'wrong-type'],
  ['a list', '- 1\n- 2', 'wrong-type'],
  ['two documents', `${SITE}---\n${SITE}`, 'yaml-syntax'],
  ['deep brackets', '['.repeat(5_000), 'too-deep'],
  ['deep indents', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'too-deep'],
  ['a long text', `# ${'x'.repeat(500_001)}`, 'too-large'],
  ['an alias in its own anchor', 'a: &x\n  b: *x', 'unknown-key'],
  ['an alias of nothing', 'a: *x', 'bad-alias'],
  ['a key that is a list', '? [a]\n: b', 'bad-key'],
  ['a key that reaches prototypes', '__proto__: { a: 1 }', 'bad-key'],
  ['a tag of a language', '!!js/function "x"', 'yaml-syntax'],
  ['binary', '\u0000\u0001\u0002', 'wrong-type'],
] as const) {
  odd(name, () => {
    const result = loadSite(text, tools);
    assert.not(result.ok);
    assert.ok(codesOf(text).includes(code), codesOf(text).join());
  });
}
odd.run();
