/**
 * From schedules to windows of time.
 *
 * `windowsOf` gives every window that touches the range, with its true start and end: a window that began before the
 * range keeps its own start, so that whoever asks again later, or for another range, hears of the same window and not
 * of a new one. Within one schedule windows are in order and do not overlap: where hours overlap, the later begins
 * when the earlier ends.
 */
import type { ScheduleWindow } from '../core/config.ts';
import type { CivilDay, Hours, OutsideSchedule, Schedule, WeeklySchedule, ZoneOffset } from '../core/schedule.ts';
import { weekdayOf } from '../core/schedule.ts';
import { DAY, wall } from '../core/time.ts';
import type { Wall } from '../core/time.ts';
import { isHoliday } from './holidays.ts';
import { dayOfLocal, instantOf, localOf } from './localTime.ts';

type Span = { readonly from: number; readonly to: number };

/** How far to look beyond a long closure: one lasts 400 days at most, and eleven in a row are no practice. */
const SEARCH_DAYS_MAX = 4_400;

export const hoursOn = (schedule: WeeklySchedule, day: CivilDay): readonly Hours[] => {
  const exception = schedule.exceptions.find((candidate) => candidate.day === day);
  if (exception) return exception.hours;
  if (schedule.closures.some(({ first, last }) => first <= day && day <= last)) return [];
  if (isHoliday(day, schedule.holidays)) return schedule.onHolidays;
  return schedule.weekdays[weekdayOf(day)] ?? [];
};

type Clock = { readonly zone: string; readonly offset: ZoneOffset };

const spanOf = (day: CivilDay, hours: Hours, clock: Clock): Span | undefined => {
  const from = instantOf(day * 1440 + hours.from, clock.zone, clock.offset);
  const to = instantOf(day * 1440 + hours.to, clock.zone, clock.offset);
  return from === undefined || to === undefined || to <= from ? undefined : { from, to };
};

const rawSpans = (schedule: WeeklySchedule, day: CivilDay, clock: Clock): Span[] =>
  hoursOn(schedule, day)
    .flatMap((hours) => spanOf(day, hours, clock) ?? [])
    .toSorted((a, b) => a.from - b.from || a.to - b.to);

/** Hours reach two days on at most (23:00 to 23:00 of the next), so a day's windows depend on the two before it alone. */
const spansOfDay = (schedule: WeeklySchedule, day: CivilDay, clock: Clock): Span[] => {
  let reached = Math.max(
    -Infinity,
    ...[day - 2, day - 1].flatMap((earlier) => rawSpans(schedule, earlier, clock).map(({ to }) => to)),
  );
  return rawSpans(schedule, day, clock).flatMap(({ from, to }) => {
    const start = Math.max(from, reached);
    reached = Math.max(reached, to);
    return start < to ? [{ from: start, to }] : [];
  });
};

const dayOf = (at: Wall, clock: Clock): CivilDay | undefined => {
  const local = localOf(at, clock.zone, clock.offset);
  return local === undefined ? undefined : dayOfLocal(local);
};

const touching = (span: Span, from: number, to: number): boolean => span.from < to && span.to > from;

const weeklySpans = (schedule: WeeklySchedule, from: Wall, to: Wall, clock: Clock): Span[] => {
  const first = dayOf(from, clock);
  const last = dayOf(to, clock);
  if (first === undefined || last === undefined) return [];
  const spans: Span[] = [];
  for (let day = first - 2; day <= last; day++) spans.push(...spansOfDay(schedule, day, clock));
  return spans.filter((span) => touching(span, from, to));
};

// ---- outside another schedule

const nearestSpan = (
  schedule: WeeklySchedule,
  day: CivilDay,
  step: 1 | -1,
  clock: Clock,
  fits: (span: Span) => boolean,
): Span | undefined => {
  for (let count = 0; count <= SEARCH_DAYS_MAX; count++) {
    const spans = spansOfDay(schedule, day + step * count, clock);
    const span = step === 1 ? spans.find(fits) : spans.findLast(fits);
    if (span) return span;
  }
  return undefined;
};

/** The windows of the other schedule in the range, and one on each side. */
const surroundings = (base: WeeklySchedule, from: Wall, to: Wall, clock: Clock): Span[] => {
  const first = dayOf(from, clock);
  const last = dayOf(to, clock);
  if (first === undefined || last === undefined) return [];
  const before = nearestSpan(base, first, -1, clock, (span) => span.to <= from);
  const after = nearestSpan(base, last - 2, 1, clock, (span) => span.from >= to);
  return [...(before ? [before] : []), ...weeklySpans(base, from, to, clock), ...(after ? [after] : [])];
};

const outsideSpans = (schedule: OutsideSchedule, base: WeeklySchedule, from: Wall, to: Wall, clock: Clock): Span[] => {
  // A margin can keep a gap's edges out of the range: look a little further than the range.
  const spans = surroundings(base, wall(from - DAY), wall(to + DAY), clock);
  return spans
    .slice(1)
    .map((span, index) => ({ from: (spans[index]?.to ?? span.from) + schedule.marginMs, to: span.from - schedule.marginMs }))
    .filter((gap) => gap.from < gap.to && touching(gap, from, to));
};

const spansOf = (schedule: Schedule, schedules: readonly Schedule[], from: Wall, to: Wall, clock: Clock): Span[] => {
  if (schedule.kind === 'weekly') return weeklySpans(schedule, from, to, clock);
  const base = schedules.find((other) => other.id === schedule.of);
  return base?.kind === 'weekly' ? outsideSpans(schedule, base, from, to, clock) : [];
};

/** Windows of all schedules that touch from..to; by start, then by schedule. */
export const windowsOf = (
  schedules: readonly Schedule[],
  zone: string,
  from: Wall,
  to: Wall,
  offset: ZoneOffset,
): readonly ScheduleWindow[] => {
  if (to <= from) return [];
  const clock = { zone, offset };
  return schedules
    .flatMap((schedule) => spansOf(schedule, schedules, from, to, clock).map((span) => ({ schedule: schedule.id, ...span })))
    .toSorted((a, b) => a.from - b.from || (a.schedule < b.schedule ? -1 : a.schedule > b.schedule ? 1 : 0));
};
