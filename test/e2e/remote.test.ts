// deadline: 180s
/**
 * Doors opened from afar: commands as they come over the broker, the controller as a process, and every movement of its
 * locks. What is stale, stolen, repeated or not theirs moves none of them; what is right is answered by what the door did.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killPrograms, startProgram } from '../cli/program.ts';
import { killLeftovers, machineMs, sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { signedUnlock, testKeyFile } from '../support/operators.ts';
import { KEYS, LINES, paulsUnlock, SITE, startRemoteSite } from '../support/remoteSite.ts';
import type { Message, RemoteSite } from '../support/remoteSite.ts';

const COMMANDS_PER_MINUTE = 150;
/** How slow the card is. */
const COMMIT_MS = 150;

const folder = temporaryFolder();
const site: RemoteSite = await startRemoteSite(folder.path, COMMANDS_PER_MINUTE, COMMIT_MS);

const test = suite('e2e: doors from afar');
test.after(async () => {
  killPrograms();
  await site.close();
  await killLeftovers();
  folder.remove();
});

/** Runs it, waits a little longer than a release would take to begin, and counts what the locks did. */
const movementsDuring = async (what: () => Promise<unknown>): Promise<number> => {
  const before = site.movements.length;
  await what();
  await sleep(COMMIT_MS + 150);
  return site.movements.length - before;
};

const refused = async (id: string, reason: string, send: () => Promise<void>): Promise<void> => {
  const moved = await movementsDuring(async () => {
    await send();
    await site.untilAnswer(id, reason);
  });
  assert.is(moved, 0, `${id} moved a lock`);
  assert.equal(site.answers(id), [reason]);
};

const isLocked = async (): Promise<boolean> => (await site.levelOf(LINES.strike)) === 0;

/** Asked for at the very beginning, used at the end. */
const stale = await site.challenge('paul');
const staleSince = machineMs();

// ---- what is right

test('opened and closed again: each stage as it happens, and the lock not before the grant is on disk', async () => {
  const challenge = await site.challenge('paul');
  const sentAt = machineMs();
  await site.send('unlock', paulsUnlock('good-1', challenge));
  await site.untilAnswer('good-1', 'released');
  const moved = site.movements.find(({ line, level }) => line === LINES.strike && level === 1);
  assert.ok(moved && moved.atMs - sentAt >= COMMIT_MS, `${moved?.atMs} after ${sentAt}`);
  await site.set(LINES.contact, 1);
  await site.set(LINES.latch, 1);
  await site.untilAnswer('good-1', 'opened');
  await until('locked again', isLocked);
  assert.equal(site.answers('good-1'), ['released', 'opened'], 'nothing is said of a door that stands open');
  await site.set(LINES.contact, 0);
  await site.set(LINES.latch, 0);
  assert.equal(await site.untilAnswer('good-1', 'closed'), ['released', 'opened', 'closed']);
  assert.equal(
    site.movements.map(({ line, level }) => `${line} ${level}`),
    [`${LINES.strike} 1`, `${LINES.strike} 0`],
  );
});

test('the same bytes again, and the same challenge in a command of its own', async () => {
  const challenge = await site.challenge('paul');
  const command = paulsUnlock('good-2', challenge);
  await site.send('unlock', command);
  await site.untilAnswer('good-2', 'not-opened');
  assert.ok(await isLocked());
  const moved = await movementsDuring(async () => {
    await site.send('unlock', command);
    await site.untilAnswer('good-2', 'replayed');
  });
  assert.is(moved, 0);
  assert.equal(site.answers('good-2'), ['released', 'not-opened', 'replayed']);
  await refused('used', 'challenge-used', () => site.send('unlock', paulsUnlock('used', challenge)));
});

test('left open', async () => {
  await site.send('unlock', paulsUnlock('held', await site.challenge('paul')));
  await site.untilAnswer('held', 'released');
  await site.set(LINES.contact, 1);
  await site.set(LINES.latch, 1);
  assert.equal(await site.untilAnswer('held', 'held'), ['released', 'opened', 'held']);
  assert.ok(await isLocked());
  await site.set(LINES.contact, 0);
  await site.set(LINES.latch, 0);
});

test('a bolt that does not move', async () => {
  await site.send('unlock', paulsUnlock('stuck', await site.challenge('paul'), 'labo'));
  assert.equal(await site.untilAnswer('stuck', 'unlock-failed'), ['released', 'unlock-failed']);
});

const operatorArgs = (door: string): readonly string[] => {
  const key = join(folder.path, 'paul.pem');
  writeFileSync(key, testKeyFile(1));
  const who = ['--site', SITE, '--operator', 'paul', '--key', key];
  return ['operator', 'unlock', '--broker', site.brokerUrl, '--door', door, ...who];
};

test('an operator at a terminal: each stage in words, and the end as the exit code', async () => {
  const terminal = startProgram(...operatorArgs('entree'));
  await terminal.until(/Serrure libérée/);
  await site.set(LINES.contact, 1);
  await site.set(LINES.latch, 1);
  await terminal.until(/Porte ouverte/);
  await site.set(LINES.contact, 0);
  await site.set(LINES.latch, 0);
  const { code, out, err } = await terminal.ended;
  assert.is(code, 0, err);
  assert.match(out, /Porte refermée et verrouillée\.\n$/);
  const refusedAt = startProgram(...operatorArgs('cave'));
  assert.is((await refusedAt.ended).code, 1);
  assert.match(refusedAt.out(), 'Vérifiez --door');
});

// ---- what is not

test('kept by the broker', async () => {
  const command = paulsUnlock('retained', await site.challenge('paul'));
  await refused('retained', 'retained', () => site.send('unlock', command, true));
});

const wrong: Readonly<Record<string, { readonly reason: string; readonly make: (id: string, challenge: string) => Message }>> = {
  'by another key': {
    reason: 'bad-signature',
    make: (id, challenge) => signedUnlock(KEYS.stranger, { site: SITE, operator: 'paul', id, challenge, door: 'entree' }),
  },
  'signed for another door': {
    reason: 'bad-signature',
    make: (id, challenge) => ({ ...paulsUnlock(id, challenge, 'cour'), door: 'entree' }),
  },
  'signed for another site': {
    reason: 'bad-signature',
    make: (id, challenge) => paulsUnlock(id, challenge, 'entree', 'officine'),
  },
  'meant for another site': {
    reason: 'wrong-site',
    make: (id, challenge) => ({ ...paulsUnlock(id, challenge, 'entree', 'officine'), site: 'officine' }),
  },
  'signed under another id': {
    reason: 'bad-signature',
    make: (id, challenge) => ({ ...paulsUnlock('other', challenge), id }),
  },
  'by an operator nobody knows': {
    reason: 'unknown-operator',
    make: (id, challenge) => signedUnlock(KEYS.stranger, { site: SITE, operator: 'eve', id, challenge, door: 'entree' }),
  },
  'with the challenge of another': {
    reason: 'other-operators-challenge',
    make: (id, challenge) => signedUnlock(KEYS.lea, { site: SITE, operator: 'lea', id, challenge, door: 'entree' }),
  },
  'for a door that there is not': { reason: 'no-such-door', make: (id, challenge) => paulsUnlock(id, challenge, 'cave') },
  'without a signature': {
    reason: 'unsigned',
    make: (id, challenge) => ({ v: 1, id, operator: 'paul', door: 'entree', challenge }),
  },
  'in nobody’s form': { reason: 'invalid', make: (id, challenge) => ({ ...paulsUnlock(id, challenge), forMs: 600_000 }) },
};

/** These leave the challenge to whom it belongs; an operator has four at most that are not used. */
const SPARING: ReadonlySet<string> = new Set([
  'wrong-site',
  'unknown-operator',
  'other-operators-challenge',
  'unsigned',
  'invalid',
]);
let spared: string | undefined;

for (const [index, [name, { reason, make }]] of Object.entries(wrong).entries()) {
  test(`${name}: ${reason}, and no lock moves`, async () => {
    const id = `wrong-${index}`;
    const challenge = spared ?? (await site.challenge('paul'));
    spared = SPARING.has(reason) ? challenge : undefined;
    const moved = await movementsDuring(async () => {
      await site.send('unlock', make(id, challenge));
      await site.untilAnswer(id, reason);
    });
    assert.is(moved, 0);
    assert.equal(site.answers(id), [reason]);
  });
}

const leas = (id: string, challenge: string, door: string): Message =>
  signedUnlock(KEYS.lea, { site: SITE, operator: 'lea', id, challenge, door });

test('a door that is not the operator’s, and one more within the hour than is allowed', async () => {
  await refused('lea-cour', 'not-your-door', async () =>
    site.send('unlock', leas('lea-cour', await site.challenge('lea'), 'cour')),
  );
  await site.send('unlock', leas('lea-1', await site.challenge('lea'), 'entree'));
  await site.untilAnswer('lea-1', 'not-opened');
  await refused('lea-2', 'too-many-unlocks', async () =>
    site.send('unlock', leas('lea-2', await site.challenge('lea'), 'entree')),
  );
});

test('while its area is set: refused, and it stays set', async () => {
  await site.toggleSet();
  await refused('armed', 'area-armed', async () =>
    site.send('unlock', paulsUnlock('armed', await site.challenge('paul'), 'cour')),
  );
  assert.is(await site.levelOf(LINES.lamp), 1, 'nothing from afar unsets anything');
  await site.toggleSet();
});

test('two commands over one challenge at once: one release', async () => {
  const challenge = await site.challenge('paul');
  const before = site.movements.length;
  await Promise.all(['twin-1', 'twin-2'].map((id) => site.send('unlock', paulsUnlock(id, challenge))));
  await site.untilAnswer('twin-1', 'not-opened');
  assert.equal(site.answers('twin-2'), ['challenge-used']);
  assert.equal(
    site.movements.slice(before).map(({ level }) => level),
    [1, 0],
  );
});

test('two commands for one door at once: it is released once, and the first is told so', async () => {
  const challenges = [await site.challenge('paul'), await site.challenge('paul')];
  const before = site.movements.length;
  await Promise.all(challenges.map((challenge, index) => site.send('unlock', paulsUnlock(`both-${index}`, challenge))));
  await site.untilAnswer('both-1', 'not-opened');
  assert.equal(site.answers('both-0'), ['released', 'superseded']);
  assert.equal(site.answers('both-1'), ['released', 'not-opened']);
  assert.equal(
    site.movements.slice(before).map(({ level }) => level),
    [1, 0],
  );
});

test('a challenge of 15 s ago', async () => {
  await sleep(Math.max(0, staleSince + 15_500 - machineMs()));
  await refused('stale', 'challenge-expired', () => site.send('unlock', paulsUnlock('stale', stale)));
});

test('a controller that was killed meanwhile: neither the challenge nor what the broker kept opens anything', async () => {
  const challenge = await site.challenge('paul');
  const moved = await movementsDuring(() => site.restart());
  assert.is(moved, 0, 'what the broker kept moved a lock');
  await refused('before', 'unknown-challenge', () => site.send('unlock', paulsUnlock('before', challenge)));
  await site.send('unlock', paulsUnlock('after', await site.challenge('paul')));
  await site.untilAnswer('after', 'not-opened');
});

test('ten wrong signatures lock everybody out, and the right one as well', async () => {
  for (let count = 0; count < 10; count += 1) {
    const challenge = await site.challenge('paul');
    if (challenge === 'locked-out') break;
    const id = `guess-${count}`;
    await site.send('unlock', signedUnlock(KEYS.stranger, { site: SITE, operator: 'paul', id, challenge, door: 'entree' }));
    await site.untilAnswer(id, 'bad-signature');
  }
  await until('locked out', async () => (await site.challenge('lea')) === 'locked-out');
});

test('a flood: no lock moves, and the controller is as it was', async () => {
  const moved = await movementsDuring(async () => {
    const copy = paulsUnlock('flood', 'f'.repeat(64));
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          site.send('unlock', { ...copy, id: index < 5 ? 'flood' : `f${round}-${index}` }),
        ),
      );
    }
    await until('the limit', () => site.answers('flood').includes('rate-limited'));
  });
  assert.is(moved, 0);
  const told = site.operator.messages().filter(({ topic }) => topic.includes('/reply/')).length;
  assert.ok(told < 2 * COMMANDS_PER_MINUTE + 150, `${told} answers`);
  assert.ok(await isLocked());
});

test.run();
