/** What every store does, whatever is under it. Run on the fake and on the real one. */
import { createHash } from 'node:crypto';

import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import type { Lane } from '../../src/core/event.ts';
import { wall } from '../../src/core/time.ts';
import type { Commit, JournalEntry, OpenResult, Restored, Store } from '../../src/ports/store.ts';
import { chainPlaceAtStart, linkFault } from '../../src/protocol/chain.ts';

/** A place that is opened again and again. `open` resolves with the outcome; nothing is shared but what is on the disk. */
export type Place = { readonly open: () => Promise<OpenResult>; readonly remove: () => Promise<void> };

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const entry = (name: string, more: Partial<JournalEntry> = {}): JournalEntry => ({
  body: JSON.stringify({ kind: name }),
  at: wall(1_000),
  access: false,
  ...more,
});

export const delivered = (lane: Lane, seq: number, name = `${lane}-${seq}`): JournalEntry =>
  entry(name, { delivery: { lane, seq, message: JSON.stringify({ message: name }) } });

/** Told to the centre, about a person. */
const ofLea = (seq: number, at: number, access: boolean): JournalEntry => ({
  body: `{"kind":"disarmed","user":"lea","n":${seq}}`,
  at: wall(at),
  access,
  delivery: {
    lane: 'event',
    seq,
    message: `{"kind":"disarmed","user":"lea","operator":"o","detail":{"by":"lea"},"n":${seq}}`,
  },
});

export const commitOf = (commit: Partial<Commit>): Commit => ({ entries: [], parts: [], recorded: [], ...commit });
export const wholeOf = (parts: Readonly<Record<string, string>>, entries: readonly JournalEntry[] = []): Commit =>
  commitOf({ whole: true, parts: Object.entries(parts).map(([key, json]) => ({ key, json })), entries });

export type Opened = { readonly store: Store; readonly restored: Restored };

export const opened = (result: OpenResult): Opened => {
  if (!result.ok) throw new Error(`not opened: ${result.reason}`);
  return result;
};

export const rowsOf = async (store: Store, lane: Lane): Promise<readonly string[]> => {
  const pending = await store.pending(lane, 0, 10_000);
  if (!pending.ok) throw new Error(pending.reason);
  return pending.value.map((row) => `${row.seq} ${row.message}`);
};

export const seqsOf = async (store: Store, lane: Lane): Promise<readonly number[]> => {
  const pending = await store.pending(lane, 0, 10_000);
  if (!pending.ok) throw new Error(pending.reason);
  return pending.value.map((row) => row.seq);
};

const CLOCK = { bootId: 'b1', monotonicMs: 5_000, wallMs: 1_700_000_000_000, runningMs: 90_000 };

export const storeContract = (name: string, makePlace: () => Place): void => {
  const test = suite<{ place: Place }>(`store contract on ${name}`);
  test.before.each((context) => {
    context.place = makePlace();
  });
  test.after.each(async ({ place }) => {
    await place.remove();
  });

  test('a new place: nothing, epoch of 16 hex digits, first start', async ({ place }) => {
    const { store, restored } = opened(await place.open());
    assert.is(restored.found, 'fresh');
    assert.equal(restored.problems, []);
    assert.match(restored.epoch, /^[0-9a-f]{16}$/);
    assert.is(restored.previousEpoch, undefined);
    assert.is(restored.boot, 1);
    assert.equal(restored.nextSeq, { alarm: 1, event: 1 });
    assert.is(restored.journalNumber, 0);
    assert.is(restored.clock, undefined);
    assert.is(restored.mirror, undefined);
    await store.close();
  });

  test('what was committed is there after closing, under the same epoch, and the start is counted', async ({ place }) => {
    const first = opened(await place.open());
    const result = await first.store.commit(
      wholeOf({ 'area/0': '{"a":1}', 'zone/1': '{"z":1}' }, [delivered('alarm', 1), entry('quiet')]),
    );
    assert.is(result.ok && result.journalNumber, 2);
    await first.store.close();
    const { store, restored } = opened(await place.open());
    assert.is(restored.found, 'state');
    assert.equal(
      [...restored.parts],
      [
        ['area/0', '{"a":1}'],
        ['zone/1', '{"z":1}'],
      ],
    );
    assert.is(restored.epoch, first.restored.epoch);
    assert.is(restored.boot, 2);
    assert.equal(restored.nextSeq, { alarm: 2, event: 1 });
    assert.is(restored.outboxDepth, 1);
    assert.is(restored.journalNumber, 2);
    assert.is(result.ok && result.chainHead, restored.chainHead);
    assert.equal(await rowsOf(store, 'alarm'), ['1 {"message":"alarm-1"}']);
    assert.equal(await rowsOf(store, 'event'), []);
    await store.close();
  });

  test('the first commit of a place has to be whole; a refused one leaves nothing', async ({ place }) => {
    const { store } = opened(await place.open());
    const refused = await store.commit(commitOf({ parts: [{ key: 'area/0', json: '1' }], entries: [entry('x')] }));
    assert.equal(refused, { ok: false, reason: 'whole-needed', applied: 'no' });
    const journal = await store.journal(1, 10);
    assert.is(journal.ok && journal.value.length, 0);
    await store.close();
  });

  test('a change replaces its parts only; a whole one removes the parts it does not name', async ({ place }) => {
    const first = opened(await place.open());
    await first.store.commit(wholeOf({ a: '1', b: '1', c: '1' }));
    await first.store.commit(commitOf({ parts: [{ key: 'b', json: '2' }] }));
    await first.store.close();
    const second = opened(await place.open());
    assert.equal(Object.fromEntries(second.restored.parts), { a: '1', b: '2', c: '1' });
    await second.store.commit(wholeOf({ b: '3' }));
    await second.store.close();
    const third = opened(await place.open());
    assert.equal(Object.fromEntries(third.restored.parts), { b: '3' });
    await third.store.close();
  });

  test('commits asked at once keep their order', async ({ place }) => {
    const { store } = opened(await place.open());
    const asked = [
      wholeOf({ a: '0' }),
      ...Array.from({ length: 50 }, (_, index) => commitOf({ entries: [delivered('event', index + 1)] })),
    ];
    const results = await Promise.all(asked.map((commit) => store.commit(commit)));
    assert.ok(results.every((result) => result.ok));
    assert.equal(
      await seqsOf(store, 'event'),
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    assert.equal(
      results.map((result) => (result.ok ? result.journalNumber : -1)),
      Array.from({ length: 51 }, (_, index) => index),
    );
    await store.close();
  });

  test('a number that was used is refused, and so are changes after it, until a whole commit', async ({ place }) => {
    const { store } = opened(await place.open());
    await store.commit(wholeOf({ a: '1' }, [delivered('alarm', 1), delivered('alarm', 2)]));
    const again = await store.commit(commitOf({ entries: [delivered('alarm', 2, 'other')] }));
    assert.equal(again, { ok: false, reason: 'out-of-order', applied: 'no' });
    const after = await store.commit(commitOf({ parts: [{ key: 'a', json: '2' }] }));
    assert.equal(after, { ok: false, reason: 'whole-needed', applied: 'no' });
    assert.ok((await store.commit(wholeOf({ a: '3' }, [delivered('alarm', 3)]))).ok);
    assert.equal(await rowsOf(store, 'alarm'), ['1 {"message":"alarm-1"}', '2 {"message":"alarm-2"}', '3 {"message":"alarm-3"}']);
    await store.close();
  });

  test('acknowledging is cumulative, by lane, and lasts', async ({ place }) => {
    const first = opened(await place.open());
    const { epoch } = first.restored;
    await first.store.commit(
      wholeOf(
        {},
        [1, 2, 3].flatMap((seq) => [delivered('alarm', seq), delivered('event', seq)]),
      ),
    );
    assert.equal(await first.store.acknowledge(epoch, 'alarm', 2), { ok: true, removed: 2 });
    assert.equal(await first.store.acknowledge(epoch, 'alarm', 1), { ok: true, removed: 0 });
    await first.store.close();
    const { store, restored } = opened(await place.open());
    assert.equal(restored.acknowledged, { alarm: 2, event: 0 });
    assert.equal(restored.nextSeq, { alarm: 4, event: 4 });
    assert.equal(await seqsOf(store, 'alarm'), [3]);
    assert.equal(await seqsOf(store, 'event'), [1, 2, 3]);
    await store.close();
  });

  test('an acknowledgement of what was never sent removes nothing', async ({ place }) => {
    const { store, restored } = opened(await place.open());
    await store.commit(wholeOf({}, [delivered('alarm', 1)]));
    assert.equal(await store.acknowledge(restored.epoch, 'alarm', 2), { ok: false, reason: 'beyond-sent' });
    assert.equal(await store.acknowledge('0123456789abcdef', 'alarm', 1), { ok: false, reason: 'unknown-epoch' });
    assert.equal(await seqsOf(store, 'alarm'), [1]);
    await store.close();
  });

  test('pending goes on after a journal number, and is limited', async ({ place }) => {
    const { store } = opened(await place.open());
    await store.commit(wholeOf({}, [delivered('alarm', 1), delivered('event', 1), delivered('alarm', 2), delivered('alarm', 3)]));
    const first = await store.pending('alarm', 0, 2);
    assert.equal(first.ok && first.value.map(({ number, seq, form }) => ({ number, seq, form })), [
      { number: 1, seq: 1, form: 'message' },
      { number: 3, seq: 2, form: 'message' },
    ]);
    const rest = await store.pending('alarm', 3, 2);
    assert.equal(rest.ok && rest.value.map((row) => row.seq), [3]);
    await store.close();
  });

  test('a new epoch renumbers what is pending from 1 and names the one before', async ({ place }) => {
    const first = opened(await place.open());
    const { epoch } = first.restored;
    await first.store.commit(
      wholeOf({}, [delivered('alarm', 1), delivered('alarm', 2), delivered('alarm', 3), delivered('event', 1)]),
    );
    await first.store.acknowledge(epoch, 'alarm', 1);
    const changed = await first.store.newEpoch({ epoch: 'aaaaaaaaaaaaaaaa', pending: 'renumber' });
    assert.equal(changed.ok && changed.value, {
      epoch: 'aaaaaaaaaaaaaaaa',
      previousEpoch: epoch,
      nextSeq: { alarm: 3, event: 2 },
      acknowledged: { alarm: 0, event: 0 },
    });
    assert.equal(await rowsOf(first.store, 'alarm'), ['1 {"message":"alarm-2"}', '2 {"message":"alarm-3"}']);
    assert.ok((await first.store.commit(commitOf({ entries: [delivered('alarm', 3)] }))).ok);
    await first.store.close();
    const { store, restored } = opened(await place.open());
    assert.is(restored.epoch, 'aaaaaaaaaaaaaaaa');
    assert.is(restored.previousEpoch, epoch);
    assert.equal(await store.acknowledge('aaaaaaaaaaaaaaaa', 'alarm', 2), { ok: true, removed: 2 });
    await store.close();
  });

  test('a new epoch can leave what is pending under its own name and number', async ({ place }) => {
    const { store, restored } = opened(await place.open());
    await store.commit(wholeOf({}, [delivered('alarm', 1), delivered('alarm', 2)]));
    await store.newEpoch({ epoch: 'bbbbbbbbbbbbbbbb', pending: 'keep' });
    await store.commit(wholeOf({}, [delivered('alarm', 1, 'from memory')]));
    const pending = await store.pending('alarm', 0, 10);
    assert.equal(pending.ok && pending.value.map((row) => [row.epoch, row.seq]), [
      [restored.epoch, 1],
      [restored.epoch, 2],
      ['bbbbbbbbbbbbbbbb', 1],
    ]);
    assert.equal(await store.acknowledge('bbbbbbbbbbbbbbbb', 'alarm', 1), { ok: true, removed: 1 });
    assert.equal(await store.acknowledge(restored.epoch, 'alarm', 1), { ok: true, removed: 1 });
    assert.equal(await seqsOf(store, 'alarm'), [2]);
    await store.close();
  });

  test('the journal is a chain that anyone can check', async ({ place }) => {
    const { store } = opened(await place.open());
    const last = await store.commit(
      wholeOf(
        {},
        ['été', 'two', 'three'].map((name) => entry(name)),
      ),
    );
    const journal = await store.journal(1, 10);
    assert.ok(journal.ok);
    let reached = chainPlaceAtStart;
    for (const record of journal.value) {
      assert.is(linkFault(sha256, reached, record), undefined);
      reached = record;
    }
    assert.equal(await store.verify(), { ok: true, records: 3, purged: 0, head: last.ok ? last.chainHead : '', gaps: [] });
    const tail = await store.journal(3, 10);
    assert.equal(tail.ok && tail.value.map((record) => record.body), ['{"kind":"three"}']);
    await store.close();
  });

  test('purging forgets old access records and nothing else, and the chain still verifies', async ({ place }) => {
    const first = opened(await place.open());
    const old = { at: wall(1_000), access: true };
    const recent = { at: wall(9_000), access: true };
    await first.store.commit(wholeOf({}, [entry('alarm', { at: wall(1_000) }), entry('old', old), entry('recent', recent)]));
    assert.equal(await first.store.purgeAccess(wall(5_000)), { ok: true, value: 1 });
    assert.equal(await first.store.purgeAccess(wall(5_000)), { ok: true, value: 0 });
    await first.store.close();
    const { store } = opened(await place.open());
    const journal = await store.journal(1, 10);
    assert.equal(journal.ok && journal.value.map((record) => record.body), ['{"kind":"alarm"}', undefined, '{"kind":"recent"}']);
    assert.is(journal.ok && journal.value[1]?.salt, undefined);
    const verified = await store.verify();
    assert.equal(verified.ok && [verified.records, verified.purged], [3, 1]);
    await store.close();
  });

  test('what the centre has never acknowledged goes on waiting after a purge, and names nobody', async ({ place }) => {
    const first = opened(await place.open());
    await first.store.commit(wholeOf({}, [ofLea(1, 1_000, true), ofLea(2, 9_000, true), ofLea(3, 1_000, false)]));
    assert.equal(await first.store.purgeAccess(wall(5_000)), { ok: true, value: 1 });
    await first.store.close();
    const { store } = opened(await place.open());
    const rows = await rowsOf(store, 'event');
    assert.is(rows.length, 3, 'no number is missing');
    assert.is(rows[0], '1 {"kind":"disarmed","n":1}');
    assert.ok(rows.slice(1).every((row) => row.includes('"user":"lea"')));
    await store.close();
  });

  test('clock and mirror come back as last saved', async ({ place }) => {
    const first = opened(await place.open());
    assert.ok((await first.store.saveClock(CLOCK, false)).ok);
    assert.ok((await first.store.saveClock({ ...CLOCK, runningMs: 91_000 }, true)).ok);
    assert.ok((await first.store.mirror('{"mode":"full"}')).ok);
    await first.store.commit(wholeOf({ a: '1' }));
    await first.store.close();
    const { store, restored } = opened(await place.open());
    assert.equal(restored.clock, { ...CLOCK, runningMs: 91_000 });
    assert.is(restored.mirror, '{"mode":"full"}');
    await store.close();
  });

  test('a second opener is refused until the first has closed', async ({ place }) => {
    const first = opened(await place.open());
    assert.equal(await place.open(), { ok: false, reason: 'locked' });
    await first.store.commit(wholeOf({ a: '1' }));
    await first.store.close();
    const second = opened(await place.open());
    assert.is(second.restored.boot, 2);
    await second.store.close();
  });

  test('a closed store answers so, and never rejects', async ({ place }) => {
    const { store, restored } = opened(await place.open());
    await store.close();
    assert.equal(await store.commit(wholeOf({})), { ok: false, reason: 'closed', applied: 'no' });
    assert.equal(await store.acknowledge(restored.epoch, 'alarm', 0), { ok: false, reason: 'closed' });
    assert.equal(await store.pending('alarm', 0, 1), { ok: false, reason: 'closed' });
    assert.equal(await store.saveClock(CLOCK, false), { ok: false, reason: 'closed' });
    assert.equal(await store.mirror('{}'), { ok: false, reason: 'closed' });
    assert.equal(await store.verify(), { ok: false, reason: 'closed' });
    await store.close();
  });

  test('health tells depth, number, head and work done', async ({ place }) => {
    const { store } = opened(await place.open());
    const committed = await store.commit(wholeOf({ a: '1' }, [delivered('alarm', 1), entry('x')]));
    const health = await store.health();
    assert.is(health.outboxDepth, 1);
    assert.is(health.journalNumber, 2);
    assert.is(health.chainHead, committed.ok ? committed.chainHead : '');
    assert.is(health.failing, undefined);
    assert.is(health.transactions, 1);
    assert.ok(health.databaseBytes > 0 && health.freeBytes > 0);
    await store.close();
  });

  test.run();
};
