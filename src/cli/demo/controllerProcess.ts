/** The demo's controller: `vigie run` in a process of its own, so that it can really be killed and started again. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { RUN_FLAGS } from '../nodeFlags.ts';

export type ControllerProcess = {
  readonly pid: number | undefined;
  /** The process watches; false: it ended before. */
  readonly ready: Promise<boolean>;
  /** Exit code, or undefined after a signal. */
  readonly ended: Promise<number | undefined>;
  readonly kill: () => Promise<void>;
  /** Asks it to stop, and kills it if it takes too long. */
  readonly stop: () => Promise<void>;
};

const PATIENCE_MS = 5_000;

const isReady = (line: string): boolean => line.startsWith('{"ready":true');

const readiness = (child: ChildProcess, ended: Promise<unknown>): Promise<boolean> =>
  new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => isReady(line) && resolve(true));
    void ended.then(() => resolve(false));
  });

/** `log`: where its standard error goes, after what is there. */
export const startControllerProcess = (program: string, args: readonly string[], log: string): ControllerProcess => {
  // With a channel to this process it ends when this process is gone, however that came about (src/main.ts).
  // In a group of its own, a Ctrl-C at the terminal is the demo's alone.
  const child = spawn(process.execPath, [...RUN_FLAGS, program, 'run', ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const file = createWriteStream(log, { flags: 'a' });
  file.on('error', () => undefined);
  child.stderr?.pipe(file);
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('exit', (code) => resolve(code ?? undefined));
    child.once('error', () => resolve(undefined));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    pid: child.pid,
    ready: readiness(child, ended),
    ended,
    kill,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
};
