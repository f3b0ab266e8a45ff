/**
 * A guarded site within this process: the controller as `vigie run` puts it together, on a real data folder, with a
 * broker and a centre of its own, a simulated board in the test's hand and a wall clock that can be set.
 */
import { join } from 'node:path';
import { assemble } from '../../src/cli/assemble.ts';
import type { Assembly } from '../../src/cli/assemble.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { loadSite } from '../../src/config/load.ts';
import type { SiteFile } from '../../src/config/siteFile.ts';
import type { Event } from '../../src/core/event.ts';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import type { Hand } from '../../src/drivers/sim/hand.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Restored } from '../../src/ports/store.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { restingReadings } from '../../src/scenario/electric.ts';
import { machineMs, until } from './controllerProcess.ts';
import { KILL_CODE, killSite } from './killSite.ts';
import type { KillArea } from './killSite.ts';
import { startTestCentre } from './testCentre.ts';
import type { TestCentre, Told } from './testCentre.ts';

const SITE = 'here';

export type SettableClock = Clock & { readonly setBy: (ms: number) => void; readonly trust: (synchronised: boolean) => void };

export const settableClock = (): SettableClock => {
  let offset = 0;
  let synchronised = true;
  return {
    machineMs,
    wallMs: () => Date.now() + offset,
    isSynchronised: () => synchronised,
    bootId: 'this-machine',
    setBy: (ms) => (offset += ms),
    trust: (is) => (synchronised = is),
  };
};

/** Broker and centre, over several lives of one controller. */
export type Ground = {
  readonly data: string;
  readonly centre: TestCentre;
  readonly broker: string;
  readonly told: (kind: string) => readonly Told[];
  /** Waits until the centre has heard that many of a kind. */
  readonly heard: (kind: string, count?: number, patienceMs?: number) => Promise<readonly Told[]>;
  readonly close: () => Promise<void>;
};

export const groundIn = async (folder: string): Promise<Ground> => {
  const started = await startBroker({ port: 0, host: '127.0.0.1' });
  if (started.kind === 'failed') throw new Error(started.reason);
  const centre = await startTestCentre(started.broker.url);
  const told = (kind: string): readonly Told[] => centre.arrived(SITE).filter((one) => one.kind === kind);
  return {
    data: join(folder, 'data'),
    centre,
    broker: started.broker.url,
    told,
    heard: (kind, count = 1, patienceMs = 15_000) =>
      until(`${count} ${kind} at the centre`, () => (told(kind).length >= count ? told(kind) : undefined), patienceMs),
    close: async () => {
      await centre.close();
      await started.broker.close();
    },
  };
};

export type Guarded = {
  readonly controller: Controller;
  readonly restored: Restored;
  readonly hand: Hand;
  /** Every event that was stored, or kept in memory, in its order. */
  readonly events: readonly Event[];
  readonly logged: readonly string[];
  readonly fatal: readonly string[];
  readonly levelOf: (line: string) => 0 | 1 | undefined;
  /** Resolves with how long it took until the line stood so, milliseconds. */
  readonly untilLevel: (line: string, level: 0 | 1, patienceMs?: number) => Promise<number>;
  readonly arm: (area: KillArea) => Promise<void>;
  readonly disarm: (area: KillArea) => Promise<void>;
  /** Ends cleanly; a second time it does nothing more. */
  readonly stop: () => Promise<void>;
};

export type GuardOptions = Partial<Pick<Assembly, 'clock' | 'commitDelayMs' | 'maxDatabaseBytes'>> & {
  readonly change?: (file: SiteFile) => SiteFile | Promise<SiteFile>;
};

const siteFile = (): SiteFile => {
  const loaded = loadSite(killSite(SITE), siteTools);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
};

export const guardHere = async (
  { data, broker }: Ground,
  { change = (file) => file, clock = settableClock(), ...limits }: GuardOptions = {},
): Promise<Guarded> => {
  const file = await change(siteFile());
  const board = createSimBoard({ timers: machineTimers, initial: restingReadings(file.core), available: undefined });
  const [events, logged, fatal]: [Event[], string[], string[]] = [[], [], []];
  const assembled = await assemble({
    ...limits,
    choose: () => ({ file, rejected: undefined }),
    dataFolder: data,
    brokerUrl: broker,
    board: () => Promise.resolve({ ok: true, board: { ...board, verbs: [] } }),
    clock,
    language: 'en',
    log: (level, text, facts) => void logged.push(`${level} ${text} ${JSON.stringify(facts)}`),
    onFatal: (reason) => void fatal.push(reason),
    onStepped: (stepped) => void events.push(...stepped.events),
  });
  if (!assembled.ok) throw new Error(assembled.reason);
  const { hand } = board;
  const levelOf = (line: string): 0 | 1 | undefined => {
    const view = hand.look(line);
    return view && 'level' in view ? view.level : undefined;
  };
  const untilLevel = async (line: string, level: 0 | 1, patienceMs = 5_000): Promise<number> => {
    const since = machineMs();
    await until(`${line} at ${level}`, () => levelOf(line) === level, patienceMs);
    return machineMs() - since;
  };
  let stopped: Promise<void> | undefined;
  return {
    stop: () => (stopped ??= assembled.controller.stop()),
    controller: assembled.controller,
    restored: assembled.restored,
    hand,
    events,
    logged,
    fatal,
    levelOf,
    untilLevel,
    arm: async ({ id, lamp }) => {
      hand.keys(id, `1**${KILL_CODE}#`);
      await untilLevel(lamp, 1);
    },
    disarm: async ({ id, lamp }) => {
      hand.keys(id, `${KILL_CODE}#`);
      await untilLevel(lamp, 0);
    },
  };
};
