import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSite } from '../../src/config/load.ts';
import type { Migration } from '../../src/config/migrations.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { SITE, changed, siteOf, tools } from './support.ts';

const defaults = suite('what is not written has the value of the behaviour');
const core = siteOf(SITE).core;

defaults('an area', () => {
  assert.equal(
    { ...core.areas[0], blockers: undefined },
    {
      blockers: undefined,
      id: 'main',
      name: 'Main',
      common: [],
      exitEnd: 'timed',
      exitDelayMs: 60 * SECOND,
      entryDelayMs: 30 * SECOND,
      abortMs: 30 * SECOND,
      confirmationMs: 30 * MINUTE,
      sirenMs: 180 * SECOND,
      sirenCycles: 3,
      quietMs: 5 * MINUTE,
      unvacated: 'full',
      openingConfirmMs: undefined,
      checklist: [],
      autoArm: undefined,
      tamperReset: 'user',
    },
  );
  assert.equal(core.areas[0]?.blockers, {
    'zone-open': 'inhibit',
    'latch-open': 'inhibit',
    tamper: 'inhibit',
    fault: 'inhibit',
    masked: 'inhibit',
    'battery-low': 'override',
    'mains-lost': 'override',
    'no-path': 'override',
    'door-held': 'override',
    'room-not-quiet': 'override',
    checklist: 'override',
    memory: 'override',
  });
});

defaults('a zone', () => {
  assert.equal(core.zones[0], {
    id: 'front',
    number: 1,
    name: 'Front',
    area: 'main',
    type: 'entry-exit',
    line: 'GPIO1',
    sensing: { kind: 'digital', activeLevel: 1 },
    debounceMs: 20,
    pulseCount: 1,
    pulseWindowMs: 10 * SECOND,
    chime: true,
    bypassable: true,
    duty: false,
    occupancy: false,
    final: false,
    soakDays: 0,
    swinger: 3,
    notSeenDays: 0,
    confirmGroup: 'zone:front',
    faultWhenArmed: 'alarm',
    accessKeypad: undefined,
    keyswitch: undefined,
  });
});

defaults('a door, and one confirmation group for its contacts', () => {
  assert.equal(core.doors[0], {
    id: 'yard',
    name: 'Yard',
    kind: 'door',
    area: 'main',
    contact: 'back',
    latch: 'bolt',
    lock: undefined,
    egress: undefined,
    access: undefined,
    exitRequest: undefined,
    permits: [],
    requests: [],
    bells: [],
    greenBox: undefined,
    interlock: undefined,
    remote: false,
    openMs: 30 * SECOND,
    preAlarmMs: 10 * SECOND,
    escalateMs: 60 * SECOND,
    latchMs: 3 * SECOND,
    silenceMs: 10 * MINUTE,
  });
  assert.equal(
    core.zones.filter(({ confirmGroup }) => confirmGroup === 'door:yard').map(({ id }) => id),
    ['back', 'bolt'],
  );
});

defaults('outputs, keypads, people', () => {
  assert.equal(core.outputs[0], {
    id: 'siren',
    name: 'Siren',
    line: 'GPIO10',
    role: { kind: 'siren', areas: ['main'], place: 'outdoor' },
    restLevel: 0,
    maxOnMs: 180 * SECOND,
    minOffMs: 0,
    onCrash: 'rest',
  });
  assert.is(core.outputs[1]?.maxOnMs, undefined);
  assert.equal(core.keypads, [{ id: 'entrance', name: 'Entrance', areas: ['main'], place: 'inside' }]);
  assert.equal(core.users, [
    {
      id: 'ann',
      name: 'Ann',
      role: 'owner',
      areas: ['main'],
      doors: ['yard'],
      extendedTimes: false,
      validFrom: undefined,
      validUntil: undefined,
      hours: undefined,
      oneShot: false,
    },
  ]);
});

defaults('supervision and lockout', () => {
  assert.equal(core.supervision, {
    mainsDelayMs: 30 * MINUTE,
    batteryDelayMs: MINUTE,
    testReportMs: 24 * HOUR,
    faultAlarmMs: 10 * SECOND,
    warmUpMs: 60 * SECOND,
    holdupWindowMs: 8 * HOUR,
    chatterMs: SECOND,
  });
  assert.equal(core.lockout, { tries: 10, windowMs: 15 * MINUTE, lockMs: 90 * SECOND });
});

defaults('the shell hears of lines, keypads, the broker, the hash', () => {
  const site = siteOf(SITE);
  assert.is(site.inputs.length, 6);
  assert.equal(site.inputs[0], { line: 'GPIO1', kind: 'digital', bias: 'pull-up' });
  assert.equal(site.outputs, [
    { line: 'GPIO10', restLevel: 0 },
    { line: 'GPIO11', restLevel: 0 },
  ]);
  assert.equal(site.keypads, ['entrance']);
  assert.equal(site.mqtt, {
    broker: 'mqtts://broker.example.org',
    clientId: 'vigie-test',
    keepaliveMs: 30 * SECOND,
    username: undefined,
    passwordFile: undefined,
    tls: undefined,
  });
  assert.equal(site.security, { salt: 'a-salt-for-tests', pepperFile: undefined });
  assert.is(site.backupSupervised, true);
  assert.equal(site.demoUsers, []);
  assert.equal(site.operators, []);
  assert.is(site.hash, `hash of ${SITE.length}`);
  assert.equal(site.board, { driver: 'sim' });
});
defaults.run();

const digest = (digit: number): string => `v1-0000000000000000000000000000000${digit}`;
const dayAt = (date: string): number => Date.parse(date) / DAY;

const written = suite('what is written counts');

const CONTACTS: readonly (readonly [setting: string, activeLevel: 0 | 1, bias: string])[] = [
  ['contact: normally-closed', 1, 'pull-up'],
  ['contact: normally-open', 0, 'pull-up'],
  ['contact: normally-closed, bias: pull-down', 0, 'pull-down'],
  ['contact: normally-open, bias: pull-down', 1, 'pull-down'],
  ['bias: none', 1, 'none'],
];
for (const [setting, activeLevel, bias] of CONTACTS) {
  written(setting, () => {
    const site = siteOf(changed('type: follower', `type: follower, ${setting}`));
    assert.equal(site.core.zones[1]?.sensing, { kind: 'digital', activeLevel });
    assert.is(site.inputs[1]?.bias, bias);
  });
}

written('a measurement is offset and scale', () => {
  const measure = 'type: technical, measure: { unit: °C, atZero: -20, atFull: 40, low: 2, high: 8, delay: 5min }';
  const site = siteOf(changed('type: follower', measure));
  assert.equal(site.core.zones[1]?.sensing, {
    kind: 'measure',
    unit: '°C',
    offset: -20,
    scale: 60,
    low: 2,
    high: 8,
    hysteresis: 0.5,
    delayMs: 5 * MINUTE,
  });
  assert.equal(site.inputs[1], { line: 'GPIO2', kind: 'analog', bias: 'none' });
});

written('the last day of a code is a whole day', () => {
  const user = siteOf(changed('role: owner', 'role: owner, validFrom: 2027-01-01, validUntil: 2027-01-31')).core.users[0];
  assert.is(user?.validFrom, wall(Date.UTC(2027, 0, 1)));
  assert.is(user?.validUntil, wall(Date.UTC(2027, 1, 1)));
});

written('silent hold-up is not left out by name; a key switch arms and does not disarm', () => {
  const silent = siteOf(changed('type: follower', 'type: holdup-silent')).core.zones[1];
  assert.is(silent?.bypassable, false);
  const key = siteOf(changed('type: follower', 'type: keyswitch')).core.zones[1];
  assert.equal(key?.keyswitch, { arms: true, disarms: false, mode: 'full' });
});

written('an output that is active low rests high', () => {
  const site = siteOf(changed('output: GPIO11', 'output: GPIO11, active: low, maxOn: 1h30min'));
  assert.is(site.core.outputs[1]?.restLevel, 1);
  assert.is(site.outputs[1]?.restLevel, 1);
  assert.is(site.core.outputs[1]?.maxOnMs, 90 * MINUTE);
});

written('each way of a person to say who she is', () => {
  const all = `code: ${digest(1)}, duress: ${digest(2)}, badges: [${digest(3)}, ${digest(4)}]`;
  assert.equal(siteOf(changed(`code: ${digest(1)}`, all)).credentials, [
    { user: 'ann', kind: 'code', meaning: 'normal', digest: digest(1) },
    { user: 'ann', kind: 'code', meaning: 'duress', digest: digest(2) },
    { user: 'ann', kind: 'badge', meaning: 'normal', digest: digest(3) },
    { user: 'ann', kind: 'badge', meaning: 'normal', digest: digest(4) },
  ]);
});

written('a guard’s code serves once', () => {
  const site = siteOf(
    changed('schedules:', '  gus: { name: Gus, role: guard, badges: [v1-00000000000000000000000000000009] }\nschedules:'),
  );
  assert.is(site.core.users[1]?.oneShot, true);
});

written('hours, exceptions and closures of a schedule', () => {
  const weekly = '{ weekly: { fri-mon: [20:00-24:00, 20:00-07:00] }, holidays: france, exceptions: { 2026-12-24: closed }, ';
  const text = changed('{ weekly: { mon-fri: 08:00-19:00 } }', `${weekly}closures: [{ from: 2026-08-01, to: 2026-08-02 }] }`);
  const night = [
    { from: 1200, to: 1440 },
    { from: 1200, to: 1860 },
  ];
  assert.equal(siteOf(text).schedules, [
    {
      kind: 'weekly',
      id: 'open',
      weekdays: [night, [], [], [], night, night, night],
      holidays: 'france',
      onHolidays: [],
      exceptions: [{ day: dayAt('2026-12-24'), hours: [] }],
      closures: [{ first: dayAt('2026-08-01'), last: dayAt('2026-08-02'), name: 'Fermeture' }],
    },
  ]);
});
written.run();

const migration = suite('older versions');

/** As if version 0 had called the exit delay `leave`. */
const FROM_0: Migration = {
  from: 0,
  apply: ({ leave, ...site }) => ({ ...site, areas: { main: { name: 'Main', exitDelay: leave } } }),
};
const OLD = changed('version: 1', 'version: 0\nleave: 50s');

migration('are brought up to date, and said to be old', () => {
  const result = loadSite(OLD, tools, [FROM_0]);
  assert.ok(result.ok);
  if (!result.ok) return;
  assert.is(result.site.core.areas[0]?.exitDelayMs, 50 * SECOND);
  assert.equal(
    result.warnings.map(({ code }) => code),
    ['old-version'],
  );
});

migration('a fault in what was moved points at the nearest thing that is written', () => {
  const result = loadSite(OLD.replace('50s', '5s'), tools, [FROM_0]);
  assert.not(result.ok);
  const [problem] = result.ok ? [] : result.problems.filter(({ code }) => code === 'out-of-range');
  assert.is(problem?.path, 'areas.main.exitDelay');
  assert.is(problem?.line, OLD.split('\n').indexOf('  main:') + 1);
});

migration('without a way they are refused', () => {
  const result = loadSite(OLD, tools, []);
  assert.equal(result.ok ? [] : result.problems.map(({ code }) => code), ['too-old-version']);
});
migration.run();
