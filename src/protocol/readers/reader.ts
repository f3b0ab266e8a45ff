/**
 * What every reader's protocol is to the driver that carries its bytes: a pure machine of bytes and time.
 *
 * - **input**: one reader's place on a port; a Wiegand board has two, every other port one.
 * - **card number**: what a card says it is. It proves nothing: whoever has held the card for a second can copy it.
 * - **presentation**: a card laid on the reader. However often the reader repeats its number meanwhile, it is one.
 */
import { hexOf } from './bytes.ts';

export type ReaderInput = 1 | 2;

/** `bits` significant bits, left-aligned in `hex`, in capitals. */
export type CardNumber = { readonly bits: number; readonly hex: string };

/** Why something that came was not taken; counted, and told to nobody but the log. */
export type DropReason =
  /** A frame whose check is wrong, or that is not built as it should be. */
  | 'wrong-check'
  /** A frame that ended in the middle. */
  | 'cut-short'
  /** A burst of bits of a length that no format here has. */
  | 'unknown-length'
  | 'wrong-parity'
  | 'unknown-key'
  /** A frame that is whole and says nothing that is understood. */
  | 'unknown-frame'
  /** A number the card draws anew each time: telephones do so. */
  | 'random-number'
  /** The board saw pulses that cannot be a burst. */
  | 'disturbed'
  /** The kernel's buffer ran over. */
  | 'events-lost';

export type ReaderEvent =
  | { readonly kind: 'badge'; readonly input: ReaderInput; readonly badge: CardNumber }
  | { readonly kind: 'keys'; readonly input: ReaderInput; readonly text: string }
  /** Told at each change: it is heard, or not any more. */
  | { readonly kind: 'presence'; readonly input: ReaderInput; readonly present: boolean }
  | { readonly kind: 'dropped'; readonly reason: DropReason; readonly count: number }
  /** What is at the other end, for the log. */
  | { readonly kind: 'hardware'; readonly text: string }
  /** Bytes for the reader. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array };

/** What a reader shows and sounds. `offMs` 0: steady. `beats`: milliseconds on, off, on … again and again; none: silent. */
export type ReaderSignal = {
  readonly colour: 'off' | 'red' | 'green' | 'amber' | 'blue';
  readonly onMs: number;
  readonly offMs: number;
  readonly beats: readonly number[];
};

export type Fed<S> = { readonly state: S; readonly events: readonly ReaderEvent[] };

/** `now` is machine time in milliseconds and never falls. */
export type ReaderProtocol<S> = {
  /** Bits per second; 8 data bits, no parity, 1 stop bit. */
  readonly baudRate: number;
  /** How often `tick` wants to be called; undefined: it has nothing to do. */
  readonly tickMs: number | undefined;
  /** The port has just been opened. */
  readonly begin: (now: number) => Fed<S>;
  readonly feed: (state: S, bytes: Uint8Array, now: number) => Fed<S>;
  readonly tick: (state: S, now: number) => Fed<S>;
  /** undefined: it has neither light nor buzzer. */
  readonly show: ((state: S, input: ReaderInput, signal: ReaderSignal) => Fed<S>) | undefined;
};

export const cardOf = (bytes: Iterable<number>, bits: number): CardNumber => ({ bits, hex: hexOf(bytes) });

// ---- one presentation

/** The card that lies on the reader, as far as it can be known. */
export type Lying = { readonly hex: string; readonly seenAtMs: number };

/** Gone this long it may be presented anew: a hand that trembles is no second presentation. */
export const REARM_MS = 1_000;

export const isNewPresentation = (lying: Lying | undefined, { hex }: CardNumber, now: number): boolean =>
  lying === undefined || lying.hex !== hex || now - lying.seenAtMs >= REARM_MS;
