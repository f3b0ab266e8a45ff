/**
 * The *reader line*: what the board between two Wiegand readers and the controller says on its serial line, and what it is
 * told. Byte by byte in docs/readers.md; the board's own side is boards/firmware-wiegand.
 *
 *     A5  length  kind  payload…  crc high  crc low          crc: over length, kind and payload
 *
 * Nothing of a board counts before it has said that it speaks version 1. Its heartbeat, each second, says which inputs have
 * a line held low: a reader without supply, or a wire that touches ground.
 */
import { crc16 } from './bytes.ts';
import type { DropReason, Fed, ReaderEvent, ReaderInput, ReaderProtocol, ReaderSignal } from './reader.ts';
import { BROKEN, MORE, NOISE, NOTHING_HELD, isStale, scan } from './scanner.ts';
import type { Held, Look } from './scanner.ts';
import { decodeBurst } from './wiegand.ts';

export const READER_LINE_VERSION = 1;
export const READER_LINE_BAUD = 57_600;

const SYNC = 0xa5;
/** Sync, length, kind, and two bytes of check. */
const AROUND = 5;
export const PAYLOAD_MAX = 24;
const KIND = { heartbeat: 0x01, version: 0x02, burst: 0x03, askVersion: 0x10, show: 0x11 } as const;
const BURST_BITS_MAX = 64;
const INPUTS: readonly ReaderInput[] = [1, 2];

/** Three heartbeats and a half. */
export const SILENT_MS = 3_500;
const TICK_MS = 500;

export type ReaderLineFrame = { readonly kind: number; readonly payload: Uint8Array };

// ---- frames

export const encodeFrame = (kind: number, payload: readonly number[]): Uint8Array => {
  const body = [payload.length, kind, ...payload];
  const crc = crc16(body);
  return Uint8Array.from([SYNC, ...body, crc >> 8, crc & 0xff]);
};

/** Whatever the bytes are, it answers. */
export const lookForFrame = (bytes: Uint8Array): Look<ReaderLineFrame> => {
  const [sync, size] = bytes;
  if (sync !== SYNC) return NOISE;
  if (size === undefined) return MORE;
  if (size > PAYLOAD_MAX) return BROKEN;
  const length = size + AROUND;
  if (bytes.length < length) return MORE;
  const crc = ((bytes[length - 2] ?? 0) << 8) | (bytes[length - 1] ?? 0);
  if (crc16(bytes.subarray(1, length - 2)) !== crc) return BROKEN;
  return { kind: 'frame', frame: { kind: bytes[2] ?? 0, payload: bytes.slice(3, length - 2) }, length };
};

/** Bits of the light: the two wires of a reader's lamp. Blue has no wire; both together are amber, which stands for it. */
const LAMPS: Readonly<Record<ReaderSignal['colour'], number>> = { off: 0, green: 1, red: 2, amber: 3, blue: 3 };

const short = (ms: number): readonly number[] => [(ms >> 8) & 0xff, ms & 0xff];

const showFrame = (input: ReaderInput, { colour, onMs, offMs, beats }: ReaderSignal): Uint8Array =>
  encodeFrame(KIND.show, [input, LAMPS[colour], ...short(onMs), ...short(offMs), ...beats.flatMap(short)]);

// ---- the board

export type ReaderLineState = {
  readonly held: Held;
  readonly version: number | undefined;
  readonly heardAtMs: number;
  /** Of each input; undefined: not told yet. */
  readonly present: readonly [boolean | undefined, boolean | undefined];
  /** Bursts the board has thrown away, as its heartbeat counts them; undefined: not told yet. */
  readonly disturbed: number | undefined;
  /** The frames that make it show what it shall. */
  readonly shows: readonly [Uint8Array | undefined, Uint8Array | undefined];
};

type Told = { state: ReaderLineState; readonly events: ReaderEvent[] };

const ASK_VERSION: ReaderEvent = { kind: 'send', bytes: encodeFrame(KIND.askVersion, []) };

const isOurs = ({ version }: ReaderLineState): boolean => version === READER_LINE_VERSION;

const drop = (told: Told, reason: DropReason, count = 1): void => {
  if (count > 0) told.events.push({ kind: 'dropped', reason, count });
};

const tellPresence = (told: Told, now: readonly [boolean, boolean]): void => {
  for (const input of INPUTS) {
    const present = now[input - 1] ?? false;
    if (told.state.present[input - 1] !== present) told.events.push({ kind: 'presence', input, present });
  }
  told.state = { ...told.state, present: now };
};

const sendShows = (told: Told): void => {
  for (const bytes of told.state.shows) if (bytes !== undefined) told.events.push({ kind: 'send', bytes });
};

/** The count wraps at 256; at the first heartbeat, and after a restart, it is the count itself. */
const newlyDisturbed = (before: number | undefined, count: number, restarted: boolean): number =>
  before === undefined || restarted ? 0 : (count - before) & 0xff;

const hearHeartbeat = (told: Told, payload: Uint8Array, now: number): void => {
  const [flags, count] = payload;
  if (flags === undefined || count === undefined || payload.length !== 2) return drop(told, 'unknown-frame');
  if (!isOurs(told.state)) return;
  const restarted = (flags & 1) !== 0;
  if ((flags & 2) !== 0) told.events.push({ kind: 'hardware', text: 'the board was restarted by its watchdog' });
  drop(told, 'disturbed', newlyDisturbed(told.state.disturbed, count, restarted));
  told.state = { ...told.state, heardAtMs: now, disturbed: count };
  tellPresence(told, [(flags & 0x10) === 0, (flags & 0x20) === 0]);
  sendShows(told);
};

const hearVersion = (told: Told, payload: Uint8Array, now: number): void => {
  const [version, major, minor] = payload;
  if (version === undefined || payload.length !== 3) return drop(told, 'unknown-frame');
  if (told.state.version !== version) {
    told.events.push({ kind: 'hardware', text: `Wiegand board, reader line ${version}, firmware ${major}.${minor}` });
  }
  const heardAtMs = version === READER_LINE_VERSION ? now : told.state.heardAtMs;
  told.state = { ...told.state, version, heardAtMs };
};

const hearBits = (told: Told, input: ReaderInput, bits: number, bytes: Uint8Array): void => {
  const reading = decodeBurst({ bits, bytes });
  switch (reading.kind) {
    case 'card':
      return void told.events.push({ kind: 'badge', input, badge: reading.card });
    case 'key':
      return void told.events.push({ kind: 'keys', input, text: reading.key });
    case 'refused':
      return drop(told, reading.reason);
  }
};

const isInput = (byte: number | undefined): byte is ReaderInput => byte === 1 || byte === 2;

/** The bits that fill up the last byte. */
const isFilledWithZeros = (bits: number, bytes: Uint8Array): boolean =>
  (bits & 7) === 0 || ((bytes.at(-1) ?? 0) & (0xff >> (bits & 7))) === 0;

const hearBurst = (told: Told, payload: Uint8Array): void => {
  const [input, bits = 0] = payload;
  const bytes = payload.subarray(2);
  const isWhole = bits >= 1 && bits <= BURST_BITS_MAX && bytes.length === Math.ceil(bits / 8) && isFilledWithZeros(bits, bytes);
  if (!isInput(input) || !isWhole) return drop(told, 'unknown-frame');
  if (isOurs(told.state)) hearBits(told, input, bits, bytes);
};

const hearFrame = (told: Told, { kind, payload }: ReaderLineFrame, now: number): void => {
  switch (kind) {
    case KIND.heartbeat:
      return hearHeartbeat(told, payload, now);
    case KIND.version:
      return hearVersion(told, payload, now);
    case KIND.burst:
      return hearBurst(told, payload);
    default:
      return drop(told, 'unknown-frame');
  }
};

const begin = (now: number): Fed<ReaderLineState> => ({
  state: {
    held: NOTHING_HELD,
    version: undefined,
    heardAtMs: now,
    present: [undefined, undefined],
    disturbed: undefined,
    shows: [undefined, undefined],
  },
  events: [ASK_VERSION],
});

const feed = (state: ReaderLineState, bytes: Uint8Array, now: number): Fed<ReaderLineState> => {
  const { held, frames, broken, cutShort } = scan(state.held, bytes, now, lookForFrame);
  const told: Told = { state: { ...state, held }, events: [] };
  drop(told, 'wrong-check', broken);
  drop(told, 'cut-short', cutShort);
  for (const frame of frames) hearFrame(told, frame, now);
  return told;
};

/** A board that was there and is silent has to say again who it is. */
const tick = (state: ReaderLineState, now: number): Fed<ReaderLineState> => {
  const told: Told = { state, events: [] };
  if (isStale(state.held, now)) {
    drop(told, 'cut-short');
    told.state = { ...told.state, held: NOTHING_HELD };
  }
  if (now - state.heardAtMs >= SILENT_MS) {
    tellPresence(told, [false, false]);
    told.state = { ...told.state, version: undefined };
  }
  if (!isOurs(told.state)) told.events.push(ASK_VERSION);
  return told;
};

const show = (state: ReaderLineState, input: ReaderInput, signal: ReaderSignal): Fed<ReaderLineState> => {
  const bytes = showFrame(input, signal);
  const [first, second] = state.shows;
  return {
    state: { ...state, shows: input === 1 ? [bytes, second] : [first, bytes] },
    events: isOurs(state) ? [{ kind: 'send', bytes }] : [],
  };
};

export const readerLine: ReaderProtocol<ReaderLineState> = {
  baudRate: READER_LINE_BAUD,
  tickMs: TICK_MS,
  begin,
  feed,
  tick,
  show,
};
