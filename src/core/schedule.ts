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

/** The civil day of a date of the Gregorian calendar. Month and day from 1; an impossible date is not noticed. */
export const civilDay = (year: number, month: number, day: number): CivilDay => {
  // The year is counted from March, so that the leap day comes last (Hinnant, "chrono-compatible low-level date algorithms").
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** Year, month and day of a civil day: the inverse of `civilDay`. */
export const dateOf = (civil: CivilDay): { readonly year: number; readonly month: number; readonly day: number } => {
  const shifted = civil + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
};

/** 0 is Monday. */
export const weekdayOf = (day: CivilDay): number => (((day + 3) % 7) + 7) % 7;
