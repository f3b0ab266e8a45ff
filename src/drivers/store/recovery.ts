/** Opens the database of a folder and repairs it where it is damaged; and reads one that cannot be written, from a copy. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { StoreFailure, StoreProblem } from '../../ports/store.ts';
import { DAMAGE_MARK } from './holder.ts';
import { DATABASE } from './ledger.ts';
import { REBUILT, finishRepair } from './repair.ts';
import type { Limits, Opened } from './requests.ts';
import { type Thread, startThread } from './thread.ts';

export const DAMAGED = 'damaged';
const DAMAGED_KEPT = 3;

export type Recovered =
  | {
      readonly ok: true;
      readonly thread: Thread;
      readonly opened: Extract<Opened, { kind: 'open' }>;
      readonly problems: readonly StoreProblem[];
    }
  | { readonly ok: false; readonly reason: StoreFailure | 'newer-data' };

type Attempt = { readonly folder: string; readonly epoch: string; readonly limits: Limits };

const endingWith = async <T>(thread: Thread, value: T): Promise<T> => {
  await thread.end();
  return value;
};

const openOnce = async ({ folder, epoch, limits }: Attempt, thread: Thread): Promise<Recovered> => {
  const thorough = existsSync(join(folder, DAMAGE_MARK));
  const answer = await thread.call('open', { folder, limits, epochIfNew: epoch, expect: undefined, thorough });
  if (!answer.ok) return { ok: false, reason: answer.reason };
  if (answer.value.kind !== 'open') return { ok: false, reason: answer.value.kind === 'newer-data' ? 'newer-data' : 'io' };
  rmSync(join(folder, DAMAGE_MARK), { force: true });
  return { ok: true, thread, opened: answer.value, problems: [] };
};

/** Copies the files as they were found, before anything is done to them. Of many, the newest are kept. */
const keepEvidence = (folder: string): boolean => {
  try {
    const kept = join(folder, DAMAGED);
    mkdirSync(kept, { recursive: true });
    const numbers = readdirSync(kept)
      .map(Number)
      .filter(Number.isSafeInteger)
      .toSorted((one, other) => one - other);
    for (const old of numbers.slice(0, Math.max(0, numbers.length - DAMAGED_KEPT + 1))) {
      rmSync(join(kept, String(old)), { recursive: true });
    }
    const place = join(kept, String((numbers.at(-1) ?? 0) + 1));
    mkdirSync(place);
    copyDatabase(folder, place);
    return true;
  } catch {
    return false;
  }
};

const copyDatabase = (from: string, to: string): void => {
  for (const name of [DATABASE, `${DATABASE}-wal`, REBUILT]) {
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  }
};

const repairAndOpen = async (attempt: Attempt, kept: boolean): Promise<Recovered> => {
  const { folder, epoch } = attempt;
  const mender = startThread();
  await mender.call('mend', { folder });
  await mender.end();
  const repairer = startThread();
  const answer = await endingWith(repairer, await repairer.call('repair', { folder, epoch }));
  if (!answer.ok) return { ok: false, reason: answer.reason };
  finishRepair(folder);
  const thread = startThread();
  const recovered = await openOnce(attempt, thread);
  if (!recovered.ok) return endingWith(thread, recovered);
  return { ...recovered, problems: [...answer.value.problems, ...(kept ? [] : (['evidence-not-kept'] as const))] };
};

/** `epoch`: for a new database, and for one that has to be repaired. */
export const openOrRepair = async (attempt: Attempt): Promise<Recovered> => {
  finishRepair(attempt.folder);
  const thread = startThread();
  const recovered = await openOnce(attempt, thread);
  if (recovered.ok) return recovered;
  if (recovered.reason !== 'corrupt') return endingWith(thread, recovered);
  // Before the thread ends: closing the database would move its log into it.
  const kept = keepEvidence(attempt.folder);
  await thread.end();
  return repairAndOpen(attempt, kept);
};

/** Reads, by way of a copy elsewhere, what is in a folder that cannot be written. The thread is ended. */
export const readByCopy = async (attempt: Attempt, temporaryFolder: string): Promise<Recovered> => {
  let copy: string | undefined;
  try {
    copy = mkdtempSync(join(temporaryFolder, 'vigie-'));
    copyDatabase(attempt.folder, copy);
    const recovered = await openOrRepair({ ...attempt, folder: copy });
    return recovered.ok ? await endingWith(recovered.thread, recovered) : recovered;
  } catch {
    return { ok: false, reason: 'io' };
  } finally {
    if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
  }
};
