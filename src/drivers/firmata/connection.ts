/**
 * One connection to a board, from the opening of its port to its end: a `SerialPort`, a `Firmata` over it and a johnny-five
 * `Board` over that, made anew each time and never used again.
 *
 * Between port and library stands a guard. Inward it passes only whole and plausible frames, because the library throws on
 * others and has no limit to what it keeps; what Vigie's own firmware adds never reaches it. Outward it writes to an open
 * port only: `serialport` would keep what is written to a closed one, and send it at the next opening.
 */
import { EventEmitter } from 'node:events';
import { decodeReport, encodeCommand, EXPANDER_COMMAND } from '../../protocol/expander.ts';
import type { ExpanderCommand, ExpanderReport } from '../../protocol/expander.ts';
import { createSplitter, isPlausible, MESSAGE, SYSEX, textOf } from '../../protocol/firmata.ts';
import type { PinMode, Splitter } from '../../protocol/firmata.ts';
import type { Level } from '../../ports/lines.ts';
import type { Timers } from '../../ports/player.ts';
import type { Heard, OpenFailure } from './link.ts';
import type { FirmataIo, FiveBoard, FiveRelay, Packages, PortLike } from './packages.ts';

/** What a running connection tells. Nothing is told after `close`. */
export type ConnectionListener = {
  readonly onHeard: (heard: Heard, detail?: string) => void;
  readonly onDigital: (pin: number, level: Level) => void;
  readonly onSample: (channel: number, value: number) => void;
  readonly onPinState: (pin: number, mode: number, state: number) => void;
  readonly onReport: (report: ExpanderReport) => void;
  /** What the firmware has to say in words. */
  readonly onText: (text: string) => void;
};

export type Connection = {
  readonly open: () => void;
  /** Asks for what the handshake still misses. */
  readonly ask: () => void;
  readonly command: (command: ExpanderCommand) => void;
  readonly askVersion: () => void;
  readonly askPin: (pin: number) => void;
  readonly setMode: (pin: number, mode: PinMode) => void;
  readonly report: (what: 'analog' | 'digital', number: number, on: boolean) => void;
  readonly setSamplingInterval: (ms: number) => void;
  /** The relay that puts an output to its level: closed is the level that is not at rest. */
  readonly relay: (pin: number, restLevel: Level, before: FiveRelay | undefined) => FiveRelay;
  /** Bits of a port that are no output of ours are written as 0: a 1 would switch on the pull-up of an input. */
  readonly keepToOutputs: (port: number, outputs: number) => void;
  readonly board: () => BoardFacts;
  /** Once after `ms`, unless the connection has ended. */
  readonly later: (ms: number, task: () => void) => void;
  /** How long the oldest write waits; 0: none. */
  readonly oldestWriteMs: () => number;
  readonly counts: () => { readonly droppedBytes: number; readonly refusedFrames: number };
  readonly close: () => void;
};

export type BoardFacts = {
  readonly kind: 'unknown' | 'stock' | 'vigie';
  readonly modesOf: (pin: number) => readonly number[];
  readonly channels: number;
};

export type ConnectionOptions = {
  readonly packages: Packages;
  /** Not open yet, and nobody else's. */
  readonly port: PortLike;
  readonly timers: Timers;
  readonly samplingMs: number;
  readonly listener: ConnectionListener;
};

/** johnny-five must not refuse a board that is slow; the link has its own patience. */
const FIVE_TIMEOUT_MS = 60_000;
const REPORT_VERSION_TIMEOUT_MS = 300;
/** A board that is not Vigie's own says nothing to these. */
const KIND_QUESTIONS_MS = [0, 75] as const;
const KIND_ANSWER_MS = 150;

const QUERY = {
  version: [MESSAGE.version],
  firmware: [MESSAGE.start, SYSEX.firmware, MESSAGE.end],
  capabilities: [MESSAGE.start, 0x6b, MESSAGE.end],
  analogMapping: [MESSAGE.start, 0x69, MESSAGE.end],
} as const;
const pinQuery = (pin: number): readonly number[] => [MESSAGE.start, 0x6d, pin, MESSAGE.end];
const pinModeOrder = (pin: number, mode: number): readonly number[] => [0xf4, pin, mode];

type Live = ConnectionOptions & {
  /** What the library takes for its port. */
  readonly transport: EventEmitter;
  readonly io: FirmataIo;
  readonly splitter: Splitter;
  readonly writes: number[];
  readonly askedPins: Set<number>;
  readonly relays: Set<FiveRelay>;
  readonly cancels: Set<() => void>;
  fiveBoard: FiveBoard | undefined;
  kind: BoardFacts['kind'];
  isMapped: boolean;
  isReady: boolean;
  hasFirmware: boolean;
  refused: number;
  isOver: boolean;
};

export const openFailureOf = (error: Error): OpenFailure => {
  const text = `${'code' in error ? String(error.code) : ''} ${error.message}`;
  if (/ENOENT|ENODEV|ENXIO|no such (?:file|device)/i.test(text)) return 'port-missing';
  if (/EACCES|EPERM|permission denied/i.test(text)) return 'no-permission';
  if (/EBUSY|cannot lock|temporarily unavailable|busy/i.test(text)) return 'port-busy';
  return 'cannot-open';
};

// ---- outward

const send = (live: Live, bytes: readonly number[] | Uint8Array, done: () => void = () => {}): void => {
  if (live.isOver || !live.port.isOpen) return done();
  live.writes.push(live.timers.now());
  live.port.write(Buffer.from(bytes), () => {
    live.writes.shift();
    done();
  });
};

const later = (live: Live, ms: number, task: () => void): void => {
  const cancel = live.timers.later(ms, () => {
    live.cancels.delete(cancel);
    task();
  });
  live.cancels.add(cancel);
};

// ---- inward

const isExpanderFrame = (frame: Uint8Array): boolean => frame[0] === MESSAGE.start && frame[1] === EXPANDER_COMMAND;

const onExpanderFrame = (live: Live, frame: Uint8Array): void => {
  const decoded = decodeReport(frame);
  if (!decoded.ok) {
    live.refused += 1;
    return;
  }
  if (decoded.report.kind === 'version') live.kind = 'vigie';
  live.listener.onReport(decoded.report);
};

/** The library is believed to throw for no frame that is plausible; were it to, the board would be armed anew. */
const pass = (live: Live, frame: Uint8Array): void => {
  if (frame[1] === SYSEX.analogMapping) live.isMapped = true;
  try {
    live.transport.emit('data', frame);
  } catch (error) {
    live.refused += 1;
    live.listener.onHeard({ kind: 'unset', reason: 'settings-lost' }, String(error));
  }
};

const onFrame = (live: Live, frame: Uint8Array): void => {
  if (live.isOver) return;
  if (isExpanderFrame(frame)) return onExpanderFrame(live, frame);
  const text = textOf(frame);
  if (text !== undefined) return live.listener.onText(text);
  const knowledge = { pinCount: live.io.pins.length, isMapped: live.isMapped, askedPins: live.askedPins };
  if (isPlausible(frame, knowledge)) pass(live, frame);
  else live.refused += 1;
};

// ---- the handshake

const tellReady = (live: Live): void => {
  if (live.kind === 'unknown') live.kind = 'stock';
  live.isReady = true;
  live.listener.onHeard({ kind: 'ready' });
};

/** johnny-five has the board's pins: now whose firmware it is. */
const onFiveReady = (live: Live): void => {
  if (live.isOver) return;
  for (const ms of KIND_QUESTIONS_MS) later(live, ms, () => send(live, encodeCommand({ kind: 'version' })));
  later(live, KIND_ANSWER_MS, () => tellReady(live));
};

const ask = (live: Live): void => {
  if (!live.hasFirmware) {
    send(live, QUERY.version);
    send(live, QUERY.firmware);
  } else if (live.io.pins.length === 0) send(live, QUERY.capabilities);
  else if (!live.isMapped) send(live, QUERY.analogMapping);
};

/** A board reports its firmware by itself when it starts, and at no other time without being asked. */
const onFirmware = (live: Live): void => {
  live.hasFirmware = true;
  if (live.isReady) live.listener.onHeard({ kind: 'unset', reason: 'restarted' });
};

const listenToIo = (live: Live): void => {
  const { io, listener } = live;
  io.on('error', () => {});
  io.on('queryfirmware', () => onFirmware(live));
  io.on('reportversion', () => {
    if (live.kind === 'stock') listener.onHeard({ kind: 'alive' });
  });
  io.on('digital-read', ({ pin, value }: { pin: number; value: number }) => listener.onDigital(pin, value === 0 ? 0 : 1));
  // Vigie's firmware sends samples with a check: one without is none of its own.
  io.on('analog-read', ({ pin, value }: { pin: number; value: number }) => {
    if (live.kind === 'stock') listener.onSample(pin, value);
  });
};

/** Before the library hears of the opening, since it tells johnny-five at once. */
const makeFiveBoard = (live: Live): void => {
  const { five } = live.packages;
  const board = new five.Board({ io: live.io, repl: false, debug: false, sigint: false, timeout: FIVE_TIMEOUT_MS });
  board.on('error', () => {});
  board.once('ready', () => onFiveReady(live));
  live.fiveBoard = board;
};

const shut = (port: PortLike): void => {
  if (!port.isOpen) return;
  // What waits in the operating system is thrown away: nothing of this connection is to be sent when it is over.
  port.flush(() => {
    if (port.isOpen) port.close(() => {});
  });
};

const onOpened = (live: Live): void => {
  if (live.isOver) return shut(live.port);
  makeFiveBoard(live);
  live.transport.emit('open');
  live.listener.onHeard({ kind: 'opened' });
};

const onData = (live: Live, chunk: Uint8Array): void => {
  if (live.isOver) return;
  if (!live.isReady) live.listener.onHeard({ kind: 'bytes' });
  for (const frame of live.splitter.feed(chunk)) onFrame(live, frame);
};

const listenToPort = (live: Live): void => {
  const { port, listener } = live;
  const onEnd = (): void => {
    if (!live.isOver) listener.onHeard({ kind: 'closed' });
  };
  port.on('error', onEnd);
  port.on('close', onEnd);
  port.on('end', onEnd);
  port.on('data', (chunk: Uint8Array) => onData(live, chunk));
  port.on('open', () => onOpened(live));
};

const openPort = ({ port, listener }: Live): void =>
  port.open((error) => {
    if (error) listener.onHeard({ kind: 'open-failed', reason: openFailureOf(error) }, error.message);
  });

// ---- the end

/** johnny-five keeps every board for ever: what it keeps of ours is taken out, and holds nothing any more. */
const forget = ({ packages: { five }, fiveBoard, relays }: Live): void => {
  if (!fiveBoard) return;
  if (fiveBoard.timer) clearTimeout(fiveBoard.timer);
  const at = five.Board.cache.indexOf(fiveBoard);
  if (at >= 0) five.Board.cache.splice(at, 1);
  five.Board.Pins.normalize.clear();
  fiveBoard.register.length = 0;
  for (const relay of relays) {
    relay.board = undefined;
    relay.io = undefined;
  }
};

const end = (live: Live): void => {
  if (live.isOver) return;
  live.isOver = true;
  for (const cancel of live.cancels) cancel();
  clearTimeout(live.io.reportVersionTimeoutId);
  forget(live);
  shut(live.port);
};

// ---- the whole

/** johnny-five keeps every relay for ever, so each output has one for life, and it goes from connection to connection. */
const relayOf = (live: Live, pin: number, restLevel: Level, before: FiveRelay | undefined): FiveRelay => {
  const { io, fiveBoard: board } = live;
  if (!board) throw new Error('a relay before its board is open');
  const relay = before ?? new live.packages.five.Relay({ pin, type: restLevel === 0 ? 'NO' : 'NC', board });
  live.relays.add(Object.assign(relay, { board, io }));
  return relay;
};

const askPin = (live: Live, pin: number): void => {
  if (!live.askedPins.has(pin)) {
    live.askedPins.add(pin);
    live.io.on(`pin-state-${pin}`, () => {
      const { mode = -1, state = -1 } = live.io.pins[pin] ?? {};
      live.listener.onPinState(pin, mode, state);
    });
  }
  send(live, pinQuery(pin));
};

/** The library sends nothing for an analog pin, which may still have the pull-up of an earlier config. */
const setMode = (live: Live, pin: number, mode: PinMode): void => {
  const known = live.io.pins[pin];
  if (known) known.mode = mode;
  send(live, pinModeOrder(pin, mode));
};

const makeLive = (options: ConnectionOptions): Live => {
  const transport = new EventEmitter();
  const live: Omit<Live, 'io'> = {
    ...options,
    transport,
    splitter: createSplitter(),
    writes: [],
    askedPins: new Set(),
    relays: new Set(),
    cancels: new Set(),
    fiveBoard: undefined,
    kind: 'unknown',
    isMapped: false,
    isReady: false,
    hasFirmware: false,
    refused: 0,
    isOver: false,
  };
  const write = (bytes: Uint8Array, done?: () => void): void => send(whole, bytes, done);
  const io = new options.packages.Firmata(Object.assign(transport, { write }), {
    reportVersionTimeout: REPORT_VERSION_TIMEOUT_MS,
    samplingInterval: options.samplingMs,
  });
  // johnny-five takes pins of an io called Firmata by its own names for them: 14 for A0, and A0 for 0.
  io.name = 'Vigie';
  const whole: Live = Object.assign(live, { io });
  return whole;
};

export const makeConnection = (options: ConnectionOptions): Connection => {
  const live = makeLive(options);
  const { io, timers } = live;
  listenToIo(live);
  listenToPort(live);
  return {
    open: () => openPort(live),
    ask: () => ask(live),
    command: (command) => send(live, encodeCommand(command)),
    askVersion: () => send(live, QUERY.version),
    askPin: (pin) => askPin(live, pin),
    setMode: (pin, mode) => setMode(live, pin, mode),
    report: (what, number, on) =>
      what === 'analog' ? io.reportAnalogPin(number, on ? 1 : 0) : io.reportDigitalPin(number, on ? 1 : 0),
    setSamplingInterval: (ms) => io.setSamplingInterval(ms),
    relay: (pin, restLevel, before) => relayOf(live, pin, restLevel, before),
    keepToOutputs: (port, outputs) => {
      io.ports[port] = (io.ports[port] ?? 0) & outputs;
    },
    board: () => ({
      kind: live.kind,
      modesOf: (pin) => io.pins[pin]?.supportedModes ?? [],
      channels: io.analogPins.length,
    }),
    later: (ms, task) => later(live, ms, task),
    oldestWriteMs: () => timers.now() - (live.writes[0] ?? timers.now()),
    counts: () => ({ droppedBytes: live.splitter.dropped(), refusedFrames: live.refused }),
    close: () => end(live),
  };
};
