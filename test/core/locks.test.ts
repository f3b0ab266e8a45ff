/** Doors that lock, as people use them: each story says what the lock does, what is told, and what is not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LockKind } from '../../src/core/config.ts';
import { lockStatusOf, doorModeOf } from '../../src/core/door/status.ts';
import { must } from '../../src/core/frame.ts';
import { MINUTE, SECOND, monotonic } from '../../src/core/time.ts';
import { doorSite, lockConfig } from '../support/doorSite.ts';
import { at, close, feed, give, heard, keypad, open, output, pass, pulse, told as kinds, world } from '../support/world.ts';
import type { World } from '../support/world.ts';

const GIVE_CODE = { verb: 'code' } as const;
const enter = (made: World, user: string, by: 'code' | 'badge' = 'code', keypad = 'rue'): void =>
  give(made, GIVE_CODE, { user, way: at(keypad), by });

const place = (made: World, id = 'rue') => must(made.site.doors.get(id), id);
const mode = (made: World, id?: string) => doorModeOf(made.site, made.state, place(made, id));
const lock = (made: World, id?: string) => lockStatusOf(made.site, made.state, place(made, id));

const strike = suite('a fail-secure strike');

const energised = (made: World, id = 'rue-gache'): boolean => output(made, id) === 'on';

strike('a code opens the door, the leaf opens, the strike lets go after half a second, the door closes', () => {
  const made = world(doorSite('strike-fail-secure'));
  assert.not(energised(made));
  enter(made, 'claire');
  assert.equal(kinds(made), ['access-granted']);
  assert.ok(energised(made));
  assert.is(mode(made), 'accessed');
  pass(made, 2 * SECOND);
  open(made, 'rue-pene');
  open(made, 'rue');
  assert.equal(kinds(made), ['access-used']);
  pass(made, 499);
  assert.ok(energised(made));
  pass(made, 1);
  assert.not(energised(made));
  assert.is(mode(made), 'locked');
  pass(made, 3 * SECOND);
  close(made, 'rue');
  close(made, 'rue-pene');
  pass(made, MINUTE);
  assert.equal(kinds(made), []);
});

strike('nobody opens: locked again after five seconds, and told', () => {
  const made = world(doorSite('strike-fail-secure'));
  enter(made, 'claire');
  pass(made, 5 * SECOND - 1);
  assert.ok(energised(made));
  pass(made, 1);
  assert.not(energised(made));
  assert.equal(kinds(made), ['access-granted', 'access-not-used']);
});

strike('forced: the leaf opens and nothing allowed it', () => {
  const made = world(doorSite('strike-fail-secure'));
  open(made, 'rue');
  assert.equal(kinds(made), ['door-forced']);
  assert.equal(output(made, 'klaxon'), { pattern: 'door-alarm', since: monotonic(made.now) });
  close(made, 'rue');
  assert.equal(kinds(made), ['door-forced-restored']);
  assert.is(output(made, 'klaxon'), 'off');
});

strike('the interphone opens, and not while the area is set', () => {
  const made = world(doorSite('strike-fail-secure'));
  pulse(made, 'interphone');
  assert.equal(kinds(made), ['access-granted']);
  pass(made, 10 * SECOND);
  give(made, { verb: 'arm', mode: 'full', areas: [], override: true, inhibit: [] }, { user: 'claire' });
  pass(made, 2 * MINUTE);
  kinds(made);
  pulse(made, 'interphone');
  assert.equal(
    heard(made).map(({ kind, reason }) => [kind, reason]),
    [['access-refused', 'area-armed']],
  );
  assert.not(energised(made));
  pulse(made, 'sortie');
  assert.ok(energised(made), 'egress works in every state of the area');
});

strike('somebody rings: told, and shown inside with the door, not at the readers of the door', () => {
  const made = world(doorSite('strike-fail-secure'));
  pulse(made, 'sonnette');
  assert.equal(kinds(made), ['bell']);
  assert.equal(keypad(made).notice, { kind: 'door', door: 'rue', outcome: 'bell' });
  for (const reader of ['rue', 'dedans', 'dehors']) assert.is(keypad(made, reader).notice, undefined, reader);
  assert.not(energised(made));
});

strike.run();

const KINDS: readonly LockKind[] = ['strike-fail-secure', 'strike-fail-safe', 'strike-latching', 'maglock', 'motor'];
const egress = suite('egress');

for (const kind of KINDS) {
  egress(`${kind}: the button lets out in every mode of the door`, () => {
    for (const asked of ['locked', 'blocked', 'locked-down', 'locked-open'] as const) {
      if (kind === 'strike-latching' && asked === 'locked-open') continue;
      const made = world(doorSite(kind));
      if (asked !== 'locked') give(made, { verb: 'door-mode', zone: 50, mode: asked }, { user: 'doc' });
      assert.is(mode(made), asked);
      pulse(made, 'sortie');
      assert.ok(
        made.events.some((event) => event.kind === 'exit-requested'),
        `${kind} ${asked}`,
      );
      if (kind === 'motor') {
        assert.is(output(made, 'rue-ouvre'), asked === 'locked-open' ? 'on' : 'on');
        open(made, 'pene');
      }
      assert.is(lock(made), 'unlocked', `${kind} ${asked}`);
    }
  });
}

egress.run();

const remote = suite('from afar');

remote('an operator opens; the result is physical', () => {
  const made = world(doorSite('strike-fail-secure'));
  feed(made, { kind: 'remote-unlock', command: 'c1', operator: 'centre-1', door: 'rue' });
  assert.equal(
    heard(made).map(({ kind, command, operator }) => [kind, command, operator]),
    [['access-granted', 'c1', 'centre-1']],
  );
  open(made, 'rue-pene');
  open(made, 'rue');
  pass(made, SECOND);
  close(made, 'rue');
  assert.equal(kinds(made), ['access-used']);
  close(made, 'rue-pene');
  assert.equal(
    heard(made).map(({ kind, detail }) => [kind, detail?.['result']]),
    [['access-ended', 'closed']],
  );
});

remote('a door that locks again behind the leaf: left open, that is the answer, and its closing is no second one', () => {
  const made = world(doorSite('maglock', { lock: lockConfig('maglock', { relockOn: 'close' }) }));
  feed(made, { kind: 'remote-unlock', command: 'c1', operator: 'centre-1', door: 'rue' });
  open(made, 'rue-pene');
  open(made, 'rue');
  pass(made, 40 * SECOND);
  const ended = () => heard(made).flatMap(({ kind, detail }) => (kind === 'access-ended' ? [detail?.['result']] : []));
  assert.equal(ended(), ['held']);
  close(made, 'rue');
  close(made, 'rue-pene');
  pass(made, MINUTE);
  assert.equal(ended(), []);
  assert.is(output(made, 'rue-gache'), 'on');
});

remote('why arming was refused stays on the keypad, whoever passes a door meanwhile', () => {
  const made = world(doorSite('strike-fail-secure'));
  open(made, 'fenetre');
  give(made, { verb: 'arm', mode: 'full', areas: [], override: false, inhibit: [] }, { user: 'claire' });
  pulse(made, 'interphone');
  assert.is(keypad(made).notice?.kind, 'refused');
  pass(made, 30 * SECOND);
  pulse(made, 'interphone');
  assert.equal(keypad(made).notice, { kind: 'door', door: 'rue', outcome: 'released' });
});

remote.run();
