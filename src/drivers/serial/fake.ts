/**
 * A serial wire in virtual time: the controller's end is a port by its path, the others are taps, as many as there are
 * devices on the bus. What one end sends the others hear a byte time per byte later, unless a fault is in the way.
 *
 * - **byte time**: ten bits (start, eight, stop) at the rate the port was opened with.
 * - **fault**: a byte lost or changed with a chance of its own, a piece that comes in several, or late.
 */
import type { Timers } from '../../ports/player.ts';
import type { OpenSerial, SerialListener, SerialTrouble } from '../../ports/serialLine.ts';

export type WireFaults = {
  /** Chance of each byte to be lost, and to be changed; 0–1. */
  readonly lossPerByte: number;
  readonly changePerByte: number;
  /** Chance of a gap after each byte: what was sent as one piece is heard as several. */
  readonly splitPerByte: number;
  /** Each piece is late by up to this. */
  readonly delayMs: number;
};

export const NO_FAULTS: WireFaults = { lossPerByte: 0, changePerByte: 0, splitPerByte: 0, delayMs: 0 };

export type WireTap = {
  readonly write: (bytes: Uint8Array) => void;
  /** Cut off from the bus, or on it again. */
  readonly connect: (connected: boolean) => void;
};

export type FakeWire = {
  readonly openSerial: OpenSerial;
  /** One more device on the bus. It hears what the controller sends; devices do not hear one another. */
  readonly tap: (onBytes: (bytes: Uint8Array, atMs: number) => void) => WireTap;
  readonly setFaults: (faults: Partial<WireFaults>) => void;
  /** The adapter in its socket or not: the port goes, and cannot be opened. */
  readonly plug: (plugged: boolean) => void;
  /** What opening the port answers from now on; undefined: it opens. */
  readonly refuse: (trouble: SerialTrouble | undefined) => void;
  /** How often the port was opened. */
  readonly openings: () => number;
  /** Bytes sent by either side since the start, faults or not. */
  readonly sentBytes: () => number;
};

export type FakeWireOptions = {
  readonly timers: Timers;
  readonly path: string;
  /** 0–1, such as a seeded one: the faults repeat. */
  readonly random: () => number;
};

const BITS_PER_BYTE = 10;
const MILLISECONDS_PER_SECOND = 1_000;
/** As the real port. */
const WAITING_BYTES_MAX = 8_192;
const DEFAULT_BAUD_RATE = 9_600;

type Hear = (bytes: Uint8Array, atMs: number) => void;
type Holder = { readonly listener: SerialListener };
type Tap = { readonly hear: Hear; connected: boolean };

type Wire = FakeWireOptions & {
  readonly taps: Tap[];
  faults: WireFaults;
  isPlugged: boolean;
  trouble: SerialTrouble | undefined;
  holder: Holder | undefined;
  byteMs: number;
  openings: number;
  sentBytes: number;
};

/** One direction of one sender: its bytes go one after another. */
type Lane = { freeAtMs: number; waitingBytes: number };

const byteMsAt = (baudRate: number): number => (BITS_PER_BYTE * MILLISECONDS_PER_SECOND) / baudRate;

const damaged = ({ faults, random }: Wire, bytes: Uint8Array): Uint8Array => {
  if (faults.lossPerByte === 0 && faults.changePerByte === 0) return bytes;
  const kept = [...bytes].filter(() => random() >= faults.lossPerByte);
  return Uint8Array.from(kept, (byte) => (random() < faults.changePerByte ? byte ^ (1 << Math.trunc(random() * 8)) : byte));
};

const piecesOf = ({ faults, random }: Wire, bytes: Uint8Array): readonly Uint8Array[] => {
  if (faults.splitPerByte === 0) return [bytes];
  const cuts = [...bytes.keys()].filter((index) => index > 0 && random() < faults.splitPerByte);
  return [0, ...cuts].map((from, index) => bytes.slice(from, cuts[index] ?? bytes.length));
};

const carryPiece = (wire: Wire, lane: Lane, piece: Uint8Array, hear: Hear): void => {
  const { timers, random, faults } = wire;
  const lateMs = faults.delayMs === 0 ? 0 : random() * faults.delayMs;
  lane.freeAtMs = Math.max(timers.now(), lane.freeAtMs) + piece.length * wire.byteMs + lateMs;
  timers.later(lane.freeAtMs - timers.now(), () => {
    lane.waitingBytes -= piece.length;
    const heard = damaged(wire, piece);
    if (wire.isPlugged && heard.length > 0) hear(heard, timers.now());
  });
};

const carry = (wire: Wire, lane: Lane, bytes: Uint8Array, hear: Hear): void => {
  wire.sentBytes += bytes.length;
  lane.waitingBytes += bytes.length;
  for (const piece of piecesOf(wire, Uint8Array.from(bytes))) carryPiece(wire, lane, piece, hear);
};

const hearAll =
  (wire: Wire): Hear =>
  (bytes, atMs) => {
    for (const tap of wire.taps) if (tap.connected) tap.hear(bytes, atMs);
  };

const hold = (wire: Wire, listener: SerialListener, baudRate: number) => {
  const lane: Lane = { freeAtMs: 0, waitingBytes: 0 };
  const holder = { listener };
  wire.holder = holder;
  wire.openings += 1;
  wire.byteMs = byteMsAt(baudRate);
  const write = (bytes: Uint8Array): boolean => {
    if (wire.holder !== holder || lane.waitingBytes + bytes.length > WAITING_BYTES_MAX) return false;
    carry(wire, lane, bytes, hearAll(wire));
    return true;
  };
  const close = (): Promise<void> => {
    if (wire.holder === holder) wire.holder = undefined;
    return Promise.resolve();
  };
  return { write, close };
};

const troubleOf = (wire: Wire, path: string): SerialTrouble | undefined => {
  if (wire.trouble !== undefined) return wire.trouble;
  if (!wire.isPlugged || path !== wire.path) return 'no-such-port';
  return wire.holder === undefined ? undefined : 'busy';
};

const openOn =
  (wire: Wire): OpenSerial =>
  ({ path, baudRate }, listener) => {
    const trouble = troubleOf(wire, path);
    if (trouble !== undefined) return Promise.resolve({ ok: false, trouble, detail: `${path}: ${trouble}` });
    return Promise.resolve({ ok: true, line: hold(wire, listener, baudRate) });
  };

const tapOn = (wire: Wire, hear: Hear): WireTap => {
  const lane: Lane = { freeAtMs: 0, waitingBytes: 0 };
  const tap: Tap = { hear, connected: true };
  wire.taps.push(tap);
  return {
    write: (bytes) => {
      if (tap.connected) carry(wire, lane, bytes, (heard, atMs) => wire.holder?.listener.onBytes(heard, atMs));
    },
    connect: (connected) => {
      tap.connected = connected;
    },
  };
};

const plug = (wire: Wire, plugged: boolean): void => {
  wire.isPlugged = plugged;
  const { holder } = wire;
  if (plugged || holder === undefined) return;
  wire.holder = undefined;
  holder.listener.onGone(`${wire.path}: unplugged`);
};

export const fakeWire = (options: FakeWireOptions): FakeWire => {
  const wire: Wire = {
    ...options,
    taps: [],
    faults: NO_FAULTS,
    isPlugged: true,
    trouble: undefined,
    holder: undefined,
    byteMs: byteMsAt(DEFAULT_BAUD_RATE),
    openings: 0,
    sentBytes: 0,
  };
  return {
    openSerial: openOn(wire),
    tap: (onBytes) => tapOn(wire, onBytes),
    setFaults: (faults) => {
      wire.faults = { ...wire.faults, ...faults };
    },
    plug: (plugged) => plug(wire, plugged),
    refuse: (trouble) => {
      wire.trouble = trouble;
    },
    openings: () => wire.openings,
    sentBytes: () => wire.sentBytes,
  };
};
