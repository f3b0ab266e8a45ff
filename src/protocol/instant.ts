/** Wall time as ISO 8601 UTC with milliseconds, and back. Proleptic Gregorian calendar, no leap seconds, years 0–9999. */
import { DAY, HOUR, MINUTE, SECOND, wall } from '../core/time.ts';
import type { Wall } from '../core/time.ts';

const LOWEST = -62_167_219_200_000;
const HIGHEST = 253_402_300_799_999;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** Year, month and day of a day number since 1970; eras of 400 years beginning on 1 March. */
const civil = (day: number): readonly [year: number, month: number, day: number] => {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1];
};

const dayNumber = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
};

/** Instants outside years 0–9999 are told as the nearest inside: a clock that is wrong must not stop an alarm. */
export const isoOf = (instant: Wall): string => {
  const ms = Math.min(Math.max(Math.floor(instant), LOWEST), HIGHEST);
  const day = Math.floor(ms / DAY);
  const rest = ms - day * DAY;
  const [year, month, dayOfMonth] = civil(day);
  const clock = [Math.floor(rest / HOUR), Math.floor(rest / MINUTE) % 60, Math.floor(rest / SECOND) % 60];
  const time = clock.map((part) => digits(part, 2)).join(':');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}T${time}.${digits(rest % SECOND, 3)}Z`;
};

const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\.(\d{3})Z$/;

/** Undefined for what is not such an instant, 30 February included. */
export const wallOfIso = (iso: string): Wall | undefined => {
  const parts = ISO.exec(iso)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = parts;
  const instant = wall(dayNumber(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + ms);
  return month >= 1 && month <= 12 && isoOf(instant) === iso ? instant : undefined;
};
