/** The drug cupboard and the safe: badge and code, watched until the lock lets go, never from the desk or from afar. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config, DoorConfig } from '../../src/core/config.ts';
import { must } from '../../src/core/frame.ts';
import { siteOf } from '../../src/core/site.ts';
import { HOUR, SECOND } from '../../src/core/time.ts';
import { doorSite, lockConfig } from '../support/doorSite.ts';
import { areaConfig, doorConfig, keypadConfig, userConfig } from '../support/site.ts';
import { close, feed, give, keypad, open, pass, told, world, zone } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { enter, levelOf, set } from './doorTableBench.ts';

const cupboard = suite('the drug cupboard');

const BOTH = {
  entry: ['armoire'],
  exit: [],
  credential: 'both',
  persons: 1,
  antiPassbackMs: undefined,
  freeAccess: undefined,
} as const;

const withCupboard = (change: Partial<DoorConfig> = {}): World => {
  const { config } = doorSite('strike-fail-secure');
  const cupboardDoor = doorConfig('armoire', 'armoire', undefined, {
    kind: 'cupboard',
    lock: lockConfig('strike-fail-secure'),
    access: BOTH,
    ...change,
  });
  const more: Partial<Config> = {
    areas: [areaConfig('cabinet', { exitEnd: 'immediate' })],
    doors: [...config.doors, cupboardDoor],
    keypads: config.keypads.map((each) => (each.id === 'armoire' ? keypadConfig('armoire') : each)),
    users: config.users.map((user) => ({ ...user, doors: ['rue', 'armoire'] })),
    outputs: config.outputs.map((each) =>
      each.id === 'rue-gache'
        ? { ...each, id: 'armoire-gache', role: { kind: 'lock', door: 'armoire', drive: undefined } }
        : each,
    ),
  };
  return world(siteOf({ ...config, ...more }));
};

const atCupboard = (made: World, user: string, credential: 'code' | 'badge' = 'code'): void =>
  enter(made, user, credential, 'armoire');
const isCupboardOn = (made: World): boolean => levelOf(made, 'armoire') === 'on';
const isShunted = (made: World): boolean => zone(made, 'armoire').shunted !== undefined;

cupboard('badge and code: no longer watched, then unlocked; watched again once it is shut', () => {
  const made = withCupboard();
  atCupboard(made, 'claire', 'badge');
  assert.not(isCupboardOn(made));
  atCupboard(made, 'claire');
  assert.ok(isCupboardOn(made));
  assert.equal(told(made), ['shunted', 'access-granted']);
  open(made, 'armoire');
  assert.equal(told(made), ['access-used'], 'no alarm');
  pass(made, 5 * SECOND);
  close(made, 'armoire');
  assert.equal(told(made), ['shunt-ended']);
  open(made, 'armoire');
  assert.ok(told(made).includes('alarm-24h'));
});

cupboard('left open by day it is held', () => {
  const made = withCupboard();
  atCupboard(made, 'claire', 'badge');
  atCupboard(made, 'claire');
  open(made, 'armoire');
  told(made);
  pass(made, 90 * SECOND);
  assert.equal(told(made), ['door-left-open']);
});

cupboard('a code alone, a badge alone, or the wrong person: neither unlocked nor unwatched', () => {
  const made = withCupboard();
  atCupboard(made, 'claire');
  atCupboard(made, 'doc', 'badge');
  atCupboard(made, 'claire');
  assert.not(isCupboardOn(made));
  for (const user of ['menage', 'livreur']) {
    atCupboard(made, user, 'badge');
    atCupboard(made, user);
  }
  assert.not(isCupboardOn(made));
  assert.not(isShunted(made));
  open(made, 'armoire');
  assert.ok(told(made).includes('alarm-24h'));
});

cupboard('what the door refuses stays watched', () => {
  for (const refuse of [
    (made: World) => give(made, { verb: 'door-mode', zone: zoneNumber(made), mode: 'blocked' }, { user: 'doc' }),
    (made: World) =>
      feed(made, { kind: 'person', change: { kind: 'put', user: userConfig('claire', { doors: [] }) }, by: 'doc' }),
  ]) {
    const made = withCupboard();
    refuse(made);
    atCupboard(made, 'claire', 'badge');
    atCupboard(made, 'claire');
    assert.not(isCupboardOn(made));
    assert.not(isShunted(made));
  }
});

cupboard('two people: the first leaves it watched', () => {
  const made = withCupboard({ access: { ...BOTH, persons: 2 } });
  atCupboard(made, 'claire', 'badge');
  atCupboard(made, 'claire');
  assert.not(isShunted(made));
  atCupboard(made, 'doc', 'badge');
  atCupboard(made, 'doc');
  assert.ok(isShunted(made) && isCupboardOn(made));
});

const zoneNumber = (made: World): number => must(made.site.zones.get('armoire'), 'armoire').config.number;

cupboard('while the area is set: refused with the reason, watched and locked, and nothing is disarmed by a badge', () => {
  const made = withCupboard();
  set(made);
  told(made);
  atCupboard(made, 'claire', 'badge');
  assert.not(isCupboardOn(made));
  assert.not(isShunted(made));
  assert.is(made.state.durable.areas[0]?.arming.state, 'armed');
  give(made, { verb: 'open', zone: zoneNumber(made) }, { user: 'doc' });
  assert.not(isCupboardOn(made));
  atCupboard(made, 'claire');
  assert.is(made.state.durable.areas[0]?.arming.state, 'disarmed');
  assert.not(isCupboardOn(made), 'one code does not disarm and open what is guarded');
  atCupboard(made, 'claire');
  assert.ok(isCupboardOn(made));
});

cupboard('never from the desk, never from afar', () => {
  const made = withCupboard({ remote: true });
  give(made, { verb: 'open', zone: zoneNumber(made) }, { user: 'doc' });
  const { notice } = keypad(made);
  assert.is(notice?.kind === 'refused' ? notice.reason : undefined, 'badge-and-code');
  feed(made, { kind: 'remote-unlock', command: 'c1', operator: 'centre-1', door: 'armoire' });
  pass(made, HOUR);
  assert.not(isCupboardOn(made));
  assert.not(isShunted(made));
});

cupboard('a safe without a reader of its own opens neither from the desk nor for good', () => {
  for (const kind of ['safe', 'cupboard'] as const) {
    const made = withCupboard({ kind, access: undefined });
    give(made, { verb: 'open', zone: zoneNumber(made) }, { user: 'doc' });
    const { notice } = keypad(made);
    assert.is(notice?.kind === 'refused' ? notice.reason : undefined, 'badge-and-code');
    give(made, { verb: 'door-mode', zone: zoneNumber(made), mode: 'locked-open' }, { user: 'doc' });
    assert.not(isCupboardOn(made));
    assert.not(made.events.some(({ kind: told }) => told === 'door-mode-changed'));
  }
});

cupboard.run();
