/**
 * What nobody on site may read: covert kinds never show on a keypad, a lamp, a page or a counter, whatever else is told.
 */
import type { ZoneType } from './config.ts';
import type { EventKind } from './event.ts';

const COVERT_EVENTS: ReadonlySet<EventKind> = new Set<EventKind>([
  'holdup-silent',
  'holdup-verified',
  'holdup-restored',
  'duress',
  // its absence would tell of the other two
  'opening-normal',
  'opening-not-normal',
  'opening-not-confirmed',
]);

export const isCovertEvent = (kind: EventKind): boolean => COVERT_EVENTS.has(kind);

/** Zones whose input level tells of a covert alarm. */
export const isCovertZone = (type: ZoneType): boolean => type === 'holdup-silent';
