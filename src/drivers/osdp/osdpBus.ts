/**
 * A bus of OSDP readers on a serial port: keypads and readers, and their own inputs and outputs, as the rest of the house knows
 * them. What is said when is decided in protocol/osdp; here are the port, the clock, the keys on disk, and what is told to whom.
 *
 * - A port that is missing or goes never fails anything: it is opened again and again, and its readers are away meanwhile.
 * - **install window**: `openInstallWindow`; without one no reader is ever given a key, and no other reader accepted.
 */
import { randomBytes } from 'node:crypto';
import type { KeypadId, LineId } from '../../core/config.ts';
import type { KeypadListener, Keypads, LineRequest, Lines, LinesListener } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { Timers } from '../../ports/player.ts';
import type { OpenSerial } from '../../ports/serialLine.ts';
import { nextDeadline, startBus, stepBus } from '../../protocol/osdp/bus.ts';
import type { BusCounts, BusInput, BusState } from '../../protocol/osdp/bus.ts';
import type { Command } from '../../protocol/osdp/commands.ts';
import { BUS_TIMES } from '../../protocol/osdp/reader.ts';
import type { BusConfig, BusTell, ReaderConfig, ReaderTrouble } from '../../protocol/osdp/reader.ts';
import { CAPABILITY } from '../../protocol/osdp/replies.ts';
import { nodeAes } from './aes.ts';
import { textRows } from './feedback.ts';
import type { ReaderKeys } from './keyFile.ts';
import { keepPort } from './port.ts';
import type { PortKeeper } from './port.ts';
import { makeReaderLines, NO_LINES, ORDER_AGAIN_MS, placeOf } from './readerLines.ts';
import type { ReaderLines } from './readerLines.ts';
import { makeScreens } from './screens.ts';
import type { Screens } from './screens.ts';
import { KEY_FILE_WORDS, READER_WORDS } from './words.ts';

export type OsdpReader = { readonly keypad: KeypadId; /** 0–126. */ readonly address: number; readonly isSecure: boolean };

export type OsdpBusOptions = {
  /** For the log: the id in the site's config. */
  readonly id: string;
  /** Path of its serial port, best one of `/dev/serial/by-id`. */
  readonly port: string;
  readonly baudRate: number;
  readonly readers: readonly OsdpReader[];
  readonly openSerial: OpenSerial;
  readonly keys: ReaderKeys;
  readonly timers: Timers;
  readonly log: Log;
  readonly random?: (bytes: number) => Uint8Array;
  /** How long `open` waits until every reader has said how its inputs are. */
  readonly patienceMs?: number;
};

export type InstallOutcome =
  /** `identity`: vendor and serial number. */
  | { readonly ok: true; readonly identity: string }
  /** `trouble`: what the reader was in at the end of it. */
  | { readonly ok: false; readonly reason: 'unknown-reader' | 'not-open' | 'window-open-already' }
  | { readonly ok: false; readonly reason: 'time-over'; readonly trouble: ReaderTrouble | undefined };

export type OsdpBus = {
  readonly keypads: Keypads;
  readonly lines: Lines;
  readonly owns: (line: LineId) => boolean;
  readonly hasKeypad: (keypad: KeypadId) => boolean;
  /** At most `INSTALL_WINDOW_MS_MAX`. Settles when the reader serves with a key of its own, or when the time is over. */
  readonly openInstallWindow: (keypad: KeypadId, ms: number) => Promise<InstallOutcome>;
  readonly counts: () => BusCounts;
};

export const INSTALL_WINDOW_MS_MAX = 600_000;

const PATIENCE_MS = 3_000;

/** A process that stood still hears its timers before its ports: a reply that came meanwhile is read before it is missed. */
const STALL_MS = 5;
const CATCH_UP_MS = 10;

type Room = {
  readonly options: OsdpBusOptions;
  readonly config: BusConfig;
  readonly ids: readonly KeypadId[];
  readonly port: PortKeeper;
  readonly screens: Screens;
  readonly installs: Map<KeypadId, (outcome: InstallOutcome) => void>;
  /** undefined: nobody has opened it. */
  state: BusState | undefined;
  keypadListener: KeypadListener | undefined;
  lines: ReaderLines;
  hasLines: boolean;
  /** Ends the waiting of `open`; undefined: nobody waits, and changes are told. */
  settle: (() => void) | undefined;
  cancelTick: () => void;
  cancelOrders: () => void;
};

const nothing = (): void => {};

// ---- the machine

const put = (room: Room, input: BusInput, atMs?: number): void => {
  const { state, options, config } = room;
  if (state === undefined) return;
  const now = options.timers.now();
  const step = stepBus(config, state, input, now);
  room.state = step.state;
  for (const bytes of step.sends) room.port.write(bytes);
  wind(room);
  for (const tell of step.tells) onTell(room, tell, atMs ?? now);
};

const onDue = (room: Room, dueMs: number): void => {
  const { timers } = room.options;
  const isAwaited = room.state?.open !== undefined;
  if (!isAwaited || timers.now() - dueMs < STALL_MS) return put(room, { kind: 'tick' });
  room.cancelTick = timers.later(CATCH_UP_MS, () => put(room, { kind: 'tick' }));
};

const wind = (room: Room): void => {
  const { state, config, options } = room;
  room.cancelTick();
  const due = state === undefined ? undefined : nextDeadline(config, state);
  const waitMs = due === undefined ? 0 : Math.max(0, due - options.timers.now());
  room.cancelTick = due === undefined ? nothing : options.timers.later(waitMs, () => onDue(room, due));
};

// ---- what readers tell

const onMet = (room: Room, { reader, identity, capabilities }: Extract<BusTell, { readonly kind: 'met' }>): void => {
  const { log, id } = room.options;
  const count = (wanted: number): number => capabilities.get(wanted)?.count ?? 0;
  const [inputs, outputs, rows] = [count(CAPABILITY.inputs), count(CAPABILITY.outputs), textRows(capabilities)];
  log('info', `reader bus ${id}: ${reader} is there`, { identity, inputs, outputs, textRows: rows });
  for (const line of room.lines.beyond(reader, inputs, outputs))
    log('error', `reader bus ${id}: the reader has no such line, it stays lost`, { line, inputs, outputs });
  room.screens.met(reader, capabilities);
};

const storeKey = async (room: Room, reader: KeypadId, key: Uint8Array): Promise<void> => {
  const { keys } = room.options;
  const ok = await keys.keep(reader, { identity: keys.knownOf(reader)?.identity, key });
  put(room, { kind: 'key-stored', reader, ok });
};

const keepIdentity = async (room: Room, reader: KeypadId, identity: string): Promise<void> => {
  const { keys, log, id } = room.options;
  const ok = await keys.keep(reader, { identity, key: keys.knownOf(reader)?.key });
  if (!ok) log('error', `reader bus ${id}: who the reader is could not be stored`, { reader });
};

const troubleNow = (room: Room, reader: KeypadId): ReaderTrouble | undefined =>
  room.state?.readers.find(({ config }) => config.id === reader)?.trouble;

const onInstalled = (room: Room, reader: KeypadId, identity: string | undefined): void => {
  const { log, id } = room.options;
  const settle = room.installs.get(reader);
  room.installs.delete(reader);
  log('warn', `reader bus ${id}: the install window is over`, { reader, installed: identity ?? 'nothing' });
  settle?.(
    identity === undefined ? { ok: false, reason: 'time-over', trouble: troubleNow(room, reader) } : { ok: true, identity },
  );
};

const onTrouble = (room: Room, reader: KeypadId, trouble: ReaderTrouble | undefined): void => {
  const { log, id } = room.options;
  if (trouble === undefined) log('info', `reader bus ${id}: ${reader} serves`);
  else log('error', `reader bus ${id}: ${READER_WORDS[trouble]}`, { reader, trouble });
};

const badgeOf = ({ bits, bytes }: Extract<BusTell, { readonly kind: 'card' }>): { bits: number; hex: string } => ({
  bits,
  hex: Buffer.from(bytes).toString('hex').toUpperCase(),
});

const onTell = (room: Room, tell: BusTell, atMs: number): void => {
  const { reader } = tell;
  const listener = room.keypadListener;
  room.lines.hear(tell, atMs);
  if (room.settle !== undefined && room.lines.isKnown()) room.settle();
  switch (tell.kind) {
    case 'presence':
      return listener?.onPresence(reader, tell.isPresent);
    case 'trouble':
      return onTrouble(room, reader, tell.trouble);
    case 'card':
      return listener?.onBadge(reader, badgeOf(tell), atMs);
    case 'keys':
      return listener?.onKeys(reader, tell.text, atMs);
    case 'met':
      return onMet(room, tell);
    case 'keep-identity':
      return void keepIdentity(room, reader, tell.identity);
    case 'store-key':
      return void storeKey(room, reader, tell.key);
    case 'installed':
      return onInstalled(room, reader, tell.identity);
    case 'tamper':
    case 'head-tamper':
    case 'power':
    case 'inputs':
      return undefined;
  }
};

// ---- opening and closing

const readerConfigOf = (keys: ReaderKeys, { keypad, address, isSecure }: OsdpReader): ReaderConfig => ({
  id: keypad,
  address,
  // Whether a reader once had a channel is in the file of keys: without it none is believed in plain.
  isSecure: isSecure || keys.trouble !== undefined,
});

/** Whoever opens first opens the port. */
const start = (room: Room): void => {
  if (room.state !== undefined) return;
  const { readers, keys, timers, log, id } = room.options;
  if (keys.trouble !== undefined) log('error', `reader bus ${id}: ${KEY_FILE_WORDS[keys.trouble]}`, { trouble: keys.trouble });
  const known = readers.map((reader) => ({
    config: readerConfigOf(keys, reader),
    known: keys.knownOf(reader.keypad) ?? { identity: undefined, key: undefined },
  }));
  room.state = startBus(known, timers.now());
  wind(room);
  room.port.open();
};

const startOrders = (room: Room): void => {
  room.cancelOrders = room.options.timers.later(ORDER_AGAIN_MS, () => {
    room.lines.orderAgain();
    startOrders(room);
  });
};

const stopInstalls = (room: Room): void => {
  for (const settle of room.installs.values()) settle({ ok: false, reason: 'not-open' });
  room.installs.clear();
};

/** Whoever is last lets go of the port. */
const stop = async (room: Room): Promise<void> => {
  if (room.keypadListener !== undefined || room.hasLines) return;
  room.cancelTick();
  room.state = undefined;
  stopInstalls(room);
  room.screens.stop();
  await room.port.close();
};

/** A reader that has been there all along is not in fault for its first half second. */
const untilKnown = (room: Room): Promise<void> => {
  const { timers, patienceMs = PATIENCE_MS } = room.options;
  if (patienceMs === 0 || room.lines.isKnown()) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = timers.later(patienceMs, () => room.settle?.());
    room.settle = () => {
      cancel();
      room.settle = undefined;
      resolve();
    };
  });
};

const openLines = (room: Room, requests: readonly LineRequest[], listener: LinesListener): readonly BusInput[] => {
  const first: BusInput[] = [];
  const { timers } = room.options;
  const collect = (reader: KeypadId, slot: string, command: Command | undefined): void => {
    const input: BusInput = { kind: 'want', reader, slot, command };
    if (room.hasLines) put(room, input);
    else first.push(input);
  };
  const { onReading, onOutputTrouble } = listener;
  const patient: LinesListener = {
    onReading: (...reading) => (room.settle === undefined ? onReading(...reading) : undefined),
    onOutputTrouble,
  };
  room.lines = makeReaderLines(requests, room.ids, { listener: patient, want: collect, timers });
  return first;
};

const linesOf = (room: Room): Lines => ({
  open: async (requests, listener) => {
    const first = openLines(room, requests, listener);
    const { problems } = room.lines;
    if (problems.length > 0) return { ok: false, problems };
    room.hasLines = true;
    start(room);
    for (const input of first) put(room, input);
    startOrders(room);
    await untilKnown(room);
    return { ok: true };
  },
  read: (line) => room.lines.read(line),
  write: (line, drive) => room.lines.output(line)?.drive(drive),
  close: async () => {
    room.settle?.();
    room.cancelOrders();
    room.lines.stop();
    room.lines = NO_LINES;
    room.hasLines = false;
    await stop(room);
  },
});

/** Lines may have been opened long before: what was told then is told again. */
const tellPresences = ({ state, keypadListener }: Room): void => {
  for (const { config, presence } of state?.readers ?? [])
    if (presence !== 'unknown') keypadListener?.onPresence(config.id, presence === 'present');
};

const keypadsOf = (room: Room): Keypads => ({
  open: (_keypads, listener) => {
    room.keypadListener = listener;
    start(room);
    tellPresences(room);
    return Promise.resolve();
  },
  show: (keypad, screen) => room.screens.show(keypad, screen),
  close: async () => {
    room.keypadListener = undefined;
    await stop(room);
  },
});

const openInstallWindow = (room: Room, keypad: KeypadId, ms: number): Promise<InstallOutcome> => {
  const { log, id } = room.options;
  if (!room.ids.includes(keypad)) return Promise.resolve({ ok: false, reason: 'unknown-reader' });
  if (room.state === undefined) return Promise.resolve({ ok: false, reason: 'not-open' });
  if (room.installs.has(keypad)) return Promise.resolve({ ok: false, reason: 'window-open-already' });
  return new Promise((settle) => {
    room.installs.set(keypad, settle);
    log('warn', `reader bus ${id}: an install window is open`, { reader: keypad, ms });
    put(room, { kind: 'open-window', reader: keypad, ms: Math.min(ms, INSTALL_WINDOW_MS_MAX) });
  });
};

const NO_COUNTS: BusCounts = { questions: 0, answers: 0, silences: 0, strayFrames: 0, droppedBytes: 0 };

export const osdpBus = (options: OsdpBusOptions): OsdpBus => {
  const ids = options.readers.map(({ keypad }) => keypad);
  const { timers, baudRate } = options;
  const random = options.random ?? ((bytes: number): Uint8Array => Uint8Array.from(randomBytes(bytes)));
  const room: Room = {
    options,
    config: { aes: nodeAes, random, baudRate, times: BUS_TIMES },
    ids,
    port: keepPort({
      ...options,
      onBytes: (bytes, atMs) => put(room, { kind: 'bytes', bytes }, atMs),
      onOpen: (isOpen) => put(room, { kind: 'port', isOpen }),
    }),
    screens: makeScreens(ids, timers, (reader, slot, command) => put(room, { kind: 'want', reader, slot, command })),
    installs: new Map(),
    state: undefined,
    keypadListener: undefined,
    lines: NO_LINES,
    hasLines: false,
    settle: undefined,
    cancelTick: nothing,
    cancelOrders: nothing,
  };
  return {
    keypads: keypadsOf(room),
    lines: linesOf(room),
    owns: (line) => placeOf(line, ids) !== undefined,
    hasKeypad: (keypad) => ids.includes(keypad),
    openInstallWindow: (keypad, ms) => openInstallWindow(room, keypad, ms),
    counts: () => room.state?.counts ?? NO_COUNTS,
  };
};
