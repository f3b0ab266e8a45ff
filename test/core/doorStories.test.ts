/** Secondary exits (R3) through the whole controller: from contacts and codes to the sounder and the centre. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { practice, practiceConfig, zoneConfig } from '../support/site.ts';
import {
  askToArm,
  at,
  close,
  give,
  isSounding,
  leave,
  lose,
  open,
  output,
  pass,
  restart,
  state,
  told,
  world,
} from '../support/world.ts';
import type { World } from '../support/world.ts';
import { doorConfig } from './doorBench.ts';

const test = suite('secondary exits, through the whole controller');

const openYard = (site: World): void => {
  open(site, 'cour-gache');
  open(site, 'cour');
};

const shutYard = (site: World): void => {
  close(site, 'cour');
  close(site, 'cour-gache');
};

const silence = (site: World): void => give(site, { verb: 'silence' }, { user: 'claire' });
const loud = (site: World): boolean => isSounding(site, 'ronfleur');

test('the yard door left open at closing: refused with the reason, silenced by name, loud again, closed, armed', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 45_000);
  assert.ok(loud(site));
  askToArm(site);
  assert.is(state(site), 'disarmed');
  assert.equal(site.events.at(-1)?.blockers, [
    { kind: 'zone-open', zone: 'cour' },
    { kind: 'door-held', door: 'cour', zone: 'cour' },
  ]);
  told(site);
  silence(site);
  assert.not(loud(site));
  assert.is(site.events.at(-1)?.user, 'claire');
  assert.equal(told(site), ['door-silenced']);
  pass(site, 599_000);
  assert.not(loud(site));
  pass(site, 1_000);
  assert.ok(loud(site));
  assert.equal(told(site), ['door-left-open']);
  shutYard(site);
  assert.not(loud(site));
  assert.equal(told(site), ['door-left-open-restored']);
  leave(site);
  assert.is(state(site), 'armed full');
});

test('a wrong code silences nothing', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 45_000);
  give(site, { verb: 'silence' }, {});
  assert.ok(loud(site));
});

test('badly locked at closing: refused for the latch, armed with the latch left out by name', () => {
  const site = world(practice());
  openYard(site);
  close(site, 'cour');
  askToArm(site);
  assert.equal(site.events.at(-1)?.blockers, [{ kind: 'latch-open', door: 'cour', zone: 'cour-gache' }]);
  leave(site, 'full', { inhibit: ['cour-gache'] });
  assert.is(state(site), 'armed full');
  told(site);
  pass(site, 3_600_000);
  assert.not(loud(site));
  assert.equal(told(site), []);
});

test('forced while armed: an intrusion at once, and its ladder for 180 s', () => {
  const site = world(practice());
  leave(site);
  told(site);
  pass(site, 3_600_000);
  openYard(site);
  assert.equal(told(site), ['intrusion']);
  assert.ok(isSounding(site, 'sirene-int'));
  assert.not(loud(site));
  pass(site, 30_000);
  assert.ok(loud(site));
  pass(site, 179_000);
  assert.ok(loud(site));
  pass(site, 1_000);
  assert.not(loud(site));
  assert.not(isSounding(site, 'sirene-int'));
  assert.ok(told(site).includes('door-left-open'));
  pass(site, 86_400_000);
  assert.not(loud(site));
  assert.is(state(site), 'armed full');
});

test('power cut at any instant of the ladder: the rest goes on with what was left', () => {
  for (const cutMs of [1_000, 19_999, 20_000, 29_000, 30_000, 60_000, 89_000]) {
    const site = world(practice());
    openYard(site);
    pass(site, cutMs);
    const before = output(site, 'ronfleur');
    restart(site);
    assert.equal(output(site, 'ronfleur'), before, `${cutMs}`);
    told(site);
    pass(site, 89_999 - cutMs);
    assert.equal(told(site, 'test-report'), [], `${cutMs}`);
    pass(site, 1);
    assert.equal(told(site, 'test-report'), ['door-left-open'], `${cutMs}`);
  }
});

test('power cut while a door is pulled to but not latched: the latch time goes on too, and nothing is taken back', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 95_000);
  close(site, 'cour');
  pass(site, 1_000);
  told(site);
  restart(site);
  pass(site, 1_999);
  assert.equal(told(site, 'restarted'), []);
  pass(site, 1);
  assert.equal(told(site), ['door-left-open-restored', 'door-not-latched']);
});

test('closed while the power was away: the end is told at the start', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 95_000);
  told(site);
  site.levels.set('line-cour', 0);
  site.levels.set('line-cour-gache', 0);
  restart(site);
  assert.equal(told(site, 'restarted'), ['door-left-open-restored']);
  assert.not(loud(site));
});

test('opened while the power was away: it counts from the start', () => {
  const site = world(practice());
  site.levels.set('line-cour', 1);
  site.levels.set('line-cour-gache', 1);
  restart(site);
  pass(site, 29_999);
  assert.is(output(site, 'ronfleur') === 'off', false, 'it warns');
  pass(site, 60_001);
  assert.ok(told(site).includes('door-left-open'));
});

test('the wire of the contact is cut while it sounds: a fault, the alarm, three minutes of noise', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 45_000);
  told(site);
  lose(site, 'cour');
  assert.equal(told(site), ['zone-fault']);
  pass(site, 180_000);
  assert.not(loud(site));
  assert.equal(told(site), ['door-left-open']);
});

test('fire mutes the sounder', () => {
  const site = world(practice());
  openYard(site);
  pass(site, 45_000);
  open(site, 'feu');
  assert.not(loud(site));
  close(site, 'feu');
  assert.ok(loud(site));
});

test('in an exercise the ladder is marked, not silenced', () => {
  const site = world(practice());
  give(site, { verb: 'exercise' }, { user: 'doc' });
  openYard(site);
  pass(site, 90_000);
  assert.ok(loud(site));
  const event = site.events.find(({ kind }) => kind === 'door-left-open');
  assert.is(event?.exercise, true);
});

test('the drug cupboard: shunted by badge and code, warned of when left open, guarded again once closed', () => {
  const config = practiceConfig();
  const latch = zoneConfig('armoire-gache', 'latch', { number: 77 });
  const site = world(
    practice({
      zones: [...config.zones, latch],
      doors: [doorConfig('armoire', 'armoire', 'armoire-gache')],
      outputs: config.outputs.map((one) =>
        one.id === 'ronfleur' ? { ...one, role: { kind: 'sounder', doors: ['armoire'] } } : one,
      ),
    }),
  );
  give(site, { verb: 'code' }, { user: 'doc', by: 'badge', way: at('armoire') });
  give(site, { verb: 'code' }, { user: 'doc', way: at('armoire') });
  assert.equal(told(site), ['shunted']);
  open(site, 'armoire-gache');
  open(site, 'armoire');
  pass(site, 35_000);
  assert.ok(loud(site));
  close(site, 'armoire');
  close(site, 'armoire-gache');
  assert.not(loud(site));
  assert.equal(told(site), ['shunt-ended']);
  open(site, 'armoire');
  assert.equal(told(site), ['alarm-24h']);
});

test.run();
