/**
 * Questions to a board about its pins, a few at a time: its receive buffer holds 64 bytes, and each answer is longer than its
 * question.
 */
import type { Timers } from '../../ports/player.ts';
import type { BoardLines } from './boardLines.ts';
import type { Connection } from './connection.ts';
import { askContact } from './contact.ts';
import { ANSWER_MAX_MS, asked, canAsk } from './pinCheck.ts';

export const QUESTIONS_AT_ONCE = 4;
const ATTEMPTS = 5;

export type Asking = { readonly lines: BoardLines; readonly connection: Connection; readonly timers: Timers };

export const askPort = ({ connection }: Asking, pin: number): void => connection.report('digital', pin, true);

/** The level first, where it is in doubt: the state of the pin then says that the level has been told. */
const sendQuestions = (asking: Asking, pin: number, now: number): void => {
  const line = asking.lines.contacts.get(pin);
  if (line?.contact.doubt) {
    line.contact = askContact(line.contact, now);
    askPort(asking, pin);
  }
  asking.connection.askPin(pin);
};

/** Asks what a pin is, and again where nobody answers; a board that answers none of these is found out by its beats. */
export const askPin = (asking: Asking, pin: number, attempts = ATTEMPTS): void => {
  const { lines, timers, connection } = asking;
  const check = lines.checks.get(pin);
  if (!check || attempts === 0 || !canAsk(check, timers.now())) return;
  const now = timers.now();
  lines.checks.set(pin, asked(check, now));
  sendQuestions(asking, pin, now);
  connection.later(ANSWER_MAX_MS, () => {
    if (lines.checks.get(pin)?.asks.includes(now) === true) askPin(asking, pin, attempts - 1);
  });
};

const waiting = ({ lines, timers }: Asking): number =>
  [...lines.checks.values()].filter((check) => !canAsk(check, timers.now())).length;

/** What is in doubt before what was only not verified yet. */
const pinsToAsk = ({ lines }: Asking): readonly number[] => [
  ...[...lines.contacts.values()].filter(({ contact }) => contact.doubt !== undefined).map(({ pin }) => pin),
  ...[...lines.checks].filter(([, { verified }]) => !verified).map(([pin]) => pin),
];

export const askSome = (asking: Asking): void => {
  for (const pin of pinsToAsk(asking)) {
    if (waiting(asking) >= QUESTIONS_AT_ONCE) return;
    askPin(asking, pin);
  }
};
