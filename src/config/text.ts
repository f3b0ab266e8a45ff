/** Values as people write them: durations, resistors, percentages, hours, dates. A reader is given text that fits its pattern. */
import { DAY, HOUR, MINUTE, SECOND } from '../core/time.ts';
import { civilDay, dateOf } from '../core/schedule.ts';
import type { CivilDay, Hours } from '../core/schedule.ts';

export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const LINE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,39}$/;
export const DURATION_PATTERN = /^[0-9]{1,9}(ms|s|min|h|d)( ?[0-9]{1,9}(ms|s|min|h|d))*$/;
export const RESISTANCE_PATTERN =
  /^([0-9]{1,4}(\.[0-9]{1,3})?[Rk]?|[0-9]{1,3}[Rk][0-9]{1,2}|[0-9](\.[0-9]{1,3})?M|[0-9]M[0-9]{1,2})$/;
export const PERCENT_PATTERN = /^[0-9]{1,2}(\.[0-9]{1,2})?%$/;
export const HOURS_PATTERN = /^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;
export const DATE_PATTERN = /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;
export const WEEKDAYS_PATTERN = /^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$/;
export const BROKER_PATTERN =
  /^mqtts?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?\/?$/;
/** Nothing but where it is: names, passwords and paths have settings of their own, or none. */
export const STATION_URL_PATTERN =
  /^https?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?\/?$/;
/** RFC 7617: no colon; a header holds nothing beyond ASCII. */
export const LOGIN_PATTERN = /^[!-9;-~]{1,60}$/;
export const CALL_KEY_PATTERN = /^(%[0-9]{1,3}|[0-9*#])$/;
export const DIGEST_PATTERN = /^v1-[0-9a-f]{32}$/;
/** 32 bytes: 64 hexadecimal digits, or base64 (RFC 4648) whose last character leaves no bits over. */
export const PUBLIC_KEY_PATTERN = /^([0-9A-Fa-f]{64}|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;
export const SALT_PATTERN = /^[A-Za-z0-9_.-]{16,64}$/;
export const ZONE_NAME_PATTERN = /^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+){1,2})$/;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, min: MINUTE, h: HOUR, d: DAY };

/** `1h30min` → 5 400 000. */
export const readDuration = (text: string): number => {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ms|min|s|h|d)/g)) sum += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  return sum;
};

/** The largest units first, so that a limit reads as people write it: `4min15s`. Days alone: `24h` and `48h` are hours. */
export const writeDuration = (ms: number): string => {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const unit of ms % DAY === 0 && ms > 2 * DAY ? ['d'] : ['h', 'min', 's', 'ms']) {
    const unitMs = UNIT_MS[unit] ?? 1;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
};

const MULTIPLIERS: Readonly<Record<string, number>> = { R: 1, k: 1_000, M: 1_000_000 };

/** `4k7` → 4700 (IEC 60062 letter code), `4.7k`, `470R` and `470` as well. Ohms. */
export const readResistance = (text: string): number => {
  const letter = /[RkM]/.exec(text)?.[0];
  if (letter === undefined) return Number(text);
  const number = text.endsWith(letter) ? text.slice(0, -1) : text.replace(letter, '.');
  return Math.round(Number(number) * (MULTIPLIERS[letter] ?? 1) * 1_000) / 1_000;
};

export const readPercent = (text: string): number => Number(text.slice(0, -1)) / 100;

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** `20:00-07:00` ends on the next day. */
export const readHours = (text: string): Hours => {
  const from = minuteOfDay(text.slice(0, 5));
  const to = minuteOfDay(text.slice(6));
  return { from, to: to > from ? to : to + 1440 };
};

/** undefined: the calendar has no such day. */
export const readDate = (text: string): CivilDay | undefined => {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const civil = civilDay(year, month, day);
  const back = dateOf(civil);
  return back.month === month && back.day === day ? civil : undefined;
};

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const HEXADECIMAL = '0123456789abcdef';

const bitsOf = (text: string): string => {
  const [digits, known, width] = text.length === 64 ? [text.toLowerCase(), HEXADECIMAL, 4] : [text.slice(0, -1), BASE64, 6];
  return digits.replaceAll(/./g, (digit) => known.indexOf(digit).toString(2).padStart(width, '0'));
};

/** The 32 bytes of a key in either writing. */
export const readPublicKey = (text: string): Uint8Array => {
  const bits = bitsOf(text);
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2));
};

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `mon-fri` → 0…4; `sat-mon` goes round the week's end. */
export const readWeekdays = (text: string): readonly number[] => {
  const [first = '', last = first] = text.split('-');
  const start = WEEKDAYS.indexOf(first);
  const length = ((WEEKDAYS.indexOf(last) - start + 7) % 7) + 1;
  return Array.from({ length }, (_, step) => (start + step) % 7);
};
