import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import { openMemoryStore } from '../../src/drivers/store-memory/memoryStore.ts';
import { openStore } from '../../src/drivers/store/openStore.ts';
import { sha256, storeContract } from './storeContract.ts';

storeContract('memory', () => {
  const disk = createMemoryDisk();
  return { open: () => openMemoryStore({ disk, sha256, randomBytes }), remove: async () => {} };
});

storeContract('libsql in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-store-'));
  return {
    open: () => openStore({ folder, randomBytes }),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
