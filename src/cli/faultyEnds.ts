/**
 * Ends by an internal fault, kept in the data folder over starts. A power cut or a kill is no such end, and neither is
 * what happened before the machine was started anew: then nobody is in a loop.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';

type FaultyEnd = { readonly bootId: string; readonly atMs: number };

const FILE = 'faulty-ends.json';
const WINDOW_MS = 5 * 60_000;
/** The third start within the window runs bare. */
const ENDS_BEFORE_BARE = 2;

const isFaultyEnd = (value: unknown): value is FaultyEnd =>
  typeof value === 'object' && value !== null && 'bootId' in value && 'atMs' in value && typeof value.atMs === 'number';

/** Those of this run of the kernel, and not long ago. */
const recentEnds = (folder: string, clock: Clock): readonly FaultyEnd[] => {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
    const ends = Array.isArray(read) ? read.filter(isFaultyEnd) : [];
    return ends.filter(({ bootId, atMs }) => bootId === clock.bootId && clock.machineMs() - atMs < WINDOW_MS);
  } catch {
    return [];
  }
};

export const mustRunBare = (folder: string, clock: Clock): boolean => recentEnds(folder, clock).length >= ENDS_BEFORE_BARE;

/** Tells what went wrong where it cannot be kept; the process ends all the same. */
export const noteFaultyEnd = (folder: string, clock: Clock): string | undefined => {
  const ends = [...recentEnds(folder, clock), { bootId: clock.bootId, atMs: clock.machineMs() }];
  try {
    writeFileSync(join(folder, `${FILE}.new`), JSON.stringify(ends));
    renameSync(join(folder, `${FILE}.new`), join(folder, FILE));
    return undefined;
  } catch (error) {
    return String(error);
  }
};
