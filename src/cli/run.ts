/**
 * `vigie run --config FILE --data FOLDER [--broker URL] [--sim-socket PATH]`: watches the site until it is told to stop.
 * One JSON line `{"ready":true,…}` on standard output once it is watching; the log goes to standard error.
 * Exit 0: stopped by SIGTERM or SIGINT; 1: it could not go on; 2: command line or config at fault, with nothing to fall
 * back on; 3: the data folder is held by another process or cannot be used.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSite } from '../config/load.ts';
import type { SiteFile } from '../config/siteFile.ts';
import { machineClock } from '../drivers/clock/clock.ts';
import { serveControl } from '../drivers/control/server.ts';
import { jsonLog } from '../drivers/log/log.ts';
import type { Log } from '../ports/log.ts';
import type { Restored } from '../ports/store.ts';
import type { Controller } from '../runtime/controller.ts';
import { CONFIG_PART } from '../runtime/ledger.ts';
import { assemble } from './assemble.ts';
import type { Chosen } from './assemble.ts';
import { openBoard } from './boards.ts';
import { loadSiteFile, problemsText, readFailureText } from './check.ts';
import { mustRunBare, noteFaultyEnd } from './faultyEnds.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { openRestLines } from './rest/tools.ts';
import { openService } from './service.ts';
import { siteTools } from './siteTools.ts';

export const RUN_USAGE = `Usage: vigie run --config FILE --data FOLDER [--broker URL] [--sim-socket PATH] [--sim-levels FILE]
                 [--log debug|info|warn|error|silent] [--lang fr|en]
`;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevelName = (typeof LOG_LEVELS)[number];
const isLogLevel = (text: string): text is LogLevelName => LOG_LEVELS.some((level) => level === text);

/** Resolves when somebody asks the process to end; the verb gets it from `main`. */
export type Ending = { readonly asked: Promise<void> };

type Settings = {
  readonly config: string;
  readonly data: string;
  readonly broker: string | undefined;
  readonly socket: string | undefined;
  /** What the simulated board's lines say at the start, where it is not that all is at rest. */
  readonly levels: string | undefined;
  readonly logLevel: LogLevelName;
  readonly language: 'fr' | 'en';
  readonly commitDelayMs: number;
};

const settingsOf = (args: readonly string[]): Settings | string => {
  const parsed = parseOptions(args, {
    options: ['config', 'data', 'broker', 'sim-socket', 'sim-levels', 'log', 'lang', 'commit-delay'],
    flags: [],
  });
  if (!parsed.ok) return parsed.problem;
  const { options, words } = parsed;
  const [config, data] = [options.get('config'), options.get('data')];
  if (words.length > 0) return `unexpected ${words.join(' ')}`;
  if (config === undefined || data === undefined) return '--config and --data are needed';
  const logLevel = options.get('log') ?? 'info';
  if (!isLogLevel(logLevel)) return `--log takes one of ${LOG_LEVELS.join(', ')}`;
  const commitDelayMs = Number(options.get('commit-delay') ?? 0);
  if (!(commitDelayMs >= 0 && commitDelayMs <= 10_000)) return '--commit-delay takes milliseconds, 0 to 10000';
  return {
    config,
    data,
    broker: options.get('broker'),
    socket: options.get('sim-socket'),
    levels: options.get('sim-levels'),
    logLevel,
    language: options.get('lang') === 'en' ? 'en' : 'fr',
    commitDelayMs,
  };
};

export const run = async (args: readonly string[], io: Io, ending: Ending): Promise<number> => {
  const settings = settingsOf(args);
  if (typeof settings === 'string') {
    io.err(`vigie run: ${settings}\n${RUN_USAGE}`);
    return EXIT.badInput;
  }
  const given = await givenConfig(settings, io);
  const accepted = acceptedConfig(settings.data);
  if (!given.file && !accepted) return EXIT.badInput;
  return watch(settings, io, ending, { given, accepted });
};

// ---- which config

type Given = { readonly file: SiteFile | undefined; readonly text: string; readonly fault: string | undefined };

const givenConfig = async ({ config }: Settings, io: Io): Promise<Given> => {
  const result = await loadSiteFile(config, io);
  if (result.ok) {
    io.err(problemsText(config, result.warnings));
    const read = await io.readFile(config);
    return { file: result.site, text: read.ok ? new TextDecoder().decode(read.bytes) : '', fault: undefined };
  }
  if ('reason' in result) io.err(readFailureText(config, result.reason));
  else io.err(problemsText(config, result.problems));
  return { file: undefined, text: '', fault: 'reason' in result ? result.reason : 'faulty' };
};

const ACCEPTED = 'accepted.yaml';

/** The config that ran last: it runs again when the one given is at fault. */
const acceptedConfig = (data: string): SiteFile | undefined => {
  try {
    const loaded = loadSite(readFileSync(join(data, ACCEPTED), 'utf8'), siteTools);
    return loaded.ok ? loaded.site : undefined;
  } catch {
    return undefined;
  }
};

const keepAccepted = (data: string, text: string, log: Log): void => {
  try {
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, `${ACCEPTED}.new`), text, { flush: true });
    renameSync(join(data, `${ACCEPTED}.new`), join(data, ACCEPTED));
  } catch (error) {
    log('warn', 'the accepted config could not be kept', { error: String(error) });
  }
};

type Configs = { readonly given: Given; readonly accepted: SiteFile | undefined };

const chooseConfig = ({ given, accepted }: Configs, restored: Restored): Chosen => {
  const fallback = accepted ?? given.file;
  if (!fallback) throw new Error('no config');
  if (!given.file) return { file: fallback, rejected: given.fault };
  const isNew = accepted !== undefined && given.file.hash !== accepted.hash && runningHash(restored) !== given.file.hash;
  if (isNew && restored.found !== 'fresh' && !isQuiet(restored)) return { file: accepted, rejected: 'armed' };
  return { file: given.file, rejected: undefined };
};

/** The config that the stored state belongs to; undefined where damage took it, and the accepted one stands for it. */
const runningHash = ({ parts }: Restored): unknown => parsed(parts.get(CONFIG_PART));

const parsed = (json: string | undefined): unknown => {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** What cannot be read may be armed. */
const isQuiet = ({ parts }: Restored): boolean => {
  const areas = [...parts].filter(([key]) => key.startsWith('areas/'));
  return areas.length > 0 && areas.every(([, json]) => isQuietArea(parsed(json)));
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isEmptyList = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);

const isQuietArea = (area: unknown): boolean =>
  isObject(area) &&
  isObject(area['arming']) &&
  area['arming']['state'] === 'disarmed' &&
  area['siren'] === undefined &&
  isEmptyList(area['alarms']) &&
  isEmptyList(area['held']);

// ---- watching

const watch = async (settings: Settings, io: Io, ending: Ending, configs: Configs): Promise<number> => {
  const log = jsonLog(settings.logLevel);
  const clock = machineClock(true);
  let end: ((code: number) => void) | undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  let closeSocket: (() => Promise<void>) | undefined;
  const isBare = mustRunBare(settings.data, clock);
  if (isBare) log('error', 'running bare: internal faults have ended it twice within minutes');
  const onFatal = (reason: string): void => {
    const unkept = noteFaultyEnd(settings.data, clock);
    log('error', 'ending, to be started anew', { reason, ...(unkept !== undefined && { unkept }) });
    end?.(EXIT.failed);
  };
  endOnUncaught(log, onFatal);
  const opened = openService({ env: io.env, pid: process.pid, clock, log, openLines: openRestLines });
  if (!opened.ok) {
    io.err(`vigie run: ${opened.reason}\n`);
    return EXIT.failed;
  }
  const { service } = opened;
  void ending.asked.then(service.stopping);
  const started = await assemble({
    isBare,
    choose: (restored) => chooseConfig(configs, restored),
    dataFolder: settings.data,
    brokerUrl: settings.broker,
    pulse: service.pulse,
    board: async (file, { found }) => {
      service.taking(file);
      const made = await openBoard(file, { ...settings, isFirstStart: found === 'fresh', log });
      if (made.ok) closeSocket = made.close;
      return made;
    },
    clock,
    language: settings.language,
    log,
    onFatal,
    commitDelayMs: settings.commitDelayMs,
  });
  if (!started.ok) {
    io.err(`vigie run: ${started.reason}\n`);
    service.close('asked');
    return EXIT.data;
  }
  const { controller, restored, file } = started;
  if (file === configs.given.file) keepAccepted(settings.data, configs.given.text, log);
  if (file.demoUsers.length > 0)
    log('warn', 'demo codes are still valid: draw new ones with `vigie code draw`', { users: file.demoUsers });
  if (file.demoOperators.length > 0)
    log('warn', 'operators have the key of the documentation: make a new pair', { operators: file.demoOperators });
  const closeControl = await openControl(settings.data, controller, log);
  io.out(`${JSON.stringify(readyLine(file, restored, { goneMs: started.goneMs, isBare }))}\n`);
  service.ready(`watching ${file.core.site}${isBare ? ', bare' : ''}`);
  void ending.asked.then(() => end?.(EXIT.ok));
  if (isBare) retryLater(controller, () => end?.(EXIT.failed));
  const code = await ended;
  await closeControl();
  // A disk or a network that does not answer keeps nobody from being started anew.
  await Promise.race([controller.stop(), sleep(STOP_MS)]);
  await closeSocket?.();
  service.close(code === EXIT.ok ? 'asked' : 'failed');
  return code;
};

/** Without it the site is guarded all the same, and people stay as they are. */
const openControl = async (data: string, { ask }: Controller, log: Log): Promise<() => Promise<void>> => {
  const served = await serveControl(data, ask);
  if (served.ok) return served.socket.close;
  log('error', 'no control socket: people cannot be managed while it runs', { reason: served.reason, detail: served.detail });
  return async () => undefined;
};

/** Whatever no one caught is a bug as one of the core is: the process starts anew rather than going on half dead. */
const endOnUncaught = (log: Log, onFatal: (reason: string) => void): void => {
  process.once('uncaughtException', (error) => {
    log('error', 'not caught', { error: error.stack });
    onFatal('not-caught');
  });
};

const STOP_MS = 8_000;
/** By then the faulty ends are old: the next start tries the whole core again, or staff could not disarm for days. */
const BARE_MS = 10 * 60_000;

/** A bare run ends by itself, but not while a siren sounds. */
const retryLater = (controller: Controller, end: () => void): void => {
  const look = (): void => {
    const isSounding = controller.state().durable.areas.some(({ siren }) => siren !== undefined);
    if (isSounding) setTimeout(look, 1_000);
    else end();
  };
  setTimeout(look, BARE_MS);
};

type StartFacts = { readonly goneMs: number | undefined; readonly isBare: boolean };

const readyLine = (file: SiteFile, { epoch, boot, found }: Restored, { goneMs, isBare }: StartFacts) => ({
  ready: true,
  site: file.core.site,
  boot,
  epoch,
  found,
  pid: process.pid,
  ...(isBare && { bare: true }),
  ...(goneMs !== undefined && { goneMs }),
});
