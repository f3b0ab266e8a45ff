// deadline: 100s
/** A disk of its own that is really full, or read-only, while the site is set. Needs a user who may mount. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mountDisk, newFolder, removeFolders } from '../drivers/fixtures/storeFolder.ts';
import type { Disk } from '../drivers/fixtures/storeFolder.ts';
import { until } from '../support/controllerProcess.ts';
import { readLeft } from '../support/dataFolder.ts';
import type { Left } from '../support/dataFolder.ts';
import { groundIn, guardHere } from '../support/guardedHere.ts';
import type { Guarded } from '../support/guardedHere.ts';
import { KILL_AREAS } from '../support/killSite.ts';

const [, , INSTANT] = KILL_AREAS;
if (!INSTANT) throw new Error('areas');

const DISK_BYTES = 12 * 1024 * 1024;
const SIREN_MS = 300;
/** It tries again each 5 s. */
const RECOVERED_MS = 15_000;

const test = suite('system: disk');
test.after(removeFolders);

/** Read elsewhere: a connection that is closed may hold its file for a while, and the disk could not be taken away. */
const leftOn = (data: string): Left | undefined => {
  const copy = join(newFolder(), 'data');
  cpSync(data, copy, { recursive: true });
  return readLeft(copy);
};

type Failure = { readonly begin: (disk: Disk) => void; readonly end: (disk: Disk) => void };

const ballast = ({ folder }: Disk): string => join(folder, 'ballast');

const fillUp = (disk: Disk): void => {
  try {
    for (;;) writeFileSync(ballast(disk), new Uint8Array(4_096), { flag: 'a' });
  } catch {
    // Full.
  }
};

const FAILURES: Readonly<Record<string, Failure>> = {
  'disk-full': { begin: fillUp, end: (disk) => rmSync(ballast(disk)) },
};

/** Events that need room, until there is none. */
const untilFailed = ({ controller, logged }: Guarded): Promise<boolean> => {
  const text = 'x'.repeat(2_000);
  return until('a disk that fails', () => {
    controller.submit({ kind: 'report', event: 'input-overflow', facts: { detail: { text } } });
    return logged.some((line) => line.includes('storage failed'));
  });
};

for (const [reason, failure] of Object.entries(FAILURES)) {
  test(`${reason} while set: siren and alarm from memory, the fault told; afterwards everything is on disk`, async () => {
    const disk = mountDisk(DISK_BYTES);
    if (!disk) throw new Error('no file system can be mounted here: run the tests as root');
    const ground = await groundIn(disk.folder);
    const guarded = await guardHere(ground);
    try {
      await guarded.arm(INSTANT);
      failure.begin(disk);
      await untilFailed(guarded);
      assert.is((await ground.heard('storage-failed'))[0]?.detail?.['reason'], reason);
      guarded.hand.setLevel(INSTANT.window, 1);
      assert.ok((await guarded.untilLevel(INSTANT.siren, 1)) < SIREN_MS);
      assert.is((await ground.heard('intrusion'))[0]?.durable, false);
      assert.is(guarded.levelOf(INSTANT.lamp), 1);
      assert.equal(ground.told('storage-restored'), []);

      failure.end(disk);
      await ground.heard('storage-restored', 1, RECOVERED_MS);
      await guarded.stop();
      const kept = leftOn(ground.data)?.entries.map(({ event }) => `${event.kind} ${Number(event.at)}`) ?? [];
      assert.equal(
        kept,
        guarded.events.map(({ kind, at }) => `${kind} ${Number(at)}`),
      );
      assert.equal([ground.centre.conflicts, ground.centre.outOfOrder], [[], []]);
    } finally {
      await guarded.stop();
      await ground.close();
      disk.unmount();
    }
  });
}

test('a read-only data folder at the start: the site is guarded as it was set, the fault told, all stored later', async () => {
  const disk = mountDisk(DISK_BYTES);
  if (!disk) throw new Error('no file system can be mounted here: run the tests as root');
  const ground = await groundIn(disk.folder);
  let second: Guarded | undefined;
  try {
    const first = await guardHere(ground);
    await first.arm(INSTANT);
    await first.stop();
    disk.remount('ro');
    const guarded = await guardHere(ground);
    second = guarded;
    assert.is(guarded.levelOf(INSTANT.lamp), 1);
    await ground.heard('storage-failed');
    guarded.hand.setLevel(INSTANT.window, 1);
    assert.ok((await guarded.untilLevel(INSTANT.siren, 1)) < SIREN_MS);
    assert.is((await ground.heard('intrusion'))[0]?.durable, false);
    disk.remount('rw');
    await ground.heard('storage-restored', 1, RECOVERED_MS);
    await guarded.stop();
    const kept = leftOn(ground.data)?.entries.map(({ event }) => event.kind) ?? [];
    assert.equal(
      kept.slice(-guarded.events.length),
      guarded.events.map(({ kind }) => kind),
    );
    assert.equal(ground.centre.conflicts, []);
  } finally {
    await second?.stop();
    await ground.close();
    disk.unmount();
  }
});

test.run();
