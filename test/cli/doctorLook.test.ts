/** What the doctor sees of a machine: a tree of files as a Raspberry Pi has them, and chips of a kernel in memory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAtClock, lookAtDisk, lookAtGpio, lookAtSerial, lookAtService, servicePerson } from '../../src/cli/doctor/look.ts';
import { machineAt } from '../../src/cli/doctor/machine.ts';
import type { Machine } from '../../src/cli/doctor/machine.ts';
import { mayRead, mayUse, personNamed } from '../../src/cli/doctor/person.ts';
import type { Person } from '../../src/cli/doctor/person.ts';
import { fakeGpio } from '../support/fakeGpioKernel.ts';
import { machineTree } from '../support/machineTree.ts';

const test = suite('doctor: looking');

const tree = machineTree();
test.after(() => tree.remove());

const MOUNTS = [
  '24 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw,commit=60',
  '25 24 0:22 / /tmp rw,relatime - tmpfs tmpfs rw,size=1g',
  '26 24 8:1 / /var/lib rw,relatime - ext4 /dev/sda1 ro',
];
tree.put('/proc/self/mountinfo', `${MOUNTS.join('\n')}\n`);
tree.put('/proc/sys/kernel/osrelease', '6.12.47+rpt-rpi-v8\n');
tree.put('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nvigie:x:990:991::/var/lib/vigie:/usr/sbin/nologin\n');
/** Files of the tree are the test's own: its group has to have a name there. */
const OWN_GROUP = 'tester';
tree.put('/etc/group', `${OWN_GROUP}:x:${process.getgid?.()}:\nvigie:x:991:\ngpio:x:986:pi,vigie\ndialout:x:20:pi\n`);
tree.put('/sys/class/rtc/rtc0/since_epoch', '1795867200\n');
tree.put('/sys/class/thermal/thermal_zone0/temp', '48312\n');
tree.put('/sys/block/mmcblk0/device/life_time', '0x02 0x09\n');
tree.put('/sys/block/mmcblk0/device/pre_eol_info', '0x01\n');
tree.put('/sys/devices/mmc/block/mmcblk0/mmcblk0p2/dev', '179:2\n');
tree.link('/sys/dev/block/179:2', '../../devices/mmc/block/mmcblk0/mmcblk0p2');
tree.put('/dev/ttyACM0', '', 0o660);
tree.link('/dev/serial/by-id/usb-Arduino-if00', '../../ttyACM0');

const shown = (lines: Readonly<Record<string, string>>): string =>
  Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const RUNNING = { LoadState: 'loaded', ActiveState: 'active', NRestarts: '3', WatchdogUSec: '5s', User: 'vigie' };
const withPrograms = (programs: Readonly<Record<string, string>>): Machine =>
  machineAt(tree.root, (program) => programs[program]);
const pi = withPrograms({ systemctl: shown(RUNNING), vcgencmd: 'throttled=0x50005\n' });
const bare = withPrograms({});
const VIGIE: Person = { name: 'vigie', uid: 990, gids: [991, 986] };

// ---- people

test('the service’s user comes with its groups, and root may everything', () => {
  assert.equal(servicePerson(pi), VIGIE);
  assert.equal(personNamed(bare, 'root'), { name: 'root', uid: 0, gids: [0] });
  assert.is(personNamed(bare, 'nobody-here'), undefined);
});

const file = (mode: number, uid: number, gid: number) => ({ mode, uid, gid, isFolder: false });

test('owner before group before others, as the kernel judges', () => {
  assert.ok(mayUse(VIGIE, file(0o660, 0, 986)));
  assert.not.ok(mayUse(VIGIE, file(0o660, 0, 20)));
  assert.not.ok(mayUse(VIGIE, file(0o640, 0, 986)), 'reading is not enough');
  assert.ok(mayRead(VIGIE, file(0o640, 0, 986)));
  assert.not.ok(mayRead(VIGIE, file(0o066, 990, 0)), 'the owner’s bits are the owner’s');
  assert.ok(mayUse({ name: 'root', uid: 0, gids: [] }, file(0, 990, 990)));
});

// ---- service

test('unit, watchdog, supply and heat', () => {
  assert.equal(lookAtService(pi), {
    unit: { load: 'loaded', active: 'active', restarts: 3, hasWatchdog: true },
    hasWatchdogDevice: false,
    throttled: 0x50005,
    milliDegrees: 48_312,
  });
});

test('no systemd, no vcgencmd: nothing is made up', () => {
  const { unit, throttled } = lookAtService(bare);
  assert.is(unit, undefined);
  assert.is(throttled, undefined);
});

for (const off of ['0', 'infinity']) {
  test(`WatchdogUSec=${off}: no watchdog`, () => {
    const machine = withPrograms({ systemctl: shown({ ...RUNNING, WatchdogUSec: off }) });
    assert.is(lookAtService(machine).unit?.hasWatchdog, false);
  });
}

test('without vcgencmd the firmware’s file tells, else the alarm of the supply', () => {
  const other = machineTree();
  const machine = machineAt(other.root, () => undefined);
  other.put('/sys/class/hwmon/hwmon0/name', 'cpu_thermal\n');
  other.put('/sys/class/hwmon/hwmon1/name', 'rpi_volt\n');
  other.put('/sys/class/hwmon/hwmon1/in0_lcrit_alarm', '1\n');
  assert.is(lookAtService(machine).throttled, 0x10000);
  other.put('/sys/class/hwmon/hwmon1/in0_lcrit_alarm', '0\n');
  assert.is(lookAtService(machine).throttled, 0);
  other.put('/sys/devices/platform/soc/soc:firmware/get_throttled', '50000\n');
  assert.is(lookAtService(machine).throttled, 0x50000);
  other.remove();
});

// ---- clock

test('who set the clock and who keeps it', () => {
  const before = lookAtClock(pi, 'Europe/Paris');
  assert.equal(
    { ...before, wallMs: 0 },
    {
      wallMs: 0,
      isSynchronised: false,
      hasKeeper: true,
      keptMs: 1_795_867_200_000,
      timezone: 'Europe/Paris',
      knowsTimezone: true,
    },
  );
  tree.put('/run/systemd/timesync/synchronized', '');
  assert.is(lookAtClock(pi, 'Europe/Nowhere').isSynchronised, true);
  assert.is(lookAtClock(pi, 'Europe/Nowhere').knowsTimezone, false);
});

// ---- disk

test('a folder on the card: its mount, with options of both kinds, and the wear of the card', () => {
  mkdirSync(join(tree.root, 'srv/vigie'), { recursive: true, mode: 0o700 });
  const { mount, wear, seen, space } = lookAtDisk(pi, VIGIE, '/srv/vigie');
  assert.equal(mount, { source: '/dev/mmcblk0p2', type: 'ext4', options: ['rw', 'noatime', 'rw', 'commit=60'] });
  assert.equal(wear, { lifeTime: [2, 9], preEol: 1 });
  assert.equal(seen, { mayUse: false, isOpenToOthers: false, isFolder: true });
  assert.ok(space && space.freeBytes > 0 && space.totalBytes >= space.freeBytes);
});

test('a folder that is not there yet is judged where it will be; a disk that is no card tells no wear', () => {
  const { mount, wear, seen } = lookAtDisk(pi, VIGIE, '/var/lib/vigie');
  assert.is(mount?.source, '/dev/mmcblk0p2', 'nothing is there below / yet');
  mkdirSync(join(tree.root, 'var/lib'), { recursive: true });
  assert.equal(lookAtDisk(pi, VIGIE, '/var/lib/vigie').mount?.options, ['rw', 'relatime', 'ro']);
  assert.is(lookAtDisk(pi, VIGIE, '/var/lib/vigie').wear, undefined);
  assert.equal(wear, { lifeTime: [2, 9], preEol: 1 });
  assert.is(seen, undefined);
});

test('/var/library is not on /var/lib', () => {
  mkdirSync(join(tree.root, 'var/library'), { recursive: true });
  assert.is(lookAtDisk(pi, VIGIE, '/var/library').mount?.source, '/dev/mmcblk0p2');
});

test('a card of zeros, as some readers show it, tells nothing', () => {
  const other = machineTree();
  other.put('/proc/self/mountinfo', `${MOUNTS[0]}\n`);
  other.put('/sys/devices/mmc/block/mmcblk0/mmcblk0p2/dev', '179:2\n');
  other.link('/sys/dev/block/179:2', '../../devices/mmc/block/mmcblk0/mmcblk0p2');
  other.put('/sys/block/mmcblk0/device/life_time', '0x00 0x00\n');
  assert.is(lookAtDisk(machineAt(other.root), VIGIE, '/').wear, undefined);
  other.remove();
});

// ---- serial ports

const look = (port: string) =>
  lookAtSerial(pi, VIGIE, [{ id: 'cellar', setting: 'expanders.cellar.port', kind: 'serial', port }]).ports[0];

test('a port by the name that moves: the lasting name of the same device is found', () => {
  assert.is(look('/dev/ttyACM0')?.byId, 'usb-Arduino-if00');
  assert.is(look('/dev/serial/by-id/usb-Arduino-if00')?.isThere, true);
  assert.equal(look('/dev/ttyUSB0'), {
    id: 'cellar',
    setting: 'expanders.cellar.port',
    kind: 'serial',
    port: '/dev/ttyUSB0',
    isThere: false,
    mayUse: false,
    group: undefined,
    byId: undefined,
  });
});

// ---- pins

const BOARD = {
  driver: 'gpio',
  model: 'raspberry-pi-4',
  access: 'auto',
  chipLabel: 'pinctrl-bcm2711',
  offsets: { GPIO17: 17, GPIO27: 27, GPIO22: 22 },
} as const;

test('chips by label, and who holds which line', () => {
  const gpio = fakeGpio();
  gpio.addChip('/dev/gpiochip0', 'pinctrl-bcm2711');
  gpio.hold(17, 'vigie');
  gpio.hold(22, 'spi0 CS0');
  tree.put('/dev/gpiochip0', '', 0o666);
  const { chips, lines, kernel } = lookAtGpio(pi, gpio.kernel, VIGIE, BOARD);
  assert.is(kernel, '6.12.47+rpt-rpi-v8');
  assert.equal(chips, [{ path: '/dev/gpiochip0', label: 'pinctrl-bcm2711', mayUse: true, group: OWN_GROUP }]);
  assert.equal(lines, [
    { line: 'GPIO17', holder: 'vigie' },
    { line: 'GPIO27', holder: undefined },
    { line: 'GPIO22', holder: 'spi0 CS0' },
  ]);
  assert.is(gpio.openDescriptors(), 0, 'nothing stays open');
  assert.equal(gpio.drivenOf(17), [], 'nothing was driven');
});

test('a chip that may not be opened has no label; without koffi the devices are named all the same', () => {
  const gpio = fakeGpio();
  gpio.addChip('/dev/gpiochip0', 'pinctrl-bcm2711');
  gpio.refuseChip('/dev/gpiochip0', 'EACCES');
  assert.is(lookAtGpio(pi, gpio.kernel, VIGIE, BOARD).chips[0]?.label, undefined);
  assert.is(lookAtGpio(pi, undefined, VIGIE, BOARD).chips[0]?.path, '/dev/gpiochip0');
  assert.equal(lookAtGpio(pi, undefined, VIGIE, BOARD).lines, []);
});

test.run();
