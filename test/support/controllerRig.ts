/** A controller in this process, from the ports' fakes: memory store, simulated board, no path; clock and core as wanted. */
import { createHash } from 'node:crypto';
import { createMemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import type { MemoryDisk } from '../../src/drivers/store-memory/memoryDisk.ts';
import { openMemoryStore } from '../../src/drivers/store-memory/memoryStore.ts';
import { createSimBoard } from '../../src/drivers/sim/board.ts';
import type { SimBoard } from '../../src/drivers/sim/board.ts';
import { machineTimers } from '../../src/drivers/sim/timers.ts';
import type { Event } from '../../src/core/event.ts';
import type { Site } from '../../src/core/site.ts';
import type { Drive, Lines } from '../../src/ports/lines.ts';
import type { KnownCredential, Secrets } from '../../src/ports/secrets.ts';
import { startController } from '../../src/runtime/controller.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { fullMachine } from '../../src/runtime/machine.ts';
import type { Machine } from '../../src/runtime/machine.ts';
import { machineMs } from './controllerProcess.ts';
import { anyDay } from './people.ts';
import { seeded } from './seeded.ts';

export const CODE = '2580';

export type Rig = {
  readonly controller: Controller;
  readonly board: SimBoard;
  readonly disk: MemoryDisk;
  /** What the outputs were told, in order. */
  readonly drives: readonly { readonly line: string; readonly drive: Drive }[];
  /** Events of steps that are on disk, or in memory where the disk fails. */
  readonly committed: readonly Event[];
  readonly quarantined: readonly string[];
  readonly fatal: readonly string[];
  readonly logged: readonly string[];
  /** Moves the wall clock. */
  readonly stepWall: (ms: number) => void;
};

export type RigOptions = {
  readonly site: Site;
  readonly disk?: MemoryDisk;
  readonly machine?: Machine;
  readonly secrets?: Secrets;
  readonly credentials?: readonly KnownCredential[];
  readonly canDigest?: boolean;
  /** Called with the board before the controller opens it. */
  readonly onBoard?: (board: SimBoard) => void;
};

/** The digest of a text is the text: these tests are about who hears of it when. */
const plainSecrets: Secrets = {
  digest: async (_kind, text) => ({ ok: true, digest: text }),
  draw: async () => ({ ok: false, reason: 'exhausted' }),
  close: async () => undefined,
};

const recording = (lines: Lines, drives: { line: string; drive: Drive }[]): Lines => ({
  ...lines,
  write: (line, drive) => {
    drives.push({ line, drive });
    lines.write(line, drive);
  },
});

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const CLAIRE: readonly KnownCredential[] = [{ user: 'claire', kind: 'code', meaning: 'normal', digest: CODE }];

export const startRig = async (options: RigOptions): Promise<Rig> => {
  const { site, disk = createMemoryDisk(), machine = fullMachine, onBoard } = options;
  const random = seeded(1);
  const randomBytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
  const opened = await openMemoryStore({ disk, sha256, randomBytes });
  if (!opened.ok) throw new Error(opened.reason);
  const rest = Object.fromEntries(site.config.zones.map(({ line }) => [line, { kind: 'level', level: 0 } as const]));
  const board = createSimBoard({ timers: machineTimers, initial: rest, available: undefined });
  onBoard?.(board);
  const drives: { line: string; drive: Drive }[] = [];
  const committed: Event[] = [];
  const quarantined: string[] = [];
  const fatal: string[] = [];
  const logged: string[] = [];
  let wallShiftMs = 0;
  const started = await startController({
    machine,
    site,
    version: '0',
    configHash: 'h',
    language: 'fr',
    store: opened.store,
    restored: opened.restored,
    lines: recording(board.lines, drives),
    inputs: site.config.zones.map(({ line }) => ({ direction: 'input', line, bias: 'none' })),
    keypads: board.keypads,
    boardVerbs: [],
    secrets: options.secrets ?? plainSecrets,
    credentials: options.credentials ?? CLAIRE,
    peopleRules: { ...anyDay, canDigest: options.canDigest ?? true },
    accessRetentionMs: 90 * 86_400_000,
    clock: { machineMs, wallMs: () => Date.now() + wallShiftMs, isSynchronised: () => true, bootId: 'boot' },
    calendar: () => [],
    path: undefined,
    randomEpoch: () => Buffer.from(randomBytes(8)).toString('hex'),
    random,
    digest: (text) => text,
    log: (level, message, facts) => void logged.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
    quarantine: (record) => void quarantined.push(record),
    onFatal: (reason) => void fatal.push(reason),
    onStepped: ({ events }) => void committed.push(...events),
  });
  if (!started.ok) throw new Error(started.problems.join());
  return {
    controller: started.controller,
    board,
    disk,
    drives,
    committed,
    quarantined,
    fatal,
    logged,
    stepWall: (ms) => (wallShiftMs += ms),
  };
};

/** The disk takes nothing until `release`. */
export const holdDisk = (disk: MemoryDisk): (() => void) => {
  disk.held = true;
  return () => disk.resume();
};

/** Lets what is queued run: microtasks and timers that are due. */
export const breathe = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
