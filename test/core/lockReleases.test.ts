/** What becomes of a release: handed over, used twice, cut short, reopened, with a lock that does not follow. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { doorSite, lockConfig } from '../support/doorSite.ts';
import { close, feed, heard, lose, open, output, pass, pulse, told, world } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { bench, command, enter, levelOf, lockOf, modeOf, openLeaf, shut, turn, unlockRemotely } from './doorTableBench.ts';

const results = (made: World) =>
  heard(made).flatMap(({ kind, command: id, detail }) => (kind === 'access-ended' ? [`${id} ${detail?.['result']}`] : []));

const CLOSING = { lock: lockConfig('maglock', { relockOn: 'close' }) };

const release = suite('a release');

release('one that was used and gives way to another is told when the door is shut', () => {
  const made = bench('maglock', CLOSING);
  unlockRemotely(made);
  openLeaf(made);
  enter(made, 'claire');
  shut(made);
  pass(made, SECOND);
  assert.equal(results(made), ['c1 closed']);
  assert.is(levelOf(made), 'on');
});

release('a command whose door is opened again by another before it closed is answered all the same', () => {
  const made = bench('strike-fail-secure');
  unlockRemotely(made);
  openLeaf(made);
  pass(made, SECOND);
  feed(made, { kind: 'remote-unlock', command: 'c2', operator: 'centre-1', door: 'rue' });
  pass(made, SECOND);
  shut(made);
  assert.equal(results(made), ['c1 superseded', 'c2 closed']);
});

release('one that nobody used yet is superseded, and told so once', () => {
  const made = bench('strike-fail-secure');
  unlockRemotely(made);
  enter(made, 'claire');
  pass(made, MINUTE);
  assert.equal(results(made), ['c1 superseded']);
});

release('the exit button takes no time from somebody who needs longer', () => {
  const made = bench('maglock');
  enter(made, 'ainee');
  pass(made, 4 * SECOND);
  pulse(made, 'sortie');
  pass(made, 10 * SECOND);
  assert.is(levelOf(made), 'off');
  pass(made, 15 * SECOND);
  assert.is(levelOf(made), 'on');
});

release('another code begins the time anew', () => {
  const made = bench('maglock');
  enter(made, 'claire');
  pass(made, 4 * SECOND);
  enter(made, 'doc');
  pass(made, 4 * SECOND);
  assert.is(levelOf(made), 'off');
  pass(made, SECOND);
  assert.is(levelOf(made), 'on');
});

release('a hand on the leaf at the end of the time forces nothing; a second later it does', () => {
  for (const [ms, kinds] of [
    [999, []],
    [1000, ['door-forced']],
  ] as const) {
    const made = bench('strike-fail-secure');
    enter(made, 'claire');
    pass(made, 5 * SECOND);
    told(made);
    pass(made, ms);
    openLeaf(made);
    assert.equal(told(made), kinds, `${ms} ms`);
  }
});

release('reopened before a lock that waits for closing has locked: it waits again', () => {
  const made = bench('maglock', CLOSING);
  enter(made, 'claire');
  openLeaf(made);
  shut(made);
  pass(made, 400);
  openLeaf(made);
  pass(made, 5 * SECOND);
  assert.is(levelOf(made), 'off');
  shut(made);
  pass(made, 500);
  assert.is(levelOf(made), 'on');
  assert.equal(told(made), ['access-granted', 'access-used']);
});

release('a contact that dies while the leaf is open leaves no door unlocked for the day', () => {
  const made = bench('maglock', CLOSING);
  enter(made, 'claire');
  openLeaf(made);
  lose(made, 'rue');
  pass(made, 5 * SECOND - 1);
  assert.is(levelOf(made), 'off');
  pass(made, 1);
  assert.is(levelOf(made), 'on');
});

release('a contact that comes back in time is waited for again', () => {
  const made = bench('maglock', CLOSING);
  enter(made, 'claire');
  openLeaf(made);
  lose(made, 'rue');
  openLeaf(made);
  pass(made, MINUTE);
  assert.is(levelOf(made), 'off');
});

release.run();

const motor = suite('a motor');

motor('nobody opens: thrown again after the time, unlocked only when its feedback says so', () => {
  const made = bench('motor');
  enter(made, 'claire');
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'unlocking opens');
  turn(made);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'unlocked rests');
  pass(made, 5 * SECOND);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'locking closes');
  turn(made);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'locked rests');
  assert.equal(told(made), ['access-granted', 'access-not-used']);
});

motor('the feedback never comes: unlock-failed, told to whoever asked, and the motor stops', () => {
  const made = bench('motor');
  unlockRemotely(made);
  pass(made, 5 * SECOND);
  assert.is(`${modeOf(made)} ${lockOf(made)} ${levelOf(made)}`, 'locked unlock-failed rests');
  const events = heard(made);
  assert.equal(
    events.map(({ kind }) => kind),
    ['access-granted', 'lock-fault', 'access-not-used', 'access-ended'],
  );
  assert.is(events.find(({ kind }) => kind === 'access-ended')?.detail?.['result'], 'unlock-failed');
  enter(made, 'claire');
  assert.is(levelOf(made), 'opens', 'the next try drives it again');
  turn(made);
  assert.ok(told(made).includes('lock-fault-restored'));
});

motor('a door that stands open by hand and did not unlock is tried again by the exit button', () => {
  const made = bench('motor');
  command(made, 'locked-open');
  pass(made, 5 * SECOND);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'unlock-failed rests');
  pulse(made, 'sortie');
  assert.is(levelOf(made), 'opens');
  turn(made);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'unlocked rests');
});

motor('lock-failed: told, stops, and tried again when the leaf has been opened and closed', () => {
  const made = bench('motor');
  enter(made, 'claire');
  turn(made);
  pass(made, 10 * SECOND);
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'lock-failed rests');
  assert.equal(told(made), ['access-granted', 'access-not-used', 'lock-fault']);
  openLeaf(made);
  assert.equal(told(made), ['door-forced'], 'the door of a bolt that failed is still nobody’s passage');
  shut(made);
  assert.is(levelOf(made), 'closes');
  turn(made);
  assert.is(lockOf(made), 'locked');
});

motor('reopened while locking: the bolt waits, and whoever follows has forced nothing', () => {
  const made = bench('motor');
  enter(made, 'claire');
  turn(made);
  openLeaf(made);
  pass(made, 2 * SECOND);
  shut(made);
  pass(made, 500);
  assert.is(levelOf(made), 'closes');
  pass(made, 300);
  openLeaf(made);
  assert.is(levelOf(made), 'rests');
  assert.equal(told(made), ['access-granted', 'access-used']);
  shut(made);
  assert.is(levelOf(made), 'closes');
  turn(made);
  assert.is(lockOf(made), 'locked');
  pass(made, MINUTE);
  assert.equal(told(made), []);
});

motor('a bolt thrown by hand out of an open leaf is told, and drawn back by whoever asks', () => {
  const made = bench('motor');
  enter(made, 'claire');
  turn(made);
  openLeaf(made);
  pass(made, SECOND);
  command(made, 'blocked');
  close(made, 'pene');
  assert.is(lockOf(made), 'lock-failed');
  pulse(made, 'sortie');
  assert.is(levelOf(made), 'opens');
  turn(made);
  assert.is(lockOf(made), 'unlocked');
});

motor('withdrawn by a hand that no contact explains: told, and thrown again', () => {
  const made = bench('motor');
  open(made, 'pene');
  assert.is(`${lockOf(made)} ${levelOf(made)}`, 'forced rests');
  pass(made, 5 * SECOND);
  assert.is(levelOf(made), 'closes');
  turn(made);
  assert.is(lockOf(made), 'locked');
  assert.equal(told(made), ['lock-fault', 'lock-fault-restored']);
});

motor('withdrawn by the handle from inside: nothing is told, and it locks behind them', () => {
  const made = bench('motor');
  open(made, 'bequille');
  open(made, 'pene');
  openLeaf(made);
  close(made, 'bequille');
  pass(made, 2 * SECOND);
  shut(made);
  pass(made, 5 * SECOND);
  assert.is(levelOf(made), 'closes');
  turn(made);
  assert.equal(told(made), []);
});

motor('both ways are never driven at once, whatever the bolt and the leaf do', () => {
  const acts: readonly ((made: World) => void)[] = [
    (made) => enter(made, 'claire'),
    (made) => pulse(made, 'sortie'),
    (made) => turn(made),
    (made) => open(made, 'rue'),
    (made) => close(made, 'rue'),
    (made) => pass(made, SECOND),
    (made) => pass(made, 5 * SECOND),
    (made) => command(made, 'blocked'),
    (made) => command(made, 'locked'),
  ];
  let looks = 0;
  const site = doorSite('motor');
  for (const first of acts)
    for (const second of acts)
      for (const third of acts) {
        const made = world(site, (_before, _input, seen) => {
          looks += 1;
          assert.not.equal(levelOf(seen), 'both ways at once');
        });
        for (const act of [acts[0], first, second, third]) act?.(made);
      }
  assert.ok(looks > 3_000);
});

motor.run();

const latching = suite('a latching strike');

latching('one pulse; nobody opens: released-pending is told, and ends with the opening', () => {
  const made = bench('strike-latching');
  enter(made, 'claire');
  pass(made, 499);
  assert.is(levelOf(made), 'on');
  pass(made, 1);
  assert.is(levelOf(made), 'off');
  pass(made, 5 * SECOND);
  assert.is(lockOf(made), 'released-pending');
  assert.equal(told(made), ['access-granted', 'access-not-used', 'released-pending']);
  pass(made, 60 * MINUTE);
  assert.is(lockOf(made), 'released-pending', 'no timer locks it');
  openLeaf(made);
  assert.equal(told(made, 'test-report'), ['released-pending-ended']);
  shut(made);
  openLeaf(made);
  assert.equal(told(made), ['door-forced']);
});

latching('opened in time: nothing is pending', () => {
  const made = bench('strike-latching');
  enter(made, 'claire');
  pass(made, SECOND);
  openLeaf(made);
  pass(made, SECOND);
  shut(made);
  pass(made, MINUTE);
  assert.equal(told(made), ['access-granted', 'access-used']);
  assert.is(lockOf(made), 'locked');
});

latching.run();

const duty = suite('the coil of a fail-secure strike');

const strikeSite = () => {
  const { config } = doorSite('strike-fail-secure');
  const outputs = config.outputs.map((each) => (each.id === 'rue-gache' ? { ...each, maxOnMs: 10_000, minOffMs: 2_000 } : each));
  return doorSite('strike-fail-secure', {}, { outputs });
};

duty('however often it is asked, never on for longer than it bears, and rested after', () => {
  const changes: number[] = [];
  let wasOn = false;
  const made = world(strikeSite(), (_before, _input, seen) => {
    const isOn = output(seen, 'rue-gache') === 'on';
    if (isOn !== wasOn) changes.push(seen.now);
    wasOn = isOn;
  });
  for (let asked = 0; asked < 60; asked += 1) {
    pulse(made, 'sortie');
    pass(made, SECOND);
  }
  pass(made, MINUTE);
  assert.ok(changes.length >= 8 && changes.length % 2 === 0, String(changes));
  for (let index = 0; index < changes.length; index += 2) {
    const [on = 0, off = 0, next = Number.POSITIVE_INFINITY] = changes.slice(index);
    assert.ok(off - on <= 10_000, `on for ${off - on} ms`);
    assert.ok(next - off >= 2_000, `rested for ${next - off} ms`);
  }
});

duty('a release within the rest has the whole of its time after it', () => {
  const made = world(strikeSite());
  enter(made, 'claire');
  openLeaf(made);
  pass(made, 500);
  shut(made);
  enter(made, 'doc');
  assert.is(levelOf(made), 'off', 'resting');
  pass(made, 2 * SECOND);
  assert.is(levelOf(made), 'on');
  pass(made, 5 * SECOND - 1);
  assert.is(levelOf(made), 'on');
  pass(made, 1);
  assert.is(levelOf(made), 'off');
});

duty.run();
