/**
 * A PN532 that is asked again and again which card lies on it: woken, set up, then asked each 150 ms. It is present as long
 * as it answers. Cards of ISO 14443 A with numbers of 4, 7 and 10 bytes.
 */
import { ACK, NACK, PN532_COMMAND, WAKE_UP, encodeQuestion, lookForPn532 } from './pn532Frames.ts';
import type { Pn532Frame } from './pn532Frames.ts';
import { cardOf, isNewPresentation } from './reader.ts';
import type { CardNumber, DropReason, Fed, Lying, ReaderEvent, ReaderProtocol } from './reader.ts';
import { NOTHING_HELD, scan } from './scanner.ts';
import type { Held } from './scanner.ts';

const { samConfiguration, firmwareVersion, rfConfiguration, listTargets } = PN532_COMMAND;

/** Normal mode, and no waiting for a card: two tries, then it says that there is none (its own default waits for ever). */
const SET_UP: readonly (readonly number[])[] = [
  [samConfiguration, 0x01, 0x00, 0x01],
  [firmwareVersion],
  [rfConfiguration, 0x05, 0xff, 0x01, 0x02],
];
/** One card, 106 kbit/s type A. */
const LIST: readonly number[] = [listTargets, 0x01, 0x00];

const TICK_MS = 50;
export const POLL_MS = 150;
/** A chip answers within some 30 ms; the rest is for a machine that is busy. */
export const ANSWER_MS = 500;
/** So many questions in a row without an answer: it is not there. */
const MISSED_MAX = 2;
/** ISO 14443-3: a number of four bytes that begins so is drawn anew at each presentation. */
const RANDOM_NUMBER = 0x08;
const NUMBER_BYTES: readonly number[] = [4, 7, 10];

type Question = { readonly content: readonly number[]; readonly askedAtMs: number; readonly isRepeated: boolean };

export type Pn532State = {
  readonly held: Held;
  /** How much of `SET_UP` is done. */
  readonly step: number;
  readonly waiting: Question | undefined;
  readonly nextAtMs: number;
  readonly missed: number;
  readonly present: boolean | undefined;
  readonly lying: Lying | undefined;
  /** A card whose number cannot be used is told once. */
  readonly isUnusable: boolean;
};

type Told = { state: Pn532State; readonly events: ReaderEvent[] };

const drop = (told: Told, reason: DropReason, count = 1): void => {
  if (count > 0) told.events.push({ kind: 'dropped', reason, count });
};

const tellPresence = (told: Told, present: boolean): void => {
  if (told.state.present === present) return;
  told.state = { ...told.state, present };
  told.events.push({ kind: 'presence', input: 1, present });
};

const send = (told: Told, bytes: Uint8Array): void => void told.events.push({ kind: 'send', bytes });

const ask = (told: Told, now: number): void => {
  const { step } = told.state;
  const content = SET_UP[step] ?? LIST;
  // Whatever it was doing it stops, and whatever it has slept through it hears now.
  if (step === 0) {
    send(told, WAKE_UP);
    send(told, ACK);
  }
  send(told, encodeQuestion(content));
  told.state = { ...told.state, waiting: { content, askedAtMs: now, isRepeated: false } };
};

// ---- answers

const tellHardware = (told: Told, [chip, version, revision]: Uint8Array): void => {
  if (told.state.present === true || chip === undefined || version === undefined) return;
  const name = chip === 0x32 ? 'PN532' : `chip ${chip.toString(16)}`;
  told.events.push({ kind: 'hardware', text: `${name}, firmware ${version}.${revision ?? 0}` });
};

/** Number of targets, target, SENS_RES (2), SEL_RES, length of the number, the number. */
const cardIn = (data: Uint8Array): CardNumber | DropReason | undefined => {
  const [count, , , , , size = 0] = data;
  if (count === 0) return undefined;
  const number = data.subarray(6, 6 + size);
  if (count !== 1 || !NUMBER_BYTES.includes(size) || number.length !== size) return 'unknown-frame';
  return size === 4 && number[0] === RANDOM_NUMBER ? 'random-number' : cardOf(number, size * 8);
};

const hearTargets = (told: Told, data: Uint8Array, now: number): void => {
  const card = data.length === 0 ? 'unknown-frame' : cardIn(data);
  if (typeof card === 'string') {
    if (!told.state.isUnusable) drop(told, card);
    told.state = { ...told.state, isUnusable: true };
    return;
  }
  told.state = { ...told.state, isUnusable: false };
  if (card === undefined) return;
  if (isNewPresentation(told.state.lying, card, now)) told.events.push({ kind: 'badge', input: 1, badge: card });
  told.state = { ...told.state, lying: { hex: card.hex, seenAtMs: now } };
};

const hearAnswer = (told: Told, command: number, data: Uint8Array, now: number): void => {
  const { waiting, step } = told.state;
  if (waiting?.content[0] !== command) return drop(told, 'unknown-frame');
  const isSetUp = step >= SET_UP.length;
  const nextAtMs = isSetUp ? now + POLL_MS : now;
  told.state = { ...told.state, waiting: undefined, missed: 0, step: isSetUp ? step : step + 1, nextAtMs };
  if (command === firmwareVersion) tellHardware(told, data);
  if (isSetUp) tellPresence(told, true);
  if (command === listTargets) hearTargets(told, data, now);
};

const hearFrame = (told: Told, frame: Pn532Frame, now: number): void => {
  switch (frame.kind) {
    case 'ack':
      return;
    case 'nack':
    case 'error':
      return drop(told, 'unknown-frame');
    case 'answer':
      return hearAnswer(told, frame.command, frame.data, now);
  }
};

/** An answer was damaged on the line: once it is asked for again. */
const askAgain = (told: Told): void => {
  const { waiting } = told.state;
  if (waiting === undefined || waiting.isRepeated) return;
  told.state = { ...told.state, waiting: { ...waiting, isRepeated: true } };
  send(told, NACK);
};

// ---- the machine

const begin = (now: number): Fed<Pn532State> => {
  const told: Told = {
    state: {
      held: NOTHING_HELD,
      step: 0,
      waiting: undefined,
      nextAtMs: now,
      missed: 0,
      present: undefined,
      lying: undefined,
      isUnusable: false,
    },
    events: [],
  };
  ask(told, now);
  return told;
};

const askIfDue = (told: Told, now: number): void => {
  if (told.state.waiting === undefined && now >= told.state.nextAtMs) ask(told, now);
};

const feed = (state: Pn532State, bytes: Uint8Array, now: number): Fed<Pn532State> => {
  const { held, frames, broken, cutShort } = scan(state.held, bytes, now, lookForPn532);
  const told: Told = { state: { ...state, held }, events: [] };
  drop(told, 'wrong-check', broken);
  drop(told, 'cut-short', cutShort);
  for (const frame of frames) hearFrame(told, frame, now);
  if (broken > 0) askAgain(told);
  askIfDue(told, now);
  return told;
};

/** It is woken and set up from the beginning: it may have been without supply. */
const miss = (told: Told, now: number): void => {
  const missed = told.state.missed + 1;
  told.state = { ...told.state, held: NOTHING_HELD, step: 0, waiting: undefined, missed, nextAtMs: now };
  if (missed >= MISSED_MAX) tellPresence(told, false);
};

const tick = (state: Pn532State, now: number): Fed<Pn532State> => {
  const told: Told = { state, events: [] };
  const { waiting } = state;
  if (waiting !== undefined && now - waiting.askedAtMs >= ANSWER_MS) miss(told, now);
  askIfDue(told, now);
  return told;
};

export const pn532: ReaderProtocol<Pn532State> = { baudRate: 115_200, tickMs: TICK_MS, begin, feed, tick, show: undefined };
