/**
 * A door station as inputs of the controller: `<station>.ring`, `<station>.open`, `<station>.tamper`.
 *
 * - A press is level 1 for `PULSE_MS`, then 0. What it asks for is the core's to grant or to refuse, as with the dry contact of
 *   an interphone; the station's own relay is never worked from here.
 * - A station that is not heard within the supervision time makes its lines `lost`; when it is heard again they begin at rest,
 *   and what happened meanwhile is not told. `tamper` alone begins as the station says that it is.
 * - A station that is missing or wrong never fails `open`, ends the process or throws.
 */
import type { LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import { POINTS } from '../../protocol/stations/event.ts';
import type { StationEvent, StationPoint } from '../../protocol/stations/event.ts';
import type { Level, LineProblem, LineRequest, Lines, LinesListener, Opened } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { Timers } from '../../ports/player.ts';
import { doorBirdSession } from './doorBirdSession.ts';
import { httpTransport } from './http.ts';
import type { MakeTransport } from './http.ts';
import { makeLink } from './link.ts';
import type { Link } from './link.ts';
import type { Remark, Session, SessionListener } from './session.ts';
import { readSecrets } from './settings.ts';
import type { StationSettings } from './settings.ts';
import { failed } from './transport.ts';
import type { Failed, Failure, Transport } from './transport.ts';
import { twoNSession } from './twoNSession.ts';
import type { TwoNMemory } from './twoNSession.ts';
import { said } from './words.ts';

export const PULSE_MS = 500;
/** How long `open` waits to know whether the station is there. */
const PATIENCE_MS = 3_000;
const REMARK_EVERY_MS = 10_000;

export type StationOptions = {
  readonly station: StationSettings;
  readonly timers: Timers;
  readonly log: Log;
  readonly patienceMs?: number;
  /** In place of HTTP. */
  readonly makeTransport?: MakeTransport;
};

type Room = {
  readonly options: StationOptions;
  /** By line, while it is open. */
  readonly points: Map<LineId, StationPoint>;
  /** What each line says while the station is heard. */
  readonly levels: Map<StationPoint, Level>;
  readonly pulses: Map<StationPoint, () => void>;
  readonly memory: TwoNMemory;
  listener: LinesListener | undefined;
  link: Link | undefined;
  /** What the log was told last. */
  told: Failure | 'up' | undefined;
  /** How the last session ended. */
  trouble: Failed | undefined;
  remarkAtMs: number;
  /** Ends the waiting of `open`; undefined: nobody waits, and changes are told. */
  settle: (() => void) | undefined;
};

const LOST: Reading = { kind: 'lost' };

// ---- what is told

const readingOf = (room: Room, point: StationPoint): Reading =>
  room.link?.isFound() ? { kind: 'level', level: room.levels.get(point) ?? 0 } : LOST;

const tell = (room: Room, point: StationPoint, reading: Reading): void => {
  if (room.settle) return;
  for (const [line, own] of room.points) {
    if (own === point) room.listener?.onReading(line, reading, room.options.timers.now());
  }
};

const put = (room: Room, point: StationPoint, level: Level): void => {
  if ((room.levels.get(point) ?? 0) === level) return;
  room.levels.set(point, level);
  if (room.link?.isFound()) tell(room, point, { kind: 'level', level });
};

/** A press during a press makes it longer: nobody presses twice in half a second and means two things. */
const pulse = (room: Room, point: StationPoint): void => {
  room.pulses.get(point)?.();
  put(room, point, 1);
  room.pulses.set(
    point,
    room.options.timers.later(PULSE_MS, () => put(room, point, 0)),
  );
};

const onEvent = (room: Room, event: StationEvent): void => {
  if (event.kind === 'tamper') put(room, 'tamper', event.on ? 1 : 0);
  else pulse(room, event.kind);
};

const endPulses = (room: Room): void => {
  for (const [point, cancel] of room.pulses) {
    cancel();
    room.levels.set(point, 0);
  }
  room.pulses.clear();
};

const tellAll = (room: Room): void => {
  for (const point of new Set(room.points.values())) tell(room, point, readingOf(room, point));
};

// ---- the log

const say = (room: Room, what: Failure | 'up', detail: string): void => {
  const { log, station } = room.options;
  if (room.told === what) return;
  room.told = what;
  const { level, message } = said(what);
  log(level, message, { station: station.id, url: station.url, ...(detail !== '' && { detail }) });
};

/** Somebody who plays with a card at the station may do so many times. */
const remark = (room: Room, seen: Remark | Failed): void => {
  const { log, station, timers } = room.options;
  if (timers.now() - room.remarkAtMs < REMARK_EVERY_MS) return;
  room.remarkAtMs = timers.now();
  if ('failure' in seen) {
    const { level, message } = said(seen.failure);
    return log(level, message, { station: station.id, detail: seen.detail });
  }
  if (seen.kind === 'repeated')
    return log('warn', 'the door station told events again: they count once', { station: station.id, events: seen.count });
  return log('info', 'the switch of the door station was worked by what `openedBy` does not name: nothing is opened', {
    station: station.id,
    originator: seen.originator,
  });
};

// ---- the link

const nothing: Session = { close: () => {} };

/** The transport, or why there can be none. */
const transportOf = ({ station, timers, makeTransport = httpTransport }: StationOptions): Transport | Failed => {
  const secrets = readSecrets(station);
  if (!secrets.ok) return secrets;
  try {
    return makeTransport(station, secrets, timers);
  } catch (error) {
    return failed('no-certificate', String(error));
  }
};

const startSession = (room: Room, listener: SessionListener): Session => {
  const { station, timers } = room.options;
  const transport = transportOf(room.options);
  if ('failure' in transport) {
    listener.onFailed(transport);
    return nothing;
  }
  const onFailed = (reason: Failed): void => {
    transport.close();
    listener.onFailed(reason);
  };
  const options = { transport, timers, listener: { ...listener, onFailed } };
  const points = new Set(room.points.values());
  const session = station.kind === '2n' ? twoNSession(options, station, points, room.memory) : doorBirdSession(options);
  return {
    close: () => {
      session.close();
      transport.close();
    },
  };
};

/** A trouble that is mended before the station is lost is nobody's business. */
const onFailed = (room: Room, reason: Failed): void => {
  const { failure, detail } = reason;
  room.trouble = reason;
  if (!room.link?.isFound()) say(room, failure, detail);
  else if (said(failure).level !== 'error') remark(room, reason);
  // Whatever can be wrong with a station is known now: who waits for it need not wait longer.
  room.settle?.();
};

const connect = (room: Room): Link =>
  makeLink({
    timers: room.options.timers,
    start: (listener) => startSession(room, listener),
    listener: {
      onFound: () => {
        say(room, 'up', '');
        tellAll(room);
        room.settle?.();
      },
      onLost: () => {
        say(room, room.trouble?.failure ?? 'timeout', room.trouble?.detail ?? '');
        endPulses(room);
        tellAll(room);
      },
      onEvent: (event) => onEvent(room, event),
      onRemark: (seen) => remark(room, seen),
      onFailed: (reason) => onFailed(room, reason),
    },
  });

// ---- the port `Lines`

const pointOf = ({ id, kind }: StationSettings, line: LineId): StationPoint | undefined =>
  POINTS[kind].find((point) => line === `${id}.${point}`);

const problemsOf = (station: StationSettings, requests: readonly LineRequest[]): readonly LineProblem[] => {
  const taken = new Set<LineId>();
  return requests.flatMap(({ line, direction }): LineProblem[] => {
    const isTaken = taken.has(line);
    taken.add(line);
    if (isTaken) return [{ line, trouble: 'requested-twice', detail: 'two parts of the config name it' }];
    if (pointOf(station, line) === undefined)
      return [{ line, trouble: 'no-such-line', detail: `a station of the kind ${station.kind} does not tell this` }];
    if (direction === 'input') return [];
    return [{ line, trouble: 'wrong-direction', detail: 'a door station tells and takes no orders' }];
  });
};

const firstAttempt = (room: Room): Promise<void> =>
  new Promise((resolve) => {
    const { timers, patienceMs = PATIENCE_MS } = room.options;
    const cancel = timers.later(patienceMs, () => room.settle?.());
    room.settle = () => {
      cancel();
      room.settle = undefined;
      resolve();
    };
    room.link = connect(room);
  });

const open = async (room: Room, requests: readonly LineRequest[], listener: LinesListener): Promise<Opened> => {
  const { station } = room.options;
  const problems = problemsOf(station, requests);
  if (problems.length > 0) return { ok: false, problems };
  for (const { line } of requests) {
    const point = pointOf(station, line);
    if (point) room.points.set(line, point);
  }
  room.listener = listener;
  await firstAttempt(room);
  return { ok: true };
};

const close = (room: Room): Promise<void> => {
  room.listener = undefined;
  endPulses(room);
  room.link?.close();
  room.link = undefined;
  room.settle?.();
  room.points.clear();
  return Promise.resolve();
};

export const stationLines = (options: StationOptions): Lines => {
  const room: Room = {
    options,
    points: new Map(),
    levels: new Map(),
    pulses: new Map(),
    memory: { marks: [] },
    listener: undefined,
    link: undefined,
    told: undefined,
    trouble: undefined,
    remarkAtMs: -Infinity,
    settle: undefined,
  };
  return {
    open: async (requests, listener) => open(room, requests, listener),
    read: (line) => {
      const point = room.points.get(line);
      return point === undefined ? LOST : readingOf(room, point);
    },
    // No output of a station is ever opened, so that whatever is written here was written to the wrong line.
    write: (line) => room.listener?.onOutputTrouble(line, room.points.has(line) ? 'wrong-direction' : 'no-such-line'),
    close: async () => close(room),
  };
};
