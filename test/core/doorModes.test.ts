/** What a door is made of by its owner, and the duty hatch: who is let through then, and who is not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockKind } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { doorSite } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import { feed, give, heard, keypad, lastOf, open, pass, pulse, state, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { ACCESS, command, enter, levelOf, modeOf } from './doorTableBench.ts';

const site = (kind: LockKind = 'strike-fail-secure') => {
  const { config } = doorSite(kind, { access: { ...ACCESS, freeAccess: undefined } });
  return siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] });
};

const practice = (kind?: LockKind): World => world(site(kind));
const isOn = (made: World): boolean => levelOf(made) === 'on';
const refusedAt = (made: World, reader: string) => {
  const { notice } = keypad(made, reader);
  return notice?.kind === 'refused' ? notice.reason : undefined;
};

const modes = suite('blocked and locked down');

modes('blocked: nobody comes in; by the exit reader people go out', () => {
  const made = practice();
  command(made, 'blocked');
  for (const come of [
    () => enter(made, 'doc'),
    () => enter(made, 'claire', 'badge'),
    () => pulse(made, 'interphone'),
    () => give(made, { verb: 'open', zone: 50 }, { user: 'doc' }),
  ]) {
    come();
    assert.not(isOn(made));
    assert.is(lastOf(made, 'access-refused').reason, 'door-blocked');
  }
  enter(made, 'claire', 'badge', 'dedans');
  assert.ok(isOn(made));
});

modes('a lockdown ends by its own end alone', () => {
  const made = practice();
  command(made, 'locked-down');
  command(made, 'locked-open');
  command(made, 'blocked');
  assert.is(modeOf(made), 'locked-down');
  enter(made, 'claire', 'badge', 'dedans');
  assert.not(isOn(made));
  pulse(made, 'sortie');
  assert.ok(isOn(made), 'the exit button works all the same');
  pass(made, MINUTE);
  command(made, 'locked');
  assert.is(modeOf(made), 'locked');
});

modes('what a coil cannot bear, or a pulse does not give, is refused and not said to be open', () => {
  const { config } = site();
  const outputs = config.outputs.map((each) => (each.id === 'rue-gache' ? { ...each, maxOnMs: 10 * SECOND } : each));
  for (const made of [world(siteOf({ ...config, outputs })), practice('strike-latching')]) {
    command(made, 'locked-open');
    assert.is(refusedAt(made, 'entree'), 'cannot-stand-open');
    assert.is(modeOf(made), 'locked');
  }
});

modes('only the owner changes them', () => {
  const made = practice();
  for (const user of ['claire', 'menage', 'tech', 'livreur']) command(made, 'locked-open', user);
  assert.is(modeOf(made), 'locked');
  assert.not(isOn(made));
});

modes.run();

const hatch = suite('the duty hatch');

hatch('at night its inside button opens it, and nothing else does', () => {
  const { config } = doorSite('strike-fail-secure', { kind: 'hatch', access: undefined, remote: false });
  const made = world(siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] }));
  give(made, { verb: 'arm', mode: 'night', areas: [], override: true, inhibit: [] }, { user: 'doc' });
  assert.is(state(made), 'armed night');
  told(made);
  give(made, { verb: 'open', zone: 50 }, { user: 'doc' });
  feed(made, { kind: 'remote-unlock', command: 'c1', operator: 'centre-1', door: 'rue' });
  assert.equal(
    heard(made).map(({ reason }) => reason),
    ['not-remote'],
  );
  assert.not(isOn(made));
  pulse(made, 'interphone');
  assert.ok(isOn(made));
  assert.is(lastOf(made, 'access-granted').cause, 'hatch');
  assert.is(state(made), 'armed night');
});

hatch('by day as well: not from the desk, which says how', () => {
  const { config } = doorSite('strike-fail-secure', { kind: 'hatch', access: undefined, remote: false });
  const made = world(siteOf(config));
  give(made, { verb: 'open', zone: 50 }, { user: 'doc' });
  assert.is(refusedAt(made, 'entree'), 'button-only');
  assert.not(isOn(made));
  pulse(made, 'interphone');
  assert.ok(isOn(made));
});

hatch('left open it is held: the centre hears of it', () => {
  const { config } = doorSite('strike-fail-secure', { kind: 'hatch', access: undefined, remote: false });
  const zones = config.zones.map((zone) => (zone.id === 'rue' ? { ...zone, duty: true } : zone));
  const made = world(siteOf({ ...config, zones, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] }));
  give(made, { verb: 'arm', mode: 'night', areas: [], override: true, inhibit: [] }, { user: 'doc' });
  pulse(made, 'interphone');
  open(made, 'rue-pene');
  open(made, 'rue');
  told(made);
  pass(made, 90 * SECOND);
  assert.equal(told(made), ['door-left-open'], 'and no intrusion');
});

hatch.run();
