/**
 * The rooms of the house and what each may reach. Arrows point inward: a core that knows nothing of the world, a shell around it.
 * A *room* is a folder directly under `src`, each folder under `src/drivers`, or a file directly under `src`.
 */

export type Room = {
  /** Rooms whose every module may be imported. */
  readonly rooms: readonly string[];
  /** May import the core's vocabulary: its types, and the values of the modules in `VOCABULARY`. */
  readonly vocabulary: boolean;
  readonly packages: 'any' | readonly string[];
  /** May import `node:*`. */
  readonly node: boolean;
  /** No clock, timer, randomness, environment or promise: the same input always gives the same output. */
  readonly pure: boolean;
  /** May read arguments and environment, and end the process. */
  readonly process: boolean;
};

/** Modules of the core that say what words mean and decide nothing. */
export const VOCABULARY: ReadonlySet<string> = new Set(
  ['time', 'config', 'event', 'input', 'state', 'site', 'schedule'].map((name) => `src/core/${name}.ts`),
);

const CLOSED: Room = { rooms: [], vocabulary: true, packages: [], node: false, pure: false, process: false };
const PURE: Room = { ...CLOSED, pure: true };
const OPEN: Room = { rooms: ['*'], vocabulary: true, packages: 'any', node: true, pure: false, process: true };

const ROOMS: Readonly<Record<string, Room>> = {
  core: { ...PURE, vocabulary: false },
  calendar: PURE,
  protocol: PURE,
  paths: { ...PURE, rooms: ['protocol'] },
  config: { ...PURE, packages: ['yaml', 'zod'] },
  scenario: { ...PURE, rooms: ['core', 'calendar', 'protocol', 'paths'], packages: ['yaml'] },
  ports: CLOSED,
  drivers: { ...CLOSED, rooms: ['ports', 'protocol'], packages: 'any', node: true },
  runtime: { ...CLOSED, rooms: ['core', 'calendar', 'paths', 'protocol', 'ports'] },
  console: { ...CLOSED, rooms: ['ports'], packages: ['hono', '@hono/node-server'], node: true },
  cli: OPEN,
  'main.ts': OPEN,
  'restOutputs.ts': OPEN,
};

/** `src/drivers/sim/board.ts` is in the room `drivers/sim`, `src/core/zone/arm.ts` in `core`; a file outside `src` in none. */
export const roomOf = (path: string): string | undefined => {
  const [top, room, inner, ...rest] = path.split('/');
  if (top !== 'src' || room === undefined) return undefined;
  return room === 'drivers' && inner !== undefined && rest.length > 0 ? `drivers/${inner}` : room;
};

export const rulesOf = (room: string): Room | undefined => ROOMS[room.startsWith('drivers/') ? 'drivers' : room];
