/** `vigie run` as a user starts it: a child process on a data folder, killed and started again as a test wants. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectSim } from './simClient.ts';
import type { SimClient } from './simClient.ts';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export type Ready = {
  readonly ready: true;
  readonly site: string;
  readonly boot: number;
  readonly epoch: string;
  readonly found: string;
  readonly pid: number;
  readonly goneMs?: number;
};

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly atMs: number };

export type RunOptions = {
  readonly config: string;
  readonly data: string;
  readonly broker?: string;
  readonly socket?: string;
  /** Given to node before the program. */
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

export type ControllerProcess = {
  readonly pid: number;
  readonly startedAtMs: number;
  /** Resolves at the ready line, or with undefined when the process ends without it. */
  readonly ready: Promise<Ready | undefined>;
  readonly ended: Promise<Ended>;
  /** What it logged so far. */
  readonly log: () => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<Ended>;
};

/** CLOCK_MONOTONIC, as the controller and its simulated board count. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const argsOf = ({ config, data, broker, socket, nodeArgs = [], args = [] }: RunOptions): readonly string[] => [
  ...nodeArgs,
  MAIN,
  'run',
  '--config',
  config,
  '--data',
  data,
  ...(broker === undefined ? [] : ['--broker', broker]),
  ...(socket === undefined ? [] : ['--sim-socket', socket]),
  ...args,
];

const startedProcesses = new Set<ControllerProcess>();

export const startProcess = (options: RunOptions): ControllerProcess => {
  const startedAtMs = machineMs();
  const child = spawn(process.execPath, argsOf(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let said = '';
  let logged = '';
  child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      startedProcesses.delete(controller);
      resolve({ code, signal, atMs: machineMs() });
    });
  });
  const ready = new Promise<Ready | undefined>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const line = said.split('\n').find((text) => text.startsWith('{"ready":true'));
      if (line !== undefined && said.includes('\n')) resolve(JSON.parse(line) as Ready);
    });
    void ended.then(() => resolve(undefined));
  });
  const controller: ControllerProcess = {
    pid: child.pid ?? 0,
    startedAtMs,
    ready,
    ended,
    log: () => logged,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
  startedProcesses.add(controller);
  return controller;
};

/** For the end of a suite, whatever became of its tests. */
export const killLeftovers = async (): Promise<void> => {
  await Promise.all([...startedProcesses].map((controller) => controller.kill('SIGKILL')));
};

/** A process that must become ready; its log is in the error if it does not. */
export const startReady = async (options: RunOptions): Promise<ControllerProcess & { readonly is: Ready }> => {
  const controller = startProcess(options);
  const is = await controller.ready;
  if (!is) throw new Error(`not ready, ended ${JSON.stringify(await controller.ended)}:\n${controller.log()}`);
  return { ...controller, is };
};

/** The board's socket as soon as it listens and knows `line`; undefined if the process ends first. */
export const reachBoard = async (controller: ControllerProcess, socket: string, line: string): Promise<SimClient | undefined> => {
  const ending = { isOver: false };
  void controller.ended.then(() => (ending.isOver = true));
  while (!ending.isOver) {
    const client = await connectSim(socket).catch(() => undefined);
    if (client) {
      for (let answer = await client.ask({ get: line }); answer.error !== 'gone'; answer = await client.ask({ get: line })) {
        if (answer.error === undefined) return client;
        await sleep(1);
      }
      client.close();
    }
    await sleep(4);
  }
  return undefined;
};

/** A folder that goes with the test. */
export const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'vigie-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Waits for something that comes by itself; says what did not. */
export const until = async <T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patienceMs = 20_000,
): Promise<T> => {
  const end = machineMs() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (machineMs() > end) throw new Error(`${what}: not within ${patienceMs} ms`);
    await sleep(10);
  }
};
