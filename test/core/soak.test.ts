/** A new detector on trial: it notes what it sees and alarms nobody, for its days of running time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts';
import { practice, zoneConfig } from '../support/site.ts';
import { leave, pass, pulse, restart, setClock, told, world, zone } from '../support/world.ts';
import type { World } from '../support/world.ts';

const test = suite('a detector on trial');

const onTrial = (soakDays: number): World => {
  const { config } = practice();
  return world(practice({ zones: [...config.zones, zoneConfig('essai', 'instant', { soakDays })] }));
};

/** What the detector's activation makes of it at night. */
const seen = (site: World): string => {
  told(site);
  pulse(site, 'essai');
  const kinds = told(site);
  assert.is(kinds.includes('soak-activation') && kinds.includes('intrusion'), false);
  return kinds.includes('intrusion') ? 'alarm' : kinds.includes('soak-activation') ? 'noted' : 'nothing';
};

const armed = (soakDays: number): World => {
  const site = onTrial(soakDays);
  leave(site);
  return site;
};

test('notes until its last moment, alarms from then on', () => {
  const site = armed(1);
  pass(site, DAY - HOUR);
  assert.is(seen(site), 'noted');
  pass(site, HOUR);
  assert.is(seen(site), 'alarm');
});

test('without days there is no trial', () => {
  assert.is(seen(armed(0)), 'alarm');
});

const CLOCKS: readonly (readonly [string, number])[] = [
  ['a day on', DAY],
  ['ten years on', 3650 * DAY],
  ['a day back', -DAY],
];

for (const [name, stepMs] of CLOCKS) {
  test(`a clock that steps ${name} neither ends nor prolongs it`, () => {
    const site = armed(1);
    setClock(site, stepMs);
    assert.is(seen(site), 'noted');
    pass(site, DAY);
    assert.is(seen(site), 'alarm');
  });
}

test('a restart does not begin it anew, and the time without power does not count', () => {
  const site = armed(1);
  pass(site, 20 * HOUR);
  restart(site, 'machine', DAY);
  pass(site, 2 * MINUTE);
  assert.is(seen(site), 'noted');
  pass(site, 4 * HOUR);
  assert.is(seen(site), 'alarm');
  restart(site);
  pass(site, MINUTE);
  assert.is(seen(site), 'alarm');
});

test('fewer days in the file hold at once; none end it', () => {
  const site = armed(7);
  const shorter = { ...site, site: onTrial(1).site };
  restart(shorter);
  assert.is(zone(shorter, 'essai').soakUntil, shorter.now + DAY);
  const none = { ...site, site: onTrial(0).site };
  restart(none);
  assert.is(zone(none, 'essai').soakUntil, undefined);
  assert.is(seen(none), 'alarm');
});

test.run();
