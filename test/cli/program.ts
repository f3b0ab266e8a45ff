/** The built program, started as a person starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const MAIN = join('dist', 'src', 'main.js');

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

export type Program = {
  readonly pid: number;
  readonly type: (line: string) => void;
  /** Resolves once all patterns stand, in any order, in what was written after the last match; rejects with it after 90 s. */
  readonly until: (...patterns: readonly RegExp[]) => Promise<void>;
  /** All that was written so far. */
  readonly out: () => string;
  readonly endInput: () => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
};

/** Far above what it takes: a busy machine is no failure. */
const PATIENCE_MS = 90_000;

/** What a failed test left running. */
const running = new Set<() => void>();
export const killPrograms = (): void => running.forEach((kill) => kill());

export const startProgram = (...args: readonly string[]): Program => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  let read = 0;
  let look: (() => void) | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    look?.();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const kill = (): void => void child.kill('SIGKILL');
  running.add(kill);
  const ended = once(child, 'close').then((): Ended => {
    running.delete(kill);
    return { code: child.exitCode, out, err };
  });

  const until = (...patterns: readonly RegExp[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void =>
        reject(new Error(`not all of ${patterns.join(' ')} in ${PATIENCE_MS} ms:\n${out.slice(read)}\n${err}`));
      const timer = setTimeout(giveUp, PATIENCE_MS);
      look = () => {
        const ends = patterns.flatMap((pattern) => {
          const match = pattern.exec(out.slice(read));
          return match ? [match.index + match[0].length] : [];
        });
        if (ends.length < patterns.length) return;
        clearTimeout(timer);
        read += Math.max(...ends);
        look = undefined;
        resolve();
      };
      look();
    });

  return {
    pid: child.pid ?? 0,
    type: (line) => child.stdin.write(`${line}\n`),
    until,
    out: () => out,
    endInput: () => child.stdin.end(),
    signal: (signal) => child.kill(signal),
    ended,
  };
};

export const runProgram = (args: readonly string[], input = ''): Promise<Ended> => {
  const program = startProgram(...args);
  if (input !== '') program.type(input);
  program.endInput();
  return program.ended;
};
