/** The centre's file: durable, appended to only, and readable after whatever happened to its end. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CentreRecord } from '../../src/drivers/centre-store/record.ts';
import { openCentreStore, RECORDS_FILE } from '../../src/drivers/centre-store/store.ts';
import type { CentreStore } from '../../src/drivers/centre-store/store.ts';
import type { EventMessage } from '../../src/protocol/messages.ts';
import { eventMessage } from '../support/speakingSite.ts';

const test = suite('centre store');

const record = (message: EventMessage, hash = 'aa', conflict = false): CentreRecord => ({
  kind: 'event',
  receivedAt: 1,
  hash,
  conflict,
  message,
});

const alarms = (...seqs: readonly number[]): readonly CentreRecord[] =>
  seqs.map((seq) => record(eventMessage('s', 'alarm', seq)));

const place = (seq: number) => ({ site: 's', epoch: 'e1', lane: 'alarm', seq }) as const;

const withFolder = async (check: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-centre-'));
  try {
    await check(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const opened = async (folder: string): Promise<CentreStore> => {
  const opening = await openCentreStore(folder);
  if (!opening.ok) throw new Error(opening.reason);
  return opening.store;
};

/** Opens, looks, closes. */
const look = async <T>(folder: string, see: (store: CentreStore) => T | Promise<T>): Promise<T> => {
  const store = await opened(folder);
  try {
    return await see(store);
  } finally {
    await store.close();
  }
};

const alarmLane = (store: CentreStore): unknown => store.sites()[0]?.epochs[0]?.lanes.alarm;

test('what was appended is there after opening again, by site, epoch, lane and number', async () => {
  await withFolder(async (folder) => {
    await look(folder, async (store) => {
      assert.equal(store.sites(), []);
      assert.equal(await store.append([...alarms(1, 2), record(eventMessage('t', 'event', 1, { epoch: 'e9' }), 'bb')]), {
        ok: true,
      });
      assert.is(store.known(place(2)), 'aa');
      assert.is(store.known(place(3)), undefined);
    });
    await look(folder, (store) => {
      assert.is(store.known(place(1)), 'aa');
      assert.is(store.known({ site: 't', epoch: 'e9', lane: 'event', seq: 1 }), 'bb');
      assert.is(store.known({ site: 't', epoch: 'e9', lane: 'alarm', seq: 1 }), undefined);
      assert.equal(store.sites(), [
        { site: 's', epochs: [{ epoch: 'e1', lanes: { alarm: { head: 2, beyond: [] }, event: { head: 0, beyond: [] } } }] },
        { site: 't', epochs: [{ epoch: 'e9', lanes: { alarm: { head: 0, beyond: [] }, event: { head: 1, beyond: [] } } }] },
      ]);
      assert.is(store.damagedLines, 0);
    });
  });
});

test('gaps, numbers given up as lost and conflicts come back as they were', async () => {
  await withFolder(async (folder) => {
    await look(folder, (store) => store.append(alarms(1, 3, 6)));
    await look(folder, (store) => {
      assert.equal(alarmLane(store), {
        head: 1,
        beyond: [
          { from: 3, to: 3 },
          { from: 6, to: 6 },
        ],
      });
      return store.append([{ kind: 'lost', receivedAt: 2, site: 's', epoch: 'e1', lane: 'alarm', upTo: 4 }]);
    });
    await look(folder, (store) => {
      assert.equal(alarmLane(store), { head: 4, beyond: [{ from: 6, to: 6 }] });
      return store.append([record(eventMessage('s', 'alarm', 3), 'cc', true)]);
    });
    await look(folder, (store) => assert.is(store.known(place(3)), 'aa'));
  });
});

test('a file cut at any byte keeps every whole line before it, and goes on', async () => {
  await withFolder(async (folder) => {
    await look(folder, (store) => store.append(alarms(1, 2, 3)));
    const path = join(folder, RECORDS_FILE);
    const whole = readFileSync(path);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    for (const cut of [0, 1, 17, 40, ...ends.flatMap((end) => [end - 1, end, end + 5])]) {
      if (cut > whole.length) continue;
      writeFileSync(path, whole);
      truncateSync(path, cut);
      const kept = ends.filter((end) => end <= cut).length;
      await look(folder, async (store) => {
        for (const seq of [1, 2, 3])
          assert.is(store.known(place(seq)) !== undefined, seq <= kept, `cut at ${cut}, number ${seq}`);
        assert.ok((await store.append(alarms(kept + 1))).ok);
      });
      assert.is(await look(folder, (store) => store.known(place(kept + 1))), 'aa');
    }
  });
});

test('a damaged line further up is counted and missing; the rest stands', async () => {
  await withFolder(async (folder) => {
    await look(folder, (store) => store.append(alarms(1, 2, 3)));
    const path = join(folder, RECORDS_FILE);
    const bytes = readFileSync(path);
    const second = bytes.indexOf(10) + 60;
    bytes[second] = (bytes[second] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await look(folder, (store) => {
      assert.is(store.damagedLines, 1);
      assert.is(store.known(place(2)), undefined);
      assert.equal(alarmLane(store), { head: 1, beyond: [{ from: 3, to: 3 }] });
    });
    assert.is(statSync(path).size, bytes.length);
  });
});

test('binary rubbish at the end is cut off', async () => {
  await withFolder(async (folder) => {
    await look(folder, (store) => store.append(alarms(1)));
    appendFileSync(
      join(folder, RECORDS_FILE),
      Uint8Array.from({ length: 5_000 }, (_, at) => (at % 255) + (at % 255 === 10 ? 1 : 0)),
    );
    await look(folder, (store) => store.append(alarms(2)));
    await look(folder, (store) => assert.equal(alarmLane(store), { head: 2, beyond: [] }));
  });
});

test('a second receiver on the folder is refused, and welcome after the first', async () => {
  await withFolder(async (folder) => {
    const store = await opened(folder);
    assert.equal(await openCentreStore(folder), { ok: false, reason: 'locked' });
    await store.close();
    await (await opened(folder)).close();
  });
});

test('a folder that is none is said', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    assert.equal(await openCentreStore(file), { ok: false, reason: 'not-a-folder' });
    assert.equal(await openCentreStore(join(file, 'under')), { ok: false, reason: 'not-a-folder' });
  });
});

test.run();
