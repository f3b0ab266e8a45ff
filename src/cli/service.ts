/**
 * `vigie run` as a service: what whoever supervises it hears, and what it leaves for the program that puts outputs to rest when
 * it is gone. On a desk, without systemd and without a runtime folder, nothing of it happens.
 */
import type { SiteFile } from '../config/siteFile.ts';
import { systemdSupervisor } from '../drivers/systemd/supervisor.ts';
import { openWatchdogDevice } from '../drivers/watchdog/device.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Supervisor, SupervisorResult, SupervisorTrouble } from '../ports/supervisor.ts';
import type { WatchdogDevice } from '../ports/watchdog.ts';
import type { PulseOptions } from '../runtime/pulse.ts';
import { HELD_MS } from './rest/plan.ts';
import { rest } from './rest/rest.ts';
import type { OpenLines } from './rest/rest.ts';
import { ageOf, readSign, readTaken, runtimeFolderOf, takenOf, writeSign, writeTaken } from './rest/runtimeFolder.ts';

export type Service = {
  readonly pulse: PulseOptions;
  /** The lines are about to be taken. */
  readonly taking: (file: SiteFile) => void;
  readonly ready: (status: string) => void;
  /** Somebody asked for the end. */
  readonly stopping: () => void;
  readonly close: (how: 'asked' | 'failed') => void;
};

export type ServiceOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly clock: Pick<Clock, 'machineMs' | 'bootId'>;
  readonly log: Log;
  readonly openLines: OpenLines;
  readonly supervise?: (options: Parameters<typeof systemdSupervisor>[0]) => SupervisorResult;
};

export type ServiceResult = { readonly ok: true; readonly service: Service } | { readonly ok: false; readonly reason: string };

const TROUBLES: Readonly<Record<SupervisorTrouble, string>> = {
  'koffi-missing':
    'systemd waits to hear from Vigie; the package koffi, which speaks to it, is missing: run `npm ci`, or install vigie again',
  'no-socket': 'systemd waits to hear from Vigie, and its socket NOTIFY_SOCKET cannot be used',
};

/** A sign of life is due each second; a watchdog wants several in its time. */
const BEAT_MS = 1_000;
const FEEDS_PER_WATCHDOG = 4;

/** A start tells that it goes on, as long as its loop turns; a large repair takes minutes, and is not to be cut short. */
const START_TELLS_MS = 2_000;
const START_NEEDS_MS = 15_000;
const START_LONGEST_MS = 10 * 60_000;

type Parts = {
  readonly options: ServiceOptions;
  readonly supervisor: Supervisor;
  readonly folder: string | undefined;
  readonly everyMs: number;
  device: WatchdogDevice | undefined;
  isStopping: boolean;
  hasLostSign: boolean;
  /** Until it is ready. */
  starting: NodeJS.Timeout | undefined;
  /** Until the lines are taken. */
  release: NodeJS.Timeout | undefined;
  ending: NodeJS.Timeout | undefined;
};

export const openService = (options: ServiceOptions): ServiceResult => {
  const { env, pid, log } = options;
  const onFailure = (errno: number): void => log('warn', 'systemd could not be told that all is well', { errno });
  const opened = (options.supervise ?? systemdSupervisor)({ env, pid, onFailure });
  if (!opened.ok) {
    log('error', TROUBLES[opened.trouble], { detail: opened.detail });
    return { ok: false, reason: TROUBLES[opened.trouble] };
  }
  const { supervisor } = opened;
  const parts: Parts = {
    options,
    supervisor,
    folder: runtimeFolderOf(env),
    everyMs: Math.min(BEAT_MS, (supervisor.watchdogMs ?? Number.POSITIVE_INFINITY) / FEEDS_PER_WATCHDOG),
    device: undefined,
    isStopping: false,
    hasLostSign: false,
    starting: undefined,
    release: undefined,
    ending: undefined,
  };
  tellThatItStarts(parts);
  releaseInTime(parts);
  return { ok: true, service: serviceOf(parts) };
};

const serviceOf = (parts: Parts): Service => ({
  pulse: {
    everyMs: parts.everyMs,
    onBeat: () => {
      feed(parts);
      sign(parts);
    },
    onSilence: (silent) => {
      const isWell = silent.length === 0;
      const text = isWell ? 'all beats again' : `no beat of: ${silent.join(', ')}`;
      parts.options.log(isWell ? 'warn' : 'error', isWell ? text : `the watchdogs are not fed: ${text}`, { silent });
      parts.supervisor.status(text);
    },
  },
  taking: (file) => take(parts, file),
  ready: (status) => {
    clearInterval(parts.starting);
    parts.supervisor.ready(status);
  },
  stopping: () => beginStopping(parts),
  close: (how) => close(parts, how),
});

const feed = ({ supervisor, device }: Parts): void => {
  supervisor.feed();
  device?.feed();
};

/** A folder that cannot be written holds up nothing; then nothing will be held either when the process dies. */
const keep = (parts: Parts, write: (folder: string) => void): void => {
  if (parts.folder === undefined) return;
  try {
    write(parts.folder);
    parts.hasLostSign = false;
  } catch (error) {
    if (!parts.hasLostSign) parts.options.log('warn', 'the runtime folder cannot be written', { error: String(error) });
    parts.hasLostSign = true;
  }
};

const sign = (parts: Parts): void => {
  const { options, isStopping } = parts;
  const { clock, pid } = options;
  keep(parts, (folder) => writeSign(folder, { bootId: clock.bootId, atMs: clock.machineMs(), pid, isStopping }));
};

// ---- starting

const tellThatItStarts = (parts: Parts): void => {
  const { clock } = parts.options;
  const startedAt = clock.machineMs();
  const tell = (): void => {
    if (clock.machineMs() - startedAt > START_LONGEST_MS) clearInterval(parts.starting);
    else parts.supervisor.moreTime(START_NEEDS_MS);
  };
  parts.starting = setInterval(tell, START_TELLS_MS).unref();
};

/**
 * What a dead predecessor's outputs hold is held for ten seconds after its last sign of life. A start that takes longer
 * releases it itself.
 */
const releaseInTime = (parts: Parts): void => {
  const { clock, openLines, log } = parts.options;
  const ageMs = ageOf(readSign(parts.folder), clock);
  const taken = readTaken(parts.folder);
  if (ageMs === undefined || !taken?.outputs.some(({ onCrash }) => onCrash === 'hold')) return;
  const release = async (): Promise<void> => {
    const report = await rest({ taken, sign: undefined, ended: 'died', heldMs: 0 }, clock, openLines);
    log('warn', 'the start takes too long: what was held for it is at rest', { ...report });
  };
  parts.release = setTimeout(() => void release(), Math.max(0, HELD_MS - ageMs)).unref();
};

const take = (parts: Parts, file: SiteFile): void => {
  clearTimeout(parts.release);
  keep(parts, (folder) => writeTaken(folder, takenOf(file)));
  const { log } = parts.options;
  const path = file.watchdog?.device;
  if (path === undefined) return;
  const opened = openWatchdogDevice(path, (detail) => log('error', 'the watchdog device takes no feed', { path, detail }));
  if (opened.ok) parts.device = opened.device;
  else log('error', WATCHDOG_REFUSALS[opened.reason], { path });
};

const WATCHDOG_REFUSALS = {
  absent: 'there is no such watchdog device: leave `watchdog` out of the site’s file, or load its kernel module',
  busy: 'the watchdog device is fed by another program, systemd as a rule: leave `watchdog` out of the site’s file',
  'no-permission': 'the watchdog device may not be opened: see docs/install.md',
  io: 'the watchdog device cannot be opened',
} as const;

// ---- ending

/** Feeding goes on, so that nobody takes the end for a hang; whoever asked for it has a limit of its own. */
const beginStopping = (parts: Parts): void => {
  if (parts.isStopping) return;
  parts.isStopping = true;
  parts.supervisor.stopping();
  sign(parts);
  parts.ending = setInterval(() => feed(parts), parts.everyMs).unref();
};

const close = (parts: Parts, how: 'asked' | 'failed'): void => {
  for (const timer of [parts.starting, parts.release, parts.ending]) clearTimeout(timer);
  parts.device?.close(how === 'asked' ? 'disarm' : 'leave-armed');
  parts.device = undefined;
  parts.supervisor.close();
};
