/** Coming in: the delay, who is judged when, and what the centre hears of it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MINUTE, monotonic, SECOND } from '../../src/core/time.ts';
import { areaConfig, practice, practiceConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  at,
  close,
  code,
  feed,
  give,
  isSounding,
  lastOf,
  leave,
  open,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const armed = (): World => {
  const config = practiceConfig();
  const site = world(practice({ zones: [...config.zones, zoneConfig('garage', 'entry-exit')] }));
  leave(site);
  pass(site, 10 * MINUTE);
  told(site);
  return site;
};

const entering = (): World => {
  const site = armed();
  open(site, 'porte');
  return site;
};

const entry = suite('entry');

entry('30 s, then the alarm; a millisecond before it, none', () => {
  const site = entering();
  pass(site, 30 * SECOND - 1);
  assert.is(state(site), 'entering full');
  assert.not(isSounding(site, 'sirene-int'));
  pass(site, 1);
  assert.is(state(site), 'armed full');
  assert.ok(isSounding(site, 'sirene-ext'));
  assert.equal(told(site), ['entry-started', 'alarm-held']);
});

entry('reopening the door, or another entry door, changes nothing', () => {
  const site = entering();
  for (const id of ['porte', 'garage', 'porte', 'garage']) {
    pass(site, 5 * SECOND);
    pulse(site, id);
  }
  pass(site, 10 * SECOND);
  assert.is(state(site), 'armed full');
  assert.equal(told(site), ['entry-started', 'alarm-held', 'alarm-held']);
});

const heldKinds = (site: World) => site.state.durable.areas.flatMap(({ held }) => held.map(({ event }) => event.kind));

entry('a door that was closed in time is told as restored with its alarm, an open one is not', () => {
  for (const [closes, kinds] of [
    [true, ['intrusion', 'intrusion-restored']],
    [false, ['intrusion']],
  ] as const) {
    const site = entering();
    if (closes) close(site, 'porte');
    pass(site, 30 * SECOND);
    assert.equal(heldKinds(site), kinds);
    told(site);
    pass(site, 30 * SECOND);
    assert.equal(told(site), kinds);
  }
});

entry('the delay is the one that was left after a restart, however long nobody watched', () => {
  const site = entering();
  pass(site, 20 * SECOND);
  restart(site, 'machine', 10 * MINUTE);
  pass(site, 10 * SECOND - 1);
  assert.is(state(site), 'entering full');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

entry('a code whose last key was in time disarms, though its verdict comes later', () => {
  const site = entering();
  pass(site, 30 * SECOND - 1);
  give(site, { verb: 'code' }, { user: 'claire', delayMs: 900 });
  assert.is(state(site), 'disarmed');
  assert.equal(told(site), ['entry-started', 'disarmed']);
});

entry('one second is all a verdict is waited for', () => {
  const site = entering();
  pass(site, 30 * SECOND - 1);
  feed(site, { kind: 'attempt', attempt: 900, way: at('entree'), keyedAt: monotonic(site.now) });
  pass(site, 999);
  assert.is(state(site), 'entering full');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

entry('many wrong codes buy no time beyond the second of the last one', () => {
  const site = entering();
  pass(site, 29 * SECOND + 900);
  for (let tries = 0; tries < 5; tries += 1) give(site, { verb: 'code' }, {});
  pass(site, 100);
  assert.is(state(site), 'armed full');
});

entry('a code typed after the deadline waits for nothing', () => {
  const site = entering();
  pass(site, 30 * SECOND);
  feed(site, { kind: 'attempt', attempt: 900, way: at('entree'), keyedAt: monotonic(site.now) });
  assert.is(state(site), 'armed full');
  assert.ok(isSounding(site, 'sirene-ext'));
});

entry('a code at a keypad of no area here is not waited for', () => {
  const site = entering();
  pass(site, 30 * SECOND - 1);
  feed(site, { kind: 'attempt', attempt: 900, way: at('armoire'), keyedAt: monotonic(site.now) });
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

entry.run();

// ---- when the centre hears it

const held = suite('an entry that went wrong: when the centre hears it');

held('timed out: after the hold, with the time at which it happened', () => {
  const site = entering();
  pass(site, 30 * SECOND);
  told(site);
  pass(site, 30 * SECOND - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['intrusion']);
  const alarm = lastOf(site, 'intrusion');
  assert.is(alarm.mono, site.now - 30 * SECOND);
  assert.is(alarm.cause, 'entry-expired');
  assert.is(alarm.confirmed, false);
  assert.is(alarm.zone, 'porte');
});

held('disarmed within the hold: not sent, journalled', () => {
  const site = entering();
  pass(site, 45 * SECOND);
  told(site);
  code(site);
  assert.equal(told(site), ['alarm-aborted', 'disarmed']);
  assert.is(lastOf(site, 'alarm-aborted').user, 'claire');
  pass(site, 10 * MINUTE);
  assert.equal(told(site), []);
  assert.not(isSounding(site, 'sirene-ext'));
});

held('disarmed after it: cancelled', () => {
  const site = entering();
  pass(site, 61 * SECOND);
  told(site);
  code(site);
  assert.equal(told(site), ['alarm-cancelled', 'disarmed']);
});

held('cancelled once: the next disarm cancels nothing', () => {
  const site = entering();
  pass(site, 61 * SECOND);
  code(site);
  close(site, 'porte');
  leave(site, 'full', { override: true });
  assert.is(state(site), 'armed full');
  told(site);
  code(site);
  assert.equal(told(site), ['disarmed']);
});

for (const meaning of ['duress', 'not-normal'] as const) {
  held(`disarmed with the ${meaning} code within the hold: everything goes at once, nothing is aborted`, () => {
    const site = entering();
    pass(site, 45 * SECOND);
    told(site);
    code(site, 'claire', meaning);
    const heard = told(site);
    assert.ok(heard.includes('intrusion'));
    assert.ok(heard.includes(meaning === 'duress' ? 'duress' : 'opening-not-normal'));
    assert.not(heard.includes('alarm-aborted'));
    assert.is(state(site), 'disarmed');
  });

  held(`disarmed with the ${meaning} code after it: nothing is cancelled`, () => {
    const site = entering();
    pass(site, 61 * SECOND);
    told(site);
    code(site, 'claire', meaning);
    assert.not(told(site).includes('alarm-cancelled'));
  });
}

held('off the route during the entry: indoors at once, told when hold and entry are over', () => {
  const site = entering();
  pass(site, 5 * SECOND);
  open(site, 'fenetre');
  assert.ok(isSounding(site, 'sirene-int'));
  assert.not(isSounding(site, 'sirene-ext'));
  assert.is(state(site), 'entering full');
  told(site);
  pass(site, 25 * SECOND);
  assert.equal(told(site), ['alarm-held'], 'the entry itself');
  assert.ok(isSounding(site, 'sirene-ext'));
  pass(site, 5 * SECOND - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['intrusion', 'intrusion']);
});

held('never before the entry is over, also where the hold is shorter than the entry', () => {
  const site = world(practice({ areas: [areaConfig('cabinet', { entryDelayMs: 45 * SECOND, abortMs: 15 * SECOND })] }));
  leave(site);
  pass(site, 10 * MINUTE);
  open(site, 'porte');
  open(site, 'fenetre');
  told(site);
  pass(site, 45 * SECOND - 1);
  assert.equal(told(site), []);
  pass(site, 2);
  assert.ok(told(site).includes('intrusion'));
});

held('a code keyed in time is judged before the hold is, when both end together', () => {
  const site = world(practice({ areas: [areaConfig('cabinet', { entryDelayMs: 30 * SECOND, abortMs: 30 * SECOND })] }));
  leave(site);
  pass(site, 10 * MINUTE);
  open(site, 'porte');
  open(site, 'fenetre');
  pass(site, 30 * SECOND - 1);
  told(site);
  give(site, { verb: 'code' }, { user: 'claire', delayMs: 900 });
  assert.equal(told(site), ['alarm-aborted', 'disarmed']);
});

held('a restart keeps what is held, and the rest of its time', () => {
  const site = entering();
  pass(site, 40 * SECOND);
  restart(site, 'process', 10 * MINUTE);
  assert.not(told(site).includes('intrusion'));
  pass(site, 20 * SECOND - 1);
  assert.equal(told(site), []);
  pass(site, 1);
  assert.equal(told(site), ['intrusion']);
});

held('a zone that closed again is told after its alarm, not before', () => {
  const site = entering();
  pulse(site, 'fenetre');
  pass(site, MINUTE);
  const heard = told(site, 'alarm-held');
  assert.equal(heard, ['entry-started', 'intrusion', 'intrusion-restored', 'intrusion']);
});

held('hold-up, tamper and 24 h are never held', () => {
  for (const [id, kind] of [
    ['panique', 'holdup-silent'],
    ['agression', 'holdup-audible'],
    ['capot', 'tamper'],
    ['armoire', 'alarm-24h'],
    ['feu', 'fire'],
  ] as const) {
    const site = entering();
    told(site);
    open(site, id);
    assert.equal(told(site), [kind]);
  }
});

held('fire mutes the siren, and the intrusion is sent all the same', () => {
  const site = armed();
  open(site, 'feu');
  told(site);
  open(site, 'fenetre');
  assert.equal(told(site), ['intrusion']);
  assert.not(isSounding(site, 'sirene-int'));
  assert.not(isSounding(site, 'sirene-ext'));
});

held.run();

// ---- confirmation

const confirm = suite('confirmation');

const confirmed = (site: World): boolean => told(site).includes('intrusion-confirmed');

confirm('one zone, however often: unconfirmed', () => {
  const site = armed();
  pulse(site, 'fenetre');
  pulse(site, 'fenetre');
  assert.not(confirmed(site));
  assert.is(lastOf(site, 'intrusion').confirmed, false);
});

confirm('two zones: confirmed, with both named', () => {
  const site = armed();
  pulse(site, 'fenetre');
  pass(site, MINUTE);
  pulse(site, 'salle');
  assert.ok(confirmed(site));
  assert.equal(lastOf(site, 'intrusion-confirmed').zones, ['fenetre', 'salle']);
  assert.is(lastOf(site, 'intrusion-confirmed').confirmed, true);
});

confirm('two zones of one group are one', () => {
  const config = practiceConfig();
  const groups = new Map([
    ['fenetre', 'facade'],
    ['bureau', 'facade'],
  ]);
  const site = world(
    practice({ zones: config.zones.map((one) => ({ ...one, confirmGroup: groups.get(one.id) ?? one.confirmGroup })) }),
  );
  leave(site);
  pass(site, 10 * MINUTE);
  pulse(site, 'fenetre');
  pulse(site, 'bureau');
  assert.not(confirmed(site));
  pulse(site, 'salle');
  assert.ok(confirmed(site));
});

for (const [minutes, isConfirmed] of [
  [30, true],
  [31, false],
] as const) {
  confirm(`the second zone after ${minutes} min: ${isConfirmed ? 'confirmed' : 'unconfirmed'}`, () => {
    const site = armed();
    pulse(site, 'fenetre');
    pass(site, minutes * MINUTE);
    pulse(site, 'salle');
    assert.is(confirmed(site), isConfirmed);
  });
}

confirm('confirmed once; every further zone is reported all the same', () => {
  const site = armed();
  for (const id of ['fenetre', 'salle', 'bureau', 'hall', 'cour']) pulse(site, id);
  assert.equal(told(site, 'intrusion-restored'), [
    'intrusion',
    'intrusion',
    'intrusion-confirmed',
    'intrusion',
    'intrusion',
    'intrusion',
  ]);
});

confirm('from the opening of an entry door the route never counts', () => {
  const site = entering();
  pass(site, 31 * SECOND);
  pulse(site, 'hall');
  pulse(site, 'fenetre');
  pulse(site, 'hall');
  assert.not(confirmed(site));
  pulse(site, 'salle');
  assert.ok(confirmed(site), 'two independent ones off the route');
});

confirm('nothing confirms during the entry, and what alarmed in it is no first zone afterwards', () => {
  const site = entering();
  pulse(site, 'fenetre');
  pulse(site, 'salle');
  pass(site, 31 * SECOND);
  assert.not(confirmed(site));
  pulse(site, 'bureau');
  assert.not(confirmed(site));
  pulse(site, 'fenetre');
  assert.ok(confirmed(site));
});

confirm('a confirmation releases what was held, before it', () => {
  const site = entering();
  pass(site, 31 * SECOND);
  told(site);
  pulse(site, 'fenetre');
  pulse(site, 'salle');
  assert.equal(told(site, 'intrusion-restored'), ['intrusion', 'intrusion', 'intrusion', 'intrusion-confirmed']);
});

confirm('disarming begins anew', () => {
  const site = armed();
  pulse(site, 'fenetre');
  code(site);
  leave(site, 'full', { override: true });
  told(site);
  pass(site, 5 * MINUTE);
  pulse(site, 'salle');
  assert.not(confirmed(site));
});

confirm('the first zone is remembered over a restart', () => {
  const site = armed();
  pulse(site, 'fenetre');
  restart(site);
  pulse(site, 'salle');
  assert.ok(confirmed(site));
});

confirm.run();

// ---- recent closing, memory

const after = suite('recent closing and memory');

after('an alarm within two minutes of arming is flagged, a later one is not', () => {
  const site = world(practice());
  leave(site);
  pass(site, 2 * MINUTE - 7 * SECOND);
  pulse(site, 'fenetre');
  assert.is(lastOf(site, 'intrusion').recentClosing, true);
  pass(site, 10 * MINUTE);
  pulse(site, 'salle');
  assert.is(lastOf(site, 'intrusion').recentClosing, undefined);
});

after('which zones, in what order, when: until a user acknowledges', () => {
  const site = armed();
  const first = site.now;
  pulse(site, 'fenetre');
  pass(site, MINUTE);
  pulse(site, 'salle');
  code(site);
  assert.equal(
    area(site).memory.map(({ zone, kind }) => [zone, kind]),
    [
      ['fenetre', 'intrusion'],
      ['salle', 'intrusion'],
    ],
  );
  const [one, two] = area(site).memory;
  assert.is(two && one && two.at - one.at, MINUTE);
  assert.ok(first > 0);
  told(site);
  give(site, { verb: 'acknowledge' }, { user: 'claire' });
  assert.equal(area(site).memory, []);
  assert.equal(told(site), ['memory-acknowledged']);
  give(site, { verb: 'acknowledge' }, { user: 'claire' });
  assert.equal(told(site), []);
});

after('tamper memory is for level 3 where the area says so, and never blocks', () => {
  const site = world(practice({ areas: [areaConfig('cabinet', { tamperReset: 'installer' })] }));
  pulse(site, 'capot');
  give(site, { verb: 'acknowledge' }, { user: 'claire' });
  assert.is(area(site).memory.length, 1);
  leave(site);
  assert.is(state(site), 'armed full');
  code(site);
  give(site, { verb: 'reset-tamper' }, { user: 'claire' });
  give(site, { verb: 'reset-tamper' }, { user: 'tech' });
  assert.is(area(site).memory.length, 1, 'staff may not, and the installer only when allowed');
  give(site, { verb: 'allow-installer' }, { user: 'claire' });
  give(site, { verb: 'reset-tamper' }, { user: 'tech' });
  assert.is(area(site).memory.length, 0);
});

after('memory that a user can acknowledge blocks, and can be carried on over', () => {
  const site = armed();
  pulse(site, 'fenetre');
  code(site);
  leave(site);
  assert.is(state(site), 'disarmed');
  assert.equal(lastOf(site, 'arm-refused').blockers, [{ kind: 'memory' }]);
  leave(site, 'full', { override: true });
  assert.is(state(site), 'armed full');
  assert.equal(lastOf(site, 'arm-overridden').blockers, [{ kind: 'memory' }]);
});

after.run();
