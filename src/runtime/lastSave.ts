/** Before the end: what is in memory alone, because the disk failed or is slow, would be lost with the process. */
import { recover } from './ledger.ts';
import type { Ledger } from './ledger.ts';

/** A disk that takes longer is not waited for: whoever stops us would kill us. */
const LAST_SAVE_MS = 6_000;

export const saveMemory = (ledger: Ledger): Promise<void> =>
  new Promise((resolve) => {
    const limit = setTimeout(resolve, LAST_SAVE_MS);
    void writeAll(ledger).finally(() => {
      clearTimeout(limit);
      resolve();
    });
  });

const writeAll = async (ledger: Ledger): Promise<void> => {
  ledger.isEnding = true;
  await ledger.recovery;
  if (ledger.isDegraded && ledger.memory.unwritten().entries.length > 0) await recover(ledger);
};
