/**
 * From a board's reports of one digital input to the levels that are told. Firmata's reports carry no check: a disturbed
 * line can invent one. So a report that says something new raises a *doubt*, and the board is asked twice over: for the level,
 * and for the state of the pin. Pure.
 *
 * - A board answers in order. When the state of the pin comes, the level reported last is the answer to the first question or
 *   newer, whatever else was invented or lay waiting meanwhile; and the pin is known to be an input still.
 * - A pulse shorter than questions and answers (about 3 ms) is counted and not told; filtering starts at 20 ms anyhow.
 */
import type { Level } from '../../ports/lines.ts';

type Doubt = {
  /** When the first report said something new. */
  readonly sinceMs: number;
  /** When the questions went out first; undefined: not yet. */
  readonly askedAtMs: number | undefined;
  /** A level was reported since. */
  readonly isAnswered: boolean;
};

export type Contact = {
  /** undefined: nothing was told since the board was armed. */
  readonly told: Level | undefined;
  /** What the last report said. */
  readonly latest: Level | undefined;
  readonly doubt: Doubt | undefined;
  /** Doubts that came to nothing: disturbances and very short pulses. */
  readonly unconfirmed: number;
};

export type ContactStep = {
  readonly contact: Contact;
  readonly tell: { readonly level: Level; readonly observedAtMs: number } | undefined;
};

export const newContact = (unconfirmed = 0): Contact => ({
  told: undefined,
  latest: undefined,
  doubt: undefined,
  unconfirmed,
});

/** A report of its level. */
export const hearContact = (contact: Contact, level: Level, now: number): Contact => {
  const { told, doubt } = contact;
  if (doubt) return { ...contact, latest: level, doubt: { ...doubt, isAnswered: doubt.askedAtMs !== undefined } };
  if (level === told) return contact.latest === level ? contact : { ...contact, latest: level };
  return { ...contact, latest: level, doubt: { sinceMs: now, askedAtMs: undefined, isAnswered: false } };
};

export const needsAsking = ({ doubt }: Contact): boolean => doubt !== undefined && doubt.askedAtMs === undefined;

/** Both questions go out now, for the first time or again. */
export const askContact = (contact: Contact, now: number): Contact =>
  contact.doubt ? { ...contact, doubt: { ...contact.doubt, askedAtMs: contact.doubt.askedAtMs ?? now } } : contact;

/** The state of its pin was told, as it was asked for at `askedAtMs`, and it is the input that it was made. */
export const answerContact = (contact: Contact, askedAtMs: number): ContactStep => {
  const { told, latest, doubt, unconfirmed } = contact;
  if (doubt?.askedAtMs === undefined || askedAtMs < doubt.askedAtMs || latest === undefined) return { contact, tell: undefined };
  if (!doubt.isAnswered) return { contact: { ...contact, doubt: { ...doubt, askedAtMs: undefined } }, tell: undefined };
  const settled = { ...contact, doubt: undefined };
  if (latest === told) return { contact: { ...settled, unconfirmed: unconfirmed + 1 }, tell: undefined };
  return { contact: { ...settled, told: latest }, tell: { level: latest, observedAtMs: doubt.sinceMs } };
};
