/**
 * A bench for the tables of a door that locks: brings the entrance into each of its modes, lets one thing happen, and reads
 * what the door is in, what its lock does and what was told, as one line.
 */
import type { DoorConfig, LockKind } from '../../src/core/config.ts';
import { doorModeOf, lockStatusOf } from '../../src/core/door/status.ts';
import { must } from '../../src/core/frame.ts';
import type { DoorMode } from '../../src/core/state.ts';
import { HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { FREE_HOURS, doorSite, freeAccess } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import { askToArm, at, close, feed, give, heard, open, output, pass, pulse, restart, world } from '../support/world.ts';
import type { World } from '../support/world.ts';

export const ACCESS = { entry: ['rue'], exit: ['dedans'], credential: 'either', persons: 1, antiPassbackMs: undefined } as const;

export const bench = (kind: LockKind, change: Partial<DoorConfig> = {}): World => {
  const access = { ...ACCESS, freeAccess: freeAccess(false) };
  return world(doorSite(kind, { access, ...change }, { areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] }));
};

export const rue = (made: World, id = 'rue') => must(made.site.doors.get(id), id);
export const modeOf = (made: World, id = 'rue'): string => doorModeOf(made.site, made.state, rue(made, id));
export const lockOf = (made: World, id = 'rue'): string => lockStatusOf(made.site, made.state, rue(made, id));

/** What the lock's outputs do: `on` or `off`, of a motor the way it turns. */
export const levelOf = (made: World, id = 'rue'): string => {
  if (rue(made, id).config.lock?.kind !== 'motor') return output(made, `${id}-gache`) === 'on' ? 'on' : 'off';
  const ways = [`${id}-ouvre`, `${id}-ferme`].map((way) => output(made, way));
  if (ways.every((way) => way === 'on')) return 'both ways at once';
  return ways[0] === 'on' ? 'opens' : ways[1] === 'on' ? 'closes' : 'rests';
};

/** The motor does what it is driven to. */
export const turn = (made: World): void => {
  const level = levelOf(made);
  if (level === 'opens') open(made, 'pene');
  if (level === 'closes') close(made, 'pene');
};

/** The leaf and its latch, as they move together. */
export const openLeaf = (made: World): void => {
  open(made, 'rue-pene');
  open(made, 'rue');
};

export const shut = (made: World): void => {
  close(made, 'rue');
  close(made, 'rue-pene');
};

// ---- acts

const wallNow = ({ state, now }: World): number => now + state.durable.clock.offsetMs;

/** Hours of free access from `fromMs` to `toMs` after now. */
export const hours = (made: World, fromMs: number, toMs: number): void => {
  const now = wallNow(made);
  const window = { schedule: FREE_HOURS, from: wall(now + fromMs), to: wall(now + toMs) };
  feed(made, { kind: 'calendar', windows: [window], until: wall(now + 48 * HOUR) });
};

export const noHours = (made: World): void =>
  feed(made, { kind: 'calendar', windows: [], until: wall(wallNow(made) + 48 * HOUR) });

const CODE = { verb: 'code' } as const;

export const enter = (made: World, user: string | undefined, by: 'code' | 'badge' = 'code', reader = 'rue'): void =>
  give(made, CODE, { ...(user !== undefined && { user }), way: at(reader), by });

export const command = (made: World, mode: DoorMode, user = 'doc'): void => {
  const { number } = must(made.site.zones.get('rue'), 'rue').config;
  give(made, { verb: 'door-mode', zone: number, mode }, { user });
};

export const acknowledge = (made: World, user = 'doc'): void => give(made, { verb: 'acknowledge' }, { user });

export const unlockRemotely = (made: World, door = 'rue', operator = 'centre-1'): void =>
  feed(made, { kind: 'remote-unlock', command: 'c1', operator, door });

export const set = (made: World): void => askToArm(made, 'full', { override: true, inhibit: [] }, { user: 'doc' });
export const unset = (made: World): void => give(made, { verb: 'disarm', areas: [] }, { user: 'doc' });

/** What happens in a table's row. `first`: what has to go before it, and is not what the row is about. */
type Act = { readonly first?: (made: World) => void; readonly happens: (made: World) => void };

const only = (happens: Act['happens']): Act => ({ happens });

export const ACTS = {
  'exit button': only((made) => pulse(made, 'sortie')),
  interphone: only((made) => pulse(made, 'interphone')),
  'code at the reader': only((made) => enter(made, 'claire')),
  'badge at the reader': only((made) => enter(made, 'claire', 'badge')),
  'badge at the exit reader': only((made) => enter(made, 'claire', 'badge', 'dedans')),
  'unlock from afar': only((made) => unlockRemotely(made)),
  'code of nobody': only((made) => enter(made, undefined)),
  'code of a neighbour': only((made) => enter(made, 'voisin')),
  'bell rings': only((made) => pulse(made, 'sonnette')),
  'handle turned': only((made) => open(made, 'bequille')),
  'leaf opens': only((made) => open(made, 'rue')),
  'leaf closes': { first: (made) => open(made, 'rue'), happens: (made) => close(made, 'rue') },
  'latch lets go': only((made) => open(made, 'rue-pene')),
  'latch engages': { first: (made) => open(made, 'rue-pene'), happens: (made) => close(made, 'rue-pene') },
  'five seconds pass': only((made) => pass(made, 5 * SECOND)),
  'opened, half a second': { first: (made) => open(made, 'rue'), happens: (made) => pass(made, 500) },
  'area set': only(set),
  'area unset': { first: set, happens: unset },
  'box pulled': only((made) => open(made, 'boitier')),
  'box back': { first: (made) => open(made, 'boitier'), happens: (made) => close(made, 'boitier') },
  'box back, acknowledged': { first: (made) => pulse(made, 'boitier'), happens: (made) => acknowledge(made) },
  'acknowledged, box pulled': { first: (made) => open(made, 'boitier'), happens: (made) => acknowledge(made) },
  fire: only((made) => open(made, 'feu')),
  'fire over': { first: (made) => open(made, 'feu'), happens: (made) => close(made, 'feu') },
  'fire over, acknowledged': { first: (made) => pulse(made, 'feu'), happens: (made) => acknowledge(made) },
  'hours begin': { first: (made) => hours(made, 1, HOUR), happens: (made) => pass(made, 1) },
  'hours end': { first: (made) => hours(made, -HOUR, 1), happens: (made) => pass(made, 1) },
  blocked: only((made) => command(made, 'blocked')),
  'locked down': only((made) => command(made, 'locked-down')),
  'locked open': only((made) => command(made, 'locked-open')),
  locked: only((made) => command(made, 'locked')),
  'locked by staff': only((made) => command(made, 'locked', 'claire')),
  restart: only((made) => restart(made)),
  'power cut': only((made) => restart(made, 'machine', MINUTE)),
} as const satisfies Readonly<Record<string, Act>>;

export type ActName = keyof typeof ACTS;

/** How the door comes into each of its modes. */
export const MODES = {
  locked: () => undefined,
  unlocked: (made: World) => hours(made, -MINUTE, HOUR),
  accessed: (made: World) => enter(made, 'claire'),
  blocked: (made: World) => command(made, 'blocked'),
  'locked-down': (made: World) => command(made, 'locked-down'),
  'locked-open': (made: World) => command(made, 'locked-open'),
  'freed by its box': (made: World) => open(made, 'boitier'),
  'freed by fire': (made: World) => open(made, 'feu'),
} as const;

export type ModeName = keyof typeof MODES;

const brought = (kind: LockKind, mode: ModeName, change: Partial<DoorConfig>): World => {
  const made = bench(kind, change);
  MODES[mode](made);
  turn(made);
  pass(made, 1);
  return made;
};

/** What a row of the table says: mode, lock, outputs, then what was told. */
export const rowOf = (kind: LockKind, mode: ModeName, act: ActName, change: Partial<DoorConfig> = {}): string => {
  const made = brought(kind, mode, change);
  const { first, happens }: Act = ACTS[act];
  first?.(made);
  turn(made);
  heard(made);
  happens(made);
  const told = heard(made).map((event) => (event.reason === undefined ? event.kind : `${event.kind}:${event.reason}`));
  return [modeOf(made), lockOf(made), levelOf(made), ...told].join(' ');
};

export type Row = { readonly mode: ModeName; readonly act: ActName; readonly row: string };

const isAct = (text: string): text is ActName => text in ACTS;
const isMode = (text: string): text is ModeName => text in MODES;

/** Tables as text, `act | row`, one act a line; what names no act or no mode is a mistake of the table. */
export const parseTable = (tables: Partial<Record<ModeName, string>>): readonly Row[] =>
  Object.entries(tables).flatMap(([mode, text]) =>
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [act = '', row = ''] = line.split('|').map((part) => part.trim());
        if (!isAct(act) || !isMode(mode)) throw new Error(`no such row: ${mode}: ${line}`);
        return { mode, act, row };
      }),
  );
