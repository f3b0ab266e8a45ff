/** Records of `struct input_event`, as the kernel writes them for a keyboard. */
import { RECORD_BYTES } from '../../src/protocol/readers/evdev.ts';
import type { EvdevLayout } from '../../src/protocol/readers/evdev.ts';

/** linux/input-event-codes.h */
export const KEY: ReadonlyMap<string, number> = new Map([
  ...Array.from('1234567890', (digit, at) => [digit, at + 2] as const),
  ['A', 30],
  ['B', 48],
  ['C', 46],
  ['D', 32],
  ['E', 18],
  ['F', 33],
]);
const ENTER = 28;

/** The time is anything but zero, so that no reader of it takes it for content. */
export const record = (layout: EvdevLayout, type: number, code: number, value: number): number[] => {
  const bytes = new Uint8Array(RECORD_BYTES[layout]).fill(0x5a);
  const content = new DataView(bytes.buffer, bytes.length - 8);
  content.setUint16(0, type, true);
  content.setUint16(2, code, true);
  content.setInt32(4, value, true);
  return [...bytes];
};

const sync = (layout: EvdevLayout): number[] => record(layout, 0, 0, 0);

const stroke = (layout: EvdevLayout, code: number): number[] => [
  ...record(layout, 4, 4, code),
  ...record(layout, 1, code, 1),
  ...sync(layout),
  ...record(layout, 1, code, 0),
  ...sync(layout),
];

/** The digits and Enter, each pressed and let go. */
export const typing = (layout: EvdevLayout, text: string): number[] => [
  ...Array.from(text).flatMap((digit) => stroke(layout, KEY.get(digit) ?? 0)),
  ...stroke(layout, ENTER),
];
