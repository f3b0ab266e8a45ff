import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { easter, isHoliday } from '../../src/calendar/holidays.ts';
import { instantOf } from '../../src/calendar/localTime.ts';
import { hoursOn, windowsOf } from '../../src/calendar/windows.ts';
import type { ScheduleWindow } from '../../src/core/config.ts';
import { civilDay, dateOf, weekdayOf } from '../../src/core/schedule.ts';
import type { Hours, Schedule, WeeklySchedule } from '../../src/core/schedule.ts';
import { DAY, HOUR, MINUTE, wall } from '../../src/core/time.ts';
import type { Wall } from '../../src/core/time.ts';
import { zoneOffset } from '../../src/drivers/zones/zones.ts';

const PARIS = 'Europe/Paris';
const at = (iso: string): Wall => wall(Date.parse(iso));
const dayAt = (iso: string): number => Date.parse(iso) / DAY;
const span = (from: number, to: number): Hours => ({ from: from * 60, to: to * 60 });

const weekly = (hours: readonly Hours[], change: Partial<WeeklySchedule> = {}): WeeklySchedule => ({
  kind: 'weekly',
  id: 'open',
  weekdays: [hours, hours, hours, hours, hours, [], []],
  holidays: 'none',
  onHolidays: [],
  exceptions: [],
  closures: [],
  ...change,
});

const shown = (windows: readonly ScheduleWindow[]): readonly string[] =>
  windows.map(
    ({ schedule, from, to }) =>
      `${schedule} ${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)}`,
  );

const between = (schedules: readonly Schedule[], from: string, to: string): readonly string[] =>
  shown(windowsOf(schedules, PARIS, at(from), at(to), zoneOffset));

// ---- days

const days = suite('civil days');

days('agree with the calendar of UTC over four centuries, both ways', () => {
  for (let day = dayAt('1900-01-01'); day < dayAt('2300-01-01'); day += 7) {
    const date = new Date(day * DAY);
    const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    assert.equal(dateOf(day), expected);
    assert.is(civilDay(expected.year, expected.month, expected.day), day);
    assert.is(weekdayOf(day), (date.getUTCDay() + 6) % 7);
  }
});
days.run();

// ---- public holidays

const holidays = suite('public holidays of France');

for (const date of ['2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2038-04-25', '2285-03-22']) {
  holidays(`Easter of ${date.slice(0, 4)}`, () => assert.is(easter(Number(date.slice(0, 4))), dayAt(date)));
}

const OF_2026 = ['01-01', '04-06', '05-01', '05-08', '05-14', '05-25', '07-14', '08-15', '11-01', '11-11', '12-25'];

holidays('the eleven of 2026, and no other day', () => {
  const found: string[] = [];
  for (let day = dayAt('2026-01-01'); day < dayAt('2027-01-01'); day++) {
    if (isHoliday(day, 'france')) found.push(new Date(day * DAY).toISOString().slice(5, 10));
  }
  assert.equal(found, OF_2026);
});

holidays('two more in Alsace-Moselle', () => {
  for (const date of ['2026-04-03', '2026-12-26']) {
    assert.ok(isHoliday(dayAt(date), 'alsace-moselle'));
    assert.not(isHoliday(dayAt(date), 'france'));
  }
});

holidays('none where none is wanted', () => assert.not(isHoliday(dayAt('2026-05-01'), 'none')));
holidays.run();

// ---- hours of a day

const precedence = suite('what holds on a day');
const rules = weekly([span(8, 19)], {
  holidays: 'france',
  onHolidays: [span(10, 12)],
  closures: [{ first: dayAt('2026-05-04'), last: dayAt('2026-05-10'), name: 'Pont' }],
  exceptions: [{ day: dayAt('2026-05-06'), hours: [span(9, 10)] }],
});

for (const [date, expected, why] of [
  ['2026-05-11', [span(8, 19)], 'a Monday'],
  ['2026-05-16', [], 'a Saturday'],
  ['2026-05-14', [span(10, 12)], 'Ascension'],
  ['2026-05-08', [], 'a holiday in a closure'],
  ['2026-05-04', [], 'the first day of a closure'],
  ['2026-05-06', [span(9, 10)], 'an exception in a closure'],
] as const) {
  precedence(`${date}, ${why}`, () => assert.equal(hoursOn(rules, dayAt(date)), expected));
}
precedence.run();

// ---- windows

const windows = suite('windows');

windows('hours of the week in local time, summer and winter', () => {
  assert.equal(between([weekly([span(8, 19)])], '2026-03-26T00:00Z', '2026-03-31T00:00Z'), [
    'open 2026-03-26T07:00 2026-03-26T18:00',
    'open 2026-03-27T07:00 2026-03-27T18:00',
    'open 2026-03-30T06:00 2026-03-30T17:00',
  ]);
});

windows('a window that began before the range keeps its own start', () => {
  assert.equal(between([weekly([span(8, 19)])], '2026-03-26T12:00Z', '2026-03-26T12:01Z'), [
    'open 2026-03-26T07:00 2026-03-26T18:00',
  ]);
});

windows('touching is not enough: the end does not belong to it', () => {
  const schedule = [weekly([span(8, 19)])];
  assert.equal(between(schedule, '2026-03-26T18:00Z', '2026-03-27T07:00Z'), []);
  assert.equal(between(schedule, '2026-03-26T12:00Z', '2026-03-26T12:00Z'), []);
});

windows('nights go over midnight', () => {
  assert.equal(between([weekly([span(20, 31)])], '2026-03-26T22:00Z', '2026-03-27T04:00Z'), [
    'open 2026-03-26T19:00 2026-03-27T06:00',
  ]);
});

windows('hours that overlap: the later begins when the earlier ends, also over midnight', () => {
  const schedule = [weekly([span(8, 12), span(10, 14), span(11, 12), span(20, 33)])];
  assert.equal(between(schedule, '2026-03-24T00:00Z', '2026-03-25T12:00Z'), [
    'open 2026-03-23T19:00 2026-03-24T08:00',
    'open 2026-03-24T08:00 2026-03-24T11:00',
    'open 2026-03-24T11:00 2026-03-24T13:00',
    'open 2026-03-24T19:00 2026-03-25T08:00',
    'open 2026-03-25T08:00 2026-03-25T11:00',
    'open 2026-03-25T11:00 2026-03-25T13:00',
  ]);
});

windows('several schedules come in order of time', () => {
  const schedules = [weekly([span(8, 9)], { id: 'b' }), weekly([span(8, 9), span(7, 8)], { id: 'a' })];
  assert.equal(between(schedules, '2026-03-26T00:00Z', '2026-03-27T00:00Z'), [
    'a 2026-03-26T06:00 2026-03-26T07:00',
    'a 2026-03-26T07:00 2026-03-26T08:00',
    'b 2026-03-26T07:00 2026-03-26T08:00',
  ]);
});
windows.run();

// ---- summer time

const summer = suite('the clocks change');

const everyDay = (hours: Hours): WeeklySchedule => weekly([], { weekdays: Array.from({ length: 7 }, () => [hours]) });

for (const [name, hours, day, expected] of [
  // 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
  ['a start that is skipped comes at once', { from: 150, to: 300 }, '2026-03-29', ['open 2026-03-29T01:00 2026-03-29T03:00']],
  ['an end that is skipped comes at once', { from: 60, to: 150 }, '2026-03-29', ['open 2026-03-29T00:00 2026-03-29T01:00']],
  ['a window that is skipped whole does not come', { from: 130, to: 170 }, '2026-03-29', []],
  ['before the change', { from: 60, to: 119 }, '2026-03-29', ['open 2026-03-29T00:00 2026-03-29T00:59']],
  ['after the change', { from: 180, to: 240 }, '2026-03-29', ['open 2026-03-29T01:00 2026-03-29T02:00']],
  // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
  [
    'a start that comes twice counts once, the first time',
    { from: 150, to: 300 },
    '2026-10-25',
    ['open 2026-10-25T00:30 2026-10-25T04:00'],
  ],
  [
    'an end that comes twice counts once, the first time',
    { from: 60, to: 150 },
    '2026-10-25',
    ['open 2026-10-24T23:00 2026-10-25T00:30'],
  ],
  [
    'a window in the hour that comes twice comes once',
    { from: 130, to: 170 },
    '2026-10-25',
    ['open 2026-10-25T00:10 2026-10-25T00:50'],
  ],
] as const) {
  summer(name, () => {
    const from = wall(dayAt(day) * DAY - 2 * HOUR);
    const found = windowsOf([everyDay(hours)], PARIS, from, wall(from + 22 * HOUR), zoneOffset);
    assert.equal(shown(found), expected);
  });
}

summer('the night of the change is an hour shorter or longer', () => {
  const night = [everyDay({ from: 1200, to: 1860 })];
  const length = (from: string): number => {
    const [window] = windowsOf(night, PARIS, at(from), wall(at(from) + MINUTE), zoneOffset);
    return window ? (window.to - window.from) / HOUR : 0;
  };
  assert.is(length('2026-03-28T23:00Z'), 10);
  assert.is(length('2026-10-24T23:00Z'), 12);
  assert.is(length('2026-06-24T23:00Z'), 11);
});

for (const [zone, local, expected] of [
  // Half an hour's change, in the southern summer.
  ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30'],
  // A zone that lost a whole day.
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00'],
  ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
  ['Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15'],
  ['UTC', '2026-01-01T00:00', '2026-01-01T00:00'],
] as const) {
  summer(`${local} in ${zone}`, () => {
    const instant = instantOf(Date.parse(`${local}Z`) / MINUTE, zone, zoneOffset);
    assert.is(instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16), expected);
  });
}

summer('an unknown zone has no instants and no windows', () => {
  assert.is(instantOf(0, 'Europe/Pariss', zoneOffset), undefined);
  assert.equal(
    windowsOf([weekly([span(8, 19)])], 'Europe/Pariss', at('2026-03-26T00:00Z'), at('2026-03-27T00:00Z'), zoneOffset),
    [],
  );
});
summer.run();

// ---- outside

const outside = suite('outside another schedule');
const closed: Schedule = { kind: 'outside', id: 'closed', of: 'open', marginMs: 30 * MINUTE };

outside('nights and week-ends, less the margin', () => {
  assert.equal(
    between([closed, weekly([span(8, 19)])], '2026-05-20T00:00Z', '2026-05-23T12:00Z').filter((text) =>
      text.startsWith('closed'),
    ),
    [
      'closed 2026-05-19T17:30 2026-05-20T05:30',
      'closed 2026-05-20T17:30 2026-05-21T05:30',
      'closed 2026-05-21T17:30 2026-05-22T05:30',
      'closed 2026-05-22T17:30 2026-05-25T05:30',
    ],
  );
});

outside('a closure of three weeks is one window, seen from its middle', () => {
  const closure = { first: dayAt('2026-08-01'), last: dayAt('2026-08-21'), name: 'Été' };
  const found = between([closed, weekly([span(8, 19)], { closures: [closure] })], '2026-08-10T00:00Z', '2026-08-12T00:00Z');
  assert.equal(found, ['closed 2026-07-31T17:30 2026-08-24T05:30']);
});

outside('a pause shorter than both margins is none', () => {
  const open = weekly([span(8, 12), { from: 750, to: 1140 }]);
  assert.equal(
    between([closed, open], '2026-05-20T08:00Z', '2026-05-20T12:00Z').filter((text) => text.startsWith('closed')),
    [],
  );
});

outside('a schedule that is never open has no outside that begins or ends', () => {
  assert.equal(between([closed, weekly([])], '2026-05-20T08:00Z', '2026-05-21T12:00Z'), []);
});

outside('an unknown schedule has none', () => assert.equal(between([closed], '2026-05-20T08:00Z', '2026-05-21T12:00Z'), []));
outside.run();

// ---- properties

const arbitraryHours = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, length]): Hours => ({ from, to: from + length }));
const arbitraryDay = fc.array(arbitraryHours, { maxLength: 3 });
const FIRST = dayAt('2026-01-01');
const arbitraryWeekly = fc
  .record({
    weekdays: fc.array(arbitraryDay, { minLength: 7, maxLength: 7 }),
    holidays: fc.constantFrom('none' as const, 'france' as const, 'alsace-moselle' as const),
    onHolidays: arbitraryDay,
    exceptions: fc.array(fc.record({ day: fc.integer({ min: FIRST, max: FIRST + 365 }), hours: arbitraryDay }), { maxLength: 4 }),
    closures: fc.array(
      fc
        .tuple(fc.integer({ min: FIRST, max: FIRST + 365 }), fc.nat(30))
        .map(([first, length]) => ({ first, last: first + length, name: 'x' })),
      { maxLength: 3 },
    ),
  })
  .map((parts): WeeklySchedule => ({ kind: 'weekly', id: 'open', ...parts }));
const arbitrarySchedules = fc
  .tuple(arbitraryWeekly, fc.integer({ min: 0, max: 180 }))
  .map(([open, margin]): Schedule[] => [open, { kind: 'outside', id: 'closed', of: 'open', marginMs: margin * MINUTE }]);
const arbitraryRange = fc
  .tuple(fc.integer({ min: 0, max: 365 * 24 * 60 }), fc.integer({ min: 1, max: 5 * 24 * 60 }))
  .map(([start, length]) => ({ from: wall(FIRST * DAY + start * MINUTE), to: wall(FIRST * DAY + (start + length) * MINUTE) }));
const zones = fc.constantFrom(PARIS, 'America/New_York', 'Australia/Lord_Howe', 'UTC');

const properties = suite('for any schedule, range and zone');

properties('windows touch the range, are in order, and do not overlap within their schedule', () => {
  fc.assert(
    fc.property(arbitrarySchedules, arbitraryRange, zones, (schedules, { from, to }, zone) => {
      const found = windowsOf(schedules, zone, from, to, zoneOffset);
      for (const window of found) assert.ok(window.from < window.to && window.from < to && window.to > from);
      for (const id of ['open', 'closed']) {
        const own = found.filter(({ schedule }) => schedule === id);
        for (const [index, window] of own.slice(1).entries()) assert.ok((own[index]?.to ?? 0) <= window.from);
      }
    }),
    { numRuns: 100 },
  );
});

properties('a range in two parts gives the windows of the whole', () => {
  fc.assert(
    fc.property(
      arbitrarySchedules,
      arbitraryRange,
      fc.double({ min: 0, max: 1, noNaN: true }),
      zones,
      (schedules, { from, to }, part, zone) => {
        const middle = wall(from + Math.floor(((to - from) / MINUTE) * part) * MINUTE);
        const whole = shown(windowsOf(schedules, zone, from, to, zoneOffset));
        const parts = [
          ...windowsOf(schedules, zone, from, middle, zoneOffset),
          ...windowsOf(schedules, zone, middle, to, zoneOffset),
        ];
        assert.equal([...new Set(shown(parts))].toSorted(), whole.toSorted());
      },
    ),
    { numRuns: 100 },
  );
});

properties('inside and outside are never at the same time', () => {
  fc.assert(
    fc.property(arbitrarySchedules, arbitraryRange, zones, (schedules, { from, to }, zone) => {
      const found = windowsOf(schedules, zone, from, to, zoneOffset);
      const open = found.filter(({ schedule }) => schedule === 'open');
      for (const gap of found.filter(({ schedule }) => schedule === 'closed')) {
        assert.ok(open.every((window) => window.to <= gap.from || window.from >= gap.to));
      }
    }),
    { numRuns: 100 },
  );
});
properties.run();
