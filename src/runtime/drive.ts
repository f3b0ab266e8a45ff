/**
 * Outputs as the state asks for them: what differs from what was last written is written. Those that protect (sirens,
 * sounders, a lock that locks or lets somebody out) move before the commit; those that grant or tell (a lock that lets
 * somebody in, buzzers, lamps) only once the step is on disk.
 */
import type { OutputConfig } from '../core/config.ts';
import { writeOrder } from '../core/output.ts';
import type { OutputValue, WriteOrder } from '../core/output.ts';
import type { Site } from '../core/site.ts';
import type { State } from '../core/state.ts';
import type { Monotonic } from '../core/time.ts';
import type { Machine } from './machine.ts';
import type { Drive, Level, LineRequest, Lines } from '../ports/lines.ts';

export type OutputDriver = {
  readonly write: (state: State, order: WriteOrder) => void;
  /** Every output again, whatever was written before: after a driver came back. */
  readonly rewrite: (state: State) => void;
};

const isSame = (a: OutputValue | undefined, b: OutputValue): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a.pattern === b.pattern && a.since === b.since);

const driveOf = (value: OutputValue, toMachine: (instant: Monotonic) => number): Drive =>
  typeof value === 'object' ? { pattern: value.pattern, sinceMs: toMachine(value.since) } : value;

type OutputsOf = Machine['outputsOf'];

export const makeOutputDriver = (
  site: Site,
  outputsOf: OutputsOf,
  lines: Pick<Lines, 'write'>,
  toMachine: (instant: Monotonic) => number,
): OutputDriver => {
  const { outputs } = site.config;
  const written = new Map<string, OutputValue>();
  let granted: State | undefined;
  let latest: State | undefined;

  const drive = ({ id, line }: OutputConfig, value: OutputValue): void => {
    if (isSame(written.get(id), value)) return;
    written.set(id, value);
    lines.write(line, driveOf(value, toMachine));
  };

  /** What was granted may have been taken back while it was written to disk: that has been driven already, and stands. */
  const isTakenBack = (output: OutputConfig): boolean =>
    latest !== undefined && writeOrder(site, latest, output.role) === 'protects';

  const writeAll = (state: State, order: WriteOrder): void => {
    const values = outputsOf(site, state);
    for (const [index, output] of outputs.entries()) {
      const value = values[index];
      if (value === undefined || writeOrder(site, state, output.role) !== order) continue;
      if (order === 'protects' || !isTakenBack(output)) drive(output, value);
    }
  };

  const write = (state: State, order: WriteOrder): void => {
    if (order === 'protects') latest = state;
    else granted = state;
    writeAll(state, order);
  };

  return {
    write,
    rewrite: (state) => {
      written.clear();
      write(state, 'protects');
      write(granted ?? state, 'grants');
    },
  };
};

/** Outputs are opened at the level that the restored state asks for: never a glitch through the other one. */
export const outputRequests = (site: Site, outputsOf: OutputsOf, state: State): readonly LineRequest[] => {
  const values = outputsOf(site, state);
  return site.config.outputs.map(({ line, restLevel, maxOnMs }, index) => ({
    direction: 'output',
    line,
    restLevel,
    initialLevel: values[index] === 'on' ? opposite(restLevel) : restLevel,
    maxOnMs,
  }));
};

const opposite = (level: Level): Level => (level === 0 ? 1 : 0);
