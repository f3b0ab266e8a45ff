/** What the doctor makes of what it sees: facts in, findings out. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeBroker } from '../../src/cli/doctor/broker.ts';
import type { BrokerFacts, BrokerTry } from '../../src/cli/doctor/broker.ts';
import { judgeClock } from '../../src/cli/doctor/clock.ts';
import type { ClockFacts } from '../../src/cli/doctor/clock.ts';
import { judgeDisk } from '../../src/cli/doctor/disk.ts';
import type { DiskFacts } from '../../src/cli/doctor/disk.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { judgeGpio } from '../../src/cli/doctor/gpio.ts';
import type { GpioFacts } from '../../src/cli/doctor/gpio.ts';
import { judgeSerial, portsAsked } from '../../src/cli/doctor/serial.ts';
import type { PortSeen } from '../../src/cli/doctor/serial.ts';
import { judgeService } from '../../src/cli/doctor/service.ts';
import type { ServiceFacts } from '../../src/cli/doctor/service.ts';
import { judgeSite } from '../../src/cli/doctor/site.ts';
import type { SiteFacts } from '../../src/cli/doctor/site.ts';
import { judgeSoftware, neededPackages } from '../../src/cli/doctor/software.ts';
import type { SoftwareFacts } from '../../src/cli/doctor/software.ts';
import { DAY } from '../../src/core/time.ts';
import { SITE, siteOf } from '../config/support.ts';

const test = suite('doctor: judgements');

/** `fault:chip-not-found`, for those that are not well; `ok` where all are. */
const verdictOf = (findings: readonly Finding[]): string => {
  const unwell = findings.filter(({ status }) => status === 'warn' || status === 'fault');
  return unwell.length === 0 ? 'ok' : unwell.map(({ status, code }) => `${status}:${code}`).join(' ');
};

type Case = readonly [what: string, findings: readonly Finding[], verdict: string];

const table = (name: string, cases: readonly Case[]): void => {
  for (const [what, findings, verdict] of cases) {
    test(`${name}, ${what}: ${verdict}`, () => {
      assert.is(verdictOf(findings), verdict);
      assert.ok(findings.length > 0, 'something is always said');
      for (const { message, messageFr } of findings) {
        assert.match(message, /\S\.$/, 'a sentence');
        assert.match(messageFr, /\S\.$/, 'une phrase');
      }
    });
  }
};

// ---- software

const loads = { koffi: 'loads', serialport: 'loads', 'johnny-five': 'loads', 'firmata-io': 'loads', onoff: 'loads' } as const;
const software = (change: Partial<SoftwareFacts>): readonly Finding[] =>
  judgeSoftware({ node: '24.1.0', packages: loads, needed: new Set(), ...change });

table('software', [
  ['all there', software({}), 'ok'],
  ['an old Node', software({ node: '18.20.4' }), 'fault:node-too-old'],
  ['the oldest that serves', software({ node: '20.0.0' }), 'ok'],
  ['an odd Node', software({ node: '23.4.0' }), 'warn:node-short-lived'],
  ['a package that is not needed', software({ packages: { ...loads, koffi: 'missing' } }), 'ok'],
  [
    'a needed package that is missing',
    software({ packages: { ...loads, koffi: 'missing' }, needed: new Set(['koffi']) }),
    'fault:koffi-missing',
  ],
  [
    'onoff without its compiled part',
    software({ packages: { ...loads, onoff: 'does-not-load' }, needed: new Set(['onoff']) }),
    'fault:onoff-does-not-load',
  ],
]);

test('what a site needs follows from its boards', () => {
  assert.equal([...neededPackages(undefined)], []);
  assert.equal([...neededPackages(siteOf(SITE))], []);
  const board = { driver: 'gpio', model: 'x', access: 'auto', chipLabel: 'x', offsets: {} } as const;
  const site = siteOf(SITE);
  assert.equal([...neededPackages({ ...site, board })], ['koffi']);
  assert.equal([...neededPackages({ ...site, board: { ...board, access: 'onoff' } })], ['onoff']);
  const expanders = [{ id: 'cellar', model: 'x', port: '/dev/x', pins: {} }];
  assert.equal([...neededPackages({ ...site, expanders })], ['serialport', 'johnny-five', 'firmata-io']);
  assert.equal([...neededPackages({ ...site, buses: [{ id: 'b', port: '/dev/x', baudRate: 9_600 }] })], ['serialport']);
  assert.equal([...neededPackages({ ...site, portReaders: [{ keypad: 'a', kind: 'pn532', port: '/dev/x' }] })], ['serialport']);
  assert.equal([...neededPackages({ ...site, portReaders: [{ keypad: 'a', kind: 'keyboard', device: '/dev/x' }] })], ['koffi']);
});

// ---- the site's file

const READ: Extract<SiteFacts, { kind: 'read' }> = {
  kind: 'read',
  path: 'site.yaml',
  name: 'Test',
  warnings: [],
  backupSupervised: true,
  demoUsers: [],
  pepper: 'good',
  pepperFile: '/etc/vigie/pepper',
};

table('site', [
  ['all well', judgeSite(READ), 'ok'],
  ['not given', judgeSite({ kind: 'not-given' }), 'ok'],
  ['unreadable', judgeSite({ kind: 'unreadable', path: 'x' }), 'fault:unreadable'],
  [
    'faulty',
    judgeSite({
      kind: 'faulty',
      path: 'x',
      problems: [
        { code: 'bad', message: 'It is bad.', messageFr: 'C’est faux.', severity: 'error', line: 3, column: 1, path: '' },
      ],
    }),
    'fault:faulty',
  ],
  ['codes of the documentation', judgeSite({ ...READ, demoUsers: ['Ann'] }), 'warn:demo-codes'],
  ['nobody watches the supply', judgeSite({ ...READ, backupSupervised: false }), 'warn:backup-not-supervised'],
  ['no pepper', judgeSite({ ...READ, pepper: 'none' }), 'warn:no-pepper'],
  ['a pepper that others read', judgeSite({ ...READ, pepper: 'readable-by-others' }), 'fault:pepper-readable-by-others'],
  ['a pepper that is gone', judgeSite({ ...READ, pepper: 'not-found', demoUsers: undefined }), 'fault:pepper-not-found'],
]);

// ---- pins

const BOARD = { driver: 'gpio', model: 'raspberry-pi-4', access: 'auto', chipLabel: 'pinctrl-bcm2711', offsets: {} } as const;
const CHIP = { path: '/dev/gpiochip0', label: 'pinctrl-bcm2711', mayUse: true, group: 'gpio' };
const OTHER = { path: '/dev/gpiochip1', label: 'raspberrypi-exp-gpio', mayUse: true, group: 'gpio' };
const gpio = (change: Partial<GpioFacts>): readonly Finding[] =>
  judgeGpio({ board: BOARD, kernel: '6.12.47+rpt-rpi-v8', user: 'vigie', chips: [CHIP, OTHER], lines: [], ...change });
const free = { line: 'GPIO17', holder: undefined };

table('pins', [
  ['all well', gpio({ lines: [free] }), 'ok'],
  ['a simulated board', gpio({ board: { driver: 'sim' } }), 'warn:simulated'],
  ['an old kernel', gpio({ kernel: '5.4.0' }), 'fault:kernel-too-old'],
  ['the first kernel that serves', gpio({ kernel: '5.10.0-1' }), 'ok'],
  ['an old kernel by onoff', gpio({ kernel: '5.4.0', board: { ...BOARD, access: 'onoff' } }), 'warn:kernel-old'],
  ['no chips', gpio({ chips: [] }), 'fault:no-chips'],
  ['another board', gpio({ chips: [OTHER] }), 'fault:chip-not-found'],
  ['two of the same label', gpio({ chips: [CHIP, { ...CHIP, path: '/dev/gpiochip4' }] }), 'fault:chip-ambiguous'],
  ['chips that say nothing', gpio({ chips: [{ ...CHIP, label: undefined }] }), 'ok'],
  ['no permission', gpio({ chips: [{ ...CHIP, mayUse: false }] }), 'fault:no-permission'],
  ['lines held by a running Vigie', gpio({ lines: [{ line: 'GPIO17', holder: 'vigie' }, free] }), 'ok'],
  ['a line held by another', gpio({ lines: [{ line: 'GPIO17', holder: 'spi0 CS0' }, free] }), 'fault:line-busy'],
  ['a line held by nobody with a name', gpio({ lines: [{ line: 'GPIO17', holder: '' }] }), 'fault:line-busy'],
  ['a line held by sysfs', gpio({ lines: [{ line: 'GPIO17', holder: 'sysfs' }] }), 'fault:line-busy'],
  [
    'a line held by sysfs, for onoff',
    gpio({ board: { ...BOARD, access: 'onoff' }, lines: [{ line: 'GPIO17', holder: 'sysfs' }] }),
    'ok',
  ],
]);

// ---- serial ports

const PORT: PortSeen = {
  id: 'cellar',
  setting: 'expanders.cellar.port',
  kind: 'serial',
  port: '/dev/serial/by-id/usb-Arduino',
  isThere: true,
  mayUse: true,
  group: 'dialout',
  byId: 'usb-Arduino',
};
const NAMES = { serial: ['usb-Arduino'], input: ['usb-Reader-event-kbd'] };
const serial = (change: Partial<PortSeen>): readonly Finding[] =>
  judgeSerial({ user: 'vigie', names: NAMES, ports: [{ ...PORT, ...change }] });

table('serial ports', [
  ['none', judgeSerial({ user: 'vigie', names: { serial: [], input: [] }, ports: [] }), 'ok'],
  ['all well', serial({}), 'ok'],
  ['unplugged', serial({ isThere: false }), 'fault:port-missing'],
  ['a name that moves', serial({ port: '/dev/ttyACM0' }), 'warn:port-name-moves'],
  ['the Pi’s own port, whose name stays', serial({ port: '/dev/ttyAMA0' }), 'ok'],
  ['no permission', serial({ mayUse: false }), 'fault:no-permission'],
  ['a keyboard whose name moves', serial({ kind: 'input', port: '/dev/input/event3', byId: undefined }), 'warn:port-name-moves'],
  ['a keyboard that is not there', serial({ kind: 'input', port: '/dev/input/by-id/x', isThere: false }), 'fault:port-missing'],
]);

test('what is missing is told with its setting, and what there is of its kind', () => {
  const reader = { id: 'desk', setting: 'keypads.desk.reader.device', kind: 'input', isThere: false, port: '/dev/x' } as const;
  const [finding] = serial(reader);
  assert.match(finding?.message ?? '', 'correct keypads.desk.reader.device. Here are: /dev/input/by-id/usb-Reader-event-kbd.');
  assert.match(
    serial({ ...reader, isThere: true, mayUse: false, group: undefined })[1]?.message ?? '',
    'usermod -aG input vigie',
  );
});

test('a site’s ports, each once, by where they stand in its file', () => {
  const site = siteOf(SITE);
  const asked = portsAsked({
    ...site,
    expanders: [{ id: 'cellar', model: 'x', port: '/dev/a', pins: {} }],
    buses: [{ id: 'hall', port: '/dev/b', baudRate: 9_600 }],
    portReaders: [
      { keypad: 'street', kind: 'wiegand', port: '/dev/c', input: 1 },
      { keypad: 'yard', kind: 'wiegand', port: '/dev/c', input: 2 },
      { keypad: 'desk', kind: 'keyboard', device: '/dev/d' },
    ],
  });
  assert.equal(
    asked.map(({ setting, kind, port }) => `${setting} ${kind} ${port}`),
    [
      'expanders.cellar.port serial /dev/a',
      'buses.hall.port serial /dev/b',
      'keypads.street.reader.port serial /dev/c',
      'keypads.desk.reader.device input /dev/d',
    ],
  );
});

test('a name that moves: the one to write instead is told', () => {
  assert.match(serial({ port: '/dev/ttyACM0' })[0]?.message ?? '', 'Write /dev/serial/by-id/usb-Arduino.');
});

// ---- the clock

const NOW = Date.UTC(2026, 10, 28);
const clock = (change: Partial<ClockFacts>): readonly Finding[] =>
  judgeClock({
    wallMs: NOW,
    isSynchronised: true,
    hasKeeper: true,
    keptMs: NOW - 900,
    timezone: 'Europe/Paris',
    knowsTimezone: true,
    ...change,
  });

table('clock', [
  ['all well', clock({}), 'ok'],
  ['no source', clock({ isSynchronised: false }), 'warn:not-synchronised'],
  ['not set', clock({ isSynchronised: false, wallMs: 0, keptMs: 0 }), 'fault:not-set'],
  ['nothing keeps it', clock({ hasKeeper: false, keptMs: undefined }), 'warn:no-keeper'],
  ['an empty battery', clock({ keptMs: Date.UTC(2000, 0, 1) }), 'warn:keeper-wrong'],
  ['a keeper that says nothing', clock({ keptMs: undefined }), 'warn:keeper-wrong'],
  ['nobody knows which of two is right', clock({ isSynchronised: false, keptMs: 0 }), 'warn:not-synchronised'],
  ['an unknown zone', clock({ knowsTimezone: false }), 'fault:timezone-unknown'],
  ['no site’s file', clock({ timezone: undefined, knowsTimezone: false }), 'ok'],
]);

// ---- the disk

const MIB = 1024 * 1024;
const SEEN = { mayUse: true, isOpenToOthers: false, isFolder: true };
const EXT4 = { source: '/dev/mmcblk0p2', type: 'ext4', options: ['rw', 'noatime'] };
const disk = (change: Partial<DiskFacts>): readonly Finding[] =>
  judgeDisk({
    folder: '/var/lib/vigie',
    user: 'vigie',
    seen: SEEN,
    space: { freeBytes: 5_000 * MIB, totalBytes: 16_000 * MIB },
    mount: EXT4,
    wear: undefined,
    ...change,
  });
const space = (mebibytes: number) => ({ freeBytes: mebibytes * MIB, totalBytes: 16_000 * MIB });
const options = (...added: readonly string[]) => ({ ...EXT4, options: ['rw', ...added] });

table('disk', [
  ['all well', disk({}), 'ok'],
  ['no folder given', disk({ folder: undefined }), 'ok'],
  ['not there yet', disk({ seen: undefined }), 'warn:no-folder'],
  ['a file', disk({ seen: { ...SEEN, isFolder: false } }), 'fault:not-a-folder'],
  ['another’s', disk({ seen: { ...SEEN, mayUse: false } }), 'fault:no-permission'],
  ['open to everybody', disk({ seen: { ...SEEN, isOpenToOthers: true } }), 'warn:open-to-others'],
  ['nearly full', disk({ space: space(300) }), 'warn:disk-nearly-full'],
  ['full', disk({ space: space(63) }), 'fault:disk-full'],
  ['just not full', disk({ space: space(64) }), 'warn:disk-nearly-full'],
  ['in memory', disk({ mount: { ...EXT4, type: 'tmpfs' } }), 'fault:forgetful'],
  ['an overlay', disk({ mount: { ...EXT4, type: 'overlay' } }), 'fault:forgetful'],
  ['a stick as Windows makes it', disk({ mount: { ...EXT4, type: 'vfat' } }), 'fault:unsuitable'],
  ['read-only', disk({ mount: { ...EXT4, options: ['ro', 'noatime'] } }), 'fault:read-only'],
  ['an option that begins like another', disk({ mount: options('relatime', 'errors=remount-ro') }), 'ok'],
  ['no barriers', disk({ mount: options('noatime', 'nobarrier') }), 'fault:no-barriers'],
  ['a long commit', disk({ mount: options('noatime', 'commit=600') }), 'warn:commit-long'],
  ['the usual commit', disk({ mount: options('noatime', 'commit=30') }), 'ok'],
  ['every reading written', disk({ mount: options() }), 'warn:atime'],
  ['worn by seven tenths', disk({ wear: { lifeTime: [7, 2], preEol: 1 } }), 'ok'],
  ['worn by eight', disk({ wear: { lifeTime: [1, 8], preEol: 1 } }), 'warn:worn'],
  ['its spare blocks go', disk({ wear: { lifeTime: [1, 1], preEol: 2 } }), 'warn:worn'],
  ['worn out', disk({ wear: { lifeTime: [11, 3], preEol: 1 } }), 'fault:worn-out'],
  ['at its end', disk({ wear: { lifeTime: [1, 1], preEol: 3 } }), 'fault:worn-out'],
]);

// ---- the broker

const GRANTED = [{ kind: 'granted', filter: 'vigie/v1/test/ack', qos: 1 }] as const;
const UP: BrokerTry = { end: { kind: 'up', isClockDoubted: false }, filters: GRANTED, centre: 'online' };
const broker = (change: Partial<BrokerFacts>): readonly Finding[] =>
  judgeBroker({
    url: 'mqtts://broker.example.org',
    isSiteKnown: true,
    user: 'vigie',
    nowMs: NOW,
    files: [],
    own: undefined,
    brokerNotAfterMs: NOW + 300 * DAY,
    tried: UP,
    ...change,
  });
const tried = (change: Partial<BrokerTry>): Partial<BrokerFacts> => ({ tried: { ...UP, ...change } });
const down = (reason: Extract<BrokerTry['end'], { kind: 'down' }>['reason']): Partial<BrokerFacts> =>
  tried({ end: { kind: 'down', reason }, filters: undefined, centre: undefined });
const own = (days: number, isKeyItsOwn = true): Partial<BrokerFacts> => ({
  own: { kind: 'read', notAfterMs: NOW + days * DAY, isKeyItsOwn },
});
const KEY = { role: 'key', path: '/etc/vigie/key.pem', isReadable: true, isOpenToOthers: false } as const;

table('broker', [
  ['all well', broker({ ...own(300), files: [KEY] }), 'ok'],
  ['no site’s file', broker({ isSiteKnown: false, url: undefined }), 'ok'],
  ['no centre', broker({ url: undefined }), 'warn:not-monitored'],
  ['not encrypted', broker({ url: 'mqtt://10.0.0.1', brokerNotAfterMs: undefined }), 'warn:not-encrypted'],
  ['nobody there', broker(down({ kind: 'unreachable', code: 'ECONNREFUSED' })), 'fault:down-unreachable'],
  ['another authority', broker(down({ kind: 'tls', problem: 'unknown-authority', code: 'x' })), 'fault:down-tls'],
  ['a wrong password', broker(down({ kind: 'refused', code: 0x86 })), 'fault:down-refused'],
  ['the doctor’s own id refused', broker(down({ kind: 'refused', code: 0x85 })), 'warn:client-id-refused'],
  ['no answer', broker(down({ kind: 'timeout', during: 'connecting' })), 'fault:down-timeout'],
  ['our clock is in doubt', broker(tried({ end: { kind: 'up', isClockDoubted: true } })), 'warn:connected-clock-doubted'],
  [
    'not allowed to hear',
    broker(tried({ filters: [...GRANTED, { kind: 'refused', filter: 'vigie/v1/test/command/+', code: 0x87 }] })),
    'fault:subscription-refused',
  ],
  ['no answer to the subscription', broker(tried({ filters: undefined })), 'warn:subscription-unanswered'],
  ['the centre is away', broker(tried({ centre: 'offline' })), 'warn:centre-not-listening'],
  ['the centre was never there', broker(tried({ centre: undefined })), 'warn:centre-not-listening'],
  ['not tried', broker({ tried: undefined }), 'ok'],
  ['our certificate ends in 30 days', broker(own(30)), 'ok'],
  ['our certificate ends in 29 days', broker(own(29)), 'warn:own-expires-soon'],
  ['our certificate has ended', broker(own(-1)), 'fault:own-expired'],
  ['a key of another certificate', broker(own(300, false)), 'fault:key-of-another'],
  ['no certificate in the file', broker({ own: { kind: 'not-a-certificate' } }), 'fault:own-unreadable'],
  ['the broker’s ends soon', broker({ brokerNotAfterMs: NOW + 3 * DAY }), 'warn:broker-expires-soon'],
  ['a key that everybody reads', broker({ files: [{ ...KEY, isOpenToOthers: true }] }), 'warn:key-open'],
  ['an authority that everybody reads', broker({ files: [{ ...KEY, role: 'ca', isOpenToOthers: true }] }), 'ok'],
  ['a key that the service cannot read', broker({ files: [{ ...KEY, isReadable: false }] }), 'fault:key-unreadable'],
]);

// ---- service, watchdogs, supply

const UNIT = { load: 'loaded', active: 'active', restarts: 0, hasWatchdog: true };
const service = (change: Partial<ServiceFacts>): readonly Finding[] =>
  judgeService({ unit: UNIT, hasWatchdogDevice: true, throttled: 0, milliDegrees: 48_300, ...change });

table('service', [
  ['all well', service({}), 'ok'],
  ['no systemd', service({ unit: undefined }), 'ok'],
  ['not installed', service({ unit: { ...UNIT, load: 'not-found', active: 'inactive' } }), 'warn:no-unit'],
  ['stopped', service({ unit: { ...UNIT, active: 'inactive' } }), 'warn:not-running'],
  ['failed', service({ unit: { ...UNIT, active: 'failed' } }), 'fault:failed'],
  ['started anew', service({ unit: { ...UNIT, restarts: 2 } }), 'warn:restarted'],
  ['nobody watches it', service({ unit: { ...UNIT, hasWatchdog: false } }), 'warn:no-watchdog'],
  ['nobody watches the machine', service({ hasWatchdogDevice: false }), 'warn:no-watchdog-device'],
  ['too weak now', service({ throttled: 0x50005 }), 'fault:under-voltage'],
  ['too weak at some time', service({ throttled: 0x50000 }), 'warn:under-voltage-seen'],
  ['slowed down, but not by the supply', service({ throttled: 0x40000 }), 'ok'],
  ['nothing is told', service({ throttled: undefined, milliDegrees: undefined }), 'ok'],
  ['hot', service({ milliDegrees: 81_000 }), 'warn:hot'],
  ['was too hot', service({ throttled: 0x80000 }), 'warn:hot'],
]);

test.run();
