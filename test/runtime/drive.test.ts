/** When a lock moves: whoever is let in only once that is on disk; whoever wants out, and whatever locks, before it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DoorConfig, LockKind } from '../../src/core/config.ts';
import { outputsOf } from '../../src/core/output.ts';
import { siteOf } from '../../src/core/site.ts';
import type { State } from '../../src/core/state.ts';
import { MINUTE, SECOND, wall } from '../../src/core/time.ts';
import { makeOutputDriver } from '../../src/runtime/drive.ts';
import type { OutputDriver } from '../../src/runtime/drive.ts';
import { ACCESS, command, enter, openLeaf, unlockRemotely } from '../core/doorTableBench.ts';
import { FREE_HOURS, doorSite, freeAccess } from '../support/doorSite.ts';
import { areaConfig } from '../support/site.ts';
import { askToArm, close, feed, lastOf, open, pass, pulse, world } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** A controller whose disk answers when the test says so: each step waits for its commit, in order. */
type Shell = {
  readonly made: World;
  readonly driver: OutputDriver;
  /** What the lines were told, as `line drive`. */
  readonly writes: string[];
  readonly waiting: State[];
};

const shellOf = (kind: LockKind, change: Partial<DoorConfig> = {}, limits?: { maxOnMs: number; minOffMs: number }): Shell => {
  const { config } = doorSite(kind, { access: { ...ACCESS, freeAccess: freeAccess(false) }, ...change });
  const outputs = config.outputs.map((each) => (each.role.kind === 'lock' && limits ? { ...each, ...limits } : each));
  const site = siteOf({ ...config, outputs, areas: [areaConfig('cabinet', { exitEnd: 'immediate' })] });
  const writes: string[] = [];
  const waiting: State[] = [];
  const write = (line: string, drive: unknown): void => {
    writes.push(`${line.replace('line-', '')} ${typeof drive === 'string' ? drive : 'pattern'}`);
  };
  const driver = makeOutputDriver(site, outputsOf, { write }, (instant) => instant);
  const made = world(site, (_before, _input, { state }) => {
    driver.write(state, 'protects');
    waiting.push(state);
  });
  const shell: Shell = { made, driver, writes, waiting };
  commit(shell);
  return shell;
};

/** The disk has written the next `count` steps; all of them where it does not say. */
const commit = ({ waiting, driver }: Shell, count = waiting.length): void => {
  for (const state of waiting.splice(0, count)) driver.write(state, 'grants');
};

/** What the lock's lines were told since it was last asked. */
const moved = ({ writes }: Shell): readonly string[] => writes.splice(0).filter((write) => write.startsWith('rue-'));

const strike = suite('a strike');

strike('whoever is let in: not before the commit', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  enter(shell.made, 'claire');
  assert.equal(moved(shell), []);
  commit(shell);
  assert.equal(moved(shell), ['rue-gache on']);
});

strike('from afar: not before the commit', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  unlockRemotely(shell.made);
  assert.equal(moved(shell), []);
  commit(shell);
  assert.equal(moved(shell), ['rue-gache on']);
});

strike('whoever wants out: before it, whatever the disk does', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  pulse(shell.made, 'sortie');
  assert.equal(moved(shell), ['rue-gache on']);
  commit(shell);
  assert.equal(moved(shell), [], 'once');
});

strike('the exit button while somebody else’s grant is still being written: at once', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  enter(shell.made, 'claire');
  pulse(shell.made, 'sortie');
  assert.equal(moved(shell), ['rue-gache on']);
  commit(shell);
  assert.equal(moved(shell), []);
});

strike('locks before the commit', () => {
  const shell = shellOf('strike-fail-secure');
  enter(shell.made, 'claire');
  commit(shell);
  moved(shell);
  command(shell.made, 'blocked');
  assert.equal(moved(shell), ['rue-gache off']);
});

strike('taken back while it was being written: the late commit does not unlock', () => {
  for (const takeBack of [
    (made: World) => command(made, 'blocked'),
    (made: World) => askToArm(made, 'full', { override: true }, { user: 'doc' }),
    (made: World) => pass(made, 5 * SECOND),
  ]) {
    const shell = shellOf('strike-fail-secure');
    moved(shell);
    enter(shell.made, 'claire');
    takeBack(shell.made);
    commit(shell);
    assert.equal(moved(shell), []);
  }
});

strike('taken back and granted anew: the commit of the first opens nothing, that of the second does', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  enter(shell.made, 'claire');
  const first = shell.waiting.length;
  command(shell.made, 'blocked');
  command(shell.made, 'locked');
  enter(shell.made, 'doc');
  commit(shell, first);
  assert.equal(moved(shell), [], 'who comes in now is not on disk yet');
  commit(shell);
  assert.equal(moved(shell), ['rue-gache on']);
});

strike('storage fails before the grant is on disk: from afar nothing opens, then or later; a code opens from memory', () => {
  const shell = shellOf('strike-fail-secure');
  moved(shell);
  unlockRemotely(shell.made);
  for (const state of shell.waiting.splice(0)) shell.driver.grantFromMemory(state);
  assert.equal(moved(shell), []);
  feed(shell.made, { kind: 'condition', condition: 'storage-failed', subject: '', on: true });
  assert.is(lastOf(shell.made, 'access-ended').detail?.['result'], 'storage-failed');
  shell.driver.rewrite(shell.made.state);
  commit(shell);
  assert.not(moved(shell).includes('rue-gache on'));
  enter(shell.made, 'claire');
  for (const state of shell.waiting.splice(0)) shell.driver.grantFromMemory(state);
  assert.equal(moved(shell), ['rue-gache on']);
});

strike('a coil’s limit does not wait for the disk', () => {
  const shell = shellOf('strike-fail-secure', {}, { maxOnMs: 3_000, minOffMs: 1_000 });
  enter(shell.made, 'claire');
  commit(shell);
  moved(shell);
  pass(shell.made, 3 * SECOND);
  assert.equal(moved(shell), ['rue-gache off']);
});

strike('hours of free access unlock after the commit and lock before it', () => {
  const shell = shellOf('strike-fail-secure');
  const now = shell.made.now + shell.made.state.durable.clock.offsetMs;
  moved(shell);
  const windows = [{ schedule: FREE_HOURS, from: wall(now + SECOND), to: wall(now + MINUTE) }];
  feed(shell.made, { kind: 'calendar', windows, until: wall(now + 60 * MINUTE) });
  commit(shell);
  pass(shell.made, SECOND);
  assert.equal(moved(shell), []);
  commit(shell);
  assert.equal(moved(shell), ['rue-gache on']);
  pass(shell.made, MINUTE);
  assert.equal(moved(shell), ['rue-gache off']);
});

strike.run();

const maglock = suite('a maglock');

maglock('lets go for somebody after the commit, for fire and box before it, holds again before it', () => {
  const shell = shellOf('maglock');
  assert.equal(moved(shell), ['rue-gache on'], 'holds from the first step on');
  enter(shell.made, 'claire');
  assert.equal(moved(shell), []);
  commit(shell);
  assert.equal(moved(shell), ['rue-gache off']);
  pass(shell.made, 5 * SECOND);
  assert.equal(moved(shell), ['rue-gache on']);
  open(shell.made, 'boitier');
  assert.equal(moved(shell), ['rue-gache off']);
  commit(shell);
  close(shell.made, 'boitier');
  open(shell.made, 'feu');
  commit(shell);
  assert.equal(moved(shell), []);
});

maglock('a driver that came back is told what stands, and no grant that was taken back', () => {
  const shell = shellOf('maglock');
  enter(shell.made, 'claire');
  commit(shell);
  command(shell.made, 'blocked');
  moved(shell);
  shell.driver.rewrite(shell.made.state);
  assert.equal(moved(shell), ['rue-gache on']);
  commit(shell);
  assert.equal(moved(shell), []);
});

maglock.run();

const latching = suite('a latching strike');

latching('the end of a pulse does not wait for the disk', () => {
  const shell = shellOf('strike-latching');
  moved(shell);
  enter(shell.made, 'claire');
  commit(shell);
  assert.equal(moved(shell), ['rue-gache on']);
  pass(shell.made, 500);
  assert.equal(moved(shell), ['rue-gache off']);
});

latching('a pulse that was over before the disk answered is not given late, and never stays on', () => {
  const shell = shellOf('strike-latching');
  moved(shell);
  enter(shell.made, 'claire');
  pass(shell.made, SECOND);
  commit(shell);
  assert.equal(moved(shell), []);
});

latching.run();

const motor = suite('a motor');

/** Which of its two ways are on after each write. */
const together = (writes: readonly string[]): readonly string[] => {
  const on = new Set<string>();
  return writes.flatMap((write) => {
    const [way = '', drive] = write.split(' ');
    if (drive === 'on') on.add(way);
    else on.delete(way);
    return on.size > 1 ? [write] : [];
  });
};

motor('one way goes off before the other goes on, in whichever order the outputs are listed', () => {
  for (const isReversed of [false, true]) {
    const { config } = doorSite('motor');
    const outputs = isReversed ? config.outputs.toReversed() : config.outputs;
    const writes: string[] = [];
    const site = siteOf({ ...config, outputs });
    const driver = makeOutputDriver(
      site,
      outputsOf,
      { write: (line, drive) => void writes.push(`${line} ${drive === 'on' ? 'on' : 'off'}`) },
      (at) => at,
    );
    const made = world(site, (_before, _input, { state }) => {
      driver.write(state, 'protects');
      driver.write(state, 'grants');
    });
    enter(made, 'claire');
    open(made, 'pene');
    pass(made, 5 * SECOND);
    enter(made, 'claire');
    assert.equal(together(writes), [], 'locking, and let in in the middle');
    pass(made, SECOND);
    close(made, 'pene');
    command(made, 'blocked');
    assert.equal(together(writes), [], 'unlocking, and taken back in the middle');
    assert.ok(writes.includes('line-rue-ferme on') && writes.includes('line-rue-ouvre on'));
  }
});

motor('let in while it locks: the bolt stops at once, and turns back after the commit', () => {
  const shell = shellOf('motor');
  enter(shell.made, 'claire');
  commit(shell);
  open(shell.made, 'pene');
  pass(shell.made, 5 * SECOND);
  commit(shell);
  assert.equal(moved(shell).slice(-2), ['rue-ouvre off', 'rue-ferme on']);
  enter(shell.made, 'doc');
  assert.equal(moved(shell), ['rue-ferme off']);
  openLeaf(shell.made);
  commit(shell);
  assert.not(moved(shell).includes('rue-ferme on'));
});

motor.run();
