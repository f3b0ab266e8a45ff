/**
 * What the doctor found: one sentence for each thing it looked at, what it is and, where something is to be done, what.
 *
 * - `ok`: as it should be. `warn`: it works and should be seen to. `fault`: Vigie does not work with it, or not safely.
 * - `skipped`: it could not be looked at, or does not concern this site; the sentence says why.
 */

export type Status = 'ok' | 'warn' | 'fault' | 'skipped';

/** In the order in which they are told. */
export const TOPICS = ['software', 'site', 'gpio', 'serial', 'stations', 'clock', 'disk', 'broker', 'service'] as const;
export type Topic = (typeof TOPICS)[number];

export type Finding = {
  readonly topic: Topic;
  /** Stable, for machines: `koffi-missing`. */
  readonly code: string;
  readonly status: Status;
  readonly message: string;
  readonly messageFr: string;
};

/** `code`, then what was found in English and in French. */
type Say = (code: string, message: string, messageFr: string) => Finding;
export type Said = { readonly ok: Say; readonly warn: Say; readonly fault: Say; readonly skipped: Say };

export const saidOf = (topic: Topic): Said => {
  const say =
    (status: Status): Say =>
    (code, message, messageFr) => ({ topic, code, status, message, messageFr });
  return { ok: say('ok'), warn: say('warn'), fault: say('fault'), skipped: say('skipped') };
};
