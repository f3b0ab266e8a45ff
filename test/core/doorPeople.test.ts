/** People at a door: under threat, changed while the controller runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DoorConfig, Meaning, UserConfig } from '../../src/core/config.ts';
import { isCovertEvent } from '../../src/core/covert.ts';
import { keypadView } from '../../src/core/keypadView.ts';
import { outputsOf } from '../../src/core/output.ts';
import { siteOf } from '../../src/core/site.ts';
import { MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { doorSite } from '../support/doorSite.ts';
import { areaConfig, userConfig } from '../support/site.ts';
import { at, choose, feed, give, heard, lastOf, pass, restart, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { command, enter, levelOf, openLeaf, set, shut } from './doorTableBench.ts';

const practice = (change: Partial<DoorConfig> = {}, users: readonly UserConfig[] = []): World => {
  const { config } = doorSite('strike-fail-secure', change);
  return world(
    siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })], users: [...config.users, ...users] }),
  );
};
const isOn = (made: World): boolean => levelOf(made) === 'on';

// ---- duress

const duress = suite('a code given under duress at a door');

/** Everything that somebody on site can see or hear, and what staff read in the journal. */
const seenOnSite = (made: World): unknown => ({
  keypads: [...made.site.keypads.values()].map((place) => keypadView(made.site, made.state, place.config.id)),
  outputs: outputsOf(made.site, made.state),
  journal: made.events.filter(({ kind }) => !isCovertEvent(kind)),
});

type Case = {
  readonly name: string;
  readonly made: () => World;
  readonly act: (made: World, meaning: Meaning) => void;
  readonly opens: boolean;
};

const by = (made: World, user: string, meaning: Meaning): void => give(made, { verb: 'code' }, { user, meaning, way: at('rue') });

const CASES: readonly Case[] = [
  { name: 'opens', made: practice, act: (made, meaning) => by(made, 'claire', meaning), opens: true },
  {
    name: 'disarms and opens',
    made: practice,
    act: (made, meaning) => {
      set(made);
      by(made, 'claire', meaning);
    },
    opens: true,
  },
  { name: 'no right to the door', made: practice, act: (made, meaning) => by(made, 'voisin', meaning), opens: false },
  {
    name: 'the door is blocked',
    made: practice,
    act: (made, meaning) => {
      command(made, 'blocked');
      by(made, 'claire', meaning);
    },
    opens: false,
  },
  {
    name: 'out of hours',
    made: () => practice({}, [userConfig('nuit', { role: 'delivery', doors: ['rue'], hours: 'jamais' })]),
    act: (made, meaning) => {
      feed(made, { kind: 'calendar', windows: [], until: wall(Date.parse('2026-03-04T19:00:00Z')) });
      by(made, 'nuit', meaning);
    },
    opens: false,
  },
  {
    name: 'locked out',
    made: practice,
    act: (made, meaning) => {
      for (let time = 0; time < 10; time += 1) enter(made, undefined);
      by(made, 'claire', meaning);
    },
    opens: false,
  },
];

for (const { name, made: make, act, opens } of CASES) {
  duress(`${name}: the same on site at every moment, and the centre hears of it`, () => {
    const [calm, threatened] = [make(), make()];
    act(calm, 'normal');
    act(threatened, 'duress');
    assert.is(isOn(threatened), opens);
    const acts: readonly ((made: World) => void)[] = [
      (made) => pass(made, 2 * SECOND),
      openLeaf,
      (made) => pass(made, SECOND),
      shut,
      (made) => pass(made, 3 * MINUTE),
    ];
    for (const next of [() => undefined, ...acts]) {
      next(calm);
      next(threatened);
      assert.equal(seenOnSite(threatened), seenOnSite(calm));
    }
    assert.is(threatened.events.filter(({ kind }) => kind === 'duress').length, 1);
    assert.not(calm.events.some(({ kind }) => kind === 'duress'));
  });
}

duress('with badge and code', () => {
  const access = {
    entry: ['rue'],
    exit: [],
    credential: 'both',
    persons: 1,
    antiPassbackMs: undefined,
    freeAccess: undefined,
  } as const;
  const [calm, threatened] = [practice({ access }), practice({ access })];
  for (const [made, meaning] of [
    [calm, 'normal'],
    [threatened, 'duress'],
  ] as const) {
    by(made, 'claire', meaning);
    enter(made, 'claire', 'badge');
    by(made, 'claire', meaning);
    assert.ok(isOn(made));
  }
  assert.equal(seenOnSite(threatened), seenOnSite(calm));
  assert.is(lastOf(threatened, 'duress').user, 'claire');
});

duress.run();

// ---- people changed while running

const changed = suite('people changed while the controller runs');
const put = (made: World, user: UserConfig): void => feed(made, { kind: 'person', change: { kind: 'put', user }, by: 'doc' });
const revoke = (made: World, user: string): void => feed(made, { kind: 'person', change: { kind: 'revoke', user }, by: 'doc' });

changed('added: opens at once, and after a restart', () => {
  const made = practice();
  put(made, userConfig('nouvelle', { doors: ['rue'] }));
  assert.equal(
    heard(made).map(({ kind, user, detail }) => [kind, user, detail?.['by']]),
    [['person-added', 'nouvelle', 'doc']],
  );
  restart(made);
  enter(made, 'nouvelle');
  assert.ok(isOn(made));
});

changed('the roster goes before the site’s file', () => {
  const made = practice();
  put(made, userConfig('claire', { doors: [] }));
  assert.equal(told(made), ['person-changed']);
  enter(made, 'claire');
  assert.not(isOn(made));
  assert.is(lastOf(made, 'access-refused').reason, 'not-your-door');
});

changed('revoked is nobody: as unknown as a wrong code, over a restart, until put again', () => {
  const made = practice();
  revoke(made, 'claire');
  assert.equal(told(made), ['person-revoked']);
  restart(made);
  heard(made);
  enter(made, 'claire');
  assert.equal(
    heard(made).map(({ kind, reason, user }) => [kind, reason, user]),
    [['code-refused', 'unknown-code', undefined]],
  );
  enter(made, 'claire', 'badge');
  assert.not(isOn(made));
  assert.is(made.state.durable.people.shared.failures.length, 1, 'and counts like one');
  revoke(made, 'claire');
  assert.not(told(made).includes('person-revoked'), 'once');
  put(made, userConfig('claire', { doors: ['rue'] }));
  enter(made, 'claire');
  assert.ok(isOn(made));
});

changed('a badge shown before the revocation is no half of anything after it', () => {
  const access = {
    entry: ['rue'],
    exit: [],
    credential: 'both',
    persons: 1,
    antiPassbackMs: undefined,
    freeAccess: undefined,
  } as const;
  const made = practice({ access });
  enter(made, 'claire', 'badge');
  revoke(made, 'claire');
  put(made, userConfig('claire', { doors: ['rue'] }));
  enter(made, 'claire');
  assert.not(isOn(made));
});

changed('the first of two people who is revoked is not one of two', () => {
  const access = {
    entry: ['rue'],
    exit: [],
    credential: 'either',
    persons: 2,
    antiPassbackMs: undefined,
    freeAccess: undefined,
  } as const;
  const made = practice({ access });
  enter(made, 'claire');
  revoke(made, 'claire');
  enter(made, 'doc');
  assert.not(isOn(made));
});

changed('a choice that was waiting for the person is forgotten', () => {
  const made = practice();
  set(made);
  revoke(made, 'doc');
  choose(made, 1);
  assert.is(made.state.durable.areas[0]?.arming.state, 'armed');
});

changed('used-up code put again: it lets in once more', () => {
  const visitor = userConfig('visiteur', { role: 'delivery', doors: ['rue'], oneShot: true });
  const made = practice({}, [visitor]);
  enter(made, 'visiteur');
  pass(made, MINUTE);
  enter(made, 'visiteur');
  assert.not(isOn(made));
  put(made, visitor);
  enter(made, 'visiteur');
  assert.ok(isOn(made));
});

changed('what names an area or a door that the site has not changes nothing', () => {
  const made = practice();
  put(made, userConfig('intrus', { areas: ['ailleurs'], doors: ['rue'] }));
  put(made, userConfig('claire', { doors: ['ailleurs'] }));
  feed(made, { kind: 'person', change: { kind: 'revoke-operator', operator: 'personne' }, by: 'doc' });
  assert.equal(told(made), []);
  enter(made, 'intrus');
  assert.not(isOn(made));
  enter(made, 'claire');
  assert.ok(isOn(made));
});

changed.run();
