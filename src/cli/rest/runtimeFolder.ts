/**
 * The runtime folder, `/run/vigie` on a site: in memory, gone with the machine's run, kept over restarts of the service. It
 * holds what the program that comes after a dead controller needs, so that this one depends neither on the site's file nor
 * on the data folder:
 *
 * - `sign-of-life.json`, each second: when the controller was well last, and who it is;
 * - `outputs.json`, at each start: the outputs it took, and on which board.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardConfig, SiteFile } from '../../config/siteFile.ts';
import type { OutputConfig } from '../../core/config.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RestOutput } from './plan.ts';

export type SignOfLife = {
  readonly bootId: string;
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly atMs: number;
  readonly pid: number;
  /** The end was asked for: nothing is to be held for whoever comes next. */
  readonly isStopping: boolean;
};

export type Taken = { readonly board: BoardConfig; readonly outputs: readonly RestOutput[] };

const SIGN = 'sign-of-life.json';
const TAKEN = 'outputs.json';

/** systemd names it; several are separated by colons. */
export const runtimeFolderOf = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  env['RUNTIME_DIRECTORY']?.split(':')[0] || undefined;

/** Whole or not at all: a reader never finds half of it. */
const write = (folder: string, name: string, value: unknown): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.new`), JSON.stringify(value));
  renameSync(join(folder, `${name}.new`), join(folder, name));
};

const read = (folder: string, name: string): unknown => {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const isSign = (value: unknown): value is SignOfLife =>
  isObject(value) &&
  typeof value['bootId'] === 'string' &&
  typeof value['atMs'] === 'number' &&
  typeof value['pid'] === 'number' &&
  typeof value['isStopping'] === 'boolean';

const isRestOutput = (value: unknown): value is RestOutput =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['line'] === 'string' &&
  (value['restLevel'] === 0 || value['restLevel'] === 1) &&
  (value['onCrash'] === 'hold' || value['onCrash'] === 'rest');

const isTaken = (value: unknown): value is Taken =>
  isObject(value) &&
  isObject(value['board']) &&
  typeof value['board']['driver'] === 'string' &&
  Array.isArray(value['outputs']) &&
  value['outputs'].every(isRestOutput);

// ---- sign of life

export const writeSign = (folder: string, sign: SignOfLife): void => write(folder, SIGN, sign);

export const readSign = (folder: string | undefined): SignOfLife | undefined => {
  const value = folder === undefined ? undefined : read(folder, SIGN);
  return isSign(value) ? value : undefined;
};

/** Undefined: none, of another run of the machine, or of a controller that was told to end. */
export const ageOf = (sign: SignOfLife | undefined, clock: Pick<Clock, 'machineMs' | 'bootId'>): number | undefined => {
  if (!sign || sign.isStopping || sign.bootId !== clock.bootId) return undefined;
  const age = clock.machineMs() - sign.atMs;
  return age < 0 ? undefined : age;
};

// ---- outputs

/** Those of an expander are not among them: its firmware puts them to rest when it hears nobody. */
export const takenOf = ({ board, core }: SiteFile): Taken => {
  const isOnBoard = ({ line }: OutputConfig): boolean => board.driver === 'sim' || Object.hasOwn(board.offsets, line);
  const outputs = core.outputs.filter(isOnBoard).map(({ id, line, restLevel, onCrash }) => ({ id, line, restLevel, onCrash }));
  return { board, outputs };
};

export const writeTaken = (folder: string, taken: Taken): void => write(folder, TAKEN, taken);

export const readTaken = (folder: string | undefined): Taken | undefined => {
  const value = folder === undefined ? undefined : read(folder, TAKEN);
  return isTaken(value) ? value : undefined;
};
