/** Between local clock time and instants, over the changes of summer time. */
import type { CivilDay, ZoneOffset } from '../core/schedule.ts';
import { DAY, MINUTE, wall } from '../core/time.ts';
import type { Wall } from '../core/time.ts';

/** Local clock time as minutes since 1970-01-01 00:00, as if there were no zones. */
export type LocalMinute = number;

type OffsetAt = (instant: Wall) => number | undefined;

const instant = (local: LocalMinute, offset: number): Wall => wall((local - offset) * MINUTE);

/** The first whole minute at which the offset is the later one. */
const changeBetween = (from: Wall, to: Wall, offset: number, offsetAt: OffsetAt): Wall => {
  let low = from / MINUTE;
  let high = to / MINUTE;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(wall(middle * MINUTE)) === offset) low = middle;
    else high = middle;
  }
  return wall(high * MINUTE);
};

/**
 * The instant of a local time. A time that the clocks skip is the instant of the change; one that comes twice is the
 * first. undefined: no such zone. Zones change at most once in two days.
 */
export const instantOf = (local: LocalMinute, zone: string, zoneOffset: ZoneOffset): Wall | undefined => {
  const offsetAt: OffsetAt = (at) => zoneOffset(at, zone);
  const nominal = local * MINUTE;
  const before = offsetAt(wall(nominal - DAY));
  const after = offsetAt(wall(nominal + DAY));
  if (before === undefined || after === undefined) return undefined;
  if (before === after) return instant(local, before);
  const early = instant(local, before);
  if (offsetAt(early) === before) return early;
  const late = instant(local, after);
  if (offsetAt(late) === after) return late;
  return changeBetween(late, early, before, offsetAt);
};

/** Local clock time of an instant. */
export const localOf = (at: Wall, zone: string, zoneOffset: ZoneOffset): LocalMinute | undefined => {
  const offset = zoneOffset(at, zone);
  return offset === undefined ? undefined : Math.floor(at / MINUTE) + offset;
};

export const dayOfLocal = (local: LocalMinute): CivilDay => Math.floor(local / 1440);

/** The first instant of a civil day in a zone. */
export const midnight = (day: CivilDay, zone: string, zoneOffset: ZoneOffset): Wall | undefined =>
  instantOf(day * 1440, zone, zoneOffset);
