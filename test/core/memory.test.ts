import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { practice } from '../support/site.ts';
import { area, close, code, leave, open, pass, pulse, world } from '../support/world.ts';

const test = suite('alarm memory');

test('a flapping lid is remembered once, and the journal has every time', () => {
  const site = world(practice());
  for (let time = 0; time < 50; time += 1) {
    pulse(site, 'capot');
    pass(site, 1_000);
  }
  assert.is(area(site).memory.length, 1);
  assert.is(site.events.filter(({ kind }) => kind === 'tamper').length, 50);
});

test('the memory tells which zones, in what order, and stays after disarming', () => {
  const site = world(practice());
  leave(site);
  open(site, 'fenetre');
  pass(site, 5_000);
  open(site, 'salle');
  close(site, 'salle');
  open(site, 'salle');
  code(site);
  assert.equal(
    area(site).memory.map(({ zone }) => zone),
    ['fenetre', 'salle'],
  );
});

test.run();
