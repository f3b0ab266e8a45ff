/**
 * What both kinds of readers tell alike: presence by its changes only, drops once a minute at most, and how long they wait
 * before a port or device that cannot be had is tried again.
 */
import type { KeypadId } from '../../core/config.ts';
import type { KeypadListener } from '../../ports/lines.ts';
import type { Log } from '../../ports/log.ts';
import type { DropReason } from '../../protocol/readers/reader.ts';

const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 5_000;
const DROPS_TOLD_EACH_MS = 60_000;

export const retryAfterMs = (failures: number): number => Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures, 10));

export type Presences = (keypad: KeypadId, present: boolean) => void;

export const tellChanges = (listener: KeypadListener): Presences => {
  const known = new Map<KeypadId, boolean>();
  return (keypad, present) => {
    if (known.get(keypad) === present) return;
    known.set(keypad, present);
    listener.onPresence(keypad, present);
  };
};

export type Drops = (reason: DropReason, count: number) => void;

/** Says what came and was no card: the first at once, what follows together, as noise may come a thousand times a second. */
export const tellDrops = (port: string, now: () => number, log: Log): Drops => {
  const counts = new Map<DropReason, number>();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (reason, count) => {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
    if (now() - toldAtMs < DROPS_TOLD_EACH_MS) return;
    toldAtMs = now();
    log('warn', 'a reader sent what is no card', { port, ...Object.fromEntries(counts) });
    counts.clear();
  };
};
