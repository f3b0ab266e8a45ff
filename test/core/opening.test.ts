/** The agreed code of whoever opens: what the centre hears, and when. That nobody on site can tell is keypadView's test. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Meaning } from '../../src/core/config.ts';
import type { EventKind } from '../../src/core/event.ts';
import { HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { areaConfig, practice } from '../support/site.ts';
import {
  area,
  askToArm,
  close,
  code,
  feed,
  give,
  heard,
  keypad,
  leave,
  open,
  pass,
  restart,
  state,
  told,
  world,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = suite('opening');

const asking = () => practice({ areas: [areaConfig('cabinet', { openingConfirmMs: 5 * MINUTE })] });

/** Set for the night and disarmed again. */
const morning = (user = 'claire', meaning: Meaning = 'normal', nightMs = 8 * HOUR): World => {
  const site = world(asking());
  leave(site);
  pass(site, nightMs);
  open(site, 'porte');
  pass(site, 5 * SECOND);
  close(site, 'porte');
  told(site);
  code(site, user, meaning);
  assert.is(state(site), 'disarmed');
  return site;
};

const confirm = (site: World, meaning: Meaning = 'normal', user = 'claire'): void =>
  give(site, { verb: 'confirm-normal' }, { user, meaning });

test('confirmed in time', () => {
  const site = morning();
  assert.equal(told(site), ['disarmed']);
  pass(site, MINUTE);
  confirm(site);
  const [event] = heard(site);
  assert.is(event?.kind, 'opening-normal');
  assert.is(event?.user, 'claire');
  assert.is(event?.detail?.['late'], false);
  pass(site, HOUR);
  assert.equal(told(site), []);
});

test('a code alone answers too, and the page does', () => {
  for (const way of [undefined, { kind: 'page' } as const]) {
    const site = morning();
    told(site);
    if (way) give(site, { verb: 'confirm-normal' }, { user: 'claire', way });
    else code(site);
    assert.equal(told(site), ['opening-normal']);
  }
});

test('silence is told at five minutes, not before; a late *normal* follows', () => {
  const site = morning();
  told(site);
  pass(site, 5 * MINUTE - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['opening-not-confirmed']);
  pass(site, 10 * MINUTE);
  confirm(site);
  const [event] = heard(site);
  assert.is(event?.kind, 'opening-normal');
  assert.is(event?.detail?.['late'], true);
  confirm(site);
  assert.equal(told(site), [], 'said once');
});

/** disarmed with, answered with → what the centre hears in all. */
const ANSWERS: readonly (readonly [Meaning, Meaning | 'silence', readonly EventKind[]])[] = [
  ['normal', 'normal', ['disarmed', 'opening-normal']],
  ['normal', 'not-normal', ['disarmed', 'opening-not-normal']],
  ['normal', 'duress', ['disarmed', 'duress']],
  ['normal', 'silence', ['disarmed', 'opening-not-confirmed']],
  ['not-normal', 'normal', ['disarmed', 'opening-not-normal']],
  ['not-normal', 'not-normal', ['disarmed', 'opening-not-normal', 'opening-not-normal']],
  ['not-normal', 'duress', ['disarmed', 'opening-not-normal', 'duress']],
  ['not-normal', 'silence', ['disarmed', 'opening-not-normal', 'opening-not-confirmed']],
  ['duress', 'normal', ['duress', 'disarmed']],
  ['duress', 'not-normal', ['duress', 'disarmed', 'opening-not-normal']],
  ['duress', 'duress', ['duress', 'disarmed', 'duress']],
  ['duress', 'silence', ['duress', 'disarmed', 'opening-not-confirmed']],
];

for (const [opened, answered, expected] of ANSWERS) {
  test(`opened with ${opened}, answered with ${answered}`, () => {
    const site = morning('claire', opened);
    pass(site, 3 * MINUTE);
    if (answered !== 'silence') confirm(site, answered);
    pass(site, HOUR);
    // A late *normal* after a covert code is never sent.
    confirm(site);
    const late = opened === 'normal' && answered === 'silence' ? ['opening-normal' as const] : [];
    assert.equal(told(site, 'holdup-verified'), [...expected, ...late]);
  });
}

test('an answer can still be corrected to *not normal*', () => {
  const site = morning();
  confirm(site);
  told(site);
  pass(site, MINUTE);
  confirm(site, 'not-normal');
  assert.equal(told(site), ['opening-not-normal']);
});

for (const meaning of ['normal', 'duress', 'not-normal'] as const) {
  test(`reminders at two and four minutes after opening with the ${meaning} code, and no third`, () => {
    const site = morning('claire', meaning);
    const isReminded = (): boolean => keypad(site).notice?.kind === 'remind-opening';
    const seen: boolean[] = [];
    for (let minute = 0; minute < 8; minute += 1) {
      pass(site, minute === 0 ? MINUTE + SECOND : MINUTE);
      seen.push(isReminded());
    }
    assert.equal(seen, [false, true, false, true, false, false, false, false]);
  });
}

// ---- when nobody is asked

const isAsked = (site: World): boolean => area(site).opening?.phase === 'pending';

test('not asked: less than four hours armed, another mode, no time configured', () => {
  assert.not(isAsked(morning('claire', 'normal', 3 * HOUR)));
  assert.ok(isAsked(morning('claire', 'normal', 4 * HOUR)));
  const partial = world(asking());
  leave(partial, 'partial');
  pass(partial, 8 * HOUR);
  code(partial);
  assert.not(isAsked(partial));
  const plain = world(practice());
  leave(plain);
  pass(plain, 8 * HOUR);
  code(plain);
  assert.not(isAsked(plain));
});

test('the hours of a power cut count as armed', () => {
  const site = world(asking());
  leave(site);
  pass(site, HOUR);
  restart(site, 'machine', 7 * HOUR);
  feed(site, { kind: 'clock', wall: wall(Date.parse('2026-03-03T04:00:00Z')), synchronised: true });
  pass(site, 2 * MINUTE);
  code(site);
  assert.ok(isAsked(site));
});

// ---- cleaner and guard

for (const user of ['menage', 'garde']) {
  test(`${user} opens: the first of the staff is asked, whenever they come`, () => {
    const site = morning(user);
    pass(site, 20 * MINUTE);
    assert.not.ok(told(site).includes('opening-not-confirmed'));
    give(site, { verb: 'silence' }, { user: 'claire' });
    assert.ok(isAsked(site));
    pass(site, 5 * MINUTE);
    assert.ok(told(site).includes('opening-not-confirmed'));
  });
}

test('the first of the staff gives a code, and with it the answer', () => {
  const site = morning('menage');
  pass(site, HOUR);
  told(site);
  code(site, 'doc');
  assert.equal(told(site), ['opening-normal']);
});

test('the first of the staff gives the *not normal* code: told once', () => {
  const site = morning('menage');
  told(site);
  code(site, 'doc', 'not-normal');
  pass(site, HOUR);
  assert.equal(told(site), ['opening-not-normal']);
});

test("a cleaner's code is no answer to what staff are asked", () => {
  const site = morning();
  told(site);
  code(site, 'menage');
  assert.ok(isAsked(site));
  pass(site, 5 * MINUTE);
  assert.equal(told(site), ['opening-not-confirmed']);
});

test('somebody far away is not the first of the staff', () => {
  const site = morning('menage');
  open(site, 'fenetre');
  askToArm(site, 'full', {}, { user: 'claire', way: { kind: 'remote', operator: 'pc' } });
  assert.is(area(site).opening?.phase, 'deferred');
});

test('a cleaner under duress: no *normal* is sent after it', () => {
  const site = morning('menage', 'duress');
  told(site);
  code(site, 'doc');
  pass(site, HOUR);
  assert.equal(told(site), []);
});

// ---- interruptions

test('arming again does not answer: an opening that nobody confirmed is told', () => {
  const site = morning();
  askToArm(site);
  pass(site, SECOND);
  open(site, 'porte');
  close(site, 'porte');
  pass(site, 2 * MINUTE);
  assert.is(state(site), 'armed full');
  assert.not(told(site).includes('opening-not-confirmed'));
  pass(site, 3 * MINUTE);
  assert.equal(told(site), ['opening-not-confirmed']);
});

test('a restart keeps the question and the time that is left', () => {
  const site = morning();
  pass(site, 4 * MINUTE);
  told(site);
  restart(site, 'process', 10 * MINUTE);
  pass(site, MINUTE - 1);
  assert.not(told(site).includes('opening-not-confirmed'));
  pass(site, 1);
  assert.equal(told(site), ['opening-not-confirmed']);
});

test.run();
