/** Opening from afar: each reason why not, with a lock that does not move; and one that opens, once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config, DoorConfig } from '../../src/core/config.ts';
import { siteOf } from '../../src/core/site.ts';
import { HOUR, MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { airlockSite, doorSite } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import { feed, heard, keypad, lose, open, output, pass, restart, setClock, state, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { bench, command, enter, levelOf, openLeaf, set, shut } from './doorTableBench.ts';

const START = Date.parse('2026-03-02T19:00:00Z');

type Unlock = { readonly command?: string; readonly operator?: string; readonly door?: string };
const unlock = (made: World, { command: id = 'c1', operator = 'centre-1', door = 'rue' }: Unlock = {}): void =>
  feed(made, { kind: 'remote-unlock', command: id, operator, door });

const site = (change: Partial<DoorConfig> = {}, more: Partial<Config> = {}) => {
  const { config } = doorSite('strike-fail-secure', change);
  return siteOf({ ...config, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })], ...more });
};

const withHours: Partial<Config> = {
  operators: [{ id: 'centre-1', name: 'Centre', doors: ['rue'], hours: 'nuit', perHour: 3 }],
};

type Refused = { readonly why: string; readonly made: () => World; readonly act?: Unlock };

const prepared = (made: World, prepare: (made: World) => void): World => {
  prepare(made);
  return made;
};

const REFUSALS: readonly Refused[] = [
  { why: 'unknown-operator', made: () => world(site()), act: { operator: 'personne' } },
  {
    why: 'unknown-operator',
    made: () =>
      prepared(world(site()), (made) =>
        feed(made, { kind: 'person', change: { kind: 'revoke-operator', operator: 'centre-1' }, by: 'doc' }),
      ),
  },
  {
    why: 'not-your-door',
    made: () => world(site({}, { operators: [{ id: 'centre-1', name: 'Centre', doors: [], hours: undefined, perHour: 3 }] })),
  },
  { why: 'no-such-door', made: () => world(site()), act: { door: 'ailleurs' } },
  { why: 'not-remote', made: () => world(site({ remote: false })) },
  { why: 'not-remote', made: () => world(site({ kind: 'safe' })) },
  { why: 'not-remote', made: () => world(site({ kind: 'cupboard' })) },
  { why: 'no-lock', made: () => world(site({ lock: undefined })) },
  {
    why: 'out-of-hours',
    made: () =>
      prepared(world(site({}, withHours)), (made) =>
        feed(made, { kind: 'calendar', windows: [], until: wall(START + 48 * HOUR) }),
      ),
  },
  { why: 'out-of-hours', made: () => world(site({}, withHours)) },
  { why: 'clock-not-set', made: () => prepared(world(site({}, withHours)), (made) => setClock(made, 0, false)) },
  { why: 'door-blocked', made: () => prepared(world(site()), (made) => command(made, 'blocked')) },
  { why: 'door-locked-down', made: () => prepared(world(site()), (made) => command(made, 'locked-down')) },
  { why: 'area-armed', made: () => prepared(world(site()), set) },
  { why: 'interlock-busy', made: () => prepared(world(airlockSite()), (made) => open(made, 'sas')) },
  {
    why: 'storage-failed',
    made: () =>
      prepared(world(site()), (made) => feed(made, { kind: 'condition', condition: 'storage-failed', subject: '', on: true })),
  },
  {
    why: 'too-many-unlocks',
    made: () =>
      prepared(world(site()), (made) => {
        for (let time = 0; time < 3; time += 1) {
          unlock(made);
          pass(made, MINUTE);
        }
      }),
  },
];

const refused = suite('from afar, refused');

for (const [index, { why, made: make, act }] of REFUSALS.entries()) {
  refused(`${why} (${index})`, () => {
    const made = make();
    heard(made);
    const arming = state(made);
    unlock(made, act);
    assert.equal(
      heard(made).map(({ kind, reason, command: id, cause }) => [kind, reason, id, cause]),
      [['access-refused', why, 'c1', 'remote']],
    );
    const locks = made.site.config.outputs.filter(({ role }) => role.kind === 'lock');
    for (const { id } of locks) assert.is(output(made, id), 'off', id);
    pass(made, MINUTE);
    for (const { id } of locks) assert.is(output(made, id), 'off', id);
    assert.is(state(made), arming, 'and nothing was disarmed');
  });
}

refused.run();

const opened = suite('from afar, opened');
const results = (made: World) =>
  heard(made).flatMap(({ kind, command: id, detail }) => (kind === 'access-ended' ? [`${id} ${detail?.['result']}`] : []));

opened('a pulse, with the physical result: closed and latched again', () => {
  const made = world(site());
  unlock(made);
  assert.is(levelOf(made), 'on');
  openLeaf(made);
  pass(made, SECOND);
  assert.is(levelOf(made), 'off');
  assert.equal(results(made), []);
  shut(made);
  assert.equal(results(made), ['c1 closed']);
});

opened('nobody opened: told after the time', () => {
  const made = world(site());
  unlock(made);
  pass(made, 5 * SECOND);
  assert.equal(results(made), ['c1 not-opened']);
});

opened('the door is not shut again: told when it is held', () => {
  const made = world(site());
  unlock(made);
  openLeaf(made);
  pass(made, 30 * SECOND - 1);
  assert.equal(results(made), []);
  pass(made, 1);
  assert.equal(results(made), ['c1 held']);
  shut(made);
  assert.equal(results(made), [], 'once');
});

opened('the desk sees what became of it', () => {
  const made = world(site());
  unlock(made);
  const seen = () => {
    const { notice } = keypad(made);
    return notice?.kind === 'door' ? notice.outcome : undefined;
  };
  assert.is(seen(), 'released');
  openLeaf(made);
  assert.is(seen(), 'opened');
  pass(made, SECOND);
  shut(made);
  assert.is(seen(), 'closed');
});

opened('the hour is counted by operator, over a restart, and only what opened', () => {
  const made = world(site());
  command(made, 'blocked');
  for (let time = 0; time < 5; time += 1) unlock(made);
  command(made, 'locked');
  for (let time = 0; time < 3; time += 1) {
    unlock(made);
    pass(made, 6 * SECOND);
  }
  restart(made);
  heard(made);
  unlock(made);
  assert.is(heard(made)[0]?.reason, 'too-many-unlocks');
  pass(made, HOUR);
  unlock(made);
  assert.is(levelOf(made), 'on');
});

opened('within hours it opens; the fault of another line changes nothing', () => {
  const made = world(site({}, withHours));
  const windows = [{ schedule: 'nuit', from: wall(START - HOUR), to: wall(START + HOUR) }];
  feed(made, { kind: 'calendar', windows, until: wall(START + 48 * HOUR) });
  lose(made, 'fenetre');
  unlock(made);
  assert.is(levelOf(made), 'on');
});

opened('storage fails while it is released: taken back, and told', () => {
  const made = world(site());
  unlock(made);
  feed(made, { kind: 'condition', condition: 'storage-failed', subject: '', on: true });
  assert.is(levelOf(made), 'off');
  assert.equal(results(made), ['c1 storage-failed']);
  enter(made, 'claire');
  assert.is(levelOf(made), 'on', 'who stands there still gets in');
});

opened('a release from afar never resumes', () => {
  const made = world(site());
  unlock(made);
  restart(made, 'process', 200);
  assert.is(levelOf(made), 'off');
});

opened('the motor did not turn: unlock-failed', () => {
  const made = bench('motor');
  unlock(made);
  pass(made, 5 * SECOND);
  assert.equal(results(made), ['c1 unlock-failed']);
});

opened.run();

const counted = suite('wrong codes');

counted('reader, page and remote count together, and lock out; badges and inside keypads do not', () => {
  const made = world(site());
  const wrong = (way: 'reader' | 'page' | 'remote'): void => {
    const attempt = ++made.attempts;
    const from =
      way === 'reader'
        ? ({ kind: 'keypad', keypad: 'rue' } as const)
        : way === 'page'
          ? ({ kind: 'page' } as const)
          : ({ kind: 'remote', operator: 'centre-1' } as const);
    const keyedAt = made.state.at;
    feed(made, { kind: 'attempt', attempt, way: from, keyedAt });
    feed(made, { kind: 'verdict', attempt, way: from, keyedAt, by: 'code', credential: undefined, request: { verb: 'code' } });
  };
  for (const way of ['reader', 'page', 'remote', 'reader', 'page', 'remote', 'reader', 'page', 'remote'] as const) wrong(way);
  enter(made, 'claire');
  assert.is(levelOf(made), 'on', 'nine are not ten, and a success clears nothing');
  pass(made, MINUTE);
  heard(made);
  wrong('reader');
  assert.ok(heard(made).some(({ kind }) => kind === 'lockout'));
  enter(made, 'claire');
  assert.is(levelOf(made), 'off');
  assert.is(heard(made)[0]?.reason, 'locked-out');
  enter(made, 'claire', 'badge');
  assert.is(levelOf(made), 'on', 'a badge');
  pass(made, MINUTE);
  enter(made, 'claire', 'code', 'dedans');
  assert.is(levelOf(made), 'on', 'and the reader inside');
  pass(made, 30 * SECOND);
  enter(made, 'claire');
  assert.is(levelOf(made), 'on', 'after 90 s');
});

counted.run();
