// deadline: 60s
/** The database takes nothing more while the site is set, then works again: nothing is missed and nothing is lost. */
import { join } from 'node:path';
import Database from 'libsql';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { machineMs, sleep, temporaryFolder, until } from '../support/controllerProcess.ts';
import { readLeft } from '../support/dataFolder.ts';
import { groundIn, guardHere } from '../support/guardedHere.ts';
import type { Ground, GuardOptions, Guarded } from '../support/guardedHere.ts';
import { KILL_AREAS } from '../support/killSite.ts';

const [, , INSTANT, OPENING] = KILL_AREAS;
if (!INSTANT || !OPENING) throw new Error('areas');

const QUOTA_BYTES = 512 * 1024;
/** A siren waits for no disk: debounce and the look of the test at the line, on a busy machine. */
const SIREN_MS = 300;
/** It tries again each 5 s. */
const RECOVERED_MS = 15_000;

const test = suite('e2e: the store fails');

type Story = { readonly ground: Ground; readonly guarded: Guarded };

const onGround = async (options: GuardOptions, story: (what: Story) => Promise<void>): Promise<void> => {
  const folder = temporaryFolder();
  const ground = await groundIn(folder.path);
  const guarded = await guardHere(ground, options);
  try {
    await story({ ground, guarded });
    assert.equal(guarded.fatal, []);
    assert.equal([ground.centre.conflicts, ground.centre.outOfOrder], [[], []]);
  } finally {
    await guarded.stop();
    await ground.close();
    folder.remove();
  }
};

/** Rows of a table of the test's own: they fill the database, and leave room in it again. */
const ballast = (data: string) => {
  const database = new Database(join(data, 'store.db'));
  database.exec('CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)');
  return {
    fill: () => database.exec(`INSERT INTO ballast VALUES (zeroblob(${QUOTA_BYTES}))`),
    empty: () => database.exec('DELETE FROM ballast'),
    close: () => database.close(),
  };
};

/** Events that need room, until there is none. */
const fillTheRest = async ({ controller }: Guarded, isFull: () => boolean): Promise<void> => {
  const text = 'x'.repeat(2_000);
  await until('a full database', () => {
    controller.submit({ kind: 'report', event: 'input-overflow', facts: { detail: { text } } });
    return isFull();
  });
};

const kindsOf = (events: readonly Event[]): readonly string[] =>
  events.map(({ kind, zone, at }) => `${kind} ${zone ?? ''} ${Number(at)}`);

test('the database is full while the site is set: the siren sounds, the alarm goes out; with room again all is on disk', () =>
  onGround({ maxDatabaseBytes: QUOTA_BYTES }, async ({ ground, guarded }) => {
    await guarded.arm(INSTANT);
    const filler = ballast(ground.data);
    filler.fill();
    await fillTheRest(guarded, () => guarded.logged.some((line) => line.includes('storage failed')));
    const [failed] = await ground.heard('storage-failed');
    assert.is(failed?.durable, false);
    assert.is(failed?.detail?.['reason'], 'disk-full');

    guarded.hand.setLevel(INSTANT.window, 1);
    const sirenMs = await guarded.untilLevel(INSTANT.siren, 1);
    assert.ok(sirenMs < SIREN_MS, `${sirenMs} ms`);
    const since = machineMs();
    const [alarm] = await ground.heard('intrusion');
    process.stdout.write(`siren ${sirenMs.toFixed(0)} ms, centre at most ${(machineMs() - since).toFixed(0)} ms after it\n`);
    assert.is(alarm?.durable, false);
    assert.is(alarm?.zone, 'instant-window');

    // Staff come and go meanwhile, from memory.
    await guarded.disarm(INSTANT);
    await guarded.arm(OPENING);
    assert.equal(ground.told('storage-restored'), []);

    filler.empty();
    filler.close();
    const [restored] = await ground.heard('storage-restored', 1, RECOVERED_MS);
    assert.is(restored?.durable, undefined, 'from here on it is on disk again');
    guarded.hand.setLevel(OPENING.window, 1);
    const later = await ground.heard('intrusion', 2);
    assert.is(later[1]?.durable, undefined);
    await until('nothing pending', () => readLeft(ground.data)?.pending.length === 0);
    await guarded.stop();

    const left = readLeft(ground.data);
    assert.equal(
      kindsOf(left?.entries.map(({ event }) => event) ?? []),
      kindsOf(guarded.events),
      'the journal, whole and in order',
    );
    const again = await guardHere(ground);
    assert.is(again.levelOf(OPENING.lamp), 1, 'what was set from memory is set after a restart');
    assert.is(again.levelOf(INSTANT.lamp), 0);
    await again.stop();
  }));

test('commits of 2.5 s: told within 3 s, and never taken for restored while they are that slow', () =>
  onGround({ commitDelayMs: 2_500 }, async ({ ground, guarded }) => {
    const startedAt = machineMs();
    await ground.heard('storage-failed');
    const toldMs = machineMs() - startedAt;
    process.stdout.write(`a store that takes 2.5 s was told after ${toldMs.toFixed(0)} ms\n`);
    assert.ok(toldMs > 1_500 && toldMs < 3_000, `${toldMs} ms`);
    await guarded.arm(INSTANT);
    guarded.hand.setLevel(INSTANT.window, 1);
    assert.ok((await guarded.untilLevel(INSTANT.siren, 1)) < SIREN_MS);
    assert.is((await ground.heard('intrusion', 1, 2_000))[0]?.durable, false);
    await until('the alarm on disk', () => readLeft(ground.data)?.entries.some(({ event }) => event.kind === 'intrusion'));
    // The end of the siren is an event as well: long enough for what was written to be taken for recovered.
    await until(
      'the end of the siren on disk',
      () => readLeft(ground.data)?.entries.some(({ event }) => event.kind === 'omitted'),
      30_000,
    );
    await sleep(6_000);
    assert.is(ground.told('storage-failed').length, 1);
    assert.equal(ground.told('storage-restored'), []);
    await guarded.stop();
    const left = readLeft(ground.data);
    const [kept, seen] = [kindsOf(left?.entries.map(({ event }) => event) ?? []), kindsOf(guarded.events)];
    assert.equal(
      seen.filter((event) => !kept.includes(event)),
      [],
      'a clean stop leaves nothing in memory alone',
    );
  }));

test.run();
