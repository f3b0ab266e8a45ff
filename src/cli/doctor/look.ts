/** Looks at the machine for the doctor's judgements: /proc, /sys, /dev, /etc, and systemd. Changes nothing. */
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { SiteFile } from '../../config/siteFile.ts';
import { lineInfo } from '../../drivers/gpio-chardev/chip.ts';
import type { Kernel } from '../../drivers/gpio-chardev/kernel.ts';
import { CHIP_INFO_BYTES, decodeChipInfo, GET_CHIP_INFO } from '../../drivers/gpio-chardev/uapi.ts';
import type { ClockFacts } from './clock.ts';
import type { DiskFacts, Mount, Wear } from './disk.ts';
import type { ChipSeen, GpioFacts, LineSeen } from './gpio.ts';
import type { Machine } from './machine.ts';
import { groupName, isOpenToOthers, mayRead, mayUse, personNamed } from './person.ts';
import type { Person } from './person.ts';
import { BY_ID } from './serial.ts';
import type { PortAsked, PortSeen, SerialFacts } from './serial.ts';
import type { ServiceFacts, UnitSeen } from './service.ts';

// ---- the service and its user

const SERVICE = 'vigie.service';
const USER = 'vigie';
const PROPERTIES = ['LoadState', 'ActiveState', 'NRestarts', 'WatchdogUSec', 'User'];

type Properties = ReadonlyMap<string, string>;

const unitProperties = (machine: Machine): Properties | undefined => {
  const text = machine.run('systemctl', ['show', SERVICE, `--property=${PROPERTIES.join(',')}`]);
  if (text === undefined) return undefined;
  return new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
};

/** Who runs the controller: the unit's user, else `vigie`, else whoever asks. */
export const servicePerson = (machine: Machine): Person => {
  const named = unitProperties(machine)?.get('User');
  const person = personNamed(machine, named === undefined || named === '' ? USER : named);
  if (person) return person;
  const { username, uid, gid } = userInfo();
  return personNamed(machine, username) ?? { name: username, uid, gids: [gid] };
};

const unitOf = (properties: Properties): UnitSeen => ({
  load: properties.get('LoadState') ?? '',
  active: properties.get('ActiveState') ?? '',
  restarts: Number(properties.get('NRestarts') ?? 0),
  hasWatchdog: !['', '0', 'infinity', undefined].includes(properties.get('WatchdogUSec')),
});

const FIRMWARE = '/sys/devices/platform/soc/soc:firmware/get_throttled';
const HWMON = '/sys/class/hwmon';
const UNDER_VOLTAGE_SEEN = 1 << 16;

const hexIn = (text: string | undefined): number | undefined => {
  const [, digits] = /(?:0x)?([0-9a-f]+)\s*$/i.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
};

/** raspberrypi-hwmon: its alarm says that the supply was too weak at some time. */
const hwmonAlarm = (machine: Machine): number | undefined => {
  const name = machine.list(HWMON).find((entry) => machine.text(`${HWMON}/${entry}/name`)?.trim() === 'rpi_volt');
  const alarm = name === undefined ? undefined : machine.text(`${HWMON}/${name}/in0_lcrit_alarm`)?.trim();
  return alarm === undefined ? undefined : alarm === '0' ? 0 : UNDER_VOLTAGE_SEEN;
};

const numberIn = (text: string | undefined): number | undefined => {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
};

export const lookAtService = (machine: Machine): ServiceFacts => {
  const properties = unitProperties(machine);
  return {
    unit: properties && unitOf(properties),
    hasWatchdogDevice: machine.file('/dev/watchdog') !== undefined,
    throttled: hexIn(machine.run('vcgencmd', ['get_throttled'])) ?? hexIn(machine.text(FIRMWARE)) ?? hwmonAlarm(machine),
    milliDegrees: numberIn(machine.text('/sys/class/thermal/thermal_zone0/temp')),
  };
};

// ---- pins

const labelOf = (kernel: Kernel, path: string): string | undefined => {
  const opened = kernel.open(path);
  if (!opened.ok) return undefined;
  const bytes = new Uint8Array(CHIP_INFO_BYTES);
  const error = kernel.ioctl(opened.value, GET_CHIP_INFO, bytes);
  kernel.close(opened.value);
  return error === undefined ? decodeChipInfo(bytes).label : undefined;
};

const chipsOf = (machine: Machine, kernel: Kernel | undefined, person: Person): readonly ChipSeen[] => {
  const devices = machine.list('/dev').filter((name) => /^gpiochip\d+$/.test(name));
  const paths = kernel ? kernel.chipPaths() : devices.map((name) => `/dev/${name}`);
  return paths.map((path) => {
    const file = machine.file(path);
    return {
      path,
      label: kernel && labelOf(kernel, path),
      mayUse: file !== undefined && mayUse(person, file),
      group: file && groupName(machine, file.gid),
    };
  });
};

const linesOf = (kernel: Kernel | undefined, board: SiteFile['board'], chips: readonly ChipSeen[]): readonly LineSeen[] => {
  if (!kernel || board.driver === 'sim') return [];
  const chip = chips.find(({ label }) => label === board.chipLabel);
  const opened = chip && kernel.open(chip.path);
  if (!chip || !opened?.ok) return [];
  const open = { descriptor: opened.value, path: chip.path, lines: 0 };
  const lines = Object.entries(board.offsets).map(([line, offset]) => {
    const info = lineInfo(kernel, open, offset);
    return { line, holder: info.ok && info.value.isUsed ? info.value.consumer : undefined };
  });
  kernel.close(opened.value);
  return lines;
};

export const lookAtGpio = (machine: Machine, kernel: Kernel | undefined, person: Person, board: SiteFile['board']): GpioFacts => {
  const chips = chipsOf(machine, kernel, person);
  return {
    board,
    kernel: machine.text('/proc/sys/kernel/osrelease')?.trim() ?? '0',
    user: person.name,
    chips,
    lines: linesOf(kernel, board, chips),
  };
};

// ---- serial ports and input devices

const lookAtPort = (machine: Machine, person: Person, names: SerialFacts['names'], asked: PortAsked): PortSeen => {
  const file = machine.file(asked.port);
  const device = machine.real(asked.port);
  const may = asked.kind === 'input' ? mayRead : mayUse;
  return {
    ...asked,
    isThere: file !== undefined,
    mayUse: file !== undefined && may(person, file),
    group: file && groupName(machine, file.gid),
    byId: names[asked.kind].find((name) => device !== undefined && machine.real(`${BY_ID[asked.kind]}/${name}`) === device),
  };
};

export const lookAtSerial = (machine: Machine, person: Person, asked: readonly PortAsked[]): SerialFacts => {
  const names = { serial: machine.list(BY_ID.serial), input: machine.list(BY_ID.input) };
  return { user: person.name, ports: asked.map((port) => lookAtPort(machine, person, names, port)), names };
};

// ---- the clock

/** The same marks as the controller looks for (src/drivers/clock). */
const SYNCHRONISED = ['/run/systemd/timesync/synchronized', '/run/chrony/synchronized'];
const RTC = '/sys/class/rtc';

const knowsZone = (timezone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).format(0) !== '';
  } catch {
    return false;
  }
};

export const lookAtClock = (machine: Machine, timezone: string | undefined): ClockFacts => {
  const [keeper] = machine.list(RTC);
  const seconds = keeper === undefined ? undefined : numberIn(machine.text(`${RTC}/${keeper}/since_epoch`));
  return {
    wallMs: Date.now(),
    isSynchronised: SYNCHRONISED.some((path) => machine.file(path) !== undefined),
    hasKeeper: keeper !== undefined,
    keptMs: seconds === undefined ? undefined : seconds * 1_000,
    timezone,
    knowsTimezone: timezone !== undefined && knowsZone(timezone),
  };
};

// ---- the disk

type MountRow = Mount & { readonly device: string; readonly place: string };

/** A line of /proc/self/mountinfo: proc(5). Options of the mount and of the file system together. */
const mountRow = (line: string): MountRow | undefined => {
  const [before = '', after = ''] = line.split(' - ');
  const [, , device, , place, options = ''] = before.split(' ');
  const [type, source, others = ''] = after.split(' ');
  if (device === undefined || place === undefined || type === undefined || source === undefined) return undefined;
  return { device, place, type, source, options: [...options.split(','), ...others.split(',')] };
};

const holds = (place: string, path: string): boolean => place === '/' || path === place || path.startsWith(`${place}/`);

const mountOf = (machine: Machine, path: string): MountRow | undefined =>
  (machine.text('/proc/self/mountinfo') ?? '')
    .split('\n')
    .map(mountRow)
    .filter((row) => row !== undefined)
    .filter(({ place }) => holds(place, path))
    // The longest place is nearest; of several on one place the last one covers the others.
    .reduce<MountRow | undefined>((best, row) => (best && best.place.length > row.place.length ? best : row), undefined);

const wearOf = (machine: Machine, device: string): Wear | undefined => {
  const [disk] = /mmcblk\d+/.exec(machine.real(`/sys/dev/block/${device}`) ?? '') ?? [];
  if (disk === undefined) return undefined;
  const told = machine.text(`/sys/block/${disk}/device/life_time`)?.trim().split(/\s+/).map(Number) ?? [];
  const preEol = machine.text(`/sys/block/${disk}/device/pre_eol_info`)?.trim();
  const isTold = told.some((tenths) => tenths > 0) || Number(preEol ?? 0) > 0;
  return isTold ? { lifeTime: told, preEol: preEol === undefined ? undefined : Number(preEol) } : undefined;
};

/** Where the folder is, or will be. */
const nearest = (machine: Machine, path: string): string =>
  machine.file(path) !== undefined || path === '/' ? path : nearest(machine, dirname(path));

export const lookAtDisk = (machine: Machine, person: Person, folder: string | undefined): DiskFacts => {
  const place = folder === undefined ? undefined : nearest(machine, folder);
  const mount = place === undefined ? undefined : mountOf(machine, machine.real(place) ?? place);
  const file = folder === undefined ? undefined : machine.file(folder);
  return {
    folder,
    user: person.name,
    seen: file && { mayUse: mayUse(person, file), isOpenToOthers: isOpenToOthers(file), isFolder: file.isFolder },
    space: place === undefined ? undefined : machine.space(place),
    mount: mount && { source: mount.source, type: mount.type, options: mount.options },
    wear: mount && wearOf(machine, mount.device),
  };
};
