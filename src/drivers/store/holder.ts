/**
 * Holds the thread with the database and, where that was lost or never could be opened, tries again when it is next
 * needed: a disk that was full or read-only comes back without a restart.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { StoreFailure, StoreThread } from '../../ports/store.ts';
import { type Lock, takeLock } from './lock.ts';
import type { Answer, CallName, Calls, Limits } from './requests.ts';
import { type Thread, startThread } from './thread.ts';

/** Left in the folder when damage was met while running: the next start then checks every page. */
export const DAMAGE_MARK = 'damage-seen';

export type Identity = {
  readonly folder: string;
  readonly limits: Limits;
  epoch: string;
  readonly boot: number;
  /** The database could not be made yet. */
  isNew: boolean;
};

export type Holder = {
  readonly call: <K extends CallName>(name: K, argument: Calls[K][0]) => Promise<Answer<Calls[K][1]>>;
  /** Undefined while there is no thread: none could be opened, or it was given up. */
  readonly signs: () => StoreThread | undefined;
  readonly close: () => Promise<void>;
};

type Live = { readonly ok: true; readonly thread: Thread } | { readonly ok: false; readonly reason: StoreFailure };

/** A connection that met one of these is not trusted any more, or holds files opened for reading only. */
const ENDS_CONNECTION: ReadonlySet<StoreFailure> = new Set(['corrupt', 'io', 'read-only']);

const markDamage = (folder: string): void => {
  try {
    writeFileSync(join(folder, DAMAGE_MARK), '');
  } catch {
    // Where not even this can be written, the next start checks what it would check anyway.
  }
};

export const holdDatabase = (identity: Identity, initial: Thread | undefined, initialLock: Lock | undefined): Holder => {
  let thread = initial;
  let lock = initialLock;
  let opening: Promise<Live> | undefined;
  let ending: Promise<void> | undefined;
  let closed = false;

  const takeMissingLock = (): StoreFailure | undefined => {
    if (lock) return undefined;
    const taken = takeLock(identity.folder);
    if (!taken.ok) return taken.reason;
    lock = taken.lock;
    return undefined;
  };

  const open = async (): Promise<Live> => {
    await ending;
    const unlocked = takeMissingLock();
    if (unlocked) return { ok: false, reason: unlocked };
    const { folder, limits, epoch, boot, isNew } = identity;
    const started = startThread();
    const epochIfNew = isNew ? epoch : undefined;
    const answer = await started.call('open', { folder, limits, epochIfNew, expect: { epoch, boot }, thorough: false });
    if (answer.ok && answer.value.kind === 'open') {
      identity.isNew = false;
      thread = started;
      return { ok: true, thread: started };
    }
    await started.end();
    return { ok: false, reason: answer.ok ? 'io' : answer.reason };
  };

  const live = (): Promise<Live> => {
    if (closed) return Promise.resolve({ ok: false, reason: 'closed' });
    if (thread) return Promise.resolve({ ok: true, thread });
    opening ??= open().finally(() => {
      opening = undefined;
    });
    return opening;
  };

  /** Nobody waits for the end but the next opening: a disk that hangs must not hold back the answer. */
  const giveUp = (failed: Thread, reason: StoreFailure): void => {
    if (reason === 'corrupt') markDamage(identity.folder);
    if (!ENDS_CONNECTION.has(reason) || thread !== failed) return;
    thread = undefined;
    ending = failed.end();
  };

  const call = async <K extends CallName>(name: K, argument: Calls[K][0]): Promise<Answer<Calls[K][1]>> => {
    const now = await live();
    if (!now.ok) return { ok: false, reason: now.reason, applied: 'no' };
    const answer = await now.thread.call(name, argument);
    if (!answer.ok) giveUp(now.thread, answer.reason);
    return answer;
  };

  const close = async (): Promise<void> => {
    closed = true;
    await ending;
    await opening;
    await thread?.call('finish', undefined);
    await thread?.end();
    thread = undefined;
    lock?.release();
  };

  return { call, signs: () => thread?.signs(), close };
};
