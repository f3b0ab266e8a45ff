/** Events kept in memory while the disk fails: bounded, and the numbers without a hole whatever had to go. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LANES } from '../../src/core/event.ts';
import type { Lane } from '../../src/core/event.ts';
import { wall } from '../../src/core/time.ts';
import type { JournalEntry, OutboxRow } from '../../src/ports/store.ts';
import { bodyOfText, numbersOf } from '../../src/protocol/eventBody.ts';
import { inRanges, withRange } from '../../src/protocol/ranges.ts';
import type { SeqRange } from '../../src/protocol/centreMessages.ts';
import { makeMemoryOutbox } from '../../src/runtime/memoryOutbox.ts';
import type { MemoryOutbox } from '../../src/runtime/memoryOutbox.ts';

const test = suite('memory outbox');

const SENDER = { site: 'cabinet', boot: 3 };
const ALL = 1_000;

const entry = (lane: Lane, seq: number): JournalEntry => ({
  body: JSON.stringify({ kind: 'opening', seq }),
  at: wall(1_000 * seq),
  access: false,
  delivery: { lane, seq, message: `{"text":"${lane} ${seq}"}` },
});

const journalOnly = (name: string): JournalEntry => ({ body: name, at: wall(0), access: false });

const numbersIn = (row: OutboxRow): SeqRange => {
  const body = bodyOfText({ ...SENDER, durable: true }, row.lane, row.seq, row.message);
  return row.message.startsWith('{"text"') ? { from: row.seq, to: row.seq } : numbersOf({ ...body, seq: row.seq });
};

const brief = (outbox: MemoryOutbox, lane: Lane): readonly string[] =>
  outbox.rows(lane, 0, ALL).map((row) => {
    const { from, to } = numbersIn(row);
    return row.message.startsWith('{"text"') ? `${row.seq}` : `dropped ${from}-${to}`;
  });

const keepEvents = (outbox: MemoryOutbox, lane: Lane, from: number, to: number): void => {
  for (let seq = from; seq <= to; seq += 1) outbox.keep('e', [entry(lane, seq)]);
};

test('what there is room for is kept, in its order', () => {
  const outbox = makeMemoryOutbox(SENDER, 4);
  keepEvents(outbox, 'event', 1, 2);
  keepEvents(outbox, 'alarm', 1, 2);
  assert.equal([brief(outbox, 'event'), brief(outbox, 'alarm'), outbox.lost()], [['1', '2'], ['1', '2'], 0]);
});

test('the oldest events go before any alarm, and one record tells of all of them', () => {
  const outbox = makeMemoryOutbox(SENDER, 4);
  keepEvents(outbox, 'alarm', 1, 2);
  keepEvents(outbox, 'event', 1, 6);
  assert.equal(brief(outbox, 'alarm'), ['1', '2']);
  assert.equal(brief(outbox, 'event'), ['dropped 1-5', '6']);
  assert.is(outbox.lost(), 5);
});

test('without events to drop, the oldest alarms go, told as an alarm', () => {
  const outbox = makeMemoryOutbox(SENDER, 3);
  keepEvents(outbox, 'alarm', 1, 5);
  assert.equal(brief(outbox, 'alarm'), ['dropped 1-3', '4', '5']);
  const [record] = outbox.rows('alarm', 0, 1);
  const body = bodyOfText({ ...SENDER, durable: true }, 'alarm', 3, record?.message ?? '');
  assert.equal(body.detail, { lane: 'alarm', from: 1, to: 3, count: 3, reason: 'memory-full' });
  assert.equal([body.kind, body.class, body.durable, body.boot], ['dropped', 'system', false, 3]);
});

test('what the centre or the disk has goes first, and is not lost', () => {
  const outbox = makeMemoryOutbox(SENDER, 4);
  keepEvents(outbox, 'alarm', 1, 2);
  keepEvents(outbox, 'event', 1, 2);
  outbox.acknowledge('e', 'alarm', 1);
  keepEvents(outbox, 'event', 3, 3);
  assert.equal([brief(outbox, 'alarm'), brief(outbox, 'event'), outbox.lost()], [['2'], ['1', '2', '3'], 0]);

  const { entries, upTo } = outbox.unwritten();
  assert.is(entries.length, 4);
  keepEvents(outbox, 'event', 4, 4);
  outbox.written(upTo);
  assert.equal(
    outbox.unwritten().entries.map(({ delivery }) => delivery?.seq),
    [4],
    'what came while the disk was written is not taken for written',
  );
});

test('a row that was handed out never comes to stand for other numbers', () => {
  const outbox = makeMemoryOutbox(SENDER, 4);
  keepEvents(outbox, 'event', 1, 4);
  outbox.rows('event', 0, 2);
  keepEvents(outbox, 'event', 5, 7);
  assert.equal(brief(outbox, 'event'), ['1', '2', 'dropped 3-6', '7']);
  keepEvents(outbox, 'event', 8, 9);
  assert.not.ok(brief(outbox, 'event').includes('dropped 3-9'), 'the record was handed out as 3-6');
});

test('what was never for the centre leaves no record', () => {
  const outbox = makeMemoryOutbox(SENDER, 2);
  outbox.keep('e', [journalOnly('a'), journalOnly('b'), journalOnly('c')]);
  assert.equal(
    outbox.unwritten().entries.map(({ body }) => body),
    ['b', 'c'],
  );
  assert.is(outbox.lost(), 1);
});

type Act = { readonly kind: 'keep' | 'acknowledge' | 'hand-out' | 'write'; readonly lane: Lane; readonly amount: number };

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom('keep', 'keep', 'keep', 'acknowledge', 'hand-out', 'write'),
    lane: fc.constantFrom(...LANES),
    amount: fc.integer({ min: 1, max: 6 }),
  }),
  { maxLength: 60 },
);

const ROOM = 8;

/** Plays the acts and tells which numbers of a lane the centre can still account for. */
const playActs = (
  list: readonly Act[],
): { readonly settled: Record<Lane, readonly SeqRange[]>; readonly heads: Record<Lane, number> } => {
  const outbox = makeMemoryOutbox(SENDER, ROOM);
  const heads: Record<Lane, number> = { alarm: 0, event: 0 };
  const settled: Record<Lane, readonly SeqRange[]> = { alarm: [], event: [] };
  const given = new Map<string, string>();
  const settle = (rows: readonly OutboxRow[]): void => {
    for (const row of rows) {
      const key = `${row.lane} ${row.seq}`;
      assert.is(given.get(key) ?? row.message, row.message, `${key} was handed out as something else`);
      given.set(key, row.message);
      settled[row.lane] = withRange(settled[row.lane], numbersIn(row));
    }
  };
  for (const { kind, lane, amount } of list) {
    if (kind === 'keep') keepEvents(outbox, lane, heads[lane] + 1, (heads[lane] += amount));
    if (kind === 'hand-out') settle(outbox.rows(lane, 0, amount));
    if (kind === 'acknowledge') outbox.acknowledge('e', lane, settled[lane][0]?.from === 1 ? settled[lane][0].to : 0);
    if (kind === 'write') {
      const { entries, upTo } = outbox.unwritten();
      for (const { delivery } of entries) if (delivery) settle([{ ...delivery, number: 0, epoch: 'e', form: 'message' }]);
      outbox.written(upTo);
    }
    assert.ok(outbox.unwritten().entries.length <= ROOM);
  }
  for (const lane of LANES) settle(outbox.rows(lane, 0, ALL));
  return { settled, heads };
};

test('drawn: every number reaches the centre or the disk, or is told as dropped', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const { settled, heads } = playActs(list);
      for (const lane of LANES) {
        for (let seq = 1; seq <= heads[lane]; seq += 1) assert.ok(inRanges(settled[lane], seq), `${lane} ${seq}`);
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
