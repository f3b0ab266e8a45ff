/**
 * What goes on over one connection once its board has told what it is: arming it, hearing it, giving it orders, and asking
 * it again and again whether it still is what it was made.
 *
 * - **arming** tells the board everything: outputs first, each at its level before its pin becomes an output, then inputs and
 *   reports. It is over when every level is known, every value steady and every pin verified.
 */
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
import { answerContact, hearContact, needsAsking } from './contact.ts';
import type { Heard } from './link.ts';
import { beginArming, countMissed, newOwnFirmware, onHeartbeat, onRest, sendHeartbeat, sendRest } from './ownFirmware.ts';
import type { OwnFirmware } from './ownFirmware.ts';
import { answer, order } from './pinCheck.ts';
import { askPin, askPort, askSome, QUESTIONS_AT_ONCE } from './questions.ts';

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
  readonly own: OwnFirmware;
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

const drive = (room: Room, output: OutputLine): void => {
  const { checks } = room.lines;
  const check = checks.get(output.pin);
  if (!check) return;
  checks.set(output.pin, order(check, output.level, room.timers.now()));
  moveRelay(room, output);
  askSome(room);
};

/** The level before the mode, so that a pin never becomes an output at the other one; after it, for boards that forget it. */
const makeOutput = (room: Room, output: OutputLine): void => {
  moveRelay(room, output);
  room.connection.setMode(output.pin, MODE.output);
  moveRelay(room, output);
};

// ---- arming

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
  room.isArming = true;
  forgetHeard(lines, timers.now());
  if (isVigie(room)) beginArming(room.own, lines, connection);
  for (const output of lines.outputs.values()) {
    output.relay = connection.relay(output.pin, output.restLevel, output.relay);
    makeOutput(room, output);
  }
  for (const { pin, mode } of lines.contacts.values()) connection.setMode(pin, mode);
  reportChannels(room);
  sendSampling(room);
  if (isVigie(room)) sendRest(room.own, connection);
  for (const port of digitalPorts(lines)) connection.report('digital', port * 8, true);
  askSome(room);
};

const goOnArming = (room: Room): void => {
  if (!room.isArming) return;
  if (!isWholeBoardKnown(room.lines)) return askSome(room);
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
      return askSome(room);
    case 'ask-again':
      return askSome(room);
    case 'right':
      return onVerified(room, pin, answered.askedAtMs);
    case 'not-asked':
      return;
  }
};

// ---- Vigie's firmware

const onReport = (room: Room, report: ExpanderReport): void => {
  switch (report.kind) {
    case 'samples':
      room.counters.missedReports += countMissed(room.own, report.sequence);
      for (const { channel, value } of report.samples) onSample(room, channel, value);
      return;
    case 'heartbeat':
      return hearMaybe(room, onHeartbeat(room.own, report));
    case 'rest-level':
      return onRest(room.own, report, room.connection);
    case 'at-rest':
      return room.hear({ kind: 'unset', reason: 'put-at-rest' });
    case 'version':
    case 'host-watchdog':
    case 'checked-samples':
      return;
  }
};

const hearMaybe = (room: Room, heard: Heard | undefined): void => {
  if (heard) room.hear(heard);
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
  if (isVigie(room)) sendHeartbeat(room.own, connection);
  else connection.askVersion();
  for (const port of digitalPorts(lines)) askPort(room, port * 8);
  sendRest(room.own, connection);
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
    own: newOwnFirmware(),
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
