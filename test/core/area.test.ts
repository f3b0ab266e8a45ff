import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { practice } from '../support/site.ts';
import { askToArm, close, code, isSounding, leave, open, pass, state, told, world } from '../support/world.ts';

const test = suite('areas');

test('staff close in the evening, and an intruder comes by the window and then through a room', () => {
  const site = world(practice());
  leave(site);
  assert.is(state(site), 'armed full');
  assert.equal(told(site), ['arm-requested', 'armed']);

  pass(site, 3_600_000);
  assert.equal(told(site), []);
  open(site, 'fenetre');
  assert.equal(told(site), ['intrusion']);
  assert.ok(isSounding(site, 'sirene-int'));
  assert.ok(isSounding(site, 'sirene-ext'));
  pass(site, 10_000);
  open(site, 'salle');
  assert.equal(told(site), ['intrusion', 'intrusion-confirmed']);
  pass(site, 170_000);
  assert.not.ok(isSounding(site, 'sirene-ext'));
  assert.is(state(site), 'armed full');
});

test('a code during the entry disarms, and the centre is told nothing but the opening', () => {
  const site = world(practice());
  leave(site);
  told(site);
  open(site, 'porte');
  pass(site, 10_000);
  open(site, 'hall');
  code(site);
  assert.is(state(site), 'disarmed');
  assert.equal(told(site), ['entry-started', 'disarmed']);
});

test('an open window refuses arming and says which; left out by name it arms', () => {
  const site = world(practice());
  open(site, 'fenetre');
  askToArm(site);
  assert.is(state(site), 'disarmed');
  const refused = site.events.at(-1);
  assert.is(refused?.kind, 'arm-refused');
  assert.equal(refused?.blockers, [{ kind: 'zone-open', zone: 'fenetre' }]);
  leave(site, 'full', { inhibit: ['fenetre'] });
  assert.is(state(site), 'armed full');
  close(site, 'fenetre');
  told(site);
  open(site, 'fenetre');
  assert.equal(told(site), []);
});

test.run();
