/** Doors that lock: what is refused and where, what is remarked on, and what holds where nothing is written. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOCK_KINDS } from '../../src/config/doorShapes.ts';
import { DEMO_OPERATOR } from '../../src/config/demo.ts';
import type { DoorConfig, OutputConfig } from '../../src/core/config.ts';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { DOOR_SITE, changed, codesOf, problemsOf, siteOf } from './support.ts';

const restOf = (text: string, line: number, column: number): string => (text.split('\n')[line - 1] ?? '').slice(column - 1);

/** Each piece of the text is changed into another, one after the other. */
type Change = readonly [from: string, to: string];
const after = (changes: readonly Change[]): string => changes.reduce((text, [from, to]) => changed(from, to, text), DOOR_SITE);

const FRONT = 'lock: { kind: strike-fail-secure }\n    egress: handle';
const frontLock = (lock: string, egress = 'handle'): Change => [FRONT, `lock: { ${lock} }\n    egress: ${egress}`];
const HATCH_LOCK = 'lock: { kind: strike-latching }';
const MOTOR = 'lock: { kind: motor, bolt: stock-bolt }';
const DRUGS = 'access: { entry: [cupboard] }';
const SHOP = 'access: { entry: [forecourt], freeAccess: { schedule: open } }';
const STREET = 'access: { entry: [street] }';
const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** What is changed, and the `severity code @ what stands at its place` that must come of it; none: fine. */
const ROWS: readonly (readonly [name: string, changes: readonly Change[], expected: readonly string[]])[] = [
  ['nothing changed', [], []],
  // the way out
  ['a lock and no way out', [[FRONT, 'lock: { kind: strike-fail-secure }']], ['error egress-not-declared @ front:']],
  ['a faulty lock and no way out', [[FRONT, 'lock: 5']], ['error egress-not-declared @ front:', 'error wrong-type @ 5']],
  ['a cupboard declares a way out', [[DRUGS, `${DRUGS}\n    egress: handle`]], []],
  [
    'a store room that a badge alone opens, at a reader whose cards can be copied',
    [
      [
        'stock: { name: Stock, areas: [main] }',
        'stock: { name: Stock, areas: [main], reader: { kind: rdm6300, port: /dev/serial/by-id/a } }',
      ],
    ],
    ['warning badge-can-be-copied @ access: { entry:'],
  ],
  [
    'the same with badge and code',
    [
      [
        'stock: { name: Stock, areas: [main] }',
        'stock: { name: Stock, areas: [main], reader: { kind: rdm6300, port: /dev/serial/by-id/a } }',
      ],
      ['access: { entry: [stock], persons: 2 }', 'access: { entry: [stock], credential: both }'],
    ],
    [],
  ],
  ['no way out of a store room', [[`${MOTOR}\n    egress: handle`, MOTOR]], ['error egress-not-declared @ stock:']],
  ['a handle and a maglock', [['egress: hardware-release', 'egress: handle']], ['error handle-frees-no-maglock @ handle']],
  ['a handle and a fail-safe strike', [frontLock('kind: strike-fail-safe')], []],
  [
    'a fail-secure strike whose supply is cut',
    [frontLock('kind: strike-fail-secure', 'hardware-release')],
    ['error release-keeps-locked @ hardware-release'],
  ],
  [
    'a motor whose supply is cut',
    [[`${MOTOR}\n    egress: handle`, `${MOTOR}\n    egress: hardware-release`]],
    ['error release-keeps-locked @ hardware-release'],
  ],
  [
    'a green box that nothing senses',
    [['\n    greenBox: box', '']],
    ['error zone-without-door @ box: { number', 'warning no-green-box @ egress: hardware'],
  ],
  [
    'a handle beside a button, and nothing that senses it',
    [['\n    permits: [handle]', '']],
    ['error zone-without-door @ handle: { numb', 'warning handle-not-sensed @ egress: handle'],
  ],
  [
    'a handle that is itself the request',
    [
      ['exitRequest: { zone: way-out }\n    permits: [handle]', 'exitRequest: { zone: way-out, action: permit }'],
      ['type: door-permit', 'type: instant'],
    ],
    [],
  ],
  // kinds of lock
  ['a kind there is not', [frontLock('kind: strike')], ['error not-one-of @ strike }']],
  ['a release of a second', [frontLock('kind: strike-fail-secure, release: 1s')], []],
  ['a release too short', [frontLock('kind: strike-fail-secure, release: 900ms')], ['error out-of-range @ 900ms }']],
  ['a release too long', [frontLock('kind: strike-fail-safe, release: 61s')], ['error out-of-range @ 61s }']],
  ['a coil released for all it bears', [frontLock('kind: strike-fail-secure, release: 10s')], []],
  ['a coil released for longer', [frontLock('kind: strike-fail-secure, release: 11s')], ['error release-beyond-duty @ 11s }']],
  [
    'a coil released for longer with the extension',
    [frontLock('kind: strike-fail-secure, release: 6s, extended: 5s')],
    ['error release-beyond-duty @ 5s }'],
  ],
  [
    'a coil released for longer than its output says',
    [['door: front }', 'door: front, maxOn: 4s }']],
    ['error release-beyond-duty @ lock: { kind:'],
  ],
  ['a coil for 100 % duty', [frontLock('kind: strike-fail-secure, continuous: true, release: 60s')], []],
  [
    'a maglock for 100 % duty',
    [['lock: { kind: maglock }', 'lock: { kind: maglock, continuous: true }']],
    ['error attribute-without-sense @ continuous: t'],
  ],
  ['a drive that is none', [frontLock('kind: strike-fail-secure, drive: 1s')], ['error attribute-without-sense @ drive: 1s }']],
  ['a pulse of two seconds', [[HATCH_LOCK, 'lock: { kind: strike-latching, drive: 2s }']], []],
  ['a pulse too long', [[HATCH_LOCK, 'lock: { kind: strike-latching, drive: 3s }']], ['error drive-beyond-limit @ 3s }']],
  ['a motor that runs on', [[MOTOR, 'lock: { kind: motor, bolt: stock-bolt, drive: 16s }']], ['error out-of-range @ 16s }']],
  [
    'a motor without feedback',
    [[MOTOR, 'lock: { kind: motor }']],
    ['error zone-without-door @ stock-bolt: {', 'error motor-without-bolt @ lock: { kind:'],
  ],
  [
    'a motor that bolts an open leaf',
    [[MOTOR, 'lock: { kind: motor, bolt: stock-bolt, relockOn: open }']],
    ['error motor-relocks-open @ open }'],
  ],
  // outputs
  [
    'a lock without output',
    [['  drugs-lock: { role: lock, name: Drugs lock, output: GPIO27, door: drugs }\n', '']],
    ['error lock-without-output @ lock: { kind:'],
  ],
  [
    'a lock whose output cannot be read',
    [['name: Drugs lock, output: GPIO27, door: drugs', 'name: Drugs lock, output: GPIO27, door: [drugs]']],
    ['error bad-id @ [drugs] }'],
  ],
  [
    'an output without lock',
    [[`    ${HATCH_LOCK}\n    egress: handle\n    requests: [hatch-button]`, '    permits: []']],
    ['error zone-without-door @ hatch-button:', 'error lock-output-without-lock @ hatch }'],
  ],
  [
    'an output of no door',
    [['door: drugs }', 'door: drug }']],
    ['error lock-without-output @ lock: { kind:', 'error unknown-door @ drug }'],
  ],
  [
    'two outputs for a strike',
    [['drive: close }', 'drive: close }\n  second: { role: lock, name: Second, output: GPIO30, door: front }']],
    ['error two-lock-outputs @ front }'],
  ],
  ['two outputs that open a motor', [['drive: close }', 'drive: open }']], ['error two-lock-outputs @ stock, drive']],
  [
    'a motor that nothing opens',
    [['  motor-open: { role: lock, name: Motor opens, output: GPIO25, door: stock, drive: open }\n', '']],
    ['error motor-never-opens @ close }'],
  ],
  [
    'a motor that closes by itself',
    [['  motor-close: { role: lock, name: Motor closes, output: GPIO26, door: stock, drive: close }\n', '']],
    [],
  ],
  ['a motor that turns neither way', [[', drive: close }', ' }']], ['error motor-without-drive @ motor-close: {']],
  ['a strike that turns', [['door: front }', 'door: front, drive: open }']], ['error attribute-without-sense @ drive: open }']],
  ['a strike that is held', [['door: front }', 'door: front, onCrash: hold }']], ['error lock-held @ hold }']],
  ['a motor that is held', [['drive: close }', 'drive: close, onCrash: hold }']], ['error lock-held @ hold }']],
  ['a coil that is on for less', [['door: drugs }', 'door: drugs, maxOn: 6s }']], []],
  ['a coil that is on for longer', [['door: front }', 'door: front, maxOn: 11s }']], ['error beyond-duty @ 11s }']],
  ['a pulse that may be longer', [['door: hatch }', 'door: hatch, maxOn: 3s }']], ['error beyond-duty @ 3s }']],
  ['a maglock with a limit', [['onCrash: hold }', 'onCrash: hold, maxOn: 60s }']], ['error limit-unlocks @ maxOn: 60s }']],
  [
    '100 % duty and a limit',
    [frontLock('kind: strike-fail-secure, continuous: true'), ['door: front }', 'door: front, maxOn: 10s }']],
    ['error limit-and-continuous @ maxOn: 10s }'],
  ],
  ['a coil that rests too long', [['door: front }', 'door: front, minOff: 5s }']], ['warning rest-too-long @ minOff: 5s }']],
  // zones of a door
  [
    'an exit request of a wrong type',
    [['exitRequest: { zone: way-out }', 'exitRequest: { zone: mains }']],
    ['error zone-without-door @ way-out: { nu', 'error input-wrong-type @ mains }'],
  ],
  ['a permit there is not', [['permits: [handle]', 'permits: [handle, handel]']], ['error unknown-zone @ handel]']],
  ['a bell that asks for the door', [['requests: [phone]', 'requests: [phone, ring]']], ['error input-wrong-type @ ring]']],
  ['a bell for two doors', [['requests: [hatch-button]', 'requests: [hatch-button]\n    bells: [ring]']], []],
  ['a green box for two doors', [['bells: [ring]', 'bells: [ring]\n    greenBox: box']], []],
  [
    'a button for two doors',
    [['requests: [hatch-button]', 'requests: [hatch-button, phone]']],
    ['error zone-in-two-places @ phone]'],
  ],
  [
    'a bolt for two locks',
    [[HATCH_LOCK, 'lock: { kind: strike-latching, bolt: stock-bolt }']],
    ['error zone-in-two-places @ stock-bolt }'],
  ],
  [
    'a button of another area',
    [
      ['  main: { name: Main }', '  main: { name: Main }\n  other: { name: Other }'],
      ['name: Interphone, area: main', 'name: Interphone, area: other'],
      ['areas: [main], place: outdoor', 'areas: [main, other], place: outdoor'],
      ['entrance: { name: Entrance, areas: [main] }', 'entrance: { name: Entrance, areas: [main, other] }'],
    ],
    ['error zone-in-other-area @ phone]'],
  ],
  ['a button of no door', [['requests: [phone]', 'requests: []']], ['error zone-without-door @ phone: { numb']],
  ['a button of a door that cannot be read', [['requests: [phone]', 'requests: phone']], ['error wrong-type @ phone']],
  // readers
  ['a reader there is not', [[STREET, 'access: { entry: [stret] }']], ['error unknown-keypad @ stret] }']],
  ['one reader for two doors', [[SHOP, 'access: { entry: [street] }']], ['error reader-in-two-places @ street] }']],
  [
    'one reader for both ways',
    [[STREET, 'access: { entry: [street], exit: [street] }']],
    ['error exit-reader-outside @ street] }', 'error reader-in-two-places @ street] }'],
  ],
  ['a reader inside to go out by', [[STREET, 'access: { entry: [street], exit: [entrance] }']], []],
  [
    'a reader of another area',
    [
      ['  main: { name: Main }', '  main: { name: Main }\n  other: { name: Other }'],
      ['name: Mains, area: main', 'name: Mains, area: other'],
      ['areas: [main], place: outdoor', 'areas: [main, other], place: outdoor'],
      ['street: { name: Street, areas: [main]', 'street: { name: Street, areas: [other]'],
    ],
    ['error reader-in-other-area @ street] }'],
  ],
  ['access by nothing', [[STREET, 'access: {}']], ['error access-without-reader @ access: {}']],
  [
    'access and no lock',
    [
      [`    ${FRONT}\n`, ''],
      ['  front-strike: { role: lock, name: Front strike, output: GPIO22, door: front }\n', ''],
    ],
    [
      'error opener-without-lock @ access: { ent',
      'error opener-without-lock @ exitRequest:',
      'error opener-without-lock @ requests: [ph',
      'error opener-without-lock @ remote: true',
    ],
  ],
  [
    'a lock that nothing opens',
    [[`${MOTOR}\n    egress: handle\n    access: { entry: [stock], persons: 2 }`, `${MOTOR}\n    egress: handle`]],
    ['warning lock-without-opener @ lock: { kind:'],
  ],
  // people
  ['three people', [['persons: 2', 'persons: 3']], ['error not-one-of @ 3 }']],
  ['a second person there is not', [['role: staff', 'role: staff, doors: []']], ['warning second-person-missing @ persons: 2 }']],
  ['nobody has a badge', [['persons: 2', 'credential: badge']], []],
  ['nobody has both', [[', badges: [v1-00000000000000000000000000000011]', '']], ['warning door-without-people @ access: { ent']],
  [
    'a door there is not for her',
    [['role: owner', 'role: owner, doors: [frnt, drugs]']],
    ['warning second-person-missing @ persons: 2 }', 'error unknown-door @ frnt, drugs]'],
  ],
  [
    'watching who goes in twice, without an exit reader',
    [[STREET, 'access: { entry: [street], antiPassback: 8h }']],
    ['warning passback-without-exit @ antiPassback:'],
  ],
  ['watching who goes in twice', [[STREET, 'access: { entry: [street], exit: [entrance], antiPassback: 8h }']], []],
  // free access
  ['free access by an unknown schedule', [['schedule: open', 'schedule: opne']], ['error unknown-schedule @ opne } }']],
  [
    'free access by a coil for 10 s',
    [[STREET, 'access: { freeAccess: { schedule: open } }']],
    ['error free-access-burns-coil @ freeAccess: {'],
  ],
  [
    'free access by a coil for 100 % duty',
    [frontLock('kind: strike-fail-secure, continuous: true'), [STREET, 'access: { freeAccess: { schedule: open } }']],
    [],
  ],
  [
    'free access by pulses',
    [frontLock('kind: strike-latching'), [STREET, 'access: { freeAccess: { schedule: open } }']],
    ['error free-access-latching @ freeAccess: {'],
  ],
  [
    'free access to drugs',
    [[DRUGS, 'access: { entry: [cupboard], freeAccess: { schedule: open } }']],
    ['error free-access-kept @ freeAccess: {'],
  ],
  [
    'free access in a sas',
    [
      ['greenBox: box', 'greenBox: box\n    interlock: sas'],
      ['remote: true', 'remote: true\n    interlock: sas'],
    ],
    ['error free-access-interlocked @ freeAccess: {'],
  ],
  // cupboards, safes, the hatch
  [
    'drugs by a badge alone',
    [[DRUGS, 'access: { entry: [cupboard], credential: badge }']],
    ['error needs-badge-and-code @ badge }'],
  ],
  ['drugs by either', [[DRUGS, 'access: { entry: [cupboard], credential: either }']], ['error needs-badge-and-code @ either }']],
  [
    'drugs that are no cupboard, by a code',
    [
      ['kind: cupboard', 'egress: handle'],
      [DRUGS, 'access: { entry: [cupboard], credential: code }'],
    ],
    ['error needs-badge-and-code @ code }'],
  ],
  [
    'drugs by a button',
    [
      [DRUGS, `${DRUGS}\n    requests: [phone]`],
      ['requests: [phone]\n    bells', 'bells'],
    ],
    ['error needs-badge-and-code @ requests: [ph'],
  ],
  ['drugs from afar', [[DRUGS, `${DRUGS}\n    remote: true`]], ['error never-from-afar @ true']],
  ['a safe from afar', [['kind: cupboard', 'kind: safe\n    remote: true']], ['error never-from-afar @ true']],
  ['drugs at another keypad', [[DRUGS, 'access: { entry: [entrance] }']], ['error access-keypad-differs @ [entrance] }']],
  ['drugs that no keypad keeps quiet', [[', accessKeypad: cupboard', '']], ['error access-keypad-differs @ [cupboard] }']],
  ['drugs at an unreadable keypad', [['accessKeypad: cupboard', 'accessKeypad: Cupboard']], ['error bad-id @ Cupboard }']],
  [
    'a hatch with a reader',
    [['requests: [hatch-button]', 'requests: [hatch-button]\n    access: { entry: [entrance] }']],
    ['error hatch-by-button-only @ access: { ent'],
  ],
  [
    'a hatch from afar',
    [['requests: [hatch-button]', 'requests: [hatch-button]\n    remote: true']],
    ['error hatch-by-button-only @ remote: true', 'warning remote-without-operator @ remote: true'],
  ],
  [
    'a hatch without its button',
    [['\n    requests: [hatch-button]', '']],
    [
      'error zone-without-door @ hatch-button:',
      'error hatch-without-button @ hatch:',
      'warning lock-without-opener @ lock: { kind:',
    ],
  ],
  // the sas
  ['a sas of one door', [['remote: true', 'remote: true\n    interlock: sas']], ['error interlock-single @ sas']],
  [
    'a sas of two',
    [
      ['access: { entry: [stock], persons: 2 }', 'access: { entry: [stock], persons: 2 }\n    interlock: sas'],
      ['remote: true', 'remote: true\n    interlock: sas'],
    ],
    [],
  ],
  [
    'a sas of two names',
    [
      ['access: { entry: [stock], persons: 2 }', 'access: { entry: [stock], persons: 2 }\n    interlock: sas-2'],
      ['remote: true', 'remote: true\n    interlock: sas'],
    ],
    ['error interlock-single @ sas', 'error interlock-single @ sas-2'],
  ],
  // operators
  [
    'a remote door for nobody',
    [['doors: [front] }', 'doors: [] }']],
    ['warning remote-without-operator @ remote: true', 'error operator-without-doors @ [] }'],
  ],
  ['a remote door that is none', [['doors: [front] }', 'doors: [front, shop] }']], ['error door-not-remote @ shop] }']],
  ['a remote door there is not', [['doors: [front] }', 'doors: [front, shp] }']], ['error unknown-door @ shp] }']],
  ['unknown hours', [['doors: [front] }', 'doors: [front], hours: shut }']], ['error unknown-schedule @ shut }']],
  ['no unlock at all', [['doors: [front] }', 'doors: [front], perHour: 0 }']], ['error out-of-range @ 0 }']],
  ['a short key', [[KEY, KEY.slice(2)]], ['error bad-public-key @ 112233445566']],
  ['a key of 33 bytes', [[KEY, 'A'.repeat(44)]], ['error bad-public-key @ AAAAAAAAAAAA']],
  ['bits over at the end of a key', [[KEY, `${'A'.repeat(42)}B=`]], ['error bad-public-key @ AAAAAAAAAAAA']],
  [
    'one key for two, in two writings',
    [
      [
        'doors: [front] }',
        'doors: [front] }\n  night: { name: Night, publicKey: ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=, doors: [front] }',
      ],
    ],
    ['error duplicate-key-of-operator @ ABEiM0RVZneI'],
  ],
  ['the key of the documentation', [[KEY, DEMO_OPERATOR.publicKey]], ['warning demo-key @ publicKey: 36']],
];

const table = suite('each fault of a door is told once, where it is');

for (const [name, changes, expected] of ROWS) {
  table(name, () => {
    const text = after(changes);
    const found = problemsOf(text).map(
      ({ severity, code, line, column }) => `${severity} ${code} @ ${restOf(text, line, column)}`,
    );
    assert.is(found.length, expected.length, found.join('\n'));
    for (const [index, start] of expected.entries()) assert.ok(found[index]?.startsWith(start), `${start}\n${found.join('\n')}`);
  });
}

table('each sentence is there in French and in English, and says what to do', () => {
  for (const [, changes] of ROWS) {
    for (const { message, messageFr, code } of problemsOf(after(changes))) {
      assert.match(message, /^.{20,260}[.?]$/u, code);
      assert.match(messageFr, /^.{20,260}[.?]$/u, code);
      assert.is.not(message, messageFr);
    }
  }
});

table('a key that cannot be read is never repeated: it may be the private one', () => {
  const text = changed(KEY, 'MC4CAQAwBQYDK2VwBCIEIHvhqpP8w6hlFda8sFpTdxXE', DOOR_SITE);
  assert.equal(codesOf(text), ['bad-public-key']);
  assert.not.match(JSON.stringify(problemsOf(text)), 'MC4CAQ');
});
table.run();

const defaults = suite('what a door has where nothing is written');

const doorOf = (id: string, changes: readonly Change[] = []): DoorConfig | undefined =>
  siteOf(after(changes)).core.doors.find((door) => door.id === id);
const outputOf = (id: string, changes: readonly Change[] = []): OutputConfig | undefined =>
  siteOf(after(changes)).core.outputs.find((output) => output.id === id);

defaults('the front door', () => {
  assert.equal(doorOf('front'), {
    id: 'front',
    name: 'Front',
    kind: 'door',
    area: 'main',
    contact: 'front',
    latch: 'front-latch',
    lock: {
      kind: 'strike-fail-secure',
      releaseMs: 5 * SECOND,
      relockDelayMs: 500,
      relockOn: 'open',
      extendedMs: 5 * SECOND,
      driveMs: 500,
      bolt: undefined,
    },
    egress: 'handle',
    access: { entry: ['street'], exit: [], credential: 'either', persons: 1, antiPassbackMs: undefined, freeAccess: undefined },
    exitRequest: { zone: 'way-out', action: 'release' },
    permits: ['handle'],
    requests: ['phone'],
    bells: ['ring'],
    greenBox: undefined,
    interlock: undefined,
    remote: true,
    openMs: 30 * SECOND,
    preAlarmMs: 10 * SECOND,
    escalateMs: 60 * SECOND,
    latchMs: 3 * SECOND,
    silenceMs: 600 * SECOND,
  });
});

const extended = (lock: string, changes: readonly Change[] = []): number | undefined =>
  doorOf('front', [frontLock(lock), ...changes])?.lock?.extendedMs;

const role = (door: string, drive?: string): unknown => ({ kind: 'lock', door, drive });
const duty = (id: string, changes: readonly Change[] = []): unknown => {
  const output = outputOf(id, changes);
  return [output?.role, output?.maxOnMs, output?.minOffMs, output?.onCrash];
};

defaults('people who need longer get 10 s more, but no coil more than it bears', () => {
  assert.is(extended('kind: strike-fail-safe'), 10 * SECOND);
  assert.is(extended('kind: strike-fail-secure, continuous: true'), 10 * SECOND);
  assert.is(extended('kind: strike-fail-secure, release: 8s'), 2 * SECOND);
  assert.is(extended('kind: strike-fail-secure, release: 10s'), 0);
  assert.is(extended('kind: strike-fail-secure', [['door: front }', 'door: front, maxOn: 6s }']]), SECOND);
  assert.is(extended('kind: strike-fail-secure, extended: 3s'), 3 * SECOND);
});

defaults('a motor is driven 5 s, and bolts a closed leaf', () => {
  const lock = doorOf('stock')?.lock;
  assert.equal([lock?.driveMs, lock?.relockOn, lock?.bolt], [5 * SECOND, 'close', 'stock-bolt']);
});

defaults(
  'free access waits for the first of staff, a cupboard asks for badge and code, anti-passback counts what is written',
  () => {
    assert.equal(doorOf('shop')?.access?.freeAccess, { schedule: 'open', firstPersonIn: true });
    assert.is(doorOf('drugs')?.access?.credential, 'both');
    assert.is(doorOf('drugs')?.egress, undefined);
    const watched = doorOf('front', [[STREET, 'access: { entry: [street], exit: [entrance], antiPassback: 8h }']]);
    assert.is(watched?.access?.antiPassbackMs, 8 * HOUR);
  },
);

defaults(
  'an output is on for as long as the kind of its lock bears, and what opens when energised never outlives the process',
  () => {
    assert.equal(duty('front-strike'), [role('front'), 10 * SECOND, 2 * SECOND, 'rest']);
    assert.equal(duty('hatch-strike'), [role('hatch'), 2 * SECOND, 2 * SECOND, 'rest']);
    assert.equal(duty('motor-open'), [role('stock', 'open'), 15 * SECOND, 0, 'rest']);
    assert.equal(duty('magnet'), [role('shop'), undefined, 0, 'hold']);
    assert.equal(duty('front-strike', [frontLock('kind: strike-fail-secure, continuous: true')]), [
      role('front'),
      undefined,
      0,
      'rest',
    ]);
    assert.equal(duty('front-strike', [['door: front }', 'door: front, maxOn: 8s, minOff: 1s }']]), [
      role('front'),
      8 * SECOND,
      SECOND,
      'rest',
    ]);
    for (const kind of LOCK_KINDS.filter((each) => each !== 'motor')) {
      const limit = outputOf('front-strike', [frontLock(`kind: ${kind}`, kind === 'maglock' ? 'hardware-release' : 'handle')]);
      assert.is(limit?.maxOnMs === undefined, kind === 'maglock' || kind === 'strike-fail-safe', kind);
    }
  },
);
defaults.run();

const people = suite('who may open');

const doorsOf = (id: string, changes: readonly Change[]): readonly string[] | undefined =>
  siteOf(after(changes)).core.users.find((user) => user.id === id)?.doors;

people('owner and staff: every door of their areas; others: not what is kept under lock', () => {
  assert.equal(doorsOf('bob', []), ['front', 'hatch', 'shop', 'stock', 'drugs']);
  assert.equal(doorsOf('bob', [['role: staff', 'role: cleaner, hours: open']]), ['front', 'hatch', 'shop', 'stock']);
});

people('what is listed holds, be it nothing', () => {
  assert.equal(doorsOf('bob', [['role: staff', 'role: cleaner, doors: [drugs]']]), ['drugs']);
  assert.equal(
    doorsOf('bob', [
      ['persons: 2', 'persons: 1'],
      ['role: staff', 'role: staff, doors: []'],
    ]),
    [],
  );
});

people('not another area’s doors, but the lobby of one’s own', () => {
  const areas: readonly Change[] = [
    ['  main: { name: Main }', '  main: { name: Main }\n  back: { name: Back }\n  lobby: { name: Lobby, common: [main, back] }'],
    ['name: Mains, area: main', 'name: Mains, area: back'],
    ['name: Battery, area: main', 'name: Battery, area: lobby'],
    ['areas: [main], place: outdoor', 'areas: [main, back, lobby], place: outdoor'],
    ['name: Hatch, area: main', 'name: Hatch, area: lobby'],
    ['name: Hatch latch, area: main', 'name: Hatch latch, area: lobby'],
    ['name: Hatch button, area: main', 'name: Hatch button, area: lobby'],
    ['kind: hatch\n    area: main', 'kind: hatch\n    area: lobby'],
    ['entrance: { name: Entrance, areas: [main] }', 'entrance: { name: Entrance, areas: [main, back, lobby] }'],
    ['persons: 2', 'persons: 1'],
  ];
  assert.equal(doorsOf('bob', [...areas, ['role: staff', 'role: staff, areas: [back]']]), ['hatch']);
  assert.equal(doorsOf('bob', [...areas, ['role: staff', 'role: staff, areas: [lobby]']]), ['hatch']);
});

people('an operator opens what is listed, six times an hour; the shell has the key, the core has not', () => {
  const site = siteOf(DOOR_SITE);
  assert.equal(site.core.operators, [{ id: 'centre', name: 'Centre', doors: ['front'], hours: undefined, perHour: 6 }]);
  assert.is(site.operators.length, 1);
  assert.is(Buffer.from(site.operators[0]?.publicKey ?? []).toString('hex'), KEY);
  assert.equal(site.demoOperators, []);
  const base64 = siteOf(changed(KEY, Buffer.from(KEY, 'hex').toString('base64'), DOOR_SITE));
  assert.equal(base64.operators, site.operators);
});
people.run();
