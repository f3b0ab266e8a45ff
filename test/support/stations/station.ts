/** What the emulated door stations have in common: how they are asked, and how they misbehave. */
import type { Timers } from '../../../src/ports/player.ts';

/** One question as a station gets it. Nothing is said any more once the asker is gone. */
export type Asker = {
  readonly answer: (status: number, contentType: string, body: string) => void;
  /** An answer that goes on; the answer of `stream` writes to it. */
  readonly stream: (contentType: string) => { readonly write: (text: string) => void; readonly end: () => void };
  readonly isGone: () => boolean;
};

export type Station = {
  readonly username: string;
  password: string;
  /** What it does with the next questions. */
  mode: Mode;
  readonly ask: (path: string, asker: Asker) => void;
  /** All questions so far, by path. */
  readonly asked: string[];
};

export type Mode =
  | 'well'
  /** It takes the question and says nothing. */
  | 'hang'
  /** What it says is no answer. */
  | 'garbage'
  | 'oversized'
  /** It refuses every one with this status. */
  | 403
  | 503;

export const USERNAME = 'vigie';
export const PASSWORD = 'p:w "é"';

const GARBAGE = '\u0000<html>{"success": tru\r\n--';

/** Whether the question is dealt with by how the station misbehaves. */
export const misbehaves = (mode: Mode, asker: Asker): boolean => {
  switch (mode) {
    case 'well':
      return false;
    case 'hang':
      return true;
    case 'garbage':
      asker.answer(200, 'application/json', GARBAGE);
      return true;
    case 'oversized':
      asker.answer(200, 'application/json', `{"success":true,"result":{"id":1,"pad":"${'x'.repeat(300_000)}"}}`);
      return true;
    case 403:
    case 503:
      asker.answer(mode, 'text/plain', '');
      return true;
  }
};

export type StationOptions = { readonly timers: Timers };
