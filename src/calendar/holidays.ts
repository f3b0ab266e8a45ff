/** Public holidays of France (Code du travail, L3133-1) and of Alsace-Moselle (L3134-13), computed. */
import { civilDay, dateOf } from '../core/schedule.ts';
import type { CivilDay, HolidayCalendar } from '../core/schedule.ts';

/** Easter Sunday of the Gregorian calendar (anonymous algorithm, Nature 1876). */
export const easter = (year: number): CivilDay => {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const skipped = Math.floor(century / 4);
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - skipped - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const count = epact + weekday - 7 * shift + 114;
  return civilDay(year, Math.floor(count / 31), (count % 31) + 1);
};

/** Month and day. */
const FIXED: readonly (readonly [number, number])[] = [
  [1, 1],
  [5, 1],
  [5, 8],
  [7, 14],
  [8, 15],
  [11, 1],
  [11, 11],
  [12, 25],
];

/** Days after Easter Sunday: Easter Monday, Ascension, Whit Monday. */
const MOVABLE = [1, 39, 50];
const GOOD_FRIDAY = -2;

export const isHoliday = (day: CivilDay, calendar: HolidayCalendar): boolean => {
  if (calendar === 'none') return false;
  const date = dateOf(day);
  if (FIXED.some(([month, dayOfMonth]) => date.month === month && date.day === dayOfMonth)) return true;
  const sinceEaster = day - easter(date.year);
  if (MOVABLE.includes(sinceEaster)) return true;
  if (calendar !== 'alsace-moselle') return false;
  return sinceEaster === GOOD_FRIDAY || (date.month === 12 && date.day === 26);
};
