/**
 * Outputs as the state asks for them: what differs from what was last written is written. Those that protect (sirens,
 * sounders) move before the commit; those that grant or tell (buzzers, lamps) only once the step is on disk.
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
  const orders = outputs.map(({ role }) => writeOrder(role));
  let last: State | undefined;

  const drive = ({ id, line }: OutputConfig, value: OutputValue): void => {
    if (isSame(written.get(id), value)) return;
    written.set(id, value);
    lines.write(line, driveOf(value, toMachine));
  };

  const write = (state: State, order: WriteOrder): void => {
    const values = outputsOf(site, state);
    for (const [index, output] of outputs.entries()) {
      const value = values[index];
      if (value !== undefined && orders[index] === order) drive(output, value);
    }
    last = state;
  };

  return {
    write,
    rewrite: (state) => {
      written.clear();
      write(state, 'protects');
      write(last ?? state, 'grants');
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
