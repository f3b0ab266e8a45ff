/**
 * What goes on over one connection once its board has told what it is: arming it, hearing it, giving it orders, and asking
 * it again and again whether it still is what it was made.
 *
 * - **arming** tells the board everything: outputs first, each at its level before its pin becomes an output, then inputs and
 *   reports. It is over when every level is known, every value steady and every pin verified.
 * - Questions wait for answers, a few at a time: the board's receive buffer holds 64 bytes.
 */
import { SEQUENCE_COUNT } from '../../protocol/expander.ts';
import type { ExpanderReport } from '../../protocol/expander.ts';
import { MODE } from '../../protocol/firmata.ts';
import type { Reading } from '../../core/input.ts';
import type { LineId } from '../../core/config.ts';
import type { Level } from '../../ports/lines.ts';
import type { Timers } from '../../ports/player.ts';
import {
  channelReading,
  contactReading,
  digitalPorts,
  forgetHeard,
  isWholeBoardKnown,
  LOST,
  outputBits,
  pinsNeeded,
} from './boardLines.ts';
import type { BoardLines, ContactLine, OutputLine } from './boardLines.ts';
import { hearSample, isStale, NEW_CHANNEL } from './channel.ts';
import type { Connection } from './connection.ts';
import { answerContact, askContact, hearContact, needsAsking } from './contact.ts';
import type { Heard } from './link.ts';
import { answer, ANSWER_MAX_MS, asked, canAsk, order } from './pinCheck.ts';

/** With Vigie's firmware: how long the board waits for a sign of us before it puts its outputs to rest. */
export const HOST_WATCHDOG_MS = 2_000;
const QUESTIONS_AT_ONCE = 4;
const ATTEMPTS = 5;
/**
 * A disturbance that fell between two answers of the board would stand as a level until the next beat. Looked at again so soon,
 * it is over before the core's shortest usual debouncing (20 ms) and no more than a short pulse.
 */
const LOOK_AGAIN_MS = 8;
const WRITE_MAX_MS = 1_000;
const ALL_CHANNELS = 16;

export type Counters = {
  /** Bytes of no message, and messages that cannot be meant or whose check is wrong. */
  droppedBytes: number;
  refusedFrames: number;
  /** Reports of Vigie's firmware that are missing between two that came. */
  missedReports: number;
  /** Digital reports that the board did not confirm. */
  unconfirmedReports: number;
  restarts: number;
};

export type SessionOptions = {
  readonly lines: BoardLines;
  readonly connection: Connection;
  readonly timers: Timers;
  readonly samplingMs: number;
  readonly counters: Counters;
  readonly hear: (heard: Heard, detail?: string) => void;
  /** A reading of an input. While the board is armed nobody outside is told yet. */
  readonly tell: (line: LineId, reading: Reading, observedAtMs: number) => void;
};

export type Session = {
  readonly arm: () => void;
  readonly beat: () => void;
  /** Puts an output to the level it is ordered. */
  readonly drive: (output: OutputLine) => void;
  readonly onDigital: (pin: number, level: Level) => void;
  readonly onSample: (channel: number, value: number) => void;
  readonly onPinState: (pin: number, mode: number, state: number) => void;
  readonly onReport: (report: ExpanderReport) => void;
  /** Pins that the config uses and the board does not have. */
  readonly missingPins: () => readonly number[];
};

type Room = SessionOptions & {
  /** Rest levels that the board has not confirmed. */
  rests: { readonly pin: number; readonly level: Level | undefined }[];
  sequence: number | undefined;
  nonce: number;
  /** The first answer since arming says what was before it. */
  heartbeats: number;
  isArming: boolean;
  nextChecked: number;
};

const isVigie = ({ connection }: Room): boolean => connection.board().kind === 'vigie';

// ---- orders

const moveRelay = (room: Room, { pin, relay, level, restLevel }: OutputLine): void => {
  const port = pin >> 3;
  room.connection.keepToOutputs(port, outputBits(room.lines, port));
  if (level === restLevel) relay?.open();
  else relay?.close();
};

const askPort = ({ connection }: Room, pin: number): void => connection.report('digital', pin, true);

/** The level first, where it is in doubt: the state of the pin then says that the level has been told. */
const sendQuestions = (room: Room, pin: number, now: number): void => {
  const line = room.lines.contacts.get(pin);
  if (line?.contact.doubt) {
    line.contact = askContact(line.contact, now);
    askPort(room, pin);
  }
  room.connection.askPin(pin);
};

/** Asks what a pin is, and again where nobody answers; a board that answers none of these is found out by its beats. */
const askPin = (room: Room, pin: number, attempts = ATTEMPTS): void => {
  const { lines, timers, connection } = room;
  const check = lines.checks.get(pin);
  if (!check || attempts === 0 || !canAsk(check, timers.now())) return;
  const now = timers.now();
  lines.checks.set(pin, asked(check, now));
  sendQuestions(room, pin, now);
  connection.later(ANSWER_MAX_MS, () => {
    if (lines.checks.get(pin)?.asks.includes(now) === true) askPin(room, pin, attempts - 1);
  });
};

const drive = (room: Room, output: OutputLine): void => {
  const { checks } = room.lines;
  const check = checks.get(output.pin);
  if (!check) return;
  checks.set(output.pin, order(check, output.level, room.timers.now()));
  moveRelay(room, output);
  askPin(room, output.pin);
};

/** The level before the mode, so that a pin never becomes an output at the other one; after it, for boards that forget it. */
const makeOutput = (room: Room, output: OutputLine): void => {
  moveRelay(room, output);
  room.connection.setMode(output.pin, MODE.output);
  moveRelay(room, output);
};

// ---- arming

const waiting = ({ lines, timers }: Room): number =>
  [...lines.checks.values()].filter((check) => !canAsk(check, timers.now())).length;

/** What is in doubt before what was only not verified yet. */
const pinsToAsk = ({ lines }: Room): readonly number[] => [
  ...[...lines.contacts.values()].filter(({ contact }) => contact.doubt !== undefined).map(({ pin }) => pin),
  ...[...lines.checks].filter(([, { verified }]) => !verified).map(([pin]) => pin),
];

const askSome = (room: Room): void => {
  for (const pin of pinsToAsk(room)) {
    if (waiting(room) >= QUESTIONS_AT_ONCE) return;
    askPin(room, pin);
  }
};

const sendRest = ({ rests, connection }: Room): void => {
  const [next] = rests;
  if (next) connection.command({ kind: 'rest-level', ...next });
};

const restLevelsOf = ({ lines }: Room): Room['rests'] => [
  ...[...lines.outputs.values()].map(({ pin, restLevel }) => ({ pin, level: restLevel })),
  ...[...lines.contacts.values(), ...lines.channels.values()].map(({ pin }) => ({ pin, level: undefined })),
];

const beginVigie = (room: Room): void => {
  room.rests = restLevelsOf(room);
  heartbeat(room);
  room.connection.command({ kind: 'host-watchdog', timeoutMs: HOST_WATCHDOG_MS });
};

const sendSampling = (room: Room): void => {
  const { connection, lines, samplingMs } = room;
  connection.setSamplingInterval(samplingMs);
  if (isVigie(room)) connection.command({ kind: 'checked-samples', intervalMs: lines.channels.size > 0 ? samplingMs : 0 });
};

const reportChannels = ({ lines, connection }: Room): void => {
  for (const { pin } of lines.channels.values()) connection.setMode(pin, MODE.analog);
  const channels = Math.min(ALL_CHANNELS, connection.board().channels);
  for (let channel = 0; channel < channels; channel += 1) connection.report('analog', channel, lines.channels.has(channel));
};

const arm = (room: Room): void => {
  const { lines, connection, timers } = room;
  Object.assign(room, { isArming: true, sequence: undefined, heartbeats: 0, rests: [] });
  forgetHeard(lines, timers.now());
  if (isVigie(room)) beginVigie(room);
  for (const output of lines.outputs.values()) {
    output.relay ??= connection.relay(output.pin, output.restLevel);
    makeOutput(room, output);
  }
  for (const { pin, mode } of lines.contacts.values()) connection.setMode(pin, mode);
  reportChannels(room);
  sendSampling(room);
  if (isVigie(room)) sendRest(room);
  for (const port of digitalPorts(lines)) connection.report('digital', port * 8, true);
  askSome(room);
};

const goOnArming = (room: Room): void => {
  if (!room.isArming) return;
  if (room.rests.length > 0 || !isWholeBoardKnown(room.lines)) return askSome(room);
  room.isArming = false;
  room.hear({ kind: 'armed' });
};

// ---- what the board says

const onDigital = (room: Room, pin: number, level: Level): void => {
  const line = room.lines.contacts.get(pin);
  if (!line) return;
  line.contact = hearContact(line.contact, level, room.timers.now());
  if (needsAsking(line.contact)) askSome(room);
};

const onInputVerified = (room: Room, line: ContactLine, askedAtMs: number): void => {
  const { contact, tell } = answerContact(line.contact, askedAtMs);
  room.counters.unconfirmedReports += contact.unconfirmed - line.contact.unconfirmed;
  line.contact = contact;
  if (!tell) return;
  room.tell(line.line, contactReading(line), tell.observedAtMs);
  room.connection.later(LOOK_AGAIN_MS, () => askPort(room, line.pin));
};

const onSample = (room: Room, channel: number, value: number): void => {
  const line = room.lines.channels.get(channel);
  if (!line) return;
  const step = hearSample(line.state, value, room.timers.now());
  line.state = step.channel;
  if (!step.tell) return;
  room.tell(line.line, channelReading(line), step.tell.observedAtMs);
  goOnArming(room);
};

/** Makes one pin what it is to be, once more. */
const mend = (room: Room, pin: number): void => {
  const output = [...room.lines.outputs.values()].find((each) => each.pin === pin);
  if (output) makeOutput(room, output);
  const contact = room.lines.contacts.get(pin);
  if (!contact) return;
  room.connection.setMode(pin, contact.mode);
  askPort(room, pin);
};

const onVerified = (room: Room, pin: number, askedAtMs: number): void => {
  const line = room.lines.contacts.get(pin);
  if (line) onInputVerified(room, line, askedAtMs);
  if (room.isArming) goOnArming(room);
  else askSome(room);
};

const onPinState = (room: Room, pin: number, mode: number, state: number): void => {
  const check = room.lines.checks.get(pin);
  if (!check) return;
  const answered = answer(check, { mode, state }, room.timers.now());
  room.lines.checks.set(pin, answered.check);
  switch (answered.outcome) {
    case 'settings-lost':
      return room.hear({ kind: 'unset', reason: 'settings-lost' }, `pin ${pin}: mode ${mode}, level ${state}`);
    case 'mend':
      mend(room, pin);
      return askPin(room, pin);
    case 'ask-again':
      return askPin(room, pin);
    case 'right':
      return onVerified(room, pin, answered.askedAtMs);
    case 'not-asked':
      return;
  }
};

// ---- Vigie's firmware

const countMissed = (room: Room, sequence: number): void => {
  const { sequence: before, counters } = room;
  if (before !== undefined) counters.missedReports += (sequence - before - 1 + SEQUENCE_COUNT) % SEQUENCE_COUNT;
  room.sequence = sequence;
};

const onSamples = (room: Room, { sequence, samples }: Extract<ExpanderReport, { kind: 'samples' }>): void => {
  countMissed(room, sequence);
  for (const { channel, value } of samples) onSample(room, channel, value);
};

const heartbeat = (room: Room): void => {
  room.nonce = (room.nonce + 1) % 128;
  room.connection.command({ kind: 'heartbeat', nonce: room.nonce });
};

const onHeartbeat = (room: Room, { nonce, restarted, atRest }: Extract<ExpanderReport, { kind: 'heartbeat' }>): void => {
  if ((room.nonce - nonce + 128) % 128 > HEARTBEATS_WAITING) return;
  room.heartbeats += 1;
  if (room.heartbeats === 1) return room.hear({ kind: 'alive' });
  if (restarted) return room.hear({ kind: 'unset', reason: 'restarted' });
  if (atRest) return room.hear({ kind: 'unset', reason: 'put-at-rest' });
  room.hear({ kind: 'alive' });
};

/** Answers to heartbeats older than these are of another time. */
const HEARTBEATS_WAITING = 8;

const onRest = (room: Room, { pin, level }: Extract<ExpanderReport, { kind: 'rest-level' }>): void => {
  const [first] = room.rests;
  if (first?.pin !== pin || first.level !== level) return;
  room.rests.shift();
  sendRest(room);
  goOnArming(room);
};

const onReport = (room: Room, report: ExpanderReport): void => {
  switch (report.kind) {
    case 'samples':
      return onSamples(room, report);
    case 'heartbeat':
      return onHeartbeat(room, report);
    case 'rest-level':
      return onRest(room, report);
    case 'at-rest':
      return room.hear({ kind: 'unset', reason: 'put-at-rest' });
    case 'version':
    case 'host-watchdog':
    case 'checked-samples':
      return;
  }
};

// ---- again and again

const loseStaleChannels = (room: Room): void => {
  const now = room.timers.now();
  for (const line of room.lines.channels.values()) {
    if (!isStale(line.state, now)) continue;
    line.state = NEW_CHANNEL;
    room.tell(line.line, LOST, now);
  }
};

/** A channel that says nothing may have been switched off by a disturbed order. */
const wakeChannels = (room: Room): void => {
  const silent = [...room.lines.channels.values()].filter(({ state }) => state.told === undefined);
  if (silent.length === 0) return;
  for (const { pin, channel } of silent) {
    room.connection.setMode(pin, MODE.analog);
    room.connection.report('analog', channel, true);
  }
  sendSampling(room);
};

const checkSomePins = (room: Room): void => {
  const pins = [...room.lines.checks.keys()];
  for (let count = 0; count < Math.min(QUESTIONS_AT_ONCE, pins.length); count += 1) {
    askPin(room, pins[room.nextChecked % pins.length] ?? 0);
    room.nextChecked += 1;
  }
};

const beat = (room: Room): void => {
  const { connection, lines } = room;
  if (connection.oldestWriteMs() > WRITE_MAX_MS) return room.hear({ kind: 'writes-pile-up' });
  if (isVigie(room)) heartbeat(room);
  else connection.askVersion();
  for (const port of digitalPorts(lines)) askPort(room, port * 8);
  sendRest(room);
  askSome(room);
  if (room.isArming) return;
  checkSomePins(room);
  loseStaleChannels(room);
  wakeChannels(room);
};

const missingPins = ({ lines, connection }: Room): readonly number[] =>
  pinsNeeded(lines)
    .filter(({ pin, mode }) => !connection.board().modesOf(pin).includes(mode))
    .map(({ pin }) => pin);

export const makeSession = (options: SessionOptions): Session => {
  const room: Room = {
    ...options,
    rests: [],
    sequence: undefined,
    nonce: 0,
    heartbeats: 0,
    isArming: false,
    nextChecked: 0,
  };
  return {
    arm: () => arm(room),
    beat: () => beat(room),
    drive: (output) => drive(room, output),
    onDigital: (pin, level) => onDigital(room, pin, level),
    onSample: (channel, value) => onSample(room, channel, value),
    onPinState: (pin, mode, state) => onPinState(room, pin, mode, state),
    onReport: (report) => onReport(room, report),
    missingPins: () => missingPins(room),
  };
};
