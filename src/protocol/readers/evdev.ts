/**
 * What Linux tells of a reader that plays a keyboard: records of `struct input_event` (linux/input.h), and from them the
 * number it types, which Enter ends. Pure.
 *
 *     seconds  microseconds  type u16  code u16  value s32            little-endian
 *
 * The two times are as wide as a pointer, so that a record has 24 bytes on a 64-bit system and 16 on a 32-bit one.
 * Readers know nothing of the layout of the keyboard that they play: the codes count, as a keyboard of the USA has them.
 */
import { joined } from './bytes.ts';
import type { CardNumber, DropReason, ReaderEvent } from './reader.ts';

export type EvdevLayout = '64-bit' | '32-bit';
export const RECORD_BYTES: Readonly<Record<EvdevLayout, number>> = { '64-bit': 24, '32-bit': 16 };
const CONTENT_BYTES = 8;

const TYPE = { sync: 0, key: 1 } as const;
const SYNC_DROPPED = 3;
const PRESSED = 1;
const ENTER: ReadonlySet<number> = new Set([28, 96]);
/** Shift, as readers set for another country press it with each digit. */
const PASSED_OVER: ReadonlySet<number> = new Set([42, 54]);

/** KEY_1 … KEY_0, the same on the number pad, A to F. */
const DIGITS: ReadonlyMap<number, string> = new Map([
  ...Array.from('1234567890', (digit, at) => [at + 2, digit] as const),
  ...Array.from('789', (digit, at) => [at + 71, digit] as const),
  ...Array.from('456', (digit, at) => [at + 75, digit] as const),
  ...Array.from('1230', (digit, at) => [at + 79, digit] as const),
  [30, 'A'],
  [48, 'B'],
  [46, 'C'],
  [32, 'D'],
  [18, 'E'],
  [33, 'F'],
]);

const NUMBER_MIN = 4;
const NUMBER_MAX = 32;
/** A reader types its number at once; a pause this long is a person at a keyboard. */
export const TYPING_PAUSE_MS = 1_000;

export type EvdevState = {
  readonly layout: EvdevLayout;
  /** Less than one record. */
  readonly held: Uint8Array;
  readonly typed: string;
  /** Why the number being typed will not be taken, whatever follows. */
  readonly spoiled: DropReason | undefined;
  readonly lastKeyAtMs: number;
};

export type EvdevFed = { readonly state: EvdevState; readonly events: readonly ReaderEvent[] };

export const newEvdev = (layout: EvdevLayout): EvdevState => ({
  layout,
  held: new Uint8Array(),
  typed: '',
  spoiled: undefined,
  lastKeyAtMs: 0,
});

type Typing = { typed: string; spoiled: DropReason | undefined };

const forget = (typing: Typing): void => {
  typing.typed = '';
  typing.spoiled = undefined;
};

/** The digits as they were typed, two to a byte: what is printed on most cards. */
const cardTyped = (typed: string): CardNumber => ({ bits: typed.length * 4, hex: typed });

const ended = (typing: Typing): readonly ReaderEvent[] => {
  const { typed, spoiled } = typing;
  forget(typing);
  if (typed === '' && spoiled === undefined) return [];
  const reason = spoiled ?? (typed.length < NUMBER_MIN ? 'unknown-length' : undefined);
  if (reason !== undefined) return [{ kind: 'dropped', reason, count: 1 }];
  return [{ kind: 'badge', input: 1, badge: cardTyped(typed) }];
};

const press = (typing: Typing, code: number): readonly ReaderEvent[] => {
  if (ENTER.has(code)) return ended(typing);
  if (PASSED_OVER.has(code)) return [];
  const digit = DIGITS.get(code);
  if (digit === undefined) typing.spoiled ??= 'unknown-key';
  else if (typing.typed.length >= NUMBER_MAX) typing.spoiled ??= 'unknown-length';
  else typing.typed += digit;
  return [];
};

/** Only a press counts: neither the release nor what a key that is held repeats. */
const hearRecord = (typing: Typing, record: DataView): readonly ReaderEvent[] => {
  const [type, code, value] = [record.getUint16(0, true), record.getUint16(2, true), record.getInt32(4, true)];
  if (type === TYPE.key && value === PRESSED) return press(typing, code);
  // Keys are missing from here on, up to the next Enter.
  if (type === TYPE.sync && code === SYNC_DROPPED) typing.spoiled = 'events-lost';
  return [];
};

const isForgotten = ({ typed, spoiled, lastKeyAtMs }: EvdevState, now: number): boolean =>
  (typed !== '' || spoiled !== undefined) && now - lastKeyAtMs >= TYPING_PAUSE_MS;

export const feedEvdev = (state: EvdevState, bytes: Uint8Array, now: number): EvdevFed => {
  const all = joined(state.held, bytes);
  const size = RECORD_BYTES[state.layout];
  const count = Math.floor(all.length / size);
  const typing: Typing = { typed: state.typed, spoiled: state.spoiled };
  const events: ReaderEvent[] = [];
  if (isForgotten(state, now)) {
    forget(typing);
    events.push({ kind: 'dropped', reason: 'cut-short', count: 1 });
  }
  for (let at = size; at <= count * size; at += size) {
    events.push(...hearRecord(typing, new DataView(all.buffer, at - CONTENT_BYTES, CONTENT_BYTES)));
  }
  return { state: { ...state, ...typing, held: all.slice(count * size), lastKeyAtMs: now }, events };
};
