/**
 * Loaded into a controller with `node --import`, for what a test cannot do from outside:
 * - After each fdatasync of the saved clock that has returned, a copy of the file is put aside as `clock.slots.synced`. It
 *   is what a power cut at any later instant is sure to leave; the page cache shows the later saves as well.
 * - The wall clock reads VIGIE_TEST_WALL_SHIFT_MS later.
 */
import { copyFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

const handle = await open(process.execPath, 'r');
const handles = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();

type Sync = (this: FileHandle) => Promise<void>;
const datasync = Object.getOwnPropertyDescriptor(handles, 'datasync')?.value as Sync;
handles.datasync = async function (this: FileHandle): Promise<void> {
  await datasync.call(this);
  const path = readlinkSync(`/proc/self/fd/${this.fd}`);
  if (path.endsWith('/clock.slots')) copyFileSync(path, `${path}.synced`);
};

const shiftMs = Number(process.env['VIGIE_TEST_WALL_SHIFT_MS'] ?? 0);
const now = Date.now;
Date.now = () => now() + shiftMs;
