/**
 * A reader of our own on an OSDP bus: the answering side (PD), in plain or with a secure channel, with keys, cards, inputs,
 * outputs, and everything that goes wrong with one. It checks sequence and MAC itself and counts what it refuses.
 *
 * `receive` takes bytes of the line with their time and gives what it answers, if anything; whoever owns the line carries it.
 */
import { createHash } from 'node:crypto';
import { crcBitwise, ecb, macChain, sealed, sessionOf, unsealed } from './readerCrypto.ts';
import type { ReaderSession } from './readerCrypto.ts';

export type ReaderTraits = {
  readonly address: number;
  readonly vendor: number;
  readonly serial: number;
  /** undefined: as it comes from the factory. */
  readonly key: Uint8Array | undefined;
  /** Takes the default key: from the factory, or with its switch on install. */
  readonly takesDefaultKey: boolean;
  readonly canSecure: boolean;
  /** Answers nothing but identity and capabilities in plain. */
  readonly demandsSecure: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly textRows: number;
};

const TRAITS: ReaderTraits = {
  address: 0,
  vendor: 0x00_06_8e,
  serial: 1,
  key: undefined,
  takesDefaultKey: true,
  canSecure: true,
  demandsSecure: false,
  inputs: 2,
  outputs: 2,
  textRows: 0,
};

export type HeardCommand = { readonly code: number; readonly data: Buffer; readonly isSecure: boolean };

export type EmulatedReader = {
  readonly receive: (bytes: Uint8Array, nowMs: number) => Buffer | undefined;
  readonly present: (bits: number, hex: string) => void;
  readonly press: (keys: string) => void;
  readonly setTamper: (isTampered: boolean) => void;
  readonly setPower: (hasFailed: boolean) => void;
  readonly setInput: (input: number, isActive: boolean) => void;
  /** Forgets its session, as after a loss of power. */
  readonly restart: () => void;
  /** Another device in its place, or the same changed. */
  readonly become: (traits: Partial<ReaderTraits>) => void;
  /** Says *busy* to so many questions. */
  readonly beBusy: (times: number) => void;
  readonly traits: () => ReaderTraits;
  readonly isSecure: () => boolean;
  /** What it was told to do, polls aside. */
  readonly heard: HeardCommand[];
  /** Every frame it sent, oldest first, the last 200. */
  readonly sent: Buffer[];
  readonly outputs: () => readonly boolean[];
  readonly refused: { macs: number; sequences: number; checks: number };
};

type Session = { readonly keys: ReaderSession; commandMac: Buffer; replyMac: Buffer };
type Handshake = { readonly key: Uint8Array; readonly a: Buffer; readonly b: Buffer; readonly keys: ReaderSession };

type State = {
  traits: ReaderTraits;
  pending: Buffer;
  sequence: number;
  last: Buffer | undefined;
  handshake: Handshake | undefined;
  session: Session | undefined;
  heardAtMs: number;
  nonces: number;
  busy: number;
  events: { code: number; data: Buffer }[];
  tamper: number;
  power: number;
  inputs: number[];
  outputs: { permanent: boolean; timed: { on: boolean; untilMs: number } | undefined }[];
  nowMs: number;
  heard: HeardCommand[];
  sent: Buffer[];
  refused: { macs: number; sequences: number; checks: number };
};

type Answer = { readonly code: number; readonly data: Buffer; readonly block?: readonly number[] };
const ack: Answer = { code: 0x40, data: Buffer.alloc(0) };
const nak = (reason: number): Answer => ({ code: 0x41, data: Buffer.of(reason) });

const SESSION_MS = 8_000;
const DEFAULT_KEY = Buffer.from('0123456789:;<=>?', 'ascii');
const HEARD_MAX = 400;
const SENT_MAX = 200;
const EVENTS_MAX = 64;
const NOTHING = Buffer.alloc(0);

// ---- frames

const framed = (state: State, sequence: number, { code, data, block }: Answer): Buffer => {
  const { session, traits } = state;
  const inSession = session !== undefined && block === undefined;
  const cipher = inSession && data.length > 0 ? sealed(session.keys, session.commandMac, data) : data;
  const scb = inSession ? [2, data.length > 0 ? 0x18 : 0x16] : (block ?? []);
  const length = 5 + scb.length + 1 + cipher.length + (inSession ? 4 : 0) + 2;
  const control = sequence | 0x04 | (scb.length > 0 ? 0x08 : 0);
  const head = [0x53, traits.address | 0x80, length & 0xff, length >> 8, control, ...scb, code];
  const body = Buffer.concat([Buffer.from(head), cipher]);
  if (inSession) session.replyMac = macChain(session.keys, session.commandMac, body);
  const whole = inSession ? Buffer.concat([body, session.replyMac.subarray(0, 4)]) : body;
  const crc = crcBitwise(whole);
  return Buffer.concat([whole, Buffer.of(crc & 0xff, crc >> 8)]);
};

type Command = {
  readonly control: number;
  readonly block: Buffer;
  readonly code: number;
  readonly rest: Buffer;
  readonly frame: Buffer;
};

/** Takes the next whole frame out of what has come. */
const nextFrame = (state: State): Buffer | undefined => {
  for (;;) {
    const start = state.pending.indexOf(0x53);
    if (start < 0) {
      state.pending = NOTHING;
      return undefined;
    }
    state.pending = state.pending.subarray(start);
    if (state.pending.length < 8) return undefined;
    const length = state.pending.readUInt16LE(2);
    if (length < 8 || length > 300) {
      state.pending = state.pending.subarray(1);
      continue;
    }
    if (state.pending.length < length) return undefined;
    const frame = state.pending.subarray(0, length);
    if (crcBitwise(frame.subarray(0, length - 2)) === frame.readUInt16LE(length - 2)) {
      state.pending = state.pending.subarray(length);
      return Buffer.from(frame);
    }
    state.refused.checks += 1;
    state.pending = state.pending.subarray(1);
  }
};

const commandOf = (frame: Buffer): Command => {
  const control = frame[4] ?? 0;
  const block = (control & 0x08) === 0 ? NOTHING : frame.subarray(5, 5 + (frame[5] ?? 0));
  const codeAt = 5 + block.length;
  return { control, block, code: frame[codeAt] ?? 0, rest: frame.subarray(codeAt + 1, frame.length - 2), frame };
};

// ---- what it can do

const identity = ({ traits: { vendor, serial } }: State): Answer => {
  const data = Buffer.alloc(12);
  data.writeUIntLE(vendor, 0, 3);
  data.writeUInt8(1, 3);
  data.writeUInt8(1, 4);
  data.writeUInt32LE(serial, 5);
  data.set([1, 2, 3], 9);
  return { code: 0x45, data };
};

const capabilities = ({ traits: { canSecure, inputs, outputs, textRows } }: State): Answer => ({
  code: 0x46,
  data: Buffer.from(
    [
      [1, inputs > 0 ? 1 : 0, inputs],
      [2, outputs > 0 ? 1 : 0, outputs],
      [4, 4, 1],
      [5, 2, 1],
      ...(textRows > 0 ? [[6, textRows, 1]] : []),
      [8, 1, 0],
      canSecure ? [9, 1, 1] : [9, 0, 0],
    ].flat(),
  ),
});

const outputLevel = (state: State, index: number): boolean => {
  const output = state.outputs[index];
  if (output === undefined) return false;
  return output.timed !== undefined && state.nowMs < output.timed.untilMs ? output.timed.on : output.permanent;
};

const switchOutput = (state: State, data: Buffer): Answer => {
  const output = state.outputs[data[0] ?? 0];
  const untilMs = state.nowMs + data.readUInt16LE(2) * 100;
  if (output === undefined) return nak(9);
  const order = data[1] ?? 0;
  if (order === 1 || order === 2) output.timed = undefined;
  if (order >= 1 && order <= 4) output.permanent = order % 2 === 0;
  if (order === 5 || order === 6) output.timed = { on: order === 5, untilMs };
  return ack;
};

const statusEvent = (state: State): Answer => ({ code: 0x48, data: Buffer.of(state.tamper, state.power) });

const setKey = (state: State, data: Buffer): Answer => {
  if (state.session === undefined || data[0] !== 1 || data[1] !== 16 || data.length !== 18) return nak(9);
  state.traits = { ...state.traits, key: Buffer.from(data.subarray(2)), takesDefaultKey: false };
  return ack;
};

const obey = (state: State, code: number, data: Buffer): Answer => {
  switch (code) {
    case 0x60:
      return state.events.shift() ?? ack;
    case 0x61:
      return identity(state);
    case 0x62:
      return capabilities(state);
    case 0x64:
      return statusEvent(state);
    case 0x65:
      return state.traits.inputs === 0 ? nak(3) : { code: 0x49, data: Buffer.from(state.inputs) };
    case 0x67:
      return nak(3);
    case 0x68:
      return switchOutput(state, data);
    case 0x69:
    case 0x6a:
    case 0x6b:
      return ack;
    case 0x75:
      return setKey(state, data);
    default:
      return nak(3);
  }
};

// ---- the handshake

const nonce = (state: State): Buffer => {
  state.nonces += 1;
  return createHash('sha256').update(`${state.traits.serial}:${state.nonces}`).digest().subarray(0, 8);
};

const challenged = (state: State, block: Buffer, a: Buffer): Answer => {
  const { key, takesDefaultKey, canSecure } = state.traits;
  const wantsOwn = block[2] === 1;
  const used = wantsOwn ? key : takesDefaultKey ? DEFAULT_KEY : undefined;
  if (!canSecure) return nak(5);
  if (used === undefined || a.length !== 8) return nak(6);
  const b = nonce(state);
  const keys = sessionOf(used, a);
  state.handshake = { key: used, a, b, keys };
  const proof = ecb(keys.enc, Buffer.concat([a, b]));
  return { code: 0x76, data: Buffer.concat([Buffer.alloc(8, 0x11), b, proof]), block: [3, 0x12, block[2] ?? 0] };
};

const proved = (state: State, proof: Buffer): Answer => {
  const { handshake } = state;
  if (handshake === undefined) return nak(6);
  const { a, b, keys } = handshake;
  state.handshake = undefined;
  const isRight = ecb(keys.enc, Buffer.concat([b, a])).equals(proof);
  const first = ecb(keys.mac2, ecb(keys.mac1, proof));
  if (isRight) state.session = { keys, commandMac: first, replyMac: first };
  return { code: 0x78, data: first, block: [3, 0x14, isRight ? 1 : 0xff] };
};

// ---- one command

const note = (state: State, code: number, data: Buffer): void => {
  if (code === 0x60) return;
  state.heard.push({ code, data: Buffer.from(data), isSecure: state.session !== undefined });
  if (state.heard.length > HEARD_MAX) state.heard.shift();
};

/** In a session: with the right MAC, or not at all. */
const obeySealed = (state: State, session: Session, { block, code, rest, frame }: Command): Answer => {
  const body = frame.subarray(0, frame.length - 6);
  const mac = macChain(session.keys, session.replyMac, body);
  if ((block[1] !== 0x15 && block[1] !== 0x17) || !mac.subarray(0, 4).equals(rest.subarray(-4))) {
    state.refused.macs += 1;
    state.session = undefined;
    return nak(6);
  }
  const cipher = rest.subarray(0, -4);
  const data = block[1] === 0x17 ? unsealed(session.keys, session.replyMac, cipher) : cipher;
  session.commandMac = mac;
  note(state, code, data);
  return obey(state, code, data);
};

const obeyPlain = (state: State, { block, code, rest }: Command): Answer => {
  if (block[1] === 0x11 && code === 0x76) return challenged(state, block, Buffer.from(rest));
  if (block[1] === 0x13 && code === 0x77) return proved(state, Buffer.from(rest));
  if (block.length > 0) return nak(6);
  if (state.traits.demandsSecure && code !== 0x61 && code !== 0x62) return nak(6);
  note(state, code, rest);
  return obey(state, code, rest);
};

const startDialogue = (state: State): void => {
  state.session = undefined;
  state.handshake = undefined;
  state.last = undefined;
};

const keep = (state: State, reply: Buffer): Buffer => {
  state.last = reply;
  state.sent.push(reply);
  if (state.sent.length > SENT_MAX) state.sent.shift();
  return reply;
};

const nextOf = (sequence: number): number => (sequence === 3 ? 1 : sequence + 1);

const answerTo = (state: State, frame: Buffer): Buffer | undefined => {
  const command = commandOf(frame);
  const sequence = command.control & 0x03;
  if ((frame[1] ?? 0) !== state.traits.address) return undefined;
  if (sequence === 0) startDialogue(state);
  else if (sequence === state.sequence && state.last !== undefined) return state.last;
  else if (sequence !== nextOf(state.sequence)) {
    state.refused.sequences += 1;
    state.session = undefined;
    return framed(state, sequence, nak(4));
  }
  if (state.busy > 0) {
    state.busy -= 1;
    const { session } = state;
    state.session = undefined;
    const busy = framed(state, 0, { code: 0x79, data: NOTHING });
    state.session = session;
    return busy;
  }
  state.sequence = sequence;
  const { session } = state;
  const answer = session === undefined ? obeyPlain(state, command) : obeySealed(state, session, command);
  return keep(state, framed(state, sequence, answer));
};

const receive = (state: State, bytes: Uint8Array, nowMs: number): Buffer | undefined => {
  state.nowMs = nowMs;
  if (nowMs - state.heardAtMs > SESSION_MS) state.session = undefined;
  state.pending = Buffer.concat([state.pending, bytes]).subarray(-512);
  let reply: Buffer | undefined;
  for (let frame = nextFrame(state); frame !== undefined; frame = nextFrame(state)) {
    const answer = answerTo(state, frame);
    if (answer === undefined) continue;
    state.heardAtMs = nowMs;
    reply = answer;
  }
  return reply;
};

const happen = (state: State, code: number, data: Buffer): void => {
  if (state.events.length < EVENTS_MAX) state.events.push({ code, data });
};

const cardData = (bits: number, hex: string): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(bits, 2);
  return Buffer.concat([head, Buffer.from(hex, 'hex')]);
};

const keyBytes = (keys: string): Buffer =>
  Buffer.from(Array.from(keys, (key) => (key === '#' ? 0x0d : key === '*' ? 0x7f : (key.codePointAt(0) ?? 0))));

const freshState = (traits: ReaderTraits): State => ({
  traits,
  pending: NOTHING,
  sequence: 0,
  last: undefined,
  handshake: undefined,
  session: undefined,
  heardAtMs: 0,
  nonces: 0,
  busy: 0,
  events: [],
  tamper: 0,
  power: 0,
  inputs: Array.from({ length: traits.inputs }, () => 0),
  outputs: Array.from({ length: traits.outputs }, () => ({ permanent: false, timed: undefined })),
  nowMs: 0,
  heard: [],
  sent: [],
  refused: { macs: 0, sequences: 0, checks: 0 },
});

export const emulatedReader = (given: Partial<ReaderTraits>): EmulatedReader => {
  const state = freshState({ ...TRAITS, ...given });
  return {
    receive: (bytes, nowMs) => receive(state, bytes, nowMs),
    present: (bits, hex) => happen(state, 0x50, cardData(bits, hex)),
    press: (keys) => happen(state, 0x53, Buffer.concat([Buffer.of(0, keys.length), keyBytes(keys)])),
    setTamper: (isTampered) => {
      state.tamper = isTampered ? 1 : 0;
      happen(state, 0x48, statusEvent(state).data);
    },
    setPower: (hasFailed) => {
      state.power = hasFailed ? 1 : 0;
      happen(state, 0x48, statusEvent(state).data);
    },
    setInput: (input, isActive) => {
      state.inputs[input] = isActive ? 1 : 0;
      happen(state, 0x49, Buffer.from(state.inputs));
    },
    restart: () => {
      startDialogue(state);
      state.sequence = 0;
    },
    become: (traits) => {
      state.traits = { ...state.traits, ...traits };
      startDialogue(state);
      state.sequence = 0;
    },
    beBusy: (times) => {
      state.busy = times;
    },
    traits: () => state.traits,
    isSecure: () => state.session !== undefined,
    heard: state.heard,
    sent: state.sent,
    outputs: () => state.outputs.map((_, index) => outputLevel(state, index)),
    refused: state.refused,
  };
};
