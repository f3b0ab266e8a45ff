/**
 * One conversation with a station, from its first question to its first failure; made anew each time and never used again.
 * What happened before it began is never told as a press.
 */
import type { StationEvent } from '../../protocol/stations/event.ts';
import type { Timers } from '../../ports/player.ts';
import type { Failed, Transport } from './transport.ts';

/** Worth a line in the log, and no failure. */
export type Remark =
  /** The switch that opens was worked by what the settings do not name. */
  { readonly kind: 'not-asked-for'; readonly originator: string } | { readonly kind: 'repeated'; readonly count: number };

export type SessionListener = {
  /** From now on its events are heard. */
  readonly onUp: () => void;
  /** The station has just shown that it is there. */
  readonly onHeard: () => void;
  readonly onEvent: (event: StationEvent) => void;
  readonly onRemark: (remark: Remark) => void;
  /** The end of the session, once. */
  readonly onFailed: (failed: Failed) => void;
};

export type SessionOptions = {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly listener: SessionListener;
};

export type Session = { readonly close: () => void };
