/**
 * Frames out of a stream of bytes that comes in whatever pieces the system hands over, with noise between and within.
 *
 * What does not become a frame costs one byte, and the search goes on at the next: a frame that a false beginning has
 * swallowed is found all the same. What lies incomplete for `STALE_MS` is forgotten: a card is told when it is shown, or never.
 */

import { joined } from './bytes.ts';

/** What stands at the beginning of the bytes that are held. */
export type Look<F> =
  /** A frame may begin here; more bytes will tell. */
  | { readonly kind: 'more' }
  | { readonly kind: 'frame'; readonly frame: F; readonly length: number }
  /** No frame begins here. */
  | { readonly kind: 'noise' }
  /** What began as a frame is none. */
  | { readonly kind: 'broken' };

export type Held = { readonly bytes: Uint8Array; readonly atMs: number };

export type Scanned<F> = {
  readonly held: Held;
  readonly frames: readonly F[];
  /** Beginnings that did not become a frame. */
  readonly broken: number;
  /** One that was forgotten because its rest did not come. */
  readonly cutShort: number;
};

/** Longer than any pause within a frame, the machine being busy; shorter than a person who tries again. */
export const STALE_MS = 500;

export const MORE = { kind: 'more' } as const;
export const NOISE = { kind: 'noise' } as const;
export const BROKEN = { kind: 'broken' } as const;

export const NOTHING_HELD: Held = { bytes: new Uint8Array(), atMs: 0 };

export const isStale = ({ bytes, atMs }: Held, now: number): boolean => bytes.length > 0 && now - atMs >= STALE_MS;

/** `look` must decide within a number of bytes that it knows: only that much is ever held. */
export const scan = <F>(held: Held, bytes: Uint8Array, now: number, look: (bytes: Uint8Array) => Look<F>): Scanned<F> => {
  const stale = isStale(held, now);
  const all = stale ? bytes : joined(held.bytes, bytes);
  const frames: F[] = [];
  let broken = 0;
  let at = 0;
  while (at < all.length) {
    const found = look(all.subarray(at));
    if (found.kind === 'more') break;
    if (found.kind === 'frame') frames.push(found.frame);
    if (found.kind === 'broken') broken += 1;
    at += found.kind === 'frame' ? found.length : 1;
  }
  return { held: { bytes: all.slice(at), atMs: now }, frames, broken, cutShort: stale ? 1 : 0 };
};
