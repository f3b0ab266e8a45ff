/**
 * The machine as the doctor reads it: files under a root folder, so that a test can give a tree of its own, and the few
 * programs that are asked. Nothing here changes anything.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, realpathSync, statSync, statfsSync } from 'node:fs';
import { join, relative } from 'node:path';

export type FileFacts = { readonly mode: number; readonly uid: number; readonly gid: number; readonly isFolder: boolean };
export type Space = { readonly freeBytes: number; readonly totalBytes: number };

export type Machine = {
  /** Undefined: it is not there, or may not be read. */
  readonly text: (path: string) => string | undefined;
  readonly list: (folder: string) => readonly string[];
  readonly file: (path: string) => FileFacts | undefined;
  /** Where a path leads in the end. */
  readonly real: (path: string) => string | undefined;
  readonly space: (path: string) => Space | undefined;
  /** What a program prints; undefined: it is not there, or fails. */
  readonly run: (program: string, args: readonly string[]) => string | undefined;
};

const PROGRAM_MS = 5_000;

const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act();
  } catch {
    return undefined;
  }
};

const runProgram = (program: string, args: readonly string[]): string | undefined => {
  const { error, status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: PROGRAM_MS });
  return error || status !== 0 ? undefined : stdout;
};

/** `run`: in place of the machine's own programs, where `root` is not the machine's own. */
export const machineAt = (root: string, run: Machine['run'] = runProgram): Machine => {
  const at = (path: string): string => join(root, path);
  return {
    text: (path) => attempt(() => readFileSync(at(path), 'utf8')),
    list: (folder) => attempt(() => readdirSync(at(folder)).toSorted()) ?? [],
    file: (path) =>
      attempt(() => {
        const stats = statSync(at(path));
        return { mode: stats.mode, uid: stats.uid, gid: stats.gid, isFolder: stats.isDirectory() };
      }),
    real: (path) => attempt(() => join('/', relative(realpathSync(root), realpathSync(at(path))))),
    space: (path) =>
      attempt(() => {
        const { bavail, blocks, bsize } = statfsSync(at(path));
        return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
      }),
    run,
  };
};
