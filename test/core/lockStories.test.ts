/** A day at a door that locks: forced, held, ajar, the button and the handle, as staff hear and the centre reads them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DoorConfig, LockKind } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import { MINUTE, SECOND, monotonic } from '../../src/core/time.ts';
import { doorSite, lockConfig } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import {
  area,
  close,
  give,
  heard,
  lose,
  open,
  output,
  pass,
  pulse,
  restart,
  state,
  told,
  world,
  zone,
} from '../support/world.ts';
import type { World } from '../support/world.ts';
import { acknowledge, command, enter, levelOf, lockOf, modeOf, openLeaf, set, shut, unset } from './doorTableBench.ts';

const practice = (change: Partial<DoorConfig> = {}, kind: LockKind = 'strike-fail-secure'): World => {
  const { config } = doorSite(kind, change);
  return world(siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] }));
};
const sound = (made: World): string => {
  const value = output(made, 'klaxon');
  return typeof value === 'object' ? value.pattern : value;
};
const isLit = (made: World): boolean => levelOf(made) === 'on';

const forced = suite('forced');

forced('heard at the door for 180 s, told at once, over when the leaf is closed', () => {
  const made = practice();
  openLeaf(made);
  const event = heard(made).find(({ kind }) => kind === 'door-forced');
  assert.equal([event?.door, event?.cause, event?.zone], ['rue', 'zone', 'rue']);
  assert.equal(output(made, 'klaxon'), { pattern: 'door-alarm', since: monotonic(made.now) });
  pass(made, 180 * SECOND - 1);
  assert.is(sound(made), 'door-alarm');
  shut(made);
  assert.ok(told(made).includes('door-forced-restored'));
  assert.is(sound(made), 'off');
  assert.equal(area(made).alarms, []);
});

forced('silenced by a person inside, journalled; the alarm stands until the leaf is closed', () => {
  const made = practice();
  openLeaf(made);
  told(made);
  give(made, { verb: 'silence' }, { user: 'claire' });
  assert.equal(
    heard(made).map(({ kind, user }) => [kind, user]),
    [['door-silenced', 'claire']],
  );
  assert.is(sound(made), 'off');
  assert.is(area(made).alarms.length, 1);
});

forced('while the area is set it is an intrusion as well', () => {
  const made = practice();
  set(made);
  told(made);
  open(made, 'rue');
  assert.ok(['intrusion', 'door-forced'].every((kind) => made.events.some((event) => event.kind === kind)));
});

/** What is wired at the door, and whether a break-in can be told from somebody who leaves. */
const WIRED: readonly (readonly [string, Partial<DoorConfig>, boolean])[] = [
  ['a handle that nothing watches', { egress: 'handle', permits: [], exitRequest: undefined }, false],
  ['a handle with a contact', { egress: 'handle', permits: ['bequille'], exitRequest: undefined }, true],
  ['a button and a handle', { egress: 'handle', permits: [], exitRequest: { zone: 'sortie', action: 'permit' } }, true],
  ['a hardware release without a button', { egress: 'hardware-release', permits: [], exitRequest: undefined }, false],
  [
    'a hardware release and a button',
    { egress: 'hardware-release', permits: [], exitRequest: { zone: 'sortie', action: 'release' } },
    true,
  ],
];

for (const [wired, change, tells] of WIRED) {
  forced(`${wired}: ${tells ? 'forced' : 'nobody is accused'}`, () => {
    const made = practice(change);
    open(made, 'rue');
    assert.is(told(made).includes('door-forced'), tells);
  });
}

forced('a contact that the owner has isolated forces nothing', () => {
  const made = practice();
  give(made, { verb: 'isolate', zone: 50, on: true }, { user: 'doc' });
  told(made);
  open(made, 'rue');
  assert.equal(told(made), []);
});

forced('a contact that dies says nothing; found open when it is back, nothing allowed it', () => {
  const made = practice();
  lose(made, 'rue');
  assert.equal(told(made), ['zone-fault']);
  open(made, 'rue');
  assert.ok(told(made).includes('door-forced'));
});

forced.run();

const held = suite('held and ajar');

held('opened by code and left: warned at 20 s, sounds at 30 s, the centre at 90 s, over when shut', () => {
  const made = practice();
  enter(made, 'claire');
  openLeaf(made);
  told(made);
  pass(made, 20 * SECOND - 1);
  assert.is(sound(made), 'off');
  pass(made, 1);
  assert.is(sound(made), 'door-warning');
  pass(made, 10 * SECOND);
  assert.is(sound(made), 'door-alarm');
  assert.equal(told(made), []);
  pass(made, MINUTE);
  assert.equal(told(made), ['door-left-open']);
  close(made, 'rue');
  assert.equal(told(made), [], 'closed, not latched');
  close(made, 'rue-pene');
  assert.equal(told(made), ['door-left-open-restored']);
  assert.is(sound(made), 'off');
});

held('for a person who needs longer: released longer, and held later', () => {
  const made = practice();
  enter(made, 'ainee');
  pass(made, 15 * SECOND - 1);
  assert.ok(isLit(made));
  openLeaf(made);
  pass(made, 30 * SECOND - 1);
  assert.is(sound(made), 'off');
  pass(made, 1);
  assert.is(sound(made), 'door-warning');
  pass(made, 10 * SECOND);
  assert.is(sound(made), 'door-alarm', '10 s later than for others');
});

held('the next person has the ordinary time again', () => {
  const made = practice();
  enter(made, 'ainee');
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  enter(made, 'claire');
  openLeaf(made);
  pass(made, 30 * SECOND);
  assert.is(sound(made), 'door-alarm');
});

held('closed behind somebody but not latched: ajar', () => {
  const made = practice();
  enter(made, 'claire');
  openLeaf(made);
  pass(made, 2 * SECOND);
  close(made, 'rue');
  pass(made, 3 * SECOND);
  assert.is(sound(made), 'door-warning');
  pass(made, 10 * SECOND + MINUTE);
  assert.ok(told(made).includes('door-not-latched'));
  close(made, 'rue-pene');
  assert.ok(told(made).includes('door-not-latched-restored'));
});

held('a door left open by hand or freed in an emergency is not held; from its end on it is', () => {
  for (const [begin, end] of [
    [(made: World) => command(made, 'locked-open'), (made: World) => command(made, 'locked')],
    [
      (made: World) => open(made, 'boitier'),
      (made: World) => {
        close(made, 'boitier');
        acknowledge(made);
      },
    ],
  ] as const) {
    const made = practice({}, 'maglock');
    begin(made);
    openLeaf(made);
    told(made);
    pass(made, 10 * MINUTE);
    assert.equal(told(made), []);
    assert.is(sound(made), 'off');
    end(made);
    pass(made, 30 * SECOND);
    assert.is(sound(made), 'door-alarm');
  }
});

held('a restart in the middle goes on with the time that was left', () => {
  const made = practice();
  enter(made, 'claire');
  openLeaf(made);
  pass(made, 25 * SECOND);
  restart(made);
  pass(made, 5 * SECOND - 1);
  assert.is(sound(made), 'door-warning');
  pass(made, 1);
  assert.is(sound(made), 'door-alarm');
});

held.run();

const exit = suite('the exit button');

exit('releases, journalled; the opening is nobody’s break-in; locked again behind them', () => {
  const made = practice();
  pulse(made, 'sortie');
  assert.ok(isLit(made));
  openLeaf(made);
  pass(made, 500);
  assert.not(isLit(made));
  pass(made, 3 * SECOND);
  shut(made);
  pass(made, MINUTE);
  assert.equal(told(made), ['exit-requested']);
});

exit('permits: the lock does not move, and an opening within its time is no break-in', () => {
  const made = practice({ exitRequest: { zone: 'sortie', action: 'permit' } });
  pulse(made, 'sortie');
  assert.not(isLit(made));
  pass(made, 4 * SECOND);
  open(made, 'rue');
  close(made, 'rue');
  assert.equal(told(made), ['exit-requested']);
  pass(made, SECOND);
  open(made, 'rue');
  assert.ok(told(made).includes('door-forced'), 'a later one is');
});

exit('the handle is held down while they talk on the threshold', () => {
  const made = practice();
  open(made, 'bequille');
  pass(made, 20 * SECOND);
  open(made, 'rue');
  assert.equal(told(made), []);
});

exit('stuck for 3 s is a fault, which ends when it comes back; a press of 2.9 s is none', () => {
  const made = practice();
  open(made, 'sortie');
  pass(made, 2_900);
  close(made, 'sortie');
  pass(made, MINUTE);
  assert.equal(told(made), ['exit-requested']);
  open(made, 'sortie');
  pass(made, 3 * SECOND);
  assert.equal(told(made), ['exit-requested', 'exit-request-stuck']);
  pass(made, MINUTE);
  assert.not(isLit(made), 'a stuck button does not leave the door open');
  assert.equal(told(made), []);
  close(made, 'sortie');
  assert.equal(told(made), ['exit-request-restored']);
  pulse(made, 'sortie');
  assert.ok(isLit(made));
});

exit('works while the area is set, in entry, under walk test, isolated', () => {
  for (const prepare of [
    set,
    (made: World) => {
      set(made);
      open(made, 'porte');
      assert.is(state(made), 'entering full');
    },
    (made: World) => give(made, { verb: 'walk-test' }, { user: 'doc' }),
    (made: World) => give(made, { verb: 'isolate', zone: 52, on: true }, { user: 'doc' }),
  ]) {
    const made = practice({}, 'maglock');
    prepare(made);
    pulse(made, 'sortie');
    assert.not(isLit(made));
  }
});

exit('opening by it while the area is set is an intrusion, and no forced door', () => {
  const made = practice();
  set(made);
  pulse(made, 'sortie');
  told(made);
  open(made, 'rue');
  const kinds = told(made);
  assert.ok(kinds.includes('intrusion'));
  assert.not(kinds.includes('door-forced'));
});

exit('pressed while its line comes back, it is only the reference', () => {
  const made = practice();
  lose(made, 'sortie');
  open(made, 'sortie');
  assert.not(isLit(made));
  close(made, 'sortie');
  pulse(made, 'sortie');
  assert.ok(isLit(made));
});

exit.run();

const emergency = suite('green box and fire');

emergency('the relock waits for the box and for somebody; both doors of an area are acknowledged together', () => {
  const made = practice({}, 'maglock');
  open(made, 'boitier');
  assert.not(isLit(made));
  acknowledge(made);
  assert.not(isLit(made), 'still pulled');
  close(made, 'boitier');
  pass(made, 24 * 60 * MINUTE);
  assert.not(isLit(made), 'no timer locks it');
  acknowledge(made, 'claire');
  assert.ok(isLit(made));
  assert.equal(
    heard(made)
      .filter(({ kind }) => kind.startsWith('egress-'))
      .map(({ kind, cause, user }) => [kind, cause ?? user]),
    [
      ['egress-released', 'green-box'],
      ['egress-restored', 'green-box'],
      ['egress-acknowledged', 'claire'],
    ],
  );
});

emergency('pulled again before it was acknowledged: it waits again', () => {
  const made = practice({}, 'maglock');
  pulse(made, 'boitier');
  open(made, 'boitier');
  acknowledge(made);
  assert.not(isLit(made));
  close(made, 'boitier');
  acknowledge(made);
  assert.ok(isLit(made));
});

emergency('fire while the box is pulled: both must be over', () => {
  const made = practice({}, 'maglock');
  open(made, 'boitier');
  open(made, 'feu');
  close(made, 'boitier');
  acknowledge(made);
  assert.not(isLit(made));
  close(made, 'feu');
  acknowledge(made);
  assert.ok(isLit(made));
});

emergency('no act of software locks it meanwhile', () => {
  const made = practice({}, 'maglock');
  open(made, 'feu');
  for (const act of [
    (world: World) => command(world, 'blocked'),
    (world: World) => command(world, 'locked-down'),
    set,
    unset,
    (world: World) => restart(world),
    (world: World) => restart(world, 'machine', 10 * MINUTE),
    (world: World) => command(world, 'locked'),
    (world: World) => enter(world, 'claire'),
    (world: World) => pass(world, MINUTE),
  ]) {
    act(made);
    assert.not(isLit(made));
    assert.is(lockOf(made), 'unlocked');
  }
});

emergency('the fire mutes the sounder of a forced door, and is told all the same', () => {
  const made = practice();
  open(made, 'feu');
  told(made);
  open(made, 'rue');
  assert.is(sound(made), 'off');
  assert.ok(told(made).includes('door-forced'));
});

emergency('a lock that a cut supply keeps shut is not said to be free', () => {
  for (const kind of ['strike-fail-secure', 'strike-latching', 'motor'] as const) {
    const made = practice({}, kind);
    open(made, 'feu');
    assert.is(`${modeOf(made)} ${lockOf(made)}`, 'locked locked');
    assert.not(told(made).includes('egress-released'));
    pulse(made, 'sortie');
    assert.is(modeOf(made), 'accessed', `${kind}: the button lets out`);
  }
});

emergency('a release that ran when the fire began ends on its own, and the door stays free', () => {
  const made = practice({ lock: lockConfig('maglock') }, 'maglock');
  enter(made, 'claire');
  open(made, 'feu');
  pass(made, MINUTE);
  assert.not(isLit(made));
  close(made, 'feu');
  acknowledge(made);
  assert.ok(isLit(made));
  assert.is(zone(made, 'feu').signal, 'normal');
});

emergency.run();
