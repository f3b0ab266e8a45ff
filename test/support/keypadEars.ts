/** What keypads told, as short lines. */
import type { KeypadListener } from '../../src/ports/lines.ts';

export const keypadEars = (): {
  readonly listener: KeypadListener;
  readonly take: () => readonly string[];
  readonly all: readonly string[];
} => {
  const all: string[] = [];
  let taken = 0;
  return {
    all,
    listener: {
      onKeys: (keypad, text) => void all.push(`${keypad} keys ${text}`),
      onBadge: (keypad, { bits, hex }) => void all.push(`${keypad} badge ${bits} ${hex}`),
      onPresence: (keypad, present) => void all.push(`${keypad} ${present ? 'there' : 'gone'}`),
    },
    take: () => {
      const fresh = all.slice(taken);
      taken = all.length;
      return fresh;
    },
  };
};
