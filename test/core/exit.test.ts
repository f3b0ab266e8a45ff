/** From an accepted arming to an armed area, or to a loud failure: four ways of ending the exit, and what disturbs it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AreaConfig } from '../../src/core/config.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { areaConfig, practice, practiceConfig, zoneConfig } from '../support/site.ts';
import {
  area,
  askToArm,
  close,
  code,
  give,
  isSounding,
  lastOf,
  leave,
  lose,
  open,
  output,
  oversleep,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';

const withArea = (change: Partial<AreaConfig>): World => world(practice({ areas: [areaConfig('cabinet', change)] }));

// ---- how it ends

const ends = suite('four ways of ending the exit');

ends('timed: 60 s whatever the door does', () => {
  const site = world(practice());
  askToArm(site);
  pass(site, 10 * SECOND);
  open(site, 'porte');
  pass(site, 2 * SECOND);
  close(site, 'porte');
  pass(site, 48 * SECOND - 1);
  assert.is(state(site), 'exiting full');
  pass(site, 1);
  assert.is(state(site), 'armed full');
  assert.equal(told(site), ['arm-requested', 'armed']);
});

ends('final door: opened, closed and quiet for 8 s', () => {
  const site = withArea({ exitEnd: 'final-door' });
  askToArm(site);
  pass(site, 100 * SECOND);
  assert.is(state(site), 'exiting full', 'no time-out of a minute');
  open(site, 'porte');
  pass(site, 20 * SECOND);
  close(site, 'porte');
  pass(site, 5 * SECOND);
  pulse(site, 'porte');
  pass(site, 8 * SECOND - 1);
  assert.is(state(site), 'exiting full', 'it moved again');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

ends('final door: another entry door does not count', () => {
  const config = practiceConfig();
  const site = world(
    practice({
      areas: [areaConfig('cabinet', { exitEnd: 'final-door' })],
      zones: [...config.zones, zoneConfig('sas', 'entry-exit')],
    }),
  );
  askToArm(site);
  pulse(site, 'sas');
  pass(site, MINUTE);
  assert.is(state(site), 'exiting full');
});

ends('final door held open while the code is typed: closing it is leaving', () => {
  const site = withArea({ exitEnd: 'final-door' });
  open(site, 'porte');
  askToArm(site);
  pass(site, 5 * SECOND);
  close(site, 'porte');
  pass(site, 8 * SECOND);
  assert.is(state(site), 'armed full');
});

ends('timed, door held open while the code is typed: somebody left', () => {
  const site = world(practice());
  open(site, 'porte');
  askToArm(site);
  pass(site, 5 * SECOND);
  close(site, 'porte');
  pass(site, MINUTE);
  assert.is(state(site), 'armed full');
  assert.not(told(site).includes('unvacated'));
});

ends('push to set: the button, and only a press that was seen', () => {
  const site = withArea({ exitEnd: 'push-to-set' });
  askToArm(site);
  pulse(site, 'porte');
  pass(site, 2 * MINUTE);
  assert.is(state(site), 'exiting full');
  pulse(site, 'pousser');
  assert.is(state(site), 'armed full');
});

ends('push to set: a button that comes back from a fault pressed is no press', () => {
  const site = withArea({ exitEnd: 'push-to-set' });
  askToArm(site);
  lose(site, 'pousser');
  open(site, 'pousser');
  assert.is(state(site), 'exiting full');
});

ends('immediate', () => {
  const site = withArea({ exitEnd: 'immediate' });
  askToArm(site);
  assert.is(state(site), 'armed full');
});

ends('immediate: an open entry door is in the way, since nobody is going to leave by it', () => {
  const site = withArea({ exitEnd: 'immediate' });
  open(site, 'porte');
  askToArm(site);
  assert.is(state(site), 'disarmed');
  assert.equal(lastOf(site, 'arm-refused').blockers, [{ kind: 'zone-open', zone: 'porte' }]);
});

ends('asked for from the centre: at once, and nobody is told to leave', () => {
  const site = world(practice());
  askToArm(site, 'full', {}, { user: 'claire', way: { kind: 'remote', operator: 'pc' } });
  assert.is(state(site), 'armed full');
});

for (const exitEnd of ['final-door', 'push-to-set'] as const) {
  ends(`${exitEnd}: after five minutes it is given up, loudly`, () => {
    const site = withArea({ exitEnd });
    askToArm(site);
    pass(site, 5 * MINUTE - 1);
    assert.is(state(site), 'exiting full');
    pass(site, 1);
    assert.is(state(site), 'disarmed');
    assert.is(lastOf(site, 'arm-failed').cause, 'time-out');
    assert.ok(isSounding(site, 'bip'));
  });
}

ends.run();

// ---- what disturbs it

const during = suite('during the exit');

during('route zones are free', () => {
  const site = world(practice());
  askToArm(site);
  for (const id of ['hall', 'porte', 'hall']) pulse(site, id);
  pass(site, MINUTE);
  assert.is(state(site), 'armed full');
  assert.equal(told(site), ['arm-requested', 'armed']);
});

during('re-entry starts the delay again, once', () => {
  const site = world(practice());
  askToArm(site);
  pass(site, 10 * SECOND);
  pulse(site, 'porte');
  pass(site, 30 * SECOND);
  pulse(site, 'porte');
  assert.equal(told(site), ['arm-requested', 'exit-restarted']);
  pass(site, 30 * SECOND);
  pulse(site, 'porte');
  pass(site, 30 * SECOND - 1);
  assert.is(state(site), 'exiting full');
  pass(site, 1);
  assert.is(state(site), 'armed full', 'sixty seconds from the first re-entry');
  assert.equal(told(site), ['armed']);
});

during('a door that was open before a restart or a lost line has not been opened again', () => {
  for (const disturb of [(site: World) => restart(site), (site: World) => (lose(site, 'porte'), open(site, 'porte'))]) {
    const site = world(practice());
    askToArm(site);
    pass(site, 10 * SECOND);
    open(site, 'porte');
    disturb(site);
    assert.not(told(site).includes('exit-restarted'));
    close(site, 'porte');
    pass(site, 50 * SECOND);
    assert.is(state(site), 'armed full');
  }
});

during('a restart while the final door settles lengthens nothing', () => {
  const site = withArea({ exitEnd: 'final-door' });
  askToArm(site);
  pulse(site, 'porte');
  pass(site, 6 * SECOND);
  restart(site);
  pass(site, 2 * SECOND);
  assert.is(state(site), 'armed full');
});

during('another zone opening sounds the fault tone, is listed, and mended arms all the same', () => {
  const site = world(practice());
  askToArm(site);
  pulse(site, 'porte');
  open(site, 'fenetre');
  assert.is(area(site).faultTone, site.now);
  const { arming } = area(site);
  assert.equal(arming.state === 'exiting' && arming.opened, ['fenetre']);
  pass(site, 10 * SECOND);
  close(site, 'fenetre');
  assert.is(area(site).faultTone, undefined);
  pass(site, MINUTE);
  assert.is(state(site), 'armed full');
});

during('a zone off the route still open at the end: disarmed, fault tone, told with the zone', () => {
  const site = world(practice());
  askToArm(site);
  pulse(site, 'porte');
  open(site, 'fenetre');
  pass(site, MINUTE);
  assert.is(state(site), 'disarmed');
  const failed = lastOf(site, 'arm-failed');
  assert.equal(failed.blockers, [{ kind: 'zone-open', zone: 'fenetre' }]);
  assert.is(failed.user, 'claire');
  assert.equal(output(site, 'bip'), { pattern: 'fault', since: area(site).faultTone });
  pass(site, 3 * MINUTE);
  assert.not(isSounding(site, 'bip'));
  assert.is(state(site), 'disarmed');
});

during('the fault tone stops when it is acknowledged', () => {
  const site = world(practice());
  open(site, 'porte');
  askToArm(site);
  open(site, 'fenetre');
  pass(site, MINUTE);
  give(site, { verb: 'acknowledge' }, { user: 'claire' });
  assert.is(area(site).faultTone, undefined);
});

during('a zone lost at the end is a failure too; one that came back is not', () => {
  const lost = world(practice());
  askToArm(lost);
  pulse(lost, 'porte');
  lose(lost, 'salle');
  pass(lost, MINUTE);
  assert.is(state(lost), 'disarmed');
  assert.equal(lastOf(lost, 'arm-failed').blockers, [{ kind: 'fault', zone: 'salle' }]);
  const back = world(practice());
  askToArm(back);
  pulse(back, 'porte');
  lose(back, 'salle');
  close(back, 'salle');
  pass(back, MINUTE);
  assert.is(state(back), 'armed full');
});

during('disarming within it: cancelled, and nothing was armed', () => {
  const site = world(practice());
  askToArm(site, 'full', { inhibit: ['fenetre'] });
  pass(site, 20 * SECOND);
  told(site);
  code(site);
  assert.is(state(site), 'disarmed');
  assert.equal(told(site), ['arm-cancelled', 'inhibit-ended']);
  pass(site, 10 * MINUTE);
  assert.equal(told(site), []);
});

during('a restart keeps what is left of it', () => {
  const site = world(practice());
  askToArm(site);
  pulse(site, 'porte');
  pass(site, 45 * SECOND);
  restart(site, 'machine', 600 * SECOND);
  pass(site, 15 * SECOND - 1);
  assert.is(state(site), 'exiting full');
  pass(site, 1);
  assert.is(state(site), 'armed full');
});

during('asked to arm again, in whatever mode: refused, nothing changes', () => {
  const site = world(practice());
  askToArm(site);
  told(site);
  askToArm(site, 'partial');
  assert.is(state(site), 'exiting full');
  pulse(site, 'porte');
  pass(site, MINUTE);
  for (const mode of ['full', 'partial', 'night'] as const) askToArm(site, mode);
  assert.is(state(site), 'armed full');
  assert.equal(told(site), ['armed']);
});

during.run();

// ---- exit error

const error = suite('final door still open at the end');

const leaveOpen = (): World => {
  const site = world(practice());
  askToArm(site);
  pass(site, 10 * SECOND);
  open(site, 'porte');
  pass(site, 50 * SECOND);
  return site;
};

error('armed, local alarm, entry delay', () => {
  const site = leaveOpen();
  assert.is(state(site), 'entering full');
  assert.equal(told(site), ['arm-requested', 'armed', 'entry-started']);
  assert.is(lastOf(site, 'entry-started').cause, 'exit-error');
  assert.ok(isSounding(site, 'sirene-int'));
  assert.not(isSounding(site, 'sirene-ext'));
});

error('closed in time: quiet and armed, and the door is an entry door like any other', () => {
  const site = leaveOpen();
  pass(site, 10 * SECOND);
  close(site, 'porte');
  assert.is(state(site), 'armed full');
  assert.not(isSounding(site, 'sirene-int'));
  told(site);
  pass(site, 10 * MINUTE);
  assert.equal(told(site), []);
  open(site, 'porte');
  assert.equal(told(site), ['entry-started']);
});

error('disarmed in time: nothing is sent but the opening', () => {
  const site = leaveOpen();
  told(site);
  pass(site, 10 * SECOND);
  code(site);
  pass(site, 10 * MINUTE);
  assert.equal(told(site), ['disarmed']);
});

error('unresolved: the alarm, told after the hold', () => {
  const site = leaveOpen();
  told(site);
  pass(site, 30 * SECOND);
  assert.is(state(site), 'armed full');
  assert.ok(isSounding(site, 'sirene-ext'));
  assert.equal(told(site), ['alarm-held']);
  pass(site, 30 * SECOND);
  assert.equal(told(site), ['exit-error']);
  assert.ok(lastOf(site, 'exit-error').recentClosing);
});

error('closing the door does not silence somebody who came in meanwhile', () => {
  const site = leaveOpen();
  pass(site, 5 * SECOND);
  open(site, 'fenetre');
  close(site, 'porte');
  assert.ok(isSounding(site, 'sirene-int'));
  pass(site, MINUTE);
  assert.ok(told(site).includes('intrusion'));
});

error('a resolved one has used up no siren cycle', () => {
  const site = leaveOpen();
  close(site, 'porte');
  assert.is(area(site).sirenCycles, 0);
});

error.run();

// ---- nobody left

const unvacated = suite('a timed exit through no door');

for (const [mode, become] of [
  ['partial', 'armed partial'],
  ['full', 'armed full'],
] as const) {
  unvacated(`becomes ${mode} where the area says so, and says so`, () => {
    const site = withArea({ unvacated: mode });
    askToArm(site);
    pass(site, MINUTE);
    assert.is(state(site), become);
    assert.equal(told(site), ['arm-requested', 'unvacated', 'armed']);
  });
}

unvacated('asked for at the page: the same', () => {
  const site = world(practice());
  askToArm(site, 'full', {}, { user: 'claire', way: { kind: 'page' } });
  pass(site, MINUTE);
  assert.is(state(site), 'armed partial');
});

unvacated('not by key switch, not by the centre, not in another mode, not with another end of the exit', () => {
  const key = world(practice());
  pulse(key, 'cle');
  pass(key, MINUTE);
  assert.is(state(key), 'armed full');
  const partial = world(practice());
  askToArm(partial, 'partial');
  pass(partial, MINUTE);
  assert.not(told(partial).includes('unvacated'));
  const push = withArea({ exitEnd: 'push-to-set' });
  askToArm(push);
  pulse(push, 'pousser');
  assert.is(state(push), 'armed full');
});

unvacated.run();

// ---- what belongs to leaving

const around = suite('doors and outputs around the exit');

around('an exit left out by name is quiet from the start of the exit, and watched again when arming fails', () => {
  const site = world(practice());
  open(site, 'cour-gache');
  open(site, 'cour');
  pass(site, 45 * SECOND);
  assert.ok(isSounding(site, 'ronfleur'));
  askToArm(site, 'full', { inhibit: ['cour', 'cour-gache'] });
  assert.is(state(site), 'exiting full');
  assert.not(isSounding(site, 'ronfleur'));
  open(site, 'fenetre');
  pass(site, MINUTE);
  assert.is(state(site), 'disarmed');
  pass(site, 30 * SECOND);
  assert.ok(isSounding(site, 'ronfleur'), 'it is still open');
});

around('a late tick leaves outputs as punctual ones do', () => {
  const config = practiceConfig();
  const longer = practice({ areas: [areaConfig('cabinet', { sirenMs: 4 * MINUTE })], outputs: config.outputs });
  const [punctual, late] = [world(longer), world(longer)];
  for (const site of [punctual, late]) {
    leave(site);
    pass(site, 5 * MINUTE);
    open(site, 'fenetre');
  }
  pass(punctual, 10 * MINUTE);
  oversleep(late, 10 * MINUTE);
  assert.equal(late.state.durable.outputs, punctual.state.durable.outputs);
});

around('a zone that somebody carried on over open is live once it has closed', () => {
  const site = withArea({ blockers: { ...areaConfig('x').blockers, 'zone-open': 'override' } });
  open(site, 'fenetre');
  askToArm(site, 'full', { override: true });
  pulse(site, 'porte');
  pass(site, MINUTE);
  assert.is(state(site), 'armed full');
  assert.is(zone(site, 'fenetre').omitted, 'until-closed');
  close(site, 'fenetre');
  told(site);
  open(site, 'fenetre');
  assert.equal(told(site), ['intrusion']);
});

around('arming silences no siren', () => {
  const site = world(practice());
  open(site, 'armoire');
  close(site, 'armoire');
  assert.ok(isSounding(site, 'sirene-int'));
  askToArm(site, 'full', { override: true }, { user: 'claire', way: { kind: 'page' } });
  pulse(site, 'porte');
  pass(site, MINUTE);
  assert.is(state(site), 'armed full');
  assert.ok(isSounding(site, 'sirene-int'));
});

around.run();
