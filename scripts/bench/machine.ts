/** Processes under measurement, and what the kernel says of them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { RUN_FLAGS } from '../../src/cli/nodeFlags.ts';

export type Machine = { readonly child: ChildProcess; readonly ready: unknown; readonly startMs: number };

/** Starts a program of this build and waits for its first line. */
export const startMachine = (program: string, args: readonly string[]): Promise<Machine> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const path = new URL(program, import.meta.url).pathname;
    const child = spawn(process.execPath, [...RUN_FLAGS, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const ready: unknown = JSON.parse(line);
      resolve({ child, ready, startMs: performance.now() - startedAt });
    });
  });

export const stopMachine = (machine: Machine, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> =>
  new Promise((resolve) => {
    machine.child.removeAllListeners('exit');
    machine.child.once('exit', () => resolve());
    machine.child.kill(signal);
  });

/** One JSON object a line, both ways. */
export type Wire = {
  readonly send: (message: object) => void;
  /** The next line that `is` takes. */
  readonly next: (is: (message: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;
  readonly close: () => void;
};

type Wanted = {
  readonly is: (message: Record<string, unknown>) => boolean;
  readonly found: (message: Record<string, unknown>) => void;
};

export const wireTo = async (path: string): Promise<Wire> => {
  const socket: Socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let wanted: Wanted[] = [];
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Record<string, unknown>;
      const met = wanted.filter(({ is }) => is(message));
      wanted = wanted.filter((one) => !met.includes(one));
      for (const { found } of met) found(message);
    }
  });
  return {
    send: (message) => socket.write(`${JSON.stringify(message)}\n`),
    next: (is) => new Promise((found) => wanted.push({ is, found })),
    close: () => socket.destroy(),
  };
};

// ---- what the kernel says

export const rssMiB = (pid: number): number => {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
};

const TICKS_PER_SECOND = 100;

export const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

export const writtenBytes = (pid: number): number => {
  const bytes = /^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
  return Number(bytes);
};

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
