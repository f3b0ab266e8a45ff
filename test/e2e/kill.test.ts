// deadline: 400s
// alone
/**
 * SIGKILL and power cuts at random instants, in every delay that runs, while inputs move. What was committed reaches the
 * centre unaltered and in order, no mode changes, delays go on where they stood, outputs stand as stored before anything
 * else. `VIGIE_KILLS` says how many (24), `VIGIE_SEED` repeats a run.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBroker } from '../../src/drivers/broker/broker.ts';
import { killLeftovers, machineMs, temporaryFolder, until } from '../support/controllerProcess.ts';
import { readLeft } from '../support/dataFolder.ts';
import type { Left } from '../support/dataFolder.ts';
import { killAgainAndAgain, lastLife, makeKillRun } from '../support/killRun.ts';
import type { KillReport } from '../support/killRun.ts';
import { seeded } from '../support/seeded.ts';
import { startTestCentre } from '../support/testCentre.ts';
import type { TestCentre, Told } from '../support/testCentre.ts';

const KILLS = Number(process.env['VIGIE_KILLS'] ?? 24);
const SEED = Number(process.env['VIGIE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CONTROLLERS = 3;
/** What a kill and a power cut may take of running time. */
const LOSS_MAX_MS = 250;
const CUT_LOSS_MAX_MS = 1_200;
/** Between the level of an output and the clock beside it. */
const SLACK_MS = 30;

const test = suite('e2e: kill');
const folder = temporaryFolder();
test.after(async () => {
  await killLeftovers();
  folder.remove();
});

// ---- what the centre has

const journalled = ({ entries }: Left, lane: 'alarm' | 'event'): readonly string[] =>
  entries
    .filter((entry) => entry.lane === lane)
    .map(({ event, seq }) => `${seq} ${event.kind} ${new Date(event.at).toISOString()} ${event.area ?? ''} ${event.zone ?? ''}`);
const delivered = (told: readonly Told[]): readonly string[] =>
  told.map(({ seq, kind, at, area, zone }) => `${seq} ${kind} ${at} ${area ?? ''} ${zone ?? ''}`);

/** The whole journal is at the centre, in its order; only what the last end itself told may still wait. */
const compareWithJournal = (site: string, left: Left, centre: TestCentre): number => {
  const epochs = centre.epochs(site);
  assert.is(epochs.length, 1, `one epoch for the life of a data folder: ${epochs.join()}`);
  let compared = 0;
  for (const lane of ['alarm', 'event'] as const) {
    const told = centre.lane(site, epochs[0] ?? '', lane);
    const waiting = left.pending.filter((row) => row.lane === lane && row.seq > told.length).length;
    const wanted = journalled(left, lane);
    assert.equal(delivered(told), wanted.slice(0, wanted.length - waiting), `${site} ${lane}`);
    assert.ok(waiting <= 3, `${waiting} events of ${lane} still wait`);
    compared += told.length;
  }
  return compared;
};

const drain = async (run: ReturnType<typeof makeKillRun>): Promise<void> => {
  const controller = lastLife(run);
  assert.ok(await controller.ready, controller.log());
  await until('an empty outbox', () => readLeft(run.data)?.pending.length === 0, 60_000);
  const ended = await controller.kill('SIGTERM');
  assert.equal([ended.code, ended.signal], [0, null], controller.log());
};

test(`${KILLS} kills, seed ${SEED}`, async () => {
  const started = await startBroker({ port: 0, host: '127.0.0.1' });
  if (started.kind === 'failed') throw new Error(started.reason);
  const random = seeded(SEED);
  const centre = await startTestCentre(started.broker.url, () => random() > 0.1);
  try {
    await killAll(started.broker.url, centre);
  } finally {
    await killLeftovers();
    await centre.close();
    await started.broker.close();
  }
});

const killAll = async (broker: string, centre: TestCentre): Promise<void> => {
  const runs: readonly ReturnType<typeof makeKillRun>[] = Array.from({ length: CONTROLLERS }, (_, index) =>
    makeKillRun({
      site: `kill-${index + 1}`,
      folder: folder.path,
      broker,
      kills: Math.ceil(KILLS / CONTROLLERS),
      isCovered: () => KILLS < 200 || missingIn(runs.map(({ report }) => report)).length === 0,
      random: seeded(SEED + index + 1),
    }),
  );
  const startedAt = machineMs();
  const reports = await Promise.all(runs.map(killAgainAndAgain));
  print(reports, (machineMs() - startedAt) / 1_000);
  assert.equal(
    reports.flatMap(({ faults }) => faults),
    [],
  );
  checkLosses(reports);
  checkSirens(reports);
  if (KILLS >= 200) assert.equal(missingIn(reports), [], 'what 200 kills have to meet');

  await Promise.all(runs.map(drain));
  assert.equal(centre.conflicts, []);
  assert.equal(centre.outOfOrder, []);
  let compared = 0;
  for (const run of runs) {
    const left = readLeft(run.data);
    assert.ok(left);
    compared += compareWithJournal(run.report.site, left, centre);
  }
  process.stdout.write(`events at the centre, each as journalled: ${compared}; sent again: ${centre.duplicates()}\n`);
};

// ---- what is demanded of time

const checkLosses = (reports: readonly KillReport[]): void => {
  for (const { ms, cut } of reports.flatMap(({ losses }) => losses)) {
    const most = (cut ? CUT_LOSS_MAX_MS : LOSS_MAX_MS) + SLACK_MS;
    assert.ok(ms > -SLACK_MS && ms < most, `a ${cut ? 'cut' : 'kill'} took ${ms} ms`);
  }
};

/** Counted from outside: a siren sounds its time, plus at most what the kills took. */
const checkSirens = (reports: readonly KillReport[]): void => {
  for (const { overMs, kills, cuts } of reports.flatMap(({ sirens }) => sirens)) {
    const allowed = (kills - cuts) * LOSS_MAX_MS + cuts * CUT_LOSS_MAX_MS + SLACK_MS * (kills + 1);
    const story = `a siren sounded ${overMs} ms too long over ${kills} kills, ${cuts} of them cuts`;
    assert.ok(overMs > -SLACK_MS && overMs < allowed, story);
  }
};

/** Kills wanted while such a timer ran, where all 200 are asked for. */
const WANTED_DURING = {
  'exit-settle': 5,
  exit: 20,
  entry: 20,
  abort: 20,
  siren: 20,
  'opening-confirm': 5,
  'door-pre-alarm': 3,
  'door-held': 3,
  'door-escalate': 3,
} as const;

/** Sirens that sounded through kills to their end. */
const WANTED_SIRENS = 1;

const missingIn = (reports: readonly KillReport[]): readonly string[] => {
  const during = duringOf(reports);
  const delays = Object.entries(WANTED_DURING).filter(([kind, least]) => (during.get(kind) ?? 0) < least);
  const sirens = reports.flatMap((report) => report.sirens).length;
  return [
    ...delays.map(([kind, least]) => `${during.get(kind) ?? 0} of ${least} kills while ${kind} ran`),
    ...(sirens < WANTED_SIRENS ? [`${sirens} of ${WANTED_SIRENS} sirens to their end`] : []),
  ];
};

const duringOf = (reports: readonly KillReport[]): ReadonlyMap<string, number> => {
  const sum = new Map<string, number>();
  for (const { during } of reports) for (const [kind, count] of during) sum.set(kind, (sum.get(kind) ?? 0) + count);
  return sum;
};

// ---- figures

const percentile = (values: readonly number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? '–' : (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
};
const spread = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5)} p99 ${percentile(values, 0.99)} max ${percentile(values, 1)} ms (${values.length})`;
const total = (reports: readonly KillReport[], of: (report: KillReport) => number): number =>
  reports.reduce((sum, report) => sum + of(report), 0);

const print = (reports: readonly KillReport[], tookS: number): void => {
  const kills = total(reports, (report) => report.kills);
  const [cuts, early] = [total(reports, (report) => report.cuts), total(reports, (report) => report.early)];
  const losses = reports.flatMap((report) => report.losses);
  const during = [...duringOf(reports)].toSorted().map(([kind, count]) => `${kind} ${count}`);
  const lines = [
    `${kills} kills in ${tookS.toFixed(0)} s (${(kills / tookS).toFixed(2)} a second)`,
    `${cuts} of them as power cuts, ${early} during the start`,
    `during: ${during.join(', ')}`,
    `running time taken by a kill: ${spread(losses.filter(({ cut }) => !cut).map(({ ms }) => ms))}`,
    `running time taken by a power cut: ${spread(losses.filter(({ cut }) => cut).map(({ ms }) => ms))}`,
    `sirens over their time: ${spread(reports.flatMap((report) => report.sirens.map(({ overMs }) => overMs)))}`,
    `start of the process to the siren again: ${spread(reports.flatMap((report) => report.sirenAgainMs))}`,
    `start of the process to ready: ${spread(reports.flatMap((report) => report.readyMs))}`,
    `outputs held against the stored state: ${total(reports, ({ outputsCompared }) => outputsCompared)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};

test.run();
