/**
 * The practice itself: where each contact, probe and wire of the simulated board stands. It outlives the controller, as
 * doors do: a controller that starts finds every line as it was left.
 */
import type { Config, DoorConfig, LineId, ZoneConfig, ZoneId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import { readingOf, readingOfValue, restingReadings } from '../../scenario/electric.ts';
import type { DemoCommand } from './commands.ts';

/** What to do on the board, in order. `afterMs`: after the one before. */
export type Act =
  | { readonly kind: 'put'; readonly zone: ZoneConfig; readonly reading: Reading; readonly afterMs: number }
  | { readonly kind: 'torn'; readonly zone: ZoneConfig; readonly torn: boolean; readonly afterMs: number };

export type Practice = {
  readonly apply: (act: Act) => void;
  readonly isTorn: (line: LineId) => boolean;
  readonly isActive: (zone: ZoneConfig) => boolean;
  /** For `run --sim-levels`. */
  readonly levels: () => string;
};

const sameReading = (one: Reading, other: Reading | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

export const makePractice = (config: Config): Practice => {
  const lines = new Map<LineId, Reading>(Object.entries(restingReadings(config)));
  const torn = new Set<LineId>();
  return {
    apply: (act) => {
      const { line } = act.zone;
      if (act.kind === 'put') lines.set(line, act.reading);
      else if (act.torn) torn.add(line);
      else torn.delete(line);
    },
    isTorn: (line) => torn.has(line),
    isActive: (zone) => !sameReading(readingOf(zone, 'normal') ?? { kind: 'lost' }, lines.get(zone.line)),
    levels: () =>
      JSON.stringify(
        Object.fromEntries([...lines].map(([line, reading]) => [line, torn.has(line) ? { kind: 'lost' } : reading])),
      ),
  };
};

/** The line of the socket that does it. */
export const requestOf = (act: Act): object => {
  const { line } = act.zone;
  if (act.kind === 'torn') return act.torn ? { tear: line } : { mend: line };
  if (act.reading.kind === 'ratio') return { analog: line, value: act.reading.ratio };
  return { set: line, level: act.reading.kind === 'level' ? act.reading.level : 0 };
};

// ---- what people do

const MOTION_MS = 1_500;
const PUSH_MS = 700;
const DOOR_MS = 1_000;
const LATCH_MS = 150;

const put = (zone: ZoneConfig, signal: 'normal' | 'active', afterMs = 0): readonly Act[] => {
  const reading = readingOf(zone, signal);
  return reading ? [{ kind: 'put', zone, reading, afterMs }] : [];
};

const latchOf = ({ doors, zones }: Config, zone: ZoneConfig): ZoneConfig | undefined => {
  const door = doors.find(({ contact }) => contact === zone.id);
  return door && zones.find(({ id }) => id === door.latch);
};

const isPresence = ({ type }: ZoneConfig): boolean => type === 'follower' || type === 'interior';

const pulse = (zone: ZoneConfig, ms: number): readonly Act[] => [...put(zone, 'active'), ...put(zone, 'normal', ms)];

/** A door opens with its bolt out of the strike. */
const open = (config: Config, zone: ZoneConfig): readonly Act[] => {
  if (isPresence(zone)) return pulse(zone, MOTION_MS);
  const latch = latchOf(config, zone);
  return [...(latch ? put(latch, 'active') : []), ...put(zone, 'active')];
};

const close = (config: Config, zone: ZoneConfig): readonly Act[] => {
  const latch = latchOf(config, zone);
  return [...put(zone, 'normal'), ...(latch ? put(latch, 'normal', LATCH_MS) : [])];
};

/** The leaf is shut, and the bolt stays out of the strike. */
const pushTo = (config: Config, zone: ZoneConfig): readonly Act[] => {
  const latch = latchOf(config, zone);
  return [...(latch ? put(latch, 'active') : []), ...put(zone, 'normal')];
};

const ofType = ({ zones }: Config, ...types: readonly ZoneConfig['type'][]): readonly ZoneConfig[] =>
  zones.filter(({ type }) => types.includes(type));

const entrance = (config: Config): ZoneConfig | undefined => {
  const doors = ofType(config, 'entry-exit');
  return doors.find(({ final }) => final) ?? doors[0];
};

const throughEntrance = (config: Config): readonly Act[] => {
  const door = entrance(config);
  return door ? [...put(door, 'active'), ...put(door, 'normal', DOOR_MS)] : [];
};

const crossing = (config: Config): readonly Act[] => ofType(config, 'follower').flatMap((zone) => pulse(zone, PUSH_MS));

/** Undefined: not a thing of the board. Empty: this site has nothing of the kind. */
export const actsOf = (config: Config, command: DemoCommand): readonly Act[] | undefined => {
  switch (command.verb) {
    case 'open':
      return open(config, command.zone);
    case 'close':
      return close(config, command.zone);
    case 'ajar':
      return pushTo(config, command.zone);
    case 'move':
      return pulse(command.zone, MOTION_MS);
    case 'press':
      return pulse(command.zone, PUSH_MS);
    case 'ring':
      return zonesOf(config, command.door.bells).flatMap((zone) => pulse(zone, PUSH_MS));
    case 'answer':
      return answer(config, command.door);
    case 'tear':
    case 'mend':
      return [{ kind: 'torn', zone: command.zone, torn: command.verb === 'tear', afterMs: 0 }];
    case 'temperature':
      return temperature(command.zone, command.value);
    case 'panic':
      return ofType(config, 'holdup-silent', 'holdup-audible').flatMap((zone) => pulse(zone, PUSH_MS));
    case 'key':
      return ofType(config, 'keyswitch').flatMap((zone) => pulse(zone, PUSH_MS));
    case 'leave':
      return [...crossing(config), ...throughEntrance(config)];
    case 'enter':
      return [...throughEntrance(config), ...crossing(config)];
    case 'cut':
    case 'restore':
      return command.supply === 'mains'
        ? ofType(config, 'mains').flatMap((zone) => put(zone, command.verb === 'cut' ? 'active' : 'normal'))
        : undefined;
    default:
      return undefined;
  }
};

const zonesOf = ({ zones }: Config, ids: readonly ZoneId[]): readonly ZoneConfig[] => zones.filter(({ id }) => ids.includes(id));

/** By one of the ways in that the door has: the interphone's relay or a button at the desk. */
const answer = (config: Config, { requests }: DoorConfig): readonly Act[] =>
  zonesOf(config, requests)
    .slice(-1)
    .flatMap((zone) => pulse(zone, PUSH_MS));

const temperature = (zone: ZoneConfig, value: number): readonly Act[] =>
  zone.sensing.kind === 'measure' ? [{ kind: 'put', zone, reading: readingOfValue(zone.sensing, value), afterMs: 0 }] : [];
