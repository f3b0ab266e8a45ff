/**
 * `vigie rest-outputs --config FILE --data FOLDER [--held 10s] [--runtime FOLDER]`: the outputs of a controller that is gone,
 * to their rest levels. Small on purpose: it must run where nothing else does, and quickly. One JSON line on standard output.
 * Exit 0: done, or left to a controller that runs; 1: lines that could not be driven, each named; 2: command line, or
 * nothing says which outputs there are.
 */
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { endedOf, HELD_MS } from './rest/plan.ts';
import { rest } from './rest/rest.ts';
import type { OpenLines, RestReport } from './rest/rest.ts';
import { ageOf, readSign, readTaken, runtimeFolderOf } from './rest/runtimeFolder.ts';
import type { SignOfLife, Taken } from './rest/runtimeFolder.ts';

export const REST_USAGE = `Usage: vigie rest-outputs --config FILE --data FOLDER [--held 10s] [--runtime FOLDER]
`;

export type RestTools = {
  readonly clock: Pick<Clock, 'machineMs' | 'bootId'>;
  readonly isAlive: (pid: number) => boolean;
  readonly open: OpenLines;
};

type Settings = {
  readonly config: string;
  readonly data: string;
  readonly heldMs: number;
  readonly runtime: string;
};

/** Of the service, for whoever asks by hand. */
const RUNTIME_FOLDER = '/run/vigie';

const MILLISECONDS = { ms: 1, s: 1_000 } as const;

const heldMsOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return HELD_MS;
  const [, count, unit] = /^(\d{1,6})(ms|s)$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'ms' ? MILLISECONDS.ms : MILLISECONDS.s);
  return ms <= HELD_MS ? ms : undefined;
};

const settingsOf = (args: readonly string[], env: Io['env']): Settings | string => {
  const parsed = parseOptions(args, { options: ['config', 'data', 'held', 'runtime'], flags: [] });
  if (!parsed.ok) return parsed.problem;
  const { options, words } = parsed;
  const [config, data, heldMs] = [options.get('config'), options.get('data'), heldMsOf(options.get('held'))];
  if (words.length > 0) return `unexpected ${words.join(' ')}`;
  if (config === undefined || data === undefined) return '--config and --data are needed';
  if (heldMs === undefined) return '--held takes a time from 0s to 10s: nobody may be locked in for longer';
  return { config, data, heldMs, runtime: options.get('runtime') ?? runtimeFolderOf(env) ?? RUNTIME_FOLDER };
};

// ---- which outputs

/** The config is read only where no controller has said what it took: reading it is slow, and may fail. */
const takenFromConfig = async ({ config, data }: Settings, io: Io): Promise<Taken | undefined> => {
  const { loadSite } = await import('../config/load.ts');
  const { siteTools } = await import('./siteTools.ts');
  const { takenOf } = await import('./rest/runtimeFolder.ts');
  for (const path of [config, join(data, 'accepted.yaml')]) {
    const read = await io.readFile(path);
    const loaded = read.ok ? loadSite(new TextDecoder().decode(read.bytes), siteTools) : undefined;
    if (loaded?.ok) return takenOf(loaded.site);
    io.err(`vigie rest-outputs: ${path}: ${read.ok ? 'at fault, see `vigie check`' : read.reason}\n`);
  }
  return undefined;
};

// ---- the verb

/** A controller that is well tells so each second. */
const FRESH_MS = 3_000;

const runs = (sign: SignOfLife | undefined, { clock, isAlive }: RestTools): sign is SignOfLife => {
  const age = ageOf(sign, clock);
  return sign !== undefined && age !== undefined && age < FRESH_MS && isAlive(sign.pid);
};

const tell = (io: Io, report: RestReport): number => {
  io.out(`${JSON.stringify(report)}\n`);
  for (const { line, trouble, detail } of report.failed) io.err(`vigie rest-outputs: ${line}: ${trouble} (${detail})\n`);
  return report.failed.length > 0 ? EXIT.failed : EXIT.ok;
};

export const restOutputs = async (args: readonly string[], io: Io, tools: RestTools): Promise<number> => {
  const settings = settingsOf(args, io.env);
  if (typeof settings === 'string') {
    io.err(`vigie rest-outputs: ${settings}\n${REST_USAGE}`);
    return EXIT.badInput;
  }
  const { runtime, heldMs } = settings;
  const sign = readSign(runtime);
  if (runs(sign, tools)) {
    io.err(`vigie rest-outputs: the controller runs (process ${sign.pid}): its outputs are left to it\n`);
    return EXIT.ok;
  }
  const taken = readTaken(runtime) ?? (await takenFromConfig(settings, io));
  if (!taken) {
    io.err('vigie rest-outputs: nothing says which outputs there are: give the site’s file with --config\n');
    return EXIT.badInput;
  }
  const ended = endedOf(io.env['SERVICE_RESULT']);
  return tell(io, await rest({ taken, sign, ended, heldMs }, tools.clock, tools.open));
};
