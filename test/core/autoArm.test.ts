/** Arming by the calendar, in the instants that the calendar makes of local hours. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AutoArmConfig, ScheduleWindow } from '../../src/core/config.ts';
import { DAY, HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { areaConfig, practice } from '../support/site.ts';
import {
  area,
  askToArm,
  code,
  feed,
  give,
  heard,
  isSounding,
  keypad,
  lastOf,
  leave,
  lose,
  open,
  oversleep,
  pass,
  pulse,
  restart,
  setClock,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

/** The world begins at 20:00 in Paris. */
const BEGIN = Date.parse('2026-03-02T19:00:00Z');
const NIGHT: ScheduleWindow = { schedule: 'nuit', from: BEGIN + 2 * HOUR, to: BEGIN + 11 * HOUR };
const NEXT: ScheduleWindow = { schedule: 'nuit', from: NIGHT.from + DAY, to: NIGHT.to + DAY };

const AUTO: AutoArmConfig = {
  schedule: 'nuit',
  mode: 'full',
  warningMs: 15 * MINUTE,
  postponeMs: 30 * MINUTE,
  postponements: 3,
  retryMs: 30 * MINUTE,
};

const calendar = (site: World, windows: readonly ScheduleWindow[] = [NIGHT, NEXT]): void =>
  feed(site, { kind: 'calendar', windows, until: wall(BEGIN + 3 * DAY) });

const evening = (change: Partial<AutoArmConfig> = {}, checklist = [{ id: 'wc', text: 'Toilettes' }]): World => {
  const site = world(practice({ areas: [areaConfig('cabinet', { autoArm: { ...AUTO, ...change }, checklist })] }));
  calendar(site);
  return site;
};

const postpone = (site: World): void => give(site, { verb: 'postpone' }, { user: 'claire' });
const warned = (site: World): number => told(site).filter((kind) => kind === 'auto-arm-warned').length;

/** The warning comes now, the arming a quarter of an hour after it. */
const warnedThenArmed = (site: World): void => {
  told(site);
  pass(site, 0);
  pass(site, 15 * MINUTE - 1);
  assert.is(state(site), 'disarmed');
  assert.ok(isSounding(site, 'bip'));
  pass(site, 1);
  assert.is(state(site), 'armed full');
};

const basic = suite('armed by the calendar');

basic('warned a quarter of an hour before, armed on time, with nobody to leave', () => {
  const site = evening();
  pass(site, 105 * MINUTE - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['auto-arm-warned']);
  assert.ok(isSounding(site, 'bip'));
  pass(site, 15 * MINUTE - 1);
  assert.is(state(site), 'disarmed');
  pass(site, 1);
  assert.is(state(site), 'armed full');
  assert.is(lastOf(site, 'armed').cause, 'schedule');
  assert.not(isSounding(site, 'bip'));
});

basic('the check-list and memory are passed over and said; open zones are left out by name', () => {
  const site = evening();
  pulse(site, 'capot');
  open(site, 'fenetre');
  lose(site, 'salle');
  pass(site, 2 * HOUR);
  assert.is(state(site), 'armed full');
  assert.equal(lastOf(site, 'arm-overridden').blockers, [{ kind: 'checklist', item: 'wc' }, { kind: 'memory' }]);
  assert.equal(
    site.events.filter(({ kind }) => kind === 'inhibited').map((event) => event.zone),
    ['fenetre', 'salle'],
  );
  assert.equal(lastOf(site, 'armed').zones, ['fenetre', 'salle']);
});

basic('what keeps watch whatever the mode is carried on over, never left out', () => {
  const site = evening();
  for (const id of ['panique', 'agression', 'fuite', 'feu', 'secteur']) lose(site, id);
  pass(site, 2 * HOUR);
  assert.is(state(site), 'armed full');
  for (const id of ['panique', 'agression', 'fuite', 'feu', 'secteur']) assert.is(zone(site, id).inhibited, false, id);
});

basic('armed already: nothing', () => {
  const site = evening({}, []);
  leave(site);
  told(site);
  pass(site, 3 * HOUR);
  assert.equal(told(site), []);
});

basic('the clock is read every minute: warned once', () => {
  const site = evening();
  for (let minute = 0; minute < 119; minute += 1) {
    pass(site, MINUTE);
    setClock(site, minute % 2 === 0 ? 150 : 0);
    calendar(site);
  }
  assert.is(warned(site), 1);
  pass(site, 2 * MINUTE);
  assert.is(state(site), 'armed full');
});

basic('the next night again', () => {
  const site = evening();
  pass(site, 12 * HOUR);
  code(site);
  assert.is(state(site), 'disarmed');
  told(site);
  pass(site, 14 * HOUR);
  assert.equal(told(site, 'test-report'), ['auto-arm-warned', 'arm-overridden', 'arm-requested', 'armed']);
});

basic('hours that end are no act: nothing is disarmed', () => {
  const site = evening();
  pass(site, 20 * HOUR);
  assert.is(state(site), 'armed full');
});

basic.run();

// ---- putting it off

const putOff = suite('postponing');

putOff('from the warning on, by half an hour beyond when it would have been, with a new warning', () => {
  const site = evening();
  postpone(site);
  assert.equal(keypad(site).notice, { kind: 'refused', reason: 'nothing-to-do', blockers: [] });
  pass(site, 110 * MINUTE);
  told(site);
  postpone(site);
  const [event] = heard(site);
  assert.is(event?.kind, 'auto-arm-postponed');
  assert.is(event?.user, 'claire');
  assert.not(isSounding(site, 'bip') && keypad(site).notice === undefined);
  pass(site, 25 * MINUTE);
  assert.equal(told(site), ['auto-arm-warned']);
  pass(site, 15 * MINUTE - 1);
  assert.is(state(site), 'disarmed');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

putOff('three times, then refused', () => {
  const site = evening();
  pass(site, 110 * MINUTE);
  for (let times = 0; times < 3; times += 1) postpone(site);
  assert.is(lastOf(site, 'auto-arm-postponed').detail?.['times'], 3);
  postpone(site);
  assert.equal(keypad(site).notice, { kind: 'refused', reason: 'too-many-postponements', blockers: [] });
  pass(site, 100 * MINUTE - 1);
  assert.is(state(site), 'disarmed');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

putOff('motion postpones; after three it is late, told once, and tried again until it is quiet', () => {
  const site = evening();
  const kinds: string[] = [];
  for (let quarter = 0; quarter < 18; quarter += 1) {
    pulse(site, 'bureau');
    pass(site, 15 * MINUTE - 1);
    pulse(site, 'bureau');
    pass(site, 1);
    kinds.push(...told(site, 'auto-arm-warned', 'arm-refused'));
  }
  assert.equal(kinds, ['auto-arm-postponed', 'auto-arm-postponed', 'auto-arm-postponed', 'late-to-arm']);
  assert.is(state(site), 'disarmed');
  pass(site, 16 * MINUTE);
  assert.ok(isSounding(site, 'bip'), 'each later try is announced too');
  pass(site, 24 * MINUTE);
  assert.is(state(site), 'armed full');
});

putOff("a person's and motion's count together", () => {
  const site = evening();
  pass(site, 110 * MINUTE);
  postpone(site);
  postpone(site);
  pass(site, 70 * MINUTE - MINUTE);
  pulse(site, 'bureau');
  told(site);
  pass(site, MINUTE);
  assert.ok(told(site).includes('auto-arm-postponed'));
  pass(site, 29 * MINUTE);
  pulse(site, 'bureau');
  pass(site, MINUTE);
  assert.ok(told(site).includes('late-to-arm'));
});

putOff('kept over a restart, by the clock once it is set again', () => {
  const site = evening();
  pass(site, 110 * MINUTE);
  postpone(site);
  restart(site);
  pass(site, 50 * MINUTE);
  assert.is(state(site), 'disarmed', 'no schedule fires while the clock is not set');
  calendar(site);
  setClock(site);
  warnedThenArmed(site);
});

putOff('armed by hand meanwhile: nothing is left to fire', () => {
  const site = evening({}, []);
  pass(site, 110 * MINUTE);
  postpone(site);
  leave(site);
  assert.is(area(site).autoArm.postponedUntil, undefined);
  told(site);
  pass(site, 5 * HOUR);
  assert.equal(told(site), []);
});

putOff.run();

// ---- a disarm inside the hours

const rearm = suite('armed again inside the hours');

rearm('after a night disarm, warned first', () => {
  const site = evening();
  pass(site, 3 * HOUR);
  code(site);
  told(site);
  pass(site, 15 * MINUTE);
  assert.equal(told(site), ['auto-arm-warned']);
  pass(site, 15 * MINUTE - 1);
  assert.is(state(site), 'disarmed');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

rearm('not when the hours are over by then, and nobody is warned', () => {
  const site = evening();
  pass(site, 11 * HOUR - 10 * MINUTE);
  code(site);
  told(site);
  pass(site, 2 * HOUR);
  assert.is(state(site), 'disarmed');
  assert.is(warned(site), 0);
});

rearm('after an arming by hand that failed', () => {
  const site = evening({}, []);
  pass(site, 3 * HOUR);
  code(site);
  open(site, 'porte');
  askToArm(site);
  open(site, 'fenetre');
  pass(site, MINUTE);
  assert.is(state(site), 'disarmed');
  pass(site, 30 * MINUTE);
  assert.is(state(site), 'armed full');
});

rearm('after an arming by hand that was cancelled', () => {
  const site = evening({}, []);
  pass(site, 3 * HOUR);
  code(site);
  askToArm(site);
  code(site);
  pass(site, 30 * MINUTE);
  assert.is(state(site), 'armed full');
});

rearm.run();

// ---- clocks

const clocks = suite('clocks that step');

clocks('not set: nothing fires; set inside the hours: warned at once, armed after it', () => {
  const site = world(practice({ areas: [areaConfig('cabinet', { autoArm: AUTO })] }), undefined, false);
  calendar(site);
  pass(site, 4 * HOUR);
  assert.is(state(site), 'disarmed');
  setClock(site);
  warnedThenArmed(site);
});

clocks('a step forward over the beginning warns at once, and arms after the warning', () => {
  const site = evening();
  setClock(site, 3 * HOUR);
  warnedThenArmed(site);
});

clocks('a step forward into the warning gives the whole of it', () => {
  const site = evening();
  setClock(site, 2 * HOUR - MINUTE);
  warnedThenArmed(site);
});

clocks('a step within the warning neither repeats nor prolongs nor shortens it', () => {
  for (const stepMs of [-5 * SECOND, 5 * SECOND, HOUR]) {
    const site = evening();
    pass(site, 110 * MINUTE);
    told(site);
    setClock(site, stepMs);
    pass(site, 10 * MINUTE - 1);
    assert.is(warned(site), 0, `${stepMs}`);
    assert.is(state(site), 'disarmed', `${stepMs}`);
    pass(site, 5 * SECOND + 1);
    assert.is(state(site), 'armed full', `${stepMs}`);
  }
});

clocks('set back to well before it: warned again', () => {
  const site = evening();
  pass(site, 110 * MINUTE);
  setClock(site, -HOUR);
  assert.is(warned(site), 1);
  pass(site, 55 * MINUTE - 1);
  assert.is(warned(site), 0);
  assert.not(isSounding(site, 'bip'));
  pass(site, 1);
  assert.is(warned(site), 1);
  pass(site, 15 * MINUTE);
  assert.is(state(site), 'armed full');
});

clocks('a step forward over the whole night fires nothing, and disarms nothing', () => {
  const site = evening();
  setClock(site, 12 * HOUR);
  pass(site, HOUR);
  assert.is(state(site), 'disarmed');
  const armed = evening();
  pass(armed, 3 * HOUR);
  setClock(armed, 12 * HOUR);
  pass(armed, HOUR);
  assert.is(state(armed), 'armed full');
});

clocks('a step back never fires again', () => {
  const site = evening();
  pass(site, 2 * HOUR);
  setClock(site, -HOUR);
  told(site);
  pass(site, 3 * HOUR);
  assert.equal(told(site), []);
  assert.is(state(site), 'armed full');
});

clocks('disarmed after a step back to before the hours: armed when they begin', () => {
  const site = evening();
  pass(site, 2 * HOUR);
  setClock(site, -2 * HOUR);
  code(site);
  pass(site, 2 * HOUR - SECOND);
  assert.is(state(site), 'disarmed');
  pass(site, SECOND);
  assert.is(state(site), 'armed full');
});

clocks('off while the hours began: warned and armed when the clock is set', () => {
  const site = evening();
  restart(site, 'machine', 3 * HOUR);
  calendar(site);
  setClock(site, 3 * HOUR);
  warnedThenArmed(site);
});

clocks('a day ahead and disarmed in the morning, then corrected: the evening comes all the same', () => {
  const site = evening();
  setClock(site, DAY);
  pass(site, 12 * HOUR);
  code(site);
  setClock(site);
  told(site);
  pass(site, 14 * HOUR);
  assert.is(state(site), 'armed full');
});

clocks('a late tick fires it at its own instant, once', () => {
  const site = evening();
  oversleep(site, 5 * HOUR);
  assert.is(state(site), 'armed full');
  assert.is(told(site).filter((kind) => kind === 'armed').length, 1);
  assert.is(lastOf(site, 'armed').at, NIGHT.from);
});

/** 2026-10-25: Paris goes from +2 to +1 at 01:00 UTC, 02:30 comes twice; 2026-03-29 it does not come at all. */
clocks('a local time that comes twice fires once; one that is skipped has one instant too', () => {
  const twice: ScheduleWindow = { schedule: 'nuit', from: BEGIN + HOUR, to: BEGIN + 3 * HOUR };
  const site = evening();
  calendar(site, [twice]);
  pass(site, HOUR);
  assert.is(told(site).filter((kind) => kind === 'armed').length, 1);
  // The same window given again, an hour later by the wall: as a calendar that took the second of the two would.
  code(site);
  calendar(site, [{ ...twice, from: twice.from }]);
  told(site);
  pass(site, 29 * MINUTE);
  assert.not(told(site).includes('armed'));
});

clocks.run();
