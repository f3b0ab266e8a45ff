/**
 * An Arduino that speaks Firmata as more inputs and outputs of the controller, over a guarded link (`link.ts`).
 *
 * johnny-five is the way to the board: its `Board` makes the connection ready, its `Relay` moves each output. Inputs are
 * heard from the Firmata object below it, because its `Sensor` gives a value 23 ms old at the median where Firmata's own
 * event is 13 ms old, its `Button` adds 8 ms of filtering that belongs to the core, and neither can be taken away again.
 *
 * - A board that is missing, silent, wrong or dead never fails `open`, ends the process or throws: its inputs are `lost`, its
 *   outputs in trouble `device-gone`, and both come back by themselves with the present orders and levels.
 * - With Vigie's own firmware (`protocol/expander.ts`) the board also puts its outputs to rest when the controller is silent
 *   for 2 s, keeps their rest levels, and sends samples with a check. Plain StandardFirmata works without these.
 */
import type { LineId } from '../../core/config.ts';
import type { Reading } from '../../core/input.ts';
import type { Drive, Level, LineProblem, LineRequest, Lines, LinesListener, Opened } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import { createPlayer } from '../../ports/player.ts';
import type { Player, Timers } from '../../ports/player.ts';
import { inputLines, LOST, makeBoardLines, problemsOf } from './boardLines.ts';
import type { BoardLines, OutputLine, PinPlaces } from './boardLines.ts';
import { makeConnection } from './connection.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { CLOSED_LINK, nextDeadline, stepLink } from './link.ts';
import type { Heard, LinkEffect, LinkInput, LinkState, LinkTrouble } from './link.ts';
import { loadPackages } from './packages.ts';
import type { Load, Packages, PortLike } from './packages.ts';
import { makeSession } from './session.ts';
import type { Counters, Session } from './session.ts';
import { said } from './words.ts';

export type ExpanderOptions = {
  /** For the log: the id in the site's config. */
  readonly id: string;
  /** Path of its serial port, best one of `/dev/serial/by-id`. */
  readonly port: string;
  readonly pins: PinPlaces;
  readonly timers: Timers;
  readonly log: Log;
  /** 10–127 ms between two samples of each analog channel. 20 by default; more than 12 channels need it longer. */
  readonly samplingMs?: number;
  /** How long `open` waits for the board: one that the opening of its port resets takes 2 to 3 s to start. */
  readonly patienceMs?: number;
  /** In place of a real serial port. */
  readonly makePort?: (path: string) => PortLike;
  readonly load?: Load;
};

export type Expander = Lines & { readonly counters: () => Readonly<Counters> };

const BAUD_RATE = 57_600;
const SAMPLING_MS = 20;
const PATIENCE_MS = 5_000;
/** A timer so late means that the process stood still. */
const STALL_MS = 50;
const CATCH_UP_MS = 20;
const TEXT_EVERY_MS = 10_000;

/** What the driver is made of while it is open. */
type Room = {
  readonly options: ExpanderOptions;
  readonly counters: Counters;
  link: LinkState;
  packages: Packages | undefined;
  lines: BoardLines | undefined;
  listener: LinesListener | undefined;
  connection: Connection | undefined;
  session: Session | undefined;
  /** What made the last trouble, for the log. */
  detail: string | undefined;
  /** When a text of the firmware was logged last. */
  textAtMs: number;
  queue: LinkInput[];
  isStepping: boolean;
  cancelTick: () => void;
  /** Ends the waiting of `open`; undefined: nobody waits, and changes are told. */
  settle: (() => void) | undefined;
};

// ---- the link

const put = (room: Room, input: LinkInput): void => {
  room.queue.push(input);
  if (room.isStepping) return;
  room.isStepping = true;
  for (let next = room.queue.shift(); next; next = room.queue.shift()) {
    const { state, effects } = stepLink(room.link, next, room.options.timers.now());
    room.link = state;
    for (const effect of effects) perform(room, effect);
  }
  room.isStepping = false;
  wind(room);
};

const tick = (room: Room): void => put(room, { kind: 'tick' });

/** A process that stood still hears its timers before its ports: what the board said meanwhile is read first. */
const onDue = (room: Room, dueMs: number): void => {
  const { timers } = room.options;
  if (timers.now() - dueMs < STALL_MS) return tick(room);
  room.cancelTick = timers.later(CATCH_UP_MS, () => tick(room));
};

const wind = (room: Room): void => {
  const { timers } = room.options;
  room.cancelTick();
  const due = nextDeadline(room.link);
  room.cancelTick = due === undefined ? () => {} : timers.later(Math.max(0, due - timers.now()), () => onDue(room, due));
};

const perform = (room: Room, effect: LinkEffect): void => {
  switch (effect.kind) {
    case 'open':
      return connect(room, effect.generation);
    case 'close':
      return disconnect(room);
    case 'ask':
      return room.connection?.ask();
    case 'arm':
      return room.session?.arm();
    case 'beat':
      return room.session?.beat();
    case 'lose':
      return lose(room);
    case 'restore':
      return restore(room);
    case 'say':
      return say(room, effect.what);
  }
};

const say = (room: Room, what: LinkTrouble | 'up'): void => {
  const { log, id, port } = room.options;
  const { level, message } = said(what);
  const detail = what === 'up' ? room.connection?.board().kind : room.detail;
  log(level, message, { expander: id, port, ...(detail !== undefined && { detail }) });
  room.detail = undefined;
  // Whatever can be wrong with a board is known now: who waits for it need not wait longer.
  if (what !== 'up') room.settle?.();
};

/** A firmware in trouble may say so many times a second. */
const sayText = (room: Room, text: string): void => {
  const { log, id, timers } = room.options;
  if (timers.now() - room.textAtMs < TEXT_EVERY_MS) return;
  room.textAtMs = timers.now();
  log('info', 'the firmware of the expander says', { expander: id, text });
};

// ---- one connection

const connect = (room: Room, generation: number): void => {
  const { packages, lines } = room;
  if (!packages || !lines) return;
  const { options, counters } = room;
  const hear = (heard: Heard, detail?: string): void => {
    if (generation !== room.link.generation) return;
    if (heard.kind === 'unset') counters.restarts += 1;
    if (detail !== undefined) room.detail = detail;
    put(room, heard.kind === 'ready' ? readiness(room, generation) : { kind: 'heard', generation, heard });
  };
  const listener: ConnectionListener = {
    onHeard: hear,
    onDigital: (pin, level) => room.session?.onDigital(pin, level),
    onSample: (channel, value) => room.session?.onSample(channel, value),
    onPinState: (pin, mode, state) => room.session?.onPinState(pin, mode, state),
    onReport: (report) => room.session?.onReport(report),
    onText: (text) => sayText(room, text),
  };
  const samplingMs = options.samplingMs ?? SAMPLING_MS;
  const port = portOf(options, packages);
  if (!port.ok) return hear({ kind: 'open-failed', reason: 'cannot-open' }, port.detail);
  const connection = makeConnection({ packages, port: port.port, timers: options.timers, samplingMs, listener });
  room.connection = connection;
  room.session = makeSession({
    lines,
    connection,
    timers: options.timers,
    samplingMs,
    counters,
    hear,
    tell: (line, reading, atMs) => tell(room, line, reading, atMs),
  });
  connection.open();
};

type Port = { readonly ok: true; readonly port: PortLike } | { readonly ok: false; readonly detail: string };

const portOf = ({ port, makePort }: ExpanderOptions, { SerialPort }: Packages): Port => {
  try {
    if (makePort) return { ok: true, port: makePort(port) };
    return { ok: true, port: new SerialPort({ path: port, baudRate: BAUD_RATE, autoOpen: false, hupcl: false }) };
  } catch (error) {
    return { ok: false, detail: String(error) };
  }
};

/** The board has told what it is; whether it is what the config needs. */
const readiness = (room: Room, generation: number): LinkInput => {
  const missing = room.session?.missingPins() ?? [];
  if (missing.length === 0) return { kind: 'heard', generation, heard: { kind: 'ready' } };
  room.detail = `pins ${missing.join(', ')}`;
  return { kind: 'heard', generation, heard: { kind: 'unfit' } };
};

const disconnect = (room: Room): void => {
  const { connection, counters } = room;
  if (!connection) return;
  const { droppedBytes, refusedFrames } = connection.counts();
  counters.droppedBytes += droppedBytes;
  counters.refusedFrames += refusedFrames;
  room.connection = undefined;
  room.session = undefined;
  connection.close();
};

// ---- what is told

const isUp = ({ link }: Room): boolean => link.phase.name === 'up';

const hearAs = ({ listener, settle }: Room, line: LineId, reading: Reading, atMs: number): void => {
  if (!settle) listener?.onReading(line, reading, atMs);
};

/** While the board is armed its readings are only kept: they are told together when all of it is verified. */
const tell = (room: Room, line: LineId, reading: Reading, atMs: number): void => {
  room.lines?.readings.set(line, reading);
  if (isUp(room)) hearAs(room, line, reading, atMs);
};

const loseOutput = (room: Room, output: OutputLine): void => {
  output.isGone = true;
  room.listener?.onOutputTrouble(output.line, 'device-gone');
};

const lose = (room: Room): void => {
  const { lines, options } = room;
  if (!lines) return;
  const now = options.timers.now();
  const heard = inputLines(lines).filter((line) => (lines.readings.get(line) ?? LOST) !== LOST);
  lines.readings.clear();
  for (const line of heard) hearAs(room, line, LOST, now);
  for (const output of lines.outputs.values()) loseOutput(room, output);
};

const restore = (room: Room): void => {
  const { lines, listener, options } = room;
  if (!lines) return;
  const now = options.timers.now();
  for (const line of inputLines(lines)) hearAs(room, line, lines.readings.get(line) ?? LOST, now);
  for (const output of lines.outputs.values()) {
    if (output.isGone) listener?.onOutputTrouble(output.line, undefined);
    output.isGone = false;
  }
  room.settle?.();
};

// ---- the port `Lines`

const moveOutput = (room: Room, line: LineId, level: Level): void => {
  const output = room.lines?.outputs.get(line);
  if (!output) return;
  output.level = level;
  const { name } = room.link.phase;
  if (name === 'up' || name === 'arming') room.session?.drive(output);
};

const playerOf = (room: Room, request: Extract<LineRequest, { direction: 'output' }>): Player => {
  const { line, restLevel, maxOnMs } = request;
  const setLevel = (level: Level): void => moveOutput(room, line, level);
  const onTooLong = (): void => room.listener?.onOutputTrouble(line, 'on-too-long');
  return createPlayer({ restLevel, maxOnMs, setLevel, onTooLong }, room.options.timers);
};

const refuse = (problems: readonly LineProblem[]): Opened => ({ ok: false, problems });

const firstAttempt = (room: Room): Promise<void> =>
  new Promise((resolve) => {
    const { timers, patienceMs = PATIENCE_MS } = room.options;
    const cancel = timers.later(patienceMs, () => room.settle?.());
    room.settle = () => {
      cancel();
      room.settle = undefined;
      resolve();
    };
    put(room, { kind: 'start' });
  });

const open = async (room: Room, requests: readonly LineRequest[], listener: LinesListener): Promise<Opened> => {
  const problems = problemsOf(requests, room.options.pins);
  if (problems.length > 0) return refuse(problems);
  room.listener = listener;
  const loaded = await loadPackages(room.options.load);
  // Closed meanwhile: nothing is to be opened any more.
  if (room.listener !== listener) return { ok: true };
  if (!loaded.ok) return refuse(requests.map(({ line }) => ({ line, trouble: 'not-supported', detail: loaded.detail })));
  room.packages = loaded.packages;
  room.lines = makeBoardLines(requests, room.options.pins, (request) => playerOf(room, request));
  await firstAttempt(room);
  if (!isUp(room)) for (const output of room.lines.outputs.values()) loseOutput(room, output);
  return { ok: true };
};

const write = (room: Room, line: LineId, drive: Drive): void => {
  const { listener, lines } = room;
  if (!listener || !lines) return;
  const output = lines.outputs.get(line);
  if (!output) return listener.onOutputTrouble(line, room.options.pins[line] ? 'wrong-direction' : 'no-such-line');
  output.player.drive(drive);
  if (!isUp(room)) loseOutput(room, output);
};

const close = (room: Room): Promise<void> => {
  for (const { player } of room.lines?.outputs.values() ?? []) player.stop();
  room.listener = undefined;
  room.settle?.();
  put(room, { kind: 'stop' });
  return Promise.resolve();
};

const countersOf = ({ counters, connection }: Room): Readonly<Counters> => {
  const now = connection?.counts() ?? { droppedBytes: 0, refusedFrames: 0 };
  return {
    ...counters,
    droppedBytes: counters.droppedBytes + now.droppedBytes,
    refusedFrames: counters.refusedFrames + now.refusedFrames,
  };
};

export const firmataExpander = (options: ExpanderOptions): Expander => {
  const room: Room = {
    options,
    counters: { droppedBytes: 0, refusedFrames: 0, missedReports: 0, unconfirmedReports: 0, restarts: 0 },
    link: CLOSED_LINK,
    packages: undefined,
    lines: undefined,
    listener: undefined,
    connection: undefined,
    session: undefined,
    detail: undefined,
    textAtMs: -Infinity,
    queue: [],
    isStepping: false,
    cancelTick: () => {},
    settle: undefined,
  };
  return {
    open: async (requests, listener) => open(room, requests, listener),
    read: (line) => (isUp(room) ? (room.lines?.readings.get(line) ?? LOST) : LOST),
    write: (line, drive) => write(room, line, drive),
    close: async () => close(room),
    counters: () => countersOf(room),
  };
};
