/** A sentence of a story as words: quoted text stays whole, a comma after a word is only breath. */

export type Word = { readonly text: string; readonly quoted: boolean };

export type Words = { readonly ok: true; readonly words: readonly Word[] } | { readonly ok: false; readonly error: string };

const TOKEN = /\s*(?:"([^"]*)"|([^\s"]+))/y;

const plain = (text: string): Word => ({ text: text.endsWith(',') ? text.slice(0, -1) : text, quoted: false });

export const splitWords = (sentence: string): Words => {
  const words: Word[] = [];
  const token = new RegExp(TOKEN);
  const whole = sentence.trimEnd();
  while (token.lastIndex < whole.length) {
    const found = token.exec(whole);
    if (!found) return { ok: false, error: 'a quotation mark is not closed' };
    const [, quoted, bare] = found;
    if (quoted !== undefined) words.push({ text: quoted, quoted: true });
    else if (bare !== undefined && bare !== ',') words.push(plain(bare));
  }
  return { ok: true, words };
};

// ---- durations and instants

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|min|h|d)/y;

/** `40s`, `1h30min`, `2.5s` in milliseconds. */
export const parseDuration = (text: string): number | undefined => {
  const part = new RegExp(PART);
  let totalMs = 0;
  while (part.lastIndex < text.length) {
    const [, count, unit] = part.exec(text) ?? [];
    if (count === undefined || unit === undefined) return undefined;
    totalMs += Number(count) * (UNITS_MS[unit] ?? 0);
  }
  return text === '' ? undefined : Math.round(totalMs);
};

/** `+1d`, `-40s`. */
export const parseSignedDuration = (text: string): number | undefined => {
  const sign = text.startsWith('+') ? 1 : text.startsWith('-') ? -1 : undefined;
  const lengthMs = parseDuration(text.slice(1));
  return sign === undefined || lengthMs === undefined ? undefined : sign * lengthMs;
};

const STOPWATCH = /^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)$/;

/** `00:30`, `00:29.9`, `1:05:00` (hours, minutes, seconds) in milliseconds from the start of the story. */
export const parseStopwatch = (text: string): number | undefined => {
  const [, hours = '0', minutes, seconds] = STOPWATCH.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined || Number(seconds) >= 60) return undefined;
  return Math.round(Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000);
};

export type LocalTime = { readonly date: string; readonly minute: number; readonly second: number };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** A date `2026-03-02` and a clock time `19:00` or `19:00:30`. */
export const parseLocalTime = (date: string, clock: string): LocalTime | undefined => {
  const [, hours, minutes, seconds = '0'] = CLOCK.exec(clock) ?? [];
  if (!DATE.test(date) || hours === undefined || minutes === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return { date, minute: Number(hours) * 60 + Number(minutes), second: Number(seconds) };
};
