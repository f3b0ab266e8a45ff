/**
 * Schedules as the site's file gives them: hours of the week in local time, with exceptions, closures and public
 * holidays. The core itself only sees the windows (`ScheduleWindow`) that src/calendar makes of them.
 *
 * A civil day is a date without a time zone, counted in days from 1970-01-01. A minute of day is local clock time.
 */
import type { ScheduleId } from './config.ts';
import type { Wall } from './time.ts';

export type CivilDay = number;

/** Local hours: minutes from the day's midnight. `to` up to 2880: it may lie on the next day. Always `from < to`. */
export type Hours = { readonly from: number; readonly to: number };

export type Closure = { readonly first: CivilDay; readonly last: CivilDay; readonly name: string };

export type HolidayCalendar = 'none' | 'france' | 'alsace-moselle';

/** Hours of the week; an exception goes before a closure, a closure before a public holiday, that before the weekday. */
export type WeeklySchedule = {
  readonly kind: 'weekly';
  readonly id: ScheduleId;
  /** Seven lists, Monday first. */
  readonly weekdays: readonly (readonly Hours[])[];
  readonly holidays: HolidayCalendar;
  /** What holds on public holidays; empty: closed. */
  readonly onHolidays: readonly Hours[];
  readonly exceptions: readonly { readonly day: CivilDay; readonly hours: readonly Hours[] }[];
  readonly closures: readonly Closure[];
};

/** All the time outside another schedule's windows, less a margin at both ends. */
export type OutsideSchedule = {
  readonly kind: 'outside';
  readonly id: ScheduleId;
  readonly of: ScheduleId;
  readonly marginMs: number;
};

export type Schedule = WeeklySchedule | OutsideSchedule;

/** Minutes that local time is ahead of UTC at an instant; undefined: no such zone. */
export type ZoneOffset = (instant: Wall, zone: string) => number | undefined;
