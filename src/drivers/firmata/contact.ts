/**
 * From a board's reports of one digital input to the levels that are told. Firmata's reports carry no check: a disturbed
 * line can invent one. So a report that says something new is a *candidate* until the board, asked again, says the same.
 * Pure.
 *
 * - An answer cannot come sooner than `ANSWER_MIN_MS` after the question: what comes sooner was on the way already, and
 *   may be of the same disturbance.
 * - A pulse shorter than a question and its answer (about 2 ms) is counted and not told; filtering starts at 20 ms anyhow.
 */
import type { Level } from '../../ports/lines.ts';

/** Two bytes of a question and three of its answer take 0.87 ms at 57 600 baud. */
export const ANSWER_MIN_MS = 0.3;
/** A question or its answer was lost. */
export const ASK_AGAIN_MS = 25;

type Candidate = { readonly level: Level; readonly seenAtMs: number; readonly askedAtMs: number };

export type Contact = {
  /** undefined: nothing was told since the board was armed. */
  readonly told: Level | undefined;
  readonly candidate: Candidate | undefined;
  /** Candidates that the board did not confirm: disturbances and very short pulses. */
  readonly unconfirmed: number;
};

export type Tell = { readonly level: Level; readonly observedAtMs: number };
export type ContactStep = { readonly contact: Contact; readonly ask: boolean; readonly tell: Tell | undefined };

export const newContact = (unconfirmed = 0): Contact => ({ told: undefined, candidate: undefined, unconfirmed });

const nothingNew = (contact: Contact): ContactStep => ({ contact, ask: false, tell: undefined });

export const hearContact = (contact: Contact, level: Level, now: number): ContactStep => {
  const { told, candidate, unconfirmed } = contact;
  if (level === told) {
    if (!candidate) return nothingNew(contact);
    return nothingNew({ told, candidate: undefined, unconfirmed: unconfirmed + 1 });
  }
  if (candidate?.level !== level) {
    return { contact: { ...contact, candidate: { level, seenAtMs: now, askedAtMs: now } }, ask: true, tell: undefined };
  }
  if (now - candidate.askedAtMs < ANSWER_MIN_MS) return nothingNew(contact);
  return {
    contact: { told: level, candidate: undefined, unconfirmed },
    ask: false,
    tell: { level, observedAtMs: candidate.seenAtMs },
  };
};

/** The question again, where nobody answered it. */
export const askContactAgain = (contact: Contact, now: number): ContactStep => {
  const { candidate } = contact;
  if (!candidate || now - candidate.askedAtMs < ASK_AGAIN_MS) return nothingNew(contact);
  return { contact: { ...contact, candidate: { ...candidate, askedAtMs: now } }, ask: true, tell: undefined };
};
