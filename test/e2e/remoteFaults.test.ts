// deadline: 120s
/** Doors from afar while the wall clock jumps by years, while nothing can be stored, and once an operator is revoked. */
import { join } from 'node:path';
import Database from 'libsql';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import { DAY } from '../../src/core/time.ts';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import { decodeReply, encode } from '../../src/protocol/payloads.ts';
import { topicOf } from '../../src/protocol/topics.ts';
import { sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { groundIn, guardHere, settableClock } from '../support/guardedHere.ts';
import type { Guarded, SettableClock } from '../support/guardedHere.ts';
import { withEars } from '../support/linkEars.ts';
import { LINES, paulsUnlock, remoteSite } from '../support/remoteSite.ts';

const SITE = 'here';
const test = suite('e2e: doors from afar, and something is wrong');

type Story = {
  readonly data: string;
  readonly guarded: Guarded;
  readonly clock: SettableClock;
  readonly send: (verb: string, message: { readonly id: string }) => Promise<void>;
  readonly answers: (id: string) => readonly string[];
  readonly challenge: () => Promise<string>;
};

const fileWith = (release: string) => {
  const loaded = loadSite(remoteSite(SITE, release), siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

const onSite = async (story: (what: Story) => Promise<void>, release = '1s'): Promise<void> => {
  const folder = temporaryFolder();
  const [ground, clock] = [await groundIn(folder.path), settableClock()];
  const guarded = await guardHere(ground, { clock, change: () => fileWith(release) });
  const ears = withEars(mqttLink);
  const answers = (id: string): readonly string[] =>
    ears.messages().flatMap(({ payload }) => {
      const decoded = decodeReply(payload);
      if (!decoded.ok || decoded.value.id !== id) return [];
      const { value } = decoded;
      if (!value.ok) return [value.reason];
      return ['stage' in value ? value.stage : value.challenge];
    });
  const send = async (verb: string, message: { readonly id: string }): Promise<void> => {
    await ears.publish({ topic: topicOf({ kind: 'command', site: SITE, verb }), payload: encode(message) });
  };
  let asked = 0;
  const challenge = async (): Promise<string> => {
    asked += 1;
    await send('challenge', { v: 1, id: `ask-${asked}`, operator: 'paul' } as { readonly id: string });
    return until('a challenge', () => answers(`ask-${asked}`)[0]);
  };
  try {
    await ears.up({ url: ground.broker, clientId: 'operator' });
    await ears.subscribe(`vigie/v1/${SITE}/reply/+`);
    await until('the site on line', () => ground.centre.latest.get(`vigie/v1/${SITE}/status`)?.includes('"online"'));
    await story({ data: ground.data, guarded, clock, send, answers, challenge });
    assert.equal(guarded.fatal, []);
  } finally {
    ears.link.destroy();
    await guarded.stop();
    await ground.close();
    folder.remove();
  }
};

/** Machine time at which the strike last moved. */
const lastMoved = ({ hand }: Guarded): number | undefined => hand.look(LINES.strike)?.atMs;

/** A challenge taken before the jump is good after it; one that is old stays so, whatever the clock says. */
const overJump = (byMs: number): Promise<void> =>
  onSite(async ({ guarded, clock, send, answers, challenge }) => {
    const [fresh, stale] = [await challenge(), await challenge()];
    const staleSince = performance.now();
    clock.setBy(byMs);
    await until('the jump told', () => guarded.events.some(({ kind }) => kind === 'clock-set'));
    await send('unlock', paulsUnlock('fresh', fresh, 'entree', SITE));
    await until('released', () => answers('fresh').includes('released'));
    await until('locked again', () => answers('fresh').includes('not-opened'));
    await sleep(Math.max(0, staleSince + 15_200 - performance.now()));
    clock.setBy(-byMs);
    const before = lastMoved(guarded);
    await send('unlock', paulsUnlock('stale', stale, 'entree', SITE));
    await until('refused', () => answers('stale').length > 0);
    await sleep(200);
    assert.equal(answers('stale'), ['challenge-expired']);
    assert.is(lastMoved(guarded), before, 'no lock moved');
  });

const revoked = (): Promise<void> =>
  onSite(async ({ guarded, send, answers, challenge }) => {
    const given = await challenge();
    const change = { kind: 'revoke-operator', operator: 'paul' } as const;
    guarded.controller.submit({ kind: 'person', change, by: 'martin' });
    await until('revoked', () => guarded.events.some(({ kind }) => kind === 'operator-revoked'));
    const before = lastMoved(guarded);
    await send('unlock', paulsUnlock('c1', given, 'entree', SITE));
    await until('refused', () => answers('c1').length > 0);
    assert.equal(answers('c1'), ['revoked']);
    assert.is(await challenge(), 'revoked');
    await sleep(200);
    assert.is(lastMoved(guarded), before, 'no lock moved');
    assert.not.ok(guarded.events.some(({ kind }) => kind === 'access-granted'));
  });

/** Somebody else writes to the database, and does not end: a grant that is not stored within 2 s moves no lock. */
const notStored = (): Promise<void> =>
  onSite(async ({ data, guarded, send, answers, challenge }) => {
    const given = await challenge();
    const before = lastMoved(guarded);
    const database = new Database(join(data, 'store.db'));
    database.exec('BEGIN IMMEDIATE');
    await send('unlock', paulsUnlock('c1', given, 'entree', SITE));
    await until('an answer', () => answers('c1').length > 0);
    assert.is(await challenge(), 'storage-failed', 'and no more challenges');
    await sleep(1_500);
    assert.equal(answers('c1'), ['storage-failed'], 'never said to be released');
    assert.is(lastMoved(guarded), before, 'no lock moved');
    database.exec('ROLLBACK');
    database.close();
    await until('stored again', () => guarded.events.some(({ kind }) => kind === 'storage-restored'));
    await send('unlock', paulsUnlock('c2', await challenge(), 'entree', SITE));
    await until('released', () => answers('c2').includes('released'));
    await until('the strike', () => lastMoved(guarded) !== before);
  }, '5s');

const stories = {
  'a clock set ten years forward makes no challenge stale, and no stale one fresh': () => overJump(3_653 * DAY),
  'a clock set ten years back does neither': () => overJump(-3_653 * DAY),
  'a grant that cannot be stored, and one that can again': notStored,
  'an operator revoked between the challenge and the command, and for good': revoked,
};

/** They wait most of their time: each on a site of its own, all at once. */
for (const [name, story] of Object.entries(stories)) {
  const running = story();
  running.catch(() => undefined);
  test(name, () => running);
}

test.run();
