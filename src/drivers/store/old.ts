/**
 * Copies of what people did, outside the journal: recordings, inputs set aside, databases kept at a repair or an upgrade.
 * They go as the journal's own records do, by the age of what was last written to them.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['recorder', 'quarantine', 'damaged', 'backup'] as const;

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    // Most data folders have no damage and no upgrade to keep.
    return [];
  }
};

const removeIfOld = (path: string, before: number): void => {
  try {
    if (statSync(path).mtimeMs < before) rmSync(path, { recursive: true, force: true });
  } catch {
    // What cannot be removed now is tried again with the next purge.
  }
};

/** A recording that is written to is never older than its last line. */
export const removeOld = (dataFolder: string, before: number): void => {
  for (const folder of FOLDERS) {
    for (const name of namesIn(join(dataFolder, folder))) removeIfOld(join(dataFolder, folder, name), before);
  }
};
