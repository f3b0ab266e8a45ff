import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventOf } from '../../src/core/frame.ts';
import type { EventKind } from '../../src/core/event.ts';
import { monotonic } from '../../src/core/time.ts';
import type { Commit, CommitResult, Store } from '../../src/ports/store.ts';
import { makeLedger, outboxHeads, pendingRows, writeStep } from '../../src/runtime/ledger.ts';
import type { Ledger } from '../../src/runtime/ledger.ts';
import { practice } from '../support/site.ts';
import { world } from '../support/world.ts';

const test = suite('ledger');

type Asked = { readonly commit: Commit; readonly answer: (result: CommitResult) => void };

const notAsked = (): never => {
  throw new Error('not asked for in this test');
};

/** A store whose commits are answered when the test says so. */
const slowStore = (asked: Asked[]): Store => ({
  commit: (commit) => new Promise((answer) => asked.push({ commit, answer })),
  acknowledge: notAsked,
  pending: notAsked,
  newEpoch: notAsked,
  saveClock: notAsked,
  mirror: notAsked,
  purgeAccess: notAsked,
  journal: notAsked,
  verify: notAsked,
  health: notAsked,
  thread: notAsked,
  close: notAsked,
});

const bench = () => {
  const asked: Asked[] = [];
  const told: number[] = [];
  const site = practice();
  const { state } = world(site);
  const ledger: Ledger = makeLedger({
    site,
    store: slowStore(asked),
    numbering: { epoch: 'e', previousEpoch: undefined, nextSeq: { alarm: 1, event: 1 }, acknowledged: { alarm: 0, event: 0 } },
    boot: 1,
    journalNumber: 0,
    outboxDepth: 0,
    chainHead: '',
    configHash: 'c',
    version: '0',
    now: () => 0,
    randomEpoch: () => 'f',
    log: () => undefined,
    ownParts: () => [],
    onOutbox: () => told.push(outboxHeads(ledger).heads.alarm),
    onStorage: () => undefined,
  });
  const write = (kind: EventKind): void => {
    const event = eventOf({ site, now: state.at, state, events: [] }, kind, { area: 'cabinet' });
    writeStep(
      ledger,
      { before: state, after: state, input: { kind: 'tick' }, now: monotonic(0), events: [event] },
      [],
      () => undefined,
    );
  };
  return { asked, told, ledger, write };
};

const committed = (journalNumber: number): CommitResult => ({ ok: true, journalNumber, chainHead: 'h', recordingFull: false });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('two commits under way: the path hears of each alarm only once it is on disk, and then gets it', async () => {
  const { asked, told, ledger, write } = bench();
  write('tamper');
  write('intrusion');
  assert.is(asked.length, 2);
  assert.equal(told, [], 'nothing is told before the disk has it');

  asked[0]?.answer(committed(1));
  await settled();
  assert.equal(told, [1], 'the second alarm is not on disk yet');
  const first = pendingRows(ledger, 'alarm', 0, 20);
  assert.ok('ok' in first && first.ok && first.value.length === 1);

  asked[1]?.answer(committed(2));
  await settled();
  assert.equal(told, [1, 2]);
  const second = pendingRows(ledger, 'alarm', 1, 20);
  assert.ok('ok' in second && second.ok && second.value.length === 1 && second.value[0]?.seq === 2);
});

test.run();
