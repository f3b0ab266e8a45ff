/**
 * One controller that is killed again and again while its inputs move. Between two lives the data folder is read from a
 * copy, and what the next life does first is held against it.
 *
 * - **life**: from the start of a process to its SIGKILL. **cut**: a kill after which the clock file is put back to what
 *   was synchronised, under another boot id: what a power cut leaves.
 * - **loss**: running time that a kill took: how much later every running delay ends.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSite } from '../../src/config/load.ts';
import { siteTools } from '../../src/cli/siteTools.ts';
import { openSlots, readSlots } from '../../src/drivers/store/slots.ts';
import { outputsOf } from '../../src/core/output.ts';
import type { OutputValue } from '../../src/core/output.ts';
import { stateFromParts } from '../../src/core/parts.ts';
import { siteOf } from '../../src/core/site.ts';
import type { Site } from '../../src/core/site.ts';
import type { AreaState, Timer, TimerKind } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { monotonic } from '../../src/core/time.ts';
import { nextDeadline } from '../../src/core/timers.ts';
import type { SavedClock } from '../../src/ports/store.ts';
import { machineMs, reachBoard, sleep, startProcess } from './controllerProcess.ts';
import type { ControllerProcess } from './controllerProcess.ts';
import { CLOCK_SLOT_BYTES, readClock, readLeft } from './dataFolder.ts';
import type { Entry, Left } from './dataFolder.ts';
import { EXIT_DOOR, KILL_AREAS, KILL_CODE, killSite, MOTION, OUTPUT_LINES } from './killSite.ts';
import type { KillArea } from './killSite.ts';
import { isSeen } from './simClient.ts';
import type { Seen, SimClient } from './simClient.ts';

const PRELOAD = fileURLToPath(new URL('./killPreload.js', import.meta.url));

/** Delays of people and sirens, for which the running time is saved each 200 ms. */
const DELAYS: ReadonlySet<TimerKind> = new Set<TimerKind>([
  ...(['exit', 'exit-settle', 'entry', 'abort', 'siren', 'fault-tone', 'opening-remind', 'opening-confirm'] as const),
  ...(['door-pre-alarm', 'door-held', 'door-latch', 'door-escalate', 'door-sounder'] as const),
]);

export type Loss = { readonly ms: number; readonly cut: boolean };
/** How much longer than its time a siren sounded, over so many kills. */
export type SirenTime = { readonly overMs: number; readonly kills: number; readonly cuts: number };

export type KillReport = {
  readonly site: string;
  kills: number;
  cuts: number;
  /** Kills before the process was ready. */
  early: number;
  /** Kills while a timer of the kind ran. */
  readonly during: Map<TimerKind, number>;
  readonly losses: Loss[];
  readonly sirens: SirenTime[];
  /** From the start of a process to the level of its outputs; only where a siren had to sound. */
  readonly sirenAgainMs: number[];
  readonly readyMs: number[];
  outputsCompared: number;
  readonly faults: string[];
};

export type KillRunOptions = {
  readonly site: string;
  readonly folder: string;
  readonly broker: string;
  readonly kills: number;
  /** What chance has to bring has come; until then it is killed on, up to twice as often. */
  readonly isCovered: () => boolean;
  readonly random: () => number;
};

type SirenWatch = { soundedMs: number; onSince: number | undefined; kills: number; cuts: number; isBroken: boolean };

type Run = {
  readonly options: KillRunOptions;
  readonly report: KillReport;
  readonly core: Site;
  readonly config: string;
  readonly data: string;
  readonly socket: string;
  readonly levelsFile: string;
  readonly levels: Record<string, 0 | 1>;
  readonly sirens: Map<string, SirenWatch>;
  /** When somebody last typed what ends a siren, by its line. */
  readonly endedBy: Map<string, number>;
  left: Left | undefined;
  resumeAt: number;
  readEntries: number;
  disarmsTyped: number;
  disarmsSeen: number;
  wallShiftMs: number;
  aged: number | undefined;
};

export const makeKillRun = (options: KillRunOptions): Run => {
  const text = killSite(options.site);
  const file = loadSite(text, siteTools);
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  const config = join(options.folder, `${options.site}.yaml`);
  writeFileSync(config, text);
  return {
    options,
    report: {
      site: options.site,
      kills: 0,
      cuts: 0,
      early: 0,
      during: new Map(),
      losses: [],
      sirens: [],
      sirenAgainMs: [],
      readyMs: [],
      outputsCompared: 0,
      faults: [],
    },
    core: siteOf(file.site.core),
    config,
    data: join(options.folder, options.site),
    socket: join(options.folder, `${options.site}.sock`),
    levelsFile: join(options.folder, `${options.site}.levels`),
    levels: Object.fromEntries(
      [...KILL_AREAS.flatMap(({ door, window }) => [door, window]), ...DAY_LINES].map((line) => [line, 0]),
    ),
    sirens: new Map(),
    endedBy: new Map(),
    left: undefined,
    resumeAt: 0,
    readEntries: 0,
    disarmsTyped: 0,
    disarmsSeen: 0,
    wallShiftMs: 0,
    aged: undefined,
  };
};

const DAY_LINES = [EXIT_DOOR.contact, EXIT_DOOR.latch, MOTION];

export const killAgainAndAgain = async (run: Run): Promise<KillReport> => {
  const { kills, isCovered } = run.options;
  while (run.report.kills < kills || (run.report.kills < 2 * kills && !isCovered())) await oneLife(run);
  return run.report;
};

/** A last start, for what is still on its way. */
export const lastLife = (run: Run): ControllerProcess => startLife(run);

const startLife = (run: Run): ControllerProcess => {
  const readings = Object.entries(run.levels).map(([line, level]) => [line, { kind: 'level', level }]);
  writeFileSync(run.levelsFile, JSON.stringify(Object.fromEntries(readings)));
  return startProcess({
    config: run.config,
    data: run.data,
    socket: run.socket,
    broker: run.options.broker,
    nodeArgs: ['--import', PRELOAD],
    args: ['--sim-levels', run.levelsFile],
    env: { VIGIE_TEST_WALL_SHIFT_MS: String(run.wallShiftMs) },
  });
};

// ---- one life

const EARLY_SHARE = 0.15;
const CUT_SHARE = 0.2;

const between = ({ options }: Run, low: number, high: number): number => low + options.random() * (high - low);
const chance = ({ options }: Run, share: number): boolean => options.random() < share;

const oneLife = async (run: Run): Promise<void> => {
  const { report } = run;
  const controller = startLife(run);
  const openedAt = chance(run, EARLY_SHARE) ? await dieEarly(run, controller) : await live(run, controller);
  const killedAt = machineMs();
  const ended = await controller.kill('SIGKILL');
  if (ended.signal !== 'SIGKILL') report.faults.push(`it ended by itself: ${JSON.stringify(ended)} ${controller.log()}`);
  const cut = chance(run, CUT_SHARE);
  report.kills += 1;
  if (cut) await cutPower(run);
  await autopsy(run, { openedAt, killedAt, cut });
};

const dieEarly = async (run: Run, controller: ControllerProcess): Promise<undefined> => {
  run.report.early += 1;
  await Promise.race([sleep(between(run, 20, 900)), controller.ready]);
  return undefined;
};

/** Machine time at which its outputs were driven. */
const live = async (run: Run, controller: ControllerProcess): Promise<number | undefined> => {
  const { report } = run;
  const board = await reachBoard(controller, run.socket, OUTPUT_LINES[0] ?? '');
  if (!board) {
    report.faults.push(`it ended by itself: ${controller.log()}`);
    return undefined;
  }
  const first = (await Promise.all(OUTPUT_LINES.map((get) => board.ask({ get })))).filter(isSeen);
  await board.watch(OUTPUT_LINES, (seen) => onSeen(run, seen));
  const openedAt = Math.min(...first.map(({ atMs }) => atMs));
  compareOutputs(run, first, openedAt);
  for (const { line, level, atMs } of first) if (level === 1) sirenOn(run, line, atMs, false);
  if (first.some(({ line, level }) => level === 1 && isSiren(line))) report.sirenAgainMs.push(openedAt - controller.startedAtMs);
  if (await controller.ready) report.readyMs.push(machineMs() - controller.startedAtMs);
  await moveThings(run, board);
  board.close();
  return openedAt;
};

// ---- outputs

const isSiren = (line: string): boolean => KILL_AREAS.some(({ siren }) => siren === line);

type Expected = {
  readonly stored: readonly OutputValue[];
  readonly started: readonly OutputValue[];
  readonly settledUntil: number;
};

/** What the stored state wants, and what it wants once the inputs are read, which follows within a millisecond. */
const expectedOutputs = ({ core, left, resumeAt, levels }: Run): Expected | undefined => {
  if (!left || left.parts.size === 0) return undefined;
  const now = monotonic(resumeAt);
  const restored = stateFromParts(core, left.parts, now);
  if (!restored.ok) return undefined;
  const readings = Object.fromEntries(Object.entries(levels).map(([line, level]) => [line, { kind: 'level', level } as const]));
  const start = { cause: 'process', goneMs: 1_000, stateLost: false, configChanged: false, readings } as const;
  const { state } = step(core, restored.state, { kind: 'start', start }, now);
  const settledUntil = nextDeadline(state) ?? Number.POSITIVE_INFINITY;
  return { stored: outputsOf(core, restored.state), started: outputsOf(core, state), settledUntil };
};

const levelOfValue = (value: OutputValue | undefined): number | undefined =>
  value === 'on' ? 1 : value === 'off' ? 0 : undefined;

/**
 * Outputs stand as the stored state wants them, or as it does once the inputs are read. Rhythms are left out, for they
 * beat, and so is a look that came after the next deadline.
 */
const compareOutputs = (run: Run, first: readonly Seen[], openedAt: number): void => {
  const expected = expectedOutputs(run);
  if (!expected || run.resumeAt + machineMs() - openedAt > expected.settledUntil) return;
  for (const [index, { id, line }] of run.core.config.outputs.entries()) {
    const level = first.find((one) => one.line === line)?.level;
    const wanted = [expected.stored[index], expected.started[index]].map(levelOfValue);
    if (wanted.includes(undefined)) continue;
    run.report.outputsCompared += 1;
    if (!wanted.includes(level)) run.report.faults.push(`${id} stands at ${level}: ${JSON.stringify(wanted)} is wanted`);
  }
};

// ---- how long sirens sound, counted from outside

const onSeen = (run: Run, { line, level, atMs }: Seen): void => {
  if (level === 1) sirenOn(run, line, atMs, true);
  else sirenOff(run, line, atMs);
};

/** `fresh`: it was seen to begin; one that is found sounding, and was not seen before, has no known start. */
const sirenOn = ({ sirens, endedBy }: Run, line: string, atMs: number, fresh: boolean): void => {
  if (!isSiren(line)) return;
  const isEnding = atMs - (endedBy.get(line) ?? Number.NEGATIVE_INFINITY) < CODE_TAKES_MS;
  const watch = sirens.get(line) ?? { soundedMs: 0, onSince: undefined, kills: 0, cuts: 0, isBroken: !fresh || isEnding };
  watch.onSince = atMs;
  sirens.set(line, watch);
};

const sirenOff = ({ sirens, report }: Run, line: string, atMs: number): void => {
  const watch = sirens.get(line);
  sirens.delete(line);
  if (!watch || watch.isBroken || watch.onSince === undefined) return;
  const soundedMs = watch.soundedMs + atMs - watch.onSince;
  report.sirens.push({ overMs: soundedMs - SIREN_MS, kills: watch.kills, cuts: watch.cuts });
};

const SIREN_MS = 10_000;

const noteKill = ({ sirens }: Run, { openedAt, killedAt, cut }: Death): void => {
  for (const watch of sirens.values()) {
    if (openedAt === undefined || watch.onSince === undefined) watch.isBroken = true;
    else watch.soundedMs += killedAt - watch.onSince;
    watch.onSince = undefined;
    watch.kills += 1;
    if (cut) watch.cuts += 1;
  }
};

/** A code typed before a siren began may be judged after it: on a loaded machine a slow hash waits behind others. */
const CODE_TAKES_MS = 5_000;

/** A person ends this siren, or the one that is about to begin: its length says nothing. */
const spoilSiren = ({ sirens, endedBy }: Run, { siren }: KillArea): void => {
  endedBy.set(siren, machineMs());
  const watch = sirens.get(siren);
  if (watch) watch.isBroken = true;
};

// ---- inputs move

const moveThings = async (run: Run, board: SimClient): Promise<void> => {
  for (const area of KILL_AREAS) await nudge(run, board, area);
  await moveExitDoor(run, board);
  const end = machineMs() + between(run, 0, 1_100);
  while (machineMs() < end) {
    await set(run, board, MOTION, run.levels[MOTION] === 1 ? 0 : 1);
    await sleep(between(run, 5, 80));
  }
};

const set = async ({ levels }: Run, board: SimClient, line: string, level: 0 | 1): Promise<void> => {
  levels[line] = level;
  await board.ask({ set: line, level });
};

const openAndClose = async (run: Run, board: SimClient, line: string): Promise<void> => {
  await set(run, board, line, 1);
  await sleep(40);
  await set(run, board, line, 0);
};

const type = async (run: Run, board: SimClient, area: KillArea, text: string): Promise<void> => {
  if (!text.startsWith('1**')) {
    run.disarmsTyped += 1;
    spoilSiren(run, area);
  }
  await board.ask({ keys: area.id, text });
};

const areaLeft = ({ left }: Run, { id }: KillArea): AreaState | undefined => {
  const json = left?.parts.get(`areas/${id}`);
  return json === undefined ? undefined : (JSON.parse(json) as AreaState);
};

/** What people do next, by what the area was doing when it was killed. */
const nudge = async (run: Run, board: SimClient, area: KillArea): Promise<void> => {
  const { arming, opening, siren } = areaLeft(run, area) ?? {};
  const disarm = (share: number): Promise<void> =>
    chance(run, share) ? type(run, board, area, `${KILL_CODE}#`) : Promise.resolve();
  switch (arming?.state ?? 'disarmed') {
    case 'disarmed':
      if (opening?.phase === 'pending' && chance(run, 0.8)) return;
      await type(run, board, area, `1**${KILL_CODE}#`);
      await sleep(150);
      return openAndClose(run, board, area.door);
    case 'exiting':
      if (chance(run, area.id === 'final' ? 0.2 : 0.1)) await openAndClose(run, board, area.door);
      return disarm(0.03);
    case 'armed':
      if (siren) return disarm(0.03);
      if (area.id === 'opening' && chance(run, 0.7)) return disarm(1);
      return openAndClose(run, board, chance(run, 0.6) ? area.door : area.window);
    case 'entering':
      if (chance(run, 0.1)) await openAndClose(run, board, area.window);
      return disarm(0.06);
  }
};

const moveExitDoor = async (run: Run, board: SimClient): Promise<void> => {
  const isOpen = run.levels[EXIT_DOOR.contact] === 1;
  if (isOpen ? chance(run, 0.07) : chance(run, 0.8)) await set(run, board, EXIT_DOOR.contact, isOpen ? 0 : 1);
};

// ---- death

type Death = { readonly openedAt: number | undefined; readonly killedAt: number; readonly cut: boolean };

/** Only what was synchronised is left of the clock, and the kernel is another one. */
const cutPower = async (run: Run): Promise<void> => {
  run.report.cuts += 1;
  const path = join(run.data, 'clock.slots');
  const synced = `${path}.synced`;
  const { text, counter } = await readSlots(synced, CLOCK_SLOT_BYTES);
  if (existsSync(path)) rmSync(path);
  if (text === undefined) return;
  const saved = JSON.parse(text) as SavedClock;
  const slots = openSlots(path, CLOCK_SLOT_BYTES, counter);
  await slots.save(JSON.stringify({ ...saved, bootId: `boot-${run.report.kills}`, monotonicMs: 1_000 }), true);
  await slots.close();
};

const numberIn = (parts: ReadonlyMap<string, string>, key: string): number => Number(parts.get(key) ?? '0');

const autopsy = async (run: Run, death: Death): Promise<void> => {
  const { report } = run;
  const before = run.left;
  const left = readLeft(run.data, run.readEntries + 1);
  noteKill(run, death);
  if (!left) return;
  const clock = await readClock(run.data);
  const resumeAt = Math.max(clock?.runningMs ?? 0, numberIn(left.parts, 'at'));
  const timers = JSON.parse(left.parts.get('timers') ?? '[]') as readonly Timer[];
  for (const kind of new Set(timers.map((timer) => timer.kind))) report.during.set(kind, (report.during.get(kind) ?? 0) + 1);
  if (death.openedAt !== undefined && timers.some(({ kind }) => DELAYS.has(kind))) {
    report.losses.push({ ms: run.resumeAt + (death.killedAt - death.openedAt) - resumeAt, cut: death.cut });
  }
  checkResumption(run, left);
  checkModes(run, before, left);
  run.left = left;
  run.resumeAt = resumeAt;
  run.readEntries += left.entries.length;
  ageOpening(run);
};

const LATEST_START_MS = 500;

/** The restart is journalled at the running time that the life before had reached. */
const checkResumption = ({ report, resumeAt }: Run, { entries }: Left): void => {
  const restarted = entries.find(({ event }) => event.kind === 'restarted');
  if (!restarted) return;
  const late = restarted.event.mono - resumeAt;
  if (late < 0 || late > LATEST_START_MS) report.faults.push(`running time resumed ${late} ms after where it stood`);
};

const isSet = (parts: ReadonlyMap<string, string> | undefined, id: string): boolean => {
  const json = parts?.get(`areas/${id}`);
  const state = json === undefined ? 'disarmed' : (JSON.parse(json) as AreaState).arming.state;
  return state === 'armed' || state === 'entering';
};

const BY_PEOPLE = new Set(['keypad']);

/** No mode changes but by what the journal says a person did. */
const checkModes = (run: Run, before: Left | undefined, { parts, entries }: Left): void => {
  const told = (id: string, kind: Entry['event']['kind']): readonly Entry[] =>
    entries.filter(({ event }) => event.area === id && event.kind === kind);
  for (const { id } of KILL_AREAS) {
    const disarms = told(id, 'disarmed');
    run.disarmsSeen += disarms.length;
    if (disarms.some(({ event }) => event.user !== 'martin' || !BY_PEOPLE.has(event.cause ?? ''))) {
      run.report.faults.push(`${id} disarmed by nobody: ${JSON.stringify(disarms)}`);
    }
    if (isSet(before?.parts, id) && !isSet(parts, id) && disarms.length === 0) run.report.faults.push(`${id} lost its mode`);
    if (!isSet(before?.parts, id) && isSet(parts, id) && told(id, 'armed').length === 0)
      run.report.faults.push(`${id} armed itself`);
  }
  if (run.disarmsSeen > run.disarmsTyped) run.report.faults.push(`${run.disarmsSeen} disarms of ${run.disarmsTyped} codes`);
};

const FIVE_HOURS_MS = 5 * 3_600_000;

/** An opening is confirmed only after four hours: where the area has just been set, the next life begins five hours later. */
const ageOpening = (run: Run): void => {
  const area = KILL_AREAS.find(({ id }) => id === 'opening');
  const state = area && areaLeft(run, area);
  if (state?.arming.state !== 'armed' || state.period?.armedWall === run.aged) return;
  run.aged = state.period?.armedWall;
  run.wallShiftMs += FIVE_HOURS_MS;
};
