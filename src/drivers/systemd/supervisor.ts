/**
 * systemd as the supervisor: the datagrams of sd_notify(3), sent to the socket that `NOTIFY_SOCKET` names. Without that
 * variable nobody listens, and nothing happens.
 */
import type { Supervisor, SupervisorResult } from '../../ports/supervisor.ts';
import { unsupervised } from '../../ports/supervisor.ts';
import { openDatagrams } from './datagrams.ts';
import type { Datagrams, DatagramsResult } from './datagrams.ts';

export type SystemdOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** A datagram that could not be sent. Told once for each error, not each second. */
  readonly onFailure: (errno: number) => void;
  readonly open?: (name: string) => DatagramsResult;
};

/** `WATCHDOG_PID` names the process it is meant for: a child that inherits the variables is not watched. */
export const watchdogMsOf = (env: SystemdOptions['env'], pid: number): number | undefined => {
  const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: meant } = env;
  if (meant !== undefined && meant !== String(pid)) return undefined;
  if (microseconds === undefined || !/^[1-9]\d*$/.test(microseconds)) return undefined;
  return Number(microseconds) / 1_000;
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const speak = (datagrams: Datagrams, options: SystemdOptions): Supervisor => {
  let lastFailure: number | undefined;
  const send = (lines: readonly string[], wait = false): void => {
    const failure = datagrams.send(lines.join('\n'), wait);
    if (failure !== undefined && failure !== lastFailure) options.onFailure(failure);
    lastFailure = failure;
  };
  return {
    watchdogMs: watchdogMsOf(options.env, options.pid),
    ready: (status) => send(['READY=1', `STATUS=${oneLine(status)}`], true),
    feed: () => send(['WATCHDOG=1']),
    status: (text) => send([`STATUS=${oneLine(text)}`]),
    moreTime: (ms) => send([`EXTEND_TIMEOUT_USEC=${Math.round(ms * 1_000)}`]),
    stopping: () => send(['STOPPING=1'], true),
    close: datagrams.close,
  };
};

export const systemdSupervisor = (options: SystemdOptions): SupervisorResult => {
  const name = options.env['NOTIFY_SOCKET'];
  if (name === undefined || name === '') return { ok: true, supervisor: unsupervised };
  const opened = (options.open ?? openDatagrams)(name);
  return opened.ok ? { ok: true, supervisor: speak(opened.datagrams, options) } : opened;
};
