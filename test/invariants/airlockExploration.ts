/**
 * The space of an airlock: a street door held by a maglock, an inner door with a strike, either way in and out, fire, the
 * door's modes, codes, ordinary and under duress; time, and restarts. Wide: an operator, a latch, a handle, and more.
 *
 * Its abstract state: what each door and its lock are, the levels, and the deadlines of releases and waits in their order.
 * What only tells does not count, neither the ladder of a leaf left open nor the airlock's time-out, nor what the coil of the
 * strike has behind it: they decide what is heard and what is driven, never who goes in and out.
 */
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import type { DoorState, LockState, Release, State } from '../../src/core/state.ts';
import { DAY, SECOND } from '../../src/core/time.ts';
import { lockConfig } from '../support/doorSite.ts';
import { areaConfig, doorConfig, keypadConfig, practiceConfig, userConfig, zoneConfig } from '../support/site.ts';
import type { Config, DoorConfig } from '../../src/core/config.ts';
import { of } from './model.ts';
import { timerEnds } from './search.ts';
import type { Deed, Space } from './search.ts';
import type { Act, Run } from './trace.ts';

// ---- the site

/** `wide`: with a latch in the street door and a handle contact in the inner one, for the script. */
const streetDoor = (wide: boolean): DoorConfig =>
  doorConfig('rue', 'rue', wide ? 'gache' : undefined, {
    lock: lockConfig('maglock'),
    egress: 'hardware-release',
    access: {
      entry: ['rue'],
      exit: [],
      credential: 'either',
      persons: 1,
      antiPassbackMs: undefined,
      freeAccess: undefined,
    },
    exitRequest: { zone: 'sortie', action: 'release' },
    interlock: 'sas',
    preAlarmMs: 0,
  });

const innerDoor = (wide: boolean): DoorConfig =>
  doorConfig('sas', 'sas', undefined, {
    lock: lockConfig('strike-fail-secure', { extendedMs: 5 * SECOND, relockOn: 'close' }),
    egress: 'handle',
    exitRequest: { zone: 'sas-sortie', action: 'release' },
    permits: wide ? ['bequille'] : [],
    requests: ['bureau'],
    interlock: 'sas',
    remote: true,
    preAlarmMs: 0,
  });

const zonesOf = (wide: boolean): Config['zones'] => [
  zoneConfig('rue', 'exit-guard'),
  zoneConfig('sortie', 'exit-request'),
  zoneConfig('sas', 'exit-guard'),
  zoneConfig('sas-sortie', 'exit-request'),
  zoneConfig('bureau', 'door-request'),
  zoneConfig('feu', 'fire-sense'),
  ...(wide ? [zoneConfig('gache', 'latch'), zoneConfig('bequille', 'door-permit')] : []),
];

const lockOutput = (door: string, change: { readonly maxOnMs: number | undefined; readonly minOffMs: number }) => ({
  id: door,
  name: door,
  line: `out-${door}`,
  role: { kind: 'lock' as const, door, drive: undefined },
  restLevel: 0 as const,
  onCrash: 'rest' as const,
  ...change,
});

const airlockConfig = (wide: boolean): Config => {
  const base = practiceConfig();
  return {
    ...base,
    areas: [areaConfig('cabinet')],
    zones: zonesOf(wide).map((zone, index) => ({ ...zone, number: index + 1 })),
    doors: [streetDoor(wide), innerDoor(wide)],
    outputs: [
      lockOutput('rue', { maxOnMs: undefined, minOffMs: 0 }),
      lockOutput('sas', { maxOnMs: 10 * SECOND, minOffMs: 2 * SECOND }),
    ],
    keypads: [keypadConfig('entree'), keypadConfig('rue', { areas: [], place: 'outside' })],
    users: [userConfig('doc', { role: 'owner', doors: ['rue'] }), userConfig('claire', { doors: ['rue'] })],
    operators: [{ id: 'centre', name: 'Centre', doors: ['sas'], hours: undefined, perHour: 60 }],
    supervision: { ...base.supervision, testReportMs: 36_500 * DAY },
  };
};

// ---- what can happen

const code = (user: string, keypad: string, change: Partial<Extract<Act, { do: 'code' }>>): Act => ({
  do: 'code',
  user,
  meaning: 'normal',
  way: { kind: 'keypad', keypad },
  by: 'code',
  request: { verb: 'code' },
  delayMs: 0,
  ...change,
});

const ENTER = code('claire', 'rue', {});
const DURESS = code('claire', 'rue', { meaning: 'duress' });
const ACKNOWLEDGE = code('doc', 'entree', { request: { verb: 'acknowledge' } });
const REMOTE: Act = { do: 'unlock', operator: 'centre', door: 'sas' };
const RESTART: Act = { do: 'restart', cause: 'process', goneMs: 0, stateLost: false };

const STREET_NUMBER = 1;
const mode = (to: 'blocked' | 'locked-open' | 'locked'): Deed => [
  code('doc', 'entree', { request: { verb: 'door-mode', zone: STREET_NUMBER, mode: to } }),
];

const read = (line: string, level: 0 | 1): Act => ({ do: 'read', line, reading: { kind: 'level', level } });

/** Buttons are pressed and let go; for the script one of them may stick. */
const press = (zone: string): Deed => [read(`line-${zone}`, 1), read(`line-${zone}`, 0)];

const toggle = (run: Run, line: string): Deed => {
  const reading = run.lines.get(line);
  return [read(line, reading?.kind === 'level' && reading.level === 1 ? 0 : 1)];
};

const deedsOf = (wide: boolean): Space['deeds'] => {
  const pressed = wide ? ['sortie', 'bureau'] : ['sortie', 'sas-sortie', 'bureau'];
  const orders: readonly Deed[] = [[ENTER], [ACKNOWLEDGE], [RESTART], mode('blocked'), mode('locked')];
  const others = [...pressed.map(press), ...orders, ...(wide ? [[DURESS] as const, [REMOTE] as const, mode('locked-open')] : [])];
  return (run) => {
    const moved = run.site.config.zones.filter(({ id }) => !pressed.includes(id));
    return [...moved.map(({ line }) => toggle(run, line)), ...others];
  };
};

// ---- abstraction

const releaseKey = (release: Release | undefined): unknown =>
  release && [release.cause, release.opened, release.egress, release.command !== undefined];

const lockKey = ({ release, passage, permitted, exitWaits }: LockState): unknown => [
  releaseKey(release),
  passage !== undefined,
  permitted,
  exitWaits,
];

/** Openings are counted towards a latch that never moves: where none is wired they say nothing. */
const doorKey = (door: DoorState, hasLatch: boolean): unknown => [
  [door.mode, door.forced, door.egressHeld, door.emergency, door.exitRequestStuck, door.leafSeen],
  hasLatch && [door.latchFault, door.latchSeen],
];

const key = (site: Site, { durable, volatile }: State): unknown => [
  durable.doors.map((door, index) => doorKey(door, of(site.config.doors[index]).latch !== undefined)),
  volatile.locks.map(lockKey),
  durable.zones.map(({ signal }) => signal),
];

const COUNTED: ReadonlySet<string> = new Set([
  'door-release',
  'door-relock',
  'door-exit-wait',
  'door-permit',
  'door-latch',
  'exit-stuck',
]);
const kindOf = (name: string): string => name.split(' ')[0] ?? '';

/** A button that sticks ends nothing else. */
const apart = (name: string): number => (kindOf(name) === 'exit-stuck' ? 1 : 0);

export const airlockSpace = (wide = false): Space => ({
  site: siteOf(airlockConfig(wide)),
  deeds: deedsOf(wide),
  ends: (_site, state) => timerEnds(state).filter(([name]) => COUNTED.has(kindOf(name))),
  apart,
  key,
  codes: [ENTER, DURESS],
  label: ({ volatile, durable }) => {
    if (durable.site.fireActive.length > 0) return 'fire';
    if (volatile.locks.some(({ exitWaits }) => exitWaits)) return 'waiting';
    return volatile.locks.some(({ release }) => release) ? 'released' : 'quiet';
  },
});
