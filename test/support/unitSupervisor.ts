/**
 * Does what a unit file says, as systemd does: starts, waits for READY, wants to be fed, kills what hangs, runs ExecStopPost
 * with its environment after every end, and starts anew. Paths of the installed package are those of this checkout.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineMs, sleep } from './controllerProcess.ts';
import { openNotifySocket } from './notifySocket.ts';
import type { NotifySocket } from './notifySocket.ts';
import type { Unit } from './unitFile.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export type Rested = { readonly rested: readonly string[]; readonly held: readonly string[] };

export type UnitEvent = { readonly atMs: number } & (
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'heard'; readonly text: string }
  | { readonly kind: 'watchdog' }
  | { readonly kind: 'start-timeout' }
  | { readonly kind: 'ended'; readonly result: string; readonly code: string; readonly status: string }
  | { readonly kind: 'stop-post'; readonly exitCode: number | null; readonly report: Rested | undefined; readonly tookMs: number }
);

export type UnitOptions = {
  readonly unit: Unit;
  /** A folder of the test: socket and runtime folder are in it. */
  readonly folder: string;
  readonly config: string;
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given to the service beside those of the unit. */
  readonly args?: readonly string[];
};

export type UnitSupervisor = {
  readonly events: readonly UnitEvent[];
  readonly start: () => void;
  /** `systemctl stop`. */
  readonly stop: () => Promise<void>;
  readonly pid: () => number;
  readonly runtime: string;
  /** What the service logged. */
  readonly log: () => string;
  /** Changes what is replaced in the commands from the next start on. */
  readonly replace: (from: string, to: string) => void;
};

type Event = UnitEvent extends infer E ? (E extends UnitEvent ? Omit<E, 'atMs'> : never) : never;

const LOOK_MS = 20;
const CLEAN_SIGNALS = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE']);

type Life = { readonly child: ChildProcess; deadline: number; isReady: boolean; why: 'watchdog' | 'timeout' | undefined };

const resultOf = ({ why, isReady }: Life, code: number | null, signal: NodeJS.Signals | null): string => {
  if (why !== undefined) return why;
  if (signal !== null) return CLEAN_SIGNALS.has(signal) ? 'success' : 'signal';
  if (code !== 0) return 'exit-code';
  return isReady ? 'success' : 'protocol';
};

export const superviseUnit = (options: UnitOptions): UnitSupervisor => {
  const { unit, folder, config, data } = options;
  const runtime = join(folder, 'runtime');
  const replaced = new Map<string, string>([
    ['/usr/lib/vigie/bin/node', process.execPath],
    ['/etc/vigie/site.yaml', config],
    ['/var/lib/vigie', data],
    ['/usr/lib/vigie/app/', ROOT],
  ]);
  const events: UnitEvent[] = [];
  let logged = '';
  let life: Life | undefined;
  let isStopping = false;
  let over: Promise<void> | undefined;
  const note = (event: Event): void => void events.push({ ...event, atMs: machineMs() });

  const command = (words: readonly string[]): readonly string[] =>
    words.map((word) => [...replaced].reduce((text, [from, to]) => text.replace(from, to), word));

  const environment = (socket: NotifySocket): NodeJS.ProcessEnv => ({
    ...process.env,
    ...options.env,
    NOTIFY_SOCKET: socket.name,
    RUNTIME_DIRECTORY: runtime,
    WATCHDOG_USEC: String(unit.watchdogMs * 1_000),
  });

  const hear = (text: string, now: Life): void => {
    note({ kind: 'heard', text });
    const more = /^EXTEND_TIMEOUT_USEC=(\d+)$/m.exec(text)?.[1];
    if (more !== undefined && !now.isReady) now.deadline = machineMs() + Number(more) / 1_000;
    if (/^READY=1$/m.test(text)) now.isReady = true;
    if (/^(?:READY|WATCHDOG)=1$/m.test(text) && now.isReady) now.deadline = machineMs() + unit.watchdogMs;
  };

  const judge = (now: Life): void => {
    if (machineMs() < now.deadline || now.why !== undefined) return;
    note({ kind: now.isReady ? 'watchdog' : 'start-timeout' });
    now.why = now.isReady ? 'watchdog' : 'timeout';
    now.child.kill(now.isReady ? unit.watchdogSignal : 'SIGKILL');
  };

  const live = async (socket: NotifySocket): Promise<void> => {
    // The process must know its own number before it is that process: the shell becomes it.
    const words = ['-c', 'export WATCHDOG_PID=$$; exec "$@"', 'sh', ...command(unit.execStart), ...(options.args ?? [])];
    const child = spawn('/bin/sh', words, { env: environment(socket), stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const now: Life = { child, deadline: machineMs() + unit.startMs, isReady: false, why: undefined };
    life = now;
    note({ kind: 'started', pid: child.pid ?? 0 });
    const looking = setInterval(() => {
      for (const text of socket.take()) hear(text, now);
      if (!isStopping) judge(now);
    }, LOOK_MS);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.once('close', (...how) => resolve(how)),
    );
    clearInterval(looking);
    for (const text of socket.take()) hear(text, now);
    const result = resultOf(now, code, signal);
    const how = signal === null ? { code: 'exited', status: String(code) } : { code: 'killed', status: signal.slice(3) };
    note({ kind: 'ended', result, ...how });
    await stopPost(socket, { SERVICE_RESULT: result, EXIT_CODE: how.code, EXIT_STATUS: how.status });
  };

  const stopPost = async (socket: NotifySocket, how: Readonly<Record<string, string>>): Promise<void> => {
    const startedAt = machineMs();
    const [program = '', ...args] = command(unit.execStopPost);
    const child = spawn(program, args, { env: { ...environment(socket), ...how }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const report = said.startsWith('{') ? (JSON.parse(said) as Rested) : undefined;
    note({ kind: 'stop-post', exitCode, report, tookMs: machineMs() - startedAt });
  };

  const loop = async (): Promise<void> => {
    const socket = openNotifySocket(join(folder, 'notify'));
    mkdirSync(runtime, { recursive: true });
    for (;;) {
      await live(socket);
      if (isStopping || unit.restart !== 'always') break;
      if (!unit.preservesRuntime) rmSync(runtime, { recursive: true });
      await sleep(unit.restartMs);
      if (isStopping) break;
    }
    socket.close();
  };

  const stop = async (): Promise<void> => {
    isStopping = true;
    life?.child.kill('SIGTERM');
    const killer = setTimeout(() => {
      if (life) life.why = 'timeout';
      life?.child.kill('SIGKILL');
    }, unit.stopMs);
    await over;
    clearTimeout(killer);
  };

  return {
    events,
    start: () => {
      over ??= loop();
    },
    stop,
    pid: () => life?.child.pid ?? 0,
    runtime,
    log: () => logged,
    replace: (from, to) => void replaced.set(from, to),
  };
};
