/**
 * What a walk test needs of a data folder on which a controller may run: a copy of the database, read anew only when it was
 * written since, the clock as it was saved last, and the recording for what the lines say.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteFile } from '../../config/siteFile.ts';
import type { Event } from '../../core/event.ts';
import { stateFromParts } from '../../core/parts.ts';
import { siteOf } from '../../core/site.ts';
import type { Site } from '../../core/site.ts';
import type { State } from '../../core/state.ts';
import { monotonic } from '../../core/time.ts';
import { machineClock } from '../../drivers/clock/clock.ts';
import { DATABASE } from '../../drivers/store/ledger.ts';
import { readSavedClock } from '../../drivers/store/openStore.ts';
import type { ChainRecord } from '../../protocol/chain.ts';
import { CONFIG_PART } from '../../runtime/ledger.ts';
import { eventOf } from '../journal.ts';
import { openJournal } from '../journal/reader.ts';
import type { JournalReader, OpenFault, Verdict } from '../journal/reader.ts';
import { packageVersion } from '../version.ts';
import { followRecording } from './recorded.ts';
import { walkReport } from './report.ts';
import type { WalkReport } from './report.ts';

export type WalkRead = { readonly ok: true; readonly report: WalkReport } | { readonly ok: false; readonly reason: OpenFault };

export type WalkReader = {
  /** As it is now. `verify`: the journal's chain as well, from its first record. */
  readonly look: (verify: boolean) => Promise<WalkRead>;
};

/** What was copied, and how the files stood then. */
type Copied = {
  readonly stamp: string;
  readonly isLive: boolean;
  readonly isOtherConfig: boolean;
  readonly state: State;
  readonly events: readonly Event[];
  /** Number of the last record that was looked at for events. */
  readonly upTo: number;
  readonly journal: Verdict | undefined;
};
type CopyResult = { readonly ok: true; readonly copied: Copied } | { readonly ok: false; readonly reason: OpenFault };

const stampOf = (folder: string): string =>
  [DATABASE, `${DATABASE}-wal`]
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((stat) => `${stat?.size ?? 0}:${stat?.mtimeMs ?? 0}`)
    .join(' ');

export const walkReader = (folder: string, file: SiteFile): WalkReader => {
  const site = siteOf(file.core);
  const follower = followRecording(folder, site, file.hash);
  let last: Copied | undefined;

  const look = async (verify: boolean): Promise<WalkRead> => {
    const stamp = stampOf(folder);
    if (last?.stamp !== stamp || verify) {
      const read = await copyOf({ folder, site, configHash: file.hash, verify, before: last });
      if (!read.ok) return read;
      last = { ...read.copied, stamp };
    }
    const { isOtherConfig, isLive, state, events, journal } = last;
    const report = walkReport({
      config: file.core,
      configHash: file.hash,
      isOtherConfig,
      version: packageVersion(),
      madeAt: Date.now(),
      runningMs: await runningNow(folder),
      state,
      present: isLive ? follower.present() : undefined,
      events,
      journal,
    });
    return { ok: true, report };
  };
  return { look };
};

type Wanted = {
  readonly folder: string;
  readonly site: Site;
  readonly configHash: string;
  readonly verify: boolean;
  readonly before: Copied | undefined;
};

const copyOf = async ({ folder, site, configHash, verify, before }: Wanted): Promise<CopyResult> => {
  const opened = await openJournal(folder);
  if (!opened.ok) return opened;
  const { reader } = opened;
  try {
    const restored = stateFromParts(site, reader.parts, monotonic(0));
    if (!restored.ok) return { ok: false, reason: 'damaged' };
    const stored = reader.parts.get(CONFIG_PART);
    const copied = {
      stamp: '',
      isLive: reader.isLive,
      isOtherConfig: stored !== undefined && stored !== JSON.stringify(configHash),
      state: restored.state,
      events: await testEvents(reader, before),
      upTo: reader.last,
      journal: verify ? await reader.verify() : undefined,
    };
    return { ok: true, copied };
  } finally {
    await reader.close();
  }
};

/** How far back is looked for the last walk test, in records: the first stretch that holds its start will do. */
const STRETCHES = [1_000, 20_000, Number.MAX_SAFE_INTEGER];

const testEvents = async (reader: JournalReader, before: Copied | undefined): Promise<readonly Event[]> => {
  if (before && before.upTo <= reader.last) return [...before.events, ...eventsOf(await reader.records(before.upTo + 1))];
  for (const stretch of STRETCHES) {
    const from = Math.max(1, reader.last - stretch);
    const events = eventsOf(await reader.records(from));
    if (from === 1 || events.some(({ kind }) => kind === 'walk-test-started')) return events;
  }
  return [];
};

const eventsOf = (records: readonly ChainRecord[]): readonly Event[] =>
  records
    .map(eventOf)
    .filter((event) => event !== undefined)
    .filter(({ kind }) => kind === 'walk-test-started' || kind === 'walk-test-ended');

/** A controller saves its clock each 5 s at least. */
const SILENT_MS = 15_000;

const runningNow = async (folder: string): Promise<number | undefined> => {
  const saved = await readSavedClock(folder);
  const clock = machineClock(true);
  if (!saved || saved.bootId !== clock.bootId) return undefined;
  const since = clock.machineMs() - saved.monotonicMs;
  return since > SILENT_MS ? undefined : saved.runningMs + since;
};
