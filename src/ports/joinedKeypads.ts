/**
 * Several drivers of keypads as one, by keypad. A *part* is a driver with the keypads that are its own; where two parts would own
 * one, the first does.
 */
import type { KeypadId } from '../core/config.ts';
import type { Keypads } from './lines.ts';

export type KeypadsPart = { readonly owns: (keypad: KeypadId) => boolean; readonly keypads: Keypads };

export const joinKeypads = (parts: readonly KeypadsPart[]): Keypads => {
  let held: readonly Keypads[] = [];

  const ownerOf = (keypad: KeypadId): Keypads | undefined => parts.find(({ owns }) => owns(keypad))?.keypads;

  const close = async (): Promise<void> => {
    const open = held;
    held = [];
    await Promise.allSettled(open.map(async (keypads) => keypads.close()));
  };

  return {
    open: async (ids, listener) => {
      const asked = parts.flatMap(({ keypads }) => {
        const own = ids.filter((id) => ownerOf(id) === keypads);
        return own.length === 0 ? [] : [{ keypads, own }];
      });
      held = asked.map(({ keypads }) => keypads);
      const results = await Promise.allSettled(asked.map(async ({ keypads, own }) => keypads.open(own, listener)));
      const broken = results.find((result) => result.status === 'rejected');
      if (!broken) return;
      await close();
      throw broken.reason;
    },
    show: (keypad, screen) => ownerOf(keypad)?.show(keypad, screen),
    close,
  };
};
