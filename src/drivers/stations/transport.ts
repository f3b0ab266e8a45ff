/**
 * The way to one station, as the sessions use it: single questions, and one answer that never ends. Every question ends
 * once, by an answer or by a failure, and never before it has returned; nothing is told after it was cancelled.
 */

/** Why a station is not heard. */
export type Failure =
  /** Nobody at the address, or no way there. */
  | 'unreachable'
  /** Somebody is there and does not answer in time. */
  | 'timeout'
  /** The connection ended before the answer did. */
  | 'closed'
  /** Its certificate is not the one that was given, or cannot be trusted. */
  | 'certificate'
  | 'wrong-password'
  /** It asks for the password in clear on a way that is not encrypted. */
  | 'password-in-clear'
  /** It knows the user, who may not do this; or the service is off. */
  | 'forbidden'
  /** It has as many readers as it can have. */
  | 'busy'
  /** It answers, but as no station of this kind does. */
  | 'garbled'
  | 'too-large'
  /** The file of the password, or of the certificate, cannot be read. */
  | 'no-password'
  | 'no-certificate'
  /** The station does not know the subscription any more: it was restarted, or nobody read it for too long. */
  | 'subscription-lost'
  /** Events came so late that none of them could count. */
  | 'too-late';

export type Failed = { readonly ok: false; readonly failure: Failure; readonly detail: string };
export type Answer = { readonly ok: true; readonly text: string } | Failed;

export type Question = {
  readonly path: string;
  /** From the sending of the question to the end of the answer. */
  readonly deadlineMs: number;
  readonly bytesMax: number;
};

export type Cancel = () => void;

/** What a stream tells: `onOpen` once, then bytes, then `onEnd` once; or `onEnd` alone. */
export type StreamListener = {
  readonly onOpen: (contentType: string) => void;
  readonly onBytes: (chunk: Uint8Array) => void;
  readonly onEnd: (failed: Failed) => void;
};

export type Transport = {
  readonly ask: (question: Question, onAnswer: (answer: Answer) => void) => Cancel;
  /** `deadlineMs`: until the answer begins. */
  readonly listen: (path: string, deadlineMs: number, listener: StreamListener) => Cancel;
  readonly close: () => void;
};

export const failed = (failure: Failure, detail = ''): Failed => ({ ok: false, failure, detail });
